"""The tables. Every row belongs to a runner; nothing here is SQLite's alone.

Instants are text of one width in UTC, `2026-03-01T07:02:11.000000Z`: they sort as they stand, on any database, keep
every microsecond, and can be read by a person who opens the file in twenty years. SQLite has no type for an instant,
and SQLAlchemy's `DateTime` would drop the zone there without a word.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.store.errors import UnreadableRow
from monitor.when import YEARS


def instant_text(instant: datetime) -> str:
    """Write an aware instant; ValueError for a naive one, whose zone nobody knows, and for one that nobody means."""
    return _meant(instant).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """Read what `instant_text` wrote; aware UTC. ValueError for what it never writes."""
    return _meant(datetime.fromisoformat(text))


def _meant(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant must have a zone")
    if instant.year not in YEARS:
        raise ValueError("an instant that nobody means")
    return instant.astimezone(UTC)


_SHA256 = re.compile(r"[0-9a-f]{64}")


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant as sortable text."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        """Write it."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        """Read it."""
        try:
            return None if value is None else read_instant(value)
        except (ValueError, TypeError):
            raise UnreadableRow(
                "An instant in the database cannot be read. Restore restride.db from a backup."
            ) from None


metadata = sa.MetaData(
    naming_convention={  # a later migration can only alter a constraint that has a name
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

runner = sa.Table(
    "runner",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
)

# Append-only: what people told us, of every kind (docs/adr/0005).
fact = sa.Table(
    "fact",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.Integer, sa.ForeignKey("runner.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
)

# One row for each file that was given to us, whatever came of it; its bytes are in the archive.
original = sa.Table(
    "original",
    metadata,
    sa.Column("runner_id", sa.Integer, sa.ForeignKey("runner.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("content_sha256", sa.String(64)),  # of the one file inside it (x.fit in x.fit.gz), where there is one
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("imported_at", Instant, nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("reason_code", sa.String(64)),
    sa.Column("reason_message", sa.Text),
)

# Derived from the originals; `rebuild` replaces it. The identity is of the bytes, so one activity that came twice
# (plain and compressed, alone and in an archive) is one row.
recording = sa.Table(
    "recording",
    metadata,
    sa.Column("runner_id", sa.Integer, primary_key=True),
    sa.Column("identity", sa.String(80), primary_key=True),
    sa.Column("original_sha256", sa.String(64), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("sport", sa.String(64), nullable=False),
    sa.Column("observed", sa.JSON, nullable=False),
    sa.Column("reader_version", sa.String(32), nullable=False),
    sa.Column("detector_version", sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(["runner_id", "original_sha256"], ["original.runner_id", "original.sha256"]),
    sa.Index(None, "runner_id", "started_at"),
)

# What was found in the inbox, by its path there: so that a file is read once, and one that waits is known to wait.
inbox_file = sa.Table(
    "inbox_file",
    metadata,
    sa.Column("runner_id", sa.Integer, sa.ForeignKey("runner.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("ctime_ns", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("looked_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_try_at", Instant),
    sa.Column("reason_code", sa.String(64)),
    sa.Column("reason_message", sa.Text),
)

# What she is told unasked: each once, by its key.
message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("runner_id", sa.Integer, sa.ForeignKey("runner.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("discreet", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("sent_to", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_try_at", Instant),
    sa.Column("trouble", sa.Text),
    sa.UniqueConstraint("runner_id", "key"),
)


_TYPES: tuple[tuple[type[sa.types.TypeEngine[Any]], type], ...] = (
    (sa.Integer, int),
    (sa.String, str),
    (Instant, datetime),
    (sa.JSON, object),
)


def checked(table: sa.Table, row: sa.RowMapping, *, only: str | None = None, **words: type[StrEnum]) -> dict[str, Any]:
    """Give a row without whose it is; SQLite keeps any type in any column, and damage may have changed one.

    Args:
        table, row: what was read, and where.
        only: the one column that was read; all when left out.
        words: for columns with one of some words, those words.

    Raises:
        UnreadableRow: a value is not of its column's type.
    """
    rules = [rule for rule in _rules(table) if only in (None, rule[0])]
    values = {name: row[name] for name, _, _ in rules}
    try:
        for name, wanted, nullable in rules:
            value = values[name]
            if not (nullable if value is None else isinstance(value, wanted)):
                raise TypeError(name)
            if name == "sha256" and value is not None and not _SHA256.fullmatch(value):
                raise ValueError(name)
        return {**values, **{name: word(values[name]) for name, word in words.items()}}
    except (TypeError, ValueError):
        raise UnreadableRow(
            f"A row of {table.name} in the database cannot be read. Restore restride.db from a backup."
        ) from None


@cache
def _rules(table: sa.Table) -> tuple[tuple[str, type, bool], ...]:
    """Give name, type and whether it may be empty, for each column but the runner's."""
    columns = [column for column in table.c if column.name != "runner_id"]
    types = {c.name: next(type_ for kind, type_ in _TYPES if isinstance(c.type, kind)) for c in columns}
    return tuple((column.name, types[column.name], bool(column.nullable)) for column in columns)
