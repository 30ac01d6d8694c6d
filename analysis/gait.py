"""One recording to what it lets us say: bouts of jogging, walking and standing, and how sure.

The method and its figures are in docs/gait.md. Nothing here knows a plan or a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis import detector, marks, turns, weights
from analysis.bouts import Bout, Gait, Observed, Span
from analysis.gaps import Silence, silence
from analysis.shape import shape
from analysis.speed import Flags, Floats, Seconds, grid, seconds_since_start

if TYPE_CHECKING:
    from ingest.recording import Recording

WALK, JOG, STAND, PAUSE, UNKNOWN = range(5)
GAITS = (Gait.WALK, Gait.JOG, Gait.STAND, Gait.PAUSE, Gait.UNKNOWN)
Codes = NDArray[np.int8]

STANDING_MPS = 0.35
STANDING_SPM = 40.0
SHORTEST_STAND_S = 5
SHORT_PAUSE_S = 10  # she goes on as before: judged as if it were not there
EDGE_S = 8  # around a change of gait nobody is sure, and that is no doubt about the bout
SHORTEST_DOUBT_S = 10

BOUNDARY_SD_S = {"both": 2.4, "cadence": 2.6, "speed": 2.4, "distance": 2.7, "position": 2.7, "none": 0.0}
BOUT_BIAS_SD_S = {"both": 1.8, "cadence": 2.4, "speed": 1.9, "distance": 2.1, "position": 2.2, "none": 0.0}
"""Standard errors of one boundary, and of all bouts of a recording together, by what it holds (docs/gait.md)."""

NAMES = {
    "distance_m": "distance",
    "speed_mps": "speed",
    "cadence_spm": "cadence",
    "heart_rate_bpm": "heart_rate",
    "altitude_m": "altitude",
    "latitude_deg": "position",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitBySecond:
    """Each second's gait, its probability of being jogging, and where the data do not tell."""

    gait: Codes
    jog_probability: Floats
    is_uncertain: Flags


def observe(recording: Recording) -> Observed:
    """Say what a recording shows of gait, whatever it holds; what it cannot show is `unknown`."""
    signal = recording.signal
    known = signal.notna()
    positions = signal[["latitude_deg", "longitude_deg"]].dropna()
    if len(signal):
        seconds, silent = grid(recording), silence(recording)
        judged = judge(seconds, silent, is_walk=recording.sport in detector.WALKS)
        bouts = _bouts(recording, seconds, judged)
        uncertain, gaps = _spans(recording, judged.is_uncertain), tuple(_span(recording, a, b) for a, b in silent.gaps)
        kind = _kind(seconds)
    else:
        bouts = (Bout(gait=Gait.UNKNOWN, start=recording.started_at, end=recording.ended_at, confidence=0.0),)
        uncertain, gaps, kind = (), (), "none"
    observed = Observed(
        identity=recording.provenance.identity,
        file_name=recording.provenance.file_name,
        format=recording.provenance.format,
        device=recording.provenance.device,
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        utc_offset=recording.utc_offset,
        bouts=bouts,
        uncertain=uncertain,
        gaps=gaps,
        boundary_sd_s=BOUNDARY_SD_S[kind],
        bout_bias_sd_s=BOUT_BIAS_SD_S[kind],
        first_position=_position(positions.iloc[0].to_list()) if len(positions) else None,
        last_position=_position(positions.iloc[-1].to_list()) if len(positions) else None,
        distance_m=_distance_m(signal["distance_m"].dropna().to_numpy(), bouts),
        richness=int(known[list(NAMES)].to_numpy().sum()),
        signals=tuple(sorted(name for column, name in NAMES.items() if known[column].any())),
        notes=tuple((note.code, note.message) for note in recording.notes),
        shape=shape(recording),
    )
    return marks.weigh(observed, recording.marks)


def judge(seconds: Seconds, silent: Silence, *, is_walk: bool = False) -> GaitBySecond:
    """Judge every second; `is_walk` where the sport of the recording says so."""
    n = len(seconds)
    turn_mps = detector.turning_mps(seconds)
    prior = detector.evidence(seconds, turn_mps)
    odds = prior + weights.correction(seconds, turn_mps)
    gait = np.full(n, UNKNOWN, dtype=np.int8)
    probability, by_prior = np.full(n, 0.5), np.full(n, 0.5)
    short, long = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for since, to in silent.pauses:
        (short if to - since < SHORT_PAUSE_S else long)[round(since) : round(to)] = True
    for since, to in silent.gaps:
        odds[round(since) : round(to)] = np.nan
    is_stood = np.zeros(n, dtype=bool)
    for since, to in silent.stands:
        is_stood[round(since) : round(to)] = True
    is_known = np.isfinite(odds) & ~short & ~long & ~is_stood
    jogging = np.zeros(n, dtype=bool)
    switch = detector.SWITCH["cadence" if seconds.has_cadence else seconds.speed_source]
    settle_s, tells = detector.SETTLE_S[seconds.has_cadence], detector.clearness(seconds, turn_mps)
    for piece in _pieces(is_known, short):
        part = _part(seconds, piece)
        found = turns.without_brief(turns.place(part, detector.most_likely(odds[piece], switch)))
        jogging[piece] = found
        sure = detector.sureness(odds[piece], found, settle_s=settle_s, tells=tells, switch=switch)
        probability[piece] = 1.0 / (1.0 + np.exp(-weights.true_odds(weights.kind_of(seconds), sure)))
        doubted = detector.sureness(prior[piece], found, settle_s=settle_s, tells=tells, switch=switch)
        by_prior[piece] = 1.0 / (1.0 + np.exp(-doubted))
    gait[is_known] = np.where(jogging, JOG, WALK)[is_known]
    gait[is_known & ~jogging & _is_standing(seconds)] = STAND
    gait[is_stood], probability[is_stood] = STAND, 0.0
    gait[long | short] = PAUSE
    # How sure others' recordings make is no comfort to a runner slower than they: without steps the prior must be sure.
    doubt = probability if seconds.has_cadence else by_prior
    low, high = detector.UNSURE_ON_A_WALK if is_walk else detector.UNSURE
    unsure = is_known & (doubt > low) & (doubt < high)
    return GaitBySecond(
        gait=gait,
        jog_probability=probability,
        is_uncertain=_long_enough(unsure & ~_near_change(jogging, is_known), SHORTEST_DOUBT_S),
    )


