"""What is remembered: on real database files, under several processes, and for one runner at a time."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.bouts import Bout, Gait, Observed
from monitor.answers import CheckIn, Window
from monitor.facts import Birth, Facts, Gate
from monitor.store import (
    Busy,
    InboxFile,
    InboxState,
    Message,
    MessageKind,
    NoRunner,
    NotOurs,
    Original,
    OriginalOutcome,
    RunnerExists,
    Store,
    StoreError,
    UnknownRunner,
)
from monitor.store.connection import Connections

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
VERSIONS = {"reader_version": "1", "detector_version": "1"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "restride.db")
    yield opened
    opened.close()


def observed(name: str = "a", start: datetime = NOW, minutes: int = 20) -> Observed:
    end = start + timedelta(minutes=minutes)
    return Observed(
        identity=f"{name}-0",
        file_name=f"{name}.fit",
        format="fit",
        device="a watch",
        sport="running",
        sub_sport="generic",
        started_at=start,
        ended_at=end,
        utc_offset=timedelta(hours=1),
        bouts=(Bout(gait=Gait.JOG, start=start, end=end, mean_speed_mps=2.5, confidence=0.97),),
    )


def original(sha256: str = "a" * 64, at: datetime = NOW) -> Original:
    return Original(
        sha256=sha256,
        content_sha256=sha256,
        file_name="a.fit",
        size_bytes=1234,
        imported_at=at,
        outcome=OriginalOutcome.IMPORTED,
    )


def test_what_was_told_is_there_after_closing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "restride.db") as store:
        runner = store.add_runner("Ada", NOW)
        birth = store.add_fact(runner, Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1)))
    with Store.open(tmp_path / "restride.db") as store:
        assert store.runner() == runner
        assert store.facts(runner) == Facts(births=(birth,))
        assert birth.id > 0


def test_facts_come_in_the_order_they_were_entered(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    late = Gate(id=0, recorded_at=NOW + timedelta(days=1), code="GAT02", on=date(2026, 2, 1))
    early = Gate(id=0, recorded_at=NOW, code="GAT01", on=date(2026, 2, 2))
    store.add_fact(runner, late)
    store.add_fact(runner, early)
    assert [gate.code for gate in store.facts(runner).gates] == ["GAT01", "GAT02"]


def test_without_a_runner_the_next_step_is_said(store: Store) -> None:
    with pytest.raises(NoRunner, match="restride init"):
        store.runner()
    with pytest.raises(NoRunner):
        store.runner("Ada")


def test_an_unknown_runner_is_not_answered_with_the_names_of_others(store: Store) -> None:
    ada = store.add_runner("Ada", NOW)
    store.add_runner("Bea", NOW)
    assert store.runner() == ada
    assert store.runner("Bea").name == "Bea"
    with pytest.raises(UnknownRunner, match="no runner named ada here") as raised:
        store.runner("ada")
    assert "Ada" not in str(raised.value)
    assert "Bea" not in str(raised.value)


def test_a_name_is_taken_once_and_never_empty(store: Store) -> None:
    store.add_runner("Ada", NOW)
    with pytest.raises(RunnerExists):
        store.add_runner(" Ada ", NOW)
    with pytest.raises(StoreError, match="name"):
        store.add_runner("  ", NOW)


def test_two_runners_never_see_each_others_rows(store: Store) -> None:
    """In a clinic one woman's leak must not hold another back, nor be shown to her."""
    ada, bea = store.add_runner("Ada", NOW), store.add_runner("Bea", NOW)
    store.add_fact(ada, Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1)))
    assert store.add_original(ada, original(), [observed()], **VERSIONS) == (observed(),)
    assert store.facts(bea) == Facts()
    assert (store.observed(bea), store.originals(bea)) == ((), ())
    assert store.overlapping(bea, NOW, NOW + timedelta(hours=1)) == ()
    assert store.original_by_sha(bea, "a" * 64) is None
    assert store.outdated(bea, reader_version="2", detector_version="1") == 0
    # The same file belongs to both when both import it …
    assert store.add_original(bea, original(), [observed()], **VERSIONS) == (observed(),)
    # … and rebuilding one leaves the other alone.
    store.replace_observed(bea, [(original(), [])], **VERSIONS)
    assert store.observed(bea) == ()
    assert store.observed(ada) == (observed(),)


