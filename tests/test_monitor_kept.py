"""What was issued is kept for years: a copy of another shape must neither stop a command nor say what was not said."""

from __future__ import annotations

import math
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import kept
from monitor.facts import Issued
from monitor.messages import recommended
from monitor.recommendation import RULES_VERSION
from monitor.report import numbers
from monitor.report.make_summary import recommendation_views, summary_view
from monitor.report.said import said_by
from tests.command import Restride, write_run
from tests.stories import LISBON, MONDAY, Life

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3),
    max_leaves=5,
)
SAID = Life.ready().at(MONDAY).recommendation.as_json()
REASON = SAID["reasons"][0]
PARTS = (*SAID, "revises", "rests_on", "weekly")
REVISES = {"issued_at": MONDAY.isoformat(), "outcome": "HOLD", "next_stage": 1, "new": [], "gone": []}


def issued(recommendation: dict[str, Any], outcome: str = "HOLD") -> Issued:
    at = MONDAY - timedelta(hours=1)
    return Issued(
        id=1, recorded_at=at, outcome=outcome, next_stage=1, rules_version=RULES_VERSION, recommendation=recommendation
    )


def test_what_was_kept_whole_is_told_as_it_was() -> None:
    assert kept.kept(issued(SAID)) == {**SAID, "revises": None}


@given(
    st.dictionaries(st.sampled_from(PARTS), ODD, max_size=4),
    st.sets(st.sampled_from(PARTS), max_size=4),
    st.text(max_size=8),
    ODD,
)
def test_a_copy_of_any_shape_is_read_as_far_as_it_goes(
    other: dict[str, Any], gone: set[str], outcome: str, inner: Any
) -> None:
    """The week of a recommendation that lacks its reasons must not be the one week that cannot be shown."""
    nested = {"reasons": [REASON, {**REASON, "evidence": inner}, {**REASON, "code": inner}, inner]}
    nested |= {"revises": {**REVISES, "new": inner}, "prescription": {**SAID["prescription"], "jog_s": inner}}
    one = issued({**{k: v for k, v in {**SAID, **nested}.items() if k not in gone}, **other}, outcome)
    said = kept.kept(one)
    summary_view(said, "issued", ())
    (view,) = recommendation_views([one], LISBON)
    assert view.outcome == ("PROGRESS" if outcome == "PROGRESS" else "HOLD")
    assert not any(isinstance(v, float) and not math.isfinite(v) for r in view.reasons for v in r.evidence.values())
    recommended(one, LISBON)
    life = Life.ready()
    life.tell(one)
    said_by(life.at(MONDAY + timedelta(days=8)), MONDAY.date(), LISBON, list)


def test_numbers_of_a_reason_that_cannot_be_shown_are_left_out() -> None:
    """An instant at the ends of time has no local hour, and half a letter stands on no page."""
    odd = {
        "h": math.nan,
        "until": "9999-12-31T23:59+00:00",
        "at": "2026-99-99T00:00",
        "x\ud800": "y\ud800",
        "missing": 1,
    }
    (reason,) = kept.kept(issued({"reasons": [{"code": "A", "message": "m\ud800", "evidence": odd}]}))["reasons"]
    assert reason == {"code": "A", "message": "m\N{REPLACEMENT CHARACTER}", "evidence": reason["evidence"]}
    assert reason["evidence"] == {"x\N{REPLACEMENT CHARACTER}": "y\N{REPLACEMENT CHARACTER}", "missing": 1}
    assert numbers.raises({"allowed": 2, "increase_1": 5, "increase_2": "soon"}, LISBON) == ""


def test_an_outcome_of_no_meaning_holds() -> None:
    """Unknown means hold, in what is shown too."""
    assert [kept.kept(issued({}, outcome))["outcome"] for outcome in ("PROGRESS", "HOLD", "", "progress")] == [
        *("PROGRESS", "HOLD", "HOLD", "HOLD")
    ]


@pytest.mark.parametrize(
    "body",
    [
        """json_set(body, '$.recommendation', json('{}'))""",
        """json_set(body, '$.recommendation', json('{"reasons": 7, "rests_on": [], "weekly": "soon"}'))""",
        """json_remove(body, '$.recommendation.prescription.text', '$.recommendation.as_of')""",
    ],
)
def test_a_database_with_another_shape_in_it_is_no_dead_end(tmp_path: Path, body: str) -> None:
    """She has one database: a part of it that an older version wrote must not end every command in a traceback."""
    restride = Restride(tmp_path / "data").ready()
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now="2026-03-02T09:00+00:00").code == 0
    )
    with sqlite3.connect(restride.data / "restride.db") as db:
        assert db.execute(f"UPDATE fact SET body = {body} WHERE kind = 'issued'").rowcount > 0
    now = "2026-03-12T18:00+00:00"
    for command in (("week",), ("next",), ("week", "--week", "2026-W10"), ("week", "--week", "2026-W10", "--json")):
        assert restride(*command, now=now).code == 0, command
    out = ("-o", str(tmp_path / "report.html"))
    for command in (("report", *out), ("report", *out, "--week", "2026-W10")):
        assert restride(*command, now=now).code == 0, command
