"""What the report is made from: a standing, the zone of its days, and what is looked up in it more than once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

from analysis.sessions import Session
from monitor.answers import CheckIn
from monitor.entries import replaced_by
from monitor.judged import Judged
from monitor.standing import Standing


def monday(on: date) -> date:
    """Give the Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def week_id(start: date) -> str:
    """Name a week by ISO 8601: 2026-W14."""
    year, number, _ = start.isocalendar()
    return f"{year}-W{number:02d}"


def week_end(start: date, zone: tzinfo) -> datetime:
    """Give the last instant of a week in a zone."""
    return datetime.combine(start + timedelta(days=7), time(), tzinfo=zone).astimezone(UTC) - timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A standing as the report looks at it."""

    standing: Standing
    zone: tzinfo

    def local_date(self, at: datetime) -> date:
        """Give the day of an instant, hers."""
        return at.astimezone(self.zone).date()

    @cached_property
    def judged(self) -> dict[str, Judged]:
        """Give each running session by its name."""
        return {j.session.id: j for j in self.standing.judged}

    @cached_property
    def replaced(self) -> dict[int, CheckIn]:
        """Give the entries that another one stands in place of."""
        return replaced_by(list(self.standing.facts.check_ins))

    @cached_property
    def session_of(self) -> dict[int, Session]:
        """Give the session that each entry is about, by the number of the entry."""
        by_recording: dict[str, Session] = {}
        for session in self.every_session():
            for identity in session.identities:
                by_recording.setdefault(identity, session)
        found = {
            entry.id: by_recording[entry.recording]
            for entry in self.standing.facts.check_ins
            if entry.recording in by_recording
        }
        for judged in self.standing.judged:  # of a recording that is two runs, the log knows which is meant
            found |= {entry.id: judged.session for entry in self.standing.log.entries(judged.session)}
        return found

    @cached_property
    def increases(self) -> list[Judged]:
        """Give the runs that raised the jogging, in time order."""
        return [j for j in self.standing.judged if j.is_increase]

    def every_session(self) -> Iterator[Session]:
        """Give all sessions: those that count, those left out, and those dated ahead."""
        yield from self.standing.sessions
        yield from (left.session for left in self.standing.ignored)
        yield from self.standing.ahead
