"""FIT: what the watch wrote is what the runner is judged by."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.fit_bytes import (
    ACTIVITY,
    RECORD,
    SESSION,
    TIMESTAMP,
    Lap,
    Split,
    activity_messages,
    file_id,
    fit_activity,
    record_messages,
    session,
)
from fixtures.fit_protocol import Field, Message, encode
from ingest import MarkKind, Recording, read_bytes
from ingest.errors import Damaged, NoSamples, NotAnActivity, NoTimes
from ingest.recording import SIGNAL_COLUMNS, TIME_DTYPE

START = datetime(2026, 3, 1, 7, 2, 11, tzinfo=UTC)
NAN = float("nan")


def only(data: bytes) -> Recording:
    (recording,) = read_bytes(data, "run.fit")
    return recording


def codes(recording: Recording) -> set[str]:
    return {note.code for note in recording.notes}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def steady(count: int = 30, **columns: object) -> dict[str, object]:
    t_s = np.arange(count, dtype=float)
    return {"t_s": t_s, "distance_m": t_s * 2.5, "speed_mps": t_s * 0 + 2.5, **columns}


@st.composite
def samples_of_a_watch(draw: st.DrawFn) -> dict[str, list[float]]:
    count = draw(st.integers(1, 25))

    def column(low: float, high: float) -> list[float]:
        value = st.one_of(st.just(NAN), st.floats(low, high))
        return draw(st.lists(value, min_size=count, max_size=count))

    steps_s = draw(st.lists(st.integers(1, 90), min_size=count, max_size=count))
    latitude, longitude = column(-89, 89), column(0.01, 179)  # 0° 0° is how phones say nowhere
    placed = [not (math.isnan(a) or math.isnan(b)) for a, b in zip(latitude, longitude, strict=True)]
    distance = draw(st.lists(st.floats(0, 50_000), min_size=count, max_size=count))
    heart = draw(st.lists(st.one_of(st.just(NAN), st.integers(30, 220)), min_size=count, max_size=count))
    return {
        "t_s": [float(second) for second in np.cumsum(steps_s)],
        "distance_m": sorted(distance),
        "speed_mps": column(0, 12),
        "cadence_spm": column(1, 216),
        "heart_rate_bpm": [float(value) for value in heart],
        "altitude_m": column(-100, 4000),
        "latitude_deg": [value if ok else NAN for value, ok in zip(latitude, placed, strict=True)],
        "longitude_deg": [value if ok else NAN for value, ok in zip(longitude, placed, strict=True)],
    }


RESOLUTION = {
    "distance_m": 0.0051,
    "speed_mps": 0.00051,
    "cadence_spm": 1 / 128 + 1e-9,
    "heart_rate_bpm": 0,
    "altitude_m": 0.1 + 1e-9,
    "latitude_deg": 5e-8,
    "longitude_deg": 5e-8,
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples_of_a_watch(), st.sampled_from(["running", "walking", "hiking"]))
def test_what_is_written_is_read_back_within_fits_resolution(samples: dict[str, list[float]], sport: str) -> None:
    recording = only(fit_activity(samples, start=START, sport=sport, sub_sport="trail"))
    signal = recording.signal
    assert (recording.sport, recording.sub_sport) == (sport, "trail")
    assert list(signal.columns) == list(SIGNAL_COLUMNS)
    assert str(signal.index.dtype) == TIME_DTYPE
    assert signal.index.name == "time"
    assert [time.to_pydatetime() for time in signal.index] == [at(second) for second in samples["t_s"]]
    for name, tolerance in RESOLUTION.items():
        np.testing.assert_allclose(signal[name], samples[name], rtol=0, atol=tolerance, err_msg=name)


def test_a_treadmill_run_has_no_positions_and_keeps_everything_else() -> None:
    t_s = np.arange(60.0)
    recording = only(
        fit_activity(steady(60, cadence_spm=t_s * 0 + 163), start=START, sport="running", sub_sport="treadmill")
    )
    assert recording.sub_sport == "treadmill"
    assert recording.signal["latitude_deg"].isna().all()
    assert recording.signal["cadence_spm"].tolist() == [163.0] * 60
    assert recording.notes == ()


def test_smart_recording_keeps_its_uneven_times() -> None:
    recording = only(fit_activity({"t_s": [0, 3, 4, 11, 64], "distance_m": [0, 5, 8, 20, 120]}, start=START))
    assert [(time - START).total_seconds() for time in recording.signal.index] == [0, 3, 4, 11, 64]


def test_the_runners_local_time_and_watch_are_told() -> None:
    data = fit_activity(steady(), start=START, utc_offset=timedelta(hours=5, minutes=45), device=("coros", "PACE 3"))
    assert only(data).utc_offset == timedelta(hours=5, minutes=45)
    assert only(data).provenance.device == "coros PACE 3"
    assert (
        only(fit_activity(steady(), start=START, device=("suunto", "Suunto Race"))).provenance.device == "Suunto Race"
    )
    assert only(fit_activity(steady(), start=START)).utc_offset is None


def test_an_absurd_local_time_is_not_used_to_place_a_run_on_a_day() -> None:
    recording = only(fit_activity(steady(), start=START, utc_offset=timedelta(days=300)))
    assert recording.utc_offset is None
    assert "local_time_ignored" in codes(recording)


def test_start_and_end_hold_the_totals_and_the_samples() -> None:
    recording = only(fit_activity(steady(30), start=START, elapsed_s=200))
    assert (recording.started_at, recording.ended_at) == (START, at(200))
    assert "samples_end_early" in codes(recording)
    recording = only(fit_activity(steady(30), start=START, elapsed_s=10))
    assert recording.ended_at == at(29)


def test_totals_of_another_day_do_not_move_a_run() -> None:
    messages = [message for message in activity_messages(steady(), start=START) if message.number != SESSION]
    recording = only(encode([*messages, session(at(-40 * 86400), elapsed_s=1800)]))
    assert (recording.started_at, recording.ended_at) == (START, at(29))
    assert "totals_not_used" in codes(recording)


def test_pauses_laps_and_splits_become_marks() -> None:
    data = fit_activity(
        steady(120),
        start=START,
        pauses=[(40, 55)],
        laps=[
            Lap(start_s=0, end_s=60, intensity="warmup", trigger="manual"),
            Lap(start_s=60, end_s=119, intensity="rest", trigger="distance"),
        ],
        splits=[
            Split(start_s=0, end_s=59, split_type="rwd_run"),
            Split(start_s=60, end_s=118, split_type="interval_rest"),
        ],
    )
    marks = only(data).marks
    assert [(mark.start, mark.end) for mark in marks if mark.kind is MarkKind.PAUSE] == [(at(40), at(55))]
    laps = [mark for mark in marks if mark.kind is MarkKind.LAP]
    assert [(lap.start, lap.end, lap.label, lap.trigger) for lap in laps] == [
        (at(0), at(60), "warmup", "manual"),
        (at(60), at(119), "rest", "distance"),
    ]
    splits = [mark for mark in marks if mark.kind is MarkKind.SPLIT]
    assert [(split.start, split.end, split.label) for split in splits] == [
        (at(0), at(60), "run"),
        (at(60), at(119), "interval_rest"),
    ]


def test_a_watch_that_is_stopped_and_saved_is_not_paused_at_the_end() -> None:
    assert not [mark for mark in only(fit_activity(steady(), start=START)).marks if mark.kind is MarkKind.PAUSE]


def test_an_activity_of_totals_alone_still_starts_the_rest_clock() -> None:
    data = fit_activity({"t_s": []}, start=START, elapsed_s=1800, utc_offset=timedelta(hours=1))
    recording = only(data)
    assert len(recording.signal) == 0
    assert list(recording.signal.columns) == list(SIGNAL_COLUMNS)
    assert (recording.started_at, recording.ended_at) == (START, at(1800))
    assert recording.utc_offset == timedelta(hours=1)
    assert "no_samples" in codes(recording)


def test_the_end_never_comes_from_the_summarys_own_stamp() -> None:
    """Some watches stamp the summary with the start, or with the evening it was saved."""
    for stamp in (START, at(6 * 3600)):
        recording = only(encode([file_id(START), session(START, elapsed_s=1500, stamp=stamp)]))
        assert recording.ended_at == at(1500)


def test_totals_without_a_duration_are_refused() -> None:
    no_duration = session(START, elapsed_s=0)
    fields = tuple(
        Field(field.number, field.base_type, None) if field.number in (7, 8) else field for field in no_duration.fields
    )
    with pytest.raises(Damaged, match="usable start or duration"):
        read_bytes(encode([file_id(START), Message(SESSION, fields)]), "run.fit")


def test_totals_of_a_year_are_refused() -> None:
    with pytest.raises(Damaged):
        read_bytes(encode([file_id(START), session(START, elapsed_s=4_000_000)]), "run.fit")


@pytest.mark.parametrize(("file_type", "word"), [(2, "settings"), (5, "workout"), (6, "course"), (32, "monitoring b")])
def test_a_file_that_is_no_activity_is_named_for_what_it_is(file_type: int, word: str) -> None:
    """A course holds records like a run's: taken for one it would invent a session."""
    data = encode([file_id(START, file_type=file_type), *record_messages(steady(), start=START)])
    with pytest.raises(NotAnActivity, match=word):
        read_bytes(data, "x.fit")


