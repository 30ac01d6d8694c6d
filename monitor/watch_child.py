"""The process that does a watcher's work, so that the watcher stays small; and the watcher's end of the pipe to it.

One at a time. It ends with its parent, and it may be killed at any instant: what it did not finish is done again.
Ctrl-C is not for it but for its parent, which asks it to stop at the next safe place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from monitor.config import ConfigError, Settings
from monitor.watching import Watching
from monitor.work import Found, Kept, Line, Tended

LINGER_S = 30.0
"""So long it waits for more once it is done: reading the next file then takes no second of starting."""

_STOP = "stop"
_SAID = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a watcher does with what its child tells it; called by a thread of its own."""

    line: Callable[[Line], None]
    kept: Callable[[Kept], None]
    done: Callable[[Tended], None]
    ended: Callable[[int | None], None]  # by itself or not; nothing comes after it


class Child:
    """A watcher's child process, from the watcher's side."""

    def __init__(self, settings: Settings, watching: Watching, *, ahead: timedelta, heard: Heard) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._heard = heard
        self._sending = threading.Lock()
        self._process = context.Process(target=_work, args=(theirs, settings, watching, ahead), name="restride-work")
        with _interrupts_held_back():
            self._process.start()
        theirs.close()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def give(self, found: Found) -> None:
        """Give it something to do; `done` or `ended` is told in the end."""
        self._send(found)

    def stop(self) -> None:
        """Ask it to stop at the next safe place."""
        self._send(_STOP)

    def has_ended(self, wait_s: float) -> bool:
        """Say whether it has ended, and wait a moment for it."""
        self._listener.join(wait_s)
        return not self._listener.is_alive()

    def kill(self) -> None:
        """End it at once. Nothing is lost by it but time."""
        self._process.kill()
        self._listener.join()

    def _send(self, what: object) -> None:
        with self._sending, suppress(OSError):  # it has ended; the listener finds out
            self._pipe.send(what)

    def _listen(self) -> None:
        while True:
            try:
                came = self._pipe.recv()
            except (EOFError, OSError):
                break
            if isinstance(came, Line):
                self._heard.line(came)
                self._send(_SAID)
            elif isinstance(came, Kept):
                self._heard.kept(came)
            elif isinstance(came, Tended):
                self._heard.done(came)
        self._process.join()
        self._pipe.close()
        self._heard.ended(self._process.exitcode)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C and a hang-up from processes that are started now: they inherit what this thread holds back.

    One of them is Python's own, which keeps account of semaphores, and of itself holds back all but the hang-up.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Stopped(Exception):
    """The watcher asked to stop: whoever reads files is ended too."""


class _Parent:
    """The watcher, from the child's side."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._is_stopping = False

    def next(self) -> Found | None:
        """Wait for something to do; None where there is nothing more, and after a while."""
        while not self._is_stopping and self._pipe.poll(LINGER_S):
            try:
                came = self._pipe.recv()
            except EOFError:
                return None
            if isinstance(came, Found):
                return came
            self._is_stopping = came == _STOP
        return None

    def tell(self, line: Line) -> None:
        """Have a line said, and return once it was."""
        self._pipe.send(line)
        while (came := self._pipe.recv()) != _SAID:
            self._is_stopping = self._is_stopping or came == _STOP

    def send(self, what: Kept | Tended) -> None:
        """Send what needs no answer."""
        self._pipe.send(what)

    def stopping(self) -> bool:
        """Say whether it was asked to stop."""
        if self._pipe.poll():
            self._is_stopping = self._pipe.recv() == _STOP or self._is_stopping
        return self._is_stopping


def _work(pipe: Connection, settings: Settings, watching: Watching, ahead: timedelta) -> None:
    """Do what is given, until nothing is for a while."""
    _end_with_parent()
    from monitor.bringing import Erasing, bringing
    from monitor.engines import Growing
    from monitor.store import Store, StoreError
    from monitor.tending import Tending

    parent = _Parent(pipe)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    with suppress(EOFError, BrokenPipeError, _Stopped):  # the watcher has ended, and so do we
        while (found := parent.next()) is not None:
            try:
                with bringing(settings), Store.open(settings.db_path, makes=False) as store, Growing() as engine:
                    tending = Tending(
                        store=store,
                        settings=settings,
                        watching=watching,
                        now=now,
                        tell=parent.tell,
                        keep=lambda files: parent.send(Kept(files=tuple(files))),
                        stopping=parent.stopping,
                        executor=engine,
                    )
                    came = tending.run(found)
                    if parent.stopping():
                        raise _Stopped
            except (StoreError, ConfigError, Erasing) as error:
                came = Tended(trouble=str(error))
            except BrokenPipeError:
                raise
            except OSError as error:
                came = Tended(trouble=f"The data folder cannot be used: {(error.strerror or 'unknown cause').lower()}.")
            parent.send(came)


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it, whatever it ends by."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # systemd sends them to every process of a service
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _leave_it)  # SIG_IGN would be inherited by those that read files
    parent = multiprocessing.parent_process()
    assert parent is not None  # it was started by one

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _leave_it(_number: int, _frame: object) -> None:
    """Leave a signal to the parent."""
