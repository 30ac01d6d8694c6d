"""The demo's files are what a stranger sees first: they must be readable, true to what they claim, and nobody's own."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analysis.bouts import Gait
from analysis.checks.dat01 import error_limit_s
from analysis.gait import observe
from analysis.performed import measure
from fixtures.make import FOLDER, files
from fixtures.simulate import OPEN_SEA
from ingest.formats import read
from ingest.recording import MarkKind, Recording

TRUTHS = sorted(FOLDER.glob("*.truth.json"))
RUNS = [path for path in TRUTHS if json.loads(path.read_text(encoding="utf-8"))["stage"] is not None]
WITH_A_HOLE = "2026-04-24-08-09-00.gpx"


def truth_of(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def recording(truth: dict[str, Any]) -> Recording:
    (only,) = read(FOLDER / truth["file"])
    return only


def contents(name: str, data: bytes) -> bytes:
    """A compressor may pack the same bytes otherwise from version to version; what is packed may not change."""
    return gzip.decompress(data) if name.endswith(".gz") else data


def test_making_the_demo_again_gives_the_same_bytes() -> None:
    """A demo that differs from machine to machine cannot be checked, and every release would change its files."""
    made = files()
    on_disk = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
    assert sorted(made) == sorted(on_disk)
    differing = [name for name in made if contents(name, made[name]) != contents(name, on_disk[name])]
    assert differing == []


def test_the_demo_stays_small() -> None:
    """It ships with every installation."""
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_500_000


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name[:10])
def test_the_truth_of_a_file_adds_up(path: Path) -> None:
    """A wrong truth would make a wrong detector look right."""
    truth = truth_of(path)
    bouts = truth["bouts"]
    assert all(before[2] == after[1] for before, after in pairwise(bouts))
    jogs = [end - start for gait, start, end in bouts if gait == "jog"]
    assert (sum(jogs), max(jogs, default=0.0), len(jogs)) == (truth["jog_s"], truth["longest_jog_s"], truth["repeats"])
    seen = recording(truth)
    assert (seen.ended_at - seen.started_at).total_seconds() == pytest.approx(bouts[-1][2], abs=1.0)
    assert seen.sport == truth["sport"]


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.name[:10])
def test_what_is_detected_is_the_truth_within_its_stated_error(path: Path) -> None:
    """The demo claims figures with an error; a stranger who compares them with the truth must find them right."""
    truth = truth_of(path)
    observed = observe(recording(truth))
    performed = measure(
        observed.bouts,
        uncertain=observed.uncertain,
        boundary_sd_s=observed.boundary_sd_s,
        bout_bias_sd_s=observed.bout_bias_sd_s,
    )
    assert performed is not None
    if truth["file"] == WITH_A_HOLE:  # what she did in the hole is anybody's guess, and the error says so
        assert performed.jog_error_s > error_limit_s(performed.jog_s)
        return
    assert abs(performed.jog_s - truth["jog_s"]) <= performed.jog_error_s <= error_limit_s(performed.jog_s)
    assert performed.repeats == truth["repeats"]


def test_the_files_are_of_the_kinds_that_people_have() -> None:
    """A demo of one tidy kind of file would promise what the first real export breaks."""
    kinds = {path.name: recording(truth_of(path)) for path in TRUTHS}
    gaps_s = {name: seen.signal.index.to_series().diff().dt.total_seconds().median() for name, seen in kinds.items()}
    assert {name.split(".", 1)[1].removesuffix(".truth.json") for name in kinds} == {"fit", "fit.gz", "gpx"}
    assert min(gaps_s.values()) == 1.0
    assert max(gaps_s.values()) > 2.0
    assert {seen.sport for seen in kinds.values()} == {"running", "walking", "cycling"}
    assert [seen.sub_sport for seen in kinds.values()].count("treadmill") == 1
    assert any(mark.kind is MarkKind.PAUSE for seen in kinds.values() for mark in seen.marks)
    without_positions = [seen for seen in kinds.values() if seen.signal["latitude_deg"].isna().all()]
    assert [seen.sub_sport for seen in without_positions] == ["treadmill"]


def test_nobody_ran_there() -> None:
    """A real track in a public package would tell where somebody lives."""
    for path in TRUTHS:
        signal = recording(truth_of(path)).signal
        assert ((signal["latitude_deg"].dropna() - OPEN_SEA[0]).abs() < 0.5).all()
        assert ((signal["longitude_deg"].dropna() - OPEN_SEA[1]).abs() < 0.5).all()


def test_the_walk_holds_no_jogging() -> None:
    """A walk counted as a run would start the 48 hours."""
    (walk,) = [truth for truth in map(truth_of, TRUTHS) if truth["sport"] == "walking"]
    assert not [bout for bout in observe(recording(walk)).bouts if bout.gait is Gait.JOG]
