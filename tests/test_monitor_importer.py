"""Each file once, whatever it is called and however often it comes; nothing is lost, and each is answered in a line."""

from __future__ import annotations

import gzip
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Never

import pytest

from analysis.bouts import Gait
from fixtures.fit_bytes import file_id, fit_activity
from fixtures.fit_protocol import encode
from fixtures.gpx_text import gpx
from fixtures.simulate import Simulated, cycles, simulate
from ingest import formats
from ingest.errors import Damaged
from ingest.recording import READER_VERSION
from monitor import rereading
from monitor.archive import Archive
from monitor.facts import Birth, Runner
from monitor.importer import ImportResult, Outcome, import_paths, summary
from monitor.incoming import files_in
from monitor.rereading import rebuild
from monitor.store import OriginalOutcome, Store
from tests.nested import nested
from tests.unprivileged import needs_permissions, open_folder, unprivileged

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 8, 18, 0, tzinfo=UTC)
RUN = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@cache
def outing(gait: str = "jog", start: datetime = RUN, seed: int = 1) -> Simulated:
    spec = cycles(60, 90, 5) if gait == "jog" else [("walk", 600.0)]
    return simulate(spec, seed=seed, start=start)


def fit(gait: str = "jog", start: datetime = RUN, *, sport: str = "running", seed: int = 1) -> bytes:
    samples = outing(gait, start, seed).samples
    return fit_activity(samples, start=start, sport=sport, utc_offset=timedelta(hours=1))


def as_gpx(start: datetime = RUN, *, seed: int = 2) -> bytes:
    kept = {"t_s", "latitude_deg", "longitude_deg", "altitude_m", "heart_rate_bpm", "cadence_spm"}
    samples = {name: values for name, values in outing("jog", start, seed).samples.items() if name in kept}
    return gpx(samples, start=start)


