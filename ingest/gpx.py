"""Read GPX 1.0 and 1.1, what web sites and phone apps export, with gpxpy.

The only room that knows gpxpy. gpxpy reads any XML as GPX, checks no position and loses unreadable times silently, so
the root, the ranges and the times are looked after here.

Each `<trk>` is an activity of its own, in the file's order: apps that export several runs at once write several tracks,
and one outing that a device split in two is joined later by its times, as two files would be.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest import sports
from ingest.errors import Damaged, NoSamples, NotAnActivity, NoTimes, UnknownFormat
from ingest.recording import Mark, MarkKind, Note, Provenance, Recording, make_signal
from ingest.xml_root import root_name

if TYPE_CHECKING:
    from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint

    from ingest.samples import Samples

NAME = "gpx"

ROOTS = {
    "{http://www.topografix.com/GPX/1/0}gpx": "1.0",
    "{http://www.topografix.com/GPX/1/1}gpx": "1.1",
    "gpx": None,  # some writers name no namespace
}
EXTENSIONS = {
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "speed": "speed_mps",
}
"""Local names of what is read from `<extensions>`, whatever the namespace: Garmin's v1 and v2, `ns3`, none."""

COLUMNS = ("latitude_deg", "longitude_deg", "altitude_m", "heart_rate_bpm", "cadence_spm", "speed_mps")
PAUSE_S = 5.0
PAUSE_INTERVALS = 3.0
"""Between two track segments the device had stopped if the gap is longer than both: laps are written so, too."""

UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def matches(head: bytes) -> bool:
    """Say whether these bytes begin an XML document whose root is called gpx."""
    return root_name(head) == "gpx"


def read(data: bytes, provenance: Provenance) -> list[Recording]:
    """Read every track that has times.

    Raises:
        IngestError: there is none, or the XML is broken.
    """
    gpx = _parse(data, provenance.file_name)
    tracks = [_Track.of(track) for track in gpx.tracks]
    if not any(track.points for track in tracks):
        if gpx.routes or gpx.waypoints:
            raise NotAnActivity(
                provenance.file_name,
                "holds a route or places, but no recorded track",
                "There is nothing to do about it.",
            )
        raise NoSamples(provenance.file_name, "has no track point in it", "Export the activity once more.")
    timed = [track for track in tracks if track.is_timed]
    if not timed:
        raise NoTimes(
            provenance.file_name,
            "has positions but no times, or few, so nobody can tell jogging from walking",
            "Export it with times.",
        )
    device = "".join(sign for sign in gpx.creator or "" if sign.isprintable())[:60] or None
    recordings = [
        _recording(track, replace(provenance, index=index, device=device)) for index, track in enumerate(timed)
    ]
    left_out = sum(bool(track.points) for track in tracks) - len(timed)
    if left_out:
        note = Note(code="track_without_times", message=f"Tracks without times were left out ({left_out}).")
        recordings = [replace(recording, notes=(*recording.notes, note)) for recording in recordings]
    return recordings


def _parse(data: bytes, file_name: str) -> GPX:
    """Look at the XML safely and alone, then let gpxpy read what was found."""
    import gpxpy
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data.removeprefix(codecs.BOM_UTF8).lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _broken(file_name) from error
    if root.getroottree().docinfo.doctype:
        raise Damaged(
            file_name, "declares entities, which no export of an activity does", "Export the activity once more."
        )
    if root.tag not in ROOTS:
        raise UnknownFormat(
            file_name, "calls itself GPX, but of no version that is known", "Export it as GPX 1.1 or FIT."
        )
    version = ROOTS[str(root.tag)] or ("1.0" if root.get("version") == "1.0" else "1.1")
    try:
        return gpxpy.parse(etree.tostring(root, encoding="unicode"), version=version)
    except Exception as error:  # bad numbers leave gpxpy as GPXException, ValueError, TypeError, …
        raise _broken(file_name) from error


