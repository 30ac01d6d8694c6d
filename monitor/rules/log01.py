"""LOG01: the answers that are needed are there.

What: `after` and `next_day` are answered, on pain, leakage and heaviness, for the last run and for every run from the
first of the two counted ones on. No entry is not the same as no symptoms. An older run that was never answered counts
as one with a symptom: two clean runs after it free her.

Why: the article asks to track how the body answers; the windows are this project's own.

Example: nothing was said about the morning after Monday's run: hold until it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.sessions import Session
from monitor.answers import Window
from monitor.checkins import NEEDED, CheckInLog

CODE = "LOG01"
LEVEL = "holds"
SOURCE = "the article: track how the body answers; the windows are this project's own"


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
