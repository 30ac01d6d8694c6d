"""Sessions of known truth, drawn many times: are the jogs counted, are they as long as they were, does the error hold?

    python -m training.draws --draws 1000

prints the table of docs/gait.md. Each draw takes another seed, another pace and another sensor noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.gait import observe
from analysis.performed import measure
from fixtures.simulate import cycles, simulate

Spec = list[tuple[str, float]]
SESSIONS: dict[str, tuple[Spec, dict[str, Any]]] = {
    "2 × 1/2": ([("walk", 300.0), *cycles(60, 120, 2), ("walk", 180.0)], {}),
    "5 × 0.5/1.5": ([("walk", 300.0), *cycles(30, 90, 5), ("walk", 180.0)], {}),
    "6 × 1/1, 1.9 m/s": ([("walk", 300.0), *cycles(60, 60, 6), ("walk", 180.0)], {"jog_mps": 1.9, "walk_mps": 1.35}),
    "1-2-4-1": (
        [("walk", 300.0), *cycles(60, 90, 1), *cycles(120, 90, 1), *cycles(240, 90, 1), ("jog", 60.0), ("walk", 240.0)],
        {},
    ),
    "7 × 1/2": ([("walk", 300.0), *cycles(60, 120, 7), ("walk", 180.0)], {}),
    "3 × 8/2": ([("walk", 300.0), *cycles(480, 120, 3), ("walk", 180.0)], {}),
    "20 min": ([("walk", 300.0), ("jog", 1200.0), ("walk", 240.0)], {}),
}
DEVICES: dict[str, dict[str, Any]] = {
    "steps, 1 s": {},
    "steps, smart": {"sampling": "smart"},
    "no steps, 1 s": {"cadence": False},
    "no steps, smart": {"cadence": False, "sampling": "smart"},
    "positions alone": {"cadence": False, "speed": False, "distance": False},
}
SHARE, LONGEST_S = 0.03, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of one session with one device, over all draws."""

    counted: float  # share of the draws with every jog counted
    bias: float  # of the jog total, as a share
    within_share: float  # share of the draws with the total within 3 %
    longest_within: float  # share of the draws with the longest jog within 3 s
    longest_bias_s: float
    held: float  # share of the draws with the truth within the stated error
    stated_s: float  # median stated error


def draw(spec: Spec, options: dict[str, Any], draws: int) -> Drawn:
    """Simulate one session many times and measure it."""
    counted, shares, longest, held, stated = [], [], [], [], []
    for seed in range(draws):
        session = simulate(spec, seed=50_000 + seed, **options)
        observed = observe(session.recording())
        result = measure(
            observed.bouts,
            uncertain=observed.uncertain,
            boundary_sd_s=observed.boundary_sd_s,
            bout_bias_sd_s=observed.bout_bias_sd_s,
        )
        jog_s, longest_s = (result.jog_s, result.longest_jog_s) if result else (0.0, 0.0)
        error_s = result.jog_error_s if result else 0.0
        counted.append(result is not None and result.repeats == len(session.jogs_s))
        shares.append(jog_s / session.jog_s - 1)
        longest.append(longest_s - session.longest_jog_s)
        held.append(abs(jog_s - session.jog_s) <= error_s)
        stated.append(error_s)
    return Drawn(
        counted=_share(counted),
        bias=float(np.mean(shares)),
        within_share=_share(np.abs(shares) <= SHARE),
        longest_within=_share(np.abs(longest) <= LONGEST_S),
        longest_bias_s=float(np.mean(longest)),
        held=_share(held),
        stated_s=float(np.median(stated)),
    )


def _share(flags: Sequence[bool] | np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    return float(np.mean(np.asarray(flags)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=30, help="of each session with each device (35 pairs)")
    parser.add_argument("--exact", action="store_true", help="runners that turn on the beep: no early start, no delay")
    args = parser.parse_args()
    heads = ("session", "device", "jogs exact", "total", "within 3 %", "longest", "within 3 s", "error holds", "stated")
    print("|", " | ".join(heads), "|")
    print("|", " | ".join("---" for _ in heads), "|")
    for device, options in DEVICES.items():
        for name, (spec, pace) in SESSIONS.items():
            d = draw(spec, {**options, **pace, "lag": not args.exact}, args.draws)
            print(
                f"| {name} | {device} | {d.counted:.3f} | {d.bias:+.1%} | {d.within_share:.2f}"
                f" | {d.longest_bias_s:+.1f} s | {d.longest_within:.2f} | {d.held:.3f} | ±{d.stated_s:.0f} s |",
                flush=True,
            )


if __name__ == "__main__":
    main()
