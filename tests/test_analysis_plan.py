"""The ladder: what a physio reads in rules.md §7 is what the program asks for."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from analysis.plan import default_plan, hours, minutes

PLAN = default_plan()


def test_the_ladder_asks_for_the_jogging_of_the_published_table():
    totals = [PLAN[stage].jog_total_s / 60 for stage in range(1, 18)]
    assert totals == [7, 8, 10, 12, 14, 15, 16, 18, 18, 19, 19, 20, 22, 24, 26, 28, 30]
    assert (PLAN.lowest, PLAN.first_stage, PLAN.last) == (0, 1, 17)
    assert PLAN[1].repeats == 7
    assert PLAN[0].jog_total_s == 240


def test_no_step_adds_more_than_two_minutes_and_nothing_falls():
    for lower, upper in pairwise(PLAN.stages[1:]):
        assert 0 <= upper.jog_total_s - lower.jog_total_s <= 120
        assert upper.longest_jog_s >= lower.longest_jog_s


def test_one_lever_a_step():
    for lower, upper in pairwise(PLAN.stages[1:]):
        changed = [n for n in ("jog_s", "walk_s", "main_set_s") if getattr(lower, n) != getattr(upper, n)]
        if upper.stage <= 11:
            assert len(changed) == 1, upper.stage
        elif upper.stage == 12:
            assert (lower.walk_s, upper.walk_s, upper.main_set_s) == (60, 0, lower.main_set_s)
        else:
            assert upper.walk_s == 0
            assert upper.main_set_s / lower.main_set_s <= 1.1


def test_a_stage_beyond_the_ladder_is_refused_and_clamped_only_when_asked():
    with pytest.raises(KeyError):
        PLAN[18]
    with pytest.raises(KeyError):
        PLAN[-1]
    assert (PLAN.clamp(99), PLAN.clamp(-4)) == (17, 0)


def test_times_are_written_as_people_say_them():
    assert [minutes(s) for s in (420, 90, 63, 59.6)] == ["7", "1:30", "1:03", "1:00"]
    assert hours(timedelta(hours=47, minutes=59, seconds=59)) == "47 h 59 min"
    assert [hours(timedelta(minutes=m)) for m in (20, 2760, 0)] == ["20 min", "46 h", "0 h"]
