"""GAT01: medical clearance from the birth provider, before any running.

What: a day on which her doctor or midwife cleared her, not before the last birth. Clearance is not readiness, and
readiness is not clearance: both are asked for.

Why: the article asks for it before anything else.

Example: cleared on 20 February: `restride gate clearance --on 2026-02-20`.
"""

from __future__ import annotations

from datetime import date

from monitor.facts import Facts
from monitor.rules.gate import GateState, dated

CODE = "GAT01"
LEVEL = "gate"
SOURCE = "the article"
TITLE = "medical clearance"


def state(facts: Facts, day: date) -> GateState:
    """Say whether clearance was given, on or after the last birth.

    Clearance is not readiness, and readiness is not clearance: both are asked for.
    """
    missing = "no clearance from your birth provider is recorded: `restride gate clearance --on DATE`"
    return dated(facts, CODE, TITLE, missing, day)
