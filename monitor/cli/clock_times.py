"""Times and lengths as she types them: a clock of the day and place of a run, an instant, minutes of jogging."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

import typer

from monitor.cli.trouble import Refused
from monitor.report import wording

if TYPE_CHECKING:
    from analysis.sessions import Session

CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?")
SECOND = timedelta(seconds=1)
DAY_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
MINUTES = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)
NUMBER = re.compile(r"(\d{1,5}(?:[.,]\d{1,3})?)\s?(s|min)?", re.ASCII)


def a_time(text: str) -> time | datetime:
    """Read 07:12:30 or 07:12, or an instant with its zone: 2026-03-02T07:12:30+00:00."""
    wrong = f"{text!r} is no time; write it like 07:12:30, or with day and zone like 2026-03-02T07:12:30+00:00"
    try:
        if CLOCK.fullmatch(text):
            return time.fromisoformat(text.zfill(5) if len(text) < 6 else text.zfill(8))
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(wrong) from error
    if instant.tzinfo is None:
        raise typer.BadParameter(wrong)
    return instant.astimezone(UTC)


def a_length(text: str) -> int:
    """Read a length as seconds: 1:30 (minutes and seconds), 1.5 or 1.5min (minutes), 90s."""
    told = text.strip().lower()
    if clock := MINUTES.fullmatch(told):
        return int(clock[1]) * 60 + int(clock[2])
    number = NUMBER.fullmatch(told)
    if number is None:
        raise typer.BadParameter(f"{text!r} is no length; write minutes like 1:30 or 1.5, or seconds like 90s")
    return round(float(number[1].replace(",", ".")) * (1 if number[2] == "s" else 60))


def a_local_time(text: str) -> datetime:
    """Read a day and a time, 2026-03-02T07:00: naive by her own clock, aware where an offset stands with it."""
    wrong = f"{text!r} is no day and time; write it like 2026-03-02T07:00, or with its offset 2026-03-02T07:00+01:00"
    if DAY_AND_TIME.fullmatch(text.strip()) is None:
        raise typer.BadParameter(wrong)
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(wrong) from error


def the_instant(typed: datetime, zone: tzinfo) -> datetime:
    """Find the instant that a day and a time mean.

    Raises:
        Refused: in the night of a clock change her clock left that time out, or showed it twice; both readings are
            named.
    """
    if typed.tzinfo is not None:
        return typed.astimezone(UTC)
    readings = sorted({typed.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})
    if len(readings) == 1:
        return readings[0]
    is_shown = readings[0].astimezone(zone).replace(tzinfo=None) == typed
    either = " or ".join(at.astimezone(zone).isoformat(timespec="minutes") for at in readings)
    raise Refused(
        f"the clock {'showed that time twice' if is_shown else 'left that time out'} in {zone} in the night of a clock "
        f"change; write {either}"
    )


def within(session: Session, typed: time | datetime, zone: tzinfo) -> datetime:
    """Find the instant that a typed time means in a session.

    A run past midnight has times of two days. Bouts are shown to the second, so a time that reads like the beginning
    or the end of a bout means exactly that.

    Raises:
        Refused: the session was not being recorded then, or the clock showed that time twice.
    """
    start, end = session.recordings[0].started_at, max(r.ended_at for r in session.recordings)
    found = {edge for at in _instants(session, typed, zone) for edge in _edges(session, at) if start <= edge <= end}
    if len(found) > 1:
        raise Refused(
            f"the clock showed {typed} twice in {session.id}; write it with day and zone, like "
            f"{max(found).astimezone(zone).isoformat(timespec='seconds')}"
        )
    if not found:
        shown = typed if isinstance(typed, time) else wording.to_the_second(typed, zone)
        raise Refused(
            f"{shown} is outside {session.id}, which was recorded from {wording.to_the_second(start, zone)} to "
            f"{wording.to_the_second(end, zone)}"
        )
    return found.pop()


def _instants(session: Session, typed: time | datetime, zone: tzinfo) -> list[datetime]:
    if isinstance(typed, datetime):
        return [typed]
    days = (session.local_date + timedelta(days=n) for n in range(-1, 3))
    local = [datetime.combine(day, typed, tzinfo=zone).replace(fold=fold) for day in days for fold in (0, 1)]
    there = [(one, one.astimezone(UTC)) for one in local]
    # A time that the clock leaves out in spring comes back as another one.
    return [at for one, at in there if at.astimezone(zone).replace(tzinfo=None) == one.replace(tzinfo=None)]


def _edges(session: Session, at: datetime) -> list[datetime]:
    """Give the edge between bouts that is shown as this second, or the instant itself."""
    if at.microsecond:
        return [at]
    edges = {edge for b in session.bouts for edge in (b.start, b.end)}
    return sorted(edge for edge in edges if at <= edge < at + SECOND)[:1] or [at]
