"""Real exports of many watches and apps, where they are at hand: all are read, or refused in words."""

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
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
    "odd/event_timestamp.fit": (4374, "two seconds are written twice, and merged"),
    "runs/strava-android-app-201.10-b1218918.fit": (235, "each second is written in two parts, and later ones cut off"),
}
DURATIONS_DIFFER = {
    "odd/coros-pace-2-cycling-misaligned-fields.fit": "the timer was stopped by itself, and not every stop is an event",
    "odd/event_timestamp.fit": "a pool swim: its rests are no events of the timer",
}
REFUSED = {
    "gpx/gpx1.1_with_extensions_without_namespaces.gpx": "not_an_activity",  # places only
    "gpx/gpx_with_garmin_extension.gpx": "not_an_activity",  # a place
    "gpx/track-with-extremes.gpx": "no_times",
    "odd/Half_Mile_Repeats_workout.fit": "not_an_activity",
    "odd/MonitoringFile.fit": "not_an_activity",
    "odd/Settings.fit": "not_an_activity",
    "odd/WorkoutRepeatSteps.fit": "not_an_activity",
    "odd/antfs-dump.63.fit": "no_times",  # its stamps count from when the watch was switched on
    "odd/cerknicko-without-times.gpx": "no_times",  # 2 of 296 points have one
    "odd/compressed-speed-distance.fit": "no_times",  # as the dump
    "odd/unicode_with_bom.gpx": "not_an_activity",  # places only
    "odd/unicode_with_bom_noencoding.gpx": "not_an_activity",
}
NOTED = {
    "gpx/korita-zbevnica.gpx": {"track_without_times"},
    "odd/a3a54a6_ELEMNT_ROAM_Unterminated.fit": {"cut_off", "no_session"},
    "odd/activity-activity-filecrc.fit": {"bad_checksum"},
    "odd/activity-filecrc.fit": {"bad_checksum"},
    "odd/activity-settings-corruptheader.fit": {"bytes_after_end"},
    "odd/activity-unexpected-eof.fit": {"cut_off"},
    "odd/activity_truncated.fit": {"no_session"},
    "odd/coros-pace-2-cycling-misaligned-fields.fit": {"odd_fields"},
    "odd/gpx1.0_with_all_fields.gpx": {"times_without_zone"},
    "runs/raw_run.fit": {"bad_checksum"},
    "runs/strava-android-app-201.10-b1218918.fit": {"stray_times", "same_time_merged"},
    "tcx/20200103_intervals.tcx": {"distance_no_total"},
    "tcx/20220320_track_run_apple_watch_se.tcx": {"distance_always_zero"},
    "tcx/20230417_heartbreak_hill_ascent.tcx": {"distance_always_zero"},
}
HOSTILE: dict[str, str | set[str]] = {  # the code of its refusal, or the notes that it must have
    "cut_at_60_percent.fit": {"cut_off", "no_session"},
    "empty.fit": "empty_file",
    "empty.gpx": "empty_file",
    "entity_bomb.gpx": "damaged",
    "external_entity.gpx": "damaged",
    "first_half_zeros.fit": "unknown_format",
    "future_times.gpx": "no_times",
    "html_named.fit": "unknown_format",
    "junk_after_end.fit": {"bytes_after_end"},
    "kml_named.gpx": "unknown_format",
    "naive_times.gpx": {"times_without_zone"},
    "nan_positions.gpx": {"out_of_range"},
    "no_times.gpx": "no_times",
    "one_byte_flipped.fit": {"bad_checksum"},
    "script_in_name.gpx": set(),
}
FIRST_TIME = re.compile(rb"<(?:trkpt|Trackpoint)\b.*?<[Tt]ime>([^<]+)<", re.DOTALL)


def manifest() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row for row in rows if not row["file"].startswith("archives/")]


@cache
def read(name: str) -> list[Recording] | IngestError:
    try:
        return ingest.read(SHARED / name)
    except IngestError as refusal:
        return refusal


def names(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(SHARED)) for path in sorted(paths)]


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
def test_a_published_file_is_what_its_list_says(row: dict[str, str]) -> None:
    """As many samples, as long, with the notes it needs; or the reason why it is no activity."""
    name = row["file"]
    found = read(f"corpus/{name}")
    if isinstance(found, IngestError):
        assert found.code == REFUSED.get(name), found
        return
    assert name not in REFUSED
    expected, _ = COUNTS_DIFFER.get(name, (int(row["samples"]), ""))
    assert abs(sum(len(recording.signal) for recording in found) - expected) <= 1
    notes = {note.code for recording in found for note in recording.notes}
    assert notes >= NOTED.get(name, set())
    if row["duration_s"] and name not in DURATIONS_DIFFER:
        assert any(abs(seconds - float(row["duration_s"])) <= 2 for seconds in durations_s(found)), durations_s(found)


