"""Remember what was found in the inbox, and what she is told.

The columns are spelled out rather than taken from `monitor.store.tables`, which moves on while this step must not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "inbox_file",
        sa.Column("runner_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("ctime_ns", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("first_seen_at", sa.String(27), nullable=False),
        sa.Column("looked_at", sa.String(27), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.String(27)),
        sa.Column("reason_code", sa.String(64)),
        sa.Column("reason_message", sa.Text),
        sa.PrimaryKeyConstraint("runner_id", "key", name="pk_inbox_file"),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_inbox_file_runner"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("runner_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("discreet", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sent_at", sa.String(27)),
        sa.Column("sent_to", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.String(27)),
        sa.Column("trouble", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("runner_id", "key", name="uq_message_runner_id_key"),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_message_runner"),
    )
