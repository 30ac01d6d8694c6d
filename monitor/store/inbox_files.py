"""What was found in the inbox, and what came of it: derived, and only there so that no file is read twice for nothing.

A file that is gone keeps its row: a share that vanished for a day must not make a thousand files new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from monitor.facts import Runner
from monitor.store import tables
from monitor.store.connection import Connections


class InboxState(StrEnum):
    """How far a file in the inbox has come."""

    WAITING = "waiting"  # still arriving, or it could not be opened: it is looked at again
    SETTLED = "settled"  # its bytes are known: imported, or known to be no recording


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A file in the inbox as it was when it was last looked at."""

    key: str  # its path under the inbox, parts joined by "/"; bytes that are no text are written \\xNN
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    state: InboxState
    sha256: str | None = None  # of the bytes that settled it
    first_seen_at: datetime
    looked_at: datetime
    tries: int = 0
    next_try_at: datetime | None = None  # waiting: not before this instant, unless it changes
    reason_code: str | None = None  # why it waits
    reason_message: str | None = None

    @property
    def signature(self) -> tuple[int, int, int]:
        """Give what tells new bytes under an old name: size, and when bytes and entry last changed."""
        return self.size_bytes, self.mtime_ns, self.ctime_ns


class InboxFiles:
    """The rows of the inbox; `Store.inbox` gives it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self, runner: Runner) -> dict[str, InboxFile]:
        """Give what is known of each file of a runner, by its key, in the order of keys."""
        c = tables.inbox_file.c
        query = sa.select(tables.inbox_file).where(c.runner_id == runner.id).order_by(c.key)
        with self._connections.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["key"]: _inbox_file(row) for row in rows}

    def put(self, runner: Runner, files: Iterable[InboxFile]) -> None:
        """Write what is known of these files now, in place of what was known."""
        with self._connections.writing() as connection:
            for file in files:
                c = tables.inbox_file.c
                row = {**asdict(file), "runner_id": runner.id, "state": file.state.value}
                connection.execute(sa.delete(tables.inbox_file).where(c.runner_id == runner.id, c.key == file.key))
                connection.execute(sa.insert(tables.inbox_file), row)

    def drop(self, runner: Runner, keys: Iterable[str]) -> None:
        """Forget files, so that they are looked at as if they were new."""
        c = tables.inbox_file.c
        with self._connections.writing() as connection:
            for key in keys:
                connection.execute(sa.delete(tables.inbox_file).where(c.runner_id == runner.id, c.key == key))


def _inbox_file(row: sa.RowMapping) -> InboxFile:
    return InboxFile(**tables.checked(tables.inbox_file, row, state=InboxState))
