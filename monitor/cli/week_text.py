"""A week: what was recommended by its end, and what was done in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from analysis.sessions import Session
from monitor.cli import as_json, session_text
from monitor.cli.layout import Heading, bullets, named, wrapped
from monitor.cli.place import Opened
from monitor.cli.recommendation_text import Said, whole
from monitor.cli.trouble import Refused
from monitor.report.preparing import preparing
from monitor.report.preparing import week_of as foundation_week
from monitor.report.said import said_by
from monitor.report.weeks import monday
from monitor.report.weeks import week as week_of
from monitor.standing import LeftOut, Standing

SOURCE = {
    "issued": "What was last recommended to you by the end of this week:",
    "replayed": "Nothing had been recommended by the end of this week. Worked out now, from what is known today:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week from its Monday on, with the recommendation that stood at its end."""

    start: date
    said: Said
    source: str  # "now" | "issued" | "replayed"
    standing: Standing  # of today: what was done is told as it is known now

    @property
    def sessions(self) -> list[Session]:
        """Give the week's sessions in time order."""
        return [s for s in self.standing.sessions if self._holds(s)]

    @property
    def ignored(self) -> list[LeftOut]:
        """Give what she left out of the week."""
        return [left for left in self.standing.ignored if self._holds(left.session)]

    def _holds(self, session: Session) -> bool:
        return self.start <= session.local_date < self.start + timedelta(days=7)


def find(here: Opened, start: date | None) -> Week:
    """Find a week's recommendation: of this week the present one, of an earlier one what was issued last by its end.

    Raises:
        Refused: the week has not begun.
    """
    standing = here.standing()
    this_week = monday(here.today())
    start = start or this_week
    if start > this_week:
        raise Refused(f"the week from {start} on has not begun; today is {here.today()}")
    if start == this_week:
        return present(standing)
    found = said_by(standing, start, here.zone(), lambda: here.store.observed(here.runner))
    return Week(start=start, said=found.said, source=found.source, standing=standing)


def present(standing: Standing) -> Week:
    """Give the week of a standing's own instant."""
    said = standing.recommendation
    today = said.as_of.astimezone(standing.facts.zone_at(said.as_of)).date()
    return Week(start=monday(today), said=said.as_json(), source="now", standing=standing)


def text(week: Week, zone: tzinfo) -> Iterator[str]:
    """Write the recommendation with every reason, then what the week did."""
    if week.source in SOURCE:
        yield wrapped(SOURCE[week.source])
        yield ""
    yield from whole(week.said, zone)
    rows = week_of(week.standing, week.start, zone)
    ahead = preparing(week.standing, week.start, zone) if week.source == "now" else None
    if ahead is not None:
        yield ""
        yield Heading("On the way to the first run" if not rows.runs else "Before the next run")
        yield from named(ahead.rows)
    yield ""
    yield Heading(f"The week of {rows.title} ({rows.id})")
    yield from bullets([rows.sum, *rows.moves])
    if any(given.revises for given in rows.issued):
        yield ""
        yield Heading("What was recommended, and then changed")
        yield from bullets(
            f"{given.at}: {given.outcome}, {given.headline}. {given.revises}" for given in rows.issued if given.revises
        )
    if rows.foundation:
        yield ""
        yield Heading("Foundation exercises")
        yield from bullets(rows.foundation)
    runs = {judged.session.id for judged in week.standing.judged}
    if any(session.id in runs for session in week.sessions):
        yield ""
        yield from session_text.listed((s for s in week.sessions if s.id in runs), week.standing.judged)
    if rows.others:
        yield ""
        yield Heading("Walks and other training")
        yield from bullets(rows.others)
    if rows.entries:
        yield ""
        yield Heading("Check-ins that are not about a run")
        yield from bullets(rows.entries)
    for run in rows.runs:
        if run.findings or run.why_not or run.corrected:
            yield ""
            yield Heading(f"{run.day} ({run.verdict})")
            hers = [run.corrected] if run.corrected else []
            yield from bullets([*hers, *(f"{found.text} [{found.code}]" for found in run.findings), *run.why_not])
    if rows.ignored:
        yield ""
        yield Heading("Ignored by you")
        yield from bullets(rows.ignored)


def _before_running(week: Week, zone: tzinfo) -> dict[str, Any] | None:
    """Give how far the time before running has come; None once the gates are met, and of an earlier week."""
    ahead = preparing(week.standing, week.start, zone) if week.source == "now" else None
    if ahead is None:
        return None
    return {"days_since_birth": ahead.days_since_birth, "movements_passed": ahead.passed}


def content(week: Week, zone: tzinfo) -> dict[str, Any]:
    """Give the same as JSON."""
    judged = {j.session.id: j for j in week.standing.judged}
    return {
        **week.said,
        "week": f"{week.start:%G-W%V}",
        "source": week.source,
        "before_running": _before_running(week, zone),
        "foundation": as_json.foundation(foundation_week(week.standing, week.start)),
        "sessions": [as_json.session(s, judged.get(s.id)) for s in week.sessions],
        "ignored": as_json.left_out(week.ignored),
    }
