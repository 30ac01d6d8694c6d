"""`restride correct` and `restride ignore`: what she types must mean what she meant, or be refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.facts import Correction, Facts, Ignored
from monitor.store import Store
from tests.command import Restride, process, write_run
from tests.test_monitor_cli_week import RUNS, THURSDAY, live

LATER = "2026-03-05T10:00+00:00"
IGNORED = "Wed 2026-03-04, 07:40: 29 min (2026-03-04-0740.fit); ignored by you: not my run"
WALKED = ("correct", "2026-03-04", "--from", "07:45", "--to", "07:45:30", "--gait", "walk")


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """Set up a runner with two clean runs of stage 1, at 07:00 and 07:40 in Lisbon."""
    return live(Restride(tmp_path / "data").ready(), tmp_path / "exports")


def facts(restride: Restride) -> Facts:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None))


def told(restride: Restride) -> tuple[tuple[Correction, ...], tuple[Ignored, ...]]:
    return facts(restride).corrections, facts(restride).ignored


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_correction_is_stored_shown_and_brings_the_recommendation_up_to_date(restride: Restride) -> None:
    assert restride("next", now=THURSDAY).stdout.startswith("PROGRESS")
    said = restride("correct", "2026-03-04", "--from", "07:45", "--to", "07:55", "--gait", "walk", now=LATER)
    assert said.code == 0
    assert said.stderr == "Recorded for 2026-03-04: 07:45:00 to 07:55:00 walk, corrected by you.\n"
    assert said.stdout.startswith("HOLD: the next run stays at stage 1.\n")
    ((correction,), _) = told(restride)
    assert (correction.start.isoformat(), correction.end.isoformat()) == (
        "2026-03-04T07:45:00+00:00",
        "2026-03-04T07:55:00+00:00",
    )
    shown = restride("show", "2026-03-04", now=LATER).stdout
    assert "Corrected    by you: 07:45:00 to 07:55:00 walk" in shown
    assert "^ corrected by you" in shown
    assert "corrected by you" in words(restride("sessions", now=LATER).stdout)
    assert "Corrected by you: 07:45:00 to 07:55:00 walk." in words(restride("week", now=LATER).stdout)
    report = restride("report", now=LATER).stdout.strip()
    page = Path(report).read_text(encoding="utf-8")
    assert "Corrected by you: 07:45:00 to 07:55:00 walk." in page
    assert page.count("orrected by you") == 1


def test_the_json_of_a_session_says_what_is_her_word(restride: Restride) -> None:
    """A script that trusts the watch alone has to be able to tell."""
    assert restride(*WALKED, now=LATER).code == 0
    content = restride("show", "2026-03-04", "--json", now=LATER).json
    assert content["corrected"] == [{"gait": "walk", "start": "2026-03-04T07:45:00Z", "end": "2026-03-04T07:45:30Z"}]
    assert content["by_her_word"] is True
    hers = [b for b in content["bouts"] if b["by_her_word"]]
    assert [b["gait"] for b in hers] == ["walk"]
    assert hers[0]["end"] == "2026-03-04T07:45:30Z"
    other = restride("show", "2026-03-02", "--json", now=LATER).json
    assert (other["by_her_word"], other["corrected"], other["ignored"]) == (False, [], None)


def test_taking_it_back_is_a_fact_too_and_leaves_what_the_watch_shows(restride: Restride) -> None:
    before = restride("show", "2026-03-04", "--json", now=LATER).stdout
    assert restride(*WALKED, now=LATER).code == 0
    assert restride("show", "2026-03-04", "--json", now=LATER).stdout != before
    said = restride("correct", "2026-03-04", "--undo", now=LATER)
    assert said.code == 0
    assert said.stdout.startswith("PROGRESS")
    assert restride("show", "2026-03-04", "--json", now=LATER).stdout == before
    assert len(told(restride)[0]) == 2
    again = restride("correct", "2026-03-04", "--undo", now=LATER)
    assert (again.code, again.stdout) == (1, "")
    assert again.stderr == "restride: nothing was corrected in 2026-03-04\n"


def test_a_rebuild_keeps_her_word(restride: Restride) -> None:
    """A better detector reads the file anew, and still she knows better what she did."""
    assert restride(*WALKED, now=LATER).code == 0
    assert restride("ignore", "2026-03-02", "--because", "not my run", now=LATER).code == 0
    with Store.open(restride.data / "restride.db") as store:
        stored = store.observed(store.runner(None))
        assert not any(one.corrected for one in stored)
        assert not any(b.by_her_word for one in stored for b in one.bouts)
    before = restride("show", "2026-03-04", "--json", now=LATER).stdout
    assert restride("rebuild", now=LATER).code == 0
    assert restride("show", "2026-03-04", "--json", now=LATER).stdout == before
    assert [s["id"] for s in restride("sessions", "--json", now=LATER).json["ignored"]] == ["2026-03-02"]


@pytest.mark.parametrize(
    ("typed", "code", "words_of_it"),
    [
        (("2026-03-03", "--from", "07:10", "--to", "07:11", "--gait", "jog"), 1, "there is no session 2026-03-03"),
        (("2026-03-04", "--from", "06:10", "--to", "07:45", "--gait", "jog"), 1, "06:10:00 is outside 2026-03-04"),
        (("2026-03-04", "--from", "07:45", "--to", "09:00", "--gait", "jog"), 1, "recorded from 07:40:00 to 08:09:00"),
        (("2026-03-04", "--from", "07:50", "--to", "07:45", "--gait", "jog"), 2, "07:50:00 to 07:45:00 is no stretch"),
        (("2026-03-04", "--from", "07:50", "--to", "07:50", "--gait", "jog"), 2, "is no stretch of time"),
        (("2026-03-04", "--from", "07:40", "--to", "07:41", "--gait", "walk"), 1, "already shows walk"),
        (("2026-03-04", "--from", "07:40", "--to", "07:41", "--gait", "swim"), 2, "'swim' is not one of"),
        (("2026-03-04", "--from", "25:40", "--to", "07:41", "--gait", "jog"), 2, "'25:40' is no time"),
        (("2026-03-04", "--from", "2026-03-04T07:40", "--to", "07:41", "--gait", "jog"), 2, "is no time"),
        (("2026-03-04", "--from", "07:40", "--to", "07:41"), 2, "say all three"),
        (("2026-03-04",), 2, "say all three"),
        (("2026-03-04", "--undo", "--gait", "jog"), 2, "without --from, --to and --gait"),
        (("2026-03-04", "--undo"), 1, "nothing was corrected in 2026-03-04"),
        ((), 2, "ID"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_stored(
    restride: Restride, typed: tuple[str, ...], code: int, words_of_it: str
) -> None:
    said = restride("correct", *typed, now=LATER)
    assert (said.code, said.stdout) == (code, "")
    assert words_of_it in words(said.stderr)
    assert told(restride) == ((), ())


def test_an_instant_with_its_zone_may_be_typed(restride: Restride) -> None:
    start, end = "2026-03-04T08:45:00+01:00", "2026-03-04T07:45:30Z"
    assert restride("correct", "2026-03-04", "--from", start, "--to", end, "--gait", "walk", now=LATER).code == 0
    ((correction,), _) = told(restride)
    assert correction.start.isoformat() == "2026-03-04T07:45:00+00:00"


def test_a_time_after_midnight_is_the_next_morning(tmp_path: Path) -> None:
    """A run from 23:50 on has times of two days; typed by the clock both must be found."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-03-02T23:50+00:00")
    assert restride("import", str(file), now=LATER).code == 0
    said = restride("correct", "2026-03-02", "--from", "23:59:30", "--to", "0:00:45", "--gait", "stand", now=LATER)
    assert said.code == 0, said.stderr
    ((correction,), _) = told(restride)
    assert correction.start.isoformat() == "2026-03-02T23:59:30+00:00"
    assert correction.end.isoformat() == "2026-03-03T00:00:45+00:00"


