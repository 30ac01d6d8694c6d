"""What was answered, and what was felt, by the window it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.report import wording
from monitor.report.charts.axes import Days, dates, edge, thinned
from monitor.report.charts.shapes import Chart, Key, Letters, Rule, Shape, Sign, used
from monitor.report.model_answers import SymptomView
from monitor.report.model_sessions import SessionView
from monitor.report.states import lacks, open_answers

LANES = {"during": "During the run", "after": "After it", "next_day": "The next day", "any": "Not about a run"}
HEAD, LANE = 8.0, 46.0
MARK = 32.0  # of the mark, below the top of its lane
APART = 0.15  # of two words, each up to "P10 L H O"
LEFT_OF = {"start": 0.0, "middle": 0.5, "end": 1.0}  # how much of a word lies left of its place
MOST_NONE = 120  # of more runs only what is not "none" is drawn
LETTERS = {"pain": "P", "leakage": "L", "heaviness": "H", "other": "O"}
SIGNS = {"missing": "unanswered", "now": "not-due", "later": "not-due"}


def symptoms(sessions: Sequence[SessionView], told: Sequence[SymptomView], days: Days, *, as_of: datetime) -> Chart:
    """Draw each window of each run as answered or not, and each symptom where it was felt.

    Args:
        sessions: the running sessions, in time order.
        told: the symptoms in the entries that stand.
        days: the width.
        as_of: of the report; answers may still be given until their time is over.
    """
    shown = [s for s in told if days.holds(s.on)]
    shapes: list[Shape] = []
    foot = HEAD + LANE * len(LANES)
    if sessions or shown:
        shapes += dates(days, foot + 15, head=HEAD, foot=foot)
        for n, (window, name) in enumerate(LANES.items()):
            y = HEAD + LANE * n
            shapes += [Rule(x1=0, y1=y, x2=1, y2=y, kind="axis" if n == 0 else "grid")]
            shapes += [Letters(x=0, y=y + 13, text=name, kind="lane", anchor="start")]
            shapes += _answers(sessions, window, y + MARK, days, as_of)
            shapes += _felt([s for s in shown if s.window == window], sessions, y + MARK, days)
        shapes.append(Rule(x1=0, y1=foot, x2=1, y2=foot, kind="axis"))
    return Chart(
        id="symptoms",
        title="Symptoms and answers, by window",
        summary=_summary(sessions, shown, as_of),
        height=foot + 20,
        shapes=shapes,
        key=used(
            (
                Key(sign="none", text="answered: no pain, leakage or heaviness"),
                Key(sign="symptom", text="symptom: P pain with its 0 to 10, L leakage, H heaviness, O other"),
                Key(sign="severe", text="severe symptom: a clinician is asked before the next run"),
                Key(sign="urgent", text="urgent sign: medical care comes first"),
                Key(sign="unanswered", text="not answered, which is not the same as none"),
                Key(sign="not-due", text="still to come"),
            ),
            shapes,
        ),
    )


def _answers(sessions: Sequence[SessionView], window: str, y: float, days: Days, as_of: datetime) -> Iterator[Shape]:
    for session in sessions:
        lacking = lacks(session, window, as_of)
        is_none = any(w.window == window and w.state == "none" for w in session.windows)
        if lacking is not None or (is_none and len(sessions) <= MOST_NONE):
            name = "none" if lacking is None else SIGNS[lacking]
            yield Sign(x=days.on(session.local_date, into=0.5), y=y, name=name)


def _felt(told: Sequence[SymptomView], sessions: Sequence[SessionView], y: float, days: Days) -> Iterator[Shape]:
    """Draw symptoms below the run they are about, or on their day."""
    ran = {s.id: s.local_date for s in sessions}
    places = sorted(
        ((days.on(ran.get(s.session_id or "", s.on), into=0.5), s) for s in told), key=lambda p: (p[0], p[1].at)
    )
    named = thinned([x - APART * LEFT_OF[edge(x)[0]] for x, _ in places], APART)
    for (x, one), is_named in zip(places, named, strict=True):
        yield Sign(x=x, y=y, name=one.severity)
        if is_named:
            what = " ".join(LETTERS[k] + (f"{one.pain}" if k == "pain" and one.pain else "") for k in one.kinds)
            anchor, dx = edge(x)
            yield Letters(x=x, y=y - 10, text=what, kind="felt", anchor=anchor, dx=dx)


def _summary(sessions: Sequence[SessionView], told: Sequence[SymptomView], as_of: datetime) -> str:
    """Say what is to be seen."""
    missing = sum(open_answers(s, as_of).missing for s in sessions)
    unanswered = f" {wording.count(missing, 'answer')} missing." if missing else ""
    if not told:
        return f"No symptom was logged in these weeks.{unanswered}"
    days = sorted({s.on for s in told})
    kinds = [k for k in LETTERS if any(k in s.kinds for s in told)]
    named = ", ".join("another symptom" if k == "other" else k for k in kinds)
    return (
        f"{named[:1].upper()}{named[1:]} logged on {wording.count(len(days), 'day')}, "
        f"the last on {wording.day(days[-1])}.{unanswered}"
    )
