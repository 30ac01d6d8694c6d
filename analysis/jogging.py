"""What may be running: the sports that can hold it, and how much jogging a recording shows or may hide."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.bouts import Gait, Observed, Span

RUNNING_S = 60.0  # jogging that makes a running session …
JOG_BOUT_S = 20.0  # … in bouts of at least this

FOOT_SPORTS = frozenset({"running", "walking", "hiking", "generic", "unknown"})
RUNNING_SPORTS = frozenset({"running", "generic", "unknown"})  # what may well be a run when nothing can be judged


def on_foot(observed: Observed) -> bool:
    """Say whether the sport may hold a running session (rules.md §2)."""
    return observed.sport in FOOT_SPORTS or observed.sub_sport == "treadmill"


def jogging_s(observed: Observed) -> float:
    """Sum the jogging in bouts long enough to count towards a running session, in seconds."""
    return sum(b.seconds for b in observed.bouts if b.gait is Gait.JOG and b.seconds >= JOG_BOUT_S)


def possible_jogging_s(observed: Observed) -> float:
    """Sum what was jogging or may have been, in stretches long enough to count, in seconds.

    Seconds without any signal count only where the sport says running: an unjudgeable walk stays a walk.
    """
    maybe = [Span(start=b.start, end=b.end) for b in observed.bouts if b.gait is Gait.JOG]
    maybe += observed.uncertain
    if observed.sport in RUNNING_SPORTS or observed.sub_sport == "treadmill":
        maybe += [Span(start=b.start, end=b.end) for b in observed.bouts if b.gait is Gait.UNKNOWN]
    return sum(s.seconds for s in merged(maybe) if s.seconds >= JOG_BOUT_S)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that touch or overlap, in time order."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
