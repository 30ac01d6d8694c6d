"""Jog or not, second by second, and where one turns into the other.

Evidence is added up as log-odds: cadence first, for walking turns into jogging at 135 to 140 steps a minute whatever
the speed; speed beside it, and alone where there is no cadence to believe. The most likely sequence of bouts follows,
none shorter than a bout can be; analysis.turns then puts each change where the runner turned.
"""

from __future__ import annotations

import numpy as np

from analysis.speed import Flags, Floats, Seconds

CADENCE_KNOTS = ([60.0, 90.0, 120.0, 130.0, 137.0, 142.0, 150.0], [-1.5, -4.0, -4.0, -2.0, 0.0, 2.5, 4.5])
"""Log-odds of jogging by steps a minute: rules.md §9. Below 60 a wrist does not swing, and tells little."""

SPEED_TURN_MPS = 1.72
SPEED_KNOTS = ([0.0, 0.6, 1.2, 1.5, SPEED_TURN_MPS, 2.2, 2.6], [-3.5, -3.5, -3.2, -1.8, 0.0, 3.5, 5.0])
"""Log-odds of jogging by speed alone, in m/s. Some walk at 1.9 and some jog at 1.5: between them it says little."""

BESIDE_KNOTS = ([0.0, 0.6, 1.2, SPEED_TURN_MPS, 2.0, 2.4, 3.0], [-2.0, -1.5, -1.0, 0.0, 1.2, 4.0, 6.5])
"""The same beside a cadence that can be believed: slow jogging is jogging, and nobody walks at 2.6 m/s."""

UNHELPFUL_SPM = 60.0  # a wrist on a handle bar, or one that lost count
SWITCH = 7.0  # log-odds that a change of gait costs: about one a minute, with seconds that repeat each other
SHORTEST_JOG_S = 8
SHORTEST_BREAK_S = 10
SETTLE_S = 6  # evidence is averaged over this many seconds to both sides to say how sure it is
UNSURE = (0.2, 0.8)


def evidence(seconds: Seconds) -> Floats:
    """Give each second's log-odds of jogging; NaN where nothing was recorded."""
    alone = np.interp(seconds.speed_mps, *SPEED_KNOTS)
    if not seconds.has_cadence:
        return alone
    steps = np.interp(seconds.cadence_spm, *CADENCE_KNOTS)
    both = steps + np.interp(seconds.speed_mps, *BESIDE_KNOTS)
    without_speed = np.where(seconds.cadence_spm < UNHELPFUL_SPM, -0.7, steps)
    without_cadence = np.where(np.isnan(alone), without_speed, alone)
    odds = np.where(np.isnan(both), np.where(np.isnan(steps), alone, without_speed), both)
    return np.where(seconds.cadence_spm < UNHELPFUL_SPM, without_cadence, odds)


def most_likely(odds: Floats) -> Flags:
    """Find the most likely sequence of jogging and not, no bout shorter than it can be (Viterbi).

    The first and the last bout may be cut short by the recording.
    """
    n = len(odds)
    total = [0.0, *np.cumsum(odds).tolist()]
    jog, walk = [0.0] * (n + 1), [0.0] * (n + 1)
    jog_began, walk_began = [False] * (n + 1), [False] * (n + 1)
    for t in range(1, n + 1):
        stay, rest = jog[t - 1] + total[t] - total[t - 1], walk[t - 1]
        before = t - SHORTEST_JOG_S
        if before > 0 and (begin := walk[before] - SWITCH + total[t] - total[before]) > stay:
            stay, jog_began[t] = begin, True
        before = t - SHORTEST_BREAK_S
        if before > 0 and (begin := jog[before] - SWITCH) > rest:
            rest, walk_began[t] = begin, True
        jog[t], walk[t] = stay, rest
    is_jog = np.zeros(n, dtype=bool)
    t, jogging = n, jog[n] > walk[n]
    while t > 0:
        began = jog_began[t] if jogging else walk_began[t]
        back = (SHORTEST_JOG_S if jogging else SHORTEST_BREAK_S) if began else 1
        is_jog[t - back : t] = jogging
        t, jogging = t - back, jogging != began
    return is_jog


def sureness(odds: Floats, is_jog: Flags) -> Floats:
    """Give the probability that each second is jogging.

    Neighbouring seconds repeat each other and a runner's own turning point is unknown, so their evidence is averaged,
    not added up, and never over a change of gait.
    """
    edges = np.concatenate([[0], np.flatnonzero(np.diff(is_jog.astype(np.int8))) + 1, [len(odds)]])
    begin, end = np.repeat(edges[:-1], np.diff(edges)), np.repeat(edges[1:], np.diff(edges))
    middle = np.arange(len(odds))
    low, high = np.maximum(middle - SETTLE_S, begin), np.minimum(middle + SETTLE_S + 1, end)
    total = np.concatenate([[0.0], np.cumsum(odds)])
    return np.asarray(1.0 / (1.0 + np.exp(-(total[high] - total[low]) / (high - low))), dtype=np.float64)
