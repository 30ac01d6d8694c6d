"""A word on the stage, or another plan, while a symptom holds: it never gives back a step that was taken from her."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from analysis.plan_file import parse
from monitor.answers import Heaviness, Window
from monitor.facts import Asked, PlanChoice, Seen
from monitor.recommendation import Outcome
from tests.stories import LEAK, MONDAY, NONE, Life, as_prescribed

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PAIN: dict[str, Any] = {**NONE, "pain": 4}
WEDNESDAY = MONDAY + 2 * DAY


def another_plan(life: Life, at: datetime, stage: int, *, text: str | None = None) -> None:
    life.tell(PlanChoice(id=0, recorded_at=at, at=at, text=text, at_stage=stage))


def a_plan(*stages: tuple[int, float, float, float]) -> str:
    rows = "".join(f"  {{ stage = {n}, jog = {j}, walk = {w}, main_set = {m} }},\n" for n, j, w, m in stages)
    return f'name = "own"\nfirst_stage = 1\nstages = [\n{rows}]\n'


def runs(life: Life, start: datetime, stage: int, evening: dict[str, Any] = NONE) -> None:
    life.answers_all(life.runs(start, stage), evening=evening)


def at_stage(stage: int, evening: dict[str, Any] = NONE) -> Life:
    """One run at a stage that a physio set, on Monday at 07:00."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, stage)
    runs(life, MONDAY, stage, evening)
    return life


@pytest.mark.parametrize("stage", [5, 8, 17])
def test_choosing_a_plan_at_a_higher_stage_leaves_the_step_back_for_a_pain(stage: int):
    """Pain 4 at stage 5 is stage 4, and `plan use --at-stage 8` is no way back to 5."""
    life = at_stage(5, PAIN)
    assert life.at(WEDNESDAY).recommendation.next_stage == 4
    another_plan(life, MONDAY + DAY, stage)
    assert life.at(WEDNESDAY).recommendation.next_stage == 4


@pytest.mark.parametrize("entered", [MONDAY + 5 * HOUR, MONDAY + 30 * HOUR], ids=["before it", "after it"])
def test_a_physios_word_from_before_the_pain_leaves_the_step_back(entered: datetime):
    """Run on Monday, stage 8 set at noon, pain 4 the next morning: the physio did not know of it, whenever entered."""
    life = at_stage(5)
    life.a_physio_sets(MONDAY + 5 * HOUR, 8, entered=entered)
    life.answers(None, MONDAY + 25 * HOUR, **PAIN)
    assert life.at(WEDNESDAY).recommendation.next_stage == 4


@pytest.mark.parametrize(("days", "stage"), [(13, 5), (14, 4), (27, 4), (29, 1)])
@pytest.mark.parametrize("word", ["a plan", "a physio"])
def test_a_higher_stage_leaves_the_step_back_for_a_break_while_a_symptom_holds(days: int, stage: int, word: str):
    """Leakage is unresolved and she has not run for weeks: anybody can type a stage, so it gives nothing back."""
    life = at_stage(5, LEAK)
    now = MONDAY + days * DAY + 2 * HOUR
    life.move(now - 2 * HOUR)
    assert life.at(now).recommendation.next_stage == stage
    (another_plan if word == "a plan" else Life.a_physio_sets)(life, now - HOUR, 8)
    assert life.at(now).recommendation.next_stage == stage


def test_a_step_back_and_a_break_both_stay_under_a_higher_stage():
    life = at_stage(5, PAIN)
    now = MONDAY + 20 * DAY
    another_plan(life, now - HOUR, 8)
    assert life.at(now).recommendation.next_stage == 3


def test_a_step_back_is_made_on_another_ladder_too():
    """Ten minutes at stage 3 with a pain: the other plan's stage 2 asks as much, so the step goes to its stage 1."""
    life = at_stage(3, PAIN)
    another_plan(life, MONDAY + DAY, 2, text=a_plan((1, 1, 2, 20), (2, 1, 1, 20), (3, 2, 1, 20)))
    said = life.at(WEDNESDAY).recommendation
    assert said.prescription is not None
    assert (said.next_stage, said.prescription.jog_total_s) == (1, 420)


