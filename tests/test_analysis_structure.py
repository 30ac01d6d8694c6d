"""From sensors to structure: what a session was made of decides whether it met its stage."""

from __future__ import annotations

import pytest

from analysis.gait import observe
from analysis.performed import Performed, measure, parts
from fixtures.simulate import Simulated, cycles, simulate


def done(session: Simulated) -> Performed:
    performed = measure(observe(session.recording()).bouts)
    assert performed is not None
    return performed


@pytest.mark.parametrize("halt", ["stand", "pause"])
@pytest.mark.parametrize("halt_s", [8, 15, 20, 28, 35])
def test_a_halt_at_a_crossing_does_not_make_two_jogs_of_one(halt_s: int, halt: str) -> None:
    """Two jogs of five minutes in place of one of ten would hide that she went beyond her longest."""
    for seed in range(3):
        session = simulate([("walk", 300), ("jog", 300), (halt, halt_s), ("jog", 300), ("walk", 300)], seed=seed)
        performed = done(session)
        assert (performed.repeats, performed.ratio) == (1, "continuous")
        # A halt of a few seconds is not seen as one, and then counts as jogging.
        assert abs(performed.longest_jog_s - 600) <= 12 + min(halt_s, 15)


@pytest.mark.parametrize("rest", ["stand", "pause", "walk"])
def test_a_minute_of_rest_ends_a_jog_however_it_was_spent(rest: str) -> None:
    for seed in range(3):
        session = simulate([("walk", 300), ("jog", 300), (rest, 60), ("jog", 300), ("walk", 300)], seed=seed)
        assert done(session).repeats == 2


def test_a_ladder_is_read_as_it_was_climbed() -> None:
    ladder = [(name, s * 60.0) for jog in (1, 2, 4, 1) for name, s in (("jog", jog), ("walk", 1))]
    for seed in range(3):
        performed = done(simulate([("walk", 300), *ladder, ("walk", 240)], seed=seed))
        assert (performed.repeats, performed.regular) == (4, False)
        assert abs(performed.longest_jog_s - 240) <= 12


@pytest.mark.parametrize("jogs", [2, 3])
def test_two_or_three_short_jogs_are_found(jogs: int) -> None:
    for seed in range(3):
        performed = done(simulate([("walk", 600), *cycles(60, 120, jogs), ("walk", 600)], seed=seed))
        assert performed.repeats == jogs
        assert abs(performed.jog_s - 60 * jogs) <= 15 * jogs


def test_warm_up_and_cool_down_are_found_where_they_were() -> None:
    session = simulate([("walk", 300), *cycles(60, 120, 5), ("walk", 300)], seed=1)
    found = parts(observe(session.recording()).bouts)
    assert found is not None
    assert found.warm_up is not None
    assert found.cool_down is not None
    assert abs(found.warm_up.seconds - 300) <= 12
    assert abs(found.main_set.seconds - 900) <= 25
    assert abs(found.cool_down.seconds - 300) <= 25


def test_a_walk_has_no_structure_of_a_run() -> None:
    observed = observe(simulate([("walk", 1800)], seed=1).recording())
    assert measure(observed.bouts) is None
    assert parts(observed.bouts) is None
