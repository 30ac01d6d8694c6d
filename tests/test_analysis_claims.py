"""What a device is taken to have said: a misread mark would confirm or contradict her run for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import Claim, measured, planned, pressed
from ingest.recording import Mark, MarkKind

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def mark(since_s: float, to_s: float, label: str | None, kind: MarkKind, trigger: str | None = None) -> Mark:
    start, end = START + timedelta(seconds=since_s), START + timedelta(seconds=to_s)
    return Mark(kind=kind, start=start, end=end, label=label, trigger=trigger)


def row(kind: MarkKind, *parts: tuple[str | None, float], trigger: str | None = None) -> list[Mark]:
    """Lay marks end to end."""
    marks, now = [], 0.0
    for label, seconds in parts:
        marks.append(mark(now, now + seconds, label, kind, trigger))
        now += seconds
    return marks


def told(claims: list[Claim]) -> list[tuple[str, float, float]]:
    return [
        ("run" if c.jogs else "walk", (c.start - START).total_seconds(), (c.end - START).total_seconds())
        for c in claims
    ]


# The watch's own run/walk splits


def test_splits_say_run_or_not() -> None:
    splits = row(MarkKind.SPLIT, ("run", 60), ("walk", 100), ("stand", 20), ("run", 60))
    assert told(measured(splits)) == [("run", 0, 60), ("walk", 60, 180), ("run", 180, 240)]


def test_a_micro_split_does_not_part_a_run() -> None:
    splits = row(MarkKind.SPLIT, ("run", 60), ("walk", 2), ("stand", 2), ("run", 58), ("stand", 3), ("walk", 60))
    assert told(measured(splits)) == [("run", 0, 122), ("walk", 122, 185)]


def test_a_row_of_micro_splits_goes_to_the_split_before_it() -> None:
    splits = row(MarkKind.SPLIT, ("walk", 60), *[("run", 3), ("walk", 3)] * 4, ("run", 60))
    assert told(measured(splits)) == [("walk", 0, 84), ("run", 84, 144)]


def test_a_micro_split_at_the_start_goes_to_the_one_after_it() -> None:
    assert told(measured(row(MarkKind.SPLIT, ("run", 2), ("walk", 60)))) == [("walk", 0, 62)]


def test_nothing_but_a_micro_split_says_nothing() -> None:
    assert measured(row(MarkKind.SPLIT, ("run", 4))) == []


def test_short_stands_and_walks_in_turn_are_one_rest_and_no_noise() -> None:
    splits = row(MarkKind.SPLIT, ("run", 60), *[("walk", 4), ("stand", 4)] * 10, ("run", 60))
    assert told(measured(splits)) == [("run", 0, 60), ("walk", 60, 140), ("run", 140, 200)]


def test_interval_splits_over_the_same_seconds_are_not_added_to_the_run_walk_splits() -> None:
    """Both kinds are written over one and the same time; added up, a jog would count twice."""
    splits = [
        *row(MarkKind.SPLIT, ("run", 60), ("walk", 120)),
        *row(MarkKind.SPLIT, ("interval_active", 60), ("interval_rest", 120)),
    ]
    assert told(measured(splits)) == [("run", 0, 60), ("walk", 60, 180)]
    assert told(planned(splits)) == [("run", 0, 60), ("walk", 60, 180)]


def test_a_split_that_reaches_into_the_next_one_ends_where_that_begins() -> None:
    splits = [mark(0, 90, "run", MarkKind.SPLIT), mark(60, 120, "walk", MarkKind.SPLIT)]
    assert told(measured(splits)) == [("run", 0, 60), ("walk", 60, 120)]


PARTS = st.lists(st.tuples(st.sampled_from(["run", "walk", "stand"]), st.integers(1, 40)), max_size=40)


@given(PARTS)
def test_merging_loses_no_second_and_leaves_nothing_short(parts: list[tuple[str | None, float]]) -> None:
    claims = told(measured(row(MarkKind.SPLIT, *parts)))
    total_s = sum(seconds for _, seconds in parts)
    assert sum(end - start for _, start, end in claims) == (total_s if total_s >= 5 else 0)
    assert all(end - start >= 5 for _, start, end in claims)
    assert all(a[0] != b[0] and a[2] == b[1] for a, b in pairwise(claims))


# Workouts


def test_steps_say_work_and_rest_and_nothing_else() -> None:
    """A recovery may be jogged and a warm-up walked: neither is told by its name."""
    steps = row(MarkKind.STEP, ("warmup", 300), ("active", 60), ("recovery", 60), ("active", 60), ("rest", 60))
    assert told(planned(steps)) == [("run", 300, 360), ("run", 420, 480), ("walk", 480, 540)]


def test_a_workout_without_rests_does_not_say_that_all_of_it_is_run() -> None:
    assert planned(row(MarkKind.STEP, ("warmup", 300), ("active", 1200), ("cooldown", 300))) == []


def test_laps_that_are_all_called_interval_say_nothing() -> None:
    assert planned(row(MarkKind.LAP, *[("interval", 300)] * 5)) == []


def test_labelled_laps_stand_in_where_no_steps_were_written() -> None:
    laps = row(MarkKind.LAP, ("active", 60), ("rest", 120), ("interval", 60), trigger="time")
    assert told(planned(laps)) == [("run", 0, 60), ("walk", 60, 180), ("run", 180, 240)]
    steps = row(MarkKind.STEP, ("rest", 120), ("active", 60))
    assert told(planned([*laps, *steps])) == [("walk", 0, 120), ("run", 120, 180)]


# Laps pressed by hand


def test_laps_pressed_by_hand_are_a_row_with_the_lap_that_the_end_closed() -> None:
    laps = [*row(MarkKind.LAP, *[(None, 60)] * 4, trigger="manual"), mark(240, 300, None, MarkKind.LAP, "session_end")]
    assert [len(found) for found in pressed(laps)] == [5]


def test_auto_laps_are_no_laps_of_hers() -> None:
    for trigger in ("distance", "time", "position_lap", "fitness_equipment"):
        assert pressed(row(MarkKind.LAP, *[(None, 300)] * 8, trigger=trigger)) == []


def test_an_auto_lap_or_a_double_press_ends_a_row() -> None:
    laps = row(MarkKind.LAP, *[(None, 60)] * 4, (None, 3), *[(None, 60)] * 3, trigger="manual")
    assert [len(found) for found in pressed(laps)] == [4]


def test_three_laps_are_too_few_to_be_a_pattern() -> None:
    assert pressed(row(MarkKind.LAP, *[(None, 300)] * 3, trigger="manual")) == []
