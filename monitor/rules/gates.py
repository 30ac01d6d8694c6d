"""The four gates: what has to be met before any running. All are needed, none suffices."""

from __future__ import annotations

from datetime import datetime

from monitor.facts import Facts
from monitor.rules import gat01, gat02, gat03, gat04
from monitor.rules.gate import GateState

SOURCES = {rule.CODE: rule.SOURCE for rule in (gat01, gat02, gat03, gat04)}


def states(facts: Facts, at: datetime, *, readiness_since: datetime | None) -> tuple[GateState, ...]:
    """Say of each gate whether it is met at an instant.

    Args:
        facts: what she and her physio told.
        at: the instant; gates count from the local day of their date.
        readiness_since: where runs stopped for more than 28 days, the instant after which GAT04 has to be repeated.
    """
    day = at.astimezone(facts.zone_at(at)).date()
    return (
        gat01.state(facts, day),
        gat02.state(facts, day),
        gat03.state(facts, at),
        gat04.state(facts, at, readiness_since),
    )
