"""Files that are archived, read once more: all of them, or those that held no recording when they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from analysis.bouts import DETECTOR_VERSION, Observed
from ingest.recording import READER_VERSION
from monitor.archive import Archive, ArchiveError
from monitor.checkins import ZoneAt
from monitor.facts import Runner
from monitor.import_result import ImportResult, Outcome, concluded, new, still_unread, unread
from monitor.importer import OnFile
from monitor.reading import read_observed
from monitor.store import Original, OriginalOutcome, Store
from monitor.twins import twin_of


def rebuild(store: Store, archive: Archive, runner: Runner, *, on_file: OnFile | None = None) -> list[ImportResult]:
    """Read all originals of a runner again and replace what was derived from them, in one step; facts stay.

    A file that could not be read before may now become a recording. What was read before from a file that cannot be
    read any more stays as it is, and is reported: a run that vanishes could take a breach of rest with it.
    """
    return _read_again(store, archive, runner, store.originals(runner), on_file)


def retry(
    store: Store,
    archive: Archive,
    runner: Runner,
    originals: Iterable[Original],
    *,
    now: datetime,
    on_file: OnFile | None = None,
) -> list[ImportResult]:
    """Read files again that held no recording when they came, and take those that can be read now, in one step.

    A newer reader may be able to, and a fault of ours may be mended. A file that was imported is left as it is.
    """

    zone_at = store.facts(runner).zone_at

    def beside_others(result: ImportResult) -> ImportResult:
        if not result.recordings:
            return result
        found = [(one, twin_of(store, runner, one)) for one in result.recordings]
        return new(result.path, result.name, found, zone_at=zone_at, now=now)

    unread_before = (o for o in originals if o.outcome is not OriginalOutcome.IMPORTED)
    return _read_again(store, archive, runner, unread_before, on_file, beside_others)


def _read_again(
    store: Store,
    archive: Archive,
    runner: Runner,
    originals: Iterable[Original],
    on_file: OnFile | None,
    told: Callable[[ImportResult], ImportResult] = lambda result: result,
) -> list[ImportResult]:
    results, replacements, zone_at = [], [], store.facts(runner).zone_at
    for original in originals:
        result, replacement = _reread(archive, original, zone_at)
        if replacement is not None:
            replacements.append(replacement)
        results.append(told(result))
        if on_file is not None:
            on_file(results[-1])
    store.replace_observed(runner, replacements, reader_version=READER_VERSION, detector_version=DETECTOR_VERSION)
    return results


def _reread(
    archive: Archive, original: Original, zone_at: ZoneAt
) -> tuple[ImportResult, tuple[Original, tuple[Observed, ...]] | None]:
    """Read an archived file again; without a replacement everything stays as it is."""
    name = original.file_name
    path = Path(name)
    try:
        data = archive.get(original.sha256)
    except (ArchiveError, OSError) as error:
        told = f"{name} was not read again, and what is known of it stays. {error}"
        return ImportResult(path=path, name=name, outcome=Outcome.FAILED, message=told, code="damaged_archive"), None
    reading = read_observed(data, name)
    again, trouble = concluded(original, reading), reading.trouble
    if trouble is None:
        return new(path, name, [(one, None) for one in reading.observed], zone_at=zone_at), (again, reading.observed)
    if original.outcome is OriginalOutcome.IMPORTED:
        told = f"{trouble} What was read from it before stays."
        return ImportResult(path=path, name=name, outcome=Outcome.FAILED, message=told, code=trouble.code), None
    told_again = still_unread if original.outcome is OriginalOutcome.FAILED else unread
    return told_again(path, name, trouble), (again, ())
