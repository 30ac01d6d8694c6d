"""Before any running: what is still needed and what has been done, told kindly. No rule rests on what is shown here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from monitor.foundation import GROUPS, MOVEMENTS, FoundationDay, days_of, foundation_days
from monitor.report import wording
from monitor.report.gates import movements_tried
from monitor.rules import gat03
from monitor.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """How far the time before running has come."""

    days_since_birth: int | None
    passed: int  # of the seven movements
    rows: tuple[tuple[str, str], ...]  # (name, text) pairs for a person


def preparing(standing: Standing, start: date, zone: tzinfo) -> Preparing | None:
    """Gather what has been done before running; None once every gate is met.

    Args:
        standing: of now.
        start: the Monday of the week whose exercises are counted.
        zone: the runner's.
    """
    gates = {g.code: g for g in standing.recommendation.gates}
    if all(g.met for g in gates.values()):
        return None
    today = standing.recommendation.as_of.astimezone(zone).date()
    birth = standing.facts.birth_at(today)
    since = None if birth is None else (today - birth.on).days
    tried = movements_tried(standing)
    passed = sum(one.passed for one in tried)
    rows = [
        ("Clearance", "recorded" if gates["GAT01"].met else "not recorded yet"),
        ("Healed", "recorded" if gates["GAT02"].met else "not recorded yet"),
        ("Since the birth", _since(since)),
        ("Movements", f"{passed} of {len(MOVEMENTS)} passed"),
        ("Foundation", of_week(week_of(standing, start)) or "nothing logged this week: `restride foundation log`"),
    ]
    return Preparing(days_since_birth=since, passed=passed, rows=tuple(rows))


def _since(days: int | None) -> str:
    needed = gat03.WAIT.days
    if days is None:
        return "the day is not recorded yet"
    return f"{days} of {needed} days" if days < needed else f"{wording.count(days, 'day')} ({needed} are needed)"


def week_of(standing: Standing, start: date) -> tuple[FoundationDay, ...]:
    """Give the foundation days of a week, as known now."""
    days = foundation_days(standing.facts.foundation, standing.recommendation.as_of)
    return tuple(day for day in days if start <= day.on < start + timedelta(days=7))


def of_week(days: Iterable[FoundationDay]) -> str:
    """Count a week's foundation days by group; empty where there are none."""
    listed = list(days)
    counts = [(what, days_of(listed, group)) for group, what in GROUPS.items()]
    return "; ".join(f"{what} on {wording.count(count, 'day')}" for what, count in counts if count)


def day_lines(days: Iterable[FoundationDay]) -> Iterator[str]:
    """Write each day with its groups, and her note as she wrote it."""
    for day in days:
        notes = "".join(f" Note: “{note}”" for note in day.notes)
        yield f"{wording.short_day(day.on)}: {in_words(day)}.{notes}"


def in_words(day: FoundationDay) -> str:
    """Name the groups of a day, in the order of the list."""
    return "; ".join(what for group, what in GROUPS.items() if group in day.groups)
