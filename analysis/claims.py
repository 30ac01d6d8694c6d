"""What a device said about gait: its own run/walk splits, the steps of a workout, laps that were pressed.

A claim is a hint. Splits are measured, by the watch's accelerometer; steps are planned, and a plan may not be what was
done; a lap that was pressed has no word at all, but its edges are where the runner says that something changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analysis.bouts import Span
from ingest.recording import Mark, MarkKind

SPLIT_JOGS = {"run": True, "walk": False, "stand": False}
STEP_JOGS = {"active": True, "interval": True, "rest": False}
"""Warm-up, cool-down and `recovery` may be jogged or walked, so they claim nothing."""

PARTING = frozenset({"rest", "recovery"})
"""Without one of these a workout does not tell work from rest: "20 min active" may be jogged and walked by feel."""

INTERVAL_SPLITS = "interval_"
MICRO_S = 5.0  # shorter splits are noise: a fifth of those that watches write
TOUCHING = timedelta(seconds=2)  # the last second of a split is written rounded
PRESSED = frozenset({"manual", None})  # how a lap ended; not every device says
SHORTEST_LAP_S = 15.0  # a shorter one is a button pressed twice
FEWEST_LAPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A stretch called jogging (`jogs`), or walking and standing, whoever says so."""

    jogs: bool
    start: datetime
    end: datetime


def measured(marks: Iterable[Mark]) -> list[Claim]:
    """Give what the watch's own run/walk detection said, in time order and without overlap, micro-splits merged.

    Splits of one meaning are joined first, for a walk and a stand are both no jogging. Then a piece shorter than
    `MICRO_S` goes to the one before it, or to the one after if it is the first; by itself it says nothing. The
    `interval_*` splits lie over the same seconds and are never counted among these.
    """
    found = [
        Claim(jogs=SPLIT_JOGS[m.label], start=m.start, end=m.end)
        for m in marks
        if m.kind is MarkKind.SPLIT and m.label in SPLIT_JOGS
    ]
    pieces = _joined(_apart(sorted(found, key=lambda claim: (claim.start, claim.end))))
    merged: list[Claim] = []
    for piece in pieces:
        before = merged[-1] if merged and piece.start - merged[-1].end <= TOUCHING else None
        if before is not None and _is_micro(before):  # only the first of a row can still be one
            merged[-1] = replace(piece, start=before.start)
        elif before is not None and (_is_micro(piece) or piece.jogs is before.jogs):
            merged[-1] = replace(before, end=piece.end)
        else:
            merged.append(piece)
    return [claim for claim in merged if not _is_micro(claim)]


def planned(marks: Sequence[Mark]) -> list[Claim]:
    """Give what the steps of a workout said: the steps themselves, else labelled laps, else `interval_*` splits.

    One of the three, for they tell of the same seconds. Labels that are all alike say nothing: newer watches call every
    lap of a free run `interval`.
    """
    sources = (
        [m for m in marks if m.kind is MarkKind.STEP],
        [m for m in marks if m.kind is MarkKind.LAP],
        [
            replace(m, label=m.label.removeprefix(INTERVAL_SPLITS))
            for m in marks
            if m.kind is MarkKind.SPLIT and m.label is not None and m.label.startswith(INTERVAL_SPLITS)
        ],
    )
    for source in sources:
        labels = {m.label for m in source}
        if labels & PARTING and labels & STEP_JOGS.keys():
            claims = [Claim(jogs=STEP_JOGS[m.label], start=m.start, end=m.end) for m in source if m.label in STEP_JOGS]
            return _joined(_apart(sorted(claims, key=lambda claim: (claim.start, claim.end))))
    return []


def pressed(marks: Iterable[Mark]) -> list[list[Span]]:
    """Give rows of laps that the runner ended by hand, each at least `FEWEST_LAPS` long; auto-laps end a row.

    The lap after the last press belongs to its row: the end of the recording closed it.
    """
    laps = sorted((m for m in marks if m.kind is MarkKind.LAP), key=lambda m: (m.start, m.end))
    rows: list[list[Span]] = [[]]
    for lap in laps:
        if rows[-1] and lap.start - rows[-1][-1].end > TOUCHING:
            rows.append([])
        by_hand = lap.trigger in PRESSED
        if (by_hand or (rows[-1] and lap.trigger == "session_end")) and _seconds(lap) >= SHORTEST_LAP_S:
            rows[-1].append(Span(start=lap.start, end=lap.end))
        else:
            rows.append([])
    return [row for row in rows if len(row) >= FEWEST_LAPS]


def _apart(claims: Iterable[Claim]) -> list[Claim]:
    """End each claim where the next one begins."""
    apart: list[Claim] = []
    for claim in claims:
        if apart and apart[-1].end > claim.start:
            earlier = apart.pop()
            if claim.start > earlier.start:
                apart.append(replace(earlier, end=claim.start))
        apart.append(claim)
    return apart


def _joined(claims: Iterable[Claim]) -> list[Claim]:
    joined: list[Claim] = []
    for claim in claims:
        if joined and joined[-1].jogs is claim.jogs and claim.start - joined[-1].end <= TOUCHING:
            joined[-1] = replace(joined[-1], end=claim.end)
        else:
            joined.append(claim)
    return joined


def _is_micro(claim: Claim) -> bool:
    return _seconds(claim) < MICRO_S


def _seconds(span: Claim | Mark) -> float:
    return (span.end - span.start).total_seconds()
