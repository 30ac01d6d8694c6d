"""Which files were meant: the paths that a person names, and what lies in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "@eadir"})  # lower case
JUNK_STARTS = (".", "~$")  # .DS_Store, ._copies, .stfolder and .stversions among them
JUNK_SUFFIXES = frozenset({".part", ".crdownload", ".tmp"})


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
        name = entry.name.lower()
        if name.startswith(JUNK_STARTS) or name in JUNK_NAMES or entry.suffix.lower() in JUNK_SUFFIXES:
            continue
        if entry.is_symlink():
            continue  # it may lead out of the folder, or round in circles
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
