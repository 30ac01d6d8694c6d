"""Each finding in full: what a physiotherapist reads of a run is its sentence, its numbers by name, and its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from analysis.bouts import Bout, Gait, Span
from analysis.checks import dat01, inc01, rst01, spk01, stg01, stg02, stg03
from analysis.findings import Finding, Level
from monitor.answers import CheckIn, Window
from monitor.rules import eff01
from tests.stories import MONDAY, PLAN
from tests.test_analysis_checks import performed, session

HOUR = timedelta(hours=1)


def test_a_short_rest_is_told_with_both_instants_and_its_limit() -> None:
    first = session()
    second = session(first.ended_at + timedelta(hours=2))
    assert rst01.check(second, first) == Finding(
        code="RST01",
        level=Level.LIMIT,
        message="2 h of rest before this run, 46 h short of the plan's 48 h",
        at=second.ended_at,
        evidence={
            "previous_end": "2026-06-01T06:30:00+00:00",
            "start": "2026-06-01T08:30:00+00:00",
            "rest_s": 7200.0,
            "starts_apart_s": 9000.0,
            "limit_s": 172800.0,
        },
        source=rst01.SOURCE,
    )


def test_a_run_that_began_before_the_other_ended_had_no_rest_at_all() -> None:
    """Less than none would be nonsense to her, and a day of it would hide the breach."""
    first = session()
    found = rst01.check(session(first.ended_at - timedelta(minutes=10)), first)
    assert found is not None
    assert (found.message, found.evidence["rest_s"]) == (
        "0 h of rest before this run, 48 h short of the plan's 48 h",
        0.0,
    )


def test_the_next_run_may_come_48_hours_after_the_end_of_the_last() -> None:
    first = session()
    assert rst01.earliest(first) == first.ended_at + 48 * HOUR


def test_a_third_increase_is_told_with_the_three_starts_and_counts_from_the_end() -> None:
    starts = [(MONDAY + n * timedelta(days=2)).astimezone(UTC) for n in range(3)]
    ended_at = starts[-1] + timedelta(minutes=20)
    assert inc01.check(starts, starts[-1], ended_at) == Finding(
        code="INC01",
        level=Level.LIMIT,
        message="jogging time was raised 3 times within 7 days; the plan allows 2",
        at=ended_at,
        evidence={
            "increase_1": "2026-06-01T06:00:00+00:00",
            "increase_2": "2026-06-03T06:00:00+00:00",
            "increase_3": "2026-06-05T06:00:00+00:00",
            "count": 3,
            "allowed": 2,
        },
        source=inc01.SOURCE,
    )


def test_an_increase_still_to_come_is_none_of_the_week() -> None:
    """(t - 168 h, t]: what lies after the instant is another run's matter."""
    assert inc01.within_window([MONDAY, MONDAY + HOUR], MONDAY) == (MONDAY,)


def test_the_first_run_beyond_its_stage_is_told_with_all_that_was_too_much() -> None:
    done = performed(jog_s=600, longest_jog_s=120, walk_bout_s=60, main_set_s=1500)
    run = session()
    assert stg01.check(run, done, PLAN[1]) == Finding(
        code="STG01",
        level=Level.LIMIT,
        message="the first run went beyond its stage: 10 min of jogging where stage 1 asks 7; a longest jog of 2 min "
        "where stage 1 asks 1; walk breaks of 1 min where stage 1 asks 2; a main set of 25 min where stage 1 asks 20",
        at=run.ended_at,
        evidence=stg02.evidence(done, PLAN[1]),
        source=stg01.SOURCE,
    )


@pytest.mark.parametrize(
    ("figures", "level", "message"),
    [
        (
            {"jog_s": 600, "longest_jog_s": 120, "walk_bout_s": 60},
            Level.LIMIT,
            "10 min of jogging where stage 1 asks 7; a longest jog of 2 min where stage 1 asks 1",
        ),
        (
            {"walk_bout_s": 60, "main_set_s": 1500},
            Level.CAUTION,
            "walk breaks of 1 min where stage 1 asks 2; a main set of 25 min where stage 1 asks 20",
        ),
    ],
)
def test_a_run_beyond_its_stage_is_told_with_what_was_asked(
    figures: dict[str, float], level: Level, message: str
) -> None:
    done, run = performed(**figures), session()
    assert stg02.check(run, done, PLAN[1]) == Finding(
        code="STG02",
        level=level,
        message=message,
        at=run.ended_at,
        evidence=stg02.evidence(done, PLAN[1]),
        source=stg02.SOURCE,
    )


