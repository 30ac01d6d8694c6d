"""`restride gate`: what has to be met before any running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.layout import bullets, named, wrapped
from monitor.cli.options import Json, On, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.trouble import Refused
from monitor.facts import Asked, Facts, Gate, LaterStart, Seen, TakenBack
from monitor.text import readable

if TYPE_CHECKING:
    from monitor.rules.gate import GateState

gate = typer.Typer(rich_markup_mode=None)

RECORDED = {
    "GAT01": "medical clearance",
    "GAT02": "birth injuries healed",
    "seen": "seen by a clinician",
    "asked": "a physiotherapist or clinician was asked",
}

TakeBack = Annotated[
    bool, typer.Option("--take-back", help="This day was entered by mistake: it counts for nothing any more.")
]


@gate.callback(invoke_without_command=True)
@shared
def show(place: Place, json: Json = False) -> None:
    """Show or record what has to be met before any running.

    All four are needed and none stands in for another: clearance, healed injuries, 84 days since the birth, the seven
    readiness movements.

    \b
    Examples:
      restride gate
      restride gate clearance --on 2026-02-20
      restride gate healed --on 2026-02-20
      restride gate healed --on 2026-02-20 --take-back
      restride gate later-start --on 2026-04-01 --because "still weak"
    """
    from monitor.report.gates import movement_lines, movements_content, movements_tried

    with place.opened() as here:
        standing = here.standing()
    states, tried = standing.recommendation.gates, movements_tried(standing)
    if json:
        listed = [{"code": g.code, "title": g.title, "met": g.met, "message": g.message} for g in states]
        say_json({"gates": listed, "movements": movements_content(tried)})
        return
    for line in _gates(states):
        say(line)
    if tried:
        say("\nThe readiness movements")
        for line in bullets(movement_lines(tried)):
            say(line)


def _gates(states: Sequence[GateState]) -> Iterator[str]:
    yield from named(((("met" if g.met else "missing"), f"{g.title} [{g.code}]") for g in states), indent="")
    missing = [g for g in states if not g.met]
    yield ""
    if not missing:
        yield "All four are met."
        return
    yield "Still needed before any running:"
    for one in missing:
        yield wrapped(one.message, first="  - ")


@gate.command("clearance")
@shared
def clearance(place: Place, on: On, take_back: TakeBack = False) -> None:
    """Record the day your birth provider cleared you for running."""
    _record(place, "GAT01", on, take_back=take_back)


@gate.command("healed")
@shared
def healed(place: Place, on: On, take_back: TakeBack = False) -> None:
    """Record the day all injuries of the birth had healed.

    Where there were none: the day you were told so.
    """
    _record(place, "GAT02", on, take_back=take_back)


@gate.command("later-start")
@shared
def later_start(
    place: Place,
    on: On,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, in the physio's words.")],
) -> None:
    """Record a later first day of running, set by your physio.

    It can never be earlier than 84 days after the birth.
    """
    from monitor.rules import gat03

    with place.opened() as here:
        birth = last_birth(here.facts(), here.today())
        if birth is not None and on < birth + gat03.WAIT:
            raise Refused(
                f"no running before {birth + gat03.WAIT}, {gat03.WAIT.days} days after the birth; that stays, so "
                f"{on} changes nothing and was not recorded"
            )
        here.add(LaterStart(id=0, recorded_at=here.now, not_before=on, because=said(because)))
        tell(f"Recorded: no running before {on}.")
        here.say_what_changed()


@gate.command("seen")
@shared
def seen(place: Place, on: On, take_back: TakeBack = False) -> None:
    """Record the day a clinician agreed to your running on.

    After seeing you for a symptom.
    """
    with place.opened() as here:
        if take_back:
            _take_back(here, "seen", on, here.facts().standing_seen())
            return
        not_ahead(on, here.today(), RECORDED["seen"])
        here.add(Seen(id=0, recorded_at=here.now, on=on))
        tell(f"Recorded: seen by a clinician on {on}, who agreed to running.")
        _say_if_too_early(here, {"CAR01", "CAR02"})
        here.say_what_changed()


@gate.command("asked")
@shared
def asked(place: Place, on: On, take_back: TakeBack = False) -> None:
    """Record the day you asked a physiotherapist or clinician.

    About leakage or heaviness that came back (SYM04).
    """
    with place.opened() as here:
        if take_back:
            _take_back(here, "asked", on, here.facts().standing_asked())
            return
        not_ahead(on, here.today(), RECORDED["asked"])
        here.add(Asked(id=0, recorded_at=here.now, on=on))
        tell(f"Recorded: a physiotherapist or clinician was asked on {on}.")
        if any(r.evidence.get("asked") == "no" for r in here.standing().recommendation.reasons):
            _say_if_too_early(here, {"SYM04"})
        here.say_what_changed()


def _say_if_too_early(here: Opened, codes: set[str]) -> None:
    """Say that a day does not count where it was before what she logged: else it looks as if nothing had been heard."""
    if any(reason.code in codes for reason in here.standing().recommendation.reasons):
        tell(wrapped("That day is before the day on which you logged it, so it does not count for it."))


def _record(place: Place, code: str, on: date, *, take_back: bool) -> None:
    with place.opened() as here:
        if take_back:
            _take_back(here, code, on, here.facts().gates_of(code))
            return
        not_ahead(on, here.today(), RECORDED[code])
        not_before_birth(on, last_birth(here.facts(), here.today()), RECORDED[code])
        here.add(Gate(id=0, recorded_at=here.now, code=code, on=on))
        tell(f"Recorded: {RECORDED[code]} on {on}.")
        here.say_what_changed()


def _take_back(here: Opened, what: str, on: date, standing: Sequence[Gate | Seen | Asked]) -> None:
    days = sorted({one.on for one in standing})
    if on not in days:
        listed = ", ".join(map(str, days)) or "none"
        raise Refused(
            f"{RECORDED[what]}: nothing is recorded for {on}, so there is nothing to take back; days: {listed}"
        )
    here.add(TakenBack(id=0, recorded_at=here.now, what=what, on=on))
    tell(f"Taken back: {RECORDED[what]} on {on}.")
    here.say_what_changed()


def not_ahead(on: date, today: date, what: str) -> None:
    """Refuse a date that is still to come: what has not happened yet cannot be recorded."""
    if on > today:
        raise Refused(f"{what}: {on} is still to come (today is {today}); record it once it has happened")


def not_before_birth(on: date, birth: date | None, what: str) -> None:
    """Refuse a date before the birth: what was said before it says nothing about the time after."""
    if birth is not None and on < birth:
        raise Refused(f"{what}: {on} is before the birth ({birth}); only what came after it counts")


def last_birth(facts: Facts, today: date) -> date | None:
    """Give the day of the last birth."""
    birth = facts.birth_at(today)
    return None if birth is None else birth.on


def said(text: str) -> str:
    """Refuse a reason that says nothing."""
    why = readable(text)
    if not why:
        raise typer.BadParameter("say why, in a few words", param_hint="--because")
    return why
