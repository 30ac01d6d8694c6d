"""The outer structure of FIT bytes: embedded files, whole messages, checksums. No library, no meaning of a field.

FIT allows several files one after another, each with its own header; each is an activity of its own. Within one, this
walk finds where whole messages lie and leaves out the kinds nobody reads (most of a file), so that no decoder ever
sees half a message. For a decoder that reads bytes of its own it rewrites what such decoders stumble over:

- developer fields become anonymous bytes: their descriptions may be missing or wrong, and nothing here needs them;
- fields whose size is no multiple of their type's become anonymous bytes, too: read some other way, they would give a
  number that nobody measured;
- fields of no size go.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from typing import Literal

HEADER_BYTES, LONG_HEADER_BYTES = 12, 14  # without and with a checksum of its own
CHECKSUM_BYTES = 2
MAGIC = b".FIT"

MAX_FILES = 1000
"""Chained in one; a watch chains two or three, a strap one for each hour."""

MAX_MESSAGES = 3_000_000
"""In one file; a week at a sample a second has 600,000 records, and some watches write a few others beside each."""

COMPRESSED = 0x80  # of a message's header: it holds five bits of time
_DEFINITION, _DEVELOPER = 0x40, 0x20
AHEAD = 512  # messages that are looked at together
_BYTE_TYPE = 0x0D
_ANONYMOUS_FIELD = 0xFF  # a number that no message defines
_SIZES = {0x83: 2, 0x84: 2, 0x8B: 2, 0x85: 4, 0x86: 4, 0x8C: 4, 0x88: 4, 0x89: 8, 0x8E: 8, 0x8F: 8, 0x90: 8}


class TooMany(Exception):
    """There are more messages than any device writes; walking on would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """One FIT file among those that the bytes hold."""

    messages: bytes  # without header and checksum
    is_cut: bool  # fewer bytes than its header declares
    checksum_holds: bool  # False also where the checksum itself is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a definition message lays down, and where the data messages lie that keep to it."""

    global_number: int
    is_big_endian: bool
    fields: tuple[tuple[int, int, int], ...]  # (number, bytes, base type), cleaned
    message_bytes: int  # of a data message with its header
    odd_fields: int  # whose size does not fit their type
    cleaned: bytes  # the definition message
    positions: array[int] = field(default_factory=lambda: array("q"))  # of data messages, in the file's order


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeMessages:
    """The whole messages of an embedded file."""

    data: bytes
    layouts: tuple[Layout, ...]  # each once, however often the file repeats its definition
    definitions: tuple[tuple[int, Layout], ...]  # where each definition message lies
    is_sound: bool  # the messages end where the bytes end
    is_cut: bool  # the last message is not all there
    has_compressed_times: bool

    @property
    def odd_fields(self) -> int:
        """Count the field definitions whose size does not fit their type."""
        return sum(layout.odd_fields for _, layout in self.definitions)

    def cleaned(self) -> bytes:
        """Give the messages for a decoder that reads bytes of its own."""
        parts = [(position, layout.cleaned) for position, layout in self.definitions]
        for layout in self.layouts:
            size = layout.message_bytes
            parts += [(position, self.data[position : position + size]) for position in layout.positions]
        parts.sort()
        return b"".join(part for _, part in parts)


def is_header(data: bytes, offset: int = 0) -> bool:
    """Say whether a FIT header begins at `offset`."""
    return data[offset + 8 : offset + HEADER_BYTES] == MAGIC and data[offset] >= HEADER_BYTES


def embedded_files(data: bytes) -> tuple[list[EmbeddedFile], int]:
    """Split chained files at their headers; of more than `MAX_FILES` only one more is looked for.

    Returns:
        The files, and how many bytes between them and after the last belong to none.
    """
    files: list[EmbeddedFile] = []
    surplus = 0
    offset: int | None = 0 if is_header(data) else None
    while offset is not None and len(files) <= MAX_FILES:
        start = offset + data[offset]
        (declared,) = struct.unpack_from("<I", data, offset + 4)
        # A watch that lost power never came back to write the length: take all there is.
        is_cut = start + declared > len(data) or (declared == 0 and start + CHECKSUM_BYTES < len(data))
        end = len(data) if is_cut else start + declared
        holds = end + CHECKSUM_BYTES <= len(data) and checksum_holds(data[offset : end + CHECKSUM_BYTES])
        files.append(EmbeddedFile(messages=data[start:end], is_cut=is_cut, checksum_holds=holds))
        end = min(end + CHECKSUM_BYTES, len(data))
        offset = _next_header(data, end)
        surplus += (len(data) if offset is None else offset) - end
    return files, surplus


def _next_header(data: bytes, offset: int) -> int | None:
    """Find where the next chained file begins: here, or after bytes that belong to none."""
    if is_header(data, offset):
        return offset
    magic = data.find(MAGIC, offset + 8)
    while magic >= 0 and not _is_sure_header(data[magic - 8 :][:LONG_HEADER_BYTES]):
        magic = data.find(MAGIC, magic + 1)
    return magic - 8 if magic >= 0 else None


def _is_sure_header(header: bytes) -> bool:
    """Say whether what looks like a header among other bytes is one; the longer kind may carry a checksum."""
    if header[0] == HEADER_BYTES:
        return True
    return header[0] == LONG_HEADER_BYTES and (header[HEADER_BYTES:] == b"\0\0" or checksum_holds(header))


