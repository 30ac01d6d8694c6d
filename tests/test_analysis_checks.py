"""Each limit at its edge: just kept, exactly met, just passed. A second decides, and nothing else may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analysis.bouts import Gait, Span
from analysis.checks import dat01, inc01, rst01, spk01, stg01, stg02, stg03
from analysis.checks.inc01 import Jogging
from analysis.findings import Level
from analysis.performed import Performed
from analysis.sessions import gather
from monitor.judged import met
from tests.stories import LISBON, MONDAY, PLAN, as_prescribed, run

SECOND = timedelta(seconds=1)
HALF_HOUR = [("jog", 1800)]


def session(start=MONDAY, pieces=HALF_HOUR, **more):
    (found,) = gather([run(start, pieces, **more)], lambda _: LISBON)
    return found


def performed(**figures):
    plain = Performed(
        main_set_s=1200,
        jog_s=420,
        walk_s=780,
        stand_s=0,
        repeats=7,
        jog_bout_s=60,
        walk_bout_s=120,
        longest_jog_s=60,
        ratio="1:2.0",
        regular=True,
        uncertain_share=0.0,
        jog_error_s=0.0,
    )
    return replace(plain, **figures)


# RST01 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "starts_apart", "level"),
    [
        (timedelta(hours=48), timedelta(hours=48, minutes=30), None),
        (timedelta(hours=48) - SECOND, timedelta(hours=48, minutes=30) - SECOND, Level.CAUTION),
        (timedelta(hours=47), timedelta(hours=47, minutes=30), Level.CAUTION),
        (timedelta(hours=47) - SECOND, timedelta(hours=47, minutes=30) - SECOND, Level.LIMIT),
        (timedelta(hours=24), timedelta(hours=24, minutes=30), Level.LIMIT),
    ],
)
def test_rest_at_just_under_and_just_over_its_limits(rest, starts_apart, level):
    first = session()
    second = session(first.ended_at + rest)
    assert second.started_at - first.started_at == starts_apart
    finding = rst01.check(second, first)
    assert (finding and finding.level) == level
    strict = rst01.check(second, first, strict=True)
    assert (strict and strict.level) == (level and Level.LIMIT)


def test_rest_counts_true_hours_over_a_clock_change():
    """Sunday 29 March 2026 has 23 hours: Saturday 07:30 to Monday 07:00 looks like 47.5 h on the clock and is 46.5."""
    saturday = session(datetime(2026, 3, 28, 7, tzinfo=LISBON))
    monday = session(datetime(2026, 3, 30, 7, tzinfo=LISBON))
    finding = rst01.check(monday, saturday)
    assert finding is not None
    assert finding.evidence["rest_s"] == 46.5 * 3600
    assert finding.level is Level.LIMIT
    # In October the night is longer: the same clock times are 48.5 h of rest, and no finding.
    saturday = session(datetime(2026, 10, 24, 7, tzinfo=LISBON))
    assert rst01.check(session(datetime(2026, 10, 26, 7, tzinfo=LISBON)), saturday) is None


def test_rest_counts_instants_when_she_travels():
    """Lisbon Monday 07:00 to Tokyo Wednesday 07:00 is 40 hours from start to start, whatever the dates say."""
    monday = session(MONDAY, offset=timedelta(hours=1))
    tokyo = session(datetime(2026, 6, 2, 22, tzinfo=UTC), offset=timedelta(hours=9))
    assert tokyo.local_date.isoformat() == "2026-06-03"
    finding = rst01.check(tokyo, monday)
    assert finding is not None
    assert finding.level is Level.LIMIT
    assert finding.evidence["starts_apart_s"] == 40 * 3600


def test_the_message_says_how_short_the_rest_was():
    first = session()
    finding = rst01.check(session(first.ended_at + timedelta(hours=46)), first)
    assert finding is not None
    assert finding.message == "46 h of rest before this run, 2 h short of the plan's 48 h"
    finding = rst01.check(session(first.ended_at + timedelta(hours=45, minutes=30, seconds=50)), first)
    assert finding is not None
    assert finding.message == "45 h 30 min of rest before this run, 2 h 30 min short of the plan's 48 h"


# INC01 -----------------------------------------------------------------------------------------------------------


def jogging(total, longest, repeats=1):
    return Jogging(total_s=total, longest_s=longest, repeats=repeats)


@pytest.mark.parametrize(
    ("base", "done", "raised"),
    [
        (jogging(420, 60), jogging(465, 60, 7), False),  # + 45 s
        (jogging(420, 60), jogging(465.5, 60, 7), True),
        (jogging(600, 60), jogging(660, 60, 10), False),  # 6 s × 10 repeats
        (jogging(600, 60), jogging(660.5, 60, 10), True),
        (jogging(1200, 600), jogging(1260, 600, 2), False),  # 5 %
        (jogging(1200, 600), jogging(1260.5, 600, 2), True),
        (jogging(420, 60), jogging(420, 90, 7), False),  # longest + 30 s
        (jogging(420, 60), jogging(420, 90.5, 7), True),
        (jogging(1200, 600), jogging(1200, 660, 2), False),  # longest + 10 %
        (jogging(1200, 600), jogging(1200, 660.5, 2), True),
        (jogging(1200, 600), jogging(300, 60, 5), False),
    ],
)
def test_an_increase_at_and_just_over_each_tolerance(base, done, raised):
    assert inc01.is_increase(done, base) is raised


def test_established_is_the_largest_of_each_and_else_the_prescription():
    known = [jogging(420, 120, 3), jogging(600, 60, 10)]
    base = inc01.established(known, [jogging(9999, 9999)], jogging(1, 1))
    assert (base.total_s, base.longest_s) == (600, 120)
    assert inc01.established([], [], jogging(420, 60, 7)) == jogging(420, 60, 7)


def test_what_was_left_out_never_raises_what_she_is_measured_against():
    """A symptom logged for a run of four minutes once turned two increases into one, and HOLD into PROGRESS."""
    base = inc01.established([], [jogging(240, 60, 4), jogging(1200, 300, 4)], jogging(420, 90, 7))
    assert (base.total_s, base.longest_s) == (240, 60)


def test_the_third_increase_in_168_hours_is_the_breach_and_names_all_three():
    third = MONDAY
    week = timedelta(hours=168)
    inside = [third - week + SECOND, third - timedelta(hours=60), third]
    finding = inc01.check(inside, third, third)
    assert finding is not None
    assert finding.level is Level.LIMIT
    assert [finding.evidence[f"increase_{n}"] for n in (1, 2, 3)] == [i.isoformat() for i in inside]
    # Exactly 168 hours ago is outside: (t − 168 h, t].
    assert inc01.check([third - week, third - timedelta(hours=60), third], third, third) is None


# STG -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "figures", "level"),
    [
        (1, {"jog_s": 490}, None),  # 420 + 10 s × 7
        (1, {"jog_s": 490.5}, Level.LIMIT),
        (12, {"jog_s": 1260, "longest_jog_s": 1200}, None),  # 1200 + max(60, 10, 60)
        (12, {"jog_s": 1260.5, "longest_jog_s": 1200}, Level.LIMIT),
        (17, {"jog_s": 1890, "longest_jog_s": 1800}, None),  # 1800 + 5 %
        (17, {"jog_s": 1890.5, "longest_jog_s": 1800}, Level.LIMIT),
        (1, {"longest_jog_s": 90}, None),  # + 30 s
        (1, {"longest_jog_s": 90.5}, Level.LIMIT),
        (9, {"jog_s": 1080, "longest_jog_s": 594, "walk_bout_s": 60}, None),  # 540 + 10 %
        (9, {"jog_s": 1080, "longest_jog_s": 594.5, "walk_bout_s": 60}, Level.LIMIT),
        (1, {"walk_bout_s": 90}, None),  # 75 % of 120
        (1, {"walk_bout_s": 89.5}, Level.CAUTION),
        (1, {"main_set_s": 1320}, None),  # + 10 %
        (1, {"main_set_s": 1320.5}, Level.CAUTION),
        (1, {"jog_s": 60, "longest_jog_s": 10}, None),  # less jogging is never a breach
    ],
)
def test_stg02_at_and_just_over_each_limit(stage, figures, level):
    finding = stg02.check(session(), performed(**figures), PLAN[stage])
    assert (finding and finding.level) == level
    # The first run: what is a caution later is a limit here.
    first = stg01.check(session(), performed(**figures), PLAN[stage])
    assert (first and first.level) == (level and Level.LIMIT)


def test_a_continuous_stage_asks_for_no_walk_breaks():
    figures = {"jog_s": 1200, "longest_jog_s": 1200, "walk_bout_s": 0, "walk_s": 0, "ratio": "continuous"}
    assert stg02.check(session(), performed(**figures), PLAN[12]) is None


def test_stg03_begins_where_the_next_stage_ends():
    # Stage 2 asks 480 s in 8 jogs: its limit is 560.
    assert stg03.check(session(), performed(jog_s=560), PLAN[2]) is None
    finding = stg03.check(session(), performed(jog_s=560.5), PLAN[2])
    assert finding is not None
    assert finding.level is Level.LIMIT
    assert stg03.check(session(), performed(jog_s=9999), None) is None


NO_FIGURES = (float("nan"), float("inf"), float("-inf"), -0.5)

# DAT01 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "tells"),
    [
        ({"jog_error_s": 45}, True),
        ({"jog_error_s": 45.5}, False),
        ({"jog_s": 1200, "jog_error_s": 60}, True),  # 5 % of 1200
        ({"jog_s": 1200, "jog_error_s": 60.5}, False),
        ({"uncertain_share": 0.15}, True),
        ({"uncertain_share": 0.1501}, False),
        *(({name: odd}, False) for name in ("jog_error_s", "uncertain_share") for odd in NO_FIGURES),
    ],
)
def test_data_carries_a_verdict_up_to_its_limits(figures, tells):
    judged = replace(session(), performed=performed(**figures))
    assert (dat01.check(judged) is None) is tells


@pytest.mark.parametrize("name", ["jog_error_s", "uncertain_share"])
@pytest.mark.parametrize("odd", NO_FIGURES)
def test_a_figure_that_is_no_number_blames_nobody_and_is_not_handed_on(name, odd):
    """A limit rests on what is sure, and a store that keeps no NaN would refuse the whole recommendation."""
    judged = replace(session(), performed=performed(**{name: odd}))
    finding = dat01.check(judged)
    assert dat01.at_least(judged) is None
    assert "cannot be told" in finding.message
    assert set(finding.evidence) == {
        *{"jog_error_s", "uncertain_share"} - {name},
        *("limit_jog_error_s", "limit_uncertain_share"),
    }


def test_a_minute_without_data_is_borne_and_a_second_more_is_not():
    at = MONDAY.astimezone(UTC) + timedelta(minutes=5)
    minute = Span(start=at, end=at + timedelta(seconds=60))
    longer = Span(start=at, end=at + timedelta(seconds=61))
    assert dat01.check(session(gaps=(minute,))) is None
    finding = dat01.check(session(gaps=(longer,)))
    assert finding is not None
    assert finding.level is Level.CAUTION  # it blames nobody


def test_a_run_that_no_signal_tells_cannot_be_judged():
    finding = dat01.check(session(pieces=[("unknown", 1800)]))
    assert finding is not None
    assert "could not tell" in finding.message


# a stage is met --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "figures", "enough"),
    [
        (1, {"jog_s": 375}, True),  # 420 − 45
        (1, {"jog_s": 374.5}, False),
        (10, {"jog_s": 1026, "longest_jog_s": 720}, True),  # 1140 − 10 %
        (10, {"jog_s": 1025.5, "longest_jog_s": 720}, False),
        (1, {"longest_jog_s": 45}, True),  # 60 − 15
        (1, {"longest_jog_s": 44.5}, False),
        (7, {"jog_s": 960, "longest_jog_s": 204}, True),  # 240 − 15 %
        (7, {"jog_s": 960, "longest_jog_s": 203.5}, False),
    ],
)
def test_a_stage_is_met_down_to_its_tolerance(stage, figures, enough):
    assert met(performed(**figures), PLAN[stage]) is enough


def test_doing_exactly_each_stage_meets_it_and_breaks_nothing():
    for stage in PLAN.stages:
        done = session(pieces=as_prescribed(stage))
        assert done.performed is not None
        assert met(done.performed, stage)
        assert stg01.check(done, done.performed, stage) is None
        assert stg02.check(done, done.performed, stage) is None
        assert dat01.check(done) is None


def test_why_the_data_cannot_tell_is_said_in_words():
    """ "± 300 s" alone tells her nothing; that the phone counted no steps tells her what to change."""
    phone = replace(session(), performed=performed(uncertain_share=0.5))
    bouts = [replace(phone.bouts[0], mean_speed_mps=1.9), replace(phone.bouts[0], gait=Gait.WALK, mean_speed_mps=1.7)]
    finding = dat01.check(replace(phone, bouts=tuple(bouts)))
    assert finding is not None
    assert "no cadence was recorded, and jog and walk are close in speed (1.9 and 1.7 m/s)" in finding.message
    watch = replace(phone, recordings=(replace(phone.recordings[0], signals=("cadence", "speed")),))
    finding = dat01.check(watch)
    assert finding is not None
    assert "cadence" not in finding.message


def test_the_evidence_of_a_stage_names_every_number_of_the_comparison():
    """The report prints these by their names; a number under another name would be read as something else."""
    done = performed(jog_s=525, longest_jog_s=75, walk_bout_s=110, main_set_s=1295)
    assert stg02.evidence(done, PLAN[1]) == {
        "stage": 1,
        "jog_s": 525,
        "prescribed_jog_s": 420,
        "limit_jog_s": 490,
        "longest_jog_s": 75,
        "prescribed_longest_jog_s": 60,
        "limit_longest_jog_s": 90,
        "walk_bout_s": 110,
        "prescribed_walk_bout_s": 120,
        "main_set_s": 1295,
        "prescribed_main_set_s": 1200,
    }


def test_what_is_sure_in_spite_of_the_error_is_less_by_the_error():
    """Data that cannot tell blame only for what even their error leaves; added, they would blame for a guess."""
    found = session(pieces=[("jog", 600), ("walk", 120), ("jog", 300)], sd_s=20.0)
    done, sure = found.performed, dat01.at_least(found)
    assert done.jog_error_s > 0
    assert (sure.jog_s, sure.longest_jog_s) == (done.jog_s - done.jog_error_s, done.longest_jog_s - done.jog_error_s)


def test_a_third_increase_names_its_number_its_limit_and_its_source():
    at = MONDAY + timedelta(days=4)
    found = inc01.check([MONDAY, MONDAY + timedelta(days=2), at], at, at + timedelta(minutes=20))
    assert found.message == "jogging time was raised 3 times within 7 days; the plan allows 2"
    assert found.source == inc01.SOURCE


def test_a_spike_is_two_minutes_or_a_tenth_over_the_longest_whichever_is_more():
    assert spk01.limit_s(600) == 720
    assert spk01.limit_s(1800) == 1980
