"""What is needed before any running, and what was recorded about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from monitor.facts import Facts
from monitor.footing import readiness_since
from monitor.foundation import MOVEMENTS
from monitor.report import wording
from monitor.report.view import GateRow
from monitor.rules import gat04
from monitor.rules.gat04 import Tried
from monitor.rules.gate import GateState
from monitor.standing import Standing

NAMES = {
    "GAT01": "Medical clearance from the birth provider",
    "GAT02": "Birth injuries fully healed",
    "GAT03": "At least 12 weeks (84 days) since the birth",
    "GAT04": "The seven readiness movements, without worsening symptoms",
}


def gate_rows(standing: Standing, zone: tzinfo) -> tuple[GateRow, ...]:
    """Show each gate, met or missing by the word of the recommendation, with what was recorded."""
    return tuple(
        GateRow(
            code=gate.code,
            name=NAMES[gate.code],
            state="met" if gate.met else "missing",
            detail=_recorded(gate, standing.facts, zone) if gate.met else _wanted(gate),
            parts=tuple(movement_lines(movements_tried(standing))) if gate.code == gat04.CODE and not gate.met else (),
        )
        for gate in standing.recommendation.gates
    )


def movements_tried(standing: Standing) -> tuple[Tried, ...]:
    """Give the last word on each movement that counts now."""
    at = standing.recommendation.as_of
    return tuple(gat04.tried(standing.facts, at, readiness_since(standing.judged, at)).values())


def movement_lines(tried: Iterable[Tried]) -> list[str]:
    """Write when each movement was done, with its result, the side and what got worse."""
    return [
        f"{MOVEMENTS[one.movement]}: {'passed' if one.passed else 'not passed'}{one.why}, {wording.day(one.on)}"
        for one in tried
    ]


def movements_content(tried: Iterable[Tried]) -> list[dict[str, Any]]:
    """Give the same as JSON."""
    return [
        {
            "movement": one.movement,
            "what": MOVEMENTS[one.movement],
            "on": one.on.isoformat(),
            "passed": one.passed,
            "side": one.side,
            "worsened": one.worsened,
        }
        for one in tried
    ]


def _recorded(gate: GateState, facts: Facts, zone: tzinfo) -> str:
    """Write the fact that meets a gate."""
    if gate.code == "GAT03":
        born = max(birth.on for birth in facts.births)
        since = f", met since {wording.day(gate.opens_on)}" if gate.opens_on else ""
        return f"birth {wording.day(born)}{since}"
    if gate.code == "GAT04":
        done = max(readiness.done_at for readiness in facts.readiness)
        return f"all seven passed, last on {wording.day(done.astimezone(zone).date())}"
    return wording.day(max(fact.on for fact in facts.gates if fact.code == gate.code))


def _wanted(gate: GateState) -> str:
    """Say what is missing."""
    return gate.message if gate.opens_on is None else f"not before {wording.day(gate.opens_on)}"
