"""The report as values is what a page, a table and a program show: they must not tell two different stories."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from analysis import rounding
from analysis.plan import length
from analysis.sessions import gather
from monitor.answers import Leakage, Window
from monitor.facts import Issued, Override
from monitor.report.make_report import report_of, report_of_week
from monitor.report.model import Report
from monitor.report.said import said_by
from monitor.report.source import monday
from monitor.report.traces import STEPS, trace
from monitor.report.units import Units, distance, pace
from monitor.samples import Track
from monitor.standing import Standing, stand
from tests.stories import LISBON, MONDAY, NONE, Life, lives, run


def model(standing: Standing, **more: Any) -> Report:
    return report_of(standing, runner_name="Ana", zone=LISBON, **more)


@pytest.fixture(scope="module")
def month() -> tuple[Life, Report]:
    """Four weeks as the plan says, with one run a day too early and one leak."""

    def answer(n: int, life: Life, observed: Any) -> None:
        leak = {**NONE, "leakage": Leakage.DROPS}
        life.answers_all(observed, **({"evening": leak} if n == 4 else {}))

    life, _ = lives(
        4, jitter=lambda n: timedelta(hours=-9) if n == 7 else timedelta(), answer=answer, offset=timedelta(hours=1)
    )
    return life, model(life.at(MONDAY + timedelta(days=27, hours=12)))


def walk(value: Any, path: str = "") -> Any:
    """Yield every value with where it is."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from walk(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple | list):
        for n, one in enumerate(value):
            yield from walk(one, f"{path}[{n}]")
    else:
        yield path, value


def test_every_instant_says_its_zone_and_every_number_is_one(month: tuple[Life, Report]) -> None:
    """A naive instant is read in another zone by the next program, and a NaN breaks it."""
    for path, value in walk(month[1]):
        if isinstance(value, datetime):
            assert value.utcoffset() is not None, path
        if isinstance(value, float):
            assert abs(value) < 1e9, path  # nor a NaN, which is less than nothing


def test_every_name_that_another_value_uses_is_there(month: tuple[Life, Report]) -> None:
    """A finding about a session that is not in the report sends the reader looking for nothing."""
    report = month[1]
    known, entries = {s.id for s in report.sessions}, {c.id for c in report.check_ins}
    named = [f.session_id for f in report.findings] + [i.session_id for i in report.increases]
    named += [id for i in report.increases for id in i.in_window] + [g.before_session for g in report.rest_gaps]
    named += [id for week in report.weeks for day in week.days for id in (*day.runs, *day.walks)]
    assert set(named) <= known
    assert {id for s in report.sessions for w in s.windows for id in w.check_ins} <= entries
    assert {s.check_in for s in report.symptoms} <= entries
    issued = {r.id for r in report.recommendations}
    assert {id for week in report.weeks for id in week.recommendations} == issued
    assert {f.code for f in report.findings} <= {rule.code for rule in report.rules}


def test_every_run_is_on_its_day_and_in_its_week_once(month: tuple[Life, Report]) -> None:
    """A run that is missing from the calendar looks like rest."""
    report = month[1]
    days = [(id, day.on) for week in report.weeks for day in week.days for id in day.runs]
    assert sorted(days) == sorted((s.id, s.local_date) for s in report.sessions if s.kind == "run")
    assert sum(week.runs for week in report.weeks) == len(days)
    for week in report.weeks:
        of_week = [s for s in report.sessions if week.monday <= s.local_date <= week.sunday and s.performed]
        assert week.jog_total_s == pytest.approx(sum(s.performed.jog_s for s in of_week if s.performed), abs=0.05)


def test_a_short_rest_is_marked_on_its_gap_as_in_its_finding(month: tuple[Life, Report]) -> None:
    """The rest chart and the finding beside it would otherwise contradict each other."""
    report = month[1]
    short = {g.before_session: g for g in report.rest_gaps if g.level != "kept"}
    found = {f.session_id: f for f in report.findings if f.code == "RST01"}
    assert short.keys() == found.keys()
    assert any(g.level == "limit" for g in short.values())
    for id, gap in short.items():
        assert gap.level == found[id].level
        assert gap.rest_s + gap.short_s == 48 * 3600
        assert report.session(id).rest_before_s == gap.rest_s
        assert gap.rest_h < 48


