"""The command as a shell starts it: what it loads, where its words go, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import ROOT, Restride, process, write_run

LOADED = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write("\\nLOADED " + json.dumps(sorted(m for m in sys.modules if "." not in m))))
from monitor.cli import main
main()
"""


def loaded_by(data: Path, *arguments: str) -> set[str]:
    """Run a command and name the top-level packages that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.rpartition("LOADED ")[2]))


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    """A quarter of a second for each of them, every time she asks how a command is spelled."""
    heavy = {"pandas", "numpy", "sqlalchemy", "alembic", "rich", "jinja2", "fitparse", "gpxpy", "lxml"}
    for arguments in (("--help",), ("checkin", "--help"), ("correct", "--help"), ("--version",)):
        assert not loaded_by(tmp_path / "data", *arguments) & heavy


def test_the_daily_commands_load_no_table_library(tmp_path: Path) -> None:
    """Pandas alone costs half a second, and none of these reads a file: `show` does so for its trace alone."""
    restride = Restride(tmp_path / "data").ready()
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now="2026-03-02T08:00+00:00").code == 0
    )
    heavy = {"pandas", "numpy", "jinja2", "fitparse", "gpxpy", "lxml", "alembic"}
    commands = (
        ("week",),
        ("next",),
        ("checkin", "--none"),
        ("sessions",),
        ("show", "2026-03-02", "--no-trace"),
        ("show", "2026-03-02", "--json"),
        ("correct", "2026-03-02", "--from", "07:08:30", "--to", "07:08:40", "--gait", "walk"),
        ("ignore", "2026-03-02", "--because", "not my run"),
        ("ignore", "2026-03-02", "--undo"),
        ("stage",),
        ("gate",),
    )
    for command in commands:
        assert not loaded_by(tmp_path / "data", *command, "--now", "2026-03-02T20:00+00:00") & heavy, command


def test_alone_it_shows_its_help(tmp_path: Path) -> None:
    done = process(tmp_path / "data")
    assert done.returncode == 2  # no command was given
    assert "Usage: restride [OPTIONS] COMMAND" in done.stdout + done.stderr
    assert "restride init" in done.stdout + done.stderr


def test_help_is_plain_and_fits_a_terminal(tmp_path: Path) -> None:
    done = process(tmp_path / "data", "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80
    for command in ("init", "import", "inspect", "checkin", "readiness", "gate", "stage", "sessions", "show", "week"):
        assert f"\n  {command} " in done.stdout
    for command in ("next", "report", "demo", "rebuild", "correct", "ignore", "log", "foundation"):
        assert f"\n  {command} " in done.stdout
    assert "..." not in done.stdout.partition("Commands:")[2], "a description is cut off"


@pytest.mark.parametrize(
    "command",
    [("gate",), ("gate", "later-start"), ("stage",), ("stage", "set"), ("checkin",), ("init",), ("report",)],
    ids=" ".join,
)
def test_the_help_of_a_command_fits_a_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = process(tmp_path / "data", *command, "--help")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "..." not in done.stdout.partition("Commands:")[2], "a description is cut off"


def test_it_names_its_version(tmp_path: Path) -> None:
    done = process(tmp_path / "data", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("restride 0.")


@pytest.mark.parametrize("arguments", [("weak",), ("week", "--wek"), ("show",), ("week", "--week")])
def test_a_slip_of_the_fingers_is_a_matter_of_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = process(tmp_path / "data", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_nothing_is_coloured_in_a_pipe(tmp_path: Path) -> None:
    """Escape codes in a file or a mail are noise between the words."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-03-02T07:00+00:00")
    for arguments in (("import", str(file)), ("week",), ("rebuild",), ("week", "--runner", "nobody")):
        done = process(restride.data, *arguments, "--now", "2026-03-02T08:00+00:00")
        assert "\x1b" not in done.stdout + done.stderr


def test_a_console_of_few_letters_is_no_reason_to_stop(tmp_path: Path) -> None:
    """An arrow that an old console cannot write must not cost her the recommendation."""
    restride = Restride(tmp_path / "data").ready()
    environment = os.environ | {"RESTRIDE_DATA": str(restride.data), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "init", "--help"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Usage: restride init" in done.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["checkin", "next"])
def test_a_closed_stream_is_no_crash_and_no_harm(tmp_path: Path, closed: str, command: str) -> None:
    """A launcher that closes them must not have a question end in a traceback, or a word written into her database."""
    restride = Restride(tmp_path / "data").ready()
    shell = f'exec "$0" -m monitor.cli --data "$1" --now 2026-03-01T18:00+00:00 {command} {closed}'
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable, str(restride.data)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if command == "checkin" else 0)
    assert restride("doctor").code == 0


def test_a_reader_that_stops_early_is_no_crash(tmp_path: Path) -> None:
    """`restride inspect … | head -1` must end quietly."""
    files = [str(write_run(tmp_path, f"2026-03-{day:02d}T07:00+00:00")) for day in range(2, 6)]
    command = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "inspect", "--json", *files],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"RESTRIDE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)},
    )
    assert command.stdout is not None
    assert command.stderr is not None
    assert json.loads(command.stdout.readline())["format_version"] == 1
    command.stdout.close()
    said = command.stderr.read().decode()
    command.stderr.close()
    command.wait(timeout=60)
    assert "Traceback" not in said


def test_the_demo_plays_from_anywhere_and_ends_with_the_report(tmp_path: Path) -> None:
    """It is the first thing a stranger runs; the last line is what she opens."""
    own = tmp_path / "own"
    done = process(own, "demo", "--data", str(tmp_path / "marta"))
    assert done.returncode == 0, done.stderr
    report = Path(done.stdout.splitlines()[-1])
    assert report.is_relative_to(tmp_path / "marta")
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") or "<html" in report.read_text("utf-8")
    assert any(line.startswith(("HOLD: ", "PROGRESS: ")) for line in done.stdout.splitlines())
    assert "Traceback" not in done.stderr
    assert max(map(len, done.stdout.splitlines()[:-3])) <= 80
    assert not own.exists(), "the demo must leave her own data folder alone"
    again = process(own, "demo", "--data", str(tmp_path / "marta"))
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1].startswith("restride: ")
