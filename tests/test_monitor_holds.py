"""Ways in which facts once talked the plan into PROGRESS, or into a stage that was too high.

They stand in the order of what would harm most. Each says what would hurt her, and the words of the rule.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.bouts import Span
from monitor.answers import Heaviness, Window
from monitor.facts import PlanChoice, PlanStart, SameRun, Seen
from monitor.recommendation import Outcome
from monitor.standing import Standing, stand
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed, codes, two_clean_runs

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BULGE: dict[str, Any] = {**NONE, "heaviness": Heaviness.BULGE}
OWN_PLAN = 'name = "own"\nfirst_stage = 1\nstages = [{ stage = 1, jog = 1, walk = 2, main_set = 20 }]\n'
DURING, AFTER, NEXT_DAY = Window.DURING, Window.AFTER, Window.NEXT_DAY


def runs_clean(life: Life, start: datetime, stage: int = 1) -> None:
    life.answers_all(life.runs(start, stage))


FRIDAY = MONDAY + 4 * DAY + 2 * HOUR


def held(standing: Standing) -> bool:
    return standing.recommendation.outcome is Outcome.HOLD


# --- Severe: PROGRESS, or a stage too high, by what the commands let her enter --------------------------------------


def test_a_new_plan_start_does_not_clear_leakage_that_came_back():
    """Leakage in two runs, `restride init --plan-start` the next day, and a step up nine days later: nobody was asked.

    SYM04: "HOLD until a fact says a physiotherapist or clinician was asked, and 14 days have passed". ADR 0006 on a
    later start: "Symptoms and a physio's word since the birth stay."
    """
    life = Life.ready()
    for start in (MONDAY, MONDAY + 2 * DAY + HOUR):
        life.answers_all(life.runs(start, 1), evening=LEAK)
    assert "SYM04" in codes(life.at(MONDAY + 3 * DAY))
    life.tell(PlanStart(id=0, recorded_at=MONDAY + 3 * DAY, on=(MONDAY + 4 * DAY).date()))
    for start in (MONDAY + 4 * DAY + 2 * HOUR, MONDAY + 6 * DAY + 3 * HOUR):
        runs_clean(life, start)
    assert held(life.at(MONDAY + 9 * DAY))


def test_a_new_strong_pain_after_a_physios_word_takes_a_step_back_also_where_the_run_before_it_had_one():
    """Pain 4 on Monday, a physio sets stage 5 on Tuesday, pain 5 on Wednesday: she is sent to stage 5 all the same.

    SYM02: "pain ≥ 3 … HOLD and one stage back". ADR 0006: "A physio's word on the stage given after the symptom
    settles it" — this symptom came after the word. Without Monday's pain the step is made; one pain more undoes it.
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5)
    life.answers_all(life.runs(MONDAY, 5), evening={**NONE, "pain": 4})
    life.a_physio_sets(MONDAY + DAY + 2 * HOUR, 5)
    life.says(MONDAY + 2 * DAY, what={**NONE, "pain": 5})
    assert life.at(MONDAY + 2 * DAY + 3 * HOUR).recommendation.next_stage == 4


