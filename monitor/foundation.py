"""The foundation phase, before any running: the readiness movements, and days of foundation exercises."""

from __future__ import annotations

from collections.abc import Iterable
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

SIDED = frozenset({"balance", "squat", "heel-raise", "hop", "bound"})
"""The movements that are done on each side."""

SIDES = ("left", "right", "both")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundationDay:
    """A day as it now stands: all that was said of it since it was last taken back."""

    on: date
    groups: frozenset[Group]
    notes: tuple[str, ...]


def foundation_days(told: Iterable[Foundation], at: datetime) -> tuple[FoundationDay, ...]:
    """Give the days on which foundation exercises were done, as known at an instant, in time order."""
    days: dict[date, FoundationDay] = {}
    for one in sorted((f for f in told if f.recorded_at <= at), key=lambda f: (f.recorded_at, f.id)):
        before = days.pop(one.on, None)
        if not one.groups:
            continue
        groups, notes = (before.groups, before.notes) if before else (frozenset[Group](), ())
        noted = (one.note,) if one.note and one.note not in notes else ()
        days[one.on] = FoundationDay(on=one.on, groups=groups | one.groups, notes=(*notes, *noted))
    return tuple(days[on] for on in sorted(days))
