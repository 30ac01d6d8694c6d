"""STG03: no stage is skipped.

What: the jogging or the longest jog passes even the STG02 limit of the next stage. At the last stage there is none.

Why: the article raises gradually; in an expert consensus 98.8 % raise one parameter at a time (Deering et al. 2024).

Example: at stage 3, three-minute jogs.
"""

from __future__ import annotations

from analysis.checks import stg02
from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import Prescription
from analysis.sessions import Session

CODE = "STG03"
LEVEL = "limit"
SOURCE = "the article (raise gradually); Deering et al. 2024: one parameter at a time"


def check(session: Session, performed: Performed, following: Prescription | None) -> Finding | None:
    """Check that a session did not go beyond even the next stage.

    A `limit` when jog total or longest jog pass the STG02 limit of the *next* stage. At the last stage there is no
    next one (`following` is None), and no finding.
    """
    if following is None:
        return None
    said = stg02.beyond(performed, following)
    if not said:
        return None
    return Finding(
        code=CODE,
        level=Level.LIMIT,
        message=f"beyond even the next stage ({following.stage}): " + "; ".join(said),
        at=session.ended_at,
        evidence=stg02.evidence(performed, following),
        source=SOURCE,
    )
