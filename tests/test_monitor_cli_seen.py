"""A severe symptom and a clinician's word, through the commands: no go list, no time, until someone has seen her."""

from __future__ import annotations

from pathlib import Path

from tests.command import Restride, write_run

EVENING = "2026-03-02T20:00+00:00"
NEXT_DAY = "2026-03-03T09:00+00:00"


def test_a_severe_symptom_stops_running_until_a_clinician_was_seen(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now="2026-03-02T08:00+00:00").code == 0
    )
    told = restride("checkin", "--pain", "7", "--leakage", "none", "--heaviness", "bulge", now=EVENING)
    assert told.code == 0
    said = restride("next", now=EVENING)
    text = " ".join(said.stdout.split())
    assert text.startswith("HOLD: no running for now.")
    assert "pain 7 of 10 and a bulge felt" in text
    assert "Do not run, and see a clinician first" in text
    assert "Before you go" not in text
    assert restride("next", "--json", now=EVENING).json["earliest_next_run"] is None
    # A "none" does not clear it; the day a clinician saw her does, and the symptom itself still holds.
    restride("checkin", "--none", now=NEXT_DAY)
    assert restride("next", "--json", now=NEXT_DAY).json["next_stage"] is None
    seen = restride("gate", "seen", "--on", "2026-03-03", now=NEXT_DAY)
    assert seen.code == 0
    after = restride("next", "--json", now=NEXT_DAY).json
    assert after["next_stage"] == 0
    assert after["reasons"][0]["code"] == "SYM02"


def test_a_day_still_to_come_is_no_day_she_was_seen(tmp_path: Path) -> None:
    said = Restride(tmp_path / "data").ready()("gate", "seen", "--on", "2026-03-04", now=NEXT_DAY)
    assert said.code == 1
    assert "still to come" in said.stderr
