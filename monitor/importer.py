"""Files through the whole chain: archived, read, observed and remembered, each once, however often it comes.

A file's copy is archived first and its rows are written last, several files in one transaction. Stopped anywhere
between, at most copies that no row names are left behind, and the next import completes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from analysis.bouts import DETECTOR_VERSION
from ingest.containers import Member, innermost
from ingest.errors import IngestError
from ingest.names import shown
from ingest.recording import READER_VERSION
from monitor.archive import Archive
from monitor.bulk import batches, in_order
from monitor.config import ConfigError
from monitor.engines import Here
from monitor.facts import Runner
from monitor.import_result import (
    ImportResult,
    Outcome,
    already_known,
    concluded,
    new,
    still_unread,
    summary,
    unopened,
    unread,
)
from monitor.incoming import files_in
from monitor.reading import Reading
from monitor.store import Original, OriginalOutcome, Store
from monitor.twins import twin_of

__all__ = ["ImportResult", "Outcome", "import_files", "import_paths", "summary"]

CANNOT_ARCHIVE = "cannot_archive"
"""The code of a file of which no copy could be kept: nothing is known of it, and it can be imported again."""

OnFile = Callable[[ImportResult], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that whoever gives it has opened: what is in it, each with its bytes or why there are none."""

    path: Path
    members: Iterable[Member]


def import_paths(
    store: Store,
    archive: Archive,
    runner: Runner,
    paths: Iterable[Path],
    *,
    now: datetime,
    on_file: OnFile | None = None,
) -> list[ImportResult]:
    """Import files, and the files in folders and archives; a file that fails does not stop the others.

    Raises:
        StoreError: the database cannot be used at all.
    """
    results = []
    for result in import_files(store, archive, runner, files_in(paths), now=now):
        results.append(result)
        if on_file is not None:
            on_file(result)
    return results


def import_files(
    store: Store,
    archive: Archive,
    runner: Runner,
    files: Iterable[Path | Given],
    *,
    now: datetime,
    executor: Executor | None = None,
    on_open: Callable[[int], None] = lambda files: None,
    kept: Callable[[Sequence[ImportResult]], None] = lambda results: None,
    reads_again: bool = True,
) -> Iterator[ImportResult]:
    """Import files and archives of them, and give what came of each once it is kept.

    Stopped between two results, all that was given is kept, and the next import goes on from there.

    Args:
        store, archive, runner: where they are kept, and whose they are.
        files: files and archives; see `monitor.incoming.files_in` for folders.
        now: when it is.
        executor: reads them; in this process when left out.
        on_open: is told the number of files in each archive that is opened.
        kept: is told what came of some files inside the transaction that keeps it.
        reads_again: try once more what could not be read when it first came; else it is already known.

    Raises:
        StoreError: the database cannot be used at all.
    """
    intake = _Intake(store, archive, runner, now, reads_again)
    arrivals = (intake.arrived(path, file) for given in files for path, file in _inside(given, on_open))
    for batch in batches(in_order(executor or Here(), arrivals)):
        with store.together():
            results = [intake.settled(arrival, reading) for arrival, reading in batch]
            kept(results)
        yield from results


