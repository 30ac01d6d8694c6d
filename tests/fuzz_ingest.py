"""Read files that were changed at random: a recording or an `IngestError` must come of each, soon, and nothing else.

    python -m tests.fuzz_ingest --inputs 200000 --seed 1
    python -m tests.fuzz_ingest --seed 1 --only 4711     # one input once more, with its traceback
    python -m tests.fuzz_ingest --cuts                   # a FIT file cut at every byte

An input is told by the run's seed and its number, so that a failure can be had again. The files it begins with are
made by `seeds`; a new format adds its own there. `--corpus DIR` adds the small files of a folder.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import io
import os
import signal
import sys
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import numpy as np

from fixtures.fit_bytes import Lap as FitLap
from fixtures.fit_bytes import Split, fit_activity
from fixtures.gpx_text import gpx, gpx_of_tracks, track
from fixtures.tcx_text import Lap as TcxLap
from fixtures.tcx_text import activity, tcx, tcx_of_activities
from ingest import IngestError, Recording, formats, read_bytes
from tests.fuzz_changes import changed

START = datetime(2026, 3, 1, 7, 2, 11, tzinfo=UTC)
LONGEST_S = 5.0  # of the processor's time: a busy machine is no fault of a file
LARGEST_SEED = 20_000
WARM_UP = 500  # inputs after which libraries are loaded and caches are full


def samples(count: int) -> dict[str, Sequence[float]]:
    """Give a few seconds of jogging, with all that a watch can record."""
    t_s = np.arange(count, dtype=float)
    return {
        "t_s": t_s,
        "latitude_deg": -45 + t_s * 2e-5,
        "longitude_deg": -20 + t_s * 1e-5,
        "altitude_m": 3 + t_s / 10,
        "distance_m": t_s * 2.5,
        "speed_mps": t_s * 0 + 2.5,
        "cadence_spm": t_s * 0 + 160,
        "heart_rate_bpm": 140 + t_s % 60,
    }


def seeds() -> dict[str, bytes]:
    """Make the files that are changed: small, so that most changes hit something."""
    short, longer = samples(6), samples(24)
    in_gpx = {name: values for name, values in short.items() if name != "distance_m"}
    fit = fit_activity(
        longer,
        start=START,
        laps=[FitLap(start_s=0, end_s=12, step=0), FitLap(start_s=12, end_s=23, step=1)],
        pauses=[(3.5, 4.5)],
        splits=[Split(start_s=0, end_s=11, split_type="rwd_run"), Split(start_s=12, end_s=23, split_type="rwd_walk")],
        steps=["active", "rest"],
    )
    two_tracks = [track(in_gpx, start=START), track(in_gpx, start=START, track_type=None, prefix="ns3")]
    tcx_laps = [TcxLap(start_s=0, end_s=3), TcxLap(start_s=3, end_s=5, intensity="Resting", trigger="Time")]
    made = {
        "fit": fit,
        "fit, short": fit_activity(short, start=START),
        "fit, two": fit_activity(short, start=START) + fit,
        "gpx": gpx(in_gpx, start=START, trkseg_starts_s=[3]),
        "gpx 1.0": gpx(in_gpx, start=START, version="1.0", prefix=""),
        "gpx, two": gpx_of_tracks(two_tracks),
        "tcx": tcx(short, start=START, laps=tcx_laps, track_starts_s=[2]),
        "tcx, two": tcx_of_activities([activity(short, start=START), activity(short, start=START, sport="Other")]),
        "tcx, totals": tcx({"t_s": []}, start=START, laps=tcx_laps),
    }
    packed = {f"{name}, packed": gzip.compress(made[name], mtime=0) for name in ("fit", "gpx", "tcx")}
    archives = {
        "zip": zipped({"run.fit": made["fit"]}),
        "zip, stored": zipped({"run.fit": made["fit, short"]}, zipfile.ZIP_STORED),
        "zip, in it another": zipped({"inner.zip": zipped({"run.gpx": made["gpx"]}), "activities.csv": b"a,b"}),
    }
    return made | packed | archives


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files as an app's export is packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return packed.getvalue()


def seeds_of(folder: Path) -> dict[str, bytes]:
    """Give the small files of a folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size <= LARGEST_SEED)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


class TookTooLong(BaseException):
    """Reading did not end; no `except Exception` on the way may hide it."""


