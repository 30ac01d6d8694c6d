"""The shape of a recording: ten seconds by ten, how fast she moved and her heart beat.

Exports of one recording have one shape whatever their format, two devices on one run have shapes that go together, and
two runs never have the same one (docs/adr/0009). It is kept with what was observed, so that copies are known without
reading files again. Speeds along positions are kept, positions are not.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from analysis.bouts import SLICE_S, Shape
from analysis.curves import PER_BPM, PER_MPS, UNKNOWN
from analysis.speed import HOLD_S, Floats, metres, seconds_since_start

if TYPE_CHECKING:
    from ingest.recording import Recording

LONGEST_SLICES = 24 * 3600 // SLICE_S
"""A recording of more than a day is no run's copy; its shape would only take room."""


def shape(recording: Recording) -> Shape | None:
    """Draw a recording's shape; None where it holds nothing to draw."""
    signal = recording.signal
    if len(signal) < 2:
        return None
    t = seconds_since_start(recording) + recording.started_at.timestamp()
    first, last = floor(t[0] / SLICE_S), ceil(t[-1] / SLICE_S)
    if not 0 < last - first <= LONGEST_SLICES:
        return None
    edges = np.arange(first, last + 1, dtype=np.float64) * SLICE_S
    position = _drawn(t, _path_m(signal["latitude_deg"].to_numpy(), signal["longitude_deg"].to_numpy()), edges)
    distance, speed = signal["distance_m"].to_numpy(), signal["speed_mps"].to_numpy()
    moved = distance if np.isfinite(distance).sum() > 1 else _summed(t, speed)
    beats = _summed(t, signal["heart_rate_bpm"].to_numpy())
    curves = {
        "position": _packed(position, PER_MPS),
        "speed": _packed(_drawn(t, moved, edges), PER_MPS),
        "heart_rate": _packed(_drawn(t, beats, edges), PER_BPM),
    }
    if not any(curves.values()):
        return None
    return Shape(since_s=first * SLICE_S, samples=len(signal), **curves)


def _path_m(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Add up the way from position to position; NaN where there is none."""
    path = np.full(len(latitude_deg), np.nan)
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if known.any():
        east, north = metres(latitude_deg[known], longitude_deg[known])
        path[known] = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
    return path


def _summed(t: Floats, values: Floats) -> Floats:
    """Add up a rate over time, between the samples that have it."""
    total = np.full(len(t), np.nan)
    known = np.isfinite(values)
    if known.any():
        steps = np.diff(t[known]) * (values[known][1:] + values[known][:-1]) / 2.0
        total[known] = np.concatenate([[0.0], np.cumsum(steps)])
    return total


def _drawn(t: Floats, total: Floats, edges: Floats) -> Floats:
    """Give the mean rate of each slice that was recorded from end to end; NaN for the others."""
    known = np.isfinite(total)
    if known.sum() < 2:
        return np.full(len(edges) - 1, np.nan)
    t, total = t[known], total[known]
    rates = np.diff(np.interp(edges, t, total)) / SLICE_S
    silent = (edges[:-1] < t[0]) | (edges[1:] > t[-1])
    for hole in np.flatnonzero(np.diff(t) > HOLD_S):
        silent |= (edges[1:] > t[hole]) & (edges[:-1] < t[hole + 1])
    rates[silent] = np.nan
    return np.asarray(rates, dtype=np.float64)


def _packed(rates: Floats, scale: float) -> bytes:
    if not np.isfinite(rates).any():
        return b""
    whole = np.clip(np.round(np.nan_to_num(rates) * scale), 0, UNKNOWN - 1)
    return np.where(np.isfinite(rates), whole, UNKNOWN).astype("<u2").tobytes()
