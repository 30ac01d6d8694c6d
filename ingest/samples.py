"""Put the samples of a file in order: times that increase, values that can be true.

What every format needs and none may do differently. Each step that changes something leaves a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.errors import Damaged
from ingest.recording import Note

SECOND_US = 1_000_000
LONE_JUMP_S = 60
"""One sample that is out of its neighbours' order by more than this is a damaged stamp, not a late one."""

STRAY_GAP_DAYS = 7
"""No watch waits longer between two samples of one activity."""

LONGEST_DAYS = 7
MAX_STRAY_SHARE = 0.2
"""With more stamps astray than this nobody knows which are right."""

LIMITS = {
    "distance_m": (0.0, 1e6),
    "speed_mps": (0.0, 100.0),
    "cadence_spm": (0.0, 320.0),
    "heart_rate_bpm": (20.0, 250.0),
    "altitude_m": (-1000.0, 10000.0),
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
}
_WORDS = {
    "distance_m": "distances",
    "speed_mps": "speeds",
    "cadence_spm": "cadences",
    "heart_rate_bpm": "heart rates",
    "altitude_m": "altitudes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Samples as a file gives them: microseconds since 1970 in UTC, and a float column a signal, NaN = not recorded."""

    time_us: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.time_us)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Samples:
        """Give the chosen samples, by mask or by position."""
        return Samples(
            time_us=self.time_us[chosen], columns={name: values[chosen] for name, values in self.columns.items()}
        )


def in_order(samples: Samples, file_name: str) -> tuple[Samples, list[Note]]:
    """Drop stamps that cannot be true, sort the rest, and merge the samples of one instant.

    Raises:
        Damaged: so many times are astray, or they span so long, that none can be trusted.
    """
    notes: list[Note] = []
    if not len(samples):
        return samples, notes
    kept = samples.where(~_lone_jumps(samples.time_us))
    backward = int(np.sum(np.diff(kept.time_us) < 0))
    if backward:
        kept = kept.where(np.argsort(kept.time_us, kind="stable"))
        notes.append(
            Note(code="times_sorted", message=f"Times ran backward {_times(backward)}; the samples were sorted.")
        )
    kept = kept.where(_longest_stretch(kept.time_us))
    stray = len(samples) - len(kept)
    if stray > max(1, MAX_STRAY_SHARE * len(samples)):
        raise Damaged(file_name, "has times that contradict one another", "Export the activity once more.")
    if stray:
        notes.append(Note(code="stray_times", message=f"{_count(stray)} left out for an impossible time."))
    if kept.time_us[-1] - kept.time_us[0] > LONGEST_DAYS * 86400 * SECOND_US:
        raise Damaged(
            file_name, f"spans more than {LONGEST_DAYS} days in one activity", "Export the activities one by one."
        )
    merged = _merged(kept)
    if len(merged) < len(kept):
        notes.append(
            Note(
                code="same_time_merged",
                message=f"{_count(len(kept) - len(merged))} merged with another of the same instant.",
            )
        )
    return merged, notes


def in_range(samples: Samples) -> tuple[Samples, list[Note]]:
    """Turn values that cannot be true into "not recorded"."""
    columns = dict(samples.columns)
    parts = []
    if "latitude_deg" in columns and "longitude_deg" in columns:
        both = (columns["latitude_deg"], columns["longitude_deg"])
        # Phones write 0° 0° until they know where they are.
        wrong = (
            _outside("latitude_deg", both[0]) | _outside("longitude_deg", both[1]) | ((both[0] == 0) & (both[1] == 0))
        )
        for name, values in zip(("latitude_deg", "longitude_deg"), both, strict=True):
            columns[name] = np.where(wrong | np.isnan(both[0]) | np.isnan(both[1]), np.nan, values)
        if wrong.any():
            parts.append(f"positions ({int(wrong.sum())})")
    for name, word in _WORDS.items():
        if name not in columns:
            continue
        wrong = _outside(name, columns[name])
        # A heart rate of 0 is how some straps say nothing.
        told = wrong & (columns[name] != 0) if name == "heart_rate_bpm" else wrong
        columns[name] = np.where(wrong, np.nan, columns[name])
        if told.any():
            parts.append(f"{word} ({int(told.sum())})")
    if not parts:
        return replace(samples, columns=columns), []
    message = f"Values that cannot be true were left out: {', '.join(parts)}."
    return replace(samples, columns=columns), [Note(code="out_of_range", message=message)]


def growing(distance_m: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[Note]]:
    """Make a cumulative distance that never falls.

    A single value out of order is left out; where the device began to count again, the counts are joined.
    """
    result = distance_m.copy()
    known = np.flatnonzero(~np.isnan(result))
    values = result[known]
    if len(values) < 2 or not (np.diff(values) < 0).any():
        return result, []
    alone = np.zeros(len(values), dtype=bool)
    alone[1:-1] = ((values[1:-1] < values[:-2]) | (values[1:-1] > values[2:])) & (values[2:] >= values[:-2])
    result[known[alone]] = np.nan
    known, values = known[~alone], values[~alone]
    before = np.concatenate((values[:1], values[:-1]))
    # After a fall of a metre or less the device corrected itself; after more it began again from what it shows.
    began_again = before - values > 1
    result[known] = np.maximum.accumulate(values + np.cumsum(np.where(began_again, before, 0.0)))
    note = Note(code="distance_fell", message="The recorded distance fell in between; it was joined up again.")
    return result, [note]


def _lone_jumps(time_us: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Find single samples, in the file's order, that lie far outside the span of their two neighbours."""
    alone = np.zeros(len(time_us), dtype=bool)
    if len(time_us) >= 3:
        limit = LONE_JUMP_S * SECOND_US
        before, here, after = time_us[:-2], time_us[1:-1], time_us[2:]
        far = (np.abs(here - before) >= limit) & (np.abs(after - here) >= limit)
        alone[1:-1] = far & (np.abs(after - before) < limit)
        # The second of two is a neighbour of the first, and may be right.
        alone[1:] &= ~alone[:-1]
    return alone


def _longest_stretch(time_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the positions of the largest group of sorted times without an absurd gap."""
    breaks = np.flatnonzero(np.diff(time_us) > STRAY_GAP_DAYS * 86400 * SECOND_US) + 1
    groups = np.split(np.arange(len(time_us)), breaks)
    return max(groups, key=len)


def _merged(samples: Samples) -> Samples:
    """Merge the samples of one instant: in each column the first value that was recorded."""
    is_first = np.diff(samples.time_us, prepend=samples.time_us[:1] - 1) > 0
    if is_first.all():
        return samples
    group = np.cumsum(is_first) - 1
    merged = {}
    for name, values in samples.columns.items():
        column = np.full(int(group[-1]) + 1, np.nan)
        known = np.flatnonzero(~np.isnan(values))[::-1]  # backwards, so that the first value is written last
        column[group[known]] = values[known]
        merged[name] = column
    return Samples(time_us=samples.time_us[is_first], columns=merged)


def _outside(name: str, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    low, high = LIMITS[name]
    return (values < low) | (values > high) | np.isinf(values)


def _count(number: int) -> str:
    return "One sample was" if number == 1 else f"{number} samples were"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
