"""Ctrl-C, and what a system sends to end a program: where they may break in, and where they have to wait.

An exception that may come out of any line is safe where nothing is open. Where a database is being closed, a progress
bar taken down or processes ended, it leaves half of that undone; so there it waits.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPED = 130
"""The exit status after Ctrl-C, as shells know it."""

PATIENCE_S = 3.0
"""So long another Ctrl-C is the same one as the first; later it says that something hangs, and breaks in anywhere."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Whether it was asked to stop, and whether that may break in now."""

    def __init__(self) -> None:
        self.is_asked = False
        self._asked_at = 0.0
        self._breaks_in = False

    @contextmanager
    def breaks_in(self) -> Iterator[None]:
        """Let it break in as a KeyboardInterrupt here; where it was asked for before, it does at once."""
        self._breaks_in = True
        try:
            self.check()
            yield
        finally:
            self._breaks_in = False

    def check(self) -> None:
        """Stop now if that was asked for and had to wait, or was lost in code that no exception leaves."""
        if self.is_asked:
            raise KeyboardInterrupt

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        now = time.monotonic()
        is_urgent = self.is_asked and now - self._asked_at > PATIENCE_S
        if not self.is_asked:
            self.is_asked, self._asked_at = True, now
        if self._breaks_in or is_urgent:
            self._breaks_in = False
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Hold Ctrl-C and SIGTERM back but where they may break in."""
    stopping = Stopping()
    if threading.current_thread() is not threading.main_thread():  # no other is told of signals
        yield stopping
        return

    def unless_stopped(lost: UnraisableHookArgs) -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt):  # `check` does not need it
            told_before(lost)

    told_before, sys.unraisablehook = sys.unraisablehook, unless_stopped
    before = {number: signal.signal(number, stopping.ask) for number in _SIGNALS}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = told_before


def end_at_once() -> None:
    """Let Ctrl-C and SIGTERM end the program there and then, while it is loaded and nothing is open yet."""
    for number in _SIGNALS:
        signal.signal(number, _end)


def begin() -> None:
    """Let Ctrl-C raise KeyboardInterrupt from now on, and SIGTERM end it, as Python does."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is _end:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def is_over() -> None:
    """Leave Ctrl-C alone: all is done and said, and Python clears up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(number: int, _frame: FrameType | None) -> None:
    os.write(2, b"\nStopped before anything was done.\n")
    if number != signal.SIGINT:  # whoever looks after services takes an end by its own signal for no failure
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(STOPPED)
