"""How long a command takes, from the shell's point of view: `pytest tests/bench_cli.py -s`.

The ceilings are those of the design, for the median of several runs on a machine that does nothing else. Not part of
the usual tests: what else a machine does would decide whether they pass. Where it is busy, the time that the processor
spent on the command says more than the clock; both are printed.
"""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import Original, OriginalOutcome, Store
from tests.bench_report import answers, timed
from tests.command import Restride, write_run
from tests.stories import PLAN, as_prescribed, run

RUNS = 7
SESSIONS = 156
LAST = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NOW = ("--now", "2026-03-02T20:00+00:00")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of three runs a week, all answered; the last one has its file, for its trace is drawn."""
    folder = tmp_path_factory.mktemp("year")
    restride = Restride(folder / "data")
    told = ("--birth", "2024-11-17", "--cleared", "2025-01-05", "--healed", "2025-01-05", "--zone", "Europe/Lisbon")
    assert restride("init", *told, now="2025-02-20T09:00+00:00").code == 0
    assert restride("readiness", "--passed", now="2025-02-20T10:00+00:00").code == 0
    observed = [
        run(LAST - timedelta(days=7 * (n // 3) + (0, 3, 5)[n % 3]), [("walk", 300.0), *as_prescribed(PLAN[3])])
        for n in range(1, SESSIONS)
    ]
    file = Original(
        sha256="0" * 64,
        content_sha256=None,
        file_name="year.fit",
        size_bytes=1,
        imported_at=LAST,
        outcome=OriginalOutcome.IMPORTED,
    )
    with Store.open(restride.data / "restride.db") as store:
        runner = store.runner(None)
        store.add_original(runner, file, observed, reader_version="1", detector_version="1")
        store.add_facts(runner, [one for o in observed for one in answers(o.identity, o.ended_at)])
    assert restride("import", str(write_run(folder, LAST.isoformat())), now="2026-03-02T08:00+00:00").code == 0
    assert len(restride("sessions", "--json", now=NOW[1]).json["sessions"]) == SESSIONS
    return restride.data


@pytest.mark.parametrize(
    ("arguments", "ceiling_s"),
    [
        (("--help",), 0.3),
        (("checkin", "--help"), 0.3),
        (("week", *NOW), 1.0),
        (("next", *NOW), 1.0),
        (("sessions", *NOW), 1.0),
        (("show", "2026-03-02", *NOW), 1.5),
        (("checkin", "--none", *NOW), 1.0),
    ],
)
def test_a_command_is_there_when_it_is_needed(year: Path, arguments: tuple[str, ...], ceiling_s: float) -> None:
    """She asks at the front door, shoes on."""
    found = [timed(year, *arguments) for _ in range(RUNS + 1)]
    taken, spent = zip(*found[1:], strict=True)  # the first one warms the disk's cache
    median, work = statistics.median(taken), statistics.median(spent)
    name = " ".join(one for one in arguments if one not in NOW)
    print(f"\nrestride {name}: {median:.2f} s (of {min(taken):.2f} to {max(taken):.2f}), processor {work:.2f} s")
    assert median <= ceiling_s
