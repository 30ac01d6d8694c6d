"""What a FIT device marked: laps, Garmin's splits, and pauses of the timer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ingest.fit_messages import Messages, instant, number, stamp, word
from ingest.recording import Mark, MarkKind

RUN_WALK_LABELS = {"rwd_run": "run", "rwd_walk": "walk", "rwd_stand": "stand"}
"""Garmin's run/walk detection; the other splits keep their names (`interval_active`, …), for both overlap in time."""

STOPS = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})


def marks_of(messages: Messages) -> list[Mark]:
    """Give all marks of a file, in order of time."""
    marks = [*_laps(messages), *_splits(messages), *_pauses(messages)]
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.kind))


def within(marks: Iterable[Mark], start: datetime, end: datetime) -> tuple[Mark, ...]:
    """Give the marks whose middle lies in the span: one of several sessions gets those that are its own."""
    return tuple(mark for mark in marks if start <= mark.start + (mark.end - mark.start) / 2 <= end)


def _laps(messages: Messages) -> Iterable[Mark]:
    for lap in messages["lap"]:
        start, elapsed_s, written = stamp(lap, "start_time"), number(lap, "total_elapsed_time"), stamp(lap, "timestamp")
        if start is None or (elapsed_s is None and written is None):
            continue
        end_s = start + elapsed_s if elapsed_s is not None else written
        if end_s is not None and end_s > start:
            yield Mark(
                kind=MarkKind.LAP,
                start=instant(start),
                end=instant(end_s),
                label=word(lap, "intensity"),
                trigger=word(lap, "lap_trigger"),
            )


def _splits(messages: Messages) -> Iterable[Mark]:
    for split in messages["split"]:
        start, last, kind = stamp(split, "start_time"), stamp(split, "end_time"), word(split, "split_type")
        if start is None or last is None or last < start or kind is None:
            continue
        end = instant(last) + timedelta(seconds=1)  # `end_time` is the last second inside
        yield Mark(kind=MarkKind.SPLIT, start=instant(start), end=end, label=RUN_WALK_LABELS.get(kind, kind))


def _pauses(messages: Messages) -> Iterable[Mark]:
    stopped: int | None = None
    for event in messages["event"]:
        at, event_type = stamp(event, "timestamp"), event.get("event_type")
        if event.get("event") != "timer" or at is None:
            continue
        if event_type in STOPS and stopped is None:
            stopped = at
        elif event_type == "start" and stopped is not None:
            if at > stopped:
                yield Mark(kind=MarkKind.PAUSE, start=instant(stopped), end=instant(at))
            stopped = None
