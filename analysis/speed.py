"""Speed and cadence on a grid of seconds, from whatever a recording holds.

Watches store a sample a second, or one every one to ten seconds when little changes; phones store positions alone. Here
all of it becomes one row a second. Nothing here says jog or walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from ingest.recording import Recording

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOLD_S = 60.0  # rules.md DAT01: up to here a missing sample is smart recording, beyond it is a gap
FASTEST_MPS = 8.0  # nobody in this plan runs faster: a position that says so strays
EARTH_M = 6_371_008.8
COVERED = 0.5  # share of the samples a signal must have to be the recording's
POSITION_HALF_S = 4  # positions are differenced over this many seconds to both sides
DISTANCE_HALF_S = 3
STUCK_S = 120.0  # a speed or cadence above zero that does not move for so long is not measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """A recording, second by second; NaN where nothing was recorded within `HOLD_S`."""

    speed_mps: Floats
    speed_source: str  # "speed" | "distance" | "position" | "none"
    cadence_spm: Floats  # both feet
    has_cadence: bool  # it was recorded and can be believed
    sampled_s: float  # median step between samples

    def __len__(self) -> int:
        return len(self.speed_mps)


def grid(recording: Recording) -> Seconds:
    """Lay a recording's speed and cadence on the seconds from its start, second `i` being `[i, i + 1)`.

    Args:
        recording: with at least one sample.
    """
    signal = recording.signal
    t = seconds_since_start(recording)
    n = max(int(np.ceil((recording.ended_at - recording.started_at).total_seconds())), 1)
    middles = np.arange(n, dtype=np.float64) + 0.5
    speed_mps, source = _speed(
        t,
        middles,
        signal["speed_mps"].to_numpy(),
        signal["distance_m"].to_numpy(),
        signal["latitude_deg"].to_numpy(),
        signal["longitude_deg"].to_numpy(),
    )
    cadence = signal["cadence_spm"].to_numpy()
    has_cadence = _is_measured(t, cadence) and bool(np.nanquantile(cadence, 0.95) >= 60)
    return Seconds(
        speed_mps=speed_mps,
        speed_source=source,
        cadence_spm=_held(middles, t, cadence) if has_cadence else np.full(n, np.nan),
        has_cadence=has_cadence,
        sampled_s=float(np.median(np.diff(t))) if len(t) > 1 else 1.0,
    )


def seconds_since_start(recording: Recording) -> Floats:
    """Give the samples' times in seconds from the start of the recording."""
    micros = cast("pd.DatetimeIndex", recording.signal.index).asi8  # TIME_DTYPE: microseconds
    return np.asarray((micros - round(recording.started_at.timestamp() * 1e6)) / 1e6, dtype=np.float64)


def metres(latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
    """Project positions to metres east and north of the first, good to a run's extent."""
    known = np.flatnonzero(np.isfinite(latitude_deg) & np.isfinite(longitude_deg))
    if not len(known):
        return np.full(len(latitude_deg), np.nan), np.full(len(latitude_deg), np.nan)
    latitude_0, longitude_0 = latitude_deg[known[0]], longitude_deg[known[0]]
    turn = (longitude_deg - longitude_0 + 180.0) % 360.0 - 180.0  # across the date line
    east = np.radians(turn) * np.cos(np.radians(latitude_0)) * EARTH_M
    return east, np.radians(latitude_deg - latitude_0) * EARTH_M


def _speed(
    t: Floats, middles: Floats, speed: Floats, distance: Floats, latitude: Floats, longitude: Floats
) -> tuple[Floats, str]:
    if _is_measured(t, speed):
        return _held(middles, t, np.clip(speed, 0.0, FASTEST_MPS)), "speed"
    if _is_measured(t, distance):
        return _from_distance(middles, t, distance), "distance"
    if np.isfinite(latitude + longitude).mean() >= COVERED:
        return _from_positions(middles, t, latitude, longitude), "position"
    return np.full(len(middles), np.nan), "none"


def _is_measured(t: Floats, values: Floats) -> bool:
    """Say whether a column was recorded at all, and moves as a measured one does."""
    known = np.isfinite(values)
    if len(values) < 2 or known.mean() < COVERED or not (values[known] > 0).any():
        return False
    return not (t[-1] - t[0] > STUCK_S and np.ptp(values[known]) == 0)


def _held(middles: Floats, t: Floats, values: Floats) -> Floats:
    """Interpolate to the seconds, but not across more than `HOLD_S`."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(middles), np.nan)
    t, values = t[known], values[known]
    held = np.interp(middles, t, values)
    after = np.clip(np.searchsorted(t, middles), 1, max(len(t) - 1, 1))
    if len(t) > 1:
        too_far = (t[after] - t[after - 1] > HOLD_S) & (middles > t[after - 1]) & (middles < t[after])
        held[too_far] = np.nan
    held[(middles < t[0] - 1.0) | (middles > t[-1] + 1.0)] = np.nan
    return held


def _slope(middles: Floats, t: Floats, values: Floats, half_s: int) -> Floats:
    """Fit a line to `half_s` seconds on both sides of each second, and give its slope."""
    edges = np.arange(-half_s, len(middles) + half_s) + 0.5
    known = np.isfinite(values)
    level = np.interp(edges, t[known], values[known])
    lags = np.arange(-half_s, half_s + 1, dtype=np.float64)
    slope = np.convolve(level, lags[::-1] / (lags**2).sum(), mode="valid")
    slope[np.isnan(_held(middles, t, values))] = np.nan
    return slope


def _from_distance(middles: Floats, t: Floats, distance: Floats) -> Floats:
    return np.clip(_slope(middles, t, distance, DISTANCE_HALF_S), 0.0, FASTEST_MPS)


def _from_positions(middles: Floats, t: Floats, latitude: Floats, longitude: Floats) -> Floats:
    """Differentiate positions: the length of a mean velocity, not the mean of lengths, which scatter would inflate."""
    east, north = metres(latitude, longitude)
    strays = _strays(t, east, north)
    east, north = np.where(strays, np.nan, east), np.where(strays, np.nan, north)
    speed = np.hypot(_slope(middles, t, east, POSITION_HALF_S), _slope(middles, t, north, POSITION_HALF_S))
    return np.clip(speed, 0.0, FASTEST_MPS)


def _strays(t: Floats, east: Floats, north: Floats) -> Flags:
    """Mark single positions that lie further off than anyone runs, there and back."""
    stray = np.zeros(len(t), dtype=bool)
    if len(t) < 3:
        return stray
    hop = np.hypot(np.diff(east), np.diff(north)) / np.diff(t)
    over = np.hypot(east[2:] - east[:-2], north[2:] - north[:-2]) / (t[2:] - t[:-2])
    stray[1:-1] = (hop[:-1] > FASTEST_MPS) & (hop[1:] > FASTEST_MPS) & (over < FASTEST_MPS)
    return stray
