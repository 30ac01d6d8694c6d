"""A database that is lost, by a disk that was full, a sync program or a slip: it is never filled again as if new."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command import Restride, process, write_run
from tests.watched import Watched

NOW = "2026-03-02T20:00+00:00"
BACK = "restride restore FILE"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    restride = Restride(folder / "data").ready()
    assert restride("import", str(write_run(folder, "2026-03-02T07:00+00:00")), now=NOW).code == 0
    return folder


@pytest.fixture
def restride(made: Path, tmp_path: Path) -> Restride:
    return Restride(Path(shutil.copytree(made / "data", tmp_path / "data")))


def emptied(db: Path) -> None:
    db.write_bytes(b"")


@pytest.mark.parametrize("lose", [emptied, Path.unlink])
@pytest.mark.parametrize(
    "command", [("watch", "--once"), ("next",), ("week",), ("checkin", "--none"), ("import",), ("init",), ("backup",)]
)
def test_a_lost_database_is_said_to_be_lost_and_a_backup_is_asked_for(
    restride: Restride, made: Path, tmp_path: Path, lose: object, command: tuple[str, ...]
) -> None:
    """An empty one in its place knows of no symptom and no clinician; the nightly backup would carry it on."""
    db = restride.data / "restride.db"
    backup = tmp_path / "nightly.zip"
    assert restride("backup", str(backup)).code == 0
    saved = backup.read_bytes()
    for beside in restride.data.glob("restride.db-*"):
        beside.unlink()
    assert callable(lose)
    lose(db)
    more = {"import": (str(next(made.glob("*.fit"))),), "backup": (str(backup),)}.get(command[0], ())
    said = restride(*command, *more, now=NOW)
    assert said.code == 1, said.stdout
    assert BACK in said.stderr
    assert ("empty" if lose is emptied else "gone") in said.stderr
    assert not db.exists() or not db.stat().st_size
    assert backup.read_bytes() == saved


def test_a_folder_that_was_only_begun_can_be_set_up(tmp_path: Path) -> None:
    """An init that was killed leaves an empty database, and nothing else."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "restride.db").touch()
    restride = Restride(tmp_path / "data")
    assert "restride init" in restride("next").stderr
    assert restride.ready()("next").code == 0


def test_nobodys_backup_does_not_take_the_place_of_somebodys(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    backup = tmp_path / "nightly.zip"
    assert restride("backup", str(backup)).code == 0
    saved = backup.read_bytes()
    import sqlite3

    with sqlite3.connect(restride.data / "restride.db") as connection:
        for table in ("message", "inbox_file", "recording", "original", "fact", "runner"):
            connection.execute(f"DELETE FROM {table}")
    assert restride("backup", str(backup)).code == 1
    assert backup.read_bytes() == saved


def test_a_database_that_is_lost_under_a_running_watcher_is_not_made_anew(restride: Restride) -> None:
    """It runs for months: whatever happens to the file happens while it is there."""
    with Watched(restride.data, "--every", "1", now=NOW) as watched:
        watched.until(lambda: (restride.data / "watch.json").exists(), "a look")
        for file in restride.data.glob("restride.db*"):
            file.unlink()
        write_run(restride.data / "inbox", "2026-03-05T07:00+00:00")
        watched.wait_for("could not be done")
        assert watched.end() == 0, watched.said
    assert not (restride.data / "restride.db").exists()
    assert BACK in process(restride.data, "--now", NOW, "next").stderr
