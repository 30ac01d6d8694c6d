"""What an entry says of symptoms, sorted by what the rules ask of it (rules.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.sessions import Session
from monitor.answers import URGENT_SIGNS, Bleeding, CheckIn, Heaviness, InBout, Leakage, LeakageOf, PainKind, Window

SEVERE_PAIN = 5  # beyond it, CAR01
STRONG_PAIN = 3  # from here on, SYM02

PAIN_KINDS = {
    PainKind.PAIN: "pain",
    PainKind.BONE_FOCAL: "pain in one spot on a bone",
    PainKind.NIGHT: "pain at night",
}


class Kind(StrEnum):
    """What makes two symptoms the same one."""

    PAIN = "pain"
    LEAKAGE = "leakage"
    HEAVINESS = "heaviness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One entry's symptoms in one window: when, of which run, and what in plain words."""

    at: datetime
    session: Session | None
    window: Window
    what: tuple[str, ...]
    check_in: CheckIn

    @property
    def severe(self) -> tuple[str, ...]:
        """Name what of it needs a clinician before the next run (CAR01)."""
        return what_severe(self.check_in)

    @property
    def urgent(self) -> tuple[str, ...]:
        """Name what of it needs medical care now (CAR02)."""
        return what_urgent(self.check_in)

    @property
    def kinds(self) -> frozenset[Kind]:
        """Give its kinds, for telling whether it has come back."""
        return kinds(self.check_in)

    @property
    def jogged_on(self) -> bool:
        """Say whether it came in a jog that was finished all the same (SYM03)."""
        return self.window is Window.DURING and self.check_in.in_bout is InBout.FINISHED


def kinds(entry: CheckIn) -> frozenset[Kind]:
    """Give the kinds of symptom in an entry."""
    found = set()
    if entry.pain or entry.pain_kind is not None:
        found.add(Kind.PAIN)
    if entry.leakage not in (None, Leakage.NONE) or entry.leakage_of is LeakageOf.STOOL:
        found.add(Kind.LEAKAGE)
    if entry.heaviness not in (None, Heaviness.NONE):
        found.add(Kind.HEAVINESS)
    return frozenset(found)


def what_symptoms(entry: CheckIn) -> tuple[str, ...]:
    """Name the symptoms of an entry that hold progress, in plain words; soreness alone is none of them."""
    said = []
    if entry.pain or entry.pain_kind is not None:
        kind = PAIN_KINDS[entry.pain_kind or PainKind.PAIN]
        degree = f" {entry.pain} of 10" if entry.pain else ""
        said.append(f"{kind}{degree}{f' ({entry.site})' if entry.site else ''}")
    if entry.leakage_of is LeakageOf.STOOL:
        said.append("leakage of stool")
    elif entry.leakage not in (None, Leakage.NONE):
        said.append(f"leakage ({entry.leakage.value})")
    if entry.heaviness is Heaviness.BULGE:
        said.append("a bulge felt")
    elif entry.heaviness not in (None, Heaviness.NONE):
        said.append(f"heaviness ({entry.heaviness.value})")
    if entry.bleeding is Bleeding.MORE:
        said.append("new or increased bleeding")
    if entry.gait_changed:
        said.append("limping or guarding")
    return (*said, *what_urgent(entry))


def what_severe(entry: CheckIn) -> tuple[str, ...]:
    """Name the symptoms of an entry that need a clinician before the next run (rules.md CAR01)."""
    said = []
    if entry.pain is not None and entry.pain > SEVERE_PAIN:
        said.append(f"pain {entry.pain} of 10")
    if entry.pain_kind in (PainKind.BONE_FOCAL, PainKind.NIGHT):
        said.append(PAIN_KINDS[entry.pain_kind])
    if entry.leakage_of is LeakageOf.STOOL:
        said.append("leakage of stool")
    if entry.heaviness is Heaviness.BULGE:
        said.append("a bulge felt")
    if entry.bleeding is Bleeding.MORE:
        said.append("new or increased bleeding")
    return tuple(said)


def what_urgent(entry: CheckIn) -> tuple[str, ...]:
    """Name the urgent signs of an entry (rules.md CAR02)."""
    return tuple(words for sign, words in URGENT_SIGNS.items() if sign in entry.urgent) if entry.urgent else ()
