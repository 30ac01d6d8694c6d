"""ZIP archives, opened without believing a word they say about themselves.

Nothing is written to the disk and no name is used as a path. The directory is looked at before `zipfile` takes it in,
and members are inflated piece by piece, so that neither can take more time or memory than the limits allow.
"""

from __future__ import annotations

import io
import itertools
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import Damaged, Encrypted, IngestError, TooLarge, UnknownFormat

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_MEMBERS = 100_000
"""Ten years of a watch's export are thirty thousand files."""

MAGIC = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
)  # the first member's header; an empty archive; one of several parts

_CHUNK = 1 << 16
_MAX_DIRECTORY_BYTES = 32_000_000  # all at once in memory; with names of usual length 200,000 entries
_ENTRY = struct.Struct("<4s6H3L5H2L")  # one entry of the central directory, without its name
_ENTRY_MAGIC = b"PK\x01\x02"
_UTF8_NAME = 0x800
_NEWEST_VERSION = 63
_HEADER_BYTES = 30  # before the name of a member, where it begins

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,  # passwords; what zipfile does not know (patched data, strong encryption) is a kind of it
    ValueError,  # offsets before the beginning, names that are not in their own encoding
    OverflowError,
    OSError,
)


def is_zip(head: bytes) -> bool:
    """Say whether these first bytes begin a ZIP archive."""
    return head.startswith(MAGIC)


def open_archive(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open an archive and read its directory, under limits.

    Raises:
        TooLarge: more members than any export has.
        Damaged: cut off, or broken.
    """
    guarded = _Guarded(file, name)
    try:
        archive = zipfile.ZipFile(guarded)
    except IngestError:
        raise
    except _BROKEN as error:
        raise Damaged(
            name, "is an archive that is cut off or broken", "Copy it once more, or request the export again."
        ) from error
    guarded.watches = False
    return archive


def files(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, bool]]:
    """List the members that are files, neither folders nor links; beside each, whether another lies over it."""
    starts = sorted(info.header_offset for info in archive.filelist)
    after = dict(zip(starts, [*starts, archive.start_dir][1:], strict=True))  # of equal starts the last one counts
    twice = {one for one, next_one in itertools.pairwise(starts) if one == next_one}
    listed = []
    for info in archive.filelist:
        # Not is_dir(), which falls over a member without a name.
        if info.filename.endswith("/") or stat.S_ISLNK(info.external_attr >> 16):
            continue
        end = info.header_offset + _HEADER_BYTES + info.compress_size
        listed.append((info, end > after[info.header_offset] or info.header_offset in twice))
    return listed


def chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Give a member's bytes piece by piece; its checksum has been compared when the last one has come.

    Raises:
        Encrypted, UnknownFormat, Damaged: in words, why not.
    """
    if info.flag_bits & 0x1:
        raise Encrypted(name, "is locked with a password", "Unpack the archive, and import what is inside.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others inflate without bounds
        raise UnknownFormat(name, "is packed in a rare way", "Unpack the archive, and import what is inside.")
    try:
        with archive.open(info) as member:
            while piece := member.read(_CHUNK):
                yield piece
    except _BROKEN as error:
        raise Damaged(
            name, "is cut off or broken inside its archive", "Copy the archive once more, or request the export again."
        ) from error


def stored_part(file: BinaryIO, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> io.BufferedReader | None:
    """Give a member that is not compressed as a file of its own, without reading it; None where that cannot be."""
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        return None
    file.seek(info.header_offset)
    header = file.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or not header.startswith(MAGIC[0]):
        return None
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26)
    start = info.header_offset + _HEADER_BYTES + name_bytes + extra_bytes
    if start + info.file_size > archive.start_dir:
        return None
    return io.BufferedReader(_Part(file, start, info.file_size))


class _Guarded:
    """A file whose directory is counted, and mended where one odd entry would cost all others, as zipfile reads it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.watches = True

    def read(self, size: int = -1) -> bytes:
        if self.watches and size > _MAX_DIRECTORY_BYTES:
            raise self._too_many()
        data = self._file.read(size)
        return self._directory(data) if self.watches and data.startswith(_ENTRY_MAGIC) else data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the file open: it is not ours."""

    def _directory(self, data: bytes) -> bytes:
        if data.count(_ENTRY_MAGIC) > MAX_MEMBERS:
            raise self._too_many()
        mended = bytearray(data)
        at = 0
        while at + _ENTRY.size <= len(data):
            fields = _ENTRY.unpack_from(data, at)
            if fields[0] != _ENTRY_MAGIC:
                break
            needed, flags = fields[2], fields[3]
            name_bytes, extra_bytes, comment_bytes = fields[10:13]
            name = data[at + _ENTRY.size : at + _ENTRY.size + name_bytes]
            if flags & _UTF8_NAME and not _is_utf8(name):
                struct.pack_into("<H", mended, at + 8, flags & ~_UTF8_NAME)
            if needed > _NEWEST_VERSION:
                struct.pack_into("<H", mended, at + 6, _NEWEST_VERSION)
            at += _ENTRY.size + name_bytes + extra_bytes + comment_bytes
        return bytes(mended)

    def _too_many(self) -> TooLarge:
        return TooLarge(
            self._name,
            f"is an archive of more than {MAX_MEMBERS} files",
            "Do not open it unless you know where it comes from; else unpack it and import the folder of activities.",
        )


class _Part(io.RawIOBase):
    """A stretch of another file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self._size - self._at))
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
