"""The part of the report that tells one session: asked, done, found, and how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from monitor.report.model_summary import Evidence, PrescriptionView

GaitName = Literal["jog", "walk", "stand", "pause", "unknown"]
Level = Literal["info", "caution", "limit", "red_flag"]
WindowName = Literal["during", "after", "next_day", "any"]
WindowState = Literal["none", "symptom", "unanswered", "not due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A recording that belongs to a session."""

    file_name: Annotated[str, "as it was imported"]
    sha256: Annotated[str | None, "of the innermost file; null where it was told by hand"]
    recording: Annotated[str, "the recording's identity: the sha256 with the number of the activity in the file"]
    format: Annotated[str, "fit, gpx, tcx, or by hand"]
    device: Annotated[str | None, "as the file names it"]
    sport: Annotated[str, "as the file names it"]
    sub_sport: Annotated[str, "as the file names it"]
    started_at: Annotated[datetime, "first sample"]
    ended_at: Annotated[datetime, "last sample"]
    distance_m: Annotated[float | None, "in metres"]
    signals: Annotated[tuple[str, ...], "what it recorded"]
    counts: Annotated[bool, "it leads; a copy of the same run is kept and never added"]
    why_not_counted: Annotated[str | None, "of a copy: why it is one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoutView:
    """A stretch of one gait, half-open: from `start` up to, not including, `end`."""

    number: Annotated[int, "its place in the session, from 1"]
    gait: Annotated[GaitName, "jog, walk, stand, pause (the timer was stopped), unknown"]
    start: Annotated[datetime, "from"]
    end: Annotated[datetime, "to, not included"]
    start_s: Annotated[float, "from, in seconds since the session's first sample"]
    length_s: Annotated[float, "its length in seconds"]
    distance_m: Annotated[float | None, "in metres"]
    mean_speed_mps: Annotated[float | None, "in metres a second"]
    mean_cadence_spm: Annotated[float | None, "steps a minute, both feet"]
    confidence: Annotated[float, "mean probability that its seconds are of this gait, 0 to 1"]
    by_her_word: Annotated[bool, "in whole or in part by her own correction"]
    recording: Annotated[str | None, "identity of the recording it was found in; null between two recordings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanView:
    """A stretch of time, half-open."""

    start: Annotated[datetime, "from"]
    end: Annotated[datetime, "to, not included"]
    length_s: Annotated[float, "its length in seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """What she said was done in a stretch, where the recording shows something else."""

    gait: Annotated[GaitName, "what she did"]
    start: Annotated[datetime, "from"]
    end: Annotated[datetime, "to, not included"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformedView:
    """What was done in a session's main set."""

    main_set_s: Annotated[float, "from the first jog to the last jog's walk break, without pauses, in seconds"]
    jog_s: Annotated[float, "all jogging, in seconds"]
    jog_error_s: Annotated[float, "95 % error of `jog_s`, in seconds, rounded up"]
    walk_s: Annotated[float, "walk breaks, standing included, in seconds"]
    stand_s: Annotated[float, "of which standing, in seconds"]
    repeats: Annotated[int, "jogs"]
    jog_bout_s: Annotated[float, "median jog, in seconds"]
    walk_bout_s: Annotated[float, "median walk break, in seconds; 0 where there is none"]
    longest_jog_s: Annotated[float, "the longest jog, in seconds"]
    ratio: Annotated[str | None, "median jog to median walk break (1:2.0), or continuous; null where there is none"]
    regular: Annotated[bool, "jogs and walk breaks are each about as long as their median"]
    uncertain_share: Annotated[float, "share of the main set in which the data do not tell jog from walk, 0 to 1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """Performed less prescribed; above zero is more than was asked."""

    jog_s: Annotated[float, "of all jogging, in seconds"]
    longest_jog_s: Annotated[float, "of the longest jog, in seconds"]
    walk_bout_s: Annotated[float | None, "of the median walk break, in seconds; null where none was asked for"]
    main_set_s: Annotated[float, "of the main set, in seconds"]
    text: Annotated[str, "the same in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """How one window of a run was answered."""

    window: Annotated[WindowName, "during, after (until midnight), next_day"]
    state: Annotated[WindowState, "none: no symptom; no entry is not the same"]
    late: Annotated[bool, "answered after the window had closed; it counts"]
    opens: Annotated[datetime, "an answer before this instant says nothing of it"]
    closes: Annotated[datetime, "an answer after this instant is late"]
    check_ins: Annotated[tuple[int, ...], "ids of the entries that speak of it and stand"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One rule, met by what was done or logged."""

    session_id: Annotated[str, "id of the session it is about"]
    code: Annotated[str, "the rule"]
    level: Annotated[Level, "info and caution do not block; limit blocks for seven days; red_flag until seen"]
    message: Annotated[str, "a sentence for a person"]
    at: Annotated[datetime, "the instant from which the seven days of a limit count"]
    evidence: Annotated[Evidence, "the numbers and instants behind it, by name with their unit"]
    source: Annotated[str, "where the limit comes from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """Something on the data: odd, or assumed."""

    code: Annotated[str, "by which a program knows it"]
    message: Annotated[str, "a sentence for a person"]
    assumed: Annotated[bool, "it was not recorded, so it was assumed"]
    session_id: Annotated[str | None, "the session whose data it is about"]
    file_name: Annotated[str | None, "the file it is about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One outing."""

    id: Annotated[str, "local date, with -2, -3 … for further ones of a day"]
    kind: Annotated[Literal["run", "walk", "cross-training"], "what it is"]
    why: Annotated[str, "why it is, or is not, a run"]
    counted: Annotated[
        Literal["counted", "ignored", "ahead"],
        "ignored: left out by her; ahead: its clock was wrong, it is dated later than the report",
    ]
    ignored_because: Annotated[str | None, "her reason"]
    local_date: Annotated[date, "the day where she ran"]
    local_clock: Annotated[str, "the time of day where she ran, 24 hours"]
    utc_offset_s: Annotated[int, "of the clock there, in seconds"]
    away: Annotated[bool, "that clock is not the one of the report's zone"]
    started_at: Annotated[datetime, "of a run: of its first recording that holds jogging"]
    ended_at: Annotated[datetime, "of a run: of its last recording that holds jogging"]
    duration_s: Annotated[float, "from start to end, in seconds"]
    distance_m: Annotated[float | None, "in metres"]
    files: Annotated[tuple[FileView, ...], "the recordings it was read from, those that count first"]
    by_hand: Annotated[tuple[str, ...], "what of it she told, and no watch recorded"]
    corrected: Annotated[tuple[CorrectionView, ...], "what she corrected"]
    verdict: Annotated[
        Literal["clean", "not clean", "before the plan"] | None, "of a run: whether it counts towards progress"
    ]
    why_not_clean: Annotated[tuple[str, ...], "what kept it from being clean"]
    doubt: Annotated[str | None, "why the data cannot carry a verdict at all"]
    unjudgeable: Annotated[bool, "the data cannot carry a verdict (DAT01)"]
    stage: Annotated[int | None, "in force when it began; null before the plan, and for what is no run"]
    issued_stage: Annotated[int | None, "told to her before it"]
    replayed_stage: Annotated[int | None, "what replay gives"]
    plan: Annotated[str | None, "name of the plan in force"]
    prescribed: Annotated[PrescriptionView | None, "what that stage asks for"]
    performed: Annotated[PerformedView | None, "what was done; null without jogging"]
    difference: Annotated[DifferenceView | None, "performed less prescribed"]
    is_increase: Annotated[bool, "it raised the jogging (INC01)"]
    rest_before_s: Annotated[int | None, "since the end of the run before, in seconds, rounded down"]
    rest_before_h: Annotated[float | None, "the same in hours, rounded down to hundredths"]
    windows: Annotated[tuple[WindowView, ...], "how her check-ins stand"]
    findings: Annotated[tuple[FindingView, ...], "what the checks found"]
    bouts: Annotated[tuple[BoutView, ...], "contiguous, in time order"]
    uncertain: Annotated[tuple[SpanView, ...], "where the data do not tell jogging from walking"]
    gaps: Annotated[tuple[SpanView, ...], "more than 60 s in which nothing tells what she did"]
    notes: Annotated[tuple[NoteView, ...], "on the data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceView:
    """A session over time: one value a step from `start` on; null where nothing was recorded."""

    session_id: Annotated[str, "id of the session"]
    start: Annotated[datetime, "of the first step"]
    step_s: Annotated[float, "length of a step in seconds"]
    speed_mps: Annotated[tuple[float | None, ...], "mean speed of each step, in metres a second"]
    cadence_spm: Annotated[tuple[float | None, ...], "mean cadence of each step, steps a minute, both feet"]
    troubles: Annotated[tuple[str, ...], "why a part of it, or the whole, could not be read"]
