"""What is needed before any running, and what was recorded about it."""

from __future__ import annotations

from datetime import tzinfo

from monitor.facts import Facts
from monitor.report import wording
from monitor.report.view import GateRow
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
        )
        for gate in standing.recommendation.gates
    )


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
