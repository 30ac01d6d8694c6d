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
from contextlib import contextmanager, suppress
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

from ingest.inbox import look
from monitor import watch_state
from monitor.arrivals import SETTLE_S
from monitor.config import Settings
from monitor.watch_log import WatchLog
from monitor.watch_state import WatchState
from monitor.watch_work import Work
from monitor.watching import Watching
from monitor.weekly_time import DAYS
from monitor.work import DUE_AT, Clock, Line, Tended

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
        self._settings, self._watching, self._say, self._log = settings, watching, say, log
        self._work = Work(settings, watching, ahead=ahead, line=self._line, over=self._over)
        self._clocks: tuple[Clock, ...] = ()
        self._failure: BaseException | None = None
        self._asked = threading.Event()  # to stop
        self._asked_by: int | None = None
        before = watch_state.read(settings)
        self._state = WatchState(
            pid=os.getpid(),
            started_at=self._work.now(),
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

        Each look sets the next one. A job of every few seconds would, where the clock jumps ahead by decades (a small
        computer starts in 1970, until the network tells it the time), be asked for all its turns in between.
        """
        scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        quiet = logging.getLogger("apscheduler")
        quiet.setLevel(logging.CRITICAL)  # what it would say of a job is said by `_failed`
        scheduler.add_job(self.scan, DateTrigger(datetime.now(UTC), timezone=UTC), id=SCAN)
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
                self._scheduler.add_job(self._work.want, trigger, id=id, replace_existing=True)
            elif at is not None and (planned := _next_run(job)) is not None and planned > at:
                job.modify(next_run_time=at)

    def _look_again(self, in_s: float, *, id: str) -> None:
        """Set a look. It may come while this one is not over, as when the disk is slow: then it waits for its turn."""
        at = datetime.now(UTC) + timedelta(seconds=in_s)
        self._scheduler.add_job(self.scan, DateTrigger(at, timezone=UTC), id=id, replace_existing=True, max_instances=2)

    def _failed(self, event: Any) -> None:
        if not self._asked.is_set():  # a look that is cut off by the end finds its scheduler gone
            self._failure = event.exception
            self._asked.set()

    # Looking, and what comes of it

    def scan(self) -> None:
        """Look into the inbox once, and have done what there is to do."""
        found = look(self._settings.inbox_dir, leave_out=self._watching.left_out(self._settings))
        with self._work.lock:
            now = self._work.now()
            self._state, news = watch_state.noted(self._state, found, now)
            self._look_again(self._watching.every_s, id=SCAN)
            if self._work.seen(found, news) and self._watching.every_s > SETTLE_S:
                self._look_again(SETTLE_S, id=SOON)
            self._keep_time()
            files = len(found.entries) if found.is_there else self._state.files
            self._state = replace(self._state, last_scan_at=now, files=files, waiting=self._work.waiting)
            self._write_state()

    def _line(self, line: Line) -> None:
        if line.discreet:
            self._log.write(line.discreet)
        with suppress(OSError):  # nobody reads the terminal any more
            self._say(line)

    def _over(self, tended: Tended) -> None:
        if tended.clocks:
            self._clocks = tended.clocks
            self._keep_time()
        if tended.next_send_at is not None:
            wait_s = (tended.next_send_at - self._work.now()).total_seconds()
            at = datetime.now(UTC) + timedelta(seconds=max(wait_s, self._watching.every_s))
            self._scheduler.add_job(self._work.want, DateTrigger(at, timezone=UTC), id=SEND, replace_existing=True)
        self._state = replace(self._state, last_work_at=self._work.now(), last_work_trouble=tended.trouble)
        self._write_state()

    def _write_state(self) -> None:
        runs = {job.id: _next_run(job) for job in self._scheduler.get_jobs() if job.id != SOON}
        self._state = replace(self._state, next_runs={id: at for id, at in runs.items() if at is not None})
        try:
            watch_state.write(self._settings, self._state)
        except OSError:
            return  # a disk that is full; the next look writes it again

    def _stop_when_asked(self) -> None:
        """Stop the scheduler, in a thread: a signal's handler runs in the middle of whatever holds its locks.

        Meanwhile, where the clock was set back, the next look is put back too: it would else wait until the clock on
        the wall says the time that it was planned for.
        """
        every = timedelta(seconds=self._watching.every_s)
        while not self._asked.wait(self._watching.every_s):
            job, now = self._scheduler.get_job(SCAN), datetime.now(UTC)
            planned = None if job is None else _next_run(job)
            if job is not None and planned is not None and planned > now + 2 * every:
                job.modify(next_run_time=now)
        while True:
            try:
                self._scheduler.shutdown(wait=False)
            except SchedulerNotRunningError:
                time.sleep(0.05)  # it is only starting
            else:
                return

    def _end(self) -> None:
        self._asked.clear()  # a second signal is in a hurry
        self._work.stop(STOP_S, is_hurried=self._asked.is_set)
        with self._work.lock:
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


def _next_run(job: Any) -> datetime | None:
    """Give when a job is planned for; one that was added to a scheduler that has stopped lacks even the attribute."""
    found: datetime | None = getattr(job, "next_run_time", None)
    return found


def _timezone(job: Any) -> str:
    return _timezone_of(job.trigger)


def _timezone_of(trigger: Any) -> str:
    return str(trigger.timezone)
