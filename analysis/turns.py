"""Where one gait turned into the other: the runner's turn, not the moment the watch noticed.

A wrist's cadence is a filtered count. Measured on 130 timed changes (docs/gait.md) it crosses 140 steps a minute about
6 s after a runner has slowed to a walk, and 1.5 s before the beep that starts a jog; her speed crosses half-way within
1 s of the one, and 2.5 s before the other, for she sets off early. How late the cadence falls differs from watch to
watch, so it is measured in each recording where its speed can show it.

The speed that a watch shows is smoothed: it changes 5 to 7 s after its own distance and positions do, at either end
(1,246 changes of three watches). Lengths are therefore taken from those, and both ends of a bout are given as late as
the watch shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isnan

import numpy as np

from analysis.detector import SHORTEST_JOG_S
from analysis.speed import Flags, Floats, Seconds
from analysis.weights import kind_of

CADENCE_LAG_S = {False: 5.5, True: 1.0}  # from half speed to half cadence, when a jog ends and begins: the usual wrist
EARLY_LAG_S = 0.55  # a jog begins after its half speed by this share of the lag at its end
LAG_WEIGHT = {True: 2.0, False: 10.0}
"""Changes that the usual lag counts for beside those of the recording: more where its speed may be as late itself."""

LONGEST_LAG_S = 10.0
SHOWN_LATE_S = 6.5
"""How late both ends of a bout are given where a speed was stored, or no steps: as the watch's own screen and labels
have them. The length stays the runner's."""
FOUND_LATE_S = 6.0
"""How late the evidence itself ends a jog: it was learned from labels that end with the wrist's cadence."""

HALT_S = 12  # a halt of 10 s, as smoothed signals show it
BEFORE_S, AFTER_S = 16, 10  # where the turn may lie around the change that was found
LEVEL_FROM_S, LEVEL_TO_S = 5, 30  # where a gait's own level is read, away from the change
CLEAR_MPS = {True: 0.6, False: 0.35}  # jog and walk so far apart show a turn in the speed, beside cadence and without
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
    weight = LAG_WEIGHT[seconds.is_prompt]
    lag_s = {to_jog: cadence_lag_s(turns, to_jog=to_jog, weight=weight) for to_jog in (False, True)}
    is_late = seconds.is_prompt and (seconds.speed_source == "speed" or not seconds.has_cadence)
    delay_s = SHOWN_LATE_S if is_late else 0.0
    found_late_s = FOUND_LATE_S if kind_of(seconds) != "position" else 0.0  # there nothing was learned
    placed = is_jog.copy()
    previous = 0
    for turn, upper in zip(turns, bounds[2:], strict=True):
        at = min(max(round(_at(turn, lag_s, found_late_s) + delay_s), previous + 1), upper - 1)
        placed[previous:at] = not turn.to_jog
        placed[at:upper] = turn.to_jog
        previous = at
    return placed


def without_brief(is_jog: Flags) -> Flags:
    """Join jogs over a halt of up to `HALT_S`, then drop jogs shorter than `SHORTEST_JOG_S`.

    The first and the last bout stay as they are: the recording may have cut them.
    """
    kept = is_jog.copy()
    for jog, shortest in ((False, HALT_S + 1), (True, SHORTEST_JOG_S)):
        edges = np.flatnonzero(kept[1:] != kept[:-1]) + 1
        for a, b in pairwise(edges.tolist()):
            if kept[a] == jog and b - a < shortest:
                kept[a:b] = not jog
    return kept


def cadence_lag_s(turns: list[Turn], *, to_jog: bool, weight: float) -> float:
    """Measure how long after the speed a recording's cadence changes, leaning on the usual where there is little."""
    seen = [t.cadence_s - t.speed_s for t in turns if t.to_jog is to_jog]
    seen = [lag for lag in seen if abs(lag) <= LONGEST_LAG_S + 2]
    usual = CADENCE_LAG_S[to_jog]
    if not seen:
        return usual
    lag = (len(seen) * float(np.median(seen)) + weight * usual) / (len(seen) + weight)
    return min(max(lag, 0.0), LONGEST_LAG_S)


def _at(turn: Turn, lag_s: dict[bool, float], found_late_s: float) -> float:
    """Weigh what the two signals say of one change."""
    says = [at for at in (turn.speed_s, turn.cadence_s - lag_s[turn.to_jog]) if not isnan(at)]
    if not says:
        return turn.found - (0.0 if turn.to_jog else found_late_s)
    return sum(says) / len(says) + (EARLY_LAG_S * lag_s[False] if turn.to_jog else 0.0)


def _turn(seconds: Seconds, lower: int, found: int, upper: int, *, to_jog: bool) -> Turn:
    clear_mps = CLEAR_MPS[seconds.has_cadence]
    low, high = max(lower + 1, found - BEFORE_S), min(upper - 1, found + AFTER_S)
    return Turn(
        found=found,
        to_jog=to_jog,
        speed_s=_half_way(seconds.prompt_mps, lower, low, found, high, upper, clear_mps, to_jog=to_jog),
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
    level_before, level_after = _middle(before), _middle(after)
    step = (level_after - level_before) if to_jog else (level_before - level_after)
    if step < clear or not len(span):
        return float("nan")
    # The cumulative distance from half-way turns where the signal crosses it; clipped, so that no spike outweighs.
    towards = np.minimum(np.maximum((span - (level_before + level_after) / 2) / step, -0.5), 0.5)
    height = np.concatenate([[0.0], np.cumsum(-towards if to_jog else towards)])
    return float(low + np.flatnonzero(height == height.max()).mean())


def _middle(values: Floats) -> float:
    """Give the median: numpy's own takes ten times as long on so few."""
    ranked = np.sort(values)
    return float(ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2
