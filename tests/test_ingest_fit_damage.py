"""Damaged FIT files: what is whole is read and said to be incomplete, the rest is refused in words."""

import random
import struct
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.fit_bytes import RECORD, Lap, activity_messages, file_id, fit_activity, record_messages, session
from fixtures.fit_protocol import body_of, encode, framed
from ingest import IngestError, Recording, fit, fit_layout, read_bytes
from ingest.errors import TooLarge

START = datetime(2026, 3, 1, 7, 2, 11, tzinfo=UTC)


def small_run(count: int = 12) -> bytes:
    t_s = np.arange(count, dtype=float)
    return fit_activity(
        {
            "t_s": t_s,
            "distance_m": t_s * 2.5,
            "speed_mps": t_s * 0 + 2.5,
            "cadence_spm": t_s * 0 + 160,
            "latitude_deg": 50 + t_s * 1e-5,
            "longitude_deg": 4 + t_s * 1e-5,
        },
        start=START,
        pauses=[(3.5, 4.5)],
        laps=[Lap(start_s=0, end_s=6), Lap(start_s=6, end_s=11)],
    )


def codes(recording: Recording) -> set[str]:
    return {note.code for note in recording.notes}


def in_words(error: IngestError) -> bool:
    return str(error).startswith("run.fit ") and str(error).endswith(".") and error.code.isidentifier()


def test_cut_at_any_byte_it_gives_whole_samples_and_says_so_or_refuses() -> None:
    """A half-read sample would be an invented one; a silent cut would be a shorter run than she made."""
    data = small_run()
    (whole,) = read_bytes(data, "run.fit")
    assert whole.notes == ()
    read = 0
    refusals = []
    for length in range(1, len(data)):
        try:
            (cut,) = read_bytes(data[:length], "run.fit")
        except IngestError as error:
            refusals.append(error)
            continue
        read += 1
        assert codes(cut) & {"cut_off", "bad_checksum"}, length
        kept = len(cut.signal)
        assert cut.signal.equals(whole.signal.iloc[:kept]), length
    assert all(map(in_words, refusals))
    assert read > len(data) / 2


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_but_an_ingest_error_comes_out_of_any_bytes(data: st.DataObject) -> None:
    """A crash in a nightly import would leave every later run unread."""
    original = small_run(6)
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 40)))
    damaged = original[:start] + data.draw(st.binary(max_size=40)) + original[end:]
    refusals = []
    try:
        read_bytes(damaged, "run.fit")
    except IngestError as error:
        refusals.append(error)
    assert all(map(in_words, refusals))


def test_nothing_but_an_ingest_error_comes_out_of_many_flipped_bytes() -> None:
    chance = random.Random(20260301)
    original = small_run(6)
    definitions = [place for place, byte in enumerate(original[:-2]) if place >= 14 and byte & 0xF0 == 0x40]
    read = 0
    refusals = []
    for round_number in range(2000):
        damaged = bytearray(original)
        for _ in range(chance.randint(1, 4)):
            if round_number % 2:
                place = min(chance.choice(definitions) + chance.randrange(30), len(damaged) - 1)
            else:
                place = chance.randrange(len(damaged))
            damaged[place] = chance.randrange(256)
        try:
            read += bool(read_bytes(bytes(damaged), "run.fit"))
        except IngestError as error:
            refusals.append(error)
    assert all(map(in_words, refusals))
    assert read > 200
    assert len(refusals) > 200


def test_a_flipped_bit_in_the_data_is_told_by_the_checksum() -> None:
    data = bytearray(small_run())
    stamp = record_messages({"t_s": [11]}, start=START)[0].fields[0].value
    data[data.index(struct.pack("<I", stamp)) + 5] ^= 1
    (recording,) = read_bytes(bytes(data), "run.fit")
    assert "bad_checksum" in codes(recording)


def test_bytes_after_the_end_are_left_out_and_told() -> None:
    (recording,) = read_bytes(small_run() + b"\x00junk" * 20, "run.fit")
    assert len(recording.signal) == 12
    assert "bytes_after_end" in codes(recording)


