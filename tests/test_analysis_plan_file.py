"""A physio's own plan is read as it was meant, or refused in words: a ladder misread asks too much of a body."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.plan import Plan, Prescription, default_plan, default_text, length
from analysis.plan_file import MAX_CHARACTERS, PlanError, parse
from analysis.plan_warnings import warnings
from monitor.cli.plan_text import changes

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "plans.md").read_text(encoding="utf-8")

GOOD = ("{ stage = 1, jog = 1, walk = 2, main_set = 20 }", "{ stage = 2, jog = 1.5, walk = 1, main_set = 20 }")


def text(*rows: str, name: str = '"own"', first: str = "1", more: str = "") -> str:
    return f"name = {name}\nfirst_stage = {first}\n{more}\nstages = [{', '.join(rows or GOOD)}]\n"


def problems(plan: str) -> tuple[str, ...]:
    with pytest.raises(PlanError) as caught:
        parse(plan)
    return caught.value.problems


def row(stage: object = 1, jog: object = 1, walk: object = 2, main_set: object = 20) -> str:
    return f"{{ stage = {stage}, jog = {jog}, walk = {walk}, main_set = {main_set} }}"


def test_a_plan_is_read_in_seconds() -> None:
    plan = parse(text())
    assert (plan.name, plan.first_stage, plan.lowest, plan.last) == ("own", 1, 1, 2)
    assert plan[2] == Prescription(stage=2, jog_s=90, walk_s=60, main_set_s=1200)


def test_stages_may_be_written_one_below_the_other() -> None:
    tables = "\n".join(f"[[stages]]\nstage = {n}\njog = {n}\nwalk = 1\nmain_set = 20" for n in (1, 2, 3))
    assert [s.jog_s for s in parse(f"name = 'own'\nfirst_stage = 2\n{tables}").stages] == [60, 120, 180]


def test_line_ends_of_windows_change_nothing() -> None:
    assert parse(default_text().replace("\n", "\r\n")) == default_plan()


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [("0.33", 20), ("0.34", 20), ("0.7", 42), ("1.1", 66), ("1.33", 80), ("2.3", 138), ("3", 180)],
)
def test_fractions_of_minutes_are_the_nearest_whole_second(minutes: str, seconds: int) -> None:
    assert parse(text(row(jog=minutes)))[1].jog_s == seconds


def test_three_hours_are_the_most() -> None:
    assert parse(text(row(main_set=180)))[1].repeats == 60
    assert "at most 180 minutes" in problems(text(row(main_set=180.1)))[0]


def test_no_cycle_is_lost_to_a_fraction() -> None:
    """0.7 + 0.7 minutes fit ten times into 14: with fractions of a second the tenth jog would be cut to nothing."""
    stage = parse(text(row(jog=0.7, walk=0.7, main_set=14)))[1]
    assert (stage.repeats, stage.jog_total_s) == (10, 420)
    assert parse(text(row(jog=1.1, walk=2.2, main_set=9.9)))[1].repeats == 3


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(walk=-1)], "stage 1: walk must be 0 or more minutes, found -1"),
        ([row(jog=0)], "stage 1: jog must be more than 0 minutes, found 0"),
        ([row(jog=-2.5)], "stage 1: jog must be more than 0 minutes, found -2.5"),
        ([row(main_set=0)], "stage 1: main_set must be more than 0 minutes, found 0"),
        ([row(walk=0.001)], "stage 1: walk must be 0 or more minutes, found 0.001, which is not even a second"),
        ([row(jog="nan")], "stage 1: jog must be a number of minutes, like 1.5, found nan"),
        ([row(walk='"2"')], 'stage 1: walk must be a number of minutes, like 1.5, found "2"'),
        ([row(walk="true")], "stage 1: walk must be a number of minutes, like 1.5, found true"),
        ([row(walk="07:30:00")], "stage 1: walk must be a number of minutes, like 1.5, found a date or time"),
        ([row(walk="[2]")], "stage 1: walk must be a number of minutes, like 1.5, found a list"),
        ([row(main_set="inf")], "stage 1: main_set must be at most 180 minutes, found a number far too large"),
        ([row(main_set=200)], "stage 1: main_set must be at most 180 minutes, found 200"),
        ([row(main_set="0x" + "f" * 9000)], "at most 180 minutes, found a number far too large"),
        ([row(walk="-inf")], "stage 1: walk must be 0 or more minutes, found a number far too large"),
        ([row(jog=0.2)], "stage 1: jog must be 20 s or more: less is not counted as a jog, found 12 s"),
        ([row(walk=0.2)], "stage 1: walk must be 0 or at least 20 s: less cannot be told from a halt, found 12 s"),
        ([row(jog=5, main_set=3)], "stage 1: main_set (3 min) is shorter than one jog (5 min)"),
        ([row(jog=5, main_set=4.99)], "stage 1: main_set (4 min 59 s) is shorter than one jog (5 min)"),
        ([row(walk=0)], "stage 1: walk = 0 means one jog without a break, so jog (1 min) and main_set (20 min)"),
        ([row(jog=20)], "stage 1: main_set (20 min) leaves no time for a walk"),
        ([row(jog=0.5, main_set=2)], "stage 1: jog and main_set make 30 s of jogging in all; a run counts from 1 min"),
        (["{ stage = 1, jog = 1, main_set = 20 }"], "stage 1: walk is missing"),
        (["{ stage = 1, jog = 1, walk = 2, main_set = 20, rest = 1 }"], 'stage 1: there is no field "rest"'),
        (["{ jog = 1, walk = 2, main_set = 20 }"], "entry 1 of stages: stage is missing"),
        ([row(), row("2.0")], "entry 2 of stages: stage must be a whole number from 0 to 99, found 2"),
        ([row("true")], "entry 1 of stages: stage must be a whole number from 0 to 99, found true"),
        ([row(-1), row(0)], "entry 1 of stages: stage must be a whole number from 0 to 99, found -1"),
        ([row(100)], "entry 1 of stages: stage must be a whole number from 0 to 99, found 100"),
        (["7"], "entry 1 of stages must be like `{ stage = 1, jog = 1, walk = 2, main_set = 20 }`, found 7"),
        ([row(1), row(3)], "stage 2 is missing between stage 1 and stage 3"),
        ([row(1), row(5)], "stages 2 to 4 are missing between stage 1 and stage 5"),
        ([row(1), row(2), row(2)], "stage 2 is there twice"),
        ([row(1), row(2), row(1)], "stage 1 is there twice"),
        ([row(2), row(1)], "stage 1 stands after stage 2; the lowest stage comes first"),
        ([row(n % 100) for n in range(101)], "a plan has at most 100 stages, found 101"),
    ],
)
def test_what_is_wrong_with_a_stage_is_said_with_its_number_and_field(rows: list[str], said: str) -> None:
    """A physio who reads "invalid value" gives up, or takes a ladder that is not hers."""
    assert any(said in problem for problem in problems(text(*rows))), problems(text(*rows))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("", "name is missing"),
        (text(name='""'), "name must be a text of 1 to 60 characters on one line, found"),
        (text(name='"  "'), "name must be a text"),
        (text(name="7"), "name must be a text of 1 to 60 characters on one line, found 7"),
        (text(name=f'"{"n" * 61}"'), "name must be a text of 1 to 60 characters"),
        (text(name='"a\\u001b[2Jb"'), 'found "a?[2Jb"'),
        (text(first="0"), "first_stage must be one of the plan's stages, 1 to 2, found 0"),
        (text(first="3"), "first_stage must be one of the plan's stages, 1 to 2, found 3"),
        (text(first="1.0"), "first_stage must be a whole number from 0 to 99, found 1"),
        (text(first='"one"'), 'first_stage must be a whole number from 0 to 99, found "one"'),
        (text(more="strict = true"), 'there is no field "strict"; the fields are name, first_stage, stages'),
        (text(more='"\\u001b[31m" = 1'), 'there is no field "?[31m"'),
        (
            text(more="a = 1\nb = 1\nc = 1\nd = 1\ne = 1"),
            'there is no field "a", "b", "c" (and 2 more); the fields are',
        ),
        ("name = 'x'\nfirst_stage = 1", "stages is missing"),
        ("name = 'x'\nfirst_stage = 1\nstages = []", "stages must be a list of at least one stage"),
        ("name = 'x'\nfirst_stage = 1\nstages = 5", "stages must be a list of at least one stage"),
        ("name = 'x'\nfirst_stage = = 1", "line 2, column 15: the TOML cannot be read"),
        ("name = 'x'\nname = 'y'\n", "line 2, column 11: the TOML cannot be read"),
        ("stages = [", "the TOML cannot be read"),
        ("name = 1" + "0" * 5000, "a number is too long"),
        ("name = " + "[" * 19_000, "nested too deeply"),
        ("#" * (MAX_CHARACTERS + 1), f"a plan has at most {MAX_CHARACTERS} characters"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(plan: str, said: str) -> None:
    assert any(said in problem for problem in problems(plan)), problems(plan)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """One error a go is a reason to stop trying."""
    said = problems(text(row(1, jog=0), row(2, walk=-1, main_set="'x'"), name="3"))
    assert [problem.split(":")[0].split(" must")[0] for problem in said] == ["name", "stage 1", "stage 2", "stage 2"]


def test_the_documented_ladder_is_the_one_in_use() -> None:
    """A physiotherapist decides by that page."""
    cells = [
        [c.strip() for c in line.strip("| ").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)
    ]
    plan = default_plan()
    assert [row[:5] for row in cells] == [
        [
            str(s.stage),
            length(s.jog_s),
            length(s.walk_s) if s.walk_s else "none",
            length(s.main_set_s),
            length(s.jog_total_s),
        ]
        for s in plan.stages
    ]
    assert [row[5] for row in cells] == [changes(plan, s.stage) for s in plan.stages]


def test_the_documented_example_can_be_used_as_it_stands() -> None:
    """She copies it; it must not be refused, nor greet her with warnings."""
    example = re.search(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert example is not None
    assert warnings(parse(example.group(1))) == ()


TIMES = st.integers(20, 1200)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any ladder that can be followed."""
    lowest = draw(st.integers(0, 3))
    stages = []
    for number in range(lowest, lowest + draw(st.integers(1, 8))):
        jog_s, walk_s = draw(TIMES), draw(st.one_of(st.just(0), TIMES))
        main_set_s = jog_s if not walk_s else draw(st.integers(max(jog_s + 1, 60), 10_800))
        stage = Prescription(stage=number, jog_s=jog_s, walk_s=walk_s, main_set_s=main_set_s)
        if stage.jog_total_s < 60:
            stage = replace(stage, jog_s=60, main_set_s=60 if not walk_s else 600)
        stages.append(stage)
    first = draw(st.integers(lowest, stages[-1].stage))
    return Plan(name=draw(st.sampled_from(["own", "plan of Ana", "ü“1”"])), first_stage=first, stages=tuple(stages))


