"""How long a command takes, from the shell's point of view: `pytest tests/bench_cli.py -s`.

The ceilings are those of the design, for the median of several runs on a machine that does nothing else. Not part of
the usual tests: what else a machine does would decide whether they pass.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

from tests.command import Restride, process, write_run

RUNS = 7
NOW = ("--now", "2026-03-02T20:00+00:00")


@pytest.mark.parametrize(
    ("arguments", "ceiling_s"),
    [
        (("--help",), 0.3),
        (("checkin", "--help"), 0.3),
        (("week", *NOW), 1.0),
        (("next", *NOW), 1.0),
        (("checkin", "--none", *NOW), 1.0),
        (("sessions", *NOW), 1.0),
    ],
)
def test_a_command_is_there_when_it_is_needed(tmp_path: Path, arguments: tuple[str, ...], ceiling_s: float) -> None:
    """She asks at the front door, shoes on."""
    restride = Restride(tmp_path / "data").ready()
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now="2026-03-02T08:00+00:00").code == 0
    )
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        done = process(restride.data, *arguments)
        taken.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stderr
    median = statistics.median(taken[1:])  # the first one warms the disk's cache
    print(f"\nrestride {' '.join(arguments[:2])}: {median:.3f} s (of {min(taken):.3f} to {max(taken):.3f})")
    assert median <= ceiling_s
