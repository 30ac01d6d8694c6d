"""`restride checkin`: how the body took a run. Parsing and storing only; what follows is the rules' matter."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.answers import SITES, Bleeding, CheckIn, Heaviness, Leakage, Window
from monitor.cli.asking import is_asking
from monitor.cli.checkin_answers import a_number, a_site, one_of
from monitor.cli.options import shared
from monitor.cli.place import Place
from monitor.cli.printing import say, tell
from monitor.cli.trouble import Refused

ALL_NONE = {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}


@shared
def checkin(
    place: Place,
    none: Annotated[bool, typer.Option("--none", help="No pain, no leakage, no heaviness.")] = False,
    pain: Annotated[int | None, typer.Option("--pain", metavar="0-10", parser=a_number, help="The worst pain.")] = None,
    site: Annotated[
        str | None, typer.Option("--site", metavar="WHERE", parser=a_site, help=f"Where: {', '.join(SITES)}.")
    ] = None,
    leakage: Annotated[
        Leakage | None,
        typer.Option(
            "--leakage", metavar="HOW", parser=one_of(Leakage), help="none, drops, wet or soaked (urine or stool)."
        ),
    ] = None,
    heaviness: Annotated[
        Heaviness | None,
        typer.Option(
            "--heaviness",
            metavar="HOW",
            parser=one_of(Heaviness),
            help="In the pelvis, or dragging: none, mild, clear, bulge (felt).",
        ),
    ] = None,
    bleeding: Annotated[
        Bleeding | None,
        typer.Option(
            "--bleeding", metavar="HOW", parser=one_of(Bleeding), help="none, same, period, or more (new or more)."
        ),
    ] = None,
    soreness: Annotated[
        bool | None, typer.Option("--soreness/--no-soreness", help="Sore muscles; these do not hold by themselves.")
    ] = None,
    effort: Annotated[
        int | None, typer.Option("--effort", metavar="0-10", parser=a_number, help="How hard it was.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Anything else, in your words.")] = None,
    window: Annotated[
        list[Window] | None,
        typer.Option(
            "--window",
            metavar="WHEN",
            parser=one_of(Window),
            help="during, after, next_day or any; may be given several times.",
        ),
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="Which run, as `restride sessions` names it.")
    ] = None,
) -> None:
    """Log how your body took a run.

    On a terminal and without options it asks.

    It is about the last run and whatever is due and unanswered of it, unless --session and --window say otherwise.
    What you leave out stays unanswered, and the plan holds until pain, leakage and heaviness are all answered.

    \b
    Examples:
      restride checkin --none
      restride checkin --pain 2 --site pelvis --leakage drops --heaviness none
      restride checkin --none --window during --window after --session 2026-03-02
    """
    from monitor.cli.checkin_windows import about, lacking, windows_for, words

    answers: dict[str, object] = {
        "pain": pain,
        "site": site,
        "leakage": leakage,
        "heaviness": heaviness,
        "bleeding": bleeding,
        "soreness": soreness,
        "effort": effort,
        "note": note,
    }
    given = {name: answer for name, answer in answers.items() if answer is not None}
    if none:
        against = [name for name in ALL_NONE if given.get(name, ALL_NONE[name]) != ALL_NONE[name]]
        if against:
            raise typer.BadParameter(f"--none and --{against[0]} contradict each other", param_hint="--none")
        given |= ALL_NONE
    with place.opened() as here:
        standing = here.standing()
        run = about(standing, session)
        windows = windows_for(standing, run, here.now, frozenset(window or ()), named=session is not None)
        if not given:
            if not is_asking():
                raise Refused("nothing was answered; say --none, or for instance --pain 2 --leakage none (see --help)")
            from monitor.cli.checkin_questions import questions

            given = questions(run, windows)
        entry = CheckIn(
            id=0,
            recorded_at=here.now,
            recording=None if run is None or windows == {Window.ANY} else run.identities[0],
            windows=windows,
            **given,  # type: ignore[arg-type]  # each by its own name, typed by its option
        )
        here.add(entry)
        tell(f"Logged {words(run, windows)}.")
        missing = lacking(here.standing(), run, windows)
        if missing:
            *others, last = missing
            them = f"{', '.join(others)} and {last}" if others else last
            say(f"{them.capitalize()} not answered: the plan holds until {'they are' if others else 'it is'}.")
        here.say_what_changed()
