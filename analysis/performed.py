"""Bouts to what was performed: main set, ratio, repeats, longest jog, and how sure.

The rules are those of rules.md §2, made exact:

- A jog ends at a walk break. What lies between two stretches of jogging is a break when it holds at least
  `BREAK_WALK_S` of walking, or lasts at least `BREAK_HALT_S` however it was spent. A halt at a crossing is none: she
  slows, stands and sets off again, which is seen as a few seconds of walking on either side. Nor is a short stop of the
  timer. So neither can halve the longest jog. Seconds that were not jogged are never counted as jogging, on either side
  of that line.
- A burst of less than `BURST_S` (a street crossed, a child caught) neither opens nor closes the main set, is no repeat
  and parts no walk break; within the main set its seconds count as jogging. Where there are only bursts, or
  those outside the main set add up to `BURSTS_S`, they are jogs like any other.
- The main set lasts from the first jog to the end of the walk after the last one, of which at most one median walk
  break counts. What lies before it is the warm-up, what lies after it the cool-down. Time with the timer stopped is
  left out: nobody knows what she did then, and it is neither jogging nor walking.
- The last jog is left out of the median when those before it were regular and it is shorter than `CUT_SHARE` of their
  median; the walk after it always is. That is the cut last piece. In a ladder (1-2-4-1) nothing tells that a short
  last jog was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import hypot, inf, sqrt
from statistics import median

from analysis.bouts import Bout, Gait, Span
from analysis.jogging import merged

BREAK_WALK_S = 20.0  # as `BURST_S`, the other way round; a halt of 15 s is seen as up to 17 s of walking
BREAK_HALT_S = 45.0  # three quarters of the shortest walk break of the ladder, as STG01 counts one
BURST_S = 20.0  # rules.md §2: bouts from here on make a running session
BURSTS_S = 60.0  # rules.md §2: so much jogging beside the main set is not left out, however short its pieces
CUT_SHARE = 0.75
REGULAR_S, REGULAR_SHARE = 15.0, 0.2  # a regular bout is this near its median, whichever is wider
NORMAL_95 = 1.96
RESTING = (Gait.WALK, Gait.STAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where a session's main set lies, and what surrounds it."""

    warm_up: Span | None
    main_set: Span
    cool_down: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    pieces: list[Bout]
    jogs: list[slice]  # of the pieces
    walks_s: list[float]  # the walk breaks between the jogs
    main_set: list[Bout]


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What was done in a session's main set. Seconds throughout."""

    main_set_s: float
    jog_s: float
    walk_s: float  # the walk breaks, standing inside them included
    stand_s: float  # of which standing
    repeats: int  # number of jog bouts
    jog_bout_s: float  # median
    walk_bout_s: float  # median; 0 when continuous
    longest_jog_s: float
    ratio: str | None  # "1:2.0", "continuous", None without jogging
    regular: bool
    uncertain_share: float  # of the main set
    jog_error_s: float  # 95 %, of the jog total


def measure(
    bouts: Sequence[Bout], *, uncertain: Sequence[Span] = (), boundary_sd_s: float = 0.0, bout_bias_sd_s: float = 0.0
) -> Performed | None:
    """Measure what was performed, or give None where nothing was jogged.

    Args:
        bouts: of one session, in time order, not overlapping.
        uncertain: where the data do not tell jogging from walking.
        boundary_sd_s: standard error of each boundary of a jog by itself.
        bout_bias_sd_s: standard error of a jog's length that all jogs share.
    """
    found = _found(bouts)
    if found is None:
        return None
    pieces, jogs, walks, main_set = found.pieces, found.jogs, found.walks_s, found.main_set
    lengths = [sum(p.seconds for p in pieces[jog] if p.gait is Gait.JOG) for jog in jogs]
    walk_bout_s = median(walks) if walks else 0.0

    seconds = {gait: sum(p.seconds for p in main_set if p.gait is gait) for gait in Gait}
    main_set_s = sum(s for gait, s in seconds.items() if gait is not Gait.PAUSE)
    full = lengths[:-1] if _is_last_cut(lengths) else lengths
    jog_bout_s = median(full)
    return Performed(
        main_set_s=main_set_s,
        jog_s=seconds[Gait.JOG],
        walk_s=seconds[Gait.WALK] + seconds[Gait.STAND],
        stand_s=seconds[Gait.STAND],
        repeats=len(jogs),
        jog_bout_s=jog_bout_s,
        walk_bout_s=walk_bout_s,
        longest_jog_s=max(lengths),
        ratio=_ratio(jog_bout_s, walk_bout_s, len(jogs)),
        regular=_are_near(full, jog_bout_s) and _are_near(walks, walk_bout_s),
        uncertain_share=(seconds[Gait.UNKNOWN] + _overlap_s(main_set, uncertain)) / main_set_s,
        jog_error_s=_jog_error_s(main_set, uncertain, boundary_sd_s, bout_bias_sd_s),
    )


def parts(bouts: Sequence[Bout]) -> Parts | None:
    """Tell warm-up, main set and cool-down apart, or give None where nothing was jogged.

    Args:
        bouts: of one session, in time order, not overlapping.
    """
    found = _found(bouts)
    if found is None:
        return None
    main_set = Span(start=found.main_set[0].start, end=found.main_set[-1].end)
    before = [p for p in found.pieces if p.end <= main_set.start and p.gait in (Gait.JOG, *RESTING)]
    # One median walk break of the last walk belongs to the main set; what she walked on is cool-down.
    after = [p for p in found.pieces if p.end > main_set.end and p.gait in (Gait.JOG, *RESTING)]
    return Parts(
        warm_up=Span(start=before[0].start, end=main_set.start) if before else None,
        main_set=main_set,
        cool_down=Span(start=max(after[0].start, main_set.end), end=after[-1].end) if after else None,
    )


