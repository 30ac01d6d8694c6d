"""The stage she stands on: that of her last running session, a physio's word, or less after a long break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.plan import Plan
from monitor.facts import Facts, Override
from monitor.judged import Judged

STEP_UP_GAP = timedelta(days=10)  # a step up needs a run as recent as this
SAME_STAGE_GAP = timedelta(days=14)  # up to here the stage stays; beyond, one stage back
FULL_GAP = timedelta(days=28)  # beyond, stage 1 and readiness again


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """The stage of the next run when nothing moves it up."""

    stage: int
    last_stage: int | None  # of the last running session
    override: Override | None  # a physio's word that no running session has followed yet
    counts_from: datetime | None  # runs before a physio's word no longer count towards progress
    gap: timedelta | None  # since the last run (or the physio's word after it)
    stepped_back: bool  # for a long break


def plan_runs(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Leave out the runs from before the plan began."""
    return tuple(j for j in judged if not j.history)


def last_sure(judged: Sequence[Judged]) -> Judged | None:
    """Give the last run that was one for sure: what may have been a walk starts the 48 hours and bridges no break."""
    return next((j for j in reversed(judged) if j.session.doubt is None), None)


def last_override(facts: Facts, at: datetime, plan: Plan) -> Override | None:
    """Give the last word of a physio on the stage, since the birth; a stage that the ladder lacks is no word."""
    born = facts.born_at(at)
    return max(
        (
            o
            for o in facts.overrides
            if o.at <= at and (born is None or o.at >= born) and plan.lowest <= o.stage <= plan.last
        ),
        key=lambda o: (o.at, o.recorded_at, o.id),
        default=None,
    )


def footing(judged: Sequence[Judged], facts: Facts, at: datetime, plan: Plan) -> Footing:
    """Find the stage she stands on at an instant.

    Without running ≤ 14 days the stage stays, 15–28 days it is one back, > 28 days stage 1 (rules.md §6).
    """
    last = judged[-1] if judged and not judged[-1].history else None
    sure = last_sure(plan_runs(judged))
    override = last_override(facts, at, plan)
    counts_from = override.at if override is not None else None
    # A word that was entered after the run was not followed by it, whatever day it is dated.
    if override and last and max(override.at, override.recorded_at) <= last.session.started_at:
        override = None
    last_stage = last.stage if last is not None else None
    stage = plan.first_stage if last_stage is None else last_stage
    since = sure.session.ended_at if sure is not None else None
    if override is not None:
        stage = override.stage
        since = override.at if since is None else max(since, override.at)
    gap = at - since if since is not None else None
    stepped_back = gap is not None and gap > SAME_STAGE_GAP
    if gap is not None and gap > FULL_GAP:
        stage = min(stage, plan.first_stage)
    elif stepped_back:
        stage = plan.clamp(stage - 1)
    return Footing(
        stage=stage,
        last_stage=last_stage,
        override=override,
        counts_from=counts_from,
        gap=gap,
        stepped_back=stepped_back,
    )


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
