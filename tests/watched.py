"""A watcher as tests run it: a real process on a data folder, its lines as they come, and signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.command import ROOT

PATIENCE_S = 60.0
"""On a machine that does other things besides, a process may take its time to start."""


class Watched:
    """A running `restride watch`; a context manager that ends it."""

    def __init__(self, data: Path, *arguments: str, now: str | None = None) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RESTRIDE_")}
        environment |= {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        clock = () if now is None else ("--now", now)
        self.data = data
        self.lines: list[tuple[float, str]] = []  # when each came, by `time.monotonic`
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", *clock, "watch", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=environment,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def said(self) -> str:
        """Give all it said so far."""
        return "".join(line for _, line in self.lines)

    def wait_for(self, text: str, *, times: int = 1) -> float:
        """Wait until it has said something, and give when it did."""
        self.until(lambda: sum(text in line for _, line in list(self.lines)) >= times, text)
        return next(at for at, line in reversed(self.lines) if text in line)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, f"{what!r} did not come; it said:\n{self.said}"
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.said}"
            time.sleep(0.02)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give how it ended."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line))


def children(pid: int) -> list[int]:
    """Give the processes that one has started (Linux)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[1]) == pid:
            found.append(int(status.parent.name))
    return found


def work_of(pid: int) -> list[int]:
    """Give the watcher's child that works (Linux)."""
    return [child for child in children(pid) if "spawn_main" in _command(child)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
