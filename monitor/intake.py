"""Files from the inbox into the store: each opened once, and only taken in when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from datetime import datetime

from ingest.inbox import Entry
from monitor.archive import Archive
from monitor.facts import Runner
from monitor.import_result import ImportResult
from monitor.store import InboxFile, Store

CHECK_INS = "checkin.csv"
"""A file of this name holds check-ins and is not taken in here; see `is_check_ins`."""

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
) -> Iterator[tuple[InboxFile, tuple[ImportResult, ...]]]:
    """Take in files that are ready, and give what is known of each from now on, and what came of it.

    The row of a file is written in the same transaction as the last of what was in it, so that it settles only with
    what it brought. A file that is still arriving, cannot be opened, or could not be kept, waits: it comes without a
    result of its own and with the time of the next try. Where the database cannot be written, all that are left come
    as waiting, and `Arrivals.missed` is what remembers it.

    Args:
        store, archive, runner: where they are kept, and whose they are.
        entries: from `ingest.inbox.look`; none of `is_check_ins`.
        now: the clock.
        executor: reads them; in this process when left out.
        on_kept: is told what is given, inside the transaction that keeps it: what it writes to the store (a message)
            is there exactly when the file is.
    """
    raise NotImplementedError
