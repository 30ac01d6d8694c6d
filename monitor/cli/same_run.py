"""`restride same` and `restride not-same`: her word on whether two recordings are of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.layout import wrapped
from monitor.cli.options import shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, tell
from monitor.cli.trouble import Refused
from monitor.facts import SameRun

if TYPE_CHECKING:
    from analysis.bouts import Observed
    from analysis.sessions import Session
    from monitor.standing import Standing

SHORTEST = 6  # characters of an identity that name a recording

One = Annotated[str, typer.Argument(metavar="A", help="A session, a file, or the beginning of a recording's identity.")]
Other = Annotated[str, typer.Argument(metavar="B", help="The same of the other.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take back your word on these two.")]


@shared
def same(place: Place, one: One, other: Other, undo: Undo = False) -> None:
    """Say that two recordings are of one run.

    The richer one counts, the other is kept beside it and adds nothing. Name each by its session, as `restride
    sessions` lists it, or by its file, as `restride show ID` does. Your last word on two recordings counts, and stands
    over whatever they show.

    \b
    Examples:
      restride same morning-run.fit phone.gpx
      restride same 2026-03-02 2026-03-02-2
      restride same morning-run.fit phone.gpx --undo
    """
    with place.opened() as here:
        a, b = _two(here, one, other)
        if undo:
            _take_back(here, a, b)
            return
        _not_yet_said(here, a, b, same=True)
        before = _session_of(here.standing(), a)
        _record(here, a, b, same=True)
        tell(f"Recorded: {a.file_name} and {b.file_name} are of one run, by your word.")
        session = _session_of(here.standing(), a)
        left = [r.file_name for r in session.duplicates if r.identity in (a.identity, b.identity)]
        if left and before.id != session.id:
            say(f"They now count as {session.id}.")
        for name in left:
            say(f"{name} is kept and not counted.")
        here.say_what_changed()


@shared
def not_same(place: Place, one: One, other: Other, undo: Undo = False) -> None:
    """Say that two recordings are not of one run.

    Both then count, as a run each. Where they share their time one of them cannot be yours: both stay in doubt, and the
    plan holds, until you leave that one out with `restride ignore`.

    \b
    Examples:
      restride not-same 2026-03-02 phone.gpx
      restride not-same 2026-03-02 phone.gpx --undo
    """
    with place.opened() as here:
        a, b = _two(here, one, other)
        if undo:
            _take_back(here, a, b)
            return
        _not_yet_said(here, a, b, same=False)
        at_once = a.started_at < b.ended_at and b.started_at < a.ended_at
        if not at_once and not _are_one(_session_of(here.standing(), a), a, b):
            raise Refused(f"{a.file_name} and {b.file_name} each count already; there is nothing to keep apart")
        _record(here, a, b, same=False)
        tell(f"Recorded: {a.file_name} and {b.file_name} are not of one run, by your word.")
        standing = here.standing()
        counted = " and ".join(f"{r.file_name} as {_session_of(standing, r).id}" for r in (a, b))
        say(wrapped(f"Both count: {counted}."))
        if at_once:
            say(
                wrapped(
                    "They share their time, so one of them cannot be yours. Leave that one out: "
                    "`restride ignore ID --because TEXT`. Until then both are in doubt."
                )
            )
        here.say_what_changed()


def _two(here: Opened, one: str, other: str) -> tuple[Observed, Observed]:
    standing = here.standing()
    a, b = _recording(standing, one), _recording(standing, other)
    if a.identity == b.identity:
        raise Refused(f"{one} and {other} are one and the same recording, {a.file_name}")
    return a, b


def _recording(standing: Standing, typed: str) -> Observed:
    """Find the one recording that was meant.

    Raises:
        Refused: there is none, or several.
    """
    everything = _everything(standing)
    session = next((s for s in everything if s.id == typed), None)
    if session is not None:
        return _only({r.identity: r for r in session.recordings}, typed, "holds several recordings")
    known = {r.identity: r for s in everything for r in (*s.recordings, *s.duplicates)}
    of_file = {identity: r for identity, r in known.items() if r.file_name == typed}
    if of_file:
        return _only(of_file, typed, "is the name of several recordings")
    begun = {identity: r for identity, r in known.items() if len(typed) >= SHORTEST and _is_meant(identity, typed)}
    if begun:
        return _only(begun, typed, "begins several recordings")
    raise Refused(
        f"there is no session, file or recording {typed}; `restride sessions` lists the sessions, "
        "`restride show ID` names the files of one"
    )


def _only(found: dict[str, Observed], typed: str, several: str) -> Observed:
    if len(found) == 1:
        return next(iter(found.values()))
    names = ", ".join(f"{_short(identity)} ({r.file_name})" for identity, r in found.items())
    raise Refused(f"{typed} {several}; name one of them: {names}")


def _short(identity: str) -> str:
    """Shorten an identity to what a person can type: the beginning of its file's hash, and which activity in it."""
    sha256, _, index = identity.rpartition("-")
    return f"{sha256[:10]}-{index}"


def _is_meant(identity: str, typed: str) -> bool:
    sha256, _, index = identity.rpartition("-")
    begins, _, number = typed.partition("-")
    return identity == typed or (sha256.startswith(begins.lower()) and number in ("", index))


def _everything(standing: Standing) -> list[Session]:
    return [*standing.sessions, *(left.session for left in standing.ignored), *standing.ahead]


def _session_of(standing: Standing, recording: Observed) -> Session:
    """Find the session that a recording is in."""
    found = next((s for s in _everything(standing) if recording.identity in s.identities), None)
    if found is None:
        raise Refused(f"{recording.file_name} is not known any more; import it again")
    return found


def _are_one(session: Session, a: Observed, b: Observed) -> bool:
    """Say whether one of them is the copy of the other, or both are copies of a third."""
    copies = {r.identity for r in session.duplicates}
    return {a.identity, b.identity} <= set(session.identities) and bool(copies & {a.identity, b.identity})


def _not_yet_said(here: Opened, a: Observed, b: Observed, *, same: bool) -> None:
    if here.facts().same_runs_at(here.now).get(frozenset((a.identity, b.identity))) is same:
        which = "are of one run" if same else "are not of one run"
        raise Refused(f"you said already that {a.file_name} and {b.file_name} {which}; --undo takes it back")


def _take_back(here: Opened, a: Observed, b: Observed) -> None:
    if frozenset((a.identity, b.identity)) not in here.facts().same_runs_at(here.now):
        raise Refused(f"you said nothing about {a.file_name} and {b.file_name}")
    _record(here, a, b, same=None)
    tell(f"Taken back: what you said about {a.file_name} and {b.file_name}. What they show decides again.")
    here.say_what_changed()


def _record(here: Opened, a: Observed, b: Observed, *, same: bool | None) -> None:
    here.add(SameRun(id=0, recorded_at=here.now, one=a.identity, other=b.identity, same=same))
