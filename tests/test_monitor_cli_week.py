"""What she is told before a run, and what a script or a physiotherapist reads from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.store import Store
from tests.command import Restride, Said, write_run

RUNS = ("2026-03-02T07:00+00:00", "2026-03-04T07:40+00:00", "2026-03-06T08:20+00:00")
FIELDS = {
    "format_version", "outcome", "as_of", "last_stage", "next_stage", "prescription", "reasons", "advice",
    "earliest_next_run", "earliest_increase", "rules_version",
}  # fmt: skip
TUESDAY = "2026-03-03T09:00+00:00"
THURSDAY = "2026-03-05T09:00+00:00"
SUNDAY = "2026-03-08T18:00+00:00"


def live(restride: Restride, folder: Path, runs: tuple[str, ...] = RUNS[:2], *, answer: bool = True) -> Restride:
    """Run, import, and answer in the evening and the next morning."""
    for number, start in enumerate(runs, 1):
        day, month = int(start[8:10]), start[:8]
        assert restride("import", str(write_run(folder, start, seed=number)), now=f"{start[:11]}10:00+00:00").code == 0
        if answer:
            assert restride("checkin", "--none", now=f"{start[:11]}20:00+00:00").code == 0
            assert restride("checkin", "--none", now=f"{month}{day + 1:02d}T08:00+00:00").code == 0
    return restride


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """Set up a runner with two clean runs of stage 1."""
    return live(Restride(tmp_path / "data").ready(), tmp_path / "exports")


def first_line(said: Said) -> str:
    return said.stdout.splitlines()[0]


def test_next_says_hold_first_where_it_holds(tmp_path: Path) -> None:
    """She reads the first line and goes: the word has to be there, before any number."""
    restride = live(Restride(tmp_path / "data").ready(), tmp_path / "exports", RUNS[:1])
    said = restride("next", now=TUESDAY)
    assert said.code == 0
    assert first_line(said) == "HOLD: the next run stays at stage 1."
    text = " ".join(said.stdout.split())
    assert "jog 1 min, walk 2 min, again and again for 20 min (7 jogs, 7 min of jogging)" in text
    assert "not before Wed 4 Mar 2026, 07:2" in text
    assert "One more clean run is needed at stage 1" in text
    for reminder in ("feed or pump", "sports bra", "shoes", "stop jogging and walk"):
        assert reminder in text


def test_what_may_be_done_already_is_from_now_on(restride: Restride) -> None:
    """A day of last week as an answer to "when" reads like an appointment that she missed."""
    for command in ("next", "week", "stage"):
        text = restride(command, now="2026-03-09T09:00+00:00").stdout
        assert "\n  When      from now on\n" in text, text


def test_a_week_lists_the_check_ins_that_are_about_no_run(restride: Restride) -> None:
    """A symptom on a day of rest holds her; a week that does not show it hides why."""
    told = ("--pain", "2", "--site", "pelvis", "--window", "any")
    assert restride("checkin", *told, now="2026-03-07T08:00+00:00").code == 0
    text = restride("week", now=SUNDAY).stdout
    listed = " ".join(text.partition("Check-ins that are not about a run\n")[2].split())
    assert listed.startswith("- Sat 7 Mar 2026, 08:00 (not about a run): pain 2 of 10 (pelvis).")
    assert "Check-ins that are not" not in restride("week", "--week", "2026-W09", now=SUNDAY).stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("stage", "set", "two", "--because", "x"), "'two' is no stage; write its number, like 2"),
        (("report", "--weeks", "0"), "'0' is no number of weeks"),
        (("report", "--format", "pdf"), "'pdf' cannot be written; it is html"),
    ],
)
def test_a_word_that_fits_nowhere_is_told_what_is_expected(
    restride: Restride, arguments: tuple[str, ...], expected: str
) -> None:
    said = restride(*arguments, now=SUNDAY)
    assert (said.code, said.stdout) == (2, "")
    assert expected in " ".join(said.stderr.split())


def test_a_report_replaces_a_report_and_nothing_else(restride: Restride, tmp_path: Path) -> None:
    """One slip of the fingers at -o, and the only recording of a run is gone."""
    keep = write_run(tmp_path, "2026-03-06T07:00+00:00")
    before = keep.read_bytes()
    said = restride("report", "-o", str(keep), now=SUNDAY)
    assert (said.code, said.stdout) == (1, "")
    assert "is no report of Restride's; choose another name with -o" in said.stderr
    assert keep.read_bytes() == before
    (tmp_path / "page.html").write_text("<!doctype html><title>Recipes</title>")
    assert restride("report", "-o", str(tmp_path / "page.html"), now=SUNDAY).code == 1
    for _ in range(2):
        assert restride("report", "-o", str(tmp_path / "mine.html"), now=SUNDAY).code == 0
    assert restride("report", now=SUNDAY).code == restride("report", now=SUNDAY).code == 0


def test_show_says_how_each_window_stands_in_the_words_of_the_documents(restride: Restride, tmp_path: Path) -> None:
    assert restride("import", str(write_run(tmp_path, RUNS[2], seed=3)), now="2026-03-06T10:00+00:00").code == 0
    assert restride("checkin", "--pain", "1", "--window", "after", now="2026-03-06T20:00+00:00").code == 0
    text = " ".join(restride("show", "2026-03-06", now="2026-03-06T20:00+00:00").stdout.split())
    assert "during: unanswered, after: symptom, next day: not due" in text
    assert "during: none, after: none, next day: none" in " ".join(
        restride("show", "2026-03-02", now=SUNDAY).stdout.split()
    )


def test_two_clean_runs_move_her_one_stage(restride: Restride) -> None:
    said = restride("next", now=THURSDAY)
    assert first_line(said) == "PROGRESS: the next run goes up to stage 2."
    assert "jog 1 min, walk 1 min 30 s" in said.stdout


def test_while_a_gate_is_open_nothing_reminds_her_to_run(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    assert restride("init", "--birth", "2026-02-01", "--zone", "Europe/Lisbon").code == 0
    said = restride("next")
    assert first_line(said) == "HOLD: no running for now."
    assert "No running before 2026-04-26" in " ".join(said.stdout.split())
    assert "Before you go" not in said.stdout


@pytest.mark.parametrize("command", ["next", "week", "stage"])
def test_a_recommendation_as_json_has_every_field(restride: Restride, command: str) -> None:
    said = restride(command, "--json", now=THURSDAY)
    assert (said.code, said.stderr) == (0, "")
    assert len(said.stdout.splitlines()) == 1
    content = said.json
    assert set(content) >= FIELDS
    assert content["format_version"] == 1
    assert content["outcome"] == "PROGRESS"
    assert content["prescription"]["stage"] == content["next_stage"] == 2
    assert {"code", "message", "evidence"} == set(content["reasons"][0])


@pytest.mark.parametrize("command", ["next", "week"])
def test_a_script_can_tell_hold_from_progress_only_where_it_asks_to(restride: Restride, command: str) -> None:
    """An alarm that goes off on every HOLD would be switched off; one asked for has to be there."""
    assert restride(command, now=TUESDAY).code == 0
    assert restride(command, "--exit-code", now=TUESDAY).code == 3
    assert restride(command, "--json", "--exit-code", now=TUESDAY).code == 3
    assert restride(command, "--exit-code", now=THURSDAY).code == 0


def test_the_clock_can_be_set_and_nobody_is_told(restride: Restride) -> None:
    """Tests and the demo need a clock that stands still; in a user's hands it would only confuse."""
    assert restride("week", "--json", now="2026-03-05T09:00+02:00").json["as_of"].startswith("2026-03-05T07:00:00")
    for command in ((), ("week",), ("checkin",)):
        assert "--now" not in restride(*command, "--help").stdout
    assert restride("week", now="2026-03-05T09:00").code == 2
    assert restride("week", now="yesterday").code == 2
    later = restride("week", "--json", "--now", THURSDAY, now=TUESDAY)  # after the command counts more than before it
    assert later.json["as_of"].startswith("2026-03-05T09:00:00")


