"""Jogging performed against prescribed, run by run, with the stages and the increases of any seven days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from monitor.report import wording
from monitor.report.charts.axes import Days, Height, dates, edge, grid, round_top, size, thinned
from monitor.report.charts.shapes import Chart, Curve, Key, Letters, Rule, Shape, Sign, used, words_last
from monitor.report.model_sessions import SessionView
from monitor.report.model_weeks import IncreaseView

HEAD, FOOT = 34.0, 190.0
LANES, LANE, MOST_LANES = FOOT + 46.0, 10.0, 4
UNITS = 10_000
STAGE_APART = 0.055
WINDOW = timedelta(days=7)


def progression(sessions: Sequence[SessionView], increases: Sequence[IncreaseView], days: Days) -> Chart:
    """Draw the jogging of each run as a bar, what was asked for as a line, and each increase with its seven days.

    Args:
        sessions: the running sessions, in time order.
        increases: those that raised the jogging.
        days: the width.
    """
    done = [s for s in sessions if s.performed is not None]
    most_s = max([s.performed.jog_s for s in done if s.performed] + [_asked_s(s) for s in sessions], default=0.0)
    height = Height(top=round_top(most_s / 60, least=8), head=HEAD, foot=FOOT)
    lanes = _lanes(increases)
    shapes: list[Shape] = []
    if sessions:
        shapes += [*grid(height, "min"), *dates(days, FOOT + 15, head=HEAD, foot=FOOT)]
        shapes += _bars(done, height, days)
        shapes += _asked(sessions, height, days)
        shapes += _stages(sessions, height, days)
        shapes += _increases(increases, lanes, days)
    return Chart(
        id="progression",
        title="Jogging, performed and prescribed",
        summary=_summary(sessions, increases),
        height=LANES + LANE * max(1, min(max(lanes, default=-1) + 1, MOST_LANES)) + 4,
        shapes=words_last(shapes),
        key=used(
            (
                Key(sign=f"rule:jogged {size(days)}", text="jogged in a run; the thin line is its error (95 %)"),
                Key(sign=f"rule:jogged {size(days)} unsure", text="jogged, where the data do not carry a verdict"),
                Key(sign="rule:asked", text="prescribed, with the number of the stage where it changes"),
                Key(
                    sign="increase",
                    text="jogging raised; it counts for 7 days, at most 2 may at once",
                ),
                Key(sign="increase-limit", text="raised more often than that"),
            ),
            shapes,
        ),
    )


def _asked_s(session: SessionView) -> float:
    return session.prescribed.jog_total_s if session.prescribed else 0.0


def _bars(done: Sequence[SessionView], height: Height, days: Days) -> Iterator[Shape]:
    for session in done:
        assert session.performed is not None
        x, jog_s, error_s = (
            days.on(session.local_date, into=0.5),
            session.performed.jog_s,
            session.performed.jog_error_s,
        )
        sure = " unsure" if session.unjudgeable else ""
        yield Rule(x1=x, y1=height.foot, x2=x, y2=height.at(jog_s / 60), kind=f"jogged {size(days)}{sure}")
        if error_s:
            yield Rule(
                x1=x, y1=height.at((jog_s - error_s) / 60), x2=x, y2=height.at((jog_s + error_s) / 60), kind="error"
            )


def _asked(sessions: Sequence[SessionView], height: Height, days: Days) -> Iterator[Shape]:
    """Draw what was asked for as one line of steps, from half a day before its run to the next change."""
    path, last_y = [], None
    asked = [s for s in sessions if s.prescribed is not None]
    for session, after in pairwise([*asked, None]):
        assert session is not None
        y = round((height.at(_asked_s(session) / 60) - HEAD) * 10)
        x1 = round(days.on(session.local_date) * UNITS)
        x2 = (
            round(days.on(session.local_date, into=1) * UNITS)
            if after is None
            else round(days.on(after.local_date) * UNITS)
        )
        if last_y is None:
            path.append(f"M{x1} {y}")
        elif y != last_y:
            path.append(f"V{y}")
        path.append(f"H{x2}")
        last_y = y
    if path:
        yield Curve(y=HEAD, height=FOOT - HEAD, units=UNITS, path="".join(path), kind="asked")


def _stages(sessions: Sequence[SessionView], height: Height, days: Days) -> Iterator[Shape]:
    """Name the stage where it changes, above the line and above the bar."""
    changed, before = [], None
    for session in sessions:
        if session.stage is not None and session.stage != before:
            changed.append(session)
            before = session.stage
    places = [days.on(s.local_date, into=0.5) for s in changed]
    for session, x, is_named in zip(changed, places, thinned(places, STAGE_APART), strict=True):
        if is_named:
            done_s = session.performed.jog_s + session.performed.jog_error_s if session.performed else 0.0
            y = height.at(max(done_s, _asked_s(session)) / 60) - 5
            anchor, dx = edge(x)
            yield Letters(x=x, y=max(y, 12), text=str(session.stage), kind="stage", anchor=anchor, dx=dx)


def _lanes(increases: Sequence[IncreaseView]) -> list[int]:
    """Give each increase a lane in which the seven days of an earlier one are over: a third lane is a third one."""
    ends: list[IncreaseView] = []
    lanes = []
    for one in increases:
        lane = next((n for n, last in enumerate(ends) if last.at + WINDOW <= one.at), len(ends))
        ends[lane : lane + 1] = [one]
        lanes.append(lane)
    return lanes


def _increases(increases: Sequence[IncreaseView], lanes: Sequence[int], days: Days) -> Iterator[Shape]:
    yield Letters(x=0, y=LANES - 10, text="Jogging raised: counts for 7 days", anchor="start")
    for one, lane in zip(increases, lanes, strict=True):
        y = LANES + LANE * min(lane, MOST_LANES - 1)
        x = days.at(one.at)
        yield Rule(x1=x, y1=y, x2=days.at(one.at + WINDOW), y2=y, kind=f"window {one.level.replace(' ', '-')}")
        yield Sign(x=x, y=y, name="increase" if one.level != "limit" else "increase-limit")


def _summary(sessions: Sequence[SessionView], increases: Sequence[IncreaseView]) -> str:
    """Say what is to be seen."""
    if not sessions:
        return "No run was recorded in these weeks."
    last = sessions[-1]
    asked = f"{wording.length(_asked_s(last))} prescribed (stage {last.stage})" if last.prescribed else ""
    if last.performed is None:
        jogged = f"its jogging could not be told{'; ' + asked if asked else ''}"
    else:
        jogged = f"jogging {wording.length(last.performed.jog_s)}{' of ' + asked if asked else ''}"
    many = wording.count(len(sessions), "run")
    return f"{many}, the last on {wording.day(last.local_date)}: {jogged}. {_raised(increases)}"


def _raised(increases: Sequence[IncreaseView]) -> str:
    """Say how often jogging was raised, and whether too often."""
    if not increases:
        return "Jogging was never raised."
    too_many = sum(one.level == "limit" for one in increases)
    times = "once" if len(increases) == 1 else "twice" if len(increases) == 2 else f"{len(increases)} times"
    beyond = f"{too_many} of them beyond two in seven days" if too_many else "never more than twice in seven days"
    return f"Jogging was raised {times}" + (f", {beyond}." if len(increases) > 2 else ".")
