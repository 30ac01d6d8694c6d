"""`restride sessions` and `restride show`: what was done."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.trouble import Refused


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
        say_json({"sessions": [as_json.session(s, judged.get(s.id)) for s in standing.sessions]})
        return
    if not standing.sessions:
        tell("Nothing has been imported yet. Import a watch export with: restride import FILE")
    else:
        for line in session_text.listed(standing.sessions, standing.judged):
            say(line)


@shared
def show(
    place: Place,
    id: Annotated[str, typer.Argument(metavar="ID", help="As `restride sessions` names it, like 2026-03-02.")],
    json: Json = False,
) -> None:
    """Show one session: what was done, prescribed and found.

    \b
    Examples:
      restride show 2026-03-02
      restride show 2026-03-02-2 --json
    """
    from monitor.cli import as_json, session_text

    with place.opened() as here:
        standing = here.standing()
    found = next((s for s in standing.sessions if s.id == id), None)
    if found is None:
        raise Refused(f"there is no session {id}; `restride sessions` lists those there are")
    judged = next((j for j in standing.judged if j.session.id == id), None)
    if json:
        say_json(as_json.session_in_full(found, judged))
        return
    for line in session_text.in_full(found, judged, standing.facts):
        say(line)
