"""`restride watch` as a real process: what is dropped is answered, and however it ends, nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor import watch_state
from monitor.cli.place import Place
from monitor.cli.watching import _saying
from monitor.config import resolve
from monitor.store import MessageState, Store
from monitor.watch import daily_trigger, weekly_trigger
from monitor.weekly_time import parse
from monitor.work import Clock, Line
from tests.command import ROOT, Restride, process, write_run
from tests.watched import PATIENCE_S, Watched, children, work_of

RUN = "2026-03-02T07:00+00:00"
NOW = "2026-03-02T20:00+00:00"
NEW = "new exports were read"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child process in /proc")
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and modes")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    Restride(folder / "data").ready()
    write_run(folder, RUN)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "data", tmp_path / "data"))


@pytest.fixture
def export(made: Path) -> Path:
    return next(made.glob("*.fit"))


def sessions(data: Path) -> list[dict[str, Any]]:
    return list(Restride(data)("sessions", "--json", now=NOW).json["sessions"])


def test_a_dropped_file_is_answered_within_three_looks(data: Path, export: Path) -> None:
    """She waits beside it: from the last byte to the sentence there may be no more than three looks."""
    every_s = 5.0  # the child process starts meanwhile; on a busy machine that takes more than a second
    with Watched(data, "--every", f"{every_s:.0f}", now=NOW) as watched:
        watched.until(lambda: _state(data).last_work_at is not None, "the first work")
        shutil.copy(export, data / "inbox")
        dropped = time.monotonic()
        answered = watched.wait_for(NEW)
        assert answered - dropped <= 3 * every_s
        assert watched.end() == 0, watched.said
    assert len(sessions(data)) == 1


def test_a_file_that_lay_there_before_it_started_is_taken_in_and_kept(data: Path, export: Path) -> None:
    shutil.copy(export, data / "inbox" / "RUN.FIT")
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.wait_for(NEW)
        assert watched.end() == 0, watched.said
    assert [path.name for path in (data / "inbox").iterdir()] == ["RUN.FIT"]
    assert len(sessions(data)) == 1
    with Watched(data, "--every", "1", now=NOW) as watched:  # and known when it starts again
        watched.until(lambda: _has_worked(watched), "the first work")
        time.sleep(1.5)
        assert NEW not in watched.said
        assert watched.end() == 0, watched.said


def test_a_file_that_grows_is_answered_when_it_is_whole(data: Path, export: Path) -> None:
    """A share that copies slowly must not make a run of ten minutes out of one of thirty."""
    whole = export.read_bytes()
    with Watched(data, "--every", "1", now=NOW) as watched:
        with (data / "inbox" / "slow.fit").open("wb") as slow:
            for part in range(5):
                slow.write(whole[part * len(whole) // 5 : (part + 1) * len(whole) // 5])
                slow.flush()
                time.sleep(0.6)
            assert NEW not in watched.said
        watched.wait_for(NEW)
    [session] = sessions(data)
    assert session["performed"]["repeats"] == 7


@posix
def test_sigterm_ends_it_cleanly_and_ctrl_c_as_shells_know_it(data: Path) -> None:
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        with Watched(data, "--every", "1", now=NOW) as watched:
            watched.wait_for("Watching")
            watched.until(lambda: watch_state.is_running(resolve(data)), "its lock")
            watched.until(
                lambda: _state(data).pid == watched.process.pid, "its first look"
            )  # before, the system ends it
            assert watched.end(number) == code
            assert "Traceback" not in watched.said
        assert not watch_state.is_running(resolve(data))


@posix
def test_it_can_be_stopped_while_it_is_only_starting(data: Path) -> None:
    """A service manager may stop it at any moment."""
    for pause_s in (0.3, 0.6, 0.9):
        with Watched(data, "--every", "1", now=NOW) as watched:
            time.sleep(pause_s)
            assert watched.end() in (0, -signal.SIGTERM)  # before Python is there to hear it, the system ends it
            assert "Traceback" not in watched.said


def test_a_second_watcher_is_refused_and_told_which_is_the_first(data: Path) -> None:
    """Two would answer each file twice."""
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.until(lambda: _state(data).last_scan_at is not None, "the first look")
        for more in ((), ("--once",)):
            done = process(data, "watch", *more)
            assert done.returncode == 1
            assert f"process {watched.process.pid}" in done.stderr
    assert process(data, "--now", NOW, "watch", "--once").returncode == 0  # a crash leaves no lock behind


@linux
def test_a_killed_child_is_replaced_and_the_file_is_still_taken_in(data: Path, export: Path) -> None:
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.until(lambda: bool(work_of(watched.process.pid)), "a child")
        shutil.copy(export, data / "inbox")
        for _ in range(3):
            for child in work_of(watched.process.pid):
                os.kill(child, signal.SIGKILL)
            time.sleep(0.3)
        watched.wait_for(NEW)
        assert watched.end() == 0, watched.said
    assert len(sessions(data)) == 1


@linux
def test_the_child_ends_with_a_watcher_that_is_killed(data: Path) -> None:
    """An orphan would go on writing beside the next watcher."""
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.until(lambda: bool(work_of(watched.process.pid)), "a child")
        [child] = work_of(watched.process.pid)
        watched.kill()
        end = time.monotonic() + PATIENCE_S
        while Path(f"/proc/{child}").exists() and "Z" not in _status(child):
            assert time.monotonic() < end
            time.sleep(0.05)


@linux
def test_a_terminal_that_is_closed_ends_it_without_a_traceback(data: Path) -> None:
    """A hang-up reaches every process; the one that Python keeps for its own use wrote its end into her log."""
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.until(lambda: bool(work_of(watched.process.pid)) and _has_worked(watched), "a child")
        others = children(watched.process.pid)
        assert len(others) == 2
        for other in others:
            os.kill(other, signal.SIGHUP)
        time.sleep(0.3)
        assert [pid for pid in others if _status(pid) != "Z"] == others
        assert watched.end(signal.SIGHUP) == 0, watched.said
        assert "Traceback" not in watched.said


def test_what_was_not_said_before_a_crash_is_said_after_it(data: Path, export: Path) -> None:
    """A row is written before it is said: killed in between, she still hears of her run."""
    shutil.copy(export, data / "inbox")
    assert process(data, "--now", NOW, "watch", "--once").returncode == 0
    with Store.open(data / "restride.db") as store:
        runner = store.runner()
        told = store.messages.all(runner)
        assert {message.state for message in told} == {MessageState.SAID}
        store.messages.update(runner, replace(told[0], state=MessageState.NEW))
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.wait_for(NEW)


def test_an_inbox_that_vanishes_is_said_once_and_again_when_it_is_back(data: Path, export: Path) -> None:
    """A drive that is unplugged must neither lose her runs nor fill her screen."""
    shutil.copy(export, data / "inbox")
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.wait_for(NEW)
        (data / "inbox").rename(data / "away")
        watched.wait_for("needs a look")
        watched.until(lambda: _state(data).trouble is not None, "the trouble in its state")
        time.sleep(2.5)
        assert watched.said.count("needs a look") == 1
        assert len(sessions(data)) == 1
        (data / "away").rename(data / "inbox")
        watched.wait_for("there again")
        watched.until(lambda: _state(data).trouble is None, "no trouble in its state")
        assert watched.said.count(NEW) == 1
        assert watched.end() == 0, watched.said


def test_a_database_that_cannot_be_written_just_now_keeps_no_watcher_from_starting(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is started with the computer, which may have no room on its disk just then."""
    (data / "restride.db-wal").mkdir()  # SQLite cannot make its own file there
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.wait_for("could not be done")
        assert watched.end() == 0, watched.said
    say_line = _saying(Place(data=data, runner=None, now=datetime.fromisoformat(NOW)))
    (data / "restride.db-wal").rmdir()
    say_line(Line(text="", discreet="hers", runner=1))
    say_line(Line(text="", discreet="another's", runner=2))
    assert capsys.readouterr().out == "hers\n"


