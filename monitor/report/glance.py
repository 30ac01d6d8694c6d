"""The six questions of somebody who has two minutes, each answered in a line or two from the report's own values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.report import wording
from monitor.report.model import Report
from monitor.report.model_sessions import FindingView, SessionView

RANK = ("red_flag", "limit", "caution")
NAMES = {"red_flag": ("stop", "stops"), "limit": ("limit passed", "limits passed"), "caution": ("caution", "cautions")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One question, and its answer."""

    question: str
    answers: tuple[str, ...]


def runs(report: Report) -> list[SessionView]:
    """Give the runs that count, in time order."""
    return [s for s in report.sessions if s.kind == "run" and s.counted == "counted"]


def glances(report: Report) -> tuple[Glance, ...]:
    """Answer what was asked, what was done, whether limits were kept, and how the body answered.

    They speak of the report's last week; what comes next and why is the summary itself.
    """
    week = report.weeks[-1] if report.weeks else None
    of_week = [s for s in runs(report) if week is not None and week.monday <= s.local_date <= week.sunday]
    return (
        Glance(question="What was asked", answers=tuple(_asked(of_week, report))),
        Glance(question="What was done", answers=tuple(_done(of_week, report))),
        Glance(question="Were the limits kept", answers=tuple(_limits(of_week))),
        Glance(question="How the body answered", answers=tuple(_body(of_week, report))),
    )


def _asked(of_week: Sequence[SessionView], report: Report) -> Iterator[str]:
    asked = {s.prescribed.stage: s.prescribed.text for s in of_week if s.prescribed is not None}
    for stage, text in asked.items():
        yield f"Stage {stage}: {text}."
    if not asked:
        yield "No run of the plan fell into this week." if runs(report) else "No run has been recorded yet."


def _done(of_week: Sequence[SessionView], report: Report) -> Iterator[str]:
    if report.weeks:
        week = report.weeks[-1]
        jogged = f" Jogging in all: {wording.length(week.jog_total_s)}." if week.jog_total_s else ""
        yield f"{week.text}{jogged}"
    for session in of_week if report.week is None else ():  # the sheet of one week has them right below
        if session.performed is not None and session.prescribed is not None:
            done, asked = session.performed, session.prescribed
            yield (
                f"{wording.short_day(session.local_date)}: {wording.clock_of(done.jog_s)} of "
                f"{wording.clock_of(asked.jog_total_s)} min jogging, longest {wording.clock_of(done.longest_jog_s)} of "
                f"{wording.clock_of(asked.longest_jog_s)}."
            )


def _limits(of_week: Sequence[SessionView]) -> Iterator[str]:
    found = [f for s in of_week for f in s.findings if f.level in RANK]
    unjudged = sum(s.unjudgeable for s in of_week)
    if not of_week:
        yield "There was no run to judge."
        return
    if not any(f.level in ("limit", "red_flag") for f in found):
        yield "No limit was passed." if not unjudged else "No limit was passed in what could be judged."
    for level in RANK:
        mine = [f for f in found if f.level == level and f.code != "DAT01"]
        if mine:
            codes = ", ".join(dict.fromkeys(f.code for f in mine))
            yield f"{wording.count(len(mine), *NAMES[level])} ({codes})."
    if unjudged:
        yield f"{wording.count(unjudged, 'run')} could not be judged from the data (DAT01)."


def _body(of_week: Sequence[SessionView], report: Report) -> Iterator[str]:
    week = report.weeks[-1] if report.weeks else None
    told = [s for s in report.symptoms if week is not None and week.monday <= s.on <= week.sunday]
    for symptom in told:
        where = "" if symptom.window == "any" else f" ({symptom.window.replace('_', ' ')})"
        yield f"{wording.short_day(symptom.on)}{where}: {', '.join(symptom.what)}."
    open_ = sum(w.state == "unanswered" for s in of_week for w in s.windows)
    due = sum(w.state == "not due" for s in of_week for w in s.windows)
    if not told:
        yield "No symptom was logged in this week."
        last = max((s.on for s in report.symptoms), default=None)
        if last is not None:
            yield f"The last one: {wording.day(last)}."
    if open_:
        yield f"{wording.count(open_, 'answer')} missing, which is not the same as no symptom."
    if due:
        yield f"{wording.count(due, 'answer')} not due yet."


def weighty(findings: Sequence[FindingView]) -> list[FindingView]:
    """Give the findings that a reader has to know of, the newest first."""
    return sorted((f for f in findings if f.level in RANK), key=lambda f: f.at, reverse=True)