@dataclass(frozen=True)
class Place:
    """A data folder in use, and a folder that she imports from."""

    store: Store
    archive: Archive
    runner: Runner
    folder: Path

    def put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def take(self, *paths: Path, now: datetime = NOW) -> list[ImportResult]:
        return import_paths(self.store, self.archive, self.runner, paths, now=now)

    def archived(self) -> set[str]:
        return {path.name for path in self.archive.folder.rglob("*") if path.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "exports"
    folder.mkdir()
    with Store.open(tmp_path / "restride.db") as store:
        yield Place(store, Archive(tmp_path / "archive"), store.add_runner("Ada", NOW), folder)


def outcomes(results: list[ImportResult]) -> list[Outcome]:
    return [result.outcome for result in results]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_run_is_archived_read_and_remembered(place: Place) -> None:
    data = fit()
    (result,) = place.take(place.put("run.fit", data))
    assert result.outcome is Outcome.IMPORTED
    assert result.message == "run.fit: imported, 2026-03-02 08:00, running, 12 min"
    assert result.recordings == place.store.observed(place.runner)
    (observed,) = result.recordings
    assert observed.identity == f"{sha(data)}-0"
    assert sum(bout.gait is Gait.JOG for bout in observed.bouts) == 5
    (original,) = place.store.originals(place.runner)
    assert (original.sha256, original.content_sha256, original.file_name) == (sha(data), sha(data), "run.fit")
    assert (original.size_bytes, original.imported_at, original.outcome) == (len(data), NOW, OriginalOutcome.IMPORTED)
    assert place.archive.get(original.sha256) == data


@pytest.mark.parametrize("packed_first", [False, True])
def test_the_same_bytes_are_known_under_any_name_and_packed(place: Place, packed_first: bool) -> None:
    """A run that counted twice would be a breach of rest that never was."""
    plain, packed = place.put("run.fit", fit()), place.put("run.fit.gz", gzip.compress(fit()))
    renamed = place.put("another name.bin", fit())
    packed_otherwise = place.put("again.gz", gzip.compress(fit(), 1))
    first, second = (packed, plain) if packed_first else (plain, packed)
    (result,) = place.take(first)
    assert result.outcome is Outcome.IMPORTED
    before = place.store.observed(place.runner), place.archived()
    results = place.take(second, renamed, packed_otherwise, first)
    assert outcomes(results) == [Outcome.ALREADY_KNOWN] * 4
    assert results[1].message == f"another name.bin: already known as {first.name}"
    assert results[3].message == f"{first.name}: already known"
    assert all(result.recordings == () and result.code is None for result in results)
    assert (place.store.observed(place.runner), place.archived()) == before
    assert len(before[0]) == len(before[1]) == 1


def test_a_run_exported_twice_is_said_and_kept(place: Place) -> None:
    """From the watch and from the phone: both are evidence, and it is one run."""
    results = place.take(place.put("a.fit", fit()), place.put("b.gpx", as_gpx(RUN + timedelta(seconds=20))))
    assert outcomes(results) == [Outcome.IMPORTED, Outcome.SAME_RUN]
    assert "same run as a.fit" in results[1].message
    assert len(place.store.observed(place.runner)) == 2


@pytest.mark.parametrize(("later_s", "outcome"), [(120, Outcome.SAME_RUN), (300, Outcome.IMPORTED)])
def test_runs_that_hardly_overlap_are_not_called_one(place: Place, later_s: int, outcome: Outcome) -> None:
    results = place.take(place.put("a.fit", fit()), place.put("b.fit", fit(start=RUN + timedelta(seconds=later_s))))
    assert outcomes(results) == [Outcome.IMPORTED, outcome]


def test_a_walk_and_another_sport_are_kept_and_are_no_run(place: Place) -> None:
    results = place.take(
        place.put("1.fit", fit("walk", RUN, sport="walking")),
        place.put("2.fit", fit("jog", RUN + timedelta(days=1), sport="cycling")),
    )
    assert outcomes(results) == [Outcome.NOT_A_RUN] * 2
    assert [one.sport for one in place.store.observed(place.runner)] == ["walking", "cycling"]
    assert "cycling" in results[1].message


def test_a_walk_that_was_jogged_is_a_run_whatever_the_watch_calls_it(place: Place) -> None:
    (result,) = place.take(place.put("walk.fit", fit("jog", sport="walking")))
    assert result.outcome is Outcome.IMPORTED


def test_a_failure_is_kept_and_remembered_with_its_reason(place: Place) -> None:
    path = place.put("run.kml", b"<kml/>")
    (first,) = place.take(path)
    assert (first.outcome, first.code) == (Outcome.FAILED, "unknown_format")
    assert first.message.startswith("run.kml ")
    assert place.archive.get(sha(path.read_bytes())) == path.read_bytes()
    again, packed = place.take(path, place.put("run.kml.gz", gzip.compress(path.read_bytes())))
    assert again.outcome is packed.outcome is Outcome.FAILED  # a run that is missing stays missing: she has to hear it
    assert again.code == packed.code == "unknown_format"
    assert again.message.startswith("run.kml still cannot be read: it is a KML map file")
    assert packed.message.startswith("run.kml.gz is a KML map file")
    (original,) = place.store.originals(place.runner)
    assert (original.outcome, original.reason_code) == (OriginalOutcome.FAILED, "unknown_format")
    assert original.reason_message == first.message


def test_two_empty_files_are_two_empty_files(place: Place) -> None:
    """To be told that the second is known as the first sends her looking in the wrong file."""
    assert outcomes(place.take(place.put("empty.fit", b""))) == [Outcome.FAILED]
    (other,) = place.take(place.put("another.fit", b""))
    assert (other.outcome, other.code) == (Outcome.FAILED, "empty_file")
    assert other.message.startswith("another.fit is empty")


def test_what_could_not_be_read_before_is_taken_as_soon_as_it_can_be(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update she imports the file again; the run must not stay lost for having failed once."""
    path = place.put("run.fit", fit())

    def fail(data: bytes, name: str) -> Never:
        raise Damaged(name, "is damaged", "Export it once more.")

    with monkeypatch.context() as earlier:
        earlier.setattr(formats, "read_bytes", fail)
        assert outcomes(place.take(path)) == [Outcome.FAILED]
    (result,) = place.take(path)
    assert result.outcome is Outcome.IMPORTED
    assert result.recordings == place.store.observed(place.runner)
    (original,) = place.store.originals(place.runner)
    assert (original.outcome, original.reason_code, original.reason_message) == (OriginalOutcome.IMPORTED, None, None)
    assert outcomes(place.take(path)) == [Outcome.ALREADY_KNOWN]


def test_a_recording_of_the_future_is_kept_and_said(place: Place) -> None:
    """A watch with a wrong clock: the run appears nowhere, and without a word she would look for it in vain."""
    path = place.put("run.fit", fit())
    (result,) = place.take(path, now=RUN - timedelta(days=3))
    assert result.outcome is Outcome.IMPORTED
    assert result.message.endswith("; starts in the future, so it is not counted: check the watch's clock")
    assert len(place.store.observed(place.runner)) == 1


def test_settings_of_a_watch_are_no_failure(place: Place) -> None:
    """A bulk export holds hundreds of them."""
    (result,) = place.take(place.put("settings.fit", encode([file_id(RUN, file_type=2)])))
    assert (result.outcome, result.code) == (Outcome.NOT_A_RUN, "not_an_activity")
    assert place.store.originals(place.runner)[0].outcome is OriginalOutcome.NOT_ACTIVITY


def test_what_cannot_be_opened_is_said_and_the_batch_goes_on(place: Place) -> None:
    empty = place.folder / "empty"
    empty.mkdir()
    missing = place.folder / "missing.fit"
    results = place.take(missing, empty, place.put("zero.fit", b""), place.put("good.fit", fit()))
    assert outcomes(results) == [Outcome.FAILED] * 3 + [Outcome.IMPORTED]
    assert [result.code for result in results] == ["unreadable", "unreadable", "empty_file", None]
    for result, name in zip(results, ["missing.fit", "empty", "zero.fit"], strict=False):
        assert result.message.startswith(f"{name} ")
        assert result.message.endswith(".")
    assert summary(results) == {
        Outcome.IMPORTED: 1,
        Outcome.SAME_RUN: 0,
        Outcome.ALREADY_KNOWN: 0,
        Outcome.NOT_A_RUN: 0,
        Outcome.FAILED: 3,
        Outcome.LEFT_OUT: 0,
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_at_all_is_said_and_not_waited_for(place: Place) -> None:
    pipe = place.folder / "pipe"
    os.mkfifo(pipe)
    results = place.take(pipe, place.folder / ("x" * 300), place.folder / "a\0b")
    assert outcomes(results) == [Outcome.FAILED] * 3
    assert {result.code for result in results} == {"unreadable"}
    assert files_in([place.folder]) == [place.folder]  # in a folder it is passed by


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
def test_what_she_may_not_open_is_said_and_the_batch_goes_on(place: Place) -> None:
    locked, closed = place.put("locked.fit", fit()), place.put("folder/run.fit", fit()).parent
    good = place.put("z.fit", fit(start=RUN + timedelta(days=2)))
    locked.chmod(0)
    closed.chmod(0)
    try:
        if os.access(locked, os.R_OK):
            pytest.skip("this user may read everything, as root may")
        results = place.take(place.folder)
    finally:
        closed.chmod(0o700)
    assert [result.path for result in results] == [closed, locked, good]
    assert outcomes(results) == [Outcome.FAILED, Outcome.FAILED, Outcome.IMPORTED]
    assert all("permissions" in result.message for result in results[:2])


def test_a_packed_file_that_is_cut_off_is_kept_and_remembered(place: Place) -> None:
    path = place.put("run.fit.gz", gzip.compress(fit())[:-100])
    assert outcomes(place.take(path)) == [Outcome.FAILED]
    (again,) = place.take(path)
    assert (again.outcome, again.code) == (Outcome.FAILED, "damaged")
    assert again.message.startswith("run.fit.gz still cannot be read: it ")
    assert place.archived() == {sha(path.read_bytes())}


def test_a_file_larger_than_any_activity_is_neither_read_nor_kept(place: Place) -> None:
    film = place.folder / "film.mp4"
    with film.open("wb") as file:
        file.truncate(200_000_001)  # sparse: takes no room
    (result,) = place.take(film)
    assert (result.outcome, result.code) == (Outcome.FAILED, "too_large")
    assert place.archived() == set()


def test_a_copy_that_cannot_be_kept_fails_that_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = place.put("run.fit", fit())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        (result,) = place.take(path)
    assert (result.outcome, result.code) == (Outcome.FAILED, "cannot_archive")
    assert "no space left" in result.message
    assert place.store.originals(place.runner) == ()
    assert outcomes(place.take(path)) == [Outcome.IMPORTED]


def test_folders_are_walked_in_order_and_junk_is_left(place: Place) -> None:
    wanted = [place.put(name, b"x") for name in ("2026/01.fit", "2026/02.GPX", "a.fit", "no suffix")]
    for junk in (
        *(".hidden.fit", "._a.fit", ".DS_Store", "Thumbs.db", "desktop.ini", "~$a.fit", "x.part", "x.crdownload"),
        *("x.TMP", "__MACOSX/a.fit", "@eaDir/a.fit", ".stfolder/a.fit", ".stversions/a.fit", "2026/.git/a.fit"),
    ):
        place.put(junk, b"x")
    assert files_in([place.folder]) == wanted
    assert files_in([place.folder / "a.fit", place.folder]) == [wanted[2], wanted[0], wanted[1], wanted[3]]
    hidden = place.folder / ".hidden.fit"
    assert files_in([hidden]) == [hidden]  # she named it


@pytest.mark.skipif(os.name == "nt", reason="paths may not be so long on Windows")
def test_a_run_a_thousand_folders_deep_is_imported_like_any_other(place: Place) -> None:
    """A backup program that copied its own copy is enough to make such a folder."""
    with nested(place.folder / "deep") as innermost:
        run = innermost / "run.fit"
        run.write_bytes(fit())
        other = place.put("z.fit", fit(start=RUN + timedelta(days=2)))
        assert files_in([place.folder]) == [run, other]
        assert outcomes(place.take(place.folder)) == [Outcome.IMPORTED] * 2


@needs_permissions
def test_a_folder_whose_files_are_listed_and_not_opened_does_not_stop_the_others() -> None:
    """A share mounted with the wrong rights: she is told, and everything beside it is imported."""
    with open_folder() as folder:
        for name in ("a/run.fit", "b/run.fit"):
            (folder / name).parent.mkdir()
            (folder / name).write_bytes(fit())
        (folder / "a").chmod(0o744)
        found = unprivileged(lambda: files_in([folder]))
        assert folder / "b" / "run.fit" in found
        assert found[0] in (folder / "a" / "run.fit", folder / "a")  # importing it says why it cannot be opened


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_links_in_a_folder_are_not_followed(place: Place, tmp_path: Path) -> None:
    """A link to her whole disk, or round in a circle, is no export."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.fit").write_bytes(fit())
    (place.folder / "out").symlink_to(outside, target_is_directory=True)
    (place.folder / "loop").symlink_to(place.folder, target_is_directory=True)
    (place.folder / "file.fit").symlink_to(outside / "secret.fit")
    run = place.put("run.fit", b"x")
    assert files_in([place.folder]) == [run]
    assert files_in([place.folder / "out"]) == [place.folder / "out" / "secret.fit"]  # she named it


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_a_name_that_is_no_text_can_be_imported(place: Place) -> None:
    path = Path(os.fsdecode(os.fsencode(place.folder) + b"/r\xfcn\x1b[31m.fit"))
    path.write_bytes(fit())
    (result,) = place.take(path)
    assert result.outcome is Outcome.IMPORTED
    assert result.message.startswith("r\N{REPLACEMENT CHARACTER}n\N{REPLACEMENT CHARACTER}[31m.fit: imported")
    (original,) = place.store.originals(place.runner)
    assert original.file_name.isprintable()
    assert place.store.observed(place.runner)[0].file_name.isprintable()


def test_each_file_is_told_as_it_is_done(place: Place) -> None:
    place.put("a.fit", fit())
    place.put("b.fit", b"nonsense")
    told: list[ImportResult] = []
    results = import_paths(place.store, place.archive, place.runner, [place.folder], now=NOW, on_file=told.append)
    assert told == results
    assert [result.path.name for result in told] == ["a.fit", "b.fit"]


def test_two_runners_import_the_same_file_each_for_herself(place: Place) -> None:
    path = place.put("run.fit", fit())
    other = place.store.add_runner("Bea", NOW)
    assert outcomes(place.take(path)) == [Outcome.IMPORTED]
    (result,) = import_paths(place.store, place.archive, other, [path], now=NOW)
    assert result.outcome is Outcome.IMPORTED
    rebuild(place.store, place.archive, other)
    assert len(place.store.observed(place.runner)) == len(place.store.observed(other)) == 1


def test_a_rebuild_gives_what_the_import_gave_and_leaves_facts_alone(place: Place) -> None:
    place.store.add_fact(place.runner, Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1)))
    place.put("a.fit", fit())
    place.put("b.gpx", as_gpx(RUN + timedelta(seconds=20)))
    place.put("c.fit.gz", gzip.compress(fit(start=RUN + timedelta(days=2))))
    place.put("d.fit", fit("walk", RUN + timedelta(days=3), sport="walking"))
    place.put("e.txt", b"notes")
    place.take(place.folder)

    def everything() -> tuple[object, ...]:
        store, runner = place.store, place.runner
        return store.observed(runner), store.originals(runner), store.facts(runner), place.archived()

    before = everything()
    assert len(before[0]) == 4
    told: list[ImportResult] = []
    results = rebuild(place.store, place.archive, place.runner, on_file=told.append)
    assert told == results
    assert everything() == before
    assert summary(results)[Outcome.FAILED] == 1


