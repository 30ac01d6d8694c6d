"""What people write: bytes that are no letters, control characters, names that look alike."""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from pathlib import Path

import pytest

from monitor.text import a_name, folded, readable, same_name, storable
from tests.command import Restride, process, write_run

NOW = "2026-03-06T20:00+00:00"
NO_LETTER = os.fsdecode(b"left \xff knee")
"""A word with a byte that is no UTF-8, as Python gets it from a shell."""


def test_a_note_with_a_byte_that_is_no_letter_is_kept_exported_reported_and_restored(tmp_path: Path) -> None:
    """One such byte must not cost her the file with everything she told."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now=NOW).code == 0
    done = process(restride.data, "--now", NOW, "checkin", "--none", "--note", NO_LETTER)
    assert done.returncode == 0, done.stderr
    saved = tmp_path / "e.zip"
    for arguments in (("export", "-o", str(saved)), ("report", "-o", str(tmp_path / "r.html")), ("checkin", "--list")):
        said = restride(*arguments, now=NOW)
        assert said.code == 0, said.stderr
    assert "left \ufffd knee" in said.stdout
    elsewhere = Restride(tmp_path / "elsewhere")
    assert elsewhere("restore", str(saved), now=NOW).code == 0
    assert "left \ufffd knee" in elsewhere("checkin", "--list", now=NOW).stdout


def test_a_database_that_holds_such_a_note_already_can_be_read_and_exported(tmp_path: Path) -> None:
    """An earlier version stored it as it came."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("checkin", "--none", "--note", "left X knee", now=NOW).code == 0
    with sqlite3.connect(restride.data / "restride.db") as connection:
        connection.execute("UPDATE fact SET body = replace(body, 'left X knee', 'left \\udcff knee')")
    connection.close()
    saved = tmp_path / "e.zip"
    assert restride("export", "-o", str(saved), now=NOW).code == 0
    elsewhere = Restride(tmp_path / "elsewhere")
    assert elsewhere("restore", str(saved), now=NOW).code == 0
    assert "left \ufffd knee" in elsewhere("checkin", "--list", now=NOW).stdout
    assert restride("report", "-o", str(tmp_path / "r.html"), now=NOW).code == 0
    assert "left \ufffd knee" in restride("checkin", "--list", now=NOW).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("checkin", "--session", NO_LETTER, "--none"),
        ("show", NO_LETTER),
        ("checkin", "--from", NO_LETTER),
        ("stage", "set", "1", "--because", NO_LETTER),
        ("gate", "later-start", "--on", "2026-04-01", "--because", NO_LETTER),
        ("foundation", "log", "--core", "--note", NO_LETTER),
        ("--runner", NO_LETTER, "next"),
        ("init", "--name", NO_LETTER),
        ("plan", "check", NO_LETTER),
        ("plan", "use", NO_LETTER, "--at-stage", "1"),
        ("import", NO_LETTER),
        ("explain", NO_LETTER),
        ("report", "-o", f"{NO_LETTER}.html"),
    ],
    ids=lambda value: value[0],
)
def test_a_byte_that_is_no_letter_is_told_or_taken_and_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    restride = Restride(tmp_path / "data").ready()
    assert restride(*arguments, now=NOW).code in (0, 1, 2)  # any other error is raised by the test's runner
    saved = restride("export", "-o", str(tmp_path / "e.zip"), now=NOW)
    assert saved.code == 0, saved.stderr


def test_a_note_has_no_control_characters_and_its_lines_stay() -> None:
    assert readable("  left\n\tknee \x1b[31m\x00\x9b\r ") == "left\n\tknee [31m"
    assert storable("a\x1b\udcffb") == "a\x1b\ufffdb"