def test_a_time_that_the_clock_shows_twice_is_asked_for_with_its_zone(tmp_path: Path) -> None:
    """In the night of 25 October the hour from 01:00 comes twice in Lisbon: a guess would move her jog by an hour."""
    restride = Restride(tmp_path / "data").ready()
    parts = [("walk", 3000.0), ("jog", 60.0), ("walk", 3000.0)]
    file = write_run(tmp_path, "2026-10-25T00:10+00:00", parts)
    now = "2026-10-26T10:00+00:00"
    assert restride("import", str(file), now=now).code == 0
    said = restride("correct", "2026-10-25", "--from", "01:10:30", "--to", "01:30", "--gait", "jog", now=now)
    assert said.code == 1
    assert "the clock showed 01:10:30 twice in 2026-10-25" in words(said.stderr)
    typed = said.stderr.split()[-1]
    assert typed == "2026-10-25T01:10:30+00:00"
    assert restride("correct", "2026-10-25", "--from", typed, "--to", "01:50", "--gait", "jog", now=now).code == 1
    end = "2026-10-25T01:11:00Z"
    assert restride("correct", "2026-10-25", "--from", typed, "--to", end, "--gait", "jog", now=now).code == 0


# ignore


def test_an_ignored_run_leaves_everything_and_is_listed_apart(restride: Restride) -> None:
    said = restride("ignore", "2026-03-04", "--because", "not my run", now=LATER)
    assert said.code == 0
    assert said.stdout.startswith("What you logged about it still counts.\nHOLD: the next run stays at stage 1.\n")
    listed = restride("sessions", now=LATER).stdout
    assert listed.splitlines()[-2:] == ["Ignored by you", IGNORED]
    content = restride("sessions", "--json", now=LATER).json
    assert [s["id"] for s in content["sessions"]] == ["2026-03-02"]
    assert [(s["id"], s["ignored"]) for s in content["ignored"]] == [("2026-03-04", "not my run")]
    assert "Ignored     by you: not my run" in restride("show", "2026-03-04", now=LATER).stdout
    assert restride("show", "2026-03-04", "--json", now=LATER).json["ignored"] == "not my run"
    assert "ignored by you: not my run" in words(restride("week", now=LATER).stdout)
    week = restride("week", "--json", now=LATER).json
    assert ([s["id"] for s in week["sessions"]], [s["id"] for s in week["ignored"]]) == (["2026-03-02"], ["2026-03-04"])
    page = Path(restride("report", now=LATER).stdout.strip()).read_text(encoding="utf-8")
    assert "ignored by you: <bdi>not my run" in page


