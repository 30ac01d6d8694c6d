"""The one place that remembers: runners, their facts, their files, and what was observed in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import sqlalchemy as sa

from analysis.bouts import Observed
from monitor.facts import Fact, Facts, Runner
from monitor.store import fact_codec, observed_codec, schema, tables
from monitor.store.connection import Connections, check_there, create_private
from monitor.store.errors import NoRunner, RunnerExists, StoreError, UnknownRunner
from monitor.store.inbox_files import InboxFiles
from monitor.store.messages import Messages
from monitor.store.original import Original, OriginalOutcome
from monitor.store.rows import Rows

F = TypeVar("F", bound=Fact)


class Store:
    """A database of Restride's. Open it with `Store.open`, and close it: it is a context manager."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.inbox = InboxFiles(connections)
        self.messages = Messages(connections)
        self.rows = Rows(connections)

    @classmethod
    def open(cls, db_path: Path, *, makes: bool = True) -> Store:
        """Open a database, made and migrated where that is needed.

        Args:
            db_path: the file.
            makes: make one where there is none. Whoever works on what was set up before does not: an empty database
                in the place of one that was lost would be filled as if nothing had ever been told.

        Raises:
            Lost: there is none, or one that holds nothing.
            StoreError: it cannot be opened, is not ours, or is newer than this program.
        """
        if not makes:
            check_there(db_path)
        create_private(db_path)
        connections = Connections(db_path)
        try:
            schema.bring_up_to_date(connections, makes=makes)
        except BaseException:
            connections.close()
            raise
        return cls(connections)

    def close(self) -> None:
        """Close the database."""
        self._connections.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def together(self) -> AbstractContextManager[None]:
        """Make one transaction of what is done in a `with` block, all or nothing; meanwhile nobody else can write."""
        return self._connections.together()

    # Runners

    def runners(self) -> tuple[Runner, ...]:
        """Name everybody, in the order they came."""
        query = sa.select(tables.runner).order_by(tables.runner.c.id)
        with self._connections.reading() as connection:
            return tuple(Runner(**tables.checked(tables.runner, row)) for row in connection.execute(query).mappings())

    def add_runner(self, name: str, now: datetime) -> Runner:
        """Add a runner.

        Raises:
            RunnerExists: there is one of this name.
            StoreError: the name is empty.
        """
        name = name.strip()
        if not name:
            raise StoreError("A runner needs a name. Give one with --runner.")
        with self._connections.writing() as connection:
            taken = connection.execute(sa.select(tables.runner.c.id).where(tables.runner.c.name == name)).first()
            if taken is not None:
                raise RunnerExists(f"There is a runner named {name} already. Choose another name with --runner.")
            id = _inserted(connection.execute(sa.insert(tables.runner).values(name=name, created_at=now)))
        return Runner(id=id, name=name, created_at=now)

    def runner(self, name: str | None = None) -> Runner:
        """Find a runner by name; without one the only or the first.

        Raises:
            NoRunner: nobody runs here yet.
            UnknownRunner: nobody has this name.
        """
        known = self.runners()
        if not known:
            raise NoRunner("There is no runner here yet. Run `restride init` first.")
        if name is None:
            return known[0]
        for runner in known:
            if runner.name == name:
                return runner
        # Who else is kept here is nobody's business but theirs: the other names are not told.
        raise UnknownRunner(
            f"There is no runner named {name} here. Check how the name is written, or set her up with: "
            "restride init --name NAME"
        )

    # Facts

    def add_fact(self, runner: Runner, fact: F) -> F:
        """Add what somebody told us, and give it with its id; the id it came with is not looked at."""
        return self.add_facts(runner, [fact])[0]

    def add_facts(self, runner: Runner, facts: Sequence[F]) -> list[F]:
        """Add several facts, all of them or none."""
        added = []
        with self._connections.writing() as connection:
            for fact in facts:
                kind, body = fact_codec.encode(fact)
                row = {"runner_id": runner.id, "kind": kind, "recorded_at": fact.recorded_at, "body": body}
                added.append(replace(fact, id=_inserted(connection.execute(sa.insert(tables.fact), row))))
        return added

    def facts(self, runner: Runner) -> Facts:
        """Give all that was told about a runner, each kind in the order of entry."""
        c = tables.fact.c
        query = sa.select(c.id, c.kind, c.recorded_at, c.body).where(c.runner_id == runner.id)
        with self._connections.reading() as connection:
            rows = connection.execute(query.order_by(c.recorded_at, c.id)).all()
        return fact_codec.gather([fact_codec.decode(*row) for row in rows])

    # Files and what was observed in them

    def originals(self, runner: Runner) -> tuple[Original, ...]:
        """Give a runner's files, in the order they came."""
        c = tables.original.c
        query = sa.select(tables.original).where(c.runner_id == runner.id).order_by(c.imported_at, c.sha256)
        with self._connections.reading() as connection:
            return tuple(_original(row) for row in connection.execute(query).mappings())

    def original_by_sha(self, runner: Runner, sha256: str) -> Original | None:
        """Find a runner's file by the SHA-256 of its bytes, or of those inside it where it is packed."""
        c = tables.original.c
        query = (
            sa.select(tables.original)
            .where(c.runner_id == runner.id, sa.or_(c.sha256 == sha256, c.content_sha256 == sha256))
            .order_by(c.imported_at, c.sha256)
        )
        with self._connections.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _original(row)

    def original_of(self, runner: Runner, identity: str) -> Original | None:
        """Find the file that a recording was read from."""
        o, r = tables.original.c, tables.recording.c
        mine = sa.and_(o.runner_id == r.runner_id, o.sha256 == r.original_sha256)
        query = sa.select(tables.original).join(tables.recording, mine)
        with self._connections.reading() as connection:
            row = connection.execute(query.where(r.runner_id == runner.id, r.identity == identity)).mappings().first()
        return None if row is None else _original(row)

    def held(self, runner: Runner) -> dict[str, tuple[str, ...]]:
        """Name the recordings that were read from each file, by the SHA-256 of its bytes."""
        c = tables.recording.c
        query = sa.select(c.original_sha256, c.identity).where(c.runner_id == runner.id)
        found: dict[str, tuple[str, ...]] = {}
        with self._connections.reading() as connection:
            for sha256, identity in connection.execute(query.order_by(c.started_at, c.identity)):
                found[sha256] = (*found.get(sha256, ()), identity)
        return found

    def observed(self, runner: Runner) -> tuple[Observed, ...]:
        """Give what was observed in every recording of a runner, in time order."""
        return self._observed(runner)

    def overlapping(self, runner: Runner, started_at: datetime, ended_at: datetime) -> tuple[Observed, ...]:
        """Give those that share time with `[started_at, ended_at)`, in time order."""
        c = tables.recording.c
        return self._observed(runner, c.started_at < ended_at, c.ended_at > started_at)

    def add_original(
        self,
        runner: Runner,
        original: Original,
        observed: Sequence[Observed] = (),
        *,
        reader_version: str,
        detector_version: str,
    ) -> tuple[Observed, ...] | None:
        """Add a file and what was observed in it, all or nothing.

        Returns:
            What was not known by its content before, or None when the file itself was known and nothing was changed.
        """
        with self._connections.writing() as connection:
            c = tables.original.c
            same = sa.select(c.sha256).where(c.runner_id == runner.id, c.sha256 == original.sha256)
            if connection.execute(same).first() is not None:
                return None
            connection.execute(sa.insert(tables.original).values(runner_id=runner.id, **_original_row(original)))
            return _add_recordings(connection, runner, original, observed, reader_version, detector_version)

    def replace_observed(
        self,
        runner: Runner,
        replacements: Iterable[tuple[Original, Sequence[Observed]]],
        *,
        reader_version: str,
        detector_version: str,
    ) -> None:
        """Replace all that was derived from these files, and their outcomes, in one step; facts are not touched."""
        pairs = list(replacements)
        with self._connections.writing() as connection:
            for original, _ in pairs:  # all first: an activity may move from one file to another that holds it too
                c = tables.recording.c
                connection.execute(
                    sa.delete(tables.recording).where(c.runner_id == runner.id, c.original_sha256 == original.sha256)
                )
            for original, observed in pairs:
                o = tables.original.c
                connection.execute(
                    sa.update(tables.original)
                    .where(o.runner_id == runner.id, o.sha256 == original.sha256)
                    .values(**_original_row(original))
                )
                _add_recordings(connection, runner, original, observed, reader_version, detector_version)

    def outdated(self, runner: Runner, *, reader_version: str, detector_version: str) -> int:
        """Count the recordings that another reader or detector read; `restride rebuild` reads them again."""
        c = tables.recording.c
        query = (
            sa.select(sa.func.count())
            .select_from(tables.recording)
            .where(
                c.runner_id == runner.id,
                sa.or_(c.reader_version != reader_version, c.detector_version != detector_version),
            )
        )
        with self._connections.reading() as connection:
            return connection.execute(query).scalar_one()

    def _observed(self, runner: Runner, *conditions: sa.ColumnElement[bool]) -> tuple[Observed, ...]:
        c = tables.recording.c
        query = (
            sa.select(c.identity, c.sport, c.started_at, c.ended_at, c.observed)
            .where(c.runner_id == runner.id, *conditions)
            .order_by(c.started_at, c.identity)
        )
        with self._connections.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(observed_codec.decode(*row) for row in rows)


