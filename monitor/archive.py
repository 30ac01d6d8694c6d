"""A private copy of every original file, named by its content.

The files are the truth and everything read from them can be rebuilt, so a copy is complete or not there at all: it is
written beside its place, forced to the disk, and then renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.config import make_private, prepare_folder

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ArchiveError(Exception):
    """An archived file that is missing or no longer what was put there."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The folder of archived originals: `<first two digits>/<sha256>`."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep these bytes and give their SHA-256; a second time changes nothing.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
            ConfigError: the folder cannot be made.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._path(sha256)
        with suppress(FileNotFoundError):
            if target.stat().st_size == len(data) and target.read_bytes() == data:
                return sha256
        prepare_folder(self.folder)
        prepare_folder(target.parent)
        # mkstemp makes the file 0600; a name of its own lets two processes put the same bytes at once.
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            make_private(temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        force_folder(target.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Give the bytes of this name, checked against it.

        Raises:
            ArchiveError: the copy is missing or damaged.
        """
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise ArchiveError(
                f"The archived copy {sha256[:12]}… is missing. Restore the archive folder from a backup, or import the "
                "original file again."
            ) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ArchiveError(
                f"The archived copy {sha256[:12]}… is damaged: its bytes are not those that were imported. Restore "
                "the archive folder from a backup, or import the original file again."
            )
        return data

    def sweep(self, older_than_s: float) -> int:
        """Remove what a process that was killed while putting left behind, and give how many files that were.

        Args:
            older_than_s: younger ones may belong to a process that is putting just now.
        """
        removed = 0
        before = time.time() - older_than_s
        for left in self.folder.glob("??/.*.tmp"):
            with suppress(OSError):  # another process sweeps as well, or it may not be removed: it does no harm
                if left.stat().st_mtime <= before:
                    left.unlink()
                    removed += 1
        return removed

    def names(self) -> Iterator[str]:
        """Name the copies that there are, by SHA-256."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def has(self, sha256: str) -> bool:
        """Say whether there is a copy of this name; `get` says whether it is whole."""
        return self._path(sha256).is_file()

    def holds_any(self) -> bool:
        """Say whether there is a copy of anything."""
        return any(path.is_file() for path in self.folder.glob("??/[!.]*"))

    def size_bytes(self, sha256: str) -> int | None:
        """Give the size of a copy without reading it; None where there is none."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def drop(self, sha256: str) -> None:
        """Remove a copy; one that is not there is no trouble."""
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        with suppress(OSError):  # others are in it, or another process just removed it
            path.parent.rmdir()

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal digits")
        return self.folder / sha256[:2] / sha256


def force_folder(folder: Path) -> None:
    """Force a rename to the disk, where a folder can be opened (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
