"""How a run is judged, at its edges: what was issued, whose fault it is, and what it counts for."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from analysis.findings import Finding, Level
from monitor.answers import Urgent, Window
from monitor.facts import Birth, PlanChoice, PlanStart, SameRun
from monitor.judged import merit, name
from monitor.progression import moves
from monitor.rules import car01, car02, gat04, log01
from tests.edges import BULGE, DAY, FRIDAY, HOUR, PAIN, STRONG, WEDNESDAY, runs, said
from tests.stories import LISBON, MONDAY, Life


@pytest.mark.parametrize(("late", "stage"), [(timedelta(0), 2), (timedelta(seconds=1), 1)])
def test_what_was_issued_stands_for_ten_days_without_a_run_though_the_plan_says_less(
    late: timedelta, stage: int
) -> None:
    life = Life.ready()
    runs(life, MONDAY)
    last_end = life.observed[-1].ended_at
    life.issue_as_told(last_end + 5 * DAY, stage=2, outcome="PROGRESS")
    runs(life, last_end + 10 * DAY + late, 2)
    judged = life.at(last_end + 11 * DAY + HOUR).judged[-1]
    assert (judged.replayed_stage, judged.stage) == (1, stage)


@pytest.mark.parametrize(("late", "stage"), [(timedelta(0), 5), (timedelta(seconds=1), None)])
def test_what_was_issued_speaks_for_its_week_and_a_day(late: timedelta, stage: int | None) -> None:
    life = Life.ready()
    life.issue_as_told(MONDAY, stage=5)
    runs(life, MONDAY + 8 * DAY + late, 5)
    assert life.at(MONDAY + 9 * DAY + HOUR).judged[-1].issued_stage == stage


@pytest.mark.parametrize(
    ("given", "issued_stage", "stage"),
    [
        (-HOUR, 3, 3),  # issued by someone who knew of the word
        (timedelta(0), 3, 3),
        (timedelta(seconds=1), None, 6),
        (HOUR, None, 6),  # at the very start of the run
        (HOUR + timedelta(seconds=1), 3, 3),  # after it
    ],
)
def test_a_physios_word_overrules_what_was_issued_before_it_up_to_the_start_of_the_run(
    given: timedelta, issued_stage: int | None, stage: int
) -> None:
    life = Life.ready()
    life.issue_as_told(MONDAY - HOUR, stage=3)
    life.a_physio_sets(MONDAY - HOUR + given, 6)
    runs(life, MONDAY, 3)
    judged = life.at(MONDAY + DAY).judged[-1]
    assert (judged.issued_stage, judged.stage) == (issued_stage, stage)


def test_what_was_issued_before_a_birth_speaks_for_no_run_after_it() -> None:
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    midnight = MONDAY.replace(hour=0)
    for issued, stage in ((midnight - timedelta(seconds=1), None), (midnight, 5)):
        again = Life(observed=[], facts=life.facts, next_id=life.next_id)
        again.issue_as_told(issued, stage=5)
        runs(again, MONDAY)
        assert again.at(WEDNESDAY).judged[-1].issued_stage == stage


@pytest.mark.parametrize(
    ("sign", "rule"), [(BULGE, car01), ({"urgent": frozenset({Urgent.CALF})}, car02)], ids=["a bulge", "an urgent sign"]
)
def test_a_run_while_there_was_to_be_none_is_told_as_a_red_flag(sign: dict[str, Any], rule: ModuleType) -> None:
    life = Life.ready()
    life.answers(None, MONDAY - HOUR, **sign)
    runs(life, MONDAY)
    (found,) = (f for f in life.at(MONDAY + DAY).judged[-1].findings if f.level is Level.RED_FLAG)
    assert found == Finding(
        code=rule.CODE,
        level=Level.RED_FLAG,
        message="this run came before a clinician had seen you and agreed to running",
        at=life.observed[-1].ended_at,
        evidence={"start": "2026-06-01T06:00:00+00:00"},
        source=rule.SOURCE,
    )


@pytest.mark.parametrize(("told", "flagged"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_a_run_is_no_fault_where_the_sign_was_told_after_it_began(told: timedelta, flagged: bool) -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY + told, **BULGE)
    runs(life, WEDNESDAY)
    assert ("CAR01" in [f.code for f in life.at(FRIDAY).judged[-1].findings]) is flagged


def test_a_run_before_a_gate_is_told_with_its_start_and_the_gate() -> None:
    life = Life.ready(since=WEDNESDAY)
    runs(life, MONDAY)
    (found,) = life.at(WEDNESDAY + HOUR).judged[-1].findings
    assert found == Finding(
        code="GAT04",
        level=Level.LIMIT,
        message="this run came before a gate was met: readiness movements",
        at=life.observed[-1].ended_at,
        evidence={"start": "2026-06-01T06:00:00+00:00"},
        source=gat04.SOURCE,
    )


def test_nobody_is_blamed_for_the_step_the_plan_allows_though_a_lower_stage_was_issued() -> None:
    """Twelve minutes at stage 4 are far beyond the stage 3 that was issued before the last answers came in."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - HOUR, 3)
    runs(life, MONDAY, 3)
    life.issue_as_told(MONDAY + DAY, stage=3)
    runs(life, WEDNESDAY, 3)
    runs(life, FRIDAY, 4)
    last = life.at(FRIDAY + DAY).judged[-1]
    assert (last.issued_stage, last.replayed_stage, last.beyond) == (3, 4, False)
    assert not [f.code for f in last.findings if f.code.startswith("STG")]


