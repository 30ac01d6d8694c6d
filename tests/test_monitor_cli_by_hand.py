"""`restride log`: what she types of a run that no watch recorded must mean what she meant, or be refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.facts import Facts
from monitor.store import Store
from tests.command import Restride, Said, write_run

MONDAY = "2026-03-02T10:00+00:00"
TUESDAY = "2026-03-03T10:00+00:00"
WHEN = ("--when", "2026-03-02T07:00")
RUN = ("--jog", "1:00", "--walk", "2:00", "--repeats", "7")


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    return Restride(tmp_path / "data").ready()


def log(restride: Restride, *typed: str, now: str = MONDAY) -> Said:
    return restride("log", *typed, now=now)


def facts(restride: Restride) -> Facts:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None))


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_run_by_hand_is_stored_marked_and_judged_wherever_it_shows(restride: Restride) -> None:
    said = log(restride, *RUN, *WHEN)
    assert said.code == 0
    assert said.stderr.startswith("Logged by hand as 2026-03-02: jog 1 min, walk 2 min, 7 times.")
    assert said.stdout.startswith("HOLD: the next run stays at stage 1.\n")
    (told,) = facts(restride).manual_sessions
    assert (told.started_at.isoformat(), told.jog_s, told.walk_s, told.repeats) == (
        "2026-03-02T07:00:00+00:00",
        60,
        120,
        7,
    )
    _, _, row, mark = restride("sessions", now=MONDAY).stdout.splitlines()
    assert row.endswith("clean so far*")
    assert mark == "* by hand: your word, no watch recorded it"
    shown = restride("show", "2026-03-02", now=MONDAY)
    assert "By hand     jog 1 min, walk 2 min, 7 times (your word; no watch recorded it)" in shown.stdout
    assert shown.stderr == ""  # there is no file whose trace could be drawn
    assert "Logged by hand: jog 1 min, walk 2 min, 7 times." in restride("week", now=MONDAY).stdout
    page = Path(restride("report", now=MONDAY).stdout.strip()).read_text(encoding="utf-8")
    assert "Logged by hand: jog 1 min, walk 2 min, 7 times." in page
    content = restride("show", "2026-03-02", "--json", now=MONDAY).json
    assert (content["by_hand"], content["by_her_word"], content["corrected"]) == (True, True, [])
    assert content["performed"]["ratio"] == "1:2.0"
    assert all(line == line.rstrip() and len(line) <= 80 for line in shown.stdout.splitlines())


@pytest.mark.parametrize(
    ("jog", "walk", "seconds"),
    [("1:30", "2", (90, 120)), ("1.5", "90s", (90, 90)), ("1,5", "1.5min", (90, 90)), ("60 s", "0:20", (60, 20))],
)
def test_minutes_may_be_written_as_people_write_them(
    restride: Restride, jog: str, walk: str, seconds: tuple[int, int]
) -> None:
    assert log(restride, "--jog", jog, "--walk", walk, "--repeats", "3", *WHEN).code == 0
    (told,) = facts(restride).manual_sessions
    assert (told.jog_s, told.walk_s) == seconds


@pytest.mark.parametrize(
    ("typed", "code", "expected"),
    [
        ((*RUN, "--when", "2026-03-02T11:00"), 1, "Mon 2 Mar 2026, 11:00 is still to come"),
        ((*RUN, "--when", "2026-03-02T09:50"), 1, "that run ends at Mon 2 Mar 2026, 10:11, which is still to come"),
        ((*RUN, "--when", "1926-03-02T09:50"), 1, "check the year"),
        ((*RUN, "--when", "9999-12-31T23:59-12:00"), 1, "check the year"),
        ((*RUN, "--when", "2026-03-02"), 2, "is no day and time"),
        ((*RUN, "--when", "2026-02-30T07:00"), 2, "is no day and time"),
        ((*RUN, "--when", "07:00"), 2, "is no day and time"),
        (("--jog", "1:75", "--walk", "2", "--repeats", "7", *WHEN), 2, "'1:75' is no length"),
        (("--jog", "-1", "--walk", "2", "--repeats", "7", *WHEN), 2, "is no length"),
        (("--jog", "one", "--walk", "2", "--repeats", "7", *WHEN), 2, "'one' is no length"),
        (("--jog", "0", "--walk", "2", "--repeats", "7", *WHEN), 2, "a run has some jogging"),
        (("--jog", "1", "--walk", "2", "--repeats", "0", *WHEN), 2, "'0' is no number of jogs"),
        (("--jog", "1", "--walk", "2", "--repeats", "7.5", *WHEN), 2, "'7.5' is no number of jogs"),
        (("--jog", "1", "--walk", "0", "--repeats", "7", *WHEN), 2, "without walks there is one jog"),
        (("--jog", "1", "--walk", "19s", "--repeats", "7", *WHEN), 2, "a walk under 20 s parts no jogs"),
        (("--jog", "60", "--walk", "1", "--repeats", "6", "--when", "2026-03-01T07:00"), 2, "more than 6 hours"),
        (("--jog", "1", "--walk", "2", "--repeats", "9" * 40, *WHEN), 2, "more than 6 hours"),
        (RUN, 2, "say all four"),
        ((), 2, "say all four"),
        (("--undo", "2026-03-02", "--jog", "1"), 2, "say it alone"),
        (("--undo", "2026-03-02"), 1, "there is no session 2026-03-02"),
    ],
)
def test_what_cannot_have_been_done_is_refused_and_nothing_is_stored(
    restride: Restride, typed: tuple[str, ...], code: int, expected: str
) -> None:
    said = log(restride, *typed)
    assert (said.code, said.stdout) == (code, "")
    assert expected in words(said.stderr)
    assert facts(restride).manual_sessions == ()


def test_a_run_is_logged_once(restride: Restride) -> None:
    """Typed again after a doubt whether it had worked, it must not become a second run without rest."""
    assert log(restride, *RUN, *WHEN).code == 0
    again = log(restride, *RUN, "--when", "2026-03-02T07:05")
    assert (again.code, again.stdout) == (1, "")
    assert "you have logged that time already, in 2026-03-02" in again.stderr
    assert len(facts(restride).manual_sessions) == 1


def test_it_can_be_taken_back_and_logged_anew(restride: Restride) -> None:
    assert log(restride, *RUN, *WHEN).code == 0
    undone = log(restride, "--undo", "2026-03-02", now=TUESDAY)
    assert (undone.code, undone.stderr) == (0, "Taken back: what you logged by hand in 2026-03-02.\n")
    assert undone.stdout.startswith("HOLD: the next run is at stage 1.")
    listed = restride("sessions", now=TUESDAY).stdout
    assert listed.startswith("Ignored by you\n")
    assert "logged by hand, and taken back" in listed
    assert log(restride, "--jog", "1", "--walk", "3", "--repeats", "5", *WHEN, now=TUESDAY).code == 0
    (counted,) = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert counted["performed"]["walk_bout_s"] == 180


def test_ignoring_works_on_it_like_on_any_session(restride: Restride) -> None:
    assert log(restride, *RUN, *WHEN).code == 0
    assert restride("ignore", "2026-03-02", "--because", "a dream", now=TUESDAY).code == 0
    assert restride("sessions", "--json", now=TUESDAY).json["sessions"] == []
    assert restride("ignore", "2026-03-02", "--undo", now=TUESDAY).code == 0
    assert [s["id"] for s in restride("sessions", "--json", now=TUESDAY).json["sessions"]] == ["2026-03-02"]


def test_it_is_answered_like_any_run(restride: Restride) -> None:
    assert log(restride, *RUN, *WHEN).code == 0
    assert "for the run of Mon 2 Mar" in restride("checkin", "--none", now=TUESDAY).stderr
    (run,) = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert run["clean"] is True


def test_a_recording_that_comes_later_leads_and_hers_can_be_taken_back_alone(
    restride: Restride, tmp_path: Path
) -> None:
    assert log(restride, *RUN, "--when", "2026-03-02T07:06").code == 0
    file = write_run(tmp_path, "2026-03-02T07:00+00:00")
    assert restride("import", str(file), now=TUESDAY).code == 0
    (run,) = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert (run["files"], run["same_run"], run["by_hand"]) == (
        [file.name],
        ["entry by hand (jog 1 min, walk 2 min, 7 times)"],
        False,
    )
    assert log(restride, "--undo", run["id"], now=TUESDAY).code == 0
    (run,) = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert (run["files"], run["same_run"]) == ([file.name], [])
    again = log(restride, "--undo", run["id"], now=TUESDAY)
    assert again.stderr == f"restride: nothing in {run['id']} was logged by hand\n"


def test_logging_what_was_recorded_says_that_the_recording_leads(restride: Restride, tmp_path: Path) -> None:
    file = write_run(tmp_path, "2026-03-02T07:00+00:00")
    assert restride("import", str(file), now=MONDAY).code == 0
    said = log(restride, *RUN, "--when", "2026-03-02T07:06")
    assert f"There is a recording of that time ({file.name}): it leads" in words(said.stderr)


def test_a_start_typed_two_hours_wrong_can_be_said_to_be_of_the_recorded_run(
    restride: Restride, tmp_path: Path
) -> None:
    """Until she says so it is a second run without rest, and blames her."""
    assert log(restride, *RUN, "--when", "2026-03-02T09:00", now=TUESDAY).code == 0
    file = write_run(tmp_path, "2026-03-02T07:00+00:00")
    assert restride("import", str(file), now=TUESDAY).code == 0
    runs = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert ["RST01" in {f["code"] for f in run["findings"]} for run in runs] == [False, True]
    assert restride("same", "2026-03-02", "2026-03-02-2", now=TUESDAY).code == 0
    (run,) = restride("sessions", "--json", now=TUESDAY).json["sessions"]
    assert (run["files"], run["by_her_word"]) == ([file.name], False)


def test_what_was_logged_by_hand_is_not_corrected_but_logged_anew(restride: Restride) -> None:
    assert log(restride, *RUN, *WHEN).code == 0
    typed = ("correct", "2026-03-02", "--from", "07:00", "--to", "07:05")
    said = restride(*typed, "--gait", "walk", now=TUESDAY)
    assert (said.code, said.stdout) == (1, "")
    assert "restride log --undo 2026-03-02" in said.stderr
    undone = restride("correct", "2026-03-02", "--undo", now=TUESDAY)
    assert undone.stderr == "restride: nothing was corrected in 2026-03-02\n"


def test_too_little_jogging_is_said_to_be_no_run(restride: Restride) -> None:
    said = log(restride, "--jog", "30s", "--walk", "5", "--repeats", "1", *WHEN)
    assert said.code == 0
    assert "It is shown as a walk: 30 s of jogging, less than 60 s: not a run." in words(said.stderr)
    assert restride("sessions", now=MONDAY).stdout.splitlines()[2].endswith("walk*")


@pytest.mark.parametrize(
    ("zone", "when", "either"),
    [
        ("Europe/Lisbon", "2025-10-26T01:30", ("2025-10-26T01:30+01:00", "2025-10-26T01:30+00:00")),
        ("Europe/Lisbon", "2025-03-30T01:30", ("2025-03-30T00:30+00:00", "2025-03-30T02:30+01:00")),
        ("America/New_York", "2025-11-02T01:30", ("2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00")),
        ("America/New_York", "2025-03-09T02:30", ("2025-03-09T01:30-05:00", "2025-03-09T03:30-04:00")),
        ("Australia/Lord_Howe", "2025-04-06T01:45", ("2025-04-06T01:45+11:00", "2025-04-06T01:45+10:30")),
        ("Australia/Lord_Howe", "2025-10-05T02:15", ("2025-10-05T01:45+10:30", "2025-10-05T02:45+11:00")),
    ],
)
def test_a_time_in_the_night_of_a_clock_change_is_asked_for_in_full(
    tmp_path: Path, zone: str, when: str, either: tuple[str, str]
) -> None:
    """A guess would be an hour off, and an hour is what separates 47 from 48 hours of rest."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2024-11-17", "--zone", zone, now=MONDAY).code == 0
    said = log(restride, *RUN, "--when", when)
    assert (said.code, said.stdout) == (1, "")
    assert words(said.stderr).endswith(f"write {either[0]} or {either[1]}")
    starts = set()
    for reading in either:
        assert log(restride, *RUN, "--when", reading).code == 0
        (told,) = facts(restride).manual_sessions[-1:]
        starts.add(told.started_at)
        assert log(restride, "--undo", restride("sessions", "--json", now=MONDAY).json["sessions"][0]["id"]).code == 0
    assert len(starts) == 2
