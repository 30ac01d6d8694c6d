"""A session drawn in the terminal: speed over time, and below it what each column of time was.

Jogging is filled and everything else is a line, so that the two can be told apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from math import ceil

from monitor.cli.layout import columns
from monitor.cli.session_text import CORRECTED, gaits
from monitor.report import wording
from monitor.report.model_sessions import CorrectionView, GaitName, SessionView, TraceView

ROWS = 10
MARGIN = 7  # "  3.0 |"
LETTER: dict[GaitName, str] = {"jog": "J", "walk": "w", "stand": "s", "pause": "p", "unknown": "?"}
LEGEND = "J jog   w walk   s stand   p paused   ? could not tell"
HERS = f"{CORRECTED} corrected by you"
EIGHTHS = " ▁▂▃▄▅▆▇█"
TICKS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480)
TICK_COLUMNS = 10  # at least this far apart
SLOWEST_TOP_MPS, LOWEST_TOP_SPM = 2.0, 120.0


def draw(session: SessionView, held: TraceView, zone: tzinfo, *, plain: bool) -> list[str]:
    """Draw a session; nothing where its recordings hold neither speed nor cadence.

    Args:
        session: one with bouts.
        held: its speed and cadence over time.
        zone: in which the clock below is read.
        plain: whether only ASCII can be printed.
    """
    start, end, cells = session.bouts[0].start, session.bouts[-1].end, columns() - MARGIN
    what, step = "Speed in m/s", 0.5
    heights = _means(held.speed_mps, held.step_s, (end - start).total_seconds() / cells, cells)
    least = SLOWEST_TOP_MPS
    if not any(heights):
        what, step, least = "Steps a minute", 20.0, LOWEST_TOP_SPM
        heights = _means(held.cadence_spm, held.step_s, (end - start).total_seconds() / cells, cells)
    known = [height for height in heights if height is not None]
    if not any(known):
        return []
    top = max(least, step * ceil(max(known) / step))
    return [
        f"{what}; a column is {wording.length(max(1.0, (end - start).total_seconds() / cells))}",
        *_bars(heights, gaits(session.bouts, cells), top, plain),
        *_below(session, cells, zone),
        LEGEND + (f"   {HERS}" if session.corrected else ""),
    ]


def _means(values: Sequence[float | None], step_s: float, cell_s: float, cells: int) -> list[float | None]:
    """Average the steps of a trace over each column, by how much of the step lies in it."""
    sums, weights = [0.0] * cells, [0.0] * cells
    for number, value in enumerate(values):
        if value is None:
            continue
        since, until = number * step_s, (number + 1) * step_s
        for column in range(int(since / cell_s), min(ceil(until / cell_s), cells)):
            inside = min(until, (column + 1) * cell_s) - max(since, column * cell_s)
            sums[column] += value * inside
            weights[column] += inside
    return [total / weight if weight > 1e-6 else None for total, weight in zip(sums, weights, strict=True)]


def _bars(heights: Sequence[float | None], gait_of: Sequence[GaitName], top: float, plain: bool) -> Iterator[str]:
    labels = {ROWS - 1: top, ROWS // 2 - 1: top / 2}
    for row in reversed(range(ROWS)):
        label = f"{labels[row]:.2f}".rstrip("0").rstrip(".") if row in labels else ""
        cells = (_cell(height, gait, row, top, plain) for height, gait in zip(heights, gait_of, strict=True))
        yield f"{label:>5} |{''.join(cells)}".rstrip()


def _cell(height: float | None, gait: GaitName, row: int, top: float, plain: bool) -> str:
    if height is None or gait == "pause":
        return " "
    filled = ROWS * height / top - row  # of this cell; more than 1 lies above it
    if gait != "jog":
        return "-" if 0 <= filled < 1 or (filled == 1 and row == ROWS - 1) else " "
    if plain:
        return "#" if filled >= 0.5 else " "
    return EIGHTHS[min(8, max(0, round(8 * filled)))]


def _below(session: SessionView, cells: int, zone: tzinfo) -> Iterator[str]:
    """Write the axis with its clock, what each column was, and what of it is her own word."""
    start, end = session.bouts[0].start, session.bouts[-1].end
    axis, clock = ["-"] * cells, [" "] * cells
    for at in _ticks(start, end, cells, zone):
        column = int((at - start) / (end - start) * cells)
        axis[column] = "+"
        label = wording.clock(at.astimezone(zone))
        if column + len(label) <= cells:
            clock[column : column + len(label)] = label
    margin = " " * (MARGIN - 1)
    yield f"{0:>5} +{''.join(axis)}"
    yield f"{margin} {''.join(LETTER[gait] for gait in gaits(session.bouts, cells))}"
    if session.corrected:
        yield f"{margin} {''.join(_is_hers(session.corrected, start, (end - start) / cells, cells))}".rstrip()
    yield f"{margin} {''.join(clock)}".rstrip()


def _is_hers(corrected: Sequence[CorrectionView], start: datetime, cell: timedelta, cells: int) -> Iterator[str]:
    for column in range(cells):
        since = start + column * cell
        yield CORRECTED if any(b.start < since + cell and b.end > since for b in corrected) else " "


def _ticks(start: datetime, end: datetime, cells: int, zone: tzinfo) -> Iterator[datetime]:
    """Give round times of the clock, as many as there is room for."""
    minutes = (end - start) / timedelta(minutes=1)
    step = next((s for s in TICKS_MIN if s / minutes * cells >= TICK_COLUMNS), TICKS_MIN[-1])
    local = start.astimezone(zone)
    into = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    at = start + (-into % timedelta(minutes=step))
    while at < end:
        yield at
        at += timedelta(minutes=step)
