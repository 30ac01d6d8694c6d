"""Reports of a few lives, as values: what the golden pages, the browser and the pictures look at.

Everything is made from exact bouts and drawn samples at fixed instants, so that the same page comes out every time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import sin
from zoneinfo import ZoneInfo

from analysis.bouts import Gait
from analysis.sessions import Session
from monitor.answers import Heaviness, Leakage, Urgent, Window
from monitor.facts import Birth, Setting
from monitor.report.make_report import report_of, report_of_week
from monitor.report.model import Report
from monitor.report.model_sessions import TraceView
from monitor.report.traces import trace
from monitor.samples import Track
from monitor.standing import Standing
from tests.stories import LISBON, MONDAY, NONE, PLAN, Life, as_prescribed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPEED = {Gait.JOG: 2.5, Gait.WALK: 1.5, Gait.STAND: 0.0, Gait.PAUSE: 0.0, Gait.UNKNOWN: 1.9}
STEPS = {Gait.JOG: 158.0, Gait.WALK: 114.0, Gait.STAND: 0.0, Gait.PAUSE: 0.0, Gait.UNKNOWN: 130.0}
HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 مريم \u202eשלום 🏃🏽‍♀️👶 "
LONG = (HOSTILE * 200)[:10_000]
NOTE = "It came on the third jog, going downhill past the school, and went when I walked; better after a night's rest."
WORD = "Donaudampfschifffahrt" * 476  # ten thousand letters without a place to break


def drawn(session: Session) -> TraceView:
    """Make the samples that a watch would have recorded for these bouts."""
    speed: list[float | None] = []
    cadence: list[float | None] = []
    for bout in session.bouts:
        known = bout.gait not in (Gait.PAUSE, Gait.UNKNOWN)
        for n in range(round(bout.seconds)):
            wave = sin((len(speed) + n) / 9) * 0.06
            speed.append(SPEED[bout.gait] * (1 + wave) if known else None)
            cadence.append(STEPS[bout.gait] * (1 + wave / 3) if known else None)
    return trace(session, [Track(start=session.bouts[0].start, speed_mps=speed, cadence_spm=cadence)])


def whole(standing: Standing, *, runner: str = "Ana", zone: ZoneInfo = LISBON) -> Report:
    """Report on a standing with the traces of all its runs."""
    traces = [drawn(judged.session) for judged in standing.judged]
    return report_of(standing, runner_name=runner, zone=zone, traces=traces)


def a_week(standing: Standing, monday: date, *, runner: str = "Ana") -> Report:
    """Report on one week of it."""
    return report_of_week(standing, monday, runner_name=runner, zone=LISBON)


def clean(weeks: int = 3) -> Life:
    """Every second day but one, what the plan says, with a warm-up, every question answered with none."""
    life = Life.ready()
    for n in range(weeks * 3):
        start = MONDAY + (n // 3) * 7 * DAY + (n % 3) * 2 * DAY
        said = life.issue(start - HOUR).recommendation.prescription
        if said is not None:
            life.answers_all(life.runs(start, [("walk", 300.0), *as_prescribed(said), ("walk", 180.0)]))
    return life


def symptoms() -> Life:
    """Two clean weeks; then leakage in one run, pain the next day, a rest too short, and an answer that is missing."""
    life = clean(2)
    start = MONDAY + 14 * DAY
    leaked = life.runs(start, 3)
    life.answers_all(
        leaked,
        evening={**NONE, "leakage": Leakage.DROPS, "note": "On the last jog, downhill."},
        morning={**NONE, "pain": 2, "site": "pelvis"},
    )
    life.issue(start + 12 * HOUR)
    early = life.runs(start + DAY + 10 * HOUR, [("jog", 200.0), ("pause", 90.0), ("walk", 60.0), ("jog", 500.0)])
    life.answers(early, early.ended_at + HOUR, (Window.DURING, Window.AFTER), **NONE)
    life.issue(start + 5 * DAY)
    return life


def not_started() -> Life:
    """A birth and a zone, and one movement that did not go well; nothing else yet."""
    life = Life()
    life.tell(Birth(id=0, recorded_at=MONDAY - 30 * DAY, on=MONDAY.date() - 70 * DAY))
    life.tell(Setting(id=0, recorded_at=MONDAY - 30 * DAY, at=MONDAY - 30 * DAY, key="zone", value="Europe/Lisbon"))
    life.move(MONDAY - DAY, hop=False)
    return life


def urgent() -> Life:
    """A sign that comes before any plan, after a clean week."""
    life = clean(1)
    life.answers(None, MONDAY + 5 * DAY, (Window.ANY,), **NONE, urgent=frozenset({Urgent.CHEST_PAIN}))
    return life


def busy(note: str = LONG) -> Life:
    """The fullest week there can be: two runs a day, a symptom and a note in each, and every urgent sign at its end."""
    life = clean(1)
    monday = MONDAY + 7 * DAY
    felt = {"pain": 6, "site": "pelvis", "leakage": Leakage.SOAKED, "heaviness": Heaviness.BULGE, "note": note}
    for n in range(14):
        at = monday + (n // 2) * DAY + (n % 2) * 9 * HOUR
        ran = life.runs(at, [("jog", 900.0 + 60 * n), ("walk", 30.0), ("jog", 300.0)])
        life.answers(ran, ran.ended_at + HOUR, (Window.DURING, Window.AFTER), **felt)
        life.answers(None, ran.ended_at + 2 * HOUR, (Window.ANY,), **felt)
        life.issue(at + 3 * HOUR)
    life.answers(None, monday + 6 * DAY + 10 * HOUR, (Window.ANY,), **NONE, urgent=frozenset(Urgent))
    return life


def full() -> Life:
    """A full week that a person could live: four runs, seven entries that tell of something, each with a long note."""
    life = clean(2)
    monday = MONDAY + 14 * DAY
    for n, day in enumerate((0, 2, 4, 6)):
        ran = life.runs(monday + day * DAY, [("jog", 240.0 + 60 * n), ("walk", 60.0), ("jog", 400.0)])
        felt = {"pain": 1 + n, "site": "pelvis", "leakage": Leakage.DROPS, "heaviness": Heaviness.MILD, "note": NOTE}
        life.answers(ran, ran.ended_at + HOUR, (Window.DURING, Window.AFTER), **felt)
        if n < 3:
            life.answers(ran, ran.ended_at + 20 * HOUR, (Window.NEXT_DAY,), **NONE | {"pain": 2 + n, "note": NOTE})
        life.issue(monday + day * DAY + 3 * HOUR)
    return life


def years(runs: int = 500) -> Life:
    """Three years of running every second or third day at the last stage, nothing issued on the way."""
    life = Life.ready()
    for n in range(runs):
        ran = life.runs(MONDAY + timedelta(days=7 * (n // 3) + 2 * (n % 3)), PLAN.last if n > 60 else 1 + n // 4)
        life.answers_all(ran)
    return life


def end_of(life: Life) -> datetime:
    """Give the Sunday evening after the last thing that happened, or of the first week."""
    last = max((one.ended_at for one in life.observed), default=MONDAY).astimezone(LISBON)
    sunday = last + timedelta(days=6 - last.weekday())
    return sunday.replace(hour=18, minute=0, second=0, microsecond=0)


STORIES = {"clean": clean, "symptoms": symptoms, "not-started": not_started}
"""Of these there is a golden page."""


def of(life: Life, *, runner: str = "Ana") -> Report:
    """Report on a life up to its end."""
    return whole(life.at(end_of(life)), runner=runner)
