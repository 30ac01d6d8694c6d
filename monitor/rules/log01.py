"""LOG01: the answers that are needed are there. No entry is not the same as no symptoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.sessions import Session
from monitor.answers import Window
from monitor.checkins import NEEDED, CheckInLog

CODE = "LOG01"
SOURCE = "seed: track how the body answers; the windows are this project's own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An answer that is needed and not there."""

    session: Session
    window: Window
    opens: datetime
    due: bool  # False: it cannot be answered yet


def missing(log: CheckInLog, runs: Sequence[Session], at: datetime) -> tuple[Missing, ...]:
    """Give what is unanswered for the runs that count now.

    `after` and `next_day` are needed for the last running session and for every one from the first of the two counted
    ones on (the caller passes these). An older one that was never answered counts as a session with a symptom: two
    clean sessions after it free her.
    """
    found = []
    for run in runs:
        for window in NEEDED:
            window_log = log.of(run)[window]
            state = window_log.state(at)
            if state in ("unanswered", "not due"):
                found.append(Missing(session=run, window=window, opens=window_log.opens, due=state == "unanswered"))
    return tuple(found)
