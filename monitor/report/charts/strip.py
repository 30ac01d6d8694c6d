"""One week as a strip of seven days: runs, the rest between them, and the days with a symptom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import floor

from monitor.report import wording
from monitor.report.charts.shapes import Chart, Key, Letters, Rule, Shape, Sign
from monitor.report.model import Report
from monitor.report.model_sessions import SessionView
from monitor.report.model_weeks import DayView, RestGapView, WeekView
from monitor.report.states import open_answers, state

HEIGHT, LINE, BELOW, OTHERS = 62.0, 26.0, 55.0, 52.0
WIDE_DAYS = 0.9  # a gap's hours are written where at least so much of it is in the week
VERDICTS = {"clean": "clean", "not clean": "unclean", "clean so far": "so-far", "before the plan": "history"}
KEY = (
    Key(sign="clean", text="clean run, with its jogging in minutes and seconds"),
    Key(sign="unclean", text="run that is not clean"),
    Key(sign="so-far", text="clean so far: its answers are still to come"),
    Key(sign="untold", text="its jogging could not be told"),
    Key(sign="history", text="run before the plan began"),
    Key(sign="rule:rest kept", text="rest, in whole hours"),
    Key(sign="rule:rest caution", text="a little under 48 h"),
    Key(sign="rule:rest limit", text="under the limit"),
    Key(sign="symptom", text="symptom logged"),
    Key(sign="severe", text="severe symptom: a clinician is asked first"),
    Key(sign="urgent", text="urgent sign: medical care comes first"),
    Key(sign="unanswered", text="an answer is missing"),
    Key(sign="walk", text="walk"),
    Key(sign="training", text="other training"),
    Key(sign="foundation", text="foundation exercises"),
)


def strips(report: Report) -> Iterator[tuple[WeekView, Chart]]:
    """Draw every week, newest first."""
    sessions = {s.id: s for s in report.sessions}
    gaps: dict[date, list[RestGapView]] = defaultdict(list)
    for gap in report.rest_gaps:
        if gap.after_session not in sessions or gap.before_session not in sessions:
            continue  # it began before the weeks shown
        monday = sessions[gap.after_session].local_date
        monday -= timedelta(days=monday.weekday())
        while monday <= sessions[gap.before_session].local_date:
            gaps[monday].append(gap)
            monday += timedelta(days=7)
    for week in reversed(report.weeks):
        yield week, strip(week, sessions, gaps[week.monday], as_of=report.as_of)


def strip(
    week: WeekView, sessions: Mapping[str, SessionView], gaps: Sequence[RestGapView] = (), *, as_of: datetime
) -> Chart:
    """Draw one week.

    Args:
        week: with its seven days.
        sessions: all that its days name, by id.
        gaps: those that lie in it in whole or in part.
        as_of: of the report; answers may still be given until their time is over.
    """
    shapes: list[Shape] = [Sign(x=0, y=0, name="days")]
    for n, day in enumerate(week.days):
        shapes.append(Letters(x=n / 7, y=11, dx=3, text=str(day.on.day), kind="faint", anchor="start"))
    for gap in gaps:
        shapes += _gap(gap, week, sessions)
    for n, day in enumerate(week.days):
        shapes += _day(day, n, sessions, as_of)
    said = "; ".join(text for day in week.days if (text := _in_words(day, sessions, as_of)))
    return Chart(
        id=f"strip-{week.id}", title=f"Week {week.id}", summary=said or "nothing recorded", height=HEIGHT, shapes=shapes
    )


def _place(day: date, week: WeekView) -> float:
    return ((day - week.monday).days + 0.5) / 7


def _gap(gap: RestGapView, week: WeekView, sessions: Mapping[str, SessionView]) -> Iterator[Shape]:
    """Draw the part of a rest that lies in the week; its hours stand where the greater part is."""
    since, until = (sessions[i].local_date for i in (gap.after_session, gap.before_session))
    if since == until:
        return
    x1, x2 = _place(since, week), _place(until, week)
    left, right = max(x1, 0.0), min(x2, 1.0)
    yield Rule(x1=left, y1=LINE, x2=right, y2=LINE, kind=f"rest {gap.level.replace(' ', '-')}")
    is_greater = (right - left) >= (x2 - x1) / 2
    if is_greater and (right - left) * 7 >= WIDE_DAYS:
        yield Letters(x=(left + right) / 2, y=LINE + 15, text=f"{floor(gap.rest_h)} h", kind=f"hours {gap.level}")


def _day(day: DayView, n: int, sessions: Mapping[str, SessionView], as_of: datetime) -> Iterator[Shape]:
    """Draw what happened on a day."""
    runs = [sessions[i] for i in day.runs if i in sessions]
    for k, run in enumerate(runs):
        x = (n + 0.5) / 7
        dx = min(20.0, 40.0 / len(runs)) * (k - (len(runs) - 1) / 2)
        yield Sign(x=x, y=LINE, name=VERDICTS[state(run, as_of) or "not clean"], dx=dx)
        if len(runs) == 1 and run.performed is None:
            yield Sign(x=x, y=BELOW - 4, name="untold")
        elif len(runs) == 1 and run.performed is not None:
            yield Letters(x=x, y=BELOW, text=wording.clock_of(run.performed.jog_s))
    if len(runs) > 1:  # a phone has no room for two lengths in a day; the table of runs has them
        yield Letters(x=(n + 0.5) / 7, y=BELOW, text=f"{len(runs)} runs")
    if any(open_answers(run, as_of).missing for run in runs):
        yield Sign(x=(n + 1) / 7, y=9, name="unanswered", dx=-9 if day.worst_symptom is None else -26)
    if day.worst_symptom is not None:
        yield Sign(x=(n + 1) / 7, y=9, name=day.worst_symptom, dx=-9)
    others = ["walk"] * bool(day.walks) + ["training"] * bool(day.cross_training)
    others += ["foundation"] * (day.foundation is not None)
    for k, name in enumerate(others):
        yield Sign(x=n / 7, y=OTHERS, name=name, dx=8 + 13 * k)


def _in_words(day: DayView, sessions: Mapping[str, SessionView], as_of: datetime) -> str:
    """Say the same for those who do not see it."""
    said = []
    for run in (sessions[i] for i in day.runs if i in sessions):
        jogged = "jogging unknown" if run.performed is None else f"{wording.length(run.performed.jog_s)} of jogging"
        missing = ", an answer missing" if open_answers(run, as_of).missing else ""
        said.append(f"run, {jogged}, {state(run, as_of)}{missing}")
    if day.worst_symptom is not None:
        said.append("symptom logged" if day.worst_symptom == "symptom" else f"{day.worst_symptom} symptom logged")
    said += ["walk"] * len(day.walks) + ["other training"] * len(day.cross_training)
    said += ["foundation exercises"] * (day.foundation is not None)
    return f"{wording.DAYS[day.on.weekday()]}: {', '.join(said)}" if said else ""
