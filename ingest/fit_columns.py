"""Decode whole FIT messages in columns: one numpy view for each layout, whatever the number of messages.

It gives what fitparse gives, value for value, or declines: a file that holds anything it cannot decode exactly so is
left to fitparse as a whole (docs/adr/0008). Nothing is copied but the values that are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ingest.fit_layout import COMPRESSED, Layout, WholeMessages
from ingest.fit_messages import FIRST_STAMP, LAST_STAMP, Messages, Records
from ingest.fit_profile import RECORD, TIMESTAMP, FieldProfile, Kind, Profile, Scale

INTEGERS: Mapping[int, tuple[str, int]] = {
    0x00: ("u1", 0xFF),
    0x01: ("i1", 0x7F),
    0x02: ("u1", 0xFF),
    0x83: ("i2", 0x7FFF),
    0x84: ("u2", 0xFFFF),
    0x85: ("i4", 0x7FFFFFFF),
    0x86: ("u4", 0xFFFFFFFF),
    0x0A: ("u1", 0),
    0x8B: ("u2", 0),
    0x8C: ("u4", 0),
}
"""FIT's types of whole numbers that float64 holds exactly: numpy's name (its digit is the number of bytes), and the
value that says "not recorded"."""

STRING, BYTES = 0x07, 0x0D
DESCRIPTIONS = frozenset({206, 207})
"""Kinds in which developers describe fields of their own; decoders keep that in mind."""

Stored = NDArray[np.int64]
Known = NDArray[np.bool_]
Stamps = NDArray[np.int64] | None
"""The time of each message by its header, -1 where a header holds none; None where none of them does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The messages of one layout."""

    positions: NDArray[np.int64]
    fields: Mapping[int, tuple[str, int]]  # those that are used: numpy's type and the value for "not recorded"
    view: NDArray[np.void]  # as if a message began at every byte

    @classmethod
    def of(cls, layout: Layout, data: bytes, used: frozenset[int]) -> _Part:
        """Lay a view over all bytes; `used` are fields that a layout has once at most."""
        fields, offsets, at = {}, [], 1
        for number, size, base_type in layout.fields:
            if number in used:
                name, missing = INTEGERS.get(base_type, (f"S{size}", 0))
                fields[number] = ((">" if layout.is_big_endian else "<") + name, missing)
                offsets.append(at)
            at += size
        dtype = np.dtype(
            {
                "names": [str(number) for number in fields],
                "formats": [name for name, _ in fields.values()],
                "offsets": offsets,
                "itemsize": layout.message_bytes,
            }
        )
        count = len(data) - layout.message_bytes + 1
        return cls(
            positions=np.frombuffer(layout.positions, dtype=np.int64),
            fields=fields,
            view=np.ndarray((count,), dtype, buffer=data, strides=(1,)),
        )

    def column(self, number: int) -> tuple[Stored, Known]:
        """Give a field's stored values, and which of them were recorded."""
        values = self.view[str(number)][self.positions]
        return values, values != self.fields[number][1]

    def messages(self, kind: Kind, stamps: Stamps) -> Iterator[tuple[int, dict[str, object]]]:
        """Give each message's position and what it recorded."""
        times = [-1] * len(self.positions) if stamps is None else stamps.tolist()
        rows = self.view[self.positions].tolist()
        for position, time, row in zip(self.positions.tolist(), times, rows, strict=True):
            stored = {
                number: value
                for (number, (_, missing)), value in zip(self.fields.items(), row, strict=True)
                if value != missing
            }
            if time >= 0:
                stored[TIMESTAMP] = time
            told = (_told(kind.fields[number], stored[number], stored) for number in stored if number in kind.fields)
            yield position, {name: value for name, value in told if name in kind.wanted and value is not None}


