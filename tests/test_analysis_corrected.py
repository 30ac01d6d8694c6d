"""Her word on what she did must hold for exactly the seconds she named, and change nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.bouts import Bout, Gait, Observed, Span
from analysis.corrected import corrected, settled
from analysis.performed import measure
from tests.stories import MONDAY, run

JOGS = [("walk", 300), ("jog", 60), ("walk", 120), ("jog", 60), ("walk", 120), ("jog", 60), ("walk", 180)]


@dataclass(frozen=True)
class Said:
    start: datetime
    end: datetime
    gait: Gait | None


def word(about: Observed, start_s: float, end_s: float, gait: str | None) -> Said:
    began = about.started_at
    return Said(
        began + timedelta(seconds=start_s), began + timedelta(seconds=end_s), None if gait is None else Gait(gait)
    )


def seconds(about: Observed) -> list[tuple[str, float, float]]:
    """Give bouts as (gait, from, to) in seconds from the start."""
    began = about.started_at
    return [(b.gait.value, (b.start - began).total_seconds(), (b.end - began).total_seconds()) for b in about.bouts]


def after(about: Observed, *words: tuple[float, float, str | None]) -> Observed:
    return corrected(about, settled([word(about, *one) for one in words]))


WATCH = run(MONDAY, JOGS)


def test_a_jog_that_was_a_walk_becomes_one_walk_with_its_neighbours() -> None:
    """Three walks side by side would be three walk breaks of the wrong length."""
    done = after(WATCH, (300, 360, "walk"))
    assert seconds(done)[:2] == [("walk", 0, 480), ("jog", 480, 540)]
    assert [b.by_her_word for b in done.bouts] == [True, False, False, False, False]
    performed = measure(done.bouts)
    assert performed is not None
    assert (performed.jog_s, performed.repeats, performed.walk_bout_s) == (120, 2, 120)


def test_a_correction_inside_a_bout_cuts_it_to_the_second() -> None:
    done = after(WATCH, (330, 345.5, "walk"))
    assert seconds(done)[1:4] == [("jog", 300, 330), ("walk", 330, 345.5), ("jog", 345.5, 360)]
    assert [b.by_her_word for b in done.bouts][1:4] == [False, True, False]


def test_what_she_named_is_neither_uncertain_nor_missing_any_more() -> None:
    began = WATCH.started_at
    span = Span(start=began + timedelta(seconds=250), end=began + timedelta(seconds=400))
    done = after(replace(WATCH, uncertain=(span,), gaps=(span,)), (300, 360, "walk"))
    left = [(250, 300), (360, 400)]
    for spans in (done.uncertain, done.gaps):
        assert [((s.start - began).total_seconds(), (s.end - began).total_seconds()) for s in spans] == left


def test_the_later_of_two_words_counts_where_they_overlap() -> None:
    done = after(WATCH, (0, 100, "jog"), (50, 150, "stand"))
    assert seconds(done)[:3] == [("jog", 0, 50), ("stand", 50, 150), ("walk", 150, 300)]
    done = after(WATCH, (50, 150, "stand"), (0, 100, "jog"))
    assert seconds(done)[:3] == [("jog", 0, 100), ("stand", 100, 150), ("walk", 150, 300)]


def test_a_word_taken_back_gives_the_seconds_back_to_the_watch() -> None:
    assert after(WATCH, (300, 360, "walk"), (300, 360, None)) == WATCH
    done = after(WATCH, (0, 300, "jog"), (100, 200, None))
    assert seconds(done)[:3] == [("jog", 0, 100), ("walk", 100, 200), ("jog", 200, 360)]


def test_a_bout_that_was_cut_does_not_keep_a_distance_it_no_longer_has() -> None:
    """260 m in a walk of a minute, at a jogger's speed, would read as if the watch had measured it."""
    whole = tuple(replace(b, distance_m=b.seconds * 2, mean_speed_mps=2.0, mean_cadence_spm=150.0) for b in WATCH.bouts)
    watch = replace(WATCH, bouts=whole)
    cut = after(watch, (330, 340, "walk")).bouts[1:4]
    assert [b.distance_m for b in cut] == [None, None, None]
    joined = after(watch, (300, 360, "walk")).bouts[0]
    assert (joined.distance_m, joined.mean_speed_mps, joined.mean_cadence_spm) == (960, 2.0, 150)
    assert after(watch, (330, 340, "walk")).bouts[4:] == whole[2:]


def test_what_lies_outside_the_recording_or_is_no_run_is_left_alone() -> None:
    assert after(WATCH, (-100, 0, "jog"), (900, 1000, "jog")) == WATCH
    assert seconds(after(WATCH, (-100, 20, "jog")))[0] == ("jog", 0, 20)
    ride = run(MONDAY, JOGS, sport="cycling")
    assert after(ride, (0, 900, "jog")) == ride


def test_a_recording_that_shows_nothing_can_be_told_whole() -> None:
    """A treadmill that stored totals alone: what she says is all there is."""
    done = after(run(MONDAY, [("unknown", 1200)]), (0, 60, "jog"), (60, 1200, "walk"))
    assert seconds(done) == [("jog", 0, 60), ("walk", 60, 1200)]


gaits = st.sampled_from([g.value for g in Gait])
histories = st.lists(st.tuples(gaits, st.integers(1, 90)), min_size=1, max_size=12)
words_said = st.lists(
    st.tuples(st.integers(-30, 600), st.integers(-30, 600), st.sampled_from(["jog", "walk", "stand", None])), max_size=8
)


@given(histories, words_said)
def test_every_second_is_her_last_word_or_what_the_watch_shows(history, words) -> None:
    watch = run(MONDAY, history)
    done = after(watch, *words)
    assert done.bouts[0].start == watch.started_at
    assert done.bouts[-1].end == watch.ended_at
    for one, other in pairwise(done.bouts):
        assert one.end == other.start
        assert other.gait is not one.gait or not (one.by_her_word or other.by_her_word)
    for second in range(round((watch.ended_at - watch.started_at).total_seconds())):
        at = watch.started_at + timedelta(seconds=second + 0.5)
        said = [gait for start, end, gait in words if start <= second < end]
        expected = said[-1] if said and said[-1] is not None else _at(watch.bouts, at).gait
        assert _at(done.bouts, at).gait == expected
        assert any(b.start <= at < b.end for b in done.corrected) == bool(said and said[-1] is not None)


@given(histories, words_said)
def test_saying_it_twice_changes_nothing(history, words) -> None:
    watch = run(MONDAY, history)
    assert seconds(after(watch, *words, *words)) == seconds(after(watch, *words))


def _at(bouts: tuple[Bout, ...], at: datetime) -> Bout:
    return next(b for b in bouts if b.start <= at < b.end)


@pytest.mark.parametrize("gait", ["jog", "walk", "stand"])
def test_her_word_is_sure(gait: str) -> None:
    watch = replace(WATCH, bouts=tuple(replace(b, confidence=0.5) for b in WATCH.bouts))
    done = after(watch, (0, 900, gait))
    assert [(b.gait.value, b.confidence) for b in done.bouts] == [(gait, 1.0)]
