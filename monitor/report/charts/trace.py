"""One session over time: speed and cadence, with what each stretch was judged to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from monitor.report import wording
from monitor.report.charts.axes import Height, edge, number, round_top
from monitor.report.charts.shapes import Box, Chart, Curve, Key, Letters, Rule, Shape
from monitor.report.model_sessions import BoutView, SessionView, TraceView

SPEED = (18.0, 92.0)  # head and foot, in pixels
CADENCE = (112.0, 168.0)
BAND = (172.0, 10.0)  # top and height: what each stretch was
CLOCK_Y, HEIGHT = 197.0, 202.0
UNITS = 1000
SLOWEST_TOP_MPS, LOWEST_TOP_SPM = 3.0, 200.0
TICKS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)
MOST_TICKS = 4
KEY = (
    Key(sign="box:jog", text="jog"),
    Key(sign="box:walk", text="walk"),
    Key(sign="box:stand", text="standing"),
    Key(sign="box:pause", text="watch paused"),
    Key(sign="box:unknown", text="could not tell"),
)


def trace(session: SessionView, held: TraceView, zone: tzinfo) -> Chart:
    """Draw speed above cadence, jogging shaded in both, and a band of what each stretch was.

    Args:
        session: with its bouts.
        held: its samples; empty where nothing could be read.
        zone: of the clock below.
    """
    start, end = _span(session, held)
    shapes: list[Shape] = []
    if start < end and (_known(held.speed_mps) or _known(held.cadence_spm)):
        shapes += _shades(session.bouts, start, end)
        shapes += _clock(start, end, zone)
        shapes += _panel("Speed, m/s", held.speed_mps, held, SLOWEST_TOP_MPS, SPEED, start, end, "speed")
        shapes += _panel("Steps a minute", held.cadence_spm, held, LOWEST_TOP_SPM, CADENCE, start, end, "cadence")
    return Chart(
        id=f"trace-{session.id}",
        title=f"Speed and cadence, {wording.day(session.local_date)}",
        summary=_summary(session),
        height=HEIGHT,
        shapes=shapes,
    )


def _span(session: SessionView, held: TraceView) -> tuple[datetime, datetime]:
    """Give the time that is drawn: that of the bouts, or of the samples where there are none."""
    if session.bouts:
        return session.bouts[0].start, session.bouts[-1].end
    steps = max(len(held.speed_mps), len(held.cadence_spm))
    return held.start, held.start + timedelta(seconds=held.step_s * steps)


def _known(values: Sequence[float | None]) -> list[float]:
    return [v for v in values if v is not None]


def _shades(bouts: Sequence[BoutView], start: datetime, end: datetime) -> Iterator[Shape]:
    """Shade jogging behind the curves, and lay every stretch out in the band."""
    whole_s = (end - start).total_seconds()
    for bout in bouts:
        x, width = (bout.start - start).total_seconds() / whole_s, bout.length_s / whole_s
        if bout.gait == "jog":
            yield Box(x=x, y=SPEED[0], width=width, height=BAND[0] - SPEED[0], kind="shade")
        yield Box(x=x, y=BAND[0], width=width, height=BAND[1], kind=f"band {bout.gait}")
    for before, after in pairwise(bouts):
        if before.gait == after.gait:  # two recordings of one outing, or a part by her own word
            x = (after.start - start).total_seconds() / whole_s
            yield Rule(x1=x, y1=BAND[0], x2=x, y2=sum(BAND), kind="axis")


def _panel(
    name: str,
    values: Sequence[float | None],
    held: TraceView,
    least: float,
    between: tuple[float, float],
    start: datetime,
    end: datetime,
    kind: str,
) -> Iterator[Shape]:
    """Draw one signal with its name, the number at its top and its line."""
    head, foot = between
    known = _known(values)
    yield Rule(x1=0, y1=foot, x2=1, y2=foot, kind="axis")
    if not known:
        yield Letters(x=0, y=head - 4, text=f"{name}: not recorded", kind="lane", anchor="start")
        return
    height = Height(top=round_top(max(known), least=least), head=0, foot=(foot - head) * 10)
    yield Letters(x=0, y=head - 4, text=name, kind="lane", anchor="start")
    for value in (height.top, height.top / 2):
        y = head + height.at(value) / 10
        yield Rule(x1=0, y1=y, x2=1, y2=y, kind="grid")
    whole_s = (end - start).total_seconds()
    yield Curve(y=head, height=foot - head, units=UNITS, kind=kind, path=_path(values, held, height, start, whole_s))
    for value in (height.top, height.top / 2):  # above the line, not below it
        yield Letters(x=1, y=head + height.at(value) / 10 - 3, text=number(value), anchor="end")


def _path(values: Sequence[float | None], held: TraceView, height: Height, start: datetime, whole_s: float) -> str:
    """Write a line through the steps, broken where nothing was recorded."""
    offset_s = (held.start - start).total_seconds()
    path, at, pen = [], (0, 0), False
    for step, value in enumerate(values):
        if value is None:
            pen = False
            continue
        middle_s = offset_s + (step + 0.5) * held.step_s
        point = (round(UNITS * min(max(middle_s / whole_s, 0), 1)), round(height.at(value)))
        path.append(f"l{point[0] - at[0]} {point[1] - at[1]}" if pen else f"M{point[0]} {point[1]}l0 0")
        at, pen = point, True
    return "".join(path).replace(" -", "-")


def _clock(start: datetime, end: datetime, zone: tzinfo) -> Iterator[Shape]:
    """Name round times of the clock where she ran."""
    step_min = next((s for s in TICKS_MIN if (end - start) / timedelta(minutes=s) <= MOST_TICKS), TICKS_MIN[-1])
    local = start.astimezone(zone)
    into = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    at = start + (-into % timedelta(minutes=step_min))
    while at <= end:
        x = (at - start) / (end - start)
        yield Rule(x1=x, y1=SPEED[0], x2=x, y2=BAND[0], kind="grid")
        anchor, dx = edge(x)
        yield Letters(x=x, y=CLOCK_Y, text=wording.clock(at.astimezone(zone)), anchor=anchor, dx=dx)
        at += timedelta(minutes=step_min)


def _summary(session: SessionView) -> str:
    """Say what is to be seen; the stretches themselves stand in the table below."""
    done = session.performed
    if done is None:
        return f"{wording.count(len(session.bouts), 'stretch', 'stretches')}, no jogging among them."
    jogs = wording.count(done.repeats, "jog")
    return f"{jogs}, {wording.length(done.jog_s)} in all, the longest {wording.length(done.longest_jog_s)}."
