"""`restride correct` and `restride ignore`: her own word about what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.bouts import Gait
from monitor.cli.clock_times import a_time, within
from monitor.cli.gates import said
from monitor.cli.options import shared
from monitor.cli.place import Place
from monitor.cli.printing import say, tell
from monitor.cli.trouble import Refused
from monitor.facts import Correction, Facts, Ignored
from monitor.manual import corrections, is_by_hand
from monitor.report import wording

if TYPE_CHECKING:
    from analysis.bouts import Observed
    from analysis.sessions import Session

Named = Annotated[str, typer.Argument(metavar="ID", help="As `restride sessions` names it, like 2026-03-02.")]


class Done(StrEnum):
    """What she can say that she did."""

    JOG = "jog"
    WALK = "walk"
    STAND = "stand"


@shared
def correct(
    place: Place,
    id: Named,
    start: Annotated[
        time | None, typer.Option("--from", metavar="TIME", parser=a_time, help="When it began, like 07:12:30.")
    ] = None,
    end: Annotated[
        time | None, typer.Option("--to", metavar="TIME", parser=a_time, help="When it ended, like 07:14:00.")
    ] = None,
    gait: Annotated[Done | None, typer.Option("--gait", metavar="GAIT", help="jog, walk or stand.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back all you corrected in this session.")] = False,
) -> None:
    """Say what you really did in a part of a session.

    TIME is by your clock on that day and in that place, as `restride show ID` prints it; or an instant with its zone.
    Your word counts like data and is marked as yours. The recording stays as it is, and of two corrections that
    overlap the later one counts. Of the two clean runs before a step up, one at most may rest on a correction.

    \b
    Examples:
      restride correct 2026-03-02 --from 07:12:30 --to 07:14:00 --gait walk
      restride correct 2026-03-02 --undo
    """
    from monitor.checkins import session_zone
    from monitor.cli.naming import counted

    said_what = [option for option in (start, end, gait) if option is not None]
    if undo and said_what:
        raise typer.BadParameter("takes back all of it; say it without --from, --to and --gait", param_hint="--undo")
    if not undo and len(said_what) < 3:
        raise typer.BadParameter("say all three: --from, --to and --gait (or --undo)", param_hint="--from")
    with place.opened() as here:
        standing = here.standing()
        session = counted(standing, id)
        if undo:
            here.add_all(_taken_back(session, standing.facts, here.now))
            tell(f"Taken back: what was corrected in {id}. It counts as your watch recorded it.")
            here.say_what_changed()
            return
        assert start is not None
        assert end is not None
        assert gait is not None  # one of them missing was refused above
        if session.kind == "cross-training":
            raise Refused(f"{id} is {session.kind}: {session.why}, so there is no jogging or walking to correct in it")
        zone = session_zone(session, standing.facts)
        since, to = within(session, start, zone), within(session, end, zone)
        shown = f"{wording.to_the_second(since, zone)} to {wording.to_the_second(to, zone)}"
        if since >= to:
            raise typer.BadParameter(f"{shown} is no stretch of time: --from comes before --to", param_hint="--from")
        recording = _recording(session, since, to, shown)
        if is_by_hand(recording):
            raise Refused(
                f"{shown} in {id} is what you logged by hand; take it back with `restride log --undo {id}`, "
                "and log what you did"
            )
        if _shows(session, since, to, Gait(gait)):
            raise Refused(f"{id} already shows {gait} from {shown}; there is nothing to correct")
        told = Gait(gait)
        here.add(Correction(id=0, recorded_at=here.now, recording=recording.identity, start=since, end=to, gait=told))
        tell(f"Recorded for {id}: {shown} {gait}, corrected by you.")
        here.say_what_changed()


def _recording(session: Session, start: datetime, end: datetime, shown: str) -> Observed:
    """Find the recording in which a stretch lies.

    Raises:
        Refused: it lies in two, or partly in none.
    """
    found = next((r for r in session.recordings if r.started_at <= start and end <= r.ended_at), None)
    if found is None:
        raise Refused(f"{shown} is not all in one recording of {session.id}; correct each of them by itself")
    return found


def _shows(session: Session, start: datetime, end: datetime, gait: Gait) -> bool:
    """Say whether a stretch is of this gait already, and nothing about it is uncertain."""
    for recording in session.recordings:
        doubtful = (*recording.uncertain, *recording.gaps)
        if any(s.start < end and s.end > start for s in doubtful):
            return False
    return all(b.gait is gait for b in session.bouts if b.start < end and b.end > start)


def _taken_back(session: Session, facts: Facts, now: datetime) -> Sequence[Correction]:
    """Make the facts that take back every correction in a session, one for each recording that was looked at.

    Raises:
        Refused: there is none.
    """
    if not corrections(session):
        raise Refused(f"nothing was corrected in {session.id}")
    start, end = session.recordings[0].started_at, max(r.ended_at for r in session.recordings)
    mine = [c for c in facts.corrections_at(now) if c.start < end and c.end > start]
    since, to = min(c.start for c in mine), max(c.end for c in mine)
    return [
        Correction(id=0, recorded_at=now, recording=recording, start=since, end=to, gait=None)
        for recording in dict.fromkeys(c.recording for c in mine)
    ]


@shared
def ignore(
    place: Place,
    id: Named,
    because: Annotated[str | None, typer.Option("--because", metavar="TEXT", help="Why, in your words.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
) -> None:
    """Leave a session out: not your run, or the readiness test.

    It then counts for nothing: no rest, no stage, no limit. What you logged about it still counts, and the recording
    is kept; `restride sessions` lists it apart.

    \b
    Examples:
      restride ignore 2026-03-02 --because "not my run"
      restride ignore 2026-03-02 --undo
    """
    from monitor.cli.naming import counted, ignored

    if undo == (because is not None):
        raise typer.BadParameter("say why with --because, or --undo to let it count again", param_hint="--because")
    why = None if because is None else said(because)
    with place.opened() as here:
        standing = here.standing()
        left_out = ignored(standing, id)
        if undo:
            session = left_out.session if left_out is not None else counted(standing, id)
            if left_out is None:
                raise Refused(f"{id} is not ignored; `restride sessions` lists those that are")
        else:
            if left_out is not None:
                raise Refused(f"{id} is ignored already, because: {left_out.because}")
            session = counted(standing, id)
        here.add_all(
            [
                Ignored(id=0, recorded_at=here.now, recording=identity, because=why)
                for identity in dict.fromkeys(session.identities)
            ]
        )
        if undo:
            tell(f"{id} counts again.")
        else:
            tell(f"Ignored: {id}, because: {why}. To let it count again: restride ignore {id} --undo")
            if _was_answered(session, standing.facts):
                say("What you logged about it still counts.")
        here.say_what_changed()


def _was_answered(session: Session, facts: Facts) -> bool:
    return any(entry.recording in session.identities for entry in facts.check_ins)
