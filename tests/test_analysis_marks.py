"""Marks beside the sensors: a lying watch must neither free her nor blame her, and an honest one may be believed more.

The sessions are simulated and go through real FIT bytes, so that what is weighed is what a watch writes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import gait, marks
from analysis.bouts import Bout, Gait, Observed, Span
from analysis.checks import dat01
from analysis.performed import measure
from analysis.plan import minutes
from analysis.sessions import gather
from fixtures.fit_bytes import Lap, Split, fit_activity
from fixtures.simulate import Simulated, cycles, simulate
from ingest.formats import read, read_bytes
from ingest.recording import Mark, MarkKind

SHARED = Path(__file__).parents[2] / "shared"
RWD = {"jog": "rwd_run", "walk": "rwd_walk", "stand": "rwd_stand", "pause": "rwd_stand"}
LATE_S = 6  # a watch's labels, where jogging turns to walking

STAGE_1 = [("walk", 300.0), *cycles(60, 120, 7), ("walk", 180.0)]
LONG_JOGS = [("walk", 300.0), *cycles(240, 60, 4), ("walk", 180.0)]


def splits_of(session: Simulated) -> list[Split]:
    """Label a session as its watch would: to the second, six seconds late where jogging ends."""
    splits: list[Split] = []
    for name, since, to in session.truth:
        start = since + LATE_S if splits and splits[-1].split_type == "rwd_run" else since
        end = to + LATE_S if name == "jog" else to
        splits.append(Split(start_s=start, end_s=min(end, session.duration_s) - 1, split_type=RWD[name]))
    return splits


def laps_of(session: Simulated, **fields: Any) -> list[Lap]:
    return [Lap(start_s=since, end_s=to, **fields) for _, since, to in session.truth]


def seen(session: Simulated, **device: Any) -> Observed:
    """Take the whole way: bytes, recording, bouts."""
    data = fit_activity(session.samples, start=session.start, sport=session.sport, pauses=session.pauses, **device)
    (recording,) = read_bytes(data, "made.fit")
    return gait.observe(recording)


def shape(observed: Observed) -> list[tuple[Gait, datetime, datetime, float | None]]:
    return [(b.gait, b.start, b.end, b.distance_m) for b in observed.bouts]


def confidence(observed: Observed) -> list[float]:
    return [b.confidence for b in observed.bouts]


def notes(observed: Observed) -> dict[str, str]:
    return {code: message for code, message in observed.notes if code.endswith("_disagree")}


def seconds(spans: Iterable[Span]) -> float:
    return sum(span.seconds for span in spans)


def assert_only_weighed(plain: Observed, weighed: Observed) -> None:
    """No mark moves a boundary, changes a gait, lowers a confidence or takes a doubt away."""
    assert shape(weighed) == shape(plain)
    for before, after in zip(confidence(plain), confidence(weighed), strict=True):
        assert before <= after <= max(before, marks.CEILING)
    assert all(any(w.start <= p.start and p.end <= w.end for w in weighed.uncertain) for p in plain.uncertain)


# Agreement


def test_a_watch_that_agrees_makes_the_bouts_surer_and_says_no_word() -> None:
    session = simulate(STAGE_1, seed=1, cadence=False)
    plain, weighed = seen(session), seen(session, splits=splits_of(session))
    assert_only_weighed(plain, weighed)
    assert not notes(weighed)
    assert weighed.uncertain == plain.uncertain
    unsure = [(b, w) for b, w in zip(confidence(plain), confidence(weighed), strict=True) if b < marks.CEILING]
    assert unsure
    assert all(after > before for before, after in unsure)
    # Half the way to the ceiling at most: a label comes from the same wrist.
    assert all(after <= before + 0.5 * (marks.CEILING - before) + 1e-9 for before, after in unsure)


def test_a_workout_done_as_planned_makes_its_jogs_surer() -> None:
    session = simulate(STAGE_1, seed=2, cadence=False)
    steps = ["warmup", "active", "rest", "cooldown"]
    laps = [
        replace(lap, step=0 if i == 0 else (1 if name == "jog" else 2), trigger="time", intensity="interval")
        for i, (lap, (name, _, _)) in enumerate(zip(laps_of(session), session.truth, strict=True))
    ]
    plain, weighed = seen(session), seen(session, laps=laps, steps=steps)
    assert_only_weighed(plain, weighed)
    assert not notes(weighed)
    jogs = [(b.confidence, w.confidence) for b, w in zip(plain.bouts, weighed.bouts, strict=True) if b.gait == "jog"]
    assert all(after > before for before, after in jogs if before < marks.CEILING)


def test_laps_that_she_pressed_at_each_change_make_the_bouts_surer() -> None:
    session = simulate(LONG_JOGS, seed=3, cadence=False)
    plain, weighed = seen(session), seen(session, laps=laps_of(session, intensity=None, trigger="manual"))
    assert_only_weighed(plain, weighed)
    pairs = list(zip(confidence(plain), confidence(weighed), strict=True))
    unsure = [(before, after) for before, after in pairs if before < marks.CEILING]
    assert unsure
    assert sum(after > before for before, after in unsure) >= len(unsure) - 2  # of a first and last lap nothing is said
    assert not notes(weighed)


def test_laps_that_she_pressed_for_something_else_say_nothing() -> None:
    session = simulate([("walk", 300), ("jog", 1200), ("walk", 300)], seed=3)
    laps = [Lap(start_s=t, end_s=t + 180, intensity=None, trigger="manual") for t in range(0, 1800, 180)]
    assert seen(session, laps=laps).bouts == seen(session).bouts


def test_agreement_takes_no_doubt_away() -> None:
    """A doubtful stretch that the watch calls a jog stays in doubt: its label is no proof."""
    session = simulate(STAGE_1, seed=1)
    plain = gait.observe(session.recording())
    doubtful = replace(plain, uncertain=(Span(start=plain.bouts[1].start, end=plain.bouts[1].end),))
    labels = [mark_of(session, name, since, to) for name, since, to in session.truth]
    weighed = marks.weigh(doubtful, labels)
    assert weighed.uncertain == doubtful.uncertain
    assert weighed.bouts[1].confidence == doubtful.bouts[1].confidence


def mark_of(session: Simulated, name: str, since_s: float, to_s: float) -> Mark:
    start, end = (session.start + timedelta(seconds=s) for s in (since_s, to_s))
    return Mark(kind=MarkKind.SPLIT, start=start, end=end, label={"jog": "run", "pause": "stand"}.get(name, name))


# Marks that say nothing


@pytest.mark.parametrize("trigger", ["distance", "time"])
def test_auto_laps_change_nothing(trigger: str) -> None:
    session = simulate(LONG_JOGS, seed=4, cadence=False)
    ends = [*range(0, int(session.duration_s), 150), int(session.duration_s)]
    for intensity in (None, "active", "interval"):
        laps = [Lap(start_s=a, end_s=b, intensity=intensity, trigger=trigger) for a, b in pairwise(ends)]
        assert seen(session, laps=laps) == replace(seen(session), identity=seen(session, laps=laps).identity)


def test_auto_laps_that_fall_on_her_changes_by_chance_change_nothing() -> None:
    session = simulate(LONG_JOGS, seed=4, cadence=False)
    assert seen(session, laps=laps_of(session, trigger="distance")).bouts == seen(session).bouts


def test_a_jogged_recovery_is_no_disagreement() -> None:
    session = simulate([("walk", 300), ("jog", 1200), ("walk", 300)], seed=5)
    ends = [0, 300, *range(420, 1501, 120), 1800]
    kinds = ["warmup", *["active", "recovery"] * 5, "cooldown"]
    laps = [
        Lap(start_s=a, end_s=b, intensity=kind, trigger="time")
        for kind, a, b in zip(kinds, ends[:-1], ends[1:], strict=True)
    ]
    assert not notes(seen(session, laps=laps))


def test_late_labels_and_micro_splits_are_no_disagreement() -> None:
    """Every watch's labels lag and stutter; a note for each session would be a note nobody reads."""
    session = simulate(STAGE_1, seed=6)
    plain, splits = seen(session), []
    for split in splits_of(session):
        half = (split.start_s + split.end_s) // 2
        other = "rwd_walk" if split.split_type == "rwd_run" else "rwd_run"
        splits += [
            replace(split, end_s=half - 3),
            Split(start_s=half - 2, end_s=half, split_type=other),
            replace(split, start_s=half + 1),
        ]
    weighed = seen(session, splits=splits)
    assert_only_weighed(plain, weighed)
    assert not notes(weighed)
    assert weighed.uncertain == plain.uncertain


