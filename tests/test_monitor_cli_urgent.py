"""An urgent sign: she sees the notice first, whatever she asks for next, until a clinician has seen her (CAR02)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import Restride, process, write_run
from tests.test_monitor_runners import CALLS

NOW = "2026-03-06T20:00+00:00"
SIGN = "You logged pain or swelling in one calf"
CARE = "Seek medical care now"
APART = {"inspect", "explain", "plan check", "backup", "doctor"}
"""Their stdout is about no runner, or is pasted elsewhere: the notice goes to stderr alone."""
OF_A_LOG = {"watch"}
"""Without a terminal it may be kept, and says only that there is something to read."""
ASKED_APART = {"demo", "gate seen", "restore", "forget"}


@pytest.fixture(scope="module")
def restride(tmp_path_factory: pytest.TempPathFactory) -> Restride:
    """Set up a runner, with a run, who logged an urgent sign the day before."""
    folder = tmp_path_factory.mktemp("urgent")
    restride = Restride(folder / "data")
    restride.ready()
    write_run(folder / "exports", "2026-03-02T07:00+00:00")
    assert restride("import", str(folder / "exports"), now="2026-03-02T12:00+00:00").code == 0
    assert restride("checkin", "--urgent", "calf", "--window", "any", now="2026-03-05T20:00+00:00").code == 0
    return restride


def calls() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give for each command one call, and its calls as JSON."""
    for command, several in CALLS.items():
        if command not in ASKED_APART:
            plain = next(c for c in several if "--json" not in c and "--toml" not in c)
            for arguments in [plain, *(c for c in several if {"--json", "--toml"} & set(c))]:
                yield command, arguments


@pytest.mark.parametrize(("command", "arguments"), list(calls()), ids=lambda value: str(value).replace(" ", "_"))
def test_the_notice_stands_first_whatever_she_asks_for(
    restride: Restride, command: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    mine = write_run(tmp_path, "2026-03-02T07:00+00:00")
    places = {
        "mine": str(mine),
        "shared": str(mine),
        "folder": str(tmp_path),
        "plan": str(Path(__file__).parent.parent / "analysis" / "plans" / "default.toml"),
        "export": str(tmp_path / "export.zip"),
        "backup": str(tmp_path / "backup.zip"),
    }
    given = [one.format(**places).replace("Ana", "me") for one in arguments]
    said = restride(*command.split(), *given, now=NOW)
    if command in OF_A_LOG:
        assert said.stdout.startswith("Please read what Restride says now: restride week")
        assert "calf" not in said.stdout
        return
    is_apart = command in APART or bool({"--json", "--toml"} & set(arguments))
    assert (said.stderr if is_apart else said.stdout).startswith(SIGN)
    assert CARE in (said.stderr if is_apart else said.stdout)
    assert not is_apart or "swelling in one calf" not in said.stdout or "--json" in arguments
    if "--json" in arguments and command not in APART:
        first, second = json.loads(said.stdout)["urgent"]
        assert SIGN in first
        assert CARE in second


def test_the_notice_comes_before_the_word_that_it_was_logged(tmp_path: Path) -> None:
    """In a terminal both streams are one: the first line is what she may read before the telephone is in her hand."""
    Restride(tmp_path).ready()
    both = process(tmp_path, "--now", NOW, "checkin", "--urgent", "calf", together=True)
    assert both.stdout.startswith(SIGN)
    assert "Logged for now" in both.stdout


def test_a_sign_from_a_sheet_stands_before_what_came_of_the_sheet(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    sheet = tmp_path / "checkin.csv"
    sheet.write_text("answered_at,urgent\n2026-03-05 10:00,calf\n", encoding="utf-8")
    assert restride("import", str(sheet), now=NOW).stdout.startswith(SIGN)
    sheet.write_text("answered_at,urgent\n2026-03-05 11:00,fever\n", encoding="utf-8")
    said = restride("checkin", "--from", str(sheet), "--json", now=NOW)
    first, _ = said.json["urgent"]
    assert first.startswith("You logged a fever of 38 °C or more on Thursday 5 March, pain or swelling in one calf")
    assert "fever" in said.stderr


def test_the_notice_is_gone_once_a_clinician_has_seen_her_and_a_program_is_told_so(tmp_path: Path) -> None:
    restride = Restride(tmp_path).ready()
    assert restride("next", "--json").json["urgent"] == []
    assert restride("checkin", "--urgent", "calf", now="2026-03-05T20:00+00:00").code == 0
    assert restride("gate", "seen", "--on", "2026-03-06", now=NOW).code == 0
    for command in ("next", "explain", "init", "doctor"):
        said = restride(command, now=NOW)
        assert CARE not in said.stdout + said.stderr
    assert restride("next", "--json", now=NOW).json["urgent"] == []


def test_a_settings_file_that_cannot_be_read_stops_no_command_that_needs_none(tmp_path: Path) -> None:
    """The rules are there to be read when everything else is broken."""
    restride = Restride(tmp_path / "data").ready()
    (restride.data / "restride.toml").write_text("no settings", encoding="utf-8")
    run = write_run(tmp_path, "2026-03-02T07:00+00:00")
    plan = Path(__file__).parent.parent / "analysis" / "plans" / "default.toml"
    for arguments in (("explain", "CAR02"), ("inspect", str(run)), ("plan", "check", str(plan))):
        assert restride(*arguments, now=NOW).code == 0
    assert restride("next", now=NOW).code == 1


def test_erasing_and_restoring_say_the_notice_of_her_whose_data_it_is_and_of_nobody_else(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("init", "--name", "Zuleika", "--birth", "2025-12-01", now=NOW).code == 0
    assert restride("--runner", "Zuleika", "checkin", "--urgent", "calf", now=NOW).code == 0
    for arguments in (("next",), ("explain",), ("doctor",), ("init",), ("backup", str(tmp_path / "b.zip"))):
        said = restride(*arguments, now=NOW)
        assert "calf" not in said.stdout + said.stderr
    for arguments in (("forget", "Zuleika"), ("init", "--name", "zuleika"), ("--runner", "Zuleika", "next")):
        assert restride(*arguments, now=NOW).stdout.startswith(SIGN)
    saved = tmp_path / "z.zip"
    assert restride("--runner", "Zuleika", "export", "-o", str(saved), now=NOW).code == 0
    assert "calf" not in restride("restore", str(saved), now=NOW).stdout  # her name is taken, and nothing is put back
    elsewhere = Restride(tmp_path / "elsewhere")
    assert elsewhere("restore", str(saved), now=NOW).stdout.startswith(SIGN)
