"""Draw one simulated session with what was found in it.

python -m training.plot --out docs/gait-session.svg
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from analysis.gait import observe
from analysis.speed import Floats, grid
from fixtures.simulate import cycles, simulate

WIDTH, LEFT, PANEL, GAP, TOP = 900, 60, 120, 26, 34
COLOURS = {"jog": "#e8833a", "walk": "#8fb8de", "stand": "#c9c9c9", "pause": "#eeeeee", "unknown": "#b98fd0"}


def draw() -> str:
    """Give the drawing as SVG."""
    session = simulate([("walk", 300.0), *cycles(60, 120, 7), ("walk", 120.0)], seed=3)
    recording = session.recording()
    observed, seconds = observe(recording), grid(recording)
    scale = (WIDTH - LEFT - 20) / session.duration_s
    bands = [
        (b.gait.value, *((t - observed.started_at).total_seconds() for t in (b.start, b.end))) for b in observed.bouts
    ]
    speed_top, cadence_top = TOP, TOP + PANEL + GAP
    found_top = cadence_top + PANEL + GAP
    height = found_top + 92
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        "<title>Seven jogs of a minute: what the watch recorded, what was found and what was done</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-weight="bold">Seven jogs of a minute, simulated</text>',
        *_panel("m/s", seconds.speed_mps, 0.0, 4.0, (0.0, 2.0, 4.0), speed_top, scale),
        *_panel("steps/min", seconds.cadence_spm, 60.0, 180.0, (60.0, 120.0, 180.0), cadence_top, scale),
    ]
    for label, top, spans in (("found", found_top, bands), ("done", found_top + 30, list(session.truth))):
        parts.append(f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{label}</text>')
        parts += [
            f'<rect x="{LEFT + a * scale:.1f}" y="{top}" width="{(b - a) * scale:.1f}" height="22"'
            f' fill="{COLOURS[gait]}"><title>{gait}, {b - a:.0f} s</title></rect>'
            for gait, a, b in spans
        ]
    for minute in range(0, int(session.duration_s // 60) + 1, 5):
        parts.append(
            f'<text x="{LEFT + minute * 60 * scale:.1f}" y="{found_top + 72}" text-anchor="middle">{minute} min</text>'
        )
    for i, gait in enumerate(("jog", "walk", "stand")):
        parts.append(
            f'<rect x="{WIDTH - 210 + i * 70}" y="10" width="12" height="12" fill="{COLOURS[gait]}"/>'
            f'<text x="{WIDTH - 194 + i * 70}" y="20">{gait}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    unit: str, values: Floats, low: float, high: float, marks: tuple[float, ...], top: int, scale: float
) -> list[str]:
    height = top + PANEL - (np.clip(values, low, high) - low) / (high - low) * PANEL
    every = slice(None, None, 2)
    line = " ".join(
        f"{LEFT + i * scale:.1f},{y:.1f}"
        for i, y in zip(range(len(values))[every], height[every], strict=True)
        if np.isfinite(y)
    )
    ticks = [
        f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mark:g}</text>'
        for mark in marks
        if (y := top + PANEL - (mark - low) / (high - low) * PANEL) is not None
    ]
    return [
        *ticks,
        f'<polyline points="{line}" fill="none" stroke="#333333" stroke-width="1.2"/>',
        f'<text x="{WIDTH - 20}" y="{top - 4}" text-anchor="end">{unit}</text>',
    ]


def main() -> None:
    """Write the drawing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
