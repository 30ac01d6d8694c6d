"""Which files were meant, and their bytes: the paths that a person names, and what lies in folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.containers import MAX_BYTES
from ingest.errors import TooLarge, Unreadable

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


def load(path: Path) -> bytes:
    """Read a file's bytes.

    Raises:
        Unreadable, TooLarge: in words, why not.
    """
    name = shown(path.name)
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # PermissionError where it may not be opened
            raise Unreadable(name, "is a folder without a file to import", "Put the watch's exports into it.")
        if path.stat().st_size > MAX_BYTES:
            size = f"is larger than {MAX_BYTES // 1_000_000} MB, which no activity is"
            raise TooLarge(name, size, "Check that it is the export of one activity.")
        if path.exists() and not path.is_file():
            raise Unreadable(name, "is not a file", "Name a file that a watch or an app exported.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(name, "is not there", "Check the name and the folder.") from error
    except PermissionError as error:
        raise Unreadable(name, "may not be opened by you", "Change its permissions, or copy it elsewhere.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no system can open
        raise Unreadable(name, "cannot be opened", "Check the name, or copy the file elsewhere.") from error


def shown(file_name: str) -> str:
    """Give a file's name as it can be shown and stored: without control characters and undecodable bytes."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in file_name)


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
