"""Which files in the inbox are ready to be read: the watcher's memory between looks. No clock, and no file is touched.

A file is ready when two looks found it the same, unless it was read as it is now or waits for a later try.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ingest.inbox import Entry, Look
from monitor.store.inbox_files import InboxFile, InboxState

SETTLE_S = 2.0
"""Between the two looks that find a file unchanged."""

FIRST_WAIT_S = 10.0
"""Before a second try; each further one waits twice as long."""

MOST_WAIT_S = 3600.0
"""Between tries of what cannot be opened, for ever: a share comes back, and permissions are mended."""

OURS_MOST_WAIT_S = 300.0
"""The same where it is our own disk or database that refuses: she makes room, and expects it to go on."""

GRACE_S = 600.0
"""So long after its last change a file that looks unfinished is waited for; then it is read for what it is."""

Signature = tuple[int, int, int]


def wait_s(tries: int, *, most_s: float = MOST_WAIT_S) -> float:
    """Give how long to wait after so many tries: 10 s, 20 s, 40 s, …"""
    return min(FIRST_WAIT_S * 2.0 ** max(0, min(tries - 1, 30)), most_s)


def may_still_arrive(file: InboxFile) -> bool:
    """Say whether a file that looks unfinished is waited for: while it is young, and once however old it is.

    It is as young as its last change says, but no younger than the time since it was first seen like this: clocks of
    watches and shares are wrong by hours and years.
    """
    grace = timedelta(seconds=GRACE_S)
    if file.looked_at - file.first_seen_at >= grace:
        return False
    return file.tries == 0 or file.looked_at.timestamp() - file.mtime_ns / 1e9 < GRACE_S


class Arrivals:
    """The files of one inbox, from look to look.

    Attributes:
        soon: a file is new or changing, so that another look in SETTLE_S may find it ready.
    """

    def __init__(self, known: Mapping[str, InboxFile]) -> None:
        self.soon = False
        self._settled: dict[str, Signature] = {}
        self._waiting: dict[str, tuple[Signature, datetime | None]] = {}
        self._missed: dict[str, tuple[Signature, int]] = {}
        self._before: dict[str, Signature] = {}  # not settled, at the last look
        self._out: dict[str, Signature] = {}  # given, and nothing heard of them yet
        self.record(known.values())

    @property
    def waiting(self) -> int:
        """Count the files of the last look that are not settled."""
        return len(self._before)

    def seen(self, look: Look, now: datetime) -> list[Entry]:
        """Take in a look and give the files that are ready; each once, until `record` or `missed` is told of it.

        A look at an inbox that is not there changes nothing. Files that vanished are forgotten here alone.
        """
        self.soon = False
        if not look.is_there:
            return []
        settled, before, at_this_look, ready = self._settled, self._before, {}, []
        for entry in look.entries:
            key, signature = entry.key, entry.signature
            if settled.get(key) == signature:
                continue
            at_this_look[key] = signature
            if self._out.get(key) == signature:
                continue
            if before.get(key) != signature:
                self.soon = True
            elif self._is_due(key, signature, now):
                self._out[key] = signature
                ready.append(entry)
        self._before = at_this_look
        return ready

    def record(self, files: Iterable[InboxFile]) -> None:
        """Note what came of files: what settled is not given again as it is, what waits not before its time."""
        for file in files:
            self._out.pop(file.key, None)
            self._missed.pop(file.key, None)
            if file.state is InboxState.SETTLED:
                self._settled[file.key] = file.signature
                self._waiting.pop(file.key, None)
            else:
                self._waiting[file.key] = (file.signature, file.next_try_at)
                self._settled.pop(file.key, None)

    def missed(self, entries: Iterable[Entry], now: datetime) -> None:
        """Note that whoever was to read files ended before anything was known of them: they wait, here alone."""
        for entry in entries:
            if self._out.pop(entry.key, None) is None:
                continue
            signature, tries = self._missed.get(entry.key, (entry.signature, 0))
            tries = tries + 1 if signature == entry.signature else 1
            self._missed[entry.key] = (entry.signature, tries)
            self._waiting[entry.key] = (entry.signature, now + timedelta(seconds=wait_s(tries)))

    def recall(self, known: Mapping[str, InboxFile]) -> None:
        """Begin again with what the store knows now: files dropped from it are read once more."""
        self._settled.clear()
        self._waiting.clear()
        self._missed.clear()
        out = dict(self._out)
        self.record(known.values())
        self._out = out

    def _is_due(self, key: str, signature: Signature, now: datetime) -> bool:
        waits_as, until = self._waiting.get(key, (None, None))
        if waits_as != signature or until is None:
            return True
        # A time further off than any wait was written by a clock that was wrong.
        return not timedelta(0) < until - now <= timedelta(seconds=MOST_WAIT_S)
