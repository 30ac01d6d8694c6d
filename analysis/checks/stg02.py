"""STG02: not more jogging than prescribed.

What: a limit where the jogging passes the prescribed + max(60 s, 10 s × jogs, 5 %), or the longest jog + max(30 s,
10 %). A caution, which does not block, where the median walk break is under 75 % of the prescribed or the main set over
110 %. Less jogging is never a breach. She is judged by the higher of what she was told and what the plan works out:
nobody is blamed for doing what she was told.

Why: the article raises gradually. The tolerances are this project's own.

Example: ten minutes of jogging where seven were asked.
"""

from __future__ import annotations

from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import Prescription, minutes
from analysis.sessions import Session

CODE = "STG02"
LEVEL = "limit or caution"
SOURCE = "the article (raise gradually); the tolerances are this project's own"

WALK_SHARE = 0.75
MAIN_SET_SHARE = 1.10


def total_limit_s(prescription: Prescription) -> float:
    """Give the most jogging that still counts as prescribed: + max(60 s, 10 s × repeats, 5 %)."""
    total_s = prescription.jog_total_s
    return total_s + max(60.0, 10.0 * prescription.repeats, 0.05 * total_s)


def longest_limit_s(prescription: Prescription) -> float:
    """Give the longest jog that still counts as prescribed: + max(30 s, 10 %)."""
    return prescription.longest_jog_s + max(30.0, 0.10 * prescription.longest_jog_s)


def _asks(prescription: Prescription, seconds: float) -> str:
    return f"where stage {prescription.stage} asks {minutes(seconds)}"


def beyond(performed: Performed, prescription: Prescription) -> list[str]:
    """Say what went beyond the prescription, in words; empty when nothing did."""
    said = []
    if performed.jog_s > total_limit_s(prescription):
        said.append(f"{minutes(performed.jog_s)} min of jogging {_asks(prescription, prescription.jog_total_s)}")
    if performed.longest_jog_s > longest_limit_s(prescription):
        said.append(
            f"a longest jog of {minutes(performed.longest_jog_s)} min {_asks(prescription, prescription.longest_jog_s)}"
        )
    return said


def loosened(performed: Performed, prescription: Prescription) -> list[str]:
    """Say where breaks were short or the set was long, in words; empty when neither."""
    said = []
    if prescription.walk_s and performed.walk_bout_s < WALK_SHARE * prescription.walk_s:
        said.append(f"walk breaks of {minutes(performed.walk_bout_s)} min {_asks(prescription, prescription.walk_s)}")
    if performed.main_set_s > MAIN_SET_SHARE * prescription.main_set_s:
        said.append(f"a main set of {minutes(performed.main_set_s)} min {_asks(prescription, prescription.main_set_s)}")
    return said


def check(session: Session, performed: Performed, prescription: Prescription) -> Finding | None:
    """Check that a session did not jog more than its prescription.

    A `limit` when the jog total passes the prescribed + max(60 s, 10 s × prescribed repeats, 5 %), or the longest jog
    the prescribed + max(30 s, 10 %). A `caution`, which does not block, when the median walk break is under 75 % of
    the prescribed or the main set over 110 %. Less jogging is never a breach. The caller passes the higher of what was
    issued to her and what replay gives: nobody is blamed for doing what she was told.
    """
    more = beyond(performed, prescription)
    said = more or loosened(performed, prescription)
    if not said:
        return None
    return Finding(
        code=CODE,
        level=Level.LIMIT if more else Level.CAUTION,
        message="; ".join(said),
        at=session.ended_at,
        evidence=evidence(performed, prescription),
        source=SOURCE,
    )


def evidence(performed: Performed, prescription: Prescription) -> dict[str, str | int | float]:
    """Put the numbers of a comparison side by side."""
    return {
        "stage": prescription.stage,
        "jog_s": performed.jog_s,
        "prescribed_jog_s": prescription.jog_total_s,
        "limit_jog_s": total_limit_s(prescription),
        "longest_jog_s": performed.longest_jog_s,
        "prescribed_longest_jog_s": prescription.longest_jog_s,
        "limit_longest_jog_s": longest_limit_s(prescription),
        "walk_bout_s": performed.walk_bout_s,
        "prescribed_walk_bout_s": prescription.walk_s,
        "main_set_s": performed.main_set_s,
        "prescribed_main_set_s": prescription.main_set_s,
    }
