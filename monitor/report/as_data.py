"""The report as JSON: every value of the model under its own name, nothing added and nothing left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from monitor.report.model import Report
from monitor.text import storable


def content(report: Report) -> dict[str, Any]:
    """Give the report in JSON's types."""
    return {field.name: data(getattr(report, field.name)) for field in fields(report)}


def text(report: Report) -> str:
    """Write the report as one JSON object on one line."""
    return json.dumps(content(report), ensure_ascii=False, allow_nan=False) + "\n"


def data(value: Any) -> Any:
    """Give a value in JSON's types: instants as UTC with a Z, dates as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): data(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [data(one) for one in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return storable(value)
    return value


def instant(at: datetime) -> str:
    """Write an instant: UTC with a Z, fractions of a second only where there are some."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