def test_a_lower_stage_than_the_step_back_is_taken_at_once():
    life = at_stage(5, PAIN)
    another_plan(life, MONDAY + DAY, 2)
    assert life.at(WEDNESDAY).recommendation.next_stage == 1  # the stage named, and the step that is owed


@pytest.mark.parametrize("entered", [WEDNESDAY + 2 * HOUR, WEDNESDAY + DAY])
def test_a_word_between_a_run_and_its_pain_entered_after_the_step_was_made_does_not_undo_it(entered: datetime):
    """Monday at 5, stage 8 "set" that noon, pain on Tuesday, Wednesday at 4 as told; only then the word is entered."""
    life = at_stage(5)
    life.answers(None, MONDAY + 25 * HOUR, **PAIN)
    life.issue(WEDNESDAY)
    runs(life, WEDNESDAY + HOUR, 4)
    life.a_physio_sets(MONDAY + 5 * HOUR, 8, entered=entered)
    now = WEDNESDAY + 2 * DAY + 2 * HOUR
    assert life.at(now).judged[-1].stage == 4
    assert life.at(now).recommendation.next_stage == 4


def test_a_word_from_before_a_break_entered_after_it_does_not_undo_its_step_back():
    """Stage 5, three weeks off, back at stage 4; a word dated before the break and entered now knew of none."""
    life = at_stage(5)
    back = MONDAY + 21 * DAY
    life.issue(back - HOUR)
    runs(life, back, 4)
    assert life.at(back + 2 * DAY).judged[-1].stage == 4
    life.a_physio_sets(MONDAY + 5 * HOUR, 8, entered=back + DAY)
    assert life.at(back + 2 * DAY + HOUR).recommendation.next_stage == 4


@pytest.mark.parametrize("microsecond", [-1, 0, 1])
def test_pain_told_in_the_very_instant_in_which_a_run_begins_takes_a_step_back(microsecond: int):
    """Strong pain for no run belongs to the run before it, or to the one just begun: to one of them for sure."""
    life = at_stage(5)
    start = WEDNESDAY + HOUR
    life.answers(None, start + timedelta(microseconds=microsecond), **PAIN)
    runs(life, start, 5)
    said = life.at(start + 2 * DAY).recommendation
    assert (said.outcome, said.next_stage) == (Outcome.HOLD, 4)


def test_pain_told_as_a_run_done_a_stage_lower_begins_is_one_step_and_not_two():
    life = at_stage(5)
    start = WEDNESDAY + HOUR
    life.answers(None, start, **PAIN)
    runs(life, start, 4)
    assert life.at(start + 2 * DAY).recommendation.next_stage == 4


# --- A word given while a symptom holds ------------------------------------------------------------------------------


