"""A ladder in words: every time with its unit, so that a minute cannot be taken for a second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.plan import Plan, length
from analysis.plan_warnings import levers, warnings
from monitor.cli import as_json
from monitor.cli.layout import table, wrapped

HEAD = ("stage", "jog", "walk", "main set", "jogs", "jogging in all", "what changes")
HERE = ">"
HOW = (
    "Jog, walk, again and again, until the main set is over; its last piece may be cut short. Walking to warm up and "
    "to cool down comes on top."
)
CHANGES = {"jog_s": "jog", "walk_s": "walk", "main_set_s": "main set"}


def ladder(plan: Plan, *, at_stage: int | None = None) -> Iterator[str]:
    """Write a plan as a table, one of its stages marked."""
    rows = [
        (
            f"{HERE} {stage.stage}" if stage.stage == at_stage else str(stage.stage),
            length(stage.jog_s),
            length(stage.walk_s) if stage.walk_s else "none",
            length(stage.main_set_s),
            str(stage.repeats),
            length(stage.jog_total_s),
            changes(plan, stage.stage),
        )
        for stage in plan.stages
    ]
    yield from table(HEAD, rows, right={0, 4})
    yield ""
    yield wrapped(HOW)


def changes(plan: Plan, stage: int) -> str:
    """Say what a stage changes against the one below."""
    if stage == plan.first_stage:
        return "the start"
    if stage < plan.first_stage:
        return "step back only"
    lower, upper = plan[stage - 1], plan[stage]
    said = []
    for field in levers(lower, upper):
        if field == "walk_s" and not upper.walk_s:
            said.append("no more walks")
        else:
            longer = getattr(upper, field) > getattr(lower, field)
            said.append(f"{'longer' if longer else 'shorter'} {CHANGES[field]}")
    return ", ".join(said) or "nothing"


def content(plan: Plan) -> dict[str, Any]:
    """Give a plan as JSON."""
    return {
        "name": plan.name,
        "first_stage": plan.first_stage,
        "stages": [
            {**(as_json.prescription(stage) or {}), "changes": changes(plan, stage.stage)} for stage in plan.stages
        ],
        "warnings": list(warnings(plan)),
    }
