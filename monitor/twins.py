"""A recording that is new beside those that are known: is one of them of the same run?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from analysis.bouts import Observed
from analysis.same_run import SHARED, WITHIN, compare
from analysis.verdict import Answer, Verdict
from monitor.facts import Runner

if TYPE_CHECKING:
    from monitor.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A known recording of the same run as a new one, or at least of its time."""

    recording: Observed
    verdict: Verdict

    def __str__(self) -> str:
        name = self.recording.file_name
        return f"same run as {name}" if self.verdict.answer is Answer.SAME else f"same time as {name}"


def twin_of(store: Store, runner: Runner, one: Observed) -> Twin | None:
    """Find a recording of the same run as a new one, or else one that covers its time."""
    near = store.overlapping(runner, one.started_at - WITHIN, one.ended_at + WITHIN)
    found = [Twin(recording=o, verdict=compare(o, one)) for o in near if o.identity != one.identity]
    same = (t for t in found if t.verdict.answer is Answer.SAME)
    return next(same, None) or next((t for t in found if _covers(t.recording, one)), None)


def _covers(other: Observed, one: Observed) -> bool:
    """Say whether two share most of the shorter one's time."""
    shared = min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)
    shorter = min(one.ended_at - one.started_at, other.ended_at - other.started_at)
    return shared > timedelta(0) and shared >= SHARED * shorter