def test_neither_log_nor_a_pipe_hold_what_is_private(data: Path, export: Path) -> None:
    """A log is kept, copied and sent to those who help: not even the name of a file is in it."""
    shutil.copy(export, data / "inbox" / "waldsee-with-ana.fit")
    (data / "inbox" / "broken.fit").write_bytes(export.read_bytes()[:-700] + b"\0" * 700)
    os.utime(data / "inbox" / "broken.fit", (1.7e9, 1.7e9))
    (data / "inbox" / "checkin.csv").write_text(
        "answered_at,pain,leakage,heaviness,note\n2026-03-02 19:30,4,drops,none,lampenfieber\n", encoding="utf-8"
    )
    with Watched(data, "--every", "1", now=NOW) as watched:
        watched.wait_for(NEW, times=2)
        assert watched.end() == 0, watched.said
        said = watched.said.replace(str(data), "")
    log = (data / "watch.log").read_text(encoding="utf-8")
    for word in ("waldsee", "broken", "drops", "leak", "lampenfieber", "pain", "2026-03-02 07", "min"):
        assert word not in said
        assert word not in log
    assert "message 1" in log
    if os.name != "nt":
        assert stat.S_IMODE((data / "watch.log").stat().st_mode) == 0o600
        assert stat.S_IMODE((data / "watch.json").stat().st_mode) == 0o600


def test_the_watcher_loads_nothing_that_reads_files() -> None:
    """It is there for months, on a laptop that has other things to do."""
    code = "import sys, monitor.watch; print([m for m in ('pandas', 'numpy', 'lxml', 'jinja2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


