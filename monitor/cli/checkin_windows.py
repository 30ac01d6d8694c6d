"""Which run a check-in is about, and which of its windows."""

from __future__ import annotations

from datetime import datetime

from analysis.sessions import Session
from monitor.answers import Window
from monitor.cli.naming import counted
from monitor.cli.trouble import Refused
from monitor.report import wording
from monitor.report.answers import WINDOWS
from monitor.standing import Standing

NEEDED = ("pain", "leakage", "heaviness")
"""What a window needs an answer on, each."""


def about(standing: Standing, id: str | None) -> Session | None:
    """Find the run: the one named, else the last one of the plan; None where there is none yet.

    Raises:
        Refused: there is no session of that name, it is ignored, or it is no run.
    """
    if id is None:
        return next((j.session for j in reversed(standing.judged) if not j.history), None)
    found = counted(standing, id)
    if not found.is_running:
        raise Refused(f"{id} is no run ({found.kind}); log what has to do with no run with --window any")
    return found


def windows_for(
    standing: Standing, run: Session | None, now: datetime, wanted: frozenset[Window], *, named: bool
) -> frozenset[Window]:
    """Give the windows of an entry: those wanted, else those of the run that are due and unanswered.

    Where none of them is, it is about the run all the same when the run was `named`, and else about no run.

    Raises:
        Refused: a window was asked for that cannot be answered yet, or that is of no run.
    """
    if run is None:
        if wanted - {Window.ANY}:
            raise Refused("no run of the plan is there yet; import or log it first, or say --window any")
        return frozenset({Window.ANY})
    for window in sorted(wanted - {Window.ANY}):
        opens = standing.log.of(run)[window].opens
        if now < opens:
            when = wording.earliest(opens, standing.facts.zone_at(now))
            raise Refused(
                f"the window {window} of the run of {wording.short_day(run.local_date)} can be answered from {when}; "
                "how it will be cannot be known before"
            )
    otherwise = {Window.DURING, Window.AFTER} if named else {Window.ANY}
    return wanted or frozenset(standing.log.open_windows(run, now)) or frozenset(otherwise)


def lacking(standing: Standing, run: Session | None, windows: frozenset[Window]) -> list[str]:
    """Name the answers that one of these windows of the run still lacks."""
    if run is None:
        return []
    mine = [c for c in standing.facts.check_ins if c.recording in run.identities]
    lacked = set()
    for window in windows.intersection(standing.log.open_windows(run, standing.recommendation.as_of)):
        opens = standing.log.of(run)[window].opens
        telling = [c for c in mine if window in c.windows and c.recorded_at >= opens]
        lacked |= {name for name in NEEDED if all(getattr(c, name) is None for c in telling)}
    return [name for name in NEEDED if name in lacked]


def words(run: Session | None, windows: frozenset[Window]) -> str:
    """Say what an entry speaks of: "for the run of Mon 2 Mar (during, after)"."""
    if run is None or windows == {Window.ANY}:
        return "for now, not about a run"
    names = ", ".join(name.lower() for window, name in WINDOWS.items() if window in windows)
    return f"for the run of {wording.short_day(run.local_date)} ({names})"
