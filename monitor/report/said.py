"""What was recommended by the end of a week."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from analysis.bouts import Observed
from monitor.facts import Issued
from monitor.issuing import last_issued
from monitor.report.source import Said, week_end
from monitor.standing import Standing, stand


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """The recommendation that stood at the end of a week, and where it is from."""

    said: Said
    source: Literal["now", "issued", "replayed"]
    end: datetime  # the last instant of the week


def said_by(standing: Standing, start: date, zone: tzinfo, observed: Callable[[], Iterable[Observed]]) -> SaidBy:
    """Find what was last issued by the end of a past week, or work out what would have been said then.

    Args:
        standing: of now.
        start: the Monday of the week.
        zone: the runner's.
        observed: gives her recordings; asked only where nothing was issued.
    """
    end = week_end(start, zone)
    issued = last_issued(standing.facts, end)
    if issued is not None:
        return SaidBy(said=_whole(issued), source="issued", end=end)
    then = stand(standing.facts, observed(), end)
    return SaidBy(said=then.recommendation.as_json(), source="replayed", end=end)


def _whole(issued: Issued) -> Said:
    """Give what was issued with all its parts: one that was not kept with it says nothing."""
    parts: dict[str, Any] = {
        "outcome": issued.outcome,
        "as_of": issued.recorded_at.isoformat(),
        "last_stage": None,
        "next_stage": issued.next_stage,
        "prescription": None,
        "reasons": [],
        "advice": [],
        "earliest_next_run": None,
        "earliest_increase": None,
        "gates": [],
        "completed": False,
        "rules_version": issued.rules_version,
    }
    parts |= issued.recommendation
    parts["reasons"] = [{"evidence": {}, **reason} for reason in parts["reasons"]]
    return parts
