"""Decode whole FIT messages in columns: one numpy view for each layout, whatever the number of messages.

It gives what fitparse gives, value for value, or declines: a file that holds anything it cannot decode exactly so is
left to fitparse as a whole (docs/adr/0008). Nothing is copied but the values that are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ingest.fit_layout import COMPRESSED, Layout, WholeMessages
from ingest.fit_messages import FIRST_STAMP, LAST_STAMP, Messages, Records
from ingest.fit_profile import TIMESTAMP, FieldProfile, Kind, Profile, Scale

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
"""FIT's types of whole numbers that float64 holds exactly: numpy's name, and the value that says "not recorded"."""

STRING = 0x07
DESCRIPTIONS = frozenset({206, 207})
"""Kinds in which developers describe fields of their own; decoders keep that in mind."""


def decode(whole: WholeMessages, profile: Profile) -> Messages | None:
    """Decode all wanted messages, or give None where that could not be exact."""
    if not all(_is_exact(layout, profile, whole) for layout in whole.layouts):
        return None
    stamped = whole.has_compressed_times
    parts = [_Part.of(layout, whole, profile) for layout in whole.layouts if len(layout.positions)]
    stamps = _compressed_stamps(parts, whole.data) if stamped else [None] * len(parts)
    if stamps is None:
        return None
    records: list[tuple[_Part, Stamps | None]] = []
    found: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for part, own in zip(parts, stamps, strict=True):
        if part.kind is None:
            continue
        if part.kind.name == "record":
            records.append((part, own))
        else:
            found.setdefault(part.kind.name, []).extend(part.messages(own))
    for messages in found.values():
        messages.sort(key=itemgetter(0))
    others = {kind: [message for _, message in messages] for kind, messages in found.items()}
    return Messages(records=_records(records), others=others)


Stamps = NDArray[np.int64]
"""The time of each message by its header, -1 where that holds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The messages of one layout."""

    kind: Kind | None  # None where only their times matter
    positions: NDArray[np.int64]
    stored: Mapping[int, tuple[str, int]]  # by field: numpy's type and the value for "not recorded"
    view: NDArray[np.void]  # as if a message began at every byte

    @classmethod
    def of(cls, layout: Layout, whole: WholeMessages, profile: Profile) -> _Part:
        kind = profile.kinds.get(layout.global_number)
        sources = {component.source for component in kind.components} if kind else set()
        used = (
            sources | (kind.fields.keys() if kind else set()) | ({TIMESTAMP} if whole.has_compressed_times else set())
        )
        order = ">" if layout.is_big_endian else "<"
        stored, offsets, at = {}, [], 1
        for number, size, base_type in layout.fields:
            if number in used:
                name, missing = INTEGERS.get(base_type, (f"S{size}", 0))
                stored[number] = (order + name, missing)
                offsets.append(at)
            at += size
        dtype = np.dtype(
            {
                "names": [str(number) for number in stored],
                "formats": [name for name, _ in stored.values()],
                "offsets": offsets,
                "itemsize": layout.message_bytes,
            }
        )
        count = len(whole.data) - layout.message_bytes + 1
        return cls(
            kind=kind,
            positions=np.frombuffer(layout.positions, dtype=np.int64),
            stored=stored,
            view=np.ndarray((count,), dtype, buffer=whole.data, strides=(1,)),
        )

    def column(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Give a field's stored values, and which of them were recorded."""
        values = self.view[str(number)][self.positions]
        return values, values != self.stored[number][1]

    def messages(self, stamps: Stamps | None) -> Iterable[tuple[int, dict[str, object]]]:
        """Give each message's position and what it recorded."""
        if self.kind is None:
            return
        known = [(number, missing, self.kind.fields.get(number)) for number, (_, missing) in self.stored.items()]
        for index, (position, row) in enumerate(
            zip(self.positions.tolist(), self.view[self.positions].tolist(), strict=True)
        ):
            message: dict[str, object] = {}
            for (_, missing, field), value in zip(known, row, strict=True):
                if field is None or value == missing:
                    continue
                name, meant = _told(field, value, dict(zip(self.stored, row, strict=True)) if field.variants else {})
                if name in self.kind.wanted and meant is not None:
                    message[name] = meant
            if stamps is not None and stamps[index] >= 0 and "timestamp" in self.kind.wanted:
                at = int(stamps[index])
                message["timestamp"] = self.kind.fields[TIMESTAMP].words.get(at, at)
            yield position, message


def _told(field: FieldProfile, stored: int | bytes, beside: Mapping[int, int | bytes]) -> tuple[str, object]:
    """Give a field's name and value: with the first variant whose condition holds in the fields beside it."""
    if isinstance(stored, bytes):
        return field.name, stored.partition(b"\0")[0].decode(errors="replace") or None
    meaning = next(
        (
            variant
            for variant in field.variants
            if any(beside.get(number) == value for number, value in variant.conditions)
        ),
        field,
    )
    told = meaning.words.get(stored)
    return meaning.name, meaning.scale.apply(stored) if told is None else told