def leaks_that_came_back() -> Life:
    """Drops on Monday and Wednesday at stage 2, two clean runs after them: only the 14 days of SYM04 hold."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 2)
    runs(life, MONDAY, 2, LEAK)
    runs(life, WEDNESDAY + HOUR, 2, {**NONE, "heaviness": Heaviness.MILD})
    life.tell(Asked(id=0, recorded_at=MONDAY + 3 * DAY, on=(MONDAY + 3 * DAY).date()))
    for day in (4, 11):
        runs(life, MONDAY + day * DAY + 2 * HOUR, 2)
    return life


@pytest.mark.parametrize("word", ["a plan", "a physio"])
def test_a_stage_named_while_a_symptom_held_lifts_only_when_it_is_named_again(word: str):
    """ADR 0006: "up only when it is given again after the symptom has resolved: anyone can type it"."""
    life = leaks_that_came_back()
    held, free = MONDAY + 13 * DAY, MONDAY + 17 * DAY
    assert [r.code for r in life.at(held).recommendation.reasons] == ["SYM04"]
    tell = another_plan if word == "a plan" else Life.a_physio_sets
    tell(life, held, 8)
    assert life.at(held + HOUR).recommendation.next_stage == 2
    said = life.at(free).recommendation
    assert (said.next_stage, len(said.reasons)) == (2, 1)
    assert "a symptom held when it was set, so the next run is at stage 2; it can be set again now" in (
        said.reasons[0].message
    )
    tell(life, free, 8)
    assert life.at(free + HOUR).recommendation.next_stage == 8


def test_a_lower_stage_named_while_a_symptom_held_is_what_she_runs_when_it_is_over():
    life = leaks_that_came_back()
    life.a_physio_sets(MONDAY + 13 * DAY, 1)
    assert life.at(MONDAY + 17 * DAY).recommendation.next_stage == 1


def test_a_plan_that_asks_too_much_is_not_in_force_by_itself_when_the_symptom_is_over():
    life = leaks_that_came_back()
    another_plan(life, MONDAY + 13 * DAY, 1, text=a_plan((1, 20, 0, 20)))
    said = life.at(MONDAY + 17 * DAY).recommendation
    assert (said.next_stage, said.prescription, said.earliest_next_run) == (None, None, None)
    assert "a symptom held when it was chosen" in said.reasons[0].message
    another_plan(life, MONDAY + 17 * DAY, 1, text=a_plan((1, 20, 0, 20)))
    assert life.at(MONDAY + 17 * DAY + HOUR).recommendation.next_stage == 1


def test_running_on_while_there_was_to_be_no_running_is_no_way_to_a_higher_stage():
    """Pain 7 at stage 5, `plan use --at-stage 8`, a run though a clinician comes first: she stands at 4 after it."""
    life = at_stage(5, {**NONE, "pain": 7})
    another_plan(life, MONDAY + DAY, 8)
    runs(life, WEDNESDAY + HOUR, 5)
    run = life.at(WEDNESDAY + DAY).judged[-1]
    assert (run.stage, [f.code for f in run.findings]) == (4, ["CAR01", "STG02"])
    life.tell(Seen(id=0, recorded_at=WEDNESDAY + DAY, on=(WEDNESDAY + DAY).date()))
    assert life.at(WEDNESDAY + 2 * DAY + 2 * HOUR).recommendation.next_stage == 4


def test_a_step_that_is_owed_is_not_lost_under_a_higher_stage_though_no_symptom_holds_any_more():
    """Told late of Monday's pain, after Wednesday's clean run at 5 as issued: one step is owed, 8 was typed since."""
    life = at_stage(5)
    life.issue_as_told(WEDNESDAY, stage=5)
    runs(life, WEDNESDAY + HOUR, 5)
    monday = life.observed[0]
    life.answers(monday, WEDNESDAY + 30 * HOUR, (Window.AFTER,), **PAIN)
    now = WEDNESDAY + 2 * DAY + 2 * HOUR
    assert life.at(now).recommendation.next_stage == 4
    another_plan(life, now - HOUR, 8)
    assert life.at(now).recommendation.next_stage == 4


def test_of_two_stages_that_ask_as_much_jogging_she_stays_at_hers_while_a_symptom_holds():
    """Stage 2 has the jogs of stage 1 with half the walks: a symptom must not bring her shorter walks."""
    life = Life.ready()
    own = a_plan((1, 1, 2, 20), (2, 1, 1, 13), (3, 1, 1, 20))
    another_plan(life, MONDAY - HOUR, 1, text=own)
    runs(life, MONDAY, 1, LEAK)
    life.a_physio_sets(MONDAY + DAY, 2)
    assert life.at(WEDNESDAY).recommendation.next_stage == 1


# --- A plan that is dated back ---------------------------------------------------------------------------------------


def test_a_run_on_the_plan_before_is_no_clean_run_of_a_plan_that_was_dated_back():
    """Chosen on Thursday "since Monday": Wednesday was run on the old ladder, whose stage 2 is another stage 2."""
    life = at_stage(2)
    runs(life, WEDNESDAY + HOUR, 2)
    own = a_plan((1, 1, 2, 20), (2, 1, 1.5, 20), (3, 3, 1, 20))
    monday, thursday = MONDAY + 5 * HOUR, WEDNESDAY + DAY
    life.tell(PlanChoice(id=0, recorded_at=thursday, at=monday, text=own, at_stage=2))
    runs(life, WEDNESDAY + 2 * DAY + 2 * HOUR, 2)
    said = life.at(WEDNESDAY + 4 * DAY + 3 * HOUR).recommendation
    assert (said.outcome, [r.code for r in said.reasons]) == (Outcome.HOLD, ["CLN01"])


def test_what_was_issued_on_the_ladder_before_prescribes_nothing_on_one_that_was_dated_back():
    """Stage 5 was issued on Wednesday; the other ladder, chosen on Thursday "since Monday", has a far harder one."""
    life = at_stage(5)
    life.issue_as_told(WEDNESDAY, stage=5)
    own = a_plan(*((n, n * 2, 1, 30) for n in range(1, 8)))
    life.tell(PlanChoice(id=0, recorded_at=WEDNESDAY + DAY, at=MONDAY + 5 * HOUR, text=own, at_stage=1))
    runs(life, WEDNESDAY + 2 * DAY, 1)
    assert life.at(WEDNESDAY + 3 * DAY).judged[-1].stage == 1


@pytest.mark.parametrize("after_s", [-1, 0])
@pytest.mark.parametrize("is_late", [False, True], ids=["of now", "of the evening before"])
def test_a_word_said_no_later_than_the_pain_was_told_settles_nothing(after_s: int, is_late: bool):
    """Told in one instant, nobody knows that the physio had heard of it: the step back stays owed."""
    life = at_stage(5)
    told = MONDAY + 25 * HOUR
    life.answers(life.observed[0] if is_late else None, told, [Window.AFTER if is_late else Window.ANY], **PAIN)
    life.a_physio_sets(told + timedelta(seconds=after_s), 5)
    assert life.at(WEDNESDAY).recommendation.next_stage == 4


FALLING = a_plan((1, 5, 0, 5), (2, 1, 1, 20), (3, 2, 1, 24), (4, 3, 1, 28))
"""Stage 1 is shorter than stage 2 in all, and longer at a time."""


def on(text: str, stage: int, evening: dict[str, Any] = NONE) -> Life:
    """One run on a plan of a physio's own, at the stage it was chosen at."""
    life = Life.ready()
    another_plan(life, MONDAY - 2 * HOUR, stage, text=text)
    said = life.at(MONDAY).recommendation.prescription
    assert said is not None
    life.answers_all(life.runs(MONDAY, as_prescribed(said)), evening=evening)
    return life


