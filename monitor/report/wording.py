"""How instants, dates and lengths are written for a person: each in one way, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from analysis.bouts import Bout
from analysis.plan import length as length

# Not strftime: its names follow the machine's locale, and the report is in English.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date) -> str:
    """Write a date so that nobody misreads day and month: "Tue 3 Mar 2026"."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """Write a date whose year is clear from beside it: "Tue 3 Mar"."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def clock(local: datetime) -> str:
    """Write the time of day, 24 hours."""
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(instant: datetime, zone: tzinfo) -> str:
    """Write an instant in a zone: "Tue 3 Mar 2026, 07:02"."""
    local = instant.astimezone(zone)
    return f"{day(local.date())}, {clock(local)}"


def earliest(instant: datetime, zone: tzinfo) -> str:
    """Write an instant from which something may happen, rounded up to the minute: never a minute too early."""
    up = timedelta(minutes=1) if instant.second or instant.microsecond else timedelta()
    return moment(instant.replace(second=0, microsecond=0) + up, zone)


def offset(of: timedelta) -> str:
    """Write an offset from UTC: "UTC+9", "UTC−3:30"."""
    total = round(of.total_seconds() / 60)
    hours, minutes = divmod(abs(total), 60)
    return f"UTC{'−' if total < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


def distance(metres: float | None) -> str | None:
    """Write a distance in kilometres."""
    return None if metres is None else f"{metres / 1000:.2f} km"


def count(n: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def corrections(spans: Iterable[Bout], zone: tzinfo) -> str:
    """Write what she said was done: "07:12:30 to 07:14:00 walk"; empty where she corrected nothing."""
    return ", ".join(f"{to_the_second(s.start, zone)} to {to_the_second(s.end, zone)} {s.gait}" for s in spans)


def to_the_second(instant: datetime, zone: tzinfo) -> str:
    """Write the time of day with its seconds, those that have begun."""
    local = instant.astimezone(zone)
    return f"{local.hour:02d}:{local.minute:02d}:{local.second:02d}"


def sentence(text: str) -> str:
    """Begin a rule's words with a capital and end them with a full stop, so that several can follow one another."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?', '…')) else '.'}"
