"""The `restride` command as tests use it: a data folder of its own, a clock that stands still, and no terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from monitor.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
READY = "2026-03-01T18:00+00:00"  # an evening by which all four gates are met
STAGE_1 = (("walk", 300.0), *cycles(60, 120, 7), ("walk", 180.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said, and how it ended."""

    stdout: str
    stderr: str
    code: int

    @property
    def json(self) -> Any:
        """Read stdout as one JSON object."""
        return json.loads(self.stdout)


@dataclass(frozen=True, slots=True)
class Restride:
    """A data folder, and the command working on it."""

    data: Path

    def __call__(self, *arguments: str, now: str = READY) -> Said:
        """Run a command in this process; stdin is empty and no terminal."""
        result = CliRunner(env={"RESTRIDE_DATA": str(self.data), "COLUMNS": "80"}).invoke(
            app, ["--now", now, *arguments], prog_name="restride"
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(stdout=result.stdout, stderr=result.stderr, code=result.exit_code)

    def ready(self) -> Restride:
        """Set up a runner who may begin: every gate met."""
        told = ("--birth", "2025-11-17", "--cleared", "2026-01-05", "--healed", "2026-01-05", "--zone", "Europe/Lisbon")
        assert self("init", *told, now="2026-02-28T09:00+00:00").code == 0
        assert self("readiness", "--passed", now="2026-02-28T10:00+00:00").code == 0
        return self


def process(
    data: Path,
    *arguments: str,
    stdin: int | None = subprocess.DEVNULL,
    python: Sequence[str] = (),
    together: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command as the shell would; `together`, both its streams are one, as in a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RESTRIDE_")}
    environment |= {"RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *python, "-m", "monitor.cli", *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if together else subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        timeout=120,
        check=False,
    )


def write_run(
    folder: Path, start: str, parts: Sequence[tuple[str, float]] = STAGE_1, *, sport: str = "running", seed: int = 1
) -> Path:
    """Write a run as a watch would export it, named by its start."""
    at = datetime.fromisoformat(start)
    run = simulate(list(parts), seed=seed, start=at)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{at:%Y-%m-%d-%H%M}.fit"
    file.write_bytes(fit_activity(run.samples, start=run.start, sport=sport))
    return file
