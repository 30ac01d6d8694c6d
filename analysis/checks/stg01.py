"""STG01: the first run stays within the stage in force.

What: the first run after the gates keeps the limits of STG02, a main set of at most 110 % of the prescribed, and a
median walk break of at least 75 %. It takes the place of STG02 for that run.

Why: the article starts at 1 min of jogging and 2 min of walking, for 20 min.

Example: 30 minutes of 1:2 on the first day.
"""

from __future__ import annotations

from analysis.checks import stg02
from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import Prescription
from analysis.sessions import Session

CODE = "STG01"
LEVEL = "limit"
SOURCE = "the article: start at 1 min jog, 2 min walk, for 20 min"


def check(session: Session, performed: Performed, prescription: Prescription) -> Finding | None:
    """Check the first running session after the gates.

    It stays within the stage in force (1:2 for 20 minutes unless a physio set another): the limits of STG02, a main
    set of at most 110 % of the prescribed, and a median walk break of at least 75 %. All of these are a `limit` here.
    """
    said = [*stg02.beyond(performed, prescription), *stg02.loosened(performed, prescription)]
    if not said:
        return None
    return Finding(
        code=CODE,
        level=Level.LIMIT,
        message="the first run went beyond its stage: " + "; ".join(said),
        at=session.ended_at,
        evidence=stg02.evidence(performed, prescription),
        source=SOURCE,
    )