def test_an_activity_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(NoSamples):
        read_bytes(encode([file_id(START)]), "x.fit")


def test_a_watch_without_a_date_is_refused() -> None:
    power_on = datetime(1989, 12, 31, 5, tzinfo=UTC)
    with pytest.raises(NoTimes, match="clock"):
        read_bytes(fit_activity(steady(), start=power_on), "x.fit")


def test_a_run_that_lost_its_totals_is_read_and_said_to_be_of_unknown_sport() -> None:
    messages = [message for message in activity_messages(steady(), start=START) if message.number == RECORD]
    recording = only(encode([file_id(START), *messages]))
    assert recording.sport == "unknown"
    assert len(recording.signal) == 30
    assert "no_session" in codes(recording)


def test_the_sport_chosen_on_the_watch_stands_in_for_lost_totals() -> None:
    chosen = Message(12, (Field(0, "enum", 2), Field(1, "enum", 0)))
    recording = only(encode([file_id(START), chosen, *record_messages(steady(), start=START)]))
    assert recording.sport == "cycling"


def test_each_sport_of_one_file_is_an_activity_of_its_own() -> None:
    """The run of a triathlon must not swallow the ride."""
    records = record_messages(steady(90), start=START)
    ride = session(START, elapsed_s=30, sport="cycling")
    change = session(at(30), elapsed_s=15, sport="transition")
    run = session(at(45), elapsed_s=44, sport="running")
    data = encode([file_id(START), *records, ride, change, run])
    recordings = read_bytes(data, "tri.fit")
    assert [recording.sport for recording in recordings] == ["cycling", "transition", "running"]
    assert [recording.provenance.index for recording in recordings] == [0, 1, 2]
    assert [len(recording.signal) for recording in recordings] == [30, 15, 45]
    assert recordings[2].started_at == at(45)
    assert recordings[2].signal["distance_m"].iloc[0] == pytest.approx(2.5)
    assert len({recording.provenance.identity for recording in recordings}) == 3