def _inside(given: Path | Given, on_open: Callable[[int], None]) -> Iterator[tuple[Path, Member]]:
    from ingest.formats import files_of, nothing_inside

    path = given if isinstance(given, Path) else given.path
    is_empty = True
    for file in files_of(path, on_open=on_open) if isinstance(given, Path) else given.members:
        is_empty = False
        yield path, file
    if is_empty:
        name = shown(path.name)
        yield path, Member(name=name, error=nothing_inside(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """A file that came: what is already said of it, or how it would be stored."""

    path: Path
    name: str
    result: ImportResult | None = None
    original: Original | None = None


class _Intake:
    """One import: what is known, and what came of the files so far."""

    def __init__(self, store: Store, archive: Archive, runner: Runner, now: datetime, reads_again: bool) -> None:
        self._store = store
        self._archive = archive
        self._runner = runner
        self._now = now
        self._zone_at = store.facts(runner).zone_at
        self._reads_again = reads_again
        self._known: dict[str, Original] = {}  # by its bytes, and by those inside it
        self._reading: set[str] = set()
        self._failed: dict[str, IngestError] = {}
        for original in store.originals(runner):
            self._remember(original)

    def arrived(self, path: Path, file: Member) -> tuple[_Arrival, str, bytes | None]:
        """Recognise a file, and keep a copy; give its bytes where it has to be read."""
        if file.data is None:
            result = unopened(path, file)
            return _Arrival(path=path, name=file.name, result=result), file.name, None
        data, name = file.data, file.name
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known.get(sha256)
        content_sha256 = _content_sha256(data, name, sha256) if known is None else known.content_sha256
        if known is None and content_sha256 is not None:
            known = self._known.get(content_sha256)
        original = Original(
            sha256=sha256,
            content_sha256=content_sha256,
            file_name=name,
            size_bytes=len(data),
            imported_at=self._now,
            outcome=OriginalOutcome.IMPORTED,
        )
        keys = {sha256, content_sha256 or sha256}
        is_being_read = not keys.isdisjoint(self._reading)
        try:
            # A copy that was lost or damaged is mended by the way; of what is being read one is there.
            if known.sha256 == sha256 if known is not None else not is_being_read:
                self._archive.put(data)
        except (OSError, ConfigError) as error:  # ConfigError: there was no room for a folder
            cause = (getattr(error, "strerror", None) or "the disk could not be written").lower()
            told = f"{name} was not imported, for no copy of it could be kept: {cause}. Make room, and import it again."
            result = ImportResult(path=path, name=name, outcome=Outcome.FAILED, message=told, code=CANNOT_ARCHIVE)
            return _Arrival(path=path, name=name, result=result), name, None
        if self._is_settled(known) or is_being_read:
            return _Arrival(path=path, name=name, original=original), name, None
        self._reading |= keys
        return _Arrival(path=path, name=name, original=original), name, data

    def settled(self, arrival: _Arrival, reading: Reading | None) -> ImportResult:
        """Store what came of a file, and say it."""
        original, path, name = arrival.original, arrival.path, arrival.name
        if arrival.result is not None or original is None:
            assert arrival.result is not None  # one of the two is there
            return arrival.result
        keys = (original.sha256, original.content_sha256 or original.sha256)
        known = next((self._known[key] for key in keys if key in self._known), None)
        if known is not None and self._is_settled(known):
            return already_known(path, name, known)
        if reading is None:  # the same bytes came a moment ago, and could not be read
            error = next(self._failed[key] for key in keys if key in self._failed)
            return unread(path, name, type(error)(name, error.cause, error.next_step))
        if reading.trouble is not None:
            self._failed |= dict.fromkeys(keys, reading.trouble)
        if known is not None:
            return self._once_more(path, name, known, reading)
        original = concluded(original, reading)
        self._remember(original)
        twins = {one.identity: twin_of(self._store, self._runner, one) for one in reading.observed}
        added = self._store.add_original(
            self._runner, original, reading.observed, reader_version=READER_VERSION, detector_version=DETECTOR_VERSION
        )
        if reading.trouble is not None:
            return unread(path, name, reading.trouble)
        if not added:  # each activity in it came before, or another process was first
            return already_known(path, name, original)
        return new(path, name, [(one, twins[one.identity]) for one in added], zone_at=self._zone_at, now=self._now)

    def _once_more(self, path: Path, name: str, known: Original, reading: Reading) -> ImportResult:
        """Take what could not be read when it first came, where a newer reader is able to; else it failed again."""
        if reading.trouble is None:
            again = concluded(replace(known, file_name=name), reading)
            twins = [(one, twin_of(self._store, self._runner, one)) for one in reading.observed]
            self._store.replace_observed(
                self._runner,
                [(again, reading.observed)],
                reader_version=READER_VERSION,
                detector_version=DETECTOR_VERSION,
            )
            self._known |= {key: again for key, original in self._known.items() if original is known}
            return new(path, name, twins, zone_at=self._zone_at, now=self._now)
        return (
            still_unread(path, name, reading.trouble)
            if known.file_name == name
            else unread(path, name, reading.trouble)
        )

    def _is_settled(self, known: Original | None) -> bool:
        return known is not None and (known.outcome is not OriginalOutcome.FAILED or not self._reads_again)

    def _remember(self, original: Original) -> None:
        for key in (original.sha256, original.content_sha256):
            if key is not None:
                self._known.setdefault(key, original)


def _content_sha256(data: bytes, name: str, sha256: str) -> str | None:
    """Name a file by what is inside it, where that can be unpacked: x.fit and x.fit.gz are one."""
    try:
        content = innermost(data, name)
    except IngestError:
        return None  # reading it says what is wrong
    return sha256 if content is data else hashlib.sha256(content).hexdigest()
