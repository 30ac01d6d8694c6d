"""Issue a recommendation when it changes, so that she is judged by what she was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from analysis.bouts import DETECTOR_VERSION
from monitor.facts import Facts, Issued, Runner
from monitor.plans import choice_at
from monitor.recommendation import Outcome, Recommendation
from monitor.standing import Standing, stand

if TYPE_CHECKING:
    from monitor.store import Store

WEEKLY_AT = time(18)  # on Sunday, in her zone


def last_issued(facts: Facts, at: datetime) -> Issued | None:
    """Give the last recommendation issued up to an instant."""
    return max((i for i in facts.issued if i.recorded_at <= at), key=lambda i: (i.recorded_at, i.id), default=None)


def weekly_instant(facts: Facts, at: datetime) -> datetime:
    """Give the last Sunday 18:00 in her zone, up to an instant: when the week's recommendation is due."""
    zone = facts.zone_at(at)
    local = at.astimezone(zone)
    sunday = local.date() - timedelta(days=(local.weekday() + 1) % 7)
    due = datetime.combine(sunday, WEEKLY_AT, tzinfo=zone)
    return due if due <= local else datetime.combine(sunday - timedelta(days=7), WEEKLY_AT, tzinfo=zone)


def is_news(facts: Facts, recommendation: Recommendation) -> bool:
    """Say whether a recommendation is to be issued (rules.md §6).

    It is where none was issued since the weekly instant, and where outcome or stage differ from the last one issued.
    The same number on another plan is another stage.
    """
    last = last_issued(facts, recommendation.as_of)
    if last is None or last.recorded_at < weekly_instant(facts, recommendation.as_of):
        return True
    chosen = choice_at(facts, recommendation.as_of)
    if chosen is not None and (chosen.recorded_at, chosen.id) > (last.recorded_at, last.id):
        return True
    return (last.outcome, last.next_stage) != (recommendation.outcome.value, recommendation.next_stage)


def revision(last: Issued | None, standing: Standing) -> dict[str, Any] | None:
    """Name what changed where a recommendation takes back what she was told, though she has not run since.

    A step up that was held after all, another stage: a fact came late, or was changed. Holding after the run that a
    step up was for is nothing taken back, and neither is a step up once an answer is there.
    """
    said = standing.recommendation
    if last is None or last.recommendation.get("rests_on", {}).get("last_run") != last_run(standing):
        return None
    held = (last.outcome, said.outcome) == (Outcome.PROGRESS, Outcome.HOLD)
    moved = said.outcome is Outcome.HOLD and last.next_stage != said.next_stage
    if not (held or moved):
        return None
    before = dict.fromkeys(reason["code"] for reason in last.recommendation.get("reasons", ()))
    after = dict.fromkeys(reason.code for reason in said.reasons)
    return {
        "issued_at": last.recorded_at.isoformat(),
        "outcome": last.outcome,
        "next_stage": last.next_stage,
        "new": [code for code in after if code not in before],
        "gone": [code for code in before if code not in after],
    }


def last_run(standing: Standing) -> str | None:
    """Give the start of the last run, by which a recommendation is told from the one before it."""
    return standing.judged[-1].session.started_at.isoformat() if standing.judged else None


def bring_up_to_date(store: Store, runner: Runner, now: datetime) -> Standing:
    """Derive where a runner stands, and issue the recommendation if it is news.

    Called after every change of facts, and wherever a recommendation is shown: what she sees is what she was told.
    What was issued before stays as it was. With each goes what it rested on, and what it revises.
    """
    facts, observed = store.facts(runner), store.observed(runner)
    standing = stand(facts, observed, now, present=True)
    recommendation = standing.recommendation
    if not is_news(facts, recommendation):
        return standing
    rests_on = {
        "last_fact": facts.last_id,
        "recordings": len(observed),
        "last_run": last_run(standing),
        "detector_version": DETECTOR_VERSION,
    }
    revises = revision(last_issued(facts, now), standing)
    issued = store.add_fact(
        runner,
        Issued(
            id=0,
            recorded_at=now,
            outcome=recommendation.outcome.value,
            next_stage=recommendation.next_stage,
            rules_version=recommendation.rules_version,
            recommendation={**recommendation.as_json(), "rests_on": rests_on, "revises": revises},
        ),
    )
    return replace(standing, facts=replace(facts, issued=(*facts.issued, issued)))
