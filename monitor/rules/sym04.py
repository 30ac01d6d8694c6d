"""SYM04: leakage or heaviness in two runs within 14 days.

What: two runs, the second begun at most 14 × 24 hours after the first, with leakage or heaviness around each. The plan
holds until a physiotherapist or clinician was asked about it, on the day of the second one or later, and until 14 days
have passed since the second run. A symptom logged for no run belongs to the run before it.

Why: the article sends a runner to a pelvic-health physiotherapist when symptoms linger; the 14 days are this project's
own.

Example: drops after Monday's run and after Friday's: `restride gate asked --on DATE`, and a step up not before the
Friday two weeks later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from analysis.sessions import Session
from monitor.checkins import CheckInLog
from monitor.facts import Facts
from monitor.rules.car01 import cleared_by
from monitor.symptoms import Kind, Symptom

CODE = "SYM04"
LEVEL = "holds, until someone was asked"
SOURCE = "the article: seek a pelvic-health physiotherapist when symptoms linger; the 14 days are this project's own"

WITHIN = timedelta(days=14)
PELVIC = frozenset({Kind.LEAKAGE, Kind.HEAVINESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Leakage or heaviness that came back within 14 days."""

    first: Session
    second: Session
    symptom: Symptom  # the one that made it two
    asked: bool  # a physiotherapist or clinician was asked since
    until: datetime  # 14 days after the second run


def returned(log: CheckInLog, runs: Iterable[Session], facts: Facts, at: datetime) -> Returned | None:
    """Give the last time that leakage or heaviness came back and still holds; None where none does.

    Args:
        log: her check-ins.
        runs: her running sessions of the plan before `at`, the last one first.
        facts: what she told; `asked`, and `seen` by a clinician, count.
        at: the instant asked about.
    """
    asked = [(a.on, a.recorded_at) for a in facts.asked] + [(s.on, s.recorded_at) for s in facts.seen]
    shows = ((run, symptom) for run in runs if (symptom := _first(log, run, at)) is not None)
    for (second, other), (first, one) in pairwise(shows):
        if second.started_at - first.started_at > WITHIN:
            continue
        symptom = max(one, other, key=lambda s: s.at)
        was_asked = cleared_by(asked, symptom, facts, at)
        until = second.ended_at + WITHIN
        if not was_asked or at < until:
            return Returned(first=first, second=second, symptom=symptom, asked=was_asked, until=until)
    return None


def _first(log: CheckInLog, run: Session, at: datetime) -> Symptom | None:
    return next((s for s in log.around(run) if s.at <= at and not PELVIC.isdisjoint(s.kinds)), None)
