"""Laps of any format: which were measured out, and which belong to a recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ingest.recording import Mark

AUTO_LAP_M, AUTO_LAP_SHARE = (1000.0, 1609.344), 0.01
"""A kilometre and a mile, and how near to one all laps must come to be automatic where no trigger says so."""


def are_measured_out(lap_metres: Sequence[float]) -> bool:
    """Say whether a device made a lap of every kilometre or mile; the last one is cut, and does not count."""
    whole = lap_metres[:-1]
    if len(whole) < 2:
        return False
    return any(all(abs(metres - unit) <= AUTO_LAP_SHARE * unit for metres in whole) for unit in AUTO_LAP_M)


def within(marks: Iterable[Mark], start: datetime, end: datetime) -> tuple[Mark, ...]:
    """Give the marks whose middle lies in the span: one of several sessions gets those that are its own."""
    return tuple(mark for mark in marks if start <= mark.start + (mark.end - mark.start) / 2 <= end)
