"""GAT02: birth injuries fully healed, before any running."""

from __future__ import annotations

from datetime import date

from monitor.facts import Facts
from monitor.rules.gate import GateState, dated

CODE = "GAT02"
SOURCE = "seed"
TITLE = "birth injuries healed"


def state(facts: Facts, day: date) -> GateState:
    """Say whether birth injuries (perineal tear, caesarean wound, …) were recorded as healed after the last birth."""
    missing = (
        "it is not recorded that birth injuries have healed (or that there were none): `restride gate healed --on DATE`"
    )
    return dated(facts, CODE, TITLE, missing, day)
