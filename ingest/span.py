"""When an activity began and ended, by its samples and its totals together."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingest.recording import Note

TOTALS_TRUSTED = timedelta(days=1)
"""Totals that reach further beyond the samples than this are wrong."""

SILENT_END_S = 60


def span(
    first: datetime, last: datetime, *, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime, list[Note]]:
    """Give start and end: rest is counted from the later end, so totals count where they fit the samples.

    Args:
        first: time of the first sample.
        last: time of the last sample.
        start: what the totals say, if anything.
        end: the same.
    """
    if start is None or end is None or end < first or start > last or first - start > TOTALS_TRUSTED:
        return first, last, [] if start is None and end is None else [_not_used()]
    if end - last > TOTALS_TRUSTED:
        return min(first, start), last, [_not_used()]
    notes = []
    if (end - last).total_seconds() > SILENT_END_S:
        message = f"The samples end {(end - last).total_seconds():.0f} s before the activity does."
        notes.append(Note(code="samples_end_early", message=message))
    return min(first, start), max(last, end), notes


def _not_used() -> Note:
    return Note(code="totals_not_used", message="The totals do not fit the samples' times and were not used.")
