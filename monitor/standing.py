"""Where a runner stands: everything derived, from facts and recordings, at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analysis.bouts import Observed
from analysis.plan import Plan, default_plan
from analysis.sessions import Session, gather
from monitor.checkins import CheckInLog
from monitor.decision import Recommendation, decide
from monitor.facts import Facts
from monitor.judged import Judged
from monitor.progression import replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The whole derived picture at one instant."""

    facts: Facts
    plan: Plan
    sessions: tuple[Session, ...]  # all of them: runs, walks, cross-training
    judged: tuple[Judged, ...]  # the running sessions
    log: CheckInLog  # her check-ins laid beside her runs
    recommendation: Recommendation


def stand(facts: Facts, observed: Iterable[Observed], as_of: datetime, *, plan: Plan | None = None) -> Standing:
    """Derive everything from facts and recordings, as it stood at an instant.

    Sessions that end after `as_of`, and answers entered after it, are not known yet.
    """
    plan = plan or default_plan()
    sessions = tuple(s for s in gather(observed, facts.zone_at) if s.ended_at <= as_of)
    log = CheckInLog(facts, sessions, as_of)
    judged = replay(facts, sessions, as_of, plan=plan, log=log)
    return Standing(
        facts=facts,
        plan=plan,
        sessions=sessions,
        judged=judged,
        log=log,
        recommendation=decide(judged, facts, as_of, plan=plan, log=log),
    )
