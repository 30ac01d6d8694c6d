"""TCX: the older text format, as watches, web sites and apps of fifteen years have written it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.gait import observe
from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from fixtures.tcx_text import Lap, activity, database, tcx, tcx_of_activities
from ingest import IngestError, MarkKind, Recording, read_bytes
from ingest.errors import Damaged, NoSamples, NotAnActivity, NoTimes, UnknownFormat

START = datetime(2026, 3, 1, 7, 2, 11, tzinfo=UTC)
NAN = float("nan")


def only(data: bytes) -> Recording:
    (recording,) = read_bytes(data, "run.tcx")
    return recording


def codes(recording: Recording) -> set[str]:
    return {note.code for note in recording.notes}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def steady(count: int = 30, **columns: object) -> dict[str, object]:
    t_s = np.arange(count, dtype=float)
    return {
        "t_s": t_s,
        "latitude_deg": -45 + t_s * 2e-5,
        "longitude_deg": t_s * 0 - 20,
        "distance_m": t_s * 2.2,
        **columns,
    }


def lap_of(inside: str, *, kind: str = "Activity") -> bytes:
    start = "2026-03-01T07:00:00Z"
    lap = f'<Lap StartTime="{start}"><TotalTimeSeconds>5</TotalTimeSeconds><Track>{inside}</Track></Lap>'
    return database(f'<Activities><{kind} Sport="Running">{lap}</{kind}></Activities>')


def point(time: str, inside: str = "") -> str:
    return f"<Trackpoint><Time>{time}</Time>{inside}</Trackpoint>"


@st.composite
def samples_of_a_watch(draw: st.DrawFn) -> dict[str, list[float]]:
    count = draw(st.integers(1, 20))

    def column(low: float, high: float) -> list[float]:
        return draw(st.lists(st.one_of(st.just(NAN), st.floats(low, high)), min_size=count, max_size=count))

    steps_us = draw(st.lists(st.integers(1000, 30_000_000), min_size=count, max_size=count))
    positions = [
        draw(st.one_of(st.just((NAN, NAN)), st.tuples(st.floats(-89, 89), st.floats(1, 179)))) for _ in "x" * count
    ]
    return {
        "t_s": [float(us) / 1e6 for us in np.cumsum(steps_us)],
        "latitude_deg": [latitude for latitude, _ in positions],
        "longitude_deg": [longitude for _, longitude in positions],
        "altitude_m": column(-100, 4000),
        "distance_m": [
            float(metres) for metres in np.cumsum(draw(st.lists(st.floats(0.01, 90), min_size=count, max_size=count)))
        ],
        "heart_rate_bpm": [float(round(value)) if value == value else NAN for value in column(30, 220)],
        "cadence_spm": column(2, 197),
        "speed_mps": column(0, 12),
    }


RESOLUTION = {
    "latitude_deg": 6e-10,
    "longitude_deg": 6e-10,
    "altitude_m": 0.00051,
    "distance_m": 0.00051,
    "heart_rate_bpm": 0,
    "cadence_spm": 1,
    "speed_mps": 0.00051,
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples_of_a_watch(), st.sampled_from(["RunCadence", "Cadence"]), st.sampled_from(["ns3", "x", ""]))
def test_what_is_written_is_read_back_within_tcxs_resolution(
    samples: dict[str, list[float]], cadence_element: str, prefix: str
) -> None:
    recording = only(tcx(samples, start=START, cadence_element=cadence_element, prefix=prefix))
    late_us = [
        (time - at(t_s)) / timedelta(microseconds=1)
        for time, t_s in zip(recording.signal.index, samples["t_s"], strict=True)
    ]
    assert all(abs(late) <= 1 for late in late_us)
    for name, tolerance in RESOLUTION.items():
        np.testing.assert_allclose(recording.signal[name], samples[name], rtol=0, atol=tolerance + 1e-12, err_msg=name)


def test_the_same_run_as_fit_and_as_tcx_was_performed_alike() -> None:
    """Whoever can export TCX alone must get the same verdict as her friend with FIT."""
    run = simulate([("walk", 120), *cycles(60, 120, 4), ("walk", 60)], seed=3)
    (as_fit,) = read_bytes(fit_activity(run.samples, start=run.start), "run.fit")
    (as_tcx,) = read_bytes(tcx(run.samples, start=run.start), "run.tcx")
    assert (as_tcx.started_at, as_tcx.ended_at, as_tcx.sport) == (as_fit.started_at, as_fit.ended_at, as_fit.sport)
    jogs = [
        [(bout.start, bout.end) for bout in observe(recording).bouts if bout.gait == "jog"]
        for recording in (as_fit, as_tcx)
    ]
    assert len(jogs[0]) == len(jogs[1]) == 4
    for one, other in zip(*jogs, strict=True):
        assert all(abs((a - b).total_seconds()) <= 3 for a, b in zip(one, other, strict=True))


def test_a_recording_says_what_made_it_and_which_sport_it_was() -> None:
    recording = only(tcx(steady(), start=START, sport="Biking", device="Edge 705"))
    assert (recording.provenance.format, recording.provenance.device) == ("tcx", "Edge 705")
    assert recording.sport == "cycling"
    assert only(tcx(steady(), start=START, sport="Other", device=None)).sport == "unknown"


def test_several_activities_are_recordings_of_their_own() -> None:
    text = [
        activity(steady(10), start=START),
        activity(steady(20), start=at(7200), sport="Other", device="Other watch"),
    ]
    recordings = read_bytes(tcx_of_activities(text), "two.tcx")
    assert [(r.sport, len(r.signal), r.provenance.index, r.provenance.device) for r in recordings] == [
        ("running", 10, 0, "Forerunner 245"),
        ("unknown", 20, 1, "Other watch"),
    ]


def test_an_activity_inside_a_multi_sport_session_is_found() -> None:
    one, two = activity(steady(10), start=START), activity(steady(10), start=at(7200), sport="Biking")
    inside = f"<MultiSportSession><FirstSport>{one}</FirstSport><NextSport>{two}</NextSport></MultiSportSession>"
    recordings = read_bytes(database(f"<Activities>{inside}</Activities>"), "duathlon.tcx")
    assert [recording.sport for recording in recordings] == ["running", "cycling"]


def test_laps_become_marks_in_the_words_of_fit() -> None:
    laps = [
        Lap(start_s=0, end_s=10, intensity="Active", trigger="Manual"),
        Lap(start_s=10, end_s=20, intensity="Resting", trigger="Time"),
        Lap(start_s=20, end_s=29, intensity=None, trigger=None),
    ]
    marks = [mark for mark in only(tcx(steady(), start=START, laps=laps)).marks if mark.kind is MarkKind.LAP]
    assert [(mark.start, mark.end, mark.label, mark.trigger) for mark in marks] == [
        (at(0), at(10), "active", "manual"),
        (at(10), at(20), "rest", "time"),
        (at(20), at(29), None, None),
    ]


def test_laps_of_a_kilometre_each_were_not_pressed() -> None:
    """Garmin Connect writes `Manual` for them, too; they would read as intervals that she never ran."""
    laps = [Lap(start_s=10.0 * n, end_s=10.0 * n + 10, distance_m=1000 + n) for n in range(4)]
    laps.append(Lap(start_s=40, end_s=49, distance_m=310))
    marks = [m for m in only(tcx(steady(50), start=START, laps=laps)).marks if m.kind is MarkKind.LAP]
    assert [mark.trigger for mark in marks] == ["distance"] * 4 + ["manual"]


def test_a_new_track_after_a_while_is_a_pause_and_laps_that_follow_at_once_are_none() -> None:
    samples = steady(60)
    samples["t_s"] = np.concatenate((np.arange(30.0), np.arange(30.0) + 100))
    laps = [Lap(start_s=0, end_s=10), Lap(start_s=10, end_s=129, timer_s=48)]
    marks = only(tcx(samples, start=START, laps=laps, track_starts_s=[100])).marks
    assert [(m.start, m.end) for m in marks if m.kind is MarkKind.PAUSE] == [(at(29), at(100))]
    assert [(m.start, m.end) for m in marks if m.kind is MarkKind.LAP] == [(at(0), at(10)), (at(10), at(129))]


def test_laps_of_a_watch_that_writes_every_few_seconds_are_no_stops() -> None:
    """Each lap begins a track: twelve seconds between two points would be taken out of every kilometre's jogging."""
    samples = steady(20)
    samples["t_s"] = np.concatenate((np.arange(10.0) * 2, np.arange(10.0) * 2 + 30))
    marks = only(tcx(samples, start=START, laps=[Lap(start_s=0, end_s=19), Lap(start_s=19, end_s=48)])).marks
    assert [(m.start, m.end) for m in marks if m.kind is not MarkKind.LAP] == [(at(0), at(48))]
    stopped = only(tcx(samples, start=START, laps=[Lap(start_s=0, end_s=18), Lap(start_s=30, end_s=48)])).marks
    assert [(m.start, m.end) for m in stopped if m.kind is MarkKind.PAUSE] == [(at(18), at(30))]


