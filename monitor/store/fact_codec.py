"""Facts to JSON and back: the types live in monitor/facts.py, the table holds their fields.

How each field is written follows from its type, once, when this module is loaded; a field or kind that this version
does not know is refused, because a symptom left out could turn a hold into progress.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from monitor.answers import CheckIn
from monitor.facts import (
    Asked,
    Birth,
    Correction,
    Fact,
    Facts,
    Gate,
    Ignored,
    Issued,
    LaterStart,
    ManualSession,
    Override,
    PlanChoice,
    PlanStart,
    SameRun,
    Seen,
    Setting,
    TakenBack,
)
from monitor.foundation import Foundation, Readiness
from monitor.store.errors import UnreadableRow
from monitor.store.tables import instant_text, read_instant
from monitor.text import storable
from monitor.when import YEARS

KINDS: tuple[tuple[str, type[Fact], str], ...] = (
    ("birth", Birth, "births"),
    ("gate", Gate, "gates"),
    ("later-start", LaterStart, "later_starts"),
    ("readiness", Readiness, "readiness"),
    ("check-in", CheckIn, "check_ins"),
    ("override", Override, "overrides"),
    ("plan-start", PlanStart, "plan_starts"),
    ("setting", Setting, "settings"),
    ("issued", Issued, "issued"),
    ("seen", Seen, "seen"),
    ("correction", Correction, "corrections"),
    ("ignored", Ignored, "ignored"),
    ("asked", Asked, "asked"),
    ("foundation", Foundation, "foundation"),
    ("manual-session", ManualSession, "manual_sessions"),
    ("plan-choice", PlanChoice, "plan_choices"),
    ("same-run", SameRun, "same_runs"),
    ("taken-back", TakenBack, "taken_back"),
)
"""The word in the table, the type, and its place in `Facts`. A new kind is a line here and needs no migration."""

Json = Any
_COLUMNS = ("id", "recorded_at")  # have their own columns, and are not in the body


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    required: bool
    encode: Callable[[Any], Json]
    decode: Callable[[Json], Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    type: type[Fact]
    fields: tuple[_Field, ...]


def encode(fact: Fact) -> tuple[str, dict[str, Json]]:
    """Give a fact's kind and body.

    Raises:
        TypeError, ValueError: a field holds what its type does not allow.
    """
    kind = _BY_TYPE[type(fact)]
    return kind.name, {field.name: field.encode(getattr(fact, field.name)) for field in kind.fields}


def decode(id: int, kind_name: str, recorded_at: datetime, body: dict[str, Json]) -> Fact:
    """Give the fact of a row.

    Raises:
        UnreadableRow: this version does not know the kind or a field, or the row is damaged.
    """
    kind = _BY_NAME.get(kind_name)
    if kind is None or not isinstance(body, dict) or not body.keys() <= {field.name for field in kind.fields}:
        raise UnreadableRow(
            f"Entry {id} ({kind_name}) was written by a newer version of Restride. Update Restride, and run it again."
        )
    values: dict[str, Any] = {}
    try:
        if not isinstance(recorded_at, datetime):  # SQLite keeps nothing where a table asks for something, once damaged
            raise TypeError("not an instant")
        for field in kind.fields:
            if field.name in body:
                values[field.name] = field.decode(body[field.name])
            elif field.required:
                raise ValueError(field.name)
    except (TypeError, ValueError):
        # Without the cause: what she wrote would be in it.
        raise UnreadableRow(
            f"Entry {id} ({kind_name}) in the database cannot be read. Restore the database from a backup."
        ) from None
    return kind.type(id=id, recorded_at=recorded_at, **values)


def gather(facts: list[Fact]) -> Facts:
    """Sort facts into their places, in the order given."""
    places: dict[type, list[Any]] = {type_: [] for _, type_, _ in KINDS}
    for fact in facts:
        places[type(fact)].append(fact)
    return Facts(**{place: tuple(places[type_]) for _, type_, place in KINDS})


def _exactly(wanted: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not wanted:  # True is no number, and 3.0 is no integer
            raise TypeError(f"not {wanted.__name__}")
        return value

    return check


def _dict_of(value_check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not dict:
            raise TypeError("not dict")
        return {_text(key): value_check(item) for key, item in value.items()}

    return check


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError("not a number")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not str")
    # A byte that is no letter comes from a terminal as half of one, which no page and no export can hold.
    return storable(str(value))  # str: an enumeration's value, where one was given


def _encode_date(value: Any) -> str:
    if type(value) is not date:
        raise TypeError("not date")
    return _meant(value).isoformat()


def _decode_date(value: Any) -> date:
    return _meant(date.fromisoformat(value))


def _meant(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError("a day that nobody means")
    return day


def _by_type(hint: Any) -> tuple[Callable[[Any], Json], Callable[[Json], Any]]:
    """Give the pair of functions that writes and reads a field of this type; TypeError for a type not met so far."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType and len(arguments) == 2 and arguments[1] is types.NoneType:
        write, read = _by_type(arguments[0])
        return (lambda value: None if value is None else write(value)), (
            lambda value: None if value is None else read(value)
        )
    if origin is frozenset:
        write, read = _by_type(arguments[0])
        return (lambda value: sorted(write(item) for item in value)), (
            lambda value: frozenset(read(item) for item in _LIST(value))
        )
    if origin is dict and arguments == (str, bool):
        return _dict_of(_exactly(bool)), _dict_of(_exactly(bool))
    if origin is dict and arguments == (str, Any):  # what was recommended; `monitor.kept` reads it as far as it goes
        return _dict_of(lambda item: item), _dict_of(lambda item: item)
    if origin is dict and arguments == (str, str):
        return _dict_of(_text), _dict_of(_text)
    if hint is float:
        return _number, _number
    if hint is int or hint is bool:
        return _exactly(hint), _exactly(hint)
    if hint is str:
        return _text, _text
    if hint is datetime:
        return instant_text, read_instant
    if hint is date:
        return _encode_date, _decode_date
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return (lambda value: hint(value).value), hint
    raise TypeError(f"no rule for a field of type {hint}")


def _kind(name: str, type_: type[Fact]) -> _Kind:
    hints = typing.get_type_hints(type_)
    return _Kind(
        name,
        type_,
        tuple(
            _Field(field.name, field.default is MISSING, *_by_type(hints[field.name]))
            for field in fields(type_)
            if field.name not in _COLUMNS
        ),
    )


_LIST = _exactly(list)
_BY_NAME = {name: _kind(name, type_) for name, type_, _ in KINDS}
_BY_TYPE: dict[type, _Kind] = {kind.type: kind for kind in _BY_NAME.values()}