JUMP = """
import os, sys, threading, time
from datetime import UTC, datetime
from pathlib import Path
from monitor import watch
from monitor.config import resolve
from monitor.watch_log import WatchLog
from monitor.watching import Watching
settings, looks, real = resolve(Path(sys.argv[1])), [], watch.look
watcher = watch.Watcher(settings, Watching(every_s=1), say=lambda line: None, log=WatchLog(settings))
watch.look = lambda *a, **k: (looks.append(time.monotonic()), real(*a, **k))[1]
def jump():
    while not (looks and watcher._scheduler.get_job(watch.SCAN)):
        time.sleep(0.01)
    before = len(looks)
    for job in watcher._scheduler.get_jobs():  # as it is when the clock jumps ahead from 1970 to today
        job.modify(next_run_time=datetime(1970, 1, 2, tzinfo=UTC))
    while len(looks) < before + 3:
        time.sleep(0.01)
    print("looks again", flush=True)
    os._exit(0)
threading.Thread(target=jump).start()
watcher.run()
"""


def test_a_clock_that_jumps_ahead_by_decades_costs_no_look(data: Path) -> None:
    """A small computer without a battery starts in 1970: it would reckon up every look of fifty years, in memory."""
    done = subprocess.run(
        [sys.executable, "-c", JUMP, str(data)], capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=True
    )
    assert done.stdout == "looks again\n", done.stderr


def test_its_state_says_what_comes_next(data: Path) -> None:
    with Watched(data, "--every", "1") as watched:
        watched.until(lambda: any(name.startswith("weekly") for name in _state(data).next_runs), "the weekly job")
        runs = _state(data).next_runs
        lisbon = ZoneInfo("Europe/Lisbon")
        weekly = next(at for name, at in runs.items() if name.startswith("weekly")).astimezone(lisbon)
        assert (weekly.weekday(), weekly.hour, weekly.minute) == (6, 18, 0)
        daily = next(at for name, at in runs.items() if name.startswith("daily")).astimezone(lisbon)
        assert daily.hour == 19
        told = ("init", "--zone", "Asia/Tokyo", "--weekly", "friday 07:30")
        assert process(data, *told).returncode == 0  # another process; the watcher follows

        def follows() -> bool:
            weekly = [at for name, at in _state(data).next_runs.items() if name.startswith("weekly")]
            local = [at.astimezone(ZoneInfo("Asia/Tokyo")) for at in weekly]
            return [(at.weekday(), at.hour, at.minute) for at in local] == [(4, 7, 30)]

        watched.until(follows, "the weekly job in Tokyo")
        assert watched.end() == 0, watched.said


CHANGES = [  # zone, Sundays, UTC hour of 18:00 on each
    ("Europe/Berlin", date(2026, 3, 22), [17, 16, 16]),
    ("Europe/Berlin", date(2026, 10, 18), [16, 17, 17]),
    ("America/New_York", date(2026, 3, 1), [23, 22, 22]),
    ("America/New_York", date(2026, 10, 25), [22, 23, 23]),
]


@pytest.mark.parametrize(("zone", "sunday", "hours"), CHANGES)
def test_the_weekly_job_fires_at_six_by_her_clock_over_each_change(zone: str, sunday: date, hours: list[int]) -> None:
    trigger = weekly_trigger(Clock(runner=1, zone=zone, weekly=parse("sunday 18:00")))
    at = datetime(sunday.year, sunday.month, sunday.day, tzinfo=UTC)
    before = None
    for week, hour in enumerate(hours):
        fired = trigger.get_next_fire_time(before, at)
        assert fired.astimezone(UTC).date() == sunday + timedelta(weeks=week)
        assert fired.astimezone(UTC).hour == hour
        before, at = fired, fired + timedelta(seconds=5)


def test_the_daily_job_fires_once_a_day_over_the_changes() -> None:
    trigger = daily_trigger(Clock(runner=1, zone="Europe/Berlin", weekly=parse("sunday 18:00")))
    at, before, days = datetime(2026, 3, 27, tzinfo=UTC), None, []
    for _ in range(4):
        before = trigger.get_next_fire_time(before, at)
        at = before + timedelta(seconds=5)
        days.append((before.day, before.hour, before.astimezone(UTC).hour))
    assert days == [(27, 19, 18), (28, 19, 18), (29, 19, 17), (30, 19, 17)]


def _state(data: Path) -> watch_state.WatchState:
    found = watch_state.read(resolve(data))
    empty = watch_state.WatchState(pid=0, started_at=datetime.now(UTC), every_s=0, inbox="")
    return found or empty


def _has_worked(watched: Watched) -> bool:
    state = _state(watched.data)
    return state.pid == watched.process.pid and state.last_work_at is not None


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
