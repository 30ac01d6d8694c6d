"""Every command reads the whole history first: a year must load in a fraction of a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.bouts import Bout, Gait, Observed
from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.facts import Facts, Issued
from monitor.store import Original, OriginalOutcome, Store

NOW = datetime(2026, 1, 1, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """365 recordings with 25 bouts each, 1,000 check-ins and 500 recommendations."""
    db = tmp_path_factory.mktemp("year") / "restride.db"
    runs = []
    for day in range(365):
        starts = [NOW + timedelta(days=day, seconds=61.5 * n) for n in range(26)]
        bouts = tuple(
            Bout(
                gait=Gait.JOG if n % 2 else Gait.WALK,
                start=starts[n],
                end=starts[n + 1],
                distance_m=153.123456789 + n,
                mean_speed_mps=2.512345678,
                mean_cadence_spm=158.12345678,
                confidence=0.971234567,
            )
            for n in range(25)
        )
        runs.append(
            Observed(
                identity=f"{day:064x}-0",
                file_name=f"{day}.fit",
                format="fit",
                device="a watch",
                sport="running",
                sub_sport="generic",
                started_at=starts[0],
                ended_at=starts[25],
                utc_offset=timedelta(hours=1),
                bouts=bouts,
                signals=("speed", "cadence"),
            )
        )
    file = Original(
        sha256="0" * 64,
        content_sha256=None,
        file_name="year.fit",
        size_bytes=1,
        imported_at=NOW,
        outcome=OriginalOutcome.IMPORTED,
    )
    answers = [
        CheckIn(
            id=0,
            recorded_at=NOW + timedelta(hours=8 * n),
            recording=f"{n // 3:064x}-0",
            windows=frozenset({Window.DURING, Window.AFTER}),
            pain=0,
            leakage=Leakage.NONE,
            heaviness=Heaviness.NONE,
            note="tired, and it went well",
        )
        for n in range(1000)
    ]
    reason = {
        "code": "RST01",
        "message": "a sentence of the usual length, for a person to read",
        "evidence": {"h": 47.5},
    }
    issued = [
        Issued(
            id=0,
            recorded_at=NOW + timedelta(days=n),
            outcome="HOLD",
            next_stage=3,
            rules_version="1",
            recommendation={"reasons": [reason] * 3, "advice": ["a sentence"] * 2},
        )
        for n in range(500)
    ]
    with Store.open(db) as store:
        runner = store.add_runner("Ada", NOW)
        store.add_original(runner, file, runs, reader_version="1", detector_version="1")
        store.add_facts(runner, [*answers, *issued])
    return db


def test_loading_a_year(benchmark: Any, year: Path) -> None:
    """`pytest tests/bench_store.py --benchmark-enable`; 0.08 s on an idle machine, opening included."""

    def load() -> tuple[tuple[Observed, ...], Facts]:
        with Store.open(year) as store:
            runner = store.runner()
            return store.observed(runner), store.facts(runner)

    observed, facts = benchmark(load)
    assert (len(observed), len(facts.check_ins), len(facts.issued)) == (365, 1000, 500)
    assert sum(len(one.bouts) for one in observed) == 365 * 25
