"""The numbers that were learned: what a recording's signals, near and far in time, add to each second's evidence.

An additive model: each term is a mean of one signal over some seconds around, taken through a function of a few
straight pieces. It corrects the prior of analysis.detector and does not replace it, so that where nothing was learned
the prior stands. The numbers are in gait.json, with what they were learned from; training/fit_gait.py makes that file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from analysis.speed import STILL_MPS, Floats, Seconds

FURTHEST_S = 60  # from a second to what a term may look at
HELPFUL_SPM = 60.0  # fewer steps are a wrist on a handle bar: they add nothing to the prior
SESSION_S = 120  # of moving, before a session has slow and quick parts of its own
NARROWEST_MPS = 0.8  # a session of one gait is not stretched until it looks like two
MOST_ODDS = 6.0  # however many terms agree, what was learned from a few runners moves nobody further


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One signal, averaged from `from_s` to `to_s` around each second, through straight pieces between knots."""

    signal: str
    from_s: int
    to_s: int
    knots: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was learned for recordings that hold the same signals."""

    intercept: float
    terms: tuple[Term, ...]
    sureness: tuple[tuple[float, ...], tuple[float, ...]]  # log-odds as added up, and as they turned out to be true


@cache
def model(kind: str) -> Model:
    """Read the numbers of one kind of recording: "cadence", "speed" or "position"."""
    return from_json(json.loads((files("analysis") / "gait.json").read_text(encoding="utf-8"))["models"][kind])


def from_json(content: dict[str, Any]) -> Model:
    """Take one kind's numbers as the file holds them."""
    terms = tuple(
        Term(
            signal=term["signal"],
            from_s=term["from_s"],
            to_s=term["to_s"],
            knots=tuple(term["knots"]),
            weights=tuple(term["weights"]),
        )
        for term in content["terms"]
    )
    sureness = (tuple(content["sureness"]["odds"]), tuple(content["sureness"]["true_odds"]))
    return Model(intercept=content["intercept"], terms=terms, sureness=sureness)


def kind_of(seconds: Seconds) -> str:
    """Say which numbers fit what a recording holds."""
    if seconds.has_cadence:
        return "cadence"
    return "position" if seconds.speed_source == "position" else "speed"


def correction(seconds: Seconds, turn_mps: Floats) -> Floats:
    """Give the log-odds that what was learned adds to the prior of each second.

    Args:
        seconds: what was recorded.
        turn_mps: see `detector.turning_mps`.
    """
    learned = model(kind_of(seconds))
    shown = signals(seconds, turn_mps)
    odds = np.full(len(seconds), learned.intercept)
    for term in learned.terms:
        if term.signal in shown:
            mean = shown[term.signal].mean(term.from_s, term.to_s)
            odds += np.nan_to_num(np.interp(mean, term.knots, term.weights))
    return np.asarray(np.clip(odds, -MOST_ODDS, MOST_ODDS), dtype=np.float64)


def true_odds(kind: str, odds: Floats) -> Floats:
    """Say how sure evidence makes in truth: how often such evidence was right about runners it was not learned from."""
    stated, true = model(kind).sureness
    return np.asarray(np.sign(odds) * np.interp(np.abs(odds), stated, true), dtype=np.float64)


class Series:
    """One signal, ready to be averaged over any span around each second."""

    def __init__(self, values: Floats) -> None:
        known = np.isfinite(values)
        self._n = len(values)
        self._total = np.pad(np.cumsum(np.where(known, values, 0.0)), (FURTHEST_S + 1, FURTHEST_S), mode="edge")
        self._known = np.pad(np.cumsum(known, dtype=np.float64), (FURTHEST_S + 1, FURTHEST_S), mode="edge")
        self._total[: FURTHEST_S + 1] = self._known[: FURTHEST_S + 1] = 0.0

    def mean(self, from_s: int, to_s: int) -> Floats:
        """Average what is known from `from_s` to `to_s`, both included; NaN where nothing is."""
        since, to = FURTHEST_S + from_s, FURTHEST_S + to_s + 1
        known = self._known[to : to + self._n] - self._known[since : since + self._n]
        total = self._total[to : to + self._n] - self._total[since : since + self._n]
        return np.where(known > 0, total / np.maximum(known, 1.0), np.nan)


def signals(seconds: Seconds, turn_mps: Floats) -> dict[str, Series]:
    """Prepare the signals that terms are made of."""
    shown = {
        "speed": Series(seconds.speed_mps - turn_mps),
        "prompt": Series(seconds.prompt_mps - turn_mps),
        "grade": Series(seconds.grade),
        "place": Series(_place(seconds)),
    }
    if seconds.has_cadence:
        shown["cadence"] = Series(np.where(seconds.cadence_spm >= HELPFUL_SPM, seconds.cadence_spm, np.nan))
    return shown


def _place(seconds: Seconds) -> Floats:
    """Place each second's speed between the slow and the quick parts of its session: -0.5 and 0.5."""
    speed = Series(seconds.speed_mps)
    quarter_minute = speed.mean(-7, 7)
    moving = quarter_minute[np.isfinite(quarter_minute) & (seconds.speed_mps > STILL_MPS)]
    if len(moving) < SESSION_S:
        return np.full(len(seconds), np.nan)
    low, high = np.quantile(moving, [0.1, 0.9])
    return np.asarray((speed.mean(-4, 4) - (low + high) / 2) / max(high - low, NARROWEST_MPS), dtype=np.float64)
