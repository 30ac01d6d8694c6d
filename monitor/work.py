"""What a watcher and the process that works for it say to each other: plain values, quick to load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from ingest.inbox import Entry
from monitor.store.inbox_files import InboxFile
from monitor.watch_state import InboxNews
from monitor.weekly_time import WeeklyTime

DUE_AT = time(19)
"""By her clock: when she is asked for the answers that are missing, once for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look brought that is to be worked on; nothing of it where only the time came to look at the calendar."""

    entries: tuple[Entry, ...] = ()
    news: tuple[InboxNews, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to be said."""

    text: str  # for her eyes
    discreet: str  # for a log; empty where there is nothing to log
    runner: int | None = None  # whose it is; None: everybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of files in the inbox from now on."""

    files: tuple[InboxFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By which clock a runner is told things."""

    runner: int
    zone: str
    weekly: WeeklyTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tended:
    """What came of a round of work."""

    clocks: tuple[Clock, ...] = ()
    failed: int = 0  # files that could not be taken in
    waiting: int = 0  # files that were looked into and are still arriving, or cannot be opened
    next_send_at: datetime | None = None  # when a notification is to be tried again
    trouble: str | None = None  # why not all of it could be done, in words