def test_interval_splits_over_run_walk_splits_are_not_added_to_them() -> None:
    session = simulate(STAGE_1, seed=7, cadence=False)
    rwd = splits_of(session)
    intervals = [
        Split(start_s=since, end_s=to - 1, split_type="interval_active" if name == "jog" else "interval_rest")
        for name, since, to in session.truth
    ]
    once, both = seen(session, splits=rwd), seen(session, splits=[*rwd, *intervals])
    assert not notes(both)
    assert both.uncertain == once.uncertain
    plain = confidence(seen(session))
    assert all(c <= b + 0.5 * max(marks.CEILING - b, 0) + 1e-9 for b, c in zip(plain, confidence(both), strict=True)), (
        "two marks over one second raised it twice"
    )


def test_a_bike_ride_is_not_weighed() -> None:
    session = simulate(STAGE_1, seed=1, sport="cycling")
    assert not notes(seen(session, splits=[Split(start_s=0, end_s=1739, split_type="rwd_run")]))


# Disagreement


def test_a_rest_that_was_jogged_is_a_note_and_no_doubt() -> None:
    """A plan is not a measurement: what she did counts, and the verdict rests on the sensors."""
    session = simulate([("walk", 300), ("jog", 720), ("walk", 300)], seed=8)
    kinds = ["warmup", *["active", "rest"] * 6, "cooldown"]
    ends = [0, *range(300, 1021, 60), 1320]
    laps = [
        Lap(start_s=a, end_s=b, intensity=kind, trigger="time")
        for kind, a, b in zip(kinds, ends[:-1], ends[1:], strict=True)
    ]
    plain, weighed = seen(session), seen(session, laps=laps)
    assert_only_weighed(plain, weighed)
    assert weighed.uncertain == plain.uncertain
    assert list(notes(weighed)) == ["steps_disagree"]
    assert "min meant as rest look like jogging" in notes(weighed)["steps_disagree"]


