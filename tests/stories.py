"""Lives told in code: runs as she did them, answers as she gave them, and the plan's word on each.

Nothing is read from files here: sessions are made from exact bouts, so that a limit can be met to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from analysis.bouts import Bout, Gait, Observed, Span
from analysis.plan import Prescription, default_plan
from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.facts import Birth, Correction, Facts, Gate, Ignored, Issued, Override, Setting
from monitor.foundation import MOVEMENTS, Readiness
from monitor.recommendation import RULES_VERSION
from monitor.standing import Standing, stand
from monitor.store.fact_codec import KINDS

PLACES = {kind: place for _, kind, place in KINDS}
LISBON = ZoneInfo("Europe/Lisbon")
PLAN = default_plan()
BIRTH = date(2026, 1, 5)
MONDAY = datetime(2026, 6, 1, 7, tzinfo=LISBON)  # a Monday, 147 days after the birth, no clock change near
NONE: dict[str, Any] = {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}
LEAK: dict[str, Any] = {**NONE, "leakage": Leakage.DROPS}


def bouts_of(start: datetime, pieces: Iterable[tuple[str, float]]) -> tuple[Bout, ...]:
    """Lay (gait, seconds) pieces end to end."""
    bouts = []
    for gait, seconds in pieces:
        end = start + timedelta(seconds=seconds)
        bouts.append(Bout(gait=Gait(gait), start=start, end=end))
        start = end
    return tuple(bouts)


def as_prescribed(stage: Prescription, *, late_s: float = 0.0) -> list[tuple[str, float]]:
    """Give the pieces of a session that does its stage, stopping each jog `late_s` late."""
    pieces: list[tuple[str, float]] = []
    left = stage.main_set_s
    while left > 0:
        jog = min(stage.jog_s, left)
        pieces.append(("jog", jog + late_s))
        left -= jog
        walk = min(stage.walk_s, left)
        if walk:
            pieces.append(("walk", walk - min(late_s, walk / 2)))
            left -= walk
    return pieces


def run(
    start: datetime,
    pieces: Iterable[tuple[str, float]],
    *,
    identity: str | None = None,
    sport: str = "running",
    offset: timedelta | None = None,
    uncertain: tuple[Span, ...] = (),
    gaps: tuple[Span, ...] = (),
    sd_s: float = 0.0,
    **more: Any,
) -> Observed:
    """Make what a recording would let us say, with exact bouts."""
    start = start.astimezone(UTC)
    bouts = bouts_of(start, pieces)
    return Observed(
        identity=identity or f"run-{start.isoformat()}",
        file_name="run.fit",
        format="fit",
        device="a watch",
        sport=sport,
        sub_sport="generic",
        started_at=start,
        ended_at=bouts[-1].end,
        utc_offset=offset,
        bouts=bouts,
        uncertain=uncertain,
        gaps=gaps,
        boundary_sd_s=sd_s,
        **more,
    )


@dataclass
class Life:
    """One runner's life: what she does is added, where she stands is asked."""

    zone: tzinfo = LISBON
    observed: list[Observed] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    next_id: int = 1

    @classmethod
    def ready(cls, *, since: datetime = MONDAY - timedelta(days=1)) -> Life:
        """Begin with every gate met, the day before."""
        life = cls()
        life.tell(Birth(id=0, recorded_at=since, on=BIRTH))
        life.tell(Setting(id=0, recorded_at=since, at=since, key="zone", value="Europe/Lisbon"))
        for code in ("GAT01", "GAT02"):
            life.tell(Gate(id=0, recorded_at=since, code=code, on=BIRTH + timedelta(days=60)))
        life.move(since)
        return life

    def tell(self, fact: Any) -> Any:
        """Add a fact."""
        fact = replace(fact, id=self.next_id)
        self.next_id += 1
        kind = PLACES[type(fact)]
        self.facts = replace(self.facts, **{kind: (*getattr(self.facts, kind), fact)})
        return fact

    def move(self, at: datetime, **failed: bool) -> None:
        """Do the seven movements; `hop=False` fails one."""
        results = {word: failed.get(word.replace("-", "_"), True) for word in MOVEMENTS}
        self.tell(Readiness(id=0, recorded_at=at, done_at=at, results=results))

    def runs(self, start: datetime, pieces: Iterable[tuple[str, float]] | int, **more: Any) -> Observed:
        """Run: a stage number for exactly that stage, or pieces."""
        pieces = as_prescribed(PLAN[pieces]) if isinstance(pieces, int) else pieces
        observed = run(start, pieces, **more)
        self.observed.append(observed)
        return observed

    def answers(
        self, about: Observed | None, at: datetime, windows: Iterable[Window] = (Window.ANY,), **fields: Any
    ) -> None:
        """Answer a check-in; with no fields, none to everything."""
        self.tell(
            CheckIn(
                id=0,
                recorded_at=at.astimezone(UTC),
                recording=about.identity if about else None,
                windows=frozenset(windows),
                **(fields or NONE),
            )
        )

    def says(self, at: datetime, *, what: dict[str, Any], replaces: int | None = None, **more: Any) -> CheckIn:
        """Log an entry about no run."""
        fields: dict[str, Any] = {"windows": frozenset({Window.ANY}), **what, **more}
        told: CheckIn = self.tell(
            CheckIn(id=0, recorded_at=at.astimezone(UTC), recording=None, replaces=replaces, **fields)
        )
        return told

    def answers_all(self, about: Observed, *, evening: dict[str, Any] = NONE, morning: dict[str, Any] = NONE) -> None:
        """Answer in the evening of the run and the next morning, as the check-in asks."""
        end = about.ended_at
        self.answers(about, end + timedelta(hours=1), (Window.DURING, Window.AFTER), **evening)
        next_morning = (end.astimezone(self.zone) + timedelta(days=1)).replace(hour=8, minute=0)
        self.answers(about, max(next_morning, end + timedelta(hours=9)), (Window.NEXT_DAY,), **morning)

    def corrects(self, about: Observed, at: datetime, start_s: float, end_s: float, gait: str | None) -> None:
        """Say what she really did in a stretch of a run, in seconds from its start; with None take it back."""
        self.tell(
            Correction(
                id=0,
                recorded_at=at.astimezone(UTC),
                recording=about.identity,
                start=about.started_at + timedelta(seconds=start_s),
                end=about.started_at + timedelta(seconds=end_s),
                gait=None if gait is None else Gait(gait),
            )
        )

    def ignores(self, about: Observed, at: datetime, because: str | None = "not my run") -> None:
        """Leave a recording out; with None take that back."""
        self.tell(Ignored(id=0, recorded_at=at.astimezone(UTC), recording=about.identity, because=because))

    def a_physio_sets(self, at: datetime, stage: int, *, entered: datetime | None = None) -> None:
        """Set the stage, from an instant on, entered then or later."""
        self.tell(Override(id=0, recorded_at=entered or at, at=at, stage=stage, because="assessed"))

    def at(self, as_of: datetime) -> Standing:
        """Ask where she stands."""
        return stand(self.facts, self.observed, as_of.astimezone(UTC))

    def issue(self, as_of: datetime) -> Standing:
        """Ask where she stands and issue it, as the commands do."""
        standing = self.at(as_of)
        said = standing.recommendation
        self.issue_as_told(as_of, outcome=said.outcome.value, stage=said.next_stage)
        return standing

    def issue_as_told(self, as_of: datetime, *, stage: int | None, outcome: str = "HOLD") -> None:
        """Issue a recommendation whatever the plan says."""
        self.tell(
            Issued(
                id=0,
                recorded_at=as_of.astimezone(UTC),
                outcome=outcome,
                next_stage=stage,
                rules_version=RULES_VERSION,
                recommendation={},
            )
        )


