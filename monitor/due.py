"""Which answers are missing: for which runs, which windows, since when, and until when they would be on time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from analysis.sessions import Session
from monitor.answer_words import NOTHING
from monitor.answers import Window
from monitor.checkins import RUN_WINDOWS, after_closes, next_day_opens, session_zone
from monitor.entries import standing as still_standing
from monitor.standing import Standing

OFFERED_FOR = timedelta(days=14)
"""Runs that ended longer ago are listed, and no longer asked about: nobody remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A window of a run that is not answered, or not yet."""

    session: Session
    window: Window
    since: datetime  # from when it can be answered
    until: datetime | None  # an answer after it counts and is marked late; None: never late
    lacking: tuple[str, ...]  # of pain, leakage and heaviness

    def late(self, at: datetime) -> bool:
        """Say whether an answer would be late by now."""
        return self.until is not None and at > self.until


def due(standing: Standing, now: datetime) -> list[Due]:
    """Give what can be answered by now and is not, the latest run first."""
    return [d for d in _unanswered(standing, now) if d.since <= now]


def coming(standing: Standing, now: datetime) -> list[Due]:
    """Give what can be answered later on."""
    return [d for d in _unanswered(standing, now) if d.since > now]


def runs_due(standing: Standing, now: datetime) -> list[Session]:
    """Give the runs with a window that is due, the latest first."""
    return list({d.session.id: d.session for d in due(standing, now)}.values())


def lacking(standing: Standing, run: Session, window: Window) -> tuple[str, ...]:
    """Name the answers that a window of a run lacks."""
    opens = standing.log.of(run)[window].opens
    about = [c for c in still_standing(standing.facts.check_ins) if c.recording in run.identities]
    telling = [c for c in about if window in c.windows and c.said_at >= opens]
    return tuple(name for name in NOTHING if all(getattr(c, name) is None for c in telling))


def closes(session: Session, window: Window, zone: tzinfo) -> datetime | None:
    """Give the instant until which an answer is on time; how it was during the run can be told whenever."""
    if window is Window.AFTER:
        return after_closes(session, zone)
    if window is not Window.NEXT_DAY:
        return None
    day = session.ended_at.astimezone(zone).date() + timedelta(days=2)
    return max(next_day_opens(session, zone), datetime.combine(day, time(), tzinfo=zone).astimezone(UTC))


def speaks_of(run: Session | None, windows: frozenset[Window], zone: tzinfo, at: datetime) -> bool:
    """Say whether windows of a run reach up to an instant, so that what is told for them is of that time too."""
    if run is None or Window.ANY in windows:
        return True
    ends = (closes(run, window, zone) for window in windows)
    return any(end is not None and end >= at for end in ends)


def _unanswered(standing: Standing, now: datetime) -> list[Due]:
    found = []
    for judged in reversed(standing.judged):
        session = judged.session
        if judged.history:
            continue
        zone = session_zone(session, standing.facts)
        log = standing.log.of(session)
        found += [
            Due(
                session=session,
                window=window,
                since=log[window].opens,
                until=closes(session, window, zone),
                lacking=lacking(standing, session, window),
            )
            for window in RUN_WINDOWS
            if log[window].state(now) in ("unanswered", "not due")
        ]
    return found
