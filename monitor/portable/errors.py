"""What is wrong with an archive or with the place for one, and what to do about it."""

from __future__ import annotations


class PortableError(Exception):
    """An export or a backup cannot be written or put back; the message says why, and what to do instead."""


def damaged(name: str, what: str) -> PortableError:
    """Say that an archive is not as it was written."""
    return PortableError(
        f"{name} is damaged or was changed: {what}. Nothing was restored. Use another copy of it, or export again."
    )
