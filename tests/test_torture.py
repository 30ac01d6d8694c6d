"""A short, fixed run of what `python -m tests.torture` does for as long as one likes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.command import ROOT


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be killed in this way here")
def test_killed_again_and_again_with_a_folder_that_vanishes_it_holds_what_a_quiet_import_holds() -> None:
    """An export that is lost, counted twice or never told of is a week's recommendation that is wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--short", "--kills", "3", "--longest", "2.5", "--seed", "5"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"recordings": 18' in done.stdout, done.stdout
