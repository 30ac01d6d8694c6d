"""SYM03: a symptom came during a jog, and the jog was finished.

What: an entry for `during` with a symptom, answered "finished the bout". It holds like any symptom; the text says what
the plan asks for when one starts: stop jogging, and walk.

Why: in an expert consensus most hold that a runner stops and walks when a symptom starts (Deering et al. 2024, 86.9 %).

Example: leakage on the fourth jog, and she jogged the minute to its end.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.symptoms import Symptom

CODE = "SYM03"
LEVEL = "holds"
SOURCE = "Deering et al. 2024: 86.9 % agree to stop and walk"


def jogged_on(unresolved: Iterable[Symptom]) -> tuple[Symptom, ...]:
    """Give the unresolved symptoms that came in a jog which was finished all the same."""
    return tuple(s for s in unresolved if s.jogged_on)
