"""Where a report is written, in one file or as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.trouble import Refused
from monitor.report_file import is_report, write_private

if TYPE_CHECKING:
    from monitor.report.model import Report

FORMATS = ("html", "json", "csv")


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
