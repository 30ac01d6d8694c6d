"""What was recommended by the end of a week."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from analysis.bouts import Observed
from monitor.issuing import last_issued
from monitor.kept import Said, kept
from monitor.report.source import week_end
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
        return SaidBy(said=kept(issued), source="issued", end=end)
    then = stand(standing.facts, observed(), end)
    return SaidBy(said=then.recommendation.as_json(), source="replayed", end=end)
