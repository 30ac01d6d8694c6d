"""What was decided, in words: every reason that holds, in the order of rules.md §6, and advice."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.checks import inc01
from analysis.findings import Level
from analysis.plan import Plan
from monitor import reasons as say
from monitor import symptom_reasons as say_logged
from monitor.decision import CLEAN_RUNS, Decision
from monitor.facts import Facts
from monitor.footing import FULL_GAP, SAME_STAGE_GAP, STEP_UP_GAP, last_sure
from monitor.recommendation import Outcome, Reason, Recommendation
from monitor.symptoms import Symptom


def recommend(decided: Decision, facts: Facts, plan: Plan) -> Recommendation:
    """Write a decision out. There is always at least one reason."""
    stage = decided.next_stage
    return Recommendation(
        outcome=decided.outcome,
        as_of=decided.as_of,
        last_stage=decided.stand.last_stage,
        next_stage=stage,
        prescription=None if stage is None else plan[stage],
        reasons=tuple(_reasons(decided, facts, plan)),
        advice=tuple(_advice(decided, facts)),
        earliest_next_run=decided.earliest_next_run,
        earliest_increase=None if stage is None else decided.earliest_increase,
        gates=decided.gates,
        completed=decided.completed,
    )


def _reasons(decided: Decision, facts: Facts, plan: Plan) -> list[Reason]:
    """Give every reason that holds, not only the first; that clean runs are too few only where nothing else does."""
    zone, stand, logged, runs = facts.zone_at(decided.as_of), decided.stand, decided.logged, decided.runs
    stage = decided.next_stage
    if decided.outcome is Outcome.PROGRESS:
        return [say.progress(stand.stage, [j.session for j in reversed(decided.counted)], zone)]
    holds = say_logged.urgent(logged.urgent, zone)
    holds += [say.gate(g) for g in decided.closed]
    holds += say_logged.clinician(logged.uncleared, zone)
    holds += say_logged.step_back(stand, plan, zone)
    holds += say_logged.jogged_on(logged.jogged_on, zone)
    holds += say_logged.came_back(logged.returned, zone)
    holds += say_logged.symptoms(_rest(decided), zone)
    holds += say.long_break(stand)
    named = {reason.code for reason in holds}  # that there is to be no running is said once, not of each run
    holds += [
        say.limit(f, run.session, zone) for f, run in decided.limits if f.level is Level.LIMIT or f.code not in named
    ]
    if decided.raised_enough and not any(finding.code == inc01.CODE for finding, _ in decided.limits):
        holds.append(say.raised_twice(decided.raised, decided.earliest_increase, zone))
    holds += say.answers(decided.missing, zone)
    holds += [say.dated_ahead(session, zone) for session in decided.ahead]
    if runs and runs[-1].unjudgeable:
        holds.append(say.unjudgeable(runs[-1], zone))
    if stand.word is not None:
        no_running = stage is None and decided.stage is not None  # then no stage of the next run is named
        is_told = no_running or (stand.after_break and not decided.held_down)  # by another reason
        held_at = stand.word.stage if is_told else decided.stage
        holds.append(say.word(stand.word, plan, zone, held_at=held_at, why=_held_by(decided)))
    elif decided.completed:
        holds.append(say.completed(plan.last))
    elif decided.on_her_word:
        holds.append(say.on_her_word(stand.stage, [j.session for j in reversed(decided.clean)], zone))
    if holds:
        return holds
    return [say.too_few_clean(stand.stage, runs[-1], len(decided.clean)) if runs else say.first_run(stand.stage)]


def _held_by(decided: Decision) -> say.Held:
    """Say what holds her below the stage that was named, where something does."""
    if decided.logged.any:
        return say.Held.SYMPTOM
    if decided.stand.owed:
        return say.Held.OWED
    return say.Held.THEN if decided.held_down else say.Held.SINCE


def _rest(decided: Decision) -> list[Symptom]:
    """Give the unresolved symptoms that no other reason names: each entry once, by the rule that asks most."""
    logged = decided.logged
    owed = (s for step in decided.stand.owed for s in step.symptoms)
    named = {s.check_in.id for s in (*logged.urgent, *logged.uncleared, *logged.jogged_on, *owed)}
    return [s for s in logged.unresolved if s.check_in.id not in named]


def _advice(decided: Decision, facts: Facts) -> Iterator[str]:
    logged, stand, runs, zone = decided.logged, decided.stand, decided.runs, facts.zone_at(decided.as_of)
    if logged.urgent:
        yield say_logged.SEEK_CARE_NOW
    elif logged.uncleared:
        yield say_logged.SEE_A_CLINICIAN
    elif logged.any or stand.owed:
        yield say_logged.ASK_A_PHYSIO
    elif decided.closed:
        yield say_logged.ASK_FOR_THE_START
    if logged.jogged_on:
        yield say_logged.STOP_AND_WALK
    if decided.limits and decided.next_stage is not None:
        yield say.limits_count(max(finding.at for finding, _ in decided.limits) + inc01.WINDOW, zone)
    last = last_sure(runs)  # the movements come again by the time without a run, whatever a physio said since
    if last is not None and SAME_STAGE_GAP < decided.as_of - last.session.ended_at <= FULL_GAP:
        yield say.until_readiness(last.session.ended_at + FULL_GAP, zone)
    if runs:
        yield from (f"Last run: {f.message}." for f in runs[-1].findings if f.level is Level.INFO)
    if decided.outcome is Outcome.PROGRESS:
        yield say.valid_until(runs[-1].session.ended_at + STEP_UP_GAP, stand.stage, zone)
    elif decided.next_stage is not None and not decided.completed and stand.word is None and _more_than_clean(decided):
        yield from say.also_needed(stand.stage, CLEAN_RUNS - len(decided.clean) - decided.may_turn_clean)


def _more_than_clean(decided: Decision) -> bool:
    """Say whether something holds beside too few clean runs, which are then not named as a reason."""
    return bool(
        decided.runs
        and (
            decided.logged.any
            or decided.stand.owed
            or decided.limits
            or decided.missing
            or decided.ahead
            or decided.raised_enough
            or decided.runs[-1].unjudgeable
            or (decided.stand.gap is not None and decided.stand.gap > STEP_UP_GAP)
        )
    )
