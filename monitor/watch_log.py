"""The watcher's log: a private file that does not grow for ever, and holds nothing that a log should not."""

from __future__ import annotations

import logging
import os
import time
from logging.handlers import RotatingFileHandler
from typing import Any

from monitor.config import Settings

FILE = "watch.log"
_MOST_BYTES, _OLDER = 1_000_000, 3


class _Private(RotatingFileHandler):
    """Rotates, and makes each file readable by its owner alone."""

    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on: a disk that is full must not stop the watcher, and stderr is no place for a traceback."""


class WatchLog:
    """The log of a data folder's watcher. Written by the watcher alone: two processes cannot rotate one file."""

    def __init__(self, settings: Settings) -> None:
        self._handler = _Private(
            settings.data_dir / FILE, maxBytes=_MOST_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True
        )
        formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        self._handler.setFormatter(formatter)

    def write(self, text: str) -> None:
        """Write a line."""
        line = " ".join(text.split())
        self._handler.handle(logging.LogRecord("restride", logging.INFO, "", 0, line, (), None))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()
