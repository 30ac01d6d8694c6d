"""What must be true wherever PROGRESS is said, whatever came before it (rules.md §6)."""

from __future__ import annotations

from datetime import timedelta

from analysis.findings import Level
from monitor.checkins import NEEDED
from monitor.footing import is_lowest
from monitor.recommendation import Outcome
from monitor.rules import car01, car02, sym01, sym02, sym04
from monitor.standing import Standing


def assert_earned(standing: Standing) -> None:
    """Look for anything that stands against PROGRESS; a HOLD needs a reason and nothing more."""
    said, facts, log = standing.recommendation, standing.facts, standing.log
    as_of = said.as_of
    assert said.reasons
    runs = [j.session for j in standing.judged]
    of_the_plan = [j.session for j in reversed(standing.judged) if not j.history]
    born = facts.born_at(as_of)
    unresolved = sym01.unresolved(log, of_the_plan, as_of, born=born)
    _assert_asks_no_more_while_it_holds(standing, holds=bool(unresolved))
    if said.outcome is Outcome.HOLD:
        assert said.reasons[0].code != "PRG01"
        return
    assert all(g.met for g in said.gates)
    assert not unresolved
    assert not car01.uncleared(log, facts, as_of, born=born)
    assert not car02.urgent(log, facts, as_of, born=born)
    assert sym04.returned(log, runs, facts, as_of) is None
    assert not sym02.owed(standing.judged, as_of, settled=max((o.recorded_at for o in facts.overrides), default=None))
    week = as_of - timedelta(hours=168)
    assert not [f for j in standing.judged for f in j.findings if f.level is Level.LIMIT and week < f.at <= as_of]
    last = standing.judged[-1]
    assert not last.unjudgeable
    assert not standing.ahead
    assert all(log.state(last.session, w, as_of) == "none" for w in NEEDED)
    assert as_of - last.session.ended_at <= timedelta(days=10)
    counting = [j for j in standing.judged if j.clean or not (j.short or j.unjudgeable)]
    assert [(j.stage, j.clean) for j in counting[-2:]] == [(last.stage, True)] * 2
    assert said.next_stage == last.stage + 1
    assert said.earliest_next_run is not None
    earliest = max(said.earliest_next_run, as_of)
    raised = [j for j in standing.judged if j.is_increase and earliest - timedelta(hours=168) < j.session.started_at]
    assert len(raised) < 2


def _assert_asks_no_more_while_it_holds(standing: Standing, *, holds: bool) -> None:
    """While a symptom holds, the next run asks for no more jogging than the last; a step that is owed asks for less."""
    asked, owed = standing.recommendation.prescription, sym02.owed(standing.judged, standing.recommendation.as_of)
    settled = [o for o in standing.facts.overrides if owed and o.recorded_at >= owed[0].at]
    before = next((j.prescription for j in standing.judged[-1:] if j.prescription is not None), None)
    if asked is None or before is None or not holds:
        return
    assert asked.jog_total_s <= before.jog_total_s
    assert asked.longest_jog_s <= before.longest_jog_s
    if owed and not settled and before in standing.plan.stages and not is_lowest(before.stage, standing.plan):
        assert asked.stage < before.stage
