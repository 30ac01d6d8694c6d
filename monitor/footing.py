"""The stage she stands on: that of her last running session, a physio's word, or less after a long break."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from analysis.plan import Plan, asks_no_more, is_easier
from monitor.facts import Facts
from monitor.judged import Judged, StepBack
from monitor.plans import choice_at
from monitor.rules import sym02

STEP_UP_GAP = timedelta(days=10)  # a step up needs a run as recent as this
SAME_STAGE_GAP = timedelta(days=14)  # up to here the stage stays; beyond, one stage back
FULL_GAP = timedelta(days=28)  # beyond, stage 1 and readiness again


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A physio's word on the stage of the next run: an override, or the start of another plan."""

    at: datetime
    given_at: datetime  # when it was entered or took effect, whichever is later
    stage: int
    because: str | None  # None: another plan was chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """The stage of the next run when nothing moves it up."""

    stage: int
    unlifted: int | None  # of a word that goes up only what goes down; None: no stage asks as little as the last run
    nominal: int | None  # the stage that owed steps back are counted from; None before the first run
    last_stage: int | None  # of the last running session
    word: Word | None  # a physio's word that no running session has followed yet
    counts_from: datetime | None  # runs before a physio's word no longer count towards progress
    gap: timedelta | None  # since the last run (or the physio's word after it)
    after_break: bool  # stepped back for a long break
    owed: tuple[StepBack, ...]  # steps back for symptoms (SYM02)


