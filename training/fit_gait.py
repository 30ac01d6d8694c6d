"""Learn the detector's numbers.

    python -m training.fit_gait --labels DIR --out analysis/gait.json

`DIR` holds recordings whose gait is known, in the format that training/labelled.py describes. For each kind of
recording an additive logistic model is fitted that corrects the prior of analysis/detector.py. Small and smooth weights
are preferred (ridge, and second differences along the knots), so that a knot that nothing was learned for adds nothing.
Every runner counts by the root of the seconds known of her, and simulated sessions count as one runner more: they hold
the slow joggers and the buggies that the recordings lack.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analysis import detector
from analysis.speed import Floats
from analysis.weights import Series, kind_of, signals
from training.labelled import NOT_KNOWN, Labelled, load, simulated
from training.reliability import person, sureness, unseen

SCRIPT_VERSION = "1"
STEP_S = 4  # neighbouring seconds tell the same
RIDGE, SMOOTH = 3.0, 10.0
EVEN_SECONDS = 20_000.0
COUNTS = {"timed": 0.7, "runs": 0.4}
SIMULATED = {"cadence": 1.0, "speed": 4.0}  # slow joggers without steps are in no folder, and easily lost
STEPS = 12

SPEED_KNOTS = (-1.2, -0.7, -0.4, -0.2, 0.0, 0.2, 0.4, 0.7, 1.2)
CADENCE_KNOTS = (70.0, 95.0, 110.0, 120.0, 130.0, 137.0, 144.0, 152.0, 165.0)
PLACE_KNOTS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)
GRADE_KNOTS = (-0.2, -0.1, -0.04, 0.0, 0.04, 0.1, 0.2)
NEAR = ((-1, 1), (-5, -2), (2, 5), (-12, -6), (6, 12))
BY_SPEED = (
    *(("speed", since, to, SPEED_KNOTS) for since, to in NEAR),
    *(("prompt", since, to, SPEED_KNOTS) for since, to in ((-1, 1), (-6, 6))),
    ("place", 0, 0, PLACE_KNOTS),
    ("grade", 0, 0, GRADE_KNOTS),
)
TERMS: dict[str, tuple[tuple[str, int, int, tuple[float, ...]], ...]] = {
    "cadence": (
        *(("cadence", since, to, CADENCE_KNOTS) for since, to in (*NEAR, (-30, 30))),
        *(("speed", since, to, SPEED_KNOTS) for since, to in ((-1, 1), (-6, 6), (-30, 30))),
        ("place", 0, 0, PLACE_KNOTS),
    ),
    "speed": BY_SPEED,
    "position": (),  # tried, and worse than the prior on runners it had not seen
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The known seconds of one recording: what the terms are at each, its prior, and the truth."""

    runner: str
    kind: str
    terms: Floats
    prior: Floats
    jogged: Floats


def rows(examples: Iterable[Labelled]) -> list[Rows]:
    """Lay out what each known second shows."""
    found = []
    for example in examples:
        seconds = example.seconds
        if not TERMS[kind_of(seconds)]:
            continue
        turn_mps = detector.turning_mps(seconds)
        prior = detector.evidence(seconds, turn_mps)
        at = np.flatnonzero((example.truth != NOT_KNOWN) & np.isfinite(prior))[::STEP_S]
        if not len(at):
            continue
        kind, shown = kind_of(seconds), signals(seconds, turn_mps)
        columns = [np.ones((len(at), 1))]
        for signal, since, to, knots in TERMS[kind]:
            columns.append(_hats(shown.get(signal, Series(np.full(len(seconds), np.nan))).mean(since, to)[at], knots))
        jogged = example.truth[at].astype(np.float64)
        terms = np.concatenate(columns, axis=1).astype(np.float32)
        found.append(Rows(runner=example.runner, kind=kind, terms=terms, prior=prior[at], jogged=jogged))
    return found


