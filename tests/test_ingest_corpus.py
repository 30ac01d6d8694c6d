"""Real exports of many watches and apps, where they are at hand: all are read, or refused in words."""

import csv
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import ingest
from ingest import IngestError, MarkKind, Recording

SHARED = Path(__file__).parents[2] / "shared"
CORPUS, GAIT = SHARED / "corpus", SHARED / "gait"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real exports beside the checkout")

COUNTS_DIFFER = {
    "gpx/korita-zbevnica.gpx": (513, "of its three tracks one, of 358 points, has no times"),
    "runs/strava-android-app-201.10-b1218918.fit": (235, "each second is written in two parts, which are merged"),
}
REFUSED = {
    "gpx/gpx1.1_with_extensions_without_namespaces.gpx": "not_an_activity",  # places only
    "gpx/gpx_with_garmin_extension.gpx": "not_an_activity",  # a route
    "gpx/track-with-extremes.gpx": "no_times",
}


def manifest() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row for row in rows if row["file"].startswith(("runs/", "gpx/"))]


@cache
def read(name: str) -> list[Recording] | IngestError:
    try:
        return ingest.read(SHARED / name)
    except IngestError as refusal:
        return refusal


def names(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(SHARED)) for path in sorted(paths)]


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
def test_runs_have_as_many_samples_as_an_independent_reader_counts(row: dict[str, str]) -> None:
    name = row["file"]
    found = read(f"corpus/{name}")
    if isinstance(found, IngestError):
        assert found.code == REFUSED.get(name), found
        return
    assert name not in REFUSED
    expected, _ = COUNTS_DIFFER.get(name, (int(row["samples"]), ""))
    assert abs(sum(len(recording.signal) for recording in found) - expected) <= 1


LESS_OF_THE_SAME = names((*GAIT.glob("labels/fit_speed_only/*"), *GAIT.glob("labels/gpx_positions_only/*")))
SKIPPED = frozenset(LESS_OF_THE_SAME) - frozenset(LESS_OF_THE_SAME[::8])  # `labels/fit` with less in it
EVERY_FILE = [
    name
    for name in names(path for folder in (CORPUS, GAIT) for path in folder.rglob("*") if path.is_file())
    if name not in SKIPPED and not name.endswith((".json", ".py", ".tsv", ".md"))
]
MUST_READ = names(
    path
    for pattern in ("labels/fit*/*.fit", "labels/gpx*/*.gz", "runs/*.fit", "walks/*.fit", "timed/*.gz")
    for path in GAIT.glob(pattern)
)
READABLE = frozenset(MUST_READ)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_real_file_is_read_into_a_true_recording_or_refused_in_words(name: str) -> None:
    found = read(name)
    if isinstance(found, IngestError):
        assert name not in READABLE, found
        assert str(found).startswith(Path(name).name + " ")
        assert str(found).endswith(".")
        return
    assert [recording.provenance.index for recording in found] == list(range(len(found)))
    assert found
    for recording in found:
        signal = recording.signal
        assert recording.started_at <= recording.ended_at < recording.started_at + timedelta(days=7)
        assert signal.index.is_monotonic_increasing
        assert signal.index.is_unique
        assert not np.isinf(signal.to_numpy()).any()
        assert not (signal["distance_m"].dropna().diff() < 0).any()
        if len(signal):
            assert recording.started_at <= signal.index[0]
            assert signal.index[-1] <= recording.ended_at
        else:
            assert "no_samples" in {note.code for note in recording.notes}


def test_two_watches_on_one_runner_tell_the_same_run() -> None:
    (coros,) = ingest.read(CORPUS / "runs" / "20210507_run_coros_pace_2.fit")
    (fenix,) = ingest.read(CORPUS / "runs" / "20210507_run_garmin_fenix_6.fit")
    assert abs(coros.started_at - fenix.started_at) < timedelta(minutes=1)
    assert abs(coros.signal["cadence_spm"].median() - fenix.signal["cadence_spm"].median()) < 3
    assert abs(coros.signal["distance_m"].max() - fenix.signal["distance_m"].max()) < 200


def test_a_watchs_own_run_and_walk_splits_follow_one_another_without_a_gap() -> None:
    (recording,) = ingest.read(CORPUS / "runs" / "garmin-stamina.fit")
    splits = [
        mark for mark in recording.marks if mark.kind is MarkKind.SPLIT and mark.label in ("run", "walk", "stand")
    ]
    assert len(splits) == 80
    assert all(before.end == after.start for before, after in pairwise(splits))


def test_the_run_of_a_triathlon_stands_alone() -> None:
    recordings = ingest.read(CORPUS / "runs" / "triathlon_summary_last.fit")
    assert [recording.sport for recording in recordings] == [
        "swimming",
        "transition",
        "cycling",
        "transition",
        "running",
    ]
    run = recordings[-1]
    assert run.signal["distance_m"].iloc[0] < 50
    assert run.signal["cadence_spm"].median() > 140
