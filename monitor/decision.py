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
from monitor import reasons as say
from monitor import symptom_reasons as say_logged
from monitor.checkins import CheckInLog
from monitor.facts import Facts
from monitor.footing import FULL_GAP, SAME_STAGE_GAP, STEP_UP_GAP, Footing, footing, plan_runs, readiness_since
from monitor.increases import prescribed, used_to
from monitor.judged import Judged, merit
from monitor.recommendation import Outcome, Recommendation
from monitor.rules import car01, car02, gates, log01, sym01, sym03, sym04
from monitor.rules.gate import GateState
from monitor.symptoms import Symptom

CLEAN_RUNS = 2  # ours, by Delaware-type practice (rules.md §6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The last sessions at the stage, newest first: the two that count, and all from the first of these on."""

    counted: tuple[Judged, ...] = ()
    span: tuple[Judged, ...] = ()


def decide(
    judged: Sequence[Judged],
    facts: Facts,
    as_of: datetime,
    *,
    plan: Plan,
    log: CheckInLog,
    stand: Footing | None = None,
    ahead: Sequence[Session] = (),
) -> Recommendation:
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
    zone = facts.zone_at(as_of)
    gate_states = gates.states(facts, as_of, readiness_since=readiness_since(judged, as_of))
    closed = [g for g in gate_states if not g.met]
    found = _symptoms(runs, facts, log, as_of)
    rest_over, earliest_rise, risen = _earliest(judged, as_of)
    earliest_run: datetime | None = rest_over
    count = _count(runs, stand, log, as_of)
    clean = [j for j in count.counted if merit(j, log, as_of).clean]
    # Her own word is data, and one of the two clean runs may rest on it; never both (rules.md DAT01).
    on_her_word = len(clean) >= CLEAN_RUNS and all(j.session.by_her_word for j in clean)
    completed = _completed(runs, stand, plan, CLEAN_RUNS - 1 if on_her_word else len(clean))
    asked = [j.session for j in (count.span or runs[-1:])]

    # The order is that of rules.md §6; every reason that holds is named, not only the first.
    holds = say_logged.urgent(found.urgent, zone)
    holds += [say.gate(g) for g in closed]
    holds += say_logged.clinician(found.uncleared, zone)
    holds += say_logged.step_back(stand, plan, zone)
    holds += say_logged.jogged_on(found.jogged_on, zone)
    holds += say_logged.came_back(found.returned, zone)
    holds += say_logged.symptoms(_rest(found, stand), zone)
    holds += say.long_break(stand)
    holds += [say.limit(finding, run.session, zone) for finding, run in _limits(runs, as_of)]
    if len(risen) >= inc01.ALLOWED:
        holds.append(say.raised_twice(risen, earliest_rise, zone))
    holds += say.answers(log01.missing(log, asked, as_of), zone)
    holds += [say.dated_ahead(session, zone) for session in ahead]
    if runs and runs[-1].unjudgeable:
        holds.append(say.unjudgeable(runs[-1], zone))
    if stand.word is not None:
        holds.append(say.word(stand.word, plan, zone))
    elif completed:
        holds.append(say.completed(plan.last))
    elif on_her_word:
        holds.append(say.on_her_word(stand.stage, [j.session for j in reversed(clean)], zone))
    elif len(clean) < CLEAN_RUNS and not holds:
        holds.append(say.too_few_clean(stand.stage, runs[-1], len(clean)) if runs else say.first_run(stand.stage))

    stage: int | None = stand.stage
    outcome = Outcome.HOLD
    advice = _advice(found, closed, stand, runs, as_of, zone)
    if found.uncleared or found.urgent:
        stage, earliest_run = None, None
    elif closed:
        stage = None
        opening = _opening(closed, zone)
        earliest_run = max(opening, rest_over) if opening is not None else None
    elif not holds:
        outcome, stage = Outcome.PROGRESS, stand.stage + 1
        holds = [say.progress(stand.stage, [j.session for j in reversed(count.counted)], zone)]
        advice.append(say.valid_until(runs[-1].session.ended_at + STEP_UP_GAP, stand.stage, zone))
    elif len(risen) >= inc01.ALLOWED and _would_breach(judged, plan[stand.stage], earliest_rise, log, as_of):
        # Even holding would be a third increase, where a symptom took the last sessions out of account.
        earliest_run = earliest_rise
    if stage == stand.stage and runs and not completed and not any(r.code == "CLN01" for r in holds):
        advice += say.also_needed(stand.stage, CLEAN_RUNS - len(clean) - _pending(count, log, as_of))
    return Recommendation(
        outcome=outcome,
        as_of=as_of,
        last_stage=stand.last_stage,
        next_stage=stage,
        prescription=None if stage is None else plan[stage],
        reasons=tuple(holds),
        advice=tuple(advice),
        earliest_next_run=earliest_run,
        earliest_increase=None if stage is None else earliest_rise,
        gates=gate_states,
        completed=completed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """The symptoms that hold at an instant, by the rule that holds them."""

    urgent: tuple[Symptom, ...]  # CAR02
    uncleared: tuple[Symptom, ...]  # CAR01
    unresolved: tuple[Symptom, ...]  # SYM01, those of the others included
    jogged_on: tuple[Symptom, ...]  # SYM03
    returned: sym04.Returned | None  # SYM04


def _symptoms(runs: Sequence[Judged], facts: Facts, log: CheckInLog, at: datetime) -> Logged:
    if not log.symptoms and not log.grave:
        return Logged(urgent=(), uncleared=(), unresolved=(), jogged_on=(), returned=None)
    born = facts.born_at(at)
    unresolved = sym01.unresolved(log, (j.session for j in reversed(runs)), at, born=born)
    return Logged(
        urgent=car02.urgent(log, facts, at, born=born),
        uncleared=car01.uncleared(log, facts, at, born=born),
        unresolved=unresolved,
        jogged_on=sym03.jogged_on(unresolved),
        returned=sym04.returned(log, (j.session for j in runs), facts, at),
    )


def _rest(found: Logged, stand: Footing) -> list[Symptom]:
    """Give the unresolved symptoms that no other reason names: each entry once, by the rule that asks most."""
    owed = (s for step in stand.owed for s in step.symptoms)
    named = {s.check_in.id for s in (*found.urgent, *found.uncleared, *found.jogged_on, *owed)}
    return [s for s in found.unresolved if s.check_in.id not in named]


def _advice(
    found: Logged,
    closed: Sequence[GateState],
    stand: Footing,
    runs: Sequence[Judged],
    as_of: datetime,
    zone: ZoneInfo,
) -> list[str]:
    advice = []
    if found.urgent:
        advice.append(say_logged.SEEK_CARE_NOW)
    elif found.uncleared:
        advice.append(say_logged.SEE_A_CLINICIAN)
    elif found.unresolved or found.returned or stand.owed:
        advice.append(say_logged.ASK_A_PHYSIO)
    elif closed:
        advice.append(say_logged.ASK_FOR_THE_START)
    if found.jogged_on:
        advice.append(say_logged.STOP_AND_WALK)
    if stand.gap is not None and SAME_STAGE_GAP < stand.gap <= FULL_GAP:
        advice.append(say.until_readiness(as_of - stand.gap + FULL_GAP, zone))
    if runs:
        advice += [f"Last run: {f.message}." for f in runs[-1].findings if f.level is Level.INFO]
    return advice


def _pending(count: Count, log: CheckInLog, at: datetime) -> int:
    """Count the runs that only their answers keep from being clean: they may turn out so."""
    return sum(merit(j, log, at).only_unanswered for j in count.counted)


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


def _limits(runs: Sequence[Judged], as_of: datetime) -> list[tuple[Finding, Judged]]:
    """Give the findings of level limit in (as_of − 168 h, as_of], oldest first; of one run's stage the strongest."""
    found = []
    for judged in reversed(runs):
        if judged.session.ended_at <= as_of - inc01.WINDOW:
            break
        limits = [f for f in judged.findings if f.level in (Level.LIMIT, Level.RED_FLAG)]
        skipped = any(f.code == stg03.CODE for f in limits)
        limits = [f for f in limits if not (skipped and f.code in (stg01.CODE, stg02.CODE))]
        found += [(f, judged) for f in reversed(limits)]
    return found[::-1]


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
