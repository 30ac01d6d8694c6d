"""The check-in as a short conversation: one key when there is nothing to report, else one question after another."""

from __future__ import annotations

from typing import Any

import typer

from analysis.sessions import Session
from monitor.cli.asking import ask, key
from monitor.cli.checkin_windows import words
from monitor.cli.printing import tell
from monitor.facts import SITES, Heaviness, Leakage, Window

LEAKAGE = {"n": Leakage.NONE, "d": Leakage.DROPS, "w": Leakage.WET, "s": Leakage.SOAKED}
HEAVINESS = {"n": Heaviness.NONE, "m": Heaviness.MILD, "c": Heaviness.CLEAR, "b": Heaviness.BULGE}
NOTHING: dict[str, Any] = {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}


def questions(run: Session | None, windows: frozenset[Window]) -> dict[str, Any]:
    """Ask about pain, leakage and heaviness, and for a note; give the answers by the names of a check-in's fields."""
    tell(f"A check-in {words(run, windows)}.")
    if key("Any pain, leakage or heaviness? [y] yes  [n] nothing to report:", "yn") == "n":
        return dict(NOTHING)
    pain = ask("Pain, 0 (none) to 10", _a_number)
    answers: dict[str, Any] = {"pain": pain}
    if pain:
        listed = ", ".join(f"{number} {site}" for number, site in enumerate(SITES, 1))
        answers["site"] = ask(f"Where? {listed}", _a_site)
    answers["leakage"] = LEAKAGE[key("Leakage, urine or stool? [n] none  [d] drops  [w] wet  [s] soaked:", "ndws")]
    asked = "Heaviness or dragging in the pelvis? [n] none  [m] mild  [c] clear  [b] a bulge:"
    answers["heaviness"] = HEAVINESS[key(asked, "nmcb")]
    answers["note"] = ask("A note (Enter for none)", str)
    return {name: answer for name, answer in answers.items() if answer is not None}


def _a_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 10:
        raise typer.BadParameter("a whole number from 0 to 10")
    return int(text)


def _a_site(text: str) -> str:
    if not text.isdecimal() or not 1 <= int(text) <= len(SITES):
        raise typer.BadParameter(f"a number from 1 to {len(SITES)}")
    return SITES[int(text) - 1]
