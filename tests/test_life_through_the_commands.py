"""The first life of rules.md §6 as she would live it: exports from a watch, the real commands, a clock set by hand.

If the readers, the detector, the store and the decision do not agree to the second somewhere on the way, she is held
back for weeks without a cause, or moved on without one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fixtures.simulate import cycles
from tests.command import Restride, write_run

LISBON = ZoneInfo("Europe/Lisbon")
MONDAY = datetime(2026, 3, 2, 7, tzinfo=LISBON)  # the clocks change on the fourth Sunday


def as_asked(prescription):
    """Turn what `next` says into a run with a warm-up and a cool-down walk."""
    jog_s, walk_s, left_s = prescription["jog_s"], prescription["walk_s"], prescription["main_set_s"]
    if not walk_s:
        return [("walk", 300.0), ("jog", left_s), ("walk", 240.0)]
    whole = int(left_s // (jog_s + walk_s))
    rest_s = left_s - whole * (jog_s + walk_s)
    parts = [("walk", 300.0), *cycles(jog_s, walk_s, whole)]
    if rest_s:
        parts += [("jog", min(rest_s, jog_s)), ("walk", max(rest_s - jog_s, 0.0))]
    return [p for p in [*parts, ("walk", 240.0)] if p[1]]


def test_monday_wednesday_friday_clean_reaches_stage_17_in_ten_to_eleven_weeks(tmp_path):
    restride = Restride(tmp_path / "data").ready()
    reached = {}
    limits = []
    for n in range(36):
        day = MONDAY + timedelta(days=7 * (n // 3) + 2 * (n % 3))
        said = restride("next", "--json", now=(day - timedelta(minutes=10)).isoformat()).json
        stage = said["next_stage"]
        reached.setdefault(stage, (day, n))
        file = write_run(tmp_path / "watch", day.isoformat(), as_asked(said["prescription"]), seed=n)
        imported = restride("import", str(file), now=(day + timedelta(minutes=50)).isoformat())
        assert imported.code == 0, imported
        for answered in (day.replace(hour=20), day.replace(hour=7, minute=30) + timedelta(days=1)):
            checked = restride("checkin", "--none", now=answered.isoformat())
            assert checked.code == 0, checked
        shown = restride("sessions", "--json", now=(day + timedelta(days=1, hours=1)).isoformat()).json
        last = shown["sessions"][-1]
        limits += [f for f in last["findings"] if f["level"] == "limit"]
        assert last["clean"], (n, stage, last["why_not_clean"])
    weeks = (reached[17][0] - MONDAY) / timedelta(days=7)
    assert 10 <= weeks < 11
    assert limits == []
    assert restride("week", "--json", now=(MONDAY + timedelta(weeks=12)).isoformat()).json["completed"]
