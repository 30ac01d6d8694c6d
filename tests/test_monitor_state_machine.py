"""Random lives, step by step: files in any order, answers and corrections, births, plans and zones that change.

Whatever anyone does, there is a verdict, PROGRESS is earned, and the same facts give the same verdict in any order and
through a real database. `python -m tests.test_monitor_state_machine 2000` runs so many lives.
"""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from analysis.bouts import Span
from monitor.answers import Bleeding, Heaviness, InBout, Leakage, Urgent, Window
from monitor.entries import taken_back
from monitor.facts import (
    Asked,
    Birth,
    Gate,
    ManualSession,
    Override,
    PlanChoice,
    PlanStart,
    SameRun,
    Seen,
    Setting,
    TakenBack,
)
from monitor.standing import stand
from monitor.store import Store
from tests.earned import assert_earned
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed

HOUR = timedelta(hours=1)
SYMPTOMS: tuple[dict[str, Any], ...] = (
    LEAK,
    {**NONE, "pain": 2},
    {**NONE, "pain": 4},
    {**NONE, "pain": 7},
    {**NONE, "heaviness": Heaviness.MILD},
    {**NONE, "heaviness": Heaviness.BULGE},
    {**NONE, "leakage": Leakage.WET, "in_bout": InBout.FINISHED},
    {**NONE, "bleeding": Bleeding.MORE},
    {**NONE, "gait_changed": True},
    {"urgent": frozenset({Urgent.FEVER})},
)
OWN_PLAN = (
    'name = "short"\nfirst_stage = 1\nstages = [\n'
    + "".join(f"  {{ stage = {n}, jog = {n + 1}, walk = 1, main_set = {12 + 2 * n} }},\n" for n in range(5))
    + "]\n"
)
ONE_STAGE = 'name = "one"\nfirst_stage = 1\nstages = [{ stage = 1, jog = 2, walk = 1, main_set = 15 }]\n'
EASIER_WEEK = (
    'name = "easier week"\nfirst_stage = 1\nstages = [\n'
    + "".join(
        f"  {{ stage = {n}, jog = {jog}, walk = {walk}, main_set = 20 }},\n"
        for n, (jog, walk) in enumerate(((1, 2), (1, 1.5), (1, 1), (1, 1.5), (1.5, 1), (3, 1)))
    )
    + "]\n"
)
WINDOWS = (Window.DURING, Window.AFTER, Window.NEXT_DAY)