def _add_recordings(
    connection: sa.Connection,
    runner: Runner,
    original: Original,
    observed: Sequence[Observed],
    reader_version: str,
    detector_version: str,
) -> tuple[Observed, ...]:
    """Add the recordings that are not there yet, and give them."""
    added: list[Observed] = []
    c = tables.recording.c
    for one in observed:
        same = sa.select(c.identity).where(c.runner_id == runner.id, c.identity == one.identity)
        if connection.execute(same).first() is not None:
            continue
        connection.execute(
            sa.insert(tables.recording).values(
                runner_id=runner.id,
                identity=one.identity,
                original_sha256=original.sha256,
                started_at=one.started_at,
                ended_at=one.ended_at,
                sport=one.sport,
                observed=observed_codec.encode(one),
                reader_version=reader_version,
                detector_version=detector_version,
            )
        )
        added.append(one)
    return tuple(added)


def _inserted(result: sa.CursorResult[Any]) -> int:
    """Give the id that an insert was given."""
    key = result.inserted_primary_key
    assert key is not None  # one row was inserted, into a table that numbers its rows
    return int(key[0])


def _original_row(original: Original) -> dict[str, Any]:
    return {
        "sha256": original.sha256,
        "content_sha256": original.content_sha256,
        "file_name": original.file_name,
        "size_bytes": original.size_bytes,
        "imported_at": original.imported_at,
        "outcome": original.outcome.value,
        "reason_code": original.reason_code,
        "reason_message": original.reason_message,
    }


def _original(row: sa.RowMapping) -> Original:
    return Original(**tables.checked(tables.original, row, outcome=OriginalOutcome))
