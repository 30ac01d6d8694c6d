"""The ladder of the plan, and what a stage prescribes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources

from analysis.rounding import whole_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What one stage asks for: jog, walk, again, until the main set is over. Seconds.

    `jog_total_s` follows from the other three: whole cycles, then the jog that still fits (1:2 for 20 min = 7 min).
    """

    stage: int
    jog_s: float
    walk_s: float  # 0: continuous
    main_set_s: float

    @property
    def repeats(self) -> int:
        """Count the jog bouts, a cut last one included."""
        cycles, rest = divmod(self.main_set_s, self.jog_s + self.walk_s)
        return int(cycles) + (rest > 0)

    @property
    def jog_total_s(self) -> float:
        """Sum the jogging."""
        cycles, rest = divmod(self.main_set_s, self.jog_s + self.walk_s)
        return cycles * self.jog_s + min(rest, self.jog_s)

    @property
    def longest_jog_s(self) -> float:
        """Give the longest jog bout."""
        return min(self.jog_s, self.main_set_s)

    def __str__(self) -> str:
        """Say it as the runner would do it."""
        if not self.walk_s:
            return f"jog {length(self.main_set_s)} without a break"
        return (
            f"jog {length(self.jog_s)}, walk {length(self.walk_s)}, again and again for {length(self.main_set_s)} "
            f"({self.repeats} jog{'s' * (self.repeats != 1)}, {length(self.jog_total_s)} of jogging)"
        )


def asks_no_more(one: Prescription, other: Prescription) -> bool:
    """Say whether one stage asks no more jogging than another, in all and at a time."""
    return one.jog_total_s <= other.jog_total_s and one.longest_jog_s <= other.longest_jog_s


def is_easier(one: Prescription, other: Prescription) -> bool:
    """Say whether one stage is easier than another: it asks no more jogging, and less of it or longer walks."""
    as_much = (one.jog_total_s, one.longest_jog_s) == (other.jog_total_s, other.longest_jog_s)
    return asks_no_more(one, other) and (not as_much or one.walk_s > other.walk_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A ladder of stages, lowest first, without holes."""

    name: str
    first_stage: int  # where the plan starts; lower ones exist only as a step back
    stages: tuple[Prescription, ...]

    @property
    def lowest(self) -> int:
        """Give the lowest stage, reached only by stepping back."""
        return self.stages[0].stage

    @property
    def last(self) -> int:
        """Give the last stage."""
        return self.stages[-1].stage

    def clamp(self, stage: int) -> int:
        """Keep a stage on the ladder."""
        return max(self.lowest, min(stage, self.last))

    def __getitem__(self, stage: int) -> Prescription:
        """Give what a stage prescribes; KeyError beyond the ladder."""
        if not self.lowest <= stage <= self.last:
            raise KeyError(stage)
        return self.stages[stage - self.lowest]


@cache
def default_plan() -> Plan:
    """Load the ladder that ships with Restride (rules.md §7)."""
    from analysis.plan_file import parse  # which makes plans of this module

    return parse(default_text())


def default_text() -> str:
    """Give the file of the ladder that ships with Restride, as a start for one's own."""
    return (resources.files("analysis.plans") / "default.toml").read_text(encoding="utf-8")


def minutes(seconds: float) -> str:
    """Write seconds as minutes: 7, 1:30, 1:03. Never 1.5, which beside 1:03 reads as 1:05."""
    if seconds % 60 == 0:
        return f"{seconds / 60:g}"
    whole, rest = divmod(whole_s(seconds), 60)
    return f"{whole}:{rest:02d}"


def length(seconds: float) -> str:
    """Write a length to the second, so that nobody takes minutes for seconds: "7 min 3 s", "20 min", "1 h 2 min"."""
    whole = whole_s(seconds)
    parts = [(whole // 3600, "h"), (whole % 3600 // 60, "min"), (whole % 60, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def hours(span: timedelta) -> str:
    """Write a span as hours and minutes: 46 h, 47 h 30 min; rounded down, so that 47 h 59 min 59 s is not 48 h."""
    whole, rest = divmod(int(span.total_seconds()) // 60, 60)
    return " ".join([f"{whole} h"] * bool(whole or not rest) + [f"{rest} min"] * bool(rest))
