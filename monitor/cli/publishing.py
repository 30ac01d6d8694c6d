"""`restride report` and `restride demo`: pages to keep or to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import progress, say, say_json, tell
from monitor.cli.trouble import Refused
from monitor.report_file import is_report, report_name, write_private


def a_format(text: str) -> str:
    """Read what a report is written as."""
    if text.lower() != "html":
        raise typer.BadParameter(f"{text!r} cannot be written; it is html")
    return "html"


def some_weeks(text: str) -> int:
    """Read a number of weeks."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise typer.BadParameter(f"{text!r} is no number of weeks; write a whole number from 1 on, like 4")
    return int(text)


@shared
def report(
    place: Place,
    weeks: Annotated[
        int | None, typer.Option("--weeks", metavar="N", parser=some_weeks, help="The last N weeks; otherwise all.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; otherwise the reports folder.")
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", parser=a_format, help="html.")] = "html",
    json: Json = False,
) -> None:
    """Write the compliance report, and say where it is.

    One page that opens without a network. It holds what you logged. Whom you give it to is your decision. An earlier
    report of that name is replaced, any other file is not.

    \b
    Examples:
      restride report
      restride report --weeks 4 -o ~/restride.html
    """
    from monitor.report.page import render

    with place.opened() as here:
        standing = here.standing()
        page = render(standing, runner_name=here.runner.name, weeks=weeks, zone=here.zone())
        name = report_name(here.runner, here.store.runners(), here.today())
        path = (output or here.settings.reports_dir / f"{name}.{format}").expanduser()
        if path.is_file() and not is_report(path):
            raise Refused(f"{path} is there already and is no report of Restride's; choose another name with -o")
        write_private(path, page)
    if json:
        say_json({"path": str(path.absolute())})
    else:
        say(str(path.absolute()))


@shared
def demo(place: Place) -> None:
    """Play eight weeks of an invented runner, and show what follows.

    It makes a data folder of its own, among the temporary ones or where --data says, and touches nothing of yours.
    What it prints last is the path of her report.

    \b
    Examples:
      restride demo
      restride demo --data /tmp/marta
      restride sessions --data /tmp/marta
    """
    from monitor import demo as story
    from monitor.cli import week_text
    from monitor.cli.layout import wrapped
    from monitor.cli.recommendation_text import verdict
    from monitor.report import wording

    tell("Eight weeks of an invented runner: her watch's files, and what she answered.")
    with progress("Playing") as playing:
        result = story.run(place.data, on_step=lambda step: playing.advance(step.of, ""))
    standing = result.standing
    zone = standing.facts.zone_at(standing.recommendation.as_of)
    say(f"What {result.runner.name} was told, Sunday by Sunday")
    for weekly in result.weekly:
        day = wording.short_day(weekly.at.astimezone(zone).date())
        say(wrapped(verdict(weekly.recommendation.as_json()), first=f"  {day:<10}  "))
    say()
    for line in week_text.text(week_text.present(standing), zone):
        say(line)
    say()
    say(f"Data folder: {result.settings.data_dir}")
    say("Her report, to open in a browser:")
    say(str(result.report_path))