def _broken(file_name: str) -> Damaged:
    return Damaged(file_name, "is broken GPX: cut off, or changed by hand", "Copy it once more, or export it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Track:
    """One `<trk>`: its points, flattened, and those of their times that can be read."""

    word: str | None
    points: Sequence[GPXTrackPoint]
    segments: Sequence[int]  # of each point
    times: dict[int, datetime]  # by the point's place
    naive: int  # how many times name no zone

    @classmethod
    def of(cls, track: GPXTrack) -> _Track:
        pairs = [(point, number) for number, segment in enumerate(track.segments) for point in segment.points]
        times: dict[int, datetime] = {}
        naive = 0
        for place, (point, _) in enumerate(pairs):
            if point.time is not None and point.time.tzinfo is None:
                times[place] = point.time.replace(tzinfo=UTC)
                naive += 1
            elif point.time is not None and _offset(point.time) is not None:
                times[place] = point.time
        return cls(
            word=track.type,
            points=[point for point, _ in pairs],
            segments=[number for _, number in pairs],
            times=times,
            naive=naive,
        )

    @property
    def is_timed(self) -> bool:
        """Say whether enough is timed: a track of which most is lost cannot be judged by the rest."""
        return bool(self.times) and 2 * len(self.times) >= len(self.points)

    @property
    def utc_offset(self) -> timedelta | None:
        """Give the zone that all times name, if it is one and not plain UTC."""
        offsets = {_offset(time) for time in self.times.values()}
        offset = offsets.pop() if len(offsets) == 1 else None
        return offset or None


def _offset(time: datetime) -> timedelta | None:
    try:
        return time.utcoffset()
    except ValueError:  # a zone of more than a day
        return None


def _recording(track: _Track, provenance: Provenance) -> Recording:
    from ingest import cadence
    from ingest.samples import in_order, in_range

    notes = list(_time_notes(track))
    samples, order_notes = in_order(_samples(track), provenance.file_name)
    columns = dict(samples.columns)
    segments = columns.pop("segment")
    sport, sub_sport = sports.from_word(track.word)
    cadence_notes: list[Note] = []
    if sport in cadence.NOT_STEPS:
        del columns["cadence_spm"]
    else:
        columns["cadence_spm"], cadence_notes = cadence.both_feet(columns["cadence_spm"], file_format=NAME)
    ranged, range_notes = in_range(replace(samples, columns=columns))
    signal = make_signal(ranged.time_us.astype("datetime64[us]"), ranged.columns)
    return Recording(
        provenance=provenance,
        sport=sport,
        sub_sport=sub_sport,
        started_at=_instant(ranged.time_us[0]),
        ended_at=_instant(ranged.time_us[-1]),
        utc_offset=track.utc_offset,
        signal=signal,
        marks=tuple(_marks(replace(ranged, columns={"segment": segments}))),
        notes=(*notes, *order_notes, *cadence_notes, *range_notes),
    )


def _samples(track: _Track) -> Samples:
    import numpy as np

    from ingest.samples import Samples

    rows = [(_position(point.latitude), _position(point.longitude), *_measured(point)) for point in _timed(track)]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(COLUMNS))
    columns = {name: table[:, place] for place, name in enumerate(COLUMNS)}
    columns["segment"] = np.array([track.segments[place] for place in track.times], dtype=np.float64)
    time_us = np.array([(time - UNIX_EPOCH) // MICROSECOND for time in track.times.values()], dtype=np.int64)
    return Samples(time_us=time_us, columns=columns)


def _timed(track: _Track) -> Iterable[GPXTrackPoint]:
    return (track.points[place] for place in track.times)


def _position(degrees: float) -> float:
    """Give a position; one that is written as no number counts as impossible, not as not recorded."""
    return math.inf if math.isnan(degrees) else degrees


def _measured(point: GPXTrackPoint) -> tuple[float, float, float, float]:
    """Give altitude, heart rate, cadence and speed of a point, NaN where it has none."""
    found: dict[str, float] = {}
    for extension in point.extensions:
        for element in extension.iter():
            column = EXTENSIONS.get(str(element.tag).rpartition("}")[2].lower())
            if column is not None:
                found.setdefault(column, _number(element.text))
    altitude_m = math.nan if point.elevation is None else point.elevation
    speed_mps = found.get("speed_mps", math.nan if point.speed is None else point.speed)  # GPX 1.0 has one of its own
    return altitude_m, found.get("heart_rate_bpm", math.nan), found.get("cadence_spm", math.nan), speed_mps


def _number(text: str | None) -> float:
    """Read a number; what is none, or has no end (1e999), was not measured."""
    try:
        number = float(text or "nan")
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _time_notes(track: _Track) -> Iterable[Note]:
    if track.naive:
        yield Note(code="times_without_zone", message="The times name no time zone and were taken as UTC.")
    untimed = len(track.points) - len(track.times)
    if untimed:
        yield Note(code="samples_without_time", message=f"{untimed} points without a readable time were left out.")


def _marks(samples: Samples) -> Iterable[Mark]:
    """Give the track segments, and a pause where the device had stopped between two of them."""
    import numpy as np

    times = samples.time_us / 1e6
    gap_limit_s = max(PAUSE_S, PAUSE_INTERVALS * float(np.median(np.diff(times)))) if len(times) > 1 else PAUSE_S
    segments = samples.columns["segment"]
    ends_before: int | None = None
    for number in np.unique(segments):
        own = samples.time_us[segments == number]
        first, last = int(own[0]), int(own[-1])
        if ends_before is not None and (first - ends_before) / 1e6 > gap_limit_s:
            yield Mark(kind=MarkKind.PAUSE, start=_instant(ends_before), end=_instant(first))
        yield Mark(kind=MarkKind.TRKSEG, start=_instant(first), end=_instant(last))
        ends_before = last


def _instant(time_us: int) -> datetime:
    return UNIX_EPOCH + timedelta(microseconds=int(time_us))
