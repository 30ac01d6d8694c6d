"""Which reader reads a file, and what a person is told when none does."""

import gzip
import hashlib
import io
import os
import pickle
import re
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ingest
from fixtures.fit_bytes import fit_activity
from fixtures.gpx_text import gpx
from ingest import IngestError, containers, errors, files
from ingest.endings import unfinished

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
FIT = fit_activity({"t_s": [0, 1, 2], "distance_m": [0, 2, 5]}, start=START)
GPX = gpx({"t_s": [0, 1], "latitude_deg": [50, 50], "longitude_deg": [4, 4]}, start=START)


def zipped(*files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, data in enumerate(files):
            archive.writestr(f"{number}.fit", data)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["run.fit", "run.gpx", "RUN.FIT.GZ", "run", "run.zip"])
@pytest.mark.parametrize(("data", "kind"), [(FIT, "fit"), (GPX, "gpx")])
def test_the_content_decides_and_never_the_name(data: bytes, kind: str, name: str) -> None:
    """Garmin names a ZIP .fit, apps name a gzip .gpx, mail programs rename what they like."""
    for packed in (data, gzip.compress(data)):
        (recording,) = ingest.read_bytes(packed, name)
        assert recording.provenance.format == kind
        assert recording.provenance.file_name == name


def test_the_same_run_has_one_identity_however_it_is_packed() -> None:
    """Else the same run imported twice would be two sessions less than 48 hours apart."""
    identities = {
        ingest.read_bytes(packed, name)[0].provenance.identity
        for packed, name in ((FIT, "a.fit"), (gzip.compress(FIT), "b.fit.gz"), (gzip.compress(gzip.compress(FIT)), "c"))
    }
    assert identities == {hashlib.sha256(FIT).hexdigest() + "-0"}


def test_an_archive_of_one_activity_reads_like_the_activity(tmp_path: Path) -> None:
    """Garmin's "export original" is one, also where it was named .fit; unpacked, it must be the same run."""
    path = tmp_path / "export.fit"
    path.write_bytes(zipped(FIT, b"{}"))
    for recordings in (ingest.read(path), ingest.read_bytes(gzip.compress(path.read_bytes()), "export.fit")):
        (recording,) = recordings
        assert recording.provenance.identity == hashlib.sha256(FIT).hexdigest() + "-0"
        assert recording.provenance.file_name == "export.fit › 0.fit"


def test_a_file_is_read_from_disk_under_its_own_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "Morning Run.fit"
    path.write_bytes(FIT)
    (recording,) = ingest.read(path)
    assert recording.provenance.file_name == "Morning Run.fit"
    assert len(recording.signal) == 3


