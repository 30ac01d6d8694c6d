"""Read TCX, Garmin's older text format, which Garmin Connect, Polar, Suunto, Strava and many apps still export.

Names are compared without their namespaces: files of all ages and apps differ in those alone. A file may hold several
activities, each of laps, each of tracks: where a track ends within a lap the watch had stopped. What such a file calls
a course or a workout is no activity.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from statistics import median
from typing import TYPE_CHECKING

from ingest import points, sports, xml_tree
from ingest.errors import IngestError, NoSamples, NotAnActivity, NoTimes, UnknownFormat
from ingest.laps import are_measured_out
from ingest.points import Points
from ingest.recording import Mark, MarkKind, Note, Provenance, Recording
from ingest.xml_root import root_name

if TYPE_CHECKING:
    from lxml import etree

NAME = "tcx"
ROOT = "TrainingCenterDatabase"
CONTAINERS = frozenset({ROOT, "Activities", "MultiSportSession", "FirstSport", "NextSport", "Activity", "Lap", "Track"})
LABELS = {"active": "active", "resting": "rest"}
"""What TCX calls a lap's intensity, in FIT's words."""

FALLING_SHARE = 0.05
"""A running total falls where a watch begins anew, and then grows; what falls at more of its steps is none."""


def matches(head: bytes) -> bool:
    """Say whether these bytes begin an XML document whose root is that of TCX."""
    return root_name(head) == ROOT


def read(data: bytes, provenance: Provenance) -> list[Recording]:
    """Read every activity that has times, and those of which only totals were kept.

    Raises:
        IngestError: there is none, or nothing of it is whole.
    """
    name = provenance.file_name
    document = xml_tree.parse(data, name, word="TCX", containers=CONTAINERS, point="Trackpoint")
    activities = [_points(element) for element in document.root.iter("{*}Activity")]
    usable = [activity for activity in activities if activity.is_timed or activity.is_total]
    if not usable:
        raise _refusal(document, activities, name)
    notes = list(document.notes)
    left_out = sum(bool(activity.times) for activity in activities) - sum(bool(activity.times) for activity in usable)
    if left_out:
        notes.append(Note(code="track_without_times", message=f"Tracks without times were left out ({left_out})."))
    return points.each(usable, provenance, notes)


def _refusal(document: xml_tree.Document, activities: Sequence[Points], file_name: str) -> IngestError:
    """Say why no activity of a file can be used."""
    if any(activity.times for activity in activities):
        return NoTimes(
            file_name, "has no times, or few, so nobody can tell jogging from walking", "Export it with times."
        )
    if activities and document.is_whole:
        return NoSamples(file_name, "is an activity without a single sample", "There is nothing to do about it.")
    for kind in ("Course", "Workout"):
        if document.root.find(f".//{{*}}{kind}") is not None:
            cause = f"is a TCX file, but not an activity ({kind.lower()})"
            return NotAnActivity(file_name, cause, "There is nothing to do about it.")
    if not document.is_whole:
        return xml_tree.broken(file_name, "TCX")
    if document.root.find(".//{*}Trackpoint") is not None:  # the first version, of 2006, had `History` and `Run`
        return UnknownFormat(file_name, "is TCX of a version that is not known", "Export it as FIT or GPX.")
    return NotAnActivity(file_name, "is a TCX file without an activity", "There is nothing to do about it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lap:
    """What a lap says of itself."""

    start: datetime | None
    timer_s: float  # 0 where it was not measured
    metres: float
    label: str | None
    trigger: str | None
    last: datetime | None  # of its points

    @property
    def end(self) -> datetime | None:
        """Give start and timer together: earlier than the true end if the timer was stopped within."""
        return None if self.start is None else points.later(self.start, self.timer_s)


def _points(activity: etree._Element) -> Points:
    """Take an activity apart."""
    sport, sub_sport = sports.from_word(activity.get("Sport"))
    times: list[datetime | None] = []
    segments: list[int] = []
    fields: list[dict[str, float]] = []
    laps: list[_Lap] = []
    for element in xml_tree.children(activity, "Lap"):
        first = len(times)
        tracks: list[int] = []
        track = 0
        for part in element.iter("{*}Track", "{*}Trackpoint"):
            if xml_tree.local_name(part) == "Track":
                track += 1
                continue
            time, values = _trackpoint(part)
            times.append(time)
            fields.append(values)
            tracks.append(max(track - 1, 0))
        lap = _lap(element, times[first:])
        stops = _timer_stops(lap, times[first:])
        since = segments[-1] + _is_apart(laps[-1], lap) if segments and laps else 0
        before = accumulate(place in stops for place in range(len(tracks)))
        segments += [since + number + more for number, more in zip(tracks, before, strict=True)]
        laps.append(lap)
    notes: list[Note] = []
    rows = _rows(fields, notes)
    timed = [lap for lap in laps if lap.start is not None and lap.timer_s > 0]
    return Points(
        sport=sport,
        sub_sport=sub_sport,
        device=_device(activity),
        times=times,
        segments=segments,
        rows=rows,
        laps=_marks(laps),
        start=min((lap.start for lap in timed if lap.start is not None), default=None),
        end=max((lap.end for lap in timed if lap.end is not None), default=None),
        notes=notes,
    )


def _lap(element: etree._Element, times: Iterable[datetime | None]) -> _Lap:
    texts = {xml_tree.local_name(child): (child.text or "").strip() for child in element}
    timer_s, metres = (points.number(texts.get(name)) for name in ("TotalTimeSeconds", "DistanceMeters"))
    return _Lap(
        start=points.instant(element.get("StartTime")),
        timer_s=timer_s if timer_s > 0 else 0.0,
        metres=metres if metres > 0 else 0.0,
        label=LABELS.get(texts.get("Intensity", "").lower()),
        trigger=texts.get("TriggerMethod", "").lower() or None,
        last=max((time for time in map(points.utc, times) if time is not None), default=None),
    )


def _is_apart(lap: _Lap, after: _Lap) -> bool:
    """Say whether the timer may have been stopped between two laps; each begins a track of its own in any case."""
    end = max((time for time in (lap.end, lap.last) if time is not None), default=None)
    if lap.timer_s <= 0 or end is None or after.start is None:
        return True
    return (after.start - end).total_seconds() > points.PAUSE_S


def _timer_stops(lap: _Lap, times: Sequence[datetime | None]) -> set[int]:
    """Find before which points of a lap the timer was stopped.

    Garmin Connect begins no new track there, but its laps count the timer alone: where the longest gaps add up to what
    the timer is short of, they are the stops.
    """
    known = [points.utc(time) for time in times]
    instants = [time for time in known if time is not None]
    if lap.start is None or lap.timer_s <= 0 or len(instants) < len(known) or len(known) < 2:
        return set()
    seconds = [(time - lap.start).total_seconds() for time in instants]
    gaps = [later - earlier for earlier, later in pairwise([0.0, *seconds])]
    usual_s = median(gaps)
    stopped_s = seconds[-1] - lap.timer_s
    found: set[int] = set()
    for place in sorted(range(len(gaps)), key=lambda place: -gaps[place]):
        if stopped_s <= points.PAUSE_S or gaps[place] <= max(points.PAUSE_S, points.PAUSE_INTERVALS * usual_s):
            break
        found.add(place)
        stopped_s -= gaps[place] - usual_s
    return found if abs(stopped_s) <= max(points.PAUSE_S, 2 * usual_s) else set()


def _trackpoint(element: etree._Element) -> tuple[datetime | None, dict[str, float]]:
    """Give a point's time and its values; a cadence in the extension is kept apart from the plain one."""
    time: datetime | None = None
    values: dict[str, float] = {}
    for child in element:
        name = xml_tree.local_name(child)
        if name == "Time":
            time = points.time_of(child.text)
        elif name == "Position":
            for degrees in child:
                values.setdefault(xml_tree.local_name(degrees), points.position(degrees.text))
        elif name == "HeartRateBpm":  # the rate is in a `Value`, or some leave that out
            rate = next(xml_tree.children(child, "Value"), child)
            values.setdefault(name, points.number(rate.text))
        elif name == "Extensions":
            for descendant in child.iter("{*}Speed", "{*}RunCadence"):
                values.setdefault(xml_tree.local_name(descendant), points.number(descendant.text))
        else:
            values.setdefault(name, points.number(child.text))
    return time, values


