"""What people wrote, as a terminal may show it: nothing that moves its cursor, turns its letters round or hides some.

Names and notes are hers and stay as she wrote them; only what is printed is cleaned, and JSON says the same by escapes.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

LONGEST_WORD = 320
"""Letters without a blank that are still left whole: paths and addresses are there to be copied."""

_SHOWN_AS = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), None),  # controls: escapes, bells, backspaces
    **dict.fromkeys((0x09, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029), " "),  # what parts words or lines elsewhere
    0x0A: "\n",
    **dict.fromkeys((0x61C, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),  # turning
    **dict.fromkeys((0xAD, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF), None),  # of no width
    **dict.fromkeys((*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)), None),  # of no shape
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),  # halves of a pair, which are no letters
}
"""By code point. The joiners stay: a family of emoji, and much of Persian, is written with them."""


def legible(text: str) -> str:
    """Leave out what would act on a terminal instead of being read, and put half a letter as a replacement sign."""
    return text if text.isascii() and text.isprintable() else text.translate(_SHOWN_AS)


def escaped(json: str) -> str:
    """Write what `legible` would leave out as JSON's own escapes: a program reads the same, a terminal is left alone.

    Half of a character pair, which no reader of JSON takes, becomes a replacement sign.
    """
    return json if json.isascii() and json.isprintable() else json.translate(_ESCAPES)


def _escape(code: int, shown: str | None) -> str:
    if shown == "\N{REPLACEMENT CHARACTER}":
        return shown
    units = chr(code).encode("utf-16-be")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


_ESCAPES = {code: _escape(code, shown) for code, shown in _SHOWN_AS.items() if code >= 0x7F}  # JSON escapes the rest


def cells(text: str) -> int:
    """Count the columns that a text takes: two for a letter of China or an emoji, none for what joins or accents."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(sign: str) -> int:
    if sign == "\N{ZERO WIDTH JOINER}" or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def broken(word: str, width: int) -> list[str]:
    """Break a word into pieces of so many columns."""
    ends, taken = [], 0
    for sign in word:
        taken += _cells(sign)
        ends.append((taken - 1) // width if taken else 0)
    return [
        "".join(sign for _, sign in piece) for _, piece in groupby(zip(ends, word, strict=True), key=lambda p: p[0])
    ]
