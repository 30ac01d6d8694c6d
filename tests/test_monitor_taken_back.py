"""A slip of the finger on what opens the way to running can be taken back: nothing else would ever close it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.answers import Heaviness, Urgent
from monitor.facts import Asked, Gate, Seen, TakenBack
from monitor.recommendation import Outcome
from tests.command import Restride
from tests.stories import BIRTH, LEAK, MONDAY, NONE, Life, codes, two_clean_runs

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY + timedelta(hours=2)
BULGE: dict[str, Any] = {**NONE, "heaviness": Heaviness.BULGE}
HEALED_ON = BIRTH + 60 * DAY


def takes_back(life: Life, what: str, on: Any, at: Any) -> None:
    life.tell(TakenBack(id=0, recorded_at=at, what=what, on=on))


@pytest.mark.parametrize("code", ["GAT01", "GAT02"])
def test_a_gate_that_was_opened_by_mistake_is_closed_again(code: str) -> None:
    """She typed `healed` for `clearance`: with a wound that has not healed the plan would send her up."""
    life = two_clean_runs()
    takes_back(life, code, HEALED_ON, FRIDAY - DAY)
    said = life.at(FRIDAY).recommendation
    assert (said.outcome, said.next_stage) == (Outcome.HOLD, None)
    assert code in {r.code for r in said.reasons}


def test_what_was_run_behind_a_gate_that_never_was_open_is_not_clean() -> None:
    """Healed later for true, two runs on an open wound must not be the two that carry a step up."""
    life = two_clean_runs()
    takes_back(life, "GAT02", HEALED_ON, FRIDAY - DAY)
    life.tell(Gate(id=0, recorded_at=FRIDAY - DAY, code="GAT02", on=(FRIDAY - DAY).date()))
    said = life.at(FRIDAY).recommendation
    assert (said.outcome, said.next_stage) == (Outcome.HOLD, 1)
    assert "GAT02" in {r.code for r in said.reasons}


def test_another_day_or_another_gate_stays_recorded() -> None:
    life = two_clean_runs()
    takes_back(life, "GAT02", HEALED_ON + DAY, FRIDAY - DAY)
    takes_back(life, "seen", HEALED_ON, FRIDAY - DAY)
    assert life.at(FRIDAY).recommendation.outcome is Outcome.PROGRESS


def test_entered_once_more_it_stands() -> None:
    life = two_clean_runs()
    takes_back(life, "GAT02", HEALED_ON, FRIDAY - DAY)
    life.tell(Gate(id=0, recorded_at=FRIDAY - DAY, code="GAT02", on=HEALED_ON))
    assert life.at(FRIDAY).recommendation.outcome is Outcome.PROGRESS


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(days=400)])
def test_a_clock_that_was_set_right_in_between_turns_nothing_round(ahead: timedelta) -> None:
    """Entered by a clock that ran ahead, taken back by one that is right: the gate must close, and open again."""
    life = two_clean_runs()
    wrong = HEALED_ON + DAY
    life.facts = replace(life.facts, gates=tuple(g for g in life.facts.gates if g.code != "GAT02"))
    life.tell(Gate(id=0, recorded_at=FRIDAY - DAY + ahead, code="GAT02", on=wrong))
    takes_back(life, "GAT02", wrong, FRIDAY - DAY)
    assert "GAT02" in codes(life.at(FRIDAY))
    life.tell(Gate(id=0, recorded_at=FRIDAY - DAY, code="GAT02", on=wrong))
    assert "GAT02" not in codes(life.at(FRIDAY))


@pytest.mark.parametrize("what", [BULGE, {**NONE, "urgent": frozenset({Urgent.CHEST_PAIN})}], ids=["CAR01", "CAR02"])
def test_a_clinician_who_never_saw_her_clears_nothing(what: dict[str, Any]) -> None:
    """One wrong word let her run with a bulge; taken back, there is no running again until somebody has seen her."""
    life = Life.ready()
    life.answers(None, MONDAY, **what)
    life.tell(Seen(id=0, recorded_at=MONDAY + DAY, on=(MONDAY + DAY).date()))
    held = {"CAR01", "CAR02"}
    assert not codes(life.at(FRIDAY)) & held
    takes_back(life, "seen", (MONDAY + DAY).date(), MONDAY + 2 * DAY)
    assert codes(life.at(FRIDAY)) & held
    assert life.at(FRIDAY).recommendation.next_stage is None


@pytest.mark.parametrize(("what", "kind"), [("asked", Asked), ("seen", Seen)])
def test_a_physiotherapist_who_was_never_asked_settles_no_leakage(what: str, kind: type[Asked] | type[Seen]) -> None:
    life = Life.ready()
    for days in (0, 2):
        life.answers_all(life.runs(MONDAY + timedelta(days=days, hours=days / 2), 1), evening=LEAK)
    on = (MONDAY + 5 * DAY).date()
    life.tell(kind(id=0, recorded_at=MONDAY + 5 * DAY, on=on))
    later = MONDAY + 20 * DAY
    assert "SYM04" not in codes(life.at(later))
    takes_back(life, what, on, MONDAY + 6 * DAY)
    assert "SYM04" in codes(life.at(later))


def test_the_command_takes_back_what_it_recorded_and_names_the_days_there_are(tmp_path: Path) -> None:
    now = "2026-03-02T20:00+00:00"
    restride = Restride(tmp_path / "data").ready()
    healed = restride("gate", "--json", now=now).json["gates"]
    assert {g["code"]: g["met"] for g in healed}["GAT02"]
    [day] = {w for w in next(g["message"] for g in healed if g["code"] == "GAT02").split() if w[:2] == "20"}
    wrong = restride("gate", "healed", "--on", "2026-03-01", "--take-back", now=now)
    assert (wrong.code, day in wrong.stderr) == (1, True)
    assert restride("gate", "healed", "--on", day, "--take-back", now=now).code == 0
    assert not {g["code"]: g["met"] for g in restride("gate", "--json", now=now).json["gates"]}["GAT02"]
    assert "GAT02" in restride("week", now=now).stdout
    assert restride("report", "-o", str(tmp_path / "r.html"), now=now).code == 0
    for what in ("seen", "asked"):
        assert restride("gate", what, "--on", "2026-03-01", now=now).code == 0
        assert restride("gate", what, "--on", "2026-03-01", "--take-back", now=now).code == 0
        again = restride("gate", what, "--on", "2026-03-01", "--take-back", now=now)
        assert (again.code, "nothing is recorded" in again.stderr) == (1, True)
