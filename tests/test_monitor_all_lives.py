"""Every life of the plan, and the page that tells them: a physiotherapist reads there what the plan does in months."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.all_lives import Lived, all_lives, page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "lives.md"


@pytest.fixture(scope="module")
def lived() -> dict[str, Lived]:
    return {one.name: one for one in all_lives()}


def test_the_page_of_lives_is_what_the_program_makes_of_them(lived: dict[str, Lived]) -> None:
    """Write it anew: python -m tests.all_lives > docs/lives.md."""
    assert PAGE.read_text(encoding="utf-8") == page(lived.values())


@pytest.mark.parametrize(
    ("name", "weeks"),
    [
        ("Monday, Wednesday, Friday at 07:00, all clean", (10, 11)),
        ("the same, ten minutes early or late", (10, 13)),
        ("each jog 4 s late, seen 3 s longer", (10, 13)),
        ("one leak in week 2", (12, 13)),
        ("one next-day answer never given", (11, 12)),
        ("answers always 12 hours late", (10, 11)),
        ("a pause of 2 minutes every other run", (10, 11)),
    ],
)
def test_the_last_stage_comes_in_its_week(lived: dict[str, Lived], name: str, weeks: tuple[int, int]) -> None:
    assert weeks[0] <= (lived[name].week_of(17) or 99) <= weeks[1]
    assert lived[name].codes == ["FIN01"]


@pytest.mark.parametrize(
    ("name", "stage", "code"),
    [
        ("seven minutes of jogging for ever", 2, "CLN01"),
        ("heaviness after every fourth run", 3, "SYM04"),
        ("always one stage ahead", 2, "STG02"),
        ("never answers", 1, "LOG01"),
    ],
)
def test_who_is_held_is_held_for_that_reason(lived: dict[str, Lived], name: str, stage: int, code: str) -> None:
    assert lived[name].highest == stage
    assert code in lived[name].codes
    assert lived[name].end.recommendation.outcome.value == "HOLD"


def test_who_comes_back_starts_where_the_break_leaves_her(lived: dict[str, Lived]) -> None:
    assert [stage for _, stage in lived["13 days off after week 2"].told][5:7] == [3, 3]  # 4 without the break
    assert lived["40 days off after week 2"].told[6][1] == 1
    assert lived["hikes with bursts of ten seconds"].end.judged == ()
    assert lived["a physiotherapist sets stage 8 at the start"].told[0] == (1, 8)