def test_the_week_says_what_it_did_and_why_it_holds(restride: Restride, tmp_path: Path) -> None:
    stage_2 = [("walk", 300.0), *([("jog", 60.0), ("walk", 90.0)] * 8), ("walk", 180.0)]
    run = write_run(tmp_path, RUNS[2], stage_2, seed=3)
    assert restride("import", str(run), now="2026-03-06T10:00+00:00").code == 0
    told = ("--pain", "0", "--leakage", "drops", "--heaviness", "none")
    assert restride("checkin", *told, now="2026-03-06T20:00+00:00").code == 0
    said = restride("week", now=SUNDAY)
    text = " ".join(said.stdout.split())
    assert first_line(said).startswith("HOLD: ")
    assert "You logged leakage (drops) on Friday 6 March" in text
    assert "the plan's rule is to hold" in text
    assert "[SYM01]" in text
    assert "The week of Mon 2 Mar to Sun 8 Mar 2026 (2026-W10)" in text
    assert "3 runs, 2 clean." in text
    assert "Moved up, 1 → 2, on Fri 6 Mar." in text
    rows = [line for line in said.stdout.splitlines() if line[:4] in ("Mon ", "Wed ", "Fri ")]
    assert [row.split()[-1] for row in rows[:3]] == ["clean", "clean", "clean"]
    assert "not clean" in rows[2]
    assert max(map(len, said.stdout.splitlines())) <= 80


