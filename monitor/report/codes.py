"""What the codes on the page stand for: each rule in its own words, so that a reader needs nothing beside the page."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from analysis.checks import dat01, inc01, rst01, stg01, stg02, stg03
from monitor.report import wording
from monitor.report.view import Line
from monitor.rules import car01, gat01, gat02, gat03, gat04, log01, sym01

RULES: tuple[ModuleType, ...] = (
    car01,
    dat01,
    gat01,
    gat02,
    gat03,
    gat04,
    inc01,
    log01,
    rst01,
    stg01,
    stg02,
    stg03,
    sym01,
)

VERDICTS = {
    "CLN01": "a step up needs two clean runs at the stage",
    "FIN01": "the plan is completed",
    "GAP01": "after a break without running the stage stays or goes back",
    "NEW01": "no run of the plan is recorded yet",
    "OVR01": "a stage that a physiotherapist set",
    "PRG01": "what a step up rests on",
    "WRD01": "of the two clean runs of a step up, one at most may rest on the runner's own word",
}
"""Reasons of the recommendation itself, which no single check finds."""


def key(codes: Iterable[str]) -> tuple[Line, ...]:
    """Explain these codes, in order; one of an older version of the rules is left out."""
    known = VERDICTS | {code: text for code, _, text in (_title(rule).partition(": ") for rule in RULES)}
    return tuple(Line(code=code, text=wording.sentence(known[code])) for code in sorted(set(codes) & known.keys()))


def _title(rule: ModuleType) -> str:
    """Give the first line of a rule's own text: its code and what it asks."""
    return (rule.__doc__ or "").partition("\n")[0]
