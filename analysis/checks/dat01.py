"""DAT01: the data can carry a verdict.

What: the 95 % error of the jogging is at most max(45 s, 5 %), at most 15 % of the main set could be either gait, and
there is no stretch of more than 60 s without data while the timer ran. Otherwise the verdict is "could not tell": no
breach, nobody is blamed, and what cannot be told never leads to progress. Her own word is data; at most one of two
clean runs may rest on it.

Why: this project's own: unknown means hold.

Example: a phone that lost its position for two minutes in the middle of the run.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from analysis.bouts import Gait
from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import length
from analysis.rounding import whole_error_s
from analysis.sessions import Session

CODE = "DAT01"
LEVEL = "holds"
SOURCE = "this project's own"

UNCERTAIN_SHARE = 0.15
CLOSE_MPS = 0.5  # nearer than this, speed alone hardly parts a jog from a walk


def error_limit_s(jog_s: float) -> float:
    """Give the largest 95 % error of the jog total that still carries a verdict: max(45 s, 5 %)."""
    return max(45.0, 0.05 * jog_s)


def _why(session: Session) -> str:
    """Say what the recordings lack to tell jogging from walking, in words; empty where nothing stands out."""
    why = []
    if not any("cadence" in r.signals for r in session.recordings):
        why.append("no cadence was recorded")
    jog_mps, walk_mps = _speed_mps(session, Gait.JOG), _speed_mps(session, Gait.WALK)
    if jog_mps is not None and walk_mps is not None and jog_mps - walk_mps < CLOSE_MPS:
        why.append(f"jog and walk are close in speed ({jog_mps:.1f} and {walk_mps:.1f} m/s)")
    return ", and ".join(why)


def _speed_mps(session: Session, gait: Gait) -> float | None:
    known = [(b.mean_speed_mps, b.seconds) for b in session.bouts if b.gait is gait and b.mean_speed_mps is not None]
    seconds = sum(s for _, s in known)
    return sum(mps * s for mps, s in known) / seconds if seconds else None


def at_least(session: Session) -> Performed | None:
    """Give the jogging that even the stated error leaves; None where the data do not tell jogging from walking."""
    done = session.performed
    if done is None or session.doubt or not 0 <= done.uncertain_share <= UNCERTAIN_SHARE:
        return None
    if not _is_figure(done.jog_error_s):
        return None
    return replace(
        done,
        jog_s=max(0.0, done.jog_s - done.jog_error_s),
        longest_jog_s=max(0.0, done.longest_jog_s - done.jog_error_s),
    )


def _is_figure(value: float) -> bool:
    """Say whether an error or a share is one: what is no number, without end or less than nothing tells nothing."""
    return 0 <= value < inf


def check(session: Session) -> Finding | None:
    """Check whether a session can be judged at all.

    The stated 95 % error of the jog total is at most max(45 s, 5 %), the uncertain share of the main set at most 15 %,
    and no stretch of more than 60 s lies without data while the timer ran. Otherwise the finding says "could not
    tell". It is no breach and blames nobody, but what cannot be told never leads to progress.
    """
    said: list[str] = []
    evidence: dict[str, str | int | float] = {}
    performed = session.performed
    if session.doubt or performed is None:
        said.append(session.doubt or "the data hold no signal that tells jogging from walking")
    if performed is not None:
        error_s, limit_s, share = performed.jog_error_s, error_limit_s(performed.jog_s), performed.uncertain_share
        figures = {
            "jog_error_s": error_s,
            "limit_jog_error_s": limit_s,
            "uncertain_share": share,
            "limit_uncertain_share": UNCERTAIN_SHARE,
        }
        evidence |= {name: figure for name, figure in figures.items() if _is_figure(figure)}
        if not _is_figure(error_s):
            said.append("how well the jogging time is known cannot be told")
        elif error_s > limit_s:
            known, needed = length(whole_error_s(error_s)), length(limit_s)
            said.append(f"the jogging time is only known to ± {known}, the plan needs ± {needed}")
        if not _is_figure(share):
            said.append("how much of the main set could be jogging or walking cannot be told")
        elif share > UNCERTAIN_SHARE:
            said.append(f"{share:.0%} of the main set could be jogging or walking")
        if said and (why := _why(session)):
            said.append(why)
    if session.gaps:
        longest_s = max(g.seconds for g in session.gaps)
        evidence |= {"gaps": len(session.gaps), "longest_gap_s": longest_s}
        said.append(f"nothing was recorded for up to {length(longest_s)} at a time")
    if not said:
        return None
    return Finding(
        code=CODE,
        level=Level.CAUTION,
        message="could not tell: " + "; ".join(said),
        at=session.ended_at,
        evidence=evidence,
        source=SOURCE,
    )
