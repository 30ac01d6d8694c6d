"""A word on the stage at its edges: entered late, dated to an instant, of before a birth, of another plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from analysis.plan_file import parse
from monitor.facts import Birth, PlanChoice
from monitor.footing import is_lowest
from tests.edges import DAY, FRIDAY, HOUR, STRONG, WEDNESDAY, codes, runs, said
from tests.stories import LEAK, MONDAY, PLAN, Life


def test_a_stage_set_before_the_first_run_waits_while_a_symptom_holds() -> None:
    """There is no last run to go by: the plan's first stage is what she has been cleared for."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    life.answers(None, MONDAY - 2 * HOUR, **LEAK)
    assert said(life, MONDAY) == ("HOLD", 1, ["SYM01", "OVR01"])


def test_a_word_entered_late_lifts_where_nothing_took_a_step_back_since() -> None:
    """She ran on Monday at stage 5, as she was told; that stage 8 had been set before it was entered on Thursday."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    life.issue_as_told(MONDAY - 2 * HOUR, stage=5)
    runs(life, MONDAY, 5)
    life.a_physio_sets(MONDAY - HOUR, 8, entered=MONDAY + 3 * DAY)
    assert said(life, MONDAY + 3 * DAY + HOUR)[1] == 8


def test_a_word_dated_to_the_very_start_of_a_run_knew_nothing_of_its_pain() -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    life.issue_as_told(MONDAY - 2 * HOUR, stage=5)
    runs(life, MONDAY, 5, evening=STRONG)
    life.a_physio_sets(MONDAY, 8, entered=MONDAY + DAY)
    assert said(life, WEDNESDAY)[1] == 4


def told_and_run(life: Life, start: datetime, stage: int, **answers: Any) -> None:
    """Run what was issued an hour before, whatever is entered later."""
    life.issue_as_told(start - HOUR, stage=stage)
    runs(life, start, stage, **answers)


def stepped_back_and_resolved() -> Life:
    """Monday at stage 5 with a strong pain, Wednesday and Friday at stage 4 without, as she was told."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    told_and_run(life, MONDAY, 5, evening=STRONG)
    told_and_run(life, WEDNESDAY, 4)
    told_and_run(life, FRIDAY, 4)
    return life


@pytest.mark.parametrize(
    ("dated", "stage"),
    [
        (WEDNESDAY + DAY, 8),  # she knew of the pain and of the step: it lifts
        (WEDNESDAY, 4),  # to the very start of the run a stage back: nobody knew of that yet
        (MONDAY - HOUR, 4),
    ],
)
def test_a_word_entered_late_lifts_only_where_it_came_after_the_step_back(dated: datetime, stage: int) -> None:
    life = stepped_back_and_resolved()
    life.a_physio_sets(dated, 8, entered=FRIDAY + DAY + 2 * HOUR)
    assert said(life, FRIDAY + DAY + 3 * HOUR)[1] == stage


def test_a_word_from_before_a_pain_at_the_lowest_stage_does_not_lift_once_the_pain_has_gone() -> None:
    """There was no lower stage to step back to; the word knew as little of the pain."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 0)
    told_and_run(life, MONDAY, 0, evening=STRONG)
    told_and_run(life, WEDNESDAY, 0)
    life.a_physio_sets(MONDAY - HOUR, 8, entered=WEDNESDAY + DAY + 2 * HOUR)
    assert said(life, WEDNESDAY + DAY + 3 * HOUR) == ("HOLD", 0, ["OVR01"])


def test_a_plan_chosen_at_its_lowest_stage_begins_there() -> None:
    life = Life.ready()
    life.tell(PlanChoice(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, text=None, at_stage=0))
    assert said(life, MONDAY) == ("HOLD", 0, ["PLN01"])


def test_a_word_from_before_a_birth_is_of_another_time_though_it_is_entered_after_it() -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY - DAY, 8, entered=MONDAY + HOUR)
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    assert life.at(WEDNESDAY).recommendation.last_stage is None
    assert "OVR01" not in codes(life, WEDNESDAY)
    life.a_physio_sets(MONDAY.replace(hour=0), 8, entered=MONDAY + 2 * HOUR)
    assert "OVR01" in codes(life, WEDNESDAY)


def test_runs_count_from_the_day_of_a_physios_word_though_it_was_entered_later() -> None:
    life = Life.ready()
    told_and_run(life, MONDAY, 3)
    life.a_physio_sets(MONDAY - 2 * HOUR, 3, entered=MONDAY + DAY)
    runs(life, WEDNESDAY, 3)
    assert said(life, FRIDAY) == ("PROGRESS", 4, ["PRG01"])


def test_a_plan_dated_before_a_step_back_begins_at_its_lowest_where_all_of_it_asks_more() -> None:
    """Stage 0 is four minutes of jogging; the other plan's least is twenty, and it had been chosen at its second."""
    life = Life.ready()
    told_and_run(life, MONDAY, 1, evening=STRONG)
    told_and_run(life, WEDNESDAY, 0)
    text = """name = "own"
first_stage = 1
stages = [{ stage = 1, jog = 20, walk = 0, main_set = 20 }, { stage = 2, jog = 22, walk = 0, main_set = 22 }]
"""
    entered = WEDNESDAY + DAY + 2 * HOUR
    life.tell(PlanChoice(id=0, recorded_at=entered, at=MONDAY - 2 * HOUR, text=text, at_stage=2))
    assert said(life, entered + HOUR) == ("HOLD", 1, ["PLN01"])