def codes(standing: Standing) -> set[str]:
    """Give the codes of the reasons of what is recommended."""
    return {reason.code for reason in standing.recommendation.reasons}


def two_clean_runs() -> Life:
    """Run stage 1 on Monday at 07:00 and on Wednesday at 08:00, both clean: Friday at 09:00 would be a step up."""
    life = Life.ready()
    for days in (0, 2):
        life.answers_all(life.runs(MONDAY + timedelta(days=days, hours=days / 2), 1))
    return life


def lives(
    weeks: int,
    *,
    days: tuple[int, ...] = (0, 2, 4),
    jitter: Callable[[int], timedelta] = lambda _: timedelta(),
    perform: Callable[[int, Prescription], list[tuple[str, float]]] = lambda _, stage: as_prescribed(stage),
    answer: Callable[[int, Life, Observed], None] = lambda _, life, observed: life.answers_all(observed),
    issue: bool = True,
    **more: Any,
) -> tuple[Life, list[tuple[int, int | None]]]:
    """Live some weeks: run on those weekdays at 07:00 what the plan says, and answer.

    Returns:
        The life, and for each run (week counted from 1, the stage the plan gave her for it).
    """
    life = Life.ready()
    stages: list[tuple[int, int | None]] = []
    n = 0
    for week in range(weeks):
        for weekday in days:
            start = MONDAY + timedelta(days=7 * week + weekday) + jitter(n)
            said = (life.issue if issue else life.at)(start - timedelta(minutes=5)).recommendation
            stages.append((week + 1, said.next_stage))
            if said.prescription is not None:
                observed = life.runs(start, perform(n, said.prescription), **more)
                answer(n, life, observed)
            n += 1
    return life, stages


def offset(hours: float) -> timezone:
    """Give a fixed zone."""
    return timezone(timedelta(hours=hours))
