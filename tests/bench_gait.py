"""How long the detector takes. Run with `pytest tests/bench_gait.py --benchmark-enable`."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from analysis.bouts import Gait
from analysis.gait import observe
from fixtures.simulate import cycles, simulate

CEILING_S = 0.010  # a year of runs is read again in seconds when the detector improves


def test_an_hour_at_one_sample_a_second(benchmark: BenchmarkFixture) -> None:
    recording = simulate([("walk", 300), *cycles(60, 120, 17), ("walk", 240)]).recording()
    observed = benchmark(observe, recording)
    assert sum(bout.gait is Gait.JOG for bout in observed.bouts) == 17
    if benchmark.stats is not None:  # timed, not only run once
        assert benchmark.stats["min"] < CEILING_S
