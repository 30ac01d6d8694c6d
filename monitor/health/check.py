"""One thing that was looked at, and how it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\S+@\S+", re.IGNORECASE)


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    NOTE = "note"  # worth knowing, and nothing is wrong
    TROUBLE = "trouble"  # something does not work, or will not for long


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How one thing is, and what to do where it is not as it should be."""

    name: str
    state: State
    message: str  # one or two sentences
    fix: str | None = None  # a command, or an act; every trouble has one


def ok(name: str, message: str) -> Check:
    """Say that a thing is as it should be."""
    return Check(name=name, state=State.OK, message=message)


def note(name: str, message: str, fix: str | None = None) -> Check:
    """Say what is worth knowing."""
    return Check(name=name, state=State.NOTE, message=message, fix=fix)


def trouble(name: str, message: str, fix: str) -> Check:
    """Say what does not work, and what mends it."""
    return Check(name=name, state=State.TROUBLE, message=message, fix=fix)


def discreet(text: str) -> str:
    """Take out of a text what would tell on her: the home folder, and addresses with what unlocks them."""
    return _ADDRESS.sub("(an address)", text).replace(str(Path.home()), "~")


def shown_path(path: Path) -> str:
    """Write a path, with `~` for the home folder, which is often a person's name; quoted for a shell where needed."""
    text = "".join(sign if sign.isprintable() else "?" for sign in str(path))
    home = str(Path.home())
    if text == home or text.startswith(home.rstrip(os.sep) + os.sep):
        text = "~" + text[len(home.rstrip(os.sep)) :]
    return text if " " not in text else f"'{text}'" if not text.startswith("~") else text.replace(" ", "\\ ")


def ago(length: timedelta) -> str:
    """Write a length of time roughly: nobody needs the seconds of three days."""
    seconds = abs(length.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def whoami() -> str:
    """Say as whom this program runs, as the system knows it."""
    return f"uid {os.geteuid()}" if hasattr(os, "geteuid") else "this user"


def cause(error: OSError) -> str:
    """Say what the system said, without a path."""
    return (error.strerror or type(error).__name__).lower()
