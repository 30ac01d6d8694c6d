"""How long reading a FIT file takes beside fitparse alone: `pytest tests/bench_fit.py --benchmark-enable`.

The ratio is what counts, for machines differ. Not part of the usual tests: what else a machine does would decide.
"""

from __future__ import annotations

import time

from fitparse import FitFile
from pytest_benchmark.fixture import BenchmarkFixture

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from ingest import Recording, read_bytes

TIMES_FASTER = 60


def test_an_hour_at_one_sample_a_second(benchmark: BenchmarkFixture) -> None:
    run = simulate([("walk", 300), *cycles(60, 120, 17), ("walk", 240)])
    data = fit_activity(run.samples, start=run.start)

    def read() -> list[Recording]:
        found = read_bytes(data, "run.fit")
        for recording in found:
            recording.signal.to_numpy().sum()  # nothing may be left for later
        return found

    (recording,) = benchmark(read)
    assert len(recording.signal) == len(run.samples["t_s"])
    if benchmark.stats is not None:  # timed, not only run once
        start = time.perf_counter()
        assert [message.get_values() for message in FitFile(data).get_messages()]
        taken = time.perf_counter() - start
        assert taken / benchmark.stats["min"] > TIMES_FASTER
