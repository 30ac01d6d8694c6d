"""The watcher's work, by `restride watch --once` on a real data folder: whose a file is, what follows, what is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.inbox import look
from monitor.arrivals import Arrivals
from monitor.config import resolve
from monitor.message import MessageKind
from monitor.store import InboxState, Store
from monitor.tending import Tending
from monitor.watching import Watching
from monitor.work import Found, Line
from tests.command import ROOT, Restride, write_run

RUN = "2026-03-02T07:00+00:00"
NOW = "2026-03-02T18:00+00:00"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    Restride(folder / "data").ready()
    return folder


@pytest.fixture
def restride(made: Path, tmp_path: Path) -> Restride:
    return Restride(Path(shutil.copytree(made / "data", tmp_path / "data")))


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait two seconds between two looks: the files lie there, whole."""
    monkeypatch.setattr("monitor.once.SETTLE_S", 0.0)


def inbox(restride: Restride) -> Path:
    return restride.data / "inbox"


def sessions(restride: Restride, *more: str, now: str = NOW) -> list[dict[str, Any]]:
    return list(restride(*more, "sessions", "--json", now=now).json["sessions"])


def messages(restride: Restride, kind: MessageKind, runner: str | None = None) -> list[str]:
    with Store.open(restride.data / "restride.db") as store:
        return [one.text for one in store.messages.all(store.runner(runner)) if one.kind is kind]


@pytest.mark.parametrize(("apart_min", "runs"), [(61, 2), (59, 1)])
def test_two_runs_dropped_into_the_inbox_are_two_sessions_from_an_hour_on(
    restride: Restride, apart_min: int, runs: int
) -> None:
    """Two sessions an hour apart are no rest of 48 hours; a pause of less is the pause of one run."""
    first = datetime.fromisoformat(RUN)
    parts = (("walk", 300.0), ("jog", 300.0), ("walk", 300.0))
    second = first + timedelta(minutes=15 + apart_min)
    for n, start in enumerate((first, second)):
        write_run(inbox(restride), start.isoformat(), parts, seed=n + 1)
    assert restride("watch", "--once", now=NOW).code == 0
    found = sessions(restride)
    assert len(found) == runs
    codes = {f["code"] for one in found for f in restride("show", one["id"], "--json", now=NOW).json["findings"]}
    assert ("RST01" in codes) == (runs == 2)


@pytest.mark.skipif(os.name == "nt", reason="no such names here")
def test_a_name_with_a_line_break_is_listed_once(restride: Restride) -> None:
    (inbox(restride) / "Ana").mkdir()
    write_run(inbox(restride), RUN).rename(inbox(restride) / "Ana" / "läuft\nweiter.fit")
    assert restride("watch", "--once", now=NOW).code == 0
    assert [file["outcome"] for file in restride("files", "--json", now=NOW).json["files"]] == ["imported"]


def test_once_more_changes_nothing_and_says_nothing(restride: Restride) -> None:
    """A timer runs it every ten minutes: she must not hear of the same run every ten minutes."""
    write_run(inbox(restride), RUN)
    said = restride("watch", "--once", now=NOW)
    assert said.code == 0
    assert "exports were read" in said.stdout
    assert restride("watch", "--once", now=NOW).stdout == ""
    assert len(sessions(restride)) == 1


def test_a_file_that_cannot_be_read_fails_once_and_stays(restride: Restride) -> None:
    (inbox(restride) / "bad.fit").write_bytes(b"no run at all, and old" * 20)
    (inbox(restride) / "bad.fit").touch()
    os.utime(inbox(restride) / "bad.fit", (1.7e9, 1.7e9))
    codes = [restride("watch", "--once", now=NOW).code for _ in range(3)]
    assert (inbox(restride) / "bad.fit").exists()
    assert codes[-1] == 0  # known to be bad
    told = messages(restride, MessageKind.TROUBLE)
    assert len(told) <= 1


