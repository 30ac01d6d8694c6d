"""How numbers are rounded for people, tables and programs: here, once, and nowhere else.

Each of these gives the same whatever an earlier one did to a number (a half is rounded up, and a value at a tenth is
rounded like the one it came from), so that what a page shows in whole seconds is what its data hold in tenths.
"""

from __future__ import annotations

import math

_SLACK = 1e-9  # what a float loses in being written down; less than any unit here


def nearest(value: float, digits: int = 0) -> float:
    """Round to so many digits, a half away from zero."""
    scale = 10.0**digits
    return math.copysign(math.floor(abs(value) * scale + 0.5 + _SLACK) / scale, value) + 0.0  # never -0.0


def up(value: float, digits: int = 0) -> float:
    """Round up: an error is never better than it is."""
    scale = 10.0**digits
    return math.ceil(value * scale - _SLACK) / scale


def down(value: float, digits: int = 0) -> float:
    """Round down: 47 h 59 min 59 s of rest is not 48 h."""
    scale = 10.0**digits
    return math.floor(value * scale + _SLACK) / scale


def seconds(value: float) -> float:
    """Round a length in seconds to tenths."""
    return nearest(value, 1)


def whole_s(value: float) -> int:
    """Round a length to whole seconds, for a person; by way of tenths, as the data hold it."""
    return int(nearest(seconds(value)))


def error_s(value: float) -> float:
    """Round the error of a length up to tenths of a second."""
    return up(value, 1)


def whole_error_s(value: float) -> int:
    """Round an error up to whole seconds, for a person."""
    return int(up(error_s(value)))


def metres(value: float | None) -> float | None:
    """Round a distance to tenths of a metre."""
    return known(value, 1)


def speed_mps(value: float | None) -> float | None:
    """Round a speed to hundredths of a metre a second."""
    return known(value, 2)


def cadence_spm(value: float | None) -> float | None:
    """Round a cadence to tenths of a step a minute."""
    return known(value, 1)


def share(value: float) -> float:
    """Round a share or a probability to thousandths."""
    return nearest(value, 3)


def known(value: float | None, digits: int = 1) -> float | None:
    """Round what is known; None for what is not, and for what is no number."""
    return None if value is None or not math.isfinite(value) else nearest(value, digits)
