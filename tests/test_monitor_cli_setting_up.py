"""Setting up rests everything on a few dates: one taken wrongly, or asked for where nobody answers, costs her weeks."""

from __future__ import annotations

import os
import stat
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.facts import Facts
from monitor.foundation import MOVEMENTS
from monitor.store import Store
from tests.command import READY, Restride, process

DATES = ("--birth", "2025-11-17", "--cleared", "2026-01-05", "--healed", "2026-01-06")


def facts(data: Path, name: str | None = None) -> Facts:
    with Store.open(data / "restride.db") as store:
        return store.facts(store.runner(name))


def test_without_a_terminal_nothing_is_asked_and_what_is_missing_is_said(tmp_path: Path) -> None:
    """A script that waits for an answer for ever sets up nobody; a date made up would open a gate."""
    done = process(tmp_path / "data", "init", "--now", READY)
    assert done.returncode == 0, done.stderr
    assert "the date of the birth is not recorded" in done.stdout
    assert "restride gate clearance" in done.stdout
    assert "--zone" in done.stdout
    known = facts(tmp_path / "data")
    assert (known.births, known.gates, known.settings) == ((), (), ())


def test_a_pipe_of_answers_is_no_terminal(tmp_path: Path) -> None:
    """Only a person at a terminal is asked; words in a pipe belong to something else."""
    reading, writing = os.pipe()
    os.write(writing, b"2025-11-17\n")
    os.close(writing)
    done = process(tmp_path / "data", "init", "--now", READY, stdin=reading)
    os.close(reading)
    assert done.returncode == 0
    assert facts(tmp_path / "data").births == ()


def test_every_answer_is_also_an_option(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    inbox = tmp_path / "runs"
    said = restride("init", *DATES, "--zone", "Europe/Lisbon", "--inbox", str(inbox), "--plan-start", "2026-03-01")
    assert said.code == 0
    assert str(inbox) in said.stdout.replace("\n", "")
    assert inbox.is_dir()
    assert not (tmp_path / "data" / "inbox").exists()
    known = facts(tmp_path / "data")
    assert [b.on for b in known.births] == [date(2025, 11, 17)]
    assert {(g.code, g.on.isoformat()) for g in known.gates} == {("GAT01", "2026-01-05"), ("GAT02", "2026-01-06")}
    assert [(s.key, s.value) for s in known.settings] == [("zone", "Europe/Lisbon")]
    assert [p.on for p in known.plan_starts] == [date(2026, 3, 1)]


def test_a_second_time_adds_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    """She learns the dates one after another; a set-up that can be run only once would lock her out."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-11-17").code == 0
    assert restride("init", *DATES, "--zone", "Europe/Lisbon").code == 0
    assert restride("init", *DATES, "--zone", "Europe/Lisbon").code == 0
    known = facts(tmp_path / "data")
    assert (len(known.births), len(known.gates), len(known.settings)) == (1, 2, 1)
    with Store.open(tmp_path / "data" / "restride.db") as store:
        assert [runner.name for runner in store.runners()] == ["me"]


@pytest.mark.parametrize(
    ("option", "what"), [("--cleared", "medical clearance"), ("--birth", "birth"), ("--healed", "injuries healed")]
)
def test_a_day_still_to_come_is_refused_in_words(tmp_path: Path, option: str, what: str) -> None:
    """A clearance that is only booked must not open a gate."""
    said = Restride(tmp_path / "data")("init", option, "2026-03-02", "--zone", "Europe/Lisbon")
    assert said.code == 1
    assert said.stdout == ""
    assert said.stderr == (
        f"restride: {what}: 2026-03-02 is still to come (today is 2026-03-01); record it once it has happened\n"
    )
    assert not (tmp_path / "data").exists()


def test_her_zone_says_which_day_it_is(tmp_path: Path) -> None:
    """At nine in the evening in Lisbon it is tomorrow in Auckland: her own date counts."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--cleared", "2026-03-02", "--zone", "Pacific/Auckland").code == 0


@pytest.mark.parametrize("wrong", ["01.03.2026", "2026-02-30", "March"])
def test_a_date_that_is_none_is_a_matter_of_usage(tmp_path: Path, wrong: str) -> None:
    """01.03. and 03/01 mean different days to different people: only one way of writing it is read."""
    said = Restride(tmp_path / "data")("init", "--birth", wrong)
    assert said.code == 2
    assert said.stdout == ""
    assert "is no date; write year-month-day, like 2026-03-01" in said.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Lisbon", "did you mean Europe/Lisbon?"),
        ("europe/lisbon", "did you mean Europe/Lisbon?"),
        ("new york", "did you mean America/New_York?"),
        ("Louisville", "write it like Europe/Lisbon"),  # there are two of them
        ("here", "write it like Europe/Lisbon"),
    ],
)
def test_a_zone_that_is_none_is_told_which_was_meant(tmp_path: Path, zone: str, expected: str) -> None:
    said = Restride(tmp_path / "data")("init", "--zone", zone)
    assert said.code == 2
    assert expected in " ".join(said.stderr.split())


