"""How the answers of a check-in are typed as options; what cannot be read is told what is expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import typer

from monitor import answer_words
from monitor.answer_words import READERS, NotAnAnswer
from monitor.answers import Urgent, Window

Answer = TypeVar("Answer")


def typed(read: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Let a reader of answers read an option or what she types at a question."""

    def parse(text: str) -> Answer:
        try:
            return read(text)
        except NotAnAnswer as error:
            raise typer.BadParameter(f"{text!r} is not {error}") from None

    return parse


def answer(name: str) -> Callable[[str], Any]:
    """Give what reads one field of a check-in."""
    return typed(READERS[name])


a_window = typed(answer_words.one_of(Window))
a_sign = typed(answer_words.one_of(Urgent))


def an_entry(text: str) -> int:
    """Read the number of an entry; "last" is 0."""
    if text.strip().lower() == "last":
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 16) or int(text) < 1:
        raise typer.BadParameter(
            f"{text!r} is no entry; write its number, as `restride checkin --list` shows it, or last"
        )
    return int(text)