def test_the_check_ins_of_a_sheet_are_taken_after_the_runs_they_are_about(restride: Restride) -> None:
    write_run(inbox(restride) / "a", RUN)
    sheet = inbox(restride) / "Checkin.CSV"
    sheet.write_text("answered_at,pain,leakage,heaviness\n2026-03-02 17:00,0,none,none\n", encoding="utf-8")
    assert restride("watch", "--once", now=NOW).code == 0
    windows = restride("show", "2026-03-02", "--json", now=NOW).json["windows"]
    assert windows["after"] == "none"
    with sheet.open("a", encoding="utf-8") as more:
        more.write("2026-03-02 17:30,nonsense,none,none\n")
    assert restride("watch", "--once", now=NOW).code == 1
    assert restride("watch", "--once", now=NOW).code == 0  # told once
    with Store.open(restride.data / "restride.db") as store:
        assert len(store.facts(store.runner()).check_ins) == 1


def test_the_weeks_recommendation_rests_on_the_sheet_that_came_with_it(restride: Restride) -> None:
    """Told that her entry was taken, she must not read in the next line that it is missing."""
    write_run(inbox(restride), "2026-03-01T08:00+00:00")
    (inbox(restride) / "checkin.csv").write_text(
        "answered_at,pain,leakage,heaviness\n2026-03-01 17:00,0,none,none\n", encoding="utf-8"
    )
    assert restride("watch", "--once", now="2026-03-01T18:30+00:00").code == 0
    [weekly] = messages(restride, MessageKind.WEEKLY)
    assert "how you feel the next day" in weekly
    assert "after the run is not answered" not in weekly


def test_a_sheet_that_is_still_arriving_is_not_taken_for_what_has_come_of_it(restride: Restride) -> None:
    """Half of a row says pain of 1 where she wrote 10, and nothing of the urgent sign behind it."""
    write_run(inbox(restride), RUN)
    sheet, whole = inbox(restride) / "checkin.csv", "2026-03-02 17:00,10,none,none,chest_pain\n"
    for cut in (19, 24, 35):
        sheet.write_text(f"answered_at,pain,leakage,heaviness,urgent\n{whole[:cut]}", encoding="utf-8")
        assert restride("watch", "--once", now=NOW).code == 0
        with Store.open(restride.data / "restride.db") as store:
            assert store.facts(store.runner()).check_ins == ()
    [waits] = restride("files", "--waiting", "--json", now=NOW).json["files"]
    assert "stops within a line" in waits["message"]
    sheet.write_text(f"answered_at,pain,leakage,heaviness,urgent\n{whole}", encoding="utf-8")
    assert restride("watch", "--once", now=NOW).code == 0
    assert len(messages(restride, MessageKind.URGENT)) == 1
    with Store.open(restride.data / "restride.db") as store:
        [entry] = store.facts(store.runner()).check_ins
    assert entry.pain == 10


def test_a_sheet_whose_last_line_has_no_end_is_taken_once_it_is_old(restride: Restride) -> None:
    """Many programs write none."""
    sheet = inbox(restride) / "checkin.csv"
    sheet.write_text("answered_at,pain,leakage,heaviness\n2026-03-02 17:00,0,none,none", encoding="utf-8")
    os.utime(sheet, (1.7e9, 1.7e9))
    for _ in range(2):
        restride("watch", "--once", now=NOW)
        restride("watch", "--once", now="2026-03-02T18:01+00:00")
    with Store.open(restride.data / "restride.db") as store:
        assert len(store.facts(store.runner()).check_ins) == 1


def test_an_urgent_sign_from_a_sheet_is_told_at_once(restride: Restride) -> None:
    write_run(inbox(restride), RUN)
    (inbox(restride) / "checkin.csv").write_text(
        "answered_at,pain,leakage,heaviness,urgent\n2026-03-02 17:00,0,none,none,chest_pain\n", encoding="utf-8"
    )
    restride("watch", "--once", now=NOW)
    assert len(messages(restride, MessageKind.URGENT)) == 1
    restride("watch", "--once", now=NOW)
    assert len(messages(restride, MessageKind.URGENT)) == 1


