"""The gates at their edges, and what each of them says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.facts import Birth, Facts, LaterStart, PlanStart
from monitor.foundation import MOVEMENTS, Readiness
from monitor.rules import gat04, gates
from tests.edges import DAY, FRIDAY, WEDNESDAY, runs, said
from tests.stories import MONDAY, Life


def test_readiness_lapses_in_a_break_before_the_plan_began_too() -> None:
    """She ran, stopped for 40 days, ran again, then began the plan: the movements are from before the break."""
    life = Life.ready()
    life.runs(MONDAY, 1)
    life.runs(MONDAY + 40 * DAY, 1)
    life.tell(PlanStart(id=0, recorded_at=MONDAY + 41 * DAY, on=(MONDAY + 41 * DAY).date()))
    assert said(life, MONDAY + 42 * DAY) == ("HOLD", None, ["GAT04"])


def test_a_later_start_blames_no_run_before_it_was_said() -> None:
    life = Life.ready()
    runs(life, MONDAY)
    life.tell(LaterStart(id=0, recorded_at=WEDNESDAY, not_before=FRIDAY.date() + DAY, because="scar"))
    standing = life.at(WEDNESDAY)
    assert [f.code for f in standing.judged[-1].findings] == []
    assert standing.recommendation.gates[2].message == "no running before 2026-06-06 (set by your physio)"


def test_each_gate_says_what_is_missing_and_what_to_type() -> None:
    assert [g.message for g in gates.states(Facts(), MONDAY, readiness_since=None)] == [
        "no clearance from your birth provider is recorded: `restride gate clearance --on DATE`",
        "it is not recorded that birth injuries have healed (or that there were none): "
        "`restride gate healed --on DATE`",
        "the date of the birth is not recorded: `restride init --birth DATE`",
        "the seven readiness movements are to be done: `restride readiness`",
    ]


def test_each_gate_that_is_met_says_since_when() -> None:
    life = Life.ready()
    assert [g.message for g in gates.states(life.facts, MONDAY, readiness_since=None)] == [
        "medical clearance: 2026-03-06",
        "birth injuries healed: 2026-03-06",
        "12 weeks since the birth: since 2026-03-30",
        "readiness movements: all seven passed",
    ]
    early = gates.states(life.facts, datetime(2026, 3, 29, 22, tzinfo=UTC), readiness_since=None)[2]
    assert early.message == "no running before 2026-03-30 (84 days after the birth)"


def test_movements_that_are_to_be_repeated_are_named_with_what_got_worse() -> None:
    life = Life.ready()
    results = dict.fromkeys(MOVEMENTS, True) | {"hop": False, "bound": False}
    del results["walk"], results["balance"]
    done = Readiness(
        id=1,
        recorded_at=MONDAY,
        done_at=MONDAY,
        results=results,
        sides={"hop": "left"},
        worsened={"hop": "leakage", "bound": "pain"},
    )
    facts = replace(life.facts, readiness=(done,))
    assert gat04.state(facts, MONDAY, None).message == (
        f"to be repeated and passed: {MOVEMENTS['hop']} (left; leakage); {MOVEMENTS['bound']} (pain); "
        f"still to be done: {MOVEMENTS['walk']}; {MOVEMENTS['balance']}"
    )
    silent = replace(done, sides={}, worsened={}, results=dict.fromkeys(MOVEMENTS, True) | {"hop": False})
    assert gat04.state(replace(life.facts, readiness=(silent,)), MONDAY, None).message == (
        f"to be repeated and passed: {MOVEMENTS['hop']}"
    )
    never = gat04.state(replace(life.facts, readiness=()), MONDAY, MONDAY)
    assert never.message == "the seven readiness movements are to be done: `restride readiness`"
    lapsed = gat04.state(life.facts, MONDAY, MONDAY)
    assert lapsed.message == (
        "the seven readiness movements are to be done again, after more than 28 days without running: "
        "`restride readiness`"
    )


def test_movements_count_from_their_instant_and_on_the_very_day_of_a_birth() -> None:
    life = Life.ready(since=MONDAY)
    assert gat04.state(life.facts, MONDAY, None).met
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date()))
    assert gat04.state(life.facts, MONDAY, None).met
    assert {one.on for one in gat04.tried(life.facts, MONDAY, None).values()} == {date(2026, 6, 1)}


@pytest.fixture
def _machine_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot be told another zone")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_machine_in_tokyo")
def test_the_first_day_to_run_is_told_in_the_same_words_on_any_machine() -> None:
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY, on=MONDAY.date() - 80 * DAY))
    for gate in life.facts.gates:
        life.tell(type(gate)(id=0, recorded_at=MONDAY, code=gate.code, on=MONDAY.date()))
    opens = life.at(MONDAY).recommendation.earliest_next_run
    assert opens is not None
    assert opens.isoformat() == "2026-06-04T23:00:00+00:00"


@pytest.mark.usefixtures("_machine_in_tokyo")
def test_the_day_of_a_birth_begins_by_her_clock_and_not_by_the_machines() -> None:
    """Sunday evening in Lisbon is Monday in Tokyo: what she did before Monday's birth still counts on Sunday."""
    life = Life.ready()
    life.tell(Birth(id=0, recorded_at=MONDAY - DAY, on=MONDAY.date()))
    assert gat04.state(life.facts, MONDAY.replace(hour=22) - DAY, None).met