def decode(whole: WholeMessages, profile: Profile) -> Messages | None:
    """Decode all wanted messages, or give None where that could not be exact."""
    if not all(_is_exact(layout, profile, whole) for layout in whole.layouts):
        return None
    layouts = [layout for layout in whole.layouts if len(layout.positions)]
    always = frozenset({TIMESTAMP}) if whole.has_compressed_times else frozenset[int]()
    kinds = [profile.kinds.get(layout.global_number) for layout in layouts]
    parts = [
        _Part.of(layout, whole.data, always | (kind.used if kind else frozenset()))
        for layout, kind in zip(layouts, kinds, strict=True)
    ]
    stamps = _compressed_stamps(parts, whole.data) if whole.has_compressed_times else [None] * len(parts)
    if stamps is None:
        return None
    records: list[tuple[_Part, Stamps]] = []
    found: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for layout, kind, part, own in zip(layouts, kinds, parts, stamps, strict=True):
        if layout.global_number == RECORD:
            records.append((part, own))
        elif kind is not None:
            found.setdefault(kind.name, []).extend(part.messages(kind, own))
    for messages in found.values():
        messages.sort(key=itemgetter(0))
    others = {kind: [message for _, message in messages] for kind, messages in found.items()}
    return Messages(records=_records(records, profile.kinds[RECORD]), others=others)


def _is_exact(layout: Layout, profile: Profile, whole: WholeMessages) -> bool:
    """Say whether messages of this layout can be decoded as fitparse would, and would not stop it."""
    kind = profile.kinds.get(layout.global_number)
    taken_apart = profile.taken_apart.get(layout.global_number, frozenset())
    if layout.odd_fields or (whole.has_compressed_times and layout.global_number in DESCRIPTIONS):
        return False
    watched = taken_apart | (kind.fields.keys() if kind else set())
    if whole.has_compressed_times:
        watched |= {TIMESTAMP}
    seen = set()
    at = 1
    for number, size, base_type in layout.fields:
        at += size
        if number not in watched:
            continue
        if number in seen or (kind is None and number in taken_apart):
            return False
        field = kind.fields.get(number) if kind else None
        seen.add(number)
        if kind is not None and number in kind.intricate:
            if field is not None or base_type != BYTES or _is_recorded(layout, whole.data, at - size, size):
                return False
        elif field is not None and field.is_text:
            if base_type != STRING:
                return False
        elif base_type not in INTEGERS or size != int(INTEGERS[base_type][0][1]):
            return False
    return True


def _is_recorded(layout: Layout, data: bytes, at: int, size: int) -> bool:
    """Say whether any message has something in these bytes, all ones being "not recorded"."""
    if not layout.positions:
        return False
    everywhere = np.ndarray((len(data) - size + 1, size), np.uint8, buffer=data, strides=(1, 1))
    return bool((everywhere[np.frombuffer(layout.positions, dtype=np.int64) + at] != 0xFF).any())


def _told(field: FieldProfile, stored: int | bytes, beside: Mapping[int, int | bytes]) -> tuple[str, object]:
    """Give a field's name and value: of the first variant whose condition holds in the fields beside it."""
    if isinstance(stored, bytes):
        return field.name, stored.partition(b"\0")[0].decode(errors="replace") or None
    for variant in field.variants:
        if any(beside.get(number) == value for number, value in variant.conditions):
            return variant.name, variant.words.get(stored) or variant.scale.apply(stored)
    return field.name, field.words.get(stored) or field.scale.apply(stored)


