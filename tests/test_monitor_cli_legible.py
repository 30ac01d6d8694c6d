"""A name or a note may hold anything: in a terminal it must be read, never obeyed."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.answers import CheckIn, Window
from monitor.cli.layout import bullets, named, table, wrapped
from monitor.cli.legible import cells, escaped, legible
from monitor.facts import Override
from monitor.store import Store
from tests.command import Restride, process, write_run

NOW = "2026-03-03T18:00+00:00"
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J gone\x08\x08\x08\x08",
    "\u202eדעסרעוו\u202c \u2066hidden\u2069 \u200f\u061c",
    "zero\u200bwidth\u2060 soft\xadhyphen \ufeffmark \U000e0041tag",
    "half \ud83d a pair",
    "two\r\nlines\u2028three\x00",
    "x" * 10_000,
    "走る" * 5_000,
    "<script>alert(1)</script> =cmd|' /C calc'!A0 [red]markup[/red]",
    "مريم 👩🏽‍🍼 Zoë ❤️",
)
ACTS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@given(st.text(max_size=60))
def test_nothing_printed_acts_on_the_terminal(text: str) -> None:
    """An escape in a file's device name could clear her screen, or hide the line that says HOLD."""
    assert not ACTS.search(legible(text))
    assert [s for s in text if s.isalnum()] == [s for s in legible(text) if s.isalnum()]


@given(st.text(max_size=60))
def test_json_on_a_terminal_acts_on_nothing_and_says_the_same(text: str) -> None:
    written = escaped(json.dumps(text, ensure_ascii=False))
    assert not ACTS.search(written)
    assert json.loads(written) == "".join("\ufffd" if "\ud800" <= s <= "\udfff" else s for s in text)


@given(st.text(st.sampled_from("ab走❤ "), max_size=300), st.integers(40, 80))
def test_lines_of_any_letters_stay_within_the_terminal(text: str, width: int) -> None:
    """A line of wide letters that runs over the edge is torn where the terminal likes."""
    lines = wrapped(text, first="  - ", width=width).splitlines()
    assert all(cells(line) <= width or " " not in line.strip().removeprefix("- ") for line in lines)
    assert "".join(" ".join(lines).removeprefix("  -").split()) == "".join(text.split())


def test_a_word_that_no_path_is_as_long_as_is_broken() -> None:
    """Ten thousand letters without a blank would push everything else off the screen; a path is there to be copied."""
    (item,) = bullets(["走" * 5_000])
    assert max(map(cells, item.splitlines())) <= 80
    assert "".join(item.split()).removeprefix("-") == "走" * 5_000
    assert "/a/path" * 40 in wrapped("/a/path" * 40)


def test_what_is_named_in_wide_letters_stands_in_its_column() -> None:
    (line,) = named([("Note", "走る " * 30)])
    first, *rest = line.splitlines()
    assert rest
    assert {cells(one) - cells(one.lstrip()) for one in rest} == {first.index("走")}
    assert max(map(cells, line.splitlines())) <= 80


def test_an_accent_takes_no_column() -> None:
    assert cells(unicodedata.normalize("NFD", "Zoë")) == 3
    assert [cells(text) for text in ("abc", "走る", "👶")] == [3, 4, 2]


def test_a_table_shows_no_escape_either() -> None:
    assert not any(ACTS.search(line) for line in table(("note",), [(note,) for note in HOSTILE[:5]]))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Restride:
    """A runner with every hostile note there is: of a run, of no run, of a physio, and of a file's name."""
    folder = tmp_path_factory.mktemp("hostile")
    restride = Restride(folder / "data").ready()
    file = write_run(folder, "2026-03-02T07:00+00:00")
    file = file.rename(folder / "run \x1b[2J\u202e走る.fit")
    assert restride("import", str(file), now=NOW).code == 0
    with Store.open(restride.data / "restride.db") as store:
        runner = store.runner(None)
        (run,) = store.observed(runner)
        at = datetime.fromisoformat(NOW) - timedelta(hours=20)
        store.add_facts(
            runner,
            [
                CheckIn(id=0, recorded_at=at, recording=about, windows=frozenset({window}), pain=1, note=note)
                for note in HOSTILE
                for about, window in ((run.identity, Window.AFTER), (None, Window.ANY))
            ]
            + [Override(id=0, recorded_at=at, at=at, stage=1, because=note) for note in HOSTILE],
        )
    return restride


@pytest.mark.parametrize(
    "command", [("show", "2026-03-02"), ("week",), ("next",), ("sessions",), ("checkin", "--list"), ("stage",)]
)
def test_a_hostile_note_is_harmless_in_every_command(hostile: Restride, command: tuple[str, ...]) -> None:
    """Notes come from a phone's form, names from a watch: neither may run, hide or turn anything."""
    said = hostile(*command, now=NOW)
    assert (said.code, said.stderr) == (0, "")
    assert not ACTS.search(said.stdout)
    assert max(map(cells, said.stdout.splitlines())) <= 80
    if command[0] in ("show", "week"):
        whole = "".join(said.stdout.split())
        assert all("".join(legible(note).split()) in whole for note in HOSTILE)
    told = hostile(*command, "--json", now=NOW)
    assert not ACTS.search(told.stdout)
    assert told.json["format_version"] == 1


def test_bytes_that_are_no_text_are_taken_and_shown(tmp_path: Path) -> None:
    """A shell hands on any byte; a traceback at six in the morning is no answer."""
    restride = Restride(tmp_path / "data").ready()
    note = ("checkin", "--pain", "1", "--window", "any", "--note", "caf\udce9")
    done = process(restride.data, *note, "--now", NOW)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "caf\N{REPLACEMENT CHARACTER}" in restride("week", now=NOW).stdout
    assert restride("week", "--json", now=NOW).json