@pytest.mark.parametrize(("jog_s", "beyond"), [(1140.0, False), (1140.5, True)])
def test_a_minute_more_is_borne_where_the_jogs_are_few_and_long(jog_s: float, beyond: bool) -> None:
    """Two jogs and 18 minutes: 10 s a jog and 5 % are both less than the minute that everyone is allowed."""
    done = performed(jog_s=jog_s, longest_jog_s=540, walk_bout_s=60)
    assert (stg02.check(session(), done, PLAN[9]) is not None) is beyond


def test_a_skipped_stage_is_told_beside_the_stage_that_was_passed() -> None:
    done, run = performed(jog_s=900, longest_jog_s=180), session()
    assert stg03.check(run, done, PLAN[2]) == Finding(
        code="STG03",
        level=Level.LIMIT,
        message="beyond even the next stage (2): 15 min of jogging where stage 2 asks 8; "
        "a longest jog of 3 min where stage 2 asks 1",
        at=run.ended_at,
        evidence=stg02.evidence(done, PLAN[2]),
        source=stg03.SOURCE,
    )


def test_a_spike_is_told_beside_the_most_of_the_month() -> None:
    done, run = performed(jog_s=1000), session()
    assert spk01.check(run, done, [840, 420]) == Finding(
        code="SPK01",
        level=Level.INFO,
        message="16:40 min of jogging; the most in the 30 days before was 14 min",
        at=run.ended_at,
        evidence={"jog_s": 1000, "longest_of_30_days_s": 840, "limit_s": 960.0},
        source=spk01.SOURCE,
    )
    assert spk01.check(run, performed(jog_s=960), [840, 420]) is None
    assert spk01.check(run, done, []) is None  # the first run of a month is no spike over nothing


def told(effort: int | None) -> CheckIn:
    return CheckIn(id=1, recorded_at=MONDAY, recording=None, windows=frozenset({Window.AFTER}), effort=effort)


def test_a_hard_run_is_told_with_the_highest_effort_and_its_limit() -> None:
    run = session()
    assert eff01.check(run, [told(8), told(None), told(3)]) == Finding(
        code="EFF01",
        level=Level.INFO,
        message="an effort of 8 of 10 was logged; a run of this plan is easy enough to talk",
        at=run.ended_at,
        evidence={"effort": 8, "limit_effort": 7},
        source=eff01.SOURCE,
    )
    assert eff01.check(run, [told(6), told(None)]) is None
    assert eff01.check(run, []) is None


# DAT01 -----------------------------------------------------------------------------------------------------------


def unclear(**figures: Any) -> Finding:
    found = dat01.check(replace(session(), performed=performed(**figures)))
    assert found is not None
    return found


def test_jogging_that_is_only_roughly_known_is_told_with_both_limits() -> None:
    run = replace(session(), performed=performed(jog_error_s=60.0, uncertain_share=0.2))
    assert dat01.check(run) == Finding(
        code="DAT01",
        level=Level.CAUTION,
        message="could not tell: the jogging time is only known to ± 1 min, the plan needs ± 45 s; "
        "20% of the main set could be jogging or walking; no cadence was recorded",
        at=run.ended_at,
        evidence={
            "jog_error_s": 60.0,
            "limit_jog_error_s": 45.0,
            "uncertain_share": 0.2,
            "limit_uncertain_share": 0.15,
        },
        source=dat01.SOURCE,
    )


