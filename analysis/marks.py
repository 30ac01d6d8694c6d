"""What the device itself marked, weighed against what its sensors show: evidence, never the truth.

No mark changes a gait or moves a boundary, and none takes a doubt away; without marks nothing changes. Agreement
raises the confidence of the bouts it covers, within `CEILING`. Disagreement is a note. Where the watch's own run/walk
labels, which are a second measurement, contradict the sensors by more than a verdict bears, those seconds become
uncertain as well (docs/adr/0007).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from analysis.bouts import Bout, Gait, Observed, Span
from analysis.claims import FEWEST_LAPS, Claim, measured, planned, pressed
from analysis.jogging import RUNNING_SPORTS, merged, on_foot
from analysis.plan import minutes
from ingest.recording import Mark

EDGE_S = 6.0  # so late labels come, where jogging turns to walking: seconds this near an edge of a mark are not judged
SHORTEST_S = 10.0  # of contradiction, away from the edges: some labels come 14 s late
AGREES = 0.9  # share of a mark's judged seconds from which on it counts as agreeing
CEILING = 0.99  # no confidence is raised beyond
RAISE = 0.5  # of the way to the ceiling: the label comes from the same wrist, or from a plan

NOTED_S, NOTED_SHARE = 30.0, 0.02  # half the shortest jog of the ladder: less is not worth a word
DOUBT_S, DOUBT_SHARE = 45.0, 0.10  # a watch's labels end jogs late by themselves (docs/gait.md); beyond this they tell

MOVING = (Gait.JOG, Gait.WALK, Gait.STAND)
Stretch = TypeVar("Stretch", Claim, Span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A claim of the device beside the sensors."""

    claim: Claim
    judged_s: float  # away from its edges, where the sensors tell jogging from walking
    agreeing: float  # share of these
    against: tuple[Span, ...]  # whole stretches in which the sensors show the other gait


def weigh(observed: Observed, marks: Sequence[Mark]) -> Observed:
    """Weigh a recording's marks against its bouts.

    Returns:
        The same bouts, some with a higher confidence; perhaps more that is uncertain; perhaps notes
        (`marks_disagree`, `steps_disagree`). The very same value where the marks say nothing.
    """
    if not marks or not on_foot(observed):
        return observed
    pieces = _pieces(observed)
    splits = compare(measured(marks), pieces)
    may_be_run = observed.sport in RUNNING_SPORTS or observed.sub_sport == "treadmill"
    steps = compare(planned(marks), pieces) if may_be_run else []
    laps = [c for row in pressed(marks) for c in _alternating(row, pieces)]

    against = merged(span for c in splits for span in c.against)
    against_s = sum(span.seconds for span in against)
    jog_s = sum(b.seconds for b in observed.bouts if b.gait is Gait.JOG)
    is_doubtful = against_s > max(DOUBT_S, DOUBT_SHARE * jog_s)
    agreed = [] if is_doubtful else [c for c in (*splits, *steps, *laps) if c.judged_s > 0 and c.agreeing >= AGREES]

    notes, noted_s = [], max(NOTED_S, NOTED_SHARE * jog_s)
    if against_s >= noted_s:
        notes.append(("marks_disagree", _about_splits(splits, pieces, is_doubtful=is_doubtful)))
    if sum(span.seconds for c in steps for span in c.against) >= noted_s:
        notes.append(("steps_disagree", _about_steps(steps)))
    if not (agreed or notes or is_doubtful):
        return observed
    return replace(
        observed,
        bouts=tuple(_raised(observed.bouts, _confirmed(agreed, pieces))),
        uncertain=tuple(merged([*observed.uncertain, *against])) if is_doubtful else observed.uncertain,
        notes=(*observed.notes, *notes),
    )


def compare(claims: Iterable[Claim], pieces: Sequence[Claim]) -> list[Compared]:
    """Set each claim beside what the sensors show in it."""
    return [_compared(claim, pieces) for claim in claims]


def _compared(claim: Claim, pieces: Sequence[Claim]) -> Compared:
    edge = timedelta(seconds=EDGE_S)
    judged_s = agreeing_s = 0.0
    against = []
    for piece in _within(pieces, claim.start, claim.end):
        inner_s = max(_overlap_s(piece, claim.start + edge, claim.end - edge), 0.0)
        judged_s += inner_s
        if piece.jogs is claim.jogs:
            agreeing_s += inner_s
        elif inner_s >= SHORTEST_S:
            against.append(Span(start=max(piece.start, claim.start), end=min(piece.end, claim.end)))
    agreeing = agreeing_s / judged_s if judged_s else 0.0
    return Compared(claim=claim, judged_s=judged_s, agreeing=agreeing, against=tuple(against))


