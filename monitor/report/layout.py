"""What the templates lay out: the report's values beside its charts, with nothing left to work out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from zoneinfo import ZoneInfo

from analysis.checks import rst01
from monitor.report import wording
from monitor.report.charts import progression, rest, strip, symptoms, trace
from monitor.report.charts.axes import Days
from monitor.report.charts.shapes import Chart, Key, used
from monitor.report.glance import Glances, glances, runs, so_far, weighty
from monitor.report.model import Report
from monitor.report.model_answers import CheckInView, SymptomView
from monitor.report.model_sessions import FindingView, SessionView
from monitor.report.model_weeks import WeekView
from monitor.report.states import State, earned_stage, state

RECENT = timedelta(weeks=12)
"""Runs of this long before the end stand open on the page; earlier ones are folded, so that the new come first."""
ON_PAPER = timedelta(weeks=4)  # of these the traces are printed too, unasked
OPEN_WEEKS = 16  # the same for weeks, of which one is a line
EMPTY_DAY = ((), (), (), (), None, (), ())
ALIKE = 2  # from so many weeks in a row on in which nothing happened they are one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A running session with what she said about it and its drawing."""

    session: SessionView
    state: State | None
    earned: int | None  # the stage whose limits judged it, where it is not the one that was asked
    remarks: tuple[tuple[str, str, str], ...]  # (level or "", sentence, code)
    check_ins: tuple[CheckInView, ...]  # those that say more than its windows show
    trace: Chart | None
    troubles: tuple[str, ...]
    zone: timezone  # of the clock where she ran
    on_paper: bool  # its trace is printed with the report


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an entry tells of one or several windows, with its note."""

    symptom: SymptomView
    windows: tuple[str, ...]
    run: SessionView | None
    note: str | None
    is_again: bool  # of an entry that is named above already, with its note


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A line of the weeks: one, or several in which nothing happened."""

    last: WeekView
    first: WeekView
    count: int
    strip: Chart | None  # None of several
    so_far: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding, with the run it is about."""

    finding: FindingView
    run: SessionView


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A report as its page shows it."""

    report: Report
    zone: ZoneInfo
    rests_until: bool  # the next run is asked to wait for the rest after the last one, and for nothing else
    glances: Glances
    weeks: tuple[Week, ...]  # newest first
    earlier_weeks: tuple[Week, ...]
    progression: Chart
    rest: Chart
    symptoms: Chart
    told: tuple[Told, ...]  # newest first
    runs: tuple[Run, ...]  # newest first
    earlier_runs: tuple[Run, ...]
    others: tuple[SessionView, ...]  # walks, other training, newest first
    left_out: tuple[SessionView, ...]  # ignored by her, or of a time to come
    loose: tuple[CheckInView, ...]  # about no session, newest first
    entries: Mapping[int | None, CheckInView]  # all of hers, by number
    findings: tuple[Found, ...]  # newest first
    earlier_findings: tuple[Found, ...]
    strip_key: tuple[Key, ...]
    trace_key: tuple[Key, ...]


def lay_out(report: Report) -> Layout:
    """Put a report beside its charts."""
    zone = ZoneInfo(report.zone)
    of_plan = runs(report)
    by_id = {s.id: s for s in report.sessions}
    days = Days(
        first=report.period_from, last=max(report.period_to, _sunday(report.period_to), report.period_from), zone=zone
    )
    all_runs = [_run(s, report) for s in reversed(of_plan)]
    since = report.period_to - RECENT
    found = [Found(finding=f, run=by_id[f.session_id]) for f in weighty(report.findings)]
    strips = tuple(strip.strips(report))
    weeks = tuple(_weeks(strips, of_plan, report.as_of))
    return Layout(
        report=report,
        zone=zone,
        rests_until=bool(of_plan) and report.summary.earliest_next_run == of_plan[-1].ended_at + rst01.REST,
        glances=glances(report),
        weeks=weeks[:OPEN_WEEKS],
        earlier_weeks=weeks[OPEN_WEEKS:],
        progression=progression.progression(of_plan, report.increases, days),
        rest=rest.rest(report.rest_gaps, by_id, days),
        symptoms=symptoms.symptoms(of_plan, report.symptoms, days, as_of=report.as_of),
        told=tuple(_told(report, by_id)),
        runs=tuple(r for r in all_runs if r.session.local_date > since),
        earlier_runs=tuple(r for r in all_runs if r.session.local_date <= since),
        others=_newest(s for s in report.sessions if s.kind != "run" and s.counted == "counted"),
        left_out=_newest(s for s in report.sessions if s.counted != "counted"),
        loose=tuple(c for c in reversed(report.check_ins) if c.session_id is None),
        entries={c.id: c for c in report.check_ins},
        findings=tuple(f for f in found if f.run.local_date > since),
        earlier_findings=tuple(f for f in found if f.run.local_date <= since),
        strip_key=used(strip.KEY, (shape for _, drawn in strips for shape in drawn.shapes)),
        trace_key=used(trace.KEY, (shape for run in all_runs if run.trace for shape in run.trace.shapes)),
    )


