"""Are two recordings of one run? The verdict, and the evidence that carries it.

A false merge hides a rest breach, a false split invents one. Two recordings are one run where they are copies of one
another, where two devices measured the same minutes, or where a copy came with another clock. The same places, the same
plan and the same distance on another day are no evidence at all: every other day she runs just that. The tiers, and
where their numbers come from, are in docs/adr/0009.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from analysis.bouts import SLICE_S, Observed
from analysis.curves import Curve, Likeness, changes, curves, grain, jogging, likeness
from analysis.places import metres_apart
from analysis.verdict import APART, COVERED, Answer, Tier, Verdict

WITHIN = timedelta(hours=14)
"""A zone is at most this far from UTC; recordings further apart are never one run but by her word."""

ZONE_STEP_S = 900  # zones differ by whole quarters of an hour
ENDS_S = 60.0  # copies and worn devices begin and end together, give or take a minute
CLOCK_S = 300.0  # a clock that nobody set: some seconds a week, so half a year without a phone or satellites

COPY = {"position": 0.03, "speed": 0.03, "heart_rate": 0.5}
"""How far curves of one recording are apart at most (m/s, bpm); two runs never were less than 0.13 m/s or 1.8 bpm."""

TEXTURE = {"position": 0.02, "speed": 0.02, "heart_rate": 0.3}
"""How much a curve bends from slice to slice at least before it can be told from another run of the same plan."""

DISTINCT = 0.5  # … and so large a share of it never repeats
OWN_SLICES = 30  # … over five minutes
DISTANCE = 0.05  # two devices measure one way as far, to within this share
SHARED = 0.8  # of the shorter recording: so much time two devices on one run share
TOGETHER = 3  # slices: half a minute evens out what satellites stray
RISE_AND_FALL = 0.75  # correlation of two devices; 0.5 where she ran steadily, and satellites strayed more than she
STEADY_MPS, STEADY = 0.25, 0.3  # … so then: apart over half minutes, and correlation, if both begin and end together
HEART = 0.9  # correlation of two pulses, where nothing else was recorded
CLOCK_CORRELATION, CLOCK_CLEARER = 0.75, 0.15  # another clock must fit, and fit better than the one shown
CLOCK_CHANGES = 4  # of gait, where nothing but the bouts is known
FASTEST_MPS = 4.0  # on the average, while one device was already or still running
ELSEWHERE_M = 500.0  # nobody's watch strays so far at both ends


def compare(one: Observed, other: Observed) -> Verdict:
    """Judge two recordings of one runner; which is named first does not matter but for the sign of the clock."""
    if one.identity == other.identity:
        return Verdict(answer=Answer.SAME, tier=Tier.IDENTICAL, words="it is the same recording")
    shares_time = one.started_at < other.ended_at and other.started_at < one.ended_at
    if shares_time:
        copy = _copy(one, other)
        if copy is not None:
            return copy
    elif abs(_starts_apart_s(one, other)) > WITHIN.total_seconds() + ENDS_S:
        return APART
    shifted = _in_another_zone(one, other)
    if shifted is not None:
        return shifted
    if not shares_time:
        return APART
    return _with_another_clock(one, other) or _devices(one, other)


def _copy(one: Observed, other: Observed) -> Verdict | None:
    """Judge whether two recordings of one time hold the same samples."""
    alike = _alike(one, other)
    numbers = _numbers(one, other, alike)
    if replace(one, identity=other.identity, file_name=other.file_name, notes=other.notes) == other:
        words = "it holds the same samples at the same times"
        return Verdict(answer=Answer.SAME, tier=Tier.IDENTICAL, words=words, numbers=numbers)
    if not _all_equal(alike) or numbers["shared_share"] < SHARED:
        return None
    words = f"another export of one recording ({_formats(one, other)}): {_equal(alike)}"
    return Verdict(answer=Answer.SAME, tier=Tier.EXPORT, words=words, numbers=numbers)


def _in_another_zone(one: Observed, other: Observed) -> Verdict | None:
    """Judge whether one is a copy of the other, shifted by whole quarters of an hour.

    The samples alone can carry this, and only where no second run could repeat them: two runs of one plan have the
    same length, and on one treadmill the same speeds as well.
    """
    clock_s = round(_starts_apart_s(one, other) / ZONE_STEP_S) * ZONE_STEP_S
    if clock_s == 0 or abs(clock_s) > WITHIN.total_seconds() or not _as_long(one, other, clock_s):
        return None
    if one.format == other.format and not _as_many_samples(one, other):
        return None
    alike = _alike(one, other, clock_s)
    if not _all_equal(alike) or _ends_elsewhere(one, other, clock_s) > 0:
        return None
    if not any(_is_its_own(kind, one, like) for kind, like in alike.items()):
        return None
    words = f"the same recording with its clock {_clock(clock_s)}: {_equal(alike)}"
    numbers = _numbers(one, other, alike)
    return Verdict(answer=Answer.SAME, tier=Tier.ZONE, words=words, clock_s=clock_s, numbers=numbers)


def _is_its_own(kind: str, one: Observed, like: Likeness) -> bool:
    """Say whether a curve, nearly all of it compared, is one that no second run could repeat."""
    curve = curves(one)[kind]
    own = grain(curve)
    return (
        own is not None
        and own.bend >= TEXTURE[kind]
        and own.distinct >= DISTINCT
        and like.slices >= max(OWN_SLICES, SHARED * curve.known)
    )


def _with_another_clock(one: Observed, other: Observed) -> Verdict | None:
    """Judge whether two devices measured one run, the clock of one of them some minutes wrong.

    The starts tell how much, and the speeds have to fit then and clearly not as the clocks show them: in intervals of
    three minutes each clock that is three minutes wrong fits as well as the right one.
    """
    apart_s = _starts_apart_s(one, other)
    if not SLICE_S <= abs(apart_s) <= CLOCK_S or not _as_long(one, other, apart_s) or not _as_far(one, other):
        return None
    is_late = abs(apart_s) > ENDS_S  # up to a minute it is one run whichever clock is right
    if _ends_elsewhere(one, other, apart_s) > (0 if is_late else 1):
        return None
    pair = _moving(one, other)
    if pair is None:
        pair = jogging(one), jogging(other)
        if min(map(changes, pair)) < CLOCK_CHANGES:
            return None
    as_shown = likeness(*pair)
    best: tuple[float, float, Likeness] | None = None
    for off_s in range(-4 * SLICE_S, 4 * SLICE_S + 1, SLICE_S // 2):
        like = likeness(pair[0], pair[1].ahead(apart_s + off_s))
        if like is not None and like.slices >= OWN_SLICES and (best is None or like.correlation > best[0]):
            best = like.correlation, apart_s + off_s, like
    shown = as_shown.correlation if as_shown is not None and is_late else -1.0
    if best is None or best[0] < max(CLOCK_CORRELATION, shown + CLOCK_CLEARER) or abs(best[1]) > CLOCK_S:
        return None
    _, clock_s, like = best
    if abs(clock_s) < SLICE_S:  # the clocks agree, one was started later
        return None
    return Verdict(
        answer=Answer.SAME,
        tier=Tier.CLOCK,
        words=f"two devices on one run, the clock of one {_clock(clock_s)}: {_together(one, other, like)}",
        clock_s=clock_s,
        numbers={**_numbers(one, other), "correlation": like.correlation},
    )


def _devices(one: Observed, other: Observed) -> Verdict:
    """Judge two recordings of one time that are no copies."""
    numbers = _numbers(one, other)
    if _ends_elsewhere(one, other) == 2:
        words = "they share their time and were recorded in different places"
        return Verdict(answer=Answer.DIFFERENT, tier=Tier.TIME, words=words, numbers=numbers)
    like = _measured_alike(one, other)
    if like is None or numbers["shared_share"] < SHARED:
        return Verdict(answer=COVERED.answer, tier=COVERED.tier, words=COVERED.words, numbers=numbers)
    return Verdict(
        answer=Answer.SAME,
        tier=Tier.DEVICES,
        words=f"two devices on one run: {_together(one, other, like)}",
        numbers={**numbers, "correlation": like.correlation, "apart": like.apart},
    )


def _measured_alike(one: Observed, other: Observed) -> Likeness | None:
    """Compare what two devices measured in the time they share; None where it does not show one run."""
    pair = _moving(one, other)
    if pair is not None:
        like = likeness(*pair, together=TOGETHER)
        if like is None or abs(like.ratio - 1.0) > DISTANCE:
            return None
        steady = like.apart <= STEADY_MPS and like.correlation >= STEADY and _as_long(one, other, 0.0)
        return like if like.correlation >= RISE_AND_FALL or steady else None
    alike = _alike(one, other)
    if "heart_rate" in alike:
        like = alike["heart_rate"]
        return like if like.slices >= OWN_SLICES and like.correlation >= HEART else None
    of_bouts = jogging(one), jogging(other)
    like = likeness(*of_bouts)
    known = min(map(changes, of_bouts)) >= CLOCK_CHANGES and _as_far(one, other)
    return like if known and like is not None and like.correlation >= CLOCK_CORRELATION else None


def _alike(one: Observed, other: Observed, clock_s: float = 0.0) -> dict[str, Likeness]:
    """Compare the curves that both have, once the clock of the other is taken back."""
    mine, its = curves(one), curves(other)
    found = {kind: likeness(mine[kind], its[kind].ahead(clock_s)) for kind in mine if kind in its}
    return {kind: like for kind, like in found.items() if like is not None}


def _all_equal(alike: Mapping[str, Likeness]) -> bool:
    """Say whether curves hold the same samples; formats leave out some signals and never change one."""
    return bool(alike) and all(like.apart <= COPY[kind] for kind, like in alike.items())


def _moving(one: Observed, other: Observed) -> tuple[Curve, Curve] | None:
    """Give how fast both moved, measured the same way where that is possible."""
    mine, its = curves(one), curves(other)
    for kind in ("position", "speed"):
        if kind in mine and kind in its:
            return mine[kind], its[kind]
    a, b = (mine.get("speed") or mine.get("position")), (its.get("speed") or its.get("position"))
    return (a, b) if a is not None and b is not None else None


def _starts_apart_s(one: Observed, other: Observed) -> float:
    return (other.started_at - one.started_at).total_seconds()


def _as_long(one: Observed, other: Observed, clock_s: float) -> bool:
    """Say whether both begin and end together, once the clock is taken back."""
    ends_apart_s = (other.ended_at - one.ended_at).total_seconds()
    return abs(_starts_apart_s(one, other) - clock_s) <= ENDS_S and abs(ends_apart_s - clock_s) <= ENDS_S


def _as_many_samples(one: Observed, other: Observed) -> bool:
    return one.shape is not None and other.shape is not None and one.shape.samples == other.shape.samples


def _as_far(one: Observed, other: Observed) -> bool:
    """Say whether the distances agree; where one is not known nothing speaks against it."""
    if not one.distance_m or not other.distance_m:
        return True
    return abs(one.distance_m - other.distance_m) <= DISTANCE * max(one.distance_m, other.distance_m)


def _ends_elsewhere(one: Observed, other: Observed, clock_s: float = 0.0) -> int:
    """Count at how many of their ends, the first and the last, two recordings lie too far apart for one run.

    Where one began or ended later, she may have gone on meanwhile.
    """
    ends = (
        (one.first_position, other.first_position, _starts_apart_s(one, other)),
        (one.last_position, other.last_position, (other.ended_at - one.ended_at).total_seconds()),
    )
    return sum(
        a is not None and b is not None and metres_apart(a, b) > ELSEWHERE_M + abs(apart_s - clock_s) * FASTEST_MPS
        for a, b, apart_s in ends
    )


def _numbers(one: Observed, other: Observed, alike: Mapping[str, Likeness] | None = None) -> dict[str, float]:
    shared_s = (min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)).total_seconds()
    shorter_s = min((r.ended_at - r.started_at).total_seconds() for r in (one, other))
    numbers = {
        "starts_apart_s": _starts_apart_s(one, other),
        "ends_apart_s": (other.ended_at - one.ended_at).total_seconds(),
        "shared_share": max(0.0, shared_s) / shorter_s if shorter_s > 0 else 0.0,
    }
    if one.distance_m and other.distance_m:
        numbers["distance_ratio"] = other.distance_m / one.distance_m
    return numbers | {f"{kind}_apart": like.apart for kind, like in (alike or {}).items()}


def _equal(alike: Mapping[str, Likeness]) -> str:
    what = " and ".join(_named(alike))
    return f"{what} the same throughout, over {max(like.slices for like in alike.values()) * SLICE_S // 60} min"


def _named(alike: Mapping[str, Likeness]) -> Iterator[str]:
    if "position" in alike or "speed" in alike:
        yield "speed"
    if "heart_rate" in alike:
        yield "pulse"


def _together(one: Observed, other: Observed, like: Likeness) -> str:
    numbers = _numbers(one, other)
    parts = [f"{numbers['shared_share']:.0%} of the time shared"]
    if "distance_ratio" in numbers and _as_far(one, other):
        parts.append(f"distances {abs(numbers['distance_ratio'] - 1.0):.1%} apart")
    parts.append(f"what they measured goes together ({like.correlation:.2f} of 1)")
    return ", ".join(parts)


def _formats(one: Observed, other: Observed) -> str:
    return " and ".join(sorted({one.format.upper(), other.format.upper()}))


def _clock(clock_s: float) -> str:
    """Say how far a clock is off; which of the two is right nobody knows."""
    seconds = abs(round(clock_s))
    if seconds < 120:
        return f"{seconds} s off"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes else [])]) + " off"
