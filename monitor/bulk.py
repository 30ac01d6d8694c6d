"""Many files, read on all cores that an executor has, a bounded number at a time, and given in the order they came."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.reading import Reading, read_observed, unreadable

T = TypeVar("T")

READ_AHEAD = 32
"""So many files are waited for at most: enough that one long file does not leave the other cores idle."""

IN_FLIGHT_BYTES = 32_000_000
"""So much of them is in memory at most, unless a single file is larger."""

BATCH = 64
BATCH_S = 0.5
"""So many files are kept at once at most, and so long the first of them waits: what she loses by Ctrl-C."""


@dataclass(slots=True, kw_only=True)
class _Waiting(Generic[T]):
    of: T
    name: str
    data: bytes | None
    future: Future[Reading] | None

    def is_done(self) -> bool:
        return self.future is None or self.future.done()


def in_order(
    executor: Executor, files: Iterable[tuple[T, str, bytes | None]]
) -> Iterator[tuple[T, Reading | None] | None]:
    """Read files ahead and give each with its reading, in their order; None, now and then, while one is waited for.

    Args:
        executor: reads them; any of `concurrent.futures`.
        files: what a file is to whoever asks, its name and its bytes; without bytes there is nothing to read.
    """
    waiting: deque[_Waiting[T]] = deque()
    in_flight = 0
    for of, name, data in files:
        size = len(data or b"")
        while waiting and (
            waiting[0].is_done() or len(waiting) >= READ_AHEAD or (size and in_flight + size > IN_FLIGHT_BYTES)
        ):
            if not waiting[0].is_done():
                yield from _until_done(waiting[0])
            first = waiting.popleft()
            in_flight -= len(first.data or b"")
            yield first.of, _reading(executor, first, waiting)
        future = None if data is None else executor.submit(read_observed, data, name)
        waiting.append(_Waiting(of=of, name=name, data=data, future=future))
        in_flight += size
        del data
    while waiting:
        yield from _until_done(waiting[0])
        first = waiting.popleft()
        yield first.of, _reading(executor, first, waiting)


def batches(items: Iterable[T | None]) -> Iterator[list[T]]:
    """Gather items that are worth one transaction; a None among them says that the next will be some time."""
    batch: list[T] = []
    began = 0.0
    for item in items:
        if item is not None:
            began = began if batch else time.monotonic()
            batch.append(item)
        if batch and (item is None or len(batch) >= BATCH or time.monotonic() - began >= BATCH_S):
            yield batch
            batch = []
    if batch:
        yield batch


def _until_done(first: _Waiting[T]) -> Iterator[None]:
    while first.future is not None and wait([first.future], timeout=BATCH_S).not_done:
        yield None


def _reading(executor: Executor, first: _Waiting[T], others: Iterable[_Waiting[T]]) -> Reading | None:
    """Give what came of a file; where a process ended while reading, find out whether this file ended it."""
    if first.future is None or first.data is None:
        return None
    try:
        return first.future.result()
    except BrokenExecutor:
        wait([other.future for other in others if other.future is not None])
    try:
        return executor.submit(read_observed, first.data, first.name).result()  # alone
    except BrokenExecutor:
        return Reading(trouble=unreadable(first.name, "ended the process that was to read it"))
