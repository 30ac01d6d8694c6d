"""Where one gait turned into the other: the runner's turn, not the moment the watch noticed.

A wrist's cadence is a filtered count. Measured on 130 timed changes (docs/gait.md) it crosses 140 steps a minute about
6 s after a runner has slowed to a walk, and 1.5 s before the beep that starts a jog; her speed crosses half-way within
1 s of the one, and 2.5 s before the other, for she sets off early. How late the cadence falls differs from watch to
watch, so it is measured in each recording where its speed can show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.detector import SHORTEST_BREAK_S, SHORTEST_JOG_S
from analysis.speed import Flags, Floats, Seconds

CADENCE_LAG_S = 5.5  # from half speed to half cadence when a jog ends; the usual wrist
EARLY_LAG_S = 0.4  # share of that lag by which a jog is begun after the turn that speed and cadence show
LAG_WEIGHT = 2.0  # timed changes that the usual lag counts for beside those of the recording
LONGEST_LAG_S = 10.0
BEFORE_S, AFTER_S = 16, 10  # where the turn may lie around the change that was found
LEVEL_FROM_S, LEVEL_TO_S = 5, 30  # where a gait's own level is read, away from the change
CLEAR_MPS = 0.45  # jog and walk this far apart show a turn in the speed
CLEAR_SPM = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of gait, in seconds of the grid; NaN where a signal does not show it."""

    found: int
    to_jog: bool
    speed_s: float
    cadence_s: float


def place(seconds: Seconds, is_jog: Flags) -> Flags:
    """Move each change of gait to where the runner turned."""
    edges = np.flatnonzero(is_jog[1:] != is_jog[:-1]) + 1
    if not len(edges):
        return is_jog
    bounds = [0, *edges.tolist(), len(is_jog)]
    turns = [
        _turn(seconds, lower, found, upper, to_jog=bool(is_jog[found]))
        for lower, found, upper in zip(bounds, bounds[1:], bounds[2:], strict=False)
    ]
    lag_s = cadence_lag_s(turns)
    placed = is_jog.copy()
    previous = 0
    for turn, upper in zip(turns, bounds[2:], strict=True):
        at = int(np.clip(round(_at(turn, lag_s)), previous + 1, upper - 1))
        placed[previous:at] = not turn.to_jog
        placed[at:upper] = turn.to_jog
        previous = at
    return placed


def without_brief(is_jog: Flags) -> Flags:
    """Join jogs over a halt of up to `SHORTEST_BREAK_S`, then drop jogs shorter than `SHORTEST_JOG_S`.

    The first and the last bout stay as they are: the recording may have cut them.
    """
    kept = is_jog.copy()
    for jog, shortest in ((False, SHORTEST_BREAK_S + 1), (True, SHORTEST_JOG_S)):
        edges = np.flatnonzero(kept[1:] != kept[:-1]) + 1
        for a, b in pairwise(edges.tolist()):
            if kept[a] == jog and b - a < shortest:
                kept[a:b] = not jog
    return kept


def cadence_lag_s(turns: list[Turn]) -> float:
    """Measure how long after the speed a recording's cadence falls, leaning on the usual where there is little."""
    seen = [t.cadence_s - t.speed_s for t in turns if not t.to_jog]
    seen = [lag for lag in seen if abs(lag) <= LONGEST_LAG_S + 2]
    if not seen:
        return CADENCE_LAG_S
    lag = (len(seen) * float(np.median(seen)) + LAG_WEIGHT * CADENCE_LAG_S) / (len(seen) + LAG_WEIGHT)
    return min(max(lag, 0.0), LONGEST_LAG_S)


def _at(turn: Turn, lag_s: float) -> float:
    """Weigh what the two signals say of one change."""
    if turn.to_jog:
        early = EARLY_LAG_S * lag_s
        says = [s + early for s in (turn.speed_s, turn.cadence_s) if not np.isnan(s)]
    else:
        says = [s for s in (turn.speed_s, turn.cadence_s - lag_s) if not np.isnan(s)]
    return float(np.mean(says)) if says else float(turn.found)


def _turn(seconds: Seconds, lower: int, found: int, upper: int, *, to_jog: bool) -> Turn:
    low, high = max(lower + 1, found - BEFORE_S), min(upper - 1, found + AFTER_S)
    return Turn(
        found=found,
        to_jog=to_jog,
        speed_s=_half_way(seconds.speed_mps, lower, low, found, high, upper, CLEAR_MPS, to_jog=to_jog),
        cadence_s=_half_way(seconds.cadence_spm, lower, low, found, high, upper, CLEAR_SPM, to_jog=to_jog),
    )


def _half_way(
    values: Floats, lower: int, low: int, found: int, high: int, upper: int, clear: float, *, to_jog: bool
) -> float:
    """Find the edge that best parts a signal's level before from its level after, or NaN."""
    before = values[max(lower, found - LEVEL_TO_S) : max(found - LEVEL_FROM_S, lower + 1)]
    after = values[min(found + LEVEL_FROM_S, upper - 1) : min(upper, found + LEVEL_TO_S)]
    span = values[low:high]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if np.isnan(span).any() or not len(before) or not len(after):
        return float("nan")
    level_before, level_after = float(np.median(before)), float(np.median(after))
    step = (level_after - level_before) if to_jog else (level_before - level_after)
    if step < clear or not len(span):
        return float("nan")
    # The cumulative distance from half-way turns where the signal crosses it; clipped, so that no spike outweighs.
    towards = np.clip((span - (level_before + level_after) / 2) / step, -0.5, 0.5) * (1 if to_jog else -1)
    height = np.concatenate([[0.0], np.cumsum(-towards)])
    return float(low + np.flatnonzero(height == height.max()).mean())