def test_recordings_come_in_time_order(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    second, first = observed("b", NOW), observed("c", NOW - timedelta(days=2))
    store.add_original(runner, original(), [second, first], **VERSIONS)
    assert store.observed(runner) == (first, second)


def test_only_what_shares_time_overlaps(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    store.add_original(runner, original(), [observed(minutes=20)], **VERSIONS)

    def minutes(start: float, end: float) -> int:
        return len(store.overlapping(runner, NOW + timedelta(minutes=start), NOW + timedelta(minutes=end)))

    assert minutes(20, 30) == minutes(-5, 0) == 0
    assert minutes(19, 30) == minutes(-5, 1) == minutes(5, 6) == minutes(-5, 30) == 1


def test_a_file_is_added_once_and_an_activity_too(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    assert store.add_original(runner, original(), [observed()], **VERSIONS) == (observed(),)
    assert store.add_original(runner, original(), [observed("b")], **VERSIONS) is None
    assert store.add_original(runner, original("b" * 64), [observed()], **VERSIONS) == ()
    assert store.observed(runner) == (observed(),)
    assert [one.sha256 for one in store.originals(runner)] == ["a" * 64, "b" * 64]


def test_a_file_comes_back_as_it_went_in(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    failed = replace(
        original(),
        content_sha256=None,
        outcome=OriginalOutcome.FAILED,
        reason_code="unknown_format",
        reason_message="a.fit is no watch export.",
    )
    store.add_original(runner, failed, **VERSIONS)
    assert store.original_by_sha(runner, failed.sha256) == failed
    assert store.originals(runner) == (failed,)


def test_the_file_of_a_recording_is_found_for_its_runner_alone(store: Store) -> None:
    """The trace of another woman's run must not be drawn, nor that of another file."""
    ada, bea = store.add_runner("Ada", NOW), store.add_runner("Bea", NOW)
    store.add_original(ada, original("a" * 64), [observed("a")], **VERSIONS)
    store.add_original(ada, original("b" * 64), [observed("b", NOW + timedelta(days=1))], **VERSIONS)
    assert store.original_of(ada, "b-0") == original("b" * 64)
    assert store.original_of(bea, "b-0") is None
    assert store.original_of(ada, "c-0") is None


def test_a_file_whose_recording_cannot_be_stored_leaves_nothing(store: Store) -> None:
    """Half a file would be known ever after, and its second activity lost."""
    runner = store.add_runner("Ada", NOW)
    bad = replace(observed("b"), distance_m=float("nan"))
    with pytest.raises(ValueError, match="finite"):
        store.add_original(runner, original(), [observed(), bad], **VERSIONS)
    assert store.originals(runner) == ()
    assert store.observed(runner) == ()


def test_replacing_is_all_or_nothing_and_leaves_facts_alone(store: Store) -> None:
    runner = store.add_runner("Ada", NOW)
    store.add_fact(runner, CheckIn(id=0, recorded_at=NOW, recording="a-0", windows=frozenset({Window.AFTER}), pain=0))
    told = store.facts(runner)
    store.add_original(runner, original(), [observed()], **VERSIONS)
    assert store.outdated(runner, reader_version="1", detector_version="2") == 1
    bad = replace(observed("b"), distance_m=float("nan"))
    with pytest.raises(ValueError, match="finite"):
        store.replace_observed(runner, [(original(), [bad])], reader_version="1", detector_version="2")
    assert store.observed(runner) == (observed(),)
    better = replace(observed(), boundary_sd_s=1.5)
    store.replace_observed(runner, [(original(), [better])], reader_version="1", detector_version="2")
    assert store.observed(runner) == (better,)
    assert store.outdated(runner, reader_version="1", detector_version="2") == 0
    assert store.facts(runner) == told


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes; its profile folders are closed by themselves")
def test_the_database_and_its_companions_are_private_whatever_the_umask(tmp_path: Path) -> None:
    """Another user of the machine must not read her symptoms."""
    db = tmp_path / "restride.db"
    before = os.umask(0)
    try:
        with Store.open(db) as store:
            store.add_runner("Ada", NOW)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"restride.db": 0o600, "restride.db-wal": 0o600, "restride.db-shm": 0o600}
    db.chmod(0o644)  # as a copy from a backup may have it
    with Store.open(db) as store:
        store.add_runner("Bea", NOW)
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_an_answer_that_was_accepted_survives_a_power_failure(tmp_path: Path) -> None:
    """WAL with synchronous FULL (2), and foreign keys that hold."""
    Store.open(tmp_path / "restride.db").close()
    connections = Connections(tmp_path / "restride.db")
    with connections.reading() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    connections.close()
    assert pragmas[:3] == ["wal", 2, 1]
    assert pragmas[3] >= 30_000


def test_a_fact_of_nobody_is_refused(store: Store) -> None:
    """She answers a question that stood on the terminal while somebody erased her."""
    nobody = replace(store.add_runner("Ada", NOW), id=99)
    with pytest.raises(StoreError, match="erased meanwhile") as caught:
        store.add_fact(nobody, CheckIn(id=0, recorded_at=NOW, recording=None, windows=frozenset(), note="my secret"))
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_alone_and_said(tmp_path: Path) -> None:
    db = tmp_path / "restride.db"
    db.write_bytes(b"my diary, and certainly no database\n" * 100)
    before = db.read_bytes()
    with pytest.raises(NotOurs, match="backup"):
        Store.open(db)
    assert db.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('UPDATE fact SET body = \'{"on": "2025\'', "damaged"),
        ("UPDATE fact SET body = CAST(x'7b22ff223a317d' AS TEXT)", "damaged"),
        ("UPDATE fact SET recorded_at = 'secret'", "An instant"),
        ("UPDATE fact SET recorded_at = '9999-12-31T23:59:59.000000Z'", "An instant"),
        ("UPDATE original SET sha256 = 'secret'", "row of original"),
        ("UPDATE original SET size_bytes = 'secret'", "row of original"),
        ("UPDATE original SET outcome = 'secret'", "row of original"),
        ("UPDATE message SET kind = 'secret'", "row of message"),
        ("UPDATE message SET tries = 'secret'", "row of message"),
        ("UPDATE inbox_file SET state = 'secret'", "row of inbox_file"),
        ("UPDATE runner SET name = x'00'", "row of runner"),
        ("DELETE FROM alembic_version", "lost its version"),
        ("INSERT INTO alembic_version VALUES ('0001')", "lost its version"),
        ("ALTER TABLE original DROP COLUMN imported_at", "damaged"),
        ("DROP TABLE message", "damaged"),
    ],
)
def test_what_damage_made_of_a_row_is_said_in_words_and_never_quoted(tmp_path: Path, change: str, words: str) -> None:
    """A disk that forgets must not end every command in a traceback, and what she logged must not be in one."""
    path = tmp_path / "restride.db"
    with Store.open(path) as store:
        ana = store.add_runner("Ana", NOW)
        store.add_fact(ana, Birth(id=0, recorded_at=NOW, on=date(2025, 12, 1)))
        store.add_original(ana, original(), [], **VERSIONS)
        one = Message(key="a", kind=MessageKind.DUE, created_at=NOW, text="secret", discreet="-")
        store.messages.add(ana, one)
        times = {"first_seen_at": NOW, "looked_at": NOW}
        file = InboxFile(key="a", size_bytes=1, mtime_ns=1, ctime_ns=1, state=InboxState.WAITING, **times)
        store.inbox.put(ana, [file])
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(change)
        database.commit()

    def read_all(store: Store) -> None:
        (ana,) = store.runners()
        for look in (store.facts, store.originals, store.messages.all, store.inbox.all):
            look(ana)

    with pytest.raises(StoreError, match=words) as caught, Store.open(path) as store:
        read_all(store)
    assert "secret" not in str(caught.value)


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="--data"):
        Store.open(tmp_path / "nowhere" / "restride.db")


