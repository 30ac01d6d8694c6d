"""Jog or not, second by second, and where one turns into the other.

Evidence is added up as log-odds: cadence first, for walking turns into jogging at 135 to 140 steps a minute whatever
the speed; speed beside it, and alone where there is no cadence to believe. analysis.weights adds what was learned. The
most likely sequence of bouts follows; analysis.turns then puts each change where the runner turned.
"""

from __future__ import annotations

import numpy as np

from analysis.speed import STILL_MPS, Flags, Floats, Seconds

CADENCE_KNOTS = ([60.0, 90.0, 120.0, 130.0, 137.0, 142.0, 150.0], [-1.5, -4.0, -4.0, -2.0, 0.0, 2.5, 4.5])
"""Log-odds of jogging by steps a minute: rules.md §9. Below 60 a wrist does not swing, and tells little."""

TURN_MPS = {"road": 1.7, "trail": 1.6, "position": 1.62}
"""Where walking turns into jogging by speed alone. Some walk at 1.9 m/s and some jog at 1.5; on a trail both are
slower, and positions cut corners."""

UPHILL_MPS, DOWNHILL_MPS = 0.8, 0.45  # how much slower a runner turns for each unit of grade

SPEED_KNOTS = ([-1.7, -1.1, -0.5, -0.22, 0.0, 0.48, 0.88], [-3.5, -3.5, -3.2, -1.8, 0.0, 3.5, 5.0])
"""Log-odds of jogging by speed alone, in m/s above the turn."""

BESIDE_KNOTS = ([-1.7, -1.1, -0.5, 0.0, 0.28, 0.68, 1.28], [-2.0, -1.5, -1.0, 0.0, 1.2, 4.0, 6.5])
"""The same beside a cadence that can be believed: slow jogging is jogging, and nobody walks at 2.6 m/s."""

UNHELPFUL_SPM = 60.0  # a wrist on a handle bar, or one that lost count
SWITCH = {"cadence": 14.0, "speed": 9.0, "distance": 12.0, "position": 30.0, "none": 9.0}
"""Log-odds that a change of gait costs: more where neighbouring seconds repeat each other's error."""

SHORTEST_JOG_S = 8
SETTLE_S = {
    True: 6,
    False: 20,
}  # evidence is averaged so far to both sides to say how sure it is: with cadence, without
PAID = 4.0  # a bout costs two changes of gait; one that brings in twice that is beyond doubt
BETWEEN_MPS = 0.15  # a speed this near the turn may be either gait
RARELY, OFTEN = 0.03, 0.12  # shares of the time near the turn that make speed alone tell twice as much, or no more
OWN_MPS = (
    -0.2,
    0.45,
)  # how far a runner's own turn may lie from the usual one: slow joggers below, brisk walkers above
OWN_SD_MPS = 0.2
CROWDED = 0.45  # density of an even spread from a slow walk to a fast jog, per m/s
BOTH_SHARE = 0.08  # of the time on either side of a turn before it is a runner's own
STRAY_MPS = 0.25  # a velocity from positions that strays so far tells less, by the root of two
UNSURE = (0.2, 0.8)
UNSURE_ON_A_WALK = (0.5, 0.8)
"""Of a recording that she herself called a walk: pushing a pram without a swinging wrist is no run in doubt."""

WALKS = frozenset({"walking", "hiking"})


def evidence(seconds: Seconds, turn_mps: Floats) -> Floats:
    """Give each second's log-odds of jogging; NaN where nothing was recorded.

    Args:
        seconds: what was recorded.
        turn_mps: see `turning_mps`.
    """
    above_mps = seconds.speed_mps - turn_mps
    alone = np.interp(above_mps, *SPEED_KNOTS)
    if not seconds.has_cadence:
        return alone
    steps = np.interp(seconds.cadence_spm, *CADENCE_KNOTS)
    both = steps + np.interp(above_mps, *BESIDE_KNOTS)
    without_speed = np.where(seconds.cadence_spm < UNHELPFUL_SPM, -0.7, steps)
    without_cadence = np.where(np.isnan(alone), without_speed, alone)
    odds = np.where(np.isnan(both), np.where(np.isnan(steps), alone, without_speed), both)
    return np.where(seconds.cadence_spm < UNHELPFUL_SPM, without_cadence, odds)


def turning_mps(seconds: Seconds) -> Floats:
    """Give the speed at which walking turns into jogging, second by second: lower on hills, where both are slower."""
    level = TURN_MPS["trail" if seconds.is_trail else "position" if seconds.speed_source == "position" else "road"]
    up, down = np.maximum(seconds.grade, 0.0), np.maximum(-seconds.grade, 0.0)
    usual = level - UPHILL_MPS * up - DOWNHILL_MPS * down
    if seconds.has_cadence or seconds.is_trail:  # on a trail she moves at every speed in either gait
        return np.asarray(usual, dtype=np.float64)
    return np.asarray(
        usual + own_turn_mps((seconds.speed_mps - usual)[seconds.speed_mps > STILL_MPS]), dtype=np.float64
    )