@dataclass(slots=True)
class Report:
    """What came of the inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    resident_mb: list[float] = field(default_factory=list)  # after the warm-up, and at the end

    @property
    def inputs(self) -> int:
        return sum(self.outcomes.values())


def try_one(data: bytes, name: str, report: Report) -> None:
    """Read one input and see that what comes of it is one of the two things that may."""
    began = time.process_time()
    try:
        with _limited():
            recordings = read_bytes(data, "x.fit")
        for recording in recordings:
            _check(recording)
            report.notes.update({note.code for note in recording.notes})
        report.outcomes["read" if recordings else "nothing"] += 1
        if not recordings:
            report.failures.append(f"{name}: no recording and no error")
    except IngestError as refusal:
        report.outcomes[refusal.code] += 1
        if not (str(refusal).startswith("x.fit ") and str(refusal).endswith(".")):
            report.failures.append(f"{name}: not in words: {refusal}")
    except (Exception, TookTooLong):  # noqa: BLE001 – whatever else comes out is what is looked for
        report.outcomes["failed"] += 1
        report.failures.append(f"{name}:\n{traceback.format_exc()}")
    report.slowest = sorted([*report.slowest, (time.process_time() - began, name)], reverse=True)[:3]


def fuzz(
    *, inputs: int, seed: int, files: Mapping[str, bytes], on_batch: Callable[[Report], None] | None = None
) -> Report:
    """Read that many inputs; Ctrl-C ends it early, with what was found so far."""
    report = Report()
    _load_libraries()
    try:
        for number in range(inputs):
            name, data = changed(number, seed, files)
            try_one(data, f"input {number} of seed {seed} ({name})", report)
            if number == min(WARM_UP, inputs - 1):
                report.resident_mb.append(resident_mb())
            if on_batch is not None and number % 1000 == 999:
                on_batch(report)
    except KeyboardInterrupt:
        report.outcomes["interrupted"] += 1
    report.resident_mb.append(resident_mb())
    return report


def cuts(data: bytes, *, step: int = 1) -> Report:
    """Read a file cut at every byte, or every few."""
    report = Report()
    _load_libraries()
    report.resident_mb.append(resident_mb())
    for length in range(1, len(data), step):
        try_one(data[:length], f"cut at {length}", report)
    report.resident_mb.append(resident_mb())
    return report


def _load_libraries() -> None:
    """Read one file of each kind, so that no input is charged with what is loaded once."""
    for data in seeds().values():
        formats.read_bytes(data, "x.fit")


def fit_to_cut() -> bytes:
    """Make a FIT file of almost 10 KB."""
    laps = [FitLap(start_s=60.0 * n, end_s=60.0 * n + 60) for n in range(5)]
    data = fit_activity(samples(330), start=START, laps=laps, pauses=[(100.5, 101.5)])
    assert 9_000 < len(data) < 10_240
    return data


def resident_mb() -> float:
    """Measure the memory in use now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _check(recording: Recording) -> None:
    signal_ = recording.signal
    assert recording.started_at.tzinfo is not None
    assert recording.started_at <= recording.ended_at, "it ends before it begins"
    assert signal_.index.is_monotonic_increasing, "times run backward"
    assert signal_.index.is_unique, "two samples of one instant"
    assert not np.isinf(signal_.to_numpy()).any(), "a value without end"
    assert len(signal_) or "no_samples" in {note.code for note in recording.notes}, "no samples, and no word of it"
    assert all(mark.start <= mark.end for mark in recording.marks), "a mark ends before it begins"


@contextmanager
def _limited() -> Iterator[None]:
    """Stop what takes too long, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER")
    parser.add_argument("--corpus", type=Path, metavar="DIR")
    parser.add_argument("--cuts", action="store_true")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("error")
    files = seeds() | (seeds_of(chosen.corpus) if chosen.corpus else {})
    if chosen.only is not None:
        name, data = changed(chosen.only, chosen.seed, files)
        print(f"{name}, {len(data)} bytes: {data[:400]!r}")
        print(*read_bytes(data, "x.fit"), sep="\n")
        return 0
    began = time.perf_counter()

    def tell(report: Report) -> None:
        faulthandler.dump_traceback_later(900, exit=True)  # code that no signal can stop
        print(f"{report.inputs} inputs, {len(report.failures)} failures", file=sys.stderr, flush=True)

    report = (
        cuts(fit_to_cut()) if chosen.cuts else fuzz(inputs=chosen.inputs, seed=chosen.seed, files=files, on_batch=tell)
    )
    faulthandler.cancel_dump_traceback_later()
    print(f"{report.inputs} inputs from {len(files)} files in {time.perf_counter() - began:.0f} s")
    for title, counts in (("outcomes", report.outcomes), ("notes", report.notes)):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    print("slowest: " + ", ".join(f"{seconds:.2f} s {name}" for seconds, name in report.slowest))
    print("resident memory: " + " → ".join(f"{mb:.0f} MB" for mb in report.resident_mb))
    print(f"failures: {len(report.failures)}", *report.failures[:10], sep="\n")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
