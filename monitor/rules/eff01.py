"""EFF01: a run that felt hard.

What: an effort of 7 of 10 or more was logged for a run. Shown, and never blocks.

Why: the article warns of pushing too hard; a run of this plan should leave her able to talk. The 7 is this
project's own.

Example: an effort of 8 for Friday's run: the next one slower.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.findings import Finding, Level
from analysis.sessions import Session
from monitor.answers import CheckIn

CODE = "EFF01"
LEVEL = "advice; never blocks"
SOURCE = "the article; the limit is this project's own"

HARD = 7


def check(session: Session, entries: Iterable[CheckIn]) -> Finding | None:
    """Check the effort that was logged for a run; the highest counts."""
    effort = max((e.effort for e in entries if e.effort is not None), default=0)
    if effort < HARD:
        return None
    return Finding(
        code=CODE,
        level=Level.INFO,
        message=f"an effort of {effort} of 10 was logged; a run of this plan is easy enough to talk",
        at=session.ended_at,
        evidence={"effort": effort, "limit_effort": HARD},
        source=SOURCE,
    )
