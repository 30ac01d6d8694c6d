"""Erase one runner for good: her files first, then her rows, then what deleted rows leave in a database file.

Files go first because rows say which are hers: stopped anywhere, the same command goes on. A marker in the folder is
there from the first step to the last, so that the end is not forgotten either when her rows are gone already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout

from monitor.archive import Archive
from monitor.bringing import GATE, Brought, nobody_brings
from monitor.config import SETTINGS_FILE, Settings, open_private, section
from monitor.messages import OF_A_FOLDER
from monitor.text import folded
from monitor.watch_state import FILE as WATCH_STATE
from monitor.watch_state import LOCK, lock_of

if TYPE_CHECKING:
    from monitor.belongings import Belongings
    from monitor.facts import Runner
    from monitor.store import Store

MARKER = "forget.pending"
_LOGS = "watch.log*"


class ForgetError(Exception):
    """A runner cannot be erased now; the message says why, and what to do."""


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep away watchers, and whatever else brings something into the folder.

    Raises:
        ForgetError: one runs.
    """
    lock = lock_of(settings)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ForgetError(
            "A watcher runs on this data folder and would read her files again, or another erasing is under way. Stop "
            "`restride watch`, or wait, and try again."
        ) from None
    try:
        with ExitStack() as stack:
            try:
                stack.enter_context(nobody_brings(settings))
            except Brought:
                raise ForgetError(
                    "Another Restride imports, restores or writes a report in this data folder. Wait until it is done, "
                    "and try again."
                ) from None
            yield
    finally:
        lock.release()
        if not settings.db_path.exists():
            for name in (LOCK, GATE):
                (settings.data_dir / name).unlink(missing_ok=True)


def check_notifications(settings: Settings, runner: Runner, *, is_first: bool, is_last: bool) -> None:
    """Refuse while the settings file says where to tell her things: it is hers, and only a person can take it out.

    Raises:
        ForgetError: it names her, or what it says of the first runner would be said to her of another.
    """
    if is_last:
        return  # the file goes with her
    tables = section(settings, "notify")
    for table in tables if isinstance(tables, list) else [tables]:
        if not isinstance(table, dict):
            continue
        named = table.get("runner")
        if named is None and not is_first:
            continue
        if named is None or folded(str(named)) == folded(runner.name):
            raise ForgetError(
                f"{settings.data_dir / SETTINGS_FILE} still says where to send her notifications, and those of the "
                "next runner would go there. Take that `notify` table out of the file, and try again."
            )


def forget(
    store: Store,
    settings: Settings,
    runner: Runner,
    found: Belongings,
    *,
    with_inbox: bool,
    on_file: Callable[[int], None] = lambda of: None,
) -> None:
    """Erase a runner, under `alone`; `finish` has to follow, once the caller has closed the store.

    Args:
        store, settings, runner: whose.
        found: what is hers.
        with_inbox: delete her files in the inbox, too.
        on_file: is told how many files there are, after each.

    Raises:
        OSError: a file cannot be deleted. Nothing else is lost: the same command goes on.
        StoreError: the database cannot be written.
    """
    marker = settings.data_dir / MARKER
    if not marker.exists():
        open_private(marker).close()
    inbox = found.inbox if with_inbox else ()
    archive = Archive(settings.archive_dir)
    steps = len(inbox) + len(found.archived) + len(found.reports) + len(found.elsewhere)
    for path in (*inbox, *found.reports, *found.elsewhere):
        path.unlink(missing_ok=True)
        on_file(steps)
    if with_inbox and settings.inbox_dir.is_dir():
        _prune(settings.inbox_dir, runner, inbox)
    _remove_empty(_above(found.elsewhere, settings.data_dir))
    for sha256 in found.archived:
        archive.drop(sha256)
        on_file(steps)
    _erase_rows(store, runner)


def _erase_rows(store: Store, runner: Runner) -> None:
    """Erase her rows, and with them what others were told of a folder of her name before it was hers."""
    name = folded(runner.name)
    with store.together():
        for other in store.runners():
            if other.id == runner.id:
                continue
            keys = [key for key in store.inbox.all(other) if "/" in key and folded(key.partition("/")[0]) == name]
            store.inbox.drop(other, keys)
            told = [m.key for m in store.messages.all(other) if m.key.startswith(OF_A_FOLDER)]
            store.messages.drop(other, [key for key in told if folded(key.removeprefix(OF_A_FOLDER)) == name])
        store.rows.erase(runner)


def is_unfinished(settings: Settings) -> bool:
    """Say whether an erasing was interrupted."""
    return (settings.data_dir / MARKER).exists()


def finish(settings: Settings) -> None:
    """Take away what deleted rows leave behind, and what watchers and killed processes wrote; done twice, no harm.

    Copies that no row names go, too: an import that was killed left them, and nobody knows whose they are. Under
    `alone`, or they might be of one that goes on. After the last runner the folder is as good as new.

    Raises:
        StoreError: another process uses the database all the while.
        OSError: a file cannot be deleted.
    """
    from monitor.portable.backup import RESTORING
    from monitor.store import Store

    is_empty, named = True, set[str]()
    if settings.db_path.exists():
        with Store.open(settings.db_path, makes=False) as store:
            store.rows.compact()
            is_empty, named = not store.runners(), set(store.rows.archived())
    archive = Archive(settings.archive_dir)
    archive.sweep(0)
    for sha256 in [one for one in archive.names() if one not in named]:
        archive.drop(sha256)
    left: list[Path] = [settings.data_dir / WATCH_STATE, *settings.data_dir.glob(_LOGS)]
    left += [*settings.data_dir.glob("*.tmp"), *settings.data_dir.glob(f"{RESTORING}*")]
    if is_empty:
        left += [settings.db_path.with_name(settings.db_path.name + suffix) for suffix in ("-wal", "-shm", "")]
        left.append(settings.data_dir / SETTINGS_FILE)
    for path in left:
        path.unlink(missing_ok=True)
    (settings.data_dir / MARKER).unlink(missing_ok=True)


def _prune(inbox: Path, runner: Runner, deleted: tuple[Path, ...]) -> None:
    """Remove the folders that held files of hers and hold nothing more, and those of her name; never the inbox."""
    from monitor.belongings import below, is_real_folder, own_folder

    folders = _above(deleted, inbox)
    for own in own_folder(inbox, runner):
        folders.add(own)
        with suppress(OSError):  # one that may not be looked into is not empty either
            folders.update(filter(is_real_folder, below(own)))
    _remove_empty(folders)


def _above(files: Iterable[Path], top: Path) -> set[Path]:
    """Give the folders between a folder and files in it."""
    return {folder for path in files for folder in path.parents if top in folder.parents}


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):  # something else is in it
            folder.rmdir()
