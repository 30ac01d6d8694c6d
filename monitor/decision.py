"""The safety core: what the next run may be. Whatever is unknown leads to HOLD, which is also the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from analysis.checks import inc01, rst01
from analysis.findings import Finding, Level
from analysis.plan import Plan, Prescription
from monitor import reasons as say
from monitor.checkins import CheckInLog
from monitor.facts import Facts
from monitor.footing import FULL_GAP, SAME_STAGE_GAP, STEP_UP_GAP, Footing, footing, plan_runs, readiness_since
from monitor.increases import prescribed, used_to
from monitor.judged import Judged, merit
from monitor.reasons import Reason as Reason
from monitor.rules import car01, gates, log01, sym01
from monitor.rules.gate import GateState

RULES_VERSION = "1"

CLEAN_RUNS = 2  # ours, by Delaware-type practice (rules.md §6)


class Outcome(StrEnum):
    """Whether the next run goes one stage beyond the last one's."""

    PROGRESS = "PROGRESS"
    HOLD = "HOLD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What `decide` says at an instant. There is always at least one reason, and the default is HOLD."""

    outcome: Outcome
    as_of: datetime
    last_stage: int | None  # of the last running session; None before the first
    next_stage: int | None  # None: no running
    prescription: Prescription | None
    reasons: tuple[Reason, ...]
    advice: tuple[str, ...]
    earliest_next_run: datetime | None
    earliest_increase: datetime | None
    gates: tuple[GateState, ...]
    completed: bool  # two clean runs at the last stage: STG checks end
    rules_version: str = RULES_VERSION

    def as_json(self) -> dict[str, Any]:
        """Give the whole of it in JSON's types; instants as ISO 8601, UTC."""
        prescription = self.prescription
        return {
            "outcome": self.outcome.value,
            "as_of": self.as_of.isoformat(),
            "last_stage": self.last_stage,
            "next_stage": self.next_stage,
            "prescription": None
            if prescription is None
            else {
                "stage": prescription.stage,
                "text": str(prescription),
                "jog_s": prescription.jog_s,
                "walk_s": prescription.walk_s,
                "main_set_s": prescription.main_set_s,
                "repeats": prescription.repeats,
                "jog_total_s": prescription.jog_total_s,
                "longest_jog_s": prescription.longest_jog_s,
            },
            "reasons": [{"code": r.code, "message": r.message, "evidence": r.evidence} for r in self.reasons],
            "advice": list(self.advice),
            "earliest_next_run": _iso(self.earliest_next_run),
            "earliest_increase": _iso(self.earliest_increase),
            "gates": [{"code": g.code, "met": g.met, "message": g.message} for g in self.gates],
            "completed": self.completed,
            "rules_version": self.rules_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The last sessions at the stage, newest first: the two that count, and all from the first of these on."""

    counted: tuple[Judged, ...] = ()
    span: tuple[Judged, ...] = ()


def decide(judged: Sequence[Judged], facts: Facts, as_of: datetime, *, plan: Plan, log: CheckInLog) -> Recommendation:
    """Decide about the next run. Total: there is a verdict for any facts and any instant.

    PROGRESS needs, all together: every gate met; nothing unresolved; no finding of level `limit` in the last 7 days;
    the last two running sessions at the stage clean, not both by her own correction; every needed answer there; the
    last run judgeable and at most 10 days ago; fewer than 2 increases in the 7 days before the earliest next run
    (rules.md §6).

    Args:
        judged: her running sessions before `as_of`, in time order, history first.
        facts: what she and her physio told.
        as_of: the instant the next run is spoken of.
        plan: the ladder in use.
        log: her check-ins laid beside her sessions.
    """
    runs = plan_runs(judged)
    stand = footing(judged, facts, as_of, plan)
    zone = facts.zone_at(as_of)
    gate_states = gates.states(facts, as_of, readiness_since=readiness_since(judged, as_of))
    closed = [g for g in gate_states if not g.met]
    born = facts.born_at(as_of)
    uncleared = car01.uncleared(log, facts, as_of, born=born)
    rest_over, earliest_rise, risen = _earliest(judged, as_of)
    earliest_run: datetime | None = rest_over
    count = _count(runs, stand, log, as_of)
    clean = [j for j in count.counted if merit(j, log, as_of).clean]
    # Her own word is data, and one of the two clean runs may rest on it; never both (rules.md DAT01).
    on_her_word = len(clean) >= CLEAN_RUNS and all(j.session.by_her_word for j in clean)
    completed = _completed(runs, stand, plan, CLEAN_RUNS - 1 if on_her_word else len(clean))
    symptoms = sym01.unresolved(log, (j.session for j in reversed(runs)), as_of, born=born)
    asked = [j.session for j in (count.span or runs[-1:])]

    # The order is that of rules.md §6; every reason that holds is named, not only the first.
    holds = [say.gate(g) for g in closed]
    holds += say.clinician(uncleared, zone)
    holds += say.symptoms(symptoms, zone)
    holds += say.long_break(stand)
    holds += [say.limit(finding, run.session, zone) for finding, run in _limits(runs, as_of)]
    if len(risen) >= inc01.ALLOWED:
        holds.append(say.raised_twice(risen, earliest_rise, zone))
    holds += say.answers(log01.missing(log, asked, as_of), zone)
    if runs and runs[-1].unjudgeable:
        holds.append(say.unjudgeable(runs[-1], zone))
    if stand.override is not None:
        holds.append(say.override(stand.override, zone))
    elif not runs:
        holds.append(say.first_run(stand.stage))
    elif completed:
        holds.append(say.completed(plan.last))
    elif on_her_word:
        holds.append(say.on_her_word(stand.stage, [j.session for j in reversed(clean)], zone))
    elif len(clean) < CLEAN_RUNS:
        holds.append(say.too_few_clean(stand.stage, runs[-1], len(clean)))

    stage: int | None = stand.stage
    outcome = Outcome.HOLD
    advice = [say.SEE_A_CLINICIAN] if uncleared else [say.ASK_A_PHYSIO] if symptoms else []
    if stand.gap is not None and SAME_STAGE_GAP < stand.gap <= FULL_GAP:
        advice.append(say.until_readiness(as_of - stand.gap + FULL_GAP, zone))
    if uncleared:
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
    if stand.override is not None or stand.stepped_back:
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
    if stand.stage != plan.last or stand.override is not None or not runs:
        return False
    return clean_runs >= CLEAN_RUNS or runs[-1].completed


def _limits(runs: Sequence[Judged], as_of: datetime) -> list[tuple[Finding, Judged]]:
    """Give the findings of level limit in (as_of − 168 h, as_of], oldest first."""
    found = []
    for judged in reversed(runs):
        if judged.session.ended_at <= as_of - inc01.WINDOW:
            break
        found += [(f, judged) for f in reversed(judged.findings) if f.level in (Level.LIMIT, Level.RED_FLAG)]
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


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
