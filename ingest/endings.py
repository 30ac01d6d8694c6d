"""Whether bytes are a whole file, or the beginning of one that is still arriving.

Each kind says in its own way where it ends: FIT declares its length and carries a checksum, XML closes its root, gzip
and ZIP end with a record of their own, a table ends its last line. A file whose place was kept first and filled later
has its full length from the beginning, so length alone is never enough.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

from ingest import fit_layout, gzips, zips
from ingest.containers import HEAD_BYTES, MAX_BYTES
from ingest.errors import IngestError, TooLarge
from ingest.names import promises
from ingest.xml_root import BLANKS, marked_encoding, root_name

_GAPS = "has gaps that are not filled yet"
_ZEROS = "holds zeros where its beginning should be"
_SHORT_BYTES = 16  # fewer are no file of any kind, and too few to tell which
_TAIL_BYTES = 8192  # what may follow the root of an XML file: comments, white space, padding
_AFTER_ROOT = rb"(?:\s|(?><!--.*?-->)|(?><\?.*?\?>))*\Z"  # atomic: else comments could be split up in endless ways


def unfinished(data: bytes, name: str) -> str | None:
    """Say why these bytes are not a whole file yet, as the rest of a sentence that begins with the file's name.

    None where they are whole, or of a kind whose end cannot be told. What is damaged cannot be told from what is
    still arriving: whoever asks waits for a while, and then reads it for what it is.

    Args:
        data: all bytes there are.
        name: the file's own name: only a table (`.csv`) is known by it, and a name that promises a recording is
            believed for as long as the bytes are of no kind at all.
    """
    if not data:
        return "is empty so far"
    head = data[:HEAD_BYTES]
    if not head.strip(b"\0"):
        return _ZEROS
    if data.startswith(gzips.MAGIC):
        return _unfinished_gzip(data)
    if zips.is_zip(head):
        return unfinished_archive(io.BytesIO(data))
    if fit_layout.is_header(data):
        return _unfinished_fit(data)
    if name.lower().endswith(".csv"):
        return _unfinished_table(data)
    text = head.decode(marked_encoding(head) or "utf-8", errors="replace").lstrip(BLANKS)
    if text.startswith("<"):
        return _unfinished_xml(data, root_name(head))
    if not promises(name) and not name.lower().endswith(".gz"):
        return None
    return "has hardly begun" if len(data) < _SHORT_BYTES or not text else "does not begin as a recording does"


def unfinished_archive(file: BinaryIO) -> str | None:
    """Say the same of a ZIP archive, reading no more of it than its directory and where its members begin."""
    try:
        archive = zips.open_archive(file, "")
    except TooLarge:
        return None  # nothing that waiting helps
    except IngestError:
        return "has no directory at its end"
    with archive:
        for info in sorted(archive.filelist, key=lambda info: info.header_offset):
            if info.header_offset < 0:
                return _GAPS
            file.seek(info.header_offset)
            if file.read(len(zips.MAGIC[0])) not in zips.MAGIC:
                return _GAPS
    return None


def _unfinished_fit(data: bytes) -> str | None:
    """Look at every file that is chained: length first, which is cheap, then checksum."""
    files, _ = fit_layout.embedded_files(data)
    if any(file.is_cut for file in files):
        return "is shorter than it says it will be"
    if any(file.messages and not file.messages.strip(b"\0") for file in files):
        return _GAPS  # after a header that carries a checksum of its own, zeros up to the end fit theirs
    if not all(file.checksum_holds for file in files):
        return "does not fit its own checksum"
    return None


def _unfinished_gzip(data: bytes) -> str | None:
    """Unpack all streams, under limits, and keep nothing."""
    size = 0
    try:
        for piece in gzips.pieces(data):
            size += len(piece)
            if size > MAX_BYTES:
                return None  # more than is ever read: nothing that waiting helps
    except gzips.Broken:
        return "is a packed file without its end"
    except gzips.Endless:
        return None
    return None


def _unfinished_xml(data: bytes, root: str | None) -> str | None:
    """Look for the end of the root, with nothing after it but comments, white space and padding."""
    encoding = marked_encoding(data)
    if encoding is not None:  # rare: two bytes a sign, half of them zeros
        data = data.decode(encoding, errors="replace").encode(errors="replace")
    kept = data.rstrip(b"\0 \t\r\n")
    if b"\0" in kept:
        return _GAPS
    name = rb"(?:[\w.-]+:)?" + re.escape((root or "").encode())
    end = rb"(?:</" + name + rb"\s*>|<" + name + rb"(?:\s[^<>]*)?/>)" + _AFTER_ROOT
    is_closed = root is not None and re.search(end, kept[-_TAIL_BYTES:], re.DOTALL | re.IGNORECASE)
    return None if is_closed else "does not close what it opened"


def _unfinished_table(data: bytes) -> str | None:
    """A last line that is not ended may be half a number; inside quotes a line's end is not a row's."""
    if b"\0" in data:
        return _GAPS
    return None if data.endswith((b"\n", b"\r")) and data.count(b'"') % 2 == 0 else "stops within a line"
