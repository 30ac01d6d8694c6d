"""Are two recordings one run: a false merge hides a rest breach, a false split invents one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from time import process_time
from typing import Any

import pytest

import ingest
from analysis.bouts import Gait, Observed
from analysis.checks import dat01
from analysis.gait import observe
from analysis.jogging import on_foot
from analysis.same_run import compare
from analysis.sessions import Session, gather
from analysis.verdict import Answer, Tier, Verdict
from fixtures.fit_bytes import fit_activity
from fixtures.gpx_text import gpx
from fixtures.simulate import Simulated, cycles, simulate
from ingest import IngestError
from ingest.formats import read_bytes
from tests.stories import LISBON, run

SHARED = Path(__file__).parents[2] / "shared"
CORPUS, LABELS = SHARED / "corpus", SHARED / "gait" / "labels"
STAGE_1 = (("walk", 300.0), *cycles(60, 120, 7), ("walk", 180.0))
STEADY = (("walk", 300.0), ("jog", 1200.0), ("walk", 180.0))
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@cache
def simulated(seed: int = 1, spec: tuple[tuple[str, float], ...] = STAGE_1, **device: Any) -> Simulated:
    return simulate(list(spec), seed=seed, start=MONDAY, **device)


@cache
def read(data: bytes, name: str) -> Observed:
    (recording,) = read_bytes(data, name)
    return observe(recording)


def as_fit(session: Simulated, start: datetime = MONDAY, name: str = "watch.fit", sport: str = "running") -> Observed:
    return read(fit_activity(session.samples, start=start, sport=sport), name)


def as_gpx(session: Simulated, start: datetime = MONDAY, *, bare: bool = False, without_zone: bool = False) -> Observed:
    kept = {"t_s", "latitude_deg", "longitude_deg", "altitude_m"} | (set() if bare else {"heart_rate_bpm"})
    text = gpx({name: v for name, v in session.samples.items() if name in kept}, start=start)
    if without_zone:
        text = text.replace(b"Z</time>", b"</time>")
    return read(text, "phone.gpx")


def sessions(*observed: Observed, words: dict[frozenset[str], bool] | None = None) -> tuple[Session, ...]:
    return gather(observed, lambda _: LISBON, words or {})


def judged(one: Observed, other: Observed) -> Verdict:
    """Judge two recordings; the order in which they are named never matters."""
    there, back = compare(one, other), compare(other, one)
    assert (there.answer, there.tier, there.clock_s) == (back.answer, back.tier, -back.clock_s)
    return there


def same_with(tier: Tier) -> tuple[Answer, Tier]:
    return Answer.SAME, tier


def test_one_recording_as_fit_and_as_gpx_is_one_run() -> None:
    watch, site = as_fit(simulated()), as_gpx(simulated())
    verdict = judged(watch, site)
    assert (verdict.answer, verdict.tier) == same_with(Tier.EXPORT)
    assert verdict.words.startswith("another export of one recording (FIT and GPX): speed and pulse the same")
    (session,) = sessions(site, watch)
    assert [r.file_name for r in session.recordings] == ["watch.fit"]
    assert [(r.file_name, v.tier) for r, v in session.copies] == [("phone.gpx", Tier.EXPORT)]
    assert session.doubt is None


def test_the_same_samples_in_another_file_are_the_same_run() -> None:
    """An export downloaded twice may differ by a byte in its head, and is one run."""
    once = as_fit(simulated())
    again = replace(once, identity="another-0", file_name="watch (1).fit")
    assert judged(once, again).tier is Tier.IDENTICAL
    assert len(sessions(once, again)) == 1


def test_positions_alone_are_told_as_a_copy() -> None:
    """The site's GPX without pulse: speeds along the same positions are all there is, and enough."""
    verdict = judged(as_fit(simulated()), as_gpx(simulated(), bare=True))
    assert (verdict.answer, verdict.tier) == same_with(Tier.EXPORT)


@pytest.mark.parametrize("spec", [STAGE_1, STEADY])
def test_a_watch_and_a_phone_on_one_run_are_one(spec: tuple[tuple[str, float], ...]) -> None:
    """She carries both: other satellites, other samples, a few seconds apart. Two sessions would be no rest at all."""
    watch = as_fit(simulated(spec=spec))
    phone = as_gpx(simulated(spec=spec, sampling="smart", scatter_m=3.0, jitter_m=0.4), MONDAY, bare=True)
    verdict = judged(watch, phone)
    assert verdict.answer is Answer.SAME
    (session,) = sessions(watch, phone)
    assert session.doubt is None
    assert len(session.recordings) == 1