def _records(parts: Sequence[tuple[_Part, Stamps]], kind: Kind) -> Records:
    """Fill a column for each field of the records, of all layouts in the file's order."""
    count = sum(len(part.positions) for part, _ in parts)
    stamp_s = np.zeros(count, dtype=np.int64)
    names = {field.name for part, _ in parts for number, field in kind.fields.items() if number in part.fields}
    names |= {component.into for part, _ in parts for component in kind.components if component.source in part.fields}
    columns = {name: np.full(count, np.nan) for name in names - {"timestamp"}}
    for (part, stamps), rows in zip(parts, _rows([part for part, _ in parts]), strict=True):
        for number, field in kind.fields.items():
            if number == TIMESTAMP and stamps is not None:
                values, known = stamps, stamps >= 0
            elif number in part.fields:
                values, known = part.column(number)
            else:
                continue
            if field.words:  # what the profile has a word for is no number
                known &= ~np.isin(values, list(field.words))
            if number == TIMESTAMP:
                stamp_s[rows] = np.where(known & (values >= FIRST_STAMP) & (values <= LAST_STAMP), values, 0)
            else:
                columns[field.name][rows] = _measured(values, known, field.scale)
        for component in kind.components:
            if component.source in part.fields:
                values, known = part.column(component.source)
                bits = (values.astype(np.int64) >> component.bit_offset) & ((1 << component.bits) - 1)
                written = columns[component.into][rows]  # by the device itself, which comes first
                made = _measured(bits, known, component.scale)
                columns[component.into][rows] = np.where(np.isnan(written), made, written)
    recorded = {name: values for name, values in columns.items() if not np.isnan(values).all()}
    return Records(stamp_s=stamp_s, columns=recorded)


def _rows(parts: Sequence[_Part]) -> list[NDArray[np.int64] | slice]:
    """Give each part's places among all messages in the file's order."""
    if len(parts) <= 1:
        return [slice(None)] * len(parts)
    order = np.argsort(np.concatenate([part.positions for part in parts]))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ends = np.cumsum([len(part.positions) for part in parts])
    return [place[end - len(part.positions) : end] for part, end in zip(parts, ends, strict=True)]


def _measured(values: Stored, known: Known, scale: Scale) -> NDArray[np.float64]:
    """Scale stored values in fitparse's order of operations, NaN where none was recorded."""
    measured = values.astype(np.float64)
    if scale.divisor:
        measured /= scale.divisor
    if scale.offset:
        measured -= scale.offset
    measured[~known] = np.nan
    return measured


def _compressed_stamps(parts: Sequence[_Part], data: bytes) -> list[Stamps] | None:
    """Give the times of messages whose headers hold five bits of it, counted on from the stamp before, of any kind.

    None where a layout has both such headers and stamps of its own, or stamps below zero.
    """
    if not parts:
        return []
    headers = np.frombuffer(data, dtype=np.uint8)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], bool]] = []  # positions, values, are they whole stamps
    compressed = [headers[part.positions] >= COMPRESSED for part in parts]
    for part, is_compressed in zip(parts, compressed, strict=True):
        if TIMESTAMP in part.fields:
            values, known = part.column(TIMESTAMP)
            if is_compressed.any() or (values < 0).any():
                return None
            found.append((part.positions[known], values[known].astype(np.int64), True))
        else:
            positions = part.positions[is_compressed]
            found.append((positions, headers[positions].astype(np.int64) & 0x1F, False))
    positions = np.concatenate([positions for positions, _, _ in found])
    order = np.argsort(positions)
    positions = positions[order]
    values = np.concatenate([values for _, values, _ in found])[order]
    is_whole = np.concatenate([np.full(len(values), whole) for _, values, whole in found])[order]
    # Five bits go round every 32 s; between two messages less than that has passed.
    passed = np.cumsum(np.where(is_whole, 0, np.diff(values & 0x1F, prepend=0) % 32))
    last_whole = np.maximum.accumulate(np.where(is_whole, np.arange(len(values)), -1))
    stamps = passed + np.where(last_whole >= 0, (values - passed)[last_whole], 0)
    result: list[Stamps] = []
    for part, is_compressed in zip(parts, compressed, strict=True):
        own = np.full(len(part.positions), -1, dtype=np.int64)
        own[is_compressed] = stamps[np.searchsorted(positions, part.positions[is_compressed])]
        result.append(own if is_compressed.any() else None)
    return result
