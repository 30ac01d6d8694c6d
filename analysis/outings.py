"""Which recordings are of one outing, by the time between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from analysis.bouts import Gait, Observed
from analysis.jogging import may_hold_jogging
from analysis.overlaps import clip

JOIN_WITHIN = timedelta(minutes=60)  # end to start; a watch stopped and restarted is one outing


def parted(recording: Observed) -> list[Observed]:
    """Part a recording at pauses of an hour or more: one that was resumed the next day is two outings."""
    pieces, since = [], recording.started_at
    for bout in recording.bouts:
        if bout.gait is Gait.PAUSE and bout.end - bout.start >= JOIN_WITHIN:
            if bout.start > since:
                pieces.append(clip(recording, since, bout.start))
            since = bout.end
    if since == recording.started_at:
        return [recording]
    return [*pieces, clip(recording, since, recording.ended_at)] if since < recording.ended_at else pieces


def layers(leading: Sequence[Observed]) -> list[list[Observed]]:
    """Part recordings that overlap in time: only those do that she says are not one run."""
    layers: list[list[Observed]] = [[]]
    for recording in leading:
        free = next((layer for layer in layers if not layer or layer[-1].ended_at <= recording.started_at), None)
        if free is None:
            free = []
            layers.append(free)
        free.append(recording)
    return layers


def outings(leading: Sequence[Observed]) -> list[list[Observed]]:
    """Chain recordings less than 60 min apart, but never two runs through a long walk between them.

    A two-hour walk that joins a morning's run to a noon's would hide a rest breach (docs/adr/0006).
    """
    outings: list[list[Observed]] = []
    end = last_jogging_end = None
    for recording in leading:
        jogs = may_hold_jogging(recording)
        apart = end is None or recording.started_at - end >= JOIN_WITHIN
        runs_apart = jogs and last_jogging_end is not None and recording.started_at - last_jogging_end >= JOIN_WITHIN
        if apart or runs_apart:
            outings.append([])
            end = last_jogging_end = None
        outings[-1].append(recording)
        end = recording.ended_at if end is None else max(end, recording.ended_at)
        if jogs:
            last_jogging_end = (
                recording.ended_at if last_jogging_end is None else max(last_jogging_end, recording.ended_at)
            )
    return outings
