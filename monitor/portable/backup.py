"""A whole data folder in one file, and back: the database as it was at one moment, then the files its rows name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.archive import Archive
from monitor.bringing import bringing
from monitor.config import SETTINGS_FILE, Settings, open_private, prepare
from monitor.portable.errors import PortableError, damaged
from monitor.portable.manifest import BACKUP, DATABASE, README, Manifest, names
from monitor.portable.packing import packing
from monitor.portable.readme import OF_A_BACKUP
from monitor.portable.unpacking import Unpacking
from monitor.store import Store, StoreError
from monitor.store.copies import check_copy, make_one_file

RESTORING = ".restride.db.restoring"
"""In the data folder, while a backup is put back: the database before it has its name."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What came of a backup."""

    path: Path
    runners: int
    files: int
    missing: tuple[str, ...]  # files whose copy is missing or damaged, by SHA-256
    settings: bool  # the settings file is in it


def back_up(
    store: Store,
    settings: Settings,
    target: Path,
    *,
    now: datetime,
    replace_fuller: bool = False,
    on_file: Callable[[int], None] = lambda of: None,
) -> BackedUp:
    """Write everything of everybody into one file, while others go on reading and writing.

    Args:
        store, settings: the data folder.
        target: where to; see `monitor.portable.packing.checked_target`.
        now: when it is.
        replace_fuller: also replace an earlier backup that holds more.
        on_file: is told how many files there are, after each.

    Raises:
        PortableError: the file cannot be written, or what is there holds more.
        StoreError: the database cannot be read.
    """
    sealed_with: list[Manifest] = []
    copy = target.with_name(f".{target.name}.db.tmp")
    try:
        _remove_database(copy)  # left by a crash
        with packing(target, sealed_with, replace_fuller=replace_fuller) as packed:
            packed.add(README, [OF_A_BACKUP.encode("utf-8")])
            _copy(store, settings, copy, target)
            with Store.open(copy) as copied:
                files, runners, entries = copied.rows.archived(), len(copied.runners()), copied.rows.entries()
            make_one_file(copy)
            packed.add(DATABASE, _pieces(copy))
            toml = settings.data_dir / SETTINGS_FILE
            if has_settings := toml.is_file():
                packed.add(SETTINGS_FILE, [toml.read_bytes()])
            archive = Archive(settings.archive_dir)
            for sha256 in files:
                packed.add_archived("archive", archive, sha256)
                on_file(len(files))
            missing = tuple(packed.missing)
            counts = {"runners": runners, "entries": entries, "files": len(files) - len(missing)}
            sealed_with.append(Manifest(kind=BACKUP, created_at=now, counts=counts))
    except OSError as error:
        raise PortableError(f"{target} cannot be written: {(error.strerror or str(error)).lower()}.") from error
    finally:
        _remove_database(copy)
    return BackedUp(
        path=target, runners=runners, files=len(files) - len(missing), missing=missing, settings=has_settings
    )


def _copy(store: Store, settings: Settings, copy: Path, target: Path) -> None:
    """Copy the database; of two disks, say which has no room."""
    try:
        store.rows.copy_to(copy)
    except StoreError as error:
        _remove_database(copy)
        if shutil.disk_usage(target.parent).free > 2 * settings.db_path.stat().st_size:  # as it is made, and compacted
            raise
        raise PortableError(f"{target} cannot be written: there is too little room. Choose another place.") from error


def restore_backup(sealed: Unpacking, settings: Settings, *, on_step: Callable[[int], None]) -> BackedUp:
    """Put a whole data folder back where there is no database yet.

    The database comes last and in one step: stopped before it, the folder has none.

    Args:
        sealed: an open backup.
        settings: the data folder; made where there is none.
        on_step: is told the number of steps, after each.

    Raises:
        PortableError: there is a database already, or the backup is not what was written.
        StoreError: its database is damaged or newer than this program.
    """
    manifest = sealed.manifest
    if settings.db_path.exists():
        raise PortableError(
            f"There is a database in {settings.data_dir} already, and a backup replaces nothing. Restore it into "
            "another folder with: restride --data DIR restore FILE"
        )
    files = names(manifest.members, "archive")
    if DATABASE not in manifest.members:
        raise damaged(sealed.name, "its database is missing")
    if any(manifest.members[f"archive/{sha256}"].sha256 != sha256 for sha256 in files):
        raise damaged(sealed.name, "a file in it is not what it is called")
    steps = len(manifest.members) + len(files)
    sealed.verify(lambda of: on_step(steps))
    prepare(settings)
    with bringing(settings), _unpacked_database(sealed, settings) as database:
        check_copy(database)
        with Store.open(database) as store:
            runners, named = len(store.runners()), set(store.rows.archived())
        if named != {*files, *manifest.missing}:
            raise damaged(sealed.name, "its files are not those that its database names")
        archive = Archive(settings.archive_dir)
        for sha256 in files:
            archive.put(sealed.data(f"archive/{sha256}"))
            on_step(steps)
        toml = settings.data_dir / SETTINGS_FILE
        has_settings = SETTINGS_FILE in manifest.members and not toml.exists()
        if has_settings:
            temporary = toml.with_suffix(".toml.tmp")
            temporary.unlink(missing_ok=True)
            with open_private(temporary) as file:
                file.write(sealed.data(SETTINGS_FILE))
            temporary.replace(toml)
        _put(database, settings)
    return BackedUp(
        path=settings.data_dir, runners=runners, files=len(files), missing=manifest.missing, settings=has_settings
    )


@contextmanager
def _unpacked_database(sealed: Unpacking, settings: Settings) -> Iterator[Path]:
    temporary = settings.data_dir / RESTORING
    _remove_database(temporary)  # left by a crash
    try:
        with open_private(temporary) as file:
            for piece in sealed.pieces(DATABASE):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        _remove_database(temporary)


def _put(database: Path, settings: Settings) -> None:
    """Give the database its name in one step; one that somebody made meanwhile is not replaced."""
    make_one_file(database)
    try:
        os.link(database, settings.db_path)
    except FileExistsError:
        raise PortableError(f"A database was made in {settings.data_dir} meanwhile; nothing was replaced.") from None
    except OSError:  # a file system without links
        database.rename(settings.db_path)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
