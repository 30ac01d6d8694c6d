"""Two women who share a data folder, with something of each in every place where things are kept."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.command import ROOT, Restride, write_run

NOW = "2026-03-03T20:00+00:00"


def set_up_two(home: Path) -> Restride:
    """Set up Ana, the first, and Zuleika: runs, answers with a note of their names, a run by hand and a report."""
    restride = Restride(home / "data")
    for name, seed in (("Ana", 1), ("Zuleika", 2)):
        at = ("--runner", name)
        told = ("--birth", "2025-11-17", "--cleared", "2026-01-05", "--healed", "2026-01-05", "--zone", "Europe/Lisbon")
        assert restride(*at, "init", *told, now="2026-02-28T09:00+00:00").code == 0
        assert restride(*at, "readiness", "--passed", now="2026-02-28T10:00+00:00").code == 0
        exports = home / name
        write_run(exports, "2026-03-02T07:00+00:00", seed=seed).rename(exports / f"{name}-waldsee.fit")
        assert restride(*at, "import", str(exports), now="2026-03-02T09:00+00:00").code == 0
        pain = ("--pain", "3", "--site", "shin", "--note", f"fliegenpilz-{name}", "--session", "2026-03-02")
        assert restride(*at, "checkin", *pain, now="2026-03-02T20:00+00:00").code == 0
        by_hand = ("--jog", "1", "--walk", "2", "--repeats", "7", "--when", "2026-02-28T07:00")
        assert restride(*at, "log", *by_hand, now="2026-03-02T20:00+00:00").code == 0
        assert restride(*at, "report", now=NOW).code == 0
    return restride


def rows(file: Path) -> dict[str, bytes]:
    """Give the members of an export that hold rows, as they are written."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".jsonl")}


def started(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "--now", NOW, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
