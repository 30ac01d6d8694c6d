"""Steps of both feet: decide once for a whole recording whether its cadence counted one foot or both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.recording import Note

ONE_FOOT_BELOW_SPM = 100.0
"""The 95th percentile below which a recording counted one foot.

Writers of GPX and TCX keep no rule, so the middle is taken: nobody walks below 50 double steps for long, few run above
100.
"""

SAYS_ONE_FOOT = {"fit": 110.0}
"""A format that says that it counts one foot: only what no runner reaches (110 × 2 = 220 steps a minute) is both."""

NOT_STEPS = frozenset({"cycling", "e_biking", "swimming", "rowing", "paddling", "kayaking", "stand_up_paddleboarding"})
"""Sports whose cadence counts pedals or strokes."""


def both_feet(cadence: NDArray[np.float64], *, file_format: str) -> tuple[NDArray[np.float64], list[Note]]:
    """Give steps per minute from what a file calls cadence.

    A cadence that is 0 throughout was not measured. A 0 between others stays: it does not mean standing.
    """
    moving = cadence[cadence > 0]
    if not len(moving):
        if np.isnan(cadence).all():
            return cadence, []
        note = Note(code="cadence_always_zero", message="The cadence is 0 throughout, so it was taken as not recorded.")
        return np.full(len(cadence), np.nan), [note]
    high = float(np.percentile(moving, 95))
    if high < SAYS_ONE_FOOT.get(file_format, ONE_FOOT_BELOW_SPM):
        if file_format in SAYS_ONE_FOOT:
            return cadence * 2, []
        message = f"The cadence was taken to count one foot (rarely above {high:.0f}) and was doubled."
        return cadence * 2, [Note(code="cadence_one_foot", message=message)]
    message = f"The cadence was taken to count both feet (up to {high:.0f}) and was not doubled."
    return cadence, [Note(code="cadence_both_feet", message=message)]
