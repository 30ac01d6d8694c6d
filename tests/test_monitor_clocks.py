"""Words told late, forms filled in on a phone, clocks set wrong: none of them talks the plan into PROGRESS."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.answers import CheckIn, Heaviness, Urgent, Window
from monitor.facts import ManualSession, Seen
from monitor.recommendation import Outcome
from monitor.standing import Standing, stand
from tests.stories import LEAK, MONDAY, NONE, Life, codes, two_clean_runs

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


def test_a_physios_word_from_before_the_symptom_settles_nothing_though_it_was_entered_later():
    """The physio spoke on Monday morning, pain 4 came in Monday's run, the word was entered on Tuesday: no step back.

    ADR 0006: "A physio's word on the stage *given* after the symptom settles it". §6: "order of entry does not matter"
    — entered on Monday the same word gives stage 4.
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5, entered=MONDAY + DAY)
    life.answers_all(life.runs(MONDAY, 5), evening={**NONE, "pain": 4})
    assert life.at(MONDAY + 2 * DAY).recommendation.next_stage == 4


def test_a_physios_word_entered_late_does_not_take_back_a_step_that_was_made_after_it():
    """Stage 5 set on Monday, pain 4, stage 4 told and run on Wednesday; the word, entered on Thursday, says 5 again.

    SYM02: "one stage back"; §6: "order of entry does not matter".
    """
    life = Life.ready()
    life.a_physio_sets(MONDAY - 2 * HOUR, 5, entered=MONDAY + 3 * DAY)
    life.issue_as_told(MONDAY - HOUR, stage=5)
    life.answers_all(life.runs(MONDAY, 5), evening={**NONE, "pain": 4})
    life.issue_as_told(MONDAY + DAY, stage=4)
    runs_clean(life, MONDAY + 2 * DAY + HOUR, 4)
    assert life.at(MONDAY + 4 * DAY + 2 * HOUR).recommendation.next_stage == 4


@pytest.mark.parametrize("what", [BULGE, {"urgent": frozenset({Urgent.CALF})}], ids=["CAR01", "CAR02"])
@pytest.mark.parametrize("told", ["answered", "recorded"])
def test_a_grave_symptom_is_not_lost_to_a_clock_that_was_years_behind(what: dict[str, Any], told: str):
    """A bulge, or one swollen calf, told by a phone whose clock stands in 2000, about no run: PROGRESS.

    CAR01/CAR02: "HOLD … until a fact says seen by a clinician". It counts as one from before the birth. About a run the
    instant is put right; about no run nobody knows when it was, and unknown means hold.
    """
    life = two_clean_runs()
    wrong = datetime(2000, 1, 1, 12, tzinfo=UTC)
    if told == "answered":
        life.says(MONDAY + 3 * DAY, what=what, answered_at=wrong)
    else:
        life.says(wrong, what=what)
    assert held(stand(life.facts, life.observed, FRIDAY.astimezone(UTC), present=True))


def test_a_grave_symptom_logged_by_a_clock_that_ran_ahead_is_not_cleared_by_a_correction():
    """A bulge logged while the clock ran a year ahead, corrected to none eight hours later: PROGRESS.

    CAR01: 'A "none" does not clear it.' ADR 0006: it stands "unless the correction came within an hour, as a slip". The
    entry is taken as one of now, so that every correction comes before it, and passes as a slip.
    """
    life = two_clean_runs()
    entry = life.says(MONDAY + 3 * DAY + 365 * DAY, what=BULGE)
    assert held(stand(life.facts, life.observed, FRIDAY.astimezone(UTC), present=True))
    life.says(MONDAY + 3 * DAY + 8 * HOUR, what=NONE, replaces=entry.id)
    assert held(stand(life.facts, life.observed, FRIDAY.astimezone(UTC), present=True))


def test_a_correction_dated_before_its_entry_is_no_slip():
    """A bulge on Thursday; the clock is set back five hours, and the correction carries the earlier time: PROGRESS.

    ADR 0006: what a clinician has to see stands "unless the correction came within an hour". How long it really took
    nobody knows.
    """
    life = two_clean_runs()
    entry = life.says(MONDAY + 3 * DAY, what=BULGE)
    life.says(MONDAY + 3 * DAY - 5 * HOUR, what=NONE, replaces=entry.id)
    assert held(life.at(FRIDAY))


