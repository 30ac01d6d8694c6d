"""How the numbers were learned can be done again, from recordings in the format that is written down."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from analysis.bouts import Gait
from analysis.gait import observe
from fixtures.fit_bytes import fit_activity
from fixtures.simulate import Simulated, cycles, simulate
from training import draws, plot
from training.fit_gait import TERMS, learn, rows, without
from training.labelled import JOGGED, LATE_S, NOT_JOGGED, load
from training.reliability import EDGES, Said, numbers, sureness

ROOT = Path(__file__).resolve().parent.parent


def put(folder: Path, name: str, session: Simulated, runner: str) -> None:
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.fit").write_bytes(fit_activity(session.samples, start=session.start))
    intervals = [
        {
            "start": (session.start + timedelta(seconds=a)).isoformat(),
            "end": (session.start + timedelta(seconds=b)).isoformat(),
            "gait": gait,
        }
        for gait, a, b in session.truth
    ]
    (folder / "truth" / f"{name}.json").write_text(json.dumps({"runner": runner, "intervals": intervals}))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    for seed, runner in enumerate(("ann", "bea")):
        session = simulate([("walk", 240), *cycles(90, 90, 6), ("walk", 60)], seed=seed)
        put(tmp_path / "labels", f"{runner}-1", session, runner)
    walk = simulate([("walk", 900)], seed=5)
    (tmp_path / "walks").mkdir()
    (tmp_path / "walks" / "walk.fit").write_bytes(fit_activity(walk.samples, start=walk.start))
    return tmp_path


def test_a_folder_is_read_with_the_late_ends_of_labels_moved(labels: Path) -> None:
    """Labels end a jog late: taken at their word they would lengthen every jog of every runner."""
    examples = list(load(labels))
    assert {e.runner for e in examples} == {"ann", "bea", "walks"}
    whole = next(e for e in examples if e.runner == "ann")
    jog_end = 240 + 90
    assert whole.truth[jog_end - int(LATE_S) - 6] == JOGGED
    assert whole.truth[jog_end - int(LATE_S) + 4] == NOT_JOGGED
    assert {(e.seconds.has_cadence, e.seconds.speed_source) for e in examples} >= {
        (True, "speed"),
        (True, "position"),
        (False, "speed"),
        (False, "distance"),
        (False, "position"),
    }


def test_what_is_learned_can_be_used(labels: Path) -> None:
    examples = rows(load(labels))
    models = {kind: learn(without(examples, "bea"), kind) for kind in TERMS}
    session = simulate([("walk", 300), *cycles(60, 120, 5)], seed=77)
    with numbers(models):
        found = observe(session.recording())
    assert sum(bout.gait is Gait.JOG for bout in found.bouts) == 5


def test_sureness_follows_what_was_right() -> None:
    rng = np.random.default_rng(0)
    odds = rng.uniform(0, 12, 40_000)
    right = rng.random(40_000) < 1 / (1 + np.exp(-odds / 2))
    learned = sureness([Said(person="ann", kind="speed", odds=odds, right=right)], "speed")
    assert len(learned["odds"]) == len(learned["true_odds"]) <= len(EDGES)
    assert np.interp(4.0, learned["odds"], learned["true_odds"]) == pytest.approx(2.0, abs=0.5)


@pytest.mark.parametrize("device", [d for d in draws.DEVICES if d != "positions alone"])
@pytest.mark.parametrize("name", [n for n in draws.SESSIONS if "1.9" not in n])
def test_known_sessions_are_counted_and_their_error_holds(name: str, device: str) -> None:
    """What the table of docs/gait.md says of a thousand draws, on a few."""
    spec, pace = draws.SESSIONS[name]
    drawn = draws.draw(spec, {**draws.DEVICES[device], **pace}, 4)
    assert drawn.counted == 1
    assert drawn.held == 1
    assert abs(drawn.bias) <= 0.05
    assert abs(drawn.longest_bias_s) <= 5


def test_the_drawing_in_the_docs_is_the_one_that_the_code_draws() -> None:
    assert (ROOT / "docs" / "gait-session.svg").read_text(encoding="utf-8") == plot.draw()