def whole_messages(data: bytes, wanted: frozenset[int] | None) -> WholeMessages:
    """Find the whole messages of the wanted kinds (global message numbers; None keeps all).

    Raises:
        TooMany: there are more messages than any device writes.
    """
    layouts: dict[bytes, Layout] = {}
    definitions: list[tuple[int, Layout]] = []
    sizes = [0] * 16  # by local type: bytes of a data message, 0 where none is defined
    kept: list[array[int] | None] = [None] * 16  # by local type: where the places of its data messages are noted
    noted: array[int] | None = None
    before = -1  # the header of the data message before
    position, length = 0, len(data)
    count = 0  # of messages so far
    is_cut = has_compressed_times = False
    while position < length:
        if count > MAX_MESSAGES:
            raise TooMany
        count += 1
        header = data[position]
        if header < _DEFINITION:
            local_type = header & 0x0F
        elif header >= COMPRESSED:
            if wanted is not None:
                # Such a time stands on the stamp before it, of whatever kind of message: leave none out.
                return whole_messages(data, None)
            has_compressed_times = True
            local_type = (header >> 5) & 3
        else:
            definition = _definition(data, position)
            if definition is None:
                is_cut = True
                break
            local_type = header & 0x0F
            sizes[local_type], kept[local_type] = _message_bytes(definition), None
            if wanted is None or int.from_bytes(definition[3:5], _order(definition)) in wanted:
                layout = layouts.get(definition)
                if layout is None:
                    layout = layouts[definition] = _layout(definition)
                definitions.append((position, layout))
                kept[local_type] = layout.positions
            position += len(definition)
            continue
        size = sizes[local_type]
        if not size:
            break
        noted = kept[local_type]
        if header != before:
            before = header
            if noted is not None:
                noted.append(position)
            position += size
            continue
        # Many watches write hundreds of one kind in a row: count their headers at once.
        ahead = data[position : position + AHEAD * size : size]
        end = position + size * (len(ahead) - len(ahead.lstrip(ahead[:1])))
        if noted is not None:
            noted.extend(range(position, end, size))
        count += (end - position) // size
        position = end
    if position > length:
        is_cut = True
        if noted is not None:
            noted.pop()
    return WholeMessages(
        data=data,
        layouts=tuple(layouts.values()),
        definitions=tuple(definitions),
        is_sound=position == length,
        is_cut=is_cut,
        has_compressed_times=has_compressed_times,
    )


def _definition(data: bytes, position: int) -> bytes | None:
    """Cut out the definition message at `position`; None if it is not all there or beyond rewriting."""
    if position + 6 > len(data):
        return None
    end = position + 6 + 3 * data[position + 5]
    if data[position] & _DEVELOPER:
        if end >= len(data):
            return None
        end += 1 + 3 * data[end]
    if end > len(data):
        return None
    definition = data[position:end]
    # With the developers' fields there may be more than a definition without them can hold.
    return None if len(definition) > 6 + 3 * 0xFF and len(_fields(definition)) > 0xFF else definition


def _order(definition: bytes) -> Literal["big", "little"]:
    return "big" if definition[2] else "little"


def _message_bytes(definition: bytes) -> int:
    """Add up the sizes in a definition, and the header of a data message."""
    end = 6 + 3 * definition[5]
    return 1 + sum(definition[7:end:3]) + sum(definition[end + 2 :: 3])


def _fields(definition: bytes) -> list[tuple[int, int, int]]:
    """Give number, bytes and base type of each field; those of developers stay anonymous, those of no size go."""
    end = 6 + 3 * definition[5]
    fields = zip(definition[6:end:3], definition[7:end:3], definition[8:end:3], strict=True)
    developers = ((_ANONYMOUS_FIELD, size, _BYTE_TYPE) for size in definition[end + 2 :: 3])
    return [field for field in (*fields, *developers) if field[1]]


def _layout(definition: bytes) -> Layout:
    """Read a whole definition message."""
    fields = _fields(definition)
    odd_fields = 0
    for index, (_, size, base_type) in enumerate(fields):
        if size % _SIZES.get(base_type, 1):
            fields[index] = (_ANONYMOUS_FIELD, size, _BYTE_TYPE)
            odd_fields += 1
    header = bytes((definition[0] & ~_DEVELOPER, 0, *definition[2:5], len(fields)))
    return Layout(
        global_number=int.from_bytes(definition[3:5], _order(definition)),
        is_big_endian=_order(definition) == "big",
        fields=tuple(fields),
        message_bytes=_message_bytes(definition),
        odd_fields=odd_fields,
        cleaned=header + b"".join(map(bytes, fields)),
    )


def checksum_holds(data: bytes) -> bool:
    """Say whether bytes end with the checksum that fits them: FIT's, the reflected CRC-16 of polynomial 0x8005.

    It does if all bits together, as a polynomial over {0, 1}, are divisible by x¹⁶ + x¹⁵ + x² + 1, which is
    (x + 1)(x¹⁵ + x + 1). By x + 1: the ones are even in number. By the other: squares of sums have no mixed terms here,
    so x¹⁵ᵐ ≡ xᵐ + 1 for every power of two m, and one shift of a long integer folds half of it onto the other half.
    A loop over the bytes would take longer than all the rest of reading a file.
    """
    folded = int.from_bytes(
        data, "little"
    )  # the first bit of the stream is the lowest, and stands for the highest power
    if folded.bit_count() % 2:
        return False
    length = 8 * len(data)
    while length > 15:
        m = 1 << ((length - 1) // 15).bit_length() - 1
        count = min(length - 15 * m, 14 * m)
        low = folded & ((1 << count) - 1)
        folded = (folded >> count) ^ (low << (14 * m - count)) ^ (low << (15 * m - count))
        length -= count
    return folded == 0
