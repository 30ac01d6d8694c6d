"""One runner erased for good: nothing of her is left in the folder, and nothing of anybody else is gone."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import random
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import bringing
from monitor.archive import Archive
from monitor.config import resolve
from monitor.forgetting import MARKER, alone
from monitor.messages import folder_of_nobody
from monitor.store import InboxFile, InboxState, Message, MessageKind, Store, tables
from monitor.store.rows import OF_A_RUNNER
from monitor.watch_state import lock_of
from tests.command import ROOT, Restride, write_run
from tests.households import NOW, set_up_two, started
from tests.nested import nested

AT = datetime(2026, 3, 3, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    restride = set_up_two(home)
    with Store.open(restride.data / "restride.db") as store:
        for runner in store.runners():
            text = Message(
                key=f"file:{runner.name}",
                kind=MessageKind.TROUBLE,
                created_at=AT,
                text=f"told-{runner.name}",
                discreet="-",
            )
            store.messages.add(runner, text)
            store.inbox.put(runner, [seen(f"{runner.name}/waiting-{runner.name}.fit")])
    return home


def seen(key: str) -> InboxFile:
    return InboxFile(
        key=key, size_bytes=1, mtime_ns=1, ctime_ns=1, state=InboxState.WAITING, first_seen_at=AT, looked_at=AT
    )


@pytest.fixture
def two(home: Path, tmp_path: Path) -> Restride:
    """Give a copy of the household, with files of both in the inbox and what watchers and crashes leave."""
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    data = tmp_path / "data"
    for name in ("Ana", "Zuleika"):
        shutil.copytree(tmp_path / name, data / "inbox" / name)
        (data / "inbox" / name / "new.fit").write_bytes(f"still arriving, {name}".encode())
        with zipfile.ZipFile(data / "inbox" / f"export-{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(tmp_path / name / f"{name}-waldsee.fit", "1.fit")
    (data / "inbox" / "at-the-root.fit").write_bytes(b"the first runner's, Ana")
    (data / "watch.log").write_text("Ana-waldsee.fit: imported\n", encoding="utf-8")
    (data / "watch.log.1").write_text("Ana-waldsee.fit: waiting\n", encoding="utf-8")
    (data / "watch.json").write_text('{"trouble": "Ana"}', encoding="utf-8")
    shutil.copy(data / "restride.db", data / ".restride.db.restoring")
    shard = next(path for path in (data / "archive").iterdir())
    (shard / ".abc.tmp").write_bytes((tmp_path / "Ana" / "Ana-waldsee.fit").read_bytes()[:2000])
    return Restride(data)


def traces(home: Path, name: str) -> list[bytes]:
    """Give what only her data hold: her name, names of files, her words, her recording and its hash."""
    recording = (home / name / f"{name}-waldsee.fit").read_bytes()
    sha256 = hashlib.sha256(recording).hexdigest()
    pieces = [recording[at : at + 48] for at in range(200, len(recording) - 48, 997)]
    texts = [name, f"{name}-waldsee.fit", f"fliegenpilz-{name}", f"told-{name}", f"waiting-{name}", sha256]
    return [*(text.encode() for text in texts), *pieces]


def found(data: Path, marks: list[bytes]) -> list[str]:
    """Search every byte of a folder, names of files included."""
    hits = []
    for path in data.rglob("*"):
        content = os.fsencode(str(path.relative_to(data))) + (path.read_bytes() if path.is_file() else b"")
        hits += [f"{path.name}: {mark[:40]!r}" for mark in marks if mark in content]
    return hits


def rows_of(restride: Restride, name: str, target: Path) -> dict[str, bytes]:
    """Give all that an export of a runner holds, but for the instant at which it was written."""
    assert restride("--runner", name, "export", "-o", str(target), now=NOW).code == 0
    with zipfile.ZipFile(target) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


@pytest.mark.parametrize(("name", "other"), [("Ana", "Zuleika"), ("Zuleika", "Ana")])
def test_nothing_of_her_is_left_and_all_of_the_other_is(name: str, other: str, two: Restride, tmp_path: Path) -> None:
    """She asked for it to be gone: a page in a database that still holds her words is not gone."""
    assert len(found(two.data, traces(tmp_path, name))) > 10  # the search finds her while she is there
    before = rows_of(two, other, tmp_path / "before.zip")
    said = two("forget", name, "--yes", now=NOW)
    assert (said.code, said.stdout) == (0, "Erased.\n"), said.stderr
    assert found(two.data, traces(tmp_path, name)) == []
    assert not (two.data / MARKER).exists()
    assert len(found(two.data, traces(tmp_path, other))) > 10
    assert rows_of(two, other, tmp_path / "after.zip") == before
    assert two("rebuild", now=NOW).code == 0  # her archived copies are there
    assert (two.data / "inbox" / other / "new.fit").exists()
    assert (two.data / "inbox" / f"export-{other}.zip").exists()
    assert list((two.data / "reports").glob("*.html"))
    assert two("forget", name, "--yes", now=NOW).code == 1
    assert two("--runner", name, "init", "--zone", "Europe/Lisbon", now=NOW).code == 0  # nothing stands in her way


@pytest.mark.parametrize("name", ["Ana", "Zuleika"])
def test_what_lies_elsewhere_in_the_folder_goes_too(name: str, two: Restride, tmp_path: Path) -> None:
    """Moved there by `--after-import move:done`, left half-way by a kill, or written there by a command of hers."""
    data, hers = two.data, tmp_path / name / f"{name}-waldsee.fit"
    for done in (tmp_path / "Ana" / "Ana-waldsee.fit", tmp_path / "Zuleika" / "Zuleika-waldsee.fit"):
        folder = data / "done" / done.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(done, folder / done.name)
        with zipfile.ZipFile(data / "done" / f"{done.stem}.zip", "w") as archive:
            archive.write(done, f"{done.stem}.fit")
    shutil.copy(hers, data / "done" / ".restride-0123456789abcdef.tmp")
    left = b"an import of %s that was killed: " % name.encode() + hers.read_bytes()
    sha256 = Archive(data / "archive").put(left)
    for form in ("json", "html", "csv"):
        written = two(
            "--runner", name, "report", "--format", form, "-o", str(data / "reports" / f"mine.{form}"), now=NOW
        )
        assert written.code == 0
    said = two("forget", name, "--yes", now=NOW)
    assert said.code == 0, said.stderr
    assert "1 archived copy of files that are in no runner's log" in " ".join(said.stderr.split())
    assert found(data, [*traces(tmp_path, name), sha256.encode()]) == []
    other = "Ana" if name == "Zuleika" else "Zuleika"
    assert sorted(p.name for p in (data / "done").rglob("*.*")) == [f"{other}-waldsee.fit", f"{other}-waldsee.zip"]
    assert two("rebuild", now=NOW).code == 0


def test_what_another_was_told_of_her_folder_goes_with_her(two: Restride, tmp_path: Path) -> None:
    """Before Zuleika was set up, her folder was nobody's, and Ana was told of it by its name."""
    with Store.open(two.data / "restride.db") as store:
        ana = store.runners()[0]
        store.messages.add(ana, folder_of_nobody("zuleika", now=AT))
        store.messages.add(ana, folder_of_nobody("Caro", now=AT))
        store.inbox.put(ana, [seen("zuleika/first.fit"), seen("zuleika.fit")])
        assert two("forget", "Zuleika", "--yes", now=NOW).code == 0
        assert [m.key for m in store.messages.all(ana) if m.key.startswith("folder:")] == ["folder:Caro"]
        assert "zuleika/first.fit" not in store.inbox.all(ana)
        assert "zuleika.fit" in store.inbox.all(ana)


