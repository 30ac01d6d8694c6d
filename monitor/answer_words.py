"""How the answers of a check-in are written, at the command line and in a file, and which of them contradict."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from monitor.answers import (
    SITES,
    Bleeding,
    Heaviness,
    InBout,
    Leakage,
    LeakageOf,
    PainKind,
    Urgent,
    Window,
)
from monitor.text import readable

Word = TypeVar("Word", bound=StrEnum)

NOTHING: Mapping[str, Any] = {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}
"""What "nothing to report" answers, all three."""

A_NUMBER = "a whole number from 0 (none) to 10"
HOURS = "hours of sleep from 0 to 24, like 6.5"
YES_OR_NO = "yes or no"
YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0"})
SPACE = r"[\s_-]+"


class NotAnAnswer(ValueError):
    """What was written is none of the answers; the message is what is expected, and never what was written."""


class Contradiction(ValueError):
    """Two answers that cannot both be meant; the message says which, `field` is the one to look at."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def a_number(text: str) -> int:
    """Read pain, effort or fatigue."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3) or int(text) > 10:
        raise NotAnAnswer(A_NUMBER)
    return int(text)


def hours(text: str) -> float:
    """Read hours of sleep, with a point or a comma."""
    if not re.fullmatch(r"[0-9]{1,2}([.,][0-9]{1,4})?", text.strip()):
        raise NotAnAnswer(HOURS)
    found = float(text.strip().replace(",", "."))
    if found > 24:
        raise NotAnAnswer(HOURS)
    return found


def a_site(text: str) -> str:
    """Read where it hurts: one of the sites, or a word that only one of them has."""
    word = text.strip().lower()
    found = [site for site in SITES if site == word] or [site for site in SITES if word and word in site]
    if len(found) != 1:
        raise NotAnAnswer(f"one of {', '.join(SITES)}")
    return found[0]


def yes_or_no(text: str) -> bool:
    """Read yes or no."""
    word = text.strip().lower()
    if word not in YES | NO:
        raise NotAnAnswer(YES_OR_NO)
    return word in YES


def one_of(words: type[Word]) -> Callable[[str], Word]:
    """Make what reads one of some words; a space or a hyphen in one is as good as its underscore."""

    def read(text: str) -> Word:
        try:
            return words(re.sub(r"[\s-]+", "_", text.strip().lower()))
        except ValueError:
            raise NotAnAnswer(f"one of {', '.join(words)}") from None

    return read


def several(words: type[Word]) -> Callable[[str], frozenset[Word]]:
    """Make what reads some of these words, whatever stands between them."""
    read_one = one_of(words)

    def read(text: str) -> frozenset[Word]:
        text = text.lower()
        for word in words:
            text = re.sub(rf"\b{word.replace('_', SPACE)}\b", word, text)
        found = frozenset(read_one(part) for part in re.split(r"[\s,;/+&|]+", text) if part)
        if not found:
            raise NotAnAnswer(f"some of {', '.join(words)}")
        return found

    return read


READERS: Mapping[str, Callable[[str], Any]] = {
    "pain": a_number,
    "site": a_site,
    "pain_kind": one_of(PainKind),
    "leakage": one_of(Leakage),
    "leakage_of": one_of(LeakageOf),
    "heaviness": one_of(Heaviness),
    "bleeding": one_of(Bleeding),
    "in_bout": one_of(InBout),
    "gait_changed": yes_or_no,
    "urgent": several(Urgent),
    "soreness": yes_or_no,
    "effort": a_number,
    "sleep_h": hours,
    "fatigue": a_number,
    "note": readable,
}
"""How each answer of a check-in is read, by the name of its field."""


def has_symptom(answers: Mapping[str, Any]) -> bool:
    """Say whether there is anything in these answers that can have come in a jog."""
    if any(answers.get(name) not in (None, none) for name, none in NOTHING.items()):
        return True
    marks = ("pain_kind", "leakage_of", "gait_changed", "urgent")
    return answers.get("bleeding") is Bleeding.MORE or any(answers.get(mark) for mark in marks)


def check(answers: Mapping[str, Any], windows: frozenset[Window], *, nothing: bool = False) -> None:
    """Refuse answers that contradict one another.

    Args:
        answers: by the names of a check-in's fields.
        windows: what they speak of.
        nothing: whether they were given as "nothing to report".

    Raises:
        Contradiction: in words, which ones.
    """
    pain, leakage = answers.get("pain"), answers.get("leakage")
    kind, of = answers.get("pain_kind"), answers.get("leakage_of")
    if nothing:
        for name, none in NOTHING.items():
            if answers.get(name, none) != none:
                raise Contradiction(name, f"“nothing to report” and {name} contradict each other")
        for name, what in (
            ("pain_kind", "a kind of pain"),
            ("leakage_of", "what leaked"),
            ("urgent", "an urgent sign"),
        ):
            if answers.get(name):
                raise Contradiction(name, f"“nothing to report” and {what} contradict each other")
    for name, what in (("pain_kind", "a kind of pain"), ("site", "where it hurts")):
        if answers.get(name) is not None and pain == 0:
            raise Contradiction(name, f"{what} and pain 0 contradict each other; say how strong it is, 1 to 10")
    if answers.get("site") is not None and pain is None and kind in (None, PainKind.PAIN):
        raise Contradiction("site", "where it hurts is said, and not how much: say pain too, 1 to 10")
    if kind is PainKind.PAIN and pain is None:
        raise Contradiction("pain_kind", "a kind of pain is said, and not how much: say pain too, 1 to 10")
    if of is not None and leakage is Leakage.NONE:
        raise Contradiction(
            "leakage_of", "what leaked and no leakage contradict each other; say how much: drops, wet or soaked"
        )
    if of is LeakageOf.URINE and leakage is None:
        raise Contradiction(
            "leakage_of", "what leaked is said, and not how much: say leakage too: drops, wet or soaked"
        )
    if answers.get("in_bout") is not None:
        if Window.DURING not in windows:
            raise Contradiction(
                "in_bout", "what you did in the jog is about the run, so one of the windows has to be during"
            )
        if not has_symptom(answers):
            raise Contradiction(
                "in_bout", "what you did when it came is said, and not what came: say pain, leakage or heaviness"
            )
