"""A session drawn in the terminal: speed over time, and below it what each column of time was.

Jogging is filled and everything else is a line, so that the two can be told apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from math import ceil

from analysis.bouts import Bout, Gait
from monitor.cli.layout import WIDTH
from monitor.cli.session_text import gaits
from monitor.report import wording
from monitor.samples import Track

ROWS = 10
MARGIN = 7  # "  3.0 |"
COLUMNS = WIDTH - MARGIN
LETTER = {Gait.JOG: "J", Gait.WALK: "w", Gait.STAND: "s", Gait.PAUSE: "p", Gait.UNKNOWN: "?"}
LEGEND = "J jog   w walk   s stand   p paused   ? could not tell"
HERS = "^ corrected by you"
EIGHTHS = " ▁▂▃▄▅▆▇█"
TICKS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480)
TICK_COLUMNS = 10  # at least this far apart
SLOWEST_TOP_MPS, LOWEST_TOP_SPM = 2.0, 120.0


def draw(
    bouts: Sequence[Bout], corrected: Sequence[Bout], tracks: Sequence[Track], zone: tzinfo, *, plain: bool
) -> list[str]:
    """Draw a session; nothing where its recordings hold neither speed nor cadence.

    Args:
        bouts: of the session, contiguous.
        corrected: what of it she corrected.
        tracks: what its recordings hold.
        zone: in which the clock below is read.
        plain: whether only ASCII can be printed.
    """
    start, end = bouts[0].start, bouts[-1].end
    what, step = "Speed in m/s", 0.5
    heights = _means([(t.start, t.speed_mps) for t in tracks], start, end)
    least = SLOWEST_TOP_MPS
    if not any(heights):
        what, step, least = "Steps a minute", 20.0, LOWEST_TOP_SPM
        heights = _means([(t.start, t.cadence_spm) for t in tracks], start, end)
    known = [height for height in heights if height is not None]
    if not any(known):
        return []
    top = max(least, step * ceil(max(known) / step))
    return [
        f"{what}; a column is {wording.length(max(1.0, (end - start).total_seconds() / COLUMNS))}",
        *_bars(heights, gaits(bouts, COLUMNS), top, plain),
        *_below(bouts, corrected, start, end, zone),
        LEGEND + (f"   {HERS}" if corrected else ""),
    ]


def _means(
    tracks: Sequence[tuple[datetime, Sequence[float | None]]], start: datetime, end: datetime
) -> list[float | None]:
    """Average the seconds that fall into each column."""
    sums, counts = [0.0] * COLUMNS, [0] * COLUMNS
    cell_s = (end - start).total_seconds() / COLUMNS
    for began, values in tracks:
        offset_s = (began - start).total_seconds()
        for second, value in enumerate(values):
            # A short recording has more columns than seconds: a second then fills all that it covers.
            first, last = (int((offset_s + at) / cell_s) for at in (second, second + 0.999))
            for column in range(max(first, 0), min(last, COLUMNS - 1) + 1):
                if value is not None:
                    sums[column] += value
                    counts[column] += 1
    return [total / n if n else None for total, n in zip(sums, counts, strict=True)]


def _bars(heights: Sequence[float | None], gait_of: Sequence[Gait], top: float, plain: bool) -> Iterator[str]:
    labels = {ROWS - 1: top, ROWS // 2 - 1: top / 2}
    for row in reversed(range(ROWS)):
        label = f"{labels[row]:.2f}".rstrip("0").rstrip(".") if row in labels else ""
        cells = (_cell(height, gait, row, top, plain) for height, gait in zip(heights, gait_of, strict=True))
        yield f"{label:>5} |{''.join(cells)}".rstrip()


def _cell(height: float | None, gait: Gait, row: int, top: float, plain: bool) -> str:
    if height is None or gait is Gait.PAUSE:
        return " "
    filled = ROWS * height / top - row  # of this cell; more than 1 lies above it
    if gait is not Gait.JOG:
        return "-" if 0 <= filled < 1 or (filled == 1 and row == ROWS - 1) else " "
    if plain:
        return "#" if filled >= 0.5 else " "
    return EIGHTHS[min(8, max(0, round(8 * filled)))]


def _below(
    bouts: Sequence[Bout], corrected: Sequence[Bout], start: datetime, end: datetime, zone: tzinfo
) -> Iterator[str]:
    """Write the axis with its clock, what each column was, and what of it is her own word."""
    axis, clock = ["-"] * COLUMNS, [" "] * COLUMNS
    for at in _ticks(start, end, zone):
        column = int((at - start) / (end - start) * COLUMNS)
        axis[column] = "+"
        label = wording.clock(at.astimezone(zone))
        if column + len(label) <= COLUMNS:
            clock[column : column + len(label)] = label
    margin = " " * (MARGIN - 1)
    yield f"{0:>5} +{''.join(axis)}"
    yield f"{margin} {''.join(LETTER[gait] for gait in gaits(bouts, COLUMNS))}"
    if corrected:
        yield f"{margin} {''.join(_is_hers(corrected, start, end))}".rstrip()
    yield f"{margin} {''.join(clock)}".rstrip()


def _is_hers(corrected: Sequence[Bout], start: datetime, end: datetime) -> Iterator[str]:
    cell = (end - start) / COLUMNS
    for column in range(COLUMNS):
        since = start + column * cell
        yield "^" if any(b.start < since + cell and b.end > since for b in corrected) else " "


def _ticks(start: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Give round times of the clock, as many as there is room for."""
    minutes = (end - start) / timedelta(minutes=1)
    step = next((s for s in TICKS_MIN if s / minutes * COLUMNS >= TICK_COLUMNS), TICKS_MIN[-1])
    local = start.astimezone(zone)
    into = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    at = start + (-into % timedelta(minutes=step))
    while at < end:
        yield at
        at += timedelta(minutes=step)
