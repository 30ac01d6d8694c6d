"""Where files are read: here, or in processes of their own once there is enough to do to pay for them.

Both are executors in the sense of `concurrent.futures`, and so may be any other that takes functions and bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

ALONE_S = 1.0
"""So long one process works before others are started: about what starting them costs on two cores."""

MOST_WORKERS = 8
"""Each takes some 120 MB."""

_STOPS = (signal.SIGINT, signal.SIGTERM)


class Here(Executor):
    """Work at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it, and give the future when it is past."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 – whoever asks the future for its result gets it
            future.set_exception(error)
        return future


class Growing(Executor):
    """Work here at first; where that takes longer than starting processes, let them do the rest.

    Ctrl-C reaches this process alone; leaving the `with` block on an error stops the others at once, and when this
    process is killed they end by themselves.
    """

    def __init__(self, *, alone_s: float | None = None, workers: int | None = None) -> None:
        self.workers = min(_cores(), MOST_WORKERS) if workers is None else workers
        self._left_s = ALONE_S if alone_s is None else alone_s
        self._here = Here()
        self._pool: ProcessPoolExecutor | None = None
        self._others: set[object] = set()  # processes that are not ours

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it here, or have it done."""
        if self.workers < 2 or self._left_s > 0:
            start = time.perf_counter()
            future = self._here.submit(fn, *args, **kwargs)
            self._left_s -= time.perf_counter() - start
            return future
        with _interrupts_later():  # a process that is started now inherits that Ctrl-C is not for it
            try:
                return self._started().submit(fn, *args, **kwargs)
            except BrokenExecutor:  # a process died, of whatever it was reading
                self._stop()
                return self._started().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when they have done what they were given."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.shutdown()
        else:
            self._stop()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._others = set(multiprocessing.active_children())
            # Spawned, not forked: a fork would copy the locks of the thread that draws the progress bar.
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_become_worker
            )
        return self._pool

    def _stop(self) -> None:
        """End the processes at once: nothing that they do has an effect before its result has come back."""
        with _interrupts_later():
            if self._pool is None:
                return
            for process in multiprocessing.active_children():
                if process not in self._others:
                    process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # what this process may use, not what the machine has
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _become_worker() -> None:
    """Leave Ctrl-C to the parent process, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let Ctrl-C, and a request to end that somebody handles, wait until the block is left.

    What this thread holds back a process that is started now holds back for ever; but where the system tells another
    thread of it, the one that draws a progress bar, Python interrupts this one all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    handled = {number: handler for number in _STOPS if callable(handler := signal.getsignal(number))}
    for number in handled:
        signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        with _held_back():
            yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        for came_first, frame in came[:1]:
            handled[signal.Signals(came_first)](came_first, frame)


@contextmanager
def _held_back() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