def written(plan: Plan, digits: int) -> str:
    rows = [row(s.stage, *(f"{t / 60:.{digits}f}" for t in (s.jog_s, s.walk_s, s.main_set_s))) for s in plan.stages]
    return text(*rows, name=f'"{plan.name}"', first=str(plan.first_stage))


@settings(max_examples=60, deadline=None)
@given(plans(), st.sampled_from([2, 3, 6]))
def test_every_plan_written_to_a_hundredth_of_a_minute_is_read_to_the_second(plan: Plan, digits: int) -> None:
    assert parse(written(plan, digits)) == plan


@settings(max_examples=60, deadline=None)
@given(plans())
def test_what_a_stage_adds_up_to_is_what_a_stopwatch_would_count(plan: Plan) -> None:
    """Jog total, repeats and longest jog decide whether a run was too much: they are counted here second by second."""
    for stage in plan.stages:
        jogs: list[int] = []
        cycle = int(stage.jog_s + stage.walk_s)
        for second in range(int(stage.main_set_s)):
            if second % cycle == 0:
                jogs.append(0)
            if second % cycle < stage.jog_s:
                jogs[-1] += 1
        assert (stage.repeats, stage.jog_total_s, stage.longest_jog_s) == (len(jogs), sum(jogs), max(jogs))


