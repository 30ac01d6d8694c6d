"""Connections to the database, and the two kinds of transaction: reading and writing.

SQLite's own needs are all in this file. Python's driver would begin transactions by itself and only before a write;
it is told not to, and SQLAlchemy's `begin` event begins them instead: a plain BEGIN for reading (one snapshot), BEGIN
IMMEDIATE for writing, which waits for its turn at the start. A transaction that reads first and writes later cannot
wait: it fails at once with "database is locked" when somebody wrote in between.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from monitor.config import keep_private, open_private
from monitor.store.errors import Busy, Lost, NotOurs, StoreError, UnreadableRow

WAIT_S = 60.0
"""How long one process waits for another that writes; the longest write is a rebuild's."""

_UNREADABLE = "A row of the database cannot be read: the file is damaged. Restore restride.db from a backup."
_BEGIN = "restride_begin"  # the execution option that carries how to begin


class Connections:
    """The engine of one database, and transactions on it."""

    def __init__(
        self, db_path: Path, *, wait_s: float = WAIT_S, connect: Callable[[], sqlite3.Connection] | None = None
    ) -> None:
        own: dict[str, Any] = {"connect_args": {"timeout": wait_s}} if connect is None else {"creator": connect}
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(db_path)),
            hide_parameters=True,  # an error's text would else hold symptoms and positions
            json_serializer=_to_json,
            **own,
        )
        if connect is None:  # setting up writes to a database; whoever brings a connection has set it up
            event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._around: sa.Connection | None = None  # of `together`

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read one consistent state."""
        if self._around is not None:
            with in_words():
                yield self._around
            return
        with in_words(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Write all of it or, when an error leaves the block, nothing."""
        if self._around is not None:
            with in_words(), self._around.begin_nested():
                yield self._around
            return
        with in_words(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all that is read and written in this block, by this thread."""
        with self.writing() as connection:
            around, self._around = self._around, connection
            try:
                yield
            finally:
                self._around = around

    @contextmanager
    def bare(self) -> Iterator[sqlite3.Connection]:
        """Give the driver's own connection, outside any transaction: copying and compacting allow none."""
        raw = self._engine.raw_connection()
        try:
            with in_words():
                assert isinstance(raw.driver_connection, sqlite3.Connection)  # there is no other kind here
                yield raw.driver_connection
        finally:
            raw.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def create_private(db_path: Path) -> None:
    """Make the database file readable by its owner alone before anything is in it.

    SQLite gives its -wal and -shm files the mode of the database. An existing database is never opened here: closing
    it again would drop the locks that this process holds on it through SQLite.

    Raises:
        StoreError: the file cannot be made.
    """
    try:
        open_private(db_path).close()
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(
            f"The database {db_path} cannot be created: {(error.strerror or 'unknown cause').lower()}. "
            "Check the folder, or choose another with --data."
        ) from error
    for suffix in ("", "-wal", "-shm"):  # a copy that was put back may have any mode
        keep_private(db_path.with_name(db_path.name + suffix))


def check_there(db_path: Path) -> None:
    """Refuse a database that is gone, or was emptied; nothing is opened.

    Raises:
        Lost: so it is.
    """
    try:
        size = db_path.stat().st_size
    except FileNotFoundError:
        raise Lost(
            f"The database {db_path} is gone. Restore your last backup with: restride restore FILE. "
            "Without one, begin again with: restride init"
        ) from None
    except OSError:
        return  # opening it says why it cannot be used
    if size == 0:
        raise emptied(str(db_path))


def emptied(name: str) -> Lost:
    """Say that a database holds nothing."""
    return Lost(
        f"The database {name} is empty: nothing that was told is in it any more. Move it away, and restore your last "
        "backup with: restride restore FILE. Without one, begin again with: restride init"
    )


def _to_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    """Prepare a fresh connection."""
    connection.isolation_level = None  # the driver begins nothing by itself
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: an answer that was accepted is on the disk, even when the power fails. It costs one fsync a transaction.
    connection.execute("PRAGMA synchronous = FULL")
    _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Let readers and one writer work at once; the file remembers it.

    SQLite does not wait when two connections turn a new database into WAL at the same moment, so we do.
    """
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                # A file system that cannot share memory keeps its own journal: slower, and as safe.
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the database says into what a person can do."""
    try:
        yield
    except (UnicodeDecodeError, json.JSONDecodeError):
        # Without the cause: what the row holds would be in it.
        raise UnreadableRow(_UNREADABLE) from None
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        said = getattr(error, "orig", error)
        name = getattr(said, "sqlite_errorname", "")
        if str(said).startswith("Could not decode"):  # the driver's own, and it goes on with the text
            raise UnreadableRow(_UNREADABLE) from None
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Busy("Another Restride is writing to the database. Wait until it is done, and try again.") from error
        if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
            raise StoreError("The runner was erased meanwhile, and nothing was changed.") from error
        # ERROR: a table or a column is not there any more, for what is asked here is always the same.
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
            raise NotOurs(
                "The database file is damaged, or it is no database. Restore restride.db from a backup."
            ) from error
        if name.startswith("SQLITE_FULL"):
            raise StoreError("The disk is full; nothing was changed. Make room, and try again.") from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
            raise StoreError(
                "The database cannot be opened or written; nothing was changed. Check that the data folder exists, "
                "is yours and is writable, and that its disk is not full."
            ) from error
        raise