def test_a_new_plan_start_does_not_bring_back_a_physios_word_that_runs_have_followed():
    """Stage 8 set, pain 4 at stage 8, stepped back to 7 and run there; a new plan start sends her to stage 8 again.

    OVR01: "A physiotherapist's word on the stage stands until a run has followed it." SYM02: one stage back.
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 8)
    life.answers_all(life.runs(MONDAY, 8), evening={**NONE, "pain": 4})
    runs_clean(life, MONDAY + 2 * DAY + HOUR, 7)
    assert life.at(MONDAY + 4 * DAY).recommendation.next_stage == 7
    life.tell(PlanStart(id=0, recorded_at=MONDAY + 3 * DAY, on=(MONDAY + 4 * DAY).date()))
    stage = life.at(MONDAY + 4 * DAY + 3 * HOUR).recommendation.next_stage
    assert stage is not None
    assert stage <= 7


def test_a_new_plan_start_does_not_lift_a_limit_of_the_last_seven_days():
    """Runs on Monday and Tuesday, a plan start on Wednesday: a step up six days after the rest breach.

    §6: PROGRESS needs "no finding of level `limit` in the last 7 days"; RST01 counts for history too (§3).
    """
    life = Life.ready()
    runs_clean(life, MONDAY)
    runs_clean(life, MONDAY + DAY)
    assert "RST01" in codes(life.at(MONDAY + 2 * DAY))
    life.tell(PlanStart(id=0, recorded_at=MONDAY + 2 * DAY, on=(MONDAY + 2 * DAY).date()))
    for start in (MONDAY + 3 * DAY + HOUR, MONDAY + 5 * DAY + 2 * HOUR):
        runs_clean(life, start)
    assert held(life.at(MONDAY + 7 * DAY + 3 * HOUR))


@pytest.mark.parametrize("case", ["a step back", "40 days without running"])
def test_choosing_the_plan_in_use_again_undoes_no_step_back(case: str):
    """`restride plan use default --at-stage 5`, no physio asked, and the step back for pain 4 or a long break is gone.

    SYM02: "one stage back"; §6: "> 28 days stage 1 and readiness again". The command itself promises that "gates, rest
    and what follows a symptom stay as they are". Only a physio's word given after the symptom settles it (ADR 0006).
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5)
    pain = 4 if case == "a step back" else 0
    life.answers_all(life.runs(MONDAY, 5), evening={**NONE, "pain": pain})
    now = MONDAY + (2 if case == "a step back" else 40) * DAY
    if case != "a step back":
        life.move(now - DAY)
    before = life.at(now).recommendation.next_stage
    life.tell(PlanChoice(id=0, recorded_at=now, at=now, text=None, at_stage=5))
    after = life.at(now + HOUR).recommendation.next_stage
    assert before is not None
    assert after is not None
    assert after <= before


def test_what_may_have_been_a_walk_resolves_no_symptom():
    """Heaviness on Thursday, a walk on Friday that may hold 90 s of jogging, and Sunday's run only half answered.

    SYM01: "Resolved = a later entry that answers none … and a later *running* session with all windows answered none".
    Without the walk the plan holds; a walk that nobody can tell from a run turns that into PROGRESS. ADR 0006: it
    "starts the 48 hours, and bridges no break"; unknown means hold.
    """
    life = two_clean_runs()
    life.says(MONDAY + 3 * DAY, what={**NONE, "heaviness": Heaviness.MILD})
    start = FRIDAY.astimezone(UTC)
    unclear = (Span(start=start, end=start + timedelta(seconds=90)),)
    life.answers_all(life.runs(start, [("walk", 1800)], sport="walking", uncertain=unclear))
    last = life.runs(MONDAY + 6 * DAY + 4 * HOUR, 1)
    life.answers(last, last.ended_at + HOUR, (AFTER,))
    life.answers(last, last.ended_at + DAY + HOUR, (NEXT_DAY,))
    assert held(life.at(MONDAY + 8 * DAY + 5 * HOUR))


def test_an_answer_about_one_of_two_runs_in_a_file_is_no_answer_about_the_other():
    """One file, resumed after two days: she answers for Monday's run, and Wednesday's, never answered, becomes clean.

    §5: "No entry is not the same as no symptoms." LOG01: hold for a window unanswered of any of the counted runs. Both
    sessions bear the one identity, and every entry goes to the later one.
    """
    life = Life.ready()
    pieces = as_prescribed(PLAN[1])
    both = life.runs(MONDAY, [*pieces, ("pause", 49 * 3600.0), *pieces])
    first, second = life.at(both.ended_at + HOUR).judged
    assert first.session.id != second.session.id
    life.answers(both, first.session.ended_at + HOUR, (DURING, AFTER))
    life.answers(both, first.session.ended_at + DAY, (NEXT_DAY,))
    # Asked for Monday's missing answers once more, as `restride checkin --session 2026-06-01` lets her, she gives them.
    life.answers(both, both.ended_at + DAY, (DURING, AFTER, NEXT_DAY))
    runs_clean(life, both.ended_at + 49 * HOUR)
    assert held(life.at(both.ended_at + 4 * DAY + 3 * HOUR)), "what was said of Monday's run went to Wednesday's"


def test_leakage_in_both_runs_of_one_file_is_leakage_in_two_sessions():
    """One file, resumed after two days, leakage logged in the evening of each: a step up, and nobody was asked.

    SYM04: "leakage or heaviness in ≥ 2 sessions within 14 days". Both entries go to the later session.
    """
    life = Life.ready()
    pieces = as_prescribed(PLAN[1])
    both = life.runs(MONDAY, [*pieces, ("pause", 49 * 3600.0), *pieces])
    first, second = life.at(both.ended_at + HOUR).judged
    for run in (first.session, second.session):
        life.answers(both, run.ended_at + HOUR, (DURING, AFTER), **LEAK)
    assert "SYM04" in codes(life.at(second.session.ended_at + 2 * HOUR))


