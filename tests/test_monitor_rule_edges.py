"""Single signs of the rules, each of which would let her run too soon or too much if it were turned round."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from analysis.bouts import Span
from analysis.findings import Finding, Level
from monitor.answers import Bleeding, CheckIn, Heaviness, LeakageOf, PainKind, Urgent, Window
from monitor.facts import Birth, Override, PlanChoice, PlanStart, SameRun
from monitor.judged import name
from monitor.progression import moves
from monitor.rules import car01, car02, gat04
from monitor.symptoms import what_severe
from tests.stories import LEAK, LISBON, MONDAY, NONE, PLAN, Life

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY + HOUR, MONDAY + 4 * DAY + 2 * HOUR
BULGE: dict[str, Any] = {**NONE, "heaviness": Heaviness.BULGE}
PAIN: dict[str, Any] = {**NONE, "pain": 1}
STRONG: dict[str, Any] = {**NONE, "pain": 4}


def runs(life: Life, start: datetime, stage: int | list[tuple[str, float]] = 1, **answers: Any) -> None:
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


def test_a_plan_chosen_at_its_lowest_stage_begins_there() -> None:
    life = Life.ready()
    life.tell(PlanChoice(id=0, recorded_at=MONDAY - HOUR, at=MONDAY - HOUR, text=None, at_stage=0))
    assert said(life, MONDAY) == ("HOLD", 0, ["PLN01"])


def test_a_word_from_before_a_birth_is_of_another_time_though_it_is_entered_after_it() -> None:
    life = Life.ready()
    a_physio_sets(life, MONDAY - DAY, 8, entered=MONDAY + HOUR)
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    assert life.at(WEDNESDAY).recommendation.last_stage is None
    assert "OVR01" not in codes(life, WEDNESDAY)


def test_a_plan_that_was_completed_is_watched_again_once_a_physio_sets_its_last_stage() -> None:
    life = Life.ready()
    a_physio_sets(life, MONDAY - HOUR, PLAN.last)
    for n in range(2):
        runs(life, MONDAY + n * 2 * DAY, PLAN.last)
    runs(life, MONDAY + 4 * DAY, PLAN.last)
    assert codes(life, MONDAY + 6 * DAY) == ["FIN01"]
    a_physio_sets(life, MONDAY + 6 * DAY, PLAN.last)
    runs(life, MONDAY + 6 * DAY + HOUR, [("jog", 2400)])
    assert "STG02" in [f.code for f in life.at(MONDAY + 8 * DAY).judged[-1].findings]


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
    a_physio_sets(life, FRIDAY - DAY, 3)
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


@pytest.mark.parametrize(("late", "stage"), [(timedelta(0), 5), (timedelta(seconds=1), None)])
def test_what_was_issued_speaks_for_its_week_and_a_day(late: timedelta, stage: int | None) -> None:
    life = Life.ready()
    life.issue_as_told(MONDAY, stage=5)
    runs(life, MONDAY + 8 * DAY + late, 5)
    assert life.at(MONDAY + 9 * DAY + HOUR).judged[-1].issued_stage == stage


@pytest.mark.parametrize(
    ("given", "issued_stage", "stage"),
    [
        (-HOUR, 3, 3),  # issued by someone who knew of the word
        (timedelta(0), 3, 3),
        (timedelta(seconds=1), None, 6),
        (HOUR, None, 6),  # at the very start of the run
        (HOUR + timedelta(seconds=1), 3, 3),  # after it
    ],
)
def test_a_physios_word_overrules_what_was_issued_before_it_up_to_the_start_of_the_run(
    given: timedelta, issued_stage: int | None, stage: int
) -> None:
    life = Life.ready()
    life.issue_as_told(MONDAY - HOUR, stage=3)
    a_physio_sets(life, MONDAY - HOUR + given, 6)
    runs(life, MONDAY, 3)
    judged = life.at(MONDAY + DAY).judged[-1]
    assert (judged.issued_stage, judged.stage) == (issued_stage, stage)


def test_what_was_issued_before_a_birth_speaks_for_no_run_after_it() -> None:
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    midnight = MONDAY.replace(hour=0)
    for issued, stage in ((midnight - timedelta(seconds=1), None), (midnight, 5)):
        again = Life(observed=[], facts=life.facts, next_id=life.next_id)
        again.issue_as_told(issued, stage=5)
        runs(again, MONDAY)
        assert again.at(WEDNESDAY).judged[-1].issued_stage == stage


@pytest.mark.parametrize(
    ("sign", "rule"), [(BULGE, car01), ({"urgent": frozenset({Urgent.CALF})}, car02)], ids=["a bulge", "an urgent sign"]
)
def test_a_run_while_there_was_to_be_none_is_told_as_a_red_flag(sign: dict[str, Any], rule: ModuleType) -> None:
    life = Life.ready()
    life.answers(None, MONDAY - HOUR, **sign)
    runs(life, MONDAY)
    (found,) = (f for f in life.at(MONDAY + DAY).judged[-1].findings if f.level is Level.RED_FLAG)
    assert found == Finding(
        code=rule.CODE,
        level=Level.RED_FLAG,
        message="this run came before a clinician had seen you and agreed to running",
        at=life.observed[-1].ended_at,
        evidence={"start": "2026-06-01T06:00:00+00:00"},
        source=rule.SOURCE,
    )


@pytest.mark.parametrize(("told", "flagged"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_a_run_is_no_fault_where_the_sign_was_told_after_it_began(told: timedelta, flagged: bool) -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.answers(None, WEDNESDAY + told, **BULGE)
    runs(life, WEDNESDAY)
    assert ("CAR01" in [f.code for f in life.at(FRIDAY).judged[-1].findings]) is flagged


def test_a_run_before_a_gate_is_told_with_its_start_and_the_gate() -> None:
    life = Life.ready(since=WEDNESDAY)
    runs(life, MONDAY)
    (found,) = life.at(WEDNESDAY + HOUR).judged[-1].findings
    assert found == Finding(
        code="GAT04",
        level=Level.LIMIT,
        message="this run came before a gate was met: readiness movements",
        at=life.observed[-1].ended_at,
        evidence={"start": "2026-06-01T06:00:00+00:00"},
        source=gat04.SOURCE,
    )


def test_nobody_is_blamed_for_the_step_the_plan_allows_though_a_lower_stage_was_issued() -> None:
    """Twelve minutes at stage 4 are far beyond the stage 3 that was issued before the last answers came in."""
    life = Life.ready()
    a_physio_sets(life, MONDAY - HOUR, 3)
    runs(life, MONDAY, 3)
    life.issue_as_told(MONDAY + DAY, stage=3)
    runs(life, WEDNESDAY, 3)
    runs(life, FRIDAY, 4)
    last = life.at(FRIDAY + DAY).judged[-1]
    assert (last.issued_stage, last.replayed_stage, last.beyond) == (3, 4, False)
    assert not [f.code for f in last.findings if f.code.startswith("STG")]


@pytest.mark.parametrize(("late", "code"), [(timedelta(0), "STG02"), (timedelta(seconds=1), "STG01")])
def test_a_run_is_the_first_again_after_more_than_28_days_and_not_on_the_28th(late: timedelta, code: str) -> None:
    life = Life.ready()
    a_physio_sets(life, MONDAY - HOUR, 3)
    runs(life, MONDAY, 3)
    back = life.observed[-1].ended_at + 28 * DAY + late
    life.move(back)
    runs(life, back, [("jog", 60), ("walk", 60)] * 8)
    assert code in [f.code for f in life.at(back + DAY).judged[-1].findings]


def test_a_stage_of_another_plan_is_no_move_up_or_down() -> None:
    own = 'name = "own"\nfirst_stage = 1\nstages = [\n{ stage = 1, jog = 1, walk = 2, main_set = 20 },\n'
    life = Life.ready()
    runs(life, MONDAY)
    at = MONDAY + DAY
    text = own + "{ stage = 2, jog = 1, walk = 2, main_set = 21 },\n]\n"
    life.tell(PlanChoice(id=0, recorded_at=at, at=at, text=text, at_stage=2))
    runs(life, WEDNESDAY, [("jog", 60), ("walk", 120)] * 7)
    standing = life.at(FRIDAY)
    assert [(j.stage, j.plan) for j in standing.judged] == [(1, standing.judged[0].plan), (2, "own")]
    assert moves(standing.judged) == ()


@pytest.mark.parametrize(("later", "spike"), [(30 * DAY - timedelta(seconds=1), False), (30 * DAY, True)])
def test_a_spike_is_one_over_the_runs_of_30_days_and_no_more(later: timedelta, spike: bool) -> None:
    life = Life.ready()
    runs(life, MONDAY, [("jog", 900)])
    runs(life, MONDAY + 20 * DAY)
    runs(life, MONDAY + later, [("jog", 900)])
    assert ("SPK01" in [f.code for f in life.at(MONDAY + 32 * DAY).judged[-1].findings]) is spike


def test_a_pain_of_the_day_after_a_run_takes_its_step_back_though_the_clocks_went_back_that_night() -> None:
    """Sunday 25 October 2026 has 25 hours: she ran at midnight, again 48 hours later, and the day in between hurt."""
    night = datetime(2026, 10, 24, 0, 0, tzinfo=LISBON)
    life = Life.ready(since=night - DAY)
    a_physio_sets(life, night - HOUR, 5)
    runs(life, night, 5)
    first = life.observed[0]
    again = first.ended_at + timedelta(hours=48, minutes=10)
    life.issue_as_told(again - HOUR, stage=5)
    runs(life, again, 5)
    life.answers(first, again + 12 * HOUR, (Window.NEXT_DAY,), **STRONG)
    told = life.at(again + 2 * DAY)
    assert told.judged[0].step_back is not None
    assert told.judged[0].step_back.at > told.judged[1].session.started_at
    assert told.recommendation.next_stage == 4


def test_the_rest_before_a_run_of_the_plan_is_told_in_seconds() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    runs(life, WEDNESDAY)
    first, second = life.at(FRIDAY).judged
    rest = life.observed[1].started_at - life.observed[0].ended_at
    assert (first.rest_before_s, second.rest_before_s) == (None, rest.total_seconds())


@pytest.mark.parametrize(
    ("window", "said"),
    [("during", "during the run"), ("after", "after the run"), ("next_day", "the next day"), ("any", "any time")],
)
def test_a_window_is_called_as_she_would_call_it(window: str, said: str) -> None:
    assert name(window) == said
