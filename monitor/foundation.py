"""The foundation phase, before any running: the readiness movements, and days of foundation exercises."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

MOVEMENTS = {
    "walk": "walk 30 minutes",
    "balance": "single-leg balance, 10 seconds each side",
    "squat": "single-leg squat without arm support, 10 each side",
    "jog": "jog in place 1 minute",
    "heel-raise": "single-leg heel raise, 20 each side",
    "hop": "single-leg hop in place, 10 each side",
    "bound": "forward bound (jump off two legs, land on one), 10 each side",
}
"""The seven readiness movements (rules.md S5), by the word the command line uses."""

WORSENED = ("pain", "leakage", "heaviness", "not possible")
"""Why a movement failed: what got worse, or that it could not be done."""


class Group(StrEnum):
    """A group of foundation exercises (rules.md S4)."""

    CORE = "core"
    HIPS = "hips"
    DRILLS = "drills"


GROUPS = {
    Group.CORE: "core and pelvic floor",
    Group.HIPS: "glutes, hips and back",
    Group.DRILLS: "low-impact drills",
}
"""The three groups, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One go at the seven movements (GAT04): movement → passed without *worsening* pain, leakage or heaviness."""

    id: int
    recorded_at: datetime
    done_at: datetime
    results: dict[str, bool]  # keys of MOVEMENTS; those not tried are left out
    sides: dict[str, str] = field(default_factory=dict)  # of a movement that failed: "left" | "right" | "both"
    worsened: dict[str, str] = field(default_factory=dict)  # of one that failed: what got worse, in WORSENED


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """A day on which foundation exercises were done. Shown; no rule rests on it."""

    id: int
    recorded_at: datetime
    on: date
    groups: frozenset[Group]  # empty takes back what was said of that day
    note: str | None = None