def test_her_reason_is_never_markup(restride: Restride) -> None:
    assert restride("ignore", "2026-03-04", "--because", "<script>alert(1)</script>", now=LATER).code == 0
    page = Path(restride("report", now=LATER).stdout.strip()).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "ignored by you: <bdi>&lt;script&gt;" in page


def test_a_week_in_which_all_was_ignored_is_still_in_the_report(tmp_path: Path) -> None:
    """Her physiotherapist has to see that there was something, and why it does not count."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-01-20T07:00+00:00")
    assert restride("import", str(file), now=LATER).code == 0
    assert restride("ignore", "2026-01-20", "--because", "lent the watch", now=LATER).code == 0
    page = Path(restride("report", now=LATER).stdout.strip()).read_text(encoding="utf-8")
    assert "No run, walk or other training that counts was recorded in this week." in page
    assert "lent the watch" in page


def test_what_was_ignored_counts_again_when_it_is_taken_back(restride: Restride) -> None:
    before = restride("sessions", "--json", now=LATER).stdout
    assert restride("ignore", "2026-03-02", "--because", "test of the seven movements", now=LATER).code == 0
    said = restride("ignore", "2026-03-02", "--undo", now=LATER)
    assert (said.code, said.stderr) == (0, "2026-03-02 counts again.\n")
    assert said.stdout.startswith("PROGRESS")
    assert restride("sessions", "--json", now=LATER).stdout == before
    assert len(told(restride)[1]) == 2


def test_both_exports_of_a_run_are_ignored_with_it(restride: Restride, tmp_path: Path) -> None:
    """Left in, the copy would take the place of the run that she left out."""
    other = write_run(tmp_path / "phone", RUNS[1], seed=9)
    assert restride("import", str(other), now=LATER).code == 0
    assert restride("ignore", "2026-03-04", "--because", "not my run", now=LATER).code == 0
    assert [s["id"] for s in restride("sessions", "--json", now=LATER).json["sessions"]] == ["2026-03-02"]
    assert restride("ignore", "2026-03-04", "--undo", now=LATER).code == 0
    assert len(restride("sessions", "--json", now=LATER).json["sessions"]) == 2


@pytest.mark.parametrize(
    ("typed", "code", "words_of_it"),
    [
        (("2026-03-03", "--because", "x"), 1, "there is no session 2026-03-03"),
        (("2026-03-03", "--undo"), 1, "there is no session 2026-03-03"),
        (("2026-03-04", "--undo"), 1, "2026-03-04 is not ignored"),
        (("2026-03-04",), 2, "say why with --because"),
        (("2026-03-04", "--because", " "), 2, "say why, in a few words"),
        (("2026-03-04", "--because", "x", "--undo"), 2, "--because"),
    ],
)
def test_what_cannot_be_ignored_is_refused_and_nothing_is_stored(
    restride: Restride, typed: tuple[str, ...], code: int, words_of_it: str
) -> None:
    said = restride("ignore", *typed, now=LATER)
    assert (said.code, said.stdout) == (code, "")
    assert words_of_it in words(said.stderr)
    assert told(restride) == ((), ())


def test_an_ignored_run_is_not_ignored_twice_nor_corrected_nor_answered(restride: Restride) -> None:
    assert restride("ignore", "2026-03-04", "--because", "not my run", now=LATER).code == 0
    again = restride("ignore", "2026-03-04", "--because", "really", now=LATER)
    assert (again.code, again.stderr) == (1, "restride: 2026-03-04 is ignored already, because: not my run\n")
    undo = "2026-03-04 is ignored; `restride ignore 2026-03-04 --undo` lets it count again"
    for command in (WALKED, ("checkin", "--none", "--session", "2026-03-04")):
        said = restride(*command, now=LATER)
        assert (said.code, said.stdout) == (1, "")
        assert said.stderr == f"restride: {undo}\n"
    assert len(told(restride)[1]) == 1


def test_cross_training_has_nothing_to_correct(restride: Restride, tmp_path: Path) -> None:
    ride = write_run(tmp_path / "ride", "2026-03-03T17:00+00:00", sport="cycling")
    assert restride("import", str(ride), now=LATER).code == 0
    said = restride("correct", "2026-03-03", "--from", "17:05", "--to", "17:06", "--gait", "jog", now=LATER)
    assert (said.code, said.stdout) == (1, "")
    assert "no jogging or walking to correct" in said.stderr


def test_it_works_as_a_shell_starts_it(restride: Restride) -> None:
    """One real process each: parsing, the store and the words go through no test double."""
    clock = ("--now", LATER)
    done = process(restride.data, *WALKED, *clock)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("HOLD: ") or done.stdout.startswith("PROGRESS: ")
    shown = process(restride.data, "show", "2026-03-04", *clock)
    assert "by you: 07:45:00 to 07:45:30 walk" in shown.stdout
    assert "\x1b" not in shown.stdout + shown.stderr
    done = process(restride.data, "ignore", "2026-03-04", "--because", "not my run", *clock)
    assert done.returncode == 0, done.stderr
    listed = json.loads(process(restride.data, "sessions", "--json", *clock).stdout)
    assert [s["id"] for s in listed["ignored"]] == ["2026-03-04"]
    wrong = process(restride.data, "correct", "2026-03-02", "--from", "12:00", "--to", "12:01", "--gait", "jog", *clock)
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("restride: 12:00:00 is outside 2026-03-02")