def test_an_earlier_birth_does_not_silently_do_nothing(tmp_path: Path) -> None:
    """The last birth counts; she has to hear that an older one changes nothing."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-11-17").code == 0
    said = restride("init", "--birth", "2023-05-05")
    assert said.code == 1
    assert "2025-11-17" in said.stderr


def test_what_is_set_up_is_private(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES).code == 0
    for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("option", ["--cleared", "--healed", "--plan-start"])
def test_a_day_before_the_birth_is_refused(tmp_path: Path, option: str) -> None:
    """A clearance from before the birth clears nothing; taken without a word, its gate would never open."""
    said = Restride(tmp_path / "data")("init", "--birth", "2025-12-01", option, "2025-11-01")
    assert (said.code, said.stdout) == (1, "")
    assert "2025-11-01 is before the birth (2025-12-01)" in said.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "arguments", [("gate", "clearance"), ("gate", "healed"), ("readiness", "--passed")], ids=" ".join
)
def test_a_gate_from_before_the_birth_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-12-01").code == 0
    said = restride(*arguments, "--on", "2025-11-30")
    assert (said.code, said.stdout) == (1, "")
    assert "2025-11-30 is before the birth (2025-12-01)" in said.stderr
    known = facts(tmp_path / "data")
    assert (known.gates, known.readiness) == ((), ())
    assert restride(*arguments, "--on", "2025-12-01").code == 0


def test_an_earlier_start_than_day_84_is_refused(tmp_path: Path) -> None:
    """She would believe that she may start on a day on which she may not."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-12-01").code == 0
    said = restride("gate", "later-start", "--on", "2026-02-01", "--because", "strong")
    assert (said.code, said.stdout) == (1, "")
    assert "no running before 2026-02-23, 84 days after the birth; that stays" in said.stderr
    assert facts(tmp_path / "data").later_starts == ()


# The inbox


def test_an_inbox_that_cannot_be_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """Written down and then refused, it would stop every command from then on."""
    data, file = tmp_path / "data", tmp_path / "file"
    file.write_text("not a folder")
    for wrong in (file, file / "inbox", Path("~nobody-of-this-name/runs")):
        said = Restride(data)("init", *DATES, "--inbox", str(wrong))
        assert (said.code, said.stdout) == (1, ""), wrong
        assert said.stderr.startswith("restride: ")
        assert not data.exists()
    said = Restride(data)("init", *DATES, "--inbox", str(file))
    assert "there is a file, not a folder. Name another with: restride init --inbox DIR" in said.stderr
    assert Restride(data)("init", *DATES, "--inbox", str(tmp_path / "good")).code == 0


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc, where no folder can be made")
def test_an_inbox_where_no_folder_can_be_made_is_refused(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES).code == 0
    said = restride("init", "--inbox", "/proc/restride-inbox")
    assert (said.code, said.stdout) == (1, "")
    assert "Name another with: restride init --inbox DIR" in said.stderr
    assert not (tmp_path / "data" / "restride.toml").exists()
    assert restride("next").code == 0


def test_an_inbox_that_is_gone_stops_nothing_and_can_be_replaced(tmp_path: Path) -> None:
    """A drive that is unplugged must not keep her from logging a symptom."""
    restride = Restride(tmp_path / "data")
    gone = tmp_path / "drive" / "runs"
    assert restride("init", *DATES, "--inbox", str(gone)).code == 0
    gone.rmdir()
    gone.parent.rmdir()
    gone.parent.write_text("something else is there now")
    for command in (("next",), ("week",), ("checkin", "--pain", "1"), ("gate",)):
        assert restride(*command).code == 0
    said = restride("init", "--zone", "Europe/Lisbon")
    assert said.code == 0
    assert "inbox is not there: `restride init --inbox DIR`" in " ".join(said.stdout.split())
    said = restride("init", "--inbox", str(tmp_path / "good"))
    assert said.code == 0
    assert "inbox is not there" not in said.stdout
    assert (tmp_path / "good").is_dir()


