"""Hundreds of files at once: stopped at any moment and gone on with, nothing is lost and nothing counts twice."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from monitor.archive import Archive
from monitor.bulk import BATCH, IN_FLIGHT_BYTES, READ_AHEAD, batches, in_order
from monitor.engines import Growing, Here
from monitor.importer import ImportResult, Outcome, import_files
from monitor.incoming import files_in
from monitor.reading import Reading
from monitor.store import Store
from tests.command import ROOT, Restride

NOW = datetime(2026, 3, 8, 18, 0, tzinfo=UTC)
FIRST = datetime(2025, 12, 1, 7, 0, tzinfo=UTC)
SHORT = simulate([("walk", 60.0), *cycles(60, 60, 2), ("walk", 30.0)], seed=1, start=FIRST).samples
SHARED = Path(__file__).parents[2] / "shared" / "corpus"


def run(day: int) -> bytes:
    return fit_activity(SHORT, start=FIRST + timedelta(days=day))


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def stored(data: Path) -> tuple[object, ...]:
    """All that an import leaves behind."""
    with Store.open(data / "restride.db") as store:
        runner = store.runner()
        kept = {p.name for p in (data / "archive").rglob("*") if p.is_file() and not p.name.startswith(".")}
        return store.originals(runner), store.observed(runner), kept


def bulk(data: Path, folder: Path, executor: Executor | None = None) -> list[ImportResult]:
    with Store.open(data / "restride.db") as store:
        runner = store.runner() if store.runners() else store.add_runner("Ada", NOW)
        files = files_in([folder])
        return list(import_files(store, Archive(data / "archive"), runner, files, now=NOW, executor=executor))


# Archives, imported


def test_each_file_in_an_archive_is_kept_as_its_own(tmp_path: Path) -> None:
    """Strava's whole export: found again by its name, known again when it comes by itself, and pictures stay out."""
    path = zipped(
        tmp_path / "export.zip",
        {
            "activities.csv": b"Activity ID,Activity Date\n",
            "activities/1.fit.gz": gzip.compress(run(1)),
            "activities/2.fit": run(2),
            "activities/2 again.fit": run(2),
            "activities/3.fit": run(3)[:40],
            "media/photo.jpg": b"\xff\xd8\xff\xe0",
        },
    )
    results = bulk(tmp_path, path)
    assert [(result.name, result.outcome) for result in results] == [
        ("export.zip › activities.csv", Outcome.LEFT_OUT),
        ("export.zip › activities/1.fit.gz", Outcome.IMPORTED),
        ("export.zip › activities/2.fit", Outcome.IMPORTED),
        ("export.zip › activities/2 again.fit", Outcome.ALREADY_KNOWN),
        ("export.zip › activities/3.fit", Outcome.FAILED),
        ("export.zip › media/photo.jpg", Outcome.LEFT_OUT),
    ]
    assert results[3].message == "export.zip › activities/2 again.fit: already known as export.zip › activities/2.fit"
    assert results[4].message.startswith("export.zip › activities/3.fit ")
    with Store.open(tmp_path / "restride.db") as store:
        originals = {original.file_name: original for original in store.originals(store.runner())}
        assert set(originals) == {f"export.zip › activities/{name}" for name in ("1.fit.gz", "2.fit", "3.fit")}
        kept = Archive(tmp_path / "archive").get(originals["export.zip › activities/1.fit.gz"].sha256)
        assert gzip.decompress(kept) == run(1)
        assert store.observed(store.runner())[0].file_name == "export.zip › activities/1.fit.gz"
    (tmp_path / "1.fit").write_bytes(run(1))
    (alone,) = bulk(tmp_path, tmp_path / "1.fit")
    assert alone.message == "1.fit: already known as export.zip › activities/1.fit.gz"
    again = bulk(tmp_path, path)
    assert [result.outcome for result in again if result.outcome is not Outcome.LEFT_OUT] == [
        *[Outcome.ALREADY_KNOWN] * 3,
        Outcome.FAILED,
    ]


