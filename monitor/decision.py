"""The safety core: what the next run may be. Whatever is unknown leads to HOLD, which is also the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import takewhile
from zoneinfo import ZoneInfo

from analysis.checks import inc01, rst01, stg01, stg02, stg03
from analysis.findings import Finding, Level
from analysis.plan import Plan, Prescription
from analysis.sessions import Session
from monitor.checkins import CheckInLog
from monitor.facts import Facts
from monitor.footing import SAME_STAGE_GAP, STEP_UP_GAP, Footing, Word, footing, plan_runs, readiness_since
from monitor.increases import prescribed, used_to
from monitor.judged import Judged, merit
from monitor.recommendation import Outcome
from monitor.rules import car01, car02, gates, log01, sym01, sym03, sym04
from monitor.rules.gate import GateState
from monitor.symptoms import Symptom

CLEAN_RUNS = 2  # ours, by Delaware-type practice (rules.md §6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The last sessions at the stage, newest first: the two that count, and all from the first of these on."""

    counted: tuple[Judged, ...] = ()
    span: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """The symptoms that hold at an instant, by the rule that holds them."""

    urgent: tuple[Symptom, ...] = ()  # CAR02
    uncleared: tuple[Symptom, ...] = ()  # CAR01
    unresolved: tuple[Symptom, ...] = ()  # SYM01, those of the others included
    jogged_on: tuple[Symptom, ...] = ()  # SYM03
    returned: sym04.Returned | None = None  # SYM04

    @property
    def any(self) -> bool:
        """Say whether a symptom holds."""
        return bool(self.urgent or self.uncleared or self.unresolved or self.returned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about the next run, and all that it rests on; the sentences are written from it."""

    as_of: datetime
    outcome: Outcome
    next_stage: int | None  # None: no running
    stage: int | None  # the same, were running allowed; None: no stage of another plan asks as little as the last run
    held_down: bool  # a word on the stage does not lift it, for a symptom holds or held when it was given
    earliest_next_run: datetime | None
    earliest_increase: datetime
    stand: Footing
    runs: tuple[Judged, ...]  # those of the plan
    gates: tuple[GateState, ...]
    logged: Logged
    limits: tuple[tuple[Finding, Judged], ...]  # of the last 7 days
    raised: tuple[datetime, ...]  # increases in the 7 days before the earliest next run
    missing: tuple[log01.Missing, ...]  # answers
    ahead: tuple[Session, ...]  # recordings of an unknown time
    counted: tuple[Judged, ...]  # the last two runs at the stage that count, newest first
    clean: tuple[Judged, ...]  # those of them that are clean
    may_turn_clean: int  # of them those that only lack answers
    on_her_word: bool
    completed: bool

    @property
    def closed(self) -> tuple[GateState, ...]:
        """Give the gates that are not met."""
        return tuple(g for g in self.gates if not g.met)

    @property
    def raised_enough(self) -> bool:
        """Say whether jogging time may not be raised again yet."""
        return len(self.raised) >= inc01.ALLOWED


def decide(
    judged: Sequence[Judged],
    facts: Facts,
    as_of: datetime,
    *,
    plan: Plan,
    log: CheckInLog,
    stand: Footing | None = None,
    ahead: Sequence[Session] = (),
) -> Decision:
    """Decide about the next run. Total: there is a verdict for any facts and any instant.

    PROGRESS needs, all together: every gate met; nothing unresolved; no finding of level `limit` in the last 7 days;
    the last two running sessions at the stage clean, not both by her own word; every needed answer there; the last run
    judgeable and at most 10 days ago; fewer than 2 increases in the 7 days before the earliest next run; no recording
    of an unknown time (rules.md §6).

    Args:
        judged: her running sessions before `as_of`, in time order, history first.
        facts: what she and her physio told.
        as_of: the instant the next run is spoken of.
        plan: the ladder in use.
        log: her check-ins laid beside her sessions.
        stand: what `footing` gives for these, where it is known already.
        ahead: what may have been runs and is dated later than the present.
    """
    runs = plan_runs(judged)
    stand = stand or footing(judged, facts, as_of, plan)
    states = gates.states(facts, as_of, readiness_since=readiness_since(judged, as_of))
    closed = [g for g in states if not g.met]
    logged = _logged(judged, runs, facts, log, as_of)
    limits = _limits(judged, as_of)
    rest_over, earliest_rise, raised = _earliest(judged, as_of)
    count = _count(runs, stand, log, as_of)
    merits = [(j, merit(j, log, as_of)) for j in count.counted]
    clean = tuple(j for j, worth in merits if worth.clean)
    # Her own word is data, and one of the two clean runs may rest on it; never both (rules.md DAT01).
    on_her_word = len(clean) >= CLEAN_RUNS and all(j.session.by_her_word for j in clean)
    completed = _completed(runs, stand, plan, CLEAN_RUNS - 1 if on_her_word else len(clean))
    missing = log01.missing(log, [j.session for j in (count.span or runs[-1:])], as_of)

    raised_enough = len(raised) >= inc01.ALLOWED

    holds = (
        closed
        or logged.any
        or stand.owed
        or (stand.gap is not None and stand.gap > STEP_UP_GAP)
        or limits
        or raised_enough
        or missing
        or ahead
        or (not runs or runs[-1].unjudgeable)
        or stand.word is not None
        or completed
        or on_her_word
        or len(clean) < CLEAN_RUNS
    )
    outcome = Outcome.HOLD if holds else Outcome.PROGRESS
    held_down = stand.word is not None and (
        logged.any or bool(stand.owed) or _held_when_given(stand.word, judged, facts, log, as_of)
    )
    stage: int | None = stand.unlifted if held_down else stand.stage if holds else stand.stage + 1
    may_run = rest_over
    if holds and raised_enough and stage is not None and _would_breach(judged, plan[stage], earliest_rise, log, as_of):
        may_run = earliest_rise  # even holding would be a third increase, where a symptom took runs out of account
    earliest_run: datetime | None = may_run
    if logged.urgent or logged.uncleared or stage is None:
        earliest_run = None
    elif closed:
        opening = _opening(closed, facts.zone_at(as_of))
        earliest_run = max(opening, may_run) if opening is not None else None
    return Decision(
        as_of=as_of,
        outcome=outcome,
        next_stage=None if closed or logged.urgent or logged.uncleared else stage,
        stage=stage,
        held_down=held_down,
        earliest_next_run=earliest_run,
        earliest_increase=earliest_rise,
        stand=stand,
        runs=runs,
        gates=states,
        logged=logged,
        limits=limits,
        raised=raised,
        missing=missing,
        ahead=tuple(ahead),
        counted=count.counted,
        clean=clean,
        may_turn_clean=sum(worth.only_unanswered for _, worth in merits),
        on_her_word=on_her_word,
        completed=completed,
    )


def _held_when_given(word: Word, judged: Sequence[Judged], facts: Facts, log: CheckInLog, as_of: datetime) -> bool:
    """Say whether a symptom held when a word on the stage was given: it lifts only when it is given again after that.

    By what is known of that instant now: who gave it did not know of what was told later (docs/adr/0006).
    """
    at = min(word.given_at, as_of)
    before = [j for j in judged if j.session.ended_at <= at]
    return _logged(before, plan_runs(before), facts, log, at).any


def _logged(judged: Sequence[Judged], runs: Sequence[Judged], facts: Facts, log: CheckInLog, at: datetime) -> Logged:
    if not log.symptoms and not log.grave:
        return Logged()
    born = facts.born_at(at)
    unresolved = sym01.unresolved(log, (j.session for j in reversed(runs)), at, born=born)
    return Logged(
        urgent=car02.urgent(log, facts, at, born=born),
        uncleared=car01.uncleared(log, facts, at, born=born),
        unresolved=unresolved,
        jogged_on=sym03.jogged_on(unresolved),
        returned=sym04.returned(log, [j.session for j in judged], facts, at),
    )


def _earliest(judged: Sequence[Judged], as_of: datetime) -> tuple[datetime, datetime, tuple[datetime, ...]]:
    """Give the earliest next run, the earliest further increase, and the increases in the 7 days before that run."""
    earliest_run = rst01.earliest(judged[-1].session) if judged else as_of
    at = max(earliest_run, as_of)
    recent = takewhile(lambda j: j.session.started_at > at - inc01.WINDOW, reversed(judged))
    risen = tuple(j.session.started_at for j in recent if j.is_increase)[::-1]
    if len(risen) < inc01.ALLOWED:
        return earliest_run, earliest_run, risen
    return earliest_run, max(earliest_run, risen[-inc01.ALLOWED] + inc01.WINDOW), risen


def _count(runs: Sequence[Judged], stand: Footing, log: CheckInLog, at: datetime) -> Count:
    """Look back over the sessions at the stage for the two that count.

    Those that were only short, or could not be judged, and were answered symptom-free are left out of the count. A
    long break or a physio's word begins the stage anew.
    """
    counted: list[Judged] = []
    span: list[Judged] = []
    if stand.word is not None or stand.after_break or stand.owed:
        return Count()
    following = at
    for judged in reversed(runs):
        anew = following - judged.session.ended_at > SAME_STAGE_GAP
        anew = anew or (stand.counts_from is not None and judged.session.started_at < stand.counts_from)
        if judged.stage != stand.stage or anew:
            break
        if judged.session.doubt is None:
            following = judged.session.started_at
        span.append(judged)
        if not merit(judged, log, at).left_out:
            counted.append(judged)
        if len(counted) == CLEAN_RUNS:
            break
    return Count(counted=tuple(counted), span=tuple(span))


def _completed(runs: Sequence[Judged], stand: Footing, plan: Plan, clean_runs: int) -> bool:
    """Say whether the plan is completed; it stays so until a long break or a physio's word changes the stage."""
    if stand.stage != plan.last or stand.word is not None or not runs:
        return False
    return clean_runs >= CLEAN_RUNS or runs[-1].completed


def _limits(judged_runs: Sequence[Judged], as_of: datetime) -> tuple[tuple[Finding, Judged], ...]:
    """Give the findings of level limit in (as_of − 168 h, as_of], oldest first; of one run's stage the strongest."""
    found = []
    for judged in reversed(judged_runs):
        if judged.session.ended_at <= as_of - inc01.WINDOW:
            break
        limits = [f for f in judged.findings if f.level in (Level.LIMIT, Level.RED_FLAG)]
        skipped = any(f.code == stg03.CODE for f in limits)
        limits = [f for f in limits if not (skipped and f.code in (stg01.CODE, stg02.CODE))]
        found += [(f, judged) for f in reversed(limits)]
    return tuple(reversed(found))


def _would_breach(
    judged: Sequence[Judged],
    prescription: Prescription,
    earliest_rise: datetime,
    log: CheckInLog,
    as_of: datetime,
) -> bool:
    """Say whether a run at the held stage could be a third increase, started anywhere from now to `earliest_rise`.

    While she waits, older sessions fall out of the 28 days, and what she is used to changes: each change is looked at.
    """
    forgotten = (
        j.session.started_at + inc01.ESTABLISHED_OVER
        for j in takewhile(lambda j: j.session.started_at > as_of - inc01.ESTABLISHED_OVER, reversed(judged))
    )
    asked = prescribed(prescription)
    return any(
        inc01.is_increase(asked, used_to(judged, at, log, as_of, prescription))
        for at in (as_of, *forgotten)
        if at <= earliest_rise
    )


def _opening(closed: Sequence[GateState], zone: ZoneInfo) -> datetime | None:
    """Give the instant at which time alone opens the gates; None where something else is missing."""
    if any(g.opens_on is None for g in closed):
        return None
    return max(datetime.combine(g.opens_on, time(), tzinfo=zone).astimezone(UTC) for g in closed if g.opens_on)
