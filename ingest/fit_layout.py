"""The outer structure of FIT bytes: embedded files, whole messages, checksums. No library, no meaning of a field.

FIT allows several files one after another, each with its own header; each is an activity of its own. Within one, this
walk finds where whole messages end, leaves out the kinds nobody reads (most of a file), and rewrites what decoders
stumble over, so that a decoder never sees half a message:

- developer fields become anonymous bytes: their descriptions may be missing or wrong, and nothing here needs them;
- fields whose size is no multiple of their type's become anonymous bytes, too: read some other way, they would give a
  number that nobody measured;
- fields of no size go.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER_BYTES = 12  # 14 with the header's own checksum
CHECKSUM_BYTES = 2
MAGIC = b".FIT"

_COMPRESSED, _DEFINITION, _DEVELOPER = 0x80, 0x40, 0x20
_BYTE_TYPE = 0x0D
_ANONYMOUS_FIELD = 0xFF  # a number that no message defines
_SIZES = {0x83: 2, 0x84: 2, 0x8B: 2, 0x85: 4, 0x86: 4, 0x8C: 4, 0x88: 4, 0x89: 8, 0x8E: 8, 0x8F: 8, 0x90: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """One FIT file among those that the bytes hold."""

    messages: bytes  # without header and checksum
    is_cut: bool  # fewer bytes than its header declares
    checksum_holds: bool  # False also where the checksum itself is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeMessages:
    """The messages of an embedded file, cleaned for a decoder."""

    messages: bytes
    is_sound: bool  # the messages end where the bytes end
    is_cut: bool  # the last message is not all there
    odd_fields: int  # field definitions whose size does not fit their type


def is_header(data: bytes, offset: int = 0) -> bool:
    """Say whether a FIT header begins at `offset`."""
    return data[offset + 8 : offset + HEADER_BYTES] == MAGIC and data[offset] >= HEADER_BYTES


def embedded_files(data: bytes) -> tuple[list[EmbeddedFile], int]:
    """Split chained files at their headers.

    Returns:
        The files, and how many bytes after the last of them belong to none.
    """
    files: list[EmbeddedFile] = []
    offset = 0
    while is_header(data, offset):
        start = offset + data[offset]
        (declared,) = struct.unpack_from("<I", data, offset + 4)
        # A watch that lost power never came back to write the length: take all there is.
        is_cut = start + declared > len(data) or (declared == 0 and start + CHECKSUM_BYTES < len(data))
        end = len(data) if is_cut else start + declared
        checksum = data[end : end + CHECKSUM_BYTES]
        holds = len(checksum) == CHECKSUM_BYTES and _crc16(data[offset:end]) == int.from_bytes(checksum, "little")
        files.append(EmbeddedFile(messages=data[start:end], is_cut=is_cut, checksum_holds=holds))
        offset = min(end + CHECKSUM_BYTES, len(data))
    return files, len(data) - offset


def whole_messages(data: bytes, wanted: frozenset[int] | None) -> WholeMessages:
    """Keep the whole messages of the wanted kinds (global message numbers; None keeps all)."""
    kept = bytearray()
    definitions: dict[int, tuple[int, bool]] = {}  # local type: (bytes of its data, is it wanted)
    odd_fields = position = 0
    length = len(data)
    is_cut = False
    while position < length:
        header = data[position]
        if header & _DEFINITION and not header & _COMPRESSED:
            definition = _Definition.at(data, position)
            if definition is None:
                is_cut = True
                break
            is_wanted = wanted is None or definition.global_number in wanted
            definitions[header & 0x0F] = (definition.data_bytes, is_wanted)
            position = definition.end
            odd_fields += definition.odd_fields * is_wanted
            if is_wanted:
                kept += definition.cleaned
            continue
        if header & _COMPRESSED and wanted is not None:
            # Such a time stands on the stamp before it, of whatever kind of message: leave none out.
            return whole_messages(data, None)
        known = definitions.get((header >> 5) & 3 if header & _COMPRESSED else header & 0x0F)
        if known is None:
            break
        end = position + 1 + known[0]
        if end > length:
            is_cut = True
            break
        if known[1]:
            kept += data[position:end]
        position = end
    return WholeMessages(messages=bytes(kept), is_sound=position == length, is_cut=is_cut, odd_fields=odd_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    """A definition message: the layout of the data messages that follow."""

    global_number: int
    data_bytes: int
    end: int
    odd_fields: int
    cleaned: bytes

    @classmethod
    def at(cls, data: bytes, position: int) -> _Definition | None:
        """Read the definition at `position`; None if it is not all there or beyond rewriting."""
        if position + 6 > len(data):
            return None
        order = ">" if data[position + 2] else "<"
        global_number, field_count = struct.unpack_from(order + "HB", data, position + 3)
        end = position + 6 + 3 * field_count
        fields = [data[at : at + 3] for at in range(position + 6, end, 3)]
        if data[position] & _DEVELOPER and end < len(data):
            start, end = end + 1, end + 1 + 3 * data[end]
            fields += [bytes((_ANONYMOUS_FIELD, size, _BYTE_TYPE)) for size in data[start + 1 : end : 3]]
        elif data[position] & _DEVELOPER:
            return None
        if end > len(data):
            return None
        data_bytes = sum(field[1] for field in fields)
        fields = [field for field in fields if field[1]]
        odd_fields = 0
        for index, (_, size, base_type) in enumerate(fields):
            if size % _SIZES.get(base_type, 1):
                fields[index] = bytes((_ANONYMOUS_FIELD, size, _BYTE_TYPE))
                odd_fields += 1
        if len(fields) > 0xFF:
            return None
        header = bytes((data[position] & ~_DEVELOPER, 0, data[position + 2]))
        cleaned = header + struct.pack(order + "HB", global_number, len(fields)) + b"".join(fields)
        return cls(global_number=global_number, data_bytes=data_bytes, end=end, odd_fields=odd_fields, cleaned=cleaned)


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_CRC_OF_BYTE = tuple(_crc_of(byte) for byte in range(256))


def _crc16(data: bytes) -> int:
    """Compute FIT's checksum: the reflected CRC-16 of polynomial 0x8005."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    return crc
