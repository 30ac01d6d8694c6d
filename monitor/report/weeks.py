"""A week of the report in strings, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo

from monitor.report import units, wording
from monitor.report.answers import WINDOWS, entries, tells_something
from monitor.report.make_sessions import session_view
from monitor.report.make_summary import headline as headline
from monitor.report.make_summary import move_views, recommendation_views
from monitor.report.make_weeks import week_sum
from monitor.report.model_sessions import PerformedView, SessionView
from monitor.report.model_summary import RecommendationView
from monitor.report.preparing import day_lines
from monitor.report.preparing import week_of as foundation_week
from monitor.report.source import Source, week_id
from monitor.report.source import monday as monday
from monitor.report.view import Answer, IssuedRow, Line, RunRow, Week
from monitor.standing import Standing


def week(standing: Standing, start: date, zone: tzinfo) -> Week:
    """Gather what happened from a Monday to its Sunday, in the runner's zone."""
    return week_rows(Source(standing=standing, zone=zone), start)


def week_rows(source: Source, start: date) -> Week:
    """Write a week from a Monday on."""
    standing, zone, end = source.standing, source.zone, start + timedelta(days=6)

    def inside(on: date) -> bool:
        return start <= on <= end

    counted = [session_view(s, source) for s in standing.sessions if inside(s.local_date)]
    ignored = [
        session_view(left.session, source, counted="ignored", ignored_because=left.because)
        for left in standing.ignored
        if inside(left.session.local_date)
    ]
    runs = [s for s in counted if s.verdict is not None]
    others = [s for s in counted if s.verdict is None]
    of_a_run = {identity for j in standing.judged for identity in j.session.identities}
    check_ins = standing.facts.check_ins
    loose = [c for c in check_ins if c.recording not in of_a_run and inside(source.local_date(c.said_at))]
    issued = (i for i in standing.facts.issued if inside(source.local_date(i.recorded_at)))
    return Week(
        id=week_id(start),
        title=f"{wording.short_day(start)} to {wording.day(end)}",
        sum=week_sum([*counted, *ignored]),
        runs=tuple(_run(session, source) for session in runs),
        others=tuple(_other(session, source) for session in others),
        foundation=tuple(day_lines(foundation_week(standing, start))),
        ignored=tuple(_ignored(session) for session in ignored),
        moves=tuple(move.text for move in move_views(source, start, end)),
        entries=tuple(entries(loose, zone, among=check_ins)),
        notes=tuple(note for session in (*runs, *others) for note in _notes(session)),
        issued=tuple(_issued(given, zone) for given in recommendation_views(issued, zone)),
    )


def _clock(session: SessionView) -> str:
    """Write the time of day where she ran, with the offset where that is not the zone of the report."""
    if not session.away:
        return session.local_clock
    return f"{session.local_clock} ({wording.offset(timedelta(seconds=session.utc_offset_s))})"


def _when(session: SessionView) -> str:
    return f"{wording.short_day(session.local_date)}, {_clock(session)}"


def _run(session: SessionView, source: Source) -> RunRow:
    """Write a running session beside what was prescribed for it."""
    check_ins = source.standing.facts.check_ins
    identities = {file.recording for file in session.files}
    mine = [c for c in check_ins if c.recording in identities]
    said = {finding.message for finding in session.findings}
    why_not = (wording.sentence(why) for why in session.why_not_clean)
    return RunRow(
        id=session.id,
        day=wording.day(session.local_date),
        clock=_clock(session),
        files=", ".join(file.file_name for file in session.files if file.counts),
        stage="before the plan began" if session.stage is None else f"Stage {session.stage}",
        prescribed=session.prescribed.text if session.prescribed else None,
        performed=tuple(_performed(session.performed)),
        difference=session.difference.text if session.difference else None,
        doubt=session.doubt,
        rest_before="first run" if session.rest_before_s is None else wording.rest(session.rest_before_s),
        answers=tuple(_answers(session)),
        findings=tuple(Line(text=f.message, code=f.code, tone=f.level) for f in session.findings),
        entries=tuple(entries([c for c in mine if tells_something(c, mine)], source.zone, among=check_ins)),
        verdict=session.verdict or "",
        why_not=tuple(why for why in why_not if why not in said),
        corrected=_hers(session, source),
    )


def _hers(session: SessionView, source: Source) -> str | None:
    """Name what she told by hand, and what she corrected by her clock there."""
    there = wording.fixed_zone(session.utc_offset_s)
    spans = wording.corrections(session.corrected, there if session.away else source.zone)
    hers = [wording.by_hand(session.by_hand), f"corrected by you: {spans}" if spans else ""]
    return " ".join(wording.sentence(one) for one in hers if one) or None


def _answers(session: SessionView) -> Iterator[Answer]:
    """Say of each window whether it was answered, and how; an answer given after its window is marked late."""
    states = {answer.window: answer for answer in session.windows}
    for window, name in WINDOWS.items():
        if window.value in states:
            yield Answer(window=name, state=states[window.value].state, late=states[window.value].late)


def _performed(done: PerformedView | None) -> Iterator[tuple[str, str]]:
    """Write what was done, as names and values."""
    if done is None:
        yield "jogging", "could not be told"
        return
    if done.ratio is not None:
        yield "jog:walk", done.ratio
    each = f", each {wording.length(done.jog_bout_s)}" if done.repeats > 1 else ""
    yield "jogs", f"{done.repeats}{each}"
    if done.walk_bout_s:
        yield "walk breaks", f"each {wording.length(done.walk_bout_s)}"
    yield "jogged in all", f"{wording.length(done.jog_s)} ± {wording.error(done.jog_error_s)}"
    yield "longest jog", wording.length(done.longest_jog_s)
    yield "main set", wording.length(done.main_set_s)


def _other(session: SessionView, source: Source) -> str:
    """Name cross-training by its sport, and of a walk say why it is no run."""
    size = ", ".join(part for part in (wording.length(session.duration_s), units.distance(session.distance_m)) if part)
    if session.kind == "cross-training":
        sport = session.files[0].sport.replace("_", " ")
        return f"{_when(session)}: {sport}, {size} (cross-training)."
    hers = _hers(session, source)
    return f"{_when(session)}: {session.kind}, {size}; {session.why}.{f' {hers}' if hers else ''}"


def _ignored(session: SessionView) -> str:
    """Name a session that she left out, and why."""
    files = ", ".join(file.file_name for file in session.files)
    long = wording.length(session.duration_s)
    return f"{_when(session)}: {long} ({files}), ignored by you: {session.ignored_because}"


def _notes(session: SessionView) -> Iterator[str]:
    """Say what was odd or assumed in the files of a session."""
    for note in session.notes:
        file = "" if note.code == "copy" else f" ({note.file_name})"
        yield f"{_when(session)}{file}: {note.message}"


def _issued(given: RecommendationView, zone: tzinfo) -> IssuedRow:
    """Write a recommendation as it was given."""
    return IssuedRow(
        at=wording.moment(given.issued_at, zone),
        outcome=given.outcome,
        headline=headline(given.outcome, given.last_stage, given.next_stage),
        reasons=tuple(Line(text=reason.message, code=reason.code) for reason in given.reasons),
        revises=given.revises.text if given.revises else None,
    )
