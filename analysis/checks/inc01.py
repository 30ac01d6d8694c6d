"""INC01: jogging time is not increased more than twice within seven days.

What: a run increases when its jogging is more than what she is used to + max(45 s, 6 s × jogs, 5 %), or its longest jog
+ max(30 s, 10 %). What she is used to is the most of the 28 days before, without runs that skipped a stage, had a
symptom or could not be judged; the prescription where there is none. The third increase within 168 hours is the
breach.

Why: the article allows two increases a week. A rolling window, because a calendar week would let four fall inside six
days. The tolerances are this project's own: people stop a few seconds after the beep.

Example: raised on Wednesday, Friday and Monday: Monday's is the third within seven days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.findings import Finding, Level

CODE = "INC01"
LEVEL = "limit"
SOURCE = "the article; Univ. of Delaware running ladder; the tolerances are this project's own"

WINDOW = timedelta(hours=168)
ESTABLISHED_OVER = timedelta(days=28)
ALLOWED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Jogging:
    """How much was jogged in a session, or would be. Seconds."""

    total_s: float
    longest_s: float
    repeats: int


def established(kept: Sequence[Jogging], left_out: Sequence[Jogging], otherwise: Jogging) -> Jogging:
    """Give what her body is used to: the largest values of the running sessions of the 28 days before.

    Sessions with STG03, with a symptom, or that cannot be judged are left out. Where nothing is kept it is the
    prescription in force (`otherwise`), yet never more than the least that was left out: a symptom logged for a short
    run must not raise what she is measured against.
    """
    if kept:
        return Jogging(
            total_s=max(j.total_s for j in kept),
            longest_s=max(j.longest_s for j in kept),
            repeats=max(j.repeats for j in kept),
        )
    return Jogging(
        total_s=min(j.total_s for j in (otherwise, *left_out)),
        longest_s=min(j.longest_s for j in (otherwise, *left_out)),
        repeats=otherwise.repeats,
    )


def is_increase(jogging: Jogging, base: Jogging) -> bool:
    """Say whether a session raised the jogging.

    Total > established + max(45 s, 6 s × repeats, 5 %), or longest jog > established + max(30 s, 10 %): people stop a
    few seconds after the beep, and that is no increase.
    """
    total_limit_s = base.total_s + max(45.0, 6.0 * jogging.repeats, 0.05 * base.total_s)
    longest_limit_s = base.longest_s + max(30.0, 0.10 * base.longest_s)
    return jogging.total_s > total_limit_s or jogging.longest_s > longest_limit_s


def within_window(increases: Sequence[datetime], at: datetime) -> tuple[datetime, ...]:
    """Give the increases in (at − 168 h, at], true instants; a calendar week would let four fall inside six days."""
    return tuple(i for i in increases if at - WINDOW < i <= at)


def check(increases: Sequence[datetime], at: datetime, ended_at: datetime) -> Finding | None:
    """Check a session that raised the jogging.

    The third increase within seven times 24 hours is the breach; the finding names all of them.

    Args:
        increases: the starts of the sessions that raised the jogging, this one included.
        at: the start of this session.
        ended_at: its end.
    """
    inside = within_window(increases, at)
    if len(inside) <= ALLOWED:
        return None
    return Finding(
        code=CODE,
        level=Level.LIMIT,
        message=f"jogging time was raised {len(inside)} times within 7 days; the plan allows {ALLOWED}",
        at=ended_at,
        evidence={
            **{f"increase_{n}": i.isoformat() for n, i in enumerate(inside, 1)},
            "count": len(inside),
            "allowed": ALLOWED,
        },
        source=SOURCE,
    )
