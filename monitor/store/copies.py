"""A database that comes from elsewhere: looked through before it is trusted; and made into one file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from monitor.store import tables
from monitor.store.connection import in_words
from monitor.store.errors import NotOurs

_OURS = frozenset({"alembic_version", *tables.metadata.tables})


def check_copy(path: Path) -> None:
    """Look whether a file is a whole database of Restride's and nothing that acts by itself.

    Raises:
        NotOurs: it is damaged, or holds tables, views or triggers that Restride never makes.
    """
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        found = connection.execute("SELECT type, tbl_name FROM sqlite_master").fetchall()
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        related = not connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError:
        whole = related = False
        found = []
    finally:
        connection.close()
    if not (whole and related):
        raise NotOurs("The database in the backup is damaged. Nothing was restored. Use another backup.")
    if not found or any(type_ not in ("table", "index") or of not in _OURS for type_, of in found):
        raise NotOurs("The database in the backup is not one of Restride's. Nothing was restored.")


def make_one_file(path: Path) -> None:
    """Take into the file of a database what lies beside it in a write-ahead log."""
    connection = sqlite3.connect(path)
    try:
        with in_words():
            connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
