"""What lies in the data folder beside what Restride keeps there: files that were moved there, copies, backups."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest import gzips, zips
from ingest.containers import innermost
from ingest.errors import IngestError
from monitor.config import SETTINGS_FILE, Settings

_CHUNK = 1 << 20
_SQLITE = b"SQLite format 3\x00"
_HALF_MOVED = re.compile(r"\.restride-[0-9a-f]{16}\.tmp")  # as `monitor.moving` names it
_OWN = re.compile(
    r"(\.?restride\.db(\.restoring)?(-wal|-shm|-journal)?|watch\.(json|lock|log.*)|[a-z-]+\.lock|forget\.pending|.*\.tmp)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strays:
    """Files that Restride does not keep where they are, and that hold something of a runner."""

    hers: tuple[Path, ...]  # her exports, as a watcher moved them here, or halves of them
    saved: tuple[Path, ...]  # exports, backups and databases with her in them: not to be lost without a word
    closed: int  # files and folders that cannot be looked into


def strays(settings: Settings, name: str, hashes: AbstractSet[str], sizes: AbstractSet[int]) -> Strays:
    """Look through a data folder for what holds something of a runner; the inbox and what has rows is left out.

    Args:
        settings: the data folder.
        name: hers.
        hashes: the SHA-256 of files that she alone has.
        sizes: of those files; others are not read.
    """
    hers: list[Path] = []
    saved: list[Path] = []
    closed = 0
    for path in _walk(settings):
        if path is None:
            closed += 1
            continue
        try:
            with path.open("rb") as file:
                head = file.read(len(_SQLITE))
            if _HALF_MOVED.fullmatch(path.name):
                hers.append(path)
            elif (head == _SQLITE and _has_her(path, name)) or (zips.is_zip(head) and _is_saved(path, name)):
                saved.append(path)
            elif _may_hold(head, path, sizes) and not hashes.isdisjoint(hashes_of(path)):
                hers.append(path)
        except FileNotFoundError:
            continue
        except OSError:
            closed += 1
    return Strays(hers=tuple(hers), saved=tuple(saved), closed=closed)


def _walk(settings: Settings) -> Iterator[Path | None]:
    """Give every file that is not in a place of its own; None for a folder that cannot be looked into."""
    own = {settings.archive_dir, settings.reports_dir, settings.inbox_dir, settings.data_dir / SETTINGS_FILE}
    folders = [settings.data_dir]
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield None
            continue
        for entry in entries:
            path = Path(entry.path)
            if path in own or (folder == settings.data_dir and _OWN.fullmatch(entry.name)):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


def _may_hold(head: bytes, path: Path, sizes: AbstractSet[int]) -> bool:
    """Say whether a file can be one of these sizes, or one that holds others."""
    return zips.is_zip(head) or head.startswith(gzips.MAGIC) or path.stat().st_size in sizes


def _has_her(path: Path, name: str) -> bool:
    """Say whether a database holds a runner of this name."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return database.execute("SELECT 1 FROM runner WHERE name = ?", [name]).fetchone() is not None
    except sqlite3.Error:  # another program's
        return False


def _is_saved(path: Path, name: str) -> bool:
    """Say whether a file is a backup, of whomever, or an export of a runner of this name."""
    from monitor.portable.manifest import BACKUP
    from monitor.portable.packing import manifest_of

    found = manifest_of(path)
    return found is not None and (found.kind == BACKUP or found.runner == name)


def hashes_of(path: Path) -> set[str]:
    """Give the SHA-256 of a file, and of what is in it where it is an archive or compressed."""
    from ingest.formats import files_of

    found = set()
    with path.open("rb") as file:
        head = file.read(4)
        hashed = hashlib.sha256(head)
        while piece := file.read(_CHUNK):
            hashed.update(piece)
        found.add(hashed.hexdigest())
    if zips.is_zip(head) or head.startswith(gzips.MAGIC):
        for member in files_of(path):
            if member.data is None:
                continue
            found.add(hashlib.sha256(member.data).hexdigest())
            try:
                found.add(hashlib.sha256(innermost(member.data, member.name)).hexdigest())
            except IngestError:  # it cannot be unpacked: then it is known by its bytes alone
                continue
    return found
