"""Properties of rules.md §6 over random histories: nothing anyone does talks the plan into "progress"."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analysis.bouts import Span
from analysis.findings import Level
from monitor.answers import Window
from monitor.facts import Override
from monitor.recommendation import Outcome
from tests.earned import assert_earned
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed

HOUR = timedelta(hours=1)
WINDOWS = (Window.DURING, Window.AFTER, Window.NEXT_DAY)


GOOD = {
    "gap_h": 48.5,
    "does": "asked",
    "data": "good",
    "evening": "none",
    "morning": "none",
    "before": "nothing",
    "issue": False,
}
BAD = {
    "gap_h": [49, 60, 72, 47.4, 47.6, 40, 24, 170, 241, 260, 340, 400, 700],
    "does": ["short", "one more", "two more", "late"],
    "data": ["gap", "uncertain"],
    "evening": ["silent", "leak", "pain only"],
    "morning": ["silent", "leak"],
    "before": ["override up", "override down", "failed hop", "all passed", "leak"],
    "issue": [True],
}
MISHAPS = st.sampled_from([(key, value) for key, values in BAD.items() for value in values])


@st.composite
def histories(draw):
    """A good life with a few mishaps: one in which nothing ever goes right proves little about PROGRESS."""
    runs = draw(st.integers(1, 9))
    history = [dict(GOOD) for _ in range(runs)]
    for at, (key, value) in draw(st.lists(st.tuples(st.integers(0, runs - 1), MISHAPS), max_size=4)):
        history[at][key] = value
    return history


HISTORIES = histories()
LATER = st.one_of(st.floats(22, 50), st.floats(0, 300))

thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def perform(does, stage):
    if does == "short":
        return as_prescribed(stage)[: max(1, stage.repeats // 2)]
    more = {"one more": 1, "two more": 2}.get(does, 0)
    return as_prescribed(PLAN[PLAN.clamp(stage.stage + more)], late_s=7 if does == "late" else 0)


def before_the_run(life, what, start):
    if what.startswith("override"):
        stage = life.at(start).recommendation.last_stage or 1
        stage = PLAN.clamp(stage + (2 if what.endswith("up") else -1))
        life.tell(Override(id=0, recorded_at=start - HOUR, at=start - HOUR, stage=stage, because="reviewed"))
    elif what == "failed hop":
        life.move(start - HOUR, hop=False)
    elif what == "all passed":
        life.move(start - HOUR)
    elif what == "leak":
        life.answers(None, start - HOUR, **LEAK)


def answer(life, observed, event):
    spoken = {"none": NONE, "leak": LEAK, "pain only": {"pain": 0}}
    if event["evening"] != "silent":
        life.answers(observed, observed.ended_at + HOUR, WINDOWS[:2], **spoken[event["evening"]])
    if event["morning"] != "silent":
        life.answers(observed, observed.ended_at + 24 * HOUR, WINDOWS[2:], **spoken[event["morning"]])


def live(history, *, pinned=False):
    """Live a history; with `pinned`, each run's stage is issued just before it, so that it is given."""
    life = Life.ready()
    end = MONDAY - 48 * HOUR
    for event in history:
        start = end + timedelta(hours=event["gap_h"])
        before_the_run(life, event["before"], start)
        said = life.at(start).recommendation
        stage = PLAN[said.next_stage if said.next_stage is not None else 1]
        if event["issue"] or pinned:
            life.issue(start - timedelta(seconds=1))
        pieces = perform(event["does"], stage)
        minute = start.astimezone(UTC) + timedelta(seconds=30)
        spoilt = {
            "gap": {"gaps": (Span(start=minute, end=minute + timedelta(seconds=90)),)},
            "uncertain": {"uncertain": (Span(start=minute, end=minute + timedelta(seconds=400)),)},
        }
        observed = life.runs(start, pieces, sd_s=1.5, **spoilt.get(event["data"], {}))
        answer(life, observed, event)
        end = observed.ended_at
    return life, end


def verdict(life, at):
    return life.at(at).recommendation.outcome


def stages(life, at):
    return [j.stage for j in life.at(at).judged]


@thorough
@given(HISTORIES, LATER)
def test_progress_never_stands_beside_anything_open(history, later):
    life, end = live(history)
    as_of = end + timedelta(hours=later)
    assert_earned(life.at(as_of))


@thorough
@given(HISTORIES, LATER, st.data())
def test_adding_a_symptom_never_turns_hold_into_progress(history, later, data):
    life, end = live(history, pinned=True)
    assume(life.facts.check_ins)
    as_of = end + timedelta(hours=later)
    before = verdict(life, as_of), stages(life, as_of)
    entry = data.draw(st.sampled_from(life.facts.check_ins))
    worse = replace(entry, leakage=LEAK["leakage"])
    entries = tuple(worse if e is entry else e for e in life.facts.check_ins)
    life.facts = replace(life.facts, check_ins=entries)
    assume(stages(life, as_of) == before[1])
    assert not (before[0] is Outcome.HOLD and verdict(life, as_of) is Outcome.PROGRESS)