def test_a_symptom_marks_the_day_it_was_felt_also_when_it_is_told_late() -> None:
    """Told on Thursday for Monday's evening, a leak on Thursday would be another story."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    leak = {**NONE, "leakage": Leakage.DROPS}
    life.answers(first, MONDAY + timedelta(days=3), (Window.AFTER,), **leak)
    report = model(life.at(MONDAY + timedelta(days=4)))
    assert [(s.on, s.window) for s in report.symptoms] == [(MONDAY.date(), "after")]
    (marked,) = [day.on for week in report.weeks for day in week.days if day.worst_symptom]
    assert marked == MONDAY.date()
    assert [c.late for c in report.check_ins] == [True]


def test_an_unanswered_question_is_null_and_not_none() -> None:
    """No entry is not the same as no symptoms."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers(first, MONDAY + timedelta(hours=3), (Window.AFTER,), pain=0)
    report = model(life.at(MONDAY + timedelta(days=3)))
    (entry,) = report.check_ins
    assert (entry.pain, entry.leakage, entry.heaviness) == (0, None, None)
    assert {w.window: w.state for w in report.sessions[0].windows} == dict.fromkeys(
        ("during", "after", "next_day"), "unanswered"
    )


def test_what_she_ignores_is_told_and_counts_nowhere() -> None:
    """Left out without a trace, a run of hers would be missed by her physiotherapist; counted, it would be blamed."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    other = life.runs(MONDAY + timedelta(days=2), 1)
    life.ignores(other, MONDAY + timedelta(days=2, hours=2), "not my run")
    report = model(life.at(MONDAY + timedelta(days=4)))
    assert [(s.counted, s.ignored_because, s.verdict) for s in report.sessions] == [
        ("counted", None, "not clean"),
        ("ignored", "not my run", None),
    ]
    assert report.weeks[-1].runs == 1
    assert report.weeks[-1].days[2].ignored == (report.sessions[1].id,)
    assert report.sessions[0].files[0].recording == first.identity


def test_a_run_dated_ahead_is_named() -> None:
    """It holds her plan; left out of the report, nobody would know what to mend."""
    life = Life.ready()
    life.runs(MONDAY + timedelta(days=40), 1)
    now = MONDAY.astimezone(UTC)
    report = model(stand(life.facts, life.observed, now, present=True))
    assert [(s.counted, s.verdict) for s in report.sessions] == [("ahead", None)]
    assert report.summary.outcome == "HOLD"


def test_a_past_week_says_what_was_issued_then_and_what_is_known_now() -> None:
    """A sheet that puts today's verdict under last month's date would rewrite what she was told."""
    life = Life.ready()
    life.answers_all(life.runs(MONDAY, 1))
    sunday = MONDAY + timedelta(days=6, hours=11)
    life.tell(
        Issued(
            id=0,
            recorded_at=sunday.astimezone(UTC),
            outcome="HOLD",
            next_stage=1,
            rules_version="1",
            recommendation=life.at(sunday).recommendation.as_json(),
        )
    )
    life.answers_all(life.runs(MONDAY + timedelta(days=7), 1))
    now = life.at(MONDAY + timedelta(days=16))
    start = monday(MONDAY.date())
    said = said_by(now, start, LISBON, lambda: life.observed)
    report = report_of_week(now, start, runner_name="Ana", zone=LISBON, said=said, then=life.at(said.end))
    assert report.week == "2026-W23"
    assert (report.period_from, report.period_to) == (date(2026, 6, 1), date(2026, 6, 7))
    assert report.summary.source == "issued"
    assert report.summary.as_of == sunday
    assert [s.local_date for s in report.sessions] == [date(2026, 6, 1)]
    assert report.written_at == now.recommendation.as_of
    assert report.as_of == datetime(2026, 6, 7, 23, 59, 59, 999999, tzinfo=LISBON)
    whole = model(now)
    assert whole.session(report.sessions[0].id) == report.sessions[0]


def test_what_moved_the_plan_is_dated_and_given_its_reason() -> None:
    """A stage that a physio set must not look like the plan's own step."""
    life = Life.ready()
    life.answers_all(life.runs(MONDAY, 1))
    set_at = (MONDAY + timedelta(days=1)).astimezone(UTC)
    life.tell(Override(id=0, recorded_at=set_at, at=set_at, stage=3, because="strong at the visit"))
    life.answers_all(life.runs(MONDAY + timedelta(days=3), 3))
    moves = model(life.at(MONDAY + timedelta(days=5))).summary.moved_this_week
    assert [(m.kind, m.from_stage, m.to_stage, m.because) for m in moves] == [
        ("began", None, 1, None),
        ("up", 1, 3, None),
        ("set", None, 3, "strong at the visit"),
    ]


