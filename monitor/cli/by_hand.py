"""`restride log`: a run that no watch recorded, by her word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.asking import ask_until_answered, is_asking
from monitor.cli.clock_times import a_length, a_local_time, the_instant
from monitor.cli.options import shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import tell
from monitor.cli.trouble import Refused
from monitor.facts import Ignored, ManualSession
from monitor.report import wording

if TYPE_CHECKING:
    from analysis.sessions import Session
    from monitor.standing import Standing

LONGEST = timedelta(hours=6)
EARLIEST_YEAR = 2000
SHORTEST_WALK_S = 20  # a shorter one parts no jogs (analysis/performed.py)
A_LENGTH = "minutes like 1:30 or 1.5, or seconds like 90s"
TAKEN_BACK = "logged by hand, and taken back"


def how_often(text: str) -> int:
    """Read how many jogs there were."""
    if not (text.isascii() and text.isdecimal() and len(text) < 1000) or int(text) < 1:
        raise typer.BadParameter(f"{text!r} is no number of jogs; write a whole number from 1 on, like 7")
    return int(text)


@shared
def log(
    place: Place,
    jog_s: Annotated[
        int | None, typer.Option("--jog", metavar="MINUTES", parser=a_length, help="How long each jog was, like 1:00.")
    ] = None,
    walk_s: Annotated[
        int | None,
        typer.Option(
            "--walk", metavar="MINUTES", parser=a_length, help="How long each walk after a jog was; 0: without a break."
        ),
    ] = None,
    repeats: Annotated[
        int | None, typer.Option("--repeats", metavar="N", parser=how_often, help="How many jogs there were.")
    ] = None,
    when: Annotated[
        datetime | None,
        typer.Option("--when", metavar="TIME", parser=a_local_time, help="When it began, like 2026-03-02T07:00."),
    ] = None,
    undo: Annotated[
        str | None, typer.Option("--undo", metavar="ID", help="Take back what you logged by hand in this session.")
    ] = None,
) -> None:
    """Log a run that no watch recorded.

    On a terminal it asks for what is left out. Minutes are written 1:30 or 1.5, seconds 90s; TIME is by your clock at
    home, or with its offset. Leave out walking before the first jog; the walk after the last one counts.

    It counts like any other run and is marked as logged by hand. Of the two clean runs before a step up one at most
    may rest on your own word. Where a recording of the same time is there, or comes later, the recording leads.

    \b
    Examples:
      restride log --jog 1:00 --walk 2:00 --repeats 7 --when 2026-03-02T07:00
      restride log --jog 20 --walk 0 --repeats 1 --when 2026-03-02T07:00+01:00
      restride log --undo 2026-03-02
    """
    told = (jog_s, walk_s, repeats, when)
    if undo is not None:
        if any(one is not None for one in told):
            raise typer.BadParameter("takes back what you logged; say it alone", param_hint="--undo")
        _take_back(place, undo)
        return
    if None in told and not is_asking():
        raise typer.BadParameter("say all four: --jog, --walk, --repeats and --when", param_hint="--jog")
    with place.opened() as here:
        if jog_s is None:
            jog_s = ask_until_answered("How long was each jog, in minutes, like 1:30", a_length, A_LENGTH)
        if walk_s is None:
            asked = "How long was each walk after a jog (0: no walks)"
            walk_s = ask_until_answered(asked, a_length, A_LENGTH)
        if repeats is None:
            repeats = 1 if not walk_s else ask_until_answered("How many jogs", how_often, "a whole number, like 7")
        start = None if when is None else _begun(when, here)
        if start is None:
            asked = "When did it begin, like 2026-03-02T07:00"
            start = ask_until_answered(asked, lambda text: _begun(a_local_time(text), here), "a day and a time")
        run = ManualSession(id=0, recorded_at=here.now, started_at=start, jog_s=jog_s, walk_s=walk_s, repeats=repeats)
        _check(run, here)
        added = here.store.add_fact(here.runner, run)
        for line in _logged(added, here.standing()):
            tell(line)
        here.say_what_changed()


def _begun(typed: datetime, here: Opened) -> datetime:
    """Find the instant at which a run began.

    Raises:
        Refused: her clock did not show that time, or showed it twice; or it is still to come, or long ago.
    """
    if not EARLIEST_YEAR <= typed.year <= here.now.year + 1:
        raise Refused(f"{typed:%Y-%m-%d} is no day of a run that Restride can count; check the year")
    began = the_instant(typed, here.zone())
    if began > here.now:
        raise Refused(f"{_moment(began, here)} is still to come; log a run once it is over")
    return began


def _check(run: ManualSession, here: Opened) -> None:
    """Refuse what cannot have been done, or was logged already."""
    from monitor.manual import is_by_hand, length_s

    if not run.jog_s:
        raise typer.BadParameter("a run has some jogging; walks need not be logged", param_hint="--jog")
    if not run.walk_s and run.repeats > 1:
        raise typer.BadParameter(
            "without walks there is one jog; say its whole length with --jog and --repeats 1", param_hint="--repeats"
        )
    if 0 < run.walk_s < SHORTEST_WALK_S and run.repeats > 1:
        raise typer.BadParameter(
            f"a walk under {SHORTEST_WALK_S} s parts no jogs; say the jog as one, with --walk 0", param_hint="--walk"
        )
    seconds = length_s(jog_s=run.jog_s, walk_s=run.walk_s, repeats=run.repeats)
    if seconds > LONGEST.total_seconds():
        raise typer.BadParameter(
            f"that is more than {LONGEST.total_seconds() / 3600:.0f} hours in all; check the minutes",
            param_hint="--jog",
        )
    ended = run.started_at + timedelta(seconds=seconds)
    if ended > here.now:
        raise Refused(f"that run ends at {_moment(ended, here)}, which is still to come; log it once it is over")
    for session in here.standing().sessions:
        for other in (*session.recordings, *session.duplicates):
            if is_by_hand(other) and other.started_at < ended and run.started_at < other.ended_at:
                raise Refused(
                    f"you have logged that time already, in {session.id}: {other.file_name}; to log it anew, take "
                    f"that back first: `restride log --undo {session.id}`"
                )


def _moment(at: datetime, here: Opened) -> str:
    return wording.moment(at, here.zone())


def _logged(run: ManualSession, standing: Standing) -> list[str]:
    """Say what was logged, under which name, and where it does not count as she may think."""
    from monitor.manual import in_words, is_by_hand

    session = next((s for s in standing.sessions if run.identity in s.identities), None)
    if session is None:  # it joins a recording that a wrong clock lets end in the future
        return [f"Logged by hand: {in_words(run)}. It counts once the recording beside it has ended."]
    lines = [f"Logged by hand as {session.id}: {in_words(run)}. To take it back: restride log --undo {session.id}"]
    files = ", ".join(r.file_name for r in session.recordings if not is_by_hand(r))
    if run.identity in {copy.identity for copy in session.duplicates}:
        lines.append(f"There is a recording of that time ({files}): it leads, and your entry is kept beside it.")
    elif files:
        lines.append(f"It is one session with a recording ({files}).")
    if not session.is_running:
        lines.append(f"It is shown as a {session.kind}: {session.why}.")
    elif session.doubt is not None:
        lines.append(f"The session is in doubt: {session.doubt}.")
    return lines


def _take_back(place: Place, id: str) -> None:
    """Take back what was logged by hand in a session; its recordings stay."""
    from monitor.cli.naming import counted

    with place.opened() as here:
        told = _by_hand(counted(here.standing(), id))
        here.add_all([Ignored(id=0, recorded_at=here.now, recording=one, because=TAKEN_BACK) for one in told])
        tell(f"Taken back: what you logged by hand in {id}.")
        here.say_what_changed()


def _by_hand(session: Session) -> list[str]:
    """Name what was logged by hand in a session.

    Raises:
        Refused: nothing was.
    """
    from monitor.manual import is_by_hand

    told = [r.identity for r in (*session.recordings, *session.duplicates) if is_by_hand(r)]
    if not told:
        raise Refused(f"nothing in {session.id} was logged by hand")
    return list(dict.fromkeys(told))
