"""How a run stands in a word, as the page shows it, and which of its answers are still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.report.model_sessions import SessionView

State = Literal["clean", "not clean", "clean so far", "before the plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """How many of a run's windows have no answer."""

    missing: int = 0  # their time is over
    now: int = 0  # they can be answered
    later: int = 0  # not due yet

    def __add__(self, other: Open) -> Open:
        """Add those of another run."""
        return Open(missing=self.missing + other.missing, now=self.now + other.now, later=self.later + other.later)


def state(session: SessionView, as_of: datetime) -> State | None:
    """Say how a run counts; one that lacks nothing but answers whose time is not over is clean so far."""
    if session.verdict != "not clean" or open_answers(session, as_of).missing:
        return session.verdict
    to_come = sum(w.state in ("unanswered", "not due") for w in session.windows if w.window != "during")
    return "clean so far" if to_come and to_come == len(session.why_not_clean) else "not clean"


def earned_stage(session: SessionView) -> int | None:
    """Give the stage by whose limits a run was found to go too far, where that is not the one it was asked for."""
    asked, earned = session.stage, session.replayed_stage
    is_judged = any(f.code.startswith("STG") for f in session.findings)
    return earned if is_judged and asked is not None and earned is not None and earned > asked else None


def open_answers(session: SessionView, as_of: datetime) -> Open:
    """Count the answers that a run lacks."""
    lacking = [lacks(session, window.window, as_of) for window in session.windows]
    return Open(missing=lacking.count("missing"), now=lacking.count("now"), later=lacking.count("later"))


def lacks(session: SessionView, of: str, as_of: datetime) -> Literal["missing", "now", "later"] | None:
    """Say what a window of a run lacks; what came during it is asked for together with what came after."""
    window = next((w for w in session.windows if w.window == of), None)
    if window is None or window.state not in ("unanswered", "not due"):
        return None
    if window.state == "not due":
        return "later"
    evening = max(w.closes for w in session.windows if w.window != "next_day")
    return "now" if (window.closes if of == "next_day" else evening) > as_of else "missing"