def _alternating(row: Sequence[Span], pieces: Sequence[Claim]) -> list[Compared]:
    """Find the laps of a row that are jogged and walked by turns; they have no word that could be wrong."""
    found: list[Compared] = []
    turn: list[Compared] = []
    for lap in row:
        jogged, walked = (_compared(Claim(jogs=j, start=lap.start, end=lap.end), pieces) for j in (True, False))
        told = jogged if jogged.agreeing >= AGREES else walked if walked.agreeing >= AGREES else None
        if told is None or (turn and turn[-1].claim.jogs is told.claim.jogs):
            found += _long(turn)
            turn = []
        if told is not None:
            turn.append(told)
    return found + _long(turn)


def _long(turn: list[Compared]) -> list[Compared]:
    return turn if len(turn) >= FEWEST_LAPS else []


def _pieces(observed: Observed) -> list[Claim]:
    """Give what the sensors are sure of, in time order, neighbours of one meaning joined."""
    pieces: list[Claim] = []
    for bout in observed.bouts:
        if bout.gait not in MOVING or bout.end <= bout.start:
            continue
        jogs = bout.gait is Gait.JOG
        if pieces and pieces[-1].jogs is jogs and pieces[-1].end == bout.start:
            pieces[-1] = replace(pieces[-1], end=bout.end)
        else:
            pieces.append(Claim(jogs=jogs, start=bout.start, end=bout.end))
    for span in observed.uncertain:
        pieces = [part for piece in pieces for part in _without(piece, span)]
    return pieces


def _without(piece: Claim, span: Span) -> list[Claim]:
    if span.end <= piece.start or piece.end <= span.start:
        return [piece]
    parts = (replace(piece, end=min(piece.end, span.start)), replace(piece, start=max(piece.start, span.end)))
    return [part for part in parts if part.start < part.end]


def _confirmed(agreed: Iterable[Compared], pieces: Sequence[Claim]) -> list[Span]:
    """Give the stretches in which an agreeing mark and the sensors say the same."""
    return merged(
        Span(start=max(piece.start, c.claim.start), end=min(piece.end, c.claim.end))
        for c in agreed
        for piece in _within(pieces, c.claim.start, c.claim.end)
        if piece.jogs is c.claim.jogs
    )


def _raised(bouts: Iterable[Bout], confirmed: Sequence[Span]) -> Iterable[Bout]:
    """Raise confidence towards the ceiling, by the share of each bout that is confirmed."""
    for bout in bouts:
        if bout.gait in MOVING and bout.confidence < CEILING and bout.end > bout.start:
            shared_s = sum(_overlap_s(span, bout.start, bout.end) for span in _within(confirmed, bout.start, bout.end))
            share = RAISE * shared_s / bout.seconds
            yield replace(bout, confidence=bout.confidence + share * (CEILING - bout.confidence))
        else:
            yield bout


def _within(spans: Sequence[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """Give those that overlap `[start, end)`, out of many that are in time order and apart."""
    first = bisect_right(spans, start, key=lambda span: span.end)
    last = bisect_right(spans, end, lo=first, key=lambda span: span.start)
    return [span for span in spans[first:last] if span.start < end]


def _overlap_s(span: Claim | Span, start: datetime, end: datetime) -> float:
    return (min(span.end, end) - max(span.start, start)).total_seconds()


def _about_splits(splits: Iterable[Compared], pieces: Iterable[Claim], *, is_doubtful: bool) -> str:
    total_s = {jogs: sum(_length_s(p) for p in pieces if p.jogs is jogs) for jogs in (True, False)}
    against_s = _against_s(splits)
    said = [
        f"of {minutes(total_s[not called])} min that look like {looks}, the watch's own labels call "
        f"{minutes(against_s[called])} min {word}"
        for called, looks, word in ((False, "jogging", "walking"), (True, "walking or standing", "running"))
        if against_s[called] >= SHORTEST_S
    ]
    text = " and ".join(said)
    end = "more than a verdict bears, so they count as uncertain" if is_doubtful else "the sensors decide"
    return f"{text[0].upper()}{text[1:]}: {end}."


def _about_steps(steps: Iterable[Compared]) -> str:
    against_s = _against_s(steps)
    said = [
        f"{minutes(against_s[called])} min meant as {word} look like {looks}"
        for called, word, looks in ((False, "rest", "jogging"), (True, "work", "walking or standing"))
        if against_s[called] >= SHORTEST_S
    ]
    return f"Of the workout's steps, {' and '.join(said)}: what was done counts, not what was planned."


def _against_s(compared: Iterable[Compared]) -> dict[bool, float]:
    """Sum the seconds that claims of jogging, and claims of none, have against them."""
    against_s = {True: 0.0, False: 0.0}
    for c in compared:
        against_s[c.claim.jogs] += sum(span.seconds for span in c.against)
    return against_s


def _length_s(piece: Claim) -> float:
    return (piece.end - piece.start).total_seconds()
