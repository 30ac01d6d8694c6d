"""Single signs of the rules, each of which would let her run too soon or too much if it were turned round."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.answers import Bleeding, CheckIn, Heaviness, LeakageOf, PainKind, Urgent, Window
from monitor.facts import Birth, Override, PlanStart, SameRun
from monitor.judged import name
from monitor.symptoms import what_severe
from tests.stories import LEAK, MONDAY, NONE, Life

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY + HOUR, MONDAY + 4 * DAY + 2 * HOUR
BULGE: dict[str, Any] = {**NONE, "heaviness": Heaviness.BULGE}
PAIN: dict[str, Any] = {**NONE, "pain": 1}
STRONG: dict[str, Any] = {**NONE, "pain": 4}


def runs(life: Life, start: datetime, stage: int = 1, **answers: Any) -> None:
    life.answers_all(life.runs(start, stage), **answers)


def a_physio_sets(life: Life, at: datetime, stage: int, *, entered: datetime | None = None) -> None:
    life.tell(Override(id=0, recorded_at=entered or at, at=at, stage=stage, because="assessed"))


def said(life: Life, at: datetime) -> tuple[str, int | None, list[str]]:
    recommendation = life.at(at).recommendation
    return recommendation.outcome.value, recommendation.next_stage, [r.code for r in recommendation.reasons]


def codes(life: Life, at: datetime) -> list[str]:
    return said(life, at)[2]


# A word on the stage ---------------------------------------------------------------------------------------------


def test_a_stage_set_before_the_first_run_waits_while_a_symptom_holds() -> None:
    """There is no last run to go by: the plan's first stage is what she has been cleared for."""
    life = Life.ready()
    a_physio_sets(life, MONDAY - 3 * HOUR, 5)
    life.answers(None, MONDAY - 2 * HOUR, **LEAK)
    assert said(life, MONDAY) == ("HOLD", 1, ["SYM01", "OVR01"])


def test_a_word_entered_late_lifts_where_nothing_took_a_step_back_since() -> None:
    """She ran on Monday at stage 5, as she was told; that stage 8 had been set before it was entered on Thursday."""
    life = Life.ready()
    a_physio_sets(life, MONDAY - 3 * HOUR, 5)
    life.issue_as_told(MONDAY - 2 * HOUR, stage=5)
    runs(life, MONDAY, 5)
    a_physio_sets(life, MONDAY - HOUR, 8, entered=MONDAY + 3 * DAY)
    assert said(life, MONDAY + 3 * DAY + HOUR)[1] == 8


def test_a_word_dated_to_the_very_start_of_a_run_knew_nothing_of_its_pain() -> None:
    life = Life.ready()
    a_physio_sets(life, MONDAY - 3 * HOUR, 5)
    life.issue_as_told(MONDAY - 2 * HOUR, stage=5)
    runs(life, MONDAY, 5, evening=STRONG)
    a_physio_sets(life, MONDAY, 8, entered=MONDAY + DAY)
    assert said(life, WEDNESDAY)[1] == 4


def told_and_run(life: Life, start: datetime, stage: int, **answers: Any) -> None:
    """Run what was issued an hour before, whatever is entered later."""
    life.issue_as_told(start - HOUR, stage=stage)
    runs(life, start, stage, **answers)


def stepped_back_and_resolved() -> Life:
    """Monday at stage 5 with a strong pain, Wednesday and Friday at stage 4 without, as she was told."""
    life = Life.ready()
    a_physio_sets(life, MONDAY - 3 * HOUR, 5)
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
    a_physio_sets(life, dated, 8, entered=FRIDAY + DAY + 2 * HOUR)
    assert said(life, FRIDAY + DAY + 3 * HOUR)[1] == stage


def test_a_word_from_before_a_pain_at_the_lowest_stage_does_not_lift_once_the_pain_has_gone() -> None:
    """There was no lower stage to step back to; the word knew as little of the pain."""
    life = Life.ready()
    a_physio_sets(life, MONDAY - 3 * HOUR, 0)
    told_and_run(life, MONDAY, 0, evening=STRONG)
    told_and_run(life, WEDNESDAY, 0)
    a_physio_sets(life, MONDAY - HOUR, 8, entered=WEDNESDAY + DAY + 2 * HOUR)
    assert said(life, WEDNESDAY + DAY + 3 * HOUR) == ("HOLD", 0, ["OVR01"])


# Gates -----------------------------------------------------------------------------------------------------------


