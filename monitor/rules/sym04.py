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

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from analysis.sessions import Session
from analysis.verdict import Tier
from monitor.checkins import CheckInLog
from monitor.facts import Facts
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
    born = facts.born_at(at)
    shown = [
        s for s in log.symptoms if s.at <= at and (born is None or s.at >= born) and not PELVIC.isdisjoint(s.kinds)
    ]
    if len(shown) < 2:
        return None
    for first, second in reversed(list(pairwise(_occasions(shown, runs)))):
        if second.began_at - first.began_at > WITHIN:
            continue
        last_told = max(first.symptom, second.symptom, key=lambda s: (s.check_in.recorded_at, s.check_in.id))
        asked = cleared_by((*facts.asked, *facts.seen), last_told, facts, at)
        until = second.ended_at + WITHIN
        if not asked or at < until:
            return Returned(first=first, second=second, asked=asked, until=until)
    return None


def _occasions(shown: Iterable[Symptom], runs: Sequence[Session]) -> list[Occasion]:
    """Part symptoms by the runs that they were logged for, in time order.

    Each recording counts for itself where her own word alone made it one with another, or no run: such a word clears
    nothing. What was logged for no recording belongs to the last run that had begun.
    """
    starts = [run.started_at for run in runs]
    by_word = {r.identity for run in runs for r, verdict in run.copies if verdict.tier is Tier.WORD}
    found: dict[str, Occasion] = {}
    for symptom in shown:
        recording = symptom.check_in.recording
        before = bisect_right(starts, symptom.at)
        run = symptom.session or (runs[before - 1] if before and recording is None else None)
        if recording is not None and (run is None or recording in by_word):
            key, began_at, ended_at = recording, symptom.at, symptom.at
        elif run is not None:
            key, began_at, ended_at = run.id, run.started_at, run.ended_at
        else:
            continue  # no run had begun: no session shows it
        found.setdefault(key, Occasion(began_at=began_at, ended_at=ended_at, symptom=symptom))
    return sorted(found.values(), key=lambda one: one.began_at)
