"""When the weekly recommendation is due: a weekday and a time by her clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from monitor.facts import Facts

KEY = "weekly.at"
"""The setting that holds it, like "sunday 18:00"."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyTime:
    """A weekday, 0 is Monday, and a time of day, in her zone."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{DAYS[self.weekday]} {self.at:%H:%M}"


DEFAULT = WeeklyTime(weekday=6, at=time(18))


def parse(text: str) -> WeeklyTime:
    """Read "sunday 18:00"; a day may be cut to three letters.

    Raises:
        ValueError: it is no weekday and time.
    """
    found = re.fullmatch(r"([a-z]{3,9}),? +(\d{1,2}):(\d\d)", text.strip().lower())
    days = [n for n, day in enumerate(DAYS) if found and found[1] in (day, day[:3])]
    if found is None or not days or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError(f"{text!r} is no weekday and time; write it like “sunday 18:00”")
    return WeeklyTime(weekday=days[0], at=time(int(found[2]), int(found[3])))


def weekly_time(facts: Facts, at: datetime) -> WeeklyTime:
    """Give the weekly time in force at an instant."""
    text = facts.setting(KEY, at)
    try:
        return DEFAULT if text is None else parse(text)
    except ValueError:  # written by a newer version
        return DEFAULT
