"""What `inspect` shows of a file: each activity, what was performed in it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timezone
from pathlib import Path
from typing import Any

from analysis.bouts import Observed
from analysis.performed import measure
from ingest.errors import IngestError, NotAnActivity
from ingest.names import shown
from monitor.cli import as_json, session_text
from monitor.cli.layout import bullets, named
from monitor.report import units, wording
from monitor.report.make_sessions import bout_views, performed_view
from monitor.report.model_sessions import BoutView, PerformedView


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One recording of a file."""

    observed: Observed
    bouts: tuple[BoutView, ...]
    performed: PerformedView | None
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A file, or one in an archive: its activities, or why it cannot be read."""

    inside: str | None  # activities/1.fit, of export.zip; None for a file by itself
    activities: tuple[Activity, ...] = ()
    error: IngestError | None = None

    @property
    def is_left_out(self) -> bool:
        """Say whether it is something else that lay in the archive, a picture or a table."""
        return self.inside is not None and isinstance(self.error, NotAnActivity)


def read_files(path: Path) -> list[Inspected]:
    """Take a file, or each file in an archive, through the same steps as an import, and keep nothing."""
    from ingest.formats import files_of, nothing_inside

    found = []
    for file in files_of(path):
        try:
            if file.data is None:
                raise file.error or nothing_inside(file.name)
            activities = tuple(_activities(file.data, file.name))
            found.append(Inspected(inside=file.inside, activities=activities))
        except IngestError as error:
            found.append(Inspected(inside=file.inside, error=error))
    return found or [Inspected(inside=None, error=nothing_inside(shown(path.name)))]


def _activities(data: bytes, name: str) -> Iterator[Activity]:
    from analysis.gait import observe  # here: it brings pandas
    from ingest import read_bytes

    for recording in read_bytes(data, name):
        one = observe(recording)
        done = measure(
            one.bouts, uncertain=one.uncertain, boundary_sd_s=one.boundary_sd_s, bout_bias_sd_s=one.bout_bias_sd_s
        )
        bouts = tuple(bout_views(one.bouts, (one,)))
        yield Activity(observed=one, bouts=bouts, performed=performed_view(done), samples=len(recording.signal))


def is_failure(files: Sequence[Inspected]) -> bool:
    """Say whether anything could not be read, or there was nothing to read."""
    return any(f.error is not None and not f.is_left_out for f in files) or not any(f.activities for f in files)


def content(path: Path, files: Sequence[Inspected]) -> dict[str, Any]:
    """Give a file as one JSON object: its first activity, and under `more` the others and what was not read."""
    from ingest.formats import nothing_inside

    objects: list[dict[str, Any]] = []
    for file in files:
        member = {} if file.inside is None else {"member": file.inside}
        if file.error is not None:
            objects.append({"file": shown(path.name), **member, "error": _error(file.error)})
        for a in file.activities:
            told = as_json.observed(a.observed, a.bouts, a.performed, samples=a.samples)
            objects.append({**told, "file": shown(path.name), **member} if member else told)
    first = next((one for one in objects if "error" not in one), None)
    if first is None:
        first = next((one for one, f in zip(objects, files, strict=True) if not f.is_left_out), None)
    if first is None:
        first = {"file": shown(path.name), "error": _error(nothing_inside(shown(path.name)))}
    more = [one for one in objects if one is not first]
    return {**first, "more": more} if more else first


def _error(error: IngestError) -> dict[str, str]:
    return {"code": error.code, "message": str(error)}


def text(activities: Sequence[Activity]) -> Iterator[str]:
    """Write a file's activities: what they are, what was performed, bout by bout."""
    for number, activity in enumerate(activities):
        one = activity.observed
        zone = UTC if one.utc_offset is None else timezone(one.utc_offset)
        if number:
            yield ""
        yield one.file_name + (f" (activity {number + 1} of {len(activities)})" if len(activities) > 1 else "")
        yield from named(_facts(activity, zone))
        if activity.bouts:
            yield ""
            yield f"  {session_text.strip(activity.bouts)}"
            yield f"  {session_text.LEGEND}"
            yield ""
            yield from session_text.bouts(activity.bouts, zone)
        if one.notes:
            yield ""
            yield "How the file was read"
            yield from bullets(wording.sentence(message) for _, message in one.notes)


def _facts(activity: Activity, zone: timezone) -> Iterator[tuple[str, str]]:
    one = activity.observed
    yield "Activity", one.sport if one.sub_sport == "generic" else f"{one.sport} ({one.sub_sport})"
    yield "Started", f"{wording.moment(one.started_at, zone)} ({zone})"
    parts = [wording.length((one.ended_at - one.started_at).total_seconds()), units.distance(one.distance_m)]
    yield "Length", ", ".join([part for part in parts if part] + [wording.count(activity.samples, "sample")])
    yield "Recorded", ", ".join(name.replace("_", " ") for name in one.signals) or "totals only"
    if one.device:
        yield "Device", one.device
    done = activity.performed
    yield "Performed", "no jogging found" if done is None else session_text.performed(done)