@pytest.mark.parametrize(("timer_s", "pauses"), [(59.0, [(29, 100)]), (129.0, []), (90.0, [])])
def test_a_gap_that_the_laps_timer_leaves_out_is_a_pause(timer_s: float, pauses: list[tuple[int, int]]) -> None:
    """Garmin Connect begins no new track there: taken for lost samples, each stop at a light would cost the verdict."""
    samples = steady(60)
    samples["t_s"] = np.concatenate((np.arange(30.0), np.arange(30.0) + 100))
    marks = only(tcx(samples, start=START, laps=[Lap(start_s=0, end_s=129, timer_s=timer_s)])).marks
    found = [(m.start, m.end) for m in marks if m.kind is MarkKind.PAUSE]
    assert found == [(at(since), at(to)) for since, to in pauses]


@pytest.mark.parametrize("cadence_element", ["RunCadence", "Cadence"])
def test_one_foot_is_doubled_and_both_feet_are_not(cadence_element: str) -> None:
    """Wrongly doubled, a walk is a jog; not doubled, a jog is a walk."""
    samples = steady(60, cadence_spm=np.full(60, 162.0))
    for one_foot, code in ((True, "cadence_one_foot"), (False, "cadence_both_feet")):
        recording = only(tcx(samples, start=START, one_foot=one_foot, cadence_element=cadence_element))
        assert recording.signal["cadence_spm"].tolist() == [162.0] * 60
        assert code in codes(recording)


