"""The tables: made by the migrations, the same as the code's, and never touched when a newer program made them."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from monitor.store import NewerDatabase, NotOurs, Store, schema, tables
from monitor.store.connection import Connections

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    Store.open(tmp_path / "restride.db").close()
    connections = Connections(tmp_path / "restride.db")
    with connections.reading() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), tables.metadata)
        names = set(sa.inspect(connection).get_table_names())
    connections.close()
    assert difference == []
    assert names == {*tables.metadata.tables, "alembic_version"}


def test_head_is_the_newest_migration() -> None:
    """A migration that HEAD does not name would never run."""
    steps = (ROOT / "monitor/store/migrations/versions").glob("[0-9]*.py")
    assert max(step.name.partition("_")[0] for step in steps) == schema.HEAD


def test_every_table_can_be_made_on_postgresql() -> None:
    """A clinic's database comes later, by URL alone."""
    for table in tables.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_every_row_belongs_to_a_runner() -> None:
    for table in tables.metadata.sorted_tables:
        if table is not tables.runner:
            assert not table.c.runner_id.nullable, table.name
            assert table.c.runner_id.foreign_keys, table.name


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    """An older program must not misread what a newer one wrote."""
    db = tmp_path / "restride.db"
    with Store.open(db) as store:
        store.add_runner("Ada", NOW)
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerDatabase, match="newer version"):
        Store.open(db)
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
        assert connection.execute("SELECT name FROM runner").fetchall() == [("Ada",)]
    connection.close()


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    db = tmp_path / "restride.db"
    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY)")
    connection.close()
    with pytest.raises(NotOurs, match="another program"):
        Store.open(db)
    connection = sqlite3.connect(db)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
    connection.close()


def test_a_database_without_its_version_is_refused(tmp_path: Path) -> None:
    db = tmp_path / "restride.db"
    Store.open(db).close()
    connection = sqlite3.connect(db, isolation_level=None)
    connection.execute("DELETE FROM alembic_version")
    connection.close()
    with pytest.raises(NotOurs, match="backup"):
        Store.open(db)


def test_a_migration_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the tables and no version would lock her out for good."""
    db = tmp_path / "restride.db"

    def no_space(connection: sa.Connection, cursor: object, statement: str, *_: object) -> None:
        if re.search("CREATE TABLE recording", statement):
            raise OSError("no space left")

    with monkeypatch.context() as patch:
        migrate = schema._migrate

        def failing(connection: sa.Connection) -> None:
            sa.event.listen(connection, "before_cursor_execute", no_space)
            migrate(connection)

        patch.setattr(schema, "_migrate", failing)
        with pytest.raises(OSError, match="no space"):
            Store.open(db)
    connection = sqlite3.connect(db)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    with Store.open(db) as store:
        assert store.add_runner("Ada", NOW).name == "Ada"


def test_a_folder_with_odd_signs_in_its_name_works(tmp_path: Path) -> None:
    """Alembic's settings read % as a reference, and a URL reads ? and # as its own."""
    folder = tmp_path / "100% me? #1 ünï"
    folder.mkdir()
    with Store.open(folder / "restride.db") as store:
        assert store.add_runner("Ada", NOW).name == "Ada"
    assert (folder / "restride.db").stat().st_size > 0


def test_opening_a_current_database_loads_no_alembic(tmp_path: Path) -> None:
    """Every command opens the database, and a week must be answered within a second."""
    db = tmp_path / "restride.db"
    Store.open(db).close()
    program = (
        "import sys\nfrom pathlib import Path\nfrom monitor.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store:\n    store.runners()\n"
        "print(sorted({'alembic', 'pandas', 'numpy', 'mako'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(db)], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
