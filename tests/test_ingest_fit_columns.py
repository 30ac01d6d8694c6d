"""Two decoders read FIT: what the fast one tells, fitparse tells, too, value for value, or it leaves the file alone.

A speed or a stop that only one of them saw would make her verdict a matter of which one was used.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from fixtures.fit_bytes import (
    EVENT,
    LAP,
    RECORD,
    SESSION,
    SPLIT,
    Lap,
    Split,
    activity_messages,
    file_id,
    fit_activity,
    record_messages,
)
from fixtures.fit_protocol import body_of, crc16, encode, framed
from ingest import IngestError, Recording, fit, fit_columns, read_bytes
from ingest.fit_layout import checksum_holds, embedded_files, whole_messages
from ingest.fit_profile import RECORD as RECORD_KIND
from ingest.fit_profile import WANTED
from training.fit_decoders import DECLINED, SAME, compare

SHARED = Path(__file__).parents[2] / "shared"
CORPUS, GAIT = SHARED / "corpus", SHARED / "gait"
START = datetime(2026, 3, 1, 7, 2, 11, tzinfo=UTC)
STAMP = 1_141_282_931  # 2026-03-01T07:02:11Z

SIZES = {0x00: 1, 0x01: 1, 0x02: 1, 0x83: 2, 0x84: 2, 0x85: 4, 0x86: 4, 0x0A: 1, 0x8B: 2, 0x8C: 4}
WIDE = {0x07: 1, 0x0D: 1, 0x88: 4, 0x89: 8, 0x8E: 8, 0x8F: 8, 0x90: 8, 0x55: 1}  # the last is no type at all
TEXT, TIMESTAMP, COMPRESSED_SPEED_DISTANCE, PRODUCT_NAME = 0x07, 253, 8, 8


def definition(local: int, kind: int, fields: Iterable[tuple[int, int, int]], *, big_endian: bool = False) -> bytes:
    fields = list(fields)
    order = ">" if big_endian else "<"
    return struct.pack(order + "BBBHB", 0x40 | local, 0, big_endian, kind, len(fields)) + b"".join(map(bytes, fields))


def real_files() -> list[str]:
    """All of them, but of the labelled ones an eighth: `python -m training.fit_decoders` takes them all."""
    if not CORPUS.is_dir():
        return []
    labelled = sorted(GAIT.glob("labels/*/*.fit*"))
    paths = {*CORPUS.rglob("*"), *GAIT.glob("runs/*"), *GAIT.glob("walks/*"), *labelled[::8]}
    return sorted(str(path.relative_to(SHARED)) for path in paths if ".fit" in path.name.lower())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real exports beside the checkout")
@pytest.mark.parametrize("name", real_files())
def test_a_real_file_makes_the_same_recordings_both_ways(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> list[Recording] | str:
        try:
            return ingest.read(SHARED / name)
        except IngestError as refusal:
            return str(refusal)

    fast = read()
    monkeypatch.setattr(fit_columns, "decode", lambda whole, profile: None)
    assert_same_recordings(fast, read())


def assert_same_recordings(found: list[Recording] | str, expected: list[Recording] | str) -> None:
    if isinstance(found, str) or isinstance(expected, str):
        assert found == expected
        return
    for one, other in zip(found, expected, strict=True):
        assert one.signal.equals(other.signal)
        assert one.signal.dtypes.equals(other.signal.dtypes)
        for name in Recording.__slots__:
            assert name == "signal" or getattr(one, name) == getattr(other, name), name


@st.composite
def layouts(draw: st.DrawFn, kind: int, *, plain: bool) -> list[tuple[int, int, int]]:
    """Draw fields of a kind: those that are used, those that are taken apart, and others."""
    profile = fit.profile()
    told = profile.kinds[kind]
    numbers = {*told.fields, *profile.taken_apart[kind], TIMESTAMP, 200, 201} - (told.intricate if plain else set())
    chosen = draw(st.lists(st.sampled_from(sorted(numbers)), min_size=1, max_size=6, unique=plain))
    fields = []
    for number in chosen:
        base_type = draw(st.sampled_from(sorted(SIZES) if plain or draw(st.booleans()) else sorted(WIDE)))
        count = 1 if plain else draw(st.sampled_from([1, 1, 1, 2, 3, 0]))
        size = count * (SIZES | WIDE)[base_type] + (0 if plain or draw(st.integers(0, 9)) else 1)
        is_text = number in told.fields and told.fields[number].is_text
        fields.append((number, 5, TEXT) if is_text and plain else (number, min(size, 255), base_type))
    return fields


@st.composite
def bodies(draw: st.DrawFn, *, plain: bool) -> bytes:
    """Draw the messages of a file: layouts of the kinds that are used and others, defined again and again."""
    kinds = sorted(WANTED)
    body = b""
    defined: dict[int, int] = {}
    for _ in range(draw(st.integers(1, 6))):
        local = draw(st.integers(0, 3))
        if plain or draw(st.integers(0, 4)):
            kind = draw(st.sampled_from([RECORD, *kinds]))
            fields = draw(layouts(kind, plain=plain or draw(st.integers(0, 5)) > 0))
        else:
            kind, fields = draw(st.sampled_from([(23, [(253, 4, 0x86)]), (207, [(3, 1, 2)]), (132, [(10, 3, 0x0D)])]))
        body += definition(local, kind, fields, big_endian=draw(st.booleans()))
        defined[local] = sum(size for _, size, _ in fields)
        is_compressed = not plain and draw(st.integers(0, 3)) == 0
        for _ in range(draw(st.integers(0, 5))):
            chosen = draw(st.sampled_from(sorted(defined)))
            header = 0x80 | chosen << 5 | draw(st.integers(0, 31)) if is_compressed else chosen
            body += bytes((header,)) + draw(stored(defined[chosen]))
    return body


def stored(size: int) -> st.SearchStrategy[bytes]:
    dates = struct.pack("<I", STAMP) * (size // 4 + 2)
    return st.one_of(
        st.binary(min_size=size, max_size=size),
        st.integers(0, 255).map(lambda byte: bytes((byte,)) * size),
        st.sampled_from([0xFF, 0x00, 0x7F]).map(lambda byte: bytes((byte,)) * size),
        st.integers(0, 3).map(lambda shift: dates[shift : shift + size]),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(plain=True))
def test_whatever_is_plainly_laid_out_is_decoded_in_columns_as_fitparse_would(body: bytes) -> None:
    assert compare(body) == SAME


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(plain=False))
def test_whatever_is_laid_out_oddly_is_decoded_as_fitparse_would_or_left_to_it(body: bytes) -> None:
    """Types of any width, lists, fields written twice, times in headers, kinds that decoders keep in mind."""
    assert compare(body) in (SAME, DECLINED)


def a_run() -> bytes:
    t_s = np.arange(12.0)
    columns = {"distance_m": t_s * 2.5, "speed_mps": t_s / 7, "cadence_spm": t_s + 150, "altitude_m": t_s * -3.7}
    positions = {"latitude_deg": 50 + t_s * 1e-5, "longitude_deg": 4 + t_s * 1e-5, "heart_rate_bpm": t_s + 120}
    return fit_activity(
        {"t_s": t_s, **columns, **positions},
        start=START,
        pauses=[(3.5, 4.5)],
        laps=[Lap(start_s=0, end_s=6, step=0, distance_m=15), Lap(start_s=6, end_s=11)],
        splits=[Split(start_s=0, end_s=5, split_type="rwd_run")],
        steps=["active"],
        device=("garmin", 3289),
    )


def test_a_damaged_file_is_decoded_as_fitparse_would_or_left_to_it() -> None:
    chance = random.Random(20260302)
    original = a_run()
    outcomes = []
    for _ in range(400):
        damaged = bytearray(original)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(14, len(damaged))
            if chance.random() < 0.6:
                damaged[place] = chance.choice([0, 1, 2, 7, 13, 20, 0x40, 0x60, 0x80, 0x84, 0x86, 0xA1, 0xFF, 253])
            else:
                del damaged[place : place + chance.randint(1, 6)]
        outcomes += [compare(file.messages) for file in embedded_files(bytes(damaged))[0]]
    assert set(outcomes) == {SAME, DECLINED}
    assert outcomes.count(SAME) > 200


def test_a_watchs_usual_file_is_never_left_to_the_slow_decoder() -> None:
    (file,), _ = embedded_files(a_run())
    assert compare(file.messages) == SAME
    assert compare(body_of(activity_messages({"t_s": [0, 1]}, start=START), big_endian=True)) == SAME


def test_every_field_that_is_used_is_one_that_the_profile_knows() -> None:
    """Were a field renamed there, her cadence would be gone without a word."""
    for kind in fit.profile().kinds.values():
        known = {field.name for field in kind.fields.values()}
        known |= {variant.name for field in kind.fields.values() for variant in field.variants}
        assert kind.wanted <= known, kind.name
    assert {WANTED[number][0] for number in (RECORD, EVENT, SESSION, LAP, SPLIT)} == {
        "record",
        "event",
        "session",
        "lap",
        "split",
    }
    assert RECORD_KIND == RECORD


def test_speed_that_devices_write_short_is_the_speed_they_write_long() -> None:
    """Older watches write `speed` alone; fitparse makes `enhanced_speed` of it, but not where the watch wrote it."""
    body = definition(0, RECORD, [(253, 4, 0x86), (6, 2, 0x84), (73, 4, 0x86)])
    rows = [(2500, 2600), (2700, 0xFFFFFFFF), (0xFFFF, 2800), (0xFFFF, 0xFFFFFFFF)]
    for second, (short, long) in enumerate(rows):
        body += struct.pack("<BIHI", 0, STAMP + second, short, long)
    assert compare(body) == SAME
    (recording,) = read_bytes(encode([file_id(START)])[:-2] + b"\0\0" + framed(body), "run.fit")
    np.testing.assert_array_equal(recording.signal["speed_mps"], [2.6, 2.7, 2.8, np.nan])


def test_layouts_that_take_turns_stay_in_the_files_order() -> None:
    """Some watches write a fuller record every few seconds."""
    full = {"distance_m": [0.0, 2.0], "heart_rate_bpm": [120.0, 121.0]}
    messages = []
    for second in range(0, 20, 2):
        messages += record_messages({"t_s": [second, second + 1], "distance_m": [second, second + 1]}, start=START)
        messages += record_messages({"t_s": [second, second + 1], **full}, start=START)[:1]
    assert compare(body_of(messages)) == SAME
    records = columns_of(body_of(messages))
    assert [b - a for a, b in pairwise(records.stamp_s.tolist())] == [1, -1, 2] * 9 + [1, -1]


def columns_of(body: bytes) -> fit_columns.Records:
    messages = fit_columns.decode(whole_messages(body, frozenset(WANTED)), fit.profile())
    assert messages is not None
    return messages.records


def test_times_in_headers_are_counted_in_columns_too() -> None:
    body = definition(1, 23, [(253, 4, 0x86)]) + struct.pack("<BI", 1, STAMP)
    body += definition(2, RECORD, [(3, 1, 2)]) + definition(3, EVENT, [(0, 1, 0), (1, 1, 0)])
    for offset in (20, 21, 31, 0, 5, 5, 4):
        body += bytes((0x80 | 2 << 5 | offset, 120))
    body += bytes((0x80 | 3 << 5 | 6, 0, 4)) + struct.pack("<BI", 1, STAMP + 1000) + bytes((0x80 | 2 << 5 | 9, 121))
    assert compare(body) == SAME
    assert columns_of(body).stamp_s.tolist()[-2:] == [STAMP - 19 + 32 + 32 + 4, STAMP + 1000 + (9 - 27) % 32]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ([(253, 4, 0x86), (8, 3, 0x0D)], "speed and distance in three bytes, the distance counting on"),
        ([(253, 4, 0x86), (3, 3, 0x84)], "three bytes for numbers of two"),
        ([(253, 4, 0x86), (3, 2, 0x02)], "a list where one number is expected"),
        ([(253, 4, 0x86), (3, 1, 0x02), (3, 1, 0x02)], "a field twice"),
        ([(253, 4, 0x86), (5, 8, 0x89)], "a number that is stored as measured"),
    ],
)
def test_what_columns_cannot_tell_exactly_is_left_to_fitparse(fields: list[tuple[int, int, int]], why: str) -> None:
    size = sum(size for _, size, _ in fields) - 4
    body = definition(0, RECORD, fields) + struct.pack("<BI", 0, STAMP) + bytes(range(1, size + 1))
    assert compare(body) == DECLINED, why
    (recording,) = read_bytes(framed(body), "run.fit")
    assert len(recording.signal) == 1


def test_speed_in_three_bytes_that_say_nothing_costs_no_time() -> None:
    """Indoor trainers define that field and never fill it."""
    body = definition(0, RECORD, [(253, 4, 0x86), (8, 3, 0x0D), (3, 1, 2)])
    body += b"".join(struct.pack("<BI", 0, STAMP + second) + b"\xff\xff\xff\x78" for second in range(3))
    assert compare(body) == SAME


def test_a_product_is_named_by_its_maker() -> None:
    """The same number is one watch for one maker and another for the next."""
    for maker, expected in ((1, "garmin_product"), (263, None), (294, "product")):
        body = definition(0, 0, [(1, 2, 0x84), (2, 2, 0x84)]) + struct.pack("<BHH", 0, maker, 3289)
        assert compare(body) == SAME
        messages = fit_columns.decode(whole_messages(body, frozenset(WANTED)), fit.profile())
        assert messages is not None
        assert set(messages["file_id"][0]) - {"manufacturer"} == ({expected} if expected else set())


def test_a_name_ends_where_its_watch_ended_it() -> None:
    for text in (b"PACE 3\0\0\0", b"PACE\0 3xx", b"PACE 3xyz", b"\0PACE 3xx", b"PACE\xff 3xx"):
        body = definition(0, 0, [(PRODUCT_NAME, 9, TEXT)]) + b"\0" + text
        assert compare(body) == SAME, text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=700), st.integers(0, 0xFFFF))
def test_the_checksum_holds_where_the_bytewise_one_does(data: bytes, other: int) -> None:
    """Damage that goes unseen is a wrong speed; damage that is not there makes her doubt a right one."""
    checksum = crc16(data)
    assert checksum_holds(data + struct.pack("<H", checksum))
    assert checksum_holds(data + struct.pack("<H", other)) == (other == checksum)


def test_a_file_that_defines_every_record_anew_keeps_their_order() -> None:
    body = bytearray()
    for index in range(300):
        body += definition(
            index % 16, RECORD, [(200, index % 9, 2), (3, 1, 2), (201, index // 9, 0x0D), (253, 4, 0x86)]
        )
        body += bytes((index % 16,)) + bytes(index % 9) + bytes((index % 200,)) + bytes(index // 9)
        body += struct.pack("<I", STAMP + index)
    assert compare(bytes(body)) == SAME
    records = columns_of(bytes(body))
    assert (records.stamp_s == STAMP + np.arange(300)).all()
    assert (records.columns["heart_rate"] == np.arange(300) % 200).all()
