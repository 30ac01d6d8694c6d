"""Expected trouble: what a person can do something about, said in one line and without a traceback."""

from __future__ import annotations

import sys


class Refused(Exception):
    """What was asked for cannot be done; the message says why, and what to do instead."""


ELSEWHERE = (
    ("ingest.errors", "IngestError"),
    ("analysis.plan_file", "PlanError"),
    ("monitor.config", "ConfigError"),
    ("monitor.archive", "ArchiveError"),
    ("monitor.store.errors", "StoreError"),
    ("monitor.demo", "DemoError"),
    ("monitor.portable.errors", "PortableError"),
    ("monitor.forgetting", "ForgetError"),
    ("monitor.bringing", "Erasing"),
    ("monitor.report_file", "NotWritten"),
)


def expected() -> tuple[type[Exception], ...]:
    """Name the errors that are a user's trouble.

    What was never imported was never raised: asking for the store's errors would bring SQLAlchemy along, a quarter of
    a second for nothing.
    """
    return (
        Refused,
        OSError,
        *(getattr(sys.modules[module], name) for module, name in ELSEWHERE if module in sys.modules),
    )


def sentence(error: Exception) -> str:
    """Put an expected error into words, without the path of anything but what the user named."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
