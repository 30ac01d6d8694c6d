"""A report as a file: its name, and that only its owner can read it, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.config import open_private
from monitor.facts import Runner

REPORT = b"<title>Return to running: "
"""What every report has in its head, since the first."""

DATA = b'{"format_version": '
"""How every report in JSON begins."""


class NotWritten(Exception):
    """A report cannot be written there; says why."""


def report_name(runner: Runner, runners: Sequence[Runner], when: str) -> str:
    """Name a report by its day or week, and by the number of a runner who is not the first: none replaces another's."""
    return f"restride-{when}" + ("" if runners[0].id == runner.id else f"-{runner.id}")


def is_report(path: Path) -> bool:
    """Tell whether a file is a report of Restride's; one that cannot be read is none."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    if head.startswith(DATA):
        return True
    return head.lstrip()[:14].lower() == b"<!doctype html" and REPORT in head


def write_private(path: Path, text: str) -> None:
    """Write a text file beside its place and rename it, so that an earlier one is whole until this one is.

    Raises:
        NotWritten: the folder is missing or not writable, or the path is a folder.
    """
    if path.is_dir():
        raise NotWritten(f"{path} is a folder; name a file in it")
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)  # left by a crash
        with open_private(temporary) as file:
            file.write(text.encode("utf-8"))
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotWritten(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}; choose another with -o"
        ) from error
