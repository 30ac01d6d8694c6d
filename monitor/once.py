"""The inbox looked after one time: the same looks and the same work as the watcher's, in this process, and an end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ingest.inbox import Entry, look
from monitor import watch_state
from monitor.arrivals import SETTLE_S, Arrivals
from monitor.config import Settings
from monitor.engines import Growing
from monitor.store import Store
from monitor.tending import Tending
from monitor.watch_log import WatchLog
from monitor.watch_state import WatchState
from monitor.watching import Watching
from monitor.work import Found, Line, Tended

ROUNDS = 5
"""So often it looks again while something is still changing; what is not whole then is left for the next time."""


def look_after(settings: Settings, watching: Watching, *, say: Callable[[Line], None], now: datetime) -> Tended:
    """Take in what is complete, do what is due, and say all of it.

    Whoever calls holds the lock of the folder's watcher.

    Raises:
        StoreError: the database cannot be used.
    """
    log = WatchLog(settings)
    before = watch_state.read(settings)

    def tell(line: Line) -> None:
        if line.discreet:
            log.write(line.discreet)
        say(line)

    state = WatchState(
        pid=os.getpid(),
        started_at=now,
        every_s=0,
        inbox=str(settings.inbox_dir),
        trouble=before.trouble if before else None,
        trouble_since=before.trouble_since if before else None,
    )
    try:
        with Store.open(settings.db_path, makes=False) as store, Growing() as engine:
            tending = Tending(
                store=store,
                settings=settings,
                watching=watching,
                now=lambda: now,
                tell=tell,
                executor=engine,
            )
            # What was taken in before is only looked at again where it may still have to be moved.
            arrivals = Arrivals(tending.known() if watching.move_to is None else {})
            ready: dict[str, Entry] = {}
            for _ in range(ROUNDS):
                found = look(settings.inbox_dir, leave_out=watching.left_out(settings))
                ready |= {entry.key: entry for entry in arrivals.seen(found, now)}
                if not arrivals.soon:
                    break
                time.sleep(SETTLE_S)
            state, news = watch_state.noted(state, found, now)
            came = tending.run(Found(entries=tuple(ready.values()), news=news))
        came = replace(came, trouble=came.trouble or state.trouble)
        state = replace(
            state,
            last_scan_at=now,
            files=len(found.entries),
            waiting=arrivals.waiting - len(ready) + came.waiting,
            last_work_at=now,
            last_work_trouble=came.trouble,
        )
        watch_state.write(settings, state)
    finally:
        log.close()
    return came
