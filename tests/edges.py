"""What the tests of the rules' edges share: a life in a few words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from monitor.answers import Heaviness
from tests.stories import MONDAY, NONE, Life

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEDNESDAY, FRIDAY = MONDAY + 2 * DAY + HOUR, MONDAY + 4 * DAY + 2 * HOUR
BULGE: dict[str, Any] = {**NONE, "heaviness": Heaviness.BULGE}
PAIN: dict[str, Any] = {**NONE, "pain": 1}
STRONG: dict[str, Any] = {**NONE, "pain": 4}


def runs(life: Life, start: datetime, stage: int | list[tuple[str, float]] = 1, **answers: Any) -> None:
    """Run and answer; none to everything where nothing else is said."""
    life.answers_all(life.runs(start, stage), **answers)


def said(life: Life, at: datetime) -> tuple[str, int | None, list[str]]:
    """Give outcome, next stage and the codes of the reasons."""
    recommendation = life.at(at).recommendation
    return recommendation.outcome.value, recommendation.next_stage, [r.code for r in recommendation.reasons]


def codes(life: Life, at: datetime) -> list[str]:
    """Give the codes of the reasons."""
    return said(life, at)[2]