def test_a_bout_names_its_file_and_second() -> None:
    """A clinician who doubts a jog must find it in the export."""
    life = Life.ready()
    first = life.runs(MONDAY, 1, identity="a" * 64 + "-0")
    (session,) = model(life.at(MONDAY + timedelta(days=1))).sessions
    assert session.files[0].sha256 == "a" * 64
    assert [(b.gait, b.start, b.end) for b in session.bouts] == [(b.gait.value, b.start, b.end) for b in first.bouts]
    assert {b.recording for b in session.bouts} == {first.identity}
    assert session.bouts[1].start_s == session.bouts[0].length_s


@pytest.mark.parametrize("exact", [422.46, 422.449, 59.95, 60.5, 0.04, 3599.96, 89.5, 90.449999])
def test_a_length_reads_alike_from_the_exact_and_from_the_rounded_number(exact: float) -> None:
    """7 min 2 s on the page and 423 s in the table would be two runs."""
    assert length(exact) == length(rounding.seconds(exact))
    assert rounding.seconds(rounding.seconds(exact)) == rounding.seconds(exact)
    assert rounding.whole_error_s(exact) == rounding.whole_error_s(rounding.error_s(exact)) >= exact
    assert rounding.down(exact) <= exact


def test_a_trace_keeps_the_time_of_what_it_averages() -> None:
    """Speed drawn ten seconds beside its bout would show her jogging in her walk break."""
    observed = run(MONDAY, [("walk", 300.0), ("jog", 300.0), ("walk", 301.0)])
    (session,) = gather([observed], lambda _: LISBON)
    speed = [1.0] * 300 + [3.0] * 300 + [1.0] * 301
    drawn = trace(session, [Track(start=observed.started_at, speed_mps=speed, cadence_spm=[None] * 901)])
    assert drawn.step_s == 4.0
    assert len(drawn.speed_mps) == 226 <= STEPS
    assert drawn.speed_mps[74:76] == (1.0, 3.0)
    assert drawn.speed_mps[149:151] == (3.0, 1.0)
    assert set(drawn.cadence_spm) == {None}
    assert trace(session, [], ["gone"]).troubles == ("gone",)
    assert trace(session, []).speed_mps == ()


def test_miles_are_miles() -> None:
    """A pace per mile under a heading of kilometres would make her run half as fast again."""
    assert distance(3218.7, Units.IMPERIAL) == "2.00 mi"
    assert distance(3218.7) == "3.22 km"
    assert pace(2.5) == "6:40 min/km"
    assert pace(2.5, Units.IMPERIAL) == "10:44 min/mi"
    assert pace(0.05) is None
    assert pace(None) is None


def test_a_runner_without_a_single_fact_has_a_report() -> None:
    """The first thing a new runner opens must not fail, and must say what was assumed of her."""
    report = model(Life().at(MONDAY))
    assert report.sessions == ()
    assert report.days_since_birth is None
    assert [note.code for note in report.assumptions] == ["zone_not_set"]
    assert not any(gate.met for gate in report.gates)
    assert [m.passed for m in report.gates[3].movements] == [None] * 7
    assert re.match("No run", report.weeks[0].text)


def test_a_corrected_entry_stands_beside_the_one_in_its_place() -> None:
    """What she said first and took back belongs to the record, and must not be counted."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers(first, MONDAY + timedelta(hours=3), (Window.AFTER,), **{**NONE, "pain": 2})
    wrong = life.facts.check_ins[-1]
    right = replace(wrong, id=life.next_id, pain=0, replaces=wrong.id, recorded_at=wrong.recorded_at)
    life.tell(right)
    entries = {c.id: c for c in model(life.at(MONDAY + timedelta(days=1))).check_ins}
    assert (entries[wrong.id].counts, entries[wrong.id].replaced_by) == (False, right.id)
    assert (entries[right.id].counts, entries[right.id].replaces) == (True, wrong.id)
