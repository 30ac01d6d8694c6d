"""Read FIT, the format of watches, with fitparse.

The only room that knows fitparse. It turns bytes into plain messages, decoded once; what they mean is told in
`ingest.fit_activity`.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

from ingest import fit_layout
from ingest.errors import IngestError, NoSamples, NotAnActivity, TooLarge
from ingest.fit_messages import Messages, Records
from ingest.fit_profile import RECORD, WANTED, Component, FieldProfile, Kind, Profile, Scale, Variant
from ingest.recording import Note, Provenance, Recording

NAME = "fit"

MAX_SAMPLES = 1_000_000
"""In all activities of a file together: a week and a half at one a second."""

MAX_OTHERS = 100_000
"""Laps, events and the like: a day of them has some hundreds."""

MAX_LAYOUTS = 10_000
"""Real files define each kind once, or some dozen ways."""

MAX_ACTIVITIES = 1000
MAX_ONE_BY_ONE = 200_000
"""Messages of a file that columns decline: a minute's work for the other decoder."""


def matches(head: bytes) -> bool:
    """Say whether these bytes begin with a FIT header."""
    return fit_layout.is_header(head)


def read(data: bytes, provenance: Provenance) -> list[Recording]:
    """Read every activity: each session of each of the files that may be chained in one.

    Raises:
        IngestError: there is none, or none that can be trusted.
        TooLarge: more of anything than a file of activities has.
    """
    from ingest.fit_activity import recordings_of

    name = provenance.file_name
    files, surplus = fit_layout.embedded_files(data)
    if len(files) > fit_layout.MAX_FILES:
        raise _too_many(name, f"{fit_layout.MAX_FILES} files in one")
    recordings: list[Recording] = []
    refusals: list[IngestError] = []
    samples = 0
    for file in files:
        try:
            messages, notes = _decode(file, name)
            samples += len(messages.records)
            if samples > MAX_SAMPLES:
                raise _too_many(name, f"{MAX_SAMPLES} samples")
            if len(recordings) + len(messages["session"]) > MAX_ACTIVITIES:
                raise _too_many(name, f"{MAX_ACTIVITIES} activities")
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


def _too_many(file_name: str, what: str) -> TooLarge:
    return TooLarge(
        file_name, f"holds more than {what}, which no activity has", "Check that it is the export of one activity."
    )


def _whole(file: fit_layout.EmbeddedFile, file_name: str) -> fit_layout.WholeMessages:
    """Find the whole messages, if there are no more than can be decoded in bounded time and memory."""
    try:
        whole = fit_layout.whole_messages(file.messages, frozenset(WANTED))
    except fit_layout.TooMany:
        raise _too_many(file_name, f"{fit_layout.MAX_MESSAGES} messages") from None
    counts = Counter[bool]()
    for layout in whole.layouts:
        counts[layout.global_number == RECORD] += len(layout.positions) * (layout.global_number in WANTED)
    if counts[True] > MAX_SAMPLES:
        raise _too_many(file_name, f"{MAX_SAMPLES} samples")
    if counts[False] > MAX_OTHERS or len(whole.layouts) > MAX_LAYOUTS:
        raise _too_many(file_name, f"{MAX_OTHERS} laps or events, or {MAX_LAYOUTS} kinds of messages")
    return whole


def _decode(file: fit_layout.EmbeddedFile, file_name: str) -> tuple[Messages, list[Note]]:
    """Decode the whole messages of one embedded file, and say what was wrong with its bytes."""
    from ingest import fit_columns

    whole = _whole(file, file_name)
    messages = fit_columns.decode(whole, profile())
    decoder_stopped, complaints = False, 0
    if messages is None:
        if sum(len(layout.positions) for layout in whole.layouts) > MAX_ONE_BY_ONE:
            raise _too_many(file_name, f"{MAX_ONE_BY_ONE} messages of an odd layout")
        messages, decoder_stopped, complaints = by_fitparse(whole.cleaned())
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


