"""What a FIT device marked: laps, steps of a workout, Garmin's splits, and pauses of the timer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from ingest.fit_messages import Fields, Messages, instant, number, stamp, word
from ingest.laps import are_measured_out
from ingest.recording import Mark, MarkKind

RUN_WALK_LABELS = {"rwd_run": "run", "rwd_walk": "walk", "rwd_stand": "stand"}
"""Garmin's run/walk detection; the other splits keep their names (`interval_active`, …), for both overlap in time."""

STOPS = frozenset({"stop", "stop_all", "stop_disable", "stop_disable_all"})


INDEX_BITS = 0x0FFF  # of a message index; the others are flags
TOUCHING = timedelta(seconds=2)


def marks_of(messages: Messages) -> list[Mark]:
    """Give all marks of a file, in order of time."""
    laps = _laps(messages)
    marks = [*(mark for mark, _ in laps), *_steps(laps, messages), *_splits(messages), *_pauses(messages)]
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.kind))


def _laps(messages: Messages) -> list[tuple[Mark, int | None]]:
    """Give each lap, and the workout step it belongs to."""
    measured_out = _are_measured_out(messages["lap"])
    laps = []
    for lap in messages["lap"]:
        start, elapsed_s, written = stamp(lap, "start_time"), number(lap, "total_elapsed_time"), stamp(lap, "timestamp")
        if start is None or (elapsed_s is None and written is None):
            continue
        end_s = start + elapsed_s if elapsed_s is not None else written
        if end_s is None or end_s <= start:
            continue
        mark = Mark(
            kind=MarkKind.LAP,
            start=instant(start),
            end=instant(end_s),
            label=word(lap, "intensity"),
            trigger="distance" if measured_out and lap is not messages["lap"][-1] else word(lap, "lap_trigger"),
        )
        laps.append((mark, _index(lap, "wkt_step_index")))
    return laps


def _are_measured_out(laps: Sequence[Fields]) -> bool:
    """Say whether a device that names no trigger made a lap of every kilometre or mile."""
    is_told = any(word(lap, "lap_trigger") is not None for lap in laps)
    return not is_told and are_measured_out([number(lap, "total_distance") or 0.0 for lap in laps])


def _steps(laps: Sequence[tuple[Mark, int | None]], messages: Messages) -> list[Mark]:
    """Join laps to the steps of the workout they were part of.

    A step says what was meant by it better than its laps do, and it may hold several auto-laps. Its trigger is what
    ended the last of them.
    """
    intensities = {_index(step, "message_index"): word(step, "intensity") for step in messages["workout_step"]}
    steps: list[Mark] = []
    before: int | None = None
    for lap, index in sorted(laps, key=lambda item: (item[0].start, item[0].end)):
        if index is not None:
            if steps and index == before and lap.start - steps[-1].end <= TOUCHING:
                steps[-1] = replace(steps[-1], end=max(lap.end, steps[-1].end), trigger=lap.trigger)
            else:
                steps.append(replace(lap, kind=MarkKind.STEP, label=intensities.get(index) or lap.label))
        before = index
    return steps


def _index(message: Fields, name: str) -> int | None:
    value = message.get(name)
    return value & INDEX_BITS if isinstance(value, int) and value >= 0 else None


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
