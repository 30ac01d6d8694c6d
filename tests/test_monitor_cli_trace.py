"""The trace is what she looks at to say "that was a walk": it must show the right thing at the right time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import rounding
from analysis.bouts import Gait
from monitor.cli.layout import WIDTH
from monitor.cli.trace import LEGEND, MARGIN, ROWS, draw
from monitor.report.make_sessions import bout_views
from monitor.report.model_sessions import CorrectionView
from monitor.report.traces import trace
from monitor.samples import Track
from tests.command import ROOT, Restride, write_run
from tests.stories import bouts_of

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
COLUMNS = WIDTH - MARGIN
LISBON = ZoneInfo("Europe/Lisbon")
NOW = "2026-03-02T12:00+00:00"
PIECES = [("walk", 300.0), ("jog", 600.0), ("pause", 120.0), ("stand", 180.0), ("unknown", 300.0)]
SPEED = {"walk": 1.5, "jog": 3.0, "pause": None, "stand": 0.0, "unknown": None}


def track(pieces, values, *, cadence=False) -> Track:
    found = tuple(values[gait] for gait, seconds in pieces for _ in range(int(seconds)))
    none = (None,) * len(found)
    return Track(start=START, speed_mps=none if cadence else found, cadence_spm=found if cadence else none)


def drawn(pieces=PIECES, values=SPEED, *, cadence=False, plain=False, corrected=(), zone=LISBON) -> list[str]:
    return draw_of(bouts_of(START, pieces), [track(pieces, values, cadence=cadence)], zone, corrected, plain=plain)


def draw_of(bouts, tracks, zone, corrected=(), *, plain=False) -> list[str]:
    held = trace(SimpleNamespace(id="2026-03-02", bouts=bouts, started_at=START), tracks)
    hers = tuple(CorrectionView(gait=b.gait.value, start=b.start, end=b.end) for b in corrected)
    view = SimpleNamespace(bouts=tuple(bout_views(bouts, ())), corrected=hers)
    return draw(view, held, zone, plain=plain)


def column(lines: list[str], second: float, *, of: float = 1500) -> str:
    """Read the plot at a time, from the bottom up."""
    at = MARGIN + int(second / of * COLUMNS)
    return "".join(line.ljust(80)[at] for line in reversed(lines[1 : ROWS + 1]))


def strip(lines: list[str]) -> str:
    return lines[ROWS + 2][MARGIN:]


def test_jogging_is_filled_to_its_speed_and_walking_is_a_line() -> None:
    lines = drawn(plain=True)
    assert column(lines, 600) == "#" * ROWS  # 3 m/s is the top
    assert column(lines, 150) == "     -    "  # 1.5 m/s is half of it
    assert column(lines, 960) == " " * ROWS  # the timer was stopped
    assert column(lines, 1100) == "-" + " " * (ROWS - 1)
    assert column(lines, 1400) == " " * ROWS  # nothing was recorded
    assert lines[1].startswith("    3 |")
    assert lines[ROWS // 2 + 1].startswith("  1.5 |")


def test_each_column_says_what_it_was_in_a_letter() -> None:
    """Colour is not there for everyone, nor in a pipe."""
    letters = strip(drawn())
    assert len(letters) == COLUMNS
    assert [letters[int(second / 1500 * COLUMNS)] for second in (150, 600, 960, 1100, 1400)] == list("wJps?")
    assert list(dict.fromkeys(letters)) == list("wJps?")


def test_the_clock_below_is_that_of_the_place() -> None:
    lines = drawn(zone=ZoneInfo("Asia/Kolkata"))
    clock = lines[ROWS + 3]
    assert clock[MARGIN:].split()[:2] == ["12:30", "12:35"]
    at = clock.index("12:35")
    assert lines[ROWS + 1][at] == "+"
    assert abs((at - MARGIN) / COLUMNS * 1500 - 300) < 1500 / COLUMNS


def test_what_she_corrected_is_marked_below() -> None:
    hers = bouts_of(START + timedelta(seconds=300), [("jog", 60)])
    lines = drawn(corrected=hers)
    marks = lines[ROWS + 3]
    assert marks[MARGIN:].strip() == "^" * 4
    assert "^ corrected by you" in lines[-1]
    assert "corrected" not in drawn()[-1]


def test_steps_are_drawn_where_no_speed_was_recorded() -> None:
    lines = drawn(values={**SPEED, "walk": 110.0, "jog": 165.0}, cadence=True, plain=True)
    assert lines[0].startswith("Steps a minute")
    assert lines[1].startswith("  180 |")
    assert column(lines, 600).count("#") == 9


def test_without_speed_and_steps_there_is_nothing_to_draw() -> None:
    assert drawn(values=dict.fromkeys(SPEED)) == []
    assert draw_of(bouts_of(START, PIECES), [], LISBON) == []


def test_a_plain_console_gets_plain_letters() -> None:
    assert all(line.isascii() for line in drawn(plain=True))
    assert any("█" in line for line in drawn())


@given(
    st.lists(st.tuples(st.sampled_from([g.value for g in Gait]), st.integers(1, 4000)), min_size=1, max_size=8),
    st.one_of(st.none(), st.floats(0, 8)),
    st.booleans(),
)
def test_any_recording_fits_a_terminal(pieces, speed, plain) -> None:
    lines = drawn(pieces, dict.fromkeys(SPEED, speed), plain=plain)
    if not lines:
        assert not rounding.speed_mps(speed)  # as the report rounds it
        return
    assert len(lines) == ROWS + 5
    assert max(map(len, lines)) <= 80
    assert len(strip(lines)) == COLUMNS


# through the command


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now=NOW).code == 0
    return restride


def test_show_draws_what_the_watch_recorded(restride: Restride) -> None:
    said = restride("show", "2026-03-02", now=NOW)
    assert (said.code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    top = next(n for n, line in enumerate(lines) if line.startswith("Speed in m/s"))
    letters = strip(lines[top:])
    assert letters.startswith("wwwwwwwwww")
    assert letters.count("wJ") == 7
    jogged = [n for n, letter in enumerate(letters) if letter == "J"]
    fast = "".join(line.ljust(80)[MARGIN + jogged[len(jogged) // 2]] for line in lines[top + 1 : top + ROWS + 1])
    assert fast.count("█") >= 7  # some 2.4 of 3 m/s
    assert max(map(len, lines)) <= 80
    assert said.stdout.count("\njog ") == 7  # the table is still there


def test_without_a_trace_the_bouts_are_drawn_on_a_line(restride: Restride) -> None:
    said = restride("show", "2026-03-02", "--no-trace", now=NOW)
    assert "Speed in m/s" not in said.stdout
    assert "-------------###-" in said.stdout
    assert LEGEND not in said.stdout


@pytest.mark.parametrize("damage", [None, b"not what was imported"])
def test_a_session_whose_file_is_gone_is_still_shown_and_says_so(restride: Restride, damage: bytes | None) -> None:
    """An archive on a disk that is not there must not take the table of bouts with it."""
    (copy,) = [path for path in (restride.data / "archive").rglob("*") if path.is_file()]
    copy.unlink()
    if damage is not None:
        copy.write_bytes(damage)
    said = restride("show", "2026-03-02", now=NOW)
    assert said.code == 0
    assert said.stderr.startswith("The trace cannot be drawn. The archived copy ")
    assert ("is damaged" if damage else "is missing") in said.stderr
    assert str(restride.data) not in said.stderr
    assert "-------------###-" in said.stdout
    assert said.stdout.count("\njog ") == 7


def test_an_old_console_gets_the_trace_in_its_own_letters(restride: Restride) -> None:
    environment = os.environ | {"RESTRIDE_DATA": str(restride.data), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "show", "2026-03-02", "--now", NOW],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"##" in done.stdout
    assert b"\x1b" not in done.stdout
    assert done.stdout.count(b"?") <= 1  # the legend's; nothing was replaced
