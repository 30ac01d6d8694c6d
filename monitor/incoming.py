"""Which files were meant: the paths that a person names, and what lies in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.names import is_junk


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Give the files named and those in the folders named, each once.

    Folders are walked in the order of names; what systems, sync programs and unfinished downloads leave there is left
    out, and links are not followed. What cannot be imported (missing, or a folder with nothing in it) is given as it
    is, so that importing it says why.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = list(_walk(path)) if _is_folder(path) else []
        found.update(dict.fromkeys(inside or [path]))
    return list(found)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield folder  # importing it says why it cannot be opened
        return
    for entry in entries:
        if is_junk(entry.name) or entry.is_symlink():
            continue  # a link may lead out of the folder, or round in circles
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
