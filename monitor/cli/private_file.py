"""Files that only their owner can read, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from monitor.cli.trouble import Refused
from monitor.config import open_private

REPORT = b"<title>Return to running: "
"""What every report has in its head, since the first."""


DATA = b'{"format_version": '
"""How every report in JSON begins."""


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
        Refused: the folder is missing or not writable, or the path is a folder.
    """
    if path.is_dir():
        raise Refused(f"{path} is a folder; name a file in it")
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)  # left by a crash
        with open_private(temporary) as file:
            file.write(text.encode("utf-8"))
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Refused(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}; choose another with -o"
        ) from error
