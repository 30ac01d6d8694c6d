"""What she is told unasked: written once by its key, and kept, so that nothing is told twice.

A message is a row before it is said anywhere, so a process that is killed in between says it when it is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import sqlalchemy as sa

from monitor.facts import Runner
from monitor.message import Message, MessageKind, MessageState
from monitor.store import tables
from monitor.store.connection import Connections


class Messages:
    """The rows of what is told; `Store.messages` gives it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, runner: Runner, message: Message) -> Message | None:
        """Add a message, and give it with its id; None where one of this key was there before."""
        c = tables.message.c
        with self._connections.writing() as connection:
            same = sa.select(c.id).where(c.runner_id == runner.id, c.key == message.key)
            if connection.execute(same).first() is not None:
                return None
            row = {**_row(message), "runner_id": runner.id}
            del row["id"]
            key = connection.execute(sa.insert(tables.message).values(**row)).inserted_primary_key
        assert key is not None  # one row was inserted, into a table that numbers its rows
        return replace(message, id=int(key[0]))

    def all(self, runner: Runner, *states: MessageState) -> tuple[Message, ...]:
        """Give a runner's messages, of these states or of any, in the order they were written."""
        c = tables.message.c
        query = sa.select(tables.message).where(c.runner_id == runner.id).order_by(c.id)
        if states:
            query = query.where(c.state.in_([state.value for state in states]))
        with self._connections.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(_message(row) for row in rows)

    def drop(self, runner: Runner, keys: Sequence[str]) -> None:
        """Forget what was told, by the keys: it could be told again."""
        c = tables.message.c
        with self._connections.writing() as connection:
            for key in keys:
                connection.execute(sa.delete(tables.message).where(c.runner_id == runner.id, c.key == key))

    def update(self, runner: Runner, message: Message) -> None:
        """Write how far a message has come."""
        c = tables.message.c
        row = _row(message)
        with self._connections.writing() as connection:
            mine = sa.and_(c.runner_id == runner.id, c.id == message.id)
            connection.execute(sa.update(tables.message).where(mine).values(**row))


def _row(message: Message) -> dict[str, object]:
    return {**asdict(message), "kind": message.kind.value, "state": message.state.value}


def _message(row: sa.RowMapping) -> Message:
    return Message(**tables.checked(tables.message, row, kind=MessageKind, state=MessageState))
