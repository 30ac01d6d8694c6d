"""Plain text that fits a terminal of 80 columns: wrapped lines, named lines, tables. No colour, no markup."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

WIDTH = 80
COMMAND = re.compile(r"`[^`]{,60}`")
UNBROKEN = "\N{NO-BREAK SPACE}"
RULED = "    \n    \n -- \n    \n    \n    \n    \n    \n"  # for rich: one rule below the head, and no other line
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NARROWEST = 6
"""A column that must give way keeps at least this many characters."""


class Heading(str):
    """A line that is set in bold where a terminal can: what follows belongs to it."""

    __slots__ = ()
    style = "bold"


class Go(Heading):
    """The line that says PROGRESS."""

    __slots__ = ()
    style = "bold green"


class Stay(Heading):
    """The line that says HOLD; not red, for nothing went wrong."""

    __slots__ = ()
    style = "bold yellow"


def harmless(text: str) -> str:
    """Give a text that neither steers nor colours a terminal, nor shows its letters in another order than they have.

    People write notes, devices write names, and both may hold anything. Lines stay lines, and tabs stay.
    """
    return REORDERING.sub("", STEERING.sub("\N{REPLACEMENT CHARACTER}", text))


def wrapped(text: str, *, first: str = "", then: str | None = None, width: int = WIDTH) -> str:
    """Break a text at its spaces, the lines after the first indented like it; a `command` to type stays whole.

    A word that is longer than a line is broken too, unless it is a path: broken, nobody could copy it.
    """
    indent = " " * len(first) if then is None else then
    text = COMMAND.sub(lambda found: found.group().replace(" ", UNBROKEN), text)
    too_long = (word for word in text.split(" ") if len(word) > width - len(indent))
    is_whole = any(sign in word for word in too_long for sign in ("/", "\\", UNBROKEN))
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=not is_whole,
        break_on_hyphens=False,
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
    """Lay out rows under a head; cells break their lines until all columns fit.

    Args:
        head: the names of the columns.
        rows: as many cells each.
        right: the numbers of the columns that are set to the right.
        whole: the numbers of those that keep their width, like names to be typed again.
    """
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=Box(RULED, ascii=True), show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(head):
        side: Literal["left", "right"] = "right" if number in right else "left"
        drawn.add_column(
            Text(name),
            justify=side,
            no_wrap=number in whole,
            overflow="fold",
            min_width=min(NARROWEST, max(len(name), 1)),
        )
    for row in rows:
        drawn.add_row(*map(Text, row))  # what people wrote is text, never markup
    console = Console(width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(drawn)
    yield from (line.rstrip() for line in captured.get().splitlines())
