"""Where a runner stands: everything derived, from facts and recordings, at an instant."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from analysis.bouts import Observed
from analysis.corrected import corrected, settled
from analysis.plan import Plan
from analysis.sessions import Session, gather, named
from monitor.answers import CheckIn
from monitor.checkins import CheckInLog, replaced
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
    # By the times at which they were entered: a clock that ran ahead makes no slip of a correction.
    gone = replaced([e for e in facts.check_ins if e.recorded_at <= as_of or (present and what_symptoms(e))])
    if present:
        facts = replace(facts, check_ins=tuple(_by_now(facts, as_of)))
    plan = plan_at(facts, as_of)
    # What was told by hand is told, also where the computer's clock ran ahead meanwhile.
    by_hand = observed_by_hand(facts, datetime.max.replace(tzinfo=UTC) if present else as_of)
    sessions, ahead, ignored = _sessions(facts, (*observed, *by_hand), as_of)
    ahead = tuple(s for s in ahead if s.is_running) if present else ()
    log = CheckInLog(facts, sessions, as_of, gone=gone)
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


def _by_now(facts: Facts, now: datetime) -> Iterator[CheckIn]:
    """Give her check-ins, a symptom that was entered while a clock was wrong as one of when it was first known.

    Wrong is a clock that ran ahead of now, or one that stood before the birth although the birth had been told. It was
    known just before the next fact was told, or now. Answers of none stay where they are: they would help her.
    """
    born_at, birth = facts.born_at(now), facts.birth_at(now.astimezone(facts.zone_at(now)).date())
    for entry in facts.check_ins:
        behind = born_at is not None and birth is not None and birth.id < entry.id and entry.said_at < born_at
        if not (behind or entry.recorded_at > now) or not what_symptoms(entry):
            yield entry
            continue
        right = (at for at in facts.told_after(entry.id) if at <= now and (born_at is None or at >= born_at))
        yield replace(entry, recorded_at=min(right, default=now) - timedelta(microseconds=1), answered_at=None)


def _sessions(
    facts: Facts, observed: Iterable[Observed], as_of: datetime
) -> tuple[tuple[Session, ...], tuple[Session, ...], tuple[LeftOut, ...]]:
    """Gather recordings into sessions, her corrections laid over them: those that count, those ahead, those ignored.

    What ends later than the instant asked about is gathered by itself: it joins no run that is over. All are named
    together, so that a session keeps its name when it, or another one of its day, is ignored.
    """
    reasons = facts.ignored_at(as_of)
    said = settled(facts.corrections_at(as_of))
    words = facts.same_runs_at(as_of)
    counted, ahead, left_out = [], [], []
    for one in observed:
        if one.identity in reasons:
            left_out.append(one)
        elif one.ended_at > as_of:
            ahead.append(corrected(one, said))
        else:
            counted.append(corrected(one, said))
    groups = [gather(group, facts.zone_at, words) if group else () for group in (counted, ahead, left_out)]
    if not (ahead or left_out):
        return groups[0], (), ()
    where = {(s.started_at, s.identities): n for n, group in enumerate(groups) for s in group}
    parted: tuple[list[Session], ...] = ([], [], [])
    for session in named(sorted(itertools.chain(*groups), key=lambda s: (s.started_at, s.identities))):
        parted[where[session.started_at, session.identities]].append(session)
    ignored = tuple(
        LeftOut(session=s, because="; ".join(dict.fromkeys(reasons[identity] for identity in s.identities)))
        for s in parted[2]
    )
    return tuple(parted[0]), tuple(parted[1]), ignored
