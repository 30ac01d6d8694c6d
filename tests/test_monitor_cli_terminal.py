"""The command with a person at a terminal: what it asks, and what it takes for an answer."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from monitor.cli.legible import cells
from monitor.facts import Facts
from monitor.store import Store
from tests.command import ROOT, Restride, write_run

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
# Python warns of a fork beside threads; the child only executes another program.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def at_a_terminal(
    data: Path, *arguments: str, answers: list[tuple[str, str]], stop_at: str | None = None, columns: int = 80
) -> tuple[str, int]:
    """Run a command at a terminal, type each answer once its question has been asked, and Ctrl-C at some words."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        os.environ["COLUMNS"] = str(columns)
        os.environ.pop("TZ", None)
        os.execv(sys.executable, [sys.executable, "-m", "monitor.cli", *arguments])
    raw, said, end = b"", "", time.monotonic() + 30
    waiting = list(answers)
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                some = os.read(terminal, 4096)
            except OSError:  # Linux says so when the other side has gone
                break
            if not some:
                break
            raw += some
            said = raw.decode(errors="ignore")  # a letter may come in two parts
            if stop_at is not None and stop_at in said:
                os.write(terminal, b"\x03")
                stop_at = None
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


def test_set_up_asks_four_questions_at_most(tmp_path: Path) -> None:
    """Four she can answer in a minute; a wrong answer is asked again at once, and Enter leaves one open."""
    data = tmp_path / "data"
    (tmp_path / "file").write_text("not a folder")
    said, code = at_a_terminal(
        data, "init", *NOW,
        answers=[
            ("birth", "17.11.2025\r"),
            ("birth", "2026-11-17\r"),
            ("birth", "2025-11-17\r"),
            ("Clearance", "2025-11-05\r"),
            ("Clearance", "2026-01-05 -\r"),
            ("zone", "Lisbon\r"),
            ("zone", "Europe/Lisbon\r"),
            ("Folder", f"{tmp_path / 'file'}\r"),
            ("Folder", "\r"),
        ],
    )  # fmt: skip
    assert code == 0, said
    assert "is no date" in said
    assert "2026-11-17 is still to come" in said
    assert "2025-11-05 is before the birth (2025-11-17)" in said
    assert "did you mean Europe/Lisbon?" in said
    assert "there is a file, not a folder" in said.replace("\r\n", "").replace("\n", "")
    known = facts(data)
    assert [b.on.isoformat() for b in known.births] == ["2025-11-17"]
    assert [(g.code, g.on.isoformat()) for g in known.gates] == [("GAT01", "2026-01-05")]
    assert known.setting("zone", known.births[0].recorded_at) == "Europe/Lisbon"
    assert "it is not recorded that birth injuries have healed" in " ".join(said.split())


def test_set_up_asks_for_what_is_missing_alone(tmp_path: Path) -> None:
    """She was cleared in January and is healed now: to be asked for both again invites a slip."""
    data = tmp_path / "data"
    assert (
        Restride(data)("init", "--birth", "2025-11-17", "--cleared", "2026-01-05", "--zone", "Europe/Lisbon").code == 0
    )
    said, code = at_a_terminal(data, "init", *NOW, answers=[("had healed", "2026-02-20\r")])
    assert code == 0, said
    assert said.count("Enter") == 1
    assert {(g.code, g.on.isoformat()) for g in facts(data).gates} == {("GAT01", "2026-01-05"), ("GAT02", "2026-02-20")}


def test_the_keys_and_what_is_wrong_with_an_answer_are_indented_under_their_question(tmp_path: Path) -> None:
    """Without it a tired reader takes the keys, or the trouble, for the next question."""
    restride = Restride(tmp_path / "data").ready()
    said, _ = at_a_terminal(restride.data, "checkin", *NOW, answers=[(FIRST, "y"), ("Pain", "11\r"), ("Pain", "\x03")])
    lines = said.replace("\r", "").splitlines()
    assert "  [n or Enter]  nothing to report" in lines
    assert any(line.startswith("  '11' is not a whole number") for line in lines)


@pytest.mark.parametrize(("answer", "codes"), [("y", {"GAT01", "GAT02"}), ("n", {"GAT01"})])
def test_one_date_is_taken_for_both_only_when_she_says_so(tmp_path: Path, answer: str, codes: set[str]) -> None:
    """Clearance is not healing: a date typed for the one must not open the gate of the other by itself."""
    data = tmp_path / "data"
    assert Restride(data)("init", "--birth", "2025-11-17", "--zone", "Europe/Lisbon").code == 0
    answers = [("Clearance", "2026-01-05\r"), ("Healed on 2026-01-05 too?", f"{answer}\r")]
    said, code = at_a_terminal(data, "init", *NOW, answers=answers)
    assert code == 0, said
    assert {(g.code, g.on.isoformat()) for g in facts(data).gates} == {(one, "2026-01-05") for one in codes}


