"""All rows of one runner, whatever the table: given as they are, put back, and erased.

Which tables hold something of a runner follows from their columns, so that a new table is exported and erased without
anybody having to think of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from monitor.facts import Runner
from monitor.store import tables
from monitor.store.connection import Connections, create_private, in_words
from monitor.store.errors import Busy, RunnerExists, UnreadableRow
from monitor.store.tables import Instant, instant_text, read_instant

OF_A_RUNNER = {table.name: table for table in tables.metadata.sorted_tables if "runner_id" in table.c}
"""The tables with rows of a runner, those that others refer to first."""

Row = dict[str, Any]  # in JSON's types, by column, without the runner's id
_AT_ONCE = 500
_PAGES_AT_ONCE = 2048


class Rows:
    """The rows of a runner, and the database as a whole; `Store.rows` gives it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def reading(self, runner: Runner) -> Iterator[Callable[[str], Iterator[Row]]]:
        """Read a runner's rows of any table in one consistent state, ordered by their keys.

        What a block is given: for the name of a table its rows, one after the other.
        """
        with self._connections.reading() as connection:

            def rows(name: str) -> Iterator[Row]:
                table = OF_A_RUNNER[name]
                query = sa.select(table).where(table.c.runner_id == runner.id).order_by(*table.primary_key.columns)
                result = connection.execute(query.execution_options(yield_per=_AT_ONCE))
                for row in result.mappings():
                    yield {column: _plain(value) for column, value in tables.checked(table, row).items()}

            yield rows

    def counts(self, runner: Runner) -> dict[str, int]:
        """Count a runner's rows, by table."""
        with self._connections.reading() as connection:
            return {
                name: connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(table.c.runner_id == runner.id)
                ).scalar_one()
                for name, table in OF_A_RUNNER.items()
            }

    def files_of_others(self, runner: Runner) -> tuple[frozenset[str], frozenset[str]]:
        """Name the files that others have: by the SHA-256 of their bytes, and by that of the one file inside them."""
        c = tables.original.c
        with self._connections.reading() as connection:
            rows = connection.execute(sa.select(c.sha256, c.content_sha256).where(c.runner_id != runner.id)).all()
        return frozenset(row[0] for row in rows), frozenset(row[1] for row in rows if row[1] is not None)

    def archived(self) -> tuple[str, ...]:
        """Name every file that a row names, whoever's it is, by the SHA-256 of its bytes."""
        query = sa.select(tables.original.c.sha256).distinct().order_by(tables.original.c.sha256)
        with self._connections.reading() as connection:
            rows = connection.execute(query).mappings()
            return tuple(tables.checked(tables.original, row, only="sha256")["sha256"] for row in rows)

    def entries(self) -> int:
        """Count what everybody told."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(tables.fact)).scalar_one()

    def put_back(
        self,
        name: str,
        created_at: datetime,
        fact_ids: Iterable[int],
        rows: Callable[[int], Iterable[tuple[str, Row]]],
    ) -> Runner:
        """Add a runner with all her rows, or nothing.

        Args:
            name: hers; nobody may have it yet.
            created_at: when she was first set up.
            fact_ids: the numbers of her facts.
            rows: gives them, by table, when told what to add to each number of a fact: 0, or where a number is taken
                as much as brings all of hers behind all others, their order kept.

        Raises:
            RunnerExists: there is one of this name.
            UnreadableRow: a row is not as this version writes it.
        """
        with self._connections.writing() as connection:
            taken = connection.execute(sa.select(tables.runner.c.id).where(tables.runner.c.name == name)).first()
            if taken is not None:
                raise RunnerExists(f"There is a runner named {name} already. Choose another name with --as.")
            added = connection.execute(sa.insert(tables.runner).values(name=name, created_at=created_at))
            key = added.inserted_primary_key
            assert key is not None  # one row was inserted, into a table that numbers its rows
            runner = Runner(id=int(key[0]), name=name, created_at=created_at)
            for table_name, row in rows(_shift(connection, fact_ids)):
                table = OF_A_RUNNER[table_name]
                values = {**from_plain(table_name, row), "runner_id": runner.id}
                if table is not tables.fact and "id" in table.c:  # other numbers are only there to tell rows apart
                    del values["id"]
                connection.execute(sa.insert(table), values)
        return runner

    def erase(self, runner: Runner) -> None:
        """Erase a runner and all her rows, in one step, their bytes overwritten; `compact` takes what is left."""
        with self._connections.writing() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            for table in reversed(OF_A_RUNNER.values()):
                connection.execute(sa.delete(table).where(table.c.runner_id == runner.id))
            connection.execute(sa.delete(tables.runner).where(tables.runner.c.id == runner.id))

    def compact(self) -> None:
        """Write the database anew without anything that was deleted, and empty its write-ahead log.

        Raises:
            Busy: another process reads or writes all the while.
        """
        with self._connections.bare() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise Busy("Another Restride is reading the database. Wait until it is done, and try again.")

    def copy_to(self, target: Path, on_page: Callable[[int, int], None] = lambda left, of: None) -> None:
        """Copy the whole database, as it is at one moment, into a new file that needs nothing beside it.

        Args:
            target: where to; nothing is there yet.
            on_page: is told how many pages are left, of how many.
        """
        create_private(target)
        copy = sqlite3.connect(target)
        try:
            with self._connections.bare() as connection:
                # A reading transaction holds the state still while pages are copied, and lets others write meanwhile.
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                try:
                    connection.backup(
                        copy, pages=_PAGES_AT_ONCE, progress=lambda status, left, of: on_page(left, of), sleep=0.01
                    )
                finally:
                    connection.execute("ROLLBACK")
            with in_words():
                copy.execute("PRAGMA journal_mode = DELETE")
                copy.execute("VACUUM")  # what was deleted does not travel
        finally:
            copy.close()


def from_plain(table_name: str, row: Mapping[str, Any]) -> Row:
    """Give a row as the database takes it.

    Raises:
        UnreadableRow: a column is missing, unknown or not of its type.
    """
    table = OF_A_RUNNER[table_name]
    known = {column.name: column for column in _columns(table)}
    if not row.keys() <= known.keys():
        raise UnreadableRow(f"An entry of {table_name} has a column that this version does not know. Update Restride.")
    values: Row = {}
    for name, column in known.items():
        value = row.get(name)
        if value is None and (not column.nullable):
            raise UnreadableRow(f"An entry of {table_name} says nothing of {name}.")
        try:
            values[name] = _stored(column, value)
        except (TypeError, ValueError):
            # Without the cause: what she wrote would be in it.
            raise UnreadableRow(f"An entry of {table_name} holds something else than its {name}.") from None
    return values


def keys(table_name: str, row: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Give what no two rows of a runner have in common, each with the names of its columns first."""
    table = OF_A_RUNNER[table_name]
    unique = [c for c in table.constraints if isinstance(c, sa.PrimaryKeyConstraint | sa.UniqueConstraint)]
    for constraint in unique:
        names = tuple(sorted(column.name for column in constraint.columns if column.name != "runner_id"))
        yield names, *(row.get(name) for name in names)


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if column.name != "runner_id"]


