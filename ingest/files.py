"""A file's bytes and its name, as they may be read and shown."""

from __future__ import annotations

from pathlib import Path

from ingest.containers import MAX_BYTES
from ingest.errors import TooLarge, Unreadable


def load(path: Path) -> bytes:
    """Read a file's bytes.

    Raises:
        Unreadable, TooLarge: in words, why not.
    """
    name = shown(path.name)
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # PermissionError where it may not be opened
            raise Unreadable(name, "is a folder, not an export", "Name a file, or put exports into the folder.")
        if path.stat().st_size > MAX_BYTES:
            size = f"is larger than {MAX_BYTES // 1_000_000} MB, which no activity is"
            raise TooLarge(name, size, "Check that it is the export of one activity.")
        if not path.is_file():
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
