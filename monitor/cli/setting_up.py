"""`restride init`: at most four questions, each also an option, and never asked where nobody can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import typer

from monitor import weekly_time
from monitor.cli.asking import ask, is_asking, yes_or_no
from monitor.cli.gates import last_birth, not_ahead, not_before_birth
from monitor.cli.layout import bullets, named
from monitor.cli.options import a_date, shared
from monitor.cli.place import Opened, Place, runner_named
from monitor.cli.printing import say, tell
from monitor.cli.system_zone import system_zone
from monitor.cli.trouble import Refused
from monitor.config import ConfigError, Settings, absolute, prepare_inbox, write
from monitor.facts import NAMELESS, Birth, Fact, Facts, Gate, PlanStart, Setting
from monitor.text import a_name
from monitor.weekly_time import WeeklyTime

CLEARED, HEALED = "medical clearance", "injuries healed"


def a_zone(text: str) -> str:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        meant = _meant(text)
        instead = f"did you mean {meant}?" if meant else "write it like Europe/Lisbon"
        raise typer.BadParameter(f"{text!r} is no time zone; {instead}") from error


def a_runner_name(text: str) -> str:
    """Read what a runner is called."""
    try:
        return a_name(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not {error}") from None


def a_weekly_time(text: str) -> WeeklyTime:
    """Read a weekday and a time: sunday 18:00."""
    try:
        return weekly_time.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _meant(text: str) -> str | None:
    """Find the one zone of this name written otherwise, or of this city."""
    name = text.strip().replace(" ", "_").casefold()
    zones = sorted(available_timezones())
    same = [z for z in zones if z.casefold() == name] or [z for z in zones if z.rpartition("/")[2].casefold() == name]
    return same[0] if len(same) == 1 else None


@dataclass(slots=True, kw_only=True)
class Told:
    """What `init` was told, by option or by answer; None is not known."""

    birth: date | None
    cleared: date | None
    healed: date | None
    zone: str | None
    inbox: Path | None
    plan_start: date | None
    weekly: WeeklyTime | None


def _day(name: str, help: str) -> Any:
    return typer.Option(name, metavar="DATE", parser=a_date, help=help)


@shared
def init(
    place: Place,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", parser=a_runner_name, help="What to call you; otherwise “me”."),
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
    weekly: Annotated[
        WeeklyTime | None,
        typer.Option(
            "--weekly",
            metavar="WHEN",
            parser=a_weekly_time,
            help="When the weekly recommendation is due; otherwise “sunday 18:00”.",
        ),
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
    told = Told(
        birth=birth, cleared=cleared, healed=healed, zone=zone, inbox=inbox, plan_start=plan_start, weekly=weekly
    )
    called, facts = _known(place, name or (None if place.runner is None else a_runner_name(place.runner)))
    settings = place.settings()
    if facts is not None:
        place.say_what_is_urgent(say=say, runner=called)
    if is_asking():
        _ask(told, facts, place.now, settings)
    _check(told, place, facts)
    if told.inbox is not None:
        inbox = absolute(told.inbox)
        prepare_inbox(inbox, settings.data_dir)
        write(settings, inbox=inbox)
    with place.store(makes=True) as store:
        runner = next((r for r in store.runners() if r.name == called), None) or store.add_runner(called, place.now)
        here = Opened(settings=place.settings(), store=store, runner=runner, now=place.now)
        store.add_facts(runner, list(_new_facts(here, facts or Facts(), told)))
        for line in _summary(here):
            say(line)


def _known(place: Place, name: str | None) -> tuple[str, Facts | None]:
    """Give the runner's name, and what is known of her; None for a newcomer."""
    if place.settings().db_path.exists():
        with place.store(makes=True) as store:
            runners = store.runners()
            runner = runner_named(runners, name)
            if runner is not None:
                return runner.name, store.facts(runner)
    return name or NAMELESS, None


