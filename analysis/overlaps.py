"""Recordings of one runner that are of one run, or overlap in time: the richer one leads, nothing is counted twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from analysis.bouts import Observed, Span
from analysis.jogging import merged, possible_jogging_s
from analysis.same_run import WITHIN, compare
from analysis.verdict import BY_HER_WORD, COVERED, Answer, Verdict

ASSUMED_ZONE = "times_without_zone"  # the reader's note on a clock that nobody vouches for
LEFT_OVER_S = 45.0  # of jogging at the ends of a second device: started later or stopped earlier than the first
DAY = timedelta(days=1)

Words = Mapping[frozenset[str], bool]
"""Her word on two recordings, by their identities: one run, or not."""

NO_WORDS: Words = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A recording that adds nothing to the one that leads, and why."""

    recording: Observed
    leader: Observed
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """What leads, what is a copy of it, and what is in between."""

    leading: list[Observed]  # in time order
    copies: list[Copy]
    in_part: frozenset[str]  # identities of those of which only what the leading ones lack is kept


def lead(recordings: Sequence[Observed], words: Words = NO_WORDS) -> Led:
    """Let the richest of the recordings of one run lead.

    Her word decides first, then the evidence. What overlaps without evidence is still never added up: of the poorer
    one, what lies outside the leading ones is kept only where it may hold jogging. Dropping it would hide a run, adding
    the overlap would double one. Such a session is in doubt, for the two clocks may disagree. Two that she says are not
    one run both lead, overlapping or not.
    """
    leading, copies, in_part = _Nearby(), list[Copy](), set[str]()
    led_by: dict[str, list[Observed]] = defaultdict(list)
    pieces = Counter(r.identity for r in recordings)
    partners = _partners(words)

    def follow(recording: Observed, leader: Observed, verdict: Verdict) -> None:
        copies.append(Copy(recording=recording, leader=leader, verdict=verdict))
        led_by[recording.identity].append(leader)

    def stand_alone(recording: Observed) -> None:
        leading.add(recording)
        led_by[recording.identity].append(recording)

    for recording in sorted(recordings, key=_rank):
        said = [
            leader
            for identity in partners[recording.identity]
            for leader in led_by[identity]
            if pieces[recording.identity] == 1 == pieces[identity] or _overlap(recording, leader)
        ]
        if said:
            follow(recording, said[0], BY_HER_WORD)
            continue
        others = [o for o in leading.near(recording) if words.get(frozenset((o.identity, recording.identity))) is None]
        found = _same(recording, others)
        if found is not None:
            follow(recording, *found)
            continue
        over = [o for o in others if _overlap(recording, o)]
        if not over:
            stand_alone(recording)
            continue
        outside = [p for p in _outside(recording, over) if possible_jogging_s(p) > 0]
        for piece in outside:
            stand_alone(piece)
        if outside:
            in_part.add(recording.identity)
        else:
            verdict = compare(over[0], recording)
            follow(recording, over[0], verdict if verdict.answer is Answer.DIFFERENT else COVERED)
    return Led(leading=leading.in_order(), copies=copies, in_part=frozenset(in_part))


def _rank(recording: Observed) -> tuple[bool, int, datetime, str]:
    """Order by who leads: a clock that somebody vouches for first, then the richer one."""
    assumed = any(code == ASSUMED_ZONE for code, _ in recording.notes)
    return assumed, -recording.richness, recording.started_at, recording.identity


def _partners(words: Words) -> dict[str, list[str]]:
    """List what she says is of one run with each recording."""
    partners: dict[str, list[str]] = defaultdict(list)
    for pair, same in words.items():
        if same and len(pair) == 2:
            one, other = sorted(pair)
            partners[one].append(other)
            partners[other].append(one)
    return partners


def _same(recording: Observed, others: Iterable[Observed]) -> tuple[Observed, Verdict] | None:
    """Find the leading one of which a recording is a copy, and adds at most a late start or stop to it."""
    for other in others:
        verdict = compare(other, recording)
        if verdict.answer is not Answer.SAME or recording.identity == other.identity:
            continue
        if verdict.clock_s:
            return other, verdict
        left_over_s = sum(map(possible_jogging_s, _outside(recording, [other])))
        if left_over_s <= LEFT_OVER_S:
            return other, verdict
    return None


def _overlap(one: Observed, other: Observed) -> bool:
    return one.started_at < other.ended_at and other.started_at < one.ended_at


@dataclass(frozen=True, slots=True)
class _Nearby:
    """Recordings by the days around them, so that each is compared with its neighbours alone."""

    by_day: dict[date, list[Observed]] = field(default_factory=lambda: defaultdict(list))
    everything: list[Observed] = field(default_factory=list)

    def add(self, recording: Observed) -> None:
        self.everything.append(recording)
        for day in _days(recording.started_at, recording.ended_at):
            self.by_day[day].append(recording)

    def near(self, recording: Observed) -> list[Observed]:
        """Give those that could be of one run with it, in the order they came."""
        days = _days(recording.started_at - WITHIN, recording.ended_at + WITHIN)
        return list({id(o): o for day in days if day in self.by_day for o in self.by_day[day]}.values())

    def in_order(self) -> list[Observed]:
        return sorted(self.everything, key=lambda r: (r.started_at, r.identity))


def _days(start: datetime, end: datetime) -> Iterator[date]:
    day = start.date()
    while day <= end.date():
        yield day
        day += DAY


def _outside(recording: Observed, others: Iterable[Observed]) -> list[Observed]:
    """Cut a recording to its pieces outside other recordings."""
    pieces, cursor = [], recording.started_at
    for span in merged(Span(start=o.started_at, end=o.ended_at) for o in others):
        if cursor < span.start:
            pieces.append(clip(recording, cursor, span.start))
        cursor = max(cursor, span.end)
    if cursor < recording.ended_at:
        pieces.append(clip(recording, cursor, recording.ended_at))
    return pieces


def clip(recording: Observed, start: datetime, end: datetime) -> Observed:
    """Cut a recording to a stretch of time."""

    def cut(span: Span) -> Span:
        return Span(start=max(span.start, start), end=min(span.end, end))

    return replace(
        recording,
        started_at=start,
        ended_at=end,
        bouts=tuple(
            replace(b, start=max(b.start, start), end=min(b.end, end), distance_m=None)
            for b in recording.bouts
            if b.start < end and b.end > start
        ),
        uncertain=tuple(cut(s) for s in recording.uncertain if s.start < end and s.end > start),
        gaps=tuple(cut(s) for s in recording.gaps if s.start < end and s.end > start),
        corrected=tuple(
            replace(b, start=max(b.start, start), end=min(b.end, end))
            for b in recording.corrected
            if b.start < end and b.end > start
        ),
        first_position=recording.first_position if start == recording.started_at else None,
        last_position=recording.last_position if end == recording.ended_at else None,
        distance_m=None,
    )
