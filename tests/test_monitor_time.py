"""Time done right: rest is true time, days are hers, and no clock change, journey or wrong clock moves either.

An hour is what separates 47 from 48 hours of rest, and a day is what separates an answered morning from a missing one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.findings import Level
from analysis.sessions import Session, gather
from monitor.answers import CheckIn, Window
from monitor.checkins import after_closes, session_zone
from monitor.decision import Outcome
from monitor.facts import Birth, Facts, Gate, Override, PlanStart, Setting
from monitor.issuing import weekly_instant
from monitor.report.make_report import report_of
from monitor.report.source import monday
from monitor.rules import gat03
from monitor.standing import stand
from monitor.store import Store
from tests.command import Restride, write_run
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed, codes, offset, run, two_clean_runs

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
RUN = timedelta(minutes=20)  # how long stage 1 lasts
ZONES = ("Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Honolulu", "UTC")
DETAILS = ("--jog", "1", "--walk", "2", "--repeats", "7", "--when")


def living_in(zone: str, now: datetime) -> Life:
    """Give a runner in a zone with every gate met the day before."""
    life = Life(zone=ZoneInfo(zone))
    since = (now - DAY).astimezone(UTC)
    life.tell(Birth(id=0, recorded_at=since, on=since.date() - 150 * DAY))
    life.tell(Setting(id=0, recorded_at=since, at=since, key="zone", value=zone))
    for code in ("GAT01", "GAT02"):
        life.tell(Gate(id=0, recorded_at=since, code=code, on=since.date() - 60 * DAY))
    life.move(since)
    return life


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def words(text: str) -> str:
    return " ".join(text.split())


# Clock changes


@pytest.mark.parametrize(
    ("zone", "first", "second", "rest", "level"),
    [
        ("Europe/Lisbon", "2026-03-28T07:00", "2026-03-30T07:00", "46:40", Level.LIMIT),
        ("Europe/Lisbon", "2026-10-24T07:00", "2026-10-26T07:00", "48:40", None),
        ("America/New_York", "2026-03-07T07:00", "2026-03-09T07:00", "46:40", Level.LIMIT),
        ("America/New_York", "2026-10-31T07:00", "2026-11-02T07:00", "48:40", None),
        ("Australia/Lord_Howe", "2026-10-03T07:00", "2026-10-05T07:00", "47:10", Level.CAUTION),
        ("Australia/Lord_Howe", "2026-04-04T07:00", "2026-04-06T07:00", "48:10", None),
    ],
)
def test_rest_over_a_clock_change_is_true_time(
    zone: str, first: str, second: str, rest: str, level: Level | None
) -> None:
    """Seven o'clock to seven o'clock is an hour short in spring: her tissues know nothing of the clock."""
    start = local(zone, first)
    life = living_in(zone, start)
    for at in (start, local(zone, second)):
        life.runs(at, 1)
    earlier, later = life.at(local(zone, second) + DAY).judged
    hours, minutes = map(int, rest.split(":"))
    assert later.rest_before_s == (hours * HOUR + minutes * MINUTE).total_seconds()
    assert [f.level for f in later.findings if f.code == "RST01"] == ([level] if level else [])
    after_first = life.at(start + HOUR).recommendation
    assert after_first.earliest_next_run == earlier.session.ended_at + 48 * HOUR


@pytest.mark.parametrize(
    ("zone", "evening", "closes", "opens"),
    [
        ("Europe/Lisbon", "2026-03-28T18:00", "2026-03-29T00:00Z", "2026-03-29T03:00Z"),
        ("Europe/Lisbon", "2026-10-24T18:00", "2026-10-24T23:00Z", "2026-10-25T04:00Z"),
        ("America/New_York", "2026-03-07T18:00", "2026-03-08T05:00Z", "2026-03-08T08:00Z"),
        ("America/New_York", "2026-10-31T18:00", "2026-11-01T04:00Z", "2026-11-01T09:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T18:00", "2026-10-03T13:30Z", "2026-10-03T17:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T18:00", "2026-04-04T13:00Z", "2026-04-04T17:30Z"),
        # Midnight itself does not exist, or exists twice.
        ("Africa/Cairo", "2026-04-23T18:00", "2026-04-23T22:00Z", "2026-04-24T01:00Z"),
        ("America/Havana", "2026-10-31T18:00", "2026-11-01T04:00Z", "2026-11-01T09:00Z"),
    ],
)
def test_the_windows_of_a_run_follow_her_clock_through_a_change(
    zone: str, evening: str, closes: str, opens: str
) -> None:
    """Asked an hour early she answers for a morning that has not come; an hour late and her answer is not taken."""
    start = local(zone, evening)
    life = living_in(zone, start)
    observed = life.runs(start, 1)
    standing = life.at(start + 2 * DAY)
    session = standing.judged[0].session
    log = standing.log.of(session)
    assert after_closes(session, session_zone(session, life.facts)) == datetime.fromisoformat(closes)
    assert log[Window.NEXT_DAY].opens == datetime.fromisoformat(opens)
    life.answers(observed, log[Window.NEXT_DAY].opens - timedelta(seconds=1), (Window.NEXT_DAY,), **NONE)
    assert life.at(start + 2 * DAY).judged[0].windows["next_day"] == "unanswered"
    life.answers(observed, log[Window.NEXT_DAY].opens, (Window.NEXT_DAY,), **NONE)
    assert life.at(start + 2 * DAY).judged[0].windows["next_day"] == "none"


def test_three_weeks_over_each_clock_change_move_as_any_other() -> None:
    """Every other day at seven must not become a breach for ever, nor a clock change a stage more."""
    for zone in ("Europe/Lisbon", "America/New_York", "Australia/Lord_Howe"):
        for sunday in ("2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"):
            start = local(zone, f"{sunday}T07:00") - 9 * DAY
            life = living_in(zone, start)
            for n in range(6):
                at = local(zone, f"{(start + n * 3 * DAY).date()}T07:00")
                said = life.issue(at - MINUTE).recommendation
                assert said.next_stage is not None
                life.answers_all(life.runs(at, said.next_stage))
            judged = life.at(at + 2 * DAY).judged
            assert [j.stage for j in judged] == [1, 1, 2, 2, 3, 3], (zone, sunday)
            assert not [f for j in judged for f in j.findings], (zone, sunday)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe"])
def test_the_weekly_recommendation_is_due_on_sunday_at_six_by_her_clock(zone: str) -> None:
    facts = Facts(settings=(Setting(id=1, recorded_at=MONDAY, at=MONDAY, key="zone", value=zone),))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at < datetime(2027, 1, 10, tzinfo=UTC):
        due = weekly_instant(facts, at).astimezone(ZoneInfo(zone))
        assert (due.weekday(), due.time()) == (6, time(18))
        assert timedelta() <= at - due < 7 * DAY + HOUR
        at += 7 * HOUR


@settings(max_examples=30)
@given(
    starts=st.lists(st.integers(0, 21 * 24 * 4), min_size=2, max_size=6, unique=True),
    here=st.sampled_from(ZONES),
    there=st.sampled_from(ZONES),
)
def test_rest_and_increases_are_the_same_in_every_zone(starts: list[int], here: str, there: str) -> None:
    """Where she lives must not decide whether she rested."""
    began = datetime(2026, 3, 15, tzinfo=UTC)
    found = []
    for zone in (here, there):
        life = living_in(zone, began)
        for quarter in sorted(starts):
            life.runs(began + quarter * 15 * MINUTE, [("jog", 120.0 + quarter % 7 * 60), ("walk", 120.0)])
        standing = life.at(began + 30 * DAY)
        rules = [[f for f in j.findings if f.code in ("RST01", "INC01")] for j in standing.judged]
        found.append((rules, standing.recommendation.earliest_next_run, [j.is_increase for j in standing.judged]))
    assert found[0] == found[1]


# Days and journeys


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        (9.0, date(2026, 6, 2)),
        (5.75, date(2026, 6, 2)),
        (-3.5, date(2026, 6, 1)),
        (14.0, date(2026, 6, 2)),
        (-12.0, date(2026, 6, 1)),
        (0.0, date(2026, 6, 1)),  # what writers put where they know none: her own zone, New York
        (None, date(2026, 6, 1)),
    ],
)
def test_the_day_of_a_run_is_that_of_its_file_or_of_her_zone(hours: float | None, day: date) -> None:
    states = None if hours is None else timedelta(hours=hours)
    observed = run(datetime(2026, 6, 1, 23, 30, tzinfo=UTC), as_prescribed(PLAN[1]), offset=states)
    (session,) = gather([observed], lambda _: ZoneInfo("America/New_York"))
    assert (session.local_date, session.id) == (day, day.isoformat())
    assert session.started_at.utcoffset() == timedelta()


def test_rest_over_the_date_line_is_true_time_both_ways() -> None:
    """Westward a day is skipped and eastward one comes twice; by the calendar both rests would look wrong."""
    life = living_in("Pacific/Auckland", MONDAY)
    auckland, honolulu = offset(12), offset(-10)
    life.runs(datetime(2026, 6, 3, 7, tzinfo=auckland), 1, offset=timedelta(hours=12))
    life.runs(datetime(2026, 6, 3, 7, tzinfo=honolulu), 1, offset=timedelta(hours=-10))  # 22 h later, the same date
    life.runs(datetime(2026, 6, 6, 7, tzinfo=auckland), 1, offset=timedelta(hours=12))  # 50 h later, three dates on
    standing = life.at(datetime(2026, 6, 7, tzinfo=UTC))
    assert [s.id for s in standing.sessions] == ["2026-06-03", "2026-06-03-2", "2026-06-06"]
    assert [j.rest_before_s for j in standing.judged] == [
        None,
        (22 * HOUR - RUN).total_seconds(),
        (50 * HOUR - RUN).total_seconds(),
    ]
    assert [[f.level for f in j.findings if f.code == "RST01"] for j in standing.judged] == [[], [Level.LIMIT], []]


def test_a_later_run_with_an_earlier_date_is_still_the_later_run() -> None:
    """Monday morning in Auckland, then Sunday evening in Honolulu: sorted by date the rest would be negative."""
    life = living_in("Pacific/Auckland", MONDAY)
    life.runs(datetime(2026, 6, 8, 7, tzinfo=offset(12)), 1, offset=timedelta(hours=12))
    life.runs(datetime(2026, 6, 7, 20, tzinfo=offset(-10)), 1, offset=timedelta(hours=-10))
    standing = life.at(datetime(2026, 6, 9, tzinfo=UTC))
    assert [s.id for s in standing.sessions] == ["2026-06-08", "2026-06-07"]
    assert standing.judged[1].rest_before_s == (11 * HOUR - RUN).total_seconds()
    zone = ZoneInfo("Pacific/Auckland")
    weeks = report_of(standing, runner_name="Ana", zone=zone).weeks
    assert [(week.monday, week.runs) for week in weeks] == [(date(2026, 6, 1), 1), (date(2026, 6, 8), 1)]


def test_the_morning_after_a_run_abroad_is_the_morning_there() -> None:
    life = living_in("Europe/Lisbon", MONDAY)
    life.runs(datetime(2026, 6, 3, 7, tzinfo=offset(9)), 1, offset=timedelta(hours=9))
    standing = life.at(datetime(2026, 6, 4, tzinfo=UTC))
    log = standing.log.of(standing.judged[0].session)
    assert log[Window.NEXT_DAY].opens == datetime(2026, 6, 4, 4, tzinfo=offset(9))


def test_moving_house_moves_no_day_that_was() -> None:
    """The names of her runs, and which week they lie in, stay as they were told to her."""
    life = living_in("Europe/Lisbon", MONDAY)
    late = life.runs(datetime(2026, 6, 2, 22, 30, tzinfo=UTC), 1)  # half past eleven at night
    moved = datetime(2026, 6, 10, tzinfo=UTC)
    life.tell(Setting(id=0, recorded_at=moved, at=moved, key="zone", value="Pacific/Auckland"))
    life.runs(datetime(2026, 6, 12, 19, tzinfo=UTC), 1)
    standing = life.at(datetime(2026, 6, 14, tzinfo=UTC))
    assert [s.id for s in standing.sessions] == ["2026-06-02", "2026-06-13"]
    assert late.identity in standing.sessions[0].identities


# Midnight


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe"])
def test_a_session_over_midnight_belongs_to_the_day_it_began_and_is_asked_about_after_it_ended(zone: str) -> None:
    """At ten past midnight "the next day" is not ten minutes old."""
    start = local(zone, "2026-06-07T23:50")  # a Sunday
    life = living_in(zone, start)
    life.runs(start, 1)
    standing = life.at(start + 3 * DAY)
    (session,) = standing.sessions
    assert session.id == "2026-06-07"
    log = standing.log.of(session)
    assert log[Window.NEXT_DAY].opens == local(zone, "2026-06-09T04:00")
    assert after_closes(session, session_zone(session, life.facts)) == local(zone, "2026-06-09T00:00")
    week = report_of(standing, runner_name="Ana", zone=ZoneInfo(zone)).weeks[0]
    assert (week.monday, week.days[-1].runs) == (date(2026, 6, 1), ("2026-06-07",))


def test_a_watch_restarted_over_midnight_is_one_session() -> None:
    life = living_in("Europe/Lisbon", MONDAY)
    first = life.runs(local("Europe/Lisbon", "2026-06-07T23:40"), [("jog", 600), ("walk", 300)])
    life.runs(first.ended_at + 10 * MINUTE, [("jog", 300)])
    (session,) = life.at(MONDAY + 8 * DAY).sessions
    assert (session.id, len(session.recordings)) == ("2026-06-07", 2)


# The calendar


def test_a_birth_on_the_29th_of_february_opens_its_gate_84_days_later() -> None:
    facts = Facts(
        births=(Birth(id=1, recorded_at=datetime(2024, 3, 1, tzinfo=UTC), on=date(2024, 2, 29)),),
        settings=(Setting(id=2, recorded_at=MONDAY, at=MONDAY, key="zone", value="Europe/Lisbon"),),
    )
    assert not gat03.state(facts, local("Europe/Lisbon", "2024-05-22T23:59")).met
    state = gat03.state(facts, local("Europe/Lisbon", "2024-05-23T00:00"))
    assert (state.met, state.opens_on) == (True, date(2024, 5, 23))


def test_the_29th_of_february_is_a_day_like_any_other(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    now = "2028-02-29T20:00+00:00"
    refused = restride("init", "--birth", "2026-02-29", now=now)
    assert (refused.code, "is no date" in refused.stderr) == (2, True)
    told = ("--birth", "2027-11-01", "--cleared", "2028-02-29", "--healed", "2028-02-29", "--zone", "Europe/Lisbon")
    assert restride("init", *told, "--plan-start", "2028-02-29", now=now).code == 0
    assert restride("readiness", "--passed", "--on", "2028-02-29", now=now).code == 0
    assert restride("foundation", "log", "--core", now=now).code == 0
    assert restride("log", *DETAILS, "2028-02-29T19:00", now=now).code == 0
    (listed,) = restride("sessions", "--json", now=now).json["sessions"]
    assert (listed["id"], listed["history"]) == ("2028-02-29", False)
    shown = restride("week", "--week", "2028-W09", now="2028-03-09T20:00+00:00").stdout
    assert "The week of Mon 28 Feb to Sun 5 Mar 2028 (2028-W09)" in shown
    assert "Tue 29 Feb" in shown


def test_a_plan_begins_at_the_start_of_its_day_also_where_that_has_no_midnight() -> None:
    """In Cairo the 24th of April 2026 begins at one in the morning."""
    for zone, day, begins in (
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00Z"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00Z"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "2026-10-03T13:30Z"),
    ):
        facts = Facts(
            plan_starts=(PlanStart(id=1, recorded_at=MONDAY, on=day),),
            settings=(Setting(id=2, recorded_at=MONDAY, at=MONDAY, key="zone", value=zone),),
        )
        assert facts.plan_began(datetime(2026, 12, 1, tzinfo=UTC)) == datetime.fromisoformat(begins)


@pytest.fixture
def new_year(tmp_path: Path) -> Restride:
    """Set up a runner who ran on the last day of 2026 and the second of 2027."""
    restride = Restride(tmp_path / "data")
    told = ("--birth", "2026-08-01", "--cleared", "2026-10-01", "--healed", "2026-10-01", "--zone", "Europe/Lisbon")
    assert restride("init", *told, now="2026-12-27T09:00+00:00").code == 0
    assert restride("readiness", "--passed", now="2026-12-27T10:00+00:00").code == 0
    for day in ("2026-12-31", "2027-01-02"):
        assert restride("log", *DETAILS, f"{day}T07:00", now=f"{day}T09:00+00:00").code == 0
    return restride


def test_week_53_can_be_asked_for_and_holds_both_years(new_year: Restride) -> None:
    now = "2027-01-08T20:00+00:00"
    said = new_year("week", "--week", "2026-W53", now=now)
    assert said.code == 0
    assert "The week of Mon 28 Dec to Sun 3 Jan 2027 (2026-W53)" in said.stdout
    content = new_year("week", "--week", "2026-W53", "--json", now=now).json
    assert (content["week"], [s["id"] for s in content["sessions"]]) == ("2026-W53", ["2026-12-31", "2027-01-02"])
    for label, ids in (("2026-W52", []), ("2027-W01", [])):
        content = new_year("week", "--week", label, "--json", now=now).json
        assert (content["week"], [s["id"] for s in content["sessions"]]) == (label, ids)


def test_a_week_that_no_year_has_is_refused(new_year: Restride) -> None:
    for label in ("2025-W53", "2027-W53", "2026-W54", "2026-W00", "2026-W5", "2026-53", "2026-w53"):
        said = new_year("week", "--week", label, now="2027-12-31T20:00+00:00")
        assert (said.code, said.stdout) == (2, ""), label
        assert f"{label!r} is no week" in said.stderr


def test_the_present_week_has_the_label_of_its_thursday(new_year: Restride) -> None:
    """Friday 1 January 2027 lies in the last week of 2026; called 2027-W53 or W01 it could not be asked for again."""
    for now, label in (
        ("2026-12-28T00:00+00:00", "2026-W53"),
        ("2027-01-01T12:00+00:00", "2026-W53"),
        ("2027-01-03T23:59+00:00", "2026-W53"),
        ("2027-01-04T00:00+00:00", "2027-W01"),
        ("2029-12-31T12:00+00:00", "2030-W01"),
    ):
        assert new_year("week", "--json", now=now).json["week"] == label
        assert f"({label})" in new_year("week", now=now).stdout


def test_the_report_has_each_week_once_over_the_turn_of_years(new_year: Restride) -> None:
    page = Path(new_year("report", now="2027-01-08T20:00+00:00").stdout.strip()).read_text(encoding="utf-8")
    ids = [part.partition("-t")[0] for part in page.split('<title id="strip-')[1:]]
    assert ids == ["2027-W01", "2026-W53", "2026-W52"]


def test_weeks_of_ten_years_follow_one_another_without_a_hole() -> None:
    life = living_in("Europe/Lisbon", datetime(2019, 12, 1, tzinfo=UTC))
    life.tell(Override(id=0, recorded_at=MONDAY, at=datetime(2020, 1, 1, tzinfo=UTC), stage=2, because="reviewed"))
    life.runs(datetime(2020, 1, 1, 7, tzinfo=UTC), 1)
    standing = life.at(datetime(2029, 12, 1, tzinfo=UTC))
    weeks = report_of(standing, runner_name="Ana", zone=ZoneInfo("Europe/Lisbon")).weeks
    starts = [date.fromisoformat(f"{one.id}-1") for one in weeks]
    assert all(later - earlier == 7 * DAY for earlier, later in pairwise(starts))
    assert {"2020-W53", "2026-W53"} <= {one.id for one in weeks}
    assert len({one.id for one in weeks}) == len(weeks)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_the_week_of_its_monday(day: date) -> None:
    start = monday(day)
    assert start <= day < start + 7 * DAY
    assert start.isocalendar()[:2] == day.isocalendar()[:2]


def test_her_day_is_not_the_computers(tmp_path: Path) -> None:
    """Half past one on Monday in Auckland is Sunday in UTC: what she does today would be "still to come"."""
    restride = Restride(tmp_path / "data")
    now = "2026-03-01T12:30+00:00"
    assert restride("init", "--birth", "2025-11-17", "--zone", "Pacific/Auckland", now=now).code == 0
    assert restride("gate", "clearance", "--on", "2026-03-02", now=now).code == 0
    assert restride("gate", "healed", "--on", "2026-03-03", now=now).code == 1
    assert restride("week", "--json", now=now).json["week"] == "2026-W10"
    assert restride("foundation", "log", "--core", now=now).stdout.startswith("Mon 2 Mar 2026")


def test_what_is_kept_is_kept_in_utc(tmp_path: Path) -> None:
    """An instant kept by a local clock means another one after a journey."""
    restride = Restride(tmp_path / "data").ready()
    when = "2026-03-02T16:00+09:00"
    assert restride("log", *DETAILS, when, now="2026-03-02T20:00+09:00").code == 0
    assert restride("import", str(write_run(tmp_path, "2026-02-20T07:00+00:00")), now="2026-03-02T12:00Z").code == 0
    with Store.open(restride.data / "restride.db") as store:
        runner = store.runner(None)
        known, observed = store.facts(runner), store.observed(runner)
    (told,) = known.manual_sessions
    assert (told.started_at, told.recorded_at) == (
        datetime(2026, 3, 2, 7, tzinfo=UTC),
        datetime(2026, 3, 2, 11, tzinfo=UTC),
    )
    instants = [told.started_at, told.recorded_at, *(i.recorded_at for i in known.issued)]
    instants += [at for one in observed for at in (one.started_at, one.ended_at)]
    instants += [at for one in observed for bout in one.bouts for at in (bout.start, bout.end)]
    assert {at.tzinfo for at in instants} == {UTC}
    assert "2026-03-02T07:00:00Z" in restride("show", "2026-03-02", "--json", now="2026-03-02T12:00Z").stdout


def test_next_names_the_full_48_hours_by_her_clock(tmp_path: Path) -> None:
    """Saturday seven to Monday seven looks like two days; in the night between, an hour is lost."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("readiness", "--passed", now="2026-03-27T09:00Z").code == 0
    assert restride("log", *DETAILS, "2026-03-28T07:00", now="2026-03-28T09:00Z").code == 0
    said = restride("next", now="2026-03-28T09:00Z").stdout
    assert "not before Mon 30 Mar 2026, 08:21" in said
    assert restride("log", *DETAILS, "2026-03-30T07:00", now="2026-03-30T09:00Z").code == 0
    shown = words(restride("show", "2026-03-30", now="2026-03-30T09:00Z").stdout)
    assert "46 h 39 min of rest before this run, 1 h 21 min short of the plan's 48 h. [RST01]" in shown


