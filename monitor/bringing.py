"""Who brings something of a runner's into the data folder: an erasing waits until nobody does, and nobody begins then.

Each process that brings files or pages holds a lock of its own while it is at work; several may be. The system takes
the lock away from a process that dies, so a crash holds up nobody.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import ENOLCK, ENOSYS, ENOTSUP, EOPNOTSUPP
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.config import Settings

GATE = "bringing.lock"
"""Held for an instant by whoever begins, and by an erasing from its beginning to its end."""

_EACH = "bringing-*.lock"
_WAIT_S = 5.0
_NO_LOCKS = (ENOSYS, ENOTSUP, EOPNOTSUPP, ENOLCK)


class Erasing(Exception):
    """Nothing can be brought in now; the message says why, and what to do."""


class Brought(Exception):
    """Another process is bringing something in."""


@contextmanager
def bringing(settings: Settings) -> Iterator[None]:
    """Let no runner be erased while a block brings something in.

    Raises:
        Erasing: one is being erased.
    """
    path = settings.data_dir / f"bringing-{os.getpid()}-{secrets.token_hex(4)}.lock"
    own = FileLock(path, mode=0o600)
    gate = _gate(settings)
    try:
        gate.acquire(timeout=_WAIT_S)
    except Timeout:
        raise Erasing(
            "A runner is being erased from this data folder just now. Wait until that is done, and try again."
        ) from None
    except (OSError, NotImplementedError) as error:
        if getattr(error, "errno", ENOSYS) not in _NO_LOCKS:
            raise
        yield  # a drive that knows no locks: nobody can be erased there either
        return
    try:
        _at_work(settings.data_dir)  # removes what processes that were killed left
        own.acquire(timeout=0)
    finally:
        gate.release()
    try:
        yield
    finally:
        own.release()
        _remove(path)


@contextmanager
def nobody_brings(settings: Settings) -> Iterator[None]:
    """Let nobody bring anything in while a block runs.

    Raises:
        Brought: somebody does already.
    """
    gate = _gate(settings)
    with ExitStack() as stack:
        try:
            gate.acquire(timeout=_WAIT_S)
        except Timeout:
            raise Brought from None
        stack.callback(gate.release)
        if _at_work(settings.data_dir):
            raise Brought
        yield


def _gate(settings: Settings) -> FileLock:
    return FileLock(settings.data_dir / GATE, mode=0o600)


def _at_work(folder: Path) -> bool:
    """Say whether any process is bringing something in; the locks of those that died are removed."""
    found = False
    for path in folder.glob(_EACH):
        lock = FileLock(path, mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            found = True
        else:
            lock.release()
            _remove(path)
    return found


def _remove(path: Path) -> None:
    with suppress(OSError):  # another process removes it too, or has it open (Windows); it does no harm
        path.unlink()
