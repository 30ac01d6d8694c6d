"""RST01: 48 hours of rest between two running sessions.

What: from the end of one run to the start of the next there are at least 48 hours, as instants, so that neither a
clock change nor travel moves them. Less is always a finding that says how short. It is a limit where the two starts are
less than 47 h 30 min apart, else a caution, which does not block. With strict rest every gap under 48 hours is a limit.

Why: the article and the University of Delaware's ladder rest a day between runs. The band is this project's own:
someone who runs every other day at the same hour has a little under 48 hours from end to start.

Example: Monday 07:00–07:30 to Wednesday 07:00 is 47.5 h of rest and 48 h from start to start: a caution.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from analysis.findings import Finding, Level
from analysis.plan import hours
from analysis.sessions import Session

CODE = "RST01"
LEVEL = "limit or caution"
SOURCE = "the article; Univ. of Delaware running ladder; the band is this project's own"

REST = timedelta(hours=48)
STARTS_APART = timedelta(hours=47, minutes=30)


def check(session: Session, previous: Session, *, strict: bool = False) -> Finding | None:
    """Check the rest before a run.

    From the end of one running session to the start of the next there are at least 48 hours, as instants, so neither
    a clock change nor travel moves them. Less is always a finding that says how short. It is a `limit` when the two
    starts are less than 47 h 30 min apart, else a `caution`, which does not block: someone who runs every other day at
    the same hour has slightly under 48 hours from end to start. With `strict` every gap under 48 hours is a `limit`.

    Example: Monday 07:00–07:30 to Wednesday 07:00 is 47.5 h of rest and 48 h from start to start: a caution.
    """
    rest = max(session.started_at - previous.ended_at, timedelta(0))  # two that overlap: none, and not less than none
    if rest >= REST:
        return None
    apart = session.started_at - previous.started_at
    blocks = strict or apart < STARTS_APART
    whole = timedelta(minutes=rest // timedelta(minutes=1))  # so that the two figures add up to 48 h
    return Finding(
        code=CODE,
        level=Level.LIMIT if blocks else Level.CAUTION,
        message=f"{hours(whole)} of rest before this run, {hours(REST - whole)} short of the plan's 48 h",
        at=session.ended_at,
        evidence={
            "previous_end": previous.ended_at.isoformat(),
            "start": session.started_at.isoformat(),
            "rest_s": rest.total_seconds(),
            "starts_apart_s": apart.total_seconds(),
            "limit_s": REST.total_seconds(),
        },
        source=SOURCE,
    )


def earliest(previous: Session) -> datetime:
    """Give the earliest start of a run that keeps the rest."""
    return previous.ended_at + REST
