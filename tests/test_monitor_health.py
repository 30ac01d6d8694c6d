"""`restride doctor`: what is wrong is found and named with its fix, nothing is changed, and nothing of hers is told."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import resolve
from monitor.health import Check, State, discreet, examine
from monitor.store import InboxFile, InboxState, Message, MessageKind, MessageState, Store
from monitor.watch_state import WatchState, write
from tests.command import ROOT, Restride, Said, write_run

NOW = "2026-03-02T20:00+00:00"
AT = datetime.fromisoformat(NOW)
posix = pytest.mark.skipif(os.name == "nt", reason="owners and modes are those of POSIX")

HOLDS = """
import sys, time
from pathlib import Path
from monitor.config import resolve
from monitor.watch_state import lock_of
lock = lock_of(resolve(Path(sys.argv[1])))
lock.acquire(timeout=0)
print("held", flush=True)
time.sleep(60)
"""

WRITES = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("UPDATE runner SET name = name")
connection.commit()
print("written", flush=True)
time.sleep(60)
"""

AS_NOBODY = """
import contextlib, io, os, sys
from monitor.cli.app import app
warm, *words = sys.argv[1:]
with contextlib.redirect_stdout(io.StringIO()):  # what is loaded as needed may lie where nobody else can read
    app(["--data", warm, *words], standalone_mode=False)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
app(words)
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with a run, a file that failed, and answers that nobody else must read."""
    folder = tmp_path_factory.mktemp("played")
    restride = Restride(folder / "data").ready()
    exports = folder / "exports"
    write_run(exports, "2026-03-02T07:00+00:00").rename(exports / "waldsee.fit")
    (exports / "lampenfieber.fit").write_bytes(b"not a watch file")
    assert restride("import", str(exports), now="2026-03-02T08:00+00:00").code == 1
    told = ("checkin", "--pain", "3", "--site", "pelvis", "--note", "fliegenpilz")
    assert restride(*told, now="2026-03-02T19:00+00:00").code == 0
    return folder / "data"


@pytest.fixture
def data(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "data"))


