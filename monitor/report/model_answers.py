"""The part of the report that she told: check-ins, and the symptoms in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from monitor.report.model_sessions import WindowName


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInView:
    """One entry as she made it; null is not answered, which is not the same as none."""

    id: Annotated[int, "its number"]
    said_at: Annotated[datetime, "when she answered"]
    recorded_at: Annotated[datetime, "when it was entered"]
    session_id: Annotated[str | None, "the session it is about"]
    windows: Annotated[tuple[WindowName, ...], "what it speaks of: during, after, next_day, any (not about a run)"]
    late: Annotated[bool, "entered after a window it speaks of had closed; it counts"]
    counts: Annotated[bool, "it stands: no other entry is in its place, and it does not only take one back"]
    pain: Annotated[int | None, "0 to 10"]
    pain_site: Annotated[str | None, "where"]
    pain_kind: Annotated[Literal["pain", "bone_focal", "night"] | None, "bone_focal: in one spot on a bone"]
    leakage: Annotated[Literal["none", "drops", "wet", "soaked"] | None, "how much leaked"]
    leakage_of: Annotated[Literal["urine", "stool"] | None, "what leaked"]
    heaviness: Annotated[Literal["none", "mild", "clear", "bulge"] | None, "pelvic heaviness; bulge: a bulge felt"]
    bleeding: Annotated[Literal["none", "same", "period", "more"] | None, "more: new or more"]
    in_bout: Annotated[
        Literal["stopped", "finished", "later"] | None,
        "of a symptom during the run: stopped and walked, finished the jog, or it came later",
    ]
    gait_changed: Annotated[bool | None, "limping or guarding"]
    urgent: Annotated[tuple[str, ...], "signs for which medical care comes first"]
    soreness: Annotated[bool | None, "sore muscles; never blocks"]
    effort: Annotated[int | None, "0 to 10"]
    sleep_h: Annotated[float | None, "hours of sleep"]
    fatigue: Annotated[int | None, "0 to 10"]
    note: Annotated[str | None, "hers, as she wrote it"]
    symptoms: Annotated[tuple[str, ...], "the symptoms in it that hold progress, in words"]
    text: Annotated[str, "its answers in words, what matters most first, without her note"]
    replaces: Annotated[int | None, "id of the entry it corrects"]
    replaced_by: Annotated[int | None, "id of the entry that is in its place"]
    takes_back: Annotated[bool, "it only takes back the one it replaces"]
    from_file: Annotated[bool, "it came from a file of check-ins"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomView:
    """The symptoms of one entry in one window."""

    at: Annotated[datetime, "from when it counts"]
    on: Annotated[date, "the local day of that"]
    window: Annotated[WindowName, "during, after, next_day, any (not about a run)"]
    session_id: Annotated[str | None, "the run it is about"]
    check_in: Annotated[int, "id of the entry"]
    kinds: Annotated[tuple[Literal["pain", "leakage", "heaviness", "other"], ...], "what makes two the same"]
    pain: Annotated[int | None, "0 to 10"]
    what: Annotated[tuple[str, ...], "in words"]
    severity: Annotated[
        Literal["symptom", "severe", "urgent"],
        "severe: a clinician is asked before the next run; urgent: medical care comes first",
    ]
