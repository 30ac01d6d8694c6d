"""Bouts to what was performed: main set, ratio, repeats, longest jog, and how sure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What was done in a session's main set. Seconds throughout."""

    main_set_s: float
    jog_s: float
    walk_s: float  # the walk breaks, standing inside them included
    stand_s: float  # of which standing
    repeats: int  # number of jog bouts
    jog_bout_s: float  # median
    walk_bout_s: float  # median; 0 when continuous
    longest_jog_s: float
    ratio: str | None  # "1:2.0", "continuous", None without jogging
    regular: bool
    uncertain_share: float  # of the main set
    jog_error_s: float  # 95 %, of the jog total
