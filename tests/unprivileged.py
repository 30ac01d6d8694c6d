"""Run a function as a user whom permissions stop: root, as whom tests often run, reads and writes everything."""

from __future__ import annotations

import os
import pickle
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

NOBODY = 65534

needs_permissions = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no permissions of this kind")


def unprivileged(function: Callable[[], T]) -> T:
    """Call a function where permissions hold: here, or as root in a process of its own that gives up being root."""
    if os.geteuid() != 0:
        return function()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: the child starts none
        child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(function(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, ended = os.waitpid(child, 0)
    assert ended == 0, "the unprivileged process failed; its traceback is above"
    found: T = pickle.loads(said)
    return found


def uid() -> int:
    """Give the user that `unprivileged` is."""
    return os.geteuid() or NOBODY


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a temporary folder that every user can enter and write to; pytest's own are closed to all but one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        try:
            yield folder
        finally:
            for path in (folder, *folder.rglob("*")):
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o777)
