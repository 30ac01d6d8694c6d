"""Questions to a person at a terminal. Asked on stderr, so that stdout stays what was asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from monitor.cli.printing import tell
from monitor.cli.trouble import Refused

Answer = TypeVar("Answer")


def is_asking() -> bool:
    """Tell whether a person sits there who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, read: Callable[[str], Answer], *, default: str = "") -> Answer | None:
    """Ask until the answer can be read; None when she only presses Enter.

    Args:
        question: what to ask.
        read: turns her answer into a value; `typer.BadParameter` or `Refused` says what is wrong with it.
        default: what Enter means, offered in brackets.
    """
    while True:
        text = str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()
        if not text:
            return None
        try:
            return read(text)
        except (typer.BadParameter, Refused) as error:
            tell(f"  {error}")


def yes_or_no(question: str) -> bool:
    """Ask for a yes or a no; Enter alone is neither."""
    return bool(typer.confirm(question, default=None, err=True))


def key(question: str, allowed: str) -> str:
    """Ask for one key of those allowed; Enter is not needed."""
    typer.echo(question + " ", nl=False, err=True)
    while True:
        pressed = typer.getchar().lower()
        if pressed in ("\x03", "\x04"):  # Ctrl-C and Ctrl-D where the terminal hands them on as keys
            raise typer.Abort
        if pressed and pressed in allowed:
            tell(pressed)
            return pressed
