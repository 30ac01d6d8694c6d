"""gzip, unpacked piece by piece from bytes in memory, in time that grows with their number and no faster.

A file may be several streams one after another, as tools that pack in blocks write it; zlib copies whatever follows a
stream, so it is fed a little at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator

MAGIC = b"\x1f\x8b"

MAX_STREAMS = 10_000
"""In one file: of blocks of 64 KB that is more than any file may hold."""

_WINDOW = 16 + zlib.MAX_WBITS  # zlib's word for "expect a gzip header and checksum"
_FEED = 1 << 16
_PIECE = 1 << 20


class Broken(Exception):
    """A stream that is cut off, or fails its own checksum."""


class Endless(Exception):
    """More streams than a file has."""


def pieces(data: bytes) -> Generator[bytes, None, int]:
    """Unpack all streams.

    Returns:
        How many bytes after the last one belong to none, padding of zeros aside.

    Raises:
        Broken, Endless: what was given so far is not all of it.
    """
    view = memoryview(data)
    at = streams = 0
    while data.startswith(MAGIC, at):
        streams += 1
        if streams > MAX_STREAMS:
            raise Endless
        stream = zlib.decompressobj(_WINDOW)
        while not stream.eof:
            fed = view[at : at + _FEED]
            try:
                piece = stream.decompress(fed, _PIECE)
            except zlib.error as error:
                raise Broken from error
            at += len(fed) - len(stream.unconsumed_tail) - len(stream.unused_data)
            if not piece and not fed:
                raise Broken
            if piece:
                yield piece
    if data[at:] == MAGIC[:1]:
        raise Broken  # one more stream, of which only this has come
    return len(data[at:].rstrip(b"\0"))


def begins(data: bytes, size: int) -> bytes:
    """Give the first bytes of what is packed; nothing where that is broken."""
    try:
        return zlib.decompressobj(_WINDOW).decompress(data, size)
    except zlib.error:
        return b""