def by_fitparse(body: bytes) -> tuple[Messages, bool, int]:
    """Decode messages one by one.

    Returns:
        The messages; whether the decoder gave up before the end; how often it warned.
    """
    from fitparse.base import FitFileDecoder  # FitFile adds processors that cost two thirds of the time

    kinds: dict[str, list[dict[str, object]]] = defaultdict(list)
    header = struct.pack("<BBHI4s", fit_layout.HEADER_BYTES, 0x20, 2132, len(body), fit_layout.MAGIC)
    stopped = False
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        try:
            for message in FitFileDecoder(io.BytesIO(header + body), check_crc=False, check_developer_data=False):
                kind, wanted = WANTED.get(message.mesg_num, ("", ()))
                fields: dict[str, object] = {}
                for field in message.fields:
                    if field.field is None or field.value is None or field.field.name not in wanted:
                        continue
                    if field.field_def is not None:
                        fields[field.field.name] = field.value
                    else:  # made by fitparse out of another field; what the device wrote itself comes first
                        fields.setdefault(field.field.name, field.value)
                kinds[kind].append(fields)
        except Exception:  # noqa: BLE001 – damaged bytes leave fitparse as TypeError, AttributeError, struct.error, …
            stopped = True
    kinds.pop("", None)
    records = Records.of(kinds.pop("record", []), (name for name in WANTED[RECORD][1] if name != "timestamp"))
    return Messages(records=records, others=kinds), stopped, len(complaints)


@cache
def profile() -> Profile:
    """Take what is needed of fitparse's own profile, so that both decoders tell the same by the same names."""
    from fitparse.profile import MESSAGE_TYPES

    return Profile(
        kinds={number: _kind(MESSAGE_TYPES[number], *named) for number, named in WANTED.items()},
        taken_apart={
            number: frozenset(
                field.def_num
                for field in kind.fields.values()
                if field.components or any(variant.components for variant in field.subfields or ())
            )
            for number, kind in MESSAGE_TYPES.items()
        },
    )


def _kind(message_type: Any, name: str, names: tuple[str, ...]) -> Kind:
    """Take out of one of fitparse's kinds what has these names, or makes fields of these names."""
    is_record = message_type.mesg_num == RECORD  # of which columns are made
    fields, components, intricate = {}, [], set()
    for number, field in message_type.fields.items():
        variants = tuple(_variant(variant) for variant in field.subfields or ())
        if _names(field) & set(names):
            is_text = field.base_type.name == "string"
            fields[number] = FieldProfile(
                name=field.name, words=_words(field), scale=_scale(field), is_text=is_text, variants=variants
            )
            if is_record and (variants or is_text):
                intricate.add(number)
        for owner in (field, *(field.subfields or ())):
            for part in owner.components or ():
                target = message_type.fields.get(part.def_num)
                if target is not None and not _names(target) & set(names):
                    continue
                components.append(
                    Component(
                        source=number, into=part.name, scale=_scale(part), bits=part.bits, bit_offset=part.bit_offset
                    )
                )
                is_plain = is_record and owner is field and not part.accumulate and len(owner.components) == 1
                if not is_plain or target is None or target.subfields or _words(target):
                    intricate.add(number)
    return Kind(
        name=name,
        wanted=frozenset(names),
        fields=fields,
        components=tuple(component for component in components if component.source not in intricate),
        intricate=frozenset(intricate),
    )


def _names(field: Any) -> set[str]:
    return {field.name, *(variant.name for variant in field.subfields or ())}


def _variant(variant: Any) -> Variant:
    return Variant(
        name=variant.name,
        words=_words(variant),
        scale=_scale(variant),
        conditions=tuple((other.def_num, other.raw_value) for other in variant.ref_fields),
    )


def _scale(field: Any) -> Scale:
    return Scale(divisor=field.scale, offset=field.offset)


def _words(field: Any) -> dict[int, str]:
    return dict(field.type.values or {})
