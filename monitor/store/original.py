"""The record of a file that was given to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OriginalOutcome(StrEnum):
    """What came of reading a file."""

    IMPORTED = "imported"
    NOT_ACTIVITY = "not_activity"  # readable, and nothing that anybody did
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file by its content; the bytes themselves are in the archive."""

    sha256: str  # of the bytes as they came
    content_sha256: str | None  # of the one file inside (x.fit in x.fit.gz); None where that is not known
    file_name: str  # the name alone, never a path
    size_bytes: int
    imported_at: datetime
    outcome: OriginalOutcome
    reason_code: str | None = None
    reason_message: str | None = None
