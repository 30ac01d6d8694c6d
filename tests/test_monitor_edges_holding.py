"""What holds, at its edges: from which instant, of which time, and what has not resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from analysis.bouts import Span
from monitor.answers import Bleeding, CheckIn, Heaviness, Leakage, LeakageOf, PainKind, Urgent, Window
from monitor.facts import Birth, SameRun
from monitor.symptoms import what_severe, what_symptoms
from tests.edges import BULGE, DAY, FRIDAY, HOUR, PAIN, WEDNESDAY, codes, runs, said
from tests.stories import LEAK, MONDAY, Life


def test_what_a_clinician_has_to_see_holds_from_the_instant_it_is_told() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY, **BULGE)
    assert codes(life, WEDNESDAY)[0] == "CAR01"


@pytest.mark.parametrize("sign", [BULGE, {"urgent": frozenset({Urgent.CALF})}], ids=["a bulge", "an urgent sign"])
def test_no_time_for_a_run_is_named_while_a_clinician_has_to_see_a_sign(sign: dict[str, Any]) -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY, **sign)
    assert life.at(FRIDAY).recommendation.earliest_next_run is None


def test_two_clean_runs_and_a_third_that_nobody_can_judge_carry_no_step_up() -> None:
    """The third may have been far too much: unknown means hold, however well the two before it went."""
    life = Life.ready()
    runs(life, MONDAY)
    runs(life, WEDNESDAY)
    assert said(life, FRIDAY)[0] == "PROGRESS"
    life.issue_as_told(WEDNESDAY + HOUR, stage=1)  # she runs as she was told before she had answered
    minute = FRIDAY.astimezone(UTC) + timedelta(minutes=3)
    lost = Span(start=minute, end=minute + timedelta(seconds=61))
    life.answers_all(life.runs(FRIDAY, 1, gaps=(lost,)))
    assert said(life, FRIDAY + 2 * DAY + HOUR) == ("HOLD", 1, ["DAT01"])


def test_a_physios_word_is_not_held_for_an_answer_about_an_older_run() -> None:
    life = Life.ready()
    life.runs(MONDAY, 1)
    runs(life, WEDNESDAY)
    life.a_physio_sets(FRIDAY - DAY, 3)
    assert said(life, FRIDAY) == ("HOLD", 3, ["OVR01"])


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
    assert what_symptoms(replace(entry, site="hip", gait_changed=True, urgent=frozenset({Urgent.CALF}))) == (
        "pain at night 6 of 10 (hip)",
        "leakage of stool",
        "a bulge felt",
        "new or increased bleeding",
        "limping or guarding",
        "pain or swelling in one calf",
    )
    lighter = replace(entry, pain_kind=None, leakage=Leakage.DROPS, leakage_of=None, heaviness=Heaviness.CLEAR)
    assert what_symptoms(replace(lighter, bleeding=Bleeding.SAME)) == (
        "pain 6 of 10",
        "leakage (drops)",
        "heaviness (clear)",
    )
    assert what_severe(entry) == (
        "pain 6 of 10",
        "pain at night",
        "leakage of stool",
        "a bulge felt",
        "new or increased bleeding",
    )
