"""The history of the tables; Alembic runs it, from `monitor.store.schema`."""