@pytest.mark.parametrize("clock_s", [20, 90, -90, 135, 240])
def test_two_watches_whose_clocks_differ_by_minutes_are_one_run(clock_s: int) -> None:
    """Without it each minute outside the other would be jogging twice, or a doubt for ever."""
    watch = as_fit(simulated())
    other = as_gpx(
        simulated(sampling="smart", scatter_m=3.0, jitter_m=0.4), MONDAY + timedelta(seconds=clock_s), bare=True
    )
    verdict = judged(watch, other)
    assert (verdict.answer, verdict.tier) == same_with(Tier.CLOCK)
    assert verdict.clock_s == pytest.approx(clock_s, abs=5)
    (session,) = sessions(watch, other)
    assert session.performed is not None
    assert session.performed.jog_s == pytest.approx(420, abs=45)
    assert session.doubt is None
    assert (session.started_at, session.ended_at) == (watch.started_at, watch.ended_at)


def test_a_clock_that_may_be_a_whole_interval_wrong_leaves_the_doubt() -> None:
    """In intervals of three minutes a clock three minutes wrong fits as well as a watch started three minutes later."""
    whole = (*cycles(60, 120, 9),)
    watch = as_fit(simulated(spec=whole))
    later = simulated(spec=whole, scatter_m=3.0)
    other = as_gpx(later, MONDAY + timedelta(seconds=180), bare=True)
    assert judged(watch, other).tier is not Tier.CLOCK


def test_a_clock_that_is_further_off_than_one_drifts_is_no_copy() -> None:
    other = as_gpx(simulated(sampling="smart", scatter_m=3.0), MONDAY + timedelta(seconds=420), bare=True)
    assert judged(as_fit(simulated()), other).answer is not Answer.SAME


@pytest.mark.parametrize("hours", [1, -1, 2, 5.5, -0.25, 12.75])
def test_a_copy_in_another_zone_is_the_same_run_and_the_file_with_a_zone_leads(hours: float) -> None:
    """The site wrote her local time without a zone: a run one hour after the run, that she never did."""
    watch = as_fit(simulated())
    shifted = as_gpx(simulated(), MONDAY + hours * HOUR, without_zone=True)
    verdict = judged(watch, shifted)
    assert (verdict.answer, verdict.tier, verdict.clock_s) == (Answer.SAME, Tier.ZONE, hours * 3600)
    for richness in (watch.richness, 10**9):
        (session,) = sessions(watch, replace(shifted, richness=richness))
        assert session.recordings == (watch,)
        assert session.doubt is None


def test_why_a_shifted_copy_was_merged_is_said() -> None:
    verdict = judged(as_fit(simulated()), as_fit(simulated(), MONDAY + HOUR, "again.fit"))
    assert verdict.words == (
        "the same recording with its clock 1 h off: speed and pulse the same throughout, over 29 min"
    )


@pytest.mark.parametrize("later", [timedelta(hours=15), timedelta(days=1), timedelta(minutes=40), timedelta(days=365)])
def test_the_same_samples_at_a_time_that_no_zone_explains_are_two_runs(later: timedelta) -> None:
    """A watch whose date was set back is her word's matter: nothing else may take a run out of her calendar."""
    assert judged(as_fit(simulated()), as_fit(simulated(), MONDAY + later)).answer is Answer.DIFFERENT
    assert len(sessions(as_fit(simulated()), as_fit(simulated(), MONDAY + later))) == (1 if later < HOUR else 2)


@pytest.mark.parametrize("later", [HOUR, 4.5 * HOUR, timedelta(days=1)])
@pytest.mark.parametrize("spec", [STAGE_1, STEADY])
def test_the_same_stage_run_again_is_another_run(spec: tuple[tuple[str, float], ...], later: timedelta) -> None:
    """The same loop, the same beeps, to the second: merged, a breach of rest would be hidden."""
    first, second = as_fit(simulated(1, spec)), as_fit(simulated(2, spec), MONDAY + later)
    assert first.first_position == pytest.approx(second.first_position, abs=0.001)
    assert judged(first, second).answer is Answer.DIFFERENT
    treadmill = {"sub_sport": "treadmill", "positions": False}
    first, second = as_fit(simulated(1, spec, **treadmill)), as_fit(simulated(2, spec, **treadmill), MONDAY + later)
    assert judged(first, second).answer is Answer.DIFFERENT