@pytest.mark.parametrize(("late", "code"), [(timedelta(0), "STG02"), (timedelta(seconds=1), "STG01")])
def test_a_run_is_the_first_again_after_more_than_28_days_and_not_on_the_28th(late: timedelta, code: str) -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY - HOUR, 3)
    runs(life, MONDAY, 3)
    back = life.observed[-1].ended_at + 28 * DAY + late
    life.move(back)
    runs(life, back, [("jog", 60), ("walk", 60)] * 8)
    assert code in [f.code for f in life.at(back + DAY).judged[-1].findings]


def test_a_stage_of_another_plan_is_no_move_up_or_down() -> None:
    own = 'name = "own"\nfirst_stage = 1\nstages = [\n{ stage = 1, jog = 1, walk = 2, main_set = 20 },\n'
    life = Life.ready()
    runs(life, MONDAY)
    at = MONDAY + DAY
    text = own + "{ stage = 2, jog = 1, walk = 2, main_set = 21 },\n]\n"
    life.tell(PlanChoice(id=0, recorded_at=at, at=at, text=text, at_stage=2))
    runs(life, WEDNESDAY, [("jog", 60), ("walk", 120)] * 7)
    standing = life.at(FRIDAY)
    assert [(j.stage, j.plan) for j in standing.judged] == [(1, standing.judged[0].plan), (2, "own")]
    assert moves(standing.judged) == ()


@pytest.mark.parametrize(("later", "spike"), [(30 * DAY - timedelta(seconds=1), False), (30 * DAY, True)])
def test_a_spike_is_one_over_the_runs_of_30_days_and_no_more(later: timedelta, spike: bool) -> None:
    life = Life.ready()
    runs(life, MONDAY, [("jog", 900)])
    runs(life, MONDAY + 20 * DAY)
    runs(life, MONDAY + later, [("jog", 900)])
    assert ("SPK01" in [f.code for f in life.at(MONDAY + 32 * DAY).judged[-1].findings]) is spike


def test_a_pain_of_the_day_after_a_run_takes_its_step_back_though_the_clocks_went_back_that_night() -> None:
    """Sunday 25 October 2026 has 25 hours: she ran at midnight, again 48 hours later, and the day in between hurt."""
    night = datetime(2026, 10, 24, 0, 0, tzinfo=LISBON)
    life = Life.ready(since=night - DAY)
    life.a_physio_sets(night - HOUR, 5)
    runs(life, night, 5)
    first = life.observed[0]
    again = first.ended_at + timedelta(hours=48, minutes=10)
    life.issue_as_told(again - HOUR, stage=5)
    runs(life, again, 5)
    life.answers(first, again + 12 * HOUR, (Window.NEXT_DAY,), **STRONG)
    told = life.at(again + 2 * DAY)
    assert told.judged[0].step_back is not None
    assert told.judged[0].step_back.at > told.judged[1].session.started_at
    assert told.recommendation.next_stage == 4


