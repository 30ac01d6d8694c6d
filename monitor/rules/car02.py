"""CAR02: an urgent sign.

What: chest pain, trouble breathing, fainting, a severe headache or a change in sight, a fever of 38 °C or more, pain or
swelling in one calf, heavy bleeding (a pad an hour, large clots), a wound that opens, thoughts of self-harm. Medical
care comes now, and no running until a clinician was seen and agreed. The notice stands first on the output
of every command that looks at her data, until then.

Why: these are signs for which care after a birth is sought at once; the plan has nothing to say about them.

Example: she logs pain and swelling in one calf. Every command about her begins with the notice until
`restride gate seen`.
"""

from __future__ import annotations

from datetime import datetime

from monitor.checkins import CheckInLog
from monitor.facts import Facts
from monitor.rules.car01 import not_seen
from monitor.symptoms import Symptom

CODE = "CAR02"
LEVEL = "medical care now; no running"
SOURCE = "this project's own list of common warning signs after a birth"


def urgent(log: CheckInLog, facts: Facts, at: datetime, *, born: datetime | None) -> tuple[Symptom, ...]:
    """Give the urgent signs that no clinician has seen yet, oldest first; arguments as `car01.uncleared`."""
    return tuple(s for s in not_seen(log, facts, at, born=born) if s.urgent)