@pytest.mark.parametrize("kept", ["backup", "export", "database"])
def test_what_was_saved_in_the_folder_has_to_be_moved_first(kept: str, two: Restride, tmp_path: Path) -> None:
    """It may be the only copy there is: she asked for an end of what Restride keeps, not of what she kept herself."""
    path = two.data / "old" / f"kept.{kept}"
    path.parent.mkdir()
    if kept == "database":
        shutil.copy(two.data / "restride.db", path)
    else:
        named = ("--runner", "Ana", "export", "-o") if kept == "export" else ("backup",)
        assert two(*named, str(tmp_path / "kept"), now=NOW).code == 0
        shutil.move(tmp_path / "kept", path)
    said = two("forget", "Ana", "--yes", now=NOW)
    assert said.code == 1
    assert f"kept.{kept}" in said.stderr
    assert two("week", now=NOW).code == 0
    if kept == "export":  # it is none of hers
        assert two("forget", "Zuleika", "--yes", now=NOW).code == 0
    shutil.move(path, tmp_path / "moved")
    assert two("forget", "Ana", "--yes", now=NOW).code == 0


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_while_another_process_imports_it_is_refused_and_after_a_kill_nothing_is_left(
    two: Restride, tmp_path: Path
) -> None:
    """An import that went on would keep copies of her runs after she was erased."""
    for n in range(40):
        write_run(tmp_path / "more", f"2025-{n // 20 + 10:02}-{n % 20 + 1:02}T07:00+00:00", [("jog", 60.0)], seed=n)
    marks = [hashlib.sha256(path.read_bytes()).hexdigest().encode() for path in (tmp_path / "more").iterdir()]
    importing = started(two.data, "--runner", "Ana", "import", str(tmp_path / "more"))
    while importing.poll() is None and not any((two.data / "archive").rglob(m.decode()) for m in marks[:3]):
        time.sleep(0.02)
    while len(list((two.data / "archive").glob("*/*"))) < 6 and importing.poll() is None:
        time.sleep(0.01)
    said = two("forget", "Ana", "--yes", now=NOW)
    is_at_work = importing.poll() is None
    importing.kill()
    importing.wait()
    assert is_at_work  # or this test shows nothing
    assert said.code == 1
    assert "imports" in said.stderr
    assert list(two.data.glob("bringing-*.lock"))
    assert two("forget", "Ana", "--yes", now=NOW).code == 0
    assert found(two.data, [*traces(tmp_path, "Ana"), *marks]) == []
    assert not list(two.data.glob("bringing-*.lock"))