# A clock set wrong


NOW = MONDAY + 2 * DAY + HOUR + 26 * HOUR


@pytest.mark.parametrize("year", [1989, 1999, 2016, 2031, 2099])
def test_a_watch_set_wrong_by_years_changes_no_verdict(year: int) -> None:
    """A battery change sets a watch to 1989; that run is not now, and what was earned stays."""
    before = two_clean_runs().at(NOW).recommendation
    assert before.outcome is Outcome.PROGRESS
    life = two_clean_runs()
    life.runs(datetime(year, 12, 31, 7, tzinfo=UTC), [("jog", 3600)])
    standing = life.at(NOW)
    assert replace(standing.recommendation, reasons=before.reasons) == before
    assert {s.local_date.year for s in standing.sessions} == ({year, 2026} if year < 2026 else {2026})


def test_a_file_of_the_future_is_said_to_be_so_and_waits(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, "2036-03-02T07:00+00:00")
    said = restride("import", str(file), now="2026-03-02T12:00Z")
    assert "starts in the future, so it is not counted: check the watch's clock" in said.stdout
    assert restride("sessions", "--json", now="2026-03-02T12:00Z").json["sessions"] == []
    assert len(restride("week", now="2026-03-02T12:00Z").stdout.splitlines()) < 40


@pytest.mark.parametrize("years", [-10, 10])
def test_an_answer_given_by_a_wrong_clock_frees_nothing(years: int) -> None:
    """A "none" of another decade says nothing of this morning."""
    life = two_clean_runs()
    *kept, last = life.facts.check_ins
    wrong = replace(last, recorded_at=last.recorded_at.replace(year=last.recorded_at.year + years))
    life.facts = replace(life.facts, check_ins=(*kept, wrong))
    standing = life.at(NOW)
    assert standing.recommendation.outcome is Outcome.HOLD
    assert "LOG01" in codes(standing)


