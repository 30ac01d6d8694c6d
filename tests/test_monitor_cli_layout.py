"""Text that runs over the edge of a terminal, or columns that do not line up, are misread at six in the morning."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.layout import WIDTH, bullets, named, table, wrapped

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
