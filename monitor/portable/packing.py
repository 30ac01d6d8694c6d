"""An archive being written: private, beside its place, and renamed when it is whole; every member hashed on its way."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.containers import RATIO_COUNTS_FROM
from monitor.archive import Archive, ArchiveError
from monitor.config import absolute, open_private, real
from monitor.portable import manifest as contents
from monitor.portable.errors import PortableError
from monitor.portable.manifest import Manifest, Sealed
from monitor.text import storable

_FIRST = datetime(1980, 1, 1)  # noqa: DTZ001 (before it a ZIP knows no time, and some clocks begin in 1970)
_PACKED = frozenset({b"\x1f\x8b", b"PK"})  # gzip, ZIP: deflating them again is time for nothing


@dataclass(slots=True)
class Packing:
    """The archive while it is written."""

    zip: zipfile.ZipFile
    at: datetime
    members: dict[str, Sealed] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = False) -> None:
        """Add a member, piece by piece."""
        info = zipfile.ZipInfo(name, self.at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        hashed, size_bytes = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                hashed.update(piece)
                size_bytes += len(piece)
        self.members[name] = Sealed(size_bytes=size_bytes, sha256=hashed.hexdigest())

    def add_lines(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows as lines of JSON, and count them."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
                yield f"{storable(line)}\n".encode()  # earlier versions kept a note's bytes that are no letters

        self.add(name, lines())
        return count

    def add_archived(self, folder: str, archive: Archive, sha256: str) -> bool:
        """Add the archived copy of a file; False, and it is noted, where there is none or it is damaged."""
        try:
            data = archive.get(sha256)
        except (ArchiveError, OSError):
            self.missing.append(sha256)
            return False
        # A large file stays as it is: one that deflates too well would be taken for a bomb when it comes back.
        self.add(f"{folder}/{sha256}", [data], packed=data[:2] in _PACKED or len(data) > RATIO_COUNTS_FROM)
        return True


@contextmanager
def packing(target: Path, sealed_with: list[Manifest], *, replace_fuller: bool = False) -> Iterator[Packing]:
    """Write an archive; it is at its place when the block has ended, and not at all when an error leaves it.

    Args:
        target: where to.
        sealed_with: the block puts the manifest in, without its members, before it ends.
        replace_fuller: also replace an earlier one that holds more.

    Raises:
        PortableError: the place cannot be written, or what is there holds more.
    """
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)  # left by a crash
        file = open_private(temporary)
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        with file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                packed = Packing(archive, max(datetime.now(), _FIRST))  # noqa: DTZ005 (a ZIP keeps local times)
                yield packed
                manifest = replace(
                    sealed_with[-1],
                    program=contents.program_version(),
                    members=dict(packed.members),
                    missing=tuple(packed.missing),
                )
                if not replace_fuller:
                    _check_not_fuller(target, manifest)
                packed.add(contents.NAME, [contents.written(manifest)])
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        if error.filename not in (None, str(temporary), str(target)):
            raise
        raise _unwritable(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def checked_target(path: Path, data_dir: Path, *, kind: str, runner: str | None = None) -> Path:
    """Give the place for an archive, absolute, once nothing would be lost or hidden there.

    Raises:
        PortableError: it is inside the data folder, or something else than an earlier archive of the same is there.
    """
    target = absolute(path)
    if real(target).is_relative_to(real(data_dir)):
        raise PortableError(
            f"{target} is inside the data folder, and would be lost with it. Choose a place elsewhere with -o."
            if kind == contents.EXPORT
            else f"{target} is inside the data folder, and would be lost with it. Choose a place elsewhere."
        )
    if target.is_dir():
        raise PortableError(f"{target} is a folder; name a file in it.")
    if target.exists() and not _is_earlier(target, kind, runner):
        raise PortableError(f"{target} is there already and is something else; choose another name.")
    return target


def manifest_of(path: Path) -> Manifest | None:
    """Read the table of contents of an archive of ours; None where a file is none, or cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(contents.NAME) as member:
            return contents.read(member.read(100_000_000), path.name)
    except (PortableError, KeyError, OSError, zipfile.BadZipFile, ValueError, RuntimeError, EOFError):
        return None


def _is_earlier(path: Path, kind: str, runner: str | None) -> bool:
    """Tell whether a file is an archive of the same kind, of the same runner."""
    found = manifest_of(path)
    return found is not None and (found.kind, found.runner) == (kind, runner)


def _check_not_fuller(target: Path, manifest: Manifest) -> None:
    """Refuse to replace an archive by one that holds less: it may be the only copy of what was lost meanwhile."""
    earlier = manifest_of(target)
    if earlier is None:
        return
    before, now = earlier.holds(), manifest.holds()
    if any(now.get(what, count) < count for what, count in before.items()):
        raise PortableError(
            f"{target} holds more than there is now ({_counted(before)}; now {_counted(now)}), and was not replaced: "
            "it may be the only copy of what is missing. Choose another name; or, if that is meant, add --replace."
        )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in counts.items())


def _unwritable(target: Path, error: OSError) -> PortableError:
    cause = (error.strerror or "it cannot be written").lower()
    return PortableError(f"{target} cannot be written: {cause}. Choose another place.")