def _found(bouts: Sequence[Bout]) -> _Found | None:
    """Find the jogs, the walk breaks between them and the main set they span, or None without a jog."""
    pieces = _joined(bouts)
    jogs = _jogs(pieces)
    if not jogs:
        return None
    breaks = [
        sum(p.seconds for p in pieces[before.stop : after.start] if p.gait in RESTING)
        for before, after in pairwise(jogs)
    ]
    walks_s = [walked for walked in breaks if walked > 0]  # a break with the timer stopped says nothing of walking
    walk_after = _walk_after(pieces[jogs[-1].stop :], median(walks_s) if walks_s else 0.0)
    return _Found(
        pieces=pieces, jogs=jogs, walks_s=walks_s, main_set=pieces[jogs[0].start : jogs[-1].stop] + walk_after
    )


def _joined(bouts: Sequence[Bout]) -> list[Bout]:
    """Drop empty bouts and join neighbours of one gait, to the gait and its time alone."""
    pieces: list[Bout] = []
    for bout in bouts:
        if bout.end <= bout.start:
            continue
        if pieces and pieces[-1].gait is bout.gait and pieces[-1].end == bout.start:
            pieces[-1] = Bout(gait=bout.gait, start=pieces[-1].start, end=bout.end)
        else:
            pieces.append(Bout(gait=bout.gait, start=bout.start, end=bout.end))
    return pieces


def _jogs(pieces: Sequence[Bout]) -> list[slice]:
    """Find the jog bouts as slices of the pieces, short stops inside them included and bursts left out."""
    found: list[slice] = []
    for i, piece in enumerate(pieces):
        if piece.gait is not Gait.JOG:
            continue
        if found and not _is_break(pieces[found[-1].stop : i]):
            found[-1] = slice(found[-1].start, i + 1)
        else:
            found.append(slice(i, i + 1))
    jogged_s = {f.start: sum(p.seconds for p in pieces[f] if p.gait is Gait.JOG) for f in found}
    long = [f for f in found if jogged_s[f.start] >= BURST_S]
    if not long:
        return found
    beside_s = sum(jogged_s[f.start] for f in found if not long[0].start <= f.start < long[-1].stop)
    return long if beside_s < BURSTS_S else found


def _is_break(between: Sequence[Bout]) -> bool:
    walked_s = sum(p.seconds for p in between if p.gait is Gait.WALK)
    return walked_s >= BREAK_WALK_S or sum(p.seconds for p in between) >= BREAK_HALT_S


def _is_last_cut(lengths: Sequence[float]) -> bool:
    if len(lengths) < 2:
        return False
    middle = median(lengths[:-1])
    return _are_near(lengths[:-1], middle) and lengths[-1] < CUT_SHARE * middle


def _walk_after(pieces: Sequence[Bout], at_most_s: float) -> list[Bout]:
    """Take the walking right after the last jog, up to a limit."""
    taken: list[Bout] = []
    for piece in pieces:
        if piece.gait not in RESTING or at_most_s <= 0:
            break
        end = min(piece.end, piece.start + timedelta(seconds=at_most_s))
        taken.append(Bout(gait=piece.gait, start=piece.start, end=end))
        at_most_s -= piece.seconds
    return taken


def _ratio(jog_bout_s: float, walk_bout_s: float, repeats: int) -> str | None:
    if walk_bout_s > 0:
        return f"1:{walk_bout_s / jog_bout_s:.1f}"
    return "continuous" if repeats == 1 else None  # breaks, but all with the timer stopped


def _are_near(lengths: Sequence[float], middle: float) -> bool:
    return all(abs(length - middle) <= max(REGULAR_S, REGULAR_SHARE * middle) for length in lengths)


def _overlap_s(pieces: Sequence[Bout], spans: Sequence[Span]) -> float:
    """Sum the seconds of jogging, walking and standing that lie in one of the spans."""
    judged = [(p.start, p.end) for p in pieces if p.gait in (Gait.JOG, *RESTING)]
    return sum(
        max((min(end, span.end) - max(start, span.start)).total_seconds(), 0.0)
        for span in merged(spans)
        for start, end in judged
    )


def _jog_error_s(
    main_set: Sequence[Bout], uncertain: Sequence[Span], boundary_sd_s: float, bout_bias_sd_s: float
) -> float:
    """Give the 95 % error of the jog total, in seconds.

    Boundaries err each for itself, bouts all alike. A stretch that cannot be judged is wrong as a whole or not at all,
    and stretches of one recording may be wrong together: they count in quadrature, but never less than half their sum.
    Uncertain stretches count wherever they lie, for they may hold a jog that the main set then lacks; seconds without
    any data count inside the main set.
    """
    jogs = sum(p.gait is Gait.JOG for p in main_set)
    edges_s = NORMAL_95 * hypot(sqrt(2 * jogs) * boundary_sd_s, jogs * bout_bias_sd_s)
    unjudged = [span.seconds for span in merged(uncertain)]
    unjudged += [p.seconds for p in main_set if p.gait is Gait.UNKNOWN]
    unjudged_s = max(sqrt(sum(s**2 for s in unjudged)), sum(unjudged) / 2)
    error_s = hypot(edges_s, unjudged_s)
    if error_s < inf and min(boundary_sd_s, bout_bias_sd_s) >= 0:
        return error_s
    return sum(p.seconds for p in main_set)  # an error that is no length of time tells nothing of any second


def worst(errors_s: Iterable[float]) -> float:
    """Give the largest of some errors; one that is no length of time makes the whole unknown."""
    known = list(errors_s)
    return max(known) if all(0 <= one < inf for one in known) else inf