def test_a_rebuild_reads_what_could_not_be_read_before(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place.put("run.fit", fit())

    def too_new(data: bytes, file_name: str) -> list[object]:
        raise Damaged(file_name, "is of a kind that this version cannot read", "Wait for the next version.")

    with monkeypatch.context() as patch:  # an older reader
        patch.setattr("ingest.formats.read_bytes", too_new)
        assert outcomes(place.take(path)) == [Outcome.FAILED]
    assert place.store.observed(place.runner) == ()
    (result,) = rebuild(place.store, place.archive, place.runner)
    assert result.outcome is Outcome.IMPORTED
    assert len(place.store.observed(place.runner)) == 1
    (original,) = place.store.originals(place.runner)
    assert (original.outcome, original.reason_code, original.imported_at) == (OriginalOutcome.IMPORTED, None, NOW)
    # What a worse reader cannot read any more stays, and is said: a run that vanishes could take a breach with it.
    with monkeypatch.context() as patch:
        patch.setattr("ingest.formats.read_bytes", too_new)
        (worse,) = rebuild(place.store, place.archive, place.runner)
    assert worse.outcome is Outcome.FAILED
    assert "stays" in worse.message
    assert len(place.store.observed(place.runner)) == 1


def test_a_rebuild_with_a_damaged_copy_keeps_what_is_known_and_says_it(place: Place) -> None:
    good, bad = place.put("a.fit", fit()), place.put("b.fit", fit(start=RUN + timedelta(days=2)))
    place.take(good, bad)
    (damaged,) = (path for path in place.archive.folder.rglob(sha(bad.read_bytes())))
    damaged.write_bytes(b"not what it was")
    before = place.store.observed(place.runner)
    results = rebuild(place.store, place.archive, place.runner)
    assert sorted(outcomes(results)) == [Outcome.FAILED, Outcome.IMPORTED]
    (failed,) = (result for result in results if result.outcome is Outcome.FAILED)
    assert failed.message.startswith("b.fit ")
    assert "damaged" in failed.message
    assert place.store.observed(place.runner) == before
    # Importing the file once more mends the copy.
    assert outcomes(place.take(bad)) == [Outcome.ALREADY_KNOWN]
    assert summary(rebuild(place.store, place.archive, place.runner))[Outcome.FAILED] == 0


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import sqlalchemy as sa
from monitor.archive import Archive
from monitor.importer import import_paths
from monitor.store import Store

folder, file, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def kill(*_, **__):
    os.kill(os.getpid(), 9) if os.name != "nt" else os._exit(9)

def kill_at(connection, cursor, statement, *_):
    if statement.startswith(when):
        kill()

with Store.open(folder / "restride.db") as store:
    if when == "archived":
        store.add_original = kill
    else:
        sa.event.listen(sa.engine.Engine, "after_cursor_execute", kill_at)
    import_paths(store, Archive(folder / "archive"), store.runner(), [file], now=datetime(2026, 3, 8, tzinfo=UTC))
"""


@pytest.mark.parametrize("when", ["archived", "INSERT INTO original", "INSERT INTO recording"])
def test_killed_at_the_worst_moment_the_next_import_completes_it(place: Place, when: str) -> None:
    """A laptop that is closed while importing must cost no run, and no verdict may see half of one."""
    path = place.put("run.fit", fit())
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(place.folder.parent), str(path), when],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == (9 if os.name == "nt" else -signal.SIGKILL), done.stderr
    assert place.archived() == {sha(path.read_bytes())}  # the copy was there first
    assert place.store.originals(place.runner) == ()
    assert place.store.observed(place.runner) == ()
    assert outcomes(place.take(path)) == [Outcome.IMPORTED]
    assert len(place.store.observed(place.runner)) == 1


IMPORTER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.archive import Archive
from monitor.importer import import_paths, summary
from monitor.store import Store

folder = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with Store.open(folder / "restride.db") as store:
    results = import_paths(
        store, Archive(folder / "archive"), store.runner(), [folder / "exports"], now=datetime(2026, 3, 8, tzinfo=UTC)
    )
print([summary(results)[outcome] for outcome in ("imported", "already known")])
"""


def test_two_processes_import_the_same_folder_at_once(place: Place) -> None:
    """The watcher finds what she is importing by hand: each run is counted once, by one of them."""
    days = 5
    for day in range(days):
        place.put(f"{day}.fit", fit(start=RUN + timedelta(days=day)))
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", IMPORTER, str(place.folder.parent)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    counted = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        told, trouble = process.communicate(timeout=100)
        assert (process.returncode, trouble) == (0, "")
        counted.append([int(n) for n in told.strip("[]\n").split(", ")])
    assert [sum(column) for column in zip(*counted, strict=True)] == [days, days]
    assert len(place.store.observed(place.runner)) == len(place.store.originals(place.runner)) == days


def test_loading_the_importer_loads_no_table() -> None:
    program = "import sys, monitor.importer; print(sorted({'pandas', 'numpy', 'fitparse', 'gpxpy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def test_the_versions_that_read_a_recording_are_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A better detector must be able to tell what it has not heard yet."""
    place.take(place.put("run.fit", fit()))
    monkeypatch.setattr(rereading, "DETECTOR_VERSION", "better")

    def outdated() -> int:
        return place.store.outdated(place.runner, reader_version=READER_VERSION, detector_version="better")

    assert outdated() == 1
    rebuild(place.store, place.archive, place.runner)
    assert outdated() == 0
