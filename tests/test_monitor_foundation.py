"""Before any running: what was done is kept as she said it and shown kindly, and no rule rests on it but the gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from monitor.foundation import Foundation, FoundationDay, Group, foundation_days
from monitor.report.make_report import report_of
from monitor.rules import gat04
from tests.command import Restride, write_run
from tests.stories import LISBON, MONDAY, Life

CORE, HIPS, DRILLS = Group.CORE, Group.HIPS, Group.DRILLS
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRIDAY = "2026-03-06T20:00+00:00"


def said(*groups: Group, after_h: float = 0, on: date = DAY, note: str | None = None) -> Foundation:
    at = NOON + after_h * HOUR
    return Foundation(id=round(after_h * 10) + 1, recorded_at=at, on=on, groups=frozenset(groups), note=note)


def test_what_is_said_of_a_day_adds_up_until_it_is_taken_back() -> None:
    """The evening's drills must not wipe out the morning's core, nor a slip stay for ever."""
    told = [said(CORE, note="slow"), said(DRILLS, after_h=1, note="slow"), said(HIPS, on=date(2026, 3, 1))]
    assert foundation_days(told, NOON + HOUR) == (
        FoundationDay(on=date(2026, 3, 1), groups=frozenset({HIPS}), notes=()),
        FoundationDay(on=DAY, groups=frozenset({CORE, DRILLS}), notes=("slow",)),
    )
    told.append(said(after_h=2))
    assert [day.on for day in foundation_days(told, NOON + 2 * HOUR)] == [date(2026, 3, 1)]
    assert len(foundation_days(told, NOON + HOUR)) == 2  # as it stood before
    told.append(said(HIPS, after_h=3))
    assert foundation_days(told, NOON + 3 * HOUR)[-1].groups == {HIPS}


def test_the_order_in_which_days_are_stored_does_not_matter() -> None:
    told = [said(CORE), said(after_h=1), said(DRILLS, after_h=2)]
    assert {foundation_days(order, NOON + 5 * HOUR) for order in permutations(told)} == {
        (FoundationDay(on=DAY, groups=frozenset({DRILLS}), notes=()),)
    }


def test_no_verdict_rests_on_foundation_days() -> None:
    """A rule hidden in a log that she was told is only shown would be a trap."""
    life = Life.ready()
    before = life.at(MONDAY).recommendation
    days = tuple(said(CORE, HIPS, DRILLS, on=DAY + timedelta(days=n)) for n in range(60))
    life.facts = replace(life.facts, foundation=days)
    assert life.at(MONDAY).recommendation == before


def test_the_gate_names_the_side_and_what_got_worse() -> None:
    life = Life.ready()
    go = life.facts.readiness[-1]
    failed = replace(
        go,
        id=99,
        recorded_at=go.recorded_at + HOUR,
        results={**go.results, "hop": False, "jog": False},
        sides={"hop": "left"},
        worsened={"hop": "leakage"},
    )
    life.facts = replace(life.facts, readiness=(go, failed))
    state = gat04.state(life.facts, MONDAY, None)
    assert state.message == (
        "to be repeated and passed: jog in place 1 minute; single-leg hop in place, 10 each side (left; leakage)"
    )
    assert "(left; leakage)" in life.at(MONDAY).recommendation.reasons[0].message
    again = replace(failed, id=100, recorded_at=go.recorded_at + 2 * HOUR, results={"hop": True, "jog": True})
    life.facts = replace(life.facts, readiness=(go, failed, replace(again, sides={}, worsened={})))
    assert gat04.state(life.facts, MONDAY, None).met
    assert all(one.why == "" for one in gat04.tried(life.facts, MONDAY, None).values())


def test_two_words_at_one_instant_are_taken_as_the_careful_one() -> None:
    life = Life.ready()
    go = life.facts.readiness[-1]
    failed = replace(go, id=99, results={"hop": False}, worsened={"hop": "pain"})
    for both in ((go, failed), (failed, go)):
        life.facts = replace(life.facts, readiness=both)
        assert gat04.tried(life.facts, MONDAY, None)["hop"].worsened == "pain"


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    restride = Restride(tmp_path / "data")
    told = ("--birth", "2025-12-20", "--cleared", "2026-01-25", "--zone", "Europe/Lisbon")
    assert restride("init", *told, now="2026-02-20T09:00+00:00").code == 0
    return restride


def test_days_are_logged_listed_and_taken_back(restride: Restride) -> None:
    assert restride("foundation", now=FRIDAY).stdout.startswith("No foundation exercises are logged since")
    first = restride("foundation", "log", "--core", "--drills", "--note", "with the band", now=FRIDAY)
    assert first.stdout == "Fri 6 Mar 2026: core and pelvic floor; low-impact drills.\n"
    assert restride("foundation", "log", "--hips", now=FRIDAY).stdout.endswith("glutes, hips and back; "
                                                                              "low-impact drills.\n")  # fmt: skip
    assert restride("foundation", "log", "--hips", "--on", "2026-02-10", now=FRIDAY).code == 0
    listed = restride("foundation", now=FRIDAY).stdout
    assert "Note: “with the band”" in listed
    assert "Tue 10 Feb" not in restride("foundation", "--weeks", "2", now=FRIDAY).stdout
    assert [day["on"] for day in restride("foundation", "--json", "--weeks", "5", now=FRIDAY).json["days"]] == [
        "2026-02-10",
        "2026-03-06",
    ]
    assert restride("foundation", "log", "--none", now=FRIDAY).code == 0
    assert [day["on"] for day in restride("foundation", "--json", now=FRIDAY).json["days"]] == ["2026-02-10"]


@pytest.mark.parametrize(
    ("typed", "code", "expected"),
    [
        ((), 1, "nothing was said; name what was done"),
        (("--note", "slow"), 1, "nothing was said; name what was done"),
        (("--none",), 1, "nothing is logged of Fri 6 Mar 2026"),
        (("--none", "--core"), 2, "say it alone"),
        (("--core", "--on", "2026-03-07"), 1, "2026-03-07 is still to come"),
        (("--core", "--on", "2025-12-19"), 1, "2025-12-19 is before the birth"),
        (("--core", "--on", "last week"), 2, "is no date"),
    ],
)
def test_what_cannot_be_meant_is_refused(restride: Restride, typed: tuple[str, ...], code: int, expected: str) -> None:
    refused = restride("foundation", "log", *typed, now=FRIDAY)
    assert (refused.code, refused.stdout) == (code, "")
    assert expected in " ".join(refused.stderr.split())
    assert restride("foundation", "--json", now=FRIDAY).json["days"] == []


def test_a_failed_movement_shows_its_date_side_and_symptom_wherever_gates_are_shown(restride: Restride) -> None:
    """Her physiotherapist wants to know which side, and what came."""
    typed = ("--failed", "hop:left:leakage", "--failed", "squat:not-possible")
    assert restride("readiness", *typed, now=FRIDAY).code == 0
    wanted = "single-leg hop in place, 10 each side: not passed (left; leakage), Fri 6 Mar 2026"
    for shown in (restride("gate", now=FRIDAY).stdout, restride("readiness", now=FRIDAY).stdout):
        assert wanted in " ".join(shown.split())
        assert "10 each side (not possible)" in " ".join(shown.split())
    for command in ("gate", "readiness"):
        movements = {m["movement"]: m for m in restride(command, "--json", now=FRIDAY).json["movements"]}
        assert len(movements) == 7
        hop = movements["hop"]
        assert (hop["passed"], hop["side"], hop["worsened"], hop["on"]) == (False, "left", "leakage", "2026-03-06")
    page = Path(restride("report", now=FRIDAY).stdout.strip()).read_text(encoding="utf-8")
    assert wanted in page


def test_before_the_gates_are_met_a_week_says_how_far_she_is(restride: Restride, tmp_path: Path) -> None:
    for sport, day in (("cycling", 3), ("walking", 4), ("swimming", 5)):
        file = write_run(tmp_path, f"2026-03-{day:02d}T17:00+00:00", [("walk", 1800.0)], sport=sport, seed=day)
        assert restride("import", str(file), now=FRIDAY).code == 0
    assert restride("foundation", "log", "--core", "--drills", now="2026-03-02T20:00+00:00").code == 0
    assert restride("foundation", "log", "--core", now="2026-03-04T20:00+00:00").code == 0
    assert restride("readiness", "--failed", "hop", now=FRIDAY).code == 0
    week = restride("week", now=FRIDAY)
    ahead = " ".join(week.stdout.partition("On the way to the first run\n")[2].split())
    for part in (
        "Clearance recorded",
        "Healed not recorded yet",
        "Since the birth 76 of 84 days",
        "Movements 6 of 7 passed",
        "Foundation core and pelvic floor on 2 days; low-impact drills on 1 day",
        "No run; 2 cross-training sessions; 1 walk.",
        "Tue 3 Mar, 17:00: cycling, 30 min",
        "Thu 5 Mar, 17:00: swimming, 30 min",
    ):
        assert part in ahead, ahead
    said = " ".join(week.stdout.split())
    assert "There is no hurry: the walks, cross-training and foundation exercises of this time are part" in said
    assert "A pelvic-health physiotherapist can help you in starting." in said
    assert all(len(line) <= 80 for line in week.stdout.splitlines())
    content = restride("week", "--json", now=FRIDAY).json
    assert content["before_running"] == {"days_since_birth": 76, "movements_passed": 6}
    assert [day["on"] for day in content["foundation"]] == ["2026-03-02", "2026-03-04"]


def test_once_the_gates_are_met_a_week_speaks_of_running_alone(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("foundation", "log", "--core", now=FRIDAY).code == 0
    week = restride("week", now=FRIDAY).stdout
    assert "On the way" not in week
    assert "Fri 6 Mar: core and pelvic floor." in week
    assert restride("week", "--json", now=FRIDAY).json["before_running"] is None


def test_cross_training_stands_in_every_week_and_is_no_run(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    ride = write_run(tmp_path, "2026-03-03T17:00+00:00", [("jog", 1800.0)], sport="cycling")
    assert restride("import", str(ride), now=FRIDAY).code == 0
    week = restride("week", now=FRIDAY).stdout
    assert "Walks and other training\n  - Tue 3 Mar, 17:00: cycling, 30 min" in week
    assert "No run; 1 cross-training session." in week
    later = restride("week", "--week", "2026-W10", now="2026-03-20T20:00+00:00").stdout
    assert "Tue 3 Mar, 17:00: cycling, 30 min" in later


def test_the_report_shows_foundation_days_week_by_week_from_the_first_on() -> None:
    life = Life.ready()
    life.facts = replace(life.facts, foundation=(said(CORE, note="in the <garden>"),))
    standing = life.at(MONDAY)
    first = report_of(standing, runner_name="Ana", zone=LISBON).weeks[0]
    assert first.id == "2026-W10"
    (told,) = (day.foundation for day in first.days if day.foundation is not None)
    assert (first.days[0].foundation, told.text, told.notes) == (told, "core and pelvic floor", ("in the <garden>",))