def test_each_answer_that_is_due_is_asked_for_once_and_in_the_evening(restride: Restride) -> None:
    """A question at every look would be nagging; none at all, and a forgotten answer holds her plan."""
    write_run(inbox(restride), RUN)
    restride("watch", "--once", now="2026-03-02T08:00+00:00")
    assert messages(restride, MessageKind.DUE) == []  # the windows are open; the evening is not there
    restride("watch", "--once", now="2026-03-02T19:00+00:00")
    evening = messages(restride, MessageKind.DUE)
    assert len(evening) == 2
    for now in ("2026-03-02T19:10+00:00", "2026-03-03T10:00+00:00"):
        restride("watch", "--once", now=now)
        assert messages(restride, MessageKind.DUE) == evening
    restride("watch", "--once", now="2026-03-03T19:30+00:00")
    assert len(messages(restride, MessageKind.DUE)) == 3  # the morning after


def test_answered_windows_are_not_asked_for(restride: Restride) -> None:
    write_run(inbox(restride), RUN)
    restride("watch", "--once", now="2026-03-02T08:00+00:00")
    assert restride("checkin", "--none", now="2026-03-02T12:00+00:00").code == 0
    restride("watch", "--once", now="2026-03-02T19:00+00:00")
    assert messages(restride, MessageKind.DUE) == []


def test_many_files_at_once_are_counted_in_one_sentence(restride: Restride) -> None:
    """A first synchronisation brings hundreds; hundreds of notifications would drown the one that matters."""
    for day in range(22):
        start = datetime(2025, 6, 1, 7, tzinfo=UTC) + timedelta(days=day)
        write_run(inbox(restride), start.isoformat(), (("walk", 120.0),), sport="walking", seed=day)
    said = restride("watch", "--once", now=NOW)
    assert said.code == 0
    [told] = messages(restride, MessageKind.IMPORTED)
    assert told.startswith("22 files")


def test_a_file_that_fails_among_many_is_told_with_its_reason(restride: Restride) -> None:
    """In a count alone the one that needs her is not found; and a process that is killed must not swallow it."""
    for day in range(21):
        start = datetime(2025, 6, 1, 7, tzinfo=UTC) + timedelta(days=day)
        write_run(inbox(restride), start.isoformat(), (("walk", 120.0),), sport="walking", seed=day)
    (inbox(restride) / "map.fit").write_text("<html><body>log in first</body></html>")
    said = restride("watch", "--once", now=NOW)
    assert said.code == 1
    reason, counts = messages(restride, MessageKind.TROUBLE)
    assert reason.startswith("map.fit")
    assert counts.startswith("22 files")


def test_with_two_runners_each_has_her_folder_and_nobody_is_guessed(restride: Restride) -> None:
    """A run that is counted for the wrong woman could let her progress."""
    assert restride("init", "--name", "Zoë Ärger", "--birth", "2025-10-01", now=NOW).code == 0
    write_run(inbox(restride) / "me", RUN)
    write_run(inbox(restride) / "ZOE\u0308 A\u0308RGER", "2026-03-01T07:00+00:00")  # decomposed, as a Mac writes it
    write_run(inbox(restride) / "phone", "2026-02-27T07:00+00:00")
    assert restride("watch", "--once", now=NOW).code == 0
    assert [one["id"] for one in sessions(restride)] == ["2026-03-02"]
    assert [one["id"] for one in sessions(restride, "--runner", "Zoë Ärger")] == ["2026-03-01"]
    [told] = messages(restride, MessageKind.TROUBLE)
    assert "phone" in told
    assert "restride init --name" in told
    with Store.open(restride.data / "restride.db") as store:
        waiting = [f.key for f in store.inbox.all(store.runner()).values() if f.state is InboxState.WAITING]
    assert waiting == ["phone/2026-02-27-0700.fit"]
    restride("watch", "--once", now="2026-03-02T18:10+00:00")
    assert len(messages(restride, MessageKind.TROUBLE)) == 1
    shutil.move(inbox(restride) / "phone" / "2026-02-27-0700.fit", inbox(restride) / "me")
    restride("watch", "--once", now="2026-03-02T18:20+00:00")
    assert {one["id"] for one in sessions(restride)} == {"2026-02-27", "2026-03-02"}