def plan_runs(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Leave out the runs from before the plan began; those come first."""
    return tuple(judged[bisect_left(judged, True, key=lambda j: not j.history) :])


def last_sure(judged: Sequence[Judged]) -> Judged | None:
    """Give the last run that was one for sure: what may have been a walk starts the 48 hours and bridges no break."""
    return next((j for j in reversed(judged) if j.session.doubt is None), None)


def last_word(facts: Facts, at: datetime, plan: Plan) -> Word | None:
    """Give the last word of a physio on the stage, since the birth; a stage that the ladder lacks is no word.

    Stages of another plan are other stages: what was set before a plan was chosen ends with the choice.
    """
    born, chosen = facts.born_at(at), choice_at(facts, at)
    words = [
        (o.at, o.recorded_at, o.id, Word(at=o.at, given_at=max(o.at, o.recorded_at), stage=o.stage, because=o.because))
        for o in facts.overrides
        if o.at <= at
        and plan.lowest <= o.stage <= plan.last
        and (chosen is None or (o.at, o.recorded_at, o.id) > (chosen.at, chosen.recorded_at, chosen.id))
    ]
    if chosen is not None:
        given_at = max(chosen.at, chosen.recorded_at)
        stage = chosen.at_stage if plan.lowest <= chosen.at_stage <= plan.last else plan.first_stage
        word = Word(at=chosen.at, given_at=given_at, stage=stage, because=None)
        words.append((chosen.at, chosen.recorded_at, chosen.id, word))
    return max((w for w in words if born is None or w[0] >= born), key=lambda w: w[:3], default=(None,) * 4)[3]


def footing(judged: Sequence[Judged], facts: Facts, at: datetime, plan: Plan) -> Footing:
    """Find the stage she stands on at an instant.

    Without running ≤ 14 days the stage stays, 15–28 days it is one back, > 28 days stage 1 (rules.md §6). Each step
    back that is owed for a symptom comes on top.
    """
    last = judged[-1] if judged and not judged[-1].history else None
    sure = last_sure(plan_runs(judged))
    word = last_word(facts, at, plan)
    counts_from = None
    if word is not None:  # what was run before another plan was chosen, was run on the one before
        counts_from = word.at if word.because is not None else word.given_at
    owed = sym02.owed(judged, at, settled=_settled(facts, at, plan))
    # A word that was entered after the run was not followed by it, whatever day it is dated.
    if word and judged and word.given_at <= judged[-1].session.started_at:
        word = None
    last_stage = last.stage if last is not None else None
    ran_at = since = sure.session.ended_at if sure is not None else None
    stage = plan.first_stage if last_stage is None else last_stage
    nominal, unlifted, base = last_stage, None, _as_little(last, plan)
    if word is not None:
        nominal = word.stage if base is None else min(word.stage, base)
        stage = word.stage
        if last is not None and _stepped_back(judged, word.at):  # told late: it does not undo what came after it
            stage = nominal if base is not None else plan.lowest
        if since is None or word.because is not None:  # another plan is no word on how long a break may be
            since = word.at if since is None else max(since, word.at)
    gap = at - since if since is not None else None
    stage = _lowered(stage, len(owed), gap, plan)
    if word is None:
        unlifted = stage
    elif base is not None:
        without = _lowered(base, len(owed), at - ran_at if ran_at is not None else None, plan)
        # Down by number and by what it asks: on a ladder with an easier week a lower stage may ask for more.
        unlifted = stage if stage <= without and asks_no_more(plan[stage], plan[without]) else without
    return Footing(
        stage=stage,
        unlifted=unlifted,
        nominal=nominal,
        last_stage=last_stage,
        word=word,
        counts_from=counts_from,
        gap=gap,
        after_break=gap is not None and gap > SAME_STAGE_GAP,
        owed=owed,
    )


def _lowered(stage: int, steps: int, gap: timedelta | None, plan: Plan) -> int:
    """Take a stage back by the steps that are owed, and for a long break."""
    stage = _back(stage, stage - steps, plan)
    if gap is not None and gap > FULL_GAP:
        return _back(stage, plan.first_stage, plan)
    return _back(stage, stage - 1, plan) if gap is not None and gap > SAME_STAGE_GAP else stage


def _back(stage: int, to: int, plan: Plan) -> int:
    """Give the stage to go back to: that one, or the nearest to it that is easier than where she comes from.

    On a ladder with an easier week in it one stage back may ask for more. The nearest is looked for further down and
    then further up, so that a longer way back never ends at more jogging; where none is easier, she stays.
    """
    stage, to = plan.clamp(stage), plan.clamp(to)
    lower = (*range(to, plan.lowest - 1, -1), *range(to + 1, stage)) if to < stage else ()
    return next((n for n in lower if is_easier(plan[n], plan[stage])), stage)


def is_lowest(stage: int, plan: Plan) -> bool:
    """Say whether there is no easier stage below one."""
    return _back(stage, stage - 1, plan) == stage


def _as_little(last: Judged | None, plan: Plan) -> int | None:
    """Give the highest stage that asks no more jogging than the last run's; None where none does.

    By what they ask and not by their numbers: the last run may have been one of another ladder. Of the same one it is
    its own stage, for another may ask as much jogging with shorter walks.
    """
    asked = last.prescription if last is not None else None
    if asked is None:
        asked = plan[plan.first_stage]
    top = asked.stage if asked in plan.stages else plan.last
    fitting = (n for n in range(plan.lowest, top + 1) if asks_no_more(plan[n], asked))
    return max(fitting, default=None)


def _settled(facts: Facts, at: datetime, plan: Plan) -> datetime | None:
    """Give when a physio last spoke on the stage, since the birth: she knew of the symptoms before.

    A stage that the ladder lacks is no word here either.
    """
    born = facts.born_at(at)
    said = (o.at for o in facts.overrides if o.at <= at and plan.lowest <= o.stage <= plan.last)
    return max((one for one in said if born is None or one >= born), default=None)


def _stepped_back(judged: Sequence[Judged], since: datetime) -> bool:
    """Say whether a symptom or a break took her back since an instant; of a symptom told later nobody knew then."""
    runs = plan_runs(judged)
    near = list(takewhile(lambda j: j.session.ended_at > since - sym02.LATEST, reversed(runs)))[::-1]
    if any(sym02.unsettled(step, since) is not None for j in near for step in (j.step_back, *j.owed)):
        return True
    one_more = runs[: len(runs) - len(near)][-1:]
    staged = ((j, j.stage) for j in (*one_more, *near) if j.stage is not None)
    return any(
        lower < stage and after.session.started_at >= since and after.plan == before.plan
        for (before, stage), (after, lower) in pairwise(staged)
    )


def still_owed(stand: Footing, stage: int, plan: Plan) -> tuple[StepBack, ...]:
    """Give the steps back that are still owed once a run has begun at a stage; where there is no way back none is."""
    if stand.nominal is None or is_lowest(stage, plan):
        return ()
    return stand.owed[max(0, stand.nominal - stage) :]


def readiness_since(judged: Sequence[Judged], at: datetime) -> datetime | None:
    """Give the instant after which GAT04 has to have been done: 28 days without running ask for it again.

    Before the first run that is 28 days ago; after a break, the end of its 28 days.
    """
    last = last_sure(judged)
    if last is None:
        return at - FULL_GAP
    if at - last.session.ended_at > FULL_GAP:
        return last.session.ended_at + FULL_GAP
    return last.readiness_since
