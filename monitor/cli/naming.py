"""Sessions by the names that `restride sessions` gives them."""

from __future__ import annotations

from analysis.sessions import Session
from monitor.cli.trouble import Refused
from monitor.standing import LeftOut, Standing


def counted(standing: Standing, id: str) -> Session:
    """Find a session that counts.

    Raises:
        Refused: there is none of this name, or it is ignored.
    """
    found = next((s for s in (*standing.sessions, *standing.ahead) if s.id == id), None)
    if found is not None:
        return found
    if ignored(standing, id) is not None:
        raise Refused(f"{id} is ignored; `restride ignore {id} --undo` lets it count again")
    raise Refused(f"there is no session {id}; `restride sessions` lists those there are")


def ignored(standing: Standing, id: str) -> LeftOut | None:
    """Find a session that she left out."""
    return next((left for left in standing.ignored if left.session.id == id), None)