# --- Middling: what the rules leave open, read the unsafe way --------------------------------------------------------


@pytest.mark.parametrize("word", ["ignored", "same", "corrected to a walk"])
def test_no_word_about_a_recording_clears_leakage_that_came_back(word: str):
    """Leakage in Monday's and Wednesday's run; one word about Wednesday's recording, and a step up a week later.

    SYM04: hold until someone was asked. ADR 0006: a symptom logged for a run that she ignores "holds". Leakage on two
    days within 14, each told for a run of its own, folds into one session and is cleared by two clean runs.
    """
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers_all(first, evening=LEAK)
    second = life.runs(MONDAY + 2 * DAY + HOUR, 1)
    life.answers_all(second, evening=LEAK)
    at = MONDAY + 3 * DAY
    assert "SYM04" in codes(life.at(at))
    if word == "ignored":
        life.ignores(second, at)
    elif word == "same":
        life.tell(SameRun(id=0, recorded_at=at, one=first.identity, other=second.identity, same=True))
    else:
        life.corrects(second, at, 0, 1500, "walk")
    for start in (MONDAY + 4 * DAY + 2 * HOUR, MONDAY + 6 * DAY + 3 * HOUR):
        runs_clean(life, start)
    assert held(life.at(MONDAY + 8 * DAY + 6 * HOUR))


