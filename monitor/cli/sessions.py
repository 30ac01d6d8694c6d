"""`restride sessions` and `restride show`: what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import can_say, say, say_json, tell

if TYPE_CHECKING:
    from analysis.sessions import Session
    from monitor.facts import Facts


@shared
def sessions(place: Place, json: Json = False) -> None:
    """List what was imported, and how each run counts.

    A run that is not clean is no fault; `restride show ID` says why it does not count.
    """
    from monitor.cli import as_json, session_text

    with place.opened() as here:
        standing = here.standing()
    judged = {j.session.id: j for j in standing.judged}
    if json:
        counted = [as_json.session(s, judged.get(s.id)) for s in standing.sessions]
        say_json({"sessions": counted, "ignored": as_json.left_out(standing.ignored)})
        return
    if not standing.sessions and not standing.ignored:
        tell("Nothing has been imported yet. Import a watch export with: restride import FILE")
    if standing.sessions:
        for line in session_text.listed(standing.sessions, standing.judged):
            say(line)
    if twice := list(session_text.recorded_twice(standing.sessions)):
        say("\nRecorded more than once, counted once")
        for line in twice:
            say(line)
    if standing.ignored:
        say(("\n" if standing.sessions else "") + "Ignored by you")
        for line in session_text.left_out(standing.ignored, standing.facts):
            say(line)


@shared
def show(
    place: Place,
    id: Annotated[str, typer.Argument(metavar="ID", help="As `restride sessions` names it, like 2026-03-02.")],
    json: Json = False,
    trace: Annotated[bool, typer.Option("--trace/--no-trace", help="Draw the speed over time, from the file.")] = True,
) -> None:
    """Show one session: what was done, prescribed and found.

    Where the times of its jogs and walks are not right, `restride correct` has your word.

    \b
    Examples:
      restride show 2026-03-02
      restride show 2026-03-02-2 --json
    """
    from monitor.cli import as_json, naming, session_text
    from monitor.reporting import units_of

    with place.opened() as here:
        standing = here.standing()
        left = naming.ignored(standing, id)
        session = left.session if left is not None else naming.counted(standing, id)
        drawn = _drawn(here, session, standing.facts) if trace and session.bouts and not json else []
    judged = next((j for j in standing.judged if j.session.id == id), None)
    because = None if left is None else left.because
    if json:
        say_json(as_json.session_in_full(session, judged, ignored=because))
        return
    shown = units_of(here.settings)
    for line in session_text.in_full(session, judged, standing.facts, drawn=drawn, ignored=because, shown=shown):
        say(line)


def _drawn(here: Opened, session: Session, facts: Facts) -> list[str]:
    """Draw a session from its samples; nothing, and on stderr why, where they cannot be read."""
    from monitor.archive import Archive
    from monitor.checkins import session_zone
    from monitor.cli.trace import draw
    from monitor.manual import corrections
    from monitor.samples import tracks

    found, troubles = tracks(here.store, Archive(here.settings.archive_dir), here.runner, session)
    for trouble in troubles:
        tell(f"The trace cannot be drawn whole. {trouble}" if found else f"The trace cannot be drawn. {trouble}")
    zone = session_zone(session, facts)
    return draw(session.bouts, corrections(session), found, zone, plain=not can_say("█"))
