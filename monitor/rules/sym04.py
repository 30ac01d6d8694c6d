"""SYM04: leakage or heaviness in two runs within 14 days.

What: two runs, the second begun at most 14 × 24 hours after the first, with leakage or heaviness around each. The plan
holds until a physiotherapist or clinician was asked about it, on the day of the second one or later, and until 14 days
have passed since the second run. A symptom logged for no run belongs to the run before it.

Why: the article sends a runner to a pelvic-health physiotherapist when symptoms linger; the 14 days are this project's
own.

Example: drops after Monday's run and after Friday's: `restride gate asked --on DATE`, and a step up not before the
Friday two weeks later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.sessions import Session
from analysis.verdict import Tier
from monitor.checkins import CheckInLog
from monitor.facts import Asked, Facts, Seen
from monitor.rules.car01 import cleared_by
from monitor.symptoms import Kind, Symptom

CODE = "SYM04"
LEVEL = "holds, until someone was asked"
SOURCE = "the article: seek a pelvic-health physiotherapist when symptoms linger; the 14 days are this project's own"

WITHIN = timedelta(days=14)
PELVIC = frozenset({Kind.LEAKAGE, Kind.HEAVINESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One run with leakage or heaviness, or what was logged for a recording that is no run any more."""

    key: str
    began_at: datetime
    ended_at: datetime
    symptom: Symptom  # its first


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Leakage or heaviness that came back within 14 days."""

    first: Occasion
    second: Occasion
    asked: bool  # a physiotherapist or clinician was asked since
    until: datetime  # 14 days after the second run


def returned(log: CheckInLog, runs: Sequence[Session], facts: Facts, at: datetime) -> Returned | None:
    """Give the last time that leakage or heaviness came back and still holds; None where none does.

    Args:
        log: her check-ins.
        runs: all her running sessions before `at`, in time order: a new start of the plan clears nothing.
        facts: what she told; `asked`, and `seen` by a clinician, count.
        at: the instant asked about.
    """
    people: tuple[Asked | Seen, ...] = (*facts.standing_asked(), *facts.standing_seen())
    later: Occasion | None = None
    for earlier in _occasions(log.between(facts.born_at(at), at), runs):
        if later is not None and abs(later.began_at - earlier.began_at) <= WITHIN:
            last_told = max(earlier.symptom, later.symptom, key=lambda s: (s.check_in.recorded_at, s.check_in.id))
            asked = cleared_by(people, last_told, facts, at)
            until = max(earlier.ended_at, later.ended_at) + WITHIN
            if not asked or at < until:
                return Returned(first=earlier, second=later, asked=asked, until=until)
        later = earlier
    return None


def _occasions(symptoms: Sequence[Symptom], runs: Sequence[Session]) -> Iterator[Occasion]:
    """Part symptoms by the runs that they were logged for, the last one first.

    It goes back only as far as it is asked to: every decision of every run asks, and most need the last two.
    """
    current: Occasion | None = None
    for symptom in reversed(symptoms):
        if PELVIC.isdisjoint(symptom.kinds):
            continue
        found = _occasion(symptom, runs)
        if current is not None and found is not None and found.key != current.key:
            yield current
        current = found or current
    if current is not None:
        yield current


def _occasion(symptom: Symptom, runs: Sequence[Session]) -> Occasion | None:
    """Find the run that a symptom was logged for; None where it was logged for no recording before any run.

    Each recording counts for itself where her own word alone made it one with another, or no run: such a word clears
    nothing. What was logged for no recording belongs to the last run that had begun.
    """
    recording, run = symptom.check_in.recording, symptom.session
    if run is None and recording is None:
        before = bisect_left(runs, symptom.at, key=lambda one: one.started_at)
        run = runs[before - 1] if before else None
        if run is None:
            return None
    by_word = run is not None and any(r.identity == recording and v.tier is Tier.WORD for r, v in run.copies)
    if run is None or by_word:
        return Occasion(key=recording or "", began_at=symptom.at, ended_at=symptom.at, symptom=symptom)
    return Occasion(key=run.id, began_at=run.started_at, ended_at=run.ended_at, symptom=symptom)
