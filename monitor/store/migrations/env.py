"""What Alembic runs to migrate: on the connection it is handed, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table; a batch copies it
)
with context.begin_transaction():
    context.run_migrations()