def test_leaving_a_set_up_makes_nothing(tmp_path: Path) -> None:
    said, code = at_a_terminal(tmp_path / "data", "init", *NOW, answers=[("birth", "2025-11-17\r"), ("Clear", "\x03")])
    assert code == 130
    assert said.replace("\r", "").endswith("\nNothing was recorded.\n")
    assert not (tmp_path / "data").exists()


FIRST = "Press a key"


@pytest.mark.parametrize("typed", ["\r", "n"])
def test_one_key_reports_nothing(tmp_path: Path, typed: str) -> None:
    """On most evenings there is nothing: more to type than that, and the answer stays away for good."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-03-01T07:00+00:00")
    assert restride("import", str(file)).code == 0
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[(FIRST, typed)])
    assert code == 0, said
    assert "A check-in for the run of Sun 1 Mar (during, after)." in said
    (entry,) = facts(restride.data).check_ins
    assert (entry.pain, entry.leakage, entry.heaviness, len(entry.windows)) == (0, "none", "none", 2)


def test_another_key_is_no_answer(tmp_path: Path) -> None:
    """A cat on the keyboard must not report a quiet evening, nor an arrow key a symptom."""
    restride = Restride(tmp_path / "data").ready()
    said, code = at_a_terminal(
        restride.data, "checkin", *NOW, answers=[(FIRST, "k"), (FIRST, "\x1b[A"), (FIRST, "\x03")]
    )
    assert code == 130
    assert said.replace("\r", "").endswith("\nNothing was recorded.\n")
    assert facts(restride.data).check_ins == ()


def test_what_was_typed_before_the_question_is_no_answer_to_it(tmp_path: Path) -> None:
    """Enter pressed twice when she starts the command must not say that there was nothing."""
    restride = Restride(tmp_path / "data").ready()
    _, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[("", "\r"), (FIRST, "\x03")])
    assert code == 130
    assert facts(restride.data).check_ins == ()


def test_thirteen_short_answers_say_everything(tmp_path: Path) -> None:
    """The longest way about a run of today asks thirteen things, and nothing more: it ends when these are answered."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-03-01T07:00+00:00"))).code == 0
    answers = [
        (FIRST, "y"),
        ("Pain", "2\r"),
        ("A number, or a word", "2\r"),
        ("What kind", "p\r"),
        ("Leakage", "d\r"),
        ("Of what", "u\r"),
        ("Heaviness", "m\r"),
        ("Bleeding", "s\r"),
        ("While jogging", "f\r"),
        ("limp", "n\r"),
        ("How hard", "6\r"),
        ("Enter for none of these", "\r"),
        ("note", "on the hill\r"),
    ]
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=answers)
    assert code == 0, said
    assert max(len(line) for line in said.replace("\r", "").splitlines()) <= 80
    (entry,) = facts(restride.data).check_ins
    assert (entry.pain, entry.site, entry.pain_kind) == (2, "pelvis", "pain")
    assert (entry.leakage, entry.leakage_of, entry.heaviness, entry.bleeding) == ("drops", "urine", "mild", "same")
    assert (entry.in_bout, entry.gait_changed, entry.effort, entry.note) == ("finished", False, 6, "on the hill")
    assert (entry.urgent, entry.windows) == (frozenset(), {"during", "after"})


