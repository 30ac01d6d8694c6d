"""Which plan is in force, and since when: a run judged by the wrong ladder is blamed, or let through, wrongly."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from analysis.plan import default_plan
from analysis.plan_file import PlanError
from monitor.facts import Birth, Facts, PlanChoice
from monitor.plans import choice_at, plan_at
from tests.stories import MONDAY

DAY = timedelta(days=1)
OWN = """
name = "{name}"
first_stage = 1
stages = [
  {{ stage = 1, jog = 1, walk = 3, main_set = 20 }},
  {{ stage = 2, jog = 1, walk = 2, main_set = 20 }},
]
"""


def choice(id: int, day: float, name: str | None, *, recorded: float | None = None, at_stage: int = 1) -> PlanChoice:
    return PlanChoice(
        id=id,
        recorded_at=MONDAY + (day if recorded is None else recorded) * DAY,
        at=MONDAY + day * DAY,
        text=None if name is None else OWN.format(name=name),
        at_stage=at_stage,
    )


def test_without_a_choice_the_default_plan_holds() -> None:
    assert choice_at(Facts(), MONDAY) is None
    assert plan_at(Facts(), MONDAY) is default_plan()


def test_a_choice_holds_from_its_instant_on_and_not_a_moment_before() -> None:
    """A run of yesterday is judged by yesterday's plan."""
    facts = Facts(plan_choices=(choice(1, 3, "slow"),))
    assert plan_at(facts, MONDAY + 3 * DAY).name == "slow"
    assert plan_at(facts, MONDAY + 3 * DAY - timedelta(microseconds=1)) is default_plan()


def test_back_to_the_default_plan_is_a_choice_too() -> None:
    facts = Facts(plan_choices=(choice(1, 3, "slow"), choice(2, 9, None, at_stage=4)))
    assert plan_at(facts, MONDAY + 9 * DAY) is default_plan()
    back = choice_at(facts, MONDAY + 9 * DAY)
    assert back is not None
    assert back.at_stage == 4
    assert plan_at(facts, MONDAY + 8 * DAY).name == "slow"


def test_the_order_of_entry_does_not_matter() -> None:
    """Of one instant the one recorded last counts, of one recording the later number; none before it was entered."""
    choices = (
        choice(1, 3, "first"),
        choice(2, 5, "recorded early", recorded=5),
        choice(3, 5, "recorded late", recorded=6),
        choice(4, 5, "recorded late, said last", recorded=6),
        choice(5, 4, "backdated", recorded=20),
        choice(6, 5, "of a restored database", recorded=5.5),
    )
    for order in itertools.islice(itertools.permutations(choices), None, None, 7):
        facts = Facts(plan_choices=order)
        assert plan_at(facts, MONDAY + 6 * DAY).name == "recorded late, said last"
        assert plan_at(facts, MONDAY + 4 * DAY).name == "first"
        assert plan_at(facts, MONDAY + 21 * DAY).name == "recorded late, said last"


def test_a_new_birth_ends_a_plan_of_the_time_before() -> None:
    """A ladder that a physio made a year ago, for another recovery, asks too much of this one."""
    facts = Facts(
        births=(Birth(id=1, recorded_at=MONDAY, on=date(2025, 1, 1)),),
        plan_choices=(choice(2, 0, "slow"),),
    )
    assert plan_at(facts, MONDAY + DAY).name == "slow"
    again = Facts(
        births=(*facts.births, Birth(id=3, recorded_at=MONDAY + 400 * DAY, on=(MONDAY + 399 * DAY).date())),
        plan_choices=facts.plan_choices,
    )
    assert plan_at(again, MONDAY + 401 * DAY) is default_plan()
    assert plan_at(again, MONDAY + 398 * DAY).name == "slow"


def test_a_text_is_parsed_once() -> None:
    """A year of runs asks for the plan hundreds of times; `restride week` has a second."""
    facts = Facts(plan_choices=(choice(1, 0, "slow"),))
    assert plan_at(facts, MONDAY) is plan_at(facts, MONDAY + DAY)


def test_a_plan_that_cannot_be_read_is_refused_and_not_replaced() -> None:
    """Stage 12 of another ladder may be twenty minutes without a break."""
    broken = PlanChoice(id=1, recorded_at=MONDAY, at=MONDAY, text="name = 'x'", at_stage=1)
    with pytest.raises(PlanError, match=r"cannot be read: .*Update Restride"):
        plan_at(Facts(plan_choices=(broken,)), MONDAY)
