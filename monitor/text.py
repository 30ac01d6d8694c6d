"""What people write, as text that can be stored, shown and typed again."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 200

_UNREADABLE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def storable(text: str) -> str:
    """Give a text with a mark in place of each byte that was no letter: no file and no database takes those."""
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def readable(text: str) -> str:
    """Give what she wrote without control characters but for lines and tabs, and without space around it."""
    return _CONTROL.sub("", storable(text)).strip()


def a_name(text: str) -> str:
    """Read what a runner is called.

    Raises:
        ValueError: it cannot be shown or typed; the message is what is expected.
    """
    name = _nfc(text)
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ValueError(f"a name that can be typed, on one line and of at most {LONGEST_NAME} characters")
    return name


def same_name(one: str, other: str) -> bool:
    """Say whether two names are written with the same letters, however these are put together."""
    return _nfc(one) == _nfc(other)


def folded(name: str) -> str:
    """Give a name as it is compared: however its letters are put together, large or small."""
    return unicodedata.normalize("NFC", _nfc(name).casefold())


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
