"""A week of a standing, as rows for the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from analysis.plan import hours
from analysis.sessions import Session
from monitor.checkins import session_zone
from monitor.facts import Facts, Issued
from monitor.judged import Judged, difference
from monitor.manual import corrections, logged_by_hand
from monitor.plans import plan_at
from monitor.progression import moves
from monitor.report import wording
from monitor.report.answers import WINDOWS, entries, tells_something
from monitor.report.preparing import day_lines
from monitor.report.preparing import week_of as foundation_week
from monitor.report.view import Answer, IssuedRow, Line, RunRow, Week
from monitor.standing import LeftOut, Standing


def monday(on: date) -> date:
    """Give the Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def week(standing: Standing, start: date, zone: tzinfo) -> Week:
    """Gather what happened from a Monday to its Sunday, in the runner's zone."""
    end = start + timedelta(days=6)

    def inside(instant: datetime) -> bool:
        return start <= instant.astimezone(zone).date() <= end

    facts = standing.facts
    ignored = [i for i in standing.ignored if start <= i.session.local_date <= end]
    running = {j.session.id for j in standing.judged}
    judged = [j for j in standing.judged if start <= j.session.local_date <= end]
    others = [s for s in standing.sessions if s.id not in running and start <= s.local_date <= end]
    of_a_run = {identity for j in standing.judged for identity in j.session.identities}
    loose = [c for c in facts.check_ins if c.recording not in of_a_run and inside(c.said_at)]
    issued = [i for i in facts.issued if inside(i.recorded_at)]
    year, number, _ = start.isocalendar()
    return Week(
        id=f"{year}-W{number:02d}",
        title=f"{wording.short_day(start)} to {wording.day(end)}",
        sum=_sum(judged, others, ignored),
        runs=tuple(_run(j, standing, zone) for j in judged),
        others=tuple(_other(s, facts, zone) for s in others),
        foundation=tuple(day_lines(foundation_week(standing, start))),
        ignored=tuple(_ignored(i, facts, zone) for i in ignored),
        moves=tuple(_moves(standing, start, end, zone)),
        entries=tuple(entries(loose, zone, among=facts.check_ins)),
        notes=tuple(_notes([*(j.session for j in judged), *others], facts, zone)),
        issued=tuple(_issued(i, zone) for i in sorted(issued, key=lambda i: (i.recorded_at, i.id))),
    )


def headline(outcome: str, last_stage: int | None, next_stage: int | None) -> str:
    """Say what was recommended for the next run."""
    if next_stage is None:
        return "no running for now"
    if outcome == "PROGRESS":
        return f"the next run goes up to stage {next_stage}"
    if last_stage is not None and next_stage < last_stage:
        return f"the next run goes back to stage {next_stage}"
    if last_stage is not None and next_stage == last_stage:
        return f"the next run stays at stage {next_stage}"
    return f"the next run is at stage {next_stage}"


def _clock(session: Session, facts: Facts, zone: tzinfo) -> str:
    """Write the time of day where she ran, with the offset where that is not the zone of the report."""
    local = session.started_at.astimezone(session_zone(session, facts))
    there = local.utcoffset()
    if there is None or there == session.started_at.astimezone(zone).utcoffset():
        return wording.clock(local)
    return f"{wording.clock(local)} ({wording.offset(there)})"


def _when(session: Session, facts: Facts, zone: tzinfo) -> str:
    return f"{wording.short_day(session.local_date)}, {_clock(session, facts, zone)}"


def _sum(judged: Sequence[Judged], others: Sequence[Session], ignored: Sequence[LeftOut]) -> str:
    """Count the week."""
    if not judged and not others:
        return f"No run, walk or other training{' that counts' if ignored else ''} was recorded in this week."
    parts = [f"{wording.count(len(judged), 'run')}, {sum(j.clean for j in judged)} clean" if judged else "No run"]
    names = {"cross-training": "cross-training session"}
    parts += [
        wording.count(sum(s.kind == kind for s in others), names.get(kind, kind))
        for kind in sorted({s.kind for s in others})
    ]
    return "; ".join(parts) + "."


def _run(judged: Judged, standing: Standing, zone: tzinfo) -> RunRow:
    """Write a running session beside what was prescribed for it."""
    session, facts = judged.session, standing.facts
    mine = [c for c in facts.check_ins if c.recording in session.identities]
    verdict = "before the plan" if judged.history else "clean" if judged.clean else "not clean"
    return RunRow(
        id=session.id,
        day=wording.day(session.local_date),
        clock=_clock(session, facts, zone),
        files=", ".join(r.file_name for r in session.recordings),
        stage="before the plan began" if judged.stage is None else f"Stage {judged.stage}",
        prescribed=str(judged.prescription) if judged.prescription else None,
        performed=tuple(_performed(session)),
        difference=wording.compared(apart) if (apart := difference(judged)) is not None else None,
        doubt=session.doubt,
        rest_before="first run" if judged.rest_before_s is None else hours(timedelta(seconds=judged.rest_before_s)),
        answers=tuple(_answers(judged, standing)),
        findings=tuple(
            Line(text=wording.sentence(f.message), code=f.code, tone=f.level.value) for f in judged.findings
        ),
        entries=tuple(entries([c for c in mine if tells_something(c, mine)], zone, among=facts.check_ins)),
        verdict=verdict,
        why_not=tuple(_why_not(judged)),
        corrected=_corrected(session, facts),
    )


def _corrected(session: Session, facts: Facts) -> str | None:
    """Name what she told by hand, and what she corrected by her clock there."""
    spans = wording.corrections(corrections(session), session_zone(session, facts))
    hers = [wording.by_hand(logged_by_hand(session)), f"corrected by you: {spans}" if spans else ""]
    return " ".join(wording.sentence(one) for one in hers if one) or None


