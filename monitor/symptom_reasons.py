"""The sentences about symptoms. What she logged and what the plan asks for; never a diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.plan import Plan
from monitor.answers import Window
from monitor.footing import Footing, is_lowest
from monitor.judged import name
from monitor.recommendation import Reason
from monitor.rules import car01, car02, sym01, sym02, sym03, sym04
from monitor.symptoms import Symptom
from monitor.when import day, moment

SEE_A_CLINICIAN = "Do not run, and see a clinician first: your doctor, midwife or pelvic-health physiotherapist."
SEEK_CARE_NOW = (
    "Seek medical care now: call your doctor or midwife, or your local emergency number. If you think of harming "
    "yourself, call someone you trust or a crisis line at once; you do not have to wait for anything."
)
"""The notice of CAR02: first on every output until a clinician was seen."""
STOP_AND_WALK = "When a symptom starts, stop jogging and walk; the rest of the run is walked."
ASK_FOR_THE_START = (
    "There is no hurry: the walks, cross-training and foundation exercises of this time are part of the plan. "
    "A pelvic-health physiotherapist can help you in starting."
)
SEEN = "`restride gate seen --on DATE`"
SHOWN_SYMPTOMS = 4
ASK_A_PHYSIO = "A pelvic-health physiotherapist can help when a symptom lingers or you are unsure."


def urgent(found: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say that medical care comes now."""
    if not found:
        return []
    logged = _logged([(s, s.urgent) for s in found], zone)
    message = f"you logged {logged}: seek medical care now. No running until a clinician has seen you and agreed"
    return [Reason(code=car02.CODE, message=f"{message}: {SEEN}", evidence=_entries(found))]


def clinician(uncleared: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say what a clinician sees before the next run."""
    if not uncleared:
        return []
    logged = _logged([(s, s.severe) for s in uncleared], zone)
    message = f"you logged {logged}; the plan's rule is no running until a clinician has seen you and agreed"
    return [Reason(code=car01.CODE, message=f"{message}: {SEEN}", evidence=_entries(uncleared))]


def step_back(stand: Footing, plan: Plan, zone: ZoneInfo) -> list[Reason]:
    """Say which symptoms take the next run a stage back."""
    if not stand.owed:
        return []
    found = [s for step in stand.owed for s in step.symptoms]
    stages = "one stage" if len(stand.owed) == 1 else f"{len(stand.owed)} stages"
    lowest = ""
    if stand.last_stage is not None and stand.last_stage <= plan.lowest:
        lowest = f"; stage {plan.lowest} is the lowest, so it stays"
    elif stand.last_stage is not None and is_lowest(plan.clamp(stand.last_stage), plan):
        lowest = "; no lower stage asks less, so it stays"
    return [
        Reason(
            code=sym02.CODE,
            message=f"you logged {_logged_what(found, zone)}; the plan's rule is to hold and go {stages} back for "
            f"pain of 3 or more, pain on the next day, limping, or a symptom that comes back{lowest}",
            evidence={**_entries(found), "steps_back": len(stand.owed), "stage": stand.stage},
        )
    ]


def jogged_on(found: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say that the plan asks to stop jogging when a symptom starts."""
    if not found:
        return []
    logged = _logged_what(found, zone)
    message = f"you logged {logged}, and that you finished the jog; the plan's rule is to hold, and to stop and walk"
    return [Reason(code=sym03.CODE, message=f"{message} when it starts", evidence=_entries(found))]


def came_back(found: sym04.Returned | None, zone: ZoneInfo) -> list[Reason]:
    """Say that leakage or heaviness came back, and what the plan waits for."""
    if found is None:
        return []
    days = f"{day(found.first.began_at, zone)} and {day(found.second.began_at, zone)}"
    waits = [f"until {moment(found.until, zone)}"]
    if not found.asked:
        waits.insert(0, "until a physiotherapist or clinician was asked (`restride gate asked --on DATE`)")
    return [
        Reason(
            code=sym04.CODE,
            message=(
                f"leakage or heaviness was logged for the runs of {days}, within {sym04.WITHIN.days} days; the plan's "
                f"rule is to hold {', and '.join(waits)}"
            ),
            evidence={
                "first": found.first.began_at.isoformat(),
                "second": found.second.began_at.isoformat(),
                "asked": "yes" if found.asked else "no",
                "until": found.until.isoformat(),
            },
        )
    ]


def symptoms(unresolved: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say which symptoms hold the plan, the latest ones first, and what resolves them."""
    if not unresolved:
        return []
    return [
        Reason(
            code=sym01.CODE,
            message=(
                f"you logged {_logged_what(unresolved, zone)}; the plan's rule is to hold until an entry answers none "
                "and a later run has all its answers none"
            ),
            evidence={**_entries(unresolved), "logged_for": unresolved[-1].at.isoformat()},
        )
    ]


def _entries(found: Sequence[Symptom]) -> dict[str, str | int | float]:
    return {"entries": len({s.check_in.id for s in found})}


def _logged_what(found: Sequence[Symptom], zone: ZoneInfo) -> str:
    return _logged([(s, s.what) for s in found], zone)


def _logged(found: Sequence[tuple[Symptom, tuple[str, ...]]], zone: ZoneInfo) -> str:
    """List symptoms, the latest first, each entry once; of many only the first ones."""
    said: dict[int, str] = {}
    for symptom, what in reversed(found):
        about = f" ({name(symptom.window.value)})" if symptom.session else ""
        said.setdefault(symptom.check_in.id, f"{' and '.join(what)} on {day(_then(symptom), zone)}{about}")
    listed = list(said.values())
    more = [f"{len(listed) - SHOWN_SYMPTOMS} more"] if len(listed) > SHOWN_SYMPTOMS else []
    return ", ".join([*listed[:SHOWN_SYMPTOMS], *more])


def _then(symptom: Symptom) -> datetime:
    """Give an instant of the day a symptom was there: told late it counts from the midnight that ends its window."""
    late = symptom.session is not None and symptom.window in (Window.AFTER, Window.NEXT_DAY)
    return symptom.at - timedelta(seconds=1) if late else symptom.at
