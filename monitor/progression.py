"""Replay in time order: the stage in force for each session, and what was found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from analysis.checks import dat01, inc01, rst01, spk01, stg01, stg02, stg03
from analysis.checks.inc01 import Jogging
from analysis.findings import Finding, Level
from analysis.plan import Plan, Prescription
from analysis.sessions import Session
from monitor.checkins import CheckInLog
from monitor.decision import Decision, decide
from monitor.facts import Facts, Issued
from monitor.footing import FULL_GAP, STEP_UP_GAP, footing, last_sure, last_word, readiness_since, still_owed
from monitor.increases import jogged, used_to
from monitor.judged import Judged as Judged
from monitor.judged import StepBack, merit, shortfall
from monitor.plans import plan_at
from monitor.rules import car01, car02, eff01, sym02
from monitor.rules.gate import GateState
from monitor.rules.gates import SOURCES

ISSUED_FOR = timedelta(days=8)
"""How long an issued recommendation speaks: its week and a day. After that none was issued for the run (ADR 0006)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of stage from one running session to the next."""

    at: datetime
    from_stage: int
    to_stage: int


def replay(facts: Facts, sessions: Iterable[Session], as_of: datetime, *, log: CheckInLog) -> tuple[Judged, ...]:
    """Judge every running session up to an instant, in time order.

    Each is judged by the plan in force when it began, against the recommendation issued to her before it; where none
    was, against what `decide` would have said then. Sessions that end after `as_of` are not counted.
    """
    began = facts.plan_began(as_of)
    issued = sorted(facts.issued, key=lambda i: (i.recorded_at, i.id))
    judged: list[Judged] = []
    runs = sorted(
        (s for s in sessions if s.is_running and s.ended_at <= as_of), key=lambda s: (s.started_at, s.identities)
    )
    for session in runs:
        if began is not None and session.started_at < began:
            judged.append(_history(session, judged, facts, log, as_of))
        else:
            judged.append(_judge(session, judged, facts, issued, log, as_of))
    return tuple(judged)


def moves(judged: Sequence[Judged]) -> tuple[Move, ...]:
    """Give the changes of stage between the running sessions of one plan; stages of another are other stages."""
    staged = [(j.session.started_at, j.stage, j.plan) for j in judged if j.stage is not None]
    return tuple(
        Move(at=at, from_stage=before, to_stage=stage)
        for (_, before, plan_before), (at, stage, plan) in pairwise(staged)
        if stage != before and plan == plan_before
    )


def _history(session: Session, before: Sequence[Judged], facts: Facts, log: CheckInLog, as_of: datetime) -> Judged:
    """Take in a run from before the plan began: it counts for RST01 and INC01, and is not judged itself."""
    plan = plan_at(facts, session.started_at)
    raised = _raised(session, before, plan[plan.first_stage], log, as_of) is not None
    return Judged(
        session=session,
        history=True,
        stage=None,
        issued_stage=None,
        replayed_stage=None,
        prescription=None,
        rest_before_s=_rest_before_s(session, before),
        readiness_since=readiness_since(before, session.started_at),
        findings=tuple(_rest_and_rise(session, before, facts, raised=raised)),
        windows={},
        is_increase=raised,
        unjudgeable=dat01.check(session) is not None,
        beyond=False,
        completed=False,
        short=None,
        clean=False,
        why_not_clean=("from before the plan began",),
    )


def _judge(
    session: Session,
    before: Sequence[Judged],
    facts: Facts,
    issued: Sequence[Issued],
    log: CheckInLog,
    as_of: datetime,
) -> Judged:
    at = session.started_at
    plan = plan_at(facts, at)
    stand = footing(before, facts, at, plan)
    told = decide(before, facts, at, plan=plan, log=log, stand=stand)
    # Where there was to be no running it is what she stood on; where no stage fitted, the least that the plan asks.
    replayed = told.stage if told.stage is not None else plan.lowest
    issued_stage = _issued_stage(session, issued, facts, plan)
    stage = replayed if issued_stage is None else issued_stage
    if issued_stage is not None and _lapsed(before, at):  # a step up that was issued does not survive a long break
        stage = min(issued_stage, replayed)

    prescription = plan[stage]
    candidates = {stage, replayed, stage if issued_stage is None else issued_stage}
    blame_stage = max(
        candidates, key=lambda n: (plan[n].jog_total_s, plan[n].longest_jog_s, n)
    )  # the one that asks most
    findings = _gate_findings(session, told.gates)
    findings += _told_not_to_run(session, told)
    raised = _raised(session, before, prescription, log, as_of) is not None
    findings += _rest_and_rise(session, before, facts, raised=raised)
    done, unjudgeable = session.performed, dat01.check(session)
    if not told.completed:
        findings += _stage_findings(session, before, plan, blame_stage, unjudgeable is not None)
    findings += [unjudgeable] if unjudgeable else []
    findings += _advice(session, before, log, judgeable=unjudgeable is None)

    judged = Judged(
        session=session,
        history=False,
        stage=stage,
        issued_stage=issued_stage,
        replayed_stage=replayed,
        prescription=prescription,
        rest_before_s=_rest_before_s(session, before),
        readiness_since=readiness_since(before, at),
        findings=tuple(findings),
        windows={window.value: log.state(session, window, as_of) for window in log.of(session)},
        is_increase=raised,
        unjudgeable=unjudgeable is not None,
        beyond=done is not None and bool(stg02.beyond(done, plan[blame_stage])),
        completed=told.completed,
        short=None if unjudgeable or done is None else shortfall(done, prescription),
        clean=False,
        why_not_clean=(),
        plan=plan.name,
        owed=still_owed(stand, stage, plan),
    )
    judged = replace(judged, step_back=_step_back(judged, before, log))
    worth = merit(judged, log, as_of)
    return replace(judged, clean=worth.clean, why_not_clean=worth.why_not)


def _issued_stage(session: Session, in_order: Sequence[Issued], facts: Facts, plan: Plan) -> int | None:
    """Give the stage that was issued for a run: within the week, after the birth, and not overruled since."""
    at = session.started_at
    before = bisect_left(in_order, at, key=lambda i: i.recorded_at)
    issued = in_order[before - 1] if before else None
    if issued is None or issued.next_stage is None or at - issued.recorded_at > ISSUED_FOR:
        return None
    born, word = facts.born_at(at), last_word(facts, at, plan)
    overruled = word is not None and issued.recorded_at < word.given_at <= at
    return None if overruled or (born is not None and issued.recorded_at < born) else plan.clamp(issued.next_stage)


def _lapsed(before: Sequence[Judged], at: datetime) -> bool:
    last = last_sure(before)
    return last is not None and at - last.session.ended_at > STEP_UP_GAP


def _rest_and_rise(session: Session, before: Sequence[Judged], facts: Facts, *, raised: bool) -> list[Finding]:
    """Check the rest before a run and, where it raised the jogging, how often that was: for history too."""
    at, found = session.started_at, []
    if before:
        found.append(rst01.check(session, before[-1].session, strict=facts.strict_rest(at)))
    if raised:
        increases = [j.session.started_at for j in before if j.is_increase]
        found.append(inc01.check([*increases, at], at, session.ended_at))
    return [f for f in found if f is not None]


def _told_not_to_run(session: Session, told: Decision) -> list[Finding]:
    """Say that a run came while the plan asked for none, for a sign that had been told before it (CAR01, CAR02)."""
    at = session.started_at
    return [
        Finding(
            code=code,
            level=Level.RED_FLAG,
            message="this run came before a clinician had seen you and agreed to running",
            at=session.ended_at,
            evidence={"start": at.isoformat()},
            source=source,
        )
        for code, source, symptoms in (
            (car02.CODE, car02.SOURCE, told.logged.urgent),
            (car01.CODE, car01.SOURCE, told.logged.uncleared),
        )
        if any(s.check_in.recorded_at <= at for s in symptoms)
    ]


def _step_back(judged: Judged, before: Sequence[Judged], log: CheckInLog) -> StepBack | None:
    symptoms = sym02.shown(judged, before, log)
    return StepBack(at=min(s.at for s in symptoms), symptoms=symptoms) if symptoms else None


def _advice(session: Session, before: Sequence[Judged], log: CheckInLog, *, judgeable: bool) -> list[Finding]:
    """Give what is worth saying and never blocks."""
    found = [eff01.check(session, log.entries(session))]
    if judgeable and session.performed is not None:
        recent = takewhile(lambda j: j.session.started_at > session.started_at - spk01.OVER, reversed(before))
        totals_s = [j.session.performed.jog_s for j in recent if j.session.performed is not None and not j.unjudgeable]
        found.append(spk01.check(session, session.performed, totals_s))
    return [f for f in found if f is not None]


def _gate_findings(session: Session, states: Sequence[GateState]) -> list[Finding]:
    return [
        Finding(
            code=g.code,
            level=Level.LIMIT,
            message=f"this run came before a gate was met: {g.title}",
            at=session.ended_at,
            evidence={"start": session.started_at.isoformat()},
            source=SOURCES[g.code],
        )
        for g in states
        if not g.met
    ]


def _stage_findings(
    session: Session, before: Sequence[Judged], plan: Plan, stage: int, unjudgeable: bool
) -> list[Finding]:
    """Check a session against a stage: STG01 for the first one after the gates, STG02 for the others, STG03 for all.

    Data that cannot carry a verdict blame nobody, but for what even their stated error leaves beyond a limit.
    """
    done = dat01.at_least(session) if unjudgeable else session.performed
    if done is None:
        return []
    check = stg01.check if _is_first(session, before) else stg02.check
    # On a ladder with an easier week in it a stage may ask more than the next one: only what is beyond both skips one.
    following = plan[stage + 1] if stage < plan.last and stg02.beyond(done, plan[stage]) else None
    found = (check(session, done, plan[stage]), stg03.check(session, done, following))
    return [f for f in found if f is not None and not (unjudgeable and f.level is not Level.LIMIT)]


def _is_first(session: Session, before: Sequence[Judged]) -> bool:
    """Say whether a run is the first after the gates: of the plan, or after readiness had to be repeated."""
    if not before or before[-1].history:
        return True
    last = before[-1]
    ran_too_early = any(f.code.startswith("GAT") for f in last.findings)
    sure = last_sure(before)
    return ran_too_early or sure is None or session.started_at - sure.session.ended_at > FULL_GAP


def _raised(
    session: Session, before: Sequence[Judged], otherwise: Prescription, log: CheckInLog, as_of: datetime
) -> Jogging | None:
    """Give what she was used to when this session raised it; None when it raised nothing."""
    if session.performed is None:
        return None
    done = jogged(session.performed)
    base = used_to(before, session.started_at, log, as_of, otherwise)
    return base if inc01.is_increase(done, base) else None


def _rest_before_s(session: Session, before: Sequence[Judged]) -> float | None:
    if not before:
        return None
    return max(0.0, (session.started_at - before[-1].session.ended_at).total_seconds())