def test_an_earlier_week_shows_what_was_said_then(restride: Restride) -> None:
    """What was issued stays as issued: a physiotherapist asks why she ran what she ran."""
    said = restride("week", "--week", "2026-W10", now="2026-03-20T09:00+00:00")
    assert said.code == 0
    assert first_line(said) == "What was last recommended to you by the end of this week:"
    assert "PROGRESS: the next run goes up to stage 2." in said.stdout
    content = restride("week", "--week", "2026-W10", "--json", now="2026-03-20T09:00+00:00").json
    assert (content["week"], content["source"], content["outcome"]) == ("2026-W10", "issued", "PROGRESS")
    assert [s["id"] for s in content["sessions"]] == ["2026-03-02", "2026-03-04"]


def test_a_week_before_anything_was_said_is_worked_out_and_says_so(tmp_path: Path) -> None:
    """A verdict made up afterwards must not pass for one that she was given."""
    restride = Restride(tmp_path / "data").ready()
    with Store.open(tmp_path / "data" / "restride.db") as store:
        assert store.facts(store.runner(None)).issued[0].recorded_at.isoformat().startswith("2026-02-28")
    said = restride("week", "--week", "2026-W08", now="2026-03-20T09:00+00:00")
    assert "Nothing had been recommended by the end of this week." in said.stdout
    assert "no running for now" in said.stdout


def test_a_week_that_is_none_or_still_to_come_is_refused(restride: Restride) -> None:
    for wrong in ("2026-14", "W14", "2026-W54", "2026-W00"):
        assert restride("week", "--week", wrong, now=THURSDAY).code == 2
    said = restride("week", "--week", "2026-W11", now=THURSDAY)
    assert (said.code, said.stdout) == (1, "")
    assert "has not begun" in said.stderr


def test_a_look_does_not_issue_twice(restride: Restride) -> None:
    """Every look that wrote a recommendation would bury those that changed something."""

    def issued() -> int:
        with Store.open(restride.data / "restride.db") as store:
            return len(store.facts(store.runner(None)).issued)

    assert restride("week", now=THURSDAY).code == 0
    before = issued()
    for command in ("week", "next", "stage", "sessions", "gate"):
        assert restride(command, now=THURSDAY).code == 0
    assert issued() == before