def _ask(told: Told, facts: Facts | None, now: datetime, settings: Settings) -> None:
    """Ask for what neither an option nor an earlier `init` has told. Enter leaves it open."""
    known = facts or Facts()
    zone = told.zone or known.setting("zone", now) or system_zone() or "UTC"
    today = now.astimezone(ZoneInfo(zone)).date()
    births = [b.on for b in known.births]

    def a_birth(text: str) -> date | None:
        return None if text == "-" else _checked_birth(a_date(text), today, births)

    if told.birth is None and not births:
        told.birth = ask("Day of the birth, like 2025-12-01 (- or Enter: not now)", a_birth)
    birth = told.birth or max(births, default=None)

    def a_day(text: str, what: str) -> date | None:
        return None if text == "-" else _checked(a_date(text), today, birth, what)

    recorded = {
        code for code in ("GAT01", "GAT02") if any(birth is None or g.on >= birth for g in known.gates_of(code))
    }
    needs_cleared = told.cleared is None and "GAT01" not in recorded
    needs_healed = told.healed is None and "GAT02" not in recorded
    if needs_cleared and needs_healed:

        def two_days(text: str) -> tuple[date | None, date | None]:
            words = text.replace(",", " ").split()
            if len(words) not in (1, 2):
                raise typer.BadParameter("two dates, with - for one that has not come yet, like 2026-01-19 -")
            days = a_day(words[0], CLEARED), a_day(words[-1], HEALED)
            if len(words) == 1 and days[0] is not None and not yes_or_no(f"  Healed on {days[0]} too?"):
                return days[0], None
            return days

        tell("Clearance and healing: two dates, or one if both are the same day; - is not yet.")
        asked = "Clearance and healing dates, like 2026-01-19 2026-02-20 (Enter: not yet)"
        told.cleared, told.healed = ask(asked, two_days) or (None, None)
    elif needs_cleared:
        asked = "Day your birth provider cleared you for running (- or Enter: not yet)"
        told.cleared = ask(asked, lambda text: a_day(text, CLEARED))
    elif needs_healed:
        asked = "Day all injuries of the birth had healed (- or Enter: not yet)"
        told.healed = ask(asked, lambda text: a_day(text, HEALED))
    if told.zone is None and not any(s.key == "zone" for s in known.settings):
        asked = "Your time zone, like Europe/Lisbon (-: not now)"
        told.zone = ask(asked, lambda text: None if text == "-" else a_zone(text), default=system_zone())
    if told.inbox is None and facts is None and settings.inbox_dir == settings.data_dir / "inbox":

        def an_inbox(text: str) -> Path | None:
            if text == "-":
                return None
            try:
                folder = absolute(Path(text))
                prepare_inbox(folder, settings.data_dir)
            except ConfigError as error:
                raise Refused(str(error)) from error
            return folder

        told.inbox = ask("Folder where watch exports arrive (- or Enter: one in the data folder)", an_inbox)


def _checked_birth(on: date, today: date, births: list[date]) -> date:
    """Refuse a birth that is still to come, or earlier than one that is recorded."""
    not_ahead(on, today, "birth")
    if births and on < max(births):
        raise Refused(f"a later birth is recorded already ({max(births)}), and the last one counts")
    return on


def _checked(on: date, today: date, birth: date | None, what: str) -> date:
    """Refuse a day that is still to come, or before the birth."""
    not_ahead(on, today, what)
    not_before_birth(on, birth, what)
    return on


def _check(told: Told, place: Place, known: Facts | None) -> None:
    """Refuse days that cannot be: what has not happened cannot be recorded, and what came before the birth is past."""
    facts = known or Facts()
    zone = ZoneInfo(told.zone) if told.zone else facts.zone_at(place.now)
    today = place.now.astimezone(zone).date()
    if told.birth is not None:
        _checked_birth(told.birth, today, [b.on for b in facts.births])
    birth = told.birth or last_birth(facts, today)
    for on, what in ((told.cleared, CLEARED), (told.healed, HEALED)):
        if on is not None:
            _checked(on, today, birth, what)
    if told.plan_start is not None:
        not_before_birth(told.plan_start, birth, "plan start")


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
    if told.weekly is not None and told.weekly != weekly_time.weekly_time(known, now):
        yield Setting(id=0, recorded_at=now, at=now, key=weekly_time.KEY, value=str(told.weekly))
    if told.plan_start is not None and told.plan_start not in {p.on for p in known.plan_starts}:
        yield PlanStart(id=0, recorded_at=now, on=told.plan_start)


def _summary(here: Opened) -> Iterator[str]:
    """Say where everything is, what is still missing, and what comes next."""
    yield "Your data folder is set up."
    runner = (("Runner", here.runner.name),) if here.runner.name != NAMELESS else ()
    inbox = here.settings.inbox_dir
    yield from named((*runner, ("Data folder", str(here.settings.data_dir)), ("Inbox", str(inbox))))
    facts = here.facts()
    missing = [g for g in here.standing().recommendation.gates if not g.met]
    notes = [g.message for g in missing]
    if facts.setting("zone", here.now) is None:
        notes.append("no time zone is set, so days and times are those of UTC: `restride init --zone Europe/Lisbon`")
    if not inbox.is_dir():
        notes.append("the inbox is not there: `restride init --inbox DIR` makes it, or names another")
    if notes:
        yield "Still open:"
        yield from bullets(notes)
    if any(setting.key == weekly_time.KEY for setting in facts.settings):
        yield f"The weekly recommendation is due on {str(weekly_time.weekly_time(facts, here.now)).title()}."
    yield "Drop a watch export into the inbox, then: restride import " + str(inbox)
    # Hops and bounds come last: before clearance, healing and the twelve weeks there is nothing to hurry for.
    only_movements = [g.code for g in missing] == ["GAT04"]
    tell("Next: restride readiness" if only_movements else "Next: restride week" if missing else "Next: restride next")
