"""`restride sessions` and `restride show`: what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import can_say, say, say_json, tell

if TYPE_CHECKING:
    from analysis.sessions import Session
    from monitor.report.model_sessions import SessionView


@shared
def sessions(place: Place, json: Json = False) -> None:
    """List what was imported, and how each run counts.

    A run that is not clean is no fault; `restride show ID` says why it does not count.
    """
    from monitor.cli import as_json, session_text
    from monitor.cli.layout import Heading, wrapped
    from monitor.report.make_report import session_views
    from monitor.report.source import Source

    with place.opened() as here:
        source = Source(standing=here.standing(), zone=here.zone())
    views = session_views(source)
    if json:
        say_json(as_json.sessions(views, source))
        return
    counted, ignored, ahead = ([s for s in views if s.counted == name] for name in ("counted", "ignored", "ahead"))
    if not views:
        tell("Nothing has been imported yet. Import a watch export with: restride import FILE")
    if counted:
        for line in session_text.listed(counted, here.now):
            say(line)
    parts = (
        ("Recorded more than once, counted once", list(session_text.recorded_twice(counted))),
        ("Ignored by you", [session_text.left_out(s) for s in ignored]),
        ("Dated later than now", [session_text.left_out(s) for s in ahead]),
    )
    is_first = not counted
    for title, lines in parts:
        if lines:
            if not is_first:
                say()
            say(Heading(title))
            for line in lines:
                say(wrapped(line, then="    "))
            is_first = False


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
    from monitor.report.answers import entries
    from monitor.report.make_report import session_views
    from monitor.report.source import Source
    from monitor.reporting import units_of

    with place.opened() as here:
        standing, zone = here.standing(), here.zone()
        left = naming.ignored(standing, id)
        session = left.session if left is not None else naming.counted(standing, id)
        source = Source(standing=standing, zone=zone)
        view = next(s for s in session_views(source, lambda on: on == session.local_date) if s.id == id)
        if json:
            say_json(as_json.session_in_full(view, session))
            return
        drawn = _drawn(here, session, view) if trace and view.bouts else []
    facts = standing.facts
    logged = [c for c in facts.check_ins if (about := source.session_of.get(c.id)) and about.id == id]
    for line in session_text.in_full(
        view,
        zone,
        here.now,
        drawn=drawn,
        logged=list(entries(logged, session_text.clock_zone(view, zone), among=facts.check_ins)),
        shown=units_of(here.settings),
    ):
        say(line)


def _drawn(here: Opened, session: Session, view: SessionView) -> list[str]:
    """Draw a session from its samples; nothing, and on stderr why, where they cannot be read."""
    from monitor.archive import Archive
    from monitor.cli.session_text import clock_zone
    from monitor.cli.trace import draw
    from monitor.report.traces import trace_of

    held = trace_of(session, here.store, Archive(here.settings.archive_dir), here.runner)
    for trouble in held.troubles:
        tell(f"The trace cannot be drawn{' whole' if held.speed_mps else ''}. {trouble}")
    return draw(view, held, clock_zone(view, here.zone()), plain=not can_say("█"))
