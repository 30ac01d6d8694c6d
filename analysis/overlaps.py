"""Recordings of one runner that overlap in time: the richer one leads, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from analysis.bouts import Observed, Span
from analysis.jogging import merged, possible_jogging_s


def lead(
    recordings: Sequence[Observed],
) -> tuple[list[Observed], list[tuple[Observed, Observed]], frozenset[str]]:
    """Let the richest of overlapping recordings lead.

    Of another one, what lies outside the leading ones is kept only where it may hold jogging: dropping it would hide a
    run, adding the overlap would double one. Such a session is in doubt, for the two clocks may disagree.

    Returns:
        The leading recordings in time order, pairs (copy, leader it overlaps), identities kept in part.
    """
    leading: list[Observed] = []
    copies: list[tuple[Observed, Observed]] = []
    in_part: set[str] = set()
    for recording in sorted(recordings, key=lambda r: (-r.richness, r.started_at, r.identity)):
        over = [o for o in leading if recording.started_at < o.ended_at and o.started_at < recording.ended_at]
        if not over:
            leading.append(recording)
            continue
        outside = [p for p in _outside(recording, over) if possible_jogging_s(p) > 0]
        if outside:
            leading += outside
            in_part.add(recording.identity)
        else:
            copies.append((recording, over[0]))
    return sorted(leading, key=lambda r: (r.started_at, r.identity)), copies, frozenset(in_part)


def _outside(recording: Observed, others: Iterable[Observed]) -> list[Observed]:
    """Cut a recording to its pieces outside other recordings."""
    pieces, cursor = [], recording.started_at
    for span in merged(Span(start=o.started_at, end=o.ended_at) for o in others):
        if cursor < span.start:
            pieces.append(clip(recording, cursor, span.start))
        cursor = max(cursor, span.end)
    if cursor < recording.ended_at:
        pieces.append(clip(recording, cursor, recording.ended_at))
    return pieces


def clip(recording: Observed, start: datetime, end: datetime) -> Observed:
    """Cut a recording to a stretch of time."""

    def cut(span: Span) -> Span:
        return Span(start=max(span.start, start), end=min(span.end, end))

    return replace(
        recording,
        started_at=start,
        ended_at=end,
        bouts=tuple(
            replace(b, start=max(b.start, start), end=min(b.end, end), distance_m=None)
            for b in recording.bouts
            if b.start < end and b.end > start
        ),
        uncertain=tuple(cut(s) for s in recording.uncertain if s.start < end and s.end > start),
        gaps=tuple(cut(s) for s in recording.gaps if s.start < end and s.end > start),
        corrected=tuple(
            replace(b, start=max(b.start, start), end=min(b.end, end))
            for b in recording.corrected
            if b.start < end and b.end > start
        ),
        first_position=recording.first_position if start == recording.started_at else None,
        last_position=recording.last_position if end == recording.ended_at else None,
        distance_m=None,
    )
