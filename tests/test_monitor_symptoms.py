"""Symptom rules at their edges: corrections of entries, steps back that are owed, and what a clinician has to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from monitor.answers import CheckIn, Heaviness, Leakage, LeakageOf, PainKind, Urgent, Window
from monitor.facts import Birth, Override, Seen
from monitor.foundation import Readiness
from monitor.symptoms import kinds, what_severe, what_symptoms
from tests.stories import LEAK, MONDAY, NONE, Life

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY + HOUR, MONDAY + 4 * DAY + 2 * HOUR
BULGE = {**NONE, "heaviness": Heaviness.BULGE}
EVENING = (Window.DURING, Window.AFTER)


def go(life, start, stage=1, **told):
    run = life.runs(start, stage)
    life.answers_all(run, **told)
    return run


def two_clean():
    life = Life.ready()
    go(life, MONDAY)
    go(life, WEDNESDAY)
    return life


def said(life, at=FRIDAY):
    recommendation = life.at(at).recommendation
    return recommendation.outcome.value, recommendation.next_stage, [r.code for r in recommendation.reasons]


def correct(life, at, **fields):
    """Put another entry in the place of the last one."""
    last = life.facts.check_ins[-1]
    life.tell(replace(last, recorded_at=at.astimezone(UTC), replaces=last.id, **fields))


# entries that are corrected --------------------------------------------------------------------------------------


def test_a_leak_that_was_logged_by_mistake_no_longer_holds_once_it_is_corrected():
    life = two_clean()
    life.answers(None, WEDNESDAY + DAY, **LEAK)
    assert said(life)[2] == ["SYM01"]
    correct(life, WEDNESDAY + 30 * HOUR, leakage=Leakage.NONE)
    assert said(life) == ("PROGRESS", 2, ["PRG01"])
    assert said(life, WEDNESDAY + 29 * HOUR)[2] == ["SYM01"]  # what was said before the correction stays


def test_a_none_that_is_corrected_to_a_leak_holds():
    life = two_clean()
    correct(life, WEDNESDAY + 30 * HOUR, leakage=Leakage.DROPS)
    assert said(life)[2] == ["SYM01"]


def test_an_entry_taken_back_leaves_its_window_unanswered():
    life = two_clean()
    correct(life, WEDNESDAY + 30 * HOUR, windows=frozenset(), pain=None, leakage=None, heaviness=None)
    assert said(life)[2] == ["LOG01"]


@pytest.mark.parametrize(("after", "outcome"), [(HOUR, "PROGRESS"), (HOUR + timedelta(seconds=1), "HOLD")])
def test_a_severe_sign_can_be_corrected_for_an_hour_as_a_slip_and_stands_after_that(after, outcome):
    """A symptom that a clinician has to see is not to be argued away the next day."""
    life = two_clean()
    life.answers(None, WEDNESDAY + DAY, **BULGE)
    correct(life, WEDNESDAY + DAY + after, heaviness=Heaviness.NONE)
    assert said(life)[0] == outcome
    assert ("CAR01" in said(life)[2]) is (outcome == "HOLD")


def test_an_urgent_sign_stands_though_its_entry_was_taken_back_later():
    life = two_clean()
    life.answers(None, WEDNESDAY + DAY, urgent=frozenset({Urgent.CALF}))
    correct(life, WEDNESDAY + 30 * HOUR, windows=frozenset(), urgent=frozenset())
    assert said(life) == ("HOLD", None, ["CAR02"])


def test_the_first_correction_decides_whether_it_was_a_slip():
    life = two_clean()
    life.answers(None, WEDNESDAY + DAY, **BULGE)
    entry = life.facts.check_ins[-1]
    correct(life, WEDNESDAY + 25 * HOUR, heaviness=Heaviness.NONE)
    life.tell(replace(entry, recorded_at=WEDNESDAY + 30 * HOUR, replaces=entry.id, heaviness=Heaviness.NONE))
    assert "CAR01" not in said(life)[2]


def test_entries_that_replace_each_other_in_a_circle_lose_no_symptom():
    life = two_clean()
    life.answers(None, WEDNESDAY + DAY, **LEAK)
    one, other = life.next_id - 1, life.next_id
    correct(life, WEDNESDAY + 25 * HOUR)
    ring = tuple(replace(e, replaces=other) if e.id == one else e for e in life.facts.check_ins)
    life.facts = replace(life.facts, check_ins=ring)
    assert "SYM01" in said(life)[2]


# what is a symptom -----------------------------------------------------------------------------------------------


def entry(**fields):
    return CheckIn(id=1, recorded_at=MONDAY, recording=None, windows=frozenset({Window.ANY}), **fields)


def test_a_kind_without_its_degree_is_still_a_symptom():
    """What was half answered is read with care."""
    assert kinds(entry(pain_kind=PainKind.NIGHT)) == {"pain"}
    assert what_symptoms(entry(pain_kind=PainKind.NIGHT)) == ("pain at night",)
    assert what_severe(entry(pain_kind=PainKind.BONE_FOCAL)) == ("pain in one spot on a bone",)
    assert kinds(entry(leakage_of=LeakageOf.STOOL, leakage=Leakage.NONE)) == {"leakage"}
    assert what_severe(entry(leakage_of=LeakageOf.STOOL)) == ("leakage of stool",)
    assert what_symptoms(entry(leakage=Leakage.WET, leakage_of=LeakageOf.URINE)) == ("leakage (wet)",)
    assert what_severe(entry(leakage=Leakage.SOAKED, pain=5, pain_kind=PainKind.PAIN)) == ()


def test_a_symptom_is_named_with_its_place_and_degree():
    told = entry(pain=4, site="hip", pain_kind=PainKind.NIGHT, gait_changed=True, urgent=frozenset({Urgent.FEVER}))
    assert what_symptoms(told) == (
        "pain at night 4 of 10 (hip)",
        "limping or guarding",
        "a fever of 38 °C or more",
    )


# steps back ------------------------------------------------------------------------------------------------------


def at_stage(stage, **told):
    life = Life.ready()
    life.tell(Override(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, stage=stage, because="reviewed"))
    go(life, MONDAY, stage, **told)
    return life


PAIN = {**NONE, "pain": 3}


def test_a_run_at_the_old_stage_leaves_the_step_owed():
    """She ran on Wednesday what she had been told on Monday, before she logged the pain."""
    life = at_stage(5, evening=PAIN)
    life.issue_as_told(MONDAY + HOUR / 2, stage=5)
    go(life, WEDNESDAY, 5)
    assert said(life)[1] == 4
    go(life, FRIDAY, 4)
    assert said(life, FRIDAY + 3 * DAY)[1] == 4


def test_two_runs_that_each_show_it_owe_two_steps():
    life = at_stage(5, evening=PAIN)
    life.issue_as_told(MONDAY + HOUR / 2, stage=5)
    go(life, WEDNESDAY, 5, evening=PAIN)
    standing = life.at(FRIDAY)
    assert standing.recommendation.next_stage == 3
    assert standing.recommendation.reasons[0].evidence["steps_back"] == 2
    assert "2 stages back" in standing.recommendation.reasons[0].message


def test_a_step_back_is_made_once_however_many_entries_show_it():
    life = at_stage(5, evening=PAIN, morning=PAIN)
    life.answers(None, MONDAY + 30 * HOUR, **PAIN)
    assert said(life, WEDNESDAY)[1] == 4


def test_a_symptom_known_only_after_the_next_run_began_still_takes_a_step():
    """Two runs on two days: the pain of the first one's next day is told after the second."""
    life = at_stage(5)
    life.facts = replace(life.facts, check_ins=life.facts.check_ins[:1])
    life.issue_as_told(MONDAY + HOUR, stage=5)
    second = life.runs(MONDAY + DAY, 5)
    life.answers(life.observed[0], second.ended_at + 8 * HOUR, (Window.NEXT_DAY,), **{**NONE, "pain": 1})
    assert life.at(second.ended_at + 7 * HOUR).recommendation.next_stage == 5
    assert life.at(second.ended_at + 8 * HOUR).recommendation.next_stage == 4