def test_lost_stretches_are_told_with_how_many_and_the_longest() -> None:
    at = MONDAY.astimezone(UTC) + timedelta(minutes=5)
    lost = tuple(
        Span(start=at + timedelta(seconds=start), end=at + timedelta(seconds=start + length))
        for start, length in ((0, 90), (200, 150))
    )
    found = dat01.check(session(gaps=lost))
    assert found is not None
    assert found.message == "could not tell: nothing was recorded for up to 2 min 30 s at a time"
    assert (found.evidence["gaps"], found.evidence["longest_gap_s"]) == (2, 150.0)
    assert {"jog_error_s", "limit_jog_error_s"} <= found.evidence.keys()


def test_a_run_that_no_signal_tells_says_so_and_no_number() -> None:
    run = replace(session(), performed=None, doubt="the file ends early")
    assert dat01.check(run) == Finding(
        code="DAT01",
        level=Level.CAUTION,
        message="could not tell: the file ends early",
        at=run.ended_at,
        evidence={},
        source=dat01.SOURCE,
    )
    silent = replace(session(), performed=None)
    assert silent.doubt is None
    found = dat01.check(silent)
    assert found is not None
    assert found.message == "could not tell: the data hold no signal that tells jogging from walking"


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ("jog_error_s", "how well the jogging time is known cannot be told"),
        ("uncertain_share", "how much of the main set could be jogging or walking cannot be told"),
    ],
)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1])
def test_a_figure_that_is_no_number_cannot_carry_a_verdict(figure: str, message: str, value: float) -> None:
    found = unclear(**{figure: value})
    assert (found.level, found.message) == (
        Level.CAUTION,
        f"could not tell: {message}; no cadence was recorded",
    )
    assert figure not in found.evidence


def bouts(*speeds: tuple[Gait, float, float | None]) -> tuple[Bout, ...]:
    at, found = MONDAY.astimezone(UTC), []
    for gait, seconds, mps in speeds:
        end = at + timedelta(seconds=seconds)
        found.append(Bout(gait=gait, start=at, end=end, mean_speed_mps=mps))
        at = end
    return tuple(found)


@pytest.mark.parametrize(
    ("speeds", "close"),
    [
        ([(Gait.JOG, 60, 2.0), (Gait.WALK, 60, 1.5)], None),  # half a metre a second apart is apart
        ([(Gait.JOG, 60, 2.0), (Gait.WALK, 60, 1.51)], "2.0 and 1.5"),
        # By time: half of the jogging at 1 m/s counts for half, not for one of three bouts.
        ([(Gait.JOG, 90, 1.0), (Gait.JOG, 30, 3.0), (Gait.WALK, 60, 1.2)], "1.5 and 1.2"),
        ([(Gait.JOG, 60, None), (Gait.JOG, 60, 2.0), (Gait.WALK, 60, 1.9)], "2.0 and 1.9"),
        ([(Gait.JOG, 60, 2.0), (Gait.WALK, 60, None)], None),
        ([(Gait.JOG, 60, None), (Gait.WALK, 60, 1.9)], None),
    ],
)
def test_speeds_are_called_close_where_speed_alone_hardly_parts_them(
    speeds: list[tuple[Gait, float, float | None]], close: str | None
) -> None:
    run = replace(session(), performed=performed(uncertain_share=0.5), bouts=bouts(*speeds))
    found = dat01.check(run)
    assert found is not None
    expected = f", and jog and walk are close in speed ({close} m/s)" if close else ""
    assert found.message.endswith(f"; no cadence was recorded{expected}")


@pytest.mark.parametrize(("share", "sure"), [(0.15, True), (0.1501, False)])
def test_nothing_is_sure_of_a_run_that_could_be_a_walk(share: float, sure: bool) -> None:
    """Its jogging less its error would still blame her for a guess."""
    run = replace(session(), performed=performed(uncertain_share=share, jog_error_s=50.0))
    assert (dat01.at_least(run) is not None) is sure
    assert dat01.at_least(replace(run, doubt="the file was cut off")) is None
    assert dat01.at_least(replace(run, performed=None)) is None


def test_no_jogging_is_sure_where_the_error_is_larger_than_it() -> None:
    run = replace(session(), performed=performed(jog_s=50.0, longest_jog_s=40.0, jog_error_s=90.0))
    sure = dat01.at_least(run)
    assert sure is not None
    assert (sure.jog_s, sure.longest_jog_s) == (0.0, 0.0)
