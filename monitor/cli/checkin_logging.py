"""What is stored of a check-in, and what is said of it afterwards."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import typer

from monitor import due
from monitor.answer_words import NOTHING, Contradiction, check
from monitor.answers import CheckIn, Window
from monitor.checkins import session_zone
from monitor.cli import recommendation_text
from monitor.cli.checkin_questions import conversation
from monitor.cli.checkin_windows import about, lacking, listed, windows_for, words
from monitor.cli.layout import wrapped
from monitor.cli.place import Opened
from monitor.cli.printing import say, tell
from monitor.cli.stopping import STOPPED
from monitor.entries import answers, standing
from monitor.report import wording
from monitor.report.make_summary import summary_now

if TYPE_CHECKING:
    from analysis.sessions import Session

AT_ONCE = timedelta(minutes=1)
"""The same answers again within this time are the same entry, sent twice."""
AS_OPTIONS = {"pain_kind": "kind", "sleep_h": "sleep"}


def checked(given: Mapping[str, Any], windows: frozenset[Window], *, nothing: bool) -> None:
    """Refuse what contradicts, naming the option.

    Raises:
        typer.BadParameter: in words, which answers.
    """
    try:
        check(given, windows, nothing=nothing)
    except Contradiction as error:
        option = AS_OPTIONS.get(error.field, error.field).replace("_", "-")
        raise typer.BadParameter(str(error), param_hint=f"--{option}") from None


def log(
    here: Opened, given: Mapping[str, Any], *, nothing: bool, session: str | None, named: frozenset[Window]
) -> None:
    """Store what was given as options."""
    found = here.standing()
    run = about(found, session)
    windows = windows_for(found, run, here.now, named, named=session is not None)
    checked(given, windows, nothing=nothing)
    given = {**given, **(NOTHING if nothing else {})}
    made = _entries(here, run, windows, given, named=bool(named))
    if _sent_twice(made[-1], found.facts.check_ins, run, asked=bool(named) or session is not None):
        tell("That is logged already, a moment ago; nothing was added.")
        here.say_what_changed()
        return
    _store(here, made, run)
    older = [
        r
        for r in due.runs_due(here.standing(), here.now)
        if (run is None or r.id != run.id) and here.now - r.ended_at <= due.OFFERED_FOR
    ]
    if older and session is None and not given.get("urgent"):
        days = listed([wording.short_day(r.local_date) for r in older[:3]])
        more = f" and {len(older) - 3} more" if len(older) > 3 else ""
        tell(wrapped(f"Not answered yet: {days}{more}. `restride checkin --due` lists them."))
    here.say_what_changed()


def ask(here: Opened, *, session: str | None, named: frozenset[Window]) -> None:
    """Ask about the latest run with something due, and offer the ones before it."""
    found = here.standing()
    runs: list[Session | None] = []
    if session is None and not named:
        runs += [r for r in due.runs_due(found, here.now) if here.now - r.ended_at <= due.OFFERED_FOR]
    if not runs:
        runs = [about(found, session) if session is not None or named else None]
    for number, run in enumerate(runs):
        windows = windows_for(found, run, here.now, named, named=session is not None)
        intro = f"A check-in {words(run, windows)}."
        if number:
            tell("")
            intro = f"Not answered yet either: {words(run, windows)}."
        elif run is None and found.judged and session is None and not named:
            intro = f"Nothing is due. {intro}"
        try:
            told = conversation(
                intro, windows, of_a_run=run is not None, offered=bool(number), parted=run is not None and not named
            )
        except typer.Abort:
            if not number:
                raise
            tell("\nNothing was recorded for that run.")
            here.say_what_changed()
            raise typer.Exit(STOPPED) from None
        if told is None:
            break
        if told.now:
            run, windows = None, frozenset({Window.ANY})
        made = _entries(here, run, windows, told.answers, named=bool(named))
        if told.gone:
            next_day = frozenset({Window.NEXT_DAY})
            made = [_entry(here, run, windows - next_day, told.answers), _entry(here, run, next_day, NOTHING)]
        _store(here, made, run)
        if told.answers.get("urgent") or told.now:
            break
    here.say_what_changed()


def _entries(
    here: Opened, run: Session | None, windows: frozenset[Window], given: Mapping[str, Any], *, named: bool
) -> list[CheckIn]:
    """Make the entry; an urgent sign is one of its own, of now, where the windows asked about are past.

    Dated back to a run of last week, it could seem to have been seen by a clinician in between.
    """
    zone = session_zone(run, here.facts()) if run is not None else here.zone()
    if not given.get("urgent") or named or due.speaks_of(run, windows, zone, here.now):
        return [_entry(here, run, windows, given)]
    rest = {name: answer for name, answer in given.items() if name != "urgent" and answer is not None}
    sign = _entry(here, None, frozenset({Window.ANY}), {"urgent": given["urgent"]})
    return [_entry(here, run, windows, rest), sign] if rest else [sign]


def _entry(here: Opened, run: Session | None, windows: frozenset[Window], given: Mapping[str, Any]) -> CheckIn:
    return CheckIn(
        id=0,
        recorded_at=here.now,
        recording=None if run is None or windows == {Window.ANY} else run.identities[0],
        windows=windows,
        **{name: answer for name, answer in given.items() if answer is not None},
    )


def _store(here: Opened, made: Sequence[CheckIn], run: Session | None) -> None:
    here.add_all(made)
    say_what_became(here, made, run, *(f"Logged {words(run, entry.windows)}." for entry in made))


def say_what_became(here: Opened, made: Sequence[CheckIn], run: Session | None, *logged: str) -> None:
    """Give the notice of an urgent sign first; without one say which answers are still missing."""
    found, is_urgent = here.standing(), any(entry.urgent for entry in made)
    if is_urgent:
        for line in recommendation_text.notice(summary_now(found)):
            say(line)
        sys.stdout.flush()  # before what is told beside it, where both go to one place
    for line in logged:
        tell(line)
    missing = [] if is_urgent else lacking(found, run, made[-1].windows)
    if missing:
        text = listed(missing).capitalize()
        say(f"{text} not answered: the plan holds until {'they are' if len(missing) > 1 else 'it is'}.")


def _sent_twice(entry: CheckIn, known: tuple[CheckIn, ...], run: Session | None, *, asked: bool) -> bool:
    """Say whether an entry is the last one again, of a moment ago.

    The first one answered what was due, so the second would be about other windows: these are looked at only where
    she named run or windows herself.
    """
    last = max(standing(known), key=lambda c: (c.recorded_at, c.id), default=None)
    if last is None or last.row is not None or not timedelta(0) <= entry.recorded_at - last.recorded_at < AT_ONCE:
        return False
    same_run = last.recording == entry.recording or (run is not None and not asked and last.recording in run.identities)
    return same_run and answers(last) == answers(entry) and (not asked or last.windows == entry.windows)
