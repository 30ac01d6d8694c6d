"""Lives on a physio's own plan: another ladder, and every other rule as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

import pytest

from analysis.findings import Level
from analysis.plan import default_plan
from analysis.plan_file import parse
from monitor.facts import PlanChoice
from monitor.recommendation import Outcome
from tests.stories import LEAK, MONDAY, Life, as_prescribed

DAY = timedelta(days=1)
SLOW = """
name = "slow"
first_stage = 1
stages = [
  { stage = 0, jog = 0.5, walk = 4, main_set = 20 },
  { stage = 1, jog = 0.5, walk = 2, main_set = 20 },
  { stage = 2, jog = 0.75, walk = 2, main_set = 20 },
  { stage = 3, jog = 1, walk = 2, main_set = 20 },
]
"""
STEEP = """
name = "steep"
first_stage = 1
stages = [
  { stage = 1, jog = 1, walk = 2, main_set = 20 },
  { stage = 2, jog = 5, walk = 2, main_set = 20 },
  { stage = 3, jog = 20, walk = 0, main_set = 20 },
  { stage = 4, jog = 40, walk = 0, main_set = 40 },
]
"""


def choose(life: Life, day: float, text: str | None, at_stage: int) -> None:
    at = MONDAY + day * DAY
    life.tell(PlanChoice(id=0, recorded_at=at, at=at, text=text, at_stage=at_stage))


def live(
    life: Life, first_day: float, end_day: float, *, leaks: Sequence[float] = ()
) -> list[tuple[float, int | None, str]]:
    """Run Mon/Wed/Fri what is asked, no earlier than asked, and answer; give (day, stage, outcome) of each."""
    lived = []
    for day in range(ceil(first_day), ceil(end_day)):
        if day % 7 not in (0, 2, 4):
            continue
        start = MONDAY + day * DAY
        said = life.issue(start - timedelta(minutes=5)).recommendation
        lived.append((day, said.next_stage, said.outcome.value))
        if said.prescription is None or (said.earliest_next_run and said.earliest_next_run > start + DAY / 24):
            continue
        observed = life.runs(start, as_prescribed(said.prescription))
        life.answers_all(observed, **({"evening": LEAK} if day in leaks else {}))
    return lived


def limits(life: Life, day: float) -> list[str]:
    return [f.code for j in life.at(MONDAY + day * DAY).judged for f in j.findings if f.level is Level.LIMIT]


def test_a_clean_life_climbs_the_plan_and_completes_it() -> None:
    life = Life.ready()
    choose(life, -0.5, SLOW, 1)
    lived = live(life, 0, 21)
    assert [stage for _, stage, _ in lived] == [1, 1, 2, 2, 3, 3, 3, 3, 3]
    assert limits(life, 21) == []
    standing = life.at(MONDAY + 21 * DAY)
    assert standing.plan == parse(SLOW)
    assert [r.code for r in standing.recommendation.reasons] == ["FIN01"]


def test_runs_of_another_plan_earn_nothing_on_this_one() -> None:
    """Stage 2 is not stage 2: two clean runs of the one must not carry a step up on the other."""
    life = Life.ready()
    live(life, 0, 14)  # Mon/Wed 1, Fri/Mon 2, Wed/Fri 3
    choose(life, 11.5, SLOW, 2)
    told = life.at(MONDAY + 14 * DAY).recommendation
    assert (told.outcome, told.next_stage) == (Outcome.HOLD, 2)
    assert told.prescription == parse(SLOW)[2]
    assert [(stage, outcome) for _, stage, outcome in live(life, 14, 21)] == [(2, "HOLD"), (2, "HOLD"), (3, "PROGRESS")]
    assert limits(life, 21) == []


def test_a_change_of_plan_blames_no_run_of_before() -> None:
    life = Life.ready()
    live(life, 0, 28)
    before = life.at(MONDAY + 28 * DAY).judged
    choose(life, 28.1, SLOW, 1)
    after = life.at(MONDAY + 28.2 * DAY)
    assert [(j.prescription, j.findings, j.clean) for j in after.judged] == [
        (j.prescription, j.findings, j.clean) for j in before
    ]
    assert after.recommendation.prescription == parse(SLOW)[1]


def test_a_steep_plan_does_not_jog_past_two_increases_in_a_week() -> None:
    """A ladder is only a ladder: INC01 holds whatever it asks for."""
    life = Life.ready()
    choose(life, -0.5, STEEP, 1)
    lived = live(life, 0, 42)
    rises = [day for (day, stage, _), (_, before, _) in zip(lived[1:], lived, strict=False) if stage != before]
    assert rises
    increases = [j.session.started_at for j in life.at(MONDAY + 42 * DAY).judged if j.is_increase]
    assert all(third - first >= 7 * DAY for first, third in zip(increases, increases[2:], strict=False))
    assert "INC01" not in limits(life, 42)


@pytest.mark.parametrize("text", [SLOW, STEEP, None])
def test_no_choice_of_a_plan_clears_a_symptom(text: str | None) -> None:
    """A leak holds on every ladder, and the next one chosen is no way around it."""
    life = Life.ready()
    live(life, 0, 7, leaks=[4])
    choose(life, 5.5, text, 2)
    told = life.at(MONDAY + 7 * DAY).recommendation
    assert told.outcome is Outcome.HOLD
    assert "SYM01" in {r.code for r in told.reasons}


def test_no_choice_of_a_plan_shortens_the_rest() -> None:
    life = Life.ready()
    live(life, 0, 7)
    before = life.at(MONDAY + 4.2 * DAY).recommendation.earliest_next_run
    choose(life, 4.1, STEEP, 1)
    assert life.at(MONDAY + 4.2 * DAY).recommendation.earliest_next_run == before


@pytest.mark.parametrize("first", [None, SLOW, STEEP])
@pytest.mark.parametrize("then", [None, SLOW, STEEP])
@pytest.mark.parametrize("day", [2.5, 8.5, 9.5, 12.0])
def test_doing_what_is_asked_across_a_change_of_plan_breaks_no_limit(
    first: str | None, then: str | None, day: float
) -> None:
    """She did as she was told, on both plans: nobody is to blame her."""
    life = Life.ready()
    choose(life, -0.5, first, 1)
    live(life, 0, day)
    new = default_plan() if then is None else parse(then)
    choose(life, day, then, new.first_stage)
    lived = live(life, day, day + 21)
    assert new[lived[0][1] or 0].stage == new.first_stage
    assert len(life.observed) >= 10
    assert limits(life, day + 28) == []