def test_readiness_lapses_in_a_break_before_the_plan_began_too() -> None:
    """She ran, stopped for 40 days, ran again, then began the plan: the movements are from before the break."""
    life = Life.ready()
    life.runs(MONDAY, 1)
    life.runs(MONDAY + 40 * DAY, 1)
    life.tell(PlanStart(id=0, recorded_at=MONDAY + 41 * DAY, on=(MONDAY + 41 * DAY).date()))
    assert said(life, MONDAY + 42 * DAY) == ("HOLD", None, ["GAT04"])


@pytest.fixture
def _machine_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_machine_in_tokyo")
def test_the_first_day_to_run_is_told_in_the_same_words_on_any_machine() -> None:
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date() - 80 * DAY))
    for gate in life.facts.gates:
        life.tell(type(gate)(id=0, recorded_at=MONDAY, code=gate.code, on=MONDAY.date()))
    opens = life.at(MONDAY).recommendation.earliest_next_run
    assert opens is not None
    assert opens.isoformat() == "2026-06-04T23:00:00+00:00"


# What holds ------------------------------------------------------------------------------------------------------


def test_what_a_clinician_has_to_see_holds_from_the_instant_it_is_told() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY, **BULGE)
    assert codes(life, WEDNESDAY)[0] == "CAR01"


def test_a_sign_of_the_first_instant_after_a_birth_is_of_the_time_after_it() -> None:
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    life.answers(None, MONDAY.replace(hour=0), **BULGE)
    assert codes(life, MONDAY)[-1] == "CAR01"


def test_signs_from_before_the_last_birth_belong_to_another_time() -> None:
    life = Life.ready()
    for start in (MONDAY, WEDNESDAY):
        runs(life, start, evening=LEAK)
    life.answers(None, WEDNESDAY + HOUR, urgent=frozenset({Urgent.CALF}))
    assert {"CAR02", "SYM04"} <= set(codes(life, FRIDAY))
    life.tell(Birth(id=0, recorded_at=FRIDAY, on=FRIDAY.date()))
    assert codes(life, FRIDAY) == ["GAT01", "GAT02", "GAT03", "GAT04"]


def test_leakage_that_came_back_is_not_forgotten_for_a_pain_after_it() -> None:
    life = Life.ready()
    runs(life, MONDAY, evening=LEAK)
    runs(life, WEDNESDAY, evening=LEAK)
    runs(life, FRIDAY, evening=PAIN)
    assert "SYM04" in codes(life, FRIDAY + 2 * DAY)


def test_leakage_told_twice_of_one_run_did_not_come_back() -> None:
    """Her word made another recording part of the run; the leak was told for the run, and once more for no run."""
    life = Life.ready()
    runs(life, MONDAY)
    runs(life, WEDNESDAY)
    one, other = life.observed
    life.tell(SameRun(id=0, recorded_at=WEDNESDAY + HOUR, one=one.identity, other=other.identity, same=True))
    (run,) = (j.session for j in life.at(WEDNESDAY + 2 * HOUR).judged)
    leader = next(o for o in life.observed if o.identity == run.recordings[0].identity)
    life.answers(leader, WEDNESDAY + 3 * HOUR, (Window.AFTER,), **LEAK)
    life.answers(None, WEDNESDAY + 4 * HOUR, **LEAK)
    assert [c for c in codes(life, FRIDAY) if c.startswith("SYM")] == ["SYM01"]


def test_a_pain_of_the_instant_a_run_begins_has_not_resolved_with_that_run() -> None:
    """SYM01 holds it on; so the pain of Friday is not one that has come back (SYM02)."""
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY, **PAIN)
    runs(life, WEDNESDAY)
    runs(life, FRIDAY, evening=PAIN)
    assert said(life, FRIDAY + DAY + 2 * HOUR)[1:] == (1, ["SYM01"])


def test_a_sign_for_a_clinician_is_named_in_plain_words() -> None:
    entry = CheckIn(
        id=1,
        recorded_at=MONDAY,
        recording=None,
        windows=frozenset({Window.ANY}),
        pain=6,
        pain_kind=PainKind.NIGHT,
        leakage_of=LeakageOf.STOOL,
        heaviness=Heaviness.BULGE,
        bleeding=Bleeding.MORE,
    )
    assert what_severe(entry) == (
        "pain 6 of 10",
        "pain at night",
        "leakage of stool",
        "a bulge felt",
        "new or increased bleeding",
    )


# What was issued -------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("window", "said"),
    [("during", "during the run"), ("after", "after the run"), ("next_day", "the next day"), ("any", "any time")],
)
def test_a_window_is_called_as_she_would_call_it(window: str, said: str) -> None:
    assert name(window) == said