@pytest.mark.parametrize("note", ["", "   ", "\x1b"])
def test_an_empty_note_is_no_entry(tmp_path: Path, note: str) -> None:
    """An entry that says nothing would look, in her list, as if she had answered."""
    restride = Restride(tmp_path / "data").ready()
    said = restride("checkin", "--note", note, now=NOW)
    assert (said.code, "nothing was answered" in said.stderr) == (1, True)
    assert restride("checkin", "--list", "--json", now=NOW).json["entries"] == []


def test_a_note_is_taken_out_of_an_entry_by_an_empty_one(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("checkin", "--none", "--note", "not for others", now=NOW).code == 0
    assert restride("checkin", "--replace", "last", "--note", "", now=NOW).code == 0
    first, second = restride("checkin", "--list", "--json", now=NOW).json["entries"]
    assert first["replaced_by"] == second["id"]
    assert "note" not in second["answers"]
    assert second["answers"]["pain"] == 0


@pytest.mark.parametrize("name", ["", "  ", "A\nna", "\x1b[31mAna", "\udcff", "\u202eanA", "a" * 201])
def test_a_runner_gets_no_name_that_cannot_be_typed(tmp_path: Path, name: str) -> None:
    """She could never be named again with --runner, nor erased."""
    restride = Restride(tmp_path / "data")
    said = restride("init", "--name", name, "--birth", "2025-12-01")
    assert said.code == 2
    assert "a name that can be typed" in said.stderr
    assert not restride.data.exists()


def test_one_name_is_one_runner_however_its_letters_are_put_together(tmp_path: Path) -> None:
    """One computer types an é in one piece and another in two: that would be two women with half of the facts each."""
    composed, apart = (unicodedata.normalize(form, "José Ñ") for form in ("NFC", "NFD"))
    assert composed != apart
    restride = Restride(tmp_path / "data")
    assert restride("init", "--name", apart, "--birth", "2025-12-01").code == 0
    assert restride("init", "--name", composed, "--cleared", "2026-02-01").code == 0
    for name in (composed, apart, composed.upper(), apart.lower()):
        gates = restride("--runner", name, "gate", "--json").json["gates"]
        assert next(g for g in gates if g["code"] == "GAT01")["met"]
    assert restride("init", "--name", "Jose N", "--birth", "2025-12-02").code == 0  # without the marks it is another
    assert a_name(apart) == composed
    assert same_name(apart, composed)
    assert folded("STRASSE") == folded("Straße")


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "-o", "~no-such-user/x.zip"),
        ("backup", "~no-such-user/x.zip"),
        ("restore", "~no-such-user/x.zip"),
        ("report", "-o", "~no-such-user/x.html"),
        ("checkin", "--from", "~no-such-user/x.csv"),
        ("import", "~no-such-user/x.fit"),
        ("inspect", "~no-such-user/x.fit"),
        ("plan", "check", "~no-such-user/x.toml"),
        ("plan", "use", "~no-such-user/x.toml", "--at-stage", "1"),
        ("init", "--inbox", "~no-such-user/x"),
        ("watch", "--once", "--after-import", "move:~no-such-user/x"),
        ("--data", "~no-such-user/x", "next"),
    ],
    ids=lambda value: value[0],
)
def test_the_home_of_a_user_who_is_not_there_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A slip in a path is no reason for twenty lines of the program's inside."""
    said = Restride(tmp_path / "data").ready()(*arguments)  # an error that is not put into words is raised here
    assert said.code in (1, 2)
    assert "no-such-user" in said.stderr or "x." in said.stderr + said.stdout


def test_a_10_000_character_note_is_kept_and_fits_the_terminal(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    note = "x" * 10_000
    assert restride("checkin", "--none", "--note", note, now=NOW).code == 0
    for arguments in (("checkin", "--list"), ("week",)):
        said = restride(*arguments, now=NOW)
        assert max(map(len, said.stdout.splitlines())) <= 80
    (entry,) = json.loads(restride("checkin", "--list", "--json", now=NOW).stdout)["entries"]
    assert entry["answers"]["note"] == note
