"""The plan in force at an instant: the default one, or a physio's own since it was chosen."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from analysis.plan import Plan, default_plan
from analysis.plan_file import PlanError, parse
from monitor.facts import Facts, PlanChoice


def choice_at(facts: Facts, at: datetime) -> PlanChoice | None:
    """Give the last choice of a plan up to an instant; None where nobody chose, and the default plan holds.

    A choice from before the last birth is none: a new birth begins the plan anew (rules.md §3).
    """
    born = facts.born_at(at) if facts.plan_choices else None
    return max(
        (c for c in facts.plan_choices if max(c.at, c.recorded_at) <= at and (born is None or c.at >= born)),
        key=lambda c: (c.at, c.recorded_at, c.id),
        default=None,
    )


def plan_at(facts: Facts, at: datetime) -> Plan:
    """Give the plan in force at an instant.

    Raises:
        PlanError: a plan that was chosen cannot be read by this version. Another one in its place would be a guess.
    """
    choice = choice_at(facts, at)
    return default_plan() if choice is None or choice.text is None else _chosen(choice.text)


@lru_cache(maxsize=32)
def _chosen(text: str) -> Plan:
    try:
        return parse(text)
    except PlanError as error:
        raise PlanError(
            f"the plan that was chosen cannot be read: {error}. Update Restride, or restore the database from a backup"
        ) from None
