"""Her entries, and what is missing of them, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from monitor import due
from monitor.answer_words import NOTHING
from monitor.answers import CheckIn, Window
from monitor.checkins import takes_back
from monitor.cli.as_json import instant
from monitor.cli.checkin_windows import listed, named
from monitor.cli.layout import wrapped
from monitor.cli.place import Opened
from monitor.cli.printing import say, say_json
from monitor.entries import answers, replaced_by
from monitor.report import wording
from monitor.report.answers import entry as in_words

if TYPE_CHECKING:
    from monitor.standing import Standing


def show_entries(here: Opened, *, json: bool) -> None:
    """List the entries in the order they were told, each with its number."""
    found = here.standing()
    entries = sorted(found.facts.check_ins, key=lambda c: (c.recorded_at, c.id))
    names = _names(found)
    gone = replaced_by(entries)
    if json:
        say_json({"entries": [_as_json(c, names, gone.get(c.id)) for c in entries]})
        return
    if not entries:
        say("There is no entry yet.")
        return
    by_id, zone = {c.id: c for c in entries}, here.zone()
    widest = max(len(str(c.id)) for c in entries)
    for check_in in entries:
        run = names.get(check_in.recording or "")
        said = in_words(check_in, zone, by_id=by_id, replaced=gone, numbered=True)
        say(wrapped(f"{f'run {run}, ' if run else ''}{said}", first=f"{check_in.id:>{widest}}  "))


def _names(found: Standing) -> dict[str, str]:
    """Name the sessions of recordings, also those that are ignored."""
    sessions = (*found.sessions, *(left.session for left in found.ignored))
    return {identity: session.id for session in sessions for identity in session.identities}


def _as_json(check_in: CheckIn, names: dict[str, str], by: CheckIn | None) -> dict[str, Any]:
    given = answers(check_in)
    return {
        "id": check_in.id,
        "said_at": instant(check_in.said_at),
        "recorded_at": instant(check_in.recorded_at),
        "session": names.get(check_in.recording or ""),
        "windows": [w.value for w in Window if w in check_in.windows],
        "answers": {name: sorted(a) if isinstance(a, frozenset) else a for name, a in given.items()},
        "replaces": check_in.replaces,
        "replaced_by": None if by is None else by.id,
        "taken_back": by is not None and takes_back(by),
        "from_file": check_in.row is not None,
    }


def show_due(here: Opened, *, json: bool) -> None:
    """List the runs with windows that are not answered, and say what comes next."""
    found = here.standing()
    missing, later = due.due(found, here.now), due.coming(found, here.now)
    if json:
        say_json({"due": [_due_json(d, here.now) for d in missing], "coming": [_due_json(d, here.now) for d in later]})
        return
    zone = here.zone()
    for line in _due_text(missing, zone, here.now):
        say(line)
    for one in later:
        when = wording.earliest(one.since, zone)
        run = wording.short_day(one.session.local_date)
        say(wrapped(f"{'Next' if missing else 'Nothing is due. Next'}: the run of {run}, {_name(one)}, from {when}."))
        break
    if not missing and not later:
        say("Nothing is due.")


def _due_text(missing: Iterable[due.Due], zone: tzinfo, now: datetime) -> Iterator[str]:
    runs: dict[str, list[due.Due]] = {}
    for one in missing:
        runs.setdefault(one.session.id, []).append(one)
    for id, windows in runs.items():
        session = windows[0].session
        yield wrapped(f"The run of {wording.day(session.local_date)} ({id})")
        for one in windows:
            by = "on time whenever" if one.until is None else f"on time until {wording.moment(one.until, zone)}"
            if one.late(now):
                by = "late, and counts all the same"
            what = f"; {listed(one.lacking)} missing" if len(one.lacking) < len(NOTHING) else ""
            yield wrapped(f"since {wording.earliest(one.since, zone)}; {by}{what}", first=f"  {_name(one):<8}  ")
        yield f"  restride checkin --session {id}"


def _name(one: due.Due) -> str:
    return named(frozenset({one.window}))


def _due_json(one: due.Due, now: datetime) -> dict[str, Any]:
    return {
        "session": one.session.id,
        "window": one.window.value,
        "since": instant(one.since),
        "on_time_until": instant(one.until),
        "late": one.late(now),
        "missing": list(one.lacking),
    }
