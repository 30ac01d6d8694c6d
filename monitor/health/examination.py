"""Everything that `restride doctor` looks at, in an order in which each thing rests on those before it."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from monitor.config import Settings
from monitor.facts import Facts
from monitor.health import around, database, folder
from monitor.health.check import Check, State, cause, note, ok, trouble, whoami

if TYPE_CHECKING:
    from monitor.store import InboxFile, Message, Original
    from monitor.store.looking import Looked

TIMES = 3
"""So often the database is looked at where another process changed it meanwhile."""


def examine(
    settings: Settings,
    now: datetime,
    *,
    settings_trouble: str | None = None,
    deep: bool = False,
    on_copy: Callable[[int], None] = lambda copies: None,
) -> Iterator[Check]:
    """Look at everything, and change nothing; what cannot be looked at is a trouble of its own.

    Args:
        settings: of the data folder.
        now: when it is.
        settings_trouble: why the settings file cannot be used; the settings are then those without it.
        deep: read every archived copy.
        on_copy: is told the number of copies, for each that was looked at.
    """
    yield program()
    there = folder.is_there(settings)
    yield there
    yield folder.settings_file(settings, settings_trouble) if there.state is State.OK else _not_looked("settings")
    if there.state is not State.OK:
        return
    yield from _guarded("data folder", lambda: folder.in_it(settings))
    yield from _guarded("disk", lambda: iter([folder.disk(settings)]))
    yield from _database(settings, now, settings_trouble, deep, on_copy)


def program() -> Check:
    """Say what runs here: whoever reads a report of a fault asks this first."""
    try:
        own = version("restride")
    except PackageNotFoundError:  # a checkout that was never installed
        own = "(not installed)"
    about = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}"
    return ok("program", f"Restride {own}, {about}.")


def _database(
    settings: Settings, now: datetime, settings_trouble: str | None, deep: bool, on_copy: Callable[[int], None]
) -> Iterator[Check]:
    """Look at the database, again where it changed meanwhile, and then at what its rows say of all else."""
    if not settings.db_path.exists():
        yield database.missing(settings)
        yield from _around(settings, now)
        return
    for time in range(1, TIMES + 1):
        state = _state(settings)
        found = list(_rows(settings, now, settings_trouble, deep, on_copy))
        is_sound = not any(check.state is State.TROUBLE and check.name in ("database", "entries") for check in found)
        if is_sound or _state(settings) == state or time == TIMES:
            yield from found
            return


def _rows(
    settings: Settings, now: datetime, settings_trouble: str | None, deep: bool, on_copy: Callable[[int], None]
) -> Iterator[Check]:
    from monitor.store import Busy, StoreError
    from monitor.store.looking import looked_at

    try:
        with looked_at(settings.db_path) as looked:
            found = list(database.whole(looked))
            yield from found
            if found[-1].state is State.OK:
                yield from _contents(settings, looked, now, settings_trouble, deep, on_copy)
                return
    except Busy:
        yield note("database", "Another Restride is writing to it just now.", "Run `restride doctor` again later.")
    except StoreError as error:
        yield trouble("database", _first_sentence(error), database.BACKUP)
    except OSError as error:
        told = f"It cannot be read by {whoami()}: {cause(error)}."
        yield trouble("database", told, "Give yourself permission: chmod u+rw restride.db, in the data folder.")
    yield from _around(settings, now)


def _contents(
    settings: Settings,
    looked: Looked,
    now: datetime,
    settings_trouble: str | None,
    deep: bool,
    on_copy: Callable[[int], None],
) -> Iterator[Check]:
    """Look at all that the rows say, for every runner."""
    from monitor.store import InboxState, StoreError

    runners = looked.runners()
    facts: list[Facts] = []
    originals: list[Original] = []
    waiting: list[InboxFile] = []
    messages: list[Message] = []
    yield from _guarded("entries", lambda: database.entries(looked, runners))
    for runner in runners:
        try:
            with looked.in_words() as store:
                originals += store.originals(runner)
                waiting += [f for f in store.inbox.all(runner).values() if f.state is InboxState.WAITING]
                messages += store.messages.all(runner)
            with looked.in_words() as store:
                facts.append(store.facts(runner))
        except StoreError as error:
            yield trouble("entries", _first_sentence(error), database.BACKUP)
    if not runners:
        yield note("entries", "There is no runner yet.", "`restride init`")
    yield from _guarded("versions", lambda: iter([database.versions(looked, runners)]))
    yield from _guarded("zone", lambda: database.zone(facts, now))
    yield from _guarded("clock", lambda: database.clock(looked, runners, now))
    yield from _guarded("archive", lambda: database.archive(settings, originals, deep=deep, on_copy=on_copy))
    yield from _guarded("files", lambda: iter([around.failed(originals)]))
    yield from _guarded("inbox", lambda: around.inbox(settings, waiting, [runner.name for runner in runners]))
    yield from _guarded("watcher", lambda: around.watcher(settings, now))
    if settings_trouble is None:
        yield from _guarded("notices", lambda: around.notices(settings, messages, runners, now))


def _around(settings: Settings, now: datetime) -> Iterator[Check]:
    """Look at what can be looked at without a database."""
    for name in ("entries", "archive"):
        yield _not_looked(name)
    yield from _guarded("inbox", lambda: around.inbox(settings, (), None))
    yield from _guarded("watcher", lambda: around.watcher(settings, now))


def _not_looked(name: str) -> Check:
    return note(name, "Not looked at: what is wrong above comes first.")


def _guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """Look at one thing; where that fails, say so and go on to the next."""
    from monitor.store import StoreError

    try:
        return list(look())
    except StoreError as error:
        return [trouble(name, _first_sentence(error), database.BACKUP)]
    except OSError as error:
        told = f"It cannot be looked at by {whoami()}: {cause(error)}."
        return [trouble(name, told, "Check the drive of the data folder, and its permissions.")]


def _first_sentence(error: Exception) -> str:
    return f"{str(error).partition('. ')[0].rstrip('.')}."


def _state(settings: Settings) -> list[tuple[int, int] | None]:
    """Give what changes when another process writes to the database."""
    found: list[tuple[int, int] | None] = []
    for suffix in ("", "-wal"):
        try:
            status = settings.db_path.with_name(settings.db_path.name + suffix).stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size))
    return found
