"""Files through the whole chain: archived, read, observed and remembered, each once, however often it comes.

A file's copy is archived first and its rows are written last, in one transaction. Stopped anywhere between, at most a
copy that no row names is left behind, and the next import completes it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from analysis.bouts import DETECTOR_VERSION, Observed
from analysis.jogging import RUNNING_S, on_foot, possible_jogging_s
from ingest.containers import innermost
from ingest.errors import IngestError, NotAnActivity
from ingest.files import load
from ingest.names import shown
from ingest.recording import READER_VERSION
from monitor.archive import Archive, ArchiveError
from monitor.facts import Runner
from monitor.incoming import files_in
from monitor.store import Original, OriginalOutcome, Store

SAME_SHARE = 0.8  # of the shorter recording: from here on two are called one run


class Outcome(StrEnum):
    """What came of a file."""

    IMPORTED = "imported"
    SAME_RUN = "same run"  # as one that is known: stored all the same
    ALREADY_KNOWN = "already known"
    NOT_A_RUN = "not a run"  # a walk, another sport, settings: stored all the same
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of one file, with one line for a person that names it."""

    path: Path
    outcome: Outcome
    message: str
    code: str | None = None  # of what failed, now or when the file came first
    recordings: tuple[Observed, ...] = ()  # those that are new


OnFile = Callable[[ImportResult], None]


def import_paths(
    store: Store,
    archive: Archive,
    runner: Runner,
    paths: Iterable[Path],
    *,
    now: datetime,
    on_file: OnFile | None = None,
) -> list[ImportResult]:
    """Import files, and the files in folders, one after another; a file that fails does not stop the others.

    Raises:
        StoreError: the database cannot be used at all.
    """
    results = []
    for path in files_in(paths):
        results.append(import_file(store, archive, runner, path, now=now))
        if on_file is not None:
            on_file(results[-1])
    return results


def import_file(store: Store, archive: Archive, runner: Runner, path: Path, *, now: datetime) -> ImportResult:
    """Import one file."""
    name = shown(path.name)
    try:
        data = load(path)
    except IngestError as error:
        return ImportResult(path=path, outcome=Outcome.FAILED, message=str(error), code=error.code)
    sha256, content_sha256 = _hashes(data, name)
    known = store.original_by_sha(runner, sha256)
    if known is None and content_sha256 is not None:
        known = store.original_by_sha(runner, content_sha256)
    try:
        if known is None or known.sha256 == sha256:  # a copy that was lost or damaged is mended by the way
            archive.put(data)
    except OSError as error:
        cause = (error.strerror or "the disk could not be written").lower()
        message = f"{name} was not imported, for no copy of it could be kept: {cause}. Make room, and import it again."
        return ImportResult(path=path, outcome=Outcome.FAILED, message=message, code="cannot_archive")
    if known is not None and known.outcome is OriginalOutcome.FAILED:
        return _once_more(store, runner, path, name, known, data, now)
    if known is not None:
        return _already_known(path, name, known)
    original = Original(
        sha256=sha256,
        content_sha256=content_sha256,
        file_name=name,
        size_bytes=len(data),
        imported_at=now,
        outcome=OriginalOutcome.IMPORTED,
    )
    original, observed, trouble = _read(original, data)
    twins = {one.identity: _twin(store, runner, one) for one in observed}
    added = store.add_original(
        runner, original, observed, reader_version=READER_VERSION, detector_version=DETECTOR_VERSION
    )
    if trouble is not None:
        return _unread(path, trouble)
    if not added:  # each activity in it came before, or another process was first
        return _already_known(path, name, original)
    return _new(path, name, [(one, twins[one.identity]) for one in added], now=now)


def rebuild(store: Store, archive: Archive, runner: Runner, *, on_file: OnFile | None = None) -> list[ImportResult]:
    """Read all originals of a runner again and replace what was derived from them, in one step; facts stay.

    A file that could not be read before may now become a recording. What was read before from a file that cannot be
    read any more stays as it is, and is reported: a run that vanishes could take a breach of rest with it.
    """
    results, replacements = [], []
    for original in store.originals(runner):
        result, replacement = _reread(archive, original)
        if replacement is not None:
            replacements.append(replacement)
        results.append(result)
        if on_file is not None:
            on_file(result)
    store.replace_observed(runner, replacements, reader_version=READER_VERSION, detector_version=DETECTOR_VERSION)
    return results


def summary(results: Iterable[ImportResult]) -> dict[Outcome, int]:
    """Count the results of each outcome, in the order of `Outcome`, those without any included."""
    counts = Counter(result.outcome for result in results)
    return {outcome: counts[outcome] for outcome in Outcome}


def _hashes(data: bytes, name: str) -> tuple[str, str | None]:
    """Name a file by its bytes and by those inside it, where they can be unpacked: x.fit and x.fit.gz are one."""
    try:
        content = innermost(data, name)
    except IngestError:
        return hashlib.sha256(data).hexdigest(), None  # reading it says what is wrong
    return hashlib.sha256(data).hexdigest(), hashlib.sha256(content).hexdigest()