VALUES = st.recursive(
    st.sampled_from(["1", "0", "-1", "2.5", "nan", "inf", "true", '""', "'x'", "1e400", "0x10", "1979-05-27"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda found: f"[{', '.join(found)}]"),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(*[VALUES] * 4), max_size=4), VALUES, VALUES)
def test_any_values_make_a_plan_or_an_error_in_words(rows: list[tuple[str, ...]], name: str, first: str) -> None:
    read_or_refused(text(*(row(*values) for values in rows), name=name, first=first))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_to_a_file_makes_a_plan_or_an_error_in_words(seed: int) -> None:
    """A file cut short by a bad download must not end in a traceback, and never in half a ladder."""
    chance = random.Random(seed)
    damaged = list(default_text())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(damaged))
        match chance.randrange(3):
            case 0:
                damaged[at] = chance.choice('0123456789{}[]=.,"#\n\x00\ufffd-e')
            case 1:
                del damaged[at : at + chance.randint(1, 40)]
            case _:
                damaged[at:at] = damaged[chance.randrange(len(damaged)) :][: chance.randint(1, 60)]
    read_or_refused("".join(damaged))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(anything: str) -> None:
    read_or_refused(anything)


def read_or_refused(plan: str) -> None:
    try:
        read = parse(plan)
    except PlanError as error:
        said = error.problems
    else:
        assert_ladder(read)
        return
    assert said
    assert all(problem.isprintable() for problem in said)


def assert_ladder(read: Plan) -> None:
    assert [s.stage for s in read.stages] == list(range(read.lowest, read.last + 1))
    assert read[read.first_stage].jog_total_s >= 60
    for stage in read.stages:
        assert all(time == int(time) for time in (stage.jog_s, stage.walk_s, stage.main_set_s))
        assert 20 <= stage.jog_s <= stage.main_set_s <= 10_800
