"""Curves of two recordings laid over each other: how far apart, and whether they rise and fall together.

Plain lists and no numpy: sessions are gathered for every command, and few recordings are ever compared.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, inf, isnan, nan, sqrt
from statistics import median

from analysis.bouts import SLICE_S, Gait, Observed

PER_MPS = 1000.0
PER_BPM = 100.0
UNKNOWN = 65535
STILL = 1e-9  # variance of a curve that never changes, but for rounding
KINDS = {"position": PER_MPS, "speed": PER_MPS, "heart_rate": PER_BPM}
"""The curves of a shape, and what one unit is divided into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A number for every slice from an instant on; NaN where it is not known."""

    since_s: float  # Unix time of the first slice
    values: Sequence[float]

    @property
    def known(self) -> int:
        """Count the slices that are known."""
        return sum(not isnan(value) for value in self.values)

    def ahead(self, clock_s: float) -> Curve:
        """Take back a clock that is ahead, and lay the result on the slices again."""
        slices = (self.since_s - clock_s) / SLICE_S
        whole, part = floor(slices), slices - floor(slices)
        if part == 0:
            return Curve(since_s=whole * SLICE_S, values=self.values)
        before = [nan, *self.values]
        values = [part * a + (1.0 - part) * b for a, b in zip(before, [*self.values, nan], strict=True)]
        return Curve(since_s=whole * SLICE_S, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two curves over the slices that both have."""

    slices: int
    apart: float  # root mean square of the difference
    correlation: float  # 0 where one of them never changes
    ratio: float  # sum of the other over that of the one


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """What of a curve is its own, and no second run of the same plan would repeat."""

    slices: int
    bend: float  # median size of the bends from slice to slice
    distinct: float  # share of three slices in a row that differ from all others


def curves(observed: Observed) -> dict[str, Curve]:
    """Give the curves of a recording, each cut to its time; none where no shape is known."""
    if observed.shape is None:
        return {}
    found = {}
    for kind, scale in KINDS.items():
        packed: bytes = getattr(observed.shape, kind)
        if packed:
            found[kind] = _cut(Curve(since_s=observed.shape.since_s, values=_unpacked(packed, scale)), observed)
    return found


def jogging(observed: Observed) -> Curve:
    """Give the share of jogging in each slice, from the bouts: what is known of every recording."""
    first = floor(observed.started_at.timestamp() / SLICE_S)
    last = floor(observed.ended_at.timestamp() / SLICE_S)
    jogged = [0.0] * (last - first + 1)
    for bout in observed.bouts:
        if bout.gait is not Gait.JOG:
            continue
        since, to = bout.start.timestamp() / SLICE_S - first, bout.end.timestamp() / SLICE_S - first
        for i in range(max(floor(since), 0), min(floor(to) + 1, len(jogged))):
            jogged[i] += max(min(to, i + 1.0) - max(since, float(i)), 0.0)
    return Curve(since_s=first * SLICE_S, values=jogged)


def likeness(one: Curve, other: Curve, *, together: int = 1) -> Likeness | None:
    """Compare two curves on one grid; None where they share fewer than three slices.

    Args:
        one: the first.
        other: the second, its clock already taken back.
        together: average so many slices to one before comparing.
    """
    a, b = _aligned(one, other)
    if together > 1:
        a, b = _averaged(a, together), _averaged(b, together)
    known = [(x, y) for x, y in zip(a, b, strict=True) if not isnan(x + y)]
    if len(known) < 3:
        return None
    n = len(known)
    xs, ys = [x for x, _ in known], [y for _, y in known]
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    across = sum((x - mean_x) * (y - mean_y) for x, y in known)
    spread = sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    return Likeness(
        slices=n,
        apart=sqrt(sum((x - y) ** 2 for x, y in known) / n),
        correlation=across / spread if spread > STILL * n else 0.0,
        ratio=mean_y / mean_x if mean_x > 0 else inf,
    )


def grain(curve: Curve) -> Grain | None:
    """Say what of a curve is its own; None where it is too short to say."""
    values = curve.values
    threes = [three for three in zip(values, values[1:], values[2:], strict=False) if not isnan(sum(three))]
    if not threes:
        return None
    return Grain(
        slices=len(threes),
        bend=median(abs(y - (x + z) / 2.0) for x, y, z in threes),
        distinct=len(set(threes)) / len(threes),
    )


def changes(curve: Curve) -> int:
    """Count how often a share of jogging goes from less than half to more, or back."""
    return sum((a >= 0.5) != (b >= 0.5) for a, b in pairwise(curve.values))


def _unpacked(packed: bytes, scale: float) -> list[float]:
    whole = array("H")
    whole.frombytes(packed)
    if sys.byteorder == "big":
        whole.byteswap()
    return [nan if value == UNKNOWN else value / scale for value in whole]


def _cut(curve: Curve, observed: Observed) -> Curve:
    """Leave out what lies outside a recording that was cut to a piece."""
    first = max(0, -floor((curve.since_s - observed.started_at.timestamp()) / SLICE_S))
    last = floor((observed.ended_at.timestamp() - curve.since_s) / SLICE_S)
    return Curve(since_s=curve.since_s + first * SLICE_S, values=curve.values[first : max(first, last)])


def _aligned(one: Curve, other: Curve) -> tuple[list[float], list[float]]:
    shift = round((other.since_s - one.since_s) / SLICE_S)
    first, last = max(0, shift), min(len(one.values), len(other.values) + shift)
    if last <= first:
        return [], []
    return list(one.values[first:last]), list(other.values[first - shift : last - shift])


def _averaged(values: list[float], together: int) -> list[float]:
    """Average neighbours; NaN where one of them is."""
    whole = len(values) - len(values) % together
    return [sum(values[i : i + together]) / together for i in range(0, whole, together)]
