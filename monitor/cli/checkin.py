"""`restride checkin`: how the body took a run. Parsing and storing only; what follows is the rules' matter."""

from __future__ import annotations

import typer

from monitor.cli import checkin_options as option
from monitor.cli.asking import is_asking
from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.trouble import Refused


@shared
def checkin(
    place: Place,
    none: option.Nothing = False,
    pain: option.Pain = None,
    site: option.Site = None,
    kind: option.Kind = None,
    leakage: option.HowMuch = None,
    leakage_of: option.Of = None,
    heaviness: option.Heavy = None,
    bleeding: option.Blood = None,
    in_bout: option.Bout = None,
    gait_changed: option.Gait = None,
    urgent: option.Signs = None,
    soreness: option.Sore = None,
    effort: option.Effort = None,
    sleep: option.Sleep = None,
    fatigue: option.Fatigue = None,
    note: option.Note = None,
    window: option.Windows = None,
    session: option.About = None,
    replace: option.Replace = None,
    take_back: option.TakeBack = None,
    show_list: option.Listing = False,
    show_due: option.Due = False,
    source: option.Source = None,
    json: Json = False,
) -> None:
    """Log how your body took a run.

    On a terminal and without options it asks: one key when there is nothing to report.

    It is about the last run and whatever is due and unanswered of it, unless --session and --window say otherwise.
    What you leave out stays unanswered, and the plan holds until pain, leakage and heaviness are all answered.

    \b
    Examples:
      restride checkin --none
      restride checkin --pain 2 --site pelvis --leakage drops --heaviness none
      restride checkin --urgent calf
      restride checkin --due
      restride checkin --replace last --pain 3
    """
    answers = {
        "pain": pain,
        "site": site,
        "pain_kind": kind,
        "leakage": leakage,
        "leakage_of": leakage_of,
        "heaviness": heaviness,
        "bleeding": bleeding,
        "in_bout": in_bout,
        "gait_changed": gait_changed,
        "urgent": frozenset(urgent) if urgent else None,
        "soreness": soreness,
        "effort": effort,
        "sleep_h": sleep,
        "fatigue": fatigue,
        "note": note,
    }
    given = {name: answer for name, answer in answers.items() if answer not in (None, "")}
    windows = frozenset(window or ())
    others = {
        "--list": show_list,
        "--due": show_due,
        "--from": source is not None,
        "--take-back": take_back is not None,
        "--replace": replace is not None,
    }
    chosen = [name for name, wanted in others.items() if wanted]
    _alone(chosen, answering=bool(given or none or windows or session is not None), json=json)
    from monitor.cli import checkin_logging  # loads what works out where she stands: not for --help

    with place.opened() as here:
        if show_list or show_due:
            from monitor.cli import checkin_listing

            (checkin_listing.show_entries if show_list else checkin_listing.show_due)(here, json=json)
        elif source is not None:
            from monitor.cli import checkin_reading

            checkin_reading.read(here, source, json=json)
        elif take_back is not None or replace is not None:
            from monitor.cli import checkin_correcting

            if take_back is not None:
                checkin_correcting.take_back(here, take_back)
            else:
                assert replace is not None
                emptied = {"note": None} if note == "" else {}
                checkin_correcting.replace(
                    here, replace, {**given, **emptied}, nothing=none, session=session, named=windows
                )
        elif given or none:
            checkin_logging.log(here, given, nothing=none, session=session, named=windows)
        elif is_asking():
            checkin_logging.ask(here, session=session, named=windows)
        else:
            raise Refused("nothing was answered; say --none, or for instance --pain 2 --leakage none (see --help)")


def _alone(chosen: list[str], *, answering: bool, json: bool) -> None:
    """Refuse options that do not go together."""
    if len(chosen) > 1:
        raise typer.BadParameter(f"does one thing and {chosen[1]} another; say them one by one", param_hint=chosen[0])
    if chosen and chosen[0] != "--replace" and answering:
        raise typer.BadParameter("goes without answers, --window and --session", param_hint=chosen[0])
    if json and not (chosen and chosen[0] in ("--list", "--due", "--from")):
        raise typer.BadParameter("goes with --list, --due and --from", param_hint="--json")
