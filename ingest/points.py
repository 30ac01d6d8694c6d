"""Points of a track, as the text formats write them, to a `Recording`.

What GPX and TCX have in common: times as text, of which some may be missing or name no zone; segments, which tell
where the device was stopped; a cadence that may count one foot or both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.errors import Damaged, IngestError, TooLarge
from ingest.laps import within
from ingest.recording import Mark, MarkKind, Note, Provenance, Recording, make_signal
from ingest.span import span

if TYPE_CHECKING:
    from ingest.samples import Samples

COLUMNS = (
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
    "heart_rate_bpm",
    "cadence_spm",
    "speed_mps",
    "distance_m",
)
Row = tuple[float, ...]
"""One point's values, in the order of `COLUMNS`: NaN was not recorded, infinity is no number at all."""

PAUSE_S = 5.0
PAUSE_INTERVALS = 3.0
"""Between two segments the device had stopped if the gap is longer than both: laps are written so, too."""

UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MAX_ACTIVITIES = 1000
LONGEST_S = 7 * 86400.0
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One activity of a file: its points in the file's order, and what else it says."""

    sport: str
    sub_sport: str
    times: Sequence[datetime | None]  # naive where no zone is named, None where there is none to be read
    segments: Sequence[int]  # of each point
    rows: Sequence[Row]
    device: str | None = None
    laps: Sequence[Mark] = ()
    start: datetime | None = None  # by its totals
    end: datetime | None = None
    notes: Sequence[Note] = ()

    @property
    def is_timed(self) -> bool:
        """Say whether enough is timed: a track of which most is lost cannot be judged by the rest."""
        timed = sum(utc(time) is not None for time in self.times)
        return bool(timed) and 2 * timed >= len(self.times)

    @property
    def is_total(self) -> bool:
        """Say whether there is no sample, but a start and an end."""
        return not self.times and self.start is not None and self.end is not None

    @property
    def utc_offset(self) -> timedelta | None:
        """Give the zone that all times name, if it is one and not plain UTC."""
        offsets = {time.utcoffset() for time in self.times if time is not None and utc(time) is not None} - {None}
        is_naive = any(time is not None and time.tzinfo is None for time in self.times)
        return (offsets.pop() or None) if len(offsets) == 1 and not is_naive else None


def utc(time: datetime | None) -> datetime | None:
    """Give the instant; without a zone it counts as UTC; none for a zone or a date beyond any calendar."""
    if time is None:
        return None
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def time_of(text: str | None) -> datetime | None:
    """Read a date with a time of day, naive where it names no zone, None where it is none."""
    text = (text or "").strip()
    if not _TIME.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def instant(text: str | None) -> datetime | None:
    """Read a time as the instant it names."""
    return utc(time_of(text))


def later(start: datetime, seconds: float) -> datetime | None:
    """Give the instant so much later, none where it is beyond any activity or calendar."""
    try:
        return start + timedelta(seconds=seconds) if 0 <= seconds <= LONGEST_S else None
    except OverflowError:
        return None


def number(text: str | None) -> float:
    """Read a number; what is none, or has no end (1e999), was not measured."""
    if text is None or "_" in text:  # a number to Python alone
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def position(text: str | None) -> float:
    """Read a latitude or longitude; one that is written as no number counts as impossible, not as not recorded."""
    degrees = number(text)
    return math.inf if math.isnan(degrees) else degrees


def each(activities: Sequence[Points], provenance: Provenance, notes: Sequence[Note]) -> list[Recording]:
    """Build the recordings of all activities; one that cannot be does not take the others with it.

    Args:
        activities: each with at least one time.
        provenance: that of the first, without its device.
        notes: on the whole file.

    Raises:
        Damaged: none can be built.
        TooLarge: there are more than anybody exports.
    """
    if len(activities) > MAX_ACTIVITIES:
        raise TooLarge(
            provenance.file_name,
            f"holds more than {MAX_ACTIVITIES} activities",
            "Export them year by year, or one by one.",
        )
    recordings: list[Recording] = []
    refusals: list[IngestError] = []
    for activity in activities:
        try:
            own = replace(provenance, index=len(recordings), device=activity.device)
            recordings.append(recording_of(activity, own))
        except Damaged as refusal:
            refusals.append(refusal)
    if not recordings:
        raise refusals[0]
    if refusals:
        notes = [*notes, Note(code="part_unreadable", message="A further part of the file could not be read.")]
    return [replace(recording, notes=(*recording.notes, *notes)) for recording in recordings]