def most_likely(odds: Floats, switch: float) -> Flags:
    """Find the most likely sequence of jogging and not, where each change costs `switch` (two states, Viterbi).

    All that has to be carried on is by how much jogging leads, and it never leads by more than a change costs. Where it
    would, the second before was of that gait whatever follows; elsewhere it was of the gait that follows.
    """
    leads, lead = [], 0.0
    for second in odds.tolist():
        lead = (-switch if lead < -switch else switch if lead > switch else lead) + second
        leads.append(lead)
    ahead = np.asarray(leads)
    decided = np.abs(ahead) > switch
    decided[-1] = True
    following = np.minimum.accumulate(np.where(decided, np.arange(len(odds)), len(odds) - 1)[::-1])[::-1]
    return np.asarray(ahead[following] > 0)


def sureness(odds: Floats, is_jog: Flags, *, settle_s: int, tells: float, switch: float) -> Floats:
    """Give the log-odds that each second is jogging, as one would bet on it: see `weights.true_odds`.

    Neighbouring seconds repeat each other and a runner's own turn is unknown, so their evidence is averaged, not added
    up, and never over a change of gait.

    Args:
        odds: log-odds of jogging.
        is_jog: what was found.
        settle_s: seconds to average over, to both sides.
        tells: see `clearness`.
        switch: what a change of gait costs: a bout that hardly pays for its two changes is not sure.
    """
    edges = np.concatenate([[0], np.flatnonzero(np.diff(is_jog.astype(np.int8))) + 1, [len(odds)]])
    begin, end = np.repeat(edges[:-1], np.diff(edges)), np.repeat(edges[1:], np.diff(edges))
    middle = np.arange(len(odds))
    low, high = np.maximum(middle - settle_s, begin), np.minimum(middle + settle_s + 1, end)
    total = np.concatenate([[0.0], np.cumsum(odds)])
    mean = (total[high] - total[low]) / (high - low)
    if len(edges) > 2:
        mean = mean * np.minimum(np.abs(total[end] - total[begin]) / (PAID * switch), 1.0)
    return np.asarray(tells * mean, dtype=np.float64)


def own_turn_mps(above_mps: Floats) -> float:
    """Find the speed that a runner hardly ever moves at, between her walking and her jogging.

    Args:
        above_mps: speeds while moving, above the usual turn.

    Returns:
        Her own turn above the usual one; 0 where she does not show two gaits.
    """
    mean = _nine_second_mean(above_mps)
    edges = np.arange(-1.5, 2.0, 0.02)
    if not np.any((mean >= edges[0]) & (mean < edges[-1])):  # nothing, or a ride: no gait of hers
        return 0.0
    at = np.linspace(*OWN_MPS, 27)
    crowd = np.histogram(mean, bins=edges, density=True)[0]
    wide = np.exp(-0.5 * (np.arange(-12, 13) * 0.02 / 0.08) ** 2)
    density = np.interp(at, edges[:-1] + 0.01, np.convolve(crowd, wide / wide.sum(), "same"))
    ranked = np.sort(mean)
    below = np.searchsorted(ranked, at - BETWEEN_MPS) / len(ranked)
    beyond = 1.0 - np.searchsorted(ranked, at + BETWEEN_MPS) / len(ranked)
    cost = density / CROWDED + 0.5 * (at / OWN_SD_MPS) ** 2
    cost[(below < BOTH_SHARE) | (beyond < BOTH_SHARE)] = np.inf
    return float(at[np.argmin(cost)]) if np.isfinite(cost).any() else 0.0


def clearness(seconds: Seconds, turn_mps: Floats) -> float:
    """Say how much a recording's evidence tells beside the usual.

    Without cadence all hangs on where this runner turns. A recording that is hardly ever near the turn parts its gaits
    itself; positions that stray part less.
    """
    if seconds.has_cadence:
        return 1.0
    mean = _nine_second_mean((seconds.speed_mps - turn_mps)[seconds.speed_mps > STILL_MPS])
    between = float((np.abs(mean) < BETWEEN_MPS).mean()) if len(mean) else 1.0
    tells = float(np.interp(between, [RARELY, OFTEN], [2.0, 1.0]))
    return tells / float(np.sqrt(1.0 + (seconds.stray_mps / STRAY_MPS) ** 2))


def _nine_second_mean(speed_mps: Floats) -> Floats:
    if len(speed_mps) < 9:
        return np.empty(0)
    return np.convolve(speed_mps, np.ones(9) / 9, "valid")
