"""`restride report` and `restride demo`: pages to keep or to hand on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import report_files
from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import progress, say, say_json, tell
from monitor.cli.report_files import FORMATS
from monitor.cli.trouble import Refused
from monitor.cli.weekly import a_week
from monitor.config import at_home
from monitor.report.units import Units
from monitor.report_file import report_name


def a_format(text: str) -> str:
    """Read what a report is written as."""
    if text.lower() not in FORMATS:
        raise typer.BadParameter(f"{text!r} cannot be written; it is {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    return text.lower()


def some_units(text: str) -> Units:
    """Read what distances and paces are shown in."""
    if text.lower() not in [one.value for one in Units]:
        raise typer.BadParameter(f"{text!r} are no units; they are metric or imperial")
    return Units(text.lower())


def some_weeks(text: str) -> int:
    """Read a number of weeks."""
    if not (text.isascii() and text.isdecimal() and len(text) < 1000) or int(text) < 1:
        raise typer.BadParameter(f"{text!r} is no number of weeks; write a whole number from 1 on, like 4")
    return int(text)


@shared
def report(
    place: Place,
    weeks: Annotated[
        int | None, typer.Option("--weeks", metavar="N", parser=some_weeks, help="The last N weeks; otherwise all.")
    ] = None,
    week: Annotated[
        date | None, typer.Option("--week", metavar="WEEK", parser=a_week, help="One week on one page, like 2026-W14.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Where to: a file, of csv a folder. Otherwise reports/."),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", parser=a_format, help="html, json, or csv (five tables).")
    ] = "html",
    units: Annotated[
        Units | None,
        typer.Option("--units", metavar="UNITS", parser=some_units, help="metric or imperial, in the page."),
    ] = None,
    json: Json = False,
) -> None:
    """Write the compliance report, and say where it is.

    One page that opens without a network. It holds what you logged. Whom you give it to is your decision. An earlier
    report of that name is replaced, any other file is not. As json or csv it is for a spreadsheet or R.

    \b
    Examples:
      restride report
      restride report --weeks 4 -o ~/restride.html
      restride report --week 2026-W14
      restride report --format csv -o ~/restride-tables
    """
    if weeks is not None and week is not None:
        raise typer.BadParameter("--week is one week and --weeks are the last ones; give one of them")
    from monitor.bringing import bringing
    from monitor.report.source import monday
    from monitor.reporting import compose, units_of

    with place.opened() as here, bringing(here.settings):
        standing = here.standing()
        path = at_home(output or here.settings.reports_dir / _name(here, week, format))
        if week is not None and week > monday(here.today()):
            raise Refused(f"the week from {week} on has not begun; today is {here.today()}")
        shown = units or units_of(here.settings)
        report = compose(
            here.settings,
            here.store,
            here.runner,
            standing,
            zone=here.zone(),
            weeks=weeks,
            week=week,
            traced=format != "csv",
        )
        match format:
            case "csv":
                files = report_files.write_tables(path, report)
            case "json":
                from monitor.report import as_data

                report_files.write_one(path, as_data.text(report))
                files = [path]
            case _:
                from monitor.report.page import render

                name, zone = here.runner.name, here.zone()
                page = render(standing, runner_name=name, weeks=weeks, zone=zone, model=report, units=shown)
                report_files.write_one(path, page)
                files = [path]
    if json:
        say_json({"path": str(path.absolute()), "files": [str(file.absolute()) for file in files]})
    else:
        say(str(path.absolute()))


def _name(here: Opened, week: date | None, format: str) -> str:
    name = report_name(here.runner, here.store.runners(), f"{week:%G-W%V}" if week else f"{here.today()}")
    return f"{name}-tables" if format == "csv" else f"{name}.{format}"


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
    from monitor.report.make_report import report_of_week
    from monitor.report.source import monday

    tell("Eight weeks of an invented runner: her watch's files, and what she answered.")
    with progress("Playing") as playing:
        result = story.run(place.data, on_step=lambda step: playing.advance(step.of, ""))
    standing = result.standing
    zone = standing.facts.zone_at(standing.recommendation.as_of)
    say(f"What {result.runner.name} was told, Sunday by Sunday")
    for weekly in result.weekly:
        day = wording.short_day(weekly.at.astimezone(zone).date())
        say(wrapped(verdict(weekly.recommendation), first=f"  {day:<10}  "))
    say()
    week = monday(standing.recommendation.as_of.astimezone(zone).date())
    report = report_of_week(standing, week, runner_name=result.runner.name, zone=zone)
    for line in week_text.text(report, standing.facts):
        say(line)
    say()
    say(f"Data folder: {result.settings.data_dir}")
    say("Her report, to open in a browser:")
    say(str(result.report_path))
