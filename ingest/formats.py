"""Choose the reader by what a file holds, never by what it is called.

To add a format: write a module with `NAME`, `matches` and `read`, and name it in `FORMATS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ingest import containers, fit, gpx, tcx
from ingest.errors import AmbiguousFormat, EmptyFile, NoTimes, UnknownFormat
from ingest.files import load, shown
from ingest.recording import Provenance, Recording
from ingest.xml_root import root_name


class Format(Protocol):
    """What a format's module offers."""

    NAME: str

    def matches(self, head: bytes) -> bool:
        """Say whether these first bytes are of this format."""

    def read(self, data: bytes, provenance: Provenance) -> list[Recording]:
        """Read every activity of a file; `provenance` is that of its first, without the device."""


FORMATS: tuple[Format, ...] = (fit, gpx, tcx)

YEARS = (1990, 2100)
"""A watch whose clock was never set, and dates that no calendar holds, are of other years: no rest can be counted."""

HEAD_BYTES = 8192
"""What is looked at to recognise a format."""


def read(path: Path) -> list[Recording]:
    """Read every activity of one file.

    Raises:
        IngestError: in words, why there is none.
    """
    return read_bytes(load(path), path.name)


def read_bytes(data: bytes, file_name: str) -> list[Recording]:
    """Read every activity of one file's bytes, packed with gzip or not.

    Args:
        data: all bytes of the file.
        file_name: its name alone, for messages and provenance; it does not decide anything.

    Raises:
        IngestError: in words, why there is none.
    """
    name = shown(file_name)
    if not data:
        raise EmptyFile(name, "is empty", "The copy may not have finished: copy or export it once more.")
    data = containers.innermost(data, name)
    chosen = _choose(data[:HEAD_BYTES], name, FORMATS)
    provenance = Provenance(format=chosen.NAME, file_name=name, sha256=hashlib.sha256(data).hexdigest())
    recordings = chosen.read(data, provenance)
    for recording in recordings:
        if recording.started_at.year < YEARS[0] or recording.ended_at.year > YEARS[1]:
            raise NoTimes(
                name,
                f"is dated {recording.started_at.year}, which no recording is",
                "The watch's clock was not set: set it, and correct the date in the maker's app before you export.",
            )
    return recordings


def _choose(head: bytes, name: str, formats: Sequence[Format]) -> Format:
    matching = [candidate for candidate in formats if candidate.matches(head)]
    if len(matching) > 1:
        names = " and ".join(candidate.NAME.upper() for candidate in matching)
        raise AmbiguousFormat(name, f"looks like {names} at once", "Export the activity once more.")
    if not matching:
        raise UnknownFormat(name, *_advice(head))
    return matching[0]


_EXPORT = "Export the activity as FIT, GPX or TCX."

_OTHER_XML = {
    "kml": ("is a KML map file, which seldom holds times", "Export the activity as GPX."),
    "html": ("is a web page, often a sign-in page saved in place of the export", "Sign in and export it once more."),
    "healthdata": (
        "is the record of all of Apple Health, not one activity",
        "The routes of runs are GPX files, in the folder workout-routes of the same export: import those.",
    ),
    "clinicaldocument": ("is a medical document, not an activity", _EXPORT),
    "pwx": ("is a PWX file", _EXPORT),
    "fitnessworkbook": ("is a SportTracks logbook", _EXPORT),
    "sml": ("is Suunto's own log", _EXPORT),
}


def _advice(head: bytes) -> tuple[str, str]:
    """Give the cause and the next step for content that no format claims."""
    root = (root_name(head) or "").lower()
    if head.lstrip()[:14].lower() == b"<!doctype html":
        root = "html"
    if root in _OTHER_XML:
        return _OTHER_XML[root]
    if root:
        return "is an XML file, but neither GPX nor TCX", _EXPORT
    if head.startswith(b"PK\x03\x04"):
        return "is a ZIP archive", "Unpack it first and import what is inside."
    if head.lstrip()[:1] in (b"{", b"["):
        return "is a JSON file", _EXPORT
    if not head.strip(b"\0"):
        return "begins with nothing but zeros", "The copy may not have finished: copy or export it once more."
    return "is neither FIT nor GPX nor TCX", _EXPORT
