"""Her check-ins, in words: what was answered, for which window, and her note as she wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta, tzinfo

from monitor.answers import URGENT_SIGNS, Bleeding, CheckIn, Heaviness, InBout, Leakage, PainKind, Window
from monitor.checkins import takes_back
from monitor.entries import replaced_by
from monitor.report import wording
from monitor.symptoms import PAIN_KINDS

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
IN_BOUT = {
    InBout.STOPPED: "it came while jogging: stopped and walked",
    InBout.FINISHED: "it came while jogging: finished the bout",
    InBout.LATER: "it came later, not while jogging",
}
FROM_MEMORY = timedelta(hours=1)
"""An answer that was entered longer after it was given says when."""


def entries(check_ins: Iterable[CheckIn], zone: tzinfo, *, among: Iterable[CheckIn]) -> Iterator[str]:
    """Write check-ins in the order they were answered, those that were corrected marked as such.

    Args:
        check_ins: what to write.
        zone: for its times.
        among: all of hers, to know what corrects what.
    """
    everything = list(among)
    by_id, gone = {c.id: c for c in everything}, replaced_by(everything)
    for check_in in sorted(check_ins, key=lambda c: (c.said_at, c.recorded_at, c.id)):
        yield entry(check_in, zone, by_id=by_id, replaced=gone)


def entry(
    check_in: CheckIn,
    zone: tzinfo,
    *,
    by_id: Mapping[int, CheckIn],
    replaced: Mapping[int, CheckIn],
    numbered: bool = False,
) -> str:
    """Write a check-in: when it was answered, for what, what it says, her note, and what became of it.

    Args:
        check_in: what to write.
        zone: for its times.
        by_id: all of hers.
        replaced: those that another one stands in place of, with that one.
        numbered: whether its reader sees the numbers of entries; else others are named by their time.
    """

    def other(one: CheckIn | None) -> str:
        if one is None or numbered:
            return f"entry {check_in.replaces if one is None else one.id}"
        return f"the entry of {wording.moment(one.said_at, zone)}"

    corrects = "" if check_in.replaces is None else other(by_id.get(check_in.replaces))
    if takes_back(check_in):
        return f"{wording.moment(check_in.recorded_at, zone)}: takes back {corrects}."
    windows = [", ".join(name.lower() for window, name in WINDOWS.items() if window in check_in.windows)]
    if check_in.recorded_at - check_in.said_at > FROM_MEMORY:
        windows.append(f"entered {wording.moment(check_in.recorded_at, zone)}")
    if corrects:
        windows.append(f"corrects {corrects}")
    what = ", ".join(in_words(check_in)) or "no symptom question answered"
    note = f" Note: “{check_in.note}”" if check_in.note else ""
    when = wording.moment(check_in.said_at, zone)
    return f"{when} ({'; '.join(windows)}): {what}.{note}{_fate(check_in, zone, replaced)}"


def _fate(check_in: CheckIn, zone: tzinfo, replaced: Mapping[int, CheckIn]) -> str:
    by = replaced.get(check_in.id)
    if by is None:
        return ""
    return f" {'Taken back' if takes_back(by) else 'Corrected'} by you on {wording.moment(by.recorded_at, zone)}."


def in_words(check_in: CheckIn) -> Iterator[str]:
    """Write each answer, what matters most first."""
    yield from (words for sign, words in URGENT_SIGNS.items() if sign in check_in.urgent)
    if check_in.pain is not None or check_in.pain_kind is not None:
        yield _pain(check_in)
    if check_in.leakage is not None or check_in.leakage_of is not None:
        leaked = "leakage" if check_in.leakage is None else LEAKAGE[check_in.leakage]
        yield f"{leaked} ({check_in.leakage_of.value})" if check_in.leakage_of is not None else leaked
    if check_in.heaviness is not None:
        yield HEAVINESS[check_in.heaviness]
    if check_in.bleeding is not None:
        yield BLEEDING[check_in.bleeding]
    if check_in.in_bout is not None:
        yield IN_BOUT[check_in.in_bout]
    if check_in.gait_changed is not None:
        yield "limping or guarding" if check_in.gait_changed else "no limping or guarding"
    if check_in.soreness is not None:
        yield "sore muscles" if check_in.soreness else "no soreness"
    if check_in.effort is not None:
        yield f"effort {check_in.effort} of 10"
    if check_in.sleep_h is not None:
        yield f"{check_in.sleep_h:g} h of sleep"
    if check_in.fatigue is not None:
        yield f"fatigue {check_in.fatigue} of 10"


def _pain(check_in: CheckIn) -> str:
    if check_in.pain == 0 and check_in.pain_kind is None:
        return "no pain"
    degree = f" {check_in.pain} of 10" if check_in.pain is not None else ""
    site = f" ({check_in.site})" if check_in.site else ""
    return f"{PAIN_KINDS[check_in.pain_kind or PainKind.PAIN]}{degree}{site}"
