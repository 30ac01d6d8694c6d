"""Every command replays the whole history: three years must be worked out in a moment, and cost grow with their length.

`pytest tests/bench_replay.py --benchmark-enable` prints the time of each length; a third of the sessions has a symptom,
each has its answers, and a recommendation was issued before it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from monitor.standing import stand
from tests.stories import LEAK, MONDAY, NONE, Life


@cache
def history(sessions: int) -> tuple[Life, datetime]:
    """Live so many sessions, three a week."""
    life, start = Life.ready(), MONDAY
    for n in range(sessions):
        life.issue_as_told(start - timedelta(hours=1), stage=min(17, 1 + n // 6))
        run = life.runs(start, min(17, 1 + n // 6))
        life.answers_all(run, evening=LEAK if n % 3 == 0 else NONE)
        start += timedelta(days=(2, 2, 3)[n % 3])
    return life, start.astimezone(UTC)


@pytest.mark.parametrize("sessions", [125, 250, 500])
def test_replaying(benchmark: Any, sessions: int) -> None:
    """0.5 s for 500 sessions, three years, is the most that it may take."""
    life, now = history(sessions)
    standing = benchmark(stand, life.facts, life.observed, now)
    assert len(standing.judged) == sessions
