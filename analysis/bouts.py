"""The values that gait detection gives: bouts, and what one recording lets us say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DETECTOR_VERSION = "2"
"""Raised when the detector reads the same samples differently; stored, so that a due rebuild shows."""


class Gait(StrEnum):
    """How she moved."""

    JOG = "jog"
    WALK = "walk"
    STAND = "stand"
    PAUSE = "pause"  # the timer was stopped
    UNKNOWN = "unknown"  # nothing was recorded that could tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open stretch of time, `[start, end)`, aware UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bout:
    """A maximal stretch of one gait, half-open `[start, end)`, aware UTC."""

    gait: Gait
    start: datetime
    end: datetime
    distance_m: float | None = None
    mean_speed_mps: float | None = None
    mean_cadence_spm: float | None = None
    confidence: float = 1.0  # mean probability that its seconds are of this gait
    by_her_word: bool = False  # in whole or in part, by her own correction

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end - self.start).total_seconds()


SLICE_S = 10
"""Length of a shape's slices. They begin at whole multiples of it since 1970, so those of two recordings coincide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How fast she moved and her heart beat, slice by slice: what tells a copy of a recording from another run.

    Each curve holds one unsigned 16-bit number a slice, little-endian, 65535 where nothing was recorded; it is empty
    where the recording has no such signal. There is no position in it.
    """

    since_s: int  # Unix time of the first slice
    samples: int
    position: bytes = b""  # mm/s along the positions
    speed: bytes = b""  # mm/s as the device measured its distance, or else its speed
    heart_rate: bytes = b""  # hundredths of a beat per minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one recording lets us say. Derived from it, small, and without its samples.

    `bouts` are contiguous from `started_at` to `ended_at`, pauses included.
    """

    identity: str  # Provenance.identity of the recording
    file_name: str
    format: str
    device: str | None
    sport: str
    sub_sport: str
    started_at: datetime
    ended_at: datetime
    utc_offset: timedelta | None
    bouts: tuple[Bout, ...]
    uncertain: tuple[Span, ...] = ()  # there is data, and it does not tell jog from walk
    gaps: tuple[Span, ...] = ()  # > 60 s without samples, timer running or moved further than a pause explains
    boundary_sd_s: float = 0.0  # standard error of one jog boundary, independent from boundary to boundary
    bout_bias_sd_s: float = 0.0  # standard error that all jog bouts of the recording share (too long, too short)
    first_position: tuple[float, float] | None = None  # latitude, longitude in degrees
    last_position: tuple[float, float] | None = None
    distance_m: float | None = None
    richness: int = 0  # how much the recording holds; of two that overlap the richer leads
    signals: tuple[str, ...] = ()  # of "speed", "cadence", "position", "heart_rate", "altitude", "distance"
    notes: tuple[tuple[str, str], ...] = ()  # (code, message), of the reader and of the detector
    shape: Shape | None = None  # None: observed before there were shapes, or nothing to tell it from
    corrected: tuple[Bout, ...] = ()  # her own word, already laid over `bouts`; never stored (analysis/corrected.py)
