"""Facts and observations must come back from the database as they went in."""

from __future__ import annotations

import json
import typing
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bouts import Bout, Gait, Observed, Shape, Span
from monitor import facts as facts_module
from monitor.answers import CheckIn, Leakage, Window
from monitor.facts import Birth, Fact, Facts, Setting
from monitor.store import Store, UnreadableRow, fact_codec, observed_codec
from monitor.store.tables import instant_text, read_instant

NOW = datetime(2026, 3, 1, 7, 2, 11, 250_000, tzinfo=UTC)

instants = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def strategy_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any value that the type of a fact allows."""
    hints = typing.get_type_hints(kind)
    by_type: dict[Any, st.SearchStrategy[Any]] = {
        datetime: instants,
        datetime | None: st.none() | instants,
        date: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        float | None: st.none() | numbers,
        dict[str, Any]: st.dictionaries(st.text(), json_values, max_size=3),
    }
    return st.builds(kind, **{f.name: by_type.get(hints[f.name], st.from_type(hints[f.name])) for f in fields(kind)})


any_fact = st.one_of([strategy_of(kind) for _, kind, _ in fact_codec.KINDS])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> typing.Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("data") / "restride.db") as opened:
        yield opened


@settings(deadline=None)  # a disk that is busy is no fault
@given(st.lists(any_fact, max_size=6))
def test_every_fact_comes_back_from_a_real_database_as_it_went_in(store: Store, told: list[Fact]) -> None:
    runner = store.add_runner(f"runner {len(store.runners())}", NOW)
    added = store.add_facts(runner, told)
    assert [replace(fact, id=0) for fact in added] == [replace(fact, id=0) for fact in told]
    back = store.facts(runner)
    everything = [fact for _, _, place in fact_codec.KINDS for fact in getattr(back, place)]
    assert sorted(everything, key=lambda f: f.id) == added


def test_every_kind_of_fact_has_its_word_and_its_place() -> None:
    """A kind left out could not be stored at all."""
    assert {kind for _, kind, _ in fact_codec.KINDS} == set(typing.get_args(facts_module.Fact))
    assert [place for _, _, place in fact_codec.KINDS] == [field.name for field in fields(Facts)]


def test_the_words_of_the_kinds_never_change() -> None:
    """They are in people's databases: a renamed one would be refused as unknown."""
    assert [word for word, _, _ in fact_codec.KINDS][:12] == [
        *("birth", "gate", "later-start", "readiness", "check-in", "override", "plan-start", "setting", "issued"),
        *("seen", "correction", "ignored"),
    ]


def test_the_body_of_a_check_in_is_readable_json() -> None:
    told = CheckIn(
        id=0,
        recorded_at=NOW,
        recording="ab-0",
        windows=frozenset({Window.NEXT_DAY, Window.AFTER}),
        pain=2,
        site="hip",
        leakage=Leakage.DROPS,
    )
    kind, body = fact_codec.encode(told)
    assert kind == "check-in"
    assert {
        "recording": "ab-0",
        "windows": ["after", "next_day"],
        "pain": 2,
        "site": "hip",
        "leakage": "drops",
        "heaviness": None,
    }.items() <= body.items()
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("clinician", {"on": "2026-03-01"}),
        ("birth", {"on": "2026-03-01", "multiple": True}),
    ],
)
def test_what_a_newer_version_wrote_is_refused_not_left_out(kind: str, body: dict[str, Any]) -> None:
    """A symptom that is silently dropped could turn a hold into progress."""
    with pytest.raises(UnreadableRow, match="Update Restride"):
        fact_codec.decode(7, kind, NOW, body)


@pytest.mark.parametrize(
    "damage",
    [
        {"pain": "3"},
        {"pain": True},
        {"leakage": "a secret word"},
        {"windows": "after"},
        {"windows": None},
        {"soreness": 1},
    ],
)
def test_a_damaged_entry_is_refused_without_saying_what_is_in_it(damage: dict[str, Any]) -> None:
    _, body = fact_codec.encode(CheckIn(id=0, recorded_at=NOW, recording=None, windows=frozenset({Window.ANY})))
    with pytest.raises(UnreadableRow) as caught:
        fact_codec.decode(7, "check-in", NOW, body | damage)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("day", ["0001-01-01", "1066-10-14", "9999-12-31"])
