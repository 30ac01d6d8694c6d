"""A file's bytes, where they may be read."""

from __future__ import annotations

import stat
from pathlib import Path

from ingest.containers import HEAD_BYTES, MAX_BYTES
from ingest.errors import TooLarge, Unreadable
from ingest.names import shown


def load(path: Path) -> bytes:
    """Read a file's bytes.

    Raises:
        Unreadable, TooLarge: in words, why not.
    """
    return _read(path, whole=True)


def load_head(path: Path) -> bytes:
    """Read a file's first bytes, however large it is.

    Raises:
        Unreadable: in words, why not.
    """
    return _read(path, whole=False)


def too_large(name: str) -> TooLarge:
    """Say that a file that is no archive is larger than any activity."""
    size = f"is larger than {MAX_BYTES // 1_000_000} MB, which no activity is"
    return TooLarge(name, size, "Check that it is the export of one activity.")


def _read(path: Path, *, whole: bool) -> bytes:
    name = shown(path.name)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            next(path.iterdir(), None)  # PermissionError where it may not be opened
            raise Unreadable(name, "is a folder with no export in it", "Put exports into it, or name a file.")
        if whole and status.st_size > MAX_BYTES:
            raise too_large(name)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(name, "is not a file", "Name a file that a watch or an app exported.")
        with path.open("rb") as file:
            if not whole:
                return file.read(HEAD_BYTES)
            data = file.read(status.st_size + 1)
            if len(data) > status.st_size:  # it has grown since, and may grow faster than it can be read
                data += file.read(max(0, MAX_BYTES + 1 - len(data)))
            if len(data) > MAX_BYTES:
                raise too_large(name)
            return data
    except FileNotFoundError as error:
        raise Unreadable(name, "is not there", "Check the name and the folder.") from error
    except PermissionError as error:
        raise Unreadable(name, "may not be opened by you", "Change its permissions, or copy it elsewhere.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no system can open
        raise Unreadable(name, "cannot be opened", "Check the name, or copy the file elsewhere.") from error
