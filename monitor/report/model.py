"""The report as values: all that its HTML, its JSON, its CSV and the terminal show, and nothing computed after it.

Numbers are rounded already, by `analysis.rounding` alone, and stand for what they say: units are in the names, instants
are aware UTC, dates are local to the runner. Text is a person's or the plan's own and holds no markup. What each value
means is said beside its type: the JSON Schema and docs/report-data.md are written from there.

A change that takes a name away or gives it another meaning raises `FORMAT_VERSION`; a new name does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from monitor.report.model_answers import CheckInView, SymptomView
from monitor.report.model_sessions import FindingView, NoteView, SessionView, TraceView
from monitor.report.model_summary import GateView, PlanView, RecommendationView, SummaryView
from monitor.report.model_weeks import IncreaseView, RestGapView, WeekView

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule that a reason, a finding or a gate of this report names."""

    code: Annotated[str, "the code by which it is named: RST01"]
    title: Annotated[str, "the rule in a line"]
    level: Annotated[str, "what it does to the plan"]
    what: Annotated[str, "the limit, exactly"]
    why: Annotated[str, "what the limit is for"]
    source: Annotated[str, "where the limit comes from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsView:
    """What has to be said with every report, once."""

    not_medical: Annotated[str, "what this report is not"]
    evidence: Annotated[str, "what the plan rests on"]
    clean: Annotated[str, "what a clean run is"]
    error: Annotated[str, "what ± stands for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A runner's report over some weeks, or over one."""

    format_version: Annotated[int, "of this format"]
    product: Annotated[str, "what wrote it, with its version"]
    runner: Annotated[str, "her name, as she wrote it"]
    zone: Annotated[str, "the IANA time zone in which days and weeks are hers"]
    as_of: Annotated[datetime, "the instant for which the summary holds"]
    written_at: Annotated[datetime, "the instant at which all the rest was known"]
    week: Annotated[str | None, "the ISO week this report is restricted to (2026-W14); null where it is the whole"]
    period_from: Annotated[date, "the Monday of the first week shown"]
    period_to: Annotated[date, "the last day shown"]
    earlier_runs: Annotated[int, "runs before the first week shown, which are not in this report"]
    days_since_birth: Annotated[int | None, "days from the last birth to the day of `as_of`"]
    summary: Annotated[SummaryView, "the recommendation that holds"]
    plan: Annotated[PlanView, "the ladder in use"]
    gates: Annotated[tuple[GateView, ...], "what is needed before any running, by code"]
    weeks: Annotated[tuple[WeekView, ...], "Monday to Sunday, oldest first"]
    sessions: Annotated[tuple[SessionView, ...], "runs, walks and other training, in time order"]
    rest_gaps: Annotated[tuple[RestGapView, ...], "the rest before each run but the first, in time order"]
    increases: Annotated[tuple[IncreaseView, ...], "the runs that raised the jogging, in time order"]
    findings: Annotated[tuple[FindingView, ...], "what the checks found, in the order of the sessions"]
    check_ins: Annotated[tuple[CheckInView, ...], "her entries, in the order she answered"]
    symptoms: Annotated[tuple[SymptomView, ...], "the symptoms in the entries that stand, by window, in time order"]
    recommendations: Annotated[tuple[RecommendationView, ...], "what was issued, in time order; it stays as issued"]
    assumptions: Annotated[tuple[NoteView, ...], "what was assumed where something was not recorded"]
    traces: Annotated[tuple[TraceView, ...], "speed and cadence over time, of the last weeks' sessions"]
    rules: Annotated[tuple[RuleView, ...], "the rules behind the codes above, by code"]
    statements: Annotated[StatementsView, "what is said once"]

    def session(self, id: str) -> SessionView:
        """Find a session by its name; KeyError where it is not in this report."""
        found = next((s for s in self.sessions if s.id == id), None)
        if found is None:
            raise KeyError(id)
        return found

    def trace(self, session_id: str) -> TraceView | None:
        """Find a session's trace; None where none was wanted or its file cannot be read."""
        return next((t for t in self.traces if t.session_id == session_id), None)
