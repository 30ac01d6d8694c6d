"""A ladder that climbs too fast is used only with a warning that names the stage (rules.md §7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.plan import Plan, Prescription, default_plan, default_text
from analysis.plan_file import parse
from analysis.plan_warnings import warnings


def plan(*minutes: tuple[float, float, float], first: int = 1, lowest: int = 1, name: str = "own") -> Plan:
    """Make a ladder of (jog, walk, main set) in minutes."""
    stages = tuple(
        Prescription(stage=number, jog_s=jog * 60, walk_s=walk * 60, main_set_s=main_set * 60)
        for number, (jog, walk, main_set) in enumerate(minutes, start=lowest)
    )
    return Plan(name=name, first_stage=first, stages=stages)


def only(of: Plan) -> str:
    found = warnings(of)
    assert len(found) == 1, found
    return found[0]


def test_the_default_plan_has_none() -> None:
    assert warnings(default_plan()) == ()
    assert warnings(parse(default_text())) == ()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (((1, 2, 20), (1, 1, 20)), "stage 2 adds 3 min of jogging to stage 1 (from 7 min to 10 min)"),
        (((1, 2, 20), (1, 2, 30)), "stage 2 adds 3 min of jogging to stage 1 (from 7 min to 10 min)"),
        (((1, 2, 20), (1, 3, 20)), "stage 2 asks for less than stage 1 (jogging in all from 7 min to 5 min)"),
        (
            ((1, 1, 20), (0.9, 1, 20)),
            "stage 2 asks for less than stage 1 (jogging in all from 10 min to 9 min 54 s, the",
        ),
        (((1, 2, 20), (1.5, 2.5, 20)), "stage 2 changes the jog and the walk at once"),
        (((1, 2, 20), (1, 2.1, 21)), "stage 2 changes the walk and the main set at once"),
        (((1, 2, 20), (1.1, 2.1, 20.5)), "stage 2 changes the jog, the walk and the main set at once"),
        (((1, 2, 20), (1, 2, 20)), "stage 2 asks for exactly what stage 1 does"),
        (((20, 0, 20), (20, 0, 20)), "stage 2 asks for exactly what stage 1 does"),
        (((15, 1, 20), (21, 0, 21)), "stage 2 leaves out the walk and changes the main set at once"),
        (((10, 0, 10), (11.5, 0, 11.5)), "stage 2 makes the main set longer by more than a tenth"),
    ],
)
def test_each_invariant_that_a_step_breaks_is_named_with_its_stage(
    steps: tuple[tuple[float, float, float], ...], said: str
) -> None:
    found = [w for w in warnings(plan(*steps)) if "where the plan starts" not in w]
    assert len(found) == 1, found
    assert said in found[0]


def test_a_step_that_breaks_several_is_named_for_each() -> None:
    found = warnings(plan((1, 2, 20), (3, 1, 25)))
    assert [w.split(" ")[2] for w in found] == ["adds", "changes"]
    back = warnings(plan((20, 0, 20), (19, 1, 20)))
    assert any("brings walks back" in w for w in back)
    assert any("asks for less" in w for w in back)


def test_a_tenth_is_no_more_than_a_tenth() -> None:
    """20 → 22 minutes is a step of the default plan; a fraction of floats must not make it one too many."""
    steps = [(t, 0, t) for t in (10, 11, 12.1, 13.3)]
    assert [w for w in warnings(plan(*steps)) if "tenth" in w] == []


def test_below_stage_1_a_step_may_be_wide_but_not_downwards() -> None:
    assert warnings(plan((1, 4, 20), (1, 2, 20), lowest=0)) == ()
    assert "stage 1 asks for less than stage 0" in only(plan((1, 1, 20), (1, 2, 20), lowest=0))


def test_a_plan_that_starts_at_its_stage_0_is_held_to_the_same_from_there() -> None:
    """The number alone must not let a leap through."""
    assert "stage 1 adds 3 min" in only(plan((1, 4, 20), (1, 2, 20), lowest=0, first=0))


def test_stages_from_1_to_where_the_plan_starts_are_held_to_the_same() -> None:
    """After a step back she climbs them too."""
    assert any("stage 2 adds 3 min" in w for w in warnings(plan((1, 2, 20), (1, 1, 20), (1.5, 1, 20), first=3)))


def test_a_start_above_the_default_one_is_named_with_its_numbers() -> None:
    """A physio may start higher; she should see that she does."""
    said = only(plan((1, 1, 24), lowest=3, first=3))
    assert said.startswith("stage 3 is where the plan starts, and asks for more")
    assert "12 min of jogging (7 min)" in said
    assert "24 min of main set (20 min)" in said
    assert "longest" not in said
    assert "5 min for the longest jog (1 min)" in only(plan((5, 10, 5.5)))
    assert warnings(plan((1, 2, 20))) == ()


def test_another_plan_under_the_name_of_the_default_one_is_named() -> None:
    """A report that says "default" of it would be believed."""
    assert "named like the default one" in only(plan((1, 2, 20), name="Default"))


STEPS = st.lists(
    st.tuples(
        st.sampled_from([60, 90, 120, 180, 300]), st.sampled_from([0, 60, 90, 120]), st.sampled_from([20, 22, 23])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(0, 2))
def test_no_ladder_that_breaks_an_invariant_goes_without_a_warning(
    steps: list[tuple[int, int, int]], lowest: int
) -> None:
    """The rules of §7, written a second time: wherever they are broken the stage is named, and nowhere else."""
    stages = tuple(
        Prescription(stage=number, jog_s=float(jog) if walk else 60.0 * t, walk_s=float(walk), main_set_s=60.0 * t)
        for number, (jog, walk, t) in enumerate(steps, start=lowest)
    )
    ladder = Plan(name="own", first_stage=max(lowest, 1) if len(stages) > 1 else lowest, stages=stages)
    broken = set()
    for i in range(1, len(stages)):
        a, b = stages[i - 1], stages[i]
        careful = a.jog_total_s <= b.jog_total_s and a.longest_jog_s <= b.longest_jog_s
        if a.stage >= 1:
            careful &= b.jog_total_s - a.jog_total_s <= 120
            if not a.walk_s:
                careful &= not b.walk_s and a.main_set_s < b.main_set_s and b.main_set_s / a.main_set_s <= 1.1 + 1e-9
            elif not b.walk_s:
                careful &= a.main_set_s == b.main_set_s
            else:
                careful &= [a.jog_s == b.jog_s, a.walk_s == b.walk_s, a.main_set_s == b.main_set_s].count(False) == 1
        if not careful:
            broken.add(b.stage)
    named = {int(w.split(" ")[1]) for w in warnings(ladder) if "is where the plan starts" not in w}
    assert named == broken


def test_a_broken_step_of_the_default_plan_is_found_wherever_it_is() -> None:
    usual = default_plan()
    for stage in usual.stages[2:]:
        doubled = tuple(
            replace(s, main_set_s=s.main_set_s * 2, jog_s=s.jog_s * (1 if s.walk_s else 2)) for s in [stage]
        )
        stages = tuple(doubled[0] if s.stage == stage.stage else s for s in usual.stages)
        found = warnings(Plan(name="own", first_stage=1, stages=stages))
        assert any(w.startswith(f"stage {stage.stage} ") for w in found), stage