# stage


def test_a_physio_sets_the_stage_with_her_reason(restride: Restride) -> None:
    said = restride("stage", "set", "4", "--because", "assessed, ready for more", now=THURSDAY)
    assert said.code == 0
    assert "stage 4" in said.stdout
    shown = restride("stage", now=THURSDAY)
    assert "stage 4: jog 1 min 30 s, walk 1 min" in shown.stdout
    assert "assessed, ready for more" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("4",), 2), (("4", "--because", " "), 2), (("18", "--because", "x"), 1), (("four", "--because", "x"), 2)],
)
def test_a_stage_without_a_reason_or_off_the_ladder_is_not_set(
    restride: Restride, arguments: tuple[str, ...], code: int
) -> None:
    said = restride("stage", "set", *arguments, now=THURSDAY)
    assert (said.code, said.stdout) == (code, "")
    with Store.open(restride.data / "restride.db") as store:
        assert store.facts(store.runner(None)).overrides == ()


# sessions, show, report


def test_sessions_are_listed_with_their_verdict(restride: Restride) -> None:
    said = restride("sessions", now=THURSDAY)
    head, line, *rows = said.stdout.splitlines()
    assert head.split() == ["session", "stage", "done/asked", "jog/walk", "ratio", "rest", "symptoms", "verdict"]
    assert set(line) == {"-"}
    assert [row.split()[1] for row in rows] == ["2026-03-02", "2026-03-04"]
    assert all(row.endswith("none      clean") for row in rows)
    content = restride("sessions", "--json", now=THURSDAY).json
    assert [s["stage"] for s in content["sessions"]] == [1, 1]
    assert all(s["clean"] for s in content["sessions"])


def test_a_session_is_shown_in_full(restride: Restride) -> None:
    said = restride("show", "2026-03-04", now=THURSDAY)
    assert said.code == 0
    assert "2026-03-04: run, Wed 4 Mar 2026, 07:40" in said.stdout
    assert "Check-ins    during: none, after: none, next day: none" in said.stdout
    assert said.stdout.count("\njog ") == 7
    assert max(map(len, said.stdout.splitlines())) <= 80
    content = restride("show", "2026-03-04", "--json", now=THURSDAY).json
    assert content["performed"]["repeats"] == 7
    assert len(content["bouts"]) >= 15


def test_a_session_that_is_not_there_is_said(restride: Restride) -> None:
    said = restride("show", "2026-03-03", now=THURSDAY)
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr == "restride: there is no session 2026-03-03; `restride sessions` lists those there are\n"


def test_a_report_is_written_and_its_path_is_all_that_is_printed(restride: Restride, tmp_path: Path) -> None:
    """`open $(restride report)` has to work."""
    said = restride("report", now=THURSDAY)
    assert (said.code, said.stderr) == (0, "")
    (line,) = said.stdout.splitlines()
    path = Path(line)
    assert path == tmp_path / "data" / "reports" / "restride-2026-03-05.html"
    assert "2 clean" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert restride("report", now=THURSDAY).code == 0  # a second one on the same day replaces it
    mine = tmp_path / "mine.html"
    assert restride("report", "--weeks", "1", "-o", str(mine), "--json", now=THURSDAY).json["path"] == str(mine)
    assert mine.stat().st_mode & 0o077 == 0


def test_a_report_that_cannot_be_written_says_why(restride: Restride, tmp_path: Path) -> None:
    for target in (tmp_path / "nowhere" / "report.html", tmp_path):
        said = restride("report", "-o", str(target), now=THURSDAY)
        assert (said.code, said.stdout) == (1, "")
        assert said.stderr.startswith(f"restride: {target} ")
        assert len(said.stderr.splitlines()) == 1
    assert restride("report", "--weeks", "0", now=THURSDAY).code == 2
    assert restride("report", "--format", "docx", now=THURSDAY).code == 2
