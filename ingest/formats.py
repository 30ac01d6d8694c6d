"""Choose the reader by what a file holds, never by what it is called.

To add a format: write a module with `NAME`, `matches` and `read`, and name it in `FORMATS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest import containers, fit, gpx, tcx, zips
from ingest.advice import advice
from ingest.containers import HEAD_BYTES, Member
from ingest.errors import AmbiguousFormat, EmptyFile, IngestError, NotAnActivity, NoTimes, SeveralInside, UnknownFormat
from ingest.files import load, load_head
from ingest.names import shown
from ingest.recording import Note, Provenance, Recording


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


def may_be_recording(head: bytes) -> bool:
    """Say whether a file that begins like this is of a format that is read, or may be of one that will be."""
    return any(candidate.matches(head) for candidate in FORMATS)


def files_of(path: Path, *, on_open: Callable[[int], None] = lambda files: None) -> Iterator[Member]:
    """Give the file at a path, or the files in it where it is an archive; what cannot be opened comes with its error.

    An archive is read member by member and may be larger than any activity. `on_open` is told how many files there
    are in each archive that is opened.
    """
    name = shown(path.name)
    try:
        if zips.is_zip(load_head(path)):
            yield from containers.members(path, name, wanted=may_be_recording, on_open=on_open)
            return
        data = load(path)
    except IngestError as error:
        yield Member(name=name, error=error)
        return
    yield from files_in(data, name, on_open=on_open)


def files_in(
    source: bytes | BinaryIO, file_name: str, *, on_open: Callable[[int], None] = lambda files: None
) -> Iterator[Member]:
    """Give the file that these bytes are, or the files in them where they are an archive, packed with gzip or not.

    Args:
        source: the bytes; of an archive also the opened file, which is read member by member and stays open.
        file_name: its name, for messages.
        on_open: is told how many files there are in each archive that is opened.
    """
    name = shown(file_name)
    if isinstance(source, bytes):
        if not zips.is_zip(containers.begins(source[: 2 * HEAD_BYTES])):
            yield Member(name=name, data=source)
            return
        try:
            source = containers.innermost(source, name)
        except IngestError as error:
            yield Member(name=name, error=error)
            return
    yield from containers.members(source, name, wanted=may_be_recording, on_open=on_open)


def read(path: Path) -> list[Recording]:
    """Read every activity of one file, or of the one activity file in an archive.

    Raises:
        IngestError: in words, why there is none.
    """
    return _only(files_of(path), shown(path.name))


def read_bytes(data: bytes, file_name: str) -> list[Recording]:
    """Read every activity of one file's bytes, packed with gzip or not, or in an archive by itself.

    Args:
        data: all bytes of the file.
        file_name: its name alone, for messages and provenance; it does not decide anything.

    Raises:
        IngestError: in words, why there is none.
    """
    name = shown(file_name)
    if not data:
        raise EmptyFile(name, "is empty", "The copy may not have finished: copy or export it once more.")
    data, surplus = containers.unpacked(data, name)
    if zips.is_zip(data):
        return _only(containers.members(data, name, wanted=may_be_recording), name)
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
    if surplus:
        told = f"{surplus} bytes after the end of the packed file were left out."
        note = Note(code="bytes_after_end", message=told)
        recordings = [replace(recording, notes=(*recording.notes, note)) for recording in recordings]
    return recordings


def _only(files: Iterable[Member], name: str) -> list[Recording]:
    """Read the one file that holds activities."""
    found: list[Recording] = []
    refusals: list[IngestError] = []
    for file in files:
        try:
            if file.error is not None:
                raise file.error
            recordings = read_bytes(file.data or b"", file.name)
        except IngestError as refusal:
            refusals.append(refusal)
            continue
        if found:
            raise SeveralInside(
                name, "holds several activities", "Import it, and each of them is kept as a file of its own."
            )
        found = recordings
    if not found:
        refusals.sort(key=lambda refusal: isinstance(refusal, NotAnActivity))
        raise refusals[0] if refusals else nothing_inside(name)
    return found


def nothing_inside(name: str) -> NotAnActivity:
    """Say that an archive holds no recording."""
    return NotAnActivity(name, "is an archive without a recording in it", "There is nothing to do about it.")


def _choose(head: bytes, name: str, formats: Sequence[Format]) -> Format:
    matching = [candidate for candidate in formats if candidate.matches(head)]
    if len(matching) > 1:
        names = " and ".join(candidate.NAME.upper() for candidate in matching)
        raise AmbiguousFormat(name, f"looks like {names} at once", "Export the activity once more.")
    if not matching:
        raise UnknownFormat(name, *advice(head))
    return matching[0]
