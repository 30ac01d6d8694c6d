"""What a watcher has to have done, and the one child process that does it: given out, heard of, done again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from ingest.inbox import Entry, Look
from monitor.arrivals import Arrivals, wait_s
from monitor.config import Settings
from monitor.watch_child import Child, Heard
from monitor.watch_state import InboxNews
from monitor.watching import Watching
from monitor.work import Found, Kept, Line, Tended


class Work:
    """The files that wait to be read, and whether the calendar is to be looked at; at the start it always is.

    Args:
        settings, watching: where, and how.
        ahead: how far her time is ahead of the computer's, in tests.
        line: says a line.
        over: is told what came of a round of work.

    `lock` is around everything here; the child is listened to in a thread of its own.
    """

    def __init__(
        self,
        settings: Settings,
        watching: Watching,
        *,
        ahead: timedelta,
        line: Callable[[Line], None],
        over: Callable[[Tended], None],
    ) -> None:
        self.lock = threading.RLock()
        self._settings, self._watching, self._ahead, self._line, self._over = settings, watching, ahead, line, over
        self._arrivals = Arrivals({})
        self._child: Child | None = None
        self._is_busy = self._is_stopping = False
        self._given = Found()
        self._ready: dict[str, Entry] = {}
        self._news: list[InboxNews] = []
        self._is_wanted = True
        self._database: tuple[tuple[int, int], ...] = ()
        self._last_trouble: str | None = None
        self._runners: frozenset[int] = frozenset()
        self._in_vain = 0  # rounds of work, one after the other
        self._not_before = 0.0  # no other one before this time of `time.monotonic`

    @property
    def waiting(self) -> int:
        """Count the files that are not settled."""
        return self._arrivals.waiting

    def seen(self, found: Look, news: Iterable[InboxNews]) -> bool:
        """Take in a look, and give out what is to be done; say whether to look again soon."""
        with self.lock:
            if self._is_stopping:
                return False
            self._ready |= {entry.key: entry for entry in self._arrivals.seen(found, self.now())}
            self._news += news
            if self._news or self._database_changed():
                self._is_wanted = True
            if self._arrivals.soon:
                self._have_child()  # it is ready to read by the time that the file is
            self._give_out()
            return self._arrivals.soon

    def want(self) -> None:
        """Have the calendar looked at: something may be due."""
        with self.lock:
            self._is_wanted = True
            self._give_out()

    def stop(self, timeout_s: float, *, is_hurried: Callable[[], bool]) -> None:
        """Let the child come to a safe place, or end it where it is, which is safe too and only takes longer later."""
        with self.lock:
            self._is_stopping = True
            child = self._child
        if child is None:
            return
        until = time.monotonic() + timeout_s
        child.stop()
        while not child.has_ended(0.1) and time.monotonic() < until and not is_hurried():
            pass
        child.kill()

    def now(self) -> datetime:
        """Give her time."""
        return datetime.now(UTC) + self._ahead

    def _give_out(self) -> None:
        if self._is_busy or self._is_stopping or not (self._ready or self._is_wanted):
            return
        if time.monotonic() < self._not_before:
            return
        child = self._have_child()
        self._given = Found(entries=tuple(self._ready.values()), news=tuple(self._news))
        self._ready, self._news, self._is_wanted, self._is_busy = {}, [], False, True
        child.give(self._given)

    def _have_child(self) -> Child:
        if self._child is None:
            heard = Heard(line=self._line, kept=self._kept, done=self._done, ended=self._ended)
            self._child = Child(self._settings, self._watching, ahead=self._ahead, heard=heard)
        return self._child

    # What the child tells, in a thread of its own

    def _kept(self, kept: Kept) -> None:
        with self.lock:
            self._arrivals.record(kept.files)

    def _done(self, tended: Tended) -> None:
        with self.lock:
            self._finished(tended)
            self._database = self._database_now()
            self._give_out()  # what came meanwhile

    def _ended(self, code: int | None) -> None:
        with self.lock:
            self._child = None
            if not self._is_busy or self._is_stopping:
                return
            if code == 0:  # it had waited long enough, just when it was given this
                self._ready |= {entry.key: entry for entry in self._given.entries}
                self._news = [*self._given.news, *self._news]
                self._is_busy, self._is_wanted = False, True
                self._give_out()
            else:
                self._finished(Tended(trouble=f"The work was ended half-way (status {code}); it is done again."))

    def _finished(self, tended: Tended) -> None:
        """Note that a round of work is over; one that came to nothing is done again, later each time."""
        trouble = tended.trouble
        self._is_busy = False
        self._arrivals.missed(self._given.entries, self.now())  # those of which nothing was heard
        self._in_vain = 0 if trouble is None else self._in_vain + 1
        self._not_before = time.monotonic() + wait_s(self._in_vain) if trouble else 0.0
        if trouble is not None:
            self._is_wanted = True
            self._news = [*self._given.news, *self._news]
            if trouble != self._last_trouble:
                self._line(Line(text=trouble, discreet="the work could not be done; see: restride doctor"))
        self._last_trouble = trouble
        self._given = Found()
        runners = frozenset(clock.runner for clock in tended.clocks) or self._runners
        if self._runners and runners != self._runners:
            self._arrivals.recall({})  # a folder that named nobody may name somebody now
        self._runners = runners
        self._over(tended)

    # What other processes do

    def _database_now(self) -> tuple[tuple[int, int], ...]:
        """Give what changes when another process tells something: a new runner, another zone, an answer."""
        found = []
        for suffix in ("", "-wal"):
            try:
                status = self._settings.db_path.with_name(self._settings.db_path.name + suffix).stat()
            except OSError:
                continue
            if status.st_size:
                found.append((status.st_size, status.st_mtime_ns))
        return tuple(found)

    def _database_changed(self) -> bool:
        if self._is_busy:
            return False
        before, self._database = self._database, self._database_now()
        return bool(before) and before != self._database
