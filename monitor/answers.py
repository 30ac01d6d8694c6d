"""A check-in, and the words it answers in (rules.md §5). These fields are this project's own, no questionnaire's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PainKind(StrEnum):
    """What kind of pain."""

    PAIN = "pain"
    BONE_FOCAL = "bone_focal"  # in one spot on a bone
    NIGHT = "night"


class Leakage(StrEnum):
    """How much leaked."""

    NONE = "none"
    DROPS = "drops"
    WET = "wet"
    SOAKED = "soaked"


class LeakageOf(StrEnum):
    """What leaked."""

    URINE = "urine"
    STOOL = "stool"


class Heaviness(StrEnum):
    """Pelvic heaviness or dragging."""

    NONE = "none"
    MILD = "mild"
    CLEAR = "clear"
    BULGE = "bulge"


class Bleeding(StrEnum):
    """Vaginal bleeding."""

    NONE = "none"
    SAME = "same"
    PERIOD = "period"
    MORE = "more"  # new or more


class InBout(StrEnum):
    """What she did when a symptom came while she jogged."""

    STOPPED = "stopped"  # and walked
    FINISHED = "finished"  # jogged on to the end of the bout
    LATER = "later"  # it came later, not in a jog


class Urgent(StrEnum):
    """A sign for which medical care comes first, now (CAR02)."""

    CHEST_PAIN = "chest_pain"
    BREATHING = "breathing"
    FAINTING = "fainting"
    HEAD = "head"
    FEVER = "fever"
    CALF = "calf"
    HEAVY_BLEEDING = "heavy_bleeding"
    WOUND = "wound"
    SELF_HARM = "self_harm"


class Window(StrEnum):
    """The part of the time around a run that an answer speaks of."""

    DURING = "during"
    AFTER = "after"  # until local midnight
    NEXT_DAY = "next_day"  # from 04:00 of the next local day and at least 8 h after the end
    ANY = "any"  # not about a run


SITES = (
    "low back",
    "pelvis",
    "pubic joint",
    "hip",
    "abdomen/scar",
    "perineum",
    "knee",
    "shin",
    "foot",
    "other",
)

URGENT_SIGNS = {
    Urgent.CHEST_PAIN: "chest pain",
    Urgent.BREATHING: "trouble breathing",
    Urgent.FAINTING: "fainting",
    Urgent.HEAD: "a severe headache or a change in your sight",
    Urgent.FEVER: "a fever of 38 °C or more",
    Urgent.CALF: "pain or swelling in one calf",
    Urgent.HEAVY_BLEEDING: "heavy bleeding: a pad an hour, or large clots",
    Urgent.WOUND: "a wound that opens",
    Urgent.SELF_HARM: "thoughts of harming yourself",
}
"""The urgent signs in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One answer about symptoms. None in a field means it was not answered, which is not the same as none.

    One that `replaces` an earlier entry stands in its place; with no window and no answer it only takes it back.
    """

    id: int
    recorded_at: datetime
    recording: str | None  # identity of a recording of the run it is about; None with the window `any`
    windows: frozenset[Window]
    pain: int | None = None  # 0–10
    site: str | None = None  # one of SITES
    pain_kind: PainKind | None = None
    leakage: Leakage | None = None
    leakage_of: LeakageOf | None = None
    heaviness: Heaviness | None = None
    bleeding: Bleeding | None = None
    in_bout: InBout | None = None  # of a symptom during the run
    gait_changed: bool | None = None  # limping or guarding
    urgent: frozenset[Urgent] = frozenset()
    soreness: bool | None = None  # shown, never blocks by itself
    effort: int | None = None  # 0–10
    sleep_h: float | None = None  # shown, never a gate; hours
    fatigue: int | None = None  # shown, never a gate; 0–10
    note: str | None = None
    answered_at: datetime | None = None  # when she answered, where that was before the entry came in
    replaces: int | None = None  # id of the entry that this one corrects
    row: str | None = None  # the hash of the line of a file it came from, so that no line counts twice

    @property
    def said_at(self) -> datetime:
        """Give the instant at which she answered, which is what its windows are judged by."""
        return self.recorded_at if self.answered_at is None else min(self.answered_at, self.recorded_at)
