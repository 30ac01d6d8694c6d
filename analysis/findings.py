"""A finding: one rule, met by what was done or logged, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs."""

    INFO = "info"
    CAUTION = "caution"  # shown, does not block
    LIMIT = "limit"  # blocks progress for seven days
    RED_FLAG = "red_flag"  # no running until a clinician was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found, in words for a person, with the numbers it rests on.

    `at` is the instant from which the seven days of a `limit` count; `evidence` holds instants, numbers and file
    names, never a position or a note.
    """

    code: str
    level: Level
    message: str
    at: datetime
    evidence: dict[str, str | int | float] = field(default_factory=dict)
    source: str = ""
