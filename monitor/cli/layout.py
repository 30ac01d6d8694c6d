"""Plain text that fits a terminal of 80 columns: wrapped lines, named lines, tables. No colour, no markup."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

WIDTH = 80
COMMAND = re.compile(r"`[^`]{,60}`")
UNBROKEN = "\N{NO-BREAK SPACE}"
NARROWEST = 6
"""A column that must give way keeps at least this many characters."""


def wrapped(text: str, *, first: str = "", then: str | None = None, width: int = WIDTH) -> str:
    """Break a text at its spaces, the lines after the first indented like it; a `command` to type stays whole."""
    indent = " " * len(first) if then is None else then
    text = COMMAND.sub(lambda found: found.group().replace(" ", UNBROKEN), text)
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ).replace(UNBROKEN, " ")


def bullets(texts: Iterable[str], *, indent: str = "  ") -> Iterator[str]:
    """Write each text as an item of a list."""
    for text in texts:
        yield wrapped(text, first=f"{indent}- ", then=f"{indent}  ")


def named(pairs: Iterable[tuple[str, str]], *, indent: str = "  ") -> Iterator[str]:
    """Write names and what they name, the latter under one another."""
    listed = list(pairs)
    widest = max((len(name) for name, _ in listed), default=0)
    for name, text in listed:
        yield wrapped(text, first=f"{indent}{name:<{widest}}  ")


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = (), whole: Collection[int] = ()
) -> Iterator[str]:
    """Lay out rows under a head; the widest columns break their lines until all of them fit.

    Args:
        head: the names of the columns.
        rows: as many cells each.
        right: the numbers of the columns that are set to the right.
        whole: the numbers of those that keep their width, like names to be typed again.
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widest = max((n for n in range(len(widths)) if n not in whole), key=lambda n: widths[n])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, cells))):
            line = (
                f"{part:>{width}}" if column in right else f"{part:<{width}}"
                for column, (part, width) in enumerate(
                    (cell[number] if number < len(cell) else "", width)
                    for cell, width in zip(cells, widths, strict=True)
                )
            )
            yield "  ".join(line).rstrip()
