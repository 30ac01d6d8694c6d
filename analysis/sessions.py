"""Recordings to sessions: one outing each, overlaps never added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise

from analysis.bouts import Bout, Gait, Observed, Span
from analysis.jogging import (
    JOG_BOUT_S,
    RUNNING_S,
    WALKING_MPS,
    is_damaged,
    jogging_s,
    may_hold_jogging,
    merged,
    on_foot,
    possible_jogging_s,
    says_running,
)
from analysis.outings import layers, outings, parted
from analysis.overlaps import NO_WORDS, Copy, Words, lead
from analysis.performed import Performed, measure, worst
from analysis.places import metres_apart
from analysis.verdict import COVERED, Answer, Tier, Verdict

AT_ODDS = (
    "another recording of the same time is not of this run; nobody runs twice at once, so one of them is not yours "
    "and can be left out"
)
GAP_S = 60.0  # longest stretch without data that a verdict survives


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One outing: what one runner did on foot with less than 60 minutes between its recordings.

    For a running session `started_at` and `ended_at` are those of the first and last recording that hold jogging: a
    dog walk afterwards does not lengthen it (rules.md §2).
    """

    id: str  # local date, with -2, -3 … for further sessions of a day: "2026-03-01-2"
    recordings: tuple[Observed, ...]  # in time order, those that lead
    duplicates: tuple[Observed, ...]  # of the same run as a leading one, or of its time: kept, shown, never added
    started_at: datetime
    ended_at: datetime
    utc_offset: timedelta | None
    local_date: date
    bouts: tuple[Bout, ...]
    gaps: tuple[Span, ...]  # > 60 s in which nothing tells what she did
    performed: Performed | None  # None without jogging
    is_running: bool
    kind: str  # "run" | "walk" | "cross-training"
    why: str  # why it is (not) a running session, for the report
    doubt: str | None  # why the data cannot carry a verdict at all, or None (rules.md DAT01)
    distance_m: float | None
    corrected: tuple[Bout, ...] = ()  # her own word about it, already in `bouts`
    verdicts: tuple[Verdict, ...] = ()  # why each of the duplicates is one, in their order

    @property
    def by_her_word(self) -> bool:
        """Say whether what was done rests on a correction of hers."""
        return bool(self.corrected)

    @property
    def copies(self) -> tuple[tuple[Observed, Verdict], ...]:
        """Give each duplicate with why it is one."""
        unsaid = (COVERED,) * (len(self.duplicates) - len(self.verdicts))
        return tuple(zip(self.duplicates, (*self.verdicts, *unsaid), strict=True))

    @property
    def identities(self) -> tuple[str, ...]:
        """Name every recording in it; facts refer to a session by any of these."""
        return tuple(r.identity for r in (*self.recordings, *self.duplicates))


def gather(
    observed: Iterable[Observed], zone_at: Callable[[datetime], tzinfo], words: Words = NO_WORDS
) -> tuple[Session, ...]:
    """Gather one runner's recordings into sessions, in time order.

    Args:
        observed: all that is known of her recordings, in any order; ignored ones left out.
        zone_at: her time zone at an instant, for files that state no offset.
        words: her word on which recordings are of one run.
    """
    everything = sorted(observed, key=lambda r: (r.started_at, r.identity))
    sessions = [_cross_training(r, zone_at) for r in everything if not on_foot(r)]
    led = lead([piece for r in everything if on_foot(r) for piece in parted(r)], words)
    copies: dict[str, list[Copy]] = defaultdict(list)
    for copy in led.copies:
        copies[copy.leader.identity].append(copy)
    for layer in layers(led.leading):
        sessions += [_session(outing, copies, led.in_part, zone_at) for outing in outings(layer)]
    if words:
        sessions = _at_odds(sessions)
    sessions.sort(key=lambda s: (s.started_at, s.identities))
    return named(sessions)


