"""Recordings to sessions: one outing each, overlaps never added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.bouts import Bout, Observed, Span
from analysis.performed import Performed


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One outing: what one runner did on foot with less than 60 minutes between its recordings.

    For a running session `started_at` and `ended_at` are those of the first and last recording that hold jogging: a
    dog walk afterwards does not lengthen it (rules.md §2).
    """

    id: str  # local date, with -2, -3 … for further sessions of a day: "2026-03-01-2"
    recordings: tuple[Observed, ...]  # in time order, those that lead
    duplicates: tuple[Observed, ...]  # overlap with a leading one: kept, shown, never added
    started_at: datetime
    ended_at: datetime
    utc_offset: timedelta | None
    local_date: date
    bouts: tuple[Bout, ...]
    gaps: tuple[Span, ...]
    performed: Performed | None  # None without jogging
    is_running: bool
    kind: str  # "run" | "walk" | "cross-training"
    why: str  # why it is (not) a running session, for the report
    doubt: str | None  # why the data cannot carry a verdict at all, or None (rules.md DAT01)
    distance_m: float | None

    @property
    def identities(self) -> tuple[str, ...]:
        """Name every recording in it; facts refer to a session by any of these."""
        return tuple(r.identity for r in (*self.recordings, *self.duplicates))