def test_while_she_is_erased_nothing_is_brought_in(
    two: Restride, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "_WAIT_S", 0.1)
    assert two("export", "-o", str(tmp_path / "ana.zip"), now=NOW).code == 0
    with alone(resolve(two.data, environ={})):
        for command in (
            ("import", str(tmp_path / "Ana")),
            ("report",),
            ("restore", str(tmp_path / "ana.zip"), "--as", "B"),
        ):
            said = two(*command, now=NOW)
            assert said.code == 1
            assert "being erased" in said.stderr
    assert two("import", str(tmp_path / "Ana"), now=NOW).code == 0


@pytest.mark.parametrize("trouble", [OSError(38, "Function not implemented"), NotImplementedError("no flock")])
def test_a_drive_without_locks_takes_imports_all_the_same(
    trouble: Exception, two: Restride, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some shares know none; what they lack is only needed where somebody is to be erased."""

    def refuse(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    assert two("import", str(tmp_path / "Ana"), now=NOW).code == 0


def test_after_the_last_one_the_folder_is_as_good_as_new(two: Restride, tmp_path: Path) -> None:
    (two.data / "restride.toml").write_text('[[notify]]\nurls = ["mailto://zuleika"]\n', encoding="utf-8")
    said = two("forget", "Zuleika", "--yes", now=NOW)
    assert said.code == 0, said.stderr
    assert two("forget", "Ana", "--yes", now=NOW).code == 0
    assert found(two.data, [*traces(tmp_path, "Ana"), *traces(tmp_path, "Zuleika")]) == []
    assert [path for path in two.data.rglob("*") if not path.is_dir()] == []
    assert two("week", now=NOW).stderr.startswith("restride: nothing is set up")
    assert two("init", "--birth", "2025-11-17", "--zone", "Europe/Lisbon", now=NOW).code == 0


def test_a_file_that_both_imported_stays_for_the_other(two: Restride, tmp_path: Path) -> None:
    """Two who ran together with one watch: what is erased for one is still the other's."""
    shared = write_run(tmp_path / "shared", "2026-03-03T07:00+00:00", seed=9)
    for name in ("Ana", "Zuleika"):
        assert two("--runner", name, "import", str(shared), now=NOW).code == 0
    assert two("forget", "Ana", "--yes", now=NOW).code == 0
    assert two("rebuild", now=NOW).code == 0
    assert two("forget", "Zuleika", "--yes", now=NOW).code == 0


def test_without_a_terminal_and_without_yes_nothing_is_erased(two: Restride, tmp_path: Path) -> None:
    """A script with a slip in it must not erase a year of somebody's log."""
    before = rows_of(two, "Ana", tmp_path / "before.zip")
    said = two("forget", "Ana", now=NOW)
    assert (said.code, said.stdout) == (1, "")
    assert "--yes" in said.stderr
    assert rows_of(two, "Ana", tmp_path / "after.zip") == before
    assert two("--runner", "Zuleika", "forget", "Ana", "--yes", now=NOW).code == 1


@pytest.mark.skipif(os.name == "nt", reason="a POSIX terminal")
@pytest.mark.parametrize(("typed", "is_erased"), [("Ana", True), ("ana", False), ("yes", False), ("", False)])
def test_on_a_terminal_her_name_has_to_be_typed(typed: str, is_erased: bool, two: Restride, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{typed}\n".encode())
    environment = {**os.environ, "RESTRIDE_DATA": str(two.data), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "monitor.cli", "--now", NOW, "forget", "Ana"]
    done = subprocess.run(command, env=environment, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, check=False)
    os.close(theirs)
    os.close(ours)
    assert (done.returncode == 0) is is_erased
    assert (found(two.data, traces(tmp_path, "Ana")) == []) is is_erased


def test_while_a_watcher_runs_it_is_refused(two: Restride) -> None:
    """The watcher would read her files in again while they are erased."""
    lock = lock_of(resolve(two.data, environ={}))
    with lock:
        said = two("forget", "Ana", "--yes", now=NOW)
    assert said.code == 1
    assert "A watcher runs" in said.stderr
    assert two("week", now=NOW).code == 0


@pytest.fixture
def outside(two: Restride, tmp_path: Path) -> Path:
    """Put the inbox outside the data folder."""
    shutil.move(two.data / "inbox", tmp_path / "phone")
    (two.data / "restride.toml").write_text(f"inbox = {json.dumps(str(tmp_path / 'phone'))}\n", encoding="utf-8")
    return tmp_path / "phone"


def test_her_files_in_an_inbox_elsewhere_are_not_left_to_another(two: Restride, outside: Path) -> None:
    """She was the first: what lies at the root would become the runs of the next one."""
    said = two("forget", "Ana", "--yes", now=NOW)
    assert said.code == 1
    assert "--with-inbox" in said.stderr
    assert "--keep-inbox" in said.stderr
    assert two("week", now=NOW).code == 0
    assert two("forget", "Ana", "--yes", "--with-inbox", now=NOW).code == 0
    assert sorted(path.name for path in outside.iterdir()) == ["Zuleika", "at-the-root.fit", "export-Zuleika.zip"]


def test_her_files_in_an_inbox_elsewhere_stay_where_she_says_so(two: Restride, outside: Path, tmp_path: Path) -> None:
    said = two("forget", "Ana", "--yes", "--keep-inbox", now=NOW)
    assert said.code == 0
    assert "may take them in" in said.stderr
    assert (outside / "export-Ana.zip").exists()
    (two.data / "restride.toml").unlink()
    assert found(two.data, traces(tmp_path, "Ana")) == []


def test_an_inbox_that_is_not_there_is_not_taken_for_an_empty_one(two: Restride, outside: Path) -> None:
    """The share is not mounted today; tomorrow her files would be somebody else's."""
    outside.rename(outside.with_name("unmounted"))
    said = two("forget", "Ana", "--yes", "--with-inbox", now=NOW)
    assert said.code == 1
    assert "cannot be looked into" in said.stderr
    assert two("forget", "Ana", "--yes", "--keep-inbox", now=NOW).code == 0


def test_an_inbox_that_is_the_data_folder_itself_costs_nobody_anything(two: Restride, tmp_path: Path) -> None:
    """Taken for an inbox, the folder's own database would be a file of the first runner's."""
    (two.data / "restride.toml").write_text('inbox = "."\n', encoding="utf-8")
    before = rows_of(two, "Zuleika", tmp_path / "before.zip")
    assert two("forget", "Ana", "--yes", now=NOW).code == 1
    assert two("forget", "Ana", "--yes", "--with-inbox", now=NOW).code == 0
    assert rows_of(two, "Zuleika", tmp_path / "after.zip") == before


@pytest.mark.skipif(os.name == "nt", reason="paths may not be so long on Windows")
def test_her_folders_go_however_deep_they_are(two: Restride) -> None:
    """What stays of her because a folder was too deep is still of her."""
    with nested(two.data / "inbox" / "Ana" / "deep") as innermost:
        (innermost / "run.fit").write_bytes(b"hers")
        said = two("forget", "Ana", "--yes", now=NOW)
        assert (said.code, said.stdout) == (0, "Erased.\n"), said.stderr
        assert not (two.data / "inbox" / "Ana").exists()


def test_folders_of_others_stay_though_they_are_empty(two: Restride) -> None:
    """A phone that syncs into a folder stops when the folder is gone."""
    (two.data / "inbox" / "Caro").mkdir()
    (two.data / "inbox" / "Ana" / "old").mkdir()
    assert two("forget", "Ana", "--yes", now=NOW).code == 0
    assert sorted(p.name for p in (two.data / "inbox").iterdir() if p.is_dir()) == ["Caro", "Zuleika"]


@pytest.mark.parametrize(("name", "table"), [("Zuleika", 'runner = "zuleika"'), ("Ana", "full = true")])
def test_where_to_tell_her_has_to_go_first(name: str, table: str, two: Restride) -> None:
    """Her phone would be told of another woman's runs."""
    (two.data / "restride.toml").write_text(f'[[notify]]\nurls = ["ntfy://x"]\n{table}\n', encoding="utf-8")
    said = two("forget", name, "--yes", now=NOW)
    assert said.code == 1
    assert "`notify`" in said.stderr
    assert two("--runner", name, "week", now=NOW).code == 0


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_killed_in_the_middle_the_same_command_finishes(two: Restride, tmp_path: Path) -> None:
    """Half erased and then forgotten about is not erased."""
    chance = random.Random(3)
    environment = {**os.environ, "RESTRIDE_DATA": str(two.data), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "monitor.cli", "--now", NOW, "forget", "Ana", "--yes"]
    for _ in range(4):
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.35, 0.75))
        process.kill()
        process.wait()
    two("forget", "Ana", "--yes", now=NOW)
    assert found(two.data, traces(tmp_path, "Ana")) == []
    assert not (two.data / MARKER).exists()
    assert two("rebuild", now=NOW).code == 0


