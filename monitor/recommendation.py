"""What is said about the next run, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from analysis.plan import Prescription
from monitor.rules.gate import GateState

RULES_VERSION = "3"
"""Raised when the same facts may give another verdict; stored with every recommendation."""


class Outcome(StrEnum):
    """Whether the next run goes one stage beyond the last one's."""

    PROGRESS = "PROGRESS"
    HOLD = "HOLD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a recommendation: the code of its rule, a sentence for her, and the numbers behind it."""

    code: str
    message: str
    evidence: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What `decide` says at an instant. There is always at least one reason, and the default is HOLD."""

    outcome: Outcome
    as_of: datetime
    last_stage: int | None  # of the last running session; None before the first
    next_stage: int | None  # None: no running
    prescription: Prescription | None
    reasons: tuple[Reason, ...]
    advice: tuple[str, ...]
    earliest_next_run: datetime | None
    earliest_increase: datetime | None
    gates: tuple[GateState, ...]
    completed: bool  # two clean runs at the last stage: STG checks end
    rules_version: str = RULES_VERSION

    def as_json(self) -> dict[str, Any]:
        """Give the whole of it in JSON's types; instants as ISO 8601, UTC."""
        prescription = self.prescription
        return {
            "outcome": self.outcome.value,
            "as_of": self.as_of.isoformat(),
            "last_stage": self.last_stage,
            "next_stage": self.next_stage,
            "prescription": None
            if prescription is None
            else {
                "stage": prescription.stage,
                "text": str(prescription),
                "jog_s": prescription.jog_s,
                "walk_s": prescription.walk_s,
                "main_set_s": prescription.main_set_s,
                "repeats": prescription.repeats,
                "jog_total_s": prescription.jog_total_s,
                "longest_jog_s": prescription.longest_jog_s,
            },
            "reasons": [{"code": r.code, "message": r.message, "evidence": r.evidence} for r in self.reasons],
            "advice": list(self.advice),
            "earliest_next_run": _iso(self.earliest_next_run),
            "earliest_increase": _iso(self.earliest_increase),
            "gates": [{"code": g.code, "met": g.met, "message": g.message} for g in self.gates],
            "completed": self.completed,
            "rules_version": self.rules_version,
        }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
