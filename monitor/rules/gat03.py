"""GAT03: at least 12 weeks since the birth.

What: 84 days since the last birth; day 84 is the first that meets it. A physiotherapist may set a later start, never an
earlier one, and it counts from when it is said, so that no run before it is blamed.

Why: the article and the guideline it rests on name 12 weeks (Goom, Donnelly & Brockwell 2019, expert opinion).

Example: born on 5 January, the first day for a run is 30 March.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.facts import Facts
from monitor.rules.gate import GateState

CODE = "GAT03"
LEVEL = "gate"
SOURCE = "the article: at least 12 weeks"
TITLE = "12 weeks since the birth"

WAIT = timedelta(days=84)


def state(facts: Facts, at: datetime) -> GateState:
    """Say whether 84 days have passed since the last birth.

    Day 84 is the first day that meets it. A physio may set a later start, never an earlier one; it counts from when
    she says it, so that no run before it is blamed.
    """
    day = at.astimezone(facts.zone_at(at)).date()
    birth = facts.birth_at(day)
    if birth is None:
        missing = "the date of the birth is not recorded: `restride init --birth DATE`"
        return GateState(code=CODE, title=TITLE, met=False, message=missing)
    opens_on = birth.on + WAIT
    later = max(
        (s.not_before for s in facts.later_starts if s.recorded_at <= at and s.not_before >= birth.on), default=opens_on
    )
    why = "set by your physio" if later > opens_on else "84 days after the birth"
    opens_on = max(opens_on, later)
    met = day >= opens_on
    message = f"{TITLE}: since {opens_on}" if met else f"no running before {opens_on} ({why})"
    return GateState(code=CODE, title=TITLE, met=met, message=message, opens_on=opens_on)