@pytest.mark.parametrize("walk_mps", [1.5, 0.0])
def test_a_programme_that_a_machine_repeats_exactly_is_no_evidence(walk_mps: float) -> None:
    """A treadmill sets the same speeds every time: equal numbers an hour later may well be a second run."""
    t = [float(s) for s in range(1680)]
    jogs = [300 <= s < 1560 and (s - 300) % 180 < 60 for s in t]
    speed = [2.5 if jog else walk_mps for jog in jogs]
    total = [0.0]
    for mps in speed[:-1]:
        total.append(total[-1] + mps)
    session = replace(
        simulated(),
        samples={
            "t_s": t,
            "speed_mps": speed,
            "distance_m": total,
            "cadence_spm": [160.0 if j else 110.0 for j in jogs],
        },
    )
    morning, noon = as_fit(session), as_fit(session, MONDAY + 4 * HOUR)
    assert morning.shape is not None
    assert noon.shape is not None
    assert morning.shape.speed == noon.shape.speed
    assert judged(morning, noon).answer is Answer.DIFFERENT
    assert len(sessions(morning, noon)) == 2
    assert judged(morning, as_fit(session, name="again.fit")).answer is Answer.SAME


def test_a_copy_cut_short_adds_nothing_and_a_longer_one_leaves_a_doubt() -> None:
    """The watch died after ten minutes: what only the phone saw is jogging that must not be lost."""
    whole, half = (
        as_fit(simulated()),
        as_fit(
            replace(simulated(), samples={name: v[:900] for name, v in simulated().samples.items()}), name="cut.fit"
        ),
    )
    (session,) = sessions(whole, half)
    assert session.recordings == (whole,)
    (session,) = sessions(whole, replace(half, richness=10**9))
    assert session.doubt is not None
    assert session.performed is not None
    assert session.performed.jog_s == pytest.approx(420, abs=30)


def test_two_recordings_of_one_time_in_two_places_are_in_doubt() -> None:
    """Somebody else's watch: counted once, and nothing rests on it."""
    here = as_fit(simulated())
    there = as_fit(simulated(2, origin=(-45.0, -21.0)), name="other.fit")
    assert judged(here, there).answer is Answer.DIFFERENT
    (session,) = sessions(here, there)
    assert session.doubt == "another recording of the same time was made in a different place"
    assert dat01.check(session) is not None


def test_recordings_from_before_there_were_shapes_are_compared_by_their_bouts() -> None:
    """A data folder of last year holds none: one run on two watches stays one all the same."""
    watch = replace(as_fit(simulated()), shape=None)
    other = replace(as_fit(simulated(scatter_m=3.0), name="b.fit"), shape=None, richness=1)
    assert (judged(watch, other).answer, judged(watch, other).tier) == same_with(Tier.DEVICES)
    later = replace(as_fit(simulated(2), MONDAY + HOUR), shape=None)
    assert judged(watch, later).answer is Answer.DIFFERENT


def test_a_run_that_was_only_told_of_is_no_evidence() -> None:
    """She logs a run by hand to the minute: what reaches beyond the recording stays a doubt, as it was."""
    watch = as_fit(simulated())
    told = run(
        MONDAY + timedelta(seconds=300 + 120), [("jog", 60), ("walk", 120)] * 7, identity="by-hand-1", richness=-1
    )
    assert judged(watch, told).answer is Answer.CANNOT_TELL


def test_bouts_alone_tell_nothing_of_a_steady_run() -> None:
    watch, other = run(MONDAY, [("jog", 1200)], identity="a"), run(MONDAY, [("jog", 1190)], identity="b")
    assert judged(watch, other).answer is Answer.CANNOT_TELL


def test_her_word_makes_one_run_of_two_recordings() -> None:
    first, second = as_fit(simulated(1)), as_fit(simulated(2), MONDAY + timedelta(days=3), "wrong date.fit")
    assert len(sessions(first, second)) == 2
    pair = frozenset((first.identity, second.identity))
    (session,) = sessions(first, second, words={pair: True})
    assert {r.file_name for r in session.recordings} | {r.file_name for r in session.duplicates} == {
        "watch.fit",
        "wrong date.fit",
    }
    assert [v.words for v in session.verdicts] == ["by your word"]


