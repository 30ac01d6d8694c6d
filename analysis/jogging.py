"""What may be running: the sports that can hold it, and how much jogging a recording shows or may hide."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.bouts import Gait, Observed, Span

RUNNING_S = 60.0  # jogging that makes a running session …
JOG_BOUT_S = 20.0  # … in bouts of at least this
WALKING_MPS = 1.8  # a stop explains no more distance than this

FOOT_SPORTS = frozenset({"running", "walking", "hiking", "generic", "unknown"})
RUNNING_SPORTS = frozenset({"running", "generic", "unknown"})  # what may well be a run when nothing can be judged


DAMAGE = frozenset({"cut_off", "damaged", "bad_checksum", "part_unreadable", "samples_end_early"})
"""Reader's notes on a file that may hold less than was run, or something else: no verdict rests on it."""


def on_foot(observed: Observed) -> bool:
    """Say whether the sport may hold a running session (rules.md §2)."""
    return observed.sport in FOOT_SPORTS or observed.sub_sport == "treadmill"


def jogging_s(observed: Observed) -> float:
    """Sum the jogging in bouts long enough to count towards a running session, in seconds."""
    return sum(b.seconds for b in observed.bouts if b.gait is Gait.JOG and b.seconds >= JOG_BOUT_S)


def says_running(observed: Observed) -> bool:
    """Say whether what nothing tells about a recording may well be running: an unjudgeable walk stays a walk."""
    return observed.sport in RUNNING_SPORTS or observed.sub_sport == "treadmill"


def is_damaged(observed: Observed) -> bool:
    """Say whether the file may hold less than was done."""
    return any(code in DAMAGE for code, _ in observed.notes)


def untold_s(observed: Observed) -> float:
    """Sum the seconds of which a recording tells nothing."""
    told_s = sum(b.seconds for b in observed.bouts if b.gait is not Gait.UNKNOWN)
    return max(0.0, (observed.ended_at - observed.started_at).total_seconds() - told_s)


def possible_jogging_s(observed: Observed) -> float:
    """Sum what was jogging or may have been, in stretches long enough to count, in seconds.

    Seconds of which nothing is told count only where the sport says running.
    """
    maybe = [Span(start=b.start, end=b.end) for b in observed.bouts if b.gait is Gait.JOG]
    maybe += observed.uncertain
    if says_running(observed):
        maybe += [Span(start=b.start, end=b.end) for b in observed.bouts if b.gait is Gait.UNKNOWN]
    stretches_s = sum(s.seconds for s in merged(maybe) if s.seconds >= JOG_BOUT_S)
    scattered_s = untold_s(observed) if says_running(observed) else 0.0
    return max(stretches_s, scattered_s if scattered_s >= RUNNING_S else 0.0)


def may_hold_jogging(observed: Observed) -> bool:
    """Say whether a recording holds jogging, or may."""
    return possible_jogging_s(observed) > 0 or (says_running(observed) and is_damaged(observed))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that touch or overlap, in time order."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
