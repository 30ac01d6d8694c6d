"""A session's speed and cadence over time, in as many steps as a chart has room for.

Each costs reading an archived file again, so it is asked for only where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from analysis import rounding
from analysis.sessions import Session
from monitor.facts import Runner
from monitor.report.model_sessions import TraceView
from monitor.samples import Track, tracks
from monitor.standing import Standing

if TYPE_CHECKING:
    from monitor.archive import Archive
    from monitor.store import Store

STEPS = 300
"""At most; of a session of half an hour each is 6 to 7 seconds, a tenth of the shortest jog of the ladder."""

WEEKS = 12
"""For so many weeks back a report holds traces, where nobody asks for another number."""


def traces_of(
    standing: Standing, store: Store, archive: Archive, runner: Runner, *, since: date, until: date | None = None
) -> Iterator[TraceView]:
    """Read the traces of the running sessions from a local day on; those of sessions told by hand hold nothing."""
    for judged in standing.judged:
        session = judged.session
        if session.local_date >= since and (until is None or session.local_date <= until):
            yield trace_of(session, store, archive, runner)


def trace_of(session: Session, store: Store, archive: Archive, runner: Runner) -> TraceView:
    """Read one session's trace from the archived originals; where they cannot be read it says why."""
    found, troubles = tracks(store, archive, runner, session)
    return trace(session, found, troubles)


def trace(session: Session, found: Sequence[Track], troubles: Iterable[str] = ()) -> TraceView:
    """Average what was recorded into steps of whole seconds.

    Args:
        session: one with bouts, whose first begins the trace.
        found: what its recordings hold.
        troubles: why the rest could not be read.
    """
    start, end = (session.bouts[0].start, session.bouts[-1].end) if session.bouts else (session.started_at,) * 2
    step_s = max(1, ceil((end - start).total_seconds() / STEPS))
    steps = ceil((end - start) / timedelta(seconds=step_s)) if found else 0
    return TraceView(
        session_id=session.id,
        start=start,
        step_s=float(step_s),
        speed_mps=tuple(
            rounding.speed_mps(v) for v in _means([(t.start, t.speed_mps) for t in found], start, step_s, steps)
        ),
        cadence_spm=tuple(
            rounding.cadence_spm(v) for v in _means([(t.start, t.cadence_spm) for t in found], start, step_s, steps)
        ),
        troubles=tuple(troubles),
    )


def _means(
    found: Sequence[tuple[datetime, Sequence[float | None]]], start: datetime, step_s: int, steps: int
) -> list[float | None]:
    """Average the seconds that fall into each step; None where none was recorded."""
    means: list[float | None] = [None] * steps
    for began, values in found:
        offset_s = round((began - start).total_seconds())
        first = offset_s // step_s
        for step in range(max(first, 0), steps):
            low = step * step_s - offset_s
            if low >= len(values):
                break
            known = [v for v in values[max(low, 0) : low + step_s] if v is not None]
            if known:
                means[step] = sum(known) / len(known)
    return means
