"""Plain text that fits a terminal: wrapped lines, named lines, tables. No colour, no markup."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

from monitor.cli.legible import LONGEST_WORD, broken, cells, legible

WIDTH = 80
"""Columns that are used at most, in a wider terminal too: longer lines are read less well. In a pipe always."""
NARROWEST_PAGE = 40
"""In a still narrower terminal it breaks the lines itself."""
COMMAND = re.compile(r"`[^`]{,60}`")
BLANKS = re.compile(r"[ \t\n\r\f\v]+")
UNBROKEN = "\N{NO-BREAK SPACE}"
RULED = "    \n    \n -- \n    \n    \n    \n    \n    \n"  # for rich: one rule below the head, and no other line
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


def columns() -> int:
    """Give the columns there are: those of the terminal where stdout is one, and of them no more than is read well."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(NARROWEST_PAGE, min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns))


def wrapped(text: str, *, first: str = "", then: str | None = None, width: int | None = None) -> str:
    """Break a text at its spaces, the lines after the first indented like it; a `command` to type stays whole.

    A word longer than the line stays whole too, so that a path can be copied, up to a length that no path has.
    """
    indent, width = " " * cells(first) if then is None else then, width or columns()
    lines, line, room = [], first, width - cells(first)
    is_empty = True  # of words
    for word in _words(text, width - cells(indent)):
        size = cells(word) + (not is_empty)
        if size > room and not is_empty:
            lines.append(line)
            line, room, size, is_empty = indent, width - cells(indent), cells(word), True
        line += word if is_empty else f" {word}"
        room, is_empty = room - size, False
    return "\n".join([*lines, line.rstrip() if is_empty else line])


def _words(text: str, width: int) -> Iterator[str]:
    text = COMMAND.sub(lambda found: found.group().replace(" ", UNBROKEN), legible(text))
    for word in BLANKS.split(text):
        if len(word) > LONGEST_WORD:
            yield from broken(word, width)
        elif word:
            yield word.replace(UNBROKEN, " ")


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
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[int] = (),
    whole: Collection[int] = (),
    least: Sequence[int] = (),
) -> Iterator[str]:
    """Lay out rows under a head; cells break their lines until all columns fit.

    Args:
        head: the names of the columns.
        rows: as many cells each.
        right: the numbers of the columns that are set to the right.
        whole: the numbers of those that keep their width, like names to be typed again.
        least: the numbers of those that go where there is no room for all, the first one first.
    """
    gone = set(_too_many(head, rows, least))
    if gone:
        kept = [number for number in range(len(head)) if number not in gone]
        fewer = [[row[number] for number in kept] for row in rows]
        sides, names = ([kept.index(number) for number in of if number in kept] for of in (right, whole))
        yield from table([head[number] for number in kept], fewer, right=sides, whole=names)
        return
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
        drawn.add_row(*(Text(legible(cell)) for cell in row))  # what people wrote is text, never markup
    console = Console(width=columns(), color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(drawn)
    yield from (line.rstrip() for line in captured.get().splitlines())


def _too_many(head: Sequence[str], rows: Sequence[Sequence[str]], least: Sequence[int]) -> Iterator[int]:
    """Name the columns that there is no room for."""
    widths = [max(map(cells, column)) for column in zip(head, *(map(legible, row) for row in rows), strict=True)]
    over = sum(widths) + 2 * (len(widths) - 1) - columns()
    for number in least:
        if over <= 0:
            return
        over -= widths[number] + 2
        yield number