def _pieces(is_known: Flags, is_short_pause: Flags) -> list[NDArray[np.intp]]:
    """List stretches to be judged as one: seconds that can be judged, short pauses between them left out."""
    linked = is_known | is_short_pause
    edges = np.flatnonzero(np.diff(linked.astype(np.int8), prepend=0, append=0))
    pieces = [np.arange(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [kept for piece in pieces if len(kept := piece[is_known[piece]])]


def _part(seconds: Seconds, piece: NDArray[np.intp]) -> Seconds:
    return replace(
        seconds,
        speed_mps=seconds.speed_mps[piece],
        prompt_mps=seconds.prompt_mps[piece],
        cadence_spm=seconds.cadence_spm[piece],
        grade=seconds.grade[piece],
    )


def _is_standing(seconds: Seconds) -> Flags:
    still = np.nan_to_num(seconds.prompt_mps, nan=np.inf) < STANDING_MPS
    if seconds.has_cadence:
        still &= np.nan_to_num(seconds.cadence_spm, nan=0.0) < STANDING_SPM
    return _long_enough(still, SHORTEST_STAND_S)


def _long_enough(flags: Flags, shortest: int) -> Flags:
    """Keep only the runs of at least `shortest` seconds."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    kept = np.zeros(len(flags), dtype=bool)
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        kept[a:b] = b - a >= shortest
    return kept


def _near_change(jogging: Flags, is_known: Flags) -> Flags:
    """Mark the seconds around each change between jogging and not."""
    near = np.zeros(len(jogging), dtype=bool)
    changed = (jogging[1:] != jogging[:-1]) & is_known[1:] & is_known[:-1]
    for i in np.flatnonzero(changed) + 1:
        near[max(i - EDGE_S, 0) : i + EDGE_S] = True
    return near


def _bouts(recording: Recording, seconds: Seconds, judged: GaitBySecond) -> tuple[Bout, ...]:
    """Join seconds of one gait to bouts, from the start of the recording to its end."""
    n = len(seconds)
    edges = [0, *(np.flatnonzero(np.diff(judged.gait)) + 1).tolist(), n]
    metres_at = _metres_at(recording, seconds)
    bouts = []
    for a, b in pairwise(edges):
        gait = GAITS[judged.gait[a]]
        start = recording.started_at + timedelta(seconds=a)
        end = recording.ended_at if b == n else recording.started_at + timedelta(seconds=b)
        probability = float(judged.jog_probability[a:b].mean())
        sure = {Gait.JOG: probability, Gait.PAUSE: 1.0, Gait.UNKNOWN: 0.0}.get(gait, 1.0 - probability)
        moved = gait in (Gait.JOG, Gait.WALK, Gait.STAND)
        metres = float(metres_at[b] - metres_at[a]) if moved and metres_at is not None else None
        bouts.append(
            Bout(
                gait=gait,
                start=start,
                end=end,
                distance_m=None if metres is None else round(metres, 1),
                mean_speed_mps=None if metres is None or end <= start else metres / (end - start).total_seconds(),
                mean_cadence_spm=_mean_cadence(seconds.cadence_spm[a:b]) if moved else None,
                confidence=sure,
            )
        )
    return tuple(bouts)


def _metres_at(recording: Recording, seconds: Seconds) -> Floats | None:
    """Give the distance at every edge between seconds: the recording's own, or its speed added up."""
    distance = recording.signal["distance_m"].to_numpy()
    known = np.isfinite(distance)
    if known.sum() > 1:
        edges = np.arange(len(seconds) + 1, dtype=np.float64)
        return np.asarray(np.interp(edges, seconds_since_start(recording)[known], distance[known]), dtype=np.float64)
    if seconds.speed_source == "none":
        return None
    return np.concatenate([[0.0], np.cumsum(np.nan_to_num(seconds.speed_mps))])


def _mean_cadence(cadence_spm: Floats) -> float | None:
    """Average the steps that were counted; a wrist that counts none says nothing."""
    counted = cadence_spm[np.isfinite(cadence_spm) & (cadence_spm >= STANDING_SPM)]
    return float(counted.mean()) if len(counted) else None


def _distance_m(recorded: Floats, bouts: Sequence[Bout]) -> float | None:
    if len(recorded):
        return float(recorded[-1])
    known = [bout.distance_m for bout in bouts if bout.distance_m is not None]
    return round(sum(known), 1) if known else None


def _kind(seconds: Seconds) -> str:
    if seconds.has_cadence:
        return "both" if seconds.is_prompt else "cadence"
    return seconds.speed_source


def _position(pair: list[float]) -> tuple[float, float]:
    latitude_deg, longitude_deg = pair
    return latitude_deg, longitude_deg


def _span(recording: Recording, since_s: float, to_s: float) -> Span:
    return Span(
        start=recording.started_at + timedelta(seconds=since_s), end=recording.started_at + timedelta(seconds=to_s)
    )


def _spans(recording: Recording, flags: Flags) -> tuple[Span, ...]:
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).tolist()
    return tuple(_span(recording, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