def _rows(fields: Sequence[dict[str, float]], notes: list[Note]) -> list[points.Row]:
    """Put the values in columns; of two cadences the runner's counts, for the whole activity."""
    cadence = "RunCadence" if any(values.get("RunCadence", 0.0) > 0 for values in fields) else "Cadence"
    totals = [values["DistanceMeters"] for values in fields if not math.isnan(values.get("DistanceMeters", math.nan))]
    distance = "DistanceMeters"
    if trouble := _not_a_total(totals):
        notes.append(trouble)
        distance = ""
    names = ("LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", "HeartRateBpm", cadence, "Speed", distance)
    return [tuple(values.get(name, math.nan) for name in names) for values in fields]


def _not_a_total(metres: Sequence[float]) -> Note | None:
    """Say why distances are no running total, if they are none: believed, they would show her standing still."""
    if len(metres) < 2:
        return None
    if not any(metres):
        message = "The distance is 0 throughout, so it was taken as not recorded."
        return Note(code="distance_always_zero", message=message)
    falls = sum(later < earlier for earlier, later in pairwise(metres))
    if falls > max(1, FALLING_SHARE * len(metres)):
        message = "The distances in the file are no running total, so they were not used."
        return Note(code="distance_no_total", message=message)
    return None


def _marks(laps: Sequence[_Lap]) -> list[Mark]:
    """Give the laps as marks; each ends with its timer or its last point, and at the latest where the next begins.

    Garmin Connect calls the laps that a watch made of every kilometre `Manual`, too.
    """
    is_measured_out = are_measured_out([lap.metres for lap in laps])
    marks: list[Mark] = []
    after: datetime | None = None
    for number, lap in reversed(list(enumerate(laps))):
        end = max((time for time in (lap.end, lap.last) if time is not None), default=None)
        if lap.start is None or end is None:
            continue
        end = end if after is None else min(end, after)
        after = lap.start
        if end > lap.start:
            is_auto = is_measured_out and number < len(laps) - 1
            trigger = "distance" if is_auto else lap.trigger
            marks.append(Mark(kind=MarkKind.LAP, start=lap.start, end=end, label=lap.label, trigger=trigger))
    return marks[::-1]


def _device(activity: etree._Element) -> str | None:
    name = activity.find("{*}Creator/{*}Name")
    words = "".join(sign for sign in (name.text if name is not None else None) or "" if sign.isprintable())
    return words.strip()[:60] or None
