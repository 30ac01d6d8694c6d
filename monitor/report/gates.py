"""What is needed before any running, and what was recorded about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, tzinfo
from typing import Any

from monitor.footing import readiness_since
from monitor.foundation import MOVEMENTS
from monitor.report import wording
from monitor.report.model_summary import GateView, MovementView
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


def gate_views(standing: Standing, zone: tzinfo) -> tuple[GateView, ...]:
    """Show each gate, met or missing by the word of the recommendation, with what was recorded."""
    return tuple(_gate(gate, standing, zone) for gate in standing.recommendation.gates)


def _gate(gate: GateState, standing: Standing, zone: tzinfo) -> GateView:
    on = _recorded_on(gate, standing, zone)
    return GateView(
        code=gate.code,
        name=NAMES[gate.code],
        met=gate.met,
        recorded_on=on,
        opens_on=gate.opens_on,
        detail=_recorded(gate, on) if gate.met else _wanted(gate),
        movements=tuple(_movements(movements_tried(standing))) if gate.code == gat04.CODE else (),
    )


def movements_tried(standing: Standing) -> tuple[Tried, ...]:
    """Give the last word on each movement that counts now."""
    at = standing.recommendation.as_of
    return tuple(gat04.tried(standing.facts, at, readiness_since(standing.judged, at)).values())


def movement_lines(tried: Iterable[Tried]) -> list[str]:
    """Write when each movement was done, with its result, the side and what got worse."""
    return [_line(one) for one in tried]


def _line(one: Tried) -> str:
    return f"{MOVEMENTS[one.movement]}: {'passed' if one.passed else 'not passed'}{one.why}, {wording.day(one.on)}"


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


def _movements(tried: Iterable[Tried]) -> Iterator[MovementView]:
    """Give all seven, in the order of the list."""
    last = {one.movement: one for one in tried}
    for movement, what in MOVEMENTS.items():
        one = last.get(movement)
        yield MovementView(
            movement=movement,
            what=what,
            on=one.on if one else None,
            passed=one.passed if one else None,
            side=(one.side or None) if one else None,
            worsened=(one.worsened or None) if one else None,
            text=_line(one) if one else None,
        )


def _recorded_on(gate: GateState, standing: Standing, zone: tzinfo) -> date | None:
    """Give the day of the fact that meets a gate, of GAT03 the birth; None while it is missing."""
    facts, at = standing.facts, standing.recommendation.as_of
    today = at.astimezone(facts.zone_at(at)).date()
    if gate.code == "GAT03":
        birth = facts.birth_at(today)
        return None if birth is None else birth.on
    if not gate.met:
        return None
    if gate.code == "GAT04":
        return max(go.done_at for go in facts.readiness if go.done_at <= at).astimezone(zone).date()
    return max(fact.on for fact in facts.gates_of(gate.code) if fact.on <= today)


def _recorded(gate: GateState, on: date | None) -> str:
    """Write the fact that meets a gate."""
    said = "" if on is None else wording.day(on)
    if gate.code == "GAT03":
        return f"birth {said}" + (f", met since {wording.day(gate.opens_on)}" if gate.opens_on else "")
    return f"all seven passed, last on {said}" if gate.code == "GAT04" else said


def _wanted(gate: GateState) -> str:
    """Say what is missing."""
    return gate.message if gate.opens_on is None else f"not before {wording.day(gate.opens_on)}"