def test_of_two_cadences_the_runners_counts_for_the_whole_recording() -> None:
    """Taken sample by sample from whichever is there, half a run could be counted with one foot."""
    extension = "<Extensions><TPX><RunCadence>80</RunCadence></TPX></Extensions>"
    points = point("2026-03-01T07:00:00Z", f"<Cadence>160</Cadence>{extension}")
    points += point("2026-03-01T07:00:01Z", "<Cadence>160</Cadence>")
    assert only(lap_of(points)).signal["cadence_spm"].dropna().tolist() == [160.0]


def test_pedals_are_no_steps() -> None:
    recording = only(tcx(steady(cadence_spm=np.full(30, 160.0)), start=START, sport="Biking"))
    assert recording.signal["cadence_spm"].isna().all()


@pytest.mark.parametrize(
    ("metres", "code"),
    [
        (np.zeros(30), "distance_always_zero"),
        (2 + np.tile([0.1, 0.4, 0.2], 10), "distance_no_total"),
    ],
)
def test_distances_that_are_no_running_total_are_not_believed(metres: object, code: str) -> None:
    """An Apple Watch app writes 0 throughout, another the metres since the last point: both look like a stand."""
    recording = only(tcx(steady(distance_m=metres), start=START))
    assert recording.signal["distance_m"].isna().all()
    assert code in codes(recording)


def test_a_distance_that_begins_anew_with_each_lap_is_joined_up() -> None:
    metres = np.concatenate((np.arange(15) * 2.0, np.arange(15) * 2.0))
    recording = only(
        tcx(steady(distance_m=metres), start=START, laps=[Lap(start_s=0, end_s=15), Lap(start_s=15, end_s=29)])
    )
    assert recording.signal["distance_m"].iloc[-1] == 56
    assert "distance_fell" in codes(recording)


