"""Where instants and numbers lie, and which of them are named at an edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import ceil, floor, isfinite, log10

from monitor.report import wording
from monitor.report.charts.shapes import Anchor, Letters, Rule, Shape

NEAR_EDGE = 0.06  # a word this near an edge is written inwards from it: in the middle of its tick it would be cut
MOST_DATES, MOST_YEARS = 6, 3  # as many as a phone has room for, without and with the year
LONG_DAYS = 300  # from here on an axis names the year
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Local days side by side, each as wide as the next whatever the clocks do."""

    first: date
    last: date
    zone: tzinfo

    @property
    def count(self) -> int:
        """Count them."""
        return (self.last - self.first).days + 1

    def at(self, instant: datetime) -> float:
        """Place an instant by the clock of its day; what lies beyond the days lies at their edge."""
        local = instant.astimezone(self.zone)
        into = (local.hour * 3600 + local.minute * 60 + local.second) / 86400
        return self._within((local.date() - self.first).days + into)

    def on(self, day: date, *, into: float = 0.0) -> float:
        """Place a day, or a share of it."""
        return self._within((day - self.first).days + into)

    def holds(self, day: date) -> bool:
        """Say whether a day is among them."""
        return self.first <= day <= self.last

    def _within(self, days: float) -> float:
        return min(max(days / self.count, 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Height:
    """A number from 0 at the foot of a field to `top` at its head."""

    top: float
    head: float  # y, in pixels
    foot: float

    def at(self, value: float) -> float:
        """Place a number; what is beyond the field lies at its edge."""
        share = value / self.top if isfinite(value) else 0.0
        return self.foot - min(max(share, 0.0), 1.0) * (self.foot - self.head)


def round_top(most: float, *, least: float) -> float:
    """Give a round number at or a little above the largest one that is to be shown: 1, 2, 2.5 or 5 times ten to n."""
    step = round_step(max(most, least) if isfinite(most) else least, 4)
    return step * ceil(max(most, least) / step - 1e-9) if isfinite(most) else least


def round_step(span: float, parts: int) -> float:
    """Give a round distance between ticks, so that at most about `parts` fit into a span; never 0."""
    rough = max(span, 1e-9) / parts
    power = 10.0 ** floor(log10(rough))
    return next((m * power for m in (1, 2, 2.5, 5) if m * power >= rough * (1 - 1e-9)), 10 * power)


def ticks(top: float, parts: int = 4) -> list[float]:
    """Give round numbers from 0 to the top, the top included where it is one of them."""
    step = round_step(top, parts)
    return [round(n * step, 9) for n in range(floor(top / step + 1e-9) + 1)]


def grid(height: Height, unit: str, parts: int = 4) -> Iterator[Shape]:
    """Draw the numbers of a height as lines across, each named above its line at the left; the top with its unit."""
    values = ticks(height.top, parts)
    for value in values:
        y = height.at(value)
        yield Rule(x1=0, y1=y, x2=1, y2=y, kind="axis" if value == 0 else "grid")
        text = f"{number(value)} {unit}" if value == values[-1] else number(value)
        yield Letters(x=0, y=y - 3, text=text, anchor="start")


def number(value: float) -> str:
    """Write a tick: no digit more than it needs, and groups of three."""
    if value >= 10000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3f}".rstrip("0").rstrip(".")


def dates(days: Days, y: float, *, head: float, foot: float) -> Iterator[Shape]:
    """Name Mondays below a chart, as many as there is room for, with a line through the field at each."""
    for day in mondays(days):
        x = days.on(day)
        yield Rule(x1=x, y1=head, x2=x, y2=foot, kind="grid")
        anchor, dx = edge(x)
        yield Letters(x=x, y=y, text=_named(day, days), anchor=anchor, dx=dx)


def mondays(days: Days) -> list[date]:
    """Give the Mondays that are named: every one, every second, every fourth … counted back from the last."""
    every = [days.first + n * DAY for n in range(days.count) if (days.first + n * DAY).weekday() == 0]
    step = 1
    most = MOST_DATES if days.count <= LONG_DAYS else MOST_YEARS
    while len(every) > most * step:
        step *= 2
    return every[::-1][::step][::-1]


def _named(day: date, days: Days) -> str:
    """Write a day of the axis: with its year where the axis spans more than one."""
    short = f"{day.day} {wording.MONTHS[day.month - 1]}"
    return short if days.count <= LONG_DAYS else f"{short} {day.year}"


def edge(x: float) -> tuple[Anchor, float]:
    """Say how a word at a tick is written, so that no edge cuts it."""
    if x < NEAR_EDGE:
        return "start", 0.0
    return ("end", 0.0) if x > 1 - NEAR_EDGE else ("middle", 0.0)


def thinned(places: Sequence[float], apart: float) -> list[bool]:
    """Say which of these, in order from the left, may carry a word that needs this share of the width."""
    allowed, last = [], -9.0
    for place in places:
        fits = place - last >= apart
        allowed.append(fits)
        last = place if fits else last
    return allowed


def size(days: Days) -> str:
    """Say how broad the bar of a run may be, so that two days apart never touch on a phone."""
    return "broad" if days.count <= 70 else "slim" if days.count <= 200 else "thin"
