"""Where a report is written, in which format; and what it is made of, read from the store."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.place import Opened
from monitor.cli.private_file import is_report, write_private
from monitor.cli.trouble import Refused
from monitor.config import SETTINGS_FILE, ConfigError, Settings, section
from monitor.report.units import Units

if TYPE_CHECKING:
    from monitor.report.model import Report
    from monitor.standing import Standing

FORMATS = ("html", "json", "csv")


def units_of(settings: Settings) -> Units:
    """Read what distances and paces are shown in: `units` under `[report]` in the data folder's settings file.

    Raises:
        ConfigError: it says something else.
    """
    said = section(settings, "report") or {}
    file = settings.data_dir / SETTINGS_FILE
    if not isinstance(said, dict) or said.keys() - {"units"}:
        raise ConfigError(f"{file}: under [report] it may say “units” and nothing else.")
    chosen = said.get("units", Units.METRIC.value)
    if chosen not in [one.value for one in Units]:
        raise ConfigError(f'{file}: “units” under [report] must be "metric" or "imperial".')
    return Units(chosen)


def model(here: Opened, standing: Standing, *, weeks: int | None, week: date | None, traced: bool) -> Report:
    """Build the report as values, with the traces of the last weeks' runs.

    Args:
        here: whose report.
        standing: of now.
        weeks: how many weeks to show; None for all.
        week: the Monday of the one week to show; None for the whole.
        traced: whether traces are wanted, each of which costs reading a file.

    Raises:
        Refused: the week has not begun.
    """
    from monitor.archive import Archive
    from monitor.report.make_report import report_of, report_of_week
    from monitor.report.said import said_by
    from monitor.report.source import monday
    from monitor.report.traces import WEEKS, traces_of
    from monitor.standing import stand

    zone, this_week = here.zone(), monday(here.today())
    if week is not None and week > this_week:
        raise Refused(f"the week from {week} on has not begun; today is {here.today()}")
    since = week or this_week - timedelta(days=7 * (min(weeks or WEEKS, WEEKS) - 1))
    until = since + timedelta(days=6) if week else None
    archive = Archive(here.settings.archive_dir)
    traces = tuple(traces_of(standing, here.store, archive, here.runner, since=since, until=until)) if traced else ()
    name = here.runner.name
    if week is None:
        return report_of(standing, runner_name=name, zone=zone, weeks=weeks, traces=traces)
    if week == this_week:
        return report_of_week(standing, week, runner_name=name, zone=zone, traces=traces)
    observed = here.store.observed(here.runner)
    said = said_by(standing, week, zone, lambda: observed)
    then = stand(standing.facts, observed, said.end)
    return report_of_week(standing, week, runner_name=name, zone=zone, said=said, then=then, traces=traces)


def write_one(path: Path, text: str) -> None:
    """Write a report in one file; an earlier report is replaced, any other file is not."""
    if path.is_file() and not is_report(path):
        raise Refused(f"{path} is there already and is no report of Restride's; choose another name with -o")
    write_private(path, text)


def write_tables(folder: Path, report: Report) -> list[Path]:
    """Write the five tables into a folder, which is made where it is missing; earlier tables are replaced.

    Raises:
        Refused: the path is a file, cannot be made, or a file there is none of these tables.
    """
    from monitor.report.tables import TABLES, heading, text

    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; name a folder for the tables with -o")
    paths = {table.name: folder / f"{table.name}.csv" for table in TABLES}
    for table in TABLES:
        path, begins = paths[table.name], heading(table).encode("utf-8")
        if path.exists() and not (path.is_file() and path.read_bytes()[: len(begins)] == begins):
            raise Refused(f"{path} is there already and is no table of Restride's; choose another folder with -o")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {(error.strerror or str(error)).lower()}") from error
    for table in TABLES:
        write_private(paths[table.name], text(table, report))
    return list(paths.values())
