"""`restride week` and `restride next`: the recommendation."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import ExitCode, Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json
from monitor.cli.trouble import Refused
from monitor.when import YEARS

if TYPE_CHECKING:
    from monitor.report.model_summary import SummaryView


def a_week(text: str) -> date:
    """Read an ISO week, 2026-W14, as its Monday."""
    wrong = typer.BadParameter(f"{text!r} is no week; write it like 2026-W14")
    if not re.fullmatch(r"\d{4}-W\d\d", text, re.ASCII) or int(text[:4]) not in YEARS:
        raise wrong
    try:
        return date.fromisoformat(f"{text}-1")
    except ValueError:
        raise wrong from None


@shared
def week(
    place: Place,
    start: Annotated[
        date | None, typer.Option("--week", metavar="WEEK", parser=a_week, help="An earlier week, like 2026-W14.")
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Say hold or progress, with every reason and its numbers.

    With it goes what the week did. For an earlier week it is what was last recommended to you by its end.

    \b
    Examples:
      restride week
      restride week --week 2026-W14
      restride week --json
    """
    from monitor.cli import week_text
    from monitor.report.source import monday
    from monitor.reporting import compose, units_of

    with place.opened() as here:
        standing, this_week = here.standing(), monday(here.today())
        if start is not None and start > this_week:
            raise Refused(f"the week from {start} on has not begun; today is {here.today()}")
        report = compose(
            here.settings,
            here.store,
            here.runner,
            standing,
            zone=here.zone(),
            week=start or this_week,
            traced=False,
        )
        if json:
            say_json(week_text.content(report, standing))
        else:
            for line in week_text.text(report, standing.facts, shown=units_of(here.settings)):
                say(line)
    _exit(report.summary, exit_code)


@shared
def next_session(place: Place, json: Json = False, exit_code: ExitCode = False) -> None:
    """Say what the next run is, and from when.

    \b
    Examples:
      restride next
      restride next --exit-code && echo "one stage further"
    """
    from monitor.cli import as_json
    from monitor.cli.recommendation_text import before_the_run
    from monitor.report.make_summary import summary_now

    with place.opened() as here:
        standing = here.standing()
        said = summary_now(standing)
        if json:
            say_json(as_json.recommended(standing))
        else:
            for line in before_the_run(said, here.zone()):
                say(line)
    _exit(said, exit_code)


def _exit(said: SummaryView, exit_code: bool) -> None:
    """Tell a script about a HOLD where it asked to be told."""
    if exit_code and said.outcome == "HOLD":
        raise typer.Exit(3)
