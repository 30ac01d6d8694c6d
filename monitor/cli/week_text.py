"""A week: what was recommended by its end, and what was done in it, from the report's values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from monitor.cli import as_json, session_text
from monitor.cli.layout import Heading, bullets, named, wrapped
from monitor.cli.recommendation_text import whole
from monitor.facts import Facts
from monitor.report import units, wording
from monitor.report.answers import entries
from monitor.report.model import Report
from monitor.report.model_sessions import SessionView
from monitor.report.preparing import Preparing, day_line, preparing
from monitor.report.source import Source
from monitor.report.states import state
from monitor.report.units import Units
from monitor.standing import Standing

SOURCE = {
    "issued": "What was last recommended to you by the end of this week:",
    "replayed": "Nothing had been recommended by the end of this week. Worked out now, from what is known today:",
}


def text(report: Report, facts: Facts, *, shown: Units = Units.METRIC) -> Iterator[str]:
    """Write the recommendation with every reason, then what the week did.

    Args:
        report: of one week.
        facts: hers, for her own words in check-ins.
        shown: the units of distances.
    """
    zone, (week,) = ZoneInfo(report.zone), report.weeks
    if report.summary.source in SOURCE:
        yield wrapped(SOURCE[report.summary.source])
        yield ""
    yield from whole(report.summary, zone)
    runs = [s for s in report.sessions if s.verdict is not None]
    ahead = before_running(report)
    if ahead is not None:
        yield ""
        yield Heading("On the way to the first run" if not runs else "Before the next run")
        yield from named(ahead.rows)
    yield ""
    yield Heading(f"The week of {wording.short_day(week.monday)} to {wording.day(week.sunday)} ({week.id})")
    yield from bullets([week.text, *(move.text for move in week.moves)])
    yield from _part("What was recommended, and then changed", _revised(report, zone))
    yield from _part("Foundation exercises", (day_line(d.on, d.foundation) for d in week.days if d.foundation))
    if runs:
        yield ""
        yield from session_text.listed(runs, report.written_at)
    yield from _part("Walks and other training", (_other(s, shown) for s in report.sessions if _is_other(s)))
    yield from _part("Check-ins that are not about a run", _loose(report, facts, zone))
    for run in runs:
        found = [session_text.found(finding, zone) for finding in run.findings]
        yield from _part(
            f"{wording.day(run.local_date)} ({state(run, report.written_at)})",
            [*_hers(run, zone), *found, *session_text.why_not(run)],
        )
    yield from _part("Ignored by you", (session_text.left_out(s) for s in report.sessions if s.counted == "ignored"))


def before_running(report: Report) -> Preparing | None:
    """Give how far the time before running has come; None once the gates are met, and of an earlier week."""
    return preparing(report) if report.summary.source == "now" else None


def content(report: Report, standing: Standing) -> dict[str, Any]:
    """Give the same as JSON."""
    ahead, source = before_running(report), Source(standing=standing, zone=ZoneInfo(report.zone))
    exercised = [(d.on, d.foundation) for week in report.weeks for d in week.days if d.foundation is not None]
    sessions = as_json.sessions(report.sessions, source)
    return {
        **as_json.recommendation(report.summary, report.gates),
        "week": report.week,
        "source": report.summary.source,
        "before_running": None
        if ahead is None
        else {"days_since_birth": ahead.days_since_birth, "movements_passed": ahead.passed},
        "foundation": as_json.foundation(exercised),
        "sessions": sessions["sessions"],
        "ignored": sessions["ignored"],
    }


def _part(title: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    """Write lines under their heading, where there are any."""
    if listed := list(lines):
        yield ""
        yield Heading(title)
        yield from bullets(listed)


def _revised(report: Report, zone: ZoneInfo) -> Iterator[str]:
    for given in report.recommendations:
        if given.revises is not None:
            headline = f"{given.headline[:1].lower()}{given.headline[1:]}"
            yield f"{wording.moment(given.issued_at, zone)}: {given.outcome}, {headline} {given.revises.text}"


def _is_other(session: SessionView) -> bool:
    return session.verdict is None and session.counted == "counted"


def _other(session: SessionView, shown: Units) -> str:
    """Name cross-training by its sport, and of a walk say why it is no run."""
    when = f"{wording.short_day(session.local_date)}, {session_text.when(session)}"
    far = units.distance(session.distance_m, shown)
    size = ", ".join(part for part in (wording.length(session.duration_s), far) if part)
    if session.kind == "cross-training":
        sport = session.files[0].sport.replace("_", " ")
        return f"{when}: {sport}, {size} (cross-training)."
    hers = wording.sentence(wording.by_hand(session.by_hand)) if session.by_hand else ""
    return " ".join(filter(None, (f"{when}: {session.kind}, {size}; {session.why}.", hers)))


def _hers(session: SessionView, zone: ZoneInfo) -> Iterator[str]:
    """Name what she told by hand, and what she corrected by her clock there."""
    if session.by_hand:
        yield wording.sentence(wording.by_hand(session.by_hand))
    if session.corrected:
        spans = wording.corrections(session.corrected, session_text.clock_zone(session, zone))
        yield f"Corrected by you: {spans}."


def _loose(report: Report, facts: Facts, zone: ZoneInfo) -> Iterator[str]:
    """Write the check-ins of the week that are about no run."""
    runs = {s.id for s in report.sessions if s.verdict is not None}
    of_week = {id for day in report.weeks[0].days for id in day.check_ins}
    loose = {c.id for c in report.check_ins if c.id in of_week and c.session_id not in runs}
    yield from entries([c for c in facts.check_ins if c.id in loose], zone, among=facts.check_ins)