@pytest.mark.parametrize(("days", "stage"), [(10, 4), (20, 3), (40, 2)])
def test_a_longer_break_never_ends_at_more_jogging(days: int, stage: int):
    """Stage 1 is no way back from 4, for its jog is longer: the easiest between is, and not stage 4 itself."""
    life = on(FALLING, 4)
    life.move(MONDAY + (days - 1) * DAY)
    said = life.at(MONDAY + days * DAY).recommendation
    assert said.next_stage == stage


def test_a_second_pain_never_ends_at_more_jogging():
    life = on(FALLING, 3, PAIN)
    first = life.at(MONDAY + 3 * DAY).recommendation.next_stage
    assert first == 2
    life.answers_all(life.runs(MONDAY + 3 * DAY, as_prescribed(parse(FALLING)[3])), evening=PAIN)
    second = life.at(MONDAY + 6 * DAY).recommendation.next_stage
    assert second is not None
    assert second <= first


EASIER = a_plan((1, 1, 2, 20), (2, 1, 1, 20), (3, 2, 1, 21), (4, 4, 1, 20), (5, 1, 1, 16), (6, 9, 1, 20))


def test_a_lower_stage_that_asks_more_is_no_way_around_a_step_back():
    """Pain 4 at stage 6 is stage 5, an easier one: `plan use --at-stage 4` names a lower number and more."""
    life = on(EASIER, 6, PAIN)
    assert life.at(MONDAY + 3 * DAY).recommendation.next_stage == 5
    another_plan(life, MONDAY + DAY, 4, text=EASIER)
    assert life.at(MONDAY + 3 * DAY).recommendation.next_stage == 5
    another_plan(life, MONDAY + 2 * DAY, 1, text=EASIER)
    assert life.at(MONDAY + 3 * DAY).recommendation.next_stage == 1  # what is easier is taken at once


def test_the_movements_are_due_by_the_last_run_whatever_a_physio_said_since():
    """A date that comes after the gate has closed sends her out on a day on which the plan says no."""
    life = at_stage(2)
    a_day = MONDAY + 10 * DAY
    life.a_physio_sets(a_day, 2)
    said = life.at(MONDAY + 26 * DAY).recommendation
    (told,) = [line for line in said.advice if "movements" in line]
    closes = MONDAY + 28 * DAY
    assert f"{closes.day} {closes:%B}" in told
