"""Which files were meant: the paths that a person names, and what lies in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.names import is_junk
from monitor.config import Settings, real


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


def not_kept(path: Path, files: list[Path], settings: Settings) -> list[Path]:
    """Leave out of a folder around the data folder what Restride keeps there: copies that may be another runner's."""
    kept, inbox = real(settings.data_dir), real(settings.inbox_dir)
    if real(path) not in kept.parents:  # a folder within it was meant as it was named
        return files
    return [file for file in files if kept not in (where := real(file)).parents or inbox in where.parents]


def _walk(folder: Path) -> Iterator[Path]:
    """Give the files in a folder and below it; not by recursion, for folders may be nested a thousand deep."""
    left = [(str(folder), True)]  # the next one last; what is no folder is a file
    while left:
        here, is_folder = left.pop()
        try:
            inside = _listed(here) if is_folder else None
        except OSError:
            inside = None  # importing it says why it cannot be opened
        if inside is None:
            yield Path(here)
        else:
            left += reversed(inside)


def _listed(folder: str) -> list[tuple[str, bool]]:
    """List the files and folders in a folder in the order of their names; True for a folder."""
    with os.scandir(folder) as entries:
        named = sorted((entry for entry in entries if not is_junk(entry.name)), key=lambda entry: entry.name)
    folders = {entry.path for entry in named if entry.is_dir(follow_symlinks=False)}
    # A link may lead out of the folder, or round in circles; what is neither file nor folder holds nothing.
    return [
        (entry.path, entry.path in folders)
        for entry in named
        if entry.path in folders or entry.is_file(follow_symlinks=False)
    ]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
