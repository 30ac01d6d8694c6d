"""An archive that somebody gives us: nothing it says is believed before its bytes were compared."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ingest import zips
from ingest.containers import MAX_BYTES, MAX_RATIO, RATIO_COUNTS_FROM
from ingest.errors import IngestError
from monitor.portable import manifest as contents
from monitor.portable.errors import damaged
from monitor.portable.manifest import Manifest

_LONGEST_LINE = 50_000_000
_LONGEST_MANIFEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Unpacking:
    """An open archive whose table of contents fits what is in it."""

    name: str
    manifest: Manifest
    archive: zipfile.ZipFile

    def pieces(self, member: str) -> Iterator[bytes]:
        """Give a member's bytes piece by piece; they are those that were written once the last one has come.

        Raises:
            PortableError: they are not.
        """
        sealed = self.manifest.members[member]
        hashed, size_bytes = hashlib.sha256(), 0
        try:
            for piece in zips.chunks(self.archive, self.archive.getinfo(member), self.name):
                hashed.update(piece)
                size_bytes += len(piece)
                if size_bytes > sealed.size_bytes:
                    break
                yield piece
        except IngestError:
            raise damaged(self.name, f"{member} cannot be unpacked") from None
        if (size_bytes, hashed.hexdigest()) != (sealed.size_bytes, sealed.sha256):
            raise damaged(self.name, f"{member} is not what was put in")

    def data(self, member: str) -> bytes:
        """Give a member whole."""
        return b"".join(self.pieces(member))

    def lines(self, member: str) -> Iterator[dict[str, Any]]:
        """Give the objects of a member with a line of JSON for each.

        Raises:
            PortableError: the member was changed, or a line is no object.
        """
        rest = bytearray()
        for piece in self.pieces(member):
            rest += piece
            if b"\n" not in piece:
                if len(rest) > _LONGEST_LINE:
                    raise damaged(self.name, f"{member} has a line that is too long")
                continue
            *whole, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in whole:
                yield self._object(member, line)
        if rest:
            raise damaged(self.name, f"{member} ends in the middle of a line")

    def verify(self, on_member: Callable[[int], None] = lambda of: None) -> None:
        """Compare every byte with the table of contents; `on_member` is told how many members there are, after each.

        Raises:
            PortableError: anything is not what was put in.
        """
        for member in self.manifest.members:
            for _ in self.pieces(member):
                pass
            on_member(len(self.manifest.members))

    def _object(self, member: str, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line.decode("utf-8"), parse_constant=contents.refuse)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise damaged(self.name, f"{member} has a line that is no entry")
        return found


@contextmanager
def unpacking(path: Path) -> Iterator[Unpacking]:
    """Open an export or a backup, and compare its members' names and sizes with its table of contents.

    Raises:
        PortableError: it is none, is damaged, hostile, or of a newer version.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        yield _opened(file, path.name)


def _opened(file: BinaryIO, name: str) -> Unpacking:
    if not zips.is_zip(file.read(4)):
        raise contents.not_ours(name)
    file.seek(0)
    try:
        archive = zips.open_archive(file, name)
        listed = zips.files(archive)
    except IngestError:
        raise damaged(name, "it is cut off or broken") from None
    infos = {info.filename: info for info, _ in listed}
    if contents.NAME not in infos:
        raise contents.not_ours(name)
    if len(infos) != len(archive.filelist) or any(over for _, over in listed):
        raise damaged(name, "it holds members twice, over one another, or that are no files")
    if infos[contents.NAME].file_size > _LONGEST_MANIFEST:
        raise damaged(name, "its table of contents is too long")
    try:
        table = b"".join(_limited(zips.chunks(archive, infos[contents.NAME], name), _LONGEST_MANIFEST, name))
    except IngestError:
        raise damaged(name, "its table of contents cannot be unpacked") from None
    manifest = contents.read(table, name)
    if infos.keys() != manifest.members.keys() | {contents.NAME}:
        raise damaged(name, "there is more or less in it than its table of contents says")
    for member, sealed in manifest.members.items():
        info = infos[member]
        inflates = sealed.size_bytes > max(RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size)
        too_large = "/" in member and sealed.size_bytes > MAX_BYTES
        if info.file_size != sealed.size_bytes or inflates or too_large:
            raise damaged(name, f"{member} would be larger than it can be")
    return Unpacking(name=name, manifest=manifest, archive=archive)


def _limited(pieces: Iterator[bytes], most: int, name: str) -> Iterator[bytes]:
    for piece in pieces:
        most -= len(piece)
        if most < 0:
            raise damaged(name, "its table of contents is too long")
        yield piece