def test_what_she_says_of_a_copy_holds_for_the_run_it_is_a_copy_of() -> None:
    watch, site = as_fit(simulated()), as_gpx(simulated())
    phone = as_fit(simulated(2), MONDAY + timedelta(days=3), "phone.fit")
    words = {frozenset((site.identity, phone.identity)): True}
    (session,) = sessions(watch, site, replace(phone, richness=1), words=words)
    assert session.recordings == (watch,)
    assert len(session.duplicates) == 2


def test_her_word_keeps_two_recordings_of_one_time_apart_and_both_count() -> None:
    """One of them is not hers, and nobody knows which: both begin the 48 hours, and neither earns anything."""
    watch, site = as_fit(simulated()), as_gpx(simulated())
    longer = replace(site, ended_at=site.ended_at)
    one, other = sessions(watch, longer, words={frozenset((watch.identity, site.identity)): False})
    assert one.is_running
    assert other.is_running
    assert one.doubt is not None
    assert one.doubt == other.doubt
    assert one.ended_at == other.ended_at == max(watch.ended_at, site.ended_at)
    assert (one.id, other.id) == ("2026-03-02", "2026-03-02-2")


def test_her_word_keeps_a_shifted_copy_apart_without_a_doubt() -> None:
    watch, again = as_fit(simulated()), as_fit(simulated(), MONDAY + HOUR, "again.fit")
    assert len(sessions(watch, again)) == 1
    found = sessions(watch, again, words={frozenset((watch.identity, again.identity)): False})
    assert sum(len(s.recordings) for s in found) == 2
    assert all(s.doubt is None for s in found)


def test_a_correction_made_on_a_copy_with_another_clock_is_not_lost_silently() -> None:
    """She corrected what the site showed an hour off, and the watch's file came later."""
    watch, shifted = as_fit(simulated()), as_gpx(simulated(), MONDAY + HOUR)
    hers = (replace(shifted.bouts[0], gait=Gait.WALK, by_her_word=True),)
    (session,) = sessions(watch, replace(shifted, corrected=hers))
    assert session.doubt is not None
    assert "correct it again" in session.doubt


def test_order_of_arrival_changes_nothing() -> None:
    """The phone syncs before the watch on some days: what counts must not depend on it."""
    watch, site, shifted = as_fit(simulated()), as_gpx(simulated()), as_fit(simulated(), MONDAY + HOUR, "again.fit")
    phone = as_gpx(simulated(sampling="smart", scatter_m=3.0), MONDAY + timedelta(seconds=90), bare=True)
    words = {frozenset((watch.identity, phone.identity)): False}
    for said in ({}, words):
        found = {repr(sessions(*order, words=said)) for order in permutations((watch, site, shifted, phone))}
        assert len(found) == 1


def test_gathering_grows_no_faster_than_the_recordings() -> None:
    """Three years of runs, every fifth on two watches: each is compared with its neighbours alone."""

    def seconds(count: int) -> float:
        watch, phone = as_fit(simulated()), as_gpx(simulated(), bare=True)
        recordings = []
        for n in range(count):
            at = timedelta(hours=37 * n)
            recordings += [moved(one, at, n) for one in ((watch, phone) if n % 5 == 0 else (watch,))]
        began = process_time()
        assert len(sessions(*recordings)) == count
        return process_time() - began

    few, many = (min(seconds(count) for _ in range(2)) for count in (40, 160))
    assert many < 4 * few * 1.8  # linear is 4 times; a square would be 16


def moved(one: Observed, by: timedelta, number: int = 0) -> Observed:
    """Record the same at another time."""
    shape = None if one.shape is None else replace(one.shape, since_s=one.shape.since_s + int(by.total_seconds()))
    return replace(
        one,
        identity=f"{one.identity}+{number}",
        started_at=one.started_at + by,
        ended_at=one.ended_at + by,
        bouts=tuple(replace(b, start=b.start + by, end=b.end + by) for b in one.bouts),
        uncertain=tuple(replace(s, start=s.start + by, end=s.end + by) for s in one.uncertain),
        gaps=tuple(replace(s, start=s.start + by, end=s.end + by) for s in one.gaps),
        shape=shape,
    )


