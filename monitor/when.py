"""Days and instants: those that anybody means, and how the sentences of a recommendation write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

YEARS = range(1850, 2251)
"""Nobody means another year, and at the ends of time no zone and no week can be worked out."""


def day(at: datetime, zone: ZoneInfo) -> str:
    """Write a local day so that no one misreads it: Tuesday 3 March."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write a local instant: Tuesday 3 March, 07:02. Rounded up to the minute, so that waiting for it is enough."""
    if at.second or at.microsecond:
        at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{day(at, zone)}, {at.astimezone(zone):%H:%M}"
