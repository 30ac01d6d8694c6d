"""Speed and cadence on a grid of seconds, from whatever a recording holds.

Watches store a sample a second, or one every one to ten seconds when little changes; phones store positions alone. Here
all of it becomes one row a second. Nothing here says jog or walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from analysis.places import EARTH_M

if TYPE_CHECKING:
    import pandas as pd

    from ingest.recording import Recording

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOLD_S = 60.0  # rules.md DAT01: up to here a missing sample is smart recording, beyond it is a gap
FASTEST_MPS = 8.0  # nobody in this plan runs faster: a position that says so strays
COVERED = 0.5  # share of the samples a signal must have to be the recording's
VELOCITY_HALF_S, AVERAGE_HALF_S = 2, 3  # positions: seconds to both sides
STRAY_HALF_S = 4
DISTANCE_HALF_S = 3
GRADE_HALF_S = 15
STEEPEST = 0.3
STILL_MPS = 0.7
RAYLEIGH_MEDIAN = 1.1774
STUCK_S = 120.0  # a cadence that does not move for so long is not counted
FEWEST_SPM = 60.0  # nobody's quickest steps are fewer: a wrist on a handle bar, or no counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """A recording, second by second; NaN where nothing was recorded within `HOLD_S`."""

    speed_mps: Floats
    speed_source: str  # "speed" | "distance" | "position" | "none"
    prompt_mps: Floats  # the speed that changes when she does: watches smooth the one they show, and it comes 6 s late
    is_prompt: bool  # else `prompt_mps` is the shown speed, for want of a better one
    cadence_spm: Floats  # both feet
    has_cadence: bool  # it was recorded and can be believed
    grade: Floats  # rise over run, 0 where it cannot be told
    is_trail: bool  # the runner told her watch so
    stray_mps: float  # standard error of a speed that comes from positions; 0 for others
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
    distance = signal["distance_m"].to_numpy()
    latitude, longitude = signal["latitude_deg"].to_numpy(), signal["longitude_deg"].to_numpy()
    has_positions = bool(np.isfinite(latitude + longitude).mean() >= COVERED) and len(t) > 1
    stray_mps = 0.0
    prompt_mps, source = np.full(n, np.nan), "none"
    if _is_recorded(distance):
        prompt_mps, source = _from_distance(middles, t, distance), "distance"
    elif has_positions:
        (prompt_mps, stray_mps), source = _from_positions(middles, t, latitude, longitude), "position"
    speed_mps = prompt_mps
    if _is_recorded(signal["speed_mps"].to_numpy()):
        speed_mps, source = _held(middles, t, np.clip(signal["speed_mps"].to_numpy(), 0.0, FASTEST_MPS)), "speed"
    cadence = signal["cadence_spm"].to_numpy()
    has_cadence = _is_measured(t, cadence)
    is_prompt = bool(np.isfinite(prompt_mps).any())
    return Seconds(
        speed_mps=speed_mps,
        speed_source=source,
        prompt_mps=prompt_mps if is_prompt else speed_mps,
        is_prompt=is_prompt,
        cadence_spm=_held(middles, t, cadence) if has_cadence else np.full(n, np.nan),
        has_cadence=has_cadence,
        grade=_grade(middles, t, signal["altitude_m"].to_numpy(), speed_mps),
        is_trail=recording.sub_sport == "trail",
        stray_mps=stray_mps if source == "position" else 0.0,
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


def _is_recorded(values: Floats) -> bool:
    known = np.isfinite(values)
    return len(values) > 1 and known.mean() >= COVERED and bool((values[known] > 0).any())


def _is_measured(t: Floats, cadence: Floats) -> bool:
    """Say whether steps were counted at all: often enough not zero, and not one number for ever."""
    if not _is_recorded(cadence):
        return False
    known = cadence[np.isfinite(cadence)]
    return bool(np.quantile(known, 0.95) >= FEWEST_SPM) and not (t[-1] - t[0] > STUCK_S and np.ptp(known) == 0)


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


def _from_positions(middles: Floats, t: Floats, latitude: Floats, longitude: Floats) -> tuple[Floats, float]:
    """Differentiate positions, and say how far the result strays.

    Velocities over 5 s are averaged by their lengths: a mean of velocities would stand still where she turns back.
    Scatter makes each length longer on the average; that much is taken out again.
    """
    east, north = metres(latitude, longitude)
    strays = _strays(t, east, north)
    east, north = np.where(strays, np.nan, east), np.where(strays, np.nan, north)
    east_mps, north_mps = (_slope(middles, t, axis, VELOCITY_HALF_S) for axis in (east, north))
    length = _mean_around(np.hypot(east_mps, north_mps), AVERAGE_HALF_S)
    speed = np.sqrt(np.maximum(length**2 - _stray_mps(east_mps, north_mps, VELOCITY_HALF_S) ** 2, 0.0))
    steady_east, steady_north = (_slope(middles, t, axis, STRAY_HALF_S) for axis in (east, north))
    return np.clip(speed, 0.0, FASTEST_MPS), _stray_mps(steady_east, steady_north, STRAY_HALF_S)


def _stray_mps(east_mps: Floats, north_mps: Floats, half_s: int) -> float:
    """Estimate how far a velocity over `half_s` to both sides strays: against its neighbours that share no position."""
    apart = 2 * half_s + 1
    if len(east_mps) <= 2 * apart:
        return 0.0
    odd = [axis[apart:-apart] - (axis[: -2 * apart] + axis[2 * apart :]) / 2 for axis in (east_mps, north_mps)]
    odd_mps = np.hypot(*odd)[np.hypot(east_mps, north_mps)[apart:-apart] > STILL_MPS]
    odd_mps = odd_mps[np.isfinite(odd_mps)]
    if not len(odd_mps):
        return 0.0
    return float(np.median(odd_mps)) / (RAYLEIGH_MEDIAN * sqrt(1.5))


def _mean_around(values: Floats, half_s: int) -> Floats:
    """Average what is known within `half_s` seconds of each second that is known itself."""
    known = np.isfinite(values)
    total = _sum_around(np.where(known, values, 0.0), half_s)
    return np.where(known, total / np.maximum(_sum_around(known.astype(np.float64), half_s), 1.0), np.nan)


def _sum_around(values: Floats, half_s: int) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    return np.asarray(total[np.minimum(at + half_s + 1, len(values))] - total[np.maximum(at - half_s, 0)])


def _grade(middles: Floats, t: Floats, altitude: Floats, speed_mps: Floats) -> Floats:
    """Divide rise by run over half a minute, where both were recorded."""
    if np.isfinite(altitude).mean() < COVERED or len(altitude) < 2:
        return np.zeros(len(middles))
    climb_mps = _slope(middles, t, altitude, GRADE_HALF_S)
    run_mps = np.nan_to_num(_mean_around(speed_mps, GRADE_HALF_S))
    return np.clip(np.nan_to_num(climb_mps / np.maximum(run_mps, STILL_MPS)), -STEEPEST, STEEPEST)


def _strays(t: Floats, east: Floats, north: Floats) -> Flags:
    """Mark single positions that lie further off than anyone runs, there and back."""
    stray = np.zeros(len(t), dtype=bool)
    if len(t) < 3:
        return stray
    hop = np.hypot(np.diff(east), np.diff(north)) / np.diff(t)
    over = np.hypot(east[2:] - east[:-2], north[2:] - north[:-2]) / (t[2:] - t[:-2])
    stray[1:-1] = (hop[:-1] > FASTEST_MPS) & (hop[1:] > FASTEST_MPS) & (over < FASTEST_MPS)
    return stray