def test_what_strava_and_old_apps_do_to_the_text_is_borne() -> None:
    """Spaces before the declaration, a byte order mark, UTF-16, a prefix for everything, no namespace at all."""
    data = tcx(steady(5), start=START)
    bare = data.replace(b' xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"', b"")
    prefixed = (
        data.replace(b"<", b"<g:").replace(b"<g:/", b"</g:").replace(b"<g:?", b"<?").replace(b"xmlns=", b"xmlns:g=")
    )
    prefixed = prefixed.replace(b"<g:ns3:", b"<ns3:").replace(b"</g:ns3:", b"</ns3:")
    texts = [
        b"          " + data,
        b"\xef\xbb\xbf" + data,
        b"\xef\xbb\xbf\r\n " + data,
        data.replace(b'encoding="UTF-8"', b'encoding="UTF-16"').decode().encode("utf-16"),
        data.decode().encode("utf-16-le"),
        data.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"').replace(b"Forerunner", b"F\xf6rerunner"),
        bare,
        prefixed,
    ]
    for text in texts:
        recording = only(text)
        assert len(recording.signal) == 5
        assert recording.notes == ()


def test_a_name_that_is_not_xml_does_not_cost_the_run() -> None:
    """Some apps write "Run & walk" as it was typed, or letters in an encoding that they do not declare."""
    for name in (b"Run & walk &nbsp; home", b"Caf\xe9 run", b"bell\x07"):
        recording = only(tcx(steady(5), start=START).replace(b"Forerunner 245", name))
        assert len(recording.signal) == 5
        assert codes(recording) == {"odd_characters"}


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<Courses><Course><Name>x</Name><Lap/><Track/></Course></Courses>", "course"),
        ('<Workouts><Workout Sport="Running"><Name>x</Name></Workout></Workouts>', "workout"),
        ("<Folders/>", "without an activity"),
    ],
)
def test_a_course_and_a_workout_are_no_activity(inside: str, kind: str) -> None:
    with pytest.raises(NotAnActivity, match=kind):
        read_bytes(database(inside), "x.tcx")


def test_tcx_of_a_version_nobody_knows_is_refused() -> None:
    history = (
        f"<History><Running><Run><Lap><Track>{point('2006-03-01T07:00:00Z')}</Track></Lap></Run></Running></History>"
    )
    with pytest.raises(UnknownFormat, match="version"):
        read_bytes(database(history), "x.tcx")


def test_totals_without_a_sample_are_listed_and_cannot_be_judged() -> None:
    """A treadmill run typed in by hand still starts the 48 hours."""
    (recording,) = read_bytes(tcx({"t_s": []}, start=START, laps=[Lap(start_s=0, end_s=1200)]), "x.tcx")
    assert (recording.started_at, recording.ended_at, len(recording.signal)) == (START, at(1200), 0)
    assert "no_samples" in codes(recording)
    with pytest.raises(NoSamples):
        read_bytes(database('<Activities><Activity Sport="Running"><Lap/></Activity></Activities>'), "x.tcx")


def test_totals_of_weeks_are_no_run() -> None:
    laps = [Lap(start_s=0, end_s=60), Lap(start_s=60 * 86400, end_s=60 * 86400 + 60)]
    with pytest.raises(Damaged, match="7 days"):
        read_bytes(tcx({"t_s": []}, start=START, laps=laps), "x.tcx")


def test_points_without_times_are_refused_or_left_out() -> None:
    with pytest.raises(NoTimes):
        read_bytes(lap_of(point("") * 3), "x.tcx")
    recording = only(lap_of(point("2026-03-01T07:00:00Z") + point("soon") + point("2026-03-01T07:00:02")))
    assert len(recording.signal) == 2
    assert codes(recording) == {"samples_without_time", "times_without_zone"}


