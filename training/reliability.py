"""How often the detector is right where it says how sure it is.

    python -m training.reliability --labels DIR

prints a reliability table: each second's stated probability against how often it was right. `unseen` judges every
person with numbers that were learned from the others, which is what the stated probabilities of gait.json rest on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from analysis import weights
from analysis.gait import JOG, STAND, WALK, judge
from analysis.gaps import silence
from analysis.speed import Flags, Floats
from training.labelled import JOGGED, NOT_KNOWN, Labelled, load

CLEAR_S = 5  # around a change of gait, judged and labelled may differ by the seconds that labels are late
EDGES = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.5, 8.0, 10.0, 40.0)
LEANS = 40.0  # seconds that a group's share leans on the middle by, so that no bin is ever quite sure
MOST_SURE = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of one person's recordings of one kind, second by second, and whether it was right."""

    person: str
    kind: str
    odds: Floats  # of what was said, ≥ 0
    right: Flags


def person(runner: str) -> str:
    """Name the person behind a set: one runner's road and trail are one person."""
    return "-".join(runner.split("-")[:2])


@contextmanager
def numbers(models: dict[str, dict[str, Any]]) -> Iterator[None]:
    """Let the detector use other numbers for a while."""
    ready = {kind: weights.from_json(content) for kind, content in models.items()}
    with patch.object(weights, "model", ready.__getitem__):
        yield


def say(examples: Iterable[Labelled]) -> list[Said]:
    """Judge recordings, and compare with what is known."""
    found = []
    for example in examples:
        judged = judge(example.seconds, silence(example.recording))
        known = _well_known(example) & np.isin(judged.gait, (WALK, JOG, STAND))
        if not known.any():
            continue
        jog = np.clip(judged.jog_probability[known], 1e-12, 1 - 1e-12)
        is_jog = judged.gait[known] == JOG
        odds = np.log(jog / (1 - jog)) * np.where(is_jog, 1.0, -1.0)
        right = is_jog == (example.truth[known] == JOGGED)
        found.append(Said(person=person(example.runner), kind=weights.kind_of(example.seconds), odds=odds, right=right))
    return found


def unseen(examples: Sequence[Labelled], learned: Callable[[str], dict[str, dict[str, Any]]]) -> list[Said]:
    """Judge each person by what was learned from the others."""
    found = []
    for left_out in sorted({person(e.runner) for e in examples}):
        with numbers(learned(left_out)):
            found += say(e for e in examples if person(e.runner) == left_out)
    return found


def sureness(said: Sequence[Said], kind: str) -> dict[str, list[float]]:
    """Learn how sure evidence makes in truth: every person counts alike, and more evidence never makes less sure."""
    mine = [s for s in said if s.kind == kind]
    stated, true = [0.0], [0.0]
    for low, high in pairwise(EDGES):
        shares, middles = [], []
        for name in sorted({s.person for s in mine}):
            hers = [s for s in mine if s.person == name]
            odds, right = np.concatenate([s.odds for s in hers]), np.concatenate([s.right for s in hers])
            inside = (odds >= low) & (odds < high)
            if inside.sum() >= LEANS:
                shares.append((right[inside].sum() + LEANS / 2) / (inside.sum() + LEANS))
                middles.append(float(np.median(odds[inside])))
        if shares:
            share = float(np.mean(shares))
            stated.append(round(max(float(np.mean(middles)), stated[-1] + 0.01), 2))
            true.append(round(min(max(float(np.log(share / (1 - share))), true[-1]), MOST_SURE), 2))
    return {"odds": stated, "true_odds": true}


def _well_known(example: Labelled) -> Flags:
    """Mark the known seconds that lie off every change."""
    truth = example.truth
    known = truth != NOT_KNOWN
    for shift in range(1, CLEAR_S + 1):
        known[shift:] &= truth[shift:] == truth[:-shift]
        known[:-shift] &= truth[:-shift] == truth[shift:]
    return known


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, required=True)
    args = parser.parse_args()
    said = say(load(args.labels))
    print(f"{'':10} {'stated':>12} {'seconds':>9} {'mean':>6} {'right':>6}")
    for kind in ("cadence", "speed", "position"):
        odds = np.concatenate([s.odds for s in said if s.kind == kind])
        right = np.concatenate([s.right for s in said if s.kind == kind])
        stated = 1 / (1 + np.exp(-odds))
        for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1.01)):
            inside = (stated >= low) & (stated < high)
            if inside.any():
                print(
                    f"{kind:10} {low:.2f} to {min(high, 1):.2f} {inside.sum():9d}"
                    f" {stated[inside].mean():6.3f} {right[inside].mean():6.3f}"
                )


if __name__ == "__main__":
    main()