def test_an_archive_with_nothing_in_it_is_said(tmp_path: Path) -> None:
    (result,) = bulk(tmp_path, zipped(tmp_path / "empty.zip", {}))
    assert (result.outcome, result.code) == (Outcome.NOT_A_RUN, "not_an_activity")
    assert result.message.startswith("empty.zip is an archive without a recording in it.")


def test_the_same_broken_bytes_twice_in_one_import_fail_twice_and_are_read_once(tmp_path: Path) -> None:
    """Under its second name it is missing just as much."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("a.fit", "b.fit"):
        (folder / name).write_bytes(run(1)[:40])
    reads = Counting()
    results = bulk(tmp_path, folder, reads)
    assert [result.outcome for result in results] == [Outcome.FAILED] * 2
    assert [result.message.partition(" ")[0] for result in results] == ["a.fit", "b.fit"]
    assert reads.submitted == 1


def test_one_run_packed_in_two_ways_is_archived_once_though_both_come_at_once(tmp_path: Path) -> None:
    """A copy that no row names stays when everything of her is erased."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.fit").write_bytes(run(1))
    (folder / "b.fit.gz").write_bytes(gzip.compress(run(1)))
    with ThreadPoolExecutor(1) as busy:
        busy.submit(time.sleep, 0.2)  # the second comes while the first is waited for
        results = bulk(tmp_path, folder, busy)
    assert [result.outcome for result in results] == [Outcome.IMPORTED, Outcome.ALREADY_KNOWN]
    originals, _, copies = stored(tmp_path)
    assert copies == {original.sha256 for original in originals}


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    """She points it at the same folder every day."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for day in range(3):
        (folder / f"{day}.fit").write_bytes(run(day))
    bulk(tmp_path, folder)
    (folder / "new.fit").write_bytes(run(9))
    reads = Counting()
    outcomes = [result.outcome for result in bulk(tmp_path, folder, reads)]
    assert outcomes == [*[Outcome.ALREADY_KNOWN] * 3, Outcome.IMPORTED]
    assert reads.submitted == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real exports beside the checkout")
@pytest.mark.parametrize("folder", ["archives", "hostile"])
def test_hostile_files_and_archives_leave_nothing_outside_the_data_folder(folder: str, tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "a" / "b" / "data", tmp_path / "a" / "b" / "work"
    data.mkdir(parents=True)
    elsewhere.mkdir()
    before = Path.cwd()
    os.chdir(elsewhere)
    try:
        results = bulk(data, SHARED / folder)
    finally:
        os.chdir(before)
    assert [p for p in tmp_path.rglob("*") if not p.is_relative_to(data)] == [
        tmp_path / "a",
        tmp_path / "a/b",
        elsewhere,
    ]
    assert not Path("/abs/evil.gpx").exists()
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    assert failed
    assert all(result.code and result.message.startswith(result.name) for result in failed)
    assert all(p.parent.parent == data / "archive" for p in (data / "archive").rglob("*") if p.is_file())


# Engines


class Counting(Here):
    """Counts what it is given."""

    submitted = 0

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        self.submitted += 1
        return super().submit(*args, **kwargs)


class Held(Executor):
    """Does nothing until it is told to, and remembers how much it held at most."""

    def __init__(self) -> None:
        self.held: list[Future[Any]] = []
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        future: Future[Any] = Future()
        self.held.append(future)
        self.most = max(self.most, sum(not one.done() for one in self.held))
        return future

    def release(self) -> None:
        for future in self.held:
            if not future.done():
                future.set_result(Reading())


@pytest.mark.parametrize(("size", "most"), [(10, READ_AHEAD), (IN_FLIGHT_BYTES // 3, 3), (IN_FLIGHT_BYTES * 2, 1)])
def test_what_is_in_flight_is_bounded_by_number_and_by_size(
    size: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive of 2 GB must not wait in memory for its turn."""
    monkeypatch.setattr("monitor.bulk.BATCH_S", 0.001)
    engine = Held()
    data = bytes(size)
    order = []
    for one in in_order(engine, ((number, "x", data) for number in range(100))):
        if one is None:
            engine.release()
        else:
            order.append(one[0])
    assert order == list(range(100))
    assert engine.most == most


