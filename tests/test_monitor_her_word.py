"""Her corrections, and the runs she ignores: they count, they are marked, and alone they never lead to progress."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.facts import Override
from monitor.recommendation import Outcome
from monitor.standing import Standing
from tests.stories import LEAK, MONDAY, PLAN, Life, as_prescribed, codes, run
from tests.test_monitor_decision_properties import HISTORIES, LATER, live, thorough

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HALF = as_prescribed(PLAN[1])[:6]  # three jogs of seven: a clean run, but too short


def lived(runs: int, *, short: tuple[int, ...] = (), every: timedelta = 2 * DAY + HOUR) -> Life:
    """Run stage 1 some times, answer all, and correct those that the watch shows too short to what they were."""
    life = Life.ready()
    for n in range(runs):
        pieces = [*HALF, ("walk", 750.0)] if n in short else as_prescribed(PLAN[1])
        observed = life.runs(MONDAY + n * every, pieces)
        life.answers_all(observed)
        if n in short:
            for jog in range(3, 7):
                life.corrects(observed, observed.ended_at + HOUR, 180 * jog, 180 * jog + 60, "jog")
    return life


def after(life: Life) -> Standing:
    return life.at(max(o.ended_at for o in life.observed) + 26 * HOUR)


def test_one_of_two_clean_runs_may_rest_on_her_word() -> None:
    """A watch that missed four jogs once must not cost her a stage."""
    for short in ((0,), (1,)):
        standing = after(lived(2, short=short))
        assert [j.clean for j in standing.judged] == [True, True]
        assert standing.recommendation.outcome is Outcome.PROGRESS


def test_two_runs_in_a_row_by_her_word_hold_until_the_watch_shows_one() -> None:
    standing = after(lived(2, short=(0, 1)))
    assert [j.clean for j in standing.judged] == [True, True]
    assert standing.recommendation.outcome is Outcome.HOLD
    assert codes(standing) == {"WRD01"}
    message = standing.recommendation.reasons[0].message
    assert "Monday 1 June and Wednesday 3 June" in message
    assert "your own word" in message
    assert after(lived(3, short=(0, 1))).recommendation.outcome is Outcome.PROGRESS
    assert codes(after(lived(3, short=(0, 1, 2)))) == {"WRD01"}


def test_the_plan_is_not_completed_by_her_word_alone() -> None:
    """A completed plan is judged by no stage any more."""
    last = PLAN[PLAN.last]
    for hers, completed in (((0, 1), False), ((1,), True)):
        life = Life.ready()
        life.issue(MONDAY - 2 * HOUR)
        for n in range(2):
            start = MONDAY + n * (2 * DAY + HOUR)
            pieces = [("jog", last.main_set_s / 2), ("walk", last.main_set_s / 2)] if n in hers else last.stage
            observed = life.runs(start, pieces)
            life.answers_all(observed)
            if n in hers:
                life.corrects(observed, observed.ended_at + HOUR, 0, last.main_set_s, "jog")
        standing = at_stage(life, PLAN.last)
        assert [j.stage for j in standing.judged] == [PLAN.last, PLAN.last]
        assert standing.recommendation.completed is completed
        assert standing.recommendation.outcome is Outcome.HOLD


def at_stage(life: Life, stage: int) -> Standing:
    """Let a physio have set the stage before the first run."""
    life.tell(Override(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, stage=stage, because="reviewed"))
    return after(life)


def test_a_breach_that_was_none_no_longer_holds_and_is_marked_as_her_word() -> None:
    life = Life.ready()
    observed = life.runs(MONDAY, [*HALF, ("jog", 300), *as_prescribed(PLAN[1])[10:]])
    life.answers_all(observed)
    assert "STG03" in codes(after(life))
    life.corrects(observed, observed.ended_at + 20 * HOUR, 600, 840, "walk")
    standing = after(life)
    assert "STG03" not in codes(standing)
    assert standing.judged[0].session.by_her_word
    assert [(b.gait, b.seconds) for b in standing.judged[0].session.corrected] == [("walk", 240)]


def test_what_could_not_be_told_can_be_told_by_her() -> None:
    """DAT01: a correction by the runner is data."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers_all(first)
    second = run(MONDAY + 2 * DAY + HOUR, [("unknown", 1200)])
    life.observed.append(second)
    life.answers_all(second)
    assert "DAT01" in codes(after(life))
    for at, (gait, seconds) in _laid(as_prescribed(PLAN[1])):
        life.corrects(second, second.ended_at + HOUR, at, at + seconds, gait)
    assert after(life).recommendation.outcome is Outcome.PROGRESS


def _laid(pieces):
    at = 0.0
    for piece in pieces:
        yield at, piece
        at += piece[1]


def test_her_word_is_not_known_before_she_gave_it() -> None:
    """What was said in an earlier week is replayed from what was known then."""
    life = lived(2, short=(1,))
    told = min(c.recorded_at for c in life.facts.corrections)
    assert not any(s.by_her_word for s in life.at(told - timedelta(seconds=1)).sessions)
    assert life.at(told).sessions[-1].by_her_word


def test_taking_it_back_leaves_what_the_watch_shows() -> None:
    life = lived(2, short=(1,))
    plain = replace(life.facts, corrections=())
    life.corrects(life.observed[-1], life.observed[-1].ended_at + 2 * HOUR, 0, 1290, None)
    assert after(life).judged == Life(facts=plain, observed=life.observed).at(after(life).recommendation.as_of).judged