class AnyLife(RuleBasedStateMachine):
    """One runner, to whom anything may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life.ready()
        self.now = MONDAY.astimezone(UTC)

    def _stage(self) -> int:
        standing = self.life.at(self.now)
        return standing.plan.clamp(standing.recommendation.next_stage or standing.plan.first_stage)

    @rule(hours=st.sampled_from([1, 8, 24, 24 * 7]), minutes=st.integers(0, 59))
    def time_goes_by(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(times=st.integers(2, 4), hours=st.sampled_from([48, 49, 71]), answered=st.booleans())
    def runs_as_told(self, times: int, hours: int, answered: bool) -> None:
        """Without good stretches PROGRESS would hardly ever be asked about."""
        for _ in range(times):
            plan = self.life.at(self.now).plan
            run = self.life.runs(self.now, as_prescribed(plan[self._stage()]))
            self.now = run.ended_at + timedelta(hours=hours)
            if answered:
                self.life.answers_all(run)

    @rule(weeks=st.integers(1, 3))
    def puts_things_in_order(self, weeks: int) -> None:
        """Ask and be seen, pass the movements, and run well for a while."""
        day = self.now.date()
        self.life.tell(Seen(id=0, recorded_at=self.now, on=day))
        self.life.tell(Asked(id=0, recorded_at=self.now, on=day))
        for code in ("GAT01", "GAT02"):
            self.life.tell(Gate(id=0, recorded_at=self.now, code=code, on=day))
        self.life.move(self.now)
        self.now += 24 * HOUR
        self.runs_as_told(times=3 * weeks, hours=49, answered=True)

    @rule(times=st.integers(2, 5))
    def runs_well(self, times: int) -> None:
        self.runs_as_told(times=times, hours=49, answered=True)

    @rule(
        what=st.sampled_from(["short", "one more", "two more"]),
        lost_s=st.sampled_from([0, 0, 90]),
        unclear_s=st.sampled_from([0, 0, 400]),
    )
    def runs_otherwise(self, what: str, lost_s: int, unclear_s: int) -> None:
        more = {"short": -1, "one more": 1, "two more": 2}[what]
        start = self.now
        spoilt = {
            "gaps": (Span(start=start + HOUR / 20, end=start + HOUR / 20 + timedelta(seconds=lost_s)),)
            if lost_s
            else (),
            "uncertain": (Span(start=start, end=start + timedelta(seconds=unclear_s)),) if unclear_s else (),
        }
        run = self.life.runs(start, as_prescribed(PLAN[PLAN.clamp(self._stage() + more)]), **spoilt)
        self.now = run.ended_at

    @rule(days=st.integers(1, 40), stage=st.integers(0, 17))
    def finds_an_old_file(self, days: int, stage: int) -> None:
        start = self.now - timedelta(days=days)
        if not any(start - 2 * HOUR < one.started_at < start + 2 * HOUR for one in self.life.observed):
            self.life.runs(start, stage)

    @precondition(lambda self: self.life.observed)
    @rule(
        back=st.integers(0, 4), what=st.sampled_from([NONE, NONE, *SYMPTOMS]), windows=st.sets(st.sampled_from(WINDOWS))
    )
    def answers(self, back: int, what: dict[str, Any], windows: set[Window]) -> None:
        run = self.life.observed[-1 - back % len(self.life.observed)]
        self.life.answers(run, self.now, windows, **what)

    @rule(what=st.sampled_from(SYMPTOMS))
    def logs_a_symptom(self, what: dict[str, Any]) -> None:
        self.life.answers(None, self.now, **what)

    @precondition(lambda self: self.life.facts.check_ins)
    @rule(back=st.integers(0, 5), what=st.sampled_from([NONE, LEAK, {}]))
    def corrects_an_answer(self, back: int, what: dict[str, Any]) -> None:
        entries = self.life.facts.check_ins
        entry = entries[-1 - back % len(entries)]
        blank = dict.fromkeys(("pain", "leakage", "heaviness", "bleeding", "in_bout", "gait_changed"))
        self.life.tell(replace(entry, recorded_at=self.now, replaces=entry.id, urgent=frozenset(), **{**blank, **what}))

    @precondition(lambda self: self.life.observed)
    @rule(back=st.integers(0, 4), undo=st.booleans())
    def leaves_a_run_out(self, back: int, undo: bool) -> None:
        run = self.life.observed[-1 - back % len(self.life.observed)]
        self.life.ignores(run, self.now, None if undo else "not my run")

    @precondition(lambda self: self.life.observed)
    @rule(back=st.integers(0, 2), gait=st.sampled_from(["walk", "jog", None]))
    def corrects_a_run(self, back: int, gait: str | None) -> None:
        run = self.life.observed[-1 - back % len(self.life.observed)]
        self.life.corrects(run, self.now, 60, 150, gait)

    @rule(stage=st.integers(-1, 19), dated_back_h=st.sampled_from([0, 0, 3, 30, 200]))
    def a_physio_sets_the_stage(self, stage: int, dated_back_h: int) -> None:
        at = self.now - dated_back_h * HOUR
        self.life.tell(Override(id=0, recorded_at=self.now, at=at, stage=stage, because="reviewed"))

    @rule(
        text=st.sampled_from([None, OWN_PLAN, ONE_STAGE, EASIER_WEEK]),
        stage=st.integers(0, 8),
        dated_back_h=st.sampled_from([0, 0, 3, 30]),
    )
    def another_plan_is_chosen(self, text: str | None, stage: int, dated_back_h: int) -> None:
        at = self.now - dated_back_h * HOUR
        self.life.tell(PlanChoice(id=0, recorded_at=self.now, at=at, text=text, at_stage=stage))

    @rule(days=st.integers(-2, 9))
    def the_plan_starts_later(self, days: int) -> None:
        self.life.tell(PlanStart(id=0, recorded_at=self.now, on=(self.now + timedelta(days=days)).date()))

    @rule(back_h=st.integers(1, 60), jog_s=st.sampled_from([60, 90, 300]), repeats=st.integers(1, 8))
    def logs_a_run_by_hand(self, back_h: int, jog_s: int, repeats: int) -> None:
        """Also over the time of a recording, or between two."""
        start = self.now - back_h * HOUR
        run = ManualSession(id=0, recorded_at=self.now, started_at=start, jog_s=jog_s, walk_s=120, repeats=repeats)
        self.life.tell(run)

    @precondition(lambda self: len(self.life.observed) > 1)
    @rule(back=st.integers(0, 3), same=st.sampled_from([True, True, False, None]))
    def says_whether_two_are_one_run(self, back: int, same: bool | None) -> None:
        one, other = self.life.observed[-1], self.life.observed[-2 - back % (len(self.life.observed) - 1)]
        self.life.tell(SameRun(id=0, recorded_at=self.now, one=one.identity, other=other.identity, same=same))

    @precondition(lambda self: self.life.facts.gates)
    @rule(back=st.integers(0, 3), anew=st.booleans())
    def a_gate_was_a_slip(self, back: int, anew: bool) -> None:
        """It is closed again, or entered once more later."""
        gate = self.life.facts.gates[-1 - back % len(self.life.facts.gates)]
        self.life.tell(TakenBack(id=0, recorded_at=self.now, what=gate.code, on=gate.on))
        if anew:
            self.life.tell(replace(gate, recorded_at=self.now, on=self.now.date()))

    @precondition(lambda self: self.life.facts.check_ins)
    @rule(back=st.integers(0, 3))
    def takes_an_answer_back(self, back: int) -> None:
        entries = self.life.facts.check_ins
        self.life.tell(taken_back(entries[-1 - back % len(entries)], self.now))

    @precondition(lambda self: self.life.observed)
    @rule(back=st.integers(0, 2), late_h=st.integers(1, 90), what=st.sampled_from([NONE, *SYMPTOMS]))
    def answers_come_in_late(self, back: int, late_h: int, what: dict[str, Any]) -> None:
        """Filled in on a phone, and read hours or days later."""
        run = self.life.observed[-1 - back % len(self.life.observed)]
        self.life.answers(run, self.now, WINDOWS, **what, answered_at=self.now - late_h * HOUR)

    @rule(seen=st.booleans())
    def somebody_is_asked(self, seen: bool) -> None:
        self.life.tell((Seen if seen else Asked)(id=0, recorded_at=self.now, on=self.now.date()))

    @rule(hop=st.booleans())
    def does_the_movements(self, hop: bool) -> None:
        self.life.move(self.now, hop=hop)

    @rule(chance=st.integers(0, 19))
    def gives_birth(self, chance: int) -> None:
        if chance == 7:
            self.life.tell(Birth(id=0, recorded_at=self.now, on=self.now.date()))

    @rule(
        key=st.sampled_from(["zone", "zone", "rest.strict"]), name=st.sampled_from(["Asia/Tokyo", "America/New_York"])
    )
    def changes_a_setting(self, key: str, name: str) -> None:
        value = name if key == "zone" else "true"
        self.life.tell(Setting(id=0, recorded_at=self.now, at=self.now, key=key, value=value))

    @rule()
    def is_told(self) -> None:
        self.life.issue(self.now)

    @rule(back_h=st.integers(1, 30), chance=st.integers(0, 4))
    def the_clock_is_set_back(self, back_h: int, chance: int) -> None:
        if chance == 3:
            self.now -= timedelta(hours=back_h)

    @invariant()
    def there_is_a_verdict_and_progress_is_earned(self) -> None:
        assert_earned(stand(self.life.facts, self.life.observed, self.now, present=True))

    def teardown(self) -> None:
        """The same facts say the same in another order, and out of a real database."""
        life, now = self.life, self.now
        said = life.at(now).recommendation.as_json()
        chance = random.Random(len(life.observed))
        kinds = type(life.facts).__slots__
        mixed = {
            kind: tuple(chance.sample(getattr(life.facts, kind), len(getattr(life.facts, kind)))) for kind in kinds
        }
        files = chance.sample(life.observed, len(life.observed))
        assert stand(replace(life.facts, **mixed), files, now).recommendation.as_json() == said
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "restride.db") as store:
            runner = store.add_runner("Ada", datetime(2026, 1, 1, tzinfo=UTC))
            told = [f for kind in type(life.facts).__slots__ for f in getattr(life.facts, kind)]
            store.add_facts(runner, sorted(told, key=lambda fact: fact.id))
            assert stand(store.facts(runner), life.observed, now).recommendation.as_json() == said


AnyLife.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyLife = AnyLife.TestCase


if __name__ == "__main__":
    lives = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=lives, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(f"{lives} lives: nothing found")