def test_a_distance_that_begins_again_with_each_sport_is_left_as_it_is() -> None:
    t_s = np.arange(60.0)
    records = record_messages({"t_s": t_s, "distance_m": np.where(t_s < 30, t_s * 9, (t_s - 30) * 2.5)}, start=START)
    ride, run = session(START, elapsed_s=30, sport="cycling"), session(at(30), elapsed_s=29)
    recordings = read_bytes(encode([file_id(START), *records, ride, run]), "duathlon.fit")
    assert recordings[1].signal["distance_m"].tolist() == [2.5 * second for second in range(30)]
    assert recordings[1].notes == ()


def test_a_session_written_twice_is_one_activity() -> None:
    messages = activity_messages(steady(), start=START)
    again = [message for message in messages if message.number == SESSION]
    assert len(read_bytes(encode([*messages, *again]), "x.fit")) == 1


def test_chained_files_are_activities_of_their_own() -> None:
    first = fit_activity(steady(20), start=START)
    second = fit_activity(steady(10), start=at(3600))
    settings_file = encode([file_id(START, file_type=2)])
    recordings = read_bytes(first + settings_file + second, "x.fit")
    assert [(r.started_at, len(r.signal), r.provenance.index) for r in recordings] == [
        (START, 20, 0),
        (at(3600), 10, 1),
    ]
    assert recordings[0].notes == ()


