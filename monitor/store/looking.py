"""A database looked at without changing one byte of its folder: for `restride doctor`, when things may be wrong.

Opening a database as usual may make files beside it, write a crash's journal into it, or migrate it. Here it is opened
for reading alone, and what lies beside it decides how, for SQLite has no one way that is right for all.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.facts import Runner
from monitor.store import fact_codec, observed_codec, schema, tables
from monitor.store.connection import Connections
from monitor.store.errors import NotOurs, StoreError
from monitor.store.store import Store

WAIT_S = 5.0
"""How long it waits for a process that writes; a look is not worth more."""

MOST_SHOWN = 3
"""So many of SQLite's own sentences about damage; there may be hundreds."""


class Version(StrEnum):
    """The version of the tables, beside that of this program."""

    OURS = "ours"
    OLDER = "older"
    NEWER = "newer"


class Looked:
    """A database that is open for looking."""

    def __init__(self, connections: Connections) -> None:
        self.store = Store(connections)
        self._connections = connections

    def version(self) -> Version:
        """Compare the version of the tables.

        Raises:
            NotOurs: another program's tables, or none.
        """
        with _in_words(), self._connections.reading() as connection:
            version = schema.version_of(connection)
        if version is None:
            raise NotOurs("The database holds no tables. Restore restride.db from a backup, or begin again elsewhere.")
        if version == schema.HEAD:
            return Version.OURS
        return Version.OLDER if version.isdecimal() and version < schema.HEAD else Version.NEWER

    def damage(self) -> tuple[str, ...]:
        """Give what SQLite finds wrong in the file, page by page and index by index; the first few, in its words."""
        with _in_words(), self._connections.reading() as connection:
            found = connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_SHOWN})").scalars().all()
        lines = [line for text in found for line in str(text).splitlines() if not line.startswith("***")]
        return () if lines == ["ok"] else tuple(lines[:MOST_SHOWN])

    def orphans(self) -> int:
        """Count the rows that belong to one that is not there."""
        with _in_words(), self._connections.reading() as connection:
            return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())

    def runners(self) -> tuple[Runner, ...]:
        """Name everybody, in the order they came."""
        with _in_words():
            return self.store.runners()

    def entries(self, runner: Runner) -> tuple[int, tuple[int, ...]]:
        """Count what was told, and number the entries that this version cannot read."""
        c = tables.fact.c
        columns = (c.id, c.kind, sa.type_coerce(c.recorded_at, sa.Text), sa.type_coerce(c.body, sa.Text))

        def decode(id: int, kind: str, recorded_at: str, body: str) -> None:
            fact_codec.decode(id, kind, tables.read_instant(recorded_at), json.loads(body))

        rows = self._rows(sa.select(*columns).where(c.runner_id == runner.id).order_by(c.id))
        return len(rows), tuple(row[0] for row in rows if not _is_readable(decode, row))

    def recordings(self, runner: Runner) -> tuple[int, int]:
        """Count the recordings, and those of which what was observed cannot be read."""
        c = tables.recording.c
        instants = (sa.type_coerce(c.started_at, sa.Text), sa.type_coerce(c.ended_at, sa.Text))
        columns = (c.identity, c.sport, *instants, sa.type_coerce(c.observed, sa.Text))

        def decode(identity: str, sport: str, started_at: str, ended_at: str, body: str) -> None:
            instants = tables.read_instant(started_at), tables.read_instant(ended_at)
            observed_codec.decode(identity, sport, *instants, json.loads(body))

        rows = self._rows(sa.select(*columns).where(c.runner_id == runner.id))
        return len(rows), sum(not _is_readable(decode, row) for row in rows)

    def ends(self, runner: Runner) -> tuple[datetime | None, datetime | None]:
        """Give the newest instant of entry and the newest end of a recording; None where there is none."""
        f, r = tables.fact.c, tables.recording.c
        with _in_words(), self._connections.reading() as connection:
            entered, ended = (
                connection.execute(sa.select(sa.func.max(column)).where(owner == runner.id)).scalar_one()
                for column, owner in ((f.recorded_at, f.runner_id), (r.ended_at, r.runner_id))
            )
        return entered, ended

    @contextmanager
    def in_words(self) -> Iterator[Store]:
        """Use the store, whatever its rows hold: what cannot be read is a StoreError."""
        with _in_words():
            yield self.store

    def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        with _in_words(), self._connections.reading() as connection:
            return list(connection.execute(query).all())


@contextmanager
def looked_at(db_path: Path) -> Iterator[Looked]:
    """Open a database for looking, and leave it and its folder as they are.

    Raises:
        StoreError: it cannot be opened, or is no database.
        OSError: it cannot be read.
    """
    with ExitStack() as stack:
        db_path.open("rb").close()  # for the system's own words on why it cannot be
        path, how = _way_to(db_path, stack)
        address = f"{path.absolute().as_uri()}?{how}"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)

        connections = Connections(path, connect=connect)
        stack.callback(connections.close)
        yield Looked(connections)


def _way_to(db_path: Path, stack: ExitStack) -> tuple[Path, str]:
    """Say how to open a database without changing anything, in SQLite's words; a copy where there is no other way.

    What other processes have just written lies in the -wal file until it is moved; with the -shm file that they share
    it is read in place. After a crash without that file, or with an older kind of journal, SQLite would have to
    mend the database before it can be read.
    """
    beside = {suffix: db_path.with_name(db_path.name + suffix) for suffix in ("-wal", "-shm", "-journal")}
    unfinished = beside["-journal"].exists() and beside["-journal"].stat().st_size > 0
    if beside["-wal"].exists() and beside["-shm"].exists() and not unfinished:
        return db_path, "mode=ro&readonly_shm=1"
    if not beside["-wal"].exists() and not unfinished:
        return db_path, "mode=ro&immutable=1"
    folder = Path(tempfile.mkdtemp(prefix="restride-"))  # hers alone
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    for path in (db_path, beside["-wal"], beside["-journal"]):
        if path.exists():
            shutil.copyfile(path, folder / path.name)
    return folder / db_path.name, "mode=rw"


def _is_readable(decode: Callable[..., None], row: sa.Row[Any]) -> bool:
    try:
        decode(*row)
    except (StoreError, ValueError, TypeError, AttributeError, RecursionError):
        return False
    return True


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn whatever a damaged database makes of a question into a StoreError."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        raise NotOurs("The database cannot be read; it is damaged. Restore restride.db from a backup.") from error
    except (ValueError, TypeError, KeyError):
        # Without the cause: what a row holds would be in it.
        raise StoreError("A row of the database cannot be read. Restore restride.db from a backup.") from None