def test_a_symptom_of_these_days_keeps_a_run_from_being_clean_from_the_instant_it_is_told() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    told_at = MONDAY + 32 * HOUR
    life.answers(None, told_at, **PAIN)
    before, then = (life.at(at).judged[-1] for at in (told_at - timedelta(seconds=1), told_at))
    assert (before.clean, then.clean) == (True, False)
    assert then.why_not_clean == ("a symptom was logged in these days, for no run",)


def test_a_run_that_only_lacks_answers_may_still_turn_clean() -> None:
    """The weekly text says so: answering is all that is left to do."""
    life = Life.ready()
    life.runs(MONDAY, 1)
    runs(life, WEDNESDAY)
    life.runs(FRIDAY, [("jog", 60), ("walk", 120)] * 2)
    standing = life.at(FRIDAY + 2 * DAY)
    worth = [merit(j, standing.log, FRIDAY + 2 * DAY) for j in standing.judged]
    assert [(w.clean, w.only_unanswered) for w in worth] == [(False, True), (True, False), (False, False)]


def test_an_answer_that_is_due_is_asked_for_and_one_that_is_not_is_announced() -> None:
    life = Life.ready()
    life.runs(MONDAY, 1)
    standing = life.at(MONDAY + 3 * HOUR)
    found = log01.missing(standing.log, [standing.judged[-1].session], MONDAY + 3 * HOUR)
    assert [(m.window, m.due) for m in found] == [(Window.AFTER, True), (Window.NEXT_DAY, False)]


def test_two_runs_of_one_time_that_she_says_are_two_had_no_rest_between_them() -> None:
    life = Life.ready()
    one, other = life.runs(MONDAY, 1), life.runs(MONDAY + timedelta(minutes=5), 1)
    life.tell(SameRun(id=0, recorded_at=MONDAY + HOUR, one=one.identity, other=other.identity, same=False))
    assert [j.rest_before_s for j in life.at(MONDAY + 2 * HOUR).judged] == [None, 0.0]


def test_a_run_that_nobody_can_measure_hides_none_of_what_she_is_used_to() -> None:
    """Fifteen minutes on Monday: on Friday they are no increase, whatever the run in between recorded."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - HOUR, 6)
    runs(life, MONDAY, 6)
    life.runs(WEDNESDAY, [("unknown", 1200)])
    life.a_physio_sets(FRIDAY - HOUR, 1)
    runs(life, FRIDAY, 6)
    judged = life.at(FRIDAY + DAY).judged
    assert judged[1].session.performed is None
    assert not judged[2].is_increase


def test_a_run_at_the_very_start_of_the_plan_is_one_of_the_plan() -> None:
    life = Life.ready()
    midnight = MONDAY.replace(hour=0)
    runs(life, midnight)
    life.tell(PlanStart(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    standing = life.at(WEDNESDAY)
    assert [j.history for j in standing.judged] == [False]
    assert standing.recommendation.last_stage == 1


def test_the_rest_before_a_run_of_the_plan_is_told_in_seconds() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    runs(life, WEDNESDAY)
    first, second = life.at(FRIDAY).judged
    rest = life.observed[1].started_at - life.observed[0].ended_at
    assert (first.rest_before_s, second.rest_before_s) == (None, rest.total_seconds())


@pytest.mark.parametrize(
    ("window", "said"),
    [("during", "during the run"), ("after", "after the run"), ("next_day", "the next day"), ("any", "any time")],
)
def test_a_window_is_called_as_she_would_call_it(window: str, said: str) -> None:
    assert name(window) == said


def test_two_clean_runs_14_days_apart_carry_a_step_up() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    second = life.observed[0].ended_at + 14 * DAY
    runs(life, second)
    assert said(life, second + 2 * DAY) == ("PROGRESS", 2, ["PRG01"])


def test_a_clean_run_counts_though_it_lies_over_14_days_back_where_another_came_between() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    runs(life, MONDAY + 9 * DAY)
    assert said(life, MONDAY + 17 * DAY) == ("PROGRESS", 2, ["PRG01"])


def test_a_run_begun_at_the_very_instant_of_a_physios_word_counts_towards_the_next_step() -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY, 4)
    runs(life, MONDAY, 4)
    runs(life, WEDNESDAY, 4)
    assert said(life, FRIDAY) == ("PROGRESS", 5, ["PRG01"])
