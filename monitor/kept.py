"""What is kept of a recommendation, read so that a copy of another shape is still told as far as it goes.

An older version may have kept less, and a database that was edited holds anything. Outcome, stage and instant have
places of their own beside the copy, so they are always known; of the copy what cannot be read is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from monitor.facts import Issued
from monitor.recommendation import Outcome
from monitor.text import storable
from monitor.when import YEARS

Said = dict[str, Any]
"""`Recommendation.as_json()`, or what was kept of it when it was issued."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")  # what is shown as an instant among the evidence

LENGTHS = ("jog_s", "walk_s", "main_set_s", "jog_total_s", "longest_jog_s")


def kept(issued: Issued) -> Said:
    """Give what was kept with an issued recommendation, in the shape of `Recommendation.as_json()`."""
    copy = issued.recommendation
    return {
        "outcome": _outcome(issued.outcome),
        "as_of": _instant(copy.get("as_of")) or issued.recorded_at.isoformat(),
        "last_stage": _whole(copy.get("last_stage")),
        "next_stage": issued.next_stage,
        "prescription": _prescription(copy.get("prescription")),
        "reasons": list(_reasons(copy.get("reasons"))),
        "advice": _texts(copy.get("advice")),
        "earliest_next_run": _instant(copy.get("earliest_next_run")),
        "earliest_increase": _instant(copy.get("earliest_increase")),
        "gates": list(_gates(copy.get("gates"))),
        "completed": copy.get("completed") is True,
        "rules_version": issued.rules_version,
        "revises": _revises(copy.get("revises")),
    }


def last_run(issued: Issued) -> str | None:
    """Give the start of the last run that it rested on; None where there was none, or it is not kept."""
    rests_on = issued.recommendation.get("rests_on")
    return _instant(rests_on.get("last_run")) if isinstance(rests_on, dict) else None


def weekly(issued: Issued) -> datetime | None:
    """Give the weekly instant that it was issued for; None where there was another occasion."""
    at = _instant(issued.recommendation.get("weekly"))
    return None if at is None else datetime.fromisoformat(at)


def _outcome(said: Any) -> str:
    return Outcome.PROGRESS.value if said == Outcome.PROGRESS else Outcome.HOLD.value


def _instant(said: Any) -> str | None:
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return at.isoformat() if at.tzinfo is not None and at.year in YEARS else None


def _whole(said: Any) -> int | None:
    return said if type(said) is int else None


def _is_number(said: Any) -> bool:
    return type(said) is int or (type(said) is float and math.isfinite(said))


def _texts(said: Any) -> list[str]:
    return [storable(one) for one in said if isinstance(one, str)] if isinstance(said, list) else []


def _prescription(said: Any) -> dict[str, Any] | None:
    if not isinstance(said, dict):
        return None
    known = {name: said.get(name) for name in ("stage", "text", "repeats", *LENGTHS)}
    if not (type(known["stage"]) is int and type(known["repeats"]) is int and isinstance(known["text"], str)):
        return None
    return {**known, "text": storable(known["text"])} if all(_is_number(known[name]) for name in LENGTHS) else None


def _reasons(said: Any) -> Iterator[dict[str, Any]]:
    for one in said if isinstance(said, list) else []:
        if isinstance(one, dict) and isinstance(one.get("code"), str) and isinstance(one.get("message"), str):
            numbers = one.get("evidence")
            yield {
                "code": storable(one["code"]),
                "message": storable(one["message"]),
                "evidence": dict(_evidence(numbers)) if isinstance(numbers, dict) else {},
            }


def _evidence(numbers: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Give what can be shown: numbers, words, and instants that anybody means."""
    for name, value in numbers.items():
        if _is_number(value) or (isinstance(value, str) and (not _INSTANT.match(value) or _instant(value))):
            yield storable(str(name)), storable(value) if isinstance(value, str) else value


def _gates(said: Any) -> Iterator[dict[str, Any]]:
    for one in said if isinstance(said, list) else []:
        if isinstance(one, dict) and isinstance(one.get("code"), str) and isinstance(one.get("met"), bool):
            message = storable(str(one.get("message", "")))
            yield {"code": storable(one["code"]), "met": one["met"], "message": message}


def _revises(said: Any) -> dict[str, Any] | None:
    at = _instant(said.get("issued_at")) if isinstance(said, dict) else None
    if at is None:
        return None
    return {
        "issued_at": at,
        "outcome": _outcome(said.get("outcome")),
        "next_stage": _whole(said.get("next_stage")),
        "new": _texts(said.get("new")),
        "gone": _texts(said.get("gone")),
    }
