"""When the weekly recommendation is due, by her own word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.facts import Facts, Setting
from monitor.store import Store
from monitor.weekly_time import DEFAULT, KEY, parse, weekly_time
from tests.command import Restride

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sunday 18:00", "sunday 18:00"),
        (" Fri, 7:30 ", "friday 07:30"),
        ("MONDAY  00:00", "monday 00:00"),
    ],
)
def test_a_weekday_and_a_time_are_read(text: str, read: str) -> None:
    assert str(parse(text)) == read


@pytest.mark.parametrize("text", ["", "sunday", "18:00", "sonntag 18:00", "sunday 24:00", "sunday 18:60", "su 18:00"])
def test_anything_else_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="sunday 18:00"):
        parse(text)


def test_a_time_written_by_a_newer_version_is_the_usual_one() -> None:
    told = Setting(id=1, recorded_at=NOW, at=NOW, key=KEY, value="every new moon")
    assert weekly_time(Facts(settings=(told,)), NOW) == DEFAULT


def test_init_sets_it_once_and_says_it(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    said = restride("init", "--weekly", "fri 07:30")
    assert "Friday 07:30" in said.stdout
    assert restride("init", "--weekly", "friday 07:30").code == 0
    assert restride("init", "--weekly", "someday").code == 2
    with Store.open(restride.data / "restride.db") as store:
        settings = store.facts(store.runner()).settings
    assert [setting.value for setting in settings if setting.key == KEY] == ["friday 07:30"]
