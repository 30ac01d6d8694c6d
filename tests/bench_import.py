"""How long a bulk import takes, as one waits for it: `pytest tests/bench_import.py -s`.

A thousand runs of half an hour, by the folder and in one archive; the same once more; and an archive of 2 GB that holds
few runs and many films. The ceilings are for two cores that do nothing else; not part of the usual tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from tests.command import ROOT, Restride

FILES = int(os.environ.get("RESTRIDE_BENCH_FILES", "1000"))
FIRST = datetime(2023, 5, 1, 7, 0, tzinfo=UTC)
HALF_AN_HOUR = [("walk", 300.0), *cycles(60, 120, 7), ("walk", 240.0)]
NOW = ("--now", "2026-03-02T20:00+00:00")


def write(folder: Path, numbers: range) -> None:
    run = simulate(HALF_AN_HOUR, seed=numbers.start, start=FIRST)
    for number in numbers:
        start = FIRST + timedelta(days=number)
        (folder / f"{start:%Y-%m-%d}.fit").write_bytes(fit_activity(run.samples, start=start))


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    with ProcessPoolExecutor() as pool:
        list(pool.map(write, [folder] * FILES, [range(at, min(at + 25, FILES)) for at in range(0, FILES, 25)]))
    assert len(list(folder.iterdir())) == FILES
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a command took."""

    wall_s: float
    cpu_s: float  # of all its processes: on a machine that does other things besides, the fairer number
    most_mb: float  # in all its processes at once
    said: str  # its last line

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s ({self.cpu_s:.1f} s of work), at most {self.most_mb:.0f} MB; {self.said}"


def timed(data: Path, *arguments: str) -> Taken:
    environment = os.environ | {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    before, start = os.times(), time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    peak = [0.0]
    watching = threading.Thread(target=lambda: peak.__setitem__(0, most_mb(command)))
    watching.start()
    _, said = command.communicate()
    wall_s, after = time.perf_counter() - start, os.times()
    watching.join()
    assert command.returncode in (0, 1), said
    cpu_s = after.children_user - before.children_user + after.children_system - before.children_system
    return Taken(wall_s=wall_s, cpu_s=cpu_s, most_mb=peak[0], said=said.strip().splitlines()[-1])


def most_mb(command: subprocess.Popen[str]) -> float:
    """Watch the resident memory of a command and its children, each counted whole, shared pages too; Linux only."""
    most = 0.0
    while command.poll() is None and sys.platform == "linux":
        pids = [command.pid, *children(command.pid)]
        most = max(most, sum(map(resident_mb, pids)))
        time.sleep(0.02)
    return most


def children(pid: int) -> list[int]:
    try:
        found = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(below for child in found for below in children(child))]


def resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_a_thousand_runs_from_a_folder_and_the_same_again(exports: Path, tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    first = timed(restride.data, "import", str(exports), *NOW)
    print(f"\n{FILES} files in a folder: {first}")
    again = min((timed(restride.data, "import", str(exports), *NOW) for _ in range(3)), key=lambda taken: taken.wall_s)
    print(f"the same again: {again}")
    assert first.wall_s <= 40 * FILES / 1000
    assert again.wall_s <= 1.0


def test_a_thousand_runs_in_one_archive(exports: Path, tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(exports.iterdir()):
            archive.write(file, f"activities/{file.name}")
    first = timed(restride.data, "import", str(path), *NOW)
    print(f"\n{FILES} files in an archive: {first}")
    print(f"the same again: {timed(restride.data, 'import', str(path), *NOW)}")
    assert first.wall_s <= 40 * FILES / 1000


@pytest.mark.parametrize("alone_s", [0.0, 1e9])
@pytest.mark.parametrize("files", [1, 10, 20, 40, 80, 160])
def test_from_how_many_files_on_other_processes_pay(exports: Path, files: int, alone_s: float) -> None:
    """Where `monitor.engines.ALONE_S` comes from: without other processes, and with them from the first file on."""
    program = (
        "import sys, time; from pathlib import Path\n"
        "from monitor.engines import Growing; from monitor.bulk import in_order\n"
        "def main():\n"
        f" files = sorted(Path(sys.argv[1]).iterdir())[:{files}]; start = time.perf_counter()\n"
        f" with Growing(alone_s={alone_s}) as engine:\n"
        "  read = [one for one in in_order(engine, ((f, f.name, f.read_bytes()) for f in files)) if one]\n"
        " print(len(read), round(time.perf_counter() - start, 2))\n"
        "if __name__ == '__main__': main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(exports)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    print(f"\n{'here' if alone_s else 'elsewhere'}: {done.stdout.strip()} s")
    assert int(done.stdout.split()[0]) == min(files, FILES)


def test_an_archive_of_two_gigabytes(exports: Path, tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    path = tmp_path / "export.zip"
    film = os.urandom(1_000_000) * 100
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(exports.iterdir())[:100]:
            archive.write(file, f"activities/{file.name}")
        for number in range(20):
            archive.writestr(f"media/{number}.mov", film)
    del film
    assert path.stat().st_size > 2_000_000_000
    taken = timed(restride.data, "import", str(path), *NOW)
    path.unlink()
    print(f"\n2 GB with {min(FILES, 100)} runs: {taken}")
    assert taken.most_mb < 500