def test_with_one_runner_every_folder_is_hers(restride: Restride) -> None:
    write_run(inbox(restride) / "watch" / "2026", RUN)
    assert restride("watch", "--once", now=NOW).code == 0
    assert len(sessions(restride)) == 1


def test_files_that_were_taken_in_are_moved_and_what_failed_stays(restride: Restride) -> None:
    run = write_run(inbox(restride) / "watch", RUN)
    (inbox(restride) / "bad.gpx").write_text("<gpx", encoding="utf-8")
    os.utime(inbox(restride) / "bad.gpx", (1.7e9, 1.7e9))
    sheet = inbox(restride) / "checkin.csv"
    sheet.write_text("answered_at,pain,leakage,heaviness\n2026-03-02 17:00,0,none,none\n", encoding="utf-8")
    done = inbox(restride) / "done"
    (restride.data / "restride.toml").write_text('[watch]\nafter_import = "move:inbox/done"\n', encoding="utf-8")
    for _ in range(3):
        restride("watch", "--once", now=NOW)
    assert not run.exists()
    assert (done / "watch" / run.name).is_file()
    assert sheet.exists()
    assert (inbox(restride) / "bad.gpx").exists()
    assert len(sessions(restride)) == 1
    assert sum(path.is_file() for path in done.rglob("*")) == 1


def test_a_file_taken_in_before_a_crash_is_moved_at_the_next_time(restride: Restride) -> None:
    run = write_run(inbox(restride), RUN)
    assert restride("watch", "--once", now=NOW).code == 0  # it ended before it could move
    assert restride("watch", "--once", "--after-import", "move:" + str(restride.data / "done"), now=NOW).code == 0
    assert not run.exists()
    assert (restride.data / "done" / run.name).is_file()


def test_a_run_is_named_by_the_same_clock_wherever_it_is_named(restride: Restride) -> None:
    """Told of a run at 07:00 and asked about one at 08:00, she looks for a second run."""
    assert restride("init", "--zone", "Europe/Berlin", now="2026-03-01T19:00+00:00").code == 0
    write_run(inbox(restride), RUN)
    restride("watch", "--once", now="2026-03-02T19:00+00:00")
    [came] = messages(restride, MessageKind.IMPORTED)
    assert "imported, 2026-03-02 08:00, running" in came
    assert all("2 Mar 2026, 08:00" in asked for asked in messages(restride, MessageKind.DUE))


def test_a_clock_that_cannot_be_right_tells_her_nothing_and_takes_nothing_in(restride: Restride) -> None:
    """In 1970 nothing is recorded yet: she would read that her clearance is missing."""
    write_run(inbox(restride), RUN)
    said = restride("watch", "--once", now="1970-01-02T00:00+00:00")
    assert said.code == 1
    assert "clock says 1970-01-02" in said.stderr
    assert said.stdout == ""
    assert messages(restride, MessageKind.WEEKLY) == []
    assert restride("watch", "--once", now=NOW).code == 0
    assert len(sessions(restride)) == 1


def test_what_could_not_be_moved_is_moved_once_its_drive_is_back_and_said_once(restride: Restride) -> None:
    """The watcher runs for months: she must not have to start it anew because a drive was away for a night."""
    run, drive = write_run(inbox(restride), RUN), restride.data.parent / "drive"
    clock, said, arrivals = [datetime.fromisoformat(NOW)], list[Line](), Arrivals({})
    settings, how = resolve(restride.data), Watching(move_to=drive / "done")
    with Store.open(settings.db_path) as store:
        for hours, there in ((0, False), (1, False), (1, True)):
            clock[0] += timedelta(hours=hours)
            if there:
                drive.mkdir()
            ready = [entry for _ in range(2) for entry in arrivals.seen(look(inbox(restride)), clock[0])]
            tending = Tending(
                store=store,
                settings=settings,
                watching=how,
                now=lambda: clock[0],
                tell=said.append,
                keep=arrivals.record,
            )
            tending.run(Found(entries=tuple(ready)))
            assert run.exists() != there
            assert not arrivals.seen(look(inbox(restride)), clock[0])
    assert (drive / "done" / run.name).is_file()
    assert len([line for line in said if "could not be moved" in line.text]) == 1