def _plain(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


def _stored(column: sa.Column[Any], value: Any) -> Any:
    """Check a value against its column's type; TypeError or ValueError where it is another's."""
    if value is None:
        return None
    if isinstance(column.type, sa.JSON):
        return value
    if isinstance(column.type, Instant):
        return read_instant(_exactly(str, value))
    if isinstance(column.type, sa.Integer):
        number: int = _exactly(int, value)
        if not -(2**63) <= number < 2**63:
            raise ValueError("more than a database holds")
        return number
    if isinstance(column.type, sa.String):
        text: str = _exactly(str, value)
        text.encode("utf-8")
        return text
    raise TypeError(f"no rule for a column of type {column.type}")


def _exactly(wanted: type, value: Any) -> Any:
    if type(value) is not wanted:
        raise TypeError(f"not {wanted.__name__}")
    return value


def _shift(connection: sa.Connection, fact_ids: Iterable[int]) -> int:
    """Give what to add to each of these numbers: nothing while all of them are free."""
    c = tables.fact.c
    wanted = sorted(fact_ids)
    taken = any(
        connection.execute(sa.select(c.id).where(c.id.in_(wanted[at : at + _AT_ONCE])).limit(1)).first() is not None
        for at in range(0, len(wanted), _AT_ONCE)
    )
    if not taken:
        return 0
    return int(connection.execute(sa.select(sa.func.max(c.id))).scalar_one()) - wanted[0] + 1
