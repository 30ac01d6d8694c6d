"""Errors that are no numbers: they hold, and nothing stops on them."""

from __future__ import annotations

import json

import pytest

from analysis.rounding import whole_error_s
from monitor.recommendation import Outcome
from tests.stories import as_prescribed
from tests.test_monitor_lifting import DAY, HOUR, WEDNESDAY, at_stage


def test_no_number_for_the_error_of_one_recording_of_two_is_none_for_the_run():
    """The larger of 1 s and "no number" is no number, in whatever order the recordings come."""
    for first, second in ((1.0, float("nan")), (float("nan"), 1.0)):
        life = at_stage(1)
        start = WEDNESDAY + HOUR
        one = life.runs(start, [("jog", 60), ("walk", 120)] * 3, sd_s=first)
        two = life.runs(one.ended_at, [("jog", 60), ("walk", 120)] * 4, sd_s=second)
        life.answers_all(one)
        life.answers_all(two)
        said = life.at(start + 2 * DAY).recommendation
        assert (said.outcome, [r.code for r in said.reasons]) == (Outcome.HOLD, ["DAT01"])


@pytest.mark.parametrize("sd_s", [float("nan"), float("inf"), float("-inf"), -1.0, 1e200, -1e200])
def test_an_error_that_is_no_number_holds_and_can_be_issued_and_shown(sd_s: float):
    """It once passed, or ended the command: the figures of a recommendation are stored as JSON, which has no NaN."""
    life = at_stage(1)
    life.answers_all(life.runs(WEDNESDAY + HOUR, as_prescribed(life.at(WEDNESDAY).plan[1]), sd_s=sd_s))
    said = life.at(WEDNESDAY + 2 * DAY + 2 * HOUR).recommendation
    assert (said.outcome, [r.code for r in said.reasons]) == (Outcome.HOLD, ["DAT01"])
    json.dumps(said.as_json(), allow_nan=False)
    assert whole_error_s(life.at(WEDNESDAY + DAY).sessions[-1].performed.jog_error_s) > 45