def test_her_word_holds_for_the_same_run_from_another_file() -> None:
    """The richer export of the run that she corrected arrives later, and leads: her word must not be lost with it."""
    life = lived(2, short=(1,))
    seen = life.observed[-1]
    life.observed.append(replace(seen, identity="richer", richness=seen.richness + 1000))
    standing = after(life)
    assert standing.sessions[-1].recordings[0].identity == "richer"
    assert standing.sessions[-1].duplicates[0].identity == seen.identity
    assert standing.sessions[-1].by_her_word
    assert standing.recommendation.outcome is Outcome.PROGRESS


def test_an_ignored_run_counts_for_nothing_and_keeps_its_name() -> None:
    """Her partner took the watch on her day of rest: no breach of hers, and no clean run either."""
    life = lived(1)
    his = life.runs(MONDAY + 5 * HOUR, 9)
    hers = life.runs(MONDAY + 2 * DAY + HOUR, 1)
    life.answers_all(hers)
    before = after(life)
    assert {"RST01", "STG03"} <= codes(before)
    assert [s.id for s in before.sessions] == ["2026-06-01", "2026-06-01-2", "2026-06-03"]
    life.ignores(his, hers.ended_at)
    standing = after(life)
    assert standing.recommendation.outcome is Outcome.PROGRESS
    assert [s.id for s in standing.sessions] == ["2026-06-01", "2026-06-03"]
    assert [(left.session.id, left.because) for left in standing.ignored] == [("2026-06-01-2", "not my run")]
    life.ignores(his, hers.ended_at + HOUR, None)
    assert after(life).judged == before.judged
    assert after(life).ignored == ()


def test_the_other_run_of_a_day_keeps_its_name_when_the_first_is_ignored() -> None:
    """She reads 2026-06-01-2 in the report and types it the next day: it must still be that run."""
    life = lived(1)
    second = life.runs(MONDAY + 5 * HOUR, 1)
    life.ignores(life.observed[0], second.ended_at)
    standing = after(life)
    assert [s.id for s in standing.sessions] == ["2026-06-01-2"]
    assert [left.session.id for left in standing.ignored] == ["2026-06-01"]


def test_a_symptom_logged_for_an_ignored_run_still_holds() -> None:
    """Ignoring the recording must not wipe out what her body did."""
    life = lived(2)
    life.answers(life.observed[1], life.observed[1].ended_at + 2 * HOUR, **LEAK)
    life.ignores(life.observed[1], life.observed[1].ended_at + 3 * HOUR)
    assert "SYM01" in codes(after(life))


def test_ignoring_one_watch_does_not_ignore_the_other() -> None:
    """He wore the old watch while she ran with the new one: only his recording goes."""
    life = lived(2)
    life.observed.append(replace(life.observed[0], identity="old watch", richness=5))
    life.corrects(life.observed[-1], life.observed[1].ended_at, 0, 600, "walk")  # a word about the wrong recording
    life.ignores(life.observed[-1], life.observed[1].ended_at + HOUR)
    standing = after(life)
    assert [s.recordings[0].identity for s in standing.sessions] == [o.identity for o in life.observed[:2]]
    assert not any(s.by_her_word for s in standing.sessions)
    assert standing.recommendation.outcome is Outcome.PROGRESS


CORRECTIONS = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.integers(0, 1300),
        st.one_of(st.integers(1, 10), st.integers(1, 1300)),  # most so short that the run stays what it was
        st.sampled_from(["jog", "walk", None]),
    ),
    min_size=1,
    max_size=6,
)


@thorough
@given(HISTORIES, LATER, CORRECTIONS)
def test_progress_never_rests_on_two_of_her_own_corrections(history, later, words) -> None:
    life, end = live(history)
    for n, start_s, seconds, gait in words:
        about = life.observed[n % len(life.observed)]
        life.corrects(about, end + HOUR, start_s, start_s + seconds, gait)
    standing = life.at(end + timedelta(hours=later))
    assert standing.recommendation.reasons
    if standing.recommendation.outcome is Outcome.PROGRESS:
        counted = [j for j in standing.judged if j.clean][-2:]
        assert sum(j.session.by_her_word for j in counted) <= 1
        assert not standing.judged[-1].unjudgeable


@settings(thorough, max_examples=60)
@given(st.integers(2, 5), st.sets(st.integers(0, 4), min_size=1), st.integers(1, 6))
def test_a_life_on_her_word_alone_goes_nowhere(runs, marked, seconds) -> None:
    """Marking the last seconds of a run, which changes nothing else, is still her word and still needs the watch."""
    life = lived(runs)
    before = after(life)
    for n in sorted(marked):
        if n < runs:
            life.corrects(life.observed[n], life.observed[-1].ended_at, 1200 - seconds, 1200, "walk")
    standing = after(life)
    last = [j for j in standing.judged if j.clean][-2:]
    assume(len(last) == 2)
    hers = all(j.session.by_her_word for j in last)
    assert ("WRD01" in codes(standing)) == hers
    assume([j.stage for j in standing.judged] == [j.stage for j in before.judged])
    was_held = before.recommendation.outcome is Outcome.HOLD
    assert not (was_held and standing.recommendation.outcome is Outcome.PROGRESS)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_in_which_facts_are_read_changes_nothing(order) -> None:
    life = lived(2)
    about, at = life.observed[0], life.observed[1].ended_at
    life.corrects(about, at, 0, 60, "walk")
    life.corrects(about, at + HOUR, 30, 90, "stand")
    told = life.facts.corrections
    life.facts = replace(life.facts, corrections=tuple(told[n] for n in order))
    assert [b.gait for b in after(life).sessions[0].corrected] == ["walk", "stand"]
