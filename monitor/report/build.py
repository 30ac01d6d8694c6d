"""From a standing to the whole page, still without markup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from monitor.foundation import foundation_days
from monitor.plans import choice_at
from monitor.recommendation import Recommendation
from monitor.report import wording
from monitor.report.codes import key
from monitor.report.gates import gate_rows
from monitor.report.view import Line, Report, Summary, Week
from monitor.report.weeks import headline, monday, week
from monitor.rules import car02
from monitor.standing import Standing
from monitor.symptom_reasons import SEEK_CARE_NOW

MOST_WEEKS = 520
"""A wrong clock in one file must not make a page of a thousand empty weeks."""


def report(standing: Standing, *, runner_name: str, zone: tzinfo, weeks: int | None = None) -> Report:
    """Build the view of a standing.

    Args:
        standing: everything derived, at an instant.
        runner_name: as she wrote it.
        zone: the zone in which days and weeks are hers.
        weeks: how many weeks to show, the current one included; None for all since the first session.
    """
    recommendation = standing.recommendation
    today = recommendation.as_of.astimezone(zone).date()
    this_week = monday(today)
    first_week = min((monday(day) for day in _days(standing, zone)), default=this_week)
    shown = (this_week - first_week).days // 7 + 1 if weeks is None else max(1, weeks)
    shown = min(shown, MOST_WEEKS)
    starts = [this_week - timedelta(days=7 * back) for back in range(shown)]
    summary, gates = _summary(recommendation, zone), gate_rows(standing, zone)
    shown_weeks = tuple(week(standing, start, zone) for start in starts)
    return Report(
        runner=runner_name,
        period=f"{wording.day(starts[-1])} to {wording.day(today)}",
        as_of=wording.moment(recommendation.as_of, zone),
        zone=str(zone),
        rules_version=recommendation.rules_version,
        plan=wording.plan_in_use(standing.plan, choice_at(standing.facts, recommendation.as_of), zone),
        summary=summary,
        gates=gates,
        weeks=shown_weeks,
        earlier=_earlier(standing, starts[-1]),
        key=key({*(gate.code for gate in gates), *_codes(summary, shown_weeks)}),
    )


def _days(standing: Standing, zone: tzinfo) -> list[date]:
    """List the days on which something happened that the weeks show."""
    instants: list[datetime] = [c.said_at for c in standing.facts.check_ins]
    instants += [i.recorded_at for i in standing.facts.issued]
    days = [day.on for day in foundation_days(standing.facts.foundation, standing.recommendation.as_of)]
    instants += [left.session.started_at for left in standing.ignored]
    return days + [s.local_date for s in standing.sessions] + [i.astimezone(zone).date() for i in instants]


def _earlier(standing: Standing, start: date) -> str | None:
    """Say what lies before the weeks shown, so that a short report is not taken for the whole."""
    before = [j for j in standing.judged if j.session.local_date < start]
    if not before:
        return None
    return f"{wording.count(len(before), 'run')} before {wording.day(start)} not shown here."


def _codes(summary: Summary, weeks: Iterable[Week]) -> set[str]:
    """Collect the codes that stand behind a reason or a finding."""
    lines = list(summary.reasons)
    for one in weeks:
        lines += [line for run in one.runs for line in run.findings]
        lines += [line for issued in one.issued for line in issued.reasons]
    return {line.code for line in lines if line.code is not None}


def _summary(recommendation: Recommendation, zone: tzinfo) -> Summary:
    """Write the recommendation."""
    said = headline(recommendation.outcome.value, recommendation.last_stage, recommendation.next_stage)
    stage = "No running for now" if recommendation.next_stage is None else f"Stage {recommendation.next_stage}"
    next_run, increase = recommendation.earliest_next_run, recommendation.earliest_increase
    return Summary(
        outcome=recommendation.outcome.value,
        headline=f"{said[0].upper()}{said[1:]}.",
        stage=stage,
        what=str(recommendation.prescription) if recommendation.prescription else None,
        earliest_next_run=_earliest(next_run, recommendation.as_of, zone),
        earliest_increase=None if increase == next_run else _earliest(increase, recommendation.as_of, zone),
        reasons=tuple(Line(text=wording.sentence(r.message), code=r.code) for r in recommendation.reasons),
        advice=recommendation.advice,
        notice=next((SEEK_CARE_NOW for r in recommendation.reasons if r.code == car02.CODE), None),
    )


def _earliest(instant: datetime | None, as_of: datetime, zone: tzinfo) -> str | None:
    """Write an instant from which something may happen, and whether it has come."""
    if instant is None:
        return None
    return wording.earliest(instant, zone) + (" (that is past: from now on)" if instant <= as_of else "")
