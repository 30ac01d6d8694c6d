"""Issue a recommendation when it changes, so that she is judged by what she was told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from monitor.decision import Recommendation
from monitor.facts import Facts, Issued, Runner
from monitor.standing import Standing, stand

if TYPE_CHECKING:
    from monitor.store import Store


def last_issued(facts: Facts, at: datetime) -> Issued | None:
    """Give the last recommendation issued up to an instant."""
    return max((i for i in facts.issued if i.recorded_at <= at), key=lambda i: (i.recorded_at, i.id), default=None)


def is_news(facts: Facts, recommendation: Recommendation) -> bool:
    """Say whether a recommendation differs from the last issued one in outcome or stage (rules.md §6)."""
    last = last_issued(facts, recommendation.as_of)
    now = (recommendation.outcome.value, recommendation.next_stage)
    return last is None or (last.outcome, last.next_stage) != now


def bring_up_to_date(store: Store, runner: Runner, now: datetime) -> Standing:
    """Derive where a runner stands, and issue the recommendation if it is news.

    Called after every change of facts, and wherever a recommendation is shown: what she sees is what she was told.
    What was issued before stays as it was.
    """
    standing = stand(store.facts(runner), store.observed(runner), now)
    recommendation = standing.recommendation
    if not is_news(standing.facts, recommendation):
        return standing
    store.add_fact(
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
    return standing