def test_a_small_disagreement_is_a_note_and_no_doubt() -> None:
    session = simulate(LONG_JOGS, seed=9)
    splits = splits_of(session)
    jog = next(i for i, split in enumerate(splits) if split.split_type == "rwd_run")
    whole = splits[jog]
    splits[jog : jog + 1] = [
        replace(whole, end_s=whole.start_s + 99),
        Split(start_s=whole.start_s + 100, end_s=whole.start_s + 139, split_type="rwd_walk"),
        replace(whole, start_s=whole.start_s + 140),
    ]
    plain, weighed = seen(session), seen(session, splits=splits)
    assert_only_weighed(plain, weighed)
    assert weighed.uncertain == plain.uncertain
    assert notes(weighed)["marks_disagree"].endswith("call 0:40 min walking: the sensors decide.")


LIES = {
    "everything was walked": lambda s: [Split(start_s=0, end_s=s.duration_s - 1, split_type="rwd_walk")],
    "everything was run": lambda s: [Split(start_s=0, end_s=s.duration_s - 1, split_type="rwd_run")],
    "the other way round": lambda s: [
        replace(split, split_type="rwd_walk" if split.split_type == "rwd_run" else "rwd_run") for split in splits_of(s)
    ],
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("cadence", [True, False])
def test_a_watch_that_says_otherwise_changes_no_bout_and_leaves_no_verdict(lie: str, cadence: bool) -> None:
    """Two measurements contradict each other: which one is right nobody knows, and unknown means hold."""
    session = simulate(STAGE_1, seed=10, cadence=cadence)
    plain, weighed = seen(session), seen(session, splits=LIES[lie](session))
    assert_only_weighed(plain, weighed)
    assert confidence(weighed) == confidence(plain), "a watch that is contradicted confirms nothing"
    assert "count as uncertain" in notes(weighed)["marks_disagree"]
    assert seconds(weighed.uncertain) - seconds(plain.uncertain) > 300
    assert dat01_of(weighed) is not None
    if cadence:
        assert dat01_of(plain) is None


def test_the_note_names_the_minutes() -> None:
    session = simulate(LONG_JOGS, seed=11)
    jogged = minutes(sum(b.seconds for b in seen(session).bouts if b.gait is Gait.JOG))
    text = notes(seen(session, splits=LIES["everything was walked"](session)))["marks_disagree"]
    assert text == (
        f"Of {jogged} min that look like jogging, the watch's own labels call {jogged} min walking: "
        "more than a verdict bears, so they count as uncertain."
    )


def test_a_jog_that_only_the_watch_saw_starts_the_rest_clock() -> None:
    """Her sensors may have missed it; a walk that may have been a run is never taken for rest."""
    session = simulate([("walk", 1500)], seed=12)
    splits = [
        Split(start_s=0, end_s=599, split_type="rwd_walk"),
        Split(start_s=600, end_s=799, split_type="rwd_run"),
        Split(start_s=800, end_s=1499, split_type="rwd_walk"),
    ]
    assert not session_of(seen(session)).is_running
    found = session_of(seen(session, splits=splits))
    assert found.is_running
    assert found.doubt is not None


def test_a_dash_for_the_bus_in_the_labels_makes_no_run_of_a_walk() -> None:
    session = simulate([("walk", 1500)], seed=12)
    splits = [
        Split(start_s=0, end_s=599, split_type="rwd_walk"),
        Split(start_s=600, end_s=639, split_type="rwd_run"),
        Split(start_s=640, end_s=1499, split_type="rwd_walk"),
    ]
    weighed = seen(session, splits=splits)
    assert weighed.uncertain == seen(session).uncertain
    assert not session_of(weighed).is_running


def session_of(observed: Observed) -> Any:
    (found,) = gather([observed], lambda _: UTC)
    return found


def dat01_of(observed: Observed) -> Any:
    return dat01.check(session_of(observed))


# Whatever it holds


START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
LABELS = ["run", "walk", "stand", "active", "rest", "recovery", "interval", "interval_active", "interval_rest", None]


@st.composite
def any_marks(draw: st.DrawFn) -> list[Mark]:
    found = []
    for _ in range(draw(st.integers(0, 25))):
        since, long = draw(st.integers(-100, 2000)), draw(st.integers(1, 900))
        kind, label = draw(st.sampled_from(list(MarkKind))), draw(st.sampled_from(LABELS))
        trigger = draw(st.sampled_from(["manual", "distance", None]))
        start = START + timedelta(seconds=since)
        found.append(Mark(kind=kind, start=start, end=start + timedelta(seconds=long), label=label, trigger=trigger))
    return found


@st.composite
def any_observed(draw: st.DrawFn) -> Observed:
    bouts, now = [], START
    for _ in range(draw(st.integers(0, 15))):
        end = now + timedelta(seconds=draw(st.integers(1, 300)))
        sure = draw(st.floats(0, 1))
        bouts.append(Bout(gait=draw(st.sampled_from(list(Gait))), start=now, end=end, confidence=sure))
        now = end
    cuts = sorted(draw(st.lists(st.integers(0, 2000), max_size=6, unique=True)))
    uncertain = [
        Span(start=START + timedelta(seconds=a), end=START + timedelta(seconds=b))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return replace(
        gait.observe(simulate([("walk", 2)]).recording()),
        started_at=START,
        ended_at=now,
        bouts=tuple(bouts),
        uncertain=tuple(uncertain),
    )


@settings(max_examples=200, deadline=None)
@given(any_observed(), any_marks())
def test_no_mark_ever_flips_a_bout_or_frees_her_from_a_doubt(observed: Observed, found: list[Mark]) -> None:
    weighed = marks.weigh(observed, found)
    assert_only_weighed(observed, weighed)
    assert weighed.notes[: len(observed.notes)] == observed.notes
    before, after = (measure(o.bouts, uncertain=o.uncertain) for o in (observed, weighed))
    if before is not None and after is not None:
        assert after.jog_error_s >= before.jog_error_s - 1e-6
        assert replace(after, jog_error_s=0, uncertain_share=0) == replace(before, jog_error_s=0, uncertain_share=0)


def test_without_marks_it_is_the_very_same_value() -> None:
    observed = gait.observe(simulate(STAGE_1, seed=1).recording())
    assert marks.weigh(observed, ()) is observed


def test_weighing_loads_neither_numpy_nor_pandas() -> None:
    code = "import sys, analysis.marks; assert not {'numpy', 'pandas'} & set(sys.modules), 'slow'"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


# Real recordings


def recordings(*folders: str) -> Sequence[Path]:
    if not SHARED.exists():
        pytest.skip(f"needs the recordings in {SHARED}")
    return [path for folder in folders for path in sorted((SHARED / folder).iterdir()) if path.is_file()]


def test_marks_flip_no_bout_of_a_real_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in recordings("gait/timed", "gait/runs", "gait/walks", "corpus/runs"):
        if path.suffix not in (".fit", ".gpx", ".gz"):
            continue
        for recording in read(path):
            with monkeypatch.context() as patch:
                patch.setattr(marks, "weigh", lambda observed, _: observed)
                plain = gait.observe(recording)
            weighed = gait.observe(recording)
            assert_only_weighed(plain, weighed)
            assert weighed.uncertain == plain.uncertain, path.name
            if not path.is_relative_to(SHARED / "corpus"):
                assert weighed == plain, path.name  # auto-laps, and workouts of work and recovery done as meant


def test_the_labels_of_real_watches_seldom_leave_a_run_without_verdict() -> None:
    """Two good measurements must agree nearly always, else nobody with such a watch could progress."""
    doubted = total = 0
    for path in recordings("gait/labels/fit"):
        truth = json.loads((path.parents[1] / "truth" / f"{path.stem}.json").read_text())
        labels = [
            Mark(
                kind=MarkKind.SPLIT,
                start=datetime.fromisoformat(i["start"]),
                end=datetime.fromisoformat(i["end"]) + timedelta(seconds=1),
                label={"jog": "run"}.get(i["gait"], i["gait"]),
            )
            for i in truth["intervals"]
        ]
        (recording,) = read(path)
        plain = gait.observe(recording)
        weighed = marks.weigh(plain, labels)
        assert_only_weighed(plain, weighed)
        doubted += weighed.uncertain != plain.uncertain
        total += 1
    assert doubted <= 0.05 * total