def test_the_same_symptom_at_another_stage_is_no_return_of_it():
    life = at_stage(3, evening=LEAK)
    go(life, WEDNESDAY, 3)
    life.tell(Override(id=0, recorded_at=FRIDAY - HOUR, at=FRIDAY - HOUR, stage=4, because="reviewed"))
    go(life, FRIDAY, 4, evening=LEAK)
    assert "SYM02" not in said(life, FRIDAY + 2 * DAY)[2]


def test_a_loose_symptom_after_a_clean_run_can_be_a_return():
    life = at_stage(3, evening=LEAK)
    go(life, WEDNESDAY, 3)
    life.answers(None, WEDNESDAY + 28 * HOUR, **LEAK)
    assert said(life) == ("HOLD", 2, ["SYM02", "SYM04"])


def test_a_symptom_before_the_first_run_holds_without_a_step():
    life = Life.ready()
    life.answers(None, MONDAY - HOUR, **PAIN)
    assert said(life, MONDAY) == ("HOLD", 1, ["SYM01"])


def test_a_step_owed_and_a_long_break_add_up():
    life = at_stage(5, evening=PAIN)
    assert said(life, MONDAY + 20 * DAY)[1] == 3


def test_doing_less_than_the_step_asks_settles_as_much_as_was_done():
    life = at_stage(6, evening=PAIN)
    life.issue_as_told(MONDAY + HOUR / 2, stage=6)
    go(life, WEDNESDAY, 6, evening=PAIN)
    life.issue_as_told(WEDNESDAY + 20 * HOUR, stage=5)
    go(life, FRIDAY, 5)
    assert life.at(FRIDAY + 2 * DAY).recommendation.next_stage == 4


