"""Where a runner stands: everything derived, from facts and recordings, at an instant."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.sessions import Session
from monitor.decision import Recommendation
from monitor.facts import Facts
from monitor.progression import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The whole derived picture at one instant."""

    facts: Facts
    sessions: tuple[Session, ...]  # all of them: runs, walks, cross-training
    judged: tuple[Judged, ...]  # the running sessions
    recommendation: Recommendation