def test_a_writer_that_never_ends_is_said_in_words(tmp_path: Path) -> None:
    db = tmp_path / "restride.db"
    Store.open(db).close()
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    connections = Connections(db, wait_s=0.05)
    try:
        with pytest.raises(Busy, match="Another Restride"), connections.writing():
            pass
        with connections.reading() as connection:  # reading goes on beside it
            assert connection.exec_driver_sql("SELECT count(*) FROM runner").scalar_one() == 0
    finally:
        other.close()
        connections.close()


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("PRAGMA max_page_count = 1", "disk is full"), ("PRAGMA query_only = ON", "yours and is writable")],
)
def test_a_disk_that_takes_no_more_is_said_and_nothing_is_changed(tmp_path: Path, pragma: str, words: str) -> None:
    db = tmp_path / "restride.db"
    Store.open(db).close()
    connections = Connections(db)

    def fill() -> None:
        with connections.writing() as connection:
            connection.exec_driver_sql(pragma)
            connection.exec_driver_sql("INSERT INTO runner (name, created_at) VALUES (hex(zeroblob(100000)), '')")

    with pytest.raises(StoreError, match=words):
        fill()
    connections.close()
    with Store.open(db) as store:
        assert store.runners() == ()


def test_a_folder_in_the_place_of_the_database_is_said_and_left_alone(tmp_path: Path) -> None:
    db = tmp_path / "restride.db"
    db.mkdir(mode=0o755)
    before = db.stat().st_mode
    with pytest.raises(StoreError, match="data folder"):
        Store.open(db)
    assert db.stat().st_mode == before


