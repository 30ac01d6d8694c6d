"""Decoded FIT messages as plain values, and careful ways to take a number, a word or an instant out of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Fields = Mapping[str, object]
"""One message: what was recorded, by the profile's names; times are seconds since 1989-12-31."""

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
EPOCH_UNIX_S = 631065600

BEYOND_MEASURE = 1e10

FIRST_STAMP, LAST_STAMP = 0x10000000, 0xFFFFFFFF
"""Smaller stamps count from when the device was switched on, and say nothing about the date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The record messages, a column a field: a run has thousands of them."""

    stamp_s: NDArray[np.int64]  # since 1989-12-31; 0 where a record has none that is a date
    columns: Mapping[str, NDArray[np.float64]]  # of the fields that any record has; NaN = not recorded

    def __len__(self) -> int:
        return len(self.stamp_s)

    @classmethod
    def of(cls, messages: Sequence[Fields], names: Iterable[str]) -> Records:
        """Make columns out of one message each."""
        import numpy as np

        columns = {
            name: np.array([_float(message.get(name)) for message in messages], dtype=np.float64) for name in names
        }
        return cls(
            stamp_s=np.array([stamp(message, "timestamp") or 0 for message in messages], dtype=np.int64),
            columns={name: values for name, values in columns.items() if not np.isnan(values).all()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """All messages of a file that anything is made of."""

    records: Records
    others: Mapping[str, Sequence[Fields]]  # by kind, each in the file's order

    def __getitem__(self, kind: str) -> Sequence[Fields]:
        return self.others.get(kind, ())


def number(message: Fields, name: str) -> float | None:
    """Give a recorded number, None if there is none, a list of them, or one beyond any time or distance on a watch."""
    value = message.get(name)
    return float(value) if isinstance(value, (int, float)) and abs(value) < BEYOND_MEASURE else None


def word(message: Fields, name: str) -> str | None:
    """Give the profile's word for a value, None if there is none or the profile knows only a number."""
    value = message.get(name)
    return value if isinstance(value, str) else None


def stamp(message: Fields, name: str) -> int | None:
    """Give a date's seconds since 1989-12-31, None if there is none."""
    value = message.get(name)
    return value if isinstance(value, int) and FIRST_STAMP <= value <= LAST_STAMP else None


def instant(stamp_s: float) -> datetime:
    """Give the aware UTC instant of seconds since 1989-12-31."""
    return EPOCH + timedelta(seconds=stamp_s)


def _float(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")
