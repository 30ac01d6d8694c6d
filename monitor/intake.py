"""Files from the inbox into the store: each opened once, and taken in only when it is whole.

The bytes whose end is looked for are those that are hashed, archived and read. Only an archive that is larger than
memory should hold is read in pieces: it has to be the same file, unchanged, when the last piece has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.inbox import Entry
from ingest.names import shown
from monitor.archive import Archive
from monitor.arrivals import OURS_MOST_WAIT_S, wait_s
from monitor.facts import Runner
from monitor.import_result import ImportResult, Outcome
from monitor.importer import CANNOT_ARCHIVE, Given, import_files
from monitor.opening import Opening, Waits
from monitor.store import InboxFile, InboxState, Store
from monitor.store.errors import StoreError

CHECK_INS = "checkin.csv"
"""A file of this name holds check-ins and is not taken in here; see `is_check_ins`."""

STORE = "store"
"""Why a file waits that could not be kept: the database could not be written."""

LEFT_BEHIND_S = 3600.0
"""No copy takes so long to be written: an unfinished one that is older was left by a process that was killed."""

Kept = tuple[InboxFile, tuple[ImportResult, ...]]
OnKept = Callable[[InboxFile, tuple[ImportResult, ...]], None]


def is_check_ins(entry: Entry) -> bool:
    """Say whether an entry holds check-ins by its name: whoever calls takes those in itself."""
    return entry.key.rpartition("/")[2].lower() == CHECK_INS


def take_in(
    store: Store,
    archive: Archive,
    runner: Runner,
    entries: Iterable[Entry],
    *,
    now: Callable[[], datetime],
    executor: Executor | None = None,
    on_kept: OnKept = lambda file, results: None,
) -> Iterator[Kept]:
    """Take in files that are ready, and give what is known of each from now on, and what came of it.

    The row of a file is written in the same transaction as the last of what was in it, so that it settles only with
    what it brought. A file that is still arriving, cannot be opened, or could not be kept, waits for the time of its
    next try, and says why; what was kept out of an archive that waits is given all the same. One that is gone is not
    given at all. Where the database cannot be written, all that are left are given as waiting, and
    `Arrivals.record` is what remembers it.

    Args:
        store, archive, runner: where they are kept, and whose they are.
        entries: from `ingest.inbox.look`; none of `is_check_ins`.
        now: the clock.
        executor: reads them; in this process when left out.
        on_kept: is told what is given, inside the transaction that keeps it: what it writes to the store (a message)
            is there exactly when the file is.
    """
    archive.sweep(LEFT_BEHIND_S)
    intake = _Intake(store, runner, list(entries), now, on_kept)
    try:
        kept = import_files(
            store,
            archive,
            runner,
            intake.given(),
            now=now(),
            executor=executor,
            kept=intake.keep,
            reads_again=False,
        )
        for _ in kept:
            yield from intake.committed()
        with store.together():
            intake.keep(())
        yield from intake.committed()
    except StoreError as error:
        yield from intake.left(error)


class _Intake:
    """Entries on their way into the store."""

    def __init__(
        self, store: Store, runner: Runner, entries: list[Entry], now: Callable[[], datetime], on_kept: OnKept
    ) -> None:
        self._store = store
        self._runner = runner
        self._now = now
        self._on_kept = on_kept
        self._known = store.inbox.all(runner)
        self._settled = {file.sha256: key for key, file in self._known.items() if file.state is InboxState.SETTLED}
        self._entries = entries
        self._left = {entry.key: entry for entry in entries}  # not given yet
        self._opened: dict[str, Opening] = {}  # whose results are still to come, by key, in their order
        self._keys = {entry.path: entry.key for entry in entries}
        self._results: dict[str, list[ImportResult]] = {}
        self._kept: list[Kept] = []  # in a transaction that has not been committed yet

    def given(self) -> Iterator[Given]:
        """Open one file after another, and give those that are whole."""
        for entry in self._entries:
            row = self._as_looked_at(entry)
            opening = Opening(entry, row, self._is_known)
            self._opened[entry.key] = opening
            members = opening.members()
            if members is not None:
                yield Given(path=entry.path, members=members)

    def keep(self, results: Sequence[ImportResult]) -> None:
        """Write what is known of the files whose last result has come, with what came of them."""
        for result in results:
            self._results.setdefault(self._keys[result.path], []).append(result)
        for key, opening in list(self._opened.items()):
            found = self._results.get(key, [])
            if opening.is_gone:
                del self._opened[key], self._left[key]
            elif opening.awaited is not None and len(found) >= opening.awaited:
                del self._opened[key]
                kept = self._concluded(opening, found)
                self._store.inbox.put(self._runner, [kept[0]])
                self._on_kept(*kept)
                self._kept.append(kept)

    def committed(self) -> Iterator[Kept]:
        """Give what was kept since the last time."""
        kept, self._kept = self._kept, []
        for file, results in kept:
            self._left.pop(file.key, None)
            self._results.pop(file.key, None)
            if file.state is InboxState.SETTLED:
                self._settled[file.sha256] = file.key
            yield file, results

    def left(self, error: StoreError) -> Iterator[Kept]:
        """Give all that were not kept as waiting, and write so where that is possible after all."""
        rows = [
            self._waiting(self._as_looked_at(entry), Waits(code=STORE, message=str(error)))
            for entry in self._left.values()
        ]
        with suppress(StoreError):  # then the watcher's memory has to do
            self._store.inbox.put(self._runner, rows)
        for row in rows:
            yield row, ()

    def _as_looked_at(self, entry: Entry) -> InboxFile:
        """Give the row of a file as it is now: new bytes under an old name begin anew."""
        now = self._now()
        known = self._known.get(entry.key)
        is_same = known is not None and known.signature == entry.signature and known.state is InboxState.WAITING
        return InboxFile(
            key=entry.key,
            size_bytes=entry.size_bytes,
            mtime_ns=entry.mtime_ns,
            ctime_ns=entry.ctime_ns,
            state=InboxState.WAITING,
            first_seen_at=min(known.first_seen_at, now) if known is not None and is_same else now,
            looked_at=now,
            tries=known.tries if known is not None and is_same else 0,
        )

    def _is_known(self, sha256: str) -> str | None:
        """Give the name under which these bytes were settled before, from the inbox or otherwise."""
        original = self._store.original_by_sha(self._runner, sha256)
        if original is not None:
            return original.file_name
        key = self._settled.get(sha256)
        return None if key is None else shown(key.rpartition("/")[2])

    def _concluded(self, opening: Opening, results: list[ImportResult]) -> Kept:
        waits = opening.waits
        refused = next((result for result in results if result.code == CANNOT_ARCHIVE), None)
        if waits is None and refused is not None:
            waits = Waits(code=CANNOT_ARCHIVE, message=refused.message)
        if waits is None:
            waits = opening.waits_after(results)
        if waits is None:
            told = (*opening.told, *results)
            settled = InboxState.SETTLED
            return replace(opening.row, state=settled, sha256=opening.sha256, tries=opening.row.tries + 1), told
        came = tuple(result for result in results if result.outcome not in (Outcome.FAILED, Outcome.LEFT_OUT))
        return self._waiting(opening.row, waits), came

    def _waiting(self, row: InboxFile, waits: Waits) -> InboxFile:
        tries = row.tries + 1
        most_s = OURS_MOST_WAIT_S if waits.code in (STORE, CANNOT_ARCHIVE) else waits.most_s
        until = None if waits.has_changed else row.looked_at + timedelta(seconds=wait_s(tries, most_s=most_s))
        return replace(row, tries=tries, next_try_at=until, reason_code=waits.code, reason_message=waits.message)
