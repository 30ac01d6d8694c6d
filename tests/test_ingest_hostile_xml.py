"""XML that is made to harm: told in words, in a few seconds, without reading a file, the network or all memory."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import IngestError, errors, read_bytes, xml_tree

ROOT = Path(__file__).parents[1]
POINT = '<trkpt lat="-45" lon="-20"><time>2026-03-01T07:00:0{}Z</time></trkpt>'
TRACK = f"<trk><trkseg>{POINT.format(1)}{POINT.format(2)}</trkseg></trk>"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))

REFUSED = {
    "entities that grow": f"<!DOCTYPE gpx [{ENTITIES}]><gpx><trk><name>&a9;</name></trk></gpx>",
    "the same in an attribute": f'<!DOCTYPE gpx [{ENTITIES}]><gpx creator="&a9;">{TRACK}</gpx>',
    "one long entity, often": f'<!DOCTYPE gpx [<!ENTITY a "{"x" * 100_000}">]><gpx>{"&a;" * 10_000}</gpx>',
    "a file as entity": f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/hostname">]><gpx>{TRACK}&x;</gpx>',
    "a parameter entity": '<!DOCTYPE gpx [<!ENTITY % x SYSTEM "http://localhost:9/x"> %x;]><gpx/>',
    "a type from elsewhere": '<!DOCTYPE gpx SYSTEM "http://localhost:9/x.dtd"><gpx/>',
    "a type behind comments": "<!-- <gpx> --><?x <gpx> ?>\n<!DOCTYPE gpx []><gpx/>",
    "a type without end": "<gpx><!DOCTYPE gpx [",
    "100,000 deep": "<gpx>" + "<a>" * 100_000,
    "100,000 activities deep": "<TrainingCenterDatabase>" + "<Activity>" * 100_000,
    "an endless name": "<gpx><" + "x" * 11_000_000,
    "an endless text": "<gpx><name>" + "x" * 11_000_000 + "</name></gpx>",
    "an endless comment": "<gpx><!--" + "x-" * 5_500_000,
    "an endless attribute": "<gpx a='" + "x" * 11_000_000,
    "100,000 attributes": "<gpx " + " ".join(f"a{n}=''" for n in range(100_000)) + "/>",
    "100,000 namespaces": "<gpx " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(100_000)) + "/>",
    "loose ampersands": "<gpx>" + "&" * 5_000_000,
    "a million zeros": "<gpx>" + "\0" * 1_000_000,
    "nothing but a declaration": "<?xml version='1.0'?>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words_and_soon(name: str) -> None:
    """One mail attachment dropped into the folder must not take the machine down, nor send her files away."""
    data = REFUSED[name].encode()
    began = time.process_time()
    with pytest.raises(IngestError) as refusal:
        read_bytes(data, "x.gpx")
    assert time.process_time() - began < 5
    assert str(refusal.value).startswith("x.gpx ")
    assert len(str(refusal.value)) < 300


def test_what_is_deep_inside_a_track_costs_no_point_before_it() -> None:
    data = f"<gpx><trk><trkseg>{POINT.format(1)}{POINT.format(2)}{'<a>' * 100_000}"
    (recording,) = read_bytes(data.encode(), "x.gpx")
    assert len(recording.signal) == 2
    assert [note.code for note in recording.notes] == ["damaged"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<gpx>" + "<a/>" * (xml_tree.MAX_TAGS + 1), "million elements"),
        ("<gpx><trk><trkseg>" + "<trkpt/>" * (xml_tree.MAX_POINTS + 1) + "</trkseg></trk></gpx>", "points"),
        ("<gpx>" + TRACK * 1001 + "</gpx>", "1000 activities"),
    ],
)
def test_more_elements_than_an_activity_can_have_are_too_large(data: str, words: str) -> None:
    with pytest.raises(errors.TooLarge, match=words):
        read_bytes(data.encode(), "x.gpx")


ENCODED = [
    (f'<?xml version="1.0" encoding="{name}"?><gpx>{TRACK}</gpx>').encode()
    for name in ("klingon", "zip", "rot13", "unicode_escape", "utf-7", "UTF-16", "../../x", "iso-8859-99", "idna")
]


@pytest.mark.parametrize("data", ENCODED)
def test_an_encoding_that_is_none_is_not_believed(data: bytes) -> None:
    """Python knows codecs that unpack, import or run away; what a file declares chooses among text alone."""
    (recording,) = read_bytes(data, "x.gpx")
    assert len(recording.signal) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_of_any_width_is_read_whole_and_cut(encoding: str) -> None:
    data = f"<gpx>{TRACK}</gpx>".encode(encoding)
    (recording,) = read_bytes(data, "x.gpx")
    assert recording.notes == ()
    (cut,) = read_bytes(data[:-3], "x.gpx")
    assert "cut_off" in {note.code for note in cut.notes}


def test_a_lone_half_of_a_sign_does_not_stop_the_import() -> None:
    data = f"<gpx creator='\ud83c'>{TRACK}</gpx>".encode("utf-16", errors="surrogatepass")
    (recording,) = read_bytes(data, "x.gpx")
    assert len(recording.signal) == 2


def test_a_bomb_is_refused_within_little_memory() -> None:
    """Measured in a process of its own: what it takes at most, beyond what reading a small file takes."""
    resource = pytest.importorskip("resource", reason="this system does not tell how much memory was used")
    scale = 1024 if sys.platform != "darwin" else 1
    code = (
        "import resource, sys, ingest\n"
        "def take(data):\n"
        "    try: ingest.read_bytes(data, 'x.gpx')\n"
        "    except ingest.IngestError: pass\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "small = take(b'<gpx/>')\n"
        "print(take(sys.stdin.buffer.read()) - small)\n"
    )
    for name in ("entities that grow", "one long entity, often", "100,000 deep", "an endless text"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, input=REFUSED[name].encode(), capture_output=True, check=True
        )
        assert int(done.stdout) * scale < 150_000_000, name
    assert resource is not None
