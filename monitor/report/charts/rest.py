"""The rest before each run, beside what the plan asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import floor

from analysis.plan import hours
from monitor.report import wording
from monitor.report.charts.axes import Days, Height, dates, size, thinned
from monitor.report.charts.shapes import Chart, Key, Letters, Rule, Shape, Sign, used, words_last
from monitor.report.model_sessions import SessionView
from monitor.report.model_weeks import RestGapView

HEAD, FOOT = 22.0, 132.0
TOP_H = 96.0  # what is longer is not more rested in any way that the plan knows
HOURS_APART = 0.13
LAST_NAMED = 0.88  # beyond it the hours stand at the left of their stem
SIGNS = {"kept": "kept", "caution": "short", "limit": "breach", "not judged": "history"}


def rest(gaps: Sequence[RestGapView], sessions: Mapping[str, SessionView], days: Days) -> Chart:
    """Draw each rest as a stem that ends at its hours, at the run that ended it.

    Args:
        gaps: in time order.
        sessions: by id.
        days: the width.
    """
    shown = [g for g in gaps if g.before_session in sessions and days.holds(sessions[g.before_session].local_date)]
    height = Height(top=TOP_H, head=HEAD, foot=FOOT)
    shapes: list[Shape] = []
    if shown:
        shapes += [*_scale(shown[-1].required_h, height), *dates(days, FOOT + 15, head=HEAD, foot=FOOT)]
        shapes += _stems(shown, sessions, height, days)
    return Chart(
        id="rest",
        title="Rest before each run",
        summary=_summary(shown),
        height=FOOT + 20,
        shapes=words_last(shapes),
        key=used(
            (
                Key(sign="rule:limit", text="the rest that the plan asks for"),
                Key(sign="kept", text="as long as the plan asks"),
                Key(sign="short", text="a little short: shown, does not block"),
                Key(sign="breach", text="under the limit: blocks a step up for 7 days"),
                Key(sign="more", text="longer than the chart"),
            ),
            shapes,
        ),
    )


def _scale(required_h: float, height: Height) -> Iterator[Shape]:
    """Draw whole days across, and the rest that is asked for."""
    for hours_ in (0.0, 24.0, 48.0, 72.0, TOP_H):
        y = height.at(hours_)
        if hours_ != required_h:
            yield Rule(x1=0, y1=y, x2=1, y2=y, kind="grid" if hours_ else "axis")
            text = f"{hours_:g} h or more" if hours_ == TOP_H else f"{hours_:g}"
            yield Letters(x=0, y=y - 3, text=text, anchor="start")
    y = height.at(required_h)
    yield Rule(x1=0, y1=y, x2=1, y2=y, kind="limit")
    yield Letters(x=0, y=y - 4, text=f"{required_h:g} h", kind="limit", anchor="start")


def _stems(
    gaps: Sequence[RestGapView], sessions: Mapping[str, SessionView], height: Height, days: Days
) -> Iterator[Shape]:
    places = [days.on(sessions[g.before_session].local_date, into=0.5) for g in gaps]
    short = [(x, gap) for x, gap in zip(places, gaps, strict=True) if gap.level != "kept"]
    named = thinned([x - HOURS_APART * (x > LAST_NAMED) for x, _ in short], HOURS_APART)
    for x, gap in zip(places, gaps, strict=True):
        y = height.at(gap.rest_h)
        yield Rule(x1=x, y1=height.foot, x2=x, y2=y, kind=f"stem {size(days)} {gap.level.replace(' ', '-')}")
        yield Sign(x=x, y=y, name=SIGNS[gap.level] if gap.rest_h <= TOP_H else "more")
    for (x, gap), is_named in zip(short, named, strict=True):
        if is_named:
            right = x > LAST_NAMED
            yield Letters(
                x=x,
                y=height.at(gap.rest_h) + 13,
                text=f"{floor(gap.rest_h)} h",
                kind="boxed",
                anchor="end" if right else "start",
                dx=-9.0 if right else 9.0,
            )


def _summary(gaps: Sequence[RestGapView]) -> str:
    """Say what is to be seen."""
    if not gaps:
        return "Rest is counted from the second run on."
    least = min(gaps, key=lambda g: g.rest_s)
    counts = {level: sum(g.level == level for g in gaps) for level in SIGNS}
    parts = [f"{counts['kept']} of {wording.count(len(gaps), 'rest')} as long as asked"]
    parts += [f"{counts['caution']} a little short"] * bool(counts["caution"])
    parts += [f"{counts['limit']} under the limit"] * bool(counts["limit"])
    parts += [f"{counts['not judged']} short before the plan began"] * bool(counts["not judged"])
    return f"{', '.join(parts)}; the shortest {hours(timedelta(seconds=least.rest_s))}."
