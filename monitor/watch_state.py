"""What a watcher says of itself, for whoever asks while it runs or after it ended: a small file, rewritten whole.

Whether it runs is not read from this file but from its lock, which the system takes away from a process that dies.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.inbox import Look
from monitor.config import Settings, open_private

FILE = "watch.json"
LOCK = "watch.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """A watcher, as it was at its last scan."""

    pid: int
    started_at: datetime
    every_s: float
    inbox: str
    last_scan_at: datetime | None = None
    files: int = 0  # in the inbox, junk left out
    waiting: int = 0  # of them still arriving, or to be tried again
    trouble: str | None = None  # why the inbox cannot be looked into, in words
    trouble_since: datetime | None = None
    last_work_at: datetime | None = None  # when files were read or something was issued
    last_work_trouble: str | None = None
    next_runs: dict[str, datetime] = field(default_factory=dict)  # what it will do next, and when


def lock_of(settings: Settings) -> FileLock:
    """Give the lock of a data folder's watcher: `acquire(timeout=0)` raises Timeout where there is one."""
    return FileLock(settings.data_dir / LOCK, mode=0o600)


def is_running(settings: Settings) -> bool:
    """Say whether a watcher runs on this data folder; asking makes no file."""
    if not (settings.data_dir / LOCK).exists():
        return False
    lock = lock_of(settings)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxNews:
    """That the inbox cannot be looked into, or can be again."""

    since: datetime  # when it was first seen so; it names the trouble, so that each is told once
    why: str | None  # in words; None: it is there again


def noted(state: WatchState, look: Look, now: datetime) -> tuple[WatchState, tuple[InboxNews, ...]]:
    """Note what is wrong with the inbox, and give what is new about that.

    Another trouble is news too: a folder in it that was never readable must not hide that the drive is gone. What was
    wrong at the first look is given again, for the watcher before may have ended before it was told; its time names
    it, so that it is told once all the same.
    """
    words = " ".join(sorted(trouble.message for trouble in look.troubles)) or None
    before, is_first = state.trouble, state.last_scan_at is None
    since = now if state.trouble_since is None or words not in (None, before) else state.trouble_since
    is_news = words != before or (is_first and words is not None)
    news = (InboxNews(since=since, why=words),) if is_news else ()
    return replace(state, trouble=words, trouble_since=None if words is None else since), news


def write(settings: Settings, state: WatchState) -> None:
    """Write it whole: a reader sees this one or the one before. OSError where the disk refuses."""
    target = settings.data_dir / FILE
    temporary = target.with_suffix(".json.tmp")
    temporary.unlink(missing_ok=True)
    with open_private(temporary) as file:
        file.write(json.dumps(asdict(state), default=datetime.isoformat, indent=1).encode())
    temporary.replace(target)


def read(settings: Settings) -> WatchState | None:
    """Read what the last watcher said; None where there was none, or nothing that can be read."""
    path: Path = settings.data_dir / FILE
    try:
        found = json.loads(path.read_bytes())
        for name in ("started_at", "last_scan_at", "trouble_since", "last_work_at"):
            found[name] = datetime.fromisoformat(found[name]) if found.get(name) else None
        found["next_runs"] = {name: datetime.fromisoformat(at) for name, at in found["next_runs"].items()}
        return WatchState(**found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