def _is_exact(layout: Layout, profile: Profile, whole: WholeMessages) -> bool:
    """Say whether messages of this layout can be decoded as fitparse would, and would not stop it."""
    kind = profile.kinds.get(layout.global_number)
    taken_apart = profile.taken_apart.get(layout.global_number, frozenset())
    if layout.odd_fields or (whole.has_compressed_times and layout.global_number in DESCRIPTIONS):
        return False
    seen = set()
    for number, size, base_type in layout.fields:
        field = kind.fields.get(number) if kind else None
        if kind is None and number in taken_apart:
            return False
        if field is None and number not in taken_apart and (number != TIMESTAMP or not whole.has_compressed_times):
            continue
        if number in seen or (kind and number in kind.intricate):
            return False
        seen.add(number)
        if field is not None and field.is_text:
            if base_type != STRING:
                return False
        elif base_type not in INTEGERS or size != np.dtype(INTEGERS[base_type][0]).itemsize:
            return False
    return True


def _compressed_stamps(parts: Sequence[_Part], data: bytes) -> list[Stamps | None] | None:
    """Give the times of messages whose headers hold five bits of it, counted on from the stamp before, of any kind.

    None where a layout has both such headers and stamps of its own, or stamps below zero.
    """
    if not parts:
        return []
    headers = np.frombuffer(data, dtype=np.uint8)
    events: list[tuple[NDArray[np.int64], NDArray[np.int64], bool]] = []  # positions, values, are they whole stamps
    for part in parts:
        compressed = headers[part.positions] >= COMPRESSED
        if TIMESTAMP in part.stored:
            values, known = part.column(TIMESTAMP)
            if compressed.any() or (values[known] < 0).any():
                return None
            events.append((part.positions[known], values[known].astype(np.int64), True))
        else:
            at = part.positions[compressed]
            events.append((at, headers[at].astype(np.int64) & 0x1F, False))
    positions = np.concatenate([at for at, _, _ in events])
    order = np.argsort(positions)
    values = np.concatenate([values for _, values, _ in events])[order]
    is_whole = np.concatenate([np.full(len(at), whole) for at, _, whole in events])[order]
    low = values & 0x1F
    passed = np.cumsum(np.where(is_whole, 0, (low - np.concatenate(([0], low[:-1]))) % 32))
    last_whole = np.maximum.accumulate(np.where(is_whole, np.arange(len(values)), -1))
    stamps = passed + np.where(last_whole >= 0, (values - passed)[last_whole], 0)
    sorted_positions = positions[order]
    result: list[Stamps | None] = []
    for part in parts:
        compressed = headers[part.positions] >= COMPRESSED
        own = np.full(len(part.positions), -1, dtype=np.int64)
        own[compressed] = stamps[np.searchsorted(sorted_positions, part.positions[compressed])]
        result.append(own if compressed.any() else None)
    return result


def _records(parts: Sequence[tuple[_Part, Stamps | None]]) -> Records:
    """Fill a column for each field of the records, of all layouts in the file's order."""
    count = sum(len(part.positions) for part, _ in parts)
    columns: dict[str, NDArray[np.float64]] = {}
    stamp_s = np.zeros(count, dtype=np.int64)
    placed = list(zip(parts, _rows([part for part, _ in parts]), strict=True))
    for (part, stamps), rows in placed:
        for number, field in part.kind.fields.items() if part.kind else ():
            if number == TIMESTAMP and stamps is not None:
                values, known = stamps, stamps >= 0
            elif number in part.stored:
                values, known = part.column(number)
            else:
                continue
            if field.words:  # the profile names this value: it is no number
                known &= ~np.isin(values, list(field.words))
            if number == TIMESTAMP:
                stamp_s[rows] = np.where(known & (values >= FIRST_STAMP) & (values <= LAST_STAMP), values, 0)
            else:
                column = columns.setdefault(field.name, np.full(count, np.nan))
                column[rows] = _measured(values, known, field.scale)
    for (part, _), rows in placed:
        for component in part.kind.components if part.kind else ():
            if component.source in part.stored:
                values, known = part.column(component.source)
                bits = (values.astype(np.int64) >> component.bit_offset) & ((1 << component.bits) - 1)
                column = columns.setdefault(component.into, np.full(count, np.nan))
                # What the device wrote itself comes first.
                known &= np.isnan(column[rows])
                column[rows] = np.where(known, _measured(bits, known, component.scale), column[rows])
    recorded = {name: values for name, values in columns.items() if not np.isnan(values).all()}
    return Records(stamp_s=stamp_s, columns=recorded)


def _rows(parts: Sequence[_Part]) -> list[NDArray[np.int64] | slice]:
    """Give each part's places among all messages in the file's order."""
    if len(parts) == 1:
        return [slice(None)]
    order = np.argsort(np.concatenate([np.zeros(0, dtype=np.int64), *(part.positions for part in parts)]))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ends = np.cumsum([len(part.positions) for part in parts])
    return [place[end - len(part.positions) : end] for part, end in zip(parts, ends, strict=True)]


def _measured(values: NDArray[np.int64], known: NDArray[np.bool_], scale: Scale) -> NDArray[np.float64]:
    """Scale stored values in fitparse's order of operations, NaN where none was recorded."""
    measured = values.astype(np.float64)
    if scale.divisor:
        measured /= scale.divisor
    if scale.offset:
        measured -= scale.offset
    measured[~known] = np.nan
    return measured
