"""SYM01: a symptom holds the plan until it has resolved.

What: any pain of 1 or more, leakage or heaviness, in any window. It has resolved when a later entry answers none to all
three, *and* a later run has all its windows answered none; what may have been a walk resolves nothing. Running on at
the held stage is allowed.

Why: the article: pain, heaviness or leakage, and no progress until it has resolved.

Example: drops after Tuesday's run hold; a clean Thursday with all its answers none resolves them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from analysis.sessions import Session
from monitor.checkins import CheckInLog
from monitor.symptoms import Symptom

CODE = "SYM01"
LEVEL = "holds"
SOURCE = "the article: no progress while there is pain, leakage or heaviness"


def unresolved(log: CheckInLog, runs: Iterable[Session], at: datetime, *, born: datetime | None) -> tuple[Symptom, ...]:
    """Give the symptoms that still hold the plan at an instant, oldest first.

    Any pain ≥ 1, leakage or heaviness in any window holds. It has resolved when a later entry answers none to pain,
    leakage and heaviness alike, *and* a later running session has all its windows answered none. Such a session
    brings that entry with it, so the session is what is looked for. Running on at the held stage is allowed.

    Args:
        log: her check-ins.
        runs: her running sessions before `at`, the last one first.
        at: the instant asked about.
        born: the last birth; symptoms before it belong to another time.
    """
    resolved_from = next((run.started_at for run in runs if run.doubt is None and log.all_none(run, at)), None)
    since = max((instant for instant in (resolved_from, born) if instant is not None), default=None)
    return log.between(since, at)
