"""A physiotherapist's ladder with an easier week in it: no way back on it is a way to more jogging."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from monitor.answers import Window
from monitor.recommendation import Outcome
from tests.stories import MONDAY, NONE, Life, as_prescribed
from tests.test_monitor_lifting import DAY, HOUR, PAIN, WEDNESDAY, a_plan, another_plan

# An easier week as stage 4: eight minutes of jogging after ten.
EASIER_WEEK = a_plan((1, 1, 2, 20), (2, 1, 1.5, 20), (3, 1, 1, 20), (4, 1, 1.5, 20), (5, 1.5, 1, 20))


def on_an_easier_week(evening: dict[str, Any] = NONE, *, text: str = EASIER_WEEK, stage: int = 4) -> Life:
    life = Life.ready()
    another_plan(life, MONDAY - HOUR, stage, text=text)
    runs_own(life, MONDAY, stage, evening)
    return life


def runs_own(life: Life, start: datetime, stage: int, evening: dict[str, Any] = NONE) -> None:
    life.answers_all(life.runs(start, as_prescribed(life.at(start).plan[stage])), evening=evening)


def test_a_step_back_never_asks_for_more_jogging_than_the_run_that_hurt():
    """Pain 4 in an easier week of eight minutes: one stage back is ten, two are the same, so she goes to seven."""
    life = on_an_easier_week(PAIN)
    assert life.at(WEDNESDAY).recommendation.next_stage == 1
    runs_own(life, WEDNESDAY + HOUR, 1)
    assert life.at(WEDNESDAY + 2 * DAY + 2 * HOUR).recommendation.next_stage == 1  # made once


@pytest.mark.parametrize(("days", "stage"), [(14, 4), (15, 1), (28, 1)])
def test_a_break_never_asks_for_more_jogging_than_before_it(days: int, stage: int):
    life = on_an_easier_week()
    assert life.at(MONDAY + days * DAY).recommendation.next_stage == stage


def test_where_no_lower_stage_asks_less_a_step_back_and_a_long_break_stay():
    """Seventeen minutes below ten: neither a pain nor forty days off is a way to more."""
    falling = a_plan((1, 5, 1, 20), (2, 1, 1, 20), (3, 1.5, 1, 20))
    life = on_an_easier_week(PAIN, text=falling, stage=2)
    said = life.at(WEDNESDAY).recommendation
    assert (said.next_stage, said.reasons[0].code) == (2, "SYM02")
    assert "no lower stage asks less, so it stays" in said.reasons[0].message
    for day in (2, 4):
        runs_own(life, MONDAY + day * DAY + HOUR * day, 2)
    assert life.at(MONDAY + 6 * DAY + 6 * HOUR).recommendation.outcome is Outcome.PROGRESS  # two clean runs free her
    life.move(MONDAY + 44 * DAY)
    assert life.at(MONDAY + 44 * DAY + HOUR).recommendation.next_stage == 2


def test_doing_a_stage_before_an_easier_one_skips_none():
    """Ten minutes as asked are beyond the eight of the next stage, and no breach of anything."""
    life = on_an_easier_week(stage=3)
    runs_own(life, WEDNESDAY + HOUR, 3)
    now = WEDNESDAY + 2 * DAY + 2 * HOUR
    assert [f.code for j in life.at(now).judged for f in j.findings if f.code.startswith("STG")] == []
    assert (life.at(now).recommendation.outcome, life.at(now).recommendation.next_stage) == (Outcome.PROGRESS, 4)


def test_nobody_is_blamed_for_doing_what_she_was_told_before_an_easier_week():
    """Stage 3 was issued and done; by the answers that came since it would have been the easier stage 4."""
    life = on_an_easier_week(stage=3)
    second = life.runs(WEDNESDAY + HOUR, as_prescribed(life.at(WEDNESDAY).plan[3]))
    third = WEDNESDAY + 2 * DAY + 2 * HOUR
    life.issue(third - HOUR)
    runs_own(life, third, 3)
    life.answers(second, third + HOUR, (Window.DURING, Window.AFTER, Window.NEXT_DAY))
    run = life.at(third + DAY).judged[-1]
    assert (run.stage, run.replayed_stage) == (3, 4)
    assert [f.code for f in run.findings if f.code.startswith("STG")] == []