# Real recordings, where they are at hand

real = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real exports beside the checkout")
PAIRS = {
    ("gpx/20210119_run_garmin_fenix6_sapphire.gpx", "tcx/20210119_run_garmin_fenix6_sapphire.tcx"): Tier.EXPORT,
    ("gpx/run_03_garmin.gpx", "gpx/run_03_iphone_4s.gpx"): Tier.DEVICES,
    ("runs/20210507_run_coros_pace_2.fit", "runs/20210507_run_garmin_fenix_6.fit"): Tier.DEVICES,
    ("runs/20210604_track_run_coros_pace_2.fit", "runs/20210604_track_run_garmin_fenix_6.fit"): Tier.DEVICES,
    ("runs/20181108_run_garmin_fenix_3_hr.fit", "tcx/20181108_run_garmin_fenix_3_hr.tcx"): Tier.EXPORT,
}
ALSO_ONE = (
    # Not named as a pair, and one run by their samples: the TCX of run_03.
    ("gpx/run_03_garmin.gpx", "tcx/20130309_run_garmin_fr405cx.tcx"),
    ("gpx/run_03_iphone_4s.gpx", "tcx/20130309_run_garmin_fr405cx.tcx"),
    ("gpx/gpx11_with_speed_no_namespace.gpx", "gpx/gpx11_without_speed.gpx"),  # one track of three points, twice
    ("tcx/sup_activity_1.tcx", "tcx/sup_activity_1_2.tcx"),
)


@cache
def observed(name: str) -> tuple[Observed, ...]:
    try:
        return tuple(map(observe, ingest.read(SHARED / name)))
    except IngestError:
        return ()


def only(name: str) -> Observed:
    (one,) = observed(f"corpus/{name}")
    return one


@real
@pytest.mark.parametrize(("pair", "tier"), PAIRS.items(), ids=[pair[0] for pair in PAIRS])
def test_real_pairs_are_one_run_with_the_reason(pair: tuple[str, str], tier: Tier) -> None:
    one, other = map(only, pair)
    verdict = judged(one, other)
    assert (verdict.answer, verdict.tier) == same_with(tier), verdict
    (session,) = sessions(one, other)
    assert len(session.recordings) == len(session.duplicates) == 1
    assert session.verdicts[0].words == compare(session.recordings[0], session.duplicates[0]).words


@real
def test_each_labelled_run_is_one_with_its_poorer_exports() -> None:
    """72 runs, each also without cadence and as positions alone; also an hour off."""
    names = sorted(path.stem for path in (LABELS / "fit").glob("*.fit"))[::8]  # every eighth, to keep it quick
    assert len(names) == 9
    for name in names:
        (whole,) = observed(f"gait/labels/fit/{name}.fit")
        for poorer in (f"fit_speed_only/{name}.fit", f"gpx_positions_only/{name}.gpx.gz"):
            (other,) = observed(f"gait/labels/{poorer}")
            assert (judged(whole, other).answer, judged(whole, other).tier) == same_with(Tier.EXPORT), poorer
            assert judged(whole, moved(other, HOUR)).tier is Tier.ZONE, poorer
            assert judged(whole, moved(other, timedelta(days=1))).answer is Answer.DIFFERENT


@real
def test_no_two_different_runs_of_the_corpus_are_merged() -> None:
    """Every recording against every other, as they are and begun together an hour apart."""
    files = [p for folder in ("runs", "gpx", "tcx", "walks") for p in sorted((CORPUS / folder).iterdir())]
    known = {f"{p.parent.name}/{p.name}": observed(f"corpus/{p.parent.name}/{p.name}") for p in files}
    everything = [(name, one) for name, found in known.items() for one in found if on_foot(one)]
    assert len(everything) > 30
    expected = {frozenset(pair) for pair in (*PAIRS, *ALSO_ONE)}
    for (a, one), (b, other) in combinations(everything, 2):
        if a == b or frozenset((a, b)) in expected:
            continue
        assert judged(one, other).answer is Answer.DIFFERENT, (a, b)
        together = round((one.started_at - other.started_at).total_seconds() / 10) * 10
        for later_s in (3600, -7200):
            shifted = moved(other, timedelta(seconds=together + later_s))
            assert judged(one, shifted).answer is not Answer.SAME, (a, b, later_s)