@pytest.mark.parametrize("between", [b"\x00", bytes(64), b"x" * 13 + b".FIT" * 5, b"junk\x0e\x10d\x00junk.FIT"])
def test_a_further_run_behind_bytes_that_belong_to_none_is_not_lost(between: bytes) -> None:
    """The run that nobody counts is the one of yesterday, and today looks rested."""
    later = fit_activity({"t_s": list(range(9))}, start=START + timedelta(days=1))
    first, second = read_bytes(small_run() + between + later, "run.fit")
    assert (len(first.signal), len(second.signal)) == (12, 9)
    assert "bytes_after_end" in codes(first)


def test_a_watch_that_lost_power_before_it_wrote_the_length_keeps_its_run() -> None:
    data = bytearray(small_run())
    data[4:8] = bytes(4)
    (recording,) = read_bytes(bytes(data), "run.fit")
    assert len(recording.signal) == 12
    assert "cut_off" in codes(recording)


def test_a_stray_record_between_right_ones_does_not_stretch_the_run() -> None:
    t_s = [0, 1, 2, 3, 90_000, 5, 6, 7]
    records = record_messages({"t_s": t_s, "distance_m": [2.0 * value for value in range(8)]}, start=START)
    (recording,) = read_bytes(encode([file_id(START), *records, session(START, elapsed_s=7)]), "run.fit")
    assert (recording.ended_at - START).total_seconds() == 7
    assert "stray_times" in codes(recording)


def test_times_that_contradict_one_another_are_refused() -> None:
    t_s = [value if value % 2 else value + 86400 * 20 * value for value in range(20)]
    records = record_messages({"t_s": t_s}, start=START)
    with pytest.raises(IngestError, match="contradict") as refusal:
        read_bytes(encode([file_id(START), *records, session(START, elapsed_s=7)]), "run.fit")
    assert refusal.value.code == "damaged"


def test_a_second_file_that_is_broken_does_not_take_the_first_with_it() -> None:
    power_on = datetime(1989, 12, 31, 5, tzinfo=UTC)
    (recording,) = read_bytes(small_run() + fit_activity({"t_s": [0, 1]}, start=power_on), "run.fit")
    assert len(recording.signal) == 12
    assert "part_unreadable" in codes(recording)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("described", [True, False])
def test_developer_fields_described_or_not_never_cost_a_sample(*, described: bool, size: int) -> None:
    """Apps add fields of their own; some forget to describe them, some describe a size they do not write."""
    records = record_messages({"t_s": [0, 1, 2], "heart_rate_bpm": [120, 121, 122]}, start=START)
    body = bytearray(body_of([file_id(START)]))
    if described:
        body += struct.pack("<BBBHB", 0x45, 0, 0, 207, 1) + bytes((3, 1, 2)) + bytes((5, 0))
        body += struct.pack("<BBBHB", 0x46, 0, 0, 206, 3) + bytes((0, 1, 2, 1, 1, 2, 2, 1, 2)) + bytes((6, 0, 7, 0x84))
    body += struct.pack("<BBBHB", 0x67, 0, 0, RECORD, 2) + bytes((253, 4, 0x86, 3, 1, 2)) + bytes((1, 7, size, 0))
    for record in records:
        stamp, heart_rate = (field.value for field in record.fields)
        body += struct.pack("<BIB", 7, stamp, heart_rate) + b"\x2a" * size
    body += body_of([session(START, elapsed_s=2)])
    (recording,) = read_bytes(framed(bytes(body)), "run.fit")
    assert recording.signal["heart_rate_bpm"].tolist() == [120, 121, 122]
    assert recording.notes == ()


def test_a_field_of_odd_size_costs_that_field_alone() -> None:
    """Three bytes for a two-byte number, in a message that a decoder may not know the field of, either."""
    body = bytearray(body_of([file_id(START)]))
    body += struct.pack("<BBBHB", 0x42, 0, 0, RECORD, 4) + bytes((253, 4, 0x86, 3, 1, 2, 6, 3, 0x84, 201, 3, 0x84))
    for second in range(3):
        stamp = record_messages({"t_s": [second]}, start=START)[0].fields[0].value
        body += struct.pack("<BIB", 2, stamp, 120 + second) + b"abcdef"
    body += body_of([session(START, elapsed_s=2)])
    (recording,) = read_bytes(framed(bytes(body)), "run.fit")
    assert recording.signal["heart_rate_bpm"].tolist() == [120, 121, 122]
    assert recording.signal["speed_mps"].isna().all()
    assert codes(recording) == {"odd_fields"}