def test_a_symptom_logged_for_a_run_by_a_clock_that_was_years_behind_holds() -> None:
    life = two_clean_runs()
    session: Session = life.at(NOW).judged[-1].session
    behind = datetime(2016, 1, 1, tzinfo=UTC)
    life.tell(
        CheckIn(
            id=0,
            recorded_at=behind,
            recording=session.identities[0],
            windows=frozenset({Window.AFTER}),
            **LEAK,
        )
    )
    assert "SYM01" in codes(life.at(NOW))


@pytest.mark.parametrize("about_a_run", [True, False])
def test_a_symptom_logged_by_a_clock_that_was_years_ahead_holds(about_a_run: bool) -> None:
    life = two_clean_runs()
    session: Session = life.at(NOW).judged[-1].session
    life.tell(
        CheckIn(
            id=0,
            recorded_at=datetime(2036, 1, 1, tzinfo=UTC),
            recording=session.identities[0] if about_a_run else None,
            windows=frozenset({Window.AFTER if about_a_run else Window.ANY}),
            **LEAK,
        )
    )
    standing = stand(life.facts, life.observed, NOW, present=True)
    assert codes(standing) == {"SYM01"}


def test_what_was_issued_by_a_clock_that_was_years_ahead_prescribes_nothing_now() -> None:
    """A step up that was issued "in 2036" must not be what today's run is judged by."""
    life = Life.ready()
    issued = life.issue(MONDAY - HOUR)
    last = life.facts.issued[-1]
    ahead = replace(last, id=999, recorded_at=last.recorded_at.replace(year=2036), next_stage=9)
    life.facts = replace(life.facts, issued=(*life.facts.issued, ahead))
    life.runs(MONDAY, 1)
    (judged,) = life.at(MONDAY + DAY).judged
    assert issued.recommendation.next_stage == 1
    assert (judged.issued_stage, judged.stage) == (1, 1)


def test_a_zone_that_this_computer_does_not_know_is_utc() -> None:
    """A name from another system must not stop everything; days may be off, rest is not."""
    life = living_in("Europe/Lisbon", MONDAY)
    life.facts = replace(life.facts, settings=(replace(life.facts.settings[0], value="Mars/Olympus_Mons"),))
    life.runs(MONDAY, 1)
    standing = life.at(MONDAY + DAY)
    assert standing.judged[0].session.id == "2026-06-01"
    assert standing.recommendation.earliest_next_run == (MONDAY + RUN + 48 * HOUR).astimezone(UTC)