# gates -----------------------------------------------------------------------------------------------------------


def test_movements_that_are_only_partly_done_say_which_are_missing():
    life = two_clean()
    done = Readiness(id=1, recorded_at=MONDAY - DAY, done_at=MONDAY - DAY, results={"walk": True, "hop": False})
    life.facts = replace(life.facts, readiness=(done,))
    gate = life.at(FRIDAY).recommendation.gates[3]
    assert not gate.met
    assert "to be repeated and passed: single-leg hop" in gate.message
    assert "still to be done: single-leg balance" in gate.message
    assert "walk 30 minutes" not in gate.message


@pytest.mark.parametrize("first", [True, False])
def test_of_two_words_at_one_instant_the_careful_one_counts(first):
    life = two_clean()
    one = life.facts.readiness[0]
    words = [replace(one, results={**one.results, "hop": passed}) for passed in (first, not first)]
    life.facts = replace(life.facts, readiness=tuple(words))
    assert "GAT04" in said(life)[2]


# increases -------------------------------------------------------------------------------------------------------


def test_a_run_that_shows_no_jogging_at_all_is_nothing_she_is_used_to():
    life = Life.ready()
    go(life, MONDAY)
    life.runs(WEDNESDAY, [("unknown", 1200)])
    go(life, FRIDAY, 1)
    judged = life.at(FRIDAY + 2 * DAY).judged
    assert [j.is_increase for j in judged] == [False, False, False]
    assert judged[1].session.performed is None


# who has seen her -------------------------------------------------------------------------------------------------


def seen(life, at, on):
    life.tell(Seen(id=0, recorded_at=at.astimezone(UTC), on=on))


def test_somebody_seen_today_counts_today():
    life = two_clean()
    life.answers(None, WEDNESDAY + 20 * HOUR, **BULGE)
    seen(life, FRIDAY - HOUR, FRIDAY.date())
    assert "CAR01" not in said(life)[2]