def test_times_with_a_zone_are_converted_and_name_it() -> None:
    recording = only(lap_of(point("2026-03-01T09:00:00+02:00") + point("2026-03-01T09:00:01+02:00")))
    assert recording.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert recording.utc_offset == timedelta(hours=2)


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_date_at_the_end_of_all_calendars_stops_nothing(date: str) -> None:
    data = lap_of(point("2026-03-01T07:00:00Z") + point("2026-03-01T07:00:01Z"))
    recording = only(data.replace(b'StartTime="2026-03-01T07:00:00Z"', f'StartTime="{date}"'.encode()))
    assert (recording.started_at, len(recording.signal)) == (datetime(2026, 3, 1, 7, tzinfo=UTC), 2)
    with pytest.raises(NoTimes):
        read_bytes(
            data.replace(b"2026-03-01T07:00:00Z", date.encode()).replace(b"2026-03-01T07:00:01Z", date.encode()),
            "x.tcx",
        )


def test_a_heart_rate_without_its_inner_element_is_read() -> None:
    recording = only(lap_of(point("2026-03-01T07:00:00Z", "<HeartRateBpm>140</HeartRateBpm>")))
    assert recording.signal["heart_rate_bpm"].tolist() == [140]


def test_the_end_counts_from_the_totals_where_samples_stop_before() -> None:
    """Rest is counted from the end: a watch that stops writing must not make her seem rested."""
    recording = only(tcx(steady(30), start=START, laps=[Lap(start_s=0, end_s=1200)]))
    assert recording.ended_at == at(1200)
    assert "samples_end_early" in codes(recording)


def test_tcx_cut_off_anywhere_gives_whole_samples_and_says_so_or_is_refused() -> None:
    """An upload that broke off must not cost her the run, nor make a shorter one of it in silence."""
    data = tcx(steady(2, cadence_spm=np.full(2, 160.0)), start=START).rstrip()
    whole = only(data)
    found, refused = set(), []
    for length in range(1, len(data)):
        try:
            cut = only(data[:length])
        except IngestError:
            refused.append(length)
            continue
        assert "cut_off" in codes(cut)
        assert cut.signal.equals(whole.signal.iloc[: len(cut.signal)]), length
        found.add(len(cut.signal))
    assert found == {0, 1, 2}
    assert refused == list(range(1, len(refused) + 1))  # from the first whole thing on nothing is lost


def test_a_fault_in_the_middle_ends_what_is_read_and_is_told() -> None:
    data = tcx(steady(9), start=START)
    places = [place for place in range(len(data)) if data.startswith(b"<Trackpoint>", place)]
    broken = data[: places[5]] + b"<<" + data[places[5] :]
    recording = only(broken)
    assert len(recording.signal) == 5
    assert "damaged" in codes(recording)
    with pytest.raises(Damaged):
        read_bytes(data.replace(b"<Activities>", b"<<"), "x.tcx")


def test_zeros_where_the_disk_lost_a_block_end_what_is_read() -> None:
    data = tcx(steady(9), start=START)
    middle = data.index(b"<Trackpoint>", len(data) // 2)
    assert "damaged" in codes(only(data[:middle] + bytes(100) + data[middle + 100 :]))
    assert codes(only(data + bytes(100))) == set()  # padding


def test_what_follows_the_end_is_told() -> None:
    data = tcx(steady(9), start=START)
    assert codes(only(data + b"junk")) == {"bytes_after_end"}
    assert codes(only(data + data)) == {"part_unreadable"}


def test_one_activity_whose_times_contradict_one_another_does_not_take_the_others_with_it() -> None:
    t_s = [float(value if value % 2 else value * 86400 * 20) for value in range(20)]
    text = [activity({"t_s": t_s}, start=START), activity(steady(9), start=START)]
    assert codes(only(tcx_of_activities(text))) == {"part_unreadable"}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nothing_but_an_ingest_error_comes_out_of_any_text(data: st.DataObject) -> None:
    original = tcx(steady(4, cadence_spm=np.full(4, 160.0), heart_rate_bpm=np.full(4, 150.0)), start=START)
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 20)))
    inserted = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from([b"nan", b"-", b"9" * 12, b"1e999", b"\xff", b"<", b"&"]))
    )
    refusals = []
    try:
        read_bytes(original[:start] + inserted + original[end:], "run.tcx")
    except IngestError as error:
        refusals.append(error)
    assert all(str(error).startswith("run.tcx ") and str(error).endswith(".") for error in refusals)