def test_pain_of_the_next_day_takes_a_step_back_though_its_run_was_left_out():
    """Pain on the morning after Wednesday's run at stage 5: stage 4. She leaves the run out: stage 5 again.

    SYM02: "pain still there next day … one stage back". ADR 0006: the symptom of an ignored run "holds".
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5)
    runs_clean(life, MONDAY, 5)
    second = life.runs(MONDAY + 2 * DAY + HOUR, 5)
    life.answers_all(second, morning={**NONE, "pain": 1})
    assert life.at(MONDAY + 4 * DAY).recommendation.next_stage == 4
    life.ignores(second, MONDAY + 3 * DAY + 5 * HOUR)
    assert life.at(MONDAY + 4 * DAY).recommendation.next_stage == 4


def test_pain_after_a_run_that_is_there_the_next_morning_takes_a_step_back_also_as_an_entry_about_now():
    """Pain 1 on the evening of Wednesday's run, pain 1 "now" on Thursday at 10: the stage stays.

    SYM02: "pain still there next day". ADR 0006: "A symptom logged for no run (SYM02, SYM04) belongs to the last run
    that had begun before it." So this is that run's pain, on the next day.
    """
    life = Life.ready()
    runs_clean(life, MONDAY)
    second = life.runs(MONDAY + 2 * DAY + HOUR, 1)
    life.answers(second, second.ended_at + HOUR, (DURING, AFTER), **{**NONE, "pain": 1})
    life.says(MONDAY + 3 * DAY + 3 * HOUR, what={**NONE, "pain": 1})
    assert life.at(MONDAY + 4 * DAY).recommendation.next_stage == 0


def test_two_runs_a_day_apart_that_she_says_are_one_leave_it_in_doubt_when_it_was():
    """Runs of Wednesday and Thursday, a rest breach; "same" makes one of them vanish, and the earlier clock stands.

    §4: "A false merge hides a rest breach". Her word decides that it was one run; it does not say at which of the two
    times, and `next` names 48 h after the earlier one.
    """
    life = two_clean_runs()
    one = life.observed[-1]
    other = life.runs(MONDAY + 3 * DAY, 1)
    assert "RST01" in codes(life.at(FRIDAY))
    life.tell(SameRun(id=0, recorded_at=MONDAY + 4 * DAY, one=one.identity, other=other.identity, same=True))
    said = life.at(FRIDAY).recommendation
    assert said.earliest_next_run is not None
    assert said.outcome is Outcome.HOLD or said.earliest_next_run >= other.ended_at + 48 * HOUR


def test_a_run_that_has_just_ended_is_not_swallowed_by_a_recording_dated_ahead():
    """A run ended half an hour ago; a recording dated ten minutes ahead joins its session, and both are left out.

    §6: `next` names end + 48 h, from the end of the last run. Here it says she may run now. And doing what the hold
    asks, `restride ignore` of that session, leaves the run of today out as well, and gives PROGRESS for today.
    """
    life = two_clean_runs()
    now = (FRIDAY + HOUR).astimezone(UTC)
    just_now = life.runs(now - timedelta(minutes=50), 1)
    ahead = life.runs(now + timedelta(minutes=10), 1)
    standing = stand(life.facts, life.observed, now, present=True)
    said = standing.recommendation
    assert said.earliest_next_run is None or said.earliest_next_run >= just_now.ended_at + 48 * HOUR
    assert all(just_now.identity not in s.identities for s in standing.ahead if ahead.identity in s.identities)


def test_runs_done_while_there_was_to_be_no_running_carry_no_step_up():
    """A bulge on Tuesday: no running. She runs on Wednesday and Friday all the same, is seen on Saturday: PROGRESS.

    CAR01: "no running until a fact says seen by a clinician on DATE, may run". The rules do not say in so many words
    that such a run is not clean; but the step up then rests on nothing that a clinician agreed to.
    """
    life = Life.ready()
    runs_clean(life, MONDAY)
    life.says(MONDAY + DAY, what=BULGE)
    for start in (MONDAY + 2 * DAY + HOUR, MONDAY + 4 * DAY + 2 * HOUR):
        runs_clean(life, start)
    life.tell(Seen(id=0, recorded_at=MONDAY + 5 * DAY, on=(MONDAY + 5 * DAY).date()))
    assert held(life.at(MONDAY + 6 * DAY + 3 * HOUR))


def test_a_clinician_recorded_as_seen_before_the_symptom_has_not_seen_it():
    """ "Seen on Friday" entered on Monday; a bulge on Wednesday; on Friday the plan says stage 1 is there to run.

    CAR01: "no running until a fact says seen by a clinician on DATE, may run". What was written down before the symptom
    says nothing of it. The command refuses a day to come; an import, or a clock that ran ahead, does not.
    """
    life = two_clean_runs()
    life.tell(Seen(id=0, recorded_at=MONDAY, on=FRIDAY.date()))
    life.says(MONDAY + 3 * DAY, what=BULGE)
    assert "CAR01" in codes(life.at(FRIDAY + HOUR))


def test_a_correction_that_is_taken_back_leaves_the_entry_it_corrected():
    """Drops on Thursday, "corrected" to none, the correction taken back: nothing is left of the drops, and PROGRESS.

    SYM01: any leakage holds until it has resolved. ADR 0006: "An entry that was corrected counts for nothing from the
    correction on" — so the correction that was taken back counts for nothing, and the drops stand.
    """
    life = two_clean_runs()
    at = MONDAY + 3 * DAY
    entry = life.says(at, what=LEAK)
    correction = life.says(at + 3 * HOUR, what=NONE, replaces=entry.id)
    life.says(at + 4 * HOUR, what={}, replaces=correction.id, windows=frozenset())
    assert held(life.at(FRIDAY))


def test_a_stage_that_the_chosen_plan_lacks_is_not_its_last_one():
    """A choice at stage 99 sends a beginner to stage 17, thirty minutes without a break.

    ADR 0006: "A stage that the ladder lacks is no word." The command refuses it; an import does not.
    """
    life = Life.ready()
    life.tell(PlanChoice(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, text=None, at_stage=99))
    assert life.at(MONDAY).recommendation.next_stage == PLAN.first_stage


@pytest.mark.parametrize("told_late", ["a physio's word", "another plan"])
def test_nobody_is_blamed_for_what_was_entered_after_the_run(told_late: str):
    """Stage 8 was issued and run on Wednesday; what is dated Tuesday is entered on Thursday, and Wednesday is a breach.

    STG02: "nobody is blamed for doing what she was told". §6: a fact that arrives late speaks "from now on … what was
    issued stays as it was"; `restride plan use` says that earlier runs stay judged by the plan they were run on.
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 8)
    life.issue_as_told(MONDAY - HOUR, stage=8)
    runs_clean(life, MONDAY, 8)
    tuesday, thursday = MONDAY + DAY, MONDAY + 3 * DAY
    if told_late == "another plan":
        life.tell(PlanChoice(id=0, recorded_at=thursday, at=tuesday, text=OWN_PLAN, at_stage=1))
    else:
        life.a_physio_sets(tuesday, 3, entered=thursday)
    runs_clean(life, MONDAY + 2 * DAY + HOUR, 8)
    assert not [f.code for f in life.at(FRIDAY).judged[-1].findings if f.code.startswith("STG")]


