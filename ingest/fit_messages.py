"""Decoded FIT messages as plain values, and careful ways to take a number, a word or an instant out of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

Fields = Mapping[str, object]
"""One message: what was recorded, by the profile's names; times are seconds since 1989-12-31."""

Messages = dict[str, list[dict[str, object]]]
"""Messages by kind, each kind in the file's order."""

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
EPOCH_UNIX_S = 631065600

BEYOND_MEASURE = 1e10

FIRST_STAMP = 0x10000000
"""Smaller stamps count from when the device was switched on, and say nothing about the date."""


def number(message: Fields, name: str) -> float | None:
    """Give a recorded number, None if there is none, a list of them, or one beyond any time or distance on a watch."""
    value = message.get(name)
    return float(value) if isinstance(value, (int, float)) and abs(value) < BEYOND_MEASURE else None


def word(message: Fields, name: str) -> str | None:
    """Give the profile's word for a value, None if there is none or the profile knows only a number."""
    value = message.get(name)
    return value if isinstance(value, str) else None


def stamp(message: Fields, name: str) -> int | None:
    """Give a date's seconds since 1989-12-31, None if there is none."""
    value = message.get(name)
    return value if isinstance(value, int) and FIRST_STAMP <= value <= 0xFFFFFFFF else None


def instant(stamp_s: float) -> datetime:
    """Give the aware UTC instant of seconds since 1989-12-31."""
    return EPOCH + timedelta(seconds=stamp_s)
