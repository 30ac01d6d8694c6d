"""Changes to a file's bytes, drawn at random: what disks, uploads, careless apps and ill will do to an export."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable, Mapping, Sequence

ODD_BYTES = [b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x10"]
ODD_TEXT = [
    *(
        b"nan",
        b"-nan",
        b"inf",
        b"1e999",
        b"-1e-999",
        b"",
        b" ",
        b"0",
        b"-1",
        b"9" * 400,
        "٣".encode(),
        b"1_0",
        b"0x1p4",
    ),
    *(
        b"9999-12-31T23:59:59-14:00",
        b"0001-01-01T00:00:00+14:00",
        b"9999-12-31T23:59:59Z",
        b"2026-02-30T07:00:00Z",
        b"2026-03-01T24:00:00Z",
    ),
    *(b"2026-03-01T07:00:00+99:99", b"2026-03-01", b"2026-W09-7T07:00", b"2026-03-01T07:00:00.1234567890123456789Z"),
    *(
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&#xD800;",
        b"&nbsp;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"<?xml?>",
        b"<?x",
        b"\x0b",
    ),
    *(b"<!DOCTYPE gpx [<!ENTITY a 'b'>]>", b"</gpx>", b"</trkseg>", b"<trkpt/>", b"</Lap>", b"<Lap/>", b"<Activity/>"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"xmlns='x'", b"xmlns:ns3='y'", b"<a>" * 300, b"\xed\xa0\x80", b"\xf0\x9f\x8f\x83"),
]
TOKEN = re.compile(rb"[0-9][0-9.:TZ-]*|[A-Za-z]+")

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def _flipped(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return data[: chance.randint(0, len(data))]


def _without(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, length = chance.randrange(len(data)), chance.randint(1, 200)
    return data[:start] + data[start + length :]


def _again(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, length = chance.randrange(len(data)), chance.randint(1, 400)
    return data[: start + length] + data[start : start + length] * chance.choice((1, 1, 2, 30)) + data[start + length :]


def _inserted(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, piece = chance.randint(0, len(data)), chance.choice((*ODD_BYTES, *ODD_TEXT, chance.randbytes(8)))
    return data[:start] + piece + data[start + chance.choice((0, len(piece))) :]


def _odd_token(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    tokens = list(TOKEN.finditer(data))
    if not tokens:
        return data
    token = chance.choice(tokens)
    piece = chance.choice(tokens)[0] if chance.random() < 0.3 else chance.choice(ODD_TEXT)
    return data[: token.start()] + piece + data[token.end() :]


def _zeroed(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, length = chance.randrange(len(data)), chance.choice((1, 16, 512))
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def _spliced(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _recoded(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    text = data.decode("latin-1")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8")))


def _packed(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return gzip.compress(data, 1, mtime=0)


MUTATIONS: tuple[Mutation, ...] = (
    *(_flipped, _flipped, _cut, _without, _again, _inserted, _inserted, _odd_token, _odd_token, _odd_token),
    *(_zeroed, _spliced, _recoded, _packed),
)


def changed(number: int, seed: int, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Make one input, always the same for a number, a seed and the same files."""
    chance = random.Random(f"{seed}:{number}")
    names = list(files)
    name = chance.choice(names)
    data = files[name]
    others = list(files.values())
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if data:
            data = chance.choice(MUTATIONS)(data, chance, others)
    return name, data
