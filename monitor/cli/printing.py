"""Where words go: data to stdout, chatter to stderr. And how long things take while one waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

FORMAT_VERSION = 1
"""Of every JSON object printed. Raised when a field changes its meaning or goes away, not when one is added."""


def say(text: str = "") -> None:
    """Print what was asked for."""
    typer.echo(text)


def tell(text: str) -> None:
    """Print what is said beside it."""
    typer.echo(text, err=True)


def say_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object on one line, at once: a reader of a pipe gets each line when it is ready."""
    typer.echo(json.dumps({"format_version": FORMAT_VERSION, **content}, ensure_ascii=False, allow_nan=False))
    sys.stdout.flush()


def can_say(text: str) -> bool:
    """Tell whether stdout has the letters for a text; an old console may not."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while something long runs, and nothing where stderr is no terminal.

    Yields:
        A function to call when one more is done, with the number there are in all.
    """
    if not sys.stderr.isatty():
        yield lambda total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Lines for the same terminal go above the bar; those for a pipe are none of its business.
    shared = sys.stdout.isatty()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=shared, redirect_stderr=shared) as bar:
        task = bar.add_task(what, total=None)
        yield lambda total: bar.update(task, advance=1, total=total)