def bytes_of(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Give every file and folder with its mode, its time and its bytes."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (status.st_mode, status.st_mtime_ns, held)
    return found


def looked(data: Path, *arguments: str) -> Said:
    """Run `restride doctor`, and hold it to changing nothing."""
    before = bytes_of(data)
    said = Restride(data)("doctor", *arguments, now=NOW)
    assert bytes_of(data) == before
    return said


def of(data: Path, name: str, *, deep: bool = False) -> list[Check]:
    """Give what is found of one thing, and hold looking to changing nothing."""
    before = bytes_of(data)
    found = [check for check in examine(resolve(data), AT, deep=deep) if check.name == name]
    assert bytes_of(data) == before
    assert all(check.fix for check in found if check.state is State.TROUBLE)
    return found


def the(data: Path, name: str, *, deep: bool = False) -> Check:
    (check,) = of(data, name, deep=deep)
    return check


def test_a_healthy_folder_has_no_trouble_and_stays_as_it_is(data: Path) -> None:
    """Somebody who is worried looks often; looking must cost her nothing, and not cry wolf."""
    for arguments in ((), ("--deep",), ("--json",)):
        said = looked(data, *arguments)
        assert said.code == 0, said.stdout
        assert "trouble " not in said.stdout
    assert max(len(line) for line in looked(data).stdout.splitlines() if str(data) not in line) <= 80
    checks = looked(data, "--json").json["checks"]
    states = {check["name"]: check["state"] for check in checks}
    assert states["database"] == states["archive"] == states["entries"] == "ok"
    assert states["files"] == "note"


def test_nothing_of_hers_is_in_what_she_pastes_where_she_asks_for_help(data: Path) -> None:
    """A bug report is public: a symptom, a note, her place or the name of a file has no business there."""
    (data / "archive" / "aa").mkdir()
    (data / "archive" / "aa" / ("a" * 64)).write_bytes(b"")
    for arguments in ((), ("--deep",), ("--json",)):
        text = looked(data, *arguments).stdout.casefold()
        for word in ("fliegenpilz", "waldsee", "lampenfieber", "pelvis", "pain", "lisbon", "2026-03"):
            assert word not in text


def test_the_notice_of_an_urgent_sign_is_said_apart_and_nothing_is_issued(tmp_path: Path) -> None:
    """She must see it wherever she looks; the page that she pastes must not tell of it."""
    restride = Restride(tmp_path / "data").ready()
    assert "Seek medical care now" in restride("checkin", "--urgent", "chest_pain", now=NOW).stdout
    said = looked(tmp_path / "data")
    assert "Seek medical care now" in said.stderr
    assert "medical" not in said.stdout


# The database


def flip_a_page(db: Path) -> None:
    raw = bytearray(db.read_bytes())
    page = 4096 * (len(raw) // 4096 // 2)
    for place in range(page, page + 200):
        raw[place] ^= 0xFF
    db.write_bytes(raw)


def cut(db: Path) -> None:
    db.write_bytes(db.read_bytes()[: 3 * 4096 + 100])


def no_database(db: Path) -> None:
    db.write_bytes(b"this is no database at all, but a text of some length" * 100)


def of_another_program(db: Path) -> None:
    db.unlink()
    with sqlite3.connect(db) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()


def newer(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def empty(db: Path) -> None:
    db.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip_a_page, cut, no_database, of_another_program, newer, empty, Path.unlink])
def test_whatever_happened_to_the_database_is_said_with_what_to_do(data: Path, damage: Callable[[Path], None]) -> None:
    """This is when she needs it: a traceback, or a made-up empty database, would be the second accident."""
    damage(data / "restride.db")
    for name in ("restride.db-wal", "restride.db-shm"):
        (data / name).unlink(missing_ok=True)
    said = looked(data)
    assert said.code == 1
    found = of(data, "database")
    assert [check.state for check in found] == [State.TROUBLE], found
    assert ("Update Restride" in str(found[0].fix)) == (damage is newer)
    assert the(data, "inbox").state is State.OK  # what can be looked at is looked at


def test_an_older_database_is_left_as_it_is(data: Path) -> None:
    """Whoever looks before an update must find what was there before it."""
    with sqlite3.connect(data / "restride.db") as connection:
        connection.execute("DROP TABLE inbox_file")
        connection.execute("DROP TABLE message")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert the(data, "database").state is State.NOTE
    assert looked(data).code == 0


@pytest.mark.parametrize(
    ("change", "fix"),
    [
        ("UPDATE fact SET body = '{\"pain\": \"fliegenpilz\"}' WHERE kind = 'check-in'", "backup"),
        ("UPDATE fact SET body = '{' WHERE id = (SELECT max(id) FROM fact)", "backup"),
        ("UPDATE fact SET recorded_at = 'soon' WHERE id = 1", "backup"),
        ("UPDATE fact SET kind = 'oracle' WHERE id = 1", "Update Restride"),
        ("UPDATE recording SET observed = '{}'", "restride rebuild"),
        ("UPDATE original SET outcome = 'lost'", "backup"),
        ("UPDATE original SET imported_at = ''", "backup"),
        ("UPDATE runner SET created_at = 'x'", "backup"),
    ],
)
def test_a_row_that_cannot_be_read_is_found_before_a_command_meets_it(data: Path, change: str, fix: str) -> None:
    with sqlite3.connect(data / "restride.db") as connection:
        assert connection.execute(change).rowcount > 0
    connection.close()
    said = looked(data)
    assert said.code == 1
    assert "fliegenpilz" not in said.stdout
    assert fix in said.stdout.replace("\n" + " " * 24, " ")


def test_a_row_that_belongs_to_nothing_is_found(data: Path) -> None:
    with sqlite3.connect(data / "restride.db") as connection:
        connection.execute("INSERT INTO fact SELECT NULL, 99, kind, recorded_at, body FROM fact LIMIT 1")
    connection.close()
    assert "belong" in the(data, "database").message


@pytest.mark.parametrize("end", ["lives", "killed", "killed and without -shm"])
def test_what_another_process_has_just_written_is_read_and_left_where_it_is(data: Path, end: str) -> None:
    """The watcher writes all day, and may be killed: its last words lie beside the database."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(data / "restride.db")], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        if end != "lives":
            other.kill()
            other.wait()
        if end == "killed and without -shm":
            (data / "restride.db-shm").unlink()
        assert (data / "restride.db-wal").stat().st_size > 0
        assert the(data, "database").state is State.OK
        assert "fact" not in the(data, "entries").message
        other.kill()


def test_what_is_dated_in_the_future_names_a_clock(data: Path) -> None:
    with sqlite3.connect(data / "restride.db") as connection:
        connection.execute("UPDATE fact SET recorded_at = '2026-03-09T08:00:00.000000Z' WHERE id = 2")
    connection.close()
    assert the(data, "clock").state is State.TROUBLE
    assert "6 days in the future" in the(data, "clock").message


# The archive


def copies(data: Path) -> list[Path]:
    return sorted(path for path in (data / "archive").rglob("*") if path.is_file())


def test_missing_damaged_and_forgotten_copies_are_told_apart(data: Path) -> None:
    """The copies are the truth that everything can be worked out from again: she has to know before she needs them."""
    first, second = copies(data)
    raw = first.read_bytes()
    first.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
    assert the(data, "archive").state is State.OK
    assert "damaged" in the(data, "archive", deep=True).message
    first.write_bytes(raw[:-1])
    assert "size" in the(data, "archive").message
    first.unlink()
    assert "missing" in the(data, "archive").message
    first.write_bytes(raw)
    (data / "archive" / "aa").mkdir()
    (data / "archive" / "aa" / ("a" * 64)).write_bytes(b"x")
    assert the(data, "archive").state is State.NOTE
    (second.parent / ".left.tmp").write_bytes(b"")
    assert the(data, "unfinished").state is State.NOTE


# The folder


@posix
def test_what_others_can_open_is_found_and_the_fix_mends_it(data: Path) -> None:
    copies(data)[0].chmod(0o644)
    (data / "reports").chmod(0o755)
    check = the(data, "privacy")
    assert check.state is State.TROUBLE
    assert "2 things" in check.message
    assert check.fix is not None
    subprocess.run(["sh", "-c", check.fix], check=True)
    assert the(data, "privacy").state is not State.TROUBLE


def as_somebody(data: Path, healthy: Path) -> subprocess.CompletedProcess[str]:
    """Run `restride doctor --json` as a user without privileges."""
    return subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(healthy), "--now", NOW, "doctor", "--json"],
        cwd="/",
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": "/", "RESTRIDE_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def somebodys(played: Path) -> Iterator[Path]:
    """Copy the data to where a user without privileges can go, and give it to her."""
    folder = Path("/tmp") / f"restride-doctor-{os.getpid()}"
    shutil.copytree(played, folder)
    if os.getuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, 65534, 65534)
    yield folder
    subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=True)
    shutil.rmtree(folder)


@posix
@pytest.mark.parametrize(
    ("path", "mode", "name"),
    [
        (".", 0o500, "writing"),
        (".", 0o000, "data folder"),
        ("restride.db", 0o000, "database"),
        ("restride.db", 0o400, "writing"),
        ("archive", 0o000, "archive"),
        ("inbox", 0o000, "inbox"),
    ],
)
def test_a_lack_of_permission_is_said_with_the_user_and_the_fix(
    played: Path, somebodys: Path, path: str, mode: int, name: str
) -> None:
    """A folder restored by an administrator, a share mounted read-only: every command fails, and here is why."""
    (somebodys / path).chmod(mode)
    done = as_somebody(somebodys, played)
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    troubles = {c["name"]: c for c in json.loads(done.stdout)["checks"] if c["state"] == "trouble"}
    assert name in troubles, troubles
    uid = 65534 if os.getuid() == 0 else os.getuid()
    assert f"uid {uid}" in troubles[name]["message"] or name == "archive"
    assert troubles[name]["fix"]
    assert (somebodys / path).stat().st_mode & 0o777 == mode


@posix
@pytest.mark.skipif(os.name != "nt" and os.getuid() != 0, reason="giving a file away needs an administrator")
def test_what_belongs_to_another_user_is_found(data: Path) -> None:
    os.chown(data / "restride.db", 65534, 65534)
    assert "another user" in the(data, "owner").message


@pytest.mark.parametrize("text", ["inbox = 3", "[", "colour = 'red'"])
def test_a_settings_file_that_cannot_be_used_hides_nothing_else(data: Path, text: str) -> None:
    (data / "restride.toml").write_text(text)
    said = looked(data)
    assert said.code == 1
    assert "settings" in said.stdout
    assert "ok       database" in said.stdout


def test_where_nothing_is_set_up_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    said = Restride(tmp_path / "none")("doctor")
    assert said.code == 1
    assert "restride init" in said.stdout
    assert not (tmp_path / "none").exists()


# The inbox and the watcher


def test_an_inbox_that_vanished_is_trouble_and_changes_nothing(data: Path) -> None:
    (data / "inbox").rmdir()
    check = the(data, "inbox")
    assert check.state is State.TROUBLE
    assert "stays" in check.message


@posix
def test_what_lies_in_the_inbox_is_counted_and_not_named(data: Path, tmp_path: Path) -> None:
    with Store.open(data / "restride.db") as store:
        store.add_runner("Eva", AT)
        waiting = InboxFile(
            key="eva/x.fit", size_bytes=1, mtime_ns=1, ctime_ns=1, state=InboxState.WAITING, first_seen_at=AT,
            looked_at=AT,
        )  # fmt: skip
        store.inbox.put(store.runner("Eva"), [waiting])
    (data / "inbox" / "eva").mkdir()
    (data / "inbox" / "waldsee").mkdir()
    (data / "inbox" / "eva" / "x.fit").write_bytes(b"x")
    (data / "inbox" / "link.fit").symlink_to(tmp_path / "elsewhere.fit")
    found = of(data, "inbox")
    text = " ".join(check.message for check in found)
    assert [check.state for check in found] == [State.NOTE, State.NOTE, State.NOTE, State.OK]
    assert "1 link" in text
    assert "1 folder" in text
    assert "1 file waits" in text
    assert "1 file in it" in text
    assert "waldsee" not in text


STATE = WatchState(pid=2**22 - 1, started_at=AT - timedelta(days=2), every_s=10.0, inbox="inbox", last_scan_at=AT)


def test_a_watcher_that_died_is_not_said_to_run(data: Path) -> None:
    """Its last words are still there; believing them, she would wait for files that nobody reads."""
    write(resolve(data), replace(STATE, last_scan_at=AT - timedelta(hours=3)))
    check = the(data, "watcher")
    assert check.state is State.NOTE
    assert "No watcher runs; the last one last looked 3 hours ago" in check.message


def test_a_watcher_that_runs_says_what_it_does(data: Path) -> None:
    settings = resolve(data)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        write(settings, replace(STATE, next_runs={"weekly": AT + timedelta(days=3)}))
        assert the(data, "watcher").state is State.OK
        assert "runs since 2 days" in the(data, "watcher").message
        assert "weekly in 3 days" in the(data, "watcher").message
        write(settings, replace(STATE, last_scan_at=AT - timedelta(hours=1)))
        assert "should have looked" in the(data, "watcher").message
        write(settings, replace(STATE, trouble="The folder /home/waldsee is not there."))
        assert "could not look into the inbox" in the(data, "watcher").message
        other.kill()


def test_a_notice_that_could_not_be_sent_says_why_and_to_nobody_where(data: Path) -> None:
    message = Message(key="a", kind=MessageKind.WEEKLY, created_at=AT, text="fliegenpilz", discreet="-")
    why = "no answer from ntfys://me:secret@example.org/topic"
    with Store.open(data / "restride.db") as store:
        runner = store.runner(None)
        store.messages.add(runner, replace(message, state=MessageState.PENDING, tries=3, trouble=why))
    check = the(data, "notices")
    assert check.state is State.TROUBLE
    assert "no answer from (an address)" in check.message
    assert "secret" not in looked(data).stdout


def test_notifications_that_can_reach_nobody_are_trouble(data: Path) -> None:
    """She waits for a notice that is never sent."""
    (data / "restride.toml").write_text('[[notify]]\nrunner = "waldsee"\nurls = ["ntfys://secret"]\n')
    (data / "restride.toml").chmod(0o600)
    said = looked(data)
    assert said.code == 1
    assert "names no runner" in said.stdout
    (data / "restride.toml").write_text('[[notify]]\nurls = ["ntfys://secret"]\nsize = 3\n')
    assert the(data, "notices").state is State.TROUBLE
    assert "secret" not in looked(data).stdout


def test_home_and_addresses_are_taken_out_of_words_of_others() -> None:
    assert discreet(f"{Path.home()}/x of ada@example.org") == "~/x of (an address)"


def test_it_loads_no_table_library(data: Path) -> None:
    """Half a second that somebody in trouble waits for nothing."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(sorted({'pandas', 'numpy', 'alembic'} & set(sys.modules)), file=sys.stderr))\n"
        "from monitor.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--now", NOW, "--data", str(data), "doctor"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stderr == "[]\n"
