"""GAT02: birth injuries fully healed, before any running.

What: a day on which a perineal tear, a caesarean wound or any other injury of the birth had healed, or on which she
was told that there was none; not before the last birth.

Why: the article asks for fully healed injuries.

Example: the scar was looked at and found healed on 20 February: `restride gate healed --on 2026-02-20`.
"""

from __future__ import annotations

from datetime import date

from monitor.facts import Facts
from monitor.rules.gate import GateState, dated

CODE = "GAT02"
LEVEL = "gate"
SOURCE = "the article"
TITLE = "birth injuries healed"


def state(facts: Facts, day: date) -> GateState:
    """Say whether birth injuries (perineal tear, caesarean wound, …) were recorded as healed after the last birth."""
    missing = (
        "it is not recorded that birth injuries have healed (or that there were none): `restride gate healed --on DATE`"
    )
    return dated(facts, CODE, TITLE, missing, day)
