"""`restride week` and `restride next`: the recommendation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from monitor.cli.options import ExitCode, Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json
from monitor.when import YEARS


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

    with place.opened() as here:
        found = week_text.find(here, start)
        if json:
            say_json(week_text.content(found, here.zone()))
        else:
            for line in week_text.text(found, here.zone()):
                say(line)
    _exit(found.said, exit_code)


@shared
def next_session(place: Place, json: Json = False, exit_code: ExitCode = False) -> None:
    """Say what the next run is, and from when.

    \b
    Examples:
      restride next
      restride next --exit-code && echo "one stage further"
    """
    from monitor.cli.recommendation_text import before_the_run

    with place.opened() as here:
        said = here.standing().recommendation.as_json()
        if json:
            say_json(said)
        else:
            for line in before_the_run(said, here.zone()):
                say(line)
    _exit(said, exit_code)


def _exit(said: Mapping[str, Any], exit_code: bool) -> None:
    """Tell a script about a HOLD where it asked to be told."""
    if exit_code and said["outcome"] == "HOLD":
        raise typer.Exit(3)
