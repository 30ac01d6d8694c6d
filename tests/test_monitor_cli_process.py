"""The command as a shell starts it: what it loads, where its words go, and what it does with a person at a terminal."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.facts import Facts
from monitor.store import Store
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
    for arguments in (("--help",), ("checkin", "--help"), ("--version",)):
        assert not loaded_by(tmp_path / "data", *arguments) & heavy


def test_the_daily_commands_load_no_table_library(tmp_path: Path) -> None:
    """Pandas alone costs half a second, and none of these reads a file."""
    restride = Restride(tmp_path / "data").ready()
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now="2026-03-02T08:00+00:00").code == 0
    )
    heavy = {"pandas", "numpy", "rich", "jinja2", "fitparse", "gpxpy", "lxml", "alembic"}
    commands = (
        ("week",),
        ("next",),
        ("checkin", "--none"),
        ("sessions",),
        ("show", "2026-03-02"),
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
    for command in ("next", "report", "demo", "rebuild"):
        assert f"\n  {command} " in done.stdout
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


# At a terminal

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


def at_a_terminal(data: Path, *arguments: str, answers: list[tuple[str, str]]) -> tuple[str, int]:
    """Run a command at a terminal, and type each answer once its question has been asked."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
        os.environ.pop("TZ", None)
        os.execv(sys.executable, [sys.executable, "-m", "monitor.cli", *arguments])
    said, end = "", time.monotonic() + 30
    waiting = list(answers)
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                some = os.read(terminal, 4096)
            except OSError:  # Linux says so when the other side has gone
                break
            if not some:
                break
            said += some.decode()
        elif waiting and waiting[0][0] in said.rpartition("\n")[2]:  # it has been silent: it waits for her
            os.write(terminal, waiting.pop(0)[1].encode())
    if time.monotonic() >= end:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert not waiting, f"never asked: {waiting[0][0]}\n{said}"
    return said, os.waitstatus_to_exitcode(status)


def facts(data: Path) -> Facts:
    with Store.open(data / "restride.db") as store:
        return store.facts(store.runner(None))


NOW = ("--now", "2026-03-01T18:00+00:00")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forkpty beside threads; the child only executes
def test_set_up_asks_four_questions_at_most(tmp_path: Path) -> None:
    """Four she can answer in a minute; a wrong answer is asked again, and Enter leaves one open."""
    data = tmp_path / "data"
    said, code = at_a_terminal(
        data, "init", *NOW,
        answers=[
            ("birth", "17.11.2025\r"),
            ("birth", "2025-11-17\r"),
            ("clearance", "2026-01-05 -\r"),
            ("zone", "Europe/Lisbon\r"),
            ("Folder", "\r"),
        ],
    )  # fmt: skip
    assert code == 0, said
    assert "is no date" in said
    known = facts(data)
    assert [b.on.isoformat() for b in known.births] == ["2025-11-17"]
    assert [(g.code, g.on.isoformat()) for g in known.gates] == [("GAT01", "2026-01-05")]
    assert known.setting("zone", known.births[0].recorded_at) == "Europe/Lisbon"
    assert "it is not recorded that birth injuries have healed" in " ".join(said.split())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_one_key_reports_nothing(tmp_path: Path) -> None:
    """On most evenings there is nothing: more than one key, and the answer stays away for good."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-03-01T07:00+00:00")
    assert restride("import", str(file)).code == 0
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[("nothing to report", "n")])
    assert code == 0, said
    assert "A check-in for the run of Sun 1 Mar (during, after)." in said
    (entry,) = facts(restride.data).check_ins
    assert (entry.pain, entry.leakage, entry.heaviness, len(entry.windows)) == (0, "none", "none", 2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_symptoms_are_asked_one_by_one(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    said, code = at_a_terminal(
        restride.data, "checkin", *NOW,
        answers=[
            ("nothing to report", "y"),
            ("Pain", "12\r"),
            ("Pain", "2\r"),
            ("Where", "2\r"),
            ("Leakage", "d"),
            ("Heaviness", "n"),
            ("note", "on the hill\r"),
        ],
    )  # fmt: skip
    assert code == 0, said
    (entry,) = facts(restride.data).check_ins
    assert (entry.pain, entry.site, entry.leakage, entry.heaviness) == (2, "pelvis", "drops", "none")
    assert entry.note == "on the hill"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_leaving_in_the_middle_stores_nothing(tmp_path: Path) -> None:
    """Half a check-in would leave answers that she never gave."""
    restride = Restride(tmp_path / "data").ready()
    said, code = at_a_terminal(
        restride.data, "checkin", *NOW, answers=[("nothing to report", "y"), ("Pain", "2\r"), ("Where", "\x03")]
    )
    assert code != 0
    assert "Traceback" not in said
    assert facts(restride.data).check_ins == ()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_movements_are_asked_one_by_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert Restride(data)("init", "--birth", "2025-11-17").code == 0
    questions = ["30 minutes", "balance", "squat", "jog in place", "heel raise", "hop in place", "forward bound"]
    answers = [(question, "n\r" if question == "squat" else "y\r") for question in questions]
    said, code = at_a_terminal(data, "readiness", *NOW, answers=answers)
    assert code == 0, said
    assert "worsening" in said
    (go,) = facts(data).readiness
    assert [word for word, passed in go.results.items() if not passed] == ["squat"]
    assert len(go.results) == 7


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bar_at_a_terminal_leaves_the_lines_whole(tmp_path: Path) -> None:
    """A progress bar that writes over the line that says which file failed hides it."""
    restride = Restride(tmp_path / "data").ready()
    folder = tmp_path / "exports"
    for day in range(2, 5):
        write_run(folder, f"2026-03-{day:02d}T07:00+00:00", [("walk", 60.0), ("jog", 60.0)])
    (folder / "zz.fit").write_bytes(b"")
    said, code = at_a_terminal(restride.data, "import", str(folder), "--now", "2026-03-05T07:00+00:00", answers=[])
    assert code == 1
    for day in range(2, 5):
        assert f"2026-03-{day:02d}-0700.fit: " in said
    assert "zz.fit is empty" in said
    assert "3 not a run, 1 failed." in said or "3 imported, 1 failed." in said


# The demo


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
