"""What a session is judged by: a wrong ratio, total or longest jog blames her for nothing or lets her do too much."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.bouts import Bout, Gait, Span
from analysis.performed import Parts, Performed, measure, parts

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def lay(*parts: tuple[str, float], start: datetime = START) -> tuple[Bout, ...]:
    """Lay bouts end to end."""
    bouts, now = [], start
    for gait, seconds in parts:
        end = now + timedelta(seconds=seconds)
        bouts.append(Bout(gait=Gait(gait), start=now, end=end))
        now = end
    return tuple(bouts)


def span(since_s: float, to_s: float) -> Span:
    return Span(start=START + timedelta(seconds=since_s), end=START + timedelta(seconds=to_s))


def done(*parts: tuple[str, float]) -> Performed:
    performed = measure(lay(*parts))
    assert performed is not None
    return performed


def test_the_first_stage_as_prescribed_reads_as_prescribed() -> None:
    performed = done(("walk", 300), *[("jog", 60), ("walk", 120)] * 6, ("jog", 60), ("walk", 60))
    assert performed == Performed(
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
        uncertain_share=0,
        jog_error_s=0,
    )


def test_warm_up_and_cool_down_do_not_dilute_the_ratio() -> None:
    performed = done(("walk", 900), *[("jog", 60), ("walk", 120)] * 6, ("jog", 60), ("walk", 1200))
    assert performed.main_set_s == 7 * 180  # one median walk break after the last jog, no more
    assert (performed.walk_s, performed.ratio) == (7 * 120, "1:2.0")


def test_nothing_jogged_has_nothing_performed() -> None:
    assert measure(()) is None
    assert measure(lay(("walk", 600), ("stand", 30), ("unknown", 60), ("pause", 10))) is None


def test_twenty_minutes_in_one_piece_are_continuous() -> None:
    performed = done(("walk", 300), ("jog", 1200), ("walk", 300))
    assert (performed.ratio, performed.repeats, performed.walk_bout_s) == ("continuous", 1, 0)
    assert (performed.main_set_s, performed.longest_jog_s, performed.regular) == (1200, 1200, True)


def test_standing_in_a_walk_break_is_walking_time_and_shown_apart() -> None:
    performed = done(*[("jog", 60), ("walk", 50), ("stand", 20), ("walk", 50)] * 3)
    assert (performed.walk_s, performed.stand_s, performed.walk_bout_s, performed.repeats) == (360, 60, 120, 3)


def test_a_cut_last_jog_does_not_pull_the_median_down() -> None:
    performed = done(("jog", 900), ("walk", 60), ("jog", 240))
    assert (performed.jog_bout_s, performed.longest_jog_s, performed.repeats) == (900, 900, 2)
    assert (performed.jog_s, performed.ratio, performed.regular) == (1140, "1:0.1", True)


def test_a_ladder_is_not_regular() -> None:
    performed = done(("jog", 60), ("walk", 90), ("jog", 120), ("walk", 90), ("jog", 240), ("walk", 90), ("jog", 60))
    assert not performed.regular
    assert (performed.jog_s, performed.longest_jog_s, performed.repeats) == (480, 240, 4)
    assert performed.jog_bout_s == 90  # of all four: nothing tells that a ladder's last minute was cut


@pytest.mark.parametrize("jog_s", [25, 60])
@pytest.mark.parametrize("jogs", [2, 3])
def test_two_or_three_short_jogs_in_a_long_walk_are_all_of_it(jogs: int, jog_s: float) -> None:
    performed = done(("walk", 600), *[("jog", jog_s), ("walk", 120)] * jogs, ("walk", 900))
    assert (performed.repeats, performed.jog_s, performed.longest_jog_s) == (jogs, jogs * jog_s, jog_s)
    assert (performed.main_set_s, performed.regular) == (jogs * (jog_s + 120), True)


def test_warm_up_main_set_and_cool_down_are_told_apart() -> None:
    bouts = lay(("pause", 20), ("walk", 280), *[("jog", 60), ("walk", 120)] * 3, ("walk", 200), ("pause", 30))
    assert parts(bouts) == Parts(warm_up=span(20, 300), main_set=span(300, 840), cool_down=span(840, 1040))


def test_a_session_that_is_nothing_but_its_main_set_has_no_warm_up_and_no_cool_down() -> None:
    bouts = lay(*[("jog", 60), ("walk", 60)] * 3)
    assert parts(bouts) == Parts(warm_up=None, main_set=span(0, 360), cool_down=None)
    assert parts(lay(("walk", 600))) is None


def test_a_street_crossed_at_a_run_belongs_to_the_warm_up() -> None:
    bouts = lay(("walk", 120), ("jog", 9), ("walk", 171), ("jog", 600), ("walk", 300))
    assert parts(bouts) == Parts(warm_up=span(0, 300), main_set=span(300, 900), cool_down=span(900, 1200))


@pytest.mark.parametrize("halt", ["pause", "stand", "unknown"])
def test_a_red_light_cannot_halve_the_longest_jog(halt: str) -> None:
    performed = done(("jog", 300), (halt, 25), ("jog", 300), ("walk", 60), ("jog", 600))
    assert (performed.longest_jog_s, performed.repeats, performed.jog_s) == (600, 2, 1200)


@pytest.mark.parametrize("stand_s", [1, 10, 25, 34])
def test_slowing_down_and_setting_off_again_do_not_make_a_walk_break_of_a_crossing(stand_s: float) -> None:
    performed = done(("jog", 300), ("walk", 2), ("stand", stand_s), ("walk", 8), ("jog", 300))
    assert (performed.longest_jog_s, performed.repeats, performed.ratio) == (600, 1, "continuous")
    assert (performed.jog_s, performed.stand_s, performed.walk_s) == (600, stand_s, stand_s + 10)


@pytest.mark.parametrize(
    ("between", "is_break"),
    [
        ([("walk", 19)], False),
        ([("walk", 20)], True),
        ([("walk", 10), ("stand", 5), ("walk", 10)], True),
        ([("stand", 44)], False),
        ([("stand", 45)], True),
        ([("pause", 44)], False),
        ([("pause", 45)], True),
        ([("walk", 9), ("pause", 20), ("walk", 10)], False),
    ],
)
def test_where_the_line_lies_between_a_halt_and_a_walk_break(between: list[tuple[str, float]], is_break: bool) -> None:
    assert done(("jog", 300), *between, ("jog", 300)).repeats == (2 if is_break else 1)


def test_a_minute_spent_standing_is_the_walk_break_that_the_plan_asked_for() -> None:
    performed = done(*[("jog", 120), ("walk", 3), ("stand", 48), ("walk", 6)] * 5)
    assert (performed.repeats, performed.longest_jog_s, performed.ratio) == (5, 120, "1:0.5")


@pytest.mark.parametrize("halt", ["pause", "stand", "unknown", "walk"])
def test_two_minutes_of_rest_do_end_a_jog(halt: str) -> None:
    performed = done(("jog", 300), (halt, 120), ("jog", 300), ("walk", 60), ("jog", 500))
    assert (performed.longest_jog_s, performed.repeats) == (500, 3)


def test_stopped_timer_is_neither_jog_nor_walk_nor_main_set() -> None:
    performed = done(("jog", 60), ("walk", 60), ("pause", 120), ("walk", 60), ("jog", 60), ("walk", 120), ("jog", 60))
    assert (performed.main_set_s, performed.jog_s, performed.walk_s) == (420, 180, 240)
    assert performed.ratio == "1:2.0"


def test_breaks_with_the_timer_stopped_are_not_called_continuous() -> None:
    performed = done(("jog", 60), ("pause", 120), ("jog", 60), ("pause", 120), ("jog", 60))
    assert (performed.ratio, performed.repeats, performed.longest_jog_s, performed.main_set_s) == (None, 3, 60, 180)


def test_crossing_a_street_in_the_warm_up_does_not_open_the_main_set() -> None:
    performed = done(("walk", 120), ("jog", 9), ("walk", 300), *[("jog", 60), ("walk", 120)] * 3)
    assert (performed.main_set_s, performed.repeats, performed.jog_s) == (540, 3, 180)


def test_a_burst_inside_a_walk_break_counts_as_jogging_but_is_no_repeat() -> None:
    performed = done(("jog", 60), ("walk", 60), ("jog", 10), ("walk", 50), ("jog", 60), ("walk", 110), ("jog", 60))
    assert (performed.repeats, performed.jog_s, performed.walk_bout_s, performed.jog_bout_s) == (3, 190, 110, 60)


def test_where_there_are_only_bursts_they_are_the_jogs() -> None:
    performed = done(*[("jog", 15), ("walk", 60)] * 4)
    assert (performed.repeats, performed.jog_s) == (4, 60)


def test_seconds_without_data_count_as_uncertain_and_widen_the_error() -> None:
    performed = done(("jog", 300), ("unknown", 100), ("walk", 100), ("jog", 300))
    assert (performed.main_set_s, performed.uncertain_share) == (800, 0.125)
    assert performed.jog_error_s == 100


def test_uncertain_stretches_are_shares_of_the_main_set_and_errors_wherever_they_lie() -> None:
    bouts = lay(("walk", 300), ("jog", 60), ("walk", 120), ("jog", 60), ("walk", 300))
    inside = measure(bouts, uncertain=[span(350, 380), span(370, 390)])
    assert inside is not None
    assert inside.uncertain_share == pytest.approx(40 / 360)
    assert inside.jog_error_s == pytest.approx(40)
    outside = measure(bouts, uncertain=[span(0, 200)])
    assert outside is not None
    assert outside.uncertain_share == 0
    assert outside.jog_error_s == pytest.approx(200)  # it may hide a jog


def test_the_error_grows_with_the_boundaries_and_the_shared_bias() -> None:
    bouts = lay(*[("jog", 60), ("walk", 120)] * 7)
    performed = measure(bouts, boundary_sd_s=2.0, bout_bias_sd_s=1.0)
    assert performed is not None
    assert performed.jog_error_s == pytest.approx(1.96 * (14 * 4 + 49) ** 0.5)


PARTS = st.lists(
    st.tuples(st.sampled_from([g.value for g in Gait]), st.integers(min_value=1, max_value=900)), max_size=30
)


@given(PARTS)
def test_seconds_add_up_whatever_was_done(parts: list[tuple[str, float]]) -> None:
    performed = measure(lay(*parts))
    if performed is None:
        assert all(gait != "jog" for gait, _ in parts)
        return
    unknown_s = performed.uncertain_share * performed.main_set_s
    assert performed.jog_s + performed.walk_s + unknown_s == pytest.approx(performed.main_set_s)
    assert 0 <= performed.stand_s <= performed.walk_s
    assert performed.longest_jog_s <= performed.jog_s <= sum(s for gait, s in parts if gait == "jog")
    assert performed.longest_jog_s >= max(s for gait, s in parts if gait == "jog")
    assert 1 <= performed.repeats <= sum(gait == "jog" for gait, _ in parts)
    assert performed.uncertain_share <= 1
    assert (performed.ratio == "continuous") == (performed.repeats == 1)


@given(PARTS)
def test_the_main_set_is_where_its_seconds_are_counted(laid: list[tuple[str, float]]) -> None:
    bouts = lay(*laid)
    performed, found = measure(bouts), parts(bouts)
    if performed is None or found is None:
        assert performed is found is None
        return
    inside = [b for b in bouts if b.start < found.main_set.end and b.end > found.main_set.start]
    paused_s = sum(b.seconds for b in inside if b.gait is Gait.PAUSE)
    assert performed.main_set_s == pytest.approx(found.main_set.seconds - paused_s)
    assert found.warm_up is None or found.warm_up.end == found.main_set.start
    assert found.cool_down is None or found.cool_down.start >= found.main_set.end


@given(PARTS, st.integers(min_value=-(10**6), max_value=10**6), st.floats(0, 10), st.floats(0, 5))
def test_shifting_time_changes_nothing(
    parts: list[tuple[str, float]], shift_s: int, sd_s: float, bias_s: float
) -> None:
    shifted = lay(*parts, start=START + timedelta(seconds=shift_s))
    assert measure(shifted, boundary_sd_s=sd_s, bout_bias_sd_s=bias_s) == measure(
        lay(*parts), boundary_sd_s=sd_s, bout_bias_sd_s=bias_s
    )


@given(
    st.integers(min_value=2, max_value=20),
    st.integers(min_value=20, max_value=900),
    st.integers(min_value=20, max_value=900),
    st.integers(min_value=0, max_value=600),
)
def test_identical_cycles_read_as_built(n: int, jog_s: int, walk_s: int, around_s: int) -> None:
    performed = done(("walk", around_s), *[("jog", jog_s), ("walk", walk_s)] * n, ("walk", around_s))
    assert performed.repeats == n
    assert (performed.jog_s, performed.walk_s, performed.main_set_s) == (n * jog_s, n * walk_s, n * (jog_s + walk_s))
    assert (performed.jog_bout_s, performed.walk_bout_s, performed.longest_jog_s) == (jog_s, walk_s, jog_s)
    assert performed.ratio == f"1:{walk_s / jog_s:.1f}"
    assert performed.regular


@given(PARTS, st.integers(0, 5000), st.integers(1, 3000), st.integers(0, 500))
def test_more_doubt_never_gives_less_error(parts: list[tuple[str, float]], at_s: int, long_s: int, more_s: int) -> None:
    little = measure(lay(*parts), uncertain=[span(at_s, at_s + long_s)])
    much = measure(lay(*parts), uncertain=[span(at_s, at_s + long_s), span(at_s + long_s, at_s + long_s + more_s)])
    if little and much:
        assert much.uncertain_share >= little.uncertain_share
        assert much.jog_error_s >= little.jog_error_s


def test_the_weekly_page_need_not_load_numpy_for_it() -> None:
    code = "import sys, analysis.performed; assert not {'numpy', 'pandas'} & set(sys.modules), 'slow'"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_many_bursts_beside_the_main_set_are_jogging_to_be_counted() -> None:
    """Forty sprints after the last jog once counted for nothing."""
    stage = [("jog", 60), ("walk", 120)] * 7
    few = done(*stage, *[("jog", 19), ("walk", 21)] * 3)
    assert few.jog_s == 420
    many = done(*stage, *[("jog", 19), ("walk", 21)] * 40)
    assert many.jog_s == 420 + 40 * 19