def durations_s(recordings: list[Recording]) -> list[float]:
    """Give what may be called a file's duration: from its first sample to its last, by its totals, by its timer."""
    signals = [recording.signal.index for recording in recordings if len(recording.signal)]
    sampled = max(index[-1] for index in signals) - min(index[0] for index in signals)
    whole = max(recording.ended_at for recording in recordings) - min(recording.started_at for recording in recordings)
    each = sum((recording.ended_at - recording.started_at for recording in recordings), start=timedelta())
    marks = [mark for recording in recordings for mark in recording.marks if mark.kind is MarkKind.PAUSE]
    paused = sum((mark.end - mark.start for mark in marks), start=timedelta())
    return [span.total_seconds() for span in (sampled, whole, each, whole - paused, each - paused)]


@pytest.mark.parametrize(
    "row", [row for row in manifest() if row["file"].endswith(("gpx", "tcx"))], ids=lambda r: r["file"]
)
def test_a_text_file_begins_when_its_first_point_says(row: dict[str, str]) -> None:
    found = read(f"corpus/{row['file']}")
    if isinstance(found, IngestError):
        return
    match = FIRST_TIME.search((CORPUS / row["file"]).read_bytes())
    assert match
    first = datetime.fromisoformat(match[1].decode().strip())
    first = first if first.tzinfo else first.replace(tzinfo=UTC)
    assert abs(min(recording.signal.index[0] for recording in found) - first) < timedelta(seconds=1)


@pytest.mark.parametrize("row", [row for row in manifest() if row["file"].endswith("tcx")], ids=lambda r: r["file"])
def test_a_text_file_cut_in_the_middle_keeps_what_is_whole(row: dict[str, str]) -> None:
    data = (CORPUS / row["file"]).read_bytes()
    (whole,), (cut,) = (ingest.read_bytes(part, "x.tcx") for part in (data, data[: len(data) * 3 // 5]))
    assert "cut_off" in {note.code for note in cut.notes}
    assert len(cut.signal) > 0.5 * len(whole.signal)
    positions = ["latitude_deg", "longitude_deg"]
    assert cut.signal[positions].equals(whole.signal[positions].iloc[: len(cut.signal)])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_damaged_or_hostile_file_is_what_its_name_says(name: str) -> None:
    found, expected = read(f"corpus/hostile/{name}"), HOSTILE[name]
    if isinstance(found, IngestError):
        assert found.code == expected
    else:
        assert not isinstance(expected, str)
        assert {note.code for recording in found for note in recording.notes} >= expected


def test_every_published_file_is_classified() -> None:
    """A file that nobody has looked at proves nothing."""
    listed = {row["file"] for row in manifest()} | {f"hostile/{name}" for name in HOSTILE}
    there = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*") if path.is_file()}
    assert {name for name in there if "/" in name and not name.startswith("archives/")} == listed


def test_two_exports_of_one_recording_tell_the_same() -> None:
    """GPX and TCX of one run: were they told apart, one outing would be a breach of rest."""
    (gpx,) = ingest.read(CORPUS / "gpx" / "20210119_run_garmin_fenix6_sapphire.gpx")
    (tcx,) = ingest.read(CORPUS / "tcx" / "20210119_run_garmin_fenix6_sapphire.tcx")
    both = ["latitude_deg", "longitude_deg", "heart_rate_bpm", "cadence_spm"]
    assert gpx.signal.index.equals(tcx.signal.index)
    np.testing.assert_allclose(gpx.signal[both], tcx.signal[both], atol=1e-6)
    (fit,) = ingest.read(CORPUS / "runs" / "20181108_run_garmin_fenix_3_hr.fit")
    (tcx,) = ingest.read(CORPUS / "tcx" / "20181108_run_garmin_fenix_3_hr.tcx")
    assert fit.signal.index.equals(tcx.signal.index)
    difference = (fit.signal - tcx.signal).abs().max()
    assert difference["distance_m"] < 0.02
    assert difference["speed_mps"] < 0.002
    assert difference["heart_rate_bpm"] == 0
    assert difference["cadence_spm"] <= 2  # FIT alone has the fraction


def test_stops_in_a_tcx_file_are_found_by_tracks_and_by_the_laps_timer() -> None:
    for name, count in (("11km", 3), ("20120611_run_garmin_fr405cx", 2)):
        (recording,) = ingest.read(CORPUS / "tcx" / f"{name}.tcx")
        assert sum(mark.kind is MarkKind.PAUSE for mark in recording.marks) == count, name


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
