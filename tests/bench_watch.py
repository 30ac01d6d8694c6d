"""What a watcher costs while nothing happens: `pytest tests/bench_watch.py -s`.

Five thousand files that are all known, a look every ten seconds, ten minutes (RESTRIDE_BENCH_S). CPU time is of the
watcher and of all that it started; the child process is only there at the beginning. Not part of the usual tests.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import InboxFile, InboxState, Store
from tests.command import Restride
from tests.watched import Watched, children

FILES = int(os.environ.get("RESTRIDE_BENCH_FILES", "5000"))
SECONDS = float(os.environ.get("RESTRIDE_BENCH_S", "600"))
BEGINS_S = 20.0  # the first look, and the child that it starts


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make an inbox whose files were all taken in before."""
    data = Restride(tmp_path / "data").ready().data
    now = datetime.now(UTC)
    rows = []
    for number in range(FILES):
        file = data / "inbox" / f"{number % 20}" / f"{number}.fit"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"known")
        status = file.stat()
        rows.append(
            InboxFile(
                key=file.relative_to(data / "inbox").as_posix(),
                size_bytes=status.st_size,
                mtime_ns=status.st_mtime_ns,
                ctime_ns=status.st_ctime_ns,
                state=InboxState.SETTLED,
                sha256="0" * 64,
                first_seen_at=now,
                looked_at=now,
            )
        )
    with Store.open(data / "restride.db") as store:
        store.inbox.put(store.runner(), rows)
    return data


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured in /proc")
def test_a_watcher_with_nothing_to_do_is_not_noticed(data: Path) -> None:
    with Watched(data) as watched:
        pid = watched.process.pid
        time.sleep(BEGINS_S)
        begin_s, began = cpu_s(pid), time.monotonic()
        most_mb, most_all_mb = 0.0, 0.0
        while time.monotonic() - began < SECONDS:
            time.sleep(1)
            most_mb = max(most_mb, rss_mb(pid))
            most_all_mb = max(most_all_mb, rss_mb(pid) + sum(map(rss_mb, children(pid))))
        wall_s = time.monotonic() - began
        used_s = cpu_s(pid) - begin_s
        assert watched.end() == 0, watched.said
    share = used_s / wall_s
    print(
        f"\n{FILES} files, {wall_s:.0f} s: {used_s:.2f} s of work, {share:.2%} of one core; the watcher at most "
        f"{most_mb:.0f} MB, with what it started {most_all_mb:.0f} MB"
    )
    assert share < 0.01
    assert most_mb < 120


def cpu_s(pid: int) -> float:
    """Give the CPU time of a process and of its children, those that have ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_s(child) for child in children(pid))


def rss_mb(pid: int) -> float:
    """Give what a process has in memory."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
