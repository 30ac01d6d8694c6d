"""Replay in time order: the stage in force for each session, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings import Finding
from analysis.plan import Prescription
from analysis.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A running session beside what was prescribed for it."""

    session: Session
    history: bool  # before the plan began: counts for RST01 and INC01 only
    stage: int | None  # in force when it began; None for history
    issued_stage: int | None  # told to her before it, if anything was
    replayed_stage: int | None  # what replay gives
    prescription: Prescription | None
    rest_before_s: float | None  # end of the running session before → start of this one
    findings: tuple[Finding, ...]
    windows: dict[str, str]  # "during" | "after" | "next_day" → "none" | "symptom" | "unanswered" | "not due"
    is_increase: bool
    clean: bool
    why_not_clean: tuple[str, ...]  # sentences for a person, empty when clean