def test_parts_of_one_second_are_merged() -> None:
    parts = [
        *record_messages({"t_s": [0, 1], "distance_m": [0, 3]}, start=START),
        *record_messages({"t_s": [0, 1], "heart_rate_bpm": [120, 121], "distance_m": [NAN, NAN]}, start=START),
    ]
    parts.sort(key=lambda message: message.fields[0].value)
    recording = only(encode([file_id(START), *parts, session(START, elapsed_s=1)]))
    assert recording.signal["distance_m"].tolist() == [0, 3]
    assert recording.signal["heart_rate_bpm"].tolist() == [120, 121]
    assert "same_time_merged" in codes(recording)


def test_one_stamp_years_away_does_not_make_a_run_of_years() -> None:
    samples = {"t_s": [0, 1, 2, 3, 1e9], "distance_m": [0, 2, 4, 6, 8]}
    recording = only(fit_activity(samples, start=START, elapsed_s=3))
    assert len(recording.signal) == 4
    assert recording.ended_at == at(3)
    assert "stray_times" in codes(recording)


def test_enhanced_speed_is_preferred_and_plain_speed_is_enough() -> None:
    both = Message(
        RECORD,
        (
            Field(TIMESTAMP, "uint32", record_messages({"t_s": [0]}, start=START)[0].fields[0].value),
            Field(6, "uint16", 2400),
            Field(73, "uint32", 2500),
        ),
    )
    plain = Message(RECORD, both.fields[:2])
    ends = session(START, elapsed_s=0)
    assert only(encode([file_id(START), plain, ends])).signal["speed_mps"].tolist() == [2.4]
    swapped = Message(RECORD, (both.fields[0], both.fields[2], both.fields[1]))
    for record in (both, swapped):
        assert only(encode([file_id(START), record, ends])).signal["speed_mps"].tolist() == [2.5]


def test_a_watch_that_counts_both_feet_is_not_doubled() -> None:
    """Doubled, a walk at 112 steps a minute would be 224."""
    t_s = np.arange(60.0)
    stored = steady(60, cadence_spm=(112 + t_s % 3) * 2)  # the writer stores half of what it is given
    recording = only(fit_activity(stored, start=START, sport="walking"))
    assert recording.signal["cadence_spm"].max() == pytest.approx(114)
    assert "cadence_both_feet" in codes(recording)


def test_a_cadence_of_nothing_but_zeros_is_no_cadence() -> None:
    recording = only(fit_activity(steady(30, cadence_spm=np.zeros(30)), start=START))
    assert recording.signal["cadence_spm"].isna().all()
    assert "cadence_always_zero" in codes(recording)


def test_pedals_are_not_steps() -> None:
    recording = only(fit_activity(steady(30, cadence_spm=np.full(30, 170.0)), start=START, sport="cycling"))
    assert recording.signal["cadence_spm"].isna().all()


def test_impossible_positions_are_left_out_and_told() -> None:
    samples = steady(3, latitude_deg=[0, 100, 50], longitude_deg=[0, 4, 4])
    recording = only(fit_activity(samples, start=START))
    assert recording.signal["latitude_deg"].isna().tolist() == [True, True, False]
    assert "out_of_range" in codes(recording)


def test_big_endian_files_read_the_same() -> None:
    messages = activity_messages(steady(), start=START)
    little, big = only(encode(messages)), only(encode(messages, big_endian=True))
    assert little.signal.equals(big.signal)


def test_a_file_with_an_unknown_local_time_field_keeps_its_records() -> None:
    messages = [message for message in activity_messages(steady(), start=START) if message.number != ACTIVITY]
    assert only(encode(messages)).utc_offset is None