@pytest.mark.parametrize(("still", "stage"), [("n", 1), ("y", 0)])
def test_what_had_gone_by_the_next_morning_is_not_told_of_it(tmp_path: Path, still: str, stage: int) -> None:
    """Pain that stays takes the plan a stage back: a twinge in the run, told the morning after, is not that."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-02-28T07:00+00:00"))).code == 0
    answers = [
        (FIRST, "y"),
        ("Pain", "1\r"),
        ("A number, or a word", "7\r"),
        ("What kind", "p\r"),
        ("Leakage", "n\r"),
        ("Heaviness", "n\r"),
        ("Bleeding", "n\r"),
        ("While jogging", "s\r"),
        ("limp", "n\r"),
        ("How hard", "\r"),
        ("Enter for none of these", "\r"),
        ("note", "\r"),
        ("still there the next day", f"{still}\r"),
    ]
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=answers)
    assert code == 0, said
    told = [(sorted(entry.windows), entry.pain) for entry in facts(restride.data).check_ins]
    if still == "n":
        assert told == [(["after", "during"], 1), (["next_day"], 0)]
    else:
        assert told == [(["after", "during", "next_day"], 1)]
    assert restride("next", "--json").json["next_stage"] == stage


def test_symptoms_are_asked_one_by_one(tmp_path: Path) -> None:
    """What cannot be read is asked again; about no run, nothing is asked of a run."""
    restride = Restride(tmp_path / "data").ready()
    said, code = at_a_terminal(
        restride.data, "checkin", *NOW,
        answers=[
            (FIRST, "y"),
            ("Pain", "12\r"),
            ("Pain", "\r"),
            ("Pain", "2\r"),
            ("A number, or a word", "leg\r"),
            ("A number, or a word", "pelvis\r"),
            ("What kind", "n\r"),
            ("Leakage", "\r"),
            ("Leakage", "n\r"),
            ("Heaviness", "mc\r"),
            ("Heaviness", "none\r"),
            ("Bleeding", "n\r"),
            ("limp", "y\r"),
            ("Enter for none of these", "10\r"),
            ("Enter for none of these", "\r"),
            ("note", "\r"),
        ],
    )  # fmt: skip
    assert code == 0, said
    assert said.count("a whole number from 0 (none) to 10") == 2
    assert "n, d, w or s, then Enter" in said
    assert "n, m, c or b, then Enter" in said
    assert "numbers from 1 to 9" in said
    (entry,) = facts(restride.data).check_ins
    assert (entry.pain, entry.site, entry.pain_kind, entry.leakage) == (2, "pelvis", "night", "none")
    assert (entry.heaviness, entry.gait_changed, entry.in_bout, entry.effort) == ("none", True, None, None)


def test_an_urgent_sign_is_two_answers_away(tmp_path: Path) -> None:
    """With chest pain nobody answers ten questions first; and Enter in the list of signs leads back to the question."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-03-01T07:00+00:00"))).code == 0
    said, code = at_a_terminal(
        restride.data,
        "checkin",
        *NOW,
        answers=[(FIRST, "u"), ("none of these", "\r"), (FIRST, "u"), ("none of these", "1 6\r")],
    )
    assert code == 0, said
    after = " ".join(said.rpartition("none of these")[2].split())
    assert after.index("Seek medical care now") < after.index("Logged for now") < after.index("HOLD")
    assert "not answered" not in after
    (entry,) = facts(restride.data).check_ins
    assert (entry.urgent, entry.windows, entry.recording) == ({"chest_pain", "calf"}, {"any"}, None)


def test_earlier_runs_are_offered_after_the_last_one(tmp_path: Path) -> None:
    """Enter puts an earlier one off: a key pressed twice must not answer for a run she was not thinking of."""
    restride = Restride(tmp_path / "data").ready()
    for day in ("2026-02-27", "2026-03-01"):
        assert restride("import", str(write_run(tmp_path, f"{day}T07:00+00:00"))).code == 0
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[(FIRST, "n"), (FIRST, "\r")])
    assert code == 0, said
    assert "Not answered yet either: for the run of Fri 27 Feb (during, after, next day)." in said
    assert len(facts(restride.data).check_ins) == 1
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[(FIRST, "n")])
    assert code == 0, said
    assert "A check-in for the run of Fri 27 Feb (during, after, next day)." in said
    assert len(facts(restride.data).check_ins) == 2


