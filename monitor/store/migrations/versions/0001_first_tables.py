"""Make the first tables: runner, fact, original, recording.

The columns are spelled out rather than taken from `monitor.store.tables`, which moves on while this step must not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "runner",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runner"),
        sa.UniqueConstraint("name", name="uq_runner_name"),
    )
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("runner_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_fact_runner"),
    )
    op.create_index("ix_fact_runner_id", "fact", ["runner_id"])
    op.create_table(
        "original",
        sa.Column("runner_id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content_sha256", sa.String(64)),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("imported_at", sa.String(27), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason_code", sa.String(64)),
        sa.Column("reason_message", sa.Text),
        sa.PrimaryKeyConstraint("runner_id", "sha256", name="pk_original"),
        sa.ForeignKeyConstraint(["runner_id"], ["runner.id"], name="fk_original_runner"),
    )
    op.create_table(
        "recording",
        sa.Column("runner_id", sa.Integer, nullable=False),
        sa.Column("identity", sa.String(80), nullable=False),
        sa.Column("original_sha256", sa.String(64), nullable=False),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=False),
        sa.Column("sport", sa.String(64), nullable=False),
        sa.Column("observed", sa.JSON, nullable=False),
        sa.Column("reader_version", sa.String(32), nullable=False),
        sa.Column("detector_version", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("runner_id", "identity", name="pk_recording"),
        sa.ForeignKeyConstraint(
            ["runner_id", "original_sha256"], ["original.runner_id", "original.sha256"], name="fk_recording_original"
        ),
    )
    op.create_index("ix_recording_runner_id_started_at", "recording", ["runner_id", "started_at"])
