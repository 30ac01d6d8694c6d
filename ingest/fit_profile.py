"""What a FIT profile says about the fields that anything is made of. Where it comes from is `ingest.fit`'s business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[int, str]
"""The names that a profile gives to stored values."""

RECORD = 20  # the kind that is a sample; a run has thousands of them
TIMESTAMP = 253  # this field's number in messages of every kind

WANTED: Mapping[int, tuple[str, tuple[str, ...]]] = {
    0: ("file_id", ("type", "manufacturer", "product", "garmin_product", "product_name")),
    12: ("sport", ("sport", "sub_sport")),
    18: ("session", ("start_time", "total_elapsed_time", "total_timer_time", "sport", "sub_sport")),
    19: (
        "lap",
        (
            "timestamp",
            "start_time",
            "total_elapsed_time",
            "total_distance",
            "intensity",
            "lap_trigger",
            "wkt_step_index",
        ),
    ),
    20: (
        "record",
        (
            "timestamp",
            "distance",
            "speed",
            "enhanced_speed",
            "heart_rate",
            "altitude",
            "enhanced_altitude",
            "position_lat",
            "position_long",
            "cadence",
            "fractional_cadence",
        ),
    ),
    21: ("event", ("timestamp", "event", "event_type")),
    27: ("workout_step", ("message_index", "intensity")),
    34: ("activity", ("timestamp", "local_timestamp")),
    312: ("split", ("start_time", "end_time", "split_type")),
}
"""The kinds of message that anything is made of, by their global number, and which of their fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How a stored number becomes a measured one: divided, then lowered."""

    divisor: float | None
    offset: float | None

    def apply(self, stored: float) -> float:
        """Give the measured number, in fitparse's order of operations."""
        measured = float(stored) / self.divisor if self.divisor else stored
        return measured - self.offset if self.offset else measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another meaning of a field, where fields beside it hold a certain value; FIT's word is sub-field."""

    name: str
    words: Words
    scale: Scale
    conditions: tuple[tuple[int, int], ...]  # (field, stored value); any of them


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProfile:
    """One field of a kind of message."""

    name: str
    words: Words
    scale: Scale
    is_text: bool
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A field that a decoder makes out of some bits of another one."""

    source: int
    into: str
    scale: Scale
    bits: int
    bit_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One wanted kind of message."""

    name: str
    wanted: frozenset[str]  # the names that are used
    fields: Mapping[int, FieldProfile]  # those that have one of them
    components: tuple[Component, ...]  # those that make one of them
    intricate: frozenset[int]  # fields that make one of them in a way that no `Component` tells

    @property
    def used(self) -> frozenset[int]:
        """Give the numbers of the fields to look at."""
        return frozenset((*self.fields, *(component.source for component in self.components)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is needed of a profile."""

    kinds: Mapping[int, Kind]  # the wanted ones, by global number
    taken_apart: Mapping[int, frozenset[int]]  # by kind, wanted or not: the fields that others are made of
