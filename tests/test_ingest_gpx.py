"""GPX: what phones and web sites export, with all the freedom they take."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.gpx_text import gpx, gpx_of_tracks, track
from ingest import IngestError, MarkKind, Recording, read_bytes
from ingest.errors import Damaged, NoSamples, NotAnActivity, NoTimes, UnknownFormat

START = datetime(2026, 3, 1, 7, 2, 11, 250000, tzinfo=UTC)
NAN = float("nan")
NAMESPACE = 'xmlns="http://www.topografix.com/GPX/1/1"'


def only(data: bytes) -> Recording:
    (recording,) = read_bytes(data, "run.gpx")
    return recording


def codes(recording: Recording) -> set[str]:
    return {note.code for note in recording.notes}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def steady(count: int = 30, **columns: object) -> dict[str, object]:
    t_s = np.arange(count, dtype=float)
    return {"t_s": t_s, "latitude_deg": 50 + t_s * 2e-5, "longitude_deg": 4 + t_s * 0, **columns}


def written(points: str, *, root: str = f'version="1.1" {NAMESPACE}', kind: str = "running") -> bytes:
    return f"<gpx {root}><trk><type>{kind}</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def point(time: str, *, latitude: str = "50.1", inside: str = "") -> str:
    return f'<trkpt lat="{latitude}" lon="4.2"><time>{time}</time>{inside}</trkpt>'


@st.composite
def samples_of_a_phone(draw: st.DrawFn) -> dict[str, list[float]]:
    count = draw(st.integers(1, 20))

    def column(low: float, high: float) -> list[float]:
        return draw(st.lists(st.one_of(st.just(NAN), st.floats(low, high)), min_size=count, max_size=count))

    def always(low: float, high: float) -> list[float]:
        return draw(st.lists(st.floats(low, high), min_size=count, max_size=count))

    steps_us = draw(st.lists(st.integers(1000, 30_000_000), min_size=count, max_size=count))
    heart = draw(st.lists(st.one_of(st.just(NAN), st.integers(30, 220)), min_size=count, max_size=count))
    return {
        "t_s": [float(us) / 1e6 for us in np.cumsum(steps_us)],
        "latitude_deg": always(-89, 89),
        "longitude_deg": always(0.01, 179),
        "altitude_m": column(-100, 4000),
        "heart_rate_bpm": [float(value) for value in heart],
        "cadence_spm": column(2, 197),
        "speed_mps": column(0, 12),
    }


RESOLUTION = {
    "latitude_deg": 6e-10,
    "longitude_deg": 6e-10,
    "altitude_m": 0.00051,
    "heart_rate_bpm": 0,
    "cadence_spm": 1,
    "speed_mps": 0.00051,
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples_of_a_phone(), st.sampled_from(["1.0", "1.1"]), st.sampled_from(["gpxtpx", "ns3", ""]))
def test_what_is_written_is_read_back_within_gpxs_resolution(
    samples: dict[str, list[float]], version: str, prefix: str
) -> None:
    if version == "1.0":  # it has no extensions
        samples = {name: samples[name] for name in ("t_s", "latitude_deg", "longitude_deg", "altitude_m")}
    recording = only(gpx(samples, start=START, version=version, prefix=prefix, track_type="running"))
    late_us = [
        (time - at(t_s)) / timedelta(microseconds=1)
        for time, t_s in zip(recording.signal.index, samples["t_s"], strict=True)
    ]
    assert all(abs(late) <= 1 for late in late_us)
    for name, tolerance in RESOLUTION.items():
        expected = samples.get(name, [NAN] * len(recording.signal))
        np.testing.assert_allclose(recording.signal[name], expected, rtol=0, atol=tolerance + 1e-12, err_msg=name)
    assert recording.signal["distance_m"].isna().all()


def test_fractions_of_a_second_are_kept() -> None:
    recording = only(gpx(steady(3), start=START))
    assert [time.to_pydatetime() for time in recording.signal.index] == [at(0), at(1), at(2)]
    assert recording.started_at.microsecond == 250000


@pytest.mark.parametrize(
    ("kind", "sport"),
    [
        ("9", ("running", "generic")),
        ("running", ("running", "generic")),
        ("Run", ("running", "generic")),
        ("treadmill_running", ("running", "treadmill")),
        ("trail running", ("running", "trail")),
        ("10", ("walking", "generic")),
        ("4", ("hiking", "generic")),
        ("1", ("cycling", "generic")),
        ("something of theirs", ("unknown", "generic")),
        (None, ("unknown", "generic")),
    ],
)
def test_the_apps_word_for_a_sport_becomes_fits(kind: str | None, sport: tuple[str, str]) -> None:
    """A ride taken for a run would be a rest breach that never was."""
    recording = only(gpx(steady(), start=START, track_type=kind))
    assert (recording.sport, recording.sub_sport) == sport


def test_one_foot_is_doubled_and_both_feet_are_not() -> None:
    """Wrongly doubled, a walk is a jog; not doubled, a jog is a walk."""
    samples = steady(60, cadence_spm=np.full(60, 162.0))
    one, both = (only(gpx(samples, start=START, one_foot=one_foot)) for one_foot in (True, False))
    assert one.signal["cadence_spm"].tolist() == both.signal["cadence_spm"].tolist() == [162.0] * 60
    assert "cadence_one_foot" in codes(one)
    assert "cadence_both_feet" in codes(both)


def test_walk_breaks_do_not_change_how_feet_are_counted() -> None:
    """One decision for a recording: sample by sample, its walking would be doubled and its jogging not."""
    cadence_spm = np.tile(np.repeat([160.0, 110.0], 60), 5)
    recording = only(gpx(steady(600, cadence_spm=cadence_spm), start=START, one_foot=True))
    assert recording.signal["cadence_spm"].tolist() == cadence_spm.tolist()
    recording = only(gpx(steady(600, cadence_spm=cadence_spm), start=START, one_foot=False))
    assert recording.signal["cadence_spm"].tolist() == cadence_spm.tolist()


def test_a_device_that_stopped_and_went_on_was_paused() -> None:
    samples = steady(60)
    samples["t_s"] = np.concatenate((np.arange(30.0), np.arange(30.0) + 100))
    marks = only(gpx(samples, start=START, trkseg_starts_s=[100])).marks
    assert [(mark.kind, mark.start, mark.end) for mark in marks] == [
        (MarkKind.TRKSEG, at(0), at(29)),
        (MarkKind.PAUSE, at(29), at(100)),
        (MarkKind.TRKSEG, at(100), at(129)),
    ]


def test_laps_written_as_track_segments_are_no_pauses() -> None:
    marks = only(gpx(steady(60), start=START, trkseg_starts_s=[20, 40])).marks
    assert [mark.kind for mark in marks] == [MarkKind.TRKSEG] * 3


def test_each_track_is_an_activity_of_its_own() -> None:
    tracks = [
        track(steady(10), start=START, track_type="running"),
        track(steady(20), start=at(7200), track_type="walking"),
    ]
    recordings = read_bytes(gpx_of_tracks(tracks), "two.gpx")
    assert [(r.sport, len(r.signal), r.provenance.index) for r in recordings] == [
        ("running", 10, 0),
        ("walking", 20, 1),
    ]
    assert recordings[0].provenance.device == "Garmin Connect"


def test_a_track_without_times_is_left_out_and_told() -> None:
    untimed = "<trk><trkseg>" + '<trkpt lat="50" lon="4"/>' * 3 + "</trkseg></trk>"
    recording = only(gpx_of_tracks([untimed, track(steady(10), start=START)]))
    assert len(recording.signal) == 10
    assert "track_without_times" in codes(recording)


def test_times_without_a_zone_are_taken_as_utc_and_said_to_be() -> None:
    recording = only(written(point("2026-03-01T07:00:00") + point("2026-03-01T07:00:05")))
    assert recording.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert recording.utc_offset is None
    assert "times_without_zone" in codes(recording)


def test_times_with_a_zone_are_converted_and_name_it() -> None:
    recording = only(written(point("2026-03-01T07:00:00+02:00") + point("2026-03-01T07:00:05+02:00")))
    assert recording.started_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert recording.utc_offset == timedelta(hours=2)


@pytest.mark.parametrize(
    "unreadable",
    [
        "soon",
        "",
        "2026-13-01T07:00:00Z",
        "2026-03-01T07:00:00+99:00",
        "2026-03-01T07:00:00Z2026",
        "2026-03-01T24:00:00Z",
    ],
)
def test_a_point_without_a_readable_time_is_left_out_and_told(unreadable: str) -> None:
    recording = only(written(point("2026-03-01T07:00:00Z") + point(unreadable) + point("2026-03-01T07:00:05Z")))
    assert len(recording.signal) == 2
    assert "samples_without_time" in codes(recording)


def test_a_number_with_underscores_is_none_though_python_reads_it() -> None:
    inside = "<extensions><hr>1_40</hr></extensions>"
    assert np.isnan(only(written(point("2026-03-01T07:00:00Z", inside=inside))).signal["heart_rate_bpm"]).all()


def test_an_extension_that_is_no_number_costs_that_value_alone() -> None:
    extensions = "<extensions><hr>fast</hr><cad>80</cad></extensions>"
    recording = only(written(point("2026-03-01T07:00:00Z", inside=extensions)))
    assert recording.signal["heart_rate_bpm"].isna().all()
    assert recording.signal["cadence_spm"].tolist() == [160]


GARMIN = "http://www.garmin.com/xmlschemas/TrackPointExtension"
CLUETRUST = "http://www.cluetrust.com/XML/GPXDATA/1/0"


@pytest.mark.parametrize(
    "inside",
    [
        f"<extensions><g:TrackPointExtension xmlns:g='{GARMIN}/v1'><g:hr>150</g:hr><g:cad>80</g:cad>"
        "</g:TrackPointExtension></extensions><speed>2.5</speed>",
        f"<extensions><TrackPointExtension xmlns='{GARMIN}/v2'><hr>150</hr><cad>80</cad><speed>2.5</speed>"
        "</TrackPointExtension></extensions>",
        f"<extensions xmlns:d='{CLUETRUST}'><d:hr>150</d:hr><d:cadence>80</d:cadence><d:temp>20</d:temp>"
        "<speed>2.5</speed></extensions>",
        "<extensions><heartrate>150</heartrate><RunCadence>80</RunCadence><speed>2.5</speed></extensions>",
        "<hr>150</hr><cad>80</cad><speed>2.5</speed>",
    ],
)
@pytest.mark.parametrize("version", ["1/0", "1/1"])
def test_heart_rate_steps_and_speed_are_found_wherever_an_app_puts_them(version: str, inside: str) -> None:
    """Garmin's two versions, Cluetrust's, none at all, a speed outside of everything: without steps, no verdict."""
    root = f'xmlns="http://www.topografix.com/GPX/{version}"'
    signal = only(written(point("2026-03-01T07:00:00Z", inside=inside), root=root)).signal
    assert signal[["heart_rate_bpm", "cadence_spm", "speed_mps"]].to_numpy().tolist() == [[150, 160, 2.5]]


@pytest.mark.parametrize("bad", ['lat="x" lon="4"', 'lon="4"', 'lat="" lon=""'])
def test_one_bad_number_does_not_cost_the_file(bad: str) -> None:
    good = point("2026-03-01T07:00:00Z")
    points = f"{good}<trkpt {bad}><ele>--</ele><time>2026-03-01T07:00:01Z</time></trkpt>"
    recording = only(written(points))
    assert recording.signal["latitude_deg"].isna().tolist() == [False, True]
    assert codes(recording) == {"out_of_range"}


def test_a_prefix_for_the_whole_file_is_borne() -> None:
    root = 'xmlns:g="http://www.topografix.com/GPX/1/1"'
    text = written(point("2026-03-01T07:00:00Z"), root=root).replace(b"</", b"</g:").replace(b"<", b"<g:")
    assert len(only(text.replace(b"<g:/g:", b"</g:")).signal) == 1


def test_a_track_whose_times_contradict_one_another_does_not_take_the_others_with_it() -> None:
    scattered = [float(value if value % 2 else value * 86400 * 20) for value in range(20)]
    tracks = [track({**steady(20), "t_s": scattered}, start=START), track(steady(9), start=START)]
    assert codes(only(gpx_of_tracks(tracks))) == {"part_unreadable"}


@pytest.mark.parametrize("times", [["", "", ""], ["2026-03-01T07:00:00Z", "", ""]])
def test_a_track_with_no_times_or_few_is_refused(times: list[str]) -> None:
    with pytest.raises(NoTimes, match="times"):
        read_bytes(written("".join(point(time) for time in times)), "run.gpx")


@pytest.mark.parametrize("latitude", ["nan", "inf", "91", "-999"])
def test_impossible_positions_are_left_out_and_told(latitude: str) -> None:
    data = written(point("2026-03-01T07:00:00Z", latitude=latitude) + point("2026-03-01T07:00:05Z"))
    recording = only(data)
    assert recording.signal["latitude_deg"].isna().tolist() == [True, False]
    assert recording.signal["longitude_deg"].isna().tolist() == [True, False]
    assert "out_of_range" in codes(recording)


def test_points_of_one_instant_are_merged() -> None:
    recording = only(written(point("2026-03-01T07:00:00Z") * 2 + point("2026-03-01T07:00:05Z")))
    assert len(recording.signal) == 2
    assert "same_time_merged" in codes(recording)


def test_a_file_without_a_namespace_or_with_a_byte_order_mark_is_read() -> None:
    points = point("2026-03-01T07:00:00Z") + point("2026-03-01T07:00:05Z")
    assert len(only(written(points, root='version="1.1"')).signal) == 2
    assert len(only(b"\xef\xbb\xbf" + written(points)).signal) == 2
    assert len(only(b"\n  " + written(points)).signal) == 2
    declared = '<?xml version="1.0" encoding="UTF-16"?>' + written(points).decode()
    assert len(only(declared.encode("utf-16")).signal) == 2


@pytest.mark.parametrize("name", ["https://www.topografix.com/GPX/1/1", "http://www.topografix.com/gpx/1/0/"])
def test_a_namespace_spelled_in_an_apps_own_way_is_known(name: str) -> None:
    assert len(only(written(point("2026-03-01T07:00:00Z"), root=f'xmlns="{name}"')).signal) == 1


def test_gpx_of_no_known_version_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="version"):
        read_bytes(written(point("2026-03-01T07:00:00Z"), root='xmlns="http://example.org/gpx/9"'), "run.gpx")


def test_a_route_is_no_activity() -> None:
    route = f'<gpx version="1.1" {NAMESPACE}><rte><rtept lat="50" lon="4"/></rte></gpx>'.encode()
    with pytest.raises(NotAnActivity, match="route"):
        read_bytes(route, "run.gpx")


@pytest.mark.parametrize("inside", ["", "<trk/>", "<trk><trkseg/></trk>"])
def test_gpx_without_a_point_is_refused(inside: str) -> None:
    with pytest.raises(NoSamples):
        read_bytes(f'<gpx version="1.1" {NAMESPACE}>{inside}</gpx>'.encode(), "run.gpx")


def test_entities_are_refused_before_they_are_expanded() -> None:
    """A few hundred bytes would become gigabytes; a named file would be read from her disk."""
    for entity in ('<!ENTITY a "b">', '<!ENTITY a SYSTEM "file:///etc/hostname">'):
        data = f"<!DOCTYPE gpx [{entity}]>".encode() + written(point("2026-03-01T07:00:00Z", inside="<name>&a;</name>"))
        with pytest.raises(Damaged, match="entities"):
            read_bytes(data, "run.gpx")


def test_gpx_cut_off_anywhere_gives_whole_points_and_says_so_or_is_refused() -> None:
    """A phone that lost power must not cost her the run, nor make a shorter one of it in silence."""
    data = gpx(steady(4, cadence_spm=np.full(4, 160.0)), start=START).rstrip()
    whole = only(data)
    lengths = []
    for length in range(1, len(data)):
        try:
            cut = only(data[:length])
        except IngestError:
            lengths.append(0)
            continue
        assert "cut_off" in codes(cut)
        assert cut.signal.equals(whole.signal.iloc[: len(cut.signal)]), length
        lengths.append(len(cut.signal))
    assert lengths == sorted(lengths)
    assert set(lengths) == {0, 1, 2, 3, 4}


def test_a_cadence_without_end_was_not_measured():
    """One absurd number must not decide for a whole run whether its cadence counted one foot or both."""
    text = gpx(steady(4, cadence_spm=np.full(4, 160.0)), start=START).replace(b"cad>80<", b"cad>1e999<", 1)
    (recording,) = read_bytes(text, "run.gpx")
    assert recording.signal["cadence_spm"].isna().sum() == 1
    assert recording.signal["cadence_spm"].max() == 160.0


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_but_an_ingest_error_comes_out_of_any_text(data: st.DataObject) -> None:
    original = gpx(steady(4, cadence_spm=np.full(4, 160.0), heart_rate_bpm=np.full(4, 150.0)), start=START)
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 20)))
    inserted = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from([b"nan", b"-", b"9" * 12, b"1e999", b"\xff"]))
    )
    refusals = []
    try:
        read_bytes(original[:start] + inserted + original[end:], "run.gpx")
    except IngestError as error:
        refusals.append(error)
    assert all(str(error).startswith("run.gpx ") and str(error).endswith(".") for error in refusals)
