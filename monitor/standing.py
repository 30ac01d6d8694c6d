"""Where a runner stands: everything derived, from facts and recordings, at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.bouts import Observed
from analysis.corrected import corrected, settled
from analysis.plan import Plan
from analysis.sessions import Session, gather, named
from monitor.answers import CheckIn
from monitor.checkins import CheckInLog
from monitor.decision import decide
from monitor.facts import Facts
from monitor.judged import Judged
from monitor.manual import observed_by_hand
from monitor.plans import plan_at
from monitor.progression import replay
from monitor.recommendation import Recommendation
from monitor.saying import recommend
from monitor.symptoms import what_symptoms


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A session that counts for nothing, by her word."""

    session: Session
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The whole derived picture at one instant."""

    facts: Facts
    plan: Plan
    sessions: tuple[Session, ...]  # all of them: runs, walks, cross-training
    judged: tuple[Judged, ...]  # the running sessions
    log: CheckInLog  # her check-ins laid beside her runs
    recommendation: Recommendation
    ignored: tuple[LeftOut, ...] = ()  # what she left out; nothing else here knows of it
    ahead: tuple[Session, ...] = ()  # may have been runs, and are dated later than the present


def stand(facts: Facts, observed: Iterable[Observed], as_of: datetime, *, present: bool = False) -> Standing:
    """Derive everything from facts and recordings, as it stood at an instant.

    Sessions that end after `as_of`, and what was entered after it, are not known yet.

    Args:
        facts: what she and her physio told.
        observed: what her recordings show.
        as_of: the instant asked about.
        present: it is now. What is dated later was then recorded by a wrong clock: nobody knows when, so it is not
            counted; but what may have been a run holds, and so does a symptom, as one of now.
    """
    if present:
        facts = replace(facts, check_ins=tuple(_by_now(entry, as_of) for entry in facts.check_ins))
    plan = plan_at(facts, as_of)
    everything, ignored = _sessions(facts, (*observed, *observed_by_hand(facts, as_of)), as_of)
    sessions = tuple(s for s in everything if s.ended_at <= as_of)
    ahead = tuple(s for s in everything if s.is_running and s.ended_at > as_of) if present else ()
    log = CheckInLog(facts, sessions, as_of)
    judged = replay(facts, sessions, as_of, log=log)
    decided = decide(judged, facts, as_of, plan=plan, log=log, ahead=ahead)
    return Standing(
        facts=facts,
        plan=plan,
        sessions=sessions,
        judged=judged,
        log=log,
        recommendation=recommend(decided, facts, plan),
        ignored=tuple(left for left in ignored if left.session.ended_at <= as_of or present),
        ahead=ahead,
    )


def _by_now(entry: CheckIn, now: datetime) -> CheckIn:
    """Take a symptom that was entered while the computer's clock ran ahead as one of now; answers of none wait."""
    return replace(entry, recorded_at=now) if entry.recorded_at > now and what_symptoms(entry) else entry


def _sessions(
    facts: Facts, observed: Iterable[Observed], as_of: datetime
) -> tuple[Sequence[Session], Sequence[LeftOut]]:
    """Gather recordings into sessions, her corrections laid over them and those she ignores apart.

    Both are named together, so that a session keeps its name when it, or another one of its day, is ignored.
    """
    reasons = facts.ignored_at(as_of)
    said = settled(facts.corrections_at(as_of))
    words = facts.same_runs_at(as_of)
    counted, left_out = [], []
    for one in observed:
        if one.identity in reasons:
            left_out.append(one)
        else:
            counted.append(corrected(one, said))
    sessions = gather(counted, facts.zone_at, words)
    if not left_out:
        return sessions, ()
    apart = gather(left_out, facts.zone_at, words)
    everything = named(sorted((*sessions, *apart), key=lambda s: (s.started_at, s.identities)))
    ignored = tuple(
        LeftOut(session=s, because="; ".join(dict.fromkeys(reasons[identity] for identity in s.identities)))
        for s in everything
        if s.identities[0] in reasons
    )
    return tuple(s for s in everything if s.identities[0] not in reasons), ignored
