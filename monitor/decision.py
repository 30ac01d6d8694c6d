"""The safety core: what the next run may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from analysis.plan import Prescription

RULES_VERSION = "1"


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
    rules_version: str = RULES_VERSION
