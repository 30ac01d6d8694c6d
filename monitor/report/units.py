"""The units a person reads: kilometres or miles. Data and files stay metric; no rule asks which is shown."""

from __future__ import annotations

from enum import StrEnum

from analysis import rounding

MILE_M = 1609.344
SLOWEST_MPS = 0.2
"""Below it a pace says nothing: more than 80 minutes a kilometre is standing."""


class Units(StrEnum):
    """What distances and paces are shown in."""

    METRIC = "metric"
    IMPERIAL = "imperial"


def unit(units: Units) -> str:
    """Name the unit of a distance: "km" or "mi"."""
    return "mi" if units is Units.IMPERIAL else "km"


def length_m(units: Units) -> float:
    """Give the length of a kilometre or a mile in metres."""
    return MILE_M if units is Units.IMPERIAL else 1000.0


def distance(metres: float | None, units: Units = Units.METRIC) -> str | None:
    """Write a distance: "3.12 km", "1.94 mi"."""
    rounded = rounding.metres(metres)
    if rounded is None:
        return None
    return f"{rounding.nearest(rounded / length_m(units), 2):.2f} {unit(units)}"


def pace_s(speed_mps: float | None, units: Units = Units.METRIC) -> int | None:
    """Give the seconds for a kilometre or a mile, of a speed as the data hold it; None where she all but stood."""
    rounded = rounding.speed_mps(speed_mps)
    if rounded is None or rounded < SLOWEST_MPS:
        return None
    return rounding.whole_s(length_m(units) / rounded)


def pace_clock(speed_mps: float | None, units: Units = Units.METRIC) -> str:
    """Write a pace where its unit stands beside: "6:48"; empty where there is none."""
    seconds = pace_s(speed_mps, units)
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def pace(speed_mps: float | None, units: Units = Units.METRIC) -> str | None:
    """Write a pace: "6:48 min/km", "10:57 min/mi"."""
    clock = pace_clock(speed_mps, units)
    return f"{clock} min/{unit(units)}" if clock else None


def speed(speed_mps: float | None) -> str | None:
    """Write a speed as the data hold it: "2.45 m/s"."""
    rounded = rounding.speed_mps(speed_mps)
    return None if rounded is None else f"{rounded:.2f} m/s"
