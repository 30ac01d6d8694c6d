"""Issue a recommendation when it changes, so that she is judged by what she was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from monitor.facts import Facts, Issued, Runner
from monitor.recommendation import Recommendation
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
    """
    last = last_issued(facts, recommendation.as_of)
    if last is None or last.recorded_at < weekly_instant(facts, recommendation.as_of):
        return True
    return (last.outcome, last.next_stage) != (recommendation.outcome.value, recommendation.next_stage)


def bring_up_to_date(store: Store, runner: Runner, now: datetime) -> Standing:
    """Derive where a runner stands, and issue the recommendation if it is news.

    Called after every change of facts, and wherever a recommendation is shown: what she sees is what she was told.
    What was issued before stays as it was.
    """
    standing = stand(store.facts(runner), store.observed(runner), now, present=True)
    recommendation = standing.recommendation
    if not is_news(standing.facts, recommendation):
        return standing
    issued = store.add_fact(
        runner,
        Issued(
            id=0,
            recorded_at=now,
            outcome=recommendation.outcome.value,
            next_stage=recommendation.next_stage,
            rules_version=recommendation.rules_version,
            recommendation=recommendation.as_json(),
        ),
    )
    facts = standing.facts
    return replace(standing, facts=replace(facts, issued=(*facts.issued, issued)))
