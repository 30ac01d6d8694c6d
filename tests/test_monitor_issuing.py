"""What was issued stays; what is taken back says so, and names what came in."""

from __future__ import annotations

from pathlib import Path

from tests.command import Restride, write_run

MONDAY, WEDNESDAY = "2026-03-02T07:00+00:00", "2026-03-04T07:30+00:00"
THURSDAY, FRIDAY = "2026-03-05T08:00+00:00", "2026-03-06T06:00+00:00"


def two_clean_runs(tmp_path: Path) -> Restride:
    restride = Restride(tmp_path / "data").ready()
    for start, evening, morning in (
        (MONDAY, "2026-03-02T20:00+00:00", "2026-03-03T08:00+00:00"),
        (WEDNESDAY, "2026-03-04T20:00+00:00", THURSDAY),
    ):
        restride("import", str(write_run(tmp_path / "runs", start)), now=evening)
        restride("checkin", "--none", now=evening)
        restride("checkin", "--none", now=morning)
    return restride


def test_a_leak_told_late_takes_the_step_up_back_and_says_what_came_in(tmp_path: Path) -> None:
    """She was told PROGRESS on Thursday. A HOLD on Friday without a word why would look like a mistake."""
    restride = two_clean_runs(tmp_path)
    assert restride("next", "--json", now=THURSDAY).json["outcome"] == "PROGRESS"
    leak = ("--leakage", "drops", "--pain", "0", "--heaviness", "none", "--window", "after")
    restride("checkin", *leak, "--session", "2026-03-04", now=FRIDAY)
    text = " ".join(restride("week", now=FRIDAY).stdout.split())
    assert "HOLD: the next run stays at stage 1." in text
    assert "Changed: on Thu 5 Mar 2026, 08:00 it was PROGRESS, stage 2. New since: SYM01. No longer: PRG01." in text
    # The week before is told as it was told then, and the report shows both.
    restride("report", "-o", str(tmp_path / "report.html"), now=FRIDAY)
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "it was PROGRESS, stage 2" in report


def test_holding_after_the_run_that_a_step_up_was_for_takes_nothing_back(tmp_path: Path) -> None:
    restride = two_clean_runs(tmp_path)
    run = write_run(tmp_path / "runs", "2026-03-06T08:00+00:00")
    restride("import", str(run), now="2026-03-06T10:00+00:00")
    said = restride("week", now="2026-03-06T10:00+00:00").stdout
    assert "[LOG01]" in said
    assert "Changed" not in said