def test_what_has_to_do_with_no_run_can_be_said_although_a_run_is_due(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-03-01T07:00+00:00"))).code == 0
    said, code = at_a_terminal(restride.data, "checkin", *NOW, answers=[(FIRST, "o"), (FIRST, "n")])
    assert code == 0, said
    (entry,) = facts(restride.data).check_ins
    assert (entry.recording, entry.windows, entry.pain) == (None, {"any"}, 0)


def test_leaving_in_the_middle_stores_nothing(tmp_path: Path) -> None:
    """Half a check-in would leave answers that she never gave."""
    restride = Restride(tmp_path / "data").ready()
    said, code = at_a_terminal(
        restride.data, "checkin", *NOW, answers=[(FIRST, "y"), ("Pain", "2\r"), ("A number, or a word", "\x03")]
    )
    assert code == 130
    assert said.replace("\r", "").endswith("\nNothing was recorded.\n")
    assert "Traceback" not in said
    assert facts(restride.data).check_ins == ()


def test_an_entry_is_corrected_by_being_asked_again(tmp_path: Path) -> None:
    """Asked anew, what she does not say any more is gone from the entry, and the first one is kept."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("checkin", "--pain", "3", "--site", "knee", "--effort", "4", now="2026-03-01T17:30+00:00").code == 0
    said, code = at_a_terminal(restride.data, "checkin", "--replace", "last", *NOW, answers=[(FIRST, "n")])
    assert code == 0, said
    first, second = facts(restride.data).check_ins
    assert (first.pain, second.replaces, second.pain, second.site, second.effort) == (3, first.id, 0, None, 4)


def test_the_movements_are_asked_one_by_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert Restride(data)("init", "--birth", "2025-11-17").code == 0
    questions = ["30 minutes", "balance", "squat", "jog in place", "heel raise", "hop in place", "forward bound"]
    answers = [(question, "n\r" if question in ("squat", "jog in place") else "y\r") for question in questions]
    answers[3:3] = [("Which side", "r\r"), ("What got worse", "u\r"), ("What got worse", "l\r")]
    answers[7:7] = [("What got worse", "n\r")]
    said, code = at_a_terminal(data, "readiness", *NOW, answers=answers)
    assert code == 0, said
    assert "WORSENING" in said
    (go,) = facts(data).readiness
    assert [word for word, passed in go.results.items() if not passed] == ["squat", "jog"]
    assert (go.sides, go.worsened) == ({"squat": "right"}, {"squat": "leakage", "jog": "not possible"})
    assert len(go.results) == 7


def test_foundation_exercises_are_asked_group_by_group(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert Restride(data)("init", "--birth", "2025-11-17").code == 0
    groups = [("core and pelvic floor", "y\r"), ("glutes", "n\r"), ("low-impact drills", "y\r")]
    said, code = at_a_terminal(data, "foundation", "log", *NOW, answers=[*groups, ("note", "with the band\r")])
    assert code == 0, said
    (day,) = facts(data).foundation
    assert (sorted(day.groups), day.note) == (["core", "drills"], "with the band")
    nothing = [(question, "n\r") for question, _ in groups]
    said, code = at_a_terminal(data, "foundation", "log", *NOW, answers=nothing)
    assert code == 1
    assert len(facts(data).foundation) == 1


def test_a_run_by_hand_is_asked_for_piece_by_piece(tmp_path: Path) -> None:
    """What she leaves out is asked, what cannot be read is asked again, and a night of a clock change in full."""
    data = Restride(tmp_path / "data").ready().data
    said, code = at_a_terminal(
        data, "log", "--now", "2026-10-25T18:00+00:00", "--walk", "2",
        answers=[
            ("each jog", "\r"),
            ("each jog", "one\r"),
            ("each jog", "1:00\r"),
            ("How many jogs", "7\r"),
            ("When did it begin", "2026-10-25T19:00\r"),
            ("When did it begin", "2026-10-25T01:30\r"),
            ("When did it begin", "2026-10-25T01:30+01:00\r"),
        ],
    )  # fmt: skip
    assert code == 0, said
    assert "is still to come" in said
    assert "2026-10-25T01:30+01:00 or 2026-10-25T01:30+00:00" in said
    (told,) = facts(data).manual_sessions
    assert (told.started_at.isoformat(), told.jog_s, told.walk_s, told.repeats) == (
        "2026-10-25T00:30:00+00:00",
        60,
        120,
        7,
    )


def test_a_bar_at_a_terminal_leaves_the_lines_whole(tmp_path: Path) -> None:
    """A progress bar that writes over the line that says which file failed hides it."""
    restride = Restride(tmp_path / "data").ready()
    folder = tmp_path / "exports"
    for day in range(2, 5):
        write_run(folder, f"2026-03-{day:02d}T07:00+00:00", [("walk", 60.0), ("jog", 60.0)])
    (folder / "zz.fit").write_bytes(b"")
    said, code = at_a_terminal(restride.data, "import", str(folder), "--now", "2026-03-05T07:00+00:00", answers=[])
    assert code == 1
    shown = on_the_screen(said)
    for day in range(2, 5):
        assert any(line.startswith(f"2026-03-{day:02d}-0700.fit: ") for line in shown), shown
    assert any(line.startswith("zz.fit is empty") for line in shown), shown
    assert "3 not a run, 1 failed." in said or "3 imported, 1 failed." in said
    assert not any("Reading" in line for line in shown), shown


def on_the_screen(said: str) -> list[str]:
    """Give the lines that stay: what was written to a line after it was cleared or left at its beginning."""
    lines: list[str] = [""]
    for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z]|\r|\n)", said):
        if part == "\n":
            lines.append("")
        elif part == "\x1b[2K":
            lines[-1] = ""
        elif part == "\x1b[1A":
            lines.pop()
        elif not part.startswith(("\x1b", "\r")):
            lines[-1] += part
    return lines


def test_an_import_that_is_stopped_says_what_is_kept(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    folder = tmp_path / "exports"
    starts = [f"2026-{month:02d}-{day:02d}T07:00+00:00" for month in (1, 2) for day in range(2, 28)]
    starts += [start.replace("T07", "T17") for start in starts]  # enough that it cannot be done before she stops it
    for start in starts:
        write_run(folder, start)
    said, code = at_a_terminal(
        restride.data, "import", str(folder), *NOW, answers=[], stop_at="2026-01-02-0700.fit: imported"
    )
    assert code == 130, said
    assert said.replace("\r", "").endswith("\nStopped. What was imported is kept; import again to go on.\n")
    with Store.open(restride.data / "restride.db") as store:
        assert 1 <= len(store.observed(store.runner(None))) < len(starts)


# --- How it looks ----------------------------------------------------------------------------------------------------


def test_in_a_terminal_the_outcome_stands_out_and_without_colour_it_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one line that matters is found at six in the morning; NO_COLOR and a pipe get the words alone."""
    restride = Restride(tmp_path / "data").ready()
    shown, _ = at_a_terminal(restride.data, "next", *NOW, answers=[])
    first = shown.splitlines()[0]
    assert re.match(r"\x1b\[1;3\dm", first), first
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3\dm", at_a_terminal(restride.data, "next", *NOW, answers=[])[0])
    piped = restride("next", now=NOW[1]).stdout
    assert "\x1b" not in piped
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r", "").splitlines() == piped.splitlines()


def test_in_a_terminal_a_long_line_about_a_file_breaks_between_words(tmp_path: Path) -> None:
    """A sentence that the terminal cuts in the middle of a word is not read to its end, where the next step is."""
    restride = Restride(tmp_path / "data").ready()
    page = tmp_path / "an-export-with-a-rather-long-name-2026-03-01.fit"
    page.write_text("<html>log in first</html>")
    shown, code = at_a_terminal(restride.data, "import", str(page), *NOW, answers=[])
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "\n").splitlines()
    assert code == 1
    assert max(map(len, lines)) <= 80