def recording_of(points: Points, provenance: Provenance) -> Recording:
    """Build the recording of points of which at least one has a time, or of totals alone.

    Raises:
        Damaged: the times contradict one another.
    """
    if not points.times and points.start is not None and points.end is not None:
        return _totals_alone(points, points.start, points.end, provenance)
    from ingest import cadence
    from ingest.samples import growing, in_order, in_range

    notes = [*points.notes, *_time_notes(points)]
    samples, order_notes = in_order(_samples(points), provenance.file_name)
    columns = dict(samples.columns)
    segments = columns.pop("segment")
    cadence_notes: list[Note] = []
    if points.sport in cadence.NOT_STEPS:
        del columns["cadence_spm"]
    else:
        columns["cadence_spm"], cadence_notes = cadence.both_feet(columns["cadence_spm"], file_format=provenance.format)
    ranged, range_notes = in_range(replace(samples, columns=columns))
    distance_m, distance_notes = growing(ranged.columns["distance_m"])
    first, last = instant_of(ranged.time_us[0]), instant_of(ranged.time_us[-1])
    started_at, ended_at, span_notes = span(first, last, start=points.start, end=points.end)
    signal = make_signal(ranged.time_us.astype("datetime64[us]"), {**ranged.columns, "distance_m": distance_m})
    marks = [*within(points.laps, started_at, ended_at), *_stops(replace(ranged, columns={"segment": segments}))]
    return Recording(
        provenance=provenance,
        sport=points.sport,
        sub_sport=points.sub_sport,
        started_at=started_at,
        ended_at=ended_at,
        utc_offset=points.utc_offset,
        signal=signal,
        marks=tuple(sorted(marks, key=lambda mark: (mark.start, mark.end))),
        notes=(*notes, *order_notes, *cadence_notes, *range_notes, *distance_notes, *span_notes),
    )


def _totals_alone(points: Points, start: datetime, end: datetime, provenance: Provenance) -> Recording:
    if (end - start).total_seconds() > LONGEST_S:
        cause = "spans more than 7 days in one activity"
        raise Damaged(provenance.file_name, cause, "Export the activities one by one.")
    message = "The device stored totals only, no samples, so what was jogged cannot be told."
    return Recording(
        provenance=provenance,
        sport=points.sport,
        sub_sport=points.sub_sport,
        started_at=start,
        ended_at=end,
        utc_offset=None,
        signal=make_signal([], {}),
        marks=within(points.laps, start, end),
        notes=(*points.notes, Note(code="no_samples", message=message)),
    )


def instant_of(time_us: int) -> datetime:
    """Give the aware UTC instant of microseconds since 1970."""
    return UNIX_EPOCH + timedelta(microseconds=int(time_us))


def _samples(points: Points) -> Samples:
    import numpy as np

    from ingest.samples import Samples

    instants = [utc(time) for time in points.times]
    timed = [place for place, time in enumerate(instants) if time is not None]
    table = np.array([points.rows[place] for place in timed], dtype=np.float64).reshape(len(timed), len(COLUMNS))
    columns = {name: table[:, place] for place, name in enumerate(COLUMNS)}
    columns["segment"] = np.array([points.segments[place] for place in timed], dtype=np.float64)
    stamps = [(time - UNIX_EPOCH) // MICROSECOND for time in instants if time is not None]
    return Samples(time_us=np.array(stamps, dtype=np.int64), columns=columns)


def _time_notes(points: Points) -> Iterable[Note]:
    if any(time is not None and time.tzinfo is None for time in points.times):
        yield Note(code="times_without_zone", message="The times name no time zone and were taken as UTC.")
    untimed = sum(utc(time) is None for time in points.times)
    if untimed:
        yield Note(code="samples_without_time", message=f"{untimed} points without a readable time were left out.")


def _stops(samples: Samples) -> Iterable[Mark]:
    """Give the segments, and a pause where the device had stopped between two of them."""
    import numpy as np

    times = samples.time_us / 1e6
    gap_limit_s = max(PAUSE_S, PAUSE_INTERVALS * float(np.median(np.diff(times)))) if len(times) > 1 else PAUSE_S
    numbers, places = np.unique(samples.columns["segment"], return_inverse=True)
    firsts = np.full(len(numbers), np.iinfo(np.int64).max)
    lasts = np.full(len(numbers), np.iinfo(np.int64).min)
    np.minimum.at(firsts, places, samples.time_us)
    np.maximum.at(lasts, places, samples.time_us)
    ends_before: int | None = None
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        if ends_before is not None and (first - ends_before) / 1e6 > gap_limit_s:
            yield Mark(kind=MarkKind.PAUSE, start=instant_of(ends_before), end=instant_of(first))
        yield Mark(kind=MarkKind.TRKSEG, start=instant_of(first), end=instant_of(last))
        ends_before = last
