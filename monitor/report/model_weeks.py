"""The part of the report that is laid out over time: weeks, days, rest and increases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from monitor.report.model_summary import MoveView


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundationView:
    """Foundation exercises of a day."""

    groups: Annotated[tuple[str, ...], "core, hips, drills"]
    text: Annotated[str, "the same in words"]
    notes: Annotated[tuple[str, ...], "hers, as she wrote them"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """A local day, and what happened on it, by the names of sessions and entries."""

    on: Annotated[date, "the local day"]
    is_ahead: Annotated[bool, "it has not come yet"]
    runs: Annotated[tuple[str, ...], "ids of running sessions"]
    walks: Annotated[tuple[str, ...], "ids of walks"]
    cross_training: Annotated[tuple[str, ...], "ids of other training"]
    ignored: Annotated[tuple[str, ...], "ids of sessions she left out"]
    foundation: Annotated[FoundationView | None, "foundation exercises"]
    check_ins: Annotated[tuple[int, ...], "ids of entries that were answered on this day"]
    symptoms: Annotated[tuple[int, ...], "ids of entries that stand and tell of a symptom on this day"]
    worst_symptom: Annotated[
        Literal["symptom", "severe", "urgent"] | None,
        "severe: a clinician is asked before the next run; urgent: medical care comes first",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """Monday to Sunday."""

    id: Annotated[str, "ISO 8601: 2026-W14"]
    monday: Annotated[date, "its first day"]
    sunday: Annotated[date, "its last day"]
    runs: Annotated[int, "running sessions"]
    clean: Annotated[int, "of which clean"]
    limits: Annotated[int, "limits overstepped in them: findings that block"]
    jog_total_s: Annotated[float, "jogging in all, in seconds, in the main sets of its runs"]
    text: Annotated[str, "the same as a sentence"]
    days: Annotated[tuple[DayView, ...], "the seven"]
    moves: Annotated[tuple[MoveView, ...], "what moved the plan"]
    recommendations: Annotated[tuple[int, ...], "ids of what was issued in it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestGapView:
    """The time from the end of one run to the start of the next (RST01)."""

    after_session: Annotated[str, "id of the run it follows"]
    before_session: Annotated[str, "id of the run it ends with"]
    start: Annotated[datetime, "the end of the one"]
    end: Annotated[datetime, "the start of the other"]
    rest_s: Annotated[int, "its length in seconds, rounded down"]
    rest_h: Annotated[float, "the same in hours, rounded down to hundredths"]
    required_h: Annotated[float, "what the plan asks for, in hours"]
    short_s: Annotated[int, "what it is short of that, in seconds; 0 where it is not"]
    starts_apart_h: Annotated[float, "from start to start, in hours, rounded down to hundredths"]
    level: Annotated[
        Literal["kept", "caution", "limit"],
        "kept: as long as asked; caution: short, which does not block; limit: short, and blocks",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncreaseView:
    """A run that raised the jogging (INC01)."""

    session_id: Annotated[str, "id of the run"]
    at: Annotated[datetime, "its start"]
    jog_s: Annotated[float, "jogged in it, in seconds"]
    longest_jog_s: Annotated[float, "its longest jog, in seconds"]
    window_from: Annotated[datetime, "seven times 24 hours before; this instant is not part of the window"]
    in_window: Annotated[tuple[str, ...], "ids of the runs in the window that raised the jogging, this one included"]
    allowed: Annotated[int, "how many the plan allows in a window"]
    level: Annotated[Literal["kept", "limit"], "limit: more than the plan allows"]
