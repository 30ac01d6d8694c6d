"""SPK01: no spike over the longest run of 30 days.

What: the jogging time of a run beside the most of any run in the 30 days before it. Shown where it is more by over
10 % or 2 minutes, whichever is larger. It never blocks. Where there was no run in those days, nothing is said.

Why: in a large study of runners a single session far longer than the longest of the last 30 days went with more
injuries (Frandsen et al. 2025).

Example: at most 14 min of jogging in a month, then 16:30 in one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import minutes
from analysis.sessions import Session

CODE = "SPK01"
LEVEL = "advice; never blocks"
SOURCE = "Frandsen et al. 2025"

OVER = timedelta(days=30)


def limit_s(longest_s: float) -> float:
    """Give the most jogging that is no spike: + max(10 %, 2 min)."""
    return longest_s + max(0.10 * longest_s, 120.0)


def check(session: Session, performed: Performed, before_s: Sequence[float]) -> Finding | None:
    """Check the jogging time of a run against that of the runs of the 30 days before, in seconds."""
    longest_s = max(before_s, default=None)
    if longest_s is None or performed.jog_s <= limit_s(longest_s):
        return None
    return Finding(
        code=CODE,
        level=Level.INFO,
        message=(
            f"{minutes(performed.jog_s)} min of jogging; the most in the 30 days before was {minutes(longest_s)} min"
        ),
        at=session.ended_at,
        evidence={"jog_s": performed.jog_s, "longest_of_30_days_s": longest_s, "limit_s": limit_s(longest_s)},
        source=SOURCE,
    )