def test_a_day_that_nobody_means_is_refused_and_never_written(day: str) -> None:
    """At the ends of time no zone and no week can be worked out: one such row ended every command in a traceback."""
    with pytest.raises(UnreadableRow, match="Entry 7"):
        fact_codec.decode(7, "birth", NOW, {"on": day})
    with pytest.raises(ValueError, match="nobody means"):
        fact_codec.encode(Birth(id=0, recorded_at=NOW, on=date.fromisoformat(day)))
    for text in (f"{day}T00:00:00.000000Z", f"{day}T00:00:00+14:00", f"{day}T23:59:59-14:00"):
        with pytest.raises(ValueError, match=r"nobody means|out of range"):
            read_instant(text)


def test_a_byte_that_is_no_letter_is_kept_as_a_sign_for_it() -> None:
    """Typed on an old terminal it comes as half a letter, which no page and no export could hold."""
    said = CheckIn(id=0, recorded_at=NOW, recording=None, windows=frozenset({Window.ANY}), note="caf\udce9 \ud800")
    kind, body = fact_codec.encode(said)
    assert body["note"] == "caf\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}"
    kept_before = {**body, "note": said.note}
    assert fact_codec.decode(7, kind, NOW, kept_before) == fact_codec.decode(7, kind, NOW, body)


def test_a_missing_field_is_refused_when_nothing_can_stand_for_it() -> None:
    with pytest.raises(UnreadableRow):
        fact_codec.decode(7, "birth", NOW, {})
    required = [f.name for f in fields(CheckIn) if f.default is MISSING and f.name not in ("id", "recorded_at")]
    assert required == ["recording", "windows"]
    assert fact_codec.decode(7, "check-in", NOW, {"recording": None, "windows": []}).recorded_at == NOW


def test_a_field_of_the_wrong_type_is_not_stored(store: Store) -> None:
    runner = store.add_runner("wrong", NOW)
    right = Setting(id=0, recorded_at=NOW, at=NOW, key="zone", value="Europe/Berlin")
    wrong = Setting(id=0, recorded_at=NOW, at=NOW, key="zone", value=3)
    with pytest.raises(TypeError):
        store.add_facts(runner, [right, wrong])
    assert store.facts(runner) == Facts()  # nor is the right one beside it


@given(instants, instants)
def test_instants_keep_every_microsecond_and_sort_as_text(one: datetime, other: datetime) -> None:
    assert read_instant(instant_text(one)) == one
    assert read_instant(instant_text(one)).utcoffset() == timedelta(0)
    assert (instant_text(one) < instant_text(other)) == (one < other)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 3, 1))  # noqa: DTZ001 (the point of it)


utc_instants = instants.map(lambda at: at.astimezone(UTC))
maybe_numbers = st.none() | numbers
spans = st.builds(Span, start=utc_instants, end=utc_instants)
observations = st.builds(
    Observed,
    identity=st.text(max_size=80),
    file_name=st.text(),
    format=st.sampled_from(["fit", "gpx"]),
    device=st.none() | st.text(),
    sport=st.text(),
    sub_sport=st.text(),
    started_at=utc_instants,
    ended_at=utc_instants,
    utc_offset=st.none() | st.timedeltas(timedelta(hours=-14), timedelta(hours=14)),
    bouts=st.lists(
        st.builds(
            Bout,
            gait=st.sampled_from(Gait),
            start=utc_instants,
            end=utc_instants,
            distance_m=maybe_numbers,
            mean_speed_mps=maybe_numbers,
            mean_cadence_spm=maybe_numbers,
            confidence=numbers,
        ),
        max_size=4,
    ).map(tuple),
    uncertain=st.lists(spans, max_size=2).map(tuple),
    gaps=st.lists(spans, max_size=2).map(tuple),
    boundary_sd_s=numbers,
    bout_bias_sd_s=numbers,
    first_position=st.none() | st.tuples(numbers, numbers),
    last_position=st.none() | st.tuples(numbers, numbers),
    distance_m=maybe_numbers,
    richness=st.integers(0),
    signals=st.lists(st.text(), max_size=3).map(tuple),
    notes=st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple),
    shape=st.none()
    | st.builds(
        Shape,
        since_s=st.integers(0, 2**33),
        samples=st.integers(0),
        position=st.binary(max_size=6),
        speed=st.binary(max_size=6),
        heart_rate=st.binary(max_size=6),
    ),
)


@given(observations)
def test_what_was_observed_comes_back_as_it_went_in(one: Observed) -> None:
    body = json.loads(json.dumps(observed_codec.encode(one), allow_nan=False))
    assert observed_codec.decode(one.identity, one.sport, one.started_at, one.ended_at, body) == one


