"""One file of the inbox, opened: its bytes if they are whole, or why it waits."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import zips
from ingest.containers import HEAD_BYTES, MAX_BYTES, Member
from ingest.endings import unfinished, unfinished_archive
from ingest.errors import IngestError
from ingest.files import load, too_large
from ingest.formats import files_in
from ingest.inbox import Entry, signature_of, told_cause
from ingest.names import shown
from monitor.arrivals import GRACE_S, MOST_WAIT_S, may_still_arrive
from monitor.import_result import ImportResult, Outcome
from monitor.store import InboxFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ARRIVING, CANNOT_OPEN = "arriving", "cannot_open"
DAMAGED = "damaged"

_CHUNK = 1 << 20
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)  # it may have become a link since it was looked at,
    | getattr(os, "O_NONBLOCK", 0)  # or a pipe that nobody writes to
)
_NO_FILE_ANY_MORE = (errno.ENOENT, errno.ELOOP, errno.ENXIO)  # gone, a link, a socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Why a file is not taken in yet."""

    code: str
    message: str
    most_s: float = MOST_WAIT_S  # between two tries
    has_changed: bool = False  # the next look sees that, and nothing else has to pass


class Opening:
    """One file on its way.

    Attributes:
        row: what is known of it.
        awaited: how many results the importer gives for it; None while that is not known.
        is_gone: there is no such file any more.
        waits: why it is not settled, whatever its results.
        told: what came of it without the importer.
        sha256: of its bytes.
    """

    def __init__(self, entry: Entry, row: InboxFile, known_as: Callable[[str], str | None]) -> None:
        self.row = row
        self.awaited: int | None = None
        self.is_gone = False
        self.waits: Waits | None = None
        self.told: tuple[ImportResult, ...] = ()
        self.sha256: str | None = None
        self._entry = entry
        self._name = shown(entry.path.name)
        self._known_as = known_as
        self._is_archive = False

    def members(self) -> Iterator[Member] | None:
        """Open it, and give what is in it for the importer; None where there is nothing to import, or not yet."""
        try:
            source = _Source(os.open(self._entry.location, _FLAGS))
        except OSError as error:
            self.is_gone = error.errno in _NO_FILE_ANY_MORE
            if not self.is_gone:
                self._refused(error)
            return None
        file = io.BufferedReader(source)
        members = None
        try:
            members = self._whole(source, file)
        except OSError as error:
            self._refused(error)
        finally:
            if members is None or not self._is_archive:
                file.close()
        if members is None:
            self.awaited = 0
        return members

    def waits_after(self, results: Sequence[ImportResult]) -> Waits | None:
        """Say why an archive waits that was whole by its directory: members that may not be filled yet."""
        broken = any(result.outcome is Outcome.FAILED and result.code == DAMAGED for result in results)
        return self._arriving("has members that are broken so far") if self._is_archive and broken else None

    def _whole(self, source: _Source, file: io.BufferedReader[_Source]) -> Iterator[Member] | None:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            self.is_gone = True
            return None
        if self._has_changed(status):
            return None
        head = file.peek(HEAD_BYTES)[:HEAD_BYTES]
        self._is_archive = zips.is_zip(head)
        if self._is_archive:
            return self._archive(source, file, status)
        if status.st_size > MAX_BYTES:
            return self._counted(iter([Member(name=self._name, error=too_large(self._name))]))
        data = file.read(status.st_size + 1)  # not to its end: it may grow faster than it can be read
        if self._changed_meanwhile(file, status, len(data)):
            return None
        self.sha256 = hashlib.sha256(data).hexdigest()
        why = unfinished(data, self._name)
        # Bytes that were bad before are bad again and need no waiting, unless every file begins as they are.
        if why is not None and (not data.strip(b"\0") or self._known_as(self.sha256) is None):
            self.waits = self._arriving(why)
        return None if self.waits is not None else self._counted(files_in(data, self._name))

    def _archive(
        self, source: _Source, file: io.BufferedReader[_Source], status: os.stat_result
    ) -> Iterator[Member] | None:
        why = unfinished_archive(file)
        if why is not None:
            self.waits = self._arriving(why)
        if self.waits is not None:
            return None
        self.sha256 = _sha256(file, status.st_size)
        known_as = self._known_as(self.sha256)
        if known_as is not None:
            message = f"{self._name}: already known" + (f" as {known_as}" if known_as != self._name else "")
            path, outcome = self._entry.path, Outcome.ALREADY_KNOWN
            self.told = (ImportResult(path=path, name=self._name, outcome=outcome, message=message),)
            return None
        return self._read_in_pieces(source, file, status)

    def _read_in_pieces(
        self, source: _Source, file: io.BufferedReader[_Source], status: os.stat_result
    ) -> Iterator[Member]:
        with file:
            count = 0
            for member in files_in(file, self._name):
                count += 1
                yield member
            if source.trouble is not None:
                self._refused(source.trouble)
            else:
                self._changed_meanwhile(file, status, status.st_size)
        self.awaited = max(count, 1)  # of an empty archive the importer says that it is empty

    def _counted(self, members: Iterator[Member]) -> Iterator[Member]:
        count = 0
        for member in members:
            count += 1
            yield member
        self.awaited = max(count, 1)

    def _has_changed(self, status: os.stat_result) -> bool:
        """Say whether it is not what was looked at; a system that tells an open file otherwise is believed."""
        if signature_of(status) == self._entry.signature:
            return False
        try:
            now = signature_of(self._entry.path.lstat())
        except FileNotFoundError:
            self.is_gone = True
            return True
        if now == self._entry.signature:
            return False
        self._changes()
        return True

    def _changed_meanwhile(self, file: io.BufferedReader[_Source], before: os.stat_result, size: int) -> bool:
        after = os.fstat(file.fileno())
        if signature_of(after) == signature_of(before) and size == before.st_size:
            return False
        self._changes()
        return True

    def _changes(self) -> None:
        self.waits = Waits(code=ARRIVING, message=f"{self._name} is still being written.", has_changed=True)

    def _arriving(self, why: str) -> Waits | None:
        return arriving(self._name, why) if may_still_arrive(self.row) else None

    def _refused(self, error: OSError) -> None:
        cause, fix = told_cause(error, self._entry.path)
        self.waits = Waits(code=CANNOT_OPEN, message=f"{shown(self._entry.location)} {cause}. {fix}")
        self.awaited = 0


def arriving(name: str, why: str) -> Waits:
    """Say that a file seems not to be whole yet; why is the rest of a sentence that begins with its name."""
    told = (
        f"{name} seems to be still arriving: it {why}. It is looked at again, and read as it is once it has not "
        "changed for ten minutes."
    )
    return Waits(code=ARRIVING, message=told, most_s=GRACE_S / 4)


def read_sheet(entry: Entry, row: InboxFile) -> bytes | Waits:
    """Give the bytes of a sheet of check-ins if they are whole: half a row may say less than she wrote."""
    try:
        data = load(entry.path)
    except IngestError as error:
        return Waits(code=error.code, message=str(error))
    why = unfinished(data, entry.path.name)
    return data if why is None or not may_still_arrive(row) else arriving(shown(entry.path.name), why)


class _Source(io.FileIO):
    """An opened file that remembers when the system refused to read on, whatever became of the error above it."""

    trouble: OSError | None = None

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        try:
            return super().readinto(buffer)
        except OSError as error:
            self.trouble = error
            raise

    def readall(self) -> bytes:
        try:
            return super().readall()
        except OSError as error:
            self.trouble = error
            raise


def _sha256(file: io.BufferedReader[_Source], size: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(min(size, _CHUNK)):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()
