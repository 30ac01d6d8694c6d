"""Runs that no watch recorded, as she tells them: her word, laid beside the recordings and marked as hers.

What she said becomes exact bouts: jog, walk, again, the walk after the last jog included, for "1 minute and 2 minutes,
seven times" means seven walks. All of it is her word, so that of two clean runs one at most may rest on it (WRD01).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from analysis.bouts import Bout, Gait, Observed
from analysis.plan import length
from monitor.facts import Facts, ManualSession

if TYPE_CHECKING:
    from analysis.sessions import Session

BY_HAND = "by hand"
"""`Observed.format` of what was told."""

ENTRY = f"entry {BY_HAND}"
"""What stands where another recording has the name of its file, with what she told after it."""

POORER = -1
"""Its richness: any recording of the same time leads, even one that holds nothing but totals."""


def observed_by_hand(facts: Facts, at: datetime) -> tuple[Observed, ...]:
    """Give what she told of runs up to an instant as recordings with exact bouts; what was entered later is unknown."""
    return tuple(_observed(told) for told in facts.manual_sessions if told.recorded_at <= at)


def length_s(*, jog_s: int, walk_s: int, repeats: int) -> int:
    """Give how long a told run lasts, in seconds."""
    return repeats * (jog_s + walk_s)


def in_words(told: ManualSession) -> str:
    """Say what she told: "jog 1 min, walk 2 min, 7 times"."""
    if not told.walk_s:
        return f"jog {length(told.repeats * told.jog_s)} without a break"
    times = "once" if told.repeats == 1 else f"{told.repeats} times"
    return f"jog {length(told.jog_s)}, walk {length(told.walk_s)}, {times}"


def is_by_hand(observed: Observed) -> bool:
    """Say whether she told it, and no watch recorded it."""
    return observed.format == BY_HAND


def logged_by_hand(session: Session) -> tuple[str, ...]:
    """Say what of a session was told by hand and counts; nothing where a recording of the same time leads."""
    names = (r.file_name for r in session.recordings if is_by_hand(r))
    return tuple(dict.fromkeys(name.removeprefix(f"{ENTRY} (").removesuffix(")") for name in names))


def corrections(session: Session) -> tuple[Bout, ...]:
    """Give what she corrected in recordings; what she told by hand is no correction."""
    return tuple(bout for r in session.recordings if not is_by_hand(r) for bout in r.corrected)


def _observed(told: ManualSession) -> Observed:
    bouts = tuple(_bouts(told))
    return Observed(
        identity=told.identity,
        file_name=f"{ENTRY} ({in_words(told)})",
        format=BY_HAND,
        device=None,
        sport="running",
        sub_sport="generic",
        started_at=told.started_at,
        ended_at=bouts[-1].end,
        utc_offset=None,
        bouts=bouts,
        richness=POORER,
        corrected=bouts,
    )


def _bouts(told: ManualSession) -> Iterator[Bout]:
    """Lay jogs and walks end to end; jogs without a walk between them are one."""
    pieces = [(Gait.JOG, told.jog_s), (Gait.WALK, told.walk_s)] * told.repeats
    if not told.walk_s:
        pieces = [(Gait.JOG, told.repeats * told.jog_s)]
    start = told.started_at
    for gait, seconds in pieces:
        end = start + timedelta(seconds=seconds)
        yield Bout(gait=gait, start=start, end=end, by_her_word=True)
        start = end