@thorough
@given(HISTORIES, LATER, st.data())
def test_deleting_an_answer_that_said_none_never_turns_hold_into_progress(history, later, data):
    life, end = live(history, pinned=True)
    nones = [e for e in life.facts.check_ins if e.leakage == "none"]
    assume(nones)
    as_of = end + timedelta(hours=later)
    before = verdict(life, as_of), stages(life, as_of)
    gone = data.draw(st.sampled_from(nones))
    life.facts = replace(life.facts, check_ins=tuple(e for e in life.facts.check_ins if e is not gone))
    assume(stages(life, as_of) == before[1])
    assert not (before[0] is Outcome.HOLD and verdict(life, as_of) is Outcome.PROGRESS)


@thorough
@given(HISTORIES, st.floats(0, 160), st.data())
def test_making_a_run_a_breach_never_turns_hold_into_progress(history, later, data):
    life, end = live(history, pinned=True)
    as_of = end + timedelta(hours=later)
    before = verdict(life, as_of), stages(life, as_of)
    n = data.draw(st.integers(0, len(life.observed) - 1))
    breach = life.runs(life.observed[n].started_at, 9, identity=life.observed[n].identity)
    life.observed = [*life.observed[:n], breach, *life.observed[n + 1 : -1]]
    assume(stages(life, as_of) == before[1])
    assert not (before[0] is Outcome.HOLD and verdict(life, as_of) is Outcome.PROGRESS)


@thorough
@given(HISTORIES, LATER, st.randoms(use_true_random=False))
def test_order_of_entry_changes_nothing(history, later, chance: random.Random):
    life, end = live(history)
    as_of = end + timedelta(hours=later)
    before = life.at(as_of)
    for kind in ("check_ins", "readiness", "overrides", "issued", "gates", "settings"):
        mixed = list(getattr(life.facts, kind))
        chance.shuffle(mixed)
        life.facts = replace(life.facts, **{kind: tuple(mixed)})
    chance.shuffle(life.observed)
    after = life.at(as_of)
    assert after.recommendation == before.recommendation
    assert [j.findings for j in after.judged] == [j.findings for j in before.judged]


@thorough
@given(HISTORIES, st.floats(-400, 2000))
def test_there_is_always_a_verdict_with_a_reason_at_any_instant(history, later):
    life, end = live(history)
    said = life.at(end + timedelta(hours=later)).recommendation
    assert said.reasons
    assert all(r.code and r.message for r in said.reasons)
    assert (said.next_stage is None) == (said.prescription is None)


@thorough
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "wait_h": st.sampled_from([0, 0, 0, 1, 5, 24, 100, 200, 300, 400, 800]),
                "evening": st.sampled_from(["none"] * 6 + ["silent", "leak"]),
                "morning": st.sampled_from(["none"] * 6 + ["silent", "leak"]),
                "start_stage": st.sampled_from([None] * 8 + [1, 3, 6, 9, 12]),
            }
        ),
        min_size=3,
        max_size=14,
    )
)
def test_doing_exactly_what_next_says_and_no_earlier_is_never_a_breach(history):
    life = Life.ready()
    at = MONDAY
    for event in history:
        if event["start_stage"] is not None:
            life.tell(Override(id=0, recorded_at=at, at=at, stage=event["start_stage"], because="reviewed"))
        said = life.at(at).recommendation
        if said.next_stage is None:  # the movements are to be repeated after a long break
            life.move(at)
            said = life.at(at + timedelta(seconds=1)).recommendation
            at += timedelta(seconds=1)
        start = max(said.earliest_next_run, at) + timedelta(hours=event["wait_h"])
        said = life.issue(start - timedelta(seconds=1)).recommendation  # she looks before she goes
        if said.next_stage is None:
            life.move(start - timedelta(seconds=1))
            said = life.issue(start).recommendation
        if said.earliest_next_run > start:
            start = said.earliest_next_run
        start += timedelta(seconds=1)
        observed = life.runs(start, said.prescription.stage)
        answer(life, observed, event)
        at = observed.ended_at + 24 * HOUR
    found = [(j.session.id, f.code) for j in life.at(at + 48 * HOUR).judged for f in j.findings]
    limits = {f for j in life.at(at + 48 * HOUR).judged for f in j.findings if f.level is Level.LIMIT}
    assert not limits, found


def test_the_random_histories_do_reach_progress():
    """Properties about PROGRESS would hold emptily if no history ever reached it."""
    life, end = live([GOOD] * 2)
    assert verdict(life, end + 25 * HOUR) is Outcome.PROGRESS
