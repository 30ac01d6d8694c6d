"""Half a file is never taken for a whole one, and a whole one is not kept waiting."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.fit_bytes import fit_activity
from fixtures.gpx_text import gpx
from fixtures.simulate import cycles, simulate
from fixtures.tcx_text import tcx
from ingest.endings import unfinished, unfinished_archive

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
TABLE = b"answered_at,pain\r\n2026-03-02 20:15,10\r\n"


@cache
def whole(kind: str) -> bytes:
    run = simulate(cycles(60, 90, 1), seed=1, start=START)
    kept = {"t_s", "latitude_deg", "longitude_deg"}
    samples = {name: values for name, values in run.samples.items() if name in kept}
    if kind == "fit":
        return fit_activity(run.samples, start=START)
    if kind == "gpx":
        return gpx(samples, start=START)
    if kind == "tcx":
        return tcx(samples, start=START)
    if kind == "gz":
        return gzip.compress(whole("fit"), mtime=0)
    if kind == "csv":
        return TABLE
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("activities/1.fit", whole("fit"))
        archive.writestr("activities/2.gpx", whole("gpx"))
    return packed.getvalue()


KINDS = ("fit", "gpx", "tcx", "gz", "zip", "csv")


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_whole_whatever_it_is_called(kind: str) -> None:
    for name in (f"run.{kind}", f"RUN.{kind.upper()}") + (("run", "run.bin") if kind != "csv" else ()):
        assert unfinished(whole(kind), name) is None


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_no_beginning_of_a_file_is_whole(kind: str, data: st.DataObject) -> None:
    full = whole(kind)
    cut = data.draw(st.integers(0, len(full) - 1))
    beginning = full[:cut]
    if kind in ("gpx", "tcx") and not full[cut:].strip():
        return  # nothing but the last line's end is missing
    if kind == "csv" and beginning.endswith((b"\n", b"\r")):
        return  # a table of fewer lines is a table
    assert unfinished(beginning, f"run.{kind}") is not None


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_file_whose_place_was_kept_first_is_not_whole_until_it_is_filled(kind: str, data: st.DataObject) -> None:
    """Its size is right from the beginning: on shares, and where the bytes come out of order."""
    full, name = whole(kind), f"run.{kind}"
    cut = data.draw(st.integers(1, len(full) - 1))
    if full[cut:].strip(b"\0 \r\n"):
        assert unfinished(full[:cut] + bytes(len(full) - cut), name) is not None
    if full[:cut].strip(b"\0"):
        assert unfinished(bytes(cut) + full[cut:], name) is not None


@pytest.mark.parametrize("kind", ["fit", "gpx", "tcx", "gz"])
def test_padding_after_the_end_does_no_harm(kind: str) -> None:
    for padding in (b"\0" * 5000, b"\n \n"):
        assert unfinished(whole(kind) + padding, f"run.{kind}") is None


def test_files_that_are_chained_in_one_have_to_be_whole_each() -> None:
    full = whole("fit")
    assert unfinished(full + full, "run.fit") is None
    assert unfinished(full + b"bytes of a firmware's own", "run.fit") is None
    assert unfinished(full + full[:-1], "run.fit") is not None
    assert unfinished(full + full[:20], "run.fit") is not None


def test_a_changed_byte_is_seen_by_the_checksum_alone() -> None:
    changed = bytearray(whole("fit"))
    changed[200] ^= 1
    assert unfinished(bytes(changed), "run.fit") == "does not fit its own checksum"


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><gpx><trk/></gpx><!-- made by <gpx> -->\n<?end?>\n',
        "\ufeff<gpx><trk/></gpx >",
        '<gpx version="1.1"/>',
        "<x:gpx xmlns:x='u'><x:trk/></x:gpx>",
        "<!DOCTYPE html><html><body></body></HTML>",
        '   <?xml version="1.0"?><TrainingCenterDatabase></TrainingCenterDatabase>',
    ],
)
def test_xml_is_whole_when_its_root_is_closed(text: str) -> None:
    assert unfinished(text.encode(), "run.gpx") is None
    assert unfinished(text.encode("utf-16"), "run.gpx") is None


@pytest.mark.parametrize(
    "text", ["<gpx", "<", '<?xml version="1.0"?>', "<gpx><trk></gpx><trk>", "<gpx><trk/></gp", "<gpx></gpx><!-- ", "  "]
)
def test_xml_is_not_whole_before_its_root_is_closed(text: str) -> None:
    assert unfinished(text.encode(), "run.gpx") is not None
    assert unfinished(text.encode("utf-16"), "run.gpx") is not None


def test_xml_made_to_be_slow_is_not() -> None:
    """A thousand comments after a root that is not closed could be split up in endless ways."""
    start = time.process_time()
    assert unfinished(b"<gpx></gpx>" + b"<!-- -->" * 1000 + b"<a", "run.gpx") is not None
    assert unfinished(b"<gpx>" + b"</gpx><!--" * 800 + b"<a", "run.gpx") is not None
    assert time.process_time() - start < 1


@pytest.mark.parametrize("text", [TABLE[:-1], TABLE[:-2], TABLE[:-3], b'answered_at,note\n2026-03-02 20:15,"a\n'])
def test_a_table_is_whole_when_its_last_line_is_ended(text: bytes) -> None:
    """A pain of 10 of which the 0 has not come yet would be read as 1."""
    expected = None if text.endswith(b"\r") else "stops within a line"
    assert unfinished(text, "checkin.csv") == expected
    assert unfinished(text, "CheckIn.CSV") == expected


def test_several_packed_streams_have_to_end_each() -> None:
    full = whole("gz")
    assert unfinished(full + full, "run.fit.gz") is None
    assert unfinished(full + full[:-1], "run.fit.gz") is not None
    assert unfinished(full + full[:1], "run.fit.gz") is not None


def test_a_bomb_is_not_unpacked_to_its_end() -> None:
    """Reading it says that it is one; waiting for it helps nobody."""
    assert unfinished(gzip.compress(bytes(250_000_000), 1)[:-9], "run.gz") is None


def test_an_archive_is_asked_without_reading_what_is_in_it() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.fit", bytes(1_000_000))

    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.count += len(found)
            return found

    opened = Counting(packed.getvalue())
    assert unfinished_archive(opened) is None
    assert opened.count < 100_000
    gap = packed.getvalue()[:5_000_000] + bytes(5_000_000) + packed.getvalue()[10_000_000:]
    assert unfinished_archive(io.BytesIO(gap)) is not None


def test_what_has_no_end_to_look_for_is_not_waited_for_unless_its_name_promises_a_recording() -> None:
    assert unfinished(b"a note to myself", "note.txt") is None
    assert unfinished(b'{"a": 1', "run.json") is None
    assert unfinished(b"\x89PNG", "photo.png") is None
    assert unfinished(b"\x0e\x10\x64\x08", "run.fit") is not None
    assert unfinished(b"PK\x03", "run.zip") is not None
    assert unfinished(b"nothing of the kind at all", "run.fit") is not None


@given(st.binary(max_size=300), st.sampled_from(["a.fit", "a.gpx", "a.zip", "a.gz", "checkin.csv", "a"]))
def test_no_bytes_are_too_odd(data: bytes, name: str) -> None:
    for start in (b"", b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"\x0e\x10\x64\x08\0\0\0\0.FIT", b"<", b"<\0"):
        why = unfinished(start + data, name)
        assert why is None or why
