"""The shape of a recommendation that is kept with its fact: written to be shown in years, and read without surprises.

A part may be missing, for an older version did not write it; one that is there is what its name says. Parts of a newer
version are let through: they change nothing that is shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.store.tables import instant_text, read_instant

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")  # what is shown as an instant among the evidence

Check = Callable[[Any], None]


def checked(said: Any) -> dict[str, Any]:
    """Give a recommendation in JSON's types as it is.

    Raises:
        TypeError, ValueError: it, or a part of it, is something else.
    """
    _object(said, {}, may_have=_PARTS)
    found: dict[str, Any] = said
    return found


def _is(*types: type) -> Check:
    def check(value: Any) -> None:
        if type(value) not in types:  # True is no number
            raise TypeError("another type")

    return check


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list_of(check: Check) -> Check:
    def check_list(value: Any) -> None:
        _is(list)(value)
        for item in value:
            check(item)

    return check_list


def _object(value: Any, has: Mapping[str, Check], *, may_have: Mapping[str, Check] | None = None) -> None:
    _is(dict)(value)
    if not all(isinstance(key, str) for key in value):
        raise TypeError("a name that is no text")
    for name, check in has.items():
        if name not in value:
            raise ValueError("a part is missing")
        check(value[name])
    for name, check in (may_have or {}).items():
        if name in value:
            check(value[name])


def _text(value: Any) -> None:
    _is(str)(value)
    value.encode("utf-8")  # half a letter could be shown nowhere


def _number(value: Any) -> None:
    _is(int, float)(value)
    if not math.isfinite(value):
        raise ValueError("no number")


def _instant(value: Any) -> None:
    _text(value)
    read_instant(value)


def _evidence(value: Any) -> None:
    _is(dict)(value)
    for one in value.values():
        if not isinstance(one, str):
            _number(one)
        elif _INSTANT.match(one):
            at = datetime.fromisoformat(one)
            instant_text(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
        else:
            _text(one)


_WHOLE = _is(int)
_STAGE = _or_none(_WHOLE)
_PRESCRIPTION = {
    "stage": _WHOLE,
    "text": _text,
    "jog_s": _number,
    "walk_s": _number,
    "main_set_s": _number,
    "repeats": _WHOLE,
    "jog_total_s": _number,
    "longest_jog_s": _number,
}
_REVISES = {
    "issued_at": _instant,
    "outcome": _text,
    "next_stage": _STAGE,
    "new": _list_of(_text),
    "gone": _list_of(_text),
}
_PARTS: Mapping[str, Check] = {
    "outcome": _text,
    "as_of": _instant,
    "last_stage": _STAGE,
    "next_stage": _STAGE,
    "prescription": _or_none(lambda value: _object(value, _PRESCRIPTION)),
    "reasons": _list_of(
        lambda value: _object(value, {"code": _text, "message": _text}, may_have={"evidence": _evidence})
    ),
    "advice": _list_of(_text),
    "earliest_next_run": _or_none(_instant),
    "earliest_increase": _or_none(_instant),
    "gates": _list_of(lambda value: _object(value, {"code": _text, "met": _is(bool), "message": _text})),
    "completed": _is(bool),
    "rules_version": _text,
    "rests_on": lambda value: _object(value, {}, may_have={"last_fact": _WHOLE, "last_run": _or_none(_text)}),
    "revises": _or_none(lambda value: _object(value, _REVISES)),
    "weekly": _or_none(_instant),
}
