"""Her check-ins, in words: what was answered, for which window, and her note as she wrote it."""

from __future__ import annotations

from datetime import tzinfo

from monitor.answers import Bleeding, CheckIn, Heaviness, Leakage, Window
from monitor.report import wording

WINDOWS = {Window.DURING: "During", Window.AFTER: "After", Window.NEXT_DAY: "Next day", Window.ANY: "Not about a run"}

LEAKAGE = {
    Leakage.NONE: "no leakage",
    Leakage.DROPS: "leakage: drops",
    Leakage.WET: "leakage: wet",
    Leakage.SOAKED: "leakage: soaked",
}
HEAVINESS = {
    Heaviness.NONE: "no heaviness",
    Heaviness.MILD: "heaviness: mild",
    Heaviness.CLEAR: "heaviness: clear",
    Heaviness.BULGE: "heaviness: a bulge felt",
}
BLEEDING = {
    Bleeding.NONE: "no bleeding",
    Bleeding.SAME: "bleeding: as before",
    Bleeding.PERIOD: "bleeding: period",
    Bleeding.MORE: "bleeding: new or more",
}


def says_more_than_none(check_in: CheckIn) -> bool:
    """Say whether an entry holds anything beside "none" to the three questions that the windows show already."""
    none = (check_in.pain or 0) == 0 and check_in.leakage in (None, Leakage.NONE)
    none = none and check_in.heaviness in (None, Heaviness.NONE)
    rest = (check_in.bleeding, check_in.soreness, check_in.effort, check_in.note)
    return not none or any(answer is not None for answer in rest)


def entry(check_in: CheckIn, zone: tzinfo) -> str:
    """Write a check-in: when it was answered, for what, and what it says, her note last."""
    said: list[str] = []
    if check_in.pain is not None:
        site = f" ({check_in.site})" if check_in.site else ""
        said.append(f"pain {check_in.pain} of 10{site}" if check_in.pain else "no pain")
    if check_in.leakage is not None:
        said.append(LEAKAGE[check_in.leakage])
    if check_in.heaviness is not None:
        said.append(HEAVINESS[check_in.heaviness])
    if check_in.bleeding is not None:
        said.append(BLEEDING[check_in.bleeding])
    if check_in.soreness is not None:
        said.append("sore muscles" if check_in.soreness else "no soreness")
    if check_in.effort is not None:
        said.append(f"effort {check_in.effort} of 10")
    windows = ", ".join(name.lower() for window, name in WINDOWS.items() if window in check_in.windows)
    what = ", ".join(said) or "no symptom question answered"
    note = f" Note: “{check_in.note}”" if check_in.note else ""
    return f"{wording.moment(check_in.recorded_at, zone)} ({windows}): {what}.{note}"