def _read(original: Original, data: bytes) -> tuple[Original, tuple[Observed, ...], IngestError | None]:
    """Read and observe a file; give its record as it now stands, what was observed, and why nothing was."""
    from analysis.gait import observe  # loads numpy, and reading loads pandas: only where a file is read
    from ingest.formats import read_bytes

    try:
        observed = tuple(observe(recording) for recording in read_bytes(data, original.file_name))
    except IngestError as error:
        outcome = OriginalOutcome.NOT_ACTIVITY if isinstance(error, NotAnActivity) else OriginalOutcome.FAILED
        return replace(original, outcome=outcome, reason_code=error.code, reason_message=str(error)), (), error
    return replace(original, outcome=OriginalOutcome.IMPORTED, reason_code=None, reason_message=None), observed, None


def _once_more(
    store: Store, runner: Runner, path: Path, name: str, known: Original, data: bytes, now: datetime
) -> ImportResult:
    """Read a file that could not be read when it first came: a newer reader may be able to, else it fails again."""
    again, observed, trouble = _read(replace(known, file_name=name), data)
    if trouble is None:
        twins = [(one, _twin(store, runner, one)) for one in observed]
        store.replace_observed(
            runner, [(again, observed)], reader_version=READER_VERSION, detector_version=DETECTOR_VERSION
        )
        return _new(path, name, twins, now=now)
    failed = _unread(path, trouble)
    if known.file_name != name:
        return failed
    return replace(failed, message=f"{name} still cannot be read: it {trouble.cause}. {trouble.next_step}")


def _reread(archive: Archive, original: Original) -> tuple[ImportResult, tuple[Original, tuple[Observed, ...]] | None]:
    """Read an archived file again; without a replacement everything stays as it is."""
    path = Path(original.file_name)
    try:
        data = archive.get(original.sha256)
    except (ArchiveError, OSError) as error:
        message = f"{original.file_name} was not read again, and what is known of it stays. {error}"
        return ImportResult(path=path, outcome=Outcome.FAILED, message=message, code="damaged_archive"), None
    again, observed, trouble = _read(original, data)
    if trouble is None:
        return _new(path, original.file_name, [(one, None) for one in observed]), (again, observed)
    if original.outcome is OriginalOutcome.IMPORTED:
        message = f"{trouble} What was read from it before stays."
        return ImportResult(path=path, outcome=Outcome.FAILED, message=message, code=trouble.code), None
    return _unread(path, trouble), (again, ())


def _twin(store: Store, runner: Runner, one: Observed) -> Observed | None:
    """Find a recording that overlaps this one so far that both seem to be of one run."""
    for other in store.overlapping(runner, one.started_at, one.ended_at):
        shared = min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)
        shorter = min(one.ended_at - one.started_at, other.ended_at - other.started_at)
        if other.identity != one.identity and shared > timedelta(0) and shared >= SAME_SHARE * shorter:
            return other
    return None


def _may_run(one: Observed) -> bool:
    return on_foot(one) and possible_jogging_s(one) >= RUNNING_S


def _unread(path: Path, error: IngestError) -> ImportResult:
    outcome = Outcome.NOT_A_RUN if isinstance(error, NotAnActivity) else Outcome.FAILED
    return ImportResult(path=path, outcome=outcome, message=str(error), code=error.code)


def _already_known(path: Path, name: str, known: Original) -> ImportResult:
    message = f"{name}: already known" + (f" as {known.file_name}" if known.file_name != name else "")
    if known.reason_message is not None:
        message += f". {known.reason_message}"
    return ImportResult(path=path, outcome=Outcome.ALREADY_KNOWN, message=message, code=known.reason_code)


def _new(
    path: Path, name: str, found: Sequence[tuple[Observed, Observed | None]], *, now: datetime | None = None
) -> ImportResult:
    """Say what a file holds, each recording beside the one that seems to be the same run, and whether it is to come."""
    outcomes, texts = [], []
    for one, twin in found:
        if twin is not None and (_may_run(one) or _may_run(twin)):
            outcomes.append(Outcome.SAME_RUN)
            texts.append(f"same run as {twin.file_name}, {_line(one)}; kept, and counted once")
        elif _may_run(one):
            outcomes.append(Outcome.IMPORTED)
            texts.append(f"imported, {_line(one)}")
        else:
            outcomes.append(Outcome.NOT_A_RUN)
            texts.append(f"not a run, {_line(one)}; kept, and not counted as running")
        if now is not None and one.ended_at > now:
            tense = "starts" if one.started_at > now else "ends"
            texts[-1] += f"; {tense} in the future, so it is not counted: check the watch's clock"
    return ImportResult(
        path=path,
        outcome=next(outcome for outcome in Outcome if outcome in outcomes),
        message=f"{name}: {'; '.join(texts)}",
        recordings=tuple(one for one, _ in found),
    )


def _line(one: Observed) -> str:
    """Say when, what and how long; in the local time that the file states, or UTC."""
    offset = one.utc_offset
    began = one.started_at.astimezone(UTC) + (offset or timedelta(0))
    zone = " UTC" if offset is None else ""
    minutes = round((one.ended_at - one.started_at).total_seconds() / 60)
    return f"{began:%Y-%m-%d %H:%M}{zone}, {one.sport}, {minutes} min"
