"""Rows of a file as check-ins: which run each is about, which windows, and whether it is known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.sessions import Session
from monitor import entries
from monitor.answer_words import Contradiction, check
from monitor.answers import CheckIn, Window
from monitor.checkin_file import COLUMNS, SESSION, WHEN, WINDOWS, Row, RowTrouble
from monitor.checkins import CheckInLog, session_zone
from monitor.due import closes, speaks_of
from monitor.standing import Standing

AS_COLUMNS = {field: column for column, field in COLUMNS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A row as an entry that can be stored."""

    line: int
    check_in: CheckIn
    run: Session | None  # that it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What came of the rows of a file, in the order of its lines."""

    placed: Sequence[Placed]
    known: int  # rows that were taken before, or that stand in the file twice
    troubles: Sequence[RowTrouble]


def place(rows: Iterable[Row | RowTrouble], standing: Standing, now: datetime) -> Placing:
    """Find for each row the run and the windows it is about; nothing is taken twice.

    A row that names no session is about the last run before it, until the end of the day after that run: so far the
    windows are about the time of the answer itself. Later it is about no run: the run that it means may be one that
    is not imported yet, and "none" must not count for another one.
    """
    read = list(rows)
    troubles = [row for row in read if isinstance(row, RowTrouble)]
    seen = {c.row for c in standing.facts.check_ins if c.row is not None}
    told = entries.standing(standing.facts.check_ins)
    placed: list[Placed] = []
    known = 0
    for row in sorted((r for r in read if isinstance(r, Row)), key=lambda r: (r.answered_at, r.line)):
        if row.hash in seen:
            known += 1
            continue
        try:
            one = _placed(row, standing, told, now)
        except Contradiction as error:
            column = AS_COLUMNS.get(error.field, error.field)
            troubles.append(RowTrouble(line=row.line, column=column, why=str(error)))
            continue
        seen.add(row.hash)
        told.append(one.check_in)
        placed.append(one)
    return Placing(
        placed=sorted(placed, key=lambda p: p.line), known=known, troubles=sorted(troubles, key=lambda t: t.line)
    )


def _placed(row: Row, standing: Standing, told: Sequence[CheckIn], now: datetime) -> Placed:
    births = standing.facts.births
    day = row.answered_at.astimezone(standing.facts.zone_at(row.answered_at)).date()
    if births and day < min(birth.on for birth in births):
        raise Contradiction(WHEN, "expected a day after the birth")
    run = _run(row, standing)
    windows = _windows(row, run, standing, told)
    urgent = bool(row.answers.get("urgent")) and row.windows is None
    if urgent and run is not None and not speaks_of(run, windows, session_zone(run, standing.facts), row.answered_at):
        windows |= {Window.ANY}  # the sign was there at that time, however long before the run was
    check(row.answers, windows, nothing=row.nothing)
    if windows == {Window.ANY}:
        run = None
    check_in = CheckIn(
        id=0,
        recorded_at=now,
        recording=None if run is None else run.identities[0],
        windows=windows,
        answered_at=row.answered_at,
        row=row.hash,
        **row.answers,
    )
    return Placed(line=row.line, check_in=check_in, run=run)


def _run(row: Row, standing: Standing) -> Session | None:
    """Find the run that a row is about: the one it names, else the last one before it."""
    if row.session is not None:
        named = next((s for s in standing.sessions if s.id == row.session), None)
        if named is None or not named.is_running:
            raise Contradiction(SESSION, "expected a run, by its name in `restride sessions`")
        if row.answered_at < named.ended_at:
            raise Contradiction(WHEN, "expected a time after the run that is named under session")
        return named
    runs = (j.session for j in standing.judged if not j.history and j.session.ended_at <= row.answered_at)
    last = max(runs, key=lambda s: s.ended_at, default=None)
    if last is None:
        return None
    until = closes(last, Window.NEXT_DAY, session_zone(last, standing.facts))
    return last if until is not None and row.answered_at <= until else None


def _windows(row: Row, run: Session | None, standing: Standing, told: Iterable[CheckIn]) -> frozenset[Window]:
    """Give the windows of a row: those it names, else those that were open and unanswered at its time."""
    if row.windows is not None:
        about_a_run = row.windows - {Window.ANY}
        if about_a_run and run is None:
            raise Contradiction(SESSION, "expected the name of the run; none that is known had ended just before")
        if run is not None and any(standing.log.of(run)[w].opens > row.answered_at for w in about_a_run):
            raise Contradiction(WINDOWS, "expected windows that had begun by then; how it will be is not known before")
        return row.windows
    if run is None:
        return frozenset({Window.ANY})
    then = tuple(replace(c, recorded_at=c.said_at, answered_at=None) for c in told if c.recording in run.identities)
    log = CheckInLog(replace(standing.facts, check_ins=then), [run], row.answered_at)
    otherwise = {Window.ANY} if row.session is None else {Window.DURING, Window.AFTER}
    return frozenset(log.open_windows(run, row.answered_at)) or frozenset(otherwise)
