"""GAT04: the seven readiness movements, passed without worsening symptoms.

What: each of the seven passed without *worsening* pain, leakage (urine or stool) or heaviness, after the last birth and
within 28 days before the first run. One that failed is repeated and passed. After more than 28 days without running all
seven are done again.

Why: the article lists the movements; repeating them after 28 days is this project's own.

Example: hopping brought heaviness on the left: `restride readiness --failed hop`, and again when it goes without.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.facts import Facts
from monitor.foundation import MOVEMENTS, Readiness
from monitor.rules.gate import GateState

CODE = "GAT04"
LEVEL = "gate"
SOURCE = "the article; the repetition after 28 days is this project's own"
TITLE = "readiness movements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The last word on one movement."""

    movement: str  # as MOVEMENTS has it
    on: date
    passed: bool
    side: str | None  # of one that failed
    worsened: str | None  # of one that failed: what got worse

    @property
    def why(self) -> str:
        """Name the side and what got worse: " (left; leakage)"; empty where nothing was said of them."""
        said = "; ".join(part for part in (self.side, self.worsened) if part)
        return f" ({said})" if said else ""


def tried(facts: Facts, at: datetime, since: datetime | None) -> dict[str, Tried]:
    """Give the last word on each movement that counts at an instant, in the order of the list.

    Args:
        facts: what she told.
        at: the instant.
        since: what was done up to then does not count any more; None: all does. What came before the last birth never
            counts.
    """
    birth = facts.birth_at(at.astimezone(facts.zone_at(at)).date())
    last: dict[str, tuple[tuple[date, datetime], Readiness]] = {}
    for go in facts.readiness:
        day = go.done_at.astimezone(facts.zone_at(go.done_at)).date()
        if go.done_at > at or (since and go.done_at <= since) or (birth and day < birth.on):
            continue
        when = (day, go.recorded_at)  # of one day the last word counts: who adds it knows of the others
        for movement, passed in go.results.items():
            known = last.get(movement)
            # Two words at one instant: the careful one counts.
            if known is None or when > known[0] or (when == known[0] and not passed):
                last[movement] = (when, go)
    return {
        word: Tried(
            movement=word,
            on=last[word][0][0],
            passed=last[word][1].results[word],
            side=last[word][1].sides.get(word),
            worsened=last[word][1].worsened.get(word),
        )
        for word in MOVEMENTS
        if word in last
    }


def state(facts: Facts, at: datetime, since: datetime | None) -> GateState:
    """Say whether all seven movements were last passed without *worsening* pain, leakage or heaviness.

    A failed movement fails the gate until it is repeated and passed. After more than 28 days without running all seven
    are repeated; `since` is the end of those 28 days, or 28 days ago before the first run. Movements done before the
    last birth do not count.
    """
    last = tried(facts, at, since)
    failed = [f"{MOVEMENTS[one.movement]}{one.why}" for one in last.values() if not one.passed]
    untried = [what for word, what in MOVEMENTS.items() if word not in last]
    if not failed and not untried:
        return GateState(code=CODE, title=TITLE, met=True, message=f"{TITLE}: all seven passed")
    said = []
    if failed:
        said.append("to be repeated and passed: " + "; ".join(failed))
    if len(untried) == len(MOVEMENTS):
        again = " again, after more than 28 days without running" if since and facts.readiness else ""
        said.append(f"the seven readiness movements are to be done{again}: `restride readiness`")
    elif untried:
        said.append("still to be done: " + "; ".join(untried))
    return GateState(code=CODE, title=TITLE, met=False, message="; ".join(said))
