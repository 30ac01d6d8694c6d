"""What XML calls itself and what stands before its root, from its text and without a parser."""

from __future__ import annotations

import codecs
import re

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the next one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),  # no mark, and the first sign of any XML
    (b"\0<", "utf-16-be"),
)
BLANKS = " \t\r\n\ufeff"
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_TYPE = re.compile(r"<!DOCTYPE\s+(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.IGNORECASE)


def marked_encoding(data: bytes) -> str | None:
    """Give the encoding that the first bytes show, whatever the text declares, or None."""
    return next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def root_name(head: bytes) -> str | None:
    """Give the local name of the root element that begins in these first bytes, or None if there is none.

    Where a document type is declared at such length that the root lies beyond them, its name is the root's.
    """
    text = head.decode(marked_encoding(head) or "utf-8", errors="replace").lstrip(BLANKS)
    position = _end_of_prologue(text)
    root = _ROOT.match(text, position) or _TYPE.match(text, position)
    return root[1] if root else None


def declares_type(text: str) -> bool:
    """Say whether a document type, and with it perhaps entities, is declared before the root."""
    position = _end_of_prologue(text)
    return text.startswith("<!", position) or any("<!DOCTYPE" in part.upper() for part in _parts(text))


def _end_of_prologue(text: str) -> int:
    return sum(map(len, _parts(text)))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    position = 0
    while before := _BEFORE_ROOT.match(text, position):
        parts.append(before[0])
        position = before.end()
    return parts