def learn(examples: Sequence[Rows], kind: str) -> dict[str, Any]:
    """Fit one kind's weights (Newton's method), and give them as gait.json holds them."""
    if not TERMS[kind]:
        return {"intercept": 0.0, "terms": [], "sureness": {"odds": [0.0, 30.0], "true_odds": [0.0, 30.0]}}
    mine = [r for r in examples if r.kind == kind]
    counted = {**COUNTS, "simulated": SIMULATED[kind]}
    size: dict[str, float] = {}
    for r in mine:
        size[r.runner] = size.get(r.runner, 0.0) + len(r.jogged)
    counts = [
        np.full(len(r.jogged), counted.get(r.runner, 1.0) * float(np.sqrt(EVEN_SECONDS / size[r.runner]))) for r in mine
    ]
    terms, prior, jogged, count = (
        np.concatenate(parts)
        for parts in ([r.terms for r in mine], [r.prior for r in mine], [r.jogged for r in mine], counts)
    )
    held = _penalty(kind)
    weights = np.zeros(terms.shape[1])
    for _ in range(STEPS):
        odds = prior + terms @ weights
        jog = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
        slope = terms.T @ (count * (jog - jogged)) + held @ weights
        bend = (terms * (count * np.maximum(jog * (1 - jog), 1e-4))[:, None].astype(np.float32)).T @ terms + held
        move = np.linalg.solve(bend, slope)
        weights -= np.clip(move, -3, 3)
        if np.abs(move).max() < 1e-3:
            break
    content, at = [], 1
    for signal, since, to, knots in TERMS[kind]:
        part = [round(float(w), 3) for w in weights[at : at + len(knots)]]
        content.append({"signal": signal, "from_s": since, "to_s": to, "knots": list(knots), "weights": part})
        at += len(knots)
    return {
        "intercept": round(float(weights[0]), 3),
        "terms": content,
        "sureness": {"odds": [0.0, 30.0], "true_odds": [0.0, 30.0]},
    }


def without(examples: Sequence[Rows], left_out: str) -> list[Rows]:
    """Leave a person out."""
    return [r for r in examples if person(r.runner) != left_out]


def _hats(values: Floats, knots: tuple[float, ...]) -> Floats:
    """Write each value as a mixture of its two neighbouring knots; nothing where it is not known."""
    k, n = np.asarray(knots), len(knots)
    out = np.zeros((len(values), n))
    known = np.flatnonzero(np.isfinite(values))
    inside = np.clip(values[known], k[0], k[-1])
    left = np.clip(np.searchsorted(k, inside, side="right") - 1, 0, n - 2)
    share = (inside - k[left]) / (k[left + 1] - k[left])
    out[known, left], out[known, left + 1] = 1 - share, share
    return out


def _penalty(kind: str) -> Floats:
    sizes = [len(knots) for *_, knots in TERMS[kind]]
    held = np.zeros((1 + sum(sizes), 1 + sum(sizes)))
    held[0, 0], at = 0.1 * RIDGE, 1
    for n in sizes:
        bent = np.diff(np.eye(n), 2, axis=0)
        held[at : at + n, at : at + n] = RIDGE * np.eye(n) + SMOOTH * bent.T @ bent
        at += n
    return held


def main() -> None:
    """Learn from a folder, and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", action="append", default=[], help="leave this runner out; may be given again")
    args = parser.parse_args()
    labelled = [e for e in load(args.labels) if e.runner not in args.without]
    examples = rows([*labelled, *simulated()])
    models = {kind: learn(examples, kind) for kind in TERMS}
    seen = unseen(labelled, lambda left_out: {k: learn(without(examples, left_out), k) for k in TERMS})
    for kind, content in models.items():
        content["sureness"] = sureness(seen, kind)
    known_s = {r: STEP_S * sum(len(e.jogged) for e in examples if e.runner == r) for r in {e.runner for e in examples}}
    content = {
        "provenance": {
            "what": "weights of an additive logistic model that corrects the prior of analysis/detector.py",
            "made_by": f"training/fit_gait.py, version {SCRIPT_VERSION}",
            "made_on": datetime.now(UTC).date().isoformat(),
            "learned_from_s": dict(sorted(known_s.items())),
            "without": args.without,
        },
        "models": models,
    }
    args.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
