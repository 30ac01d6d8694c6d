"""What the page shows: every word and number already decided, so that the template only lays out.

Strings here are finished text for a person and hold no markup; the template escapes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence with the code of the rule it rests on; `tone` is the weight it is shown with."""

    text: str
    code: str | None = None
    tone: str = "info"  # "info" | "caution" | "limit" | "red_flag", as in analysis.findings.Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered for one window of a run."""

    window: str  # "During" | "After" | "Next day"
    state: str  # "none" | "symptom" | "unanswered" | "not due"
    late: bool  # given after the window had closed; it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A running session: what was prescribed, what was done, what was answered, what followed."""

    id: str
    day: str
    clock: str
    files: str  # what it was read from
    stage: str
    prescribed: str | None
    performed: tuple[tuple[str, str], ...]  # (name, value) pairs
    doubt: str | None  # why the data cannot carry a verdict
    rest_before: str
    answers: tuple[Answer, ...]
    findings: tuple[Line, ...]
    entries: tuple[str, ...]  # her check-ins about it, in her words
    verdict: str  # "clean" | "not clean" | "before the plan"
    why_not: tuple[str, ...]
    difference: str | None  # performed less prescribed
    corrected: str | None  # what she said was done, where the recording shows something else


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """A recommendation as it was given."""

    at: str
    outcome: str
    headline: str
    reasons: tuple[Line, ...]
    revises: str | None = None  # what it changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday."""

    id: str  # ISO: "2026-W10"
    title: str
    sum: str  # one line: how many runs, how many clean
    runs: tuple[RunRow, ...]
    others: tuple[str, ...]  # walks and cross-training
    foundation: tuple[str, ...]  # days of foundation exercises
    ignored: tuple[str, ...]  # what she left out, and why
    moves: tuple[str, ...]  # of the stage
    entries: tuple[str, ...]  # check-ins that are not about a run
    notes: tuple[str, ...]  # on the data
    issued: tuple[IssuedRow, ...]
