"""What lies in the inbox just now, by names and stat alone: nothing is opened, nothing is written, nobody is asked.

Looking is cheap enough to be repeated for months, and is the only truth about the folder: events get lost on shares.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.names import is_junk

SEPARATOR = "/"  # between the parts of a key, on every system
INBOX_MISSING, INBOX_UNREADABLE, FOLDER_UNREADABLE = "inbox_missing", "inbox_unreadable", "folder_unreadable"
_JUNCTION = 0xA0000003  # Windows' tag of a folder that is a link to another


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in the inbox, as it was at one look."""

    key: str  # its path under the inbox, parts joined by "/"; bytes that are no text are written \\xNN
    location: str  # where it is; `path` gives it as such
    size_bytes: int
    mtime_ns: int
    ctime_ns: int

    @property
    def path(self) -> Path:
        """Give where it is; made when asked for, since a look makes thousands of entries that nobody opens."""
        return Path(self.location)

    @property
    def signature(self) -> tuple[int, int, int]:
        """Give what tells new bytes under an old name: size, and when bytes and entry last changed."""
        return self.size_bytes, self.mtime_ns, self.ctime_ns

    @property
    def folder(self) -> str | None:
        """Give the folder under the inbox that it lies in, a runner's by default; None at the root."""
        first, separator, _ = self.key.partition(SEPARATOR)
        return first if separator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTrouble:
    """A folder, or files in one, that could not be looked at."""

    code: str  # INBOX_MISSING, INBOX_UNREADABLE, FOLDER_UNREADABLE
    path: Path
    message: str  # what, why and what to do: names the path, and for permissions who we are


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The inbox as it was at one look."""

    is_there: bool  # False: missing or unreadable, and nothing can be said about any file
    entries: tuple[Entry, ...] = ()  # in the order of keys
    troubles: tuple[FolderTrouble, ...] = ()


def look(inbox: Path, *, leave_out: Collection[Path] = ()) -> Look:
    """Look at all files in the inbox and its folders.

    Left out are what systems, sync programs and unfinished downloads leave there, links (they may lead out of the
    folder, or round in circles; the inbox itself may be one) and what is no file. A folder that cannot be looked into
    is a trouble and does not hide the others.

    Args:
        inbox: the folder.
        leave_out: folders in it that are not looked into.
    """
    walk = _Walk(leave_out)
    try:
        entries = list(walk.folder(str(inbox), ""))
    except OSError as error:
        return Look(is_there=False, troubles=(_inbox_trouble(inbox, error),))
    if walk.refused is not None and not entries:
        return Look(is_there=False, troubles=(_inbox_trouble(inbox, walk.refused),))
    for path, prefix in walk.below():
        try:
            entries += walk.folder(path, prefix)
        except FileNotFoundError:
            continue  # removed since its parent was listed
        except OSError as error:
            walk.troubles.append(_folder_trouble(Path(path), error))
    entries.sort(key=_key)
    return Look(is_there=True, entries=tuple(entries), troubles=tuple(walk.troubles))


def signature_of(status: os.stat_result) -> tuple[int, int, int]:
    """Give what tells new bytes under an old name, as an `Entry` has it.

    A time in nanoseconds passes 64 bits in the year 2262, and file systems hold later ones than that.
    """
    return status.st_size, _in_64_bits(status.st_mtime_ns), _in_64_bits(status.st_ctime_ns)


def told_cause(error: OSError, path: Path) -> tuple[str, str]:
    """Say why the system refuses a path, as the rest of a sentence that begins with the path, and what to do."""
    if not isinstance(error, PermissionError):
        reason = (error.strerror or "unknown cause").lower()
        return f"cannot be read: {reason}", "Check that the drive or share it lies on is connected; it is tried again."
    as_same = "run the program that puts files there as the same user"
    if not hasattr(os, "geteuid"):
        return "may not be read by the user that Restride runs as", f"Let that user read it, or {as_same}."
    uid = os.geteuid()
    try:
        whose = "u" if path.lstat().st_uid == uid else "o"
    except OSError:
        whose = "o"
    return f"may not be read by uid {uid}", f"Let it be read, with: chmod {whose}+rX '{path}'; or {as_same}."


class _Walk:
    """One way through the folders."""

    def __init__(self, leave_out: Collection[Path]) -> None:
        self.troubles: list[FolderTrouble] = []
        self.refused: OSError | None = None  # by the folder last looked at, of what is in it
        self._left_out = {found for path in leave_out if (found := _identity(path)) is not None}
        self._below: list[tuple[str, str]] = []

    def below(self) -> Iterator[tuple[str, str]]:
        """Give the folders met so far and not yet given, each with the beginning of its files' keys."""
        while self._below:
            yield self._below.pop()

    def folder(self, path: str, prefix: str) -> list[Entry]:
        """Look at the files in one folder, and note the folders in it."""
        entries: list[Entry] = []
        self.refused = None
        with os.scandir(path) as found:
            for one in found:
                name = one.name
                if is_junk(name):
                    continue
                try:
                    status = one.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # renamed or removed since the folder was listed
                except OSError as error:  # a folder that may be listed and not entered refuses each of them
                    self.refused = error
                    continue
                if stat.S_ISREG(status.st_mode):
                    size, mtime, ctime = signature_of(status)
                    key = prefix + _as_text(name)
                    entries.append(Entry(key=key, location=one.path, size_bytes=size, mtime_ns=mtime, ctime_ns=ctime))
                elif _is_folder(status) and not (self._left_out and _identity(Path(one.path)) in self._left_out):
                    self._below.append((one.path, prefix + _as_text(name) + SEPARATOR))
        if self.refused is not None:
            self.troubles.append(_folder_trouble(Path(path), self.refused))
        return entries


def _in_64_bits(number: int) -> int:
    return max(-(1 << 63), min(number, (1 << 63) - 1))


def _key(entry: Entry) -> str:
    return entry.key


def _as_text(name: str) -> str:
    """Write a name as text: bytes that are none as \\xNN, and so the sign that begins this."""
    if name.isascii() and "\\" not in name:
        return name
    return (
        "".join(
            f"\\x{ord(sign) - 0xDC00:02x}" if "\udc80" <= sign <= "\udcff" else "\\x5c" if sign == "\\" else sign
            for sign in name
        )
        .encode("utf-8", "backslashreplace")
        .decode("utf-8")
    )


def _is_folder(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and getattr(status, "st_reparse_tag", 0) != _JUNCTION


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _inbox_trouble(inbox: Path, error: OSError) -> FolderTrouble:
    if isinstance(error, FileNotFoundError):
        told = (
            f"The inbox {inbox} is not there. If it lies on a drive or a share, connect it; else make the folder, or "
            "name another with: restride init --inbox DIR. What came from it before stays as it is."
        )
        return FolderTrouble(code=INBOX_MISSING, path=inbox, message=told)
    if isinstance(error, NotADirectoryError):
        told = f"The inbox {inbox} is a file, not a folder. Name a folder with: restride init --inbox DIR"
        return FolderTrouble(code=INBOX_UNREADABLE, path=inbox, message=told)
    cause, fix = told_cause(error, inbox)
    return FolderTrouble(code=INBOX_UNREADABLE, path=inbox, message=f"The inbox {inbox} {cause}. {fix}")


def _folder_trouble(path: Path, error: OSError) -> FolderTrouble:
    cause, fix = told_cause(error, path)
    return FolderTrouble(code=FOLDER_UNREADABLE, path=path, message=f"The folder {path} {cause}. {fix}")
