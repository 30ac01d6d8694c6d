"""The value that each gate gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """Whether a gate is met, and what to do where it is not."""

    code: str
    title: str
    met: bool
    message: str
    opens_on: date | None = None  # the day it opens by itself, where that is known


def dated(facts: Facts, code: str, title: str, missing: str, day: date) -> GateState:
    """Judge a gate that is met on a date: not before the last birth, not after the day in question."""
    birth = facts.birth_at(day)
    met_on = max(
        (g.on for g in facts.gates_of(code) if g.on <= day and (birth is None or g.on >= birth.on)),
        default=None,
    )
    message = missing if met_on is None else f"{title}: {met_on}"
    return GateState(code=code, title=title, met=met_on is not None, message=message)
