"""What a watch recorded, in one shape whatever the file format was.

A `Recording` is one activity of one file: a table of samples (the signal), the device's own marks beside it, where
it came from, and notes on what had to be assumed. Nothing here knows a file format, and nothing here says jog or walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

READER_VERSION = "4"
"""Raised when the readers read the same bytes differently; stored with each recording so that a rebuild shows it."""

SIGNAL_COLUMNS = (
    "distance_m",  # cumulative since the start of the recording
    "speed_mps",
    "cadence_spm",  # steps of both feet per minute
    "heart_rate_bpm",
    "altitude_m",
    "latitude_deg",
    "longitude_deg",
)
"""Every signal has these float64 columns; NaN means not recorded."""

TIME_DTYPE = "datetime64[us, UTC]"


class MarkKind(StrEnum):
    """What a device marked."""

    LAP = "lap"
    SPLIT = "split"
    STEP = "step"  # a workout step
    PAUSE = "pause"  # the timer was stopped
    TRKSEG = "trkseg"  # a GPX track segment, a TCX track within a lap


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span that the device itself marked; a hint beside the signal, never the truth."""

    kind: MarkKind
    start: datetime
    end: datetime
    label: str | None = None  # what the device said: run, walk, active, rest, warmup, …
    trigger: str | None = None  # what made it: manual, distance, time, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something a person should know about how a file was read: what was odd, what was assumed."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a recording came from."""

    format: str  # "fit" | "gpx" | …
    file_name: str  # the name alone, never a path
    sha256: str  # of the innermost file: of x.fit, not of x.fit.gz
    index: int = 0  # which activity of that file
    device: str | None = None
    reader_version: str = READER_VERSION

    @property
    def identity(self) -> str:
        """Name this activity by its bytes, whatever its file is called."""
        return f"{self.sha256}-{self.index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One activity in one file.

    `signal` is a DataFrame with the float columns `SIGNAL_COLUMNS` and a strictly increasing UTC index named `time`,
    at the file's own sampling; it is empty where the device stored totals only. `started_at` and `ended_at` are aware
    UTC instants; `utc_offset` is the local offset the file itself states, or None.
    """

    provenance: Provenance
    sport: str  # FIT's words: "running", "walking", "hiking", "cycling", …, "unknown"
    sub_sport: str  # "treadmill", "trail", …, "generic"
    started_at: datetime
    ended_at: datetime
    utc_offset: timedelta | None
    signal: pd.DataFrame
    marks: tuple[Mark, ...] = ()
    notes: tuple[Note, ...] = ()


def make_signal(
    time: Sequence[datetime] | NDArray[np.datetime64],
    columns: Mapping[str, Sequence[float] | NDArray[np.float64]],
) -> pd.DataFrame:
    """Build a checked signal.

    Args:
        time: n UTC instants (datetime64 or aware datetimes), strictly increasing.
        columns: any of `SIGNAL_COLUMNS`, n floats each; those left out become NaN.

    Raises:
        ValueError: the times do not increase strictly, or a column is not one of ours or not as long.
    """
    import numpy as np
    import pandas as pd

    unknown = set(columns) - set(SIGNAL_COLUMNS)
    if unknown:
        raise ValueError(f"not columns of a signal: {sorted(unknown)}")
    if isinstance(time, np.ndarray):
        index = pd.DatetimeIndex(time, tz="UTC")
    else:
        index = pd.DatetimeIndex(pd.to_datetime(pd.Series(time), utc=True))
    index = index.as_unit("us").rename("time")
    if not (index.is_monotonic_increasing and index.is_unique):
        raise ValueError("the times of a signal must increase strictly")
    table = np.full((len(SIGNAL_COLUMNS), len(index)), np.nan)
    for row, name in zip(table, SIGNAL_COLUMNS, strict=True):
        if name in columns:
            values = np.asarray(columns[name], dtype=np.float64)
            if values.shape != row.shape:
                raise ValueError(f"{name} has {values.size} values for {row.size} times")
            row[:] = values
    return pd.DataFrame(table.T, index=index, columns=_signal_columns(), copy=False)


@cache
def _signal_columns() -> pd.Index[str]:
    """Make the index of a signal's columns once: making it takes three times as long as all else about a signal."""
    import pandas as pd

    return pd.Index(SIGNAL_COLUMNS)
