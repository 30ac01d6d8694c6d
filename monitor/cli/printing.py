"""Where words go: data to stdout, chatter to stderr. And how long things take while one waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import typer

from monitor.cli.layout import Heading, columns, wrapped
from monitor.cli.legible import cells, escaped, legible

FORMAT_VERSION = 1
"""Of every JSON object printed. Raised when a field changes its meaning or goes away, not when one is added."""


def say(text: str = "") -> None:
    """Print what was asked for; in a terminal a heading in bold, and in a pipe never."""
    if isinstance(text, Heading) and sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        # It knows NO_COLOR and old consoles.
        Console(highlight=False, soft_wrap=True).print(Text(legible(text), style=text.style))
    else:
        typer.echo(legible(text))


def tell(text: str) -> None:
    """Print what is said beside it; in a terminal a line that is too long breaks between words, and stays indented."""
    if sys.stderr.isatty() and "\n" not in text and cells(text) > columns():
        indent = " " * (len(text) - len(text.lstrip(" ")))
        text = wrapped(text, first=indent, then=f"{indent}  ")
    typer.echo(legible(text), err=True)


urgent: ContextVar[tuple[str, ...] | None] = ContextVar("urgent", default=None)
"""The notice of an urgent sign, of the runner whom the command is about; None: it is about no runner."""


def say_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object on one line, at once: a reader of a pipe gets each line when it is ready.

    Of a runner's data each has `urgent`, the notice that stands first in all that is printed, so that a program that
    shows the object has it too.
    """
    notice = urgent.get()
    first = {} if notice is None else {"urgent": list(notice)}
    whole = {"format_version": FORMAT_VERSION, **first, **content}
    typer.echo(escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False)))
    sys.stdout.flush()


def can_say(text: str) -> bool:
    """Tell whether stdout has the letters for a text; an old console may not."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far something long has come."""

    advance: Callable[[int, str], None]  # one more is done, of as many in all; and what came of them so far
    say: Callable[[str], None]  # print what was asked for, while the bar is there


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Show a bar on stderr while something long runs, and nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield Progress(advance=lambda total, told: None, say=say)
        return
    from rich import progress as rich_progress
    from rich.console import Console

    console = Console(stderr=True)

    def above_the_bar(text: str) -> None:
        console.print(wrapped(text, then="  "), markup=False, highlight=False, emoji=False, soft_wrap=True)

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(bar_width=16),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeRemainingColumn(compact=True),
        rich_progress.TextColumn("{task.fields[told]}", markup=False),
    )
    # The same terminal shows both: only the console that draws the bar knows how to write a line above it. Lines for
    # a pipe are none of its business.
    shown = above_the_bar if sys.stdout.isatty() else say
    with rich_progress.Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task(what, total=None, told="")
        yield Progress(
            advance=lambda total, told: bar.update(task, advance=1, total=total, told=told),
            say=shown,
        )
