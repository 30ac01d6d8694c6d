"""Where a recording says nothing: stopped timers, and gaps.

A stopped timer is a pause. Seconds without samples beyond `HOLD_S` through which the watch's own distance stood still
look like a stand, and are gaps all the same, as are stops after which she is further away than walking explains: she
may have jogged, and nothing tells (rules.md DAT01 makes no exception while the timer runs).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.jogging import WALKING_MPS
from analysis.speed import HOLD_S, Floats, metres, seconds_since_start
from ingest.recording import MarkKind, Recording

SCATTER_M = 15.0  # how far two positions of one place may lie apart
STILL_M = 5.0  # what a watch's own distance may creep while she stands
TRKSEG_BREAK_S = 10.0  # a shorter one is no stop: some writers begin a segment at every lap


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Spans in seconds from the start of a recording, in order, half-open."""

    pauses: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, float], ...]
    stands: tuple[tuple[float, float], ...] = ()  # those of the gaps in which she seems to have stood


def silence(recording: Recording) -> Silence:
    """Find where the timer was stopped, and where it ran without samples.

    Args:
        recording: with at least one sample.
    """
    t = seconds_since_start(recording)
    end_s = (recording.ended_at - recording.started_at).total_seconds()
    east, north = metres(recording.signal["latitude_deg"].to_numpy(), recording.signal["longitude_deg"].to_numpy())
    stops = _joined([*_marked(recording, end_s), *_breaks(recording, end_s)])
    moved = [stop for stop in stops if _apart_m(stop, t, east, north) > WALKING_MPS * (stop[1] - stop[0]) + SCATTER_M]
    stamps = np.concatenate([[0.0], t, [end_s]])
    holes = [(float(stamps[i]), float(stamps[i + 1])) for i in np.flatnonzero(np.diff(stamps) > HOLD_S)]
    unexplained = [part for hole in holes for part in _outside(hole, stops) if part[1] - part[0] > HOLD_S]
    distance = recording.signal["distance_m"].to_numpy()
    stands = [hole for hole in unexplained if _is_still(hole, t, distance, east, north)]
    return Silence(
        pauses=tuple(s for s in stops if s not in moved),
        gaps=tuple(_joined([*unexplained, *moved])),
        stands=tuple(stands),
    )


def _marked(recording: Recording, end_s: float) -> list[tuple[float, float]]:
    start = recording.started_at
    spans = [
        ((m.start - start).total_seconds(), (m.end - start).total_seconds())
        for m in recording.marks
        if m.kind is MarkKind.PAUSE
    ]
    return [(max(a, 0.0), min(b, end_s)) for a, b in spans if min(b, end_s) > max(a, 0.0)]


def _breaks(recording: Recording, end_s: float) -> list[tuple[float, float]]:
    """Find the time between one GPX track segment and the next: how phone apps store a stopped timer."""
    start = recording.started_at
    trksegs = sorted((m for m in recording.marks if m.kind is MarkKind.TRKSEG), key=lambda m: m.start)
    spans = [
        ((before.end - start).total_seconds(), (after.start - start).total_seconds())
        for before, after in pairwise(trksegs)
    ]
    return [(max(a, 0.0), min(b, end_s)) for a, b in spans if b - a > TRKSEG_BREAK_S]


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for since, to in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to))
        else:
            joined.append((since, to))
    return joined


def _outside(hole: tuple[float, float], stops: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cut the stops out of a hole."""
    parts, since = [], hole[0]
    for a, b in stops:
        if a < hole[1] and b > since:
            parts.append((since, a))
            since = max(since, b)
    return [(a, b) for a, b in [*parts, (since, hole[1])] if b > a]


def _is_still(hole: tuple[float, float], t: Floats, distance: Floats, east: Floats, north: Floats) -> bool:
    """Say whether the watch's own distance stood still across a hole: smart recording stores nothing of a stand."""
    known = np.flatnonzero(np.isfinite(distance))
    before, after = known[t[known] <= hole[0]], known[t[known] >= hole[1]]
    if not len(before) or not len(after) or t[before[-1]] < hole[0] - 1 or t[after[0]] > hole[1] + 1:
        return False
    return bool(distance[after[0]] - distance[before[-1]] <= STILL_M) and _apart_m(hole, t, east, north) <= SCATTER_M


def _apart_m(stop: tuple[float, float], t: Floats, east: Floats, north: Floats) -> float:
    """Measure how far the last position before a stop lies from the first after it; 0 where one is missing."""
    known = np.flatnonzero(np.isfinite(east))
    before, after = known[t[known] <= stop[0] + 0.5], known[t[known] >= stop[1] - 0.5]
    if not len(before) or not len(after):
        return 0.0
    return float(np.hypot(east[after[0]] - east[before[-1]], north[after[0]] - north[before[-1]]))