def test_a_database_that_is_in_use_while_it_is_prepared_is_waited_for(tmp_path: Path) -> None:
    """SQLite does not wait by itself when a database is turned into WAL."""
    db = tmp_path / "restride.db"
    other = sqlite3.connect(db, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE something (id INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()
    connections = Connections(db, wait_s=0.01)
    with connections.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    release.join()
    connections.close()
    other.close()


def test_several_threads_can_use_one_store(store: Store) -> None:
    """`watch` imports in one thread while another issues a recommendation."""
    runner = store.add_runner("Ada", NOW)

    def tell(thread: int) -> None:
        for n in range(10):
            store.add_fact(runner, Gate(id=0, recorded_at=NOW, code=f"{thread}-{n}", on=date(2026, 1, 1)))
            store.facts(runner)

    threads = [threading.Thread(target=tell, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.facts(runner).gates) == 40


WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from monitor.facts import Gate
from monitor.store import RunnerExists, Store

print("ready", flush=True)
sys.stdin.readline()
with Store.open(Path(sys.argv[1])) as store:
    try:
        store.add_runner("Ada", datetime(2026, 3, 1, tzinfo=UTC))
    except RunnerExists:
        pass
    runner = store.runner("Ada")
    for n in range(40):
        store.facts(runner)
        code = f"{sys.argv[2]}-{n}"
        store.add_fact(runner, Gate(id=0, recorded_at=datetime(2026, 3, 1, tzinfo=UTC), code=code, on=date(2026, 1, 1)))
"""


@pytest.mark.parametrize("attempt", range(3))
def test_two_processes_start_on_an_empty_folder_and_write_at_once(tmp_path: Path, attempt: int) -> None:
    """The watcher and a check-in: neither may fail with "database is locked", and nothing may be lost."""
    db = tmp_path / "restride.db"
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", WRITER, str(db), str(n)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for n in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _, trouble = process.communicate(timeout=100)
        assert (process.returncode, trouble) == (0, "")
    with Store.open(db) as store:
        assert [runner.name for runner in store.runners()] == ["Ada"]
        codes = {gate.code for gate in store.facts(store.runner()).gates}
    assert codes == {f"{process}-{n}" for process in range(2) for n in range(40)}


# Several files in one transaction


def test_what_is_done_together_is_kept_whole_or_not_at_all(store: Store) -> None:
    """A crash among thirty files must not leave the half of them that hides a breach of rest."""
    runner = store.add_runner("Ada", NOW)
    birth = Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1))

    def stopped() -> None:
        with store.together():
            store.add_fact(runner, birth)
            assert len(store.facts(runner).births) == 1, "what was written is seen inside"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert store.facts(runner) == Facts()
    with store.together():
        store.add_fact(runner, birth)
        with pytest.raises(RunnerExists):
            store.add_runner("Ada", NOW)  # fails alone
        with store.together():
            store.add_fact(runner, birth)
        store.add_fact(runner, birth)
    assert len(store.facts(runner).births) == 3
    assert len(store.runners()) == 1


def test_what_is_not_kept_yet_is_seen_by_nobody_else(store: Store, tmp_path: Path) -> None:
    runner = store.add_runner("Ada", NOW)
    with Store.open(tmp_path / "restride.db") as other:
        with store.together():
            store.add_fact(runner, Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1)))
            assert other.facts(runner) == Facts()
        assert other.facts(runner) == store.facts(runner) != Facts()