def test_a_plan_that_was_completed_is_watched_again_once_a_physio_sets_its_last_stage() -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY - HOUR, PLAN.last)
    for n in range(2):
        runs(life, MONDAY + n * 2 * DAY, PLAN.last)
    runs(life, MONDAY + 4 * DAY, PLAN.last)
    assert codes(life, MONDAY + 6 * DAY) == ["FIN01"]
    life.a_physio_sets(MONDAY + 6 * DAY, PLAN.last)
    runs(life, MONDAY + 6 * DAY + HOUR, [("jog", 2400)])
    assert "STG02" in [f.code for f in life.at(MONDAY + 8 * DAY).judged[-1].findings]


@pytest.mark.parametrize("stage", [5, PLAN.last])
def test_a_physios_word_after_a_pain_settles_its_step_from_the_instant_it_is_given(stage: int) -> None:
    life = Life.ready()
    life.a_physio_sets(MONDAY - HOUR, stage)
    runs(life, MONDAY, stage, evening=STRONG)
    assert said(life, MONDAY + DAY)[1] == stage - 1
    life.a_physio_sets(MONDAY + DAY, stage)
    assert said(life, MONDAY + DAY)[1] == stage


def test_a_physios_word_settles_a_step_that_a_later_run_has_left_owed() -> None:
    """Pain on Monday; on Wednesday she ran the old stage, as issued before; on Thursday a physio sets it knowingly."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    told_and_run(life, MONDAY, 5, evening=STRONG)
    told_and_run(life, WEDNESDAY, 5)
    assert said(life, FRIDAY)[1] == 4
    life.a_physio_sets(WEDNESDAY + 30 * HOUR, 5)
    assert said(life, FRIDAY)[1] == 5


def test_a_word_of_the_evening_after_a_step_back_lifts_though_it_is_entered_later() -> None:
    """Pain on Monday, a stage back on Tuesday without; a physio who spoke that evening knew of both."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    told_and_run(life, MONDAY, 5, evening=STRONG)
    told_and_run(life, MONDAY + DAY + 2 * HOUR, 4)
    life.a_physio_sets(MONDAY + DAY + 12 * HOUR, 8, entered=WEDNESDAY + 3 * HOUR)
    assert said(life, WEDNESDAY + 4 * HOUR)[1] == 8


def test_a_word_from_the_middle_of_a_break_entered_after_it_does_not_undo_its_step_back() -> None:
    """Three weeks off, back at stage 4 as she was told; only then stage 8 is entered, dated ten days into the break."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 3 * HOUR, 5)
    told_and_run(life, MONDAY, 5)
    back = MONDAY + 21 * DAY
    told_and_run(life, back, 4)
    life.a_physio_sets(MONDAY + 10 * DAY, 8, entered=back + DAY + 2 * HOUR)
    assert said(life, back + 2 * DAY)[1] == 4


NEXT_ONE_DOWN = """name = "own"
first_stage = 1
stages = [
  { stage = 1, jog = 1, walk = 2, main_set = 20 },
  { stage = 2, jog = 1, walk = 1.5, main_set = 20 },
  { stage = 3, jog = 1.5, walk = 1, main_set = 20 },
  { stage = 4, jog = 1, walk = 1, main_set = 20 },
]
"""


def test_on_an_easier_week_one_stage_back_is_the_very_next_that_asks_less() -> None:
    """From ten minutes: stage 3 asks twelve, stage 2 eight, stage 1 seven. One stage back is eight."""
    life = Life.ready()
    life.tell(PlanChoice(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, text=NEXT_ONE_DOWN, at_stage=4))
    runs(life, MONDAY, [("jog", 60), ("walk", 60)] * 10, evening=STRONG)
    assert said(life, WEDNESDAY)[1] == 2


def test_a_stage_with_one_easier_below_it_is_not_the_lowest_though_those_further_down_ask_more() -> None:
    plan = parse(
        """name = "own"
first_stage = 2
stages = [
  { stage = 1, jog = 20, walk = 0, main_set = 20 },
  { stage = 2, jog = 1, walk = 2, main_set = 20 },
  { stage = 3, jog = 1, walk = 1, main_set = 20 },
]
"""
    )
    assert not is_lowest(3, plan)
