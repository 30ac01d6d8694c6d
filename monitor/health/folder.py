"""The data folder: is it there, hers, closed to others, writable, and is there room."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.config import SETTINGS_FILE, Settings
from monitor.forgetting import MARKER
from monitor.health.check import Check, cause, counted, note, ok, shown_path, trouble, whoami

TIGHT_BYTES = 100_000_000
"""Less room than this, and the next import or the next night's journal may not fit."""

LITTLE_BYTES = 1_000_000_000

TEMPORARY = (".tmp",)  # what is being written, or was when a process was killed
PLACE = "data folder"


@dataclass(slots=True, kw_only=True)
class _Found:
    """What a walk through the folder met."""

    files: int = 0
    open_to_others: int = 0
    of_others: int = 0
    closed: int = 0  # folders that cannot be looked into, files that cannot be read
    temporary: int = 0


def is_there(settings: Settings) -> Check:
    """Look for the folder."""
    folder = settings.data_dir
    where = shown_path(folder)
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        told = f"There is no data folder at {where}."
        return trouble(PLACE, told, "Begin with `restride init`, or name the folder with --data.")
    except OSError as error:
        told = f"{where} cannot be looked at by {whoami()}: {cause(error)}."
        return trouble(PLACE, told, "Give yourself permission for the folders that lead there.")
    if not stat.S_ISDIR(mode):
        return trouble(PLACE, f"{where} is a file, not a folder.", "Name another folder with --data.")
    try:
        os.scandir(folder).close()
    except OSError as error:
        told = f"{where} cannot be looked into by {whoami()}: {cause(error)}."
        return trouble(PLACE, told, f"Give yourself permission: chmod u+rwx {where}")
    return ok(PLACE, where)


def in_it(settings: Settings) -> Iterator[Check]:
    """Look at what is in the folder, by names and modes; nothing is opened."""
    where = shown_path(settings.data_dir)
    found = _Found()
    _walk(settings.data_dir, settings.inbox_dir, found)
    if found.of_others:
        told = (
            f"{counted(found.of_others, 'thing in it belongs', 'things in it belong')} to another user than {whoami()}."
        )
        yield trouble("owner", told, f"Make them yours, as an administrator: chown -R USER {where}")
    elif hasattr(os, "geteuid"):
        yield ok("owner", f"All in it is yours ({whoami()}).")
    if found.open_to_others:
        told = f"{counted(found.open_to_others, 'thing')} in the data folder can be opened by other users."
        yield trouble("privacy", told, f"chmod -R go-rwx {where}")
    elif os.name != "nt":
        yield ok("privacy", f"Nobody else can open it ({counted(found.files, 'file')}).")
    if found.closed:
        told = f"{counted(found.closed, 'thing')} in the data folder cannot be read by {whoami()}."
        yield trouble("reading", told, f"chmod -R u+rwX {where}")
    yield writing(settings)
    if (settings.data_dir / MARKER).exists():
        told = "A runner is being erased, or was and it was stopped: something of her is still here."
        yield trouble("erasing", told, "`restride forget NAME`, with her name, finishes it.")
    if found.temporary:
        told = (
            f"{counted(found.temporary, 'unfinished file')} left by a process that was stopped, or being written now."
        )
        fix = f"While no Restride runs, they may go: find {where} -name '*.tmp' -delete"
        yield note("unfinished", told, fix)


def writing(settings: Settings) -> Check:
    """Say whether the folder and the database can be written, without trying."""
    where = shown_path(settings.data_dir)
    if hasattr(os, "statvfs") and os.statvfs(settings.data_dir).f_flag & os.ST_RDONLY:
        told = "The data folder lies on a drive that is read-only just now."
        return trouble("writing", told, "Mount the drive so that it can be written, or check it for damage.")
    wanted = [settings.data_dir, *(path for path in (settings.db_path, settings.archive_dir) if path.exists())]
    if not all(os.access(path, os.W_OK) for path in wanted):
        told = f"The data folder is read-only for {whoami()}, and Restride keeps there what it tells you."
        return trouble("writing", told, f"chmod -R u+rwX {where}")
    return ok("writing", "It can be written.")


def disk(settings: Settings) -> Check:
    """Say how much room there is."""
    free = shutil.disk_usage(settings.data_dir).free
    told = f"{free / 1e9:.1f} GB free" if free >= LITTLE_BYTES else f"{free // 1_000_000} MB free"
    if free < TIGHT_BYTES:
        return trouble("disk", f"There is little room: {told}.", "Make room on the drive of the data folder.")
    return note("disk", f"{told}.", "Make room before it is full.") if free < LITTLE_BYTES else ok("disk", f"{told}.")


def settings_file(settings: Settings, error: str | None) -> Check:
    """Say whether the settings file can be used."""
    if error is not None:
        return trouble("settings", error, f"Correct {SETTINGS_FILE} in the data folder, or delete it.")
    there = (settings.data_dir / SETTINGS_FILE).exists()
    return ok("settings", "The settings file is readable." if there else "There is no settings file; none is needed.")


def _walk(folder: Path, inbox: Path, found: _Found) -> None:
    """Look at everything but what lies in the inbox, which another program fills; links are not followed."""
    _look(folder.stat(), folder, found, is_folder=True)
    folders = [folder]
    while folders:
        here = folders.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            found.closed += 1
            continue
        for entry in entries:
            try:
                if entry.is_symlink():
                    continue
                is_folder = entry.is_dir(follow_symlinks=False)
                _look(entry.stat(follow_symlinks=False), Path(entry.path), found, is_folder=is_folder)
            except FileNotFoundError:
                continue  # what lies beside a database that is in use comes and goes
            except OSError:
                found.closed += 1
                continue
            if is_folder and Path(entry.path) != inbox:
                folders.append(Path(entry.path))


def _look(status: os.stat_result, path: Path, found: _Found, *, is_folder: bool) -> None:
    found.files += not is_folder
    found.temporary += not is_folder and path.name.endswith(TEMPORARY)
    found.closed += not is_folder and not os.access(path, os.R_OK) and path.exists()
    if hasattr(os, "geteuid"):
        found.of_others += status.st_uid != os.geteuid()
        found.open_to_others += bool(stat.S_IMODE(status.st_mode) & 0o077)