def _answers(judged: Judged, standing: Standing) -> Iterator[Answer]:
    """Say of each window whether it was answered, and how; an answer given after its window is marked late."""
    if judged.history:
        return
    log = standing.log.of(judged.session)
    for window, name in WINDOWS.items():
        if window.value in judged.windows:
            yield Answer(window=name, state=judged.windows[window.value], late=log[window].late)


def _why_not(judged: Judged) -> Iterator[str]:
    """Give what kept a run from being clean, but for what its findings say already."""
    said = {finding.message for finding in judged.findings}
    if not judged.history:
        yield from (wording.sentence(why) for why in judged.why_not_clean if why not in said)


def _performed(session: Session) -> Iterator[tuple[str, str]]:
    """Write what was done, as names and values."""
    done = session.performed
    if done is None:
        yield "jogging", "could not be told"
        return
    if done.ratio is not None:
        yield "jog:walk", done.ratio
    each = f", each {wording.length(done.jog_bout_s)}" if done.repeats > 1 else ""
    yield "jogs", f"{done.repeats}{each}"
    if done.walk_bout_s:
        yield "walk breaks", f"each {wording.length(done.walk_bout_s)}"
    yield "jogged in all", f"{wording.length(done.jog_s)} ± {wording.length(done.jog_error_s)}"
    yield "longest jog", wording.length(done.longest_jog_s)
    yield "main set", wording.length(done.main_set_s)


def _other(session: Session, facts: Facts, zone: tzinfo) -> str:
    """Name cross-training by its sport, and of a walk say why it is no run."""
    far = wording.distance(session.distance_m)
    long = wording.length((session.ended_at - session.started_at).total_seconds())
    size = ", ".join(part for part in (long, far) if part)
    if session.kind == "cross-training":
        sport = session.recordings[0].sport.replace("_", " ")
        return f"{_when(session, facts, zone)}: {sport}, {size} (cross-training)."
    hers = _corrected(session, facts)
    return f"{_when(session, facts, zone)}: {session.kind}, {size}; {session.why}.{f' {hers}' if hers else ''}"


def _ignored(left: LeftOut, facts: Facts, zone: tzinfo) -> str:
    """Name a session that she left out, and why."""
    session = left.session
    long = wording.length((session.ended_at - session.started_at).total_seconds())
    files = ", ".join(r.file_name for r in (*session.recordings, *session.duplicates))
    return f"{_when(session, facts, zone)}: {long} ({files}), ignored by you: {left.because}"


def _moves(standing: Standing, start: date, end: date, zone: tzinfo) -> Iterator[str]:
    """Name the first stage, each change of stage between one run and the next, and each stage that a physio set."""
    began = next((j for j in standing.judged if j.stage is not None), None)
    if began is not None and start <= began.session.local_date <= end:
        yield f"Began at stage {began.stage} on {wording.short_day(began.session.local_date)}."
    for move in moves(standing.judged):
        local = move.at.astimezone(zone)
        if start <= local.date() <= end:
            way = "up" if move.to_stage > move.from_stage else "back"
            yield f"Moved {way}, {move.from_stage} → {move.to_stage}, on {wording.short_day(local.date())}."
    for override in standing.facts.overrides:
        local = override.at.astimezone(zone)
        if start <= local.date() <= end:
            yield f"Stage set to {override.stage} on {wording.short_day(local.date())}, because: {override.because}"
    for choice in standing.facts.plan_choices:
        local = choice.at.astimezone(zone)
        if start <= local.date() <= end:
            name = plan_at(standing.facts, max(choice.at, choice.recorded_at)).name
            yield f"Plan “{name}” chosen on {wording.short_day(local.date())}, from stage {choice.at_stage} on."
    for seen in standing.facts.seen:
        if start <= seen.on <= end:
            yield f"Seen by a clinician, who agreed to running, on {wording.short_day(seen.on)}."
    for asked in standing.facts.asked:
        if start <= asked.on <= end:
            yield f"A physiotherapist or clinician was asked on {wording.short_day(asked.on)}."


def _notes(sessions: Iterable[Session], facts: Facts, zone: tzinfo) -> Iterator[str]:
    """Say what was odd or assumed in the files of each session."""
    for session in sessions:
        for recording in session.recordings:
            for _code, message in recording.notes:
                yield f"{_when(session, facts, zone)} ({recording.file_name}): {message}"
        for copy, verdict in session.copies:
            yield f"{_when(session, facts, zone)}: {copy.file_name} {wording.copied(verdict)}; kept, not counted again."


def _issued(issued: Issued, zone: tzinfo) -> IssuedRow:
    """Write a recommendation as it was given, from the copy kept with it."""
    kept = issued.recommendation
    return IssuedRow(
        at=wording.moment(issued.recorded_at, zone),
        outcome=issued.outcome,
        headline=headline(issued.outcome, kept.get("last_stage"), issued.next_stage),
        reasons=tuple(Line(text=wording.sentence(r["message"]), code=r["code"]) for r in kept.get("reasons", ())),
        revises=revises(kept.get("revises"), zone),
    )


def revises(before: Mapping[str, Any] | None, zone: tzinfo) -> str | None:
    """Say what a recommendation changed: what had been said, and which reasons are new."""
    if before is None:
        return None
    at = wording.moment(datetime.fromisoformat(before["issued_at"]), zone)
    stage = "no running" if before["next_stage"] is None else f"stage {before['next_stage']}"
    new, gone = ", ".join(before["new"]), ", ".join(before["gone"])
    parts = [f"New since: {new}."] if new else []
    parts += [f"No longer: {gone}."] if gone else []
    return " ".join([f"Changed: on {at} it was {before['outcome']}, {stage}.", *parts])
