"""What a watcher says of itself, and how a second one is told that there is one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import Settings, resolve
from monitor.watch_state import FILE, WatchState, is_running, lock_of, read, write

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
STATE = WatchState(
    pid=7,
    started_at=NOW,
    every_s=10.0,
    inbox="inbox",
    last_scan_at=NOW,
    trouble="it is not there",
    next_runs={"weekly": NOW},
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return resolve(tmp_path)


def test_the_state_comes_back_as_it_was_written_and_is_hers_alone(settings: Settings) -> None:
    write(settings, STATE)
    assert read(settings) == STATE
    assert (settings.data_dir / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 1}', '{"next_runs": {"weekly": "soon"}}'])
def test_a_state_that_was_cut_off_or_is_none_is_no_state(settings: Settings, text: str) -> None:
    """A disk that filled up must not keep `doctor` from saying so."""
    (settings.data_dir / FILE).write_text(text)
    assert read(settings) is None


def test_a_lock_is_seen_from_another_process_and_ends_with_it(settings: Settings) -> None:
    """Two watchers would read every file twice; one that was killed must not lock the folder for good."""
    assert not is_running(settings)
    hold = (
        "import sys, time; from pathlib import Path; from monitor.config import resolve;"
        "from monitor.watch_state import lock_of;"
        "lock = lock_of(resolve(Path(sys.argv[1]))); lock.acquire(timeout=0); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(settings.data_dir)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert is_running(settings)
        other.kill()
        other.wait()
    assert not is_running(settings)
    assert lock_of(settings).acquire(timeout=0)
