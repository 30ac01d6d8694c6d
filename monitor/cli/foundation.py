"""`restride foundation`: days of foundation exercises. Kept and shown; no rule rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated

import typer

from monitor.cli.asking import ask, is_asking, yes_or_no
from monitor.cli.gates import last_birth, not_ahead, not_before_birth
from monitor.cli.layout import bullets, wrapped
from monitor.cli.options import Json, a_date, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.publishing import some_weeks
from monitor.cli.trouble import Refused
from monitor.foundation import GROUPS, Foundation, FoundationDay, Group, foundation_days
from monitor.text import readable

foundation = typer.Typer(rich_markup_mode=None)

SHOWN_WEEKS, MOST_WEEKS = 4, 520


@foundation.callback(invoke_without_command=True)
@shared
def show(
    place: Place,
    weeks: Annotated[
        int | None, typer.Option("--weeks", metavar="N", parser=some_weeks, help="The last N weeks; otherwise four.")
    ] = None,
    json: Json = False,
) -> None:
    """List the days of foundation exercises, or log one.

    Core and pelvic floor; glutes, hips and back; low-impact drills. They prepare for running and go on beside it. They
    are shown, and no rule rests on them.

    \b
    Examples:
      restride foundation
      restride foundation log --core --hips
      restride foundation log --drills --on 2026-02-20 --note "with the band"
      restride foundation log --none --on 2026-02-20
    """
    from monitor.cli import as_json
    from monitor.report.source import monday

    with place.opened() as here:
        days = foundation_days(here.facts().foundation, here.now)
        this_week = monday(here.today())
    first = this_week - timedelta(days=7 * (min(weeks or SHOWN_WEEKS, MOST_WEEKS) - 1))
    shown = [day for day in days if day.on >= first]
    if json:
        say_json({"since": first.isoformat(), "days": as_json.foundation((day.on, day) for day in shown)})
        return
    for line in _text(shown, first, this_week):
        say(line)
    if not shown:
        tell("Log a day with: restride foundation log --core --hips --drills")


def _text(days: Sequence[FoundationDay], first: date, this_week: date) -> Iterator[str]:
    """Write the days week by week, the last week first."""
    from monitor.report import wording
    from monitor.report.preparing import day_line, of_week

    if not days:
        yield f"No foundation exercises are logged since {wording.day(first)}."
        return
    start = this_week
    while start >= first:
        mine = [day for day in days if start <= day.on < start + timedelta(days=7)]
        if mine:
            name = "This week" if start == this_week else f"The week of {wording.day(start)}"
            yield wrapped(f"{name}: {of_week(mine)}", then="  ")
            yield from bullets(day_line(day.on, day) for day in mine)
        start -= timedelta(days=7)


@foundation.command("log")
@shared
def log(
    place: Place,
    core: Annotated[bool, typer.Option("--core", help="Core and pelvic floor.")] = False,
    hips: Annotated[bool, typer.Option("--hips", help="Glutes, hips and back.")] = False,
    drills: Annotated[bool, typer.Option("--drills", help="Low-impact drills.")] = False,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", parser=a_date, help="The day; today if left out.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Anything else, in your words.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Take back what was logged of that day.")] = False,
) -> None:
    """Log a day of foundation exercises.

    On a terminal and without options it asks. What you log later of the same day is added to it.

    \b
    Examples:
      restride foundation log --core --drills
      restride foundation log --none
    """
    from monitor.report import wording
    from monitor.report.preparing import in_words

    groups = {group for group, done in ((Group.CORE, core), (Group.HIPS, hips), (Group.DRILLS, drills)) if done}
    if none and (groups or note):
        raise typer.BadParameter("takes the day back; say it alone, or with --on", param_hint="--none")
    with place.opened() as here:
        day = _checked(on, here)
        if not groups and not none:
            groups, note = _asked(note)
        before = _found(here, day)
        if none and before is None:
            raise Refused(f"nothing is logged of {wording.day(day)}")
        said = readable(note) if note else None
        here.add(Foundation(id=0, recorded_at=here.now, on=day, groups=frozenset(groups), note=said or None))
        after = _found(here, day)
        say(f"{wording.day(day)}: {in_words(after) if after else 'nothing; what was logged is taken back'}.")


def _asked(note: str | None) -> tuple[set[Group], str | None]:
    """Ask for each group, and for a note.

    Raises:
        Refused: nobody is there to answer, or nothing was done.
    """
    if not is_asking():
        raise Refused("nothing was said; name what was done: --core, --hips, --drills (or --none to take a day back)")
    groups = {group for group, what in GROUPS.items() if yes_or_no(f"Done: {what}?")}
    if not groups:
        raise Refused("nothing was done, and nothing recorded; --none takes back what was logged of a day")
    return groups, note or ask("A note (Enter for none)", str)


def _checked(on: date | None, here: Opened) -> date:
    """Give the day, today without one; one that is to come, or before the birth, is refused."""
    today = here.today()
    if on is None:
        return today
    not_ahead(on, today, "foundation exercises")
    not_before_birth(on, last_birth(here.facts(), today), "foundation exercises")
    return on


def _found(here: Opened, on: date) -> FoundationDay | None:
    days = foundation_days(here.facts().foundation, here.now)
    return next((day for day in days if day.on == on), None)
