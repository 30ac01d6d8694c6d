"""A simulator that lies about its truth would let a wrong detector pass."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.gpx_text import gpx
from fixtures.simulate import OPEN_SEA, OVERLAPPING, cycles, simulate

SESSION = [("walk", 300), *cycles(60, 120, 7), ("walk", 60)]


def test_truth_is_what_was_asked_for() -> None:
    session = simulate(SESSION)
    assert session.jogs_s == (60.0,) * 7
    assert session.jog_s == 420.0
    assert session.truth[0] == ("walk", 0.0, 300.0)
    assert session.truth[-1] == ("walk", 1440.0, 1620.0)  # the last break and the cool-down are one walk
    assert session.duration_s == 1620.0
    assert session.samples["t_s"][-1] == 1620.0


def test_the_same_seed_gives_the_same_session_and_another_seed_another() -> None:
    assert simulate(SESSION, seed=3).samples == simulate(SESSION, seed=3).samples
    assert simulate(SESSION, seed=3).samples != simulate(SESSION, seed=4).samples


def test_speed_and_cadence_show_the_gait_away_from_the_changes() -> None:
    session = simulate(SESSION, seed=1)
    t, speed = np.array(session.samples["t_s"]), np.array(session.samples["speed_mps"])
    cadence = np.array(session.samples["cadence_spm"])
    for gait, start, end in session.truth:
        inside = (t > start + 10) & (t < end - 10)
        assert np.median(speed[inside]) == pytest.approx(2.5 if gait == "jog" else 1.45, rel=0.15)
        assert np.median(cadence[inside]) == pytest.approx(158 if gait == "jog" else 114, rel=0.06)


@pytest.mark.parametrize(("lag", "to_walk_s", "to_jog_s"), [(True, 6.4, -1.3), (False, 0.0, 0.0)])
def test_wrist_cadence_falls_late_and_rises_early_as_measured(lag: bool, to_walk_s: float, to_jog_s: float) -> None:
    falls, rises = [], []
    for seed in range(12):
        session = simulate(SESSION, seed=seed, lag=lag)
        high = np.array(session.samples["cadence_spm"]) >= 140
        changes = np.flatnonzero(high[1:] != high[:-1]) + 1
        for _, start, end in (part for part in session.truth if part[0] == "jog"):
            rises.append(changes[np.argmin(abs(changes - start))] - start)
            falls.append(changes[np.argmin(abs(changes - end))] - end)
    assert np.mean(falls) == pytest.approx(to_walk_s, abs=1.0)
    assert np.mean(rises) == pytest.approx(to_jog_s, abs=1.0)


def test_a_watch_shows_its_speed_late_and_its_distance_in_time() -> None:
    session = simulate([("walk", 300), ("jog", 300)], lag=True)
    distance, speed = np.array(session.samples["distance_m"]), np.array(session.samples["speed_mps"])
    half_way = [int(np.argmax(column[200:] > 2.0)) + 200 for column in (np.diff(distance), speed)]
    assert half_way[0] < 300
    assert 3 <= half_way[1] - half_way[0] <= 8


def test_smart_recording_stores_a_sample_every_one_to_seven_seconds() -> None:
    steps = np.diff(simulate(SESSION, sampling="smart").samples["t_s"])
    assert steps.min() == 1
    assert steps.max() == 7
    assert 2.5 < steps.mean() < 5


def test_a_pause_holds_no_samples_and_is_marked() -> None:
    session = simulate([("jog", 120), ("pause", 90), ("jog", 120), ("walk", 60)])
    assert session.pauses == ((120.0, 210.0),)
    assert not [t for t in session.samples["t_s"] if 120 < t < 210]
    assert [mark.kind.value for mark in session.recording().marks] == ["pause"]


def test_a_treadmill_has_no_positions_and_a_phone_nothing_else() -> None:
    assert "latitude_deg" not in simulate(SESSION, sub_sport="treadmill").samples
    assert set(simulate(SESSION, **OVERLAPPING).samples) == {"t_s", "latitude_deg", "longitude_deg", "altitude_m"}


def test_positions_move_as_far_as_she_did_from_a_place_at_sea() -> None:
    session = simulate([("jog", 600)], scatter_m=0.0, jitter_m=0.0)
    latitude, longitude = np.array(session.samples["latitude_deg"]), np.array(session.samples["longitude_deg"])
    assert (latitude[0], longitude[0]) == OPEN_SEA
    east = np.diff(longitude) * np.cos(np.radians(OPEN_SEA[0]))
    metres = 111_195 * np.hypot(np.diff(latitude), east).sum()
    assert metres == pytest.approx(session.samples["distance_m"][-1], rel=0.02)


def test_a_buggy_hides_the_steps() -> None:
    cadence = np.array(simulate(SESSION, buggy=True).samples["cadence_spm"])
    assert (cadence < 20).mean() > 0.9


def test_samples_fit_the_writers_and_the_recording() -> None:
    session = simulate(SESSION, sampling="smart", seed=2)
    assert fit_activity(session.samples, start=session.start, pauses=session.pauses)[8:12] == b".FIT"
    assert gpx(session.without("distance_m").samples, start=session.start).count(b"<trkpt") == len(
        session.samples["t_s"]
    )
    recording = session.recording()
    assert len(recording.signal) == len(session.samples["t_s"])
    assert (recording.ended_at - recording.started_at).total_seconds() == session.duration_s


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="not a part"):
        simulate([("fly", 60)])
    with pytest.raises(ValueError, match="sampling"):
        simulate(SESSION, sampling="daily")
