"""Read FIT, the format of watches, with fitparse.

The only room that knows fitparse. It turns bytes into plain messages, decoded once; what they mean is told in
`ingest.fit_activity`.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest import fit_layout
from ingest.errors import IngestError, NoSamples, NotAnActivity
from ingest.recording import Note, Provenance, Recording

if TYPE_CHECKING:
    from ingest.fit_messages import Messages

NAME = "fit"

WANTED = {
    0: "file_id",
    12: "sport",
    18: "session",
    19: "lap",
    20: "record",
    21: "event",
    27: "workout_step",
    34: "activity",
    312: "split",
}
"""The kinds of message that anything is made of, by their global number."""


def matches(head: bytes) -> bool:
    """Say whether these bytes begin with a FIT header."""
    return fit_layout.is_header(head)


def read(data: bytes, provenance: Provenance) -> list[Recording]:
    """Read every activity: each session of each of the files that may be chained in one.

    Raises:
        IngestError: there is none, or none that can be trusted.
    """
    from ingest.fit_activity import recordings_of

    files, surplus = fit_layout.embedded_files(data)
    recordings: list[Recording] = []
    refusals: list[IngestError] = []
    for file in files:
        try:
            messages, notes = _decode(file)
            first = replace(provenance, index=len(recordings))
            recordings += [replace(found, notes=(*notes, *found.notes)) for found in recordings_of(messages, first)]
        except IngestError as refusal:
            refusals.append(refusal)
    if not recordings:
        refusals.sort(key=lambda refusal: isinstance(refusal, NotAnActivity))
        raise refusals[0]
    # Straps append files of nothing but heart beats: no loss.
    failures = [refusal for refusal in refusals if not isinstance(refusal, (NotAnActivity, NoSamples))]
    common = []
    if surplus:
        common.append(Note(code="bytes_after_end", message=f"{surplus} bytes after the end of the file were left out."))
    if failures:
        common.append(Note(code="part_unreadable", message="A further part of the file could not be read."))
    return [replace(recording, notes=(*recording.notes, *common)) for recording in recordings]


def _decode(file: fit_layout.EmbeddedFile) -> tuple[Messages, list[Note]]:
    """Decode the whole messages of one embedded file, and say what was wrong with its bytes."""
    whole = fit_layout.whole_messages(file.messages, frozenset(WANTED))
    messages, decoder_stopped, complaints = _fitparse(whole.messages)
    notes = []
    if file.is_cut or whole.is_cut:
        notes.append(Note(code="cut_off", message="The file is cut off; what is whole was read."))
    elif not whole.is_sound:
        notes.append(Note(code="damaged", message="The file is damaged inside; only what comes before was read."))
    elif not file.checksum_holds:
        notes.append(Note(code="bad_checksum", message="The file's checksum does not fit; some values may be wrong."))
    if decoder_stopped:
        notes.append(Note(code="damaged", message="The file is damaged inside; only what comes before was read."))
    if whole.odd_fields or complaints:
        notes.append(
            Note(code="odd_fields", message=f"{whole.odd_fields + complaints} fields of odd layout were left out.")
        )
    return messages, list({note.code: note for note in notes}.values())


def _fitparse(body: bytes) -> tuple[Messages, bool, int]:
    """Decode messages.

    Returns:
        The messages by kind, in the file's order; whether the decoder gave up before the end; how often it warned.
    """
    from fitparse.base import FitFileDecoder  # FitFile adds processors that cost two thirds of the time

    messages: Messages = defaultdict(list)
    header = struct.pack("<BBHI4s", fit_layout.HEADER_BYTES, 0x20, 2132, len(body), fit_layout.MAGIC)
    stopped = False
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        try:
            for message in FitFileDecoder(io.BytesIO(header + body), check_crc=False, check_developer_data=False):
                fields: dict[str, object] = {}
                for field in message.fields:
                    if field.field is None or field.value is None:
                        continue
                    if field.field_def is not None:
                        fields[field.field.name] = field.value
                    else:  # made by fitparse out of another field; what the device wrote itself comes first
                        fields.setdefault(field.field.name, field.value)
                messages[WANTED.get(message.mesg_num, "")].append(fields)
        except Exception:  # noqa: BLE001 – damaged bytes leave fitparse as TypeError, AttributeError, struct.error, …
            stopped = True
    return messages, stopped, len(complaints)
