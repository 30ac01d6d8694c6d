"""What a watch marked, through the bytes it writes: a step or a lap that is lost or misnamed is evidence lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from fixtures.fit_bytes import Lap, Split, fit_activity
from ingest.formats import read, read_bytes
from ingest.recording import Mark, MarkKind, Recording

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
CORPUS = Path(__file__).parents[2] / "shared"
STEPS = ("warmup", "active", "recovery", "rest", "cooldown")


def at(t_s: float) -> datetime:
    return START + timedelta(seconds=t_s)


def marks(laps: list[Lap], *, steps: tuple[str, ...] = (), splits: tuple[Split, ...] = ()) -> tuple[Mark, ...]:
    end_s = max(lap.end_s for lap in laps)
    seconds = [float(t) for t in range(int(end_s) + 1)]
    samples = {"t_s": seconds, "speed_mps": [2.0] * len(seconds)}
    recording: Recording
    (recording,) = read_bytes(fit_activity(samples, start=START, laps=laps, steps=steps, splits=splits), "made.fit")
    return recording.marks


def told(found: tuple[Mark, ...], kind: MarkKind) -> list[tuple[datetime, datetime, str | None, str | None]]:
    return [(m.start, m.end, m.label, m.trigger) for m in found if m.kind is kind]


def test_each_lap_of_a_workout_is_the_step_that_was_meant() -> None:
    """Watches call every lap `interval` or write nothing; only the step knows that it was a rest."""
    laps = [
        Lap(start_s=0, end_s=300, intensity=None, trigger="manual", step=0),
        Lap(start_s=300, end_s=360, intensity="interval", trigger="time", step=1),
        Lap(start_s=360, end_s=480, intensity="interval", trigger="time", step=3),
        Lap(start_s=480, end_s=540, intensity="interval", trigger="time", step=1),
    ]
    found = marks(laps, steps=STEPS)
    assert told(found, MarkKind.STEP) == [
        (at(0), at(300), "warmup", "manual"),
        (at(300), at(360), "active", "time"),
        (at(360), at(480), "rest", "time"),
        (at(480), at(540), "active", "time"),
    ]
    assert [label for _, _, label, _ in told(found, MarkKind.LAP)] == [None, "interval", "interval", "interval"]


def test_auto_laps_inside_one_step_do_not_part_it() -> None:
    laps = [
        Lap(start_s=0, end_s=400, intensity=None, trigger="distance", step=0),
        Lap(start_s=400, end_s=800, intensity=None, trigger="distance", step=0),
        Lap(start_s=800, end_s=950, intensity=None, trigger="manual", step=0),
        Lap(start_s=950, end_s=1010, intensity=None, trigger="time", step=1),
    ]
    found = marks(laps, steps=STEPS)
    assert told(found, MarkKind.STEP) == [(at(0), at(950), "warmup", "manual"), (at(950), at(1010), "active", "time")]
    assert len(told(found, MarkKind.LAP)) == 4


def test_a_workout_whose_steps_were_not_written_keeps_what_its_laps_say() -> None:
    laps = [
        Lap(start_s=0, end_s=60, intensity="active", trigger="time", step=0),
        Lap(start_s=60, end_s=120, intensity="rest", trigger="time", step=1),
        Lap(start_s=120, end_s=180, intensity=None, trigger="time", step=0),
    ]
    assert [label for _, _, label, _ in told(marks(laps), MarkKind.STEP)] == ["active", "rest", None]


def test_laps_outside_a_workout_are_no_steps() -> None:
    assert not told(marks([Lap(start_s=0, end_s=60), Lap(start_s=60, end_s=120)], steps=STEPS), MarkKind.STEP)


@pytest.mark.parametrize("unit_m", [1000.0, 1609.344])
def test_laps_of_a_kilometre_or_a_mile_are_automatic_where_the_watch_does_not_say_so(unit_m: float) -> None:
    ends = [0, 400, 805, 1230, 1500]
    laps = [
        Lap(start_s=a, end_s=b, intensity=None, trigger=None, distance_m=unit_m + 3 if b < 1500 else 612.0)
        for a, b in pairwise(ends)
    ]
    assert [trigger for *_, trigger in told(marks(laps), MarkKind.LAP)] == ["distance", "distance", "distance", None]


@pytest.mark.parametrize("metres", [(1000, 400, 500), (1000, 1609.344, 300), (800, 800, 800), (1000, 300)])
def test_other_laps_without_a_trigger_stay_as_they_are(metres: tuple[float, ...]) -> None:
    laps = [
        Lap(start_s=300 * i, end_s=300 * (i + 1), intensity=None, trigger=None, distance_m=m)
        for i, m in enumerate(metres)
    ]
    assert {trigger for *_, trigger in told(marks(laps), MarkKind.LAP)} == {None}


def test_a_lap_pressed_at_a_kilometre_stays_her_own() -> None:
    laps = [Lap(start_s=400 * i, end_s=400 * (i + 1), trigger="manual", distance_m=1000.0) for i in range(4)]
    assert {trigger for *_, trigger in told(marks(laps), MarkKind.LAP)} == {"manual"}


def test_splits_of_both_kinds_are_kept_as_written() -> None:
    splits = (
        Split(start_s=0, end_s=119, split_type="interval_recovery"),
        Split(start_s=0, end_s=57, split_type="rwd_run"),
        Split(start_s=58, end_s=59, split_type="rwd_stand"),
        Split(start_s=60, end_s=119, split_type="rwd_walk"),
    )
    found = told(marks([Lap(start_s=0, end_s=120)], splits=splits), MarkKind.SPLIT)
    assert [label for _, _, label, _ in found] == ["run", "interval_recovery", "stand", "walk"]
    assert found[2][:2] == (at(58), at(60))  # the last second is written inclusively


# What real watches wrote


def labels_of(path: str, kind: MarkKind) -> Counter[str | None]:
    file = CORPUS / path
    if not file.exists():
        pytest.skip(f"needs the recordings in {CORPUS}")
    return Counter(m.label for recording in read(file) for m in recording.marks if m.kind is kind)


def test_a_real_workouts_steps_are_told() -> None:
    steps = labels_of("gait/runs/run-06.fit", MarkKind.STEP)
    assert steps == {"warmup": 1, "active": 6, "recovery": 6, "cooldown": 1}


def test_a_real_watchs_run_walk_and_interval_splits_are_told_apart() -> None:
    splits = labels_of("corpus/runs/garmin-stamina.fit", MarkKind.SPLIT)
    assert splits["walk"] + splits["run"] + splits["stand"] == 80
    assert sum(count for label, count in splits.items() if label and label.startswith("interval_")) == 11


def test_a_real_watch_that_names_no_trigger_made_laps_of_a_mile() -> None:
    file = CORPUS / "corpus/runs/20210604_track_run_coros_pace_2.fit"
    if not file.exists():
        pytest.skip(f"needs the recordings in {CORPUS}")
    laps = [m.trigger for recording in read(file) for m in recording.marks if m.kind is MarkKind.LAP]
    assert laps == ["distance"] * 4 + [None]
