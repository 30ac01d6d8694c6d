"""Ctrl-C and SIGTERM at the moments in which half of something is done: said in words, and nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from monitor import engines
from monitor.cli import files, stopping
from monitor.cli.import_telling import Telling
from monitor.cli.place import Opened
from monitor.cli.stopping import Stopping, stoppable
from monitor.engines import Growing
from monitor.store import Store
from tests.command import ROOT, Restride, write_run
from tests.test_monitor_bulk import stored

WORDS = "Stopped. What was imported is kept; import again to go on.\n"
AT = "2026-03-02T08:00+00:00"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    return Restride(tmp_path / "data").ready()


@pytest.fixture
def run(tmp_path: Path) -> str:
    return str(write_run(tmp_path, "2026-03-02T07:00+00:00"))


def stopped_in(patch: pytest.MonkeyPatch, owner: Any, name: str, number: signal.Signals, times: int = 1) -> None:
    """Let a signal come each time a function begins."""
    whole = getattr(owner, name)

    def stopped(*given: Any, **options: Any) -> Any:
        for _ in range(times):
            os.kill(os.getpid(), number)
        return whole(*given, **options)

    patch.setattr(owner, name, stopped)


MOMENTS = {
    "opening the database": (Store, "open"),
    "looking for files": (files, "_import"),
    "telling what came of one": (Telling, "tell"),
    "ending other processes": (Growing, "__exit__"),
    "summing up": (files, "conclude"),
    "working out what holds": (Opened, "standing"),
    "closing the database": (Store, "close"),
}


@pytest.mark.parametrize(
    ("moment", "number"), [*((moment, signal.SIGINT) for moment in MOMENTS), ("summing up", signal.SIGTERM)]
)
def test_whenever_an_import_is_stopped_it_says_what_is_kept_and_how_to_go_on(
    moment: str, number: signal.Signals, restride: Restride, run: str
) -> None:
    """A traceback, or one bare word, leaves her to guess whether her runs are lost."""
    with pytest.MonkeyPatch.context() as patch:
        stopped_in(patch, *MOMENTS[moment], number, times=2)  # nobody presses it just once
        said = restride("import", run, now=AT)
    assert said.code == 130
    assert said.stderr.endswith(WORDS)
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    assert before == [signal.default_int_handler, signal.SIG_DFL]  # as the next command wants them
    assert restride("import", run, now=AT).code == 0
    assert len(stored(restride.data)[0]) == 1


def test_what_was_said_is_one_object_though_it_is_stopped_while_the_database_is_closed(
    restride: Restride, run: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped_in(patch, Store, "close", signal.SIGINT)
        said = restride("import", "--json", run, now=AT)
    assert (said.code, said.json["summary"]["imported"]) == (130, 1)


def test_a_stop_that_comes_while_processes_are_started_waits_until_they_can_be_ended() -> None:
    """The thread that draws the progress bar is told of Ctrl-C in place of the one that starts them."""
    other = threading.Event()
    drawing = threading.Thread(target=other.wait)
    drawing.start()
    came_to = []

    def start(stop: Stopping) -> None:
        with stop.breaks_in(), engines._interrupts_later():
            came_to.append("begin")
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            came_to.append("end")

    try:
        with stoppable() as stop, pytest.raises(KeyboardInterrupt):
            start(stop)
    finally:
        other.set()
        drawing.join()
    assert came_to == ["begin", "end"]


def test_an_interrupt_that_is_lost_in_code_that_clears_up_is_not_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    """No exception leaves a `__del__`: Python prints a traceback, and goes on."""

    class Cleared:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)

    def clear_up(stop: Stopping) -> None:
        with stop.breaks_in():
            Cleared()
            stop.check()

    with stoppable() as stop, pytest.raises(KeyboardInterrupt):
        clear_up(stop)
    assert capsys.readouterr().err == ""


def test_a_later_ctrl_c_ends_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "PATIENCE_S", 0.0)
    with stoppable() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_asked
        time.sleep(0.001)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_signals_are_left_alone_where_they_cannot_be_handled() -> None:
    """Only the first thread of a program is told of them."""
    found: list[bool] = []

    def elsewhere() -> None:
        with stoppable() as stop:
            found.append(stop.is_asked)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [False]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_before_a_command_has_begun_it_ends_without_a_traceback(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    """Loading takes a moment, and she may see at once that she named the wrong folder."""
    code = f"""
import os, sys
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            os.kill(os.getpid(), {int(number)})
sys.meta_path.insert(0, Slow())
from monitor.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "import", str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"RESTRIDE_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "\nStopped before anything was done.\n")
