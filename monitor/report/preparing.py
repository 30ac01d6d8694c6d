"""Before any running: what is still needed and what has been done, told kindly. No rule rests on what is shown here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from monitor.foundation import GROUPS, MOVEMENTS, FoundationDay
from monitor.report import wording
from monitor.report.model import Report
from monitor.report.model_weeks import FoundationView
from monitor.rules import gat03, gat04


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """How far the time before running has come."""

    days_since_birth: int | None
    passed: int  # of the seven movements
    rows: tuple[tuple[str, str], ...]  # (name, text) pairs for a person


def preparing(report: Report) -> Preparing | None:
    """Gather what has been done before running; None once every gate is met.

    Args:
        report: of the week whose exercises are counted.
    """
    gates = {gate.code: gate for gate in report.gates}
    if all(gate.met for gate in gates.values()):
        return None
    passed = sum(movement.passed is True for movement in gates[gat04.CODE].movements)
    exercised = [day.foundation for week in report.weeks for day in week.days if day.foundation is not None]
    rows = [
        ("Clearance", "recorded" if gates["GAT01"].met else "not recorded yet"),
        ("Healed", "recorded" if gates["GAT02"].met else "not recorded yet"),
        ("Since the birth", _since(report.days_since_birth)),
        ("Movements", f"{passed} of {len(MOVEMENTS)} passed"),
        ("Foundation", of_week(exercised) or "nothing logged this week: `restride foundation log`"),
    ]
    return Preparing(days_since_birth=report.days_since_birth, passed=passed, rows=tuple(rows))


def _since(days: int | None) -> str:
    needed = gat03.WAIT.days
    if days is None:
        return "the day is not recorded yet"
    return f"{days} of {needed} days" if days < needed else f"{wording.count(days, 'day')} ({needed} are needed)"


class _Exercised(Protocol):
    """A day of foundation exercises."""

    @property
    def groups(self) -> Collection[str]: ...


def of_week(days: Iterable[_Exercised]) -> str:
    """Count a week's foundation days by group; empty where there are none."""
    listed = list(days)
    counts = [(what, sum(group in day.groups for day in listed)) for group, what in GROUPS.items()]
    return "; ".join(f"{what} on {wording.count(count, 'day')}" for what, count in counts if count)


def day_line(on: date, day: FoundationDay | FoundationView) -> str:
    """Write a day with its groups, and her note as she wrote it."""
    notes = "".join(f" Note: “{note}”" for note in day.notes)
    return f"{wording.short_day(on)}: {in_words(day)}.{notes}"


def in_words(day: _Exercised) -> str:
    """Name the groups of a day, in the order of the list."""
    return "; ".join(what for group, what in GROUPS.items() if group in day.groups)