def _at_odds(sessions: Sequence[Session]) -> list[Session]:
    """Put into doubt what overlaps: nobody runs twice at once, and which of the two was hers is not known.

    Both count as runs, and the rest after them begins when the later one has ended.
    """
    found = sorted(sessions, key=lambda s: s.started_at)
    for i, one in enumerate(found):
        for j in range(i + 1, len(found)):
            other = found[j]
            if other.started_at >= found[i].ended_at:
                break
            if one.is_running and other.is_running:
                end = max(found[i].ended_at, other.ended_at)
                found[i] = replace(found[i], doubt=found[i].doubt or AT_ODDS, ended_at=end)
                found[j] = replace(other, doubt=other.doubt or AT_ODDS, ended_at=end)
    return found


def _session(
    outing: Sequence[Observed],
    copies: Mapping[str, Sequence[Copy]],
    in_part: frozenset[str],
    zone_at: Callable[[datetime], tzinfo],
) -> Session:
    leads = {r.identity for r in outing}
    followers = [copy for r in outing for copy in copies.get(r.identity, ()) if _leads(r, copy)]
    duplicates = tuple(copy.recording for copy in followers)
    bouts, between = _joined(outing)
    surely = sum(map(jogging_s, outing))
    # A copy that shows a run where the leading recording shows none is a reason to doubt, not to look away.
    possibly = max(sum(map(possible_jogging_s, outing)), *map(possible_jogging_s, duplicates), 0.0)
    hidden = any(says_running(r) and (is_damaged(r) or between) for r in outing)
    is_running = possibly >= RUNNING_S or hidden
    holding = [r for r in outing if is_running and may_hold_jogging(r)] or list(outing)
    started_at, ended_at = holding[0].started_at, max(r.ended_at for r in holding)
    performed = _measured(bouts, outing)
    offset = holding[0].utc_offset
    return Session(
        id="",
        recordings=tuple(outing),
        duplicates=duplicates,
        started_at=started_at,
        ended_at=ended_at,
        utc_offset=offset,
        local_date=started_at.astimezone(_tz(offset, zone_at(started_at))).date(),
        bouts=bouts,
        gaps=tuple(g for g in merged([*_gaps(holding), *between]) if g.start <= ended_at and g.end >= started_at),
        performed=performed,
        is_running=is_running,
        kind="run" if is_running else "walk",
        why=_why(surely, possibly, is_running),
        doubt=_doubt(surely, holding, bool(leads & in_part), _contradicted(performed, duplicates), followers)
        if is_running
        else None,
        distance_m=_total(r.distance_m for r in outing),
        corrected=tuple(b for r in outing for b in r.corrected),
        verdicts=tuple(copy.verdict for copy in followers),
    )


def _at_another_time(copy: Copy) -> bool:
    """Say whether her word alone makes one run of recordings of different times: which is right it does not say."""
    one, leader = copy.recording, copy.leader
    apart = one.started_at >= leader.ended_at or one.ended_at <= leader.started_at
    return copy.verdict.tier is Tier.WORD and apart


def _leads(recording: Observed, copy: Copy) -> bool:
    """Say whether a copy belongs to this recording, and not to another piece of the same file."""
    leader = copy.leader
    return (leader.started_at, leader.ended_at) == (recording.started_at, recording.ended_at)


def _measured(bouts: Sequence[Bout], recordings: Sequence[Observed]) -> Performed | None:
    return measure(
        bouts,
        uncertain=tuple(s for r in recordings for s in r.uncertain),
        boundary_sd_s=worst(r.boundary_sd_s for r in recordings),
        bout_bias_sd_s=worst(r.bout_bias_sd_s for r in recordings),
    )


def _gaps(holding: Iterable[Observed]) -> list[Span]:
    """List where nothing tells what she did: each long stretch, and all of them where the short ones add up."""
    untold = merged(
        span
        for r in holding
        for span in (*r.gaps, *(Span(start=b.start, end=b.end) for b in r.bouts if b.gait is Gait.UNKNOWN))
    )
    if sum(span.seconds for span in untold) > GAP_S:
        return untold
    return []