def test_a_day_still_to_come_clears_nothing_yet():
    life = two_clean()
    life.answers(None, WEDNESDAY + 20 * HOUR, **BULGE)
    seen(life, FRIDAY - HOUR, FRIDAY.date() + DAY)
    assert "CAR01" in said(life)[2]


def test_seen_and_logged_in_the_same_instant_is_not_seen_after_it():
    life = two_clean()
    at = WEDNESDAY + 20 * HOUR
    life.answers(None, at, **BULGE)
    seen(life, at, at.date())
    assert "CAR01" in said(life)[2]


def test_the_day_of_a_symptom_is_hers_and_not_greenwichs():
    """In Tokyo it is Thursday morning while it is Wednesday night in Greenwich: Wednesday's visit came before it."""
    life = two_clean()
    life.facts = replace(life.facts, settings=(replace(life.facts.settings[0], value="Asia/Tokyo"),))
    at = WEDNESDAY.replace(hour=23)  # 22:00 UTC, 07:00 of Thursday in Tokyo
    life.answers(None, at, **BULGE)
    seen(life, at + HOUR, WEDNESDAY.date())
    assert "CAR01" in said(life)[2]
    seen(life, at + 2 * HOUR, WEDNESDAY.date() + DAY)
    assert "CAR01" not in said(life)[2]


def test_today_is_hers_and_not_greenwichs():
    life = two_clean()
    life.facts = replace(life.facts, settings=(replace(life.facts.settings[0], value="Asia/Tokyo"),))
    life.answers(None, WEDNESDAY + HOUR, **BULGE)
    asked_at = WEDNESDAY.replace(hour=22)  # Thursday in Tokyo
    seen(life, asked_at - HOUR / 2, WEDNESDAY.date() + DAY)
    assert "CAR01" not in said(life, asked_at)[2]


def test_a_visit_before_a_sign_was_told_was_not_about_it():
    """She remembers on Friday that she felt a bulge after Monday's run; Wednesday's visit knew nothing of it."""
    life = Life.ready()
    first = go(life, MONDAY)
    go(life, MONDAY + 2 * DAY + HOUR)
    seen(life, MONDAY + 2 * DAY + 12 * HOUR, MONDAY.date() + 2 * DAY)
    life.answers(first, FRIDAY - HOUR, (Window.AFTER,), **BULGE)
    assert "CAR01" in said(life)[2]
    seen(life, FRIDAY - HOUR / 2, FRIDAY.date())
    assert "CAR01" not in said(life)[2]


def test_a_sign_of_a_run_before_the_birth_belongs_to_that_time_though_it_is_told_after_it():
    life = Life.ready()
    run = go(life, MONDAY)
    life.tell(Birth(id=0, recorded_at=MONDAY + 3 * DAY, on=MONDAY.date() + 2 * DAY))
    life.answers(run, MONDAY + 4 * DAY, (Window.DURING,), **BULGE)
    assert "CAR01" not in said(life, MONDAY + 5 * DAY)[2]


def test_a_word_entered_late_stands_where_no_symptom_took_a_step_back_since():
    life = at_stage(5)
    life.tell(Override(id=0, recorded_at=MONDAY + 3 * DAY, at=MONDAY - HOUR / 2, stage=8, because="told by phone"))
    assert said(life, MONDAY + 3 * DAY + HOUR)[1] == 8


def test_a_symptom_told_only_after_a_physios_word_is_not_settled_by_it():
    """She set the stage on Tuesday and knew nothing of Monday's pain, which was told on Wednesday."""
    life = at_stage(5)
    life.tell(Override(id=0, recorded_at=MONDAY + 30 * HOUR, at=MONDAY + 30 * HOUR, stage=5, because="assessed"))
    life.answers(life.observed[0], MONDAY + 50 * HOUR, (Window.DURING,), **{**NONE, "pain": 4})
    assert said(life, MONDAY + 51 * HOUR)[1] == 4
