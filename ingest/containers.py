"""Files inside files: gzip, recognised by its first bytes and unpacked under limits.

Archives with several members come here too when they are read.
"""

from __future__ import annotations

import zlib

from ingest.errors import Damaged, EmptyFile, TooLarge

MAX_BYTES = 200_000_000
"""No activity is larger: a day at one sample a second is 5 MB as FIT and 40 MB as GPX."""

MAX_RATIO = 200
"""Real exports shrink to a tenth, the most regular to a fiftieth; a bomb to a thousandth."""

RATIO_COUNTS_FROM = 10_000_000
"""Small files may shrink as much as they like."""

MAX_DEPTH = 3
"""A mail program packs what was packed already; nobody does so four times."""

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS  # zlib's word for "expect a gzip header and checksum"
_CHUNK = 1 << 20


def innermost(data: bytes, file_name: str) -> bytes:
    """Unpack gzip until something else appears; give bytes that are not packed back as they are.

    Raises:
        TooLarge: more bytes than an activity can have, or packed beyond belief.
        Damaged: the packed file is cut off or fails its own checksum.
        EmptyFile: nothing is inside.
    """
    for _ in range(MAX_DEPTH):
        if not data.startswith(GZIP_MAGIC):
            return data
        data = _gunzip(data, file_name)
        if not data:
            raise EmptyFile(file_name, "is a packed file with nothing inside", "Export the activity once more.")
    if data.startswith(GZIP_MAGIC):
        raise TooLarge(file_name, "is packed again and again", "Unpack it first and import what is inside.")
    return data


def _gunzip(data: bytes, file_name: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    rest = data
    while rest.startswith(GZIP_MAGIC):  # a gzip file may be several, one after another; padding may follow
        stream = zlib.decompressobj(_GZIP_WINDOW)
        while not stream.eof:
            try:
                piece = stream.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise _cut_off(file_name) from error
            rest = stream.unconsumed_tail
            if not piece and not stream.eof:
                raise _cut_off(file_name)
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BYTES or (size > RATIO_COUNTS_FROM and size > MAX_RATIO * len(data)):
                raise TooLarge(
                    file_name,
                    f"unpacks to more than {size // 1_000_000} MB, which no activity does",
                    "Do not open it unless you know where it comes from; export the activity once more.",
                )
        rest = stream.unused_data
    return b"".join(pieces)


def _cut_off(file_name: str) -> Damaged:
    return Damaged(
        file_name, "is a packed file that is cut off or broken", "Copy it once more, or export the activity again."
    )
