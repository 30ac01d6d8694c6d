"""What `inspect` shows of a file: each activity, what was performed in it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timezone
from pathlib import Path
from typing import Any

from analysis.bouts import Observed
from analysis.performed import Performed, measure
from monitor.cli import as_json, session_text
from monitor.cli.layout import bullets, named
from monitor.report import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One recording of a file."""

    observed: Observed
    performed: Performed | None
    samples: int


def read_activities(file: Path) -> list[Activity]:
    """Take a file through the same steps as an import, and keep nothing.

    Raises:
        IngestError: in words, why it cannot be read.
    """
    from analysis.gait import observe  # here: it brings pandas
    from ingest import read

    found = []
    for recording in read(file):
        one = observe(recording)
        done = measure(
            one.bouts, uncertain=one.uncertain, boundary_sd_s=one.boundary_sd_s, bout_bias_sd_s=one.bout_bias_sd_s
        )
        found.append(Activity(observed=one, performed=done, samples=len(recording.signal)))
    return found


def content(activities: Sequence[Activity]) -> dict[str, Any]:
    """Give a file as one JSON object: its first activity, and the others under `more`."""
    first, *more = (as_json.observed(a.observed, a.performed, samples=a.samples) for a in activities)
    return {**first, "more": more} if more else first


def text(activities: Sequence[Activity]) -> Iterator[str]:
    """Write a file's activities: what they are, what was performed, bout by bout."""
    for number, activity in enumerate(activities):
        one = activity.observed
        zone = UTC if one.utc_offset is None else timezone(one.utc_offset)
        if number:
            yield ""
        yield one.file_name + (f" (activity {number + 1} of {len(activities)})" if len(activities) > 1 else "")
        yield from named(_facts(activity, zone))
        if one.bouts:
            yield ""
            yield f"  {session_text.strip(one.bouts)}"
            yield f"  {session_text.LEGEND}"
            yield ""
            yield from session_text.bouts(one.bouts, zone)
        if one.notes:
            yield ""
            yield "How the file was read"
            yield from bullets(wording.sentence(message) for _, message in one.notes)


def _facts(activity: Activity, zone: timezone) -> Iterator[tuple[str, str]]:
    one = activity.observed
    yield "Activity", one.sport if one.sub_sport == "generic" else f"{one.sport} ({one.sub_sport})"
    yield "Started", f"{wording.moment(one.started_at, zone)} ({zone})"
    parts = [wording.length((one.ended_at - one.started_at).total_seconds()), wording.distance(one.distance_m)]
    yield "Length", ", ".join([part for part in parts if part] + [wording.count(activity.samples, "sample")])
    yield "Recorded", ", ".join(name.replace("_", " ") for name in one.signals) or "totals only"
    if one.device:
        yield "Device", one.device
    done = activity.performed
    yield "Performed", "no jogging found" if done is None else session_text.performed(done)