def test_a_name_may_be_written_small(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--name", "Bea").code == 0
    assert restride("gate", "--runner", "bea").code == 0
    assert restride("init", "--runner", "BEA", "--birth", "2025-12-01").code == 0
    with Store.open(tmp_path / "data" / "restride.db") as store:
        assert [runner.name for runner in store.runners()] == ["Bea"]
        store.add_runner("bea", datetime(2026, 3, 1, tzinfo=UTC))
    assert restride("gate", "--runner", "bea").code == 0
    assert restride("gate", "--runner", "BEA").code == 1  # two are meant


def test_two_runners_are_told_apart_wherever_the_option_is_typed(tmp_path: Path) -> None:
    """One runner's clearance must never open another's gate."""
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES, "--name", "Ana").code == 0
    assert restride("init", "--runner", "Bea", "--birth", "2026-01-01").code == 0
    assert facts(tmp_path / "data", "Ana").births[0].on == date(2025, 11, 17)
    for said in (restride("gate", "--runner", "Bea"), restride("--runner", "Bea", "gate")):
        assert "missing  medical clearance" in said.stdout
    assert "met      medical clearance" in restride("gate").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("week", "--runner", "Eva"),
        ("--runner", "Eva", "stage"),
        ("gate", "healed", "--on", "2026-01-01", "--runner", "Eva"),
    ],
)
def test_a_runner_nobody_knows_is_named_without_those_there_are(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--name", "Ana").code == 0
    said = restride(*arguments)
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr.startswith("restride: ")
    assert "Eva" in said.stderr
    assert "Ana" not in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_gates_are_shown_with_what_to_do(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-12-24", "--zone", "Europe/Lisbon").code == 0
    said = restride("gate")
    assert said.code == 0
    assert said.stdout.count("missing ") == 4
    assert "no running before 2026-03-18" in said.stdout
    assert "restride gate clearance --on DATE" in said.stdout
    assert "restride readiness" in said.stdout
    states = restride("gate", "--json").json["gates"]
    assert [(g["code"], g["met"]) for g in states] == [(f"GAT0{n}", False) for n in range(1, 5)]


def test_a_gate_is_met_when_its_day_is_recorded(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2025-11-17", "--zone", "Europe/Lisbon").code == 0
    assert restride("gate", "clearance", "--on", "2026-01-05").code == 0
    assert restride("gate", "healed", "--on", "2026-01-06").code == 0
    said = restride("gate", "later-start", "--on", "2026-04-01", "--because", "weak pelvic floor")
    assert said.code == 0
    assert "HOLD: no running" in said.stdout
    assert "no running before 2026-04-01 (set by your physio)" in " ".join(restride("gate").stdout.split())
    known = facts(tmp_path / "data")
    assert [(f.not_before, f.because) for f in known.later_starts] == [(date(2026, 4, 1), "weak pelvic floor")]


def test_a_later_start_needs_its_reason(tmp_path: Path) -> None:
    """A start moved without a word cannot be discussed with anyone."""
    restride = Restride(tmp_path / "data")
    assert restride("init").code == 0
    assert restride("gate", "later-start", "--on", "2026-04-01").code == 2
    assert restride("gate", "later-start", "--on", "2026-04-01", "--because", "  ").code == 2
    assert facts(tmp_path / "data").later_starts == ()


def test_the_last_gate_opens_the_way_to_stage_1(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES, "--zone", "Europe/Lisbon").code == 0
    assert "no running for now" in restride("next").stdout
    said = restride("readiness", "--passed")
    assert said.code == 0
    assert "the next run is at stage 1" in said.stdout
    assert "jog 1 min, walk 2 min" in restride("next").stdout


def test_one_failed_movement_holds_until_it_is_repeated(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES, "--zone", "Europe/Lisbon").code == 0
    assert "no running" in restride("readiness", "--failed", "hop", now="2026-02-27T10:00+00:00").stdout
    (go,) = facts(tmp_path / "data").readiness
    assert [word for word in MOVEMENTS if not go.results[word]] == ["hop"]
    shown = restride("readiness")
    assert shown.stdout.startswith("missing: ")
    assert MOVEMENTS["hop"].split(",")[0] in shown.stdout
    assert "stage 1" in restride("readiness", "--passed", "--only", "hop").stdout
    assert restride("readiness").stdout.startswith("met: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--failed", "jump"),
        ("--passed", "--failed", "hop"),
        ("--only", "hop"),
        ("--failed", "hop", "--only", "jog"),
        ("--failed", "hop:up"),
        ("--failed", "hop:left:right"),
        ("--failed", "hop:pain:leakage"),
        ("--failed", "jog:left"),
        ("--failed", "walk:both:pain"),
        ("--failed", "hop:"),
        ("--failed", "hop:left", "--failed", "hop:right"),
        ("--passed", "--json"),
    ],
)
def test_words_about_movements_that_do_not_fit_together_store_nothing(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """A slip of the fingers must not count as a movement passed."""
    restride = Restride(tmp_path / "data")
    assert restride("init", *DATES).code == 0
    assert restride("readiness", *arguments).code == 2
    assert facts(tmp_path / "data").readiness == ()


@pytest.mark.parametrize("command", ["next", "week", "stage", "sessions", "gate", "readiness", "checkin", "report"])
def test_before_it_is_set_up_every_command_says_how_to_begin(tmp_path: Path, command: str) -> None:
    """An empty database made by a look would hide that the folder is the wrong one."""
    said = Restride(tmp_path / "data")(command)
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr == f"restride: nothing is set up in {tmp_path / 'data'} yet; begin with: restride init\n"
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done: subprocess.CompletedProcess[str] = process(tmp_path / "data", "init")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("restride: ")
    assert "Traceback" not in done.stderr


def test_a_database_of_someone_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "restride.db").write_bytes(b"not a database at all, but sixteen bytes and more")
    said = Restride(data)("week")
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr.startswith("restride: ")
    assert (data / "restride.db").read_bytes().startswith(b"not a database")
