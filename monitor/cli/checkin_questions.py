"""The check-in as a short conversation: one key when there is nothing to report, else one question after another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import typer

from monitor.answer_words import A_NUMBER, NOTHING, has_symptom
from monitor.answers import (
    SITES,
    URGENT_SIGNS,
    Bleeding,
    Heaviness,
    InBout,
    Leakage,
    LeakageOf,
    PainKind,
    Urgent,
    Window,
)
from monitor.cli.asking import ask, ask_until_answered, key, letter, yes_or_no
from monitor.cli.checkin_answers import answer
from monitor.cli.layout import wrapped
from monitor.cli.printing import tell

LEAKAGE = {"n": Leakage.NONE, "d": Leakage.DROPS, "w": Leakage.WET, "s": Leakage.SOAKED}
OF = {"u": LeakageOf.URINE, "s": LeakageOf.STOOL}
HEAVINESS = {"n": Heaviness.NONE, "m": Heaviness.MILD, "c": Heaviness.CLEAR, "b": Heaviness.BULGE}
BLEEDING = {"n": Bleeding.NONE, "s": Bleeding.SAME, "p": Bleeding.PERIOD, "m": Bleeding.MORE}
KIND = {"p": PainKind.PAIN, "b": PainKind.BONE_FOCAL, "n": PainKind.NIGHT}
IN_BOUT = {"s": InBout.STOPPED, "f": InBout.FINISHED, "l": InBout.LATER}
SAID = {
    PainKind.BONE_FOCAL: "in one spot on a bone",
    PainKind.NIGHT: "at night",
    Heaviness.BULGE: "a bulge felt",
    Bleeding.SAME: "as before",
    Bleeding.MORE: "new or more",
    InBout.STOPPED: "yes, I stopped",
    InBout.FINISHED: "yes, I finished it",
    InBout.LATER: "no, later",
}
"""Words that are not said as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What she answered."""

    answers: Mapping[str, Any]  # by the names of a check-in's fields; None where she left one open
    nothing: bool = False  # she said that there was nothing to report
    now: bool = False  # it is about now, and about no run
    gone: bool = False  # none of it was there any more the next day


def conversation(
    about: str, windows: frozenset[Window], *, of_a_run: bool, offered: bool = False, parted: bool = False
) -> Told | None:
    """Ask how it was; None when she has no answer now.

    Args:
        about: what it is about, in words.
        windows: what the answers speak of.
        of_a_run: whether there is a run that it is about.
        offered: it was not asked for, so that Enter puts it off.
        parted: what was there may be told apart from how the next day was.
    """
    words = {"n": "nothing to report", "y": "yes, or more to say", "u": "something urgent (shows the signs)"}
    if offered:
        words["l"] = "later"
    elif of_a_run:
        words["o"] = "something that has to do with no run"
    while True:
        tell(about)
        pressed = key("Any pain, leakage, heaviness or new bleeding?", words, enter="l" if offered else "n")
        if pressed == "l":
            return None
        if pressed == "n":
            return Told(answers=dict(NOTHING), nothing=True)
        if pressed == "y":
            answers = questions(windows)
            return Told(answers=answers, gone=parted and _is_gone(answers, windows))
        if pressed == "o":
            told = conversation("A check-in for now, not about a run.", frozenset({Window.ANY}), of_a_run=False)
            return told and Told(answers=told.answers, nothing=told.nothing, now=True)
        if signs := urgent_signs():
            return Told(answers={"urgent": signs}, now=True)


def questions(windows: frozenset[Window]) -> dict[str, Any]:
    """Ask one thing after another; give the answers by the names of a check-in's fields."""
    pain = ask_until_answered("Pain, 0 (none) to 10", answer("pain"), A_NUMBER)
    answers: dict[str, Any] = {"pain": pain, "site": None, "pain_kind": None, "leakage_of": None, "in_bout": None}
    if pain:
        tell("Where?")
        sites = ", ".join(f"{number}\N{NO-BREAK SPACE}{site}" for number, site in enumerate(SITES, 1))
        tell(wrapped(sites, first="  "))
        answers["site"] = ask("A number, or a word (Enter to leave it open)", _a_listed_site)
        answers["pain_kind"] = KIND[letter("What kind?", _words(KIND))]
    answers["leakage"] = LEAKAGE[letter("Leakage?", _words(LEAKAGE))]
    if answers["leakage"] is not Leakage.NONE:
        answers["leakage_of"] = OF[letter("Of what?", _words(OF))]
    answers["heaviness"] = HEAVINESS[letter("Heaviness or dragging?", _words(HEAVINESS))]
    answers["bleeding"] = BLEEDING[letter("Bleeding?", _words(BLEEDING))]
    if Window.DURING in windows and has_symptom(answers):
        answers["in_bout"] = IN_BOUT[letter("While jogging?", _words(IN_BOUT))]
    answers["gait_changed"] = yes_or_no("Did you limp, or guard something?")
    answers["effort"] = None
    if Window.DURING in windows:
        answers["effort"] = ask("How hard was the run, 0 to 10? (Enter to leave it open)", answer("effort"))
    answers["urgent"] = urgent_signs()
    answers["note"] = (
        None if answers["urgent"] else ask("A note (Enter for none)", answer("note"))
    )  # the notice comes first
    return answers


def _is_gone(answers: Mapping[str, Any], windows: frozenset[Window]) -> bool:
    """Ask whether a symptom had gone by the next day, where it is told together with the run: staying asks for more."""
    if Window.NEXT_DAY not in windows or len(windows) == 1 or answers["urgent"] or not has_symptom(answers):
        return False
    return not yes_or_no("Was any of it still there the next day?")


def urgent_signs() -> frozenset[Urgent]:
    """Show the signs for which medical care comes first, and ask for them; Enter alone is none of them."""
    signs = list(URGENT_SIGNS)
    tell("Is there any of these?")
    for number, sign in enumerate(signs, 1):
        tell(f"  {number}  {URGENT_SIGNS[sign]}")

    def read(text: str) -> frozenset[Urgent]:
        chosen = re.split(r"[\s,;]+", text.strip(" ,;"))
        if not all(re.fullmatch(r"[1-9]", one) for one in chosen) or max(map(int, chosen)) > len(signs):
            raise typer.BadParameter(f"numbers from 1 to {len(signs)}, like 1 or 1 3; Enter for none of these")
        return frozenset(signs[int(one) - 1] for one in chosen)

    return ask("Numbers, like 1 or 1 3 (Enter for none of these)", read) or frozenset()


def _words(answers: Mapping[str, StrEnum]) -> dict[str, str]:
    return {one: SAID.get(answer, answer.value) for one, answer in answers.items()}


def _a_listed_site(text: str) -> str:
    """Read a site by its number in the list, or by name."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(SITES):
        return SITES[int(text) - 1]
    site: str = answer("site")(text)
    return site
