"""Runs that no watch recorded: what she says is what counts, it is marked as hers, and it alone moves nobody up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.bouts import Gait
from analysis.plan import Prescription
from analysis.sessions import gather
from monitor.decision import Outcome
from monitor.facts import Facts, ManualSession, Override
from monitor.manual import BY_HAND, corrections, logged_by_hand, observed_by_hand
from monitor.standing import Standing
from tests.stories import LISBON, MONDAY, PLAN, Life, as_prescribed, codes, run

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY = 2 * DAY + HOUR
STAGE_1 = {"jog_s": 60, "walk_s": 120, "repeats": 7}


def told(start: datetime, *, id: int = 1, later: timedelta = HOUR, **figures: int) -> ManualSession:
    figures = figures or STAGE_1
    at = start.astimezone(UTC)
    return ManualSession(id=id, recorded_at=at + later, started_at=at, **figures)


def seen(one: ManualSession) -> Facts:
    return Facts(manual_sessions=(one,))


def lived(*by_hand: bool) -> Standing:
    """Run stage 1 so often, by hand where it says so, and answer all; give where she stands the next day."""
    life = Life.ready()
    for n, is_told in enumerate(by_hand):
        start = MONDAY + n * EVERY
        if is_told:
            life.tell(told(start))
            (observed,) = observed_by_hand(Facts(manual_sessions=life.facts.manual_sessions[-1:]), start + DAY)
        else:
            observed = life.runs(start, as_prescribed(PLAN[1]))
        life.answers_all(observed)
    return life.at(MONDAY + (len(by_hand) - 1) * EVERY + 26 * HOUR)


@given(
    jog_s=st.integers(20, 1200),
    walk_s=st.integers(20, 600),
    repeats=st.integers(2, 12),
)
def test_what_was_performed_is_what_she_said(jog_s: int, walk_s: int, repeats: int) -> None:
    """A jog or a walk more or less than she said would judge her by a run that she did not do."""
    one = told(MONDAY, jog_s=jog_s, walk_s=walk_s, repeats=repeats)
    (session,) = gather(observed_by_hand(seen(one), one.recorded_at), lambda _: LISBON)
    done = session.performed
    assert done is not None
    assert (done.repeats, done.jog_bout_s, done.walk_bout_s, done.longest_jog_s) == (repeats, jog_s, walk_s, jog_s)
    assert (done.jog_s, done.walk_s, done.main_set_s) == (
        repeats * jog_s,
        repeats * walk_s,
        repeats * (jog_s + walk_s),
    )
    assert (done.jog_error_s, done.uncertain_share, done.regular) == (0, 0, True)
    assert session.by_her_word
    assert session.doubt is None
    assert session.is_running is (repeats * jog_s >= 60)


def test_a_run_without_a_break_is_one_jog() -> None:
    one = told(MONDAY, jog_s=1200, walk_s=0, repeats=1)
    (session,) = gather(observed_by_hand(seen(one), one.recorded_at), lambda _: LISBON)
    assert session.performed is not None
    assert session.performed.ratio == "continuous"
    assert session.performed.longest_jog_s == 1200
    split = told(MONDAY, jog_s=400, walk_s=0, repeats=3)  # the store may hold it, though the command asks again
    (observed,) = observed_by_hand(seen(split), split.recorded_at)
    assert [(b.gait, b.seconds) for b in observed.bouts] == [(Gait.JOG, 1200)]


def test_what_is_entered_later_is_not_known_before() -> None:
    """A week that has been judged would otherwise change without a word."""
    one = told(MONDAY, later=3 * DAY)
    assert observed_by_hand(seen(one), one.recorded_at - timedelta(seconds=1)) == ()
    assert len(observed_by_hand(seen(one), one.recorded_at)) == 1


def test_one_of_two_clean_runs_may_be_by_hand_and_never_both() -> None:
    """WRD01: two runs that nobody recorded would carry her up the ladder by memory alone."""
    for pair in ((True, False), (False, True)):
        standing = lived(*pair)
        assert [j.clean for j in standing.judged] == [True, True]
        assert standing.recommendation.outcome is Outcome.PROGRESS
    both = lived(True, True)
    assert [j.clean for j in both.judged] == [True, True]
    assert both.recommendation.outcome is Outcome.HOLD
    assert codes(both) == {"WRD01"}
    assert "rest on your own word" in both.recommendation.reasons[0].message
    assert codes(lived(True, True, True)) == {"WRD01"}
    assert lived(True, True, False).recommendation.outcome is Outcome.PROGRESS


def test_a_run_by_hand_and_a_corrected_one_are_both_her_word() -> None:
    life = Life.ready()
    life.tell(told(MONDAY))
    life.answers_all(observed_by_hand(life.facts, MONDAY + DAY)[0])
    second = life.runs(MONDAY + EVERY, [*as_prescribed(PLAN[1])[:6], ("walk", 750.0)])
    for jog in range(3, 7):
        life.corrects(second, second.ended_at + HOUR, 180 * jog, 180 * jog + 60, "jog")
    life.answers_all(second)
    standing = life.at(second.ended_at + 26 * HOUR)
    assert [j.clean for j in standing.judged] == [True, True]
    assert codes(standing) == {"WRD01"}
    assert [(len(logged_by_hand(s)), len(corrections(s))) for s in standing.sessions] == [(1, 0), (0, 4)]


def test_a_run_by_hand_goes_through_every_check() -> None:
    """What she did too early, too much or before a gate is no less so for having no recording."""
    life = Life.ready()
    life.runs(MONDAY, as_prescribed(PLAN[1]))
    life.tell(told(MONDAY + DAY))
    life.tell(told(MONDAY + 2 * DAY, jog_s=300, walk_s=60, repeats=4))
    first, second, third = life.at(MONDAY + 3 * DAY).judged
    assert not first.findings
    assert [(f.code, f.level.value) for f in second.findings] == [("RST01", "limit")]
    assert {f.code for f in third.findings} >= {"RST01", "STG02", "STG03"}
    early = Life()
    early.tell(told(MONDAY))
    (judged,) = early.at(MONDAY + DAY).judged
    assert {"GAT01", "GAT02", "GAT03", "GAT04", "STG01"} - {f.code for f in judged.findings} == {"STG01"}


def test_rest_counts_from_the_end_of_a_run_by_hand() -> None:
    life = Life.ready()
    life.tell(told(MONDAY))
    standing = life.at(MONDAY + 2 * HOUR)
    assert standing.recommendation.earliest_next_run == (MONDAY + timedelta(minutes=21, hours=48)).astimezone(UTC)


@pytest.mark.parametrize("richness", [0, 9])
def test_a_recording_of_the_same_time_leads(richness: int) -> None:
    """Counted twice it would be a breach; led by hers, what the watch saw would be lost."""
    life = Life.ready()
    watch = life.runs(MONDAY, [("walk", 60), *as_prescribed(PLAN[1]), ("walk", 120)], richness=richness)
    life.tell(told(MONDAY + timedelta(seconds=40)))
    (session,) = life.at(MONDAY + DAY).sessions
    assert [r.identity for r in session.recordings] == [watch.identity]
    assert [r.format for r in session.duplicates] == [BY_HAND]
    assert session.doubt is None
    assert not session.by_her_word
    assert logged_by_hand(session) == ()


def test_where_hers_shows_more_jogging_than_the_recording_it_is_in_doubt() -> None:
    """DAT01: one of the two is wrong, and nobody knows which."""
    life = Life.ready()
    watch = life.runs(MONDAY, [*as_prescribed(PLAN[1]), ("walk", 600)], richness=9)
    life.tell(told(MONDAY, jog_s=120, walk_s=60, repeats=7))
    life.answers_all(watch)
    standing = life.at(MONDAY + 26 * HOUR)
    assert "DAT01" in {f.code for f in standing.judged[0].findings}
    assert "DAT01" in codes(standing)


def test_taken_back_it_counts_for_nothing() -> None:
    life = Life.ready()
    one = life.tell(told(MONDAY))
    (observed,) = observed_by_hand(life.facts, MONDAY + DAY)
    assert len(life.at(MONDAY + DAY).judged) == 1
    life.ignores(observed, MONDAY + 2 * HOUR, "it was last week")
    standing = life.at(MONDAY + DAY)
    assert standing.judged == ()
    assert [left.session.identities for left in standing.ignored] == [(one.identity,)]
    assert codes(standing) == {"NEW01"}
    assert len(life.at(MONDAY + HOUR).judged) == 1  # as it stood before she took it back


def test_a_second_entry_that_begins_where_the_first_ends_is_a_shorter_last_jog() -> None:
    """Stage 10 is a jog of 12 minutes and one of 7; told in two entries it has to be that run, to the second."""
    life = Life.ready()
    life.tell(told(MONDAY, jog_s=720, walk_s=60, repeats=1))
    life.tell(told(MONDAY + timedelta(minutes=13), jog_s=420, walk_s=0, repeats=1))
    (session,) = life.at(MONDAY + DAY).sessions
    done = session.performed
    assert done is not None
    assert (done.jog_s, done.longest_jog_s, done.walk_bout_s, done.repeats) == (1140, 720, 60, 2)
    assert session.by_her_word


def by_hand(stage: Prescription, start: datetime) -> list[ManualSession]:
    """Tell a stage as it is prescribed; a last jog that is shorter is an entry of its own."""
    jog_s, walk_s = round(stage.jog_s), round(stage.walk_s)
    if not walk_s:
        return [told(start, jog_s=round(stage.main_set_s), walk_s=0, repeats=1)]
    last_s = round(stage.jog_total_s - (stage.repeats - 1) * jog_s)
    full = stage.repeats - (last_s < jog_s)
    entries = [told(start, jog_s=jog_s, walk_s=walk_s, repeats=full)]
    if last_s < jog_s:
        start += full * timedelta(seconds=jog_s + walk_s)
        entries.append(told(start, jog_s=last_s, walk_s=0, repeats=1))
    return entries


@pytest.mark.parametrize("stage", range(PLAN.lowest, PLAN.last + 1))
def test_each_stage_can_be_told_as_it_is_prescribed(stage: int) -> None:
    """Told truly, what `next` asked for must be neither too short nor a breach at any stage."""
    life = Life.ready()
    life.tell(Override(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, stage=stage, because="reviewed"))
    for entry in by_hand(PLAN[stage], MONDAY):
        life.tell(entry)
    life.answers_all(observed_by_hand(life.facts, MONDAY + DAY)[0])
    (judged,) = life.at(MONDAY + 26 * HOUR).judged
    assert judged.stage == stage
    assert judged.why_not_clean == ()
    assert not [f for f in judged.findings if f.code.startswith(("STG", "DAT"))]


def test_whoever_logs_every_run_by_hand_stays_where_she_is() -> None:
    """A month of memory alone carries nobody up the ladder."""
    standing = lived(*[True] * 12)
    assert {j.stage for j in standing.judged} == {1}
    assert all(j.clean for j in standing.judged)
    assert codes(standing) == {"WRD01"}


def test_a_watch_that_stopped_half_way_and_her_word_make_one_session_that_is_hers() -> None:
    life = Life.ready()
    watch = life.runs(MONDAY, as_prescribed(PLAN[1])[:6])
    life.tell(told(watch.ended_at + timedelta(seconds=30), jog_s=60, walk_s=120, repeats=4))
    (session,) = life.at(MONDAY + DAY).sessions
    assert session.by_her_word
    assert (len(logged_by_hand(session)), corrections(session)) == (1, ())
    assert corrections(session) == ()
    assert session.performed is not None
    assert session.performed.jog_s == 420


@given(
    start_s=st.integers(-1800, 1800),
    jog_s=st.integers(20, 300),
    walk_s=st.integers(20, 300),
    repeats=st.integers(1, 8),
)
def test_an_entry_by_hand_never_turns_a_hold_into_progress_beside_a_recording_of_that_run(
    start_s: int, jog_s: int, walk_s: int, repeats: int
) -> None:
    """Whatever she remembers of a run that was recorded, it must not lift what the recording holds back."""
    life = Life.ready()
    for n in range(2):
        observed = life.runs(MONDAY + n * EVERY, as_prescribed(PLAN[4 if n else 1]), richness=9)
        life.answers_all(observed)
    assert "STG03" in codes(life.at(MONDAY + EVERY + 26 * HOUR))
    start = MONDAY + EVERY + timedelta(seconds=start_s)
    life.tell(told(start, jog_s=jog_s, walk_s=walk_s, repeats=repeats))
    after = life.at(MONDAY + EVERY + 26 * HOUR)
    assert after.recommendation.outcome is Outcome.HOLD


def test_the_order_of_entry_does_not_matter() -> None:
    entries = [told(MONDAY + n * EVERY, id=n + 1) for n in range(3)]
    one, other = (
        observed_by_hand(Facts(manual_sessions=tuple(order)), MONDAY + 9 * DAY) for order in (entries, entries[::-1])
    )
    assert gather(one, lambda _: LISBON) == gather(other, lambda _: LISBON)


def test_the_day_is_that_of_her_zone() -> None:
    """Logged at half past eleven at night in New York it is that day, though in UTC it is the next."""
    life = Life.ready()
    zone = replace(life.facts.settings[0], value="America/New_York")
    life.facts = replace(life.facts, settings=(zone,))
    life.tell(told(datetime(2026, 6, 2, 3, 30, tzinfo=UTC)))
    (session,) = life.at(datetime(2026, 6, 3, tzinfo=UTC)).sessions
    assert session.id == "2026-06-01"


def test_what_is_run_by_hand_is_a_name_that_no_file_has() -> None:
    """An identity of a file would let her entry stand in for it, or the other way round."""
    assert run(MONDAY, [("jog", 60)]).identity != told(MONDAY).identity
    assert told(MONDAY, id=4).identity == "by-hand-4"