def test_the_hour_for_a_slip_counts_from_when_she_answered_and_not_from_when_the_form_came_in():
    """A bulge answered on Tuesday on a form, read in on Thursday, corrected half an hour after that: PROGRESS.

    ADR 0006: "unless the correction came within an hour, as a slip". She took it back two days after she said it.
    """
    life = two_clean_runs()
    entry = life.says(MONDAY + 3 * DAY, what=BULGE, answered_at=(MONDAY + DAY).astimezone(UTC))
    life.says(MONDAY + 3 * DAY + HOUR / 2, what=NONE, replaces=entry.id)
    assert held(life.at(FRIDAY))


def test_a_grave_symptom_said_twice_is_not_taken_back_link_by_link():
    """A bulge, 50 minutes later corrected to a bulge again, 50 minutes later to none: PROGRESS 100 minutes on.

    ADR 0006: the correction that clears it came more than an hour after the entry. So a chain of corrections can clear
    CAR01 after any time, each link within its hour.
    """
    life = two_clean_runs()
    at = MONDAY + 3 * DAY
    first = life.says(at, what=BULGE)
    second = life.says(at + timedelta(minutes=50), what=BULGE, replaces=first.id)
    life.says(at + timedelta(minutes=100), what=NONE, replaces=second.id)
    assert held(life.at(FRIDAY))


def test_a_run_told_by_hand_while_the_clock_ran_ahead_still_counts_or_holds():
    """A run of Thursday, one day after Wednesday's, entered while the clock ran three days ahead: it is unknown.

    RST01: 48 h rest, level limit. §6: PROGRESS is never said beside a limit of the last 7 days. A recording dated ahead
    holds (CLK01), a symptom entered ahead counts as of now; a run told by hand just vanishes, and PROGRESS is said.
    """
    life = two_clean_runs()
    thursday = (MONDAY + 3 * DAY).astimezone(UTC)
    life.tell(ManualSession(id=0, recorded_at=thursday + 3 * DAY, started_at=thursday, jog_s=60, walk_s=120, repeats=7))
    assert held(stand(life.facts, life.observed, FRIDAY.astimezone(UTC), present=True))


def test_a_leak_by_a_clock_that_was_years_behind_holds_and_a_clean_run_resolves_it():
    """A phone that stands in 2000 tells of a leak about no run; it would count as one from before the birth."""
    life = two_clean_runs()
    life.says(datetime(2000, 1, 1, tzinfo=UTC), what=LEAK)
    life.answers_all(life.runs(FRIDAY + HOUR, 1))
    now = FRIDAY.astimezone(UTC)
    assert codes(stand(life.facts, life.observed[:2], now, present=True)) == {"SYM01"}
    runs_clean(life, FRIDAY + 3 * DAY)
    now = (FRIDAY + 5 * DAY).astimezone(UTC)
    assert "SYM01" not in codes(stand(life.facts, life.observed, now, present=True))


def test_a_visit_told_next_clears_a_sign_told_by_a_wrong_clock():
    """The clock is put right, and the clinician was seen: no date to come has to be waited for."""
    life = two_clean_runs()
    life.says(MONDAY + 365 * DAY, what=BULGE)
    now = (FRIDAY + 2 * HOUR).astimezone(UTC)
    assert "CAR01" in codes(stand(life.facts, life.observed, now, present=True))
    life.tell(Seen(id=0, recorded_at=FRIDAY + HOUR, on=FRIDAY.date()))
    assert "CAR01" not in codes(stand(life.facts, life.observed, now, present=True))


def test_many_corrections_of_corrections_end_in_a_verdict():
    """A program that writes for her may correct one entry over and over; the plan still has to answer."""
    life = two_clean_runs()
    entry = life.says(MONDAY + 3 * DAY, what=LEAK)
    for n in range(1500):
        entry = life.says(MONDAY + 3 * DAY + timedelta(seconds=n), what=LEAK, replaces=entry.id)
    assert codes(life.at(FRIDAY)) == {"SYM01"}


def test_an_entry_with_an_earlier_number_takes_nothing_back():
    """A drop that was added by a correction stays, whatever stands before it in the database."""
    life = two_clean_runs()
    none = life.says(MONDAY + 3 * DAY, what=NONE)
    drops = life.says(MONDAY + 3 * DAY + HOUR, what=LEAK, replaces=none.id)
    odd = CheckIn(id=1, recorded_at=MONDAY, recording=None, windows=frozenset(), replaces=drops.id)
    life.facts = replace(life.facts, check_ins=(odd, *life.facts.check_ins))
    assert codes(life.at(FRIDAY)) == {"SYM01"}
