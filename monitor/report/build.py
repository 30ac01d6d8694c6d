"""The report in strings: what a template lays out."""

from __future__ import annotations

from datetime import datetime, tzinfo

from monitor.report import wording
from monitor.report.make_report import report_of
from monitor.report.model import Report as Model
from monitor.report.model_summary import GateView
from monitor.report.source import Source
from monitor.report.view import GateRow, Line, Report, Summary
from monitor.report.weeks import week_rows
from monitor.standing import Standing


def report(standing: Standing, *, runner_name: str, zone: tzinfo, weeks: int | None = None) -> Report:
    """Write the report of a standing in strings.

    Args:
        standing: everything derived, at an instant.
        runner_name: as she wrote it.
        zone: the zone in which days and weeks are hers.
        weeks: how many weeks to show, the current one included; None for all since the first session.
    """
    return in_strings(report_of(standing, runner_name=runner_name, zone=zone, weeks=weeks), standing, zone)


def in_strings(model: Model, standing: Standing, zone: tzinfo) -> Report:
    """Write a report in strings.

    Args:
        model: the report as values.
        standing: what it was built from; her entries are written from there.
        zone: the zone in which days and weeks are hers.
    """
    source = Source(standing=standing, zone=zone)
    return Report(
        runner=model.runner,
        period=f"{wording.day(model.period_from)} to {wording.day(model.period_to)}",
        as_of=wording.moment(model.as_of, zone),
        zone=model.zone,
        rules_version=model.summary.rules_version,
        plan=model.plan.text,
        summary=_summary(model, zone),
        gates=tuple(_gate(gate) for gate in model.gates),
        weeks=tuple(week_rows(source, one.monday) for one in reversed(model.weeks)),
        earlier=_earlier(model),
        key=tuple(Line(code=rule.code, text=wording.sentence(rule.title)) for rule in model.rules),
    )


def _earlier(model: Model) -> str | None:
    """Say what lies before the weeks shown, so that a short report is not taken for the whole."""
    if not model.earlier_runs:
        return None
    return f"{wording.count(model.earlier_runs, 'run')} before {wording.day(model.period_from)} not shown here."


def _gate(gate: GateView) -> GateRow:
    return GateRow(
        code=gate.code,
        name=gate.name,
        state="met" if gate.met else "missing",
        detail=gate.detail,
        parts=() if gate.met else tuple(movement.text for movement in gate.movements if movement.text),
    )


def _summary(model: Model, zone: tzinfo) -> Summary:
    said = model.summary
    next_run, increase = said.earliest_next_run, said.earliest_increase
    return Summary(
        outcome=said.outcome,
        headline=said.headline,
        stage="No running for now" if said.next_stage is None else f"Stage {said.next_stage}",
        what=said.prescription.text if said.prescription else None,
        earliest_next_run=_earliest(next_run, said.as_of, zone),
        earliest_increase=None if increase == next_run else _earliest(increase, said.as_of, zone),
        reasons=tuple(Line(text=reason.message, code=reason.code) for reason in said.reasons),
        advice=said.advice,
        notice=said.urgent_notice,
    )


def _earliest(instant: datetime | None, as_of: datetime, zone: tzinfo) -> str | None:
    """Write an instant from which something may happen, and whether it has come."""
    if instant is None:
        return None
    return wording.earliest(instant, zone) + (" (that is past: from now on)" if instant <= as_of else "")
