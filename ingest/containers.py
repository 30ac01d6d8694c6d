"""Files inside files: gzip and ZIP, recognised by their first bytes and unpacked in memory, under limits.

A member of an archive comes as bytes, one at a time; nothing is written to the disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from ingest import gzips, zips
from ingest.errors import Damaged, EmptyFile, Encrypted, IngestError, NotAnActivity, TooLarge, UnknownFormat, Unreadable
from ingest.names import INSIDE, is_junk, parts_inside, promises, shown, shown_inside

MAX_BYTES = 200_000_000
"""No activity is larger: a day at one sample a second is 5 MB as FIT and 40 MB as GPX."""

MAX_RATIO = 200
"""Real exports shrink to a tenth, the most regular to a fiftieth; a bomb to a thousandth."""

RATIO_COUNTS_FROM = 10_000_000
"""Small files may shrink as much as they like."""

MAX_DEPTH = 3
"""A mail program packs what was packed already; nobody does so four times."""

MAX_TOTAL_BYTES = 50_000_000_000
"""All that is read out of one archive; the largest exports hold ten."""

HEAD_BYTES = 8192
"""What is looked at to recognise a format."""

_IMPORT_INSIDE = "Unpack the archive, and import what is inside."
_UNTRUSTED = "Do not open it unless you know where it comes from; else unpack it and import the folder of activities."


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file that came by itself or in an archive: its bytes, or why there are none.

    A `NotAnActivity` for an error says that it is something else, a picture or a table, and was not even read.
    """

    name: str  # export.zip › activities/1.fit
    inside: str | None = None  # activities/1.fit; None for a file that came by itself
    data: bytes | None = None
    error: IngestError | None = None


Wanted = Callable[[bytes], bool]
"""Says whether a file that begins like this may be a recording."""


def members(
    source: Path | bytes | BinaryIO,
    file_name: str,
    *,
    wanted: Wanted,
    on_open: Callable[[int], None] = lambda files: None,
) -> Iterator[Member]:
    """Give the files in a ZIP archive and in the archives in it, one after another.

    What systems and sync programs leave in archives is passed over, and links are not followed. One member that cannot
    be read does not stop the others; where reading on would take too long, the last one given is the archive itself.

    Args:
        source: the archive's path, its bytes, or the opened file, which stays open.
        file_name: its name, for messages.
        wanted: whether a file that begins like this may be a recording; of others only those are read whose names
            promise one.
        on_open: is told the number of files in each archive as it is opened.
    """
    name = shown(file_name)
    try:
        opened = _opened(source)
    except OSError as error:
        told = Unreadable(name, "cannot be opened", "Check its permissions, or copy the file elsewhere.")
        told.__cause__ = error
        yield Member(name=name, error=told)
        return
    with opened as file:
        size = file.seek(0, io.SEEK_END)
        walk = _Walk(wanted, on_open, min(MAX_TOTAL_BYTES, max(MAX_RATIO * size, MAX_BYTES)))
        try:
            yield from walk.archive(file, name, (), 1)
        except _Spent:
            unpacked = f"unpacks to more than {walk.allowed // 1_000_000} MB, so the rest of it was not read"
            yield Member(name=name, error=TooLarge(name, unpacked, _UNTRUSTED))


def _opened(source: Path | bytes | BinaryIO) -> AbstractContextManager[BinaryIO]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else nullcontext(source)


class _Spent(Exception):
    """More has been unpacked, or more members have come, than one archive may hold."""