def test_a_missing_inbox_fails_says_so_once_as_a_message_and_changes_nothing(restride: Restride) -> None:
    write_run(inbox(restride), RUN)
    restride("watch", "--once", now=NOW)
    inbox(restride).rename(restride.data / "away")
    settings = restride.data / "restride.toml"
    settings.write_text(f'inbox = "{restride.data.parent / "drive"}"\n', encoding="utf-8")
    for minute in (10, 20):
        said = restride("watch", "--once", now=f"2026-03-02T18:{minute}+00:00")
        assert said.code == 1
        assert "drive" in said.stderr
    assert len(messages(restride, MessageKind.TROUBLE)) == 1
    assert len(sessions(restride)) == 1
    (restride.data / "away").rename(restride.data.parent / "drive")
    assert restride("watch", "--once", now="2026-03-02T18:30+00:00").code == 0
    assert len(messages(restride, MessageKind.TROUBLE)) == 2  # that it is back


def test_a_place_to_move_to_that_leads_into_the_inbox_or_to_what_is_restrides_own_is_refused(
    restride: Restride,
) -> None:
    """Her files would be read again and again, or mixed with the archive; a link says otherwise than it is."""
    run, base = write_run(inbox(restride), RUN), restride.data.parent
    for name, to in (("a", inbox(restride)), ("b", restride.data), ("c", restride.data / "archive" / "x"), ("d", base)):
        (base / name).symlink_to(to, target_is_directory=True)
        said = restride("watch", "--once", "--after-import", f"move:{base / name}", now=NOW)
        assert said.code == 1, name
        assert "choose another folder" in said.stderr, name
        assert run.exists(), name


def test_a_data_folder_that_lies_in_the_inbox_is_not_read(restride: Restride) -> None:
    """A synced folder may hold both; the archive would come in again, and the database as a file that failed."""
    around = restride.data.parent
    write_run(around / "watch", RUN)
    (restride.data / "restride.toml").write_text(f'inbox = "{around}"\n', encoding="utf-8")
    for _ in range(3):
        assert restride("watch", "--once", now=NOW).code == 0
    with Store.open(restride.data / "restride.db") as store:
        known = store.inbox.all(store.runner())
    assert list(known) == ["watch/2026-03-02-0700.fit"]
    assert len(sessions(restride)) == 1
    assert "1 file in it" in restride("doctor", now=NOW).stdout


@pytest.mark.parametrize("inside", [".", "archive", "reports/x"])
def test_restrides_own_folders_are_no_inbox(restride: Restride, inside: str) -> None:
    said = restride("init", "--inbox", str(restride.data / inside), now=NOW)
    assert said.code == 1
    assert "keeps its own" in said.stderr
    (restride.data / "restride.toml").write_text(f'inbox = "{inside}"\n', encoding="utf-8")
    said = restride("watch", "--once", now=NOW)
    assert said.code == 1
    assert "keeps its own" in said.stderr


