"""How long the report takes and how large it is, as one waits for it: `pytest tests/bench_report.py -s`.

The whole process from the shell, warm (the second of two), real files behind every run, every question answered. The
ceilings are for a machine that does nothing else; not part of the usual tests. Where it is busy, the time that the
processor spent says more than the clock; both are printed.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.store import Store
from tests.command import Restride, process

LAST = datetime(2026, 2, 27, 7, 0, tzinfo=UTC)
NOW = "2026-03-01T18:00+00:00"
HALF_AN_HOUR = [("walk", 300.0), *cycles(60, 120, 7), ("walk", 240.0)]


def starts(runs: int) -> list[datetime]:
    """Give three runs a week, the last one at a fixed instant."""
    return [LAST - timedelta(days=7 * (n // 3) + (0, 2, 4)[n % 3]) for n in range(runs)][::-1]


def write(folder: Path, at: list[datetime]) -> None:
    run = simulate(HALF_AN_HOUR, seed=at[0].day, start=at[0])
    for start in at:
        (folder / f"{start:%Y-%m-%d}.fit").write_bytes(fit_activity(run.samples, start=start))


@pytest.mark.parametrize(
    ("runs", "ceiling_s", "ceiling_mb"), [(36, 3.0, 1.5), (500, 6.0, 3.0)], ids=["12 weeks", "3 years"]
)
def test_a_report(tmp_path: Path, runs: int, ceiling_s: float, ceiling_mb: float) -> None:
    """A physiotherapist waits for it with her patient beside her, and then sends it by mail."""
    restride = Restride(tmp_path / "data").ready()
    exports = tmp_path / "exports"
    exports.mkdir()
    at = starts(runs)
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(write, [exports] * len(at), [at[n : n + 25] for n in range(0, len(at), 25)]))
    assert process(restride.data, "--now", NOW, "import", str(exports)).returncode == 0
    with Store.open(restride.data / "restride.db") as store:
        runner = store.runner()
        store.add_facts(
            runner, [answer for one in store.observed(runner) for answer in answers(one.identity, one.ended_at)]
        )
    out = tmp_path / "report.html"
    for _ in range(2):
        taken_s, spent_s = timed(restride.data, "--now", NOW, "report", "-o", str(out))
    size_mb = out.stat().st_size / 1e6
    print(f"\n{runs} runs: {taken_s:.2f} s, processor {spent_s:.2f} s, {size_mb:.2f} MB")
    assert taken_s <= ceiling_s
    assert size_mb <= ceiling_mb


def timed(data: Path, *arguments: str) -> tuple[float, float]:
    """Run a command as the shell would; give how long it took, and how long the processor was at work for it."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = process(data, *arguments)
    after, taken_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    return taken_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def answers(identity: str, end: datetime) -> list[CheckIn]:
    """Answer none in the evening and the next morning."""
    return [
        CheckIn(
            id=0,
            recorded_at=end + after,
            recording=identity,
            windows=frozenset(windows),
            pain=0,
            leakage=Leakage.NONE,
            heaviness=Heaviness.NONE,
        )
        for after, windows in (
            (timedelta(hours=2), (Window.DURING, Window.AFTER)),
            (timedelta(hours=24), (Window.NEXT_DAY,)),
        )
    ]