def test_what_a_watcher_says_breaks_between_words_and_a_file_that_waits_is_named(tmp_path: Path) -> None:
    """She waits beside it: ten minutes of silence about a file whose end is missing would look like a fault."""
    restride = Restride(tmp_path / "data").ready()
    write_run(restride.data / "inbox", "2026-03-02T07:00+00:00")
    cut = write_run(restride.data / "inbox", "2026-02-28T07:00+00:00")
    cut.write_bytes(cut.read_bytes()[:-100])
    at = ("--now", "2026-03-02T19:30+00:00", "watch", "--once")
    said, code = at_a_terminal(restride.data, *at, answers=[])
    assert code == 0, said
    assert "2026-02-28-0700.fit seems to be still arriving: it is shorter than it says it\r\n  will be." in said
    assert "ten minutes" in said
    assert "checkin" in said
    assert max(map(len, said.split("\r\n"))) <= 80
    again, _ = at_a_terminal(restride.data, *at, answers=[])
    assert "arriving" not in again


SHOW = ("show", "2026-03-01")


@pytest.mark.parametrize(
    ("columns", "widest", "commands"), [(60, 60, (("week",), ("next",), ("sessions",), SHOW)), (200, 80, (SHOW,))]
)
def test_every_line_fits_the_terminal_it_is_read_in(
    tmp_path: Path, columns: int, widest: int, commands: tuple[tuple[str, ...], ...]
) -> None:
    """Half a window beside the mail program has 60 columns: a table that is torn there cannot be read."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2026-03-01T07:00+00:00").rename(tmp_path / "走る-ランニング-記録.fit")
    assert restride("import", str(file), now=NOW[1]).code == 0
    note = "晴れ、とても気持ちよく走れた。 " * 6
    assert restride("checkin", "--none", "--note", note, now=NOW[1]).code == 0
    for command in commands:
        said, code = at_a_terminal(restride.data, *command, *NOW, answers=[], columns=columns)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r", "").splitlines()
        assert code == 0, said
        assert max(map(cells, lines)) <= widest, command
    (drawn,) = (line for line in lines if re.fullmatch(r" {7}[Jwsp?]+", line))
    assert len(drawn) == widest
    assert any(cells(line) > widest / 2 for line in lines if "走れた" in line)
