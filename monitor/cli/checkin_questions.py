"""The check-in as a short conversation: Enter when there is nothing to report, else one question after another."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from analysis.sessions import Session
from monitor.answers import SITES, Heaviness, Leakage, Window
from monitor.cli.asking import ask, ask_until_answered, letter
from monitor.cli.checkin_answers import A_NUMBER, a_number, a_site
from monitor.cli.checkin_windows import words
from monitor.cli.printing import tell

LEAKAGE = {"n": Leakage.NONE, "d": Leakage.DROPS, "w": Leakage.WET, "s": Leakage.SOAKED}
HEAVINESS = {"n": Heaviness.NONE, "m": Heaviness.MILD, "c": Heaviness.CLEAR, "b": Heaviness.BULGE}
NOTHING: dict[str, Any] = {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}


def questions(run: Session | None, windows: frozenset[Window]) -> dict[str, Any]:
    """Ask about pain, leakage and heaviness, and for a note; give the answers by the names of a check-in's fields."""
    tell(f"A check-in {words(run, windows)}.")
    if letter("Any pain, leakage or heaviness?", {"y": "yes", "n": "nothing to report"}, enter="n") == "n":
        return dict(NOTHING)
    pain = ask_until_answered("Pain, 0 (none) to 10", a_number, A_NUMBER)
    answers: dict[str, Any] = {"pain": pain}
    if pain:
        listed = ", ".join(f"{number} {site}" for number, site in enumerate(SITES, 1))
        answers["site"] = ask(f"Where? {listed} (Enter to leave it open)", _a_listed_site)
    answers["leakage"] = LEAKAGE[letter("Leakage, urine or stool?", _words(LEAKAGE))]
    answers["heaviness"] = HEAVINESS[letter("Heaviness or dragging in the pelvis?", _words(HEAVINESS))]
    answers["note"] = ask("A note (Enter for none)", str)
    return {name: answer for name, answer in answers.items() if answer is not None}


def _words(answers: Mapping[str, StrEnum]) -> dict[str, str]:
    return {one: answer.value for one, answer in answers.items()}


def _a_listed_site(text: str) -> str:
    """Read a site by its number in the list, or by name."""
    if text.isdecimal() and 1 <= int(text) <= len(SITES):
        return SITES[int(text) - 1]
    return a_site(text)
