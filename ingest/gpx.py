"""Read GPX 1.0 and 1.1, what web sites and phone apps export, with gpxpy.

The only room that knows gpxpy. gpxpy reads any XML as GPX, gives the whole file up for one bad number, loses unreadable
times silently and remembers every namespace it has met. So it is given a plain copy of the tracks alone, with times,
positions and heights; the root, what is damaged, and the extensions are looked after here.

Each `<trk>` is an activity of its own, in the file's order: apps that export several runs at once write several tracks,
and one outing that a device split in two is joined later by its times, as two files would be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ingest import points, sports, xml_tree
from ingest.errors import NoSamples, NotAnActivity, NoTimes, UnknownFormat
from ingest.points import Points
from ingest.recording import Note, Provenance, Recording
from ingest.xml_root import root_name

if TYPE_CHECKING:
    from gpxpy.gpx import GPXTrack, GPXTrackPoint
    from lxml import etree

NAME = "gpx"

ROOT = re.compile(r"(\{https?://(www\.)?topografix\.com/GPX/1/[01]/?\})?gpx", re.IGNORECASE)
"""GPX 1.0 and 1.1; some writers name no namespace, some spell it in their own way."""

TIME = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]{1,15})?"
    r"(Z|[+\N{MINUS SIGN}-][0-9]{2}(:?[0-9]{2})?)?"
)
"""Of what gpxpy reads as a time; any letter or digit is the sign of a zone to it."""

CONTAINERS = frozenset({"gpx", "trk", "trkseg"})
EXTENSIONS = {
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "runcadence": "cadence_spm",
    "speed": "speed_mps",
}
"""Local names of what is read of a point besides time and place, whatever the namespace and wherever it stands in it:
Garmin's v1 and v2, `ns3`, Cluetrust's, none; GPX 1.0 has a speed of its own, and some write it into 1.1.
"""


def matches(head: bytes) -> bool:
    """Say whether these bytes begin an XML document whose root is called gpx."""
    return root_name(head) == "gpx"


def read(data: bytes, provenance: Provenance) -> list[Recording]:
    """Read every track that has times.

    Raises:
        IngestError: there is none, or the XML is broken.
    """
    name = provenance.file_name
    document = xml_tree.parse(data, name, word="GPX", containers=CONTAINERS, point="trkpt")
    root = document.root
    if not ROOT.fullmatch(str(root.tag)):
        raise UnknownFormat(name, "calls itself GPX, but of no version that is known", "Export it as GPX 1.1 or FIT.")
    device = "".join(sign for sign in root.get("creator") or "" if sign.isprintable())[:60] or None
    elements = list(xml_tree.children(root, "trk"))
    tracks = [
        _points(track, element, device) for track, element in zip(_read_by_gpxpy(elements, name), elements, strict=True)
    ]
    if not any(track.times for track in tracks):
        if not document.is_whole:
            raise xml_tree.broken(name, "GPX")
        if next(xml_tree.children(root, "rte", "wpt"), None) is not None:
            raise NotAnActivity(
                name, "holds a route or places, but no recorded track", "There is nothing to do about it."
            )
        raise NoSamples(name, "has no track point in it", "Export the activity once more.")
    timed = [track for track in tracks if track.is_timed]
    if not timed:
        raise NoTimes(
            name,
            "has positions but no times, or few, so nobody can tell jogging from walking",
            "Export it with times.",
        )
    notes = [*document.notes]
    left_out = sum(bool(track.times) for track in tracks) - len(timed)
    if left_out:
        notes.append(Note(code="track_without_times", message=f"Tracks without times were left out ({left_out})."))
    return points.each(timed, provenance, notes)


def _read_by_gpxpy(tracks: Sequence[etree._Element], file_name: str) -> list[GPXTrack]:
    """Let gpxpy read a plain copy of the tracks."""
    import gpxpy

    copied = f"<gpx>{''.join(text for track in tracks for text in _copied(track))}</gpx>"
    try:
        return gpxpy.parse(copied, version="1.1").tracks
    except Exception as error:  # gpxpy leaves as GPXException, ValueError, TypeError, …
        raise xml_tree.broken(file_name, "GPX") from error


def _copied(track: etree._Element) -> Iterator[str]:
    yield "<trk>"
    for kind in xml_tree.children(track, "type"):
        yield f"<type>{escape(kind.text or '')}</type>"
    for segment in xml_tree.children(track, "trkseg"):
        yield "<trkseg>"
        for point in xml_tree.children(segment, "trkpt"):
            yield f'<trkpt lat="{points.number(point.get("lat"))}" lon="{points.number(point.get("lon"))}">'
            for child in xml_tree.children(point, "ele", "time"):
                if xml_tree.local_name(child) == "ele":
                    yield f"<ele>{points.number(child.text)}</ele>"
                elif TIME.fullmatch(text := (child.text or "").strip()):
                    yield f"<time>{text}</time>"
            yield "</trkpt>"
        yield "</trkseg>"
    yield "</trk>"


def _points(track: GPXTrack, element: etree._Element, device: str | None) -> Points:
    """Put what gpxpy read and what the extensions say side by side."""
    sport, sub_sport = sports.from_word(track.type)
    read = [(point, number) for number, segment in enumerate(track.segments) for point in segment.points]
    written = [
        point for segment in xml_tree.children(element, "trkseg") for point in xml_tree.children(segment, "trkpt")
    ]
    return Points(
        sport=sport,
        sub_sport=sub_sport,
        times=[point.time for point, _ in read],
        segments=[number for _, number in read],
        device=device,
        rows=[_row(point, source) for (point, _), source in zip(read, written, strict=True)],
    )


def _row(point: GPXTrackPoint, element: etree._Element) -> points.Row:
    found: dict[str, float] = {}
    for descendant in element.iter():
        column = EXTENSIONS.get(xml_tree.local_name(descendant).lower())
        if column is not None:
            found.setdefault(column, points.number(descendant.text))
    return (
        _position(point.latitude),
        _position(point.longitude),
        math.nan if point.elevation is None else point.elevation,
        found.get("heart_rate_bpm", math.nan),
        found.get("cadence_spm", math.nan),
        found.get("speed_mps", math.nan),
        math.nan,  # GPX has no distance
    )


def _position(degrees: float) -> float:
    """Give a position; one that is written as no number counts as impossible, not as not recorded."""
    return math.inf if math.isnan(degrees) else degrees