def test_compressed_timestamps_count_on_from_the_last_stamp_of_any_message() -> None:
    """Old watches write five bits of time; the stamp they stand on may be in a message that nobody else reads."""
    base = record_messages({"t_s": [0]}, start=START)[0].fields[0].value
    base -= base % 32
    body = bytearray(body_of([file_id(START)]))
    body += struct.pack("<BBBHB", 0x41, 0, 0, 23, 1) + bytes((253, 4, 0x86)) + struct.pack("<BI", 1, base)
    body += struct.pack("<BBBHB", 0x42, 0, 0, RECORD, 1) + bytes((3, 1, 2))
    for offset, heart_rate in ((1, 120), (6, 121), (2, 122)):  # the last one has gone round: 34
        body += bytes((0x80 | 2 << 5 | offset, heart_rate))
    (recording,) = read_bytes(framed(bytes(body)), "run.fit")
    seconds = [(time - recording.signal.index[0]).total_seconds() for time in recording.signal.index]
    assert seconds == [0, 5, 33]
    assert recording.signal["heart_rate_bpm"].tolist() == [120, 121, 122]


def test_the_messages_of_a_run_in_any_order_give_the_same_run() -> None:
    """Some writers put the totals first."""
    messages = activity_messages({"t_s": [0, 1, 2], "distance_m": [0, 2, 5]}, start=START)
    (usual,) = read_bytes(encode(messages), "run.fit")
    (summary_first,) = read_bytes(encode([messages[0], *messages[:0:-1]]), "run.fit")
    assert summary_first.signal.equals(usual.signal)
    assert (summary_first.started_at, summary_first.ended_at) == (usual.started_at, usual.ended_at)


def alternating(messages: int) -> bytes:
    """Messages without a field, of two kinds in turn."""
    defined = b"".join(bytes((0x40 | local, 0, 0, 20, 0, 0)) for local in (0, 1))
    return framed(defined + b"\0\1" * (messages // 2))


def many_layouts(count: int) -> bytes:
    body = bytearray()
    for number in range(count):
        body += bytes((0x40, 0, 0, 20, 0, 2, number % 250, 1, 2, number // 250, 1, 2))
    return framed(bytes(body))


def many_sessions(count: int) -> bytes:
    return encode([file_id(START), *(session(START + timedelta(seconds=n), elapsed_s=1) for n in range(count))])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (small_run() * (fit_layout.MAX_FILES + 1), "1000 files in one"),
        (alternating(fit_layout.MAX_MESSAGES + 10), "3000000 messages"),
        (many_layouts(fit.MAX_LAYOUTS + 1), "10000 kinds of messages"),
        (many_sessions(fit.MAX_ACTIVITIES + 1), "1000 activities"),
    ],
    ids=["files", "messages", "layouts", "sessions"],
)
def test_more_of_anything_than_a_file_of_activities_has_is_refused_before_it_takes_minutes(
    data: bytes, words: str
) -> None:
    with pytest.raises(TooLarge, match=f"holds more than .*{words}"):
        read_bytes(data, "run.fit")


@pytest.mark.parametrize(
    ("limit", "words"), [("MAX_SAMPLES", "11 samples"), ("MAX_OTHERS", "0 laps"), ("MAX_ONE_BY_ONE", "odd layout")]
)
def test_what_would_take_all_memory_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, words: str) -> None:
    monkeypatch.setattr(fit, limit, 11 if limit == "MAX_SAMPLES" else 0)
    odd = bytes((0x42, 0, 0, 20, 0, 1, 6, 3, 0x84, 2, 1, 2, 3))  # a speed in three bytes
    data = framed(small_run()[14:-2] + odd) if limit == "MAX_ONE_BY_ONE" else small_run()
    with pytest.raises(TooLarge, match=words):
        read_bytes(data, "run.fit")
