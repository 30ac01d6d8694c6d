"""Text that runs over the edge of a terminal, or columns that do not line up, are misread at six in the morning."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.layout import WIDTH, Heading, bullets, harmless, named, table, wrapped
from monitor.cli.printing import say, say_json, tell

WORDS = st.text("abcdefghij ", max_size=200)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS, WORDS), max_size=4))
def test_a_table_never_runs_over_the_edge(rows: list[tuple[str, ...]]) -> None:
    """A line that the terminal breaks by itself tears a row apart."""
    head = ("session", "stage", "jogged", "check-ins", "verdict")
    assert all(len(line) <= WIDTH for line in table(head, rows))


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_a_table_loses_no_word(cells: list[str]) -> None:
    """A reason cut off in the middle says something else."""
    _, _, *lines = table(("a",), [(cell,) for cell in cells])
    assert "".join("".join(lines).split()) == "".join("".join(cells).split())


def test_numbers_stand_under_one_another() -> None:
    lines = list(table(("gait", "length"), [("jog", "1:03"), ("walk", "12:00")], right={1}))
    assert lines == ["gait  length", "------------", "jog     1:03", "walk   12:00"]


def test_letters_that_are_two_columns_wide_keep_the_columns_straight() -> None:
    """A file named in Chinese, or a heart in a name, would push its whole row to the right."""
    _, _, wide, plain = table(("file", "verdict"), [("走る♥", "clean"), ("run", "clean")])
    assert cell_len(wide.removesuffix("clean")) == cell_len(plain.removesuffix("clean"))


def test_what_people_wrote_is_text_and_never_markup() -> None:
    """A note with a bracket in it must neither vanish nor colour the rest of the table."""
    assert list(table(("note",), [("[red]sore[/red] :smile:",)]))[-1] == "[red]sore[/red] :smile:"


def test_a_long_cell_is_broken_and_the_others_stay_in_their_columns() -> None:
    lines = list(table(("a", "b"), [("one " * 30, "two")]))
    assert lines[2].endswith("two")
    assert all("two" not in line for line in lines[3:])


def test_an_item_is_indented_as_one_block() -> None:
    (item,) = bullets(["word " * 30])
    first, *rest = item.splitlines()
    assert first.startswith("  - word")
    assert rest
    assert all(line.startswith("    word") for line in rest)


def test_what_is_named_starts_in_one_column() -> None:
    assert list(named([("Next run", "stage 1"), ("As of", "now")])) == ["  Next run  stage 1", "  As of     now"]


def test_a_path_is_never_broken() -> None:
    """A path on two lines cannot be copied."""
    path = "/home/ana/" + "a-folder-with-a-long-name/" * 5
    assert path in wrapped(f"The report is at {path}")


HOSTILE = "\x1b[31mred\x1b[0m \x9b31m \rback \x07 \u202eevil\u202c \u2066x\u2069 \u200f \x85 \u2028 \udcff end"


def test_a_note_neither_colours_nor_steers_the_terminal_nor_turns_its_letters_around() -> None:
    """A text pasted from somewhere could hide a HOLD, or write a PROGRESS over it."""
    shown = harmless(HOSTILE)
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in shown)
    for word in ("red", "back", "evil", "end"):
        assert word in shown
    assert harmless("two\n\tlines of שלום and 走る ❤️") == "two\n\tlines of שלום and 走る ❤️"


def test_all_that_is_printed_passes_that_gate(capsys: pytest.CaptureFixture[str]) -> None:
    for print_it in (say, tell):
        print_it(HOSTILE)
    say(Heading(HOSTILE))
    printed = capsys.readouterr()
    assert not set("\x1b\x9b\r\x07\u202e\u2066\x85") & set(printed.out + printed.err)


def test_json_says_hostile_letters_with_escapes_and_means_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is looked at in terminals too; and what a program reads must be what she wrote."""
    say_json({"note": HOSTILE})
    printed = capsys.readouterr().out
    assert not set("\x1b\x9b\r\x07\u202e\u2066\x85\u2028\udcff") & set(printed)
    assert json.loads(printed)["note"] == HOSTILE


@given(st.text("abc /", max_size=400))
def test_a_word_longer_than_a_line_is_broken_unless_it_is_a_path(text: str) -> None:
    """A line that runs over the edge tears what stands beside it apart; and a path in two pieces cannot be copied."""
    lines = wrapped(text, first="  - ").splitlines()
    assert any("/" in line for line in lines) or all(len(line) <= WIDTH for line in lines)
    for word in text.split():
        assert "/" not in word or any(word in line for line in lines)