def _contradicted(performed: Performed | None, duplicates: Iterable[Observed]) -> bool:
    """Say whether a copy shows more jogging than the stated errors of both explain."""
    most_s = performed.jog_s + performed.jog_error_s if performed else 0.0
    others = (_measured(copy.bouts, [copy]) for copy in duplicates)
    return any(other is not None and other.jog_s - other.jog_error_s > most_s for other in others)


def _why(surely_s: float, possibly_s: float, is_running: bool) -> str:
    if surely_s >= RUNNING_S:
        return f"{surely_s:.0f} s of jogging in bouts of at least {JOG_BOUT_S:.0f} s"
    if possibly_s >= RUNNING_S:
        return f"{surely_s:.0f} s of jogging for sure and up to {possibly_s:.0f} s that may be: counted as a run"
    if is_running:
        return "nothing tells what was done in a part of it: counted as a run"
    return f"{surely_s:.0f} s of jogging, less than {RUNNING_S:.0f} s: not a run"


def _doubt(
    surely_s: float, holding: Iterable[Observed], in_part: bool, contradicted: bool, copies: Iterable[Copy]
) -> str | None:
    """Say why the data of a run cannot carry a verdict at all."""
    if in_part:
        return "two recordings overlap only in part, and what lies outside may be jogging"
    if contradicted:
        return "two recordings of it disagree on how much was jogged"
    if any(map(_at_another_time, copies)):
        return "two recordings of different times are one run by your word, and which time is right is not known"
    if any(c.verdict.answer is Answer.DIFFERENT for c in copies):
        return "another recording of the same time was made in a different place"
    if any(c.verdict.clock_s and c.recording.corrected and not c.leader.corrected for c in copies):
        return "what was corrected belongs to a copy of it whose clock differs; correct it again"
    if any(map(is_damaged, holding)):
        return "the file is damaged or incomplete, so more may have been run than it shows"
    if surely_s < RUNNING_S:
        return "the data do not tell jogging from walking"
    return None


def _joined(outing: Sequence[Observed]) -> tuple[tuple[Bout, ...], list[Span]]:
    """Join the bouts of an outing; the time between recordings is a pause, and a gap if she travelled meanwhile."""
    bouts: list[Bout] = list(outing[0].bouts)
    gaps = []
    for before, after in pairwise(outing):
        if after.started_at > before.ended_at:
            between = Span(start=before.ended_at, end=after.started_at)
            bouts.append(Bout(gait=Gait.PAUSE, start=between.start, end=between.end))
            if before.last_position and after.first_position:
                apart_m = metres_apart(before.last_position, after.first_position)
                if apart_m > WALKING_MPS * between.seconds and between.seconds > GAP_S:
                    gaps.append(between)
        bouts += after.bouts
    return tuple(bouts), gaps


def _cross_training(recording: Observed, zone_at: Callable[[datetime], tzinfo]) -> Session:
    zone = _tz(recording.utc_offset, zone_at(recording.started_at))
    return Session(
        id="",
        recordings=(recording,),
        duplicates=(),
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        utc_offset=recording.utc_offset,
        local_date=recording.started_at.astimezone(zone).date(),
        bouts=(),
        gaps=(),
        performed=None,
        is_running=False,
        kind="cross-training",
        why=f"{recording.sport.replace('_', ' ')} is not running",
        doubt=None,
        distance_m=recording.distance_m,
    )


def _tz(offset: timedelta | None, otherwise: tzinfo) -> tzinfo:
    # An offset of zero is what writers put where they know none: her own zone says more.
    return timezone(offset) if offset else otherwise


def _total(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def named(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Name sessions by their local dates, those of one day numbered in the order given."""
    seen: Counter[date] = Counter()
    found = []
    for session in sessions:
        seen[session.local_date] += 1
        count = seen[session.local_date]
        found.append(replace(session, id=f"{session.local_date}" + (f"-{count}" if count > 1 else "")))
    return tuple(found)
