"""Check-ins that stand in another's place: her corrections. Nothing is ever changed or deleted, so history stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from monitor.answer_words import NOTHING, has_symptom
from monitor.answers import CheckIn, Leakage, Window
from monitor.checkins import replaced, taken_back_corrections, takes_back
from monitor.symptoms import what_severe

ABOUT = ("id", "recorded_at", "recording", "windows", "answered_at", "replaces", "row")  # the other fields are answers
ANSWERS = tuple(field.name for field in fields(CheckIn) if field.name not in ABOUT)


def answers(entry: CheckIn) -> dict[str, Any]:
    """Give what an entry answers, by the names of its fields."""
    given = {name: getattr(entry, name) for name in ANSWERS}
    return {name: answer for name, answer in given.items() if answer is not None and answer != frozenset()}


def replaced_by(entries: Sequence[CheckIn]) -> dict[int, CheckIn]:
    """Give the entries that another one stands in place of, by id, with that other one; of several the first."""
    gone, void = replaced(entries), taken_back_corrections(entries)
    found: dict[int, CheckIn] = {}
    for entry in entries:
        if entry.replaces is not None and entry.replaces in gone and entry.id not in void:
            found.setdefault(entry.replaces, entry)
    return found


def standing(entries: Sequence[CheckIn]) -> list[CheckIn]:
    """Give the entries that count: neither replaced, nor there only to take another one back."""
    gone = replaced(entries)
    return [entry for entry in entries if entry.id not in gone and not takes_back(entry)]


def stands_all_the_same(entry: CheckIn, entries: Sequence[CheckIn], now: datetime) -> bool:
    """Say whether what an entry tells stays in force until a clinician was seen, although it is corrected now."""
    if not (what_severe(entry) or entry.urgent):
        return False
    correction = replace(taken_back(entry, now), id=max(one.id for one in entries) + 1)
    return not replaced([*entries, correction])[entry.id]


def merged(old: CheckIn, new: Mapping[str, Any], windows: frozenset[Window], *, nothing: bool) -> dict[str, Any]:
    """Lay new answers over those of an entry; what depends on an answer that is gone goes with it.

    Args:
        old: the entry to be corrected.
        new: answers by the names of a check-in's fields; None takes one away.
        windows: what the correction speaks of.
        nothing: there was nothing to report after all, so no symptom of any kind is left.
    """
    whole = answers(old)
    if nothing:
        for name in ("site", "pain_kind", "leakage_of", "bleeding", "in_bout", "gait_changed", "urgent"):
            whole.pop(name, None)
        whole |= NOTHING
    gone: set[str] = set()
    whole |= new
    if whole.get("pain") == 0:
        gone |= {"site", "pain_kind"}
    if whole.get("leakage") is Leakage.NONE:
        gone |= {"leakage_of"}
    if Window.DURING not in windows or not has_symptom({n: a for n, a in whole.items() if n not in gone - new.keys()}):
        gone |= {"in_bout"}
    # What she says anew is not taken away: where it contradicts, she is told.
    return {
        name: answer
        for name, answer in whole.items()
        if answer is not None and answer != frozenset() and name not in gone - new.keys()
    }


def corrected(
    old: CheckIn,
    given: Mapping[str, Any],
    *,
    now: datetime,
    recording: str | None,
    windows: frozenset[Window],
    opened: datetime | None,
    reaches: bool,
) -> CheckIn:
    """Make the entry that stands in another's place.

    It speaks from when the first one was answered, for it is about that time. It speaks from now where one of its
    windows had not opened then; and also of now where it adds a sign that a clinician has to see, for a clinician seen
    in between did not know of it.

    Args:
        old: the entry to be corrected.
        given: all answers of the new one.
        now: the instant of the correction.
        recording: of the run that it is about.
        windows: what it speaks of.
        opened: when the last of its windows opened.
        reaches: whether these windows reach up to now.
    """
    new = CheckIn(id=0, recorded_at=now, recording=recording, windows=windows, replaces=old.id, **given)
    graver = set(what_severe(new)) - set(what_severe(old)) or new.urgent - old.urgent
    if graver and not reaches:
        return replace(new, windows=windows | {Window.ANY})
    if graver or (opened is not None and old.said_at < opened):
        return new
    return replace(new, answered_at=old.said_at)


def taken_back(old: CheckIn, now: datetime) -> CheckIn:
    """Make the entry that takes another one back: no window, no answer."""
    return CheckIn(id=0, recorded_at=now, recording=old.recording, windows=frozenset(), replaces=old.id)
