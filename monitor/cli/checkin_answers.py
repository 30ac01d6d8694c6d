"""How the answers of a check-in are written; what cannot be read is told what is expected."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import typer

from monitor.answers import SITES

Word = TypeVar("Word", bound=StrEnum)

A_NUMBER = "a whole number from 0 (none) to 10"


def a_number(text: str) -> int:
    """Read pain or effort."""
    if not (text.isascii() and text.isdecimal()) or int(text) > 10:
        raise typer.BadParameter(f"{text!r} is not {A_NUMBER}")
    return int(text)


def a_site(text: str) -> str:
    """Read where it hurts: one of the sites, or a word that only one of them has."""
    word = text.strip().lower()
    found = [site for site in SITES if site == word] or [site for site in SITES if word and word in site]
    if len(found) != 1:
        raise typer.BadParameter(f"{text!r} is none of: {', '.join(SITES)}")
    return found[0]


def one_of(words: type[Word]) -> Callable[[str], Word]:
    """Make what reads one of some words."""

    def read(text: str) -> Word:
        try:
            return words(text.strip().lower())
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is none of: {', '.join(words)}") from error

    return read
