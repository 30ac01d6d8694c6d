"""Samples put in order: nothing invented, nothing lost in silence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import both_feet
from ingest.errors import Damaged
from ingest.recording import make_signal
from ingest.samples import SECOND_US, Samples, growing, in_order, in_range

NAN = float("nan")


def samples(t_s: list[float], **columns: list[float]) -> Samples:
    time_us = np.array([round(second * SECOND_US) for second in t_s], dtype=np.int64)
    return Samples(time_us=time_us, columns={name: np.array(values, dtype=float) for name, values in columns.items()})


def seconds(result: Samples) -> list[float]:
    return [time / SECOND_US for time in result.time_us]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=40))
def test_times_always_increase_and_every_value_comes_from_the_file(t_s: list[int]) -> None:
    given_samples = samples([float(second) for second in t_s], speed_mps=[float(place) for place in range(len(t_s))])
    try:
        result, notes = in_order(given_samples, "x")
    except Damaged:
        return
    assert (np.diff(result.time_us) > 0).all()
    for time, value in zip(seconds(result), result.columns["speed_mps"], strict=True):
        assert t_s[int(value)] == time
    assert bool(notes) == (t_s != sorted(set(t_s)))


@pytest.mark.parametrize("t_us", [[2, 1], [1, 1]])
def test_a_signal_whose_times_do_not_increase_cannot_be_made(t_us: list[int]) -> None:
    with pytest.raises(ValueError, match="increase"):
        make_signal(np.array(t_us, dtype="datetime64[us]"), {"speed_mps": [1, 2]})


def test_a_signal_has_no_columns_of_its_own() -> None:
    with pytest.raises(ValueError, match="power_w"):
        make_signal(np.array([1], dtype="datetime64[us]"), {"power_w": [1]})


def test_late_samples_are_sorted_into_their_place() -> None:
    result, notes = in_order(samples([0, 1, 3, 2, 4], speed_mps=[0, 1, 3, 2, 4]), "x")
    assert result.columns["speed_mps"].tolist() == [0, 1, 2, 3, 4]
    assert [note.code for note in notes] == ["times_sorted"]


def test_samples_of_one_instant_complete_one_another_and_the_first_value_counts() -> None:
    result, _ = in_order(
        samples([0, 1, 1, 1, 2], speed_mps=[1, NAN, 5, 6, 2], heart_rate_bpm=[NAN, 9, NAN, 8, NAN]), "x"
    )
    assert seconds(result) == [0, 1, 2]
    assert result.columns["speed_mps"].tolist() == [1, 5, 2]
    assert result.columns["heart_rate_bpm"].tolist()[1] == 9


@pytest.mark.parametrize("stray", [-3_000_000.0, 86_400.0 * 400, 5000.0])
def test_one_stray_time_is_cut_off_wherever_it_points(stray: float) -> None:
    t_s = [float(second) for second in range(10)]
    t_s[5] = stray
    result, notes = in_order(samples(t_s), "x")
    assert seconds(result) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert "stray_times" in [note.code for note in notes]


def test_an_hour_at_the_cafe_is_a_gap_and_no_error() -> None:
    result, notes = in_order(samples([0, 1, 2, 3602, 3603, 54_000]), "x")
    assert len(result) == 6
    assert notes == []


def test_two_halves_of_two_years_are_refused() -> None:
    year = 86_400.0 * 365
    with pytest.raises(Damaged, match="contradict"):
        in_order(samples([0, 1, 2, 3, year, year + 1, year + 2, year + 3]), "x")


def test_an_activity_of_weeks_is_refused() -> None:
    with pytest.raises(Damaged, match="more than 7 days"):
        in_order(samples([day * 86_400.0 for day in range(12)]), "x")


def test_a_distance_that_begins_again_goes_on_from_where_it_was() -> None:
    distance_m, notes = growing(np.array([0, 50, 100, 3, 10, 20, NAN, 30], dtype=float))
    np.testing.assert_array_equal(distance_m, [0, 50, 100, 103, 110, 120, NAN, 130])
    assert [note.code for note in notes] == ["distance_fell"]


def test_one_distance_out_of_order_is_left_out() -> None:
    for odd in (0.0, 9000.0):
        distance_m, notes = growing(np.array([10, 20, odd, 40, 50], dtype=float))
        np.testing.assert_array_equal(distance_m, [10, 20, NAN, 40, 50])
        assert notes


@given(st.lists(st.one_of(st.just(NAN), st.floats(0, 1e5)), max_size=30))
def test_a_distance_never_falls(values: list[float]) -> None:
    distance_m, notes = growing(np.array(values, dtype=float))
    known = distance_m[~np.isnan(distance_m)]
    assert (np.diff(known) >= 0).all()
    told = np.array(values)[~np.isnan(values)] if values else np.array([])
    assert bool(notes) == bool((np.diff(told) < 0).any())


def test_values_that_cannot_be_true_are_left_out_and_counted() -> None:
    result, notes = in_range(
        samples(
            [0, 1, 2],
            speed_mps=[2, -1, float("inf")],
            heart_rate_bpm=[0, 150, 255],
            altitude_m=[9e9, 5, NAN],
            latitude_deg=[50, 0, 50],
            longitude_deg=[4, 0, NAN],
        )
    )
    expected = {
        "speed_mps": [2, NAN, NAN],
        "heart_rate_bpm": [NAN, 150, NAN],
        "altitude_m": [NAN, 5, NAN],
        "latitude_deg": [50, NAN, NAN],
        "longitude_deg": [4, NAN, NAN],
    }
    for name, values in expected.items():
        np.testing.assert_array_equal(result.columns[name], values, err_msg=name)
    assert notes[0].message.endswith("positions (1), speeds (2), heart rates (1), altitudes (1).")


def test_a_missing_heart_beat_written_as_zero_is_not_worth_a_word() -> None:
    assert in_range(samples([0], heart_rate_bpm=[0]))[1] == []


def test_fast_feet_in_fit_are_still_one_foot() -> None:
    """FIT counts one foot by its own rules: a runner of 204 steps a minute must not become a walker of 102."""
    cadence, notes = both_feet(np.full(60, 102.0), file_format="fit")
    assert cadence.tolist() == [204.0] * 60
    assert notes == []
    assert both_feet(np.full(60, 102.0), file_format="gpx")[0].tolist() == [102.0] * 60


@pytest.mark.parametrize(("steps", "told"), [(80.0, 160.0), (160.0, 160.0)])
def test_a_format_that_says_nothing_of_feet_is_judged_by_how_high_its_cadence_is(steps: float, told: float) -> None:
    """A format that is new must not end in a KeyError for each file of it with steps."""
    found, (note,) = both_feet(np.full(60, steps), file_format="new")
    assert found.tolist() == [told] * 60
    assert note.code == ("cadence_one_foot" if told > steps else "cadence_both_feet")


def test_a_zero_between_steps_stays_a_zero() -> None:
    assert both_feet(np.array([80, 0, NAN, 80]), file_format="fit")[0][1] == 0


def test_a_cadence_that_was_not_recorded_is_not_worth_a_word() -> None:
    cadence, notes = both_feet(np.array([NAN, NAN]), file_format="gpx")
    assert np.isnan(cadence).all()
    assert notes == []