@pytest.mark.parametrize("step", ["drop", "erase", "compact", "sweep"])
@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [(OSError(28, "No space left on device"), 1, "No space"), (KeyboardInterrupt(), 130, "The same command finishes")],
)
def test_stopped_at_a_step_the_same_command_finishes(
    step: str,
    trouble: BaseException,
    status: int,
    words: str,
    two: Restride,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same, at each step for certain: a disk that refuses just then, and Ctrl-C."""
    from monitor.store.rows import Rows

    def refuse(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(Rows if hasattr(Rows, step) else Archive, step, refuse)
        said = two("forget", "Ana", "--yes", now=NOW)
        assert said.code == status
        assert words in said.stderr
    assert "something of her is still here" in " ".join(two("doctor", now=NOW).stdout.split())
    assert (two.data / MARKER).exists()
    assert two("forget", "Ana", "--yes", now=NOW).code == 0
    assert found(two.data, traces(tmp_path, "Ana")) == []


def test_every_table_is_a_runners_or_the_list_of_runners() -> None:
    """A new table whose rows belong to nobody could not be erased with anybody."""
    assert {*tables.metadata.tables} == {*OF_A_RUNNER, "runner"}


def test_rows_of_every_table_are_erased(two: Restride) -> None:
    """A new table must not keep what she asked to be gone; here each has rows of both."""
    with Store.open(two.data / "restride.db") as store:
        ana, zuleika = store.runners()
        assert all(store.rows.counts(ana).values())
        kept = store.rows.counts(zuleika)
        store.rows.erase(ana)
        assert not any(store.rows.counts(ana).values())
        assert store.rows.counts(zuleika) == kept
    engine = sa.create_engine(f"sqlite:///{two.data / 'restride.db'}")
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
