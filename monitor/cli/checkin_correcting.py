"""Corrections of entries: another one in its place, or taken back. The first one stays on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from monitor import due
from monitor.answers import CheckIn, Window
from monitor.checkins import session_zone, takes_back
from monitor.cli.asking import is_asking
from monitor.cli.checkin_logging import checked, say_what_became
from monitor.cli.checkin_questions import conversation
from monitor.cli.checkin_windows import about, windows_for, words
from monitor.cli.layout import wrapped
from monitor.cli.place import Opened
from monitor.cli.printing import tell
from monitor.cli.trouble import Refused
from monitor.entries import (
    answers,
    corrected,
    merged,
    replaced_by,
    standing,
    stands_all_the_same,
    taken_back,
)
from monitor.symptoms import what_severe, what_urgent

if TYPE_CHECKING:
    from analysis.sessions import Session
    from monitor.standing import Standing


def take_back(here: Opened, id: int) -> None:
    """Take an entry back."""
    old = _entry(here, id)
    here.add(taken_back(old, here.now))
    tell(f"Taken back: entry {old.id}. It stays on record.")
    _say_what_stands(here, old)
    here.say_what_changed()


def replace(
    here: Opened, id: int, given: Mapping[str, Any], *, nothing: bool, session: str | None, named: frozenset[Window]
) -> None:
    """Put another entry in the place of one; what is left out of it stays as it was said."""
    old = _entry(here, id)
    found = here.standing()
    run = about(found, session) if session is not None else _run_of(found, old)
    recording = run.identities[0] if run is not None and session is not None else old.recording
    windows = old.windows
    if run is None and named - {Window.ANY}:
        raise Refused(f"entry {old.id} is not about a run that counts; name the run too, with --session")
    if named or (session is not None and windows == {Window.ANY}):
        windows = windows_for(found, run, here.now, named, named=session is not None)
    if windows == {Window.ANY}:
        run, recording = None, None
    if not given and not nothing and session is None and not named:
        if not is_asking():
            raise Refused("nothing was answered; say what it should have been, for instance --pain 2 (see --help)")
        told = conversation(f"Entry {old.id} again, {words(run, windows)}.", windows, of_a_run=False)
        assert told is not None  # it was not offered, so that it cannot be put off
        given, nothing = told.answers, told.nothing
        if not nothing:
            given = {"urgent": frozenset(), **given}
    checked(given, windows, nothing=nothing)
    whole = merged(old, given, windows, nothing=nothing)
    checked(whole, windows, nothing=False)
    if whole == answers(old) and windows == old.windows and recording == old.recording:
        raise Refused(f"entry {old.id} says exactly that; there is nothing to correct")
    opened = None if run is None else max((found.log.of(run)[w].opens for w in windows - {Window.ANY}), default=None)
    zone = session_zone(run, found.facts) if run is not None else here.zone()
    reaches = due.speaks_of(run, windows, zone, here.now)
    new = corrected(old, whole, now=here.now, recording=recording, windows=windows, opened=opened, reaches=reaches)
    here.add(new)
    say_what_became(here, [new], run, f"Logged {words(run, new.windows)}, in place of entry {old.id}.")
    _say_what_stands(here, old)
    here.say_what_changed()


def _entry(here: Opened, id: int) -> CheckIn:
    """Find the entry to be corrected; 0 is the last one that stands.

    Raises:
        Refused: there is none of this number among hers, or it was corrected already.
    """
    known = here.facts().check_ins
    if not id:
        found = max(standing(known), key=lambda c: (c.recorded_at, c.id), default=None)
        if found is None:
            raise Refused("there is no entry that stands; `restride checkin --list` lists all")
        return found
    found = next((c for c in known if c.id == id), None)
    if found is None:
        raise Refused(f"there is no entry {id} of yours; `restride checkin --list` lists those there are")
    by = replaced_by(known).get(id)
    if by is not None and takes_back(by):
        raise Refused(f"entry {id} is taken back already; log it anew")
    if by is not None:
        raise Refused(f"entry {id} is corrected already, by entry {by.id}; correct that one")
    if takes_back(found):
        raise Refused(f"entry {id} only takes back entry {found.replaces}; log what you want to say anew")
    return found


def _run_of(found: Standing, entry: CheckIn) -> Session | None:
    return next((j.session for j in found.judged if entry.recording in j.session.identities), None)


def _say_what_stands(here: Opened, old: CheckIn) -> None:
    """Say what a correction does not change, where the entry tells of a sign that a clinician sees first."""
    if stands_all_the_same(old, here.facts().check_ins, here.now):
        what = ", ".join((*what_urgent(old), *what_severe(old)))
        tell(
            wrapped(
                f"Entry {old.id} told of {what}, more than an hour ago. Whatever becomes of the entry, that stands "
                "until a clinician has seen you: `restride gate seen --on DATE`."
            )
        )
