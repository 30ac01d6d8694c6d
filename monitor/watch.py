"""The watcher: looks into the inbox, knows what time it is, and has the work done by a process of its own.

It sees files by `stat` alone and opens none, so it stays small for months. All times of work are times of looking:
whatever the work finds to do (a file, a weekly recommendation that was missed while the machine slept, a question that
is due) it finds out itself, from the store and the clock, each time. So a call too many does no harm, and one that was
lost is made up for by the next.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from ingest.inbox import Entry, look
from monitor import watch_state
from monitor.arrivals import SETTLE_S, Arrivals, wait_s
from monitor.config import Settings
from monitor.watch_child import Child, Heard
from monitor.watch_log import WatchLog
from monitor.watch_state import InboxNews, WatchState
from monitor.watching import Watching
from monitor.weekly_time import DAYS
from monitor.work import DUE_AT, Clock, Found, Kept, Line, Tended

STOP_S = 20.0
"""So long the work may take to come to a safe place after SIGTERM; then it is ended where it is, which is safe too."""

SCAN, SOON, SEND, WEEKLY, DAILY = "scan", "soon", "send", "weekly", "daily"


class Watcher:
    """Watches one data folder. Whoever runs it holds the folder's lock (`monitor.watch_state.lock_of`).

    Args:
        settings, watching: what is watched, and how.
        say: puts a line on the terminal.
        log: the watcher's log.
        ahead: how far her time is ahead of the computer's, in tests.
    """

    def __init__(
        self,
        settings: Settings,
        watching: Watching,
        *,
        say: Callable[[Line], None],
        log: WatchLog,
        ahead: timedelta = timedelta(0),
    ) -> None:
        self._settings, self._watching, self._say, self._log, self._ahead = settings, watching, say, log, ahead
        self._arrivals = Arrivals({})
        self._child: Child | None = None
        self._is_busy = False  # the child has something to do
        self._given = Found()
        self._ready: dict[str, Entry] = {}
        self._is_wanted = True  # there may be something to do beside files: at the start, always
        self._news: list[InboxNews] = []
        self._clocks: tuple[Clock, ...] = ()
        self._database: tuple[tuple[int, int], ...] = ()
        self._last_trouble: str | None = None
        self._in_vain = 0  # rounds of work, one after the other
        self._not_before = 0.0  # no other one before this time of `time.monotonic`
        self._is_stopping = False
        self._failure: BaseException | None = None
        self._lock = threading.RLock()  # around all of the above: looks, the child's listener and the end are threads
        self._asked = threading.Event()  # to stop
        self._asked_by: int | None = None
        before = watch_state.read(settings)
        self._state = WatchState(
            pid=os.getpid(),
            started_at=self._now(),
            every_s=watching.every_s,
            inbox=str(settings.inbox_dir),
            trouble=before.trouble if before else None,
            trouble_since=before.trouble_since if before else None,
        )
        self._scheduler = self._scheduled()

    def run(self) -> int | None:
        """Watch until a signal comes, and give its number.

        Raises:
            Exception: whatever a look met that was not expected; nothing is lost, and starting again is right.
        """
        with self._signals():
            threading.Thread(target=self._stop_when_asked, daemon=True).start()
            self._log.write(f"watching (process {os.getpid()}, every {self._watching.every_s:g} s)")
            try:
                self._scheduler.start()
            finally:
                self._end()
                self._log.write("stopped")
        if self._failure is not None:
            raise self._failure
        return self._asked_by

    # The schedule

    def _scheduled(self) -> BlockingScheduler:
        """Make the scheduler.

        Its main loop waits for the next job's time with a clock that may stand still while the machine sleeps
        (`BlockingScheduler._main_loop`, `Event.wait`), so a weekly job alone would come late by the length of the
        sleep. The look is due every few seconds: at most that long after waking the loop runs `_process_jobs`, which
        compares every job's time with the clock on the wall and submits all that are past; coalesced, and with no
        grace time that could make it drop one. A job whose earlier run is not over is not submitted and has lost its
        turn: so no job here does any work, all of them only say that there may be some.
        """
        scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        quiet = logging.getLogger("apscheduler")
        quiet.setLevel(logging.CRITICAL)  # what it would say of a job is said by `_failed`
        every = IntervalTrigger(seconds=self._watching.every_s, timezone=UTC)
        scheduler.add_job(self.scan, every, id=SCAN, next_run_time=datetime.now(UTC))
        scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        return scheduler

    def _keep_time(self) -> None:
        """Set the weekly and daily jobs by the runners' clocks, and mend what a clock that was set back has left.

        A job that was planned while the clock ran ahead would else wait until then.
        """
        wanted = {}
        for clock in self._clocks:
            wanted[f"{WEEKLY}:{clock.runner}"] = weekly_trigger(clock)
            wanted[f"{DAILY}:{clock.runner}"] = daily_trigger(clock)
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.id.startswith((WEEKLY, DAILY)) and job.id not in wanted:
                job.remove()
        for id, trigger in wanted.items():
            job = self._scheduler.get_job(id)
            at = trigger.get_next_fire_time(None, now)
            if job is None or str(job.trigger) != str(trigger) or _timezone(job) != _timezone_of(trigger):
                self._scheduler.add_job(self.want, trigger, id=id, replace_existing=True)
            elif at is not None and job.next_run_time > at:
                job.modify(next_run_time=at)

    def _look_again(self, in_s: float, id: str = SOON) -> None:
        at = datetime.now(UTC) + timedelta(seconds=in_s)
        self._scheduler.add_job(self.scan, DateTrigger(at, timezone=UTC), id=id, replace_existing=True)

    def _failed(self, event: Any) -> None:
        self._failure = event.exception
        self._asked.set()

    # Looking, and giving out work

    def scan(self) -> None:
        """Look into the inbox once, and have done what there is to do."""
        found = look(self._settings.inbox_dir, leave_out=self._watching.left_out)
        with self._lock:
            if self._is_stopping:
                return
            now = self._now()
            self._ready |= {entry.key: entry for entry in self._arrivals.seen(found, now)}
            self._state, news = watch_state.noted(self._state, found, now)
            self._news += news
            self._is_wanted = self._is_wanted or bool(news)
            if self._database_changed():
                self._is_wanted = True
            if self._arrivals.soon:
                self._have_child()  # it is ready to read by the time that the file is
                if self._watching.every_s > SETTLE_S:
                    self._look_again(SETTLE_S)
            self._give_out()
            self._keep_time()
            self._state = replace(
                self._state,
                last_scan_at=now,
                files=len(found.entries) if found.is_there else self._state.files,
                waiting=self._arrivals.waiting,
            )
            self._write_state()

    def want(self) -> None:
        """Have the calendar looked at: something may be due."""
        with self._lock:
            self._is_wanted = True
            self._give_out()

    def _give_out(self) -> None:
        """Give the child what there is to do, unless it is at work or nothing is."""
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

    def _line(self, line: Line) -> None:
        if line.discreet:
            self._log.write(line.discreet)
        self._say(line)

    def _kept(self, kept: Kept) -> None:
        with self._lock:
            self._arrivals.record(kept.files)

    def _done(self, tended: Tended) -> None:
        with self._lock:
            self._finished(tended.trouble)
            if tended.clocks:
                self._clocks = tended.clocks
            if tended.next_send_at is not None:
                wait_s = (tended.next_send_at - self._now()).total_seconds()
                at = datetime.now(UTC) + timedelta(seconds=max(wait_s, self._watching.every_s))
                self._scheduler.add_job(self.want, DateTrigger(at, timezone=UTC), id=SEND, replace_existing=True)
            self._database = self._database_now()
            self._give_out()  # what came meanwhile
            self._write_state()

    def _ended(self, code: int | None) -> None:
        with self._lock:
            self._child = None
            if not self._is_busy or self._is_stopping:
                return
            if code == 0:  # it had waited long enough, just when it was given this
                self._ready |= {entry.key: entry for entry in self._given.entries}
                self._news = [*self._given.news, *self._news]
                self._is_busy, self._is_wanted = False, True
                self._give_out()
            else:
                self._finished(f"The work was ended half-way (status {code}); it is done again.")

    def _finished(self, trouble: str | None) -> None:
        """Note that a round of work is over; one that came to nothing is done again, later each time."""
        now = self._now()
        self._is_busy = False
        self._arrivals.missed(self._given.entries, now)  # those of which nothing was heard
        self._in_vain = 0 if trouble is None else self._in_vain + 1
        self._not_before = time.monotonic() + wait_s(self._in_vain) if trouble else 0.0
        if trouble is not None:
            self._is_wanted = True
            self._news = [*self._given.news, *self._news]
            if trouble != self._last_trouble:
                self._line(Line(text=trouble, discreet="the work could not be done; see `restride doctor`"))
        self._last_trouble = trouble
        self._given = Found()
        self._state = replace(self._state, last_work_at=now, last_work_trouble=trouble)

    # The rest

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

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

    def _write_state(self) -> None:
        jobs = {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.id != SOON}
        self._state = replace(self._state, next_runs=jobs)
        try:
            watch_state.write(self._settings, self._state)
        except OSError:
            return  # a disk that is full; the next look writes it again

    def _stop_when_asked(self) -> None:
        """Stop the scheduler, in a thread: a signal's handler runs in the middle of whatever holds its locks."""
        self._asked.wait()
        while True:
            try:
                self._scheduler.shutdown(wait=False)
            except SchedulerNotRunningError:
                time.sleep(0.05)  # it is only starting
            else:
                return

    def _end(self) -> None:
        """Let the child come to a safe place, or end it."""
        with self._lock:
            self._is_stopping = True
            child = self._child
        if child is not None:
            until = time.monotonic() + STOP_S
            self._asked.clear()  # a second signal is in a hurry
            while not child.stop(0.1) and time.monotonic() < until and not self._asked.is_set():
                pass
            child.kill()
        with self._lock:
            self._write_state()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def ask(number: int, _frame: object) -> None:
            self._asked_by = self._asked_by or number
            self._asked.set()

        names = [name for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
        before = {name: signal.signal(getattr(signal, name), ask) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(getattr(signal, name), handler)


def weekly_trigger(clock: Clock) -> CronTrigger:
    """Fire at a runner's weekly time, by her clock."""
    day, at = DAYS[clock.weekly.weekday][:3], clock.weekly.at
    return CronTrigger(day_of_week=day, hour=at.hour, minute=at.minute, timezone=ZoneInfo(clock.zone))


def daily_trigger(clock: Clock) -> CronTrigger:
    """Fire every evening, by her clock."""
    return CronTrigger(hour=DUE_AT.hour, minute=DUE_AT.minute, timezone=ZoneInfo(clock.zone))


def _timezone(job: Any) -> str:
    return _timezone_of(job.trigger)


def _timezone_of(trigger: Any) -> str:
    return str(trigger.timezone)
