"""A folder nested deeper than a program can call itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DEPTH = 1200  # Python calls itself a thousand times at most; and paths may be 4,096 bytes long


@contextmanager
def nested(folder: Path) -> Iterator[Path]:
    """Make folders in one another, give the innermost, and clear up: `shutil.rmtree` could not."""
    folders = [folder, *(Path(f"{folder}{'/a' * depth}") for depth in range(1, DEPTH))]
    for one in folders:
        one.mkdir()
    try:
        yield folders[-1]
    finally:
        for one in reversed(folders):
            with suppress(FileNotFoundError):
                for left in one.iterdir():
                    left.unlink()
                one.rmdir()
