"""The JSON Schema of the report, written from the values themselves, so that the two cannot differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from importlib import resources
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from monitor.report.model import FORMAT_VERSION, Report

FILE = f"schema-{FORMAT_VERSION}.json"
PLAIN: Mapping[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
    date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
}


def shipped() -> str:
    """Read the schema that comes with the program."""
    return (resources.files("monitor.report") / FILE).read_text(encoding="utf-8")


def text() -> str:
    """Write the schema as the file that is shipped: `python -m monitor.report.schema` prints it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """Give the schema: draft 2020-12, one definition for each kind of value; further names are allowed."""
    definitions: dict[str, Any] = {}
    _define(Report, definitions)
    top = definitions.pop(_name(Report))
    top["properties"]["format_version"] = {"const": FORMAT_VERSION, "description": "of this format"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of Restride",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def described(kind: type) -> dict[str, tuple[Any, str]]:
    """Give the fields of a kind of value, each with its type and what it means."""
    found = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{kind.__name__}.{name} does not say what it means")
        of, what = get_args(hint)
        found[name] = (of, what)
    return {field.name: found[field.name] for field in fields(kind)}


def _define(kind: type, definitions: dict[str, Any]) -> None:
    name = _name(kind)
    if name in definitions:
        return
    definitions[name] = {}  # known before its parts are, for a part may hold the whole
    known = described(kind)
    definitions[name] = {
        "description": (kind.__doc__ or "").strip().splitlines()[0],
        "type": "object",
        "properties": {key: {**_type(of, definitions), "description": what} for key, (of, what) in known.items()},
        "required": list(known),
    }


def _name(kind: type) -> str:
    return kind.__name__.removesuffix("View")


def _type(of: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(of), get_args(of)
    if origin in (Union, UnionType):
        return _either(arguments, definitions)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _type(arguments[0], definitions)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(arguments[1], definitions)}
    if is_dataclass(of) and isinstance(of, type):
        _define(of, definitions)
        return {"$ref": f"#/$defs/{_name(of)}"}
    return dict(PLAIN[of])


def _either(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    some = [_type(one, definitions) for one in arguments if one is not NoneType]
    if NoneType not in arguments:
        return {"anyOf": some}
    if len(some) == 1 and "$ref" not in some[0]:
        (one,) = some
        nullable = {**one, "type": [one["type"], "null"]}
        return nullable | ({"enum": [*one["enum"], None]} if "enum" in one else {})
    return {"anyOf": [*some, {"type": "null"}]}


if __name__ == "__main__":
    print(text(), end="")
