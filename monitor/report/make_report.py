"""From a standing to the report as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo
from importlib import metadata

from monitor.foundation import foundation_days
from monitor.report.gates import gate_views
from monitor.report.make_answers import check_in_views, symptom_views
from monitor.report.make_sessions import session_view
from monitor.report.make_summary import move_views, plan_view, recommendation_views, summary_view
from monitor.report.make_weeks import increase_views, rest_gap_views, week_views
from monitor.report.model import FORMAT_VERSION, Report, RuleView, StatementsView
from monitor.report.model_sessions import NoteView, SessionView, TraceView
from monitor.report.said import SaidBy
from monitor.report.source import Source, monday, week_id
from monitor.rules import catalogue
from monitor.standing import Standing

MOST_WEEKS = 520
"""A wrong clock in one file must not make a report of a thousand empty weeks."""

STATEMENTS = StatementsView(
    not_medical=(
        "This is a log and a planner that applies the limits entered for this runner. It is not a medical device and "
        "gives no advice on treatment. With questions or lingering symptoms, a pelvic-health physiotherapist is the "
        "person to ask."
    ),
    evidence=(
        "Most of the evidence behind plans of this kind is expert opinion. The first stage, the 48 hours of rest and "
        "the two increases a week come from published advice; the rest of the default ladder and the tolerances are "
        "choices of this product."
    ),
    clean=(
        "A clean run is one within every limit of its stage, long enough for it, with the check-ins after it and on "
        "the next day answered and no pain, leakage or heaviness in any."
    ),
    error="“±” is the error of the jogging time, 95 %: how far the recording may be off.",
)


def report_of(
    standing: Standing,
    *,
    runner_name: str,
    zone: tzinfo,
    weeks: int | None = None,
    traces: Iterable[TraceView] = (),
) -> Report:
    """Build the report over some weeks up to now.

    Args:
        standing: everything derived, at an instant.
        runner_name: as she wrote it.
        zone: the zone in which days and weeks are hers.
        weeks: how many weeks to show, the current one included; None for all since anything happened.
        traces: of the sessions for which one is wanted; each costs reading a file (monitor.report.traces).
    """
    source = Source(standing=standing, zone=zone)
    this_week = monday(source.local_date(standing.recommendation.as_of))
    first = min((monday(day) for day in _days(source)), default=this_week)
    shown = (this_week - first).days // 7 + 1 if weeks is None else max(1, weeks)
    start = this_week - timedelta(days=7 * (min(shown, MOST_WEEKS) - 1))
    return _report(source, runner_name, start, this_week, said=None, then=standing, traces=traces)


def report_of_week(
    standing: Standing,
    start: date,
    *,
    runner_name: str,
    zone: tzinfo,
    said: SaidBy | None = None,
    then: Standing | None = None,
    traces: Iterable[TraceView] = (),
) -> Report:
    """Build the report of one week: what was done as it is known now, and what stood at its end.

    Args:
        standing: everything derived, now.
        start: the Monday of the week.
        runner_name: as she wrote it.
        zone: the zone in which days and weeks are hers.
        said: of a past week the recommendation that stood at its end (monitor.report.said); None for the current one.
        then: of a past week the standing at its end, for gates and plan; None for the current one.
        traces: of the sessions for which one is wanted.
    """
    source = Source(standing=standing, zone=zone)
    return _report(source, runner_name, start, start, said=said, then=then or standing, traces=traces, one=True)


def _report(
    source: Source,
    runner_name: str,
    start: date,
    last: date,
    *,
    said: SaidBy | None,
    then: Standing,
    traces: Iterable[TraceView],
    one: bool = False,
) -> Report:
    standing, zone = source.standing, source.zone
    now = standing.recommendation.as_of
    as_of = now if said is None else said.end
    end = last + timedelta(days=6)

    def inside(on: date) -> bool:
        return start <= on <= end

    ahead = not one  # what is dated ahead holds the plan, so the whole report names it
    sessions = session_views(source, inside, ahead=ahead)
    known = {s.id for s in sessions}
    check_ins = tuple(
        c for c in check_in_views(source) if inside(source.local_date(c.said_at)) or c.session_id in known
    )
    symptoms = tuple(s for s in symptom_views(source) if inside(s.on) or s.session_id in known)
    issued = (i for i in standing.facts.issued if inside(source.local_date(i.recorded_at)))
    recommendations = tuple(recommendation_views(issued, zone))
    mondays = [start + timedelta(days=7 * n) for n in range((last - start).days // 7 + 1)]
    week_of_as_of = monday(source.local_date(as_of))
    summary = summary_view(
        standing.recommendation.as_json() if said is None else said.said,
        "now" if said is None else said.source,
        move_views(source, week_of_as_of, week_of_as_of + timedelta(days=6)),
    )
    findings = tuple(found for session in sessions for found in session.findings)
    gates = gate_views(then, zone)
    codes = {reason.code for reason in summary.reasons} | {found.code for found in findings}
    codes |= {reason.code for given in recommendations for reason in given.reasons} | {gate.code for gate in gates}
    return Report(
        format_version=FORMAT_VERSION,
        product=f"Restride {_version()}",
        runner=runner_name,
        zone=str(zone),
        as_of=as_of,
        written_at=now,
        week=week_id(start) if one else None,
        period_from=start,
        period_to=end if one else source.local_date(now),
        earlier_runs=sum(j.session.local_date < start for j in standing.judged),
        days_since_birth=_days_since_birth(source, as_of),
        summary=summary,
        plan=plan_view(then, zone),
        gates=gates,
        weeks=tuple(week_views(source, mondays, sessions, check_ins, symptoms, recommendations)),
        sessions=sessions,
        rest_gaps=tuple(gap for gap in rest_gap_views(standing.judged) if gap.before_session in known),
        increases=tuple(one for one in increase_views(source) if one.session_id in known),
        findings=findings,
        check_ins=check_ins,
        symptoms=symptoms,
        recommendations=recommendations,
        assumptions=(*_assumed_of_her(standing), *(n for s in sessions for n in s.notes if n.assumed)),
        traces=tuple(trace for trace in traces if trace.session_id in known),
        rules=rule_views(codes),
        statements=STATEMENTS,
    )


def session_views(
    source: Source, inside: Callable[[date], bool] = lambda on: True, *, ahead: bool = True
) -> tuple[SessionView, ...]:
    """Write sessions in time order: those that count, those left out, and those dated ahead.

    Args:
        source: where from.
        inside: says of which local days.
        ahead: whether those dated ahead are wanted, whatever their day.
    """
    standing = source.standing
    found = [session_view(s, source) for s in standing.sessions if inside(s.local_date)]
    found += [
        session_view(left.session, source, counted="ignored", ignored_because=left.because)
        for left in standing.ignored
        if inside(left.session.local_date)
    ]
    found += [session_view(s, source, counted="ahead") for s in standing.ahead if ahead or inside(s.local_date)]
    return tuple(sorted(found, key=lambda s: (s.started_at, s.id)))


def rule_views(codes: Iterable[str]) -> tuple[RuleView, ...]:
    """Explain these codes, in order; one of an older version of the rules is left out."""
    known = {rule.code: rule for rule in catalogue.rules()}
    return tuple(
        RuleView(code=rule.code, title=rule.title, level=rule.level, what=rule.what, why=rule.why, source=rule.source)
        for rule in (known[code] for code in sorted(set(codes) & known.keys()))
    )


def _assumed_of_her(standing: Standing) -> list[NoteView]:
    """Say what was assumed of the runner herself."""
    if any(setting.key == "zone" for setting in standing.facts.settings):
        return []
    message = "No time zone was set, so days are taken to be those of UTC: `restride init --zone`."
    return [NoteView(code="zone_not_set", message=message, assumed=True, session_id=None, file_name=None)]


def _days_since_birth(source: Source, as_of: datetime) -> int | None:
    today = source.local_date(as_of)
    birth = source.standing.facts.birth_at(today)
    return None if birth is None else (today - birth.on).days


def _days(source: Source) -> list[date]:
    """List the days on which something happened that the weeks show."""
    standing = source.standing
    instants = [c.said_at for c in standing.facts.check_ins] + [i.recorded_at for i in standing.facts.issued]
    days = [day.on for day in foundation_days(standing.facts.foundation, standing.recommendation.as_of)]
    days += [left.session.local_date for left in standing.ignored] + [s.local_date for s in standing.sessions]
    return days + [source.local_date(instant) for instant in instants]


def _version() -> str:
    try:
        return metadata.version("restride")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "(not installed)"