@pytest.mark.parametrize("year", [1901, 2300, 2440])
def test_a_file_of_an_impossible_year_is_taken_in_and_stops_no_other(restride: Restride, year: int) -> None:
    """A camera, a phone without a battery: one such file must not keep her other runs out."""
    at = int((datetime(year, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    odd = write_run(inbox(restride), RUN)
    try:
        os.utime(odd, (at, at))
    except (OSError, OverflowError):
        pytest.skip("this file system knows no such year")
    if abs(odd.stat().st_mtime - at) > 1:
        pytest.skip("this file system knows no such year")
    write_run(inbox(restride), "2026-02-27T07:00+00:00", seed=2)
    assert restride("watch", "--once", "--after-import", f"move:{restride.data / 'done'}", now=NOW).code == 0
    assert len(sessions(restride)) == 2
    assert list(inbox(restride).iterdir()) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('watch = "often"\n', "“watch” must be a table"),
        ("[watch]\nevery = 3\n", "[watch] has no setting “every”"),
        ("[watch]\nevery_s = 0\n", "[watch] every_s must be a number"),
        ('[watch]\nafter_import = "delete"\n', "[watch] after_import must be “leave”"),
        ('[watch]\nafter_import = "move:inbox"\n', "choose another folder"),
        ('[watch]\nafter_import = "move:archive/x"\n', "choose another folder"),
    ],
)
def test_a_wrong_setting_names_the_file_and_the_key(restride: Restride, text: str, named: str) -> None:
    (restride.data / "restride.toml").write_text(text, encoding="utf-8")
    said = restride("watch", "--once", now=NOW)
    assert said.code == 1
    assert named in said.stderr


def test_nothing_is_watched_where_nothing_is_set_up(tmp_path: Path) -> None:
    said = Restride(tmp_path / "none")("watch", "--once")
    assert said.code == 1
    assert "restride init" in said.stderr
    assert not (tmp_path / "none").exists()


ISSUE = """
import sys, time
from datetime import datetime
from pathlib import Path
from monitor.store import Store
from monitor.issuing import bring_up_to_date
store = Store.open(Path(sys.argv[1]))
runner = store.runner()
print("ready", flush=True)
sys.stdin.readline()
for minute in range(0, 50, 5):
    time.sleep(0.01)
    bring_up_to_date(store, runner, datetime.fromisoformat(f"2026-03-{15 + minute // 5:02d}T19:00:00+00:00"))
"""


def test_processes_that_find_the_same_news_issue_it_once(restride: Restride) -> None:
    """The watcher and a command look at the same moment; two recommendations would be two different words."""
    command = [sys.executable, "-c", ISSUE, str(restride.data / "restride.db")]
    others = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, encoding="utf-8")
        for _ in range(4)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    with Store.open(restride.data / "restride.db") as store:
        before = len(store.facts(store.runner()).issued)
        for other in others:
            assert other.stdin is not None
            other.stdin.write("go\n")
            other.stdin.flush()
        for other in others:
            assert other.wait(60) == 0
            for stream in (other.stdin, other.stdout):
                assert stream is not None
                stream.close()
        issued = store.facts(store.runner()).issued[before:]
    assert len({one.recorded_at for one in issued}) == len(issued)
    weekly = [one.recommendation["weekly"] for one in issued if one.recommendation["weekly"]]
    assert len(weekly) == len(set(weekly)) == 2  # two Sundays lie between them


def test_everything_at_once_on_one_store_reaches_nobody_as_a_locked_database(restride: Restride) -> None:
    """She logs an answer while the watcher reads a hundred files: she waits a moment, and is not sent away."""
    for day in range(12):
        start = datetime(2026, 1, 1, 7, tzinfo=UTC) + timedelta(days=2 * day)
        write_run(inbox(restride), start.isoformat(), seed=day)
    commands = [
        ("watch", "--once"),
        ("import", str(inbox(restride))),
        ("week",),
        ("checkin", "--none", "--window", "any"),
    ]
    environment = {"RESTRIDE_DATA": str(restride.data), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    end = time.monotonic() + 6.0

    def start(command: tuple[str, ...]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", "--now", NOW, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            encoding="utf-8",
        )

    running = [(command, start(command)) for command in commands]
    while running:
        command, process = running.pop(0)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, f"{command}: {said}"
        assert "locked" not in said
        assert "Another Restride" not in said
        if time.monotonic() < end:
            running.append((command, start(command)))
    assert len(sessions(restride)) == 12
