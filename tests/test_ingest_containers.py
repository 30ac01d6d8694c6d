"""Archives from anywhere: each file in them once, and nothing that is built to harm takes time, memory or a place."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.fit_bytes import fit_activity
from ingest import containers, zips
from ingest.containers import Member
from ingest.errors import UnknownFormat
from ingest.formats import files_of, read_bytes

FIT = fit_activity({"t_s": [0, 1, 2], "distance_m": [0, 2, 5]}, start=datetime(2026, 3, 1, 7, tzinfo=UTC))
SHARED = Path(__file__).parents[2] / "shared" / "corpus"
HEADER = FIT[:12] + bytes(2)  # what says FIT, and nothing after it


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data, compress_type=how)
    return buffer.getvalue()


@pytest.fixture
def given(tmp_path: Path) -> Callable[[bytes], list[Member]]:
    def give(data: bytes) -> list[Member]:
        path = tmp_path / "in.zip"
        path.write_bytes(data)
        before = sorted(tmp_path.rglob("*"))
        found = list(files_of(path))
        assert sorted(tmp_path.rglob("*")) == before, "nothing is unpacked to the disk"
        return found

    return give


def codes(found: list[Member]) -> list[str | None]:
    return [None if member.error is None else member.error.code for member in found]


Given = Callable[[bytes], list[Member]]


def test_members_come_with_their_bytes_wherever_they_lie(given: Given) -> None:
    """Strava packs each file, Garmin packs archives into an archive; the run inside is the same run."""
    inner = zipped(("UploadedFiles/a.fit", FIT))
    found = given(
        zipped(
            ("x/1.fit", FIT), ("x/2.fit.gz", gzip.compress(FIT)), ("p.zip", inner), ("p.zip.gz", gzip.compress(inner))
        )
    )
    assert [member.name for member in found] == [
        "in.zip › x/1.fit",
        "in.zip › x/2.fit.gz",
        "in.zip › p.zip › UploadedFiles/a.fit",
        "in.zip › p.zip.gz › UploadedFiles/a.fit",
    ]
    assert [member.data for member in found] == [FIT, gzip.compress(FIT), FIT, FIT]
    assert found[2].inside == "p.zip › UploadedFiles/a.fit"


def test_a_file_that_is_no_archive_comes_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    path.write_bytes(FIT)
    assert list(files_of(path)) == [Member(name="run.zip", data=FIT)]


def test_what_is_no_recording_is_left_out_and_a_broken_promise_is_told(given: Given) -> None:
    """An export holds thousands of pictures: to be told that each failed would hide the one run that did."""
    link = zipfile.ZipInfo("link.fit")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    found = given(
        zipped(
            ("profile.json", b"{}"), ("activities.csv", b"a,b\n"), ("photo.jpg", b"\xff\xd8\xff"), ("no name", FIT),
            ("__MACOSX/._a.fit", FIT), (".DS_Store", b"x"), ("a/Thumbs.db", b"x"), ("b.fit.part", FIT),
            ("folder/", b""), (link, b"/etc/passwd"), ("sign-in.fit", b"<html></html>"), ("empty.fit", b""),
        )
    )  # fmt: skip
    assert [(member.inside, None if member.error is None else member.error.code) for member in found] == [
        ("profile.json", "not_an_activity"),
        ("activities.csv", "not_an_activity"),
        ("photo.jpg", "not_an_activity"),
        ("no name", None),
        ("sign-in.fit", None),  # reading it says what is wrong
        ("empty.fit", None),
    ]


def test_a_map_packed_as_kmz_is_told_what_to_do_instead(given: Given) -> None:
    """Google's apps export nothing else, and "left out" would sound as if all were well."""
    kml = b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'
    (member,) = given(zipped(("doc.kml", kml)))
    assert member.error is None
    with pytest.raises(UnknownFormat, match=r"KML map file.*Export the activity as GPX"):
        read_bytes(member.data or b"", member.name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../evil.fit", "evil.fit"),
        ("/etc/cron.d/evil.fit", "etc/cron.d/evil.fit"),
        ("C:\\Windows\\evil.fit", "Windows/evil.fit"),
        ("..\\..\\evil.fit", "evil.fit"),
        ("a\0b.fit", "a"),
        ("\x1b[2J\u202eevil.fit", "\ufffd[2J\ufffdevil.fit"),
        ("läuft/ご.fit", "läuft/ご.fit"),
        ("..", "a file without a name"),
        ("x" * 30_000 + ".fit", "x" * 40 + "…" + "x" * 75 + ".fit"),
    ],
)
def test_a_name_points_nowhere(given: Given, name: str, told: str) -> None:
    """It is stored and shown, and may one day be used to write a file by somebody who trusts it."""
    (member,) = given(zipped((name, FIT)))
    assert (member.inside, member.data) == (told, FIT)


