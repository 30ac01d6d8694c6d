"""Bouts to what was performed: main set, ratio, repeats, longest jog, and how sure.

The rules are those of rules.md §2, made exact:

- A jog ends at a walk break. What lies between two stretches of jogging is a break when it holds at least
  `BREAK_WALK_S` of walking or standing with walking, or lasts at least `BREAK_REST_S` however it was spent; a red light
  or a short stop of the timer is none, so that it cannot halve the longest jog. Seconds that were not jogged are never
  counted as jogging, on either side of that line.
- A burst of less than `BURST_S` (a street crossed, a child caught) neither opens nor closes the main set, is no repeat
  and parts no walk break; within the main set its seconds count as jogging. Where there are only bursts, they are the
  jogs.
- The main set lasts from the first jog to the end of the walk after the last one, of which at most one median walk
  break counts. Time with the timer stopped is left out of it: nobody knows what she did then, and it is neither jogging
  nor walking.
- The last jog is left out of the median when it is shorter than `CUT_SHARE` of the median of those before it; the walk
  after it always is. That is the cut last piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import sqrt
from statistics import median

from analysis.bouts import Bout, Gait, Span

BREAK_WALK_S = 15.0
BREAK_REST_S = 30.0  # half the shortest walk break of the ladder
BURST_S = 20.0  # rules.md §2: bouts from here on make a running session
CUT_SHARE = 0.75
REGULAR_S, REGULAR_SHARE = 15.0, 0.2  # a regular bout is this near its median, whichever is wider
NORMAL_95 = 1.96
RESTING = (Gait.WALK, Gait.STAND)


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
    pieces = _joined(bouts)
    jogs = _jogs(pieces)
    if not jogs:
        return None
    lengths = [sum(p.seconds for p in pieces[jog] if p.gait is Gait.JOG) for jog in jogs]
    breaks = [
        sum(p.seconds for p in pieces[before.stop : after.start] if p.gait in RESTING)
        for before, after in pairwise(jogs)
    ]
    walks = [walked for walked in breaks if walked > 0]  # a break spent with the timer stopped says nothing of walking
    walk_bout_s = median(walks) if walks else 0.0
    main_set = pieces[jogs[0].start : jogs[-1].stop] + _walk_after(pieces[jogs[-1].stop :], walk_bout_s)

    seconds = {gait: sum(p.seconds for p in main_set if p.gait is gait) for gait in Gait}
    main_set_s = sum(s for gait, s in seconds.items() if gait is not Gait.PAUSE)
    full = lengths[:-1] if len(lengths) > 1 and lengths[-1] < CUT_SHARE * median(lengths[:-1]) else lengths
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
    long = [f for f in found if sum(p.seconds for p in pieces[f] if p.gait is Gait.JOG) >= BURST_S]
    return long or found


def _is_break(between: Sequence[Bout]) -> bool:
    walked = any(p.gait is Gait.WALK for p in between)
    rested_s = sum(p.seconds for p in between if p.gait in RESTING)
    return (walked and rested_s >= BREAK_WALK_S) or sum(p.seconds for p in between) >= BREAK_REST_S


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
        max((min(end, span_end) - max(start, span_start)).total_seconds(), 0.0)
        for span_start, span_end in _merged(spans)
        for start, end in judged
    )


def _merged(spans: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for span in sorted(spans, key=lambda s: s.start):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        else:
            merged.append((span.start, span.end))
    return merged


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
    edges_s = NORMAL_95 * sqrt(2 * jogs * boundary_sd_s**2 + (jogs * bout_bias_sd_s) ** 2)
    unjudged = [(end - start).total_seconds() for start, end in _merged(uncertain)]
    unjudged += [p.seconds for p in main_set if p.gait is Gait.UNKNOWN]
    unjudged_s = max(sqrt(sum(s**2 for s in unjudged)), sum(unjudged) / 2)
    return sqrt(edges_s**2 + unjudged_s**2)