def test_a_stage_that_the_ladder_lacks_settles_no_step_back():
    """ADR 0006: "A stage that the ladder lacks is no word" — so it does not forgive Monday's pain either."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5)
    life.answers_all(life.runs(MONDAY, 5), evening={**NONE, "pain": 4})
    life.a_physio_sets(MONDAY + 30 * HOUR, 99)
    assert life.at(MONDAY + 2 * DAY).recommendation.next_stage == 4


def a_plan(*stages: tuple[int, float, float, float]) -> str:
    rows = "".join(f"  {{ stage = {n}, jog = {j}, walk = {w}, main_set = {m} }},\n" for n, j, w, m in stages)
    return f'name = "own"\nfirst_stage = 1\nstages = [\n{rows}]\n'


@pytest.mark.parametrize(
    ("own", "at_stage", "jog_s"),
    [
        (a_plan((0, 1, 2, 20), (1, 20, 0, 20)), 1, 420),  # stage 1 of it is twenty minutes: a low number, and far more
        (a_plan((1, 1, 2, 20), (2, 1, 1, 20)), 2, 600),  # asks no more than the last run did
    ],
)
def test_another_plan_while_a_symptom_holds_asks_no_more_than_the_last_run(own: str, at_stage: int, jog_s: float):
    """Stages of two ladders are compared by what they ask: a number says nothing."""
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 3)
    life.answers_all(life.runs(MONDAY, 3), evening=LEAK)
    life.tell(PlanChoice(id=0, recorded_at=MONDAY + DAY, at=MONDAY + DAY, text=own, at_stage=at_stage))
    said = life.at(MONDAY + 2 * DAY).recommendation
    assert said.prescription is not None
    assert (said.outcome, said.prescription.jog_total_s) == (Outcome.HOLD, jog_s)


def test_a_plan_that_asks_more_at_its_lowest_has_no_stage_for_her_while_a_symptom_holds():
    """Leakage, and a plan that begins with twenty minutes: anybody can type it, so there is no running by it yet."""
    life = Life.ready()
    life.answers_all(life.runs(MONDAY, 1), evening=LEAK)
    own = a_plan((1, 20, 0, 20))
    life.tell(PlanChoice(id=0, recorded_at=MONDAY + DAY, at=MONDAY + DAY, text=own, at_stage=1))
    said = life.at(MONDAY + 2 * DAY).recommendation
    assert (said.outcome, said.next_stage, said.earliest_next_run) == (Outcome.HOLD, None, None)
    assert "none of its stages asks as little as the last run" in said.reasons[-1].message
    life.tell(PlanChoice(id=0, recorded_at=MONDAY + 49 * HOUR, at=MONDAY + 49 * HOUR, text=None, at_stage=1))
    assert life.at(MONDAY + 50 * HOUR).recommendation.next_stage == 1


def test_a_plan_without_stage_0_after_a_run_at_stage_0_with_a_symptom_is_no_crash():
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 0)
    life.answers_all(life.runs(MONDAY, 0), evening=LEAK)
    own = a_plan((1, 1, 2, 20), (2, 1, 1, 20))
    life.tell(PlanChoice(id=0, recorded_at=MONDAY + DAY, at=MONDAY + DAY, text=own, at_stage=2))
    assert life.at(MONDAY + 2 * DAY).recommendation.next_stage is None  # 4 min at stage 0; it begins with 7


# --- What she reads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("window", "day"), [(AFTER, "Monday"), (NEXT_DAY, "Tuesday")])
def test_a_symptom_told_late_is_named_by_the_day_it_was_there(window: Window, day: str):
    """Pain of Monday evening, told on Friday, is written down as "on Tuesday (after the run)".

    §5: `after` is "until local midnight". The sentence goes to her physio, and names a day on which she felt nothing.
    """
    life = Life.ready()
    run = life.runs(MONDAY, 1)
    life.answers(run, MONDAY + 4 * DAY, (window,), **{**NONE, "pain": 1})
    said = " ".join(r.message for r in life.at(MONDAY + 5 * DAY).recommendation.reasons if r.code.startswith("SYM"))
    assert f"pain 1 of 10 on {day}" in said