def test_what_was_read_is_kept_while_a_long_file_is_waited_for() -> None:
    """Ctrl-C during the long one must not cost her those before it."""
    assert list(batches(iter([1, 2, None, 3, None, None]))) == [[1, 2], [3]]
    assert [len(batch) for batch in batches(range(2 * BATCH + 1))] == [BATCH, BATCH, 1]


def test_other_processes_give_what_this_one_gives(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for day in range(6):
        (folder / f"{day}.fit").write_bytes(run(day))
    (folder / "cut.fit").write_bytes(run(7)[:40])
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    results = bulk(here, folder)
    with Growing(alone_s=0, workers=2) as engine:
        assert bulk(elsewhere, folder, engine) == results
    assert stored(elsewhere) == stored(here)


def test_what_reads_in_another_process_loads_no_database() -> None:
    """A quarter of a second and 40 MB for each core, for nothing."""
    program = "import sys, monitor.reading; print({'sqlalchemy', 'typer', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_one_file_starts_no_process(tmp_path: Path) -> None:
    """The usual import is one run, and must be as quick as it was."""
    (tmp_path / "a.fit").write_bytes(run(1))
    with Growing(alone_s=60, workers=2) as engine:
        bulk(tmp_path, tmp_path / "a.fit", engine)
        assert multiprocessing.active_children() == []


def die(data: bytes, name: str) -> Reading:
    """Read a file, or end the process as a fault in a C library would."""
    if data == b"deadly":
        os._exit(11)
    return Reading()


def test_a_file_that_ends_the_process_that_reads_it_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that crashes on one hostile file must not cost her the other thousand."""
    monkeypatch.setattr("monitor.bulk.read_observed", die)
    files = [(n, f"{n}.fit", b"deadly" if n == 3 else b"fine") for n in range(8)]
    with Growing(alone_s=0, workers=2) as engine:
        read = [one for one in in_order(engine, files) if one is not None]
    assert [number for number, _ in read] == list(range(8))
    troubles = {number: reading.trouble for number, reading in read if reading is not None and reading.trouble}
    assert list(troubles) == [3]
    assert str(troubles[3]).startswith("3.fit ended the process that was to read it.")


def test_an_executor_that_breaks_for_good_fails_files_and_not_the_import() -> None:
    class Broken(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor())
            return future

    read = [one for one in in_order(Broken(), [(1, "a.fit", b"x")]) if one is not None]
    assert read[0][1] is not None
    assert read[0][1].trouble is not None


def test_a_fault_of_ours_in_one_file_fails_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(data: bytes, name: str) -> list[object]:
        raise ZeroDivisionError("at 48.1374, 11.5755")

    monkeypatch.setattr("ingest.formats.read_bytes", fault)
    (tmp_path / "a.fit").write_bytes(run(1))
    (result,) = bulk(tmp_path, tmp_path / "a.fit")
    assert (result.outcome, result.code) == (Outcome.FAILED, "cannot_read")
    assert "ZeroDivisionError" in result.message
    assert "48.1" not in result.message


# All or nothing


def test_files_kept_together_are_kept_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for day in range(4):
        (folder / f"{day}.fit").write_bytes(run(day))
    add, calls = Store.add_original, 0

    def fail_third(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return add(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_original", fail_third)
        patch.setattr("monitor.bulk.BATCH_S", 1e9)
        with pytest.raises(KeyboardInterrupt):
            bulk(tmp_path, folder)
    originals, observed, kept = stored(tmp_path)
    assert (originals, observed) == ((), ())
    assert isinstance(kept, set)
    assert len(kept) == 4, "the copies were there first"
    assert [result.outcome for result in bulk(tmp_path, folder)] == [Outcome.IMPORTED] * 4


def test_a_twin_in_the_same_transaction_is_seen(tmp_path: Path) -> None:
    """The watch's file and the app's arrive in one drop: the second has to be called the same run."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.fit").write_bytes(run(1))
    (folder / "b.fit").write_bytes(fit_activity(SHORT, start=FIRST + timedelta(days=1, seconds=5)))
    assert [result.outcome for result in bulk(tmp_path, folder)] == [Outcome.IMPORTED, Outcome.SAME_RUN]


