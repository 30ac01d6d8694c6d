"""Ways in which doubtful, damaged, stale or odd facts once led to PROGRESS, or to a stage that was too high."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from analysis.bouts import Span
from analysis.findings import Level
from monitor.answers import Window
from monitor.checkins import session_zone
from monitor.facts import Birth, Issued, Override, PlanStart, Setting
from monitor.foundation import Readiness
from tests.stories import LEAK, MONDAY, PLAN, Life, as_prescribed

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY, MONDAY + 4 * DAY
CUT = (("cut_off", "the file ends early"),)


def go(life, start, pieces=1, **more):
    observed = life.runs(start, pieces, **more)
    life.answers_all(observed)
    return observed


def two_clean():
    life = Life.ready()
    go(life, MONDAY)
    go(life, WEDNESDAY)
    return life


def said(life, at):
    recommendation = life.at(at).recommendation
    return recommendation.outcome.value, recommendation.next_stage, [r.code for r in recommendation.reasons]


def physio_sets(life, at, stage, recorded_at=None):
    life.tell(Override(id=0, recorded_at=recorded_at or at, at=at, stage=stage, because="reviewed"))


def test_two_clean_runs_progress_so_that_what_follows_proves_something():
    assert said(two_clean(), FRIDAY) == ("PROGRESS", 2, ["PRG01"])


# data ------------------------------------------------------------------------------------------------------------


def test_a_run_in_doubt_far_beyond_its_stage_is_not_left_out_of_the_count():
    """Half an hour of jogging in a file that was cut off can only have been more."""
    life = Life.ready()
    go(life, MONDAY)
    go(life, WEDNESDAY + HOUR, [("jog", 1800)], notes=CUT)
    go(life, FRIDAY + 3 * HOUR)
    assert said(life, FRIDAY + 2 * DAY) == ("HOLD", 1, ["CLN01"])


@pytest.mark.parametrize(
    "recording",
    [
        {"pieces": [("walk", 300)], "notes": CUT},  # the warm-up, then the file ends
        {"pieces": [("unknown", 19), ("walk", 1)] * 90},
        {"pieces": [("unknown", 1200)]},
    ],
)
def test_a_running_recording_that_may_hide_a_run_starts_the_clock_and_holds(recording):
    life = two_clean()
    life.runs(WEDNESDAY + DAY, **recording)
    outcome, _, codes = said(life, FRIDAY + DAY)
    assert (outcome, "DAT01" in codes) == ("HOLD", True)
    assert life.at(FRIDAY + DAY).judged[-1].findings[0].code == "RST01"


def test_a_damaged_walk_is_still_a_walk():
    life = two_clean()
    life.runs(WEDNESDAY + DAY, [("walk", 300)], sport="walking", notes=CUT)
    assert said(life, FRIDAY)[0] == "PROGRESS"


def test_a_jump_between_two_recordings_of_a_run_may_hide_one():
    life = two_clean()
    first = life.runs(WEDNESDAY + DAY, [("walk", 600)], last_position=(0.0, -30.0))
    life.runs(first.ended_at + 20 * timedelta(minutes=1), [("walk", 600)], first_position=(0.04, -30.0))
    assert "DAT01" in said(life, FRIDAY + DAY)[2]


def test_a_jump_right_after_the_run_is_a_gap_of_that_run():
    life = Life.ready()
    go(life, MONDAY)
    ran = go(life, WEDNESDAY, last_position=(0.0, -30.0))
    life.runs(ran.ended_at + 20 * timedelta(minutes=1), [("walk", 600)], sport="walking", first_position=(0.04, -30.0))
    assert "DAT01" in said(life, FRIDAY)[2]


def test_two_watches_that_disagree_about_the_jogging_carry_no_verdict():
    """The watch was paused for a quarter of an hour in which the phone saw her jog on."""
    stage = as_prescribed(PLAN[1])
    life = Life.ready()
    go(life, MONDAY)
    go(life, WEDNESDAY, [*stage[:6], ("pause", 900), *stage[6:]], identity="watch", richness=9)
    life.runs(WEDNESDAY, [*stage[:6], ("jog", 900), *stage[6:]], identity="phone", richness=5)
    assert said(life, FRIDAY)[0] == "HOLD"
    assert "DAT01" in said(life, FRIDAY)[2]


def test_a_recording_resumed_the_next_day_is_two_runs():
    life = Life.ready()
    go(life, MONDAY)
    stage = as_prescribed(PLAN[1])
    go(life, WEDNESDAY, [*stage, ("pause", 20 * 3600), *stage])
    judged = life.at(FRIDAY + DAY).judged
    assert len(judged) == 3
    assert ("RST01", Level.LIMIT) in [(f.code, f.level) for f in judged[-1].findings]


def test_an_error_that_is_no_number_does_not_pass():
    life = Life.ready()
    go(life, MONDAY)
    go(life, WEDNESDAY, sd_s=float("nan"))
    assert "DAT01" in said(life, FRIDAY)[2]


# breaks ----------------------------------------------------------------------------------------------------------


def test_a_walk_that_might_have_been_a_run_bridges_no_break():
    """One doubtful minute on a walk every other week must not keep a stage of twenty minutes alive for months."""
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, 8)
    go(life, MONDAY, 8)
    start = (MONDAY + 13 * DAY).astimezone(UTC)
    maybe = (Span(start=start, end=start + timedelta(seconds=60)),)
    go(life, MONDAY + 13 * DAY, [("walk", 1200)], sport="walking", uncertain=maybe)
    assert said(life, MONDAY + 20 * DAY)[1] == 7
    assert said(life, MONDAY + 29 * DAY)[1] is None


def test_a_physios_word_that_nobody_followed_for_months_asks_for_the_movements_and_the_start():
    life = Life.ready()
    physio_sets(life, MONDAY, 8)
    assert said(life, MONDAY + DAY)[1] == 8
    assert said(life, MONDAY + 16 * DAY)[1] == 7
    later = MONDAY + 180 * DAY
    assert said(life, later)[1] is None
    life.move(later)
    assert said(life, later + HOUR)[1] == 1


def test_movements_done_long_before_the_first_run_are_repeated():
    life = Life.ready(since=MONDAY)
    assert said(life, MONDAY + 28 * DAY - HOUR)[1] == 1
    assert said(life, MONDAY + 28 * DAY)[1] is None


def test_readiness_stays_open_though_she_ran_on_without_it():
    life = Life.ready()
    go(life, MONDAY)
    go(life, MONDAY + 40 * DAY)
    assert life.at(MONDAY + 42 * DAY).recommendation.next_stage is None


def test_before_28_days_are_over_she_is_told_that_the_movements_come_then():
    life = Life.ready()
    last = go(life, MONDAY)
    advice = life.at(last.ended_at + 27 * DAY).recommendation.advice
    assert any("the seven readiness movements come first" in sentence for sentence in advice)


# words -----------------------------------------------------------------------------------------------------------


def test_a_stage_that_the_ladder_lacks_is_no_word():
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, 99)
    assert said(life, MONDAY) == ("HOLD", 1, ["NEW01"])


def test_a_lowering_word_entered_after_the_run_still_lowers_the_next_one():
    life = Life.ready()
    physio_sets(life, MONDAY - 2 * HOUR, 8)
    go(life, MONDAY, 8)
    physio_sets(life, MONDAY - HOUR, 3, recorded_at=MONDAY + DAY)
    assert said(life, WEDNESDAY)[1] == 3


def issued(at, stage):
    return Issued(id=0, recorded_at=at, outcome="HOLD", next_stage=stage, rules_version="1", recommendation={})


@pytest.mark.parametrize(
    "told_at",
    [
        datetime(2024, 6, 1, tzinfo=UTC),  # before the birth
        MONDAY - 9 * DAY,  # not of this week
    ],
)
def test_what_was_issued_long_ago_excuses_nothing(told_at):
    life = Life.ready()
    life.tell(issued(told_at, 17))
    go(life, MONDAY, [("jog", 1800)])
    first = life.at(WEDNESDAY).judged[0]
    assert {f.code for f in first.findings} == {"STG01", "STG03"}


def test_what_was_issued_before_a_physios_word_excuses_nothing():
    life = Life.ready()
    life.tell(issued(MONDAY - 2 * HOUR, 8))
    physio_sets(life, MONDAY - HOUR, 2)
    go(life, MONDAY, 8)
    assert "STG03" in [f.code for f in life.at(WEDNESDAY).judged[0].findings]


# facts -----------------------------------------------------------------------------------------------------------


def test_moving_house_does_not_turn_the_first_run_into_history():
    life = two_clean()
    life.facts = replace(life.facts, births=(Birth(id=1, recorded_at=MONDAY, on=date(2026, 1, 5)),))
    before = life.facts.plan_began(FRIDAY)
    life.tell(Setting(id=0, recorded_at=FRIDAY, at=FRIDAY, key="zone", value="America/Los_Angeles"))
    assert life.facts.plan_began(FRIDAY + HOUR) == before


def test_a_symptom_is_not_lost_when_the_plan_is_said_to_begin_later():
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers_all(first, evening=LEAK)
    life.facts = replace(life.facts, plan_starts=(PlanStart(id=9, recorded_at=FRIDAY, on=WEDNESDAY.date()),))
    assert "SYM01" in said(life, WEDNESDAY + HOUR)[2]


def test_an_answer_without_a_window_is_a_symptom_all_the_same():
    life = two_clean()
    life.answers(life.observed[1], WEDNESDAY + 20 * HOUR, (), **LEAK)
    assert "SYM01" in said(life, FRIDAY)[2]


def test_a_failure_added_later_for_the_same_day_counts():
    life = two_clean()
    thursday = WEDNESDAY + DAY
    life.move(thursday.replace(hour=10))
    passed = life.facts.readiness[-1]
    failed = Readiness(
        id=0, recorded_at=FRIDAY, done_at=thursday.replace(hour=0), results={**passed.results, "hop": False}
    )
    life.tell(failed)
    assert "GAT04" in said(life, FRIDAY + HOUR)[2]


def test_a_gate_dated_ahead_is_not_met():
    life = two_clean()
    gates = tuple(replace(g, on=FRIDAY.date() + DAY) if g.code == "GAT01" else g for g in life.facts.gates)
    life.facts = replace(life.facts, gates=gates)
    states = {g.code: g.met for g in life.at(FRIDAY).recommendation.gates}
    assert states == {"GAT01": False, "GAT02": True, "GAT03": True, "GAT04": True}


def test_an_offset_of_zero_is_not_taken_for_travel():
    """Some writers put zero for unknown: in Auckland the next day would begin on the afternoon of the run."""
    life = Life.ready()
    since = MONDAY - 9 * DAY
    life.facts = replace(life.facts, settings=())
    life.tell(Setting(id=0, recorded_at=since, at=since, key="zone", value="Pacific/Auckland"))
    life.runs(MONDAY, 1, offset=timedelta(0))
    session = life.at(FRIDAY).sessions[0]
    assert str(session_zone(session, life.facts)) == "Pacific/Auckland"


def test_odd_facts_still_get_a_verdict():
    life = two_clean()
    life.tell(Setting(id=0, recorded_at=MONDAY, at=MONDAY, key="zone", value="Mars/Olympus"))
    life.facts = replace(life.facts, births=(Birth(id=1, recorded_at=MONDAY, on=date(1, 1, 1)),))
    assert life.at(FRIDAY).recommendation.reasons


def test_strict_rest_set_later_does_not_judge_what_came_before():
    life = two_clean()
    life.tell(Setting(id=0, recorded_at=FRIDAY, at=FRIDAY, key="rest.strict", value="true"))
    assert said(life, FRIDAY + HOUR)[0] == "PROGRESS"


def test_an_unanswered_window_during_the_run_does_not_resolve_a_symptom():
    life = Life.ready()
    go(life, MONDAY)
    life.answers(None, MONDAY + 30 * HOUR, **LEAK)
    second = life.runs(WEDNESDAY, 1)
    life.answers(second, WEDNESDAY + 28 * HOUR, (Window.AFTER, Window.NEXT_DAY))
    assert said(life, FRIDAY)[2] == ["SYM01"]
