"""Recordings whose gait is known, as training data.

The format of a folder of them:

- Recordings of any format that `ingest` reads, in folders of any depth.
- The truth of `NAME.fit` or `NAME.gpx.gz` is `truth/NAME.json`, beside it or one folder up:
  `{"runner": "…", "intervals": [{"start": "2024-11-19T10:25:52Z", "end": "…", "gait": "jog" | "walk" | "stand"}, …]}`.
  A watch's own labels end a jog 13 s late, and are moved; folders called `timed` hold intervals by the clock, and are
  taken at their word.
- Folders called `walks` and `runs` need no truth: nothing in them was jogged, or nearly everything.

Each recording is also taken apart into what poorer devices would have stored of it (no cadence, positions alone).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.speed import Seconds, grid
from fixtures.simulate import cycles, simulate
from ingest import read
from ingest.errors import IngestError
from ingest.recording import Recording

NOT_KNOWN, NOT_JOGGED, JOGGED = -1, 0, 1
TRIM_S = 3  # at both ends of an interval nobody knows
LATE_S = 6.0
"""How late a watch's own labels end a jog: 7 s after its cadence falls, which falls 6 s after she has slowed down (380
changes of three runners, against cadence, distance and workouts by the clock). They begin a jog on time."""
SHORTEST_S = 8
SURELY_SPM, SURELY_MPS = 148.0, 2.0  # in a run, seconds above are jogged for sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One recording with what was done, second by second."""

    name: str
    runner: str
    recording: Recording
    seconds: Seconds
    truth: NDArray[np.int8]


def load(folder: Path) -> Iterator[Labelled]:
    """Read a folder of recordings whose gait is known, each as it is and as poorer devices would have stored it."""
    seen: set[Path] = set()  # one run stored in several formats is one run
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        if path.suffix in (".json", ".tsv", ".md", ".py", ".pyc"):
            continue
        kind = path.parent.name if path.parent.name in ("walks", "runs", "timed") else "labels"
        truth_file = _truth_file(path)
        if truth_file in seen or (truth_file is None and kind not in ("walks", "runs")):
            continue
        if truth_file is not None:
            seen.add(truth_file)
        described = None if truth_file is None else json.loads(truth_file.read_text(encoding="utf-8"))
        try:
            recording = read(path)[0]
        except IngestError:
            continue
        runner = kind if kind != "labels" else str((described or {}).get("runner", "?"))
        for poorer in _poorer(recording):
            if not len(poorer.signal):
                continue
            seconds = grid(poorer)
            truth = _truth(poorer, seconds, kind, described)
            yield Labelled(name=path.name, runner=runner, recording=poorer, seconds=seconds, truth=truth)


def simulated() -> Iterator[Labelled]:
    """Simulate the runners that no folder holds: slow joggers, brisk walkers, short sessions, buggies, treadmills."""
    specs = [
        [("walk", 300.0), *cycles(60, 120, 7), ("walk", 180.0)],
        [("walk", 240.0), *cycles(30, 90, 5), ("walk", 240.0)],
        [("walk", 120.0), *cycles(60, 60, 8), ("walk", 120.0)],
        [("walk", 300.0), ("jog", 1200.0), ("walk", 240.0)],
        [("walk", 300.0), *cycles(480, 120, 3), ("walk", 240.0)],
        [("walk", 2400.0)],
    ]
    paces = [(1.8, 1.25), (1.9, 1.35), (2.0, 1.4), (2.2, 1.45), (2.5, 1.5), (2.8, 1.6)]
    seed = 0
    for spec in specs:
        for jog_mps, walk_mps in paces:
            for options in ({}, {"sampling": "smart"}, {"buggy": True}):
                seed += 1
                session = simulate(spec, seed=9000 + seed, jog_mps=jog_mps, walk_mps=walk_mps, **options)
                for poorer in _poorer(session.recording(file_name=f"simulated-{seed}")):
                    seconds = grid(poorer)
                    truth = np.full(len(seconds), NOT_KNOWN, dtype=np.int8)
                    for gait, since, to in session.truth:
                        truth[int(since) + TRIM_S : max(int(to) - TRIM_S, 0)] = JOGGED if gait == "jog" else NOT_JOGGED
                    yield Labelled(
                        name=f"simulated-{seed}", runner="simulated", recording=poorer, seconds=seconds, truth=truth
                    )


def _poorer(recording: Recording) -> Iterator[Recording]:
    """Give a recording as it is, and as it would be without some of its columns."""
    known = recording.signal.notna().any()
    yield recording
    has_speed = known["speed_mps"] or known["distance_m"]
    without = []
    if has_speed and known["latitude_deg"]:
        without += [["speed_mps", "distance_m"], ["cadence_spm", "speed_mps", "distance_m"]]
        without.append(["cadence_spm", "speed_mps", "distance_m", "altitude_m"])
    if known["speed_mps"] and known["distance_m"]:
        without.append(["cadence_spm", "speed_mps"])
    if known["cadence_spm"] and (has_speed or known["latitude_deg"]):
        without.append(["cadence_spm"])
    for columns in without:
        signal = recording.signal.copy()
        signal[columns] = np.nan
        # Whoever stores positions alone does not store that it was a trail either.
        sub_sport = "generic" if "distance_m" in columns else recording.sub_sport
        yield replace(recording, signal=signal, sub_sport=sub_sport)


def _truth_file(path: Path) -> Path | None:
    name = f"{path.name.split('.')[0]}.json"
    places = (path.parent / "truth" / name, path.parent.parent / "truth" / name)
    return next((file for file in places if file.exists()), None)


def _truth(recording: Recording, seconds: Seconds, kind: str, described: dict[str, Any] | None) -> NDArray[np.int8]:
    truth = np.full(len(seconds), NOT_KNOWN, dtype=np.int8)
    if kind == "walks":
        truth[:] = NOT_JOGGED
    elif kind == "runs":
        truth[_surely_jogged(seconds)] = JOGGED
    elif described is not None:
        start = recording.started_at.timestamp()
        intervals = described["intervals"]
        for before, interval, after in zip([None, *intervals], intervals, [*intervals[1:], None], strict=False):
            since, to = (datetime.fromisoformat(interval[edge]).timestamp() - start for edge in ("start", "end"))
            if to - since < SHORTEST_S:
                continue
            jogged = interval["gait"] == "jog"
            if kind == "labels" and jogged and after is not None and after["gait"] != "jog":
                to -= LATE_S
            if kind == "labels" and not jogged and before is not None and before["gait"] == "jog":
                since -= LATE_S
            truth[max(int(since) + TRIM_S, 0) : max(int(to) - TRIM_S, 0)] = JOGGED if jogged else NOT_JOGGED
    return truth


def _surely_jogged(seconds: Seconds) -> NDArray[np.bool_]:
    quick = seconds.cadence_spm > SURELY_SPM if seconds.has_cadence else seconds.speed_mps > SURELY_MPS
    return np.asarray(quick)