def test_a_name_that_is_not_in_its_own_encoding_costs_its_neighbours_nothing(given: Given) -> None:
    """`zipfile` would refuse all the archive for it."""
    data = zipped(("lä.fit", FIT), ("b.fit", FIT)).replace("lä.fit".encode(), b"l\xff\xfe.fit")
    found = given(data)
    assert codes(found) in ([None, None], ["damaged", None])  # as the version of Python can
    assert found[1].data == FIT


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_inflates_without_bounds_is_not_inflated(given: Given, how: int) -> None:
    found = given(zipped(("a.fit", bytes(10_000_000)), ("b.jpg", b"x"), how=how))
    assert codes(found) == ["unknown_format", "not_an_activity"]
    assert "rare way" in str(found[0].error)


def _entry(data: bytes, number: int = 0) -> int:
    """Where an entry of the central directory begins."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def _changed(data: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


TWO = zipped(("a.fit", FIT), ("b.fit", FIT))
FIRST = _entry(TWO)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_changed(TWO, FIRST + 16, "<L", 1), "damaged"),  # another checksum
        (_changed(TWO, FIRST + 24, "<L", 10), "damaged"),  # a lie: smaller
        (_changed(TWO, FIRST + 24, "<L", 4_000_000_000), "too_large"),  # a lie: larger
        (_changed(TWO, FIRST + 20, "<L", 5), "damaged"),  # cut
        (_changed(TWO, FIRST + 20, "<L", 4_000_000), "damaged"),  # over the next one
        (_changed(TWO, FIRST + 8, "<H", 1), "encrypted"),
        (_changed(TWO, FIRST + 8, "<H", 0x20), "damaged"),  # patched data
        (_changed(TWO, FIRST + 10, "<H", 99), "unknown_format"),
        (_changed(TWO, FIRST + 42, "<L", 7), "damaged"),  # points elsewhere
        (_changed(TWO, 0 + 26, "<H", 60_000), "damaged"),  # the local header's name is as long as the archive
    ],
)
def test_one_bad_member_fails_alone(given: Given, data: bytes, code: str) -> None:
    found = given(data)
    assert codes(found) == [code, None]
    assert found[0].name == "in.zip › a.fit"
    assert found[1].data == FIT


def test_an_archive_that_needs_a_newer_program_is_tried_all_the_same(given: Given) -> None:
    assert given(_changed(TWO, FIRST + 6, "<H", 99))[1].data == FIT


def test_a_locked_archive_is_told_once(given: Given) -> None:
    locked = _changed(_changed(TWO, FIRST + 8, "<H", 1), _entry(TWO, 1) + 8, "<H", 1)
    (member,) = given(locked)
    assert codes([member]) == ["encrypted"]
    assert str(member.error) == "in.zip is locked with a password. Unpack the archive, and import what is inside."


END = TWO.index(b"PK\x05\x06")


@pytest.mark.parametrize(
    "data",
    [
        *(TWO[:size] for size in (4, 30, len(FIT), FIRST, FIRST + 20, END - 1, END, len(TWO) - 1)),
        _changed(TWO, END + 12, "<L", 20),  # a directory that ends inside an entry
        _changed(TWO, END + 12, "<L", 10_000),
        _changed(TWO, END + 16, "<L", 10_000),
        _changed(TWO, FIRST, "<L", 0),
        _changed(TWO, FIRST + 30, "<H", 60_000),
        b"PK\x03\x04" + os.urandom(5000),
    ],
)
def test_an_archive_that_is_cut_off_or_broken_is_told(given: Given, data: bytes) -> None:
    """A download that stopped half-way must not look like an archive without runs."""
    found = given(data)
    assert "damaged" in codes(found)
    assert all(member.error is None or str(member.error).startswith("in.zip") for member in found)


def test_random_damage_is_always_told_in_words(given: Given) -> None:
    """1 in 300 changed archives would otherwise stop an import of thousands with a traceback."""
    seed = 20260301
    for _ in range(300):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        given(_changed(TWO, (seed >> 8) % len(TWO), "<B", (seed >> 40) % 256))


# Bombs


Bounded = Callable[[bytes], list[Member]]


@pytest.fixture
def bounded(tmp_path: Path) -> Bounded:
    """Walk through an archive as an import does, and see that it takes neither long nor much memory."""

    def walk(data: bytes) -> list[Member]:
        path = tmp_path / "in.zip"
        path.write_bytes(data)
        tracemalloc.start()
        start = time.process_time()
        found = [replace(member, data=None) for member in files_of(path)]
        taken_s, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert taken_s < 20, "on any machine"
        assert peak < 100_000_000
        return found

    return walk


def test_a_bomb_is_stopped_and_its_neighbours_are_read(bounded: Bounded) -> None:
    bomb = HEADER + bytes(60_000_000)
    assert codes(bounded(zipped(("bomb.fit", bomb), ("run.fit", FIT)))) == ["too_large", None]


def test_a_bomb_that_nobody_wants_is_not_even_unpacked(bounded: Bounded) -> None:
    assert codes(bounded(zipped(("zeros.bin", bytes(60_000_000))))) == ["not_an_activity"]


def test_many_bombs_are_one_bomb(bounded: Bounded) -> None:
    """Each of them alone within its limit: what they unpack to together is limited too."""
    small = HEADER + bytes(9_900_000)
    found = bounded(zipped(*((f"{n}.fit", small) for n in range(40))))
    assert codes(found)[-1] == "too_large"
    assert found[-1].name == "in.zip"
    assert codes(found)[:-1] == [None] * 20


def test_archives_within_archives_end(bounded: Bounded) -> None:
    data = FIT
    for number in range(6):
        data = zipped((f"{number}.zip" if number else "run.fit", data))
    (member,) = bounded(data)
    assert codes([member]) == ["too_large"]
    assert "again and again" in str(member.error)
    bomb = HEADER + bytes(9_900_000)
    nested = zipped(*((f"{n}.zip", zipped(*((f"{m}.fit", bomb) for m in range(3)))) for n in range(9)))
    assert codes(bounded(nested))[-1] == "too_large"


def test_members_that_share_their_bytes_are_refused(bounded: Bounded) -> None:
    """A few kilobytes of archive can hold gigabytes of members that lie over one another."""
    once = zipped(("a.fit", FIT))
    at = _entry(once)
    end = once.index(b"PK\x05\x06")
    entry = once[at:end]
    many = once[:at] + entry * 1000 + once[end:]
    at_end = len(many) - (len(once) - end)
    for at_count, layout, count in ((8, "<H", 1000), (10, "<H", 1000), (12, "<L", len(entry) * 1000)):
        many = _changed(many, at_end + at_count, layout, count)
    found = bounded(many)
    assert set(codes(found)) == {"damaged"}
    assert len(found) == 1000


def test_a_million_members_are_refused_before_they_are_listed(bounded: Bounded) -> None:
    name = b"a"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    for count in (1_000_000, 200_000):
        directory = entry * count
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), 30, 0)
        found = bounded(b"PK\x03\x04" + bytes(26) + directory + end)
        assert codes(found) == ["too_large"]
        assert "more than 100000 files" in str(found[0].error)


def test_as_many_members_as_are_allowed_are_walked(monkeypatch: pytest.MonkeyPatch, given: Given) -> None:
    monkeypatch.setattr(zips, "MAX_MEMBERS", 3)
    assert codes(given(zipped(*((f"{n}.fit", FIT) for n in range(3))))) == [None] * 3
    nested = zipped(("1.fit", FIT), ("2.zip", zipped(*((f"{n}.fit", FIT) for n in range(3)))))
    assert codes(given(nested)) == [None, None, "too_large"]


def test_a_large_archive_is_never_held_whole(tmp_path: Path) -> None:
    """2 GB of photos beside her runs: what is read at once is a member, and of a photo its beginning."""
    path = tmp_path / "big.zip"
    inner = zipped(("run.fit", FIT), ("film.mov", b"\1" * 40_000_000), how=zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("films.zip", inner)
        archive.writestr("photo.raw", b"\2" * 40_000_000)
    del inner
    tracemalloc.start()
    found = list(files_of(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert codes(found) == [None, "not_an_activity", "not_an_activity"]
    assert peak < 5_000_000


def test_a_file_beyond_the_limit_is_told_unless_nobody_wants_it(monkeypatch: pytest.MonkeyPatch, given: Given) -> None:
    monkeypatch.setattr(containers, "MAX_BYTES", 1000)
    found = given(zipped(("a.fit", HEADER + bytes(2000)), ("b.mov", bytes(2000)), ("c.fit", FIT)))
    assert codes(found) == ["too_large", "not_an_activity", None]


# Real and hostile ones


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real exports beside the checkout")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("archives/bulk_garmin_style_nested.zip", [None, None, "not_an_activity"]),
        ("archives/bulk_strava_style.zip", ["not_an_activity", *[None] * 7, "not_an_activity"]),
        ("archives/one_bad_member.zip", [None, None, "not_an_activity", None]),
        ("archives/path_traversal.zip", [None, None]),
        ("archives/zip_bomb_small.zip", ["too_large"]),
        ("archives/export_original.fit", [None]),
    ],
)
def test_exports_in_their_real_shapes(name: str, expected: list[str | None]) -> None:
    found = list(files_of(SHARED / name))
    assert codes(found) == expected
    assert not any(".." in (member.inside or "") for member in found)


def test_a_member_without_a_name_is_listed_like_any_other() -> None:
    """One odd entry must not cost the whole account's export; the fuzzer found it."""
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        archive.writestr("run.fit", b"not a recording")
        archive.filelist[0].filename = ""
        assert [info.filename for info, _ in zips.files(archive)] == [""]
        archive.filelist[0].filename = "run.fit"
