"""Whole courses of the plan where one rule meets another: a physio's word, long breaks, what was issued, the end."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from analysis.bouts import Span
from analysis.findings import Level
from monitor.answers import Window
from monitor.facts import Override, PlanStart
from monitor.judged import difference
from monitor.report.wording import compared
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def runs(life, start, stage, **answers):
    observed = life.runs(start, stage)
    life.answers_all(observed, **answers)
    return observed


def physio_sets(life, at, stage):
    life.tell(Override(id=0, recorded_at=at, at=at, stage=stage, because="reviewed"))


def said(life, at):
    recommendation = life.at(at).recommendation
    return recommendation.outcome.value, recommendation.next_stage, [r.code for r in recommendation.reasons]


def test_two_raises_in_seven_days_hold_two_clean_runs_and_say_from_when_the_next_may_come():
    life = Life.ready()
    raised = []
    for n, stage in enumerate((1, 3, 5)):
        start = MONDAY + n * timedelta(hours=49)
        physio_sets(life, start - HOUR, stage)
        raised.append(runs(life, start, stage).started_at)
    last = runs(life, MONDAY + 3 * timedelta(hours=49), 5)
    asked = last.ended_at + 30 * HOUR
    assert said(life, asked) == ("HOLD", 5, ["INC01"])
    recommendation = life.at(asked).recommendation
    assert recommendation.earliest_next_run == last.ended_at + 48 * HOUR
    assert recommendation.earliest_increase == raised[1] + timedelta(hours=168)
    # Once the older of the two is seven days old the same two clean runs carry the step.
    assert said(life, raised[1] + timedelta(hours=168)) == ("PROGRESS", 6, ["PRG01"])


def test_a_clean_run_from_before_a_long_break_does_not_count_after_it():
    life = Life.ready()
    runs(life, MONDAY, 1)
    back = MONDAY + 30 * DAY
    life.move(back - HOUR)
    runs(life, back, 1)
    assert said(life, back + 2 * DAY) == ("HOLD", 1, ["CLN01"])


def test_readiness_stays_open_when_she_runs_on_without_repeating_it():
    life = Life.ready()
    runs(life, MONDAY, 1)
    back = MONDAY + 40 * DAY
    runs(life, back, 1)
    assert [f.code for f in life.at(back + DAY).judged[-1].findings if f.level is Level.LIMIT] == ["GAT04"]
    assert "GAT04" in said(life, back + 2 * DAY)[2]
    life.move(back + 2 * DAY)
    assert "GAT04" not in [r.code for r in life.at(back + 3 * DAY).recommendation.reasons if "before" not in r.message]
    assert life.at(back + 3 * DAY).recommendation.next_stage == 1


def test_runs_from_before_a_physios_word_do_not_count_towards_the_next_step():
    life = Life.ready()
    runs(life, MONDAY, 1)
    runs(life, MONDAY + 2 * DAY, 1)
    physio_sets(life, MONDAY + 3 * DAY, 1)
    runs(life, MONDAY + 4 * DAY, 1)
    assert said(life, MONDAY + 6 * DAY) == ("HOLD", 1, ["CLN01"])
    runs(life, MONDAY + 6 * DAY, 1)
    assert said(life, MONDAY + 8 * DAY) == ("PROGRESS", 2, ["PRG01"])


def test_a_word_given_at_the_very_start_of_a_run_is_followed_by_that_run():
    life = Life.ready()
    physio_sets(life, MONDAY, 4)
    runs(life, MONDAY, 4)
    standing = life.at(MONDAY + 2 * DAY)
    assert standing.judged[-1].stage == 4
    assert [r.code for r in standing.recommendation.reasons] == ["CLN01"]


def test_a_physio_who_speaks_during_a_long_break_knows_of_it():
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, 5)
    last = runs(life, MONDAY, 5)
    physio_sets(life, MONDAY + 20 * DAY, 5)
    assert said(life, MONDAY + 21 * DAY)[1] == 5
    # From her word on, the break counts anew.
    assert said(life, MONDAY + 34 * DAY - HOUR)[2] == ["GAT04", "GAP01", "OVR01"]
    life.move(last.ended_at + 28 * DAY + HOUR)
    assert life.at(MONDAY + 34 * DAY).recommendation.next_stage == 5
    assert life.at(MONDAY + 34 * DAY + HOUR).recommendation.next_stage == 4


def test_a_completed_plan_stays_completed_after_an_easier_run():
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, PLAN.last)
    for n in range(2):
        runs(life, MONDAY + n * 2 * DAY, PLAN.last)
    assert said(life, MONDAY + 4 * DAY) == ("HOLD", PLAN.last, ["FIN01"])
    runs(life, MONDAY + 4 * DAY, 12)
    assert said(life, MONDAY + 6 * DAY) == ("HOLD", PLAN.last, ["FIN01"])
    # STG checks have ended: a longer run is no breach. A symptom still holds.
    more = runs(life, MONDAY + 6 * DAY, [("jog", 2400)], evening=LEAK)
    standing = life.at(more.ended_at + 25 * HOUR)
    assert not [f for f in standing.judged[-1].findings if f.code.startswith("STG")]
    assert [r.code for r in standing.recommendation.reasons] == ["SYM01", "FIN01"]


def test_after_a_break_at_the_last_stage_the_plan_goes_on_one_stage_back():
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, PLAN.last)
    for n in range(2):
        runs(life, MONDAY + n * 2 * DAY, PLAN.last)
    assert said(life, MONDAY + 20 * DAY) == ("HOLD", PLAN.last - 1, ["GAP01"])


def test_an_issued_recommendation_speaks_for_its_week_and_replay_after_it():
    life = Life.ready()
    life.issue(MONDAY - HOUR)
    for day in (0, 2, 4, 7, 9):
        runs(life, MONDAY + day * DAY, 1)
    assert [j.stage for j in life.at(MONDAY + 11 * DAY).judged] == [1, 1, 1, 1, 2]


def test_a_physios_word_overrides_what_was_issued_before_it():
    life = Life.ready()
    life.issue(MONDAY - 3 * HOUR)
    physio_sets(life, MONDAY - 2 * HOUR, 6)
    runs(life, MONDAY, 6)
    judged = life.at(MONDAY + 2 * DAY).judged[-1]
    assert (judged.issued_stage, judged.stage) == (None, 6)
    assert not [f for f in judged.findings if f.level is Level.LIMIT]


def test_holding_waits_also_for_sessions_that_fall_out_of_the_28_days_meanwhile():
    """Day 0 established stage 6; on day 28 it is forgotten while two raises of the last week still count."""
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, 6)
    runs(life, MONDAY, 6)
    for day in range(3, 19, 3):
        physio_sets(life, MONDAY + day * DAY - HOUR, 3)
        runs(life, MONDAY + day * DAY, 3)
    raised = []
    for start in (MONDAY + 21 * DAY + 2 * HOUR, MONDAY + 23 * DAY + 4 * HOUR):
        physio_sets(life, start - HOUR, 8)
        raised.append(runs(life, start, 8, evening=LEAK).started_at)
    physio_sets(life, MONDAY + 24 * DAY + 12 * HOUR, 6)
    recommendation = life.at(MONDAY + 25 * DAY).recommendation
    assert recommendation.next_stage == 6
    assert recommendation.earliest_next_run == raised[0] + timedelta(hours=168)
    runs(life, recommendation.earliest_next_run, 6)
    assert "INC01" not in [f.code for f in life.at(MONDAY + 31 * DAY).judged[-1].findings]


def test_stage_0_is_reached_only_by_stepping_back_and_left_by_two_clean_runs():
    life = Life.ready()
    runs(life, MONDAY, 1)
    back = MONDAY + 16 * DAY
    assert said(life, back) == ("HOLD", 0, ["GAP01"])
    for day in (0, 2):
        runs(life, back + day * DAY, 0)
    assert said(life, back + 4 * DAY) == ("PROGRESS", 1, ["PRG01"])


def test_nobody_is_blamed_for_doing_what_she_was_told_though_it_had_lapsed():
    life = Life.ready()
    physio_sets(life, MONDAY - HOUR, 3)
    for day in (0, 2):
        runs(life, MONDAY + day * DAY, 3)
    assert life.issue(MONDAY + 4 * DAY).recommendation.next_stage == 4
    assert life.issue(MONDAY + 11 * DAY).recommendation.next_stage == 4  # the weekly word says so once more
    runs(life, MONDAY + 15 * DAY, 4)
    judged = life.at(MONDAY + 17 * DAY).judged[-1]
    assert (judged.stage, judged.replayed_stage, judged.issued_stage) == (3, 3, 4)
    assert not [f for f in judged.findings if f.level is Level.LIMIT]


def test_the_first_run_after_readiness_was_repeated_stays_within_its_stage():
    life = Life.ready()
    runs(life, MONDAY, 1)
    back = MONDAY + 40 * DAY
    life.move(back - HOUR)
    short_breaks = [("jog", 60), ("walk", 80)] * 7
    runs(life, back, short_breaks)
    assert [f.code for f in life.at(back + 2 * DAY).judged[-1].findings] == ["STG01"]
    runs(life, back + 2 * DAY + HOUR, short_breaks)
    assert [(f.code, f.level) for f in life.at(back + 4 * DAY).judged[-1].findings] == [("STG02", Level.CAUTION)]


@pytest.mark.parametrize(
    ("second", "more"),
    [
        (6, {"evening": LEAK}),  # a symptom
        (9, {}),  # two stages skipped: STG03
        (6, {"loose": LEAK}),  # the same, told for no run in the days of it
        (6, {"gap": True}),  # cannot be judged
    ],
)
def test_a_run_with_a_symptom_a_skipped_stage_or_doubtful_data_establishes_nothing(second, more):
    """Were it taken as what her body is used to, the next run as hard would not count as an increase."""
    life = Life.ready()
    runs(life, MONDAY, 1)
    physio_sets(life, MONDAY + HOUR, 6)
    start = MONDAY + 2 * DAY + HOUR
    minute = start.astimezone(UTC) + timedelta(minutes=1)
    gaps = (Span(start=minute, end=minute + timedelta(seconds=90)),) if more.get("gap") else ()
    life.answers_all(life.runs(start, second, gaps=gaps), evening=more.get("evening", NONE))
    if "loose" in more:
        life.answers(None, start + 30 * HOUR, **more["loose"])
    runs(life, start + 49 * HOUR, second)
    assert [j.is_increase for j in life.at(MONDAY + 7 * DAY).judged] == [False, True, True]


def test_a_run_that_is_fine_establishes_what_was_jogged_for_28_days_and_no_longer():
    life = Life.ready()
    runs(life, MONDAY, 1)
    physio_sets(life, MONDAY + HOUR, 3)
    first = runs(life, MONDAY + 2 * DAY, 3)
    for day in range(4, 30, 2):
        physio_sets(life, MONDAY + day * DAY - HOUR, 1)
        runs(life, MONDAY + day * DAY + HOUR, 1)
    for later, raised in ((timedelta(days=28) - timedelta(seconds=1), False), (timedelta(days=28), True)):
        again = Life(zone=life.zone, observed=list(life.observed), facts=life.facts, next_id=life.next_id)
        again.runs(first.started_at + later, 3)
        last = again.at(MONDAY + 32 * DAY).judged[-1]
        assert last.session.started_at == first.started_at + later
        assert last.is_increase is raised


def test_what_was_done_is_set_against_what_was_asked_in_seconds():
    """A physiotherapist reads the difference; more and less must not be mixed up."""
    life = Life.ready()
    runs(life, MONDAY, [("jog", 64), ("walk", 110)] * 6 + [("jog", 64)])
    (judged,) = life.at(MONDAY + DAY).judged
    apart = difference(judged)
    assert (apart.jog_s, apart.longest_jog_s, apart.walk_bout_s) == (28, 4, -10)
    assert apart.main_set_s == 7 * 64 + 6 * 110 - 1200
    assert compared(apart) == "jogging +0:28, longest jog +0:04, walk breaks −0:10, main set −1:32"
    life.tell(Override(id=0, recorded_at=MONDAY + DAY, at=MONDAY + DAY, stage=12, because="reviewed"))
    runs(life, MONDAY + 3 * DAY, [("jog", 1190)])
    continuous = difference(life.at(MONDAY + 4 * DAY).judged[-1])
    assert compared(continuous) == "jogging −0:10, longest jog −0:10, main set −0:10"
    life.runs(MONDAY + 6 * DAY, [("unknown", 1200)])
    assert difference(life.at(MONDAY + 7 * DAY).judged[-1]) is None


def test_runs_from_before_the_plan_count_as_increases_for_the_runs_after_it_began():
    """She jogged more and more on her own, then began the plan: a rise too many is one all the same."""
    life = Life.ready()
    runs(life, MONDAY, [("jog", 420)])
    runs(life, MONDAY + 2 * DAY + HOUR, [("jog", 600)])
    runs(life, MONDAY + 4 * DAY + 2 * HOUR, [("jog", 800)])
    began = MONDAY + 6 * DAY
    life.tell(PlanStart(id=0, recorded_at=began, on=began.date()))
    physio_sets(life, began, 8)
    runs(life, began + 3 * HOUR, 8)
    judged = life.at(began + 2 * DAY).judged
    assert [j.history for j in judged] == [True, True, True, False]
    assert [j.is_increase for j in judged] == [True, True, True, True]
    assert "INC01" in [f.code for f in judged[-1].findings]
    assert "INC01" in [f.code for f in judged[2].findings]
    assert [(j.windows, j.clean, j.beyond, j.completed) for j in judged[:3]] == [({}, False, False, False)] * 3
    assert judged[0].why_not_clean == ("from before the plan began",)
    assert not any(j.clean or j.completed or j.beyond or j.unjudgeable for j in judged[:3])
    assert judged[0].rest_before_s is None
    assert judged[1].rest_before_s == timedelta(hours=49).total_seconds() - 420


def test_a_run_from_before_the_plan_that_nothing_tells_is_not_what_she_is_used_to():
    life = Life.ready()
    life.runs(MONDAY, [("unknown", 1200)])
    life.tell(PlanStart(id=0, recorded_at=MONDAY + DAY, on=MONDAY.date() + DAY))
    (judged,) = life.at(MONDAY + 2 * DAY).judged
    assert judged.unjudgeable


def test_a_step_up_that_was_issued_stands_for_ten_days_to_the_second():
    life = Life.ready()
    runs(life, MONDAY, 1)
    runs(life, MONDAY + 2 * DAY + HOUR, 1)
    last_end = life.observed[-1].ended_at
    life.issue_as_told(last_end + 5 * DAY, stage=2, outcome="PROGRESS")
    runs(life, last_end + 10 * DAY, 2)
    assert life.at(last_end + 11 * DAY).judged[-1].stage == 2
    life = Life.ready()
    runs(life, MONDAY, 1)
    runs(life, MONDAY + 2 * DAY + HOUR, 1)
    life.issue_as_told(last_end + 5 * DAY, stage=2, outcome="PROGRESS")
    runs(life, last_end + 10 * DAY + timedelta(seconds=1), 2)
    assert life.at(last_end + 11 * DAY).judged[-1].stage == 1


def test_nobody_is_blamed_for_what_replay_allows_though_less_had_been_issued():
    """She answered on her phone, the file came in later, and no command had said PROGRESS yet."""
    life = Life.ready()
    runs(life, MONDAY, 1)
    life.issue_as_told(MONDAY + DAY, stage=1)
    runs(life, MONDAY + 2 * DAY + HOUR, 1)
    runs(life, MONDAY + 4 * DAY + 2 * HOUR, 2)
    last = life.at(MONDAY + 6 * DAY).judged[-1]
    assert (last.issued_stage, last.replayed_stage) == (1, 2)
    assert [f.code for f in last.findings] == []


def test_the_error_of_a_run_that_can_be_judged_is_not_taken_off_before_a_limit():
    life = Life.ready()
    runs(life, MONDAY, 1)
    life.answers_all(life.runs(MONDAY + 2 * DAY + HOUR, [("jog", 70.5), ("walk", 117)] * 7, sd_s=2.0))
    last = life.at(MONDAY + 4 * DAY).judged[-1]
    assert last.session.performed.jog_error_s > 5
    assert not last.unjudgeable
    assert "STG02" in [f.code for f in last.findings]


def test_a_run_says_which_window_keeps_it_from_being_clean():
    life = Life.ready()
    run = life.runs(MONDAY, 1)
    (judged,) = life.at(run.ended_at + HOUR).judged
    assert judged.why_not_clean == ("after the run: not answered", "the next day: not due yet")
    life.answers(run, run.ended_at + 2 * HOUR, (Window.AFTER,), **LEAK)
    (judged,) = life.at(run.ended_at + 3 * HOUR).judged
    assert judged.why_not_clean == ("a symptom was logged (after the run)", "the next day: not due yet")
