"""Questions to a person at a terminal. Asked on stderr, so that stdout stays what was asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import typer

from monitor.cli.layout import wrapped
from monitor.cli.legible import legible
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
        text = str(typer.prompt(legible(question), default=default, show_default=bool(default), err=True)).strip()
        if not text:
            return None
        try:
            return read(text)
        except (typer.BadParameter, Refused) as error:
            tell(wrapped(str(error), first="  "))


def ask_until_answered(question: str, read: Callable[[str], Answer], expected: str) -> Answer:
    """Ask until there is an answer; Enter alone is none, and says what is expected."""
    while True:
        answer = ask(question, read)
        if answer is not None:
            return answer
        tell(f"  {expected}")


def letter(question: str, words: Mapping[str, str], *, enter: str | None = None) -> str:
    """Ask for one of some words by its letter, or in full, and give the letter.

    Args:
        question: what to ask; the letters and words are listed after it.
        words: a letter and the word that it stands for, each.
        enter: the letter that Enter alone means; without one Enter is asked again.
    """
    letters = list(words)
    expected = f"{', '.join(letters[:-1])} or {letters[-1]}, then Enter"

    def read(text: str) -> str:
        found = [one for one, word in words.items() if text.lower() in (one, word)]
        if not found:
            raise typer.BadParameter(expected)
        return found[0]

    listed = "  ".join(f"[{one}{' or Enter' if one == enter else ''}] {word}" for one, word in words.items())
    full = f"{question} {listed}"
    return (ask(full, read) or enter) if enter else ask_until_answered(full, read, expected)


def yes_or_no(question: str) -> bool:
    """Ask for a yes or a no; Enter alone is neither."""
    return letter(question, {"y": "yes", "n": "no"}) == "y"


def key(question: str, words: Mapping[str, str], *, enter: str | None = None) -> str:
    """Ask for one of some words by a single key, without Enter, and give its letter.

    What was typed before the question was asked is no answer to it, and other keys are none either.

    Args:
        question: what to ask; the keys and words are listed under it.
        words: a letter and what it stands for, each.
        enter: the letter that the Enter key alone means.

    Raises:
        typer.Abort: Ctrl-C or Ctrl-D.
    """
    tell(question)
    keys = {one: f"{one} or Enter" if one == enter else one for one in words}
    widest = max(map(len, keys.values()))
    for one, word in words.items():
        tell(f"  [{keys[one]}]{' ' * (widest - len(keys[one]))}  {word}")
    *others, last = words
    typer.echo(f"Press a key ({', '.join(others)} or {last}): ", err=True, nl=False)
    _forget_what_was_typed()
    while True:
        try:
            pressed = typer.getchar().lower()
        except (KeyboardInterrupt, EOFError):
            raise typer.Abort from None
        if not pressed:  # the terminal is gone
            raise typer.Abort
        if pressed[0] in "\r\n" and enter is not None:
            pressed = enter
        if pressed[0] in words:  # of several at once, as when pasted, the first counts
            tell(pressed[0])
            return pressed[0]


def _forget_what_was_typed() -> None:
    """Drop keys pressed before a question; elsewhere than on Windows, reading a key does so by itself."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
