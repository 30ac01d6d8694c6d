"""Check-ins beside the runs they speak of: which windows are due, answered, or show a symptom.

No entry is not the same as no symptoms. An answer speaks of its window, whenever it was entered: one that comes late
counts from the end of its window, so that replaying the past gives the same verdict however late it was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

from analysis.sessions import Session
from monitor.answers import Bleeding, CheckIn, Heaviness, Leakage, Window
from monitor.facts import Facts

RUN_WINDOWS = (Window.DURING, Window.AFTER, Window.NEXT_DAY)
NEEDED = (Window.AFTER, Window.NEXT_DAY)  # without these a run is never clean (rules.md §2)
SEVERE_PAIN = 5  # beyond it, CAR01
NEXT_DAY_FROM = time(4)
NEXT_DAY_AFTER = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One entry's symptoms in one window: when, of which run, and what in plain words."""

    at: datetime
    session: Session | None
    window: Window
    what: tuple[str, ...]
    check_in: CheckIn

    @property
    def severe(self) -> tuple[str, ...]:
        """Name what of it needs a clinician first (CAR01)."""
        return what_severe(self.check_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLog:
    """What is known of one window of one run."""

    opens: datetime  # an answer before this instant says nothing about the window
    answered_at: datetime | None  # from when pain, leakage and heaviness are all answered
    symptoms: tuple[Symptom, ...]
    late: bool  # the answer came after the window had closed

    def state(self, at: datetime) -> str:
        """Say "symptom", "none", "unanswered" or "not due" as things stood at an instant."""
        if any(s.at <= at for s in self.symptoms):
            return "symptom"
        if self.answered_at is not None and self.answered_at <= at:
            return "none"
        return "unanswered" if self.opens <= at else "not due"


def what_symptoms(entry: CheckIn) -> tuple[str, ...]:
    """Name the symptoms of an entry that hold progress, in plain words; soreness alone is none of them."""
    said = []
    if entry.pain:
        where = f" ({entry.site})" if entry.site else ""
        said.append(f"pain {entry.pain} of 10{where}")
    if entry.leakage not in (None, Leakage.NONE):
        said.append(f"leakage ({entry.leakage.value})")
    if entry.heaviness not in (None, Heaviness.NONE, Heaviness.BULGE):
        said.append(f"heaviness ({entry.heaviness.value})")
    if entry.heaviness is Heaviness.BULGE:
        said.append("a bulge felt")
    if entry.bleeding is Bleeding.MORE:
        said.append("new or increased bleeding")
    return tuple(said)


def what_severe(entry: CheckIn) -> tuple[str, ...]:
    """Name the symptoms of an entry that need a clinician before the next run (rules.md CAR01)."""
    said = []
    if entry.pain is not None and entry.pain > SEVERE_PAIN:
        said.append(f"pain {entry.pain} of 10")
    if entry.heaviness is Heaviness.BULGE:
        said.append("a bulge felt")
    if entry.bleeding is Bleeding.MORE:
        said.append("new or increased bleeding")
    return tuple(said)


def session_zone(session: Session, facts: Facts) -> tzinfo:
    """Give the zone of a run's local day: her own, or the file's offset where she was travelling."""
    home = facts.zone_at(session.started_at)
    offset = session.utc_offset
    if not offset or offset == session.started_at.astimezone(home).utcoffset():
        return home  # an offset of zero is what writers put where they know none
    return timezone(offset)


def after_closes(session: Session, zone: tzinfo) -> datetime:
    """Give the local midnight that ends a run's `after` window."""
    return _at(session, zone, days=1, clock=time())


def next_day_opens(session: Session, zone: tzinfo) -> datetime:
    """Give the instant from which `next_day` can be answered: 04:00 of the next local day, ≥ 8 h after the end."""
    return max(_at(session, zone, days=1, clock=NEXT_DAY_FROM), session.ended_at + NEXT_DAY_AFTER)


def _at(session: Session, zone: tzinfo, *, days: int, clock: time) -> datetime:
    day = session.ended_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


class CheckInLog:
    """A runner's check-ins up to an instant, laid beside her running sessions once, then asked many times."""

    def __init__(self, facts: Facts, sessions: Iterable[Session], as_of: datetime) -> None:
        runs = [s for s in sessions if s.is_running]
        session_of = {identity: s for s in runs for identity in s.identities}
        about: dict[str, list[CheckIn]] = {s.id: [] for s in runs}
        symptoms = []
        for entry in facts.check_ins:
            if entry.recorded_at > as_of:
                continue
            session = session_of.get(entry.recording or "")
            if session is not None:
                about[session.id].append(entry)
            # Also an entry about a recording that is no run, or is gone: a symptom is never lost.
            now = session is None or Window.ANY in entry.windows or not entry.windows
            if now and (what := what_symptoms(entry)):
                symptoms.append(
                    Symptom(at=entry.recorded_at, session=None, window=Window.ANY, what=what, check_in=entry)
                )
        self._windows = {s.id: _windows(s, session_zone(s, facts), about[s.id]) for s in runs}
        for windows in self._windows.values():
            for log in windows.values():
                symptoms += log.symptoms
        self.symptoms: tuple[Symptom, ...] = tuple(sorted(symptoms, key=lambda s: (s.at, s.check_in.id)))

    def of(self, session: Session) -> dict[Window, WindowLog]:
        """Give the three windows of a run."""
        return self._windows[session.id]

    def state(self, session: Session, window: Window, at: datetime) -> str:
        """Say how a window of a run stood at an instant; see `WindowLog.state`."""
        return self._windows[session.id][window].state(at)

    def open_windows(self, session: Session, at: datetime) -> tuple[Window, ...]:
        """Give the windows of a run that can be answered by now and are not."""
        return tuple(w for w, log in self._windows[session.id].items() if log.state(at) == "unanswered")

    def all_none(self, session: Session, at: datetime) -> bool:
        """Say whether every window of a run was answered none."""
        return all(log.state(at) == "none" for log in self._windows[session.id].values())

    def symptomatic(self, session: Session, at: datetime) -> bool:
        """Say whether any window of a run shows a symptom."""
        return any(log.state(at) == "symptom" for log in self._windows[session.id].values())


def _windows(session: Session, zone: tzinfo, entries: list[CheckIn]) -> dict[Window, WindowLog]:
    midnight = after_closes(session, zone)
    opens = next_day_opens(session, zone)
    # "during" is told after the run, "after" in its evening; an early word about tomorrow says nothing.
    spans = {
        Window.DURING: (session.ended_at, session.ended_at),
        Window.AFTER: (session.ended_at, midnight),
        Window.NEXT_DAY: (opens, max(opens, _at(session, zone, days=2, clock=time()))),
    }
    return {
        window: _window(session, window, spans[window], [e for e in entries if window in e.windows])
        for window in RUN_WINDOWS
    }


def _window(session: Session, window: Window, span: tuple[datetime, datetime], entries: list[CheckIn]) -> WindowLog:
    opens, closes = span

    def about(entry: CheckIn) -> datetime:
        return max(session.ended_at, min(entry.recorded_at, closes))

    telling = [e for e in entries if e.recorded_at >= opens]
    answers = []
    for field in ("pain", "leakage", "heaviness"):
        known = [about(e) for e in telling if getattr(e, field) is not None]
        answers.append(min(known, default=None))
    answered = None if None in answers else max(a for a in answers if a is not None)
    return WindowLog(
        opens=opens,
        answered_at=answered,
        symptoms=tuple(
            Symptom(at=about(e), session=session, window=window, what=what, check_in=e)
            for e in entries
            if (what := what_symptoms(e))
        ),
        late=answered is not None and window is not Window.DURING and all(e.recorded_at > closes for e in telling),
    )
