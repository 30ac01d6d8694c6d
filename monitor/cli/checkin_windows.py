"""Which run a check-in is about, and which of its windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.sessions import Session
from monitor import due
from monitor.answer_words import NOTHING
from monitor.answers import Window
from monitor.cli.naming import counted
from monitor.cli.trouble import Refused
from monitor.report import wording
from monitor.report.answers import WINDOWS
from monitor.standing import Standing


def about(standing: Standing, id: str | None) -> Session | None:
    """Find the run: the one named, else the last one of the plan; None where there is none yet.

    Raises:
        Refused: there is no session of that name, it is ignored, not over, or no run.
    """
    if id is None:
        return next((j.session for j in reversed(standing.judged) if not j.history), None)
    found = counted(standing, id)
    if found in standing.ahead:
        raise Refused(
            f"{id} ends later than now, so how it was is not known yet; check the clocks of watch and computer"
        )
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
    still_open = windows.intersection(standing.log.open_windows(run, standing.recommendation.as_of))
    lacked = {name for window in still_open for name in due.lacking(standing, run, window)}
    return [name for name in NOTHING if name in lacked]


def listed(names: Sequence[str]) -> str:
    """Write several words as one would say them: "pain, leakage and heaviness"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def words(run: Session | None, windows: frozenset[Window]) -> str:
    """Say what an entry speaks of: "for the run of Mon 2 Mar (during, after)"."""
    if run is None or windows == {Window.ANY}:
        return "for now, not about a run"
    return f"for the run of {wording.short_day(run.local_date)} ({named(windows)})"


def named(windows: frozenset[Window]) -> str:
    """Name windows in their order."""
    return ", ".join("now" if w is Window.ANY else name.lower() for w, name in WINDOWS.items() if w in windows)