SMALLEST = [
    (b"", errors.EmptyFile, "empty"),
    (gzip.compress(b""), errors.EmptyFile, "nothing inside"),
    (gzip.compress(FIT)[:-12], errors.Damaged, "cut off"),
    (gzip.compress(FIT)[:-8] + bytes(8), errors.Damaged, "broken"),
    (b"\x1f\x8b", errors.Damaged, "cut off"),
    (bytes(100), errors.UnknownFormat, "zeros"),
    (b"hello", errors.UnknownFormat, "neither FIT nor GPX nor TCX"),
    (b'{"a": 1}', errors.UnknownFormat, "JSON"),
    (b"\xef\xbb\xbf[ 1, 2]", errors.UnknownFormat, "JSON"),
    (b"[Params]\r\nVersion=107\r\n", errors.UnknownFormat, "is a HRM file of Polar"),
    (b"{\\rtf1 hello}", errors.UnknownFormat, "neither FIT nor GPX nor TCX"),
    (b"Activity Type;Date;Title\nRunning;2026-03-01;Run\n", errors.UnknownFormat, "table"),
    (b"%PDF-1.7\n", errors.UnknownFormat, "PDF"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", errors.UnknownFormat, "picture"),
    (b"7z\xbc\xaf'\x1c\0\4", errors.UnknownFormat, "Unpack it"),
    (gzip.compress(b"x.fit".ljust(257, b"\0") + b"ustar\0"), errors.UnknownFormat, "Unpack it"),
    (zipped(b"hello"), errors.UnknownFormat, "neither FIT nor GPX"),
    (zipped(FIT, FIT[:-2] + b"xx"), errors.SeveralInside, "several activities"),
    (zipped(), errors.NotAnActivity, "without a recording"),
    (zipped(FIT)[:-40], errors.Damaged, "archive that is cut off"),
    (b"<!doctype html><title>x</title>", errors.UnknownFormat, "web page"),
    (b"<html></html>", errors.UnknownFormat, "web page"),
    (b'<?xml version="1.0"?><kml xmlns="k"/>', errors.UnknownFormat, "KML"),
    (b"<!DOCTYPE HealthData [" + b"<!ELEMENT a (b)>" * 1000, errors.UnknownFormat, "workout-routes"),
    (b"  <?xml version='1.0'?>\n<!-- x --><TrainingCenterDatabase/>", errors.NotAnActivity, "without an activity"),
    (b"<TrainingCenterDatabase><Activities>", errors.Damaged, "broken TCX"),
    (b"<svg/>", errors.UnknownFormat, "XML"),
    (b"\r<gpx a=.FIT" + bytes(8), errors.AmbiguousFormat, "FIT and GPX"),
    (FIT[:14], errors.NoSamples, "without a single sample"),
    (b"<gpx", errors.Damaged, "broken GPX"),
]


@pytest.mark.parametrize(("data", "kind", "words"), SMALLEST)
def test_what_cannot_be_read_is_told_with_its_name_its_cause_and_what_to_do(
    data: bytes, kind: type[IngestError], words: str
) -> None:
    with pytest.raises(kind, match=words) as refusal:
        ingest.read_bytes(data, "x.fit")
    text = str(refusal.value)
    assert text.startswith(("x.fit ", "x.fit › 0.fit "))
    assert text.endswith(".")
    assert text.count(". ") >= 1  # a cause, then a next step
    assert refusal.value.message == text
    assert refusal.value.code == kind.code != IngestError.code


def test_a_path_that_cannot_be_opened_is_told_without_the_folders_above_it(tmp_path: Path) -> None:
    loop = tmp_path / "loop.fit"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.fit"
    os.mkfifo(pipe)
    for path, words in (
        (tmp_path / "gone.fit", "is not there"),
        (tmp_path, "is a folder with no export in it"),
        (loop, "cannot be opened"),
        (pipe, "is not a file"),
        (Path("bad\0name.fit"), "cannot be opened"),
        (tmp_path / ("x" * 300), "cannot be opened"),
    ):
        with pytest.raises(errors.Unreadable, match=words) as refusal:
            ingest.read(path)
        assert str(tmp_path.parent) not in str(refusal.value)


def test_a_file_larger_than_any_activity_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "big.fit"
    with path.open("wb") as file:
        file.truncate(containers.MAX_BYTES + 1)
    with pytest.raises(errors.TooLarge):
        ingest.read(path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no file that holds more than it says")
def test_a_file_that_grows_faster_than_it_is_read_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that another program writes: what it held when it was looked at says nothing of what comes."""
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    with pytest.raises(errors.TooLarge):
        ingest.read(Path("/proc/self/maps"))  # says that it is empty, and holds some kilobytes


def test_a_bomb_is_stopped_while_it_is_unpacked() -> None:
    bomb = gzip.compress(bytes(40_000_000))
    assert len(bomb) < 50_000
    with pytest.raises(errors.TooLarge, match="unpacks to more than"):
        ingest.read_bytes(bomb, "bomb.fit.gz")
    with pytest.raises(errors.TooLarge):  # a bomb in a small coat
        ingest.read_bytes(gzip.compress(bomb), "bomb.fit.gz")


def test_what_is_packed_without_end_is_refused() -> None:
    data = FIT
    for _ in range(containers.MAX_DEPTH + 1):
        data = gzip.compress(data)
    with pytest.raises(errors.TooLarge, match="again and again"):
        ingest.read_bytes(data, "onion.fit.gz")


def test_a_gzip_of_several_pieces_with_padding_is_one_file() -> None:
    pieces = gzip.compress(FIT[:50]) + gzip.compress(FIT[50:]) + bytes(16)
    assert len(ingest.read_bytes(pieces, "x.fit.gz")[0].signal) == 3


def test_what_follows_a_packed_file_is_left_out_and_told() -> None:
    (recording,) = ingest.read_bytes(gzip.compress(FIT) + FIT, "x.fit.gz")
    assert [note.code for note in recording.notes] == ["bytes_after_end"]
    (recording,) = ingest.read_bytes(gzip.compress(FIT) + bytes(100), "x.fit.gz")  # padding is nothing
    assert recording.notes == ()


def test_a_packed_file_of_a_hundred_thousand_pieces_does_not_stop_an_import_for_hours() -> None:
    """Each piece that is unpacked by itself copies all that follows, where nobody takes care."""
    pieces = gzip.compress(b"") * 100_000 + gzip.compress(FIT)
    began = time.process_time()
    with pytest.raises(errors.TooLarge, match="is packed in more than 10000 pieces"):
        ingest.read_bytes(pieces, "x.fit.gz")
    assert unfinished(pieces, "x.fit.gz") is None  # nor the watcher
    assert time.process_time() - began < 5


def test_a_large_packed_file_is_unpacked_in_one_go() -> None:
    """Not copied once for each megabyte that came of it."""
    data = os.urandom(60_000_000)
    began = time.process_time()
    assert containers.innermost(gzip.compress(data, 0), "x.fit.gz") == data
    assert time.process_time() - began < 3


def test_a_name_that_would_move_the_cursor_reaches_no_message_and_no_recording() -> None:
    name = "\x1b[2Jrun\n\u202e\udc80.fit"
    (recording,) = ingest.read_bytes(FIT, name)
    assert recording.provenance.file_name.isprintable()
    recording.provenance.file_name.encode()  # it can be stored
    with pytest.raises(IngestError) as refusal:
        ingest.read_bytes(b"", name)
    assert str(refusal.value).isprintable()


def test_a_refusal_survives_the_way_between_processes() -> None:
    refusal = pickle.loads(pickle.dumps(errors.Damaged("x.fit", "is broken", "Copy it.")))
    assert (type(refusal), str(refusal)) == (errors.Damaged, "x.fit is broken. Copy it.")


def test_codes_of_refusals_are_stable_words_and_differ() -> None:
    kinds = IngestError.__subclasses__()
    codes = {kind.code for kind in kinds}
    assert len(codes) == len(kinds)
    assert codes == {
        "unreadable",
        "encrypted",
        "several_inside",
        "empty_file",
        "too_large",
        "unknown_format",
        "ambiguous_format",
        "not_an_activity",
        "no_samples",
        "no_times",
        "damaged",
    }


def test_importing_ingest_loads_no_heavy_library() -> None:
    """Else every `restride next` would wait for pandas."""
    code = "import ingest, sys; print([n for n in ('numpy','pandas','fitparse','gpxpy','lxml') if n in sys.modules])"
    root = Path(__file__).parents[1]
    printed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


@pytest.mark.parametrize("year", [1989, 9999])
def test_a_date_that_no_recording_has_is_refused(year: int) -> None:
    """A reset watch would hide a run among the history; the year 9999 once broke every later command."""
    text = gpx({"t_s": [0.0, 1.0], "latitude_deg": [0.0, 0.0], "longitude_deg": [-30.0, -30.0]}, start=START)
    dated = text.replace(str(START.year).encode(), str(year).encode())
    with pytest.raises(errors.NoTimes, match=f"is dated {year}"):
        ingest.read_bytes(dated, "run.gpx")


def test_every_note_and_every_refusal_is_explained() -> None:
    """A word that nobody explains leaves her alone with it."""
    root = Path(__file__).parents[1]
    page = (root / "docs" / "formats.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    explained = {code for cell in cells for code in re.findall(r"`([a-z_]+)`", cell)}
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "ingest").glob("*.py")))
    used = set(re.findall(r'code(?:: ClassVar\[str\])? ?= ?"([a-z_]+)"', sources)) - {IngestError.code}
    assert used == explained