class _Walk:
    """One way through an archive, and how much it may still take."""

    def __init__(self, wanted: Wanted, on_open: Callable[[int], None], allowed: int) -> None:
        self.allowed = allowed
        self._left = allowed
        self._files_left = zips.MAX_MEMBERS
        self._wanted = wanted
        self._on_open = on_open

    def archive(self, file: BinaryIO, name: str, above: tuple[str, ...], depth: int) -> Iterator[Member]:
        try:
            archive = zips.open_archive(file, name)
        except IngestError as error:
            yield Member(name=name, inside=INSIDE.join(above) or None, error=error)
            return
        with archive:
            listed = [(info, parts_inside(info.filename), is_over) for info, is_over in zips.files(archive)]
            listed = [(info, parts, is_over) for info, parts, is_over in listed if not any(map(is_junk, parts))]
            self._on_open(len(listed))
            if listed and all(info.flag_bits & 0x1 for info, _, _ in listed):
                locked = Encrypted(name, "is locked with a password", _IMPORT_INSIDE)
                yield Member(name=name, inside=INSIDE.join(above) or None, error=locked)
                return
            for info, parts, is_over in listed:
                self._files_left -= 1
                if self._files_left < 0:
                    raise _Spent
                inside = (*above, shown_inside(parts))
                full = name + INSIDE + inside[-1]
                try:
                    if is_over:
                        raise Damaged(full, "lies over another file of its archive", "Request the export again.")
                    yield from self._member(file, archive, info, full, inside, depth)
                except IngestError as error:
                    yield Member(name=full, inside=INSIDE.join(inside), error=error)

    def _member(
        self, file: BinaryIO, archive: ZipFile, info: ZipInfo, name: str, inside: tuple[str, ...], depth: int
    ) -> Iterator[Member]:
        pieces = zips.chunks(archive, info, name)
        other = NotAnActivity(
            name, "is something else than a recording, and was left out", "There is nothing to do about it."
        )
        try:
            first = next(pieces, b"")
        except (Encrypted, UnknownFormat) as error:
            raise error if promises(inside[-1]) else other from error
        self._take(len(first))
        head = begins(first)
        is_archive = zips.is_zip(head)
        if not is_archive and not self._wanted(head) and not promises(inside[-1]):
            raise other
        if is_archive and depth == MAX_DEPTH:
            raise TooLarge(name, "is packed again and again", _IMPORT_INSIDE)
        part = zips.stored_part(file, archive, info) if zips.is_zip(first) else None
        if part is not None:
            with part:
                yield from self.archive(part, name, inside, depth + 1)
            return
        data = self._whole(first, pieces, info, name)
        if not is_archive:
            yield Member(name=name, inside=INSIDE.join(inside), data=data)
            return
        with io.BytesIO(innermost(data, name)) as unpacked:
            del data
            yield from self.archive(unpacked, name, inside, depth + 1)

    def _whole(self, first: bytes, rest: Iterator[bytes], info: ZipInfo, name: str) -> bytes:
        if info.file_size > MAX_BYTES:
            raise TooLarge(name, f"is larger than {MAX_BYTES // 1_000_000} MB", _IMPORT_INSIDE)
        gathered = bytearray(first)
        for piece in rest:
            gathered += piece
            self._take(len(piece))
            check_size(len(gathered), info.compress_size, name)
        return bytes(gathered)

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _Spent


def begins(data: bytes) -> bytes:
    """Give the first bytes of what is inside gzip, or of the data itself; nothing where the gzip is broken."""
    for _ in range(MAX_DEPTH):
        if not data.startswith(gzips.MAGIC):
            break
        data = gzips.begins(data, HEAD_BYTES)
    return data[:HEAD_BYTES]


def check_size(size: int, packed_size: int, name: str) -> None:
    """Stop where more has been unpacked than an activity can have.

    Raises:
        TooLarge: more than any activity, or packed beyond belief.
    """
    if size > MAX_BYTES or (size > RATIO_COUNTS_FROM and size > MAX_RATIO * packed_size):
        raise TooLarge(
            name,
            f"unpacks to more than {size // 1_000_000} MB, which no activity does",
            "Do not open it unless you know where it comes from; export the activity once more.",
        )


def innermost(data: bytes, file_name: str) -> bytes:
    """Unpack gzip until something else appears; give bytes that are not packed back as they are.

    Raises:
        TooLarge: more bytes than an activity can have, or packed beyond belief.
        Damaged: the packed file is cut off or fails its own checksum.
        EmptyFile: nothing is inside.
    """
    return unpacked(data, file_name)[0]


def unpacked(data: bytes, file_name: str) -> tuple[bytes, int]:
    """Do as `innermost`, and say how many bytes after the end of what is packed were left out."""
    surplus = 0
    for _ in range(MAX_DEPTH):
        if not data.startswith(gzips.MAGIC):
            return data, surplus
        data, more = _gunzip(data, file_name)
        surplus += more
        if not data:
            raise EmptyFile(file_name, "is a packed file with nothing inside", "Export the activity once more.")
    if data.startswith(gzips.MAGIC):
        raise TooLarge(file_name, "is packed again and again", "Unpack it first and import what is inside.")
    return data, surplus


def _gunzip(data: bytes, file_name: str) -> tuple[bytes, int]:
    unpacked = bytearray()
    pieces = gzips.pieces(data)
    while True:
        try:
            unpacked += next(pieces)
        except StopIteration as end:
            return bytes(unpacked), end.value
        except gzips.Broken as error:
            cause = "is a packed file that is cut off or broken"
            raise Damaged(file_name, cause, "Copy it once more, or export the activity again.") from error
        except gzips.Endless as error:
            cause = f"is packed in more than {gzips.MAX_STREAMS} pieces"
            raise TooLarge(file_name, cause, "Unpack it first and import what is inside.") from error
        check_size(len(unpacked), len(data), file_name)
