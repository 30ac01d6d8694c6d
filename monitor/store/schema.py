"""The version of the tables: compared at every start, migrated only when it differs.

Alembic takes longer to load than a whole command should, so it is imported only where there is something to migrate.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from monitor.store.connection import Connections, emptied
from monitor.store.errors import NewerDatabase, NotOurs

HEAD = "0002"
"""The newest migration, by its number; a test holds it to migrations/versions."""

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(connections: Connections, *, makes: bool = True) -> None:
    """Make the tables those of this version of the program.

    Args:
        connections: to the database.
        makes: make them where there are none.

    Raises:
        Lost: there are none, and none are to be made.
        NewerDatabase: a newer program wrote it.
        NotOurs: the file holds another program's tables, or none where it held some.
    """
    with connections.reading() as connection:
        version = version_of(connection)
    if version == HEAD:
        return
    if version is None and not makes:
        raise emptied("restride.db")
    with connections.writing() as connection:
        if version_of(connection) != HEAD:  # another process may have been first
            _migrate(connection)


def version_of(connection: sa.Connection) -> str | None:
    """Read the version; None for a database without tables."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        if sa.inspect(connection).get_table_names():
            raise NotOurs("The database file belongs to another program. Choose another folder with --data.")
        return None
    versions = connection.execute(sa.select(_VERSION.c.version_num)).scalars().all()
    if len(versions) != 1 or not isinstance(versions[0], str):
        raise NotOurs("The database lost its version; it is damaged. Restore restride.db from a backup.")
    return versions[0]


def _migrate(connection: sa.Connection) -> None:
    """Run the migrations that are missing, inside the transaction of this connection: all of them, or none."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if (version := version_of(connection)) is not None and version not in known:
        raise NewerDatabase(
            "The database was written by a newer version of Restride, and nothing was changed. Update Restride."
        )
    command.upgrade(config, HEAD)