# Interrupted and resumed

COMMAND = """
import sys
from monitor.cli import main, stopping
stopping.end_at_once()
from monitor import engines
engines.ALONE_S = 0.05  # so that other processes read along
if __name__ == "__main__":
    main()
"""
ROUNDS = int(os.environ.get("RESTRIDE_INTERRUPTIONS", "2"))  # 100 for a long look
AT = ("--now", "2026-03-02T20:00+00:00")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for day in range(12):
        (folder / f"{day:02d}.fit").write_bytes(run(day))
    zipped(folder / "more.zip", {f"activities/{day}.fit.gz": gzip.compress(run(day)) for day in range(10, 24)})
    (folder / "cut.fit").write_bytes(run(30)[:40])
    return folder


@pytest.fixture(scope="module")
def undisturbed(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[object, ...], float]:
    data = tmp_path_factory.mktemp("undisturbed") / "data"
    Restride(data).ready()
    start = time.monotonic()
    code, said = finished(started(data, exports))
    assert code == 1, said
    assert "24 imported, 2 already known, 1 failed." in said
    return stored(data), time.monotonic() - start


def started(data: Path, exports: Path, *options: str) -> subprocess.Popen[str]:
    environment = os.environ | {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "import", str(exports), *AT, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )


def finished(command: subprocess.Popen[str]) -> tuple[int, str]:
    told, said = command.communicate(timeout=100)
    return command.returncode, told + said


def gone(group: int) -> bool:
    """Wait until no process of a group is left."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_an_import_stopped_at_any_moment_goes_on_as_if_it_had_not_been(
    how: str, exports: Path, undisturbed: tuple[tuple[object, ...], float], tmp_path: Path
) -> None:
    """A bulk import takes minutes, and she closes the laptop: no run may be lost, none counted twice."""
    expected, whole_s = undisturbed
    moments = random.Random(os.environ.get("RESTRIDE_SEED", how))
    for number in range(ROUNDS):
        data = tmp_path / f"{number}"
        Restride(data).ready()
        after_s = moments.uniform(0.1, 1.1) * whole_s
        command = started(data, exports)
        time.sleep(after_s)
        with_word = f"{how} after {after_s:.2f} of {whole_s:.2f} s"
        if how == "SIGKILL":
            command.kill()
        else:
            os.killpg(command.pid, getattr(signal, how))  # a terminal, or a system, tells all of them
        code, said = finished(command)
        assert gone(command.pid), f"{with_word}: a process that reads was left behind"
        if code >= 0:  # else it had not begun, or was over
            assert "Traceback" not in said, with_word
        if code == 130 and not said.endswith("Stopped before anything was done.\n"):
            assert said.endswith("Stopped. What was imported is kept; import again to go on.\n"), with_word
        code, said = finished(started(data, exports))
        assert code == 1, said
        assert stored(data) == expected, with_word


def test_a_stopped_import_as_json_is_still_one_object(exports: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    restride = Restride(data).ready()

    def stop(*given: Any, **options: Any) -> Iterator[ImportResult]:
        yield from import_files(*given, **options)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.importer.import_files", stop)
        said = restride("import", "--json", str(exports / "00.fit"))
    assert said.code == 130
    assert said.json["format_version"] == 1
    assert said.json["stopped"] is True
    assert said.json["summary"]["imported"] == 1
