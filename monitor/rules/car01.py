"""CAR01: a symptom that a clinician sees before the next run."""

from __future__ import annotations

from datetime import datetime

from monitor.checkins import CheckInLog, Symptom
from monitor.facts import Facts

CODE = "CAR01"
SOURCE = "this project's own, by the seed: seek a physiotherapist when symptoms linger"


def uncleared(log: CheckInLog, facts: Facts, at: datetime, *, born: datetime | None) -> tuple[Symptom, ...]:
    """Give the symptoms that no clinician has seen yet, oldest first.

    Pain above 5 of 10, a bulge felt, new or increased bleeding: no running until a fact says that a clinician was seen
    and running agreed. A later "none" does not clear it. Someone seen on the day of the symptom itself counts only
    where that was recorded after it.
    """
    today = at.astimezone(facts.zone_at(at)).date()

    def cleared(symptom: Symptom) -> bool:
        day = symptom.at.astimezone(facts.zone_at(symptom.at)).date()
        return any(
            day < seen.on <= today or (seen.on == day and seen.recorded_at > symptom.check_in.recorded_at)
            for seen in facts.seen
        )

    return tuple(
        s for s in log.symptoms if s.severe and s.at <= at and (born is None or s.at >= born) and not cleared(s)
    )
