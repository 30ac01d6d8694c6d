"""CAR01: a symptom that a clinician sees before the next run.

What: pain above 5 of 10, pain in one spot on a bone or at night, leakage of stool, a bulge felt, new or increased
bleeding. No running until a fact says that a clinician was seen and agreed to running. A later "none" does not clear
it, and neither does a correction of the entry more than an hour after it. A run before that is a finding of its own,
and holds for seven days.

Why: the article sends her to a physiotherapist when symptoms linger; which of them come first is this project's own.

Example: a bulge is felt on Tuesday evening. `restride gate seen --on DATE` once a clinician has agreed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.checkins import CheckInLog
from monitor.facts import Asked, Facts, Seen
from monitor.symptoms import Symptom

CODE = "CAR01"
LEVEL = "no running, until a clinician was seen"
SOURCE = "the article: seek a physiotherapist when symptoms linger; the list is this project's own"


def uncleared(log: CheckInLog, facts: Facts, at: datetime, *, born: datetime | None) -> tuple[Symptom, ...]:
    """Give the symptoms that no clinician has seen yet, oldest first.

    Args:
        log: her check-ins.
        facts: what she told; `seen` clears.
        at: the instant asked about.
        born: the last birth; symptoms before it belong to another time.
    """
    return tuple(s for s in not_seen(log, facts, at, born=born) if s.severe)


def not_seen(log: CheckInLog, facts: Facts, at: datetime, *, born: datetime | None) -> Iterable[Symptom]:
    """Give the grave symptoms (CAR01, CAR02) that no clinician has seen yet, oldest first."""
    seen = facts.standing_seen()
    return (s for s in log.grave if s.at <= at and (born is None or s.at >= born) if not cleared_by(seen, s, facts, at))


def cleared_by(seen: Iterable[Seen | Asked], symptom: Symptom, facts: Facts, at: datetime) -> bool:
    """Say whether somebody was seen or asked after a symptom was told, and that was entered after it too.

    Told late, it was not what a visit in between was about; and what was written down before says nothing of it.
    """
    entry = symptom.check_in
    today = at.astimezone(facts.zone_at(at)).date()
    day = entry.said_at.astimezone(facts.zone_at(entry.said_at)).date()
    return any(day <= s.on <= today and s.recorded_at > entry.recorded_at and s.id > entry.id for s in seen)
