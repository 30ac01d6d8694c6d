"""What people tell us. Facts are the truth; everything else can be rebuilt from them and from the original files.

Every fact has an `id` (unique for its runner, given by the store) and `recorded_at`, the instant it was entered. Order
of entry never changes a verdict: rules look at what a fact is about, not at when it arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from analysis.bouts import Gait
from monitor.answers import CheckIn
from monitor.foundation import Foundation, Readiness

_OfADay = TypeVar("_OfADay", "Gate", "Seen", "Asked")

NAMELESS = "me"
"""What a runner is called who gave no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Who runs."""

    id: int
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """A birth. The last one counts; a new one resets gates and stage (rules.md §3)."""

    id: int
    recorded_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """GAT01 (clearance) or GAT02 (injuries healed), met on a day."""

    id: int
    recorded_at: datetime
    code: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterStart:
    """A physio's earliest day to run; never earlier than 84 days after the birth (GAT03)."""

    id: int
    recorded_at: datetime
    not_before: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """She was seen by a clinician on a day, who agreed to running. Clears what CAR01 holds, as no "none" does."""

    id: int
    recorded_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A physiotherapist or clinician was asked about leakage or heaviness that came back (SYM04)."""

    id: int
    recorded_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Her word that a clearance, a healing, or somebody seen or asked on a day was entered by mistake."""

    id: int
    recorded_at: datetime
    what: str  # "GAT01" | "GAT02" | "seen" | "asked"
    on: date  # what had been entered for this day never was


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualSession:
    """A run that no watch recorded, as she tells it: her word, and marked as such."""

    id: int
    recorded_at: datetime
    started_at: datetime
    jog_s: int
    walk_s: int  # 0: without a break
    repeats: int

    @property
    def identity(self) -> str:
        """Name it as recordings are named."""
        return f"by-hand-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice:
    """A plan of a physio's own, or the default one again, in force from an instant on (analysis/plan.py)."""

    id: int
    recorded_at: datetime
    at: datetime
    text: str | None  # the plan as TOML, kept whole; None: the default plan
    at_stage: int  # the stage of the next run
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameRun:
    """Her word on whether two recordings are of one run; None takes it back."""

    id: int
    recorded_at: datetime
    one: str  # identity
    other: str  # identity
    same: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A physio sets the stage."""

    id: int
    recorded_at: datetime
    at: datetime
    stage: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStart:
    """The day the plan began; runs before it are history. Without one the plan began at the birth."""

    id: int
    recorded_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting that can change a verdict, from an instant on.

    `zone` (IANA name), `rest.strict` ("true"/"false") or `weekly.at` ("sunday 18:00").
    """

    id: int
    recorded_at: datetime
    at: datetime
    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A recommendation as it was given to her. What was issued stays as issued."""

    id: int
    recorded_at: datetime  # the instant it was issued
    outcome: str  # "PROGRESS" | "HOLD"
    next_stage: int | None  # None: no running
    rules_version: str
    recommendation: dict[str, Any]  # the whole of it as JSON, for the report


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What she really did in a stretch of a recording: of overlapping ones the last entered is her word.

    It speaks of time, so it also holds for another recording of the same seconds.
    """

    id: int
    recorded_at: datetime
    recording: str  # identity of the recording that she looked at
    start: datetime
    end: datetime  # not included
    gait: Gait | None  # None takes back what was said of this stretch: the watch has the word again


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A recording that is to count for nothing, by her word: it was not her run, or it was the readiness test."""

    id: int
    recorded_at: datetime
    recording: str  # identity; another recording of the same time is not meant
    because: str | None  # None takes it back: the recording counts again


Fact = (
    Birth
    | Gate
    | LaterStart
    | Readiness
    | CheckIn
    | Seen
    | Override
    | PlanStart
    | Setting
    | Issued
    | Correction
    | Ignored
    | Asked
    | Foundation
    | ManualSession
    | PlanChoice
    | SameRun
    | TakenBack
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a runner (or her physio) told us."""

    births: tuple[Birth, ...] = ()
    gates: tuple[Gate, ...] = ()
    later_starts: tuple[LaterStart, ...] = ()
    readiness: tuple[Readiness, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    overrides: tuple[Override, ...] = ()
    plan_starts: tuple[PlanStart, ...] = ()
    settings: tuple[Setting, ...] = ()
    issued: tuple[Issued, ...] = ()
    seen: tuple[Seen, ...] = ()
    corrections: tuple[Correction, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    asked: tuple[Asked, ...] = ()
    foundation: tuple[Foundation, ...] = ()
    manual_sessions: tuple[ManualSession, ...] = ()
    plan_choices: tuple[PlanChoice, ...] = ()
    same_runs: tuple[SameRun, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()

    @property
    def last_id(self) -> int:
        """Give the number of the last fact that was told; 0 where there is none."""
        return max((fact.id for kind in fields(self) for fact in getattr(self, kind.name)), default=0)

    def told_after(self, id: int) -> list[datetime]:
        """Give when each fact was entered that came after one, by its number."""
        return [fact.recorded_at for kind in fields(self) for fact in getattr(self, kind.name) if fact.id > id]

    def gates_of(self, code: str) -> tuple[Gate, ...]:
        """Give what was recorded for GAT01 or GAT02 and stands."""
        return self._standing(code, (g for g in self.gates if g.code == code))

    def standing_seen(self) -> tuple[Seen, ...]:
        """Give when a clinician saw her, as far as it stands."""
        return self._standing("seen", self.seen)

    def standing_asked(self) -> tuple[Asked, ...]:
        """Give when somebody was asked, as far as it stands."""
        return self._standing("asked", self.asked)

    def _standing(self, what: str, told: Iterable[_OfADay]) -> tuple[_OfADay, ...]:
        """Leave out what was taken back after it was entered; entered once more after that it stands.

        By their numbers: a clock that was set right in between would turn the order round.
        """
        back = [(t.on, t.id) for t in self.taken_back if t.what == what]
        return tuple(one for one in told if not any(on == one.on and id > one.id for on, id in back))

    def birth_at(self, day: date) -> Birth | None:
        """Give the last birth up to a local day."""
        return max((b for b in self.births if b.on <= day), key=lambda b: b.on, default=None)

    def setting(self, key: str, at: datetime) -> str | None:
        """Give a setting in force at an instant."""
        mine = [s for s in self.settings if s.key == key and s.at <= at]
        return max(mine, key=lambda s: (s.at, s.recorded_at, s.id)).value if mine else None

    def zone_at(self, at: datetime) -> ZoneInfo:
        """Give her time zone at an instant: before the first time it was set, the first; UTC while none is known."""
        name = self.setting("zone", at)
        if name is None:
            zones = [s for s in self.settings if s.key == "zone"]
            name = min(zones, key=lambda s: (s.at, s.recorded_at, s.id)).value if zones else "UTC"
        try:
            return ZoneInfo(name)
        except (ValueError, KeyError):  # no such zone on this system
            return ZoneInfo("UTC")

    def strict_rest(self, at: datetime) -> bool:
        """Say whether every rest under 48 hours is a breach for her (`rest.strict`)."""
        return self.setting("rest.strict", at) == "true"

    def born_at(self, at: datetime) -> datetime | None:
        """Give the start of the day of the last birth: what was told before it belongs to another time."""
        birth = self.birth_at(at.astimezone(self.zone_at(at)).date())
        return None if birth is None else self._start_of(birth.on)

    def ignored_at(self, at: datetime) -> dict[str, str]:
        """Give the recordings that were ignored at an instant, by identity, and why."""
        known = sorted((i for i in self.ignored if i.recorded_at <= at), key=lambda i: (i.recorded_at, i.id))
        last = {i.recording: i.because for i in known}
        return {recording: because for recording, because in last.items() if because is not None}

    def corrections_at(self, at: datetime) -> tuple[Correction, ...]:
        """Give what had been corrected up to an instant, the last word last; not of recordings that are ignored."""
        ignored = self.ignored_at(at)
        known = (c for c in self.corrections if c.recorded_at <= at and c.recording not in ignored)
        return tuple(sorted(known, key=lambda c: (c.recorded_at, c.id)))

    def same_runs_at(self, at: datetime) -> dict[frozenset[str], bool]:
        """Give what she had said up to an instant of which recordings are of one run; her last word on each pair."""
        known = sorted((s for s in self.same_runs if s.recorded_at <= at), key=lambda s: (s.recorded_at, s.id))
        last = {frozenset((s.one, s.other)): s.same for s in known}
        return {pair: same for pair, same in last.items() if same is not None}

    def plan_began(self, at: datetime) -> datetime | None:
        """Give the instant from which runs count for the plan; None while nothing says so.

        It is the start of the day of the last birth, or of a later day that was set. A new birth after such a day
        resets it (rules.md §3).
        """
        today = at.astimezone(self.zone_at(at)).date()
        birth = self.birth_at(today)
        day = birth.on if birth else None
        if self.plan_starts:
            set_day = max(self.plan_starts, key=lambda s: (s.recorded_at, s.id)).on
            if set_day <= today and (day is None or set_day >= day):
                day = set_day
        return None if day is None else self._start_of(day)

    def _start_of(self, day: date) -> datetime:
        """Give the start of a local day, in the zone of that day: moving house later does not move it."""
        day = max(day, date(1900, 1, 1))
        zone = self.zone_at(datetime.combine(day, time(12), tzinfo=UTC))
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