def test_every_field_of_an_observation_is_stored() -> None:
    """The codec is written by hand: a field with a default that it forgets would be lost without an error."""
    columns = {"identity", "sport", "started_at", "ended_at"}
    not_derived = {"corrected"}  # her word: a fact, laid over what was observed each time it is read
    one = Observed(
        identity="ab-0",
        file_name="a.fit",
        format="fit",
        device=None,
        sport="running",
        sub_sport="generic",
        started_at=NOW,
        ended_at=NOW + timedelta(minutes=30),
        utc_offset=None,
        bouts=(),
    )
    stored = {"utc_offset" if name == "utc_offset_s" else name for name in observed_codec.encode(one)}
    assert stored == {field.name for field in fields(Observed)} - columns - not_derived


@given(observations)
def test_a_row_from_before_there_were_shapes_is_still_read(one: Observed) -> None:
    """An update must not make a year of runs unreadable."""
    body = observed_codec.encode(one)
    del body["shape"]
    back = observed_codec.decode(one.identity, one.sport, one.started_at, one.ended_at, body)
    assert back == replace(one, shape=None)


def test_what_she_corrected_is_never_stored_as_observed() -> None:
    """Stored, it would outlive the fact that says so: taking it back would change nothing."""
    bout = Bout(gait=Gait.WALK, start=NOW, end=NOW + timedelta(minutes=30), by_her_word=True)
    one = Observed(
        identity="ab-0",
        file_name="a.fit",
        format="fit",
        device=None,
        sport="running",
        sub_sport="generic",
        started_at=NOW,
        ended_at=NOW + timedelta(minutes=30),
        utc_offset=None,
        bouts=(bout,),
        corrected=(bout,),
    )
    with pytest.raises(ValueError, match="without corrections"):
        observed_codec.encode(one)


def test_a_number_that_is_none_is_not_stored_as_one() -> None:
    """NaN is no JSON, and a comparison with it is never true."""
    bout = Bout(gait=Gait.JOG, start=NOW, end=NOW + timedelta(seconds=60), mean_speed_mps=float("nan"))
    one = Observed(
        identity="ab-0",
        file_name="a.fit",
        format="fit",
        device=None,
        sport="running",
        sub_sport="generic",
        started_at=NOW,
        ended_at=NOW + timedelta(minutes=1),
        utc_offset=None,
        bouts=(bout,),
    )
    with pytest.raises(ValueError, match="finite"):
        observed_codec.encode(one)


@pytest.mark.parametrize(
    "damage",
    [
        {"bouts": [["jog", 0]]},
        {"bouts": None},
        {"first_position": [48.1]},
        {"gaps": 3},
        {"shape": [0, 1, "?", "", ""]},
        {"shape": [0, 1]},
        {"shape": [0.5, 1, "", "", ""]},
        {"file_name": 5},
        {"device": ["a watch"]},
        {"signals": [5]},
        {"notes": [["gap", 5]]},
        {"distance_m": "far"},
        {"distance_m": float("nan")},
        {"richness": True},
        {"utc_offset_s": 90_000},
        {"first_position": ["48.1", "11.4"]},
        {"bouts": [["jog", 0, 1, None, None, None, None]]},
    ],
)
def test_a_damaged_observation_is_refused_without_a_position(damage: dict[str, Any]) -> None:
    body = {
        "file_name": "a.fit",
        "format": "fit",
        "device": None,
        "sub_sport": "generic",
        "utc_offset_s": None,
        "bouts": [],
        "uncertain": [],
        "gaps": [],
        "boundary_sd_s": 0.0,
        "bout_bias_sd_s": 0.0,
        "first_position": [48.123, 11.456],
        "last_position": None,
        "distance_m": None,
        "richness": 0,
        "signals": [],
        "notes": [],
    }
    assert observed_codec.decode("ab-0", "running", NOW, NOW, body).first_position == (48.123, 11.456)
    with pytest.raises(UnreadableRow, match="restride rebuild") as caught:
        observed_codec.decode("ab-0", "running", NOW, NOW, body | damage)
    assert "48.1" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_dates_are_days_not_instants() -> None:
    with pytest.raises(TypeError):
        fact_codec.encode(facts_module.Birth(id=0, recorded_at=NOW, on=NOW))
    assert fact_codec.encode(facts_module.Birth(id=0, recorded_at=NOW, on=date(2025, 11, 1)))[1] == {"on": "2025-11-01"}
