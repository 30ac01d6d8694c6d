"""Her own word laid over what a recording shows.

A correction is data: the seconds it names are of the gait it names, to the second, and nothing about them is uncertain
or missing any more. Everything outside stays as it was, its error included. Corrections are laid over a recording each
time it is looked at and are never stored with it, so a better detector re-reads the past and her word still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from analysis.bouts import Bout, Gait, Observed, Span
from analysis.jogging import on_foot


class Word(Protocol):
    """What she says of a stretch of time; no gait takes back what was said of it before."""

    @property
    def start(self) -> datetime:
        """Its beginning, an aware instant."""

    @property
    def end(self) -> datetime:
        """Its end, not included."""

    @property
    def gait(self) -> Gait | None:
        """What she did, or None."""


def settled(words: Iterable[Word]) -> tuple[Bout, ...]:
    """Let each word count over those before it, and give what stands: in time order, without overlap."""
    said: list[Bout] = []
    for word in words:
        if word.end <= word.start:
            continue
        over = Span(start=word.start, end=word.end)
        said = [piece for one in said for piece in _outside(one, [over])]
        if word.gait is not None:
            said.append(Bout(gait=word.gait, start=word.start, end=word.end, by_her_word=True))
    said.sort(key=lambda b: b.start)
    return tuple(replace(group[0], end=group[-1].end) for group in _neighbours(said))


def corrected(observed: Observed, said: Sequence[Bout]) -> Observed:
    """Lay what stands of her word over a recording; cross-training has no gait to correct.

    Args:
        observed: what the recording shows.
        said: as `settled` gives it; what lies outside the recording is left out.
    """
    if not said or not on_foot(observed):
        return observed
    hers = [piece for one in said if (piece := _inside(one, observed.started_at, observed.ended_at)) is not None]
    if not hers:
        return observed
    return replace(
        observed,
        bouts=_recut(observed.bouts, hers),
        uncertain=tuple(piece for span in observed.uncertain for piece in _spans_outside(span, hers)),
        gaps=tuple(piece for span in observed.gaps for piece in _spans_outside(span, hers)),
        corrected=tuple(hers),
    )


def _recut(bouts: Sequence[Bout], hers: Sequence[Bout]) -> tuple[Bout, ...]:
    """Cut bouts where she says otherwise, and join neighbours of one gait."""
    pieces = [piece for bout in bouts for piece in _outside(bout, hers)] + list(hers)
    pieces.sort(key=lambda b: b.start)
    return tuple(_whole(group, bouts) for group in _neighbours(pieces))


def _whole(pieces: Sequence[Bout], bouts: Sequence[Bout]) -> Bout:
    """Make one bout of touching pieces; distance, speed and cadence are known only of bouts that lie in it whole."""
    first, start, end = pieces[0], pieces[0].start, pieces[-1].end
    if len(pieces) == 1 and first in bouts:
        return first
    seconds = sum(p.seconds for p in pieces)
    under = [b for b in bouts if b.start < end and b.end > start]
    is_whole = all(start <= b.start and b.end <= end for b in under)
    metres = [b.distance_m for b in under if b.distance_m is not None]
    steps = [b.mean_cadence_spm * b.seconds for b in under if b.mean_cadence_spm is not None]
    distance_m = sum(metres) if is_whole and metres and len(metres) == len(under) else None
    return Bout(
        gait=first.gait,
        start=start,
        end=end,
        distance_m=distance_m,
        mean_speed_mps=None if distance_m is None else distance_m / seconds,
        mean_cadence_spm=sum(steps) / seconds if is_whole and steps and len(steps) == len(under) else None,
        confidence=sum(p.confidence * p.seconds for p in pieces) / seconds,
        by_her_word=any(p.by_her_word for p in pieces),
    )


def _neighbours(pieces: Iterable[Bout]) -> list[list[Bout]]:
    """Group pieces, those in time order, that touch and are of one gait."""
    groups: list[list[Bout]] = []
    for piece in pieces:
        if groups and groups[-1][-1].gait is piece.gait and groups[-1][-1].end == piece.start:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _outside(bout: Bout, others: Iterable[Span | Bout]) -> list[Bout]:
    """Give the parts of a bout outside others, those in time order; a part that was cut keeps no figures."""
    span = Span(start=bout.start, end=bout.end)
    left = _spans_outside(span, others)
    if left == [span]:
        return [bout]
    blank = replace(bout, distance_m=None, mean_speed_mps=None, mean_cadence_spm=None)
    return [replace(blank, start=part.start, end=part.end) for part in left]


def _spans_outside(span: Span, others: Iterable[Span | Bout]) -> list[Span]:
    left, cursor = [], span.start
    for other in others:
        if other.end <= cursor or other.start >= span.end:
            continue
        if other.start > cursor:
            left.append(Span(start=cursor, end=other.start))
        cursor = other.end
    if cursor < span.end:
        left.append(Span(start=cursor, end=span.end))
    return left


def _inside(bout: Bout, start: datetime, end: datetime) -> Bout | None:
    start, end = max(bout.start, start), min(bout.end, end)
    return replace(bout, start=start, end=end) if start < end else None