def _weeks(strips: Sequence[tuple[WeekView, Chart]], of_plan: Sequence[SessionView], as_of: datetime) -> Iterator[Week]:
    """Give the weeks, newest first; several in a row in which nothing happened are one line, but for the newest."""
    newest = strips[0][0].id if strips else ""
    for is_empty, group in groupby(strips, key=lambda pair: pair[0].id != newest and _is_empty(pair[0])):
        listed = list(group)
        if is_empty and len(listed) >= ALIKE:
            yield Week(last=listed[0][0], first=listed[-1][0], count=len(listed), strip=None, so_far="")
            continue
        for week, drawn in listed:
            mine = [s for s in of_plan if week.monday <= s.local_date <= week.sunday]
            yield Week(last=week, first=week, count=1, strip=drawn, so_far=so_far(mine, as_of))


def _is_empty(week: WeekView) -> bool:
    return not week.moves and not any(
        (day.runs, day.walks, day.cross_training, day.ignored, day.foundation, day.check_ins, day.symptoms) != EMPTY_DAY
        for day in week.days
    )


def _told(report: Report, by_id: Mapping[str, SessionView]) -> Iterator[Told]:
    """Give the symptoms, newest first, each note where its entry is first named."""
    notes = {c.id: c.note for c in report.check_ins if c.note}
    same: dict[tuple[int, date, tuple[str, ...]], list[SymptomView]] = {}
    for symptom in report.symptoms:
        same.setdefault((symptom.check_in, symptom.on, symptom.what), []).append(symptom)
    named: set[int] = set()
    for symptoms_ in reversed(same.values()):
        symptom = symptoms_[0]
        is_again = symptom.check_in in named
        yield Told(
            symptom=symptom,
            windows=tuple(s.window for s in symptoms_),
            run=by_id.get(symptom.session_id or ""),
            note=None if is_again else notes.get(symptom.check_in),
            is_again=is_again,
        )
        named.add(symptom.check_in)


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _newest(sessions: Iterable[SessionView]) -> tuple[SessionView, ...]:
    return tuple(sorted(sessions, key=lambda s: s.started_at, reverse=True))


def _run(session: SessionView, report: Report) -> Run:
    """Gather what belongs to a run."""
    zone = timezone(timedelta(seconds=session.utc_offset_s))
    held = report.trace(session.id)
    drawn = None if held is None else trace.trace(session, held, zone)
    return Run(
        session=session,
        state=state(session, report.as_of),
        earned=earned_stage(session),
        remarks=tuple(_remarks(session)),
        check_ins=tuple(c for c in report.check_ins if c.session_id == session.id),
        trace=drawn if drawn else None,
        troubles=() if held is None else held.troubles,
        zone=zone,
        on_paper=session.local_date > report.period_to - ON_PAPER,
    )


def _remarks(session: SessionView) -> Sequence[tuple[str, str, str]]:
    """Say each thing once: a finding where there is one, and else, in one line, what kept the run from being clean."""
    said = {wording.sentence(f.message) for f in session.findings}
    found = [(f.level, f.message, f.code) for f in session.findings]
    others = [why for why in session.why_not_clean if wording.sentence(why) not in said]
    return [*found, ("", "; ".join(others), "")] if others else found
