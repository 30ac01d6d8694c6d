"""The numbers and instants behind a finding or a reason, in words: what was compared with what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from analysis import rounding
from analysis.plan import hours, length
from monitor.report import wording

Numbers = Mapping[str, str | int | float]
UNITS = {"_s": "s", "_h": "h", "_m": "m", "_days": "days", "_spm": "steps/min"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def evidence(numbers: Numbers, zone: tzinfo) -> str:
    """Write named numbers and instants on one line."""
    return " · ".join(_pair(name, value, zone) for name, value in numbers.items())


def raises(numbers: Numbers, zone: tzinfo) -> str:
    """Name the runs that raised the jogging too often, where a finding is about that; its message only counts them."""
    if "allowed" not in numbers:
        return ""
    days = [wording.short_day(at.astimezone(zone).date()) for at in _raised(numbers)]
    return f"Raised on {', '.join(days[:-1])} and {days[-1]}." if len(days) > 1 else ""


def _raised(numbers: Numbers) -> Iterator[datetime]:
    for name, value in numbers.items():
        if name.startswith("increase_") and isinstance(value, str) and INSTANT.match(value):
            yield datetime.fromisoformat(value)


def _pair(name: str, value: str | int | float, zone: tzinfo) -> str:
    if isinstance(value, str) and INSTANT.match(value):
        value = wording.moment(datetime.fromisoformat(value), zone)
    if name == "jog_error_s" and not isinstance(value, str):
        value = rounding.whole_error_s(value)
    if isinstance(value, str):
        return f"{name.replace('_', ' ')} {value.replace('_', ' ')}"
    if name.endswith("_s") and value >= 3 * 3600:
        return f"{name.removesuffix('_s').replace('_', ' ')} {hours(timedelta(seconds=value))}"
    if name.endswith("_s") and value >= 60:
        return f"{name.removesuffix('_s').replace('_', ' ')} {length(value)}"
    if name.endswith("_share"):
        return f"{name.replace('_', ' ')} {wording.percent(value)}"
    value = f"{rounding.nearest(value, 1)}".removesuffix(".0")
    for suffix, unit in UNITS.items():
        if name.endswith(suffix):
            return f"{name.removesuffix(suffix).replace('_', ' ')} {value} {unit}"
    return f"{name.replace('_', ' ')} {value}"
