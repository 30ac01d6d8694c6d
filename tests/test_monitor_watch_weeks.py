"""Weeks of a watcher, played by `restride watch --once` at given instants: each weekly recommendation exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import resolve
from monitor.facts import Birth, Gate, Issued, Runner, Setting
from monitor.issuing import weekly_due
from monitor.store import MessageKind, Store
from monitor.tending import Tending
from monitor.watching import Watching
from monitor.work import Found, Line


class Weeks:
    """A runner, and a watcher that works at the instants it is told to."""

    def __init__(self, data: Path, zone: str, begin: datetime) -> None:
        self.settings = resolve(data)
        self.settings.reports_dir.mkdir(parents=True)
        self.said: list[Line] = []
        self.store = Store.open(self.settings.db_path)
        self.runner: Runner = self.store.add_runner("Ana", begin)
        birth = begin.date() - timedelta(days=120)
        self.store.add_facts(
            self.runner,
            [
                Birth(id=0, recorded_at=begin, on=birth),
                Gate(id=0, recorded_at=begin, code="GAT01", on=birth + timedelta(days=60)),
                self.setting("zone", zone, begin),
            ],
        )
        self.at(begin)

    def setting(self, key: str, value: str, at: datetime) -> Setting:
        return Setting(id=0, recorded_at=at, at=at, key=key, value=value)

    def tell(self, key: str, value: str, at: datetime) -> None:
        self.store.add_fact(self.runner, self.setting(key, value, at))

    def at(self, now: datetime) -> None:
        """Let the watcher look at the calendar."""
        tending = Tending(
            store=self.store, settings=self.settings, watching=Watching(), now=lambda: now, tell=self.said.append
        )
        tending.run(Found())

    def between(self, start: datetime, end: datetime, *, every: timedelta = timedelta(hours=4)) -> None:
        """Let it be awake for a while."""
        while start < end:
            self.at(start)
            start += every

    def weekly(self) -> list[Issued]:
        """Give the weekly recommendations after the first, which was that of the set-up."""
        issued = self.store.facts(self.runner).issued
        return sorted((i for i in issued if i.recommendation["weekly"]), key=lambda i: i.recorded_at)[1:]

    def told(self) -> int:
        """Count the weekly recommendations that she was told."""
        kinds = (MessageKind.WEEKLY, MessageKind.CHANGED)
        return sum(message.kind in kinds for message in self.store.messages.all(self.runner))


def local(zone: str, *at: int) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "monday"),
    [
        ("Europe/Berlin", (2026, 3, 16)),  # the clock goes forward on 29 March
        ("Europe/Berlin", (2026, 10, 12)),  # and back on 25 October
        ("America/New_York", (2026, 2, 23)),  # 8 March
        ("America/New_York", (2026, 10, 19)),  # 1 November
        ("Australia/Lord_Howe", (2026, 3, 23)),  # by half an hour, on 5 April
    ],
)
def test_each_weekly_recommendation_comes_once_over_a_clock_change(
    tmp_path: Path, zone: str, monday: tuple[int, int, int]
) -> None:
    """One that is missing leaves her without a word; one that comes twice makes her doubt both."""
    begin = local(zone, *monday, 8)
    weeks = Weeks(tmp_path, zone, begin)
    weeks.between(begin, begin + timedelta(weeks=3))
    sundays = [i.recorded_at.astimezone(ZoneInfo(zone)) for i in weeks.weekly()]
    assert all(at.weekday() == 6 and at.hour >= 18 for at in sundays)
    assert len(sundays) == 3
    assert weeks.told() == 4  # with that of the set-up
    assert len(list(weeks.settings.reports_dir.glob("restride-*.html"))) == 4


def test_a_laptop_that_sleeps_over_sunday_gives_it_when_it_wakes_and_once(tmp_path: Path) -> None:
    begin = local("Europe/Lisbon", 2026, 3, 2, 8)
    weeks = Weeks(tmp_path, "Europe/Lisbon", begin)
    wakes = local("Europe/Lisbon", 2026, 3, 10, 7)  # a Tuesday
    weeks.between(begin, begin + timedelta(days=2))
    weeks.between(wakes, wakes + timedelta(days=2))
    [caught_up] = weeks.weekly()
    assert caught_up.recorded_at == wakes
    sunday = local("Europe/Lisbon", 2026, 3, 15, 18)
    weeks.between(sunday, sunday + timedelta(hours=5))
    assert [i.recorded_at for i in weeks.weekly()] == [wakes, sunday]  # the next one is not moved by it


def test_weeks_that_were_slept_through_are_not_given_afterwards(tmp_path: Path) -> None:
    """Three old recommendations at once would each contradict the others."""
    begin = local("Europe/Lisbon", 2026, 3, 2, 8)
    weeks = Weeks(tmp_path, "Europe/Lisbon", begin)
    wakes = local("Europe/Lisbon", 2026, 3, 31, 7)
    weeks.between(wakes, wakes + timedelta(days=1))
    assert [i.recorded_at for i in weeks.weekly()] == [wakes]
    assert weeks.told() == 2


def test_a_journey_on_a_sunday_gives_it_once(tmp_path: Path) -> None:
    """She lands nine hours earlier by the clock: six in the evening comes twice that day."""
    begin = local("Asia/Tokyo", 2026, 3, 2, 8)
    weeks = Weeks(tmp_path, "Asia/Tokyo", begin)
    weeks.between(begin, local("Asia/Tokyo", 2026, 3, 8, 21))
    weeks.tell("zone", "Europe/Lisbon", local("Asia/Tokyo", 2026, 3, 8, 21))
    weeks.between(local("Asia/Tokyo", 2026, 3, 8, 22), local("Europe/Lisbon", 2026, 3, 15, 23))
    tokyo, lisbon = (i.recorded_at for i in weeks.weekly())
    assert tokyo == local("Asia/Tokyo", 2026, 3, 8, 20)
    assert timedelta(0) <= lisbon - local("Europe/Lisbon", 2026, 3, 15, 18) < timedelta(hours=4)
    weeks.tell("zone", "Asia/Tokyo", local("Europe/Lisbon", 2026, 3, 16, 8))  # and back
    weeks.between(local("Europe/Lisbon", 2026, 3, 16, 9), local("Asia/Tokyo", 2026, 3, 22, 23))
    assert len(weeks.weekly()) == 3


@pytest.mark.parametrize(("at", "day"), [("saturday 09:00", 5), ("mon 07:30", 0)])
def test_another_weekly_time_holds_from_then_on_and_gives_no_week_twice(tmp_path: Path, at: str, day: int) -> None:
    zone = ZoneInfo("Europe/Lisbon")
    begin = local("Europe/Lisbon", 2026, 3, 2, 8)
    weeks = Weeks(tmp_path, "Europe/Lisbon", begin)
    weeks.between(begin, local("Europe/Lisbon", 2026, 3, 11, 8))
    assert len(weeks.weekly()) == 1
    weeks.tell("weekly.at", at, local("Europe/Lisbon", 2026, 3, 11, 8))
    weeks.between(local("Europe/Lisbon", 2026, 3, 11, 8), local("Europe/Lisbon", 2026, 3, 24, 8) + timedelta(hours=1))
    later = [i.recorded_at.astimezone(zone) for i in weeks.weekly()[1:]]
    assert [one.weekday() for one in later] == [day, day]
    facts = weeks.store.facts(weeks.runner)
    assert weekly_due(facts, local("Europe/Lisbon", 2026, 3, 24, 9)) is None


def test_a_weekly_time_that_the_clock_leaves_out_or_says_twice_comes_once(tmp_path: Path) -> None:
    for monday, name in (((2026, 3, 23), "spring"), ((2026, 10, 19), "autumn")):
        begin = local("Europe/Berlin", *monday, 8)
        weeks = Weeks(tmp_path / name, "Europe/Berlin", begin)
        weeks.tell("weekly.at", "sunday 02:30", begin)
        weeks.between(begin + timedelta(hours=1), begin + timedelta(weeks=1), every=timedelta(hours=2, minutes=30))
        assert len(weeks.weekly()) == 1, name


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(hours=9), timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_was_wrong_for_an_hour_gives_no_week_twice_and_leaves_none_out(
    tmp_path: Path, ahead: timedelta
) -> None:
    """It is put right by the network, or by her; what was said by the wrong one must not be in the way for a year."""
    zone = "Europe/Lisbon"
    begin = local(zone, 2026, 3, 2, 8)
    weeks = Weeks(tmp_path, zone, begin)
    wrong = local(zone, 2026, 3, 8, 16)  # a Sunday
    weeks.between(begin, wrong)
    weeks.between(wrong + ahead, wrong + ahead + timedelta(hours=1), every=timedelta(minutes=20))
    weeks.between(wrong + timedelta(hours=1), local(zone, 2026, 3, 23, 8), every=timedelta(minutes=50))
    given = [i.recommendation["weekly"] for i in weeks.weekly()]
    sundays = [local(zone, 2026, 3, day, 18).isoformat() for day in (8, 15, 22)]
    assert [one for one in given if one in sundays] == sundays
