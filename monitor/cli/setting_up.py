"""`restride init`: at most four questions, each also an option, and never asked where nobody can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from monitor.cli.asking import ask, is_asking
from monitor.cli.gates import not_ahead
from monitor.cli.layout import bullets, named
from monitor.cli.options import a_date, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, tell
from monitor.cli.system_zone import system_zone
from monitor.cli.trouble import Refused
from monitor.config import write
from monitor.facts import Birth, Fact, Facts, Gate, PlanStart, Setting


def a_zone(text: str) -> str:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter(f"{text!r} is no time zone; write it like Europe/Lisbon") from error


@dataclass(slots=True, kw_only=True)
class Told:
    """What `init` was told, by option or by answer; None is not known."""

    birth: date | None
    cleared: date | None
    healed: date | None
    zone: str | None
    inbox: Path | None
    plan_start: date | None


def _day(name: str, help: str) -> Any:
    return typer.Option(name, metavar="DATE", parser=a_date, help=help)


@shared
def init(
    place: Place,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call you; otherwise “me”.")
    ] = None,
    birth: Annotated[date | None, _day("--birth", "The day of the (last) birth, like 2025-12-01.")] = None,
    cleared: Annotated[date | None, _day("--cleared", "The day your birth provider cleared you for running.")] = None,
    healed: Annotated[
        date | None, _day("--healed", "The day all injuries of the birth had healed, or you were told there were none.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", parser=a_zone, help="Your time zone, like Europe/Lisbon.")
    ] = None,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", metavar="DIR", help="The folder where your watch exports arrive.")
    ] = None,
    plan_start: Annotated[
        date | None, _day("--plan-start", "The day the plan began; runs before it are history. Otherwise the birth.")
    ] = None,
) -> None:
    """Set up your data folder with the dates that the plan rests on.

    On a terminal it asks for what is missing, at most four questions; Enter leaves one open. Run it again whenever a
    date is new. What is not known yet holds the plan, and nothing else.

    \b
    Examples:
      restride init
      restride init --birth 2025-12-01 --cleared 2026-01-19 --healed 2026-02-20
      restride init --zone Europe/Lisbon --inbox ~/runs
    """
    told = Told(birth=birth, cleared=cleared, healed=healed, zone=zone, inbox=inbox, plan_start=plan_start)
    called, facts = _known(place, name or place.runner)
    if is_asking():
        _ask(told, facts)
    _check(told, place, facts)
    if told.inbox is not None:
        write(place.settings(), inbox=told.inbox.expanduser().absolute())
    with place.store() as store:
        runner = next((r for r in store.runners() if r.name == called), None) or store.add_runner(called, place.now)
        here = Opened(settings=place.settings(), store=store, runner=runner, now=place.now)
        store.add_facts(runner, list(_new_facts(here, facts or Facts(), told)))
        for line in _summary(here):
            say(line)


def _known(place: Place, name: str | None) -> tuple[str, Facts | None]:
    """Give the runner's name, and what is known of her; None for a newcomer."""
    if place.settings().db_path.exists():
        with place.store() as store:
            runners = store.runners()
            for runner in runners:
                if name in (None, runner.name):
                    return runner.name, store.facts(runner)
    return name or "me", None


def _ask(told: Told, facts: Facts | None) -> None:
    """Ask for what neither an option nor an earlier `init` has told. Enter leaves it open."""
    known = facts or Facts()
    recorded = {gate.code for gate in known.gates}
    if told.birth is None and not known.births:
        told.birth = ask("Day of the birth (year-month-day, Enter if not now)", a_date)
    if told.cleared is None and told.healed is None and not recorded:
        both = ask("Days of medical clearance and of healed injuries, like 2026-01-19 2026-02-20", _two_days)
        told.cleared, told.healed = both or (None, None)
    if told.zone is None and not any(s.key == "zone" for s in known.settings):
        told.zone = ask("Your time zone", a_zone, default=system_zone())
    if told.inbox is None and facts is None:
        told.inbox = ask("Folder where watch exports arrive (Enter for one in the data folder)", Path)


def _two_days(text: str) -> tuple[date | None, date | None]:
    """Read two dates, of which - stands for one that has not come yet."""
    words = text.replace(",", " ").split()
    if len(words) != 2:
        raise typer.BadParameter("two days, with - for one that has not come yet: 2026-01-19 -")
    first, second = (None if word == "-" else a_date(word) for word in words)
    return first, second


def _check(told: Told, place: Place, facts: Facts | None) -> None:
    """Refuse days that are still to come: what has not happened cannot be recorded."""
    zone = ZoneInfo(told.zone) if told.zone else (facts or Facts()).zone_at(place.now)
    today = place.now.astimezone(zone).date()
    for on, what in ((told.birth, "birth"), (told.cleared, "medical clearance"), (told.healed, "injuries healed")):
        if on is not None:
            not_ahead(on, today, what)
    births = [b.on for b in (facts or Facts()).births]
    if told.birth is not None and births and told.birth < max(births):
        raise Refused(f"a later birth is recorded already ({max(births)}), and the last one counts")


def _new_facts(here: Opened, known: Facts, told: Told) -> Iterator[Fact]:
    """Give the facts that say something new."""
    now = here.now
    if told.birth is not None and told.birth not in {b.on for b in known.births}:
        yield Birth(id=0, recorded_at=now, on=told.birth)
    for code, on in (("GAT01", told.cleared), ("GAT02", told.healed)):
        if on is not None and (code, on) not in {(g.code, g.on) for g in known.gates}:
            yield Gate(id=0, recorded_at=now, code=code, on=on)
    if told.zone is not None and told.zone != known.setting("zone", now):
        yield Setting(id=0, recorded_at=now, at=now, key="zone", value=told.zone)
    if told.plan_start is not None and told.plan_start not in {p.on for p in known.plan_starts}:
        yield PlanStart(id=0, recorded_at=now, on=told.plan_start)


def _summary(here: Opened) -> Iterator[str]:
    """Say where everything is, what is still missing, and what comes next."""
    yield f"Set up for {here.runner.name}."
    yield from named((("Data folder", str(here.settings.data_dir)), ("Inbox", str(here.settings.inbox_dir))))
    facts = here.facts()
    missing = [g for g in here.standing().recommendation.gates if not g.met]
    notes = [g.message for g in missing]
    if facts.setting("zone", here.now) is None:
        notes.append("no time zone is set, so days and times are those of UTC: `restride init --zone Europe/Lisbon`")
    if notes:
        yield "Still open:"
        yield from bullets(notes)
    yield "Drop a watch export into the inbox, then: restride import " + str(here.settings.inbox_dir)
    tell("Next: restride readiness" if any(g.code == "GAT04" for g in missing) else "Next: restride next")
