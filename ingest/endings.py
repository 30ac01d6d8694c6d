"""Whether bytes are a whole file, or the beginning of one that is still arriving."""

from __future__ import annotations

from typing import BinaryIO


def unfinished(data: bytes, name: str) -> str | None:
    """Say why these bytes are not a whole file yet, as the rest of a sentence that begins with the file's name.

    None where they are whole, or of a kind whose end cannot be told.

    Args:
        data: all bytes there are.
        name: the file's own name; only a table (`.csv`) is known by it.
    """
    raise NotImplementedError


def unfinished_archive(file: BinaryIO) -> str | None:
    """Say the same of a ZIP archive without reading more of it than its directory."""
    raise NotImplementedError
