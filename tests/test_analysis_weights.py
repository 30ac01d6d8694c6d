"""The learned numbers: they may sharpen what a watch shows, and must never speak where nothing was learned."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import detector, weights
from analysis.bouts import Gait
from analysis.gait import observe
from analysis.speed import grid
from fixtures.simulate import cycles, simulate

KINDS = ("cadence", "speed", "position")
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_recording_has_its_numbers(kind: str) -> None:
    learned = weights.model(kind)
    for term in learned.terms:
        assert len(term.knots) == len(term.weights)
        assert list(term.knots) == sorted(term.knots)
        assert -weights.FURTHEST_S <= term.from_s <= term.to_s < weights.FURTHEST_S


def test_the_file_says_where_its_numbers_come_from_and_stays_small() -> None:
    """Numbers of unknown origin cannot be judged, nor made again."""
    text = (files("analysis") / "gait.json").read_text(encoding="utf-8")
    provenance = json.loads(text)["provenance"]
    assert provenance["made_by"].startswith("training/fit_gait.py")
    assert sum(provenance["learned_from_s"].values()) > 0
    assert len(text) < 30_000


@pytest.mark.parametrize("kind", KINDS)
def test_more_evidence_never_makes_less_sure(kind: str) -> None:
    """Else a clearer jog would be called doubtful, and her week held."""
    odds = np.linspace(0, 30, 400)
    true = weights.true_odds(kind, odds)
    assert (np.diff(true) >= 0).all()
    assert (weights.true_odds(kind, -odds) == -true).all()
    assert true[-1] <= 6.5  # never quite sure of a runner it has not seen


@given(
    values=st.lists(st.one_of(st.just(float("nan")), st.floats(-10, 10)), min_size=1, max_size=150),
    since=st.integers(-60, 20),
    longer=st.integers(0, 39),
)
def test_a_mean_around_a_second_is_that_of_what_is_known_there(values: list[float], since: int, longer: int) -> None:
    to = since + longer
    means = weights.Series(np.asarray(values)).mean(since, to)
    for i, mean in enumerate(means):
        known = [v for v in values[max(i + since, 0) : max(i + to + 1, 0)] if not np.isnan(v)]
        assert np.isnan(mean) if not known else mean == pytest.approx(float(np.mean(known)), abs=1e-9)


def test_a_wrist_that_does_not_swing_is_not_taken_for_slow_steps() -> None:
    """Behind a buggy next to no steps are counted; learned weights for slow steps would turn her jog into a walk."""
    observed = observe(simulate([("walk", 300), *cycles(120, 60, 6), ("walk", 120)], buggy=True).recording())
    jogs = [bout for bout in observed.bouts if bout.gait is Gait.JOG]
    assert [round(bout.seconds / 120) for bout in jogs] == [1] * 6


def test_what_was_learned_moves_nobody_further_than_its_limit() -> None:
    seconds = grid(simulate([("walk", 300), ("jog", 300)], jog_mps=4.5, jog_spm=190).recording())
    odds = weights.correction(seconds, detector.turning_mps(seconds))
    assert (np.abs(odds) <= weights.MOST_ODDS).all()


def test_a_slow_jog_without_steps_is_not_lost_to_what_was_learned_from_faster_runners() -> None:
    spec = [("walk", 300.0), *cycles(120, 120, 6), ("walk", 120.0)]
    for seed in range(3):
        session = simulate(spec, seed=seed, jog_mps=2.0, walk_mps=1.35, cadence=False)
        observed = observe(session.recording())
        jogged_s = sum(bout.seconds for bout in observed.bouts if bout.gait is Gait.JOG)
        assert jogged_s == pytest.approx(session.jog_s, rel=0.08)


def test_the_most_likely_bouts_are_those_of_a_full_search() -> None:
    """Four ways through every second, weighed one by one, agree with the one pass that is used."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        odds, switch = rng.normal(size=9) * 3, 4.0
        ways = ((np.arange(512)[:, None] >> np.arange(9)) & 1).astype(bool)
        worth = (ways * odds).sum(axis=1) - switch * (ways[:, 1:] != ways[:, :-1]).sum(axis=1)
        found = detector.most_likely(odds, switch)
        own = (found * odds).sum() - switch * sum(a != b for a, b in pairwise(found.tolist()))
        assert own == pytest.approx(worth.max())


def test_the_version_is_known_without_loading_numpy() -> None:
    """`restride week` compares it, and must start at once."""
    program = "import sys; from analysis.bouts import DETECTOR_VERSION; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
