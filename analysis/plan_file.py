"""A plan as a file: TOML, as in plans/default.toml, read strictly. What is odd is refused in words, never guessed.

Minutes in the file are whole seconds from here on, the nearest ones (0.33 is 20 s, 0.1 is 6 s): sums of seconds are
exact, so no cycle is lost to a fraction.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

from analysis.jogging import JOG_BOUT_S, RUNNING_S
from analysis.performed import BREAK_WALK_S
from analysis.plan import Plan, Prescription, length

MAX_CHARACTERS = 20_000  # a hundred stages and as many comments; far more takes tomllib long
MAX_STAGE = 99
MAX_MAIN_SET_MIN = 180
MAX_NAME = 60
SHOWN = 40  # characters of what was found
SHOWN_KEYS = 3

PLAN_FIELDS = ("name", "first_stage", "stages")
STAGE_FIELDS = ("stage", "jog", "walk", "main_set")
EXAMPLE = "{ stage = 1, jog = 1, walk = 2, main_set = 20 }"
WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


class PlanError(Exception):
    """A plan that cannot be used. Each problem names the stage and the field, and what is expected there."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse(text: str) -> Plan:
    """Read a plan.

    Raises:
        PlanError: it is no TOML, or no ladder that can be followed and judged; all problems at once.
    """
    data = _table(text)
    problems = _wrong_keys(data, PLAN_FIELDS, "")
    name = _name(data, problems)
    first = _whole(data, "first_stage", "", problems)
    stages = _stages(data, problems)
    if not problems:
        problems += _wrong_numbering([s.stage for s in stages])
    if not problems and not stages[0].stage <= first <= stages[-1].stage:
        problems.append(
            f"first_stage must be one of the plan's stages, {stages[0].stage} to {stages[-1].stage}, found {first}"
        )
    if problems:
        raise PlanError(*problems)
    return Plan(name=name, first_stage=first, stages=tuple(stages))


def _table(text: str) -> dict[str, Any]:
    """Read TOML."""
    if len(text) > MAX_CHARACTERS:
        raise PlanError(f"a plan has at most {MAX_CHARACTERS} characters, this text has {len(text)}")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(_where(str(error))) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists in lists
        raise PlanError("this is no plan: a number is too long, or something is nested too deeply") from None


def _where(message: str) -> str:
    """Say first in which line the TOML is broken."""
    found = WHERE.search(message)
    if found is None:
        return f"the TOML cannot be read: {message}"
    said = message[: found.start()]
    if found["line"] is None:
        return f"at the end: the TOML cannot be read: {said}"
    return f"line {found['line']}, column {found['column']}: the TOML cannot be read: {said}"


def _wrong_keys(table: Mapping[str, Any], known: Collection[str], who: str) -> list[str]:
    """Name the fields that are missing and those that nobody knows."""
    problems = [f"{who}{field} is missing" for field in known if field not in table]
    unknown = [_found(key) for key in table if key not in known]
    if unknown:
        named = ", ".join(unknown[:SHOWN_KEYS]) + (
            f" (and {len(unknown) - SHOWN_KEYS} more)" * (len(unknown) > SHOWN_KEYS)
        )
        problems.append(f"{who}there is no field {named}; the fields are {', '.join(known)}")
    return problems


def _name(data: Mapping[str, Any], problems: list[str]) -> str:
    name = data.get("name")
    if isinstance(name, str) and name.strip() and len(name) <= MAX_NAME and name.isprintable():
        return name.strip()
    if "name" in data:
        problems.append(f"name must be a text of 1 to {MAX_NAME} characters on one line, found {_found(name)}")
    return ""


def _stages(data: Mapping[str, Any], problems: list[str]) -> list[Prescription]:
    """Read the stages that can be read."""
    rows = data.get("stages")
    if not isinstance(rows, list) or not rows:
        if "stages" in data:
            problems.append(f"stages must be a list of at least one stage, each like `{EXAMPLE}`, found {_found(rows)}")
        return []
    if len(rows) > MAX_STAGE + 1:
        problems.append(f"a plan has at most {MAX_STAGE + 1} stages, found {len(rows)}")
        return []
    read = []
    for number, row in enumerate(rows, start=1):
        stage = _stage(row, f"entry {number} of stages", problems)
        if stage is not None:
            read.append(stage)
    return read


def _stage(row: object, entry: str, problems: list[str]) -> Prescription | None:
    """Read one stage, or say what is wrong with it."""
    if not isinstance(row, dict):
        problems.append(f"{entry} must be like `{EXAMPLE}`, found {_found(row)}")
        return None
    number = row.get("stage")
    who = f"stage {number}: " if _is_stage(number) else f"{entry}: "
    wrong = _wrong_keys(row, STAGE_FIELDS, who)
    stage = _whole(row, "stage", who, wrong)
    jog_s = _seconds(row, "jog", who, wrong)
    walk_s = _seconds(row, "walk", who, wrong)
    main_set_s = _seconds(row, "main_set", who, wrong)
    if not wrong:
        prescription = Prescription(stage=stage, jog_s=float(jog_s), walk_s=float(walk_s), main_set_s=float(main_set_s))
        wrong += [f"{who}{problem}" for problem in _impossible(prescription)]
        if not wrong:
            return prescription
    problems += wrong
    return None


def _impossible(asked: Prescription) -> list[str]:
    """Say why a stage cannot be followed, or not be told from what a watch records."""
    jog, walk, main_set = length(asked.jog_s), length(asked.walk_s), length(asked.main_set_s)
    problems = []
    if asked.jog_s < JOG_BOUT_S:
        problems.append(f"jog must be {length(JOG_BOUT_S)} or more: less is not counted as a jog, found {jog}")
    if 0 < asked.walk_s < BREAK_WALK_S:
        problems.append(
            f"walk must be 0 or at least {length(BREAK_WALK_S)}: less cannot be told from a halt, found {walk}"
        )
    if asked.main_set_s < asked.jog_s:
        problems.append(f"main_set ({main_set}) is shorter than one jog ({jog})")
    elif not asked.walk_s and asked.jog_s != asked.main_set_s:
        problems.append(
            f"walk = 0 means one jog without a break, so jog ({jog}) and main_set ({main_set}) must be the same"
        )
    elif asked.walk_s and asked.jog_s == asked.main_set_s:
        problems.append(f"main_set ({main_set}) leaves no time for a walk; for one jog without a break, write walk = 0")
    elif asked.jog_total_s < RUNNING_S:
        problems.append(
            f"jog and main_set make {length(asked.jog_total_s)} of jogging in all; a run counts from "
            f"{length(RUNNING_S)} on"
        )
    return problems


def _wrong_numbering(numbers: list[int]) -> list[str]:
    """Say where stages are missing, doubled or out of order."""
    problems = []
    for at in range(1, len(numbers)):
        before, here = numbers[at - 1], numbers[at]
        if here in numbers[:at]:
            problems.append(f"stage {here} is there twice; each number stands for one stage")
        elif here < before:
            problems.append(f"stage {here} stands after stage {before}; the lowest stage comes first")
        elif here == before + 2:
            problems.append(f"stage {before + 1} is missing between stage {before} and stage {here}")
        elif here > before + 2:
            problems.append(f"stages {before + 1} to {here - 1} are missing between stage {before} and stage {here}")
    return problems


def _whole(table: Mapping[str, Any], field: str, who: str, problems: list[str]) -> int:
    """Read the number of a stage; 0 where it is none, and the problem noted."""
    value = table.get(field)
    if _is_stage(value):
        return value
    if field in table:
        problems.append(f"{who}{field} must be a whole number from 0 to {MAX_STAGE}, found {_found(value)}")
    return 0


def _seconds(table: Mapping[str, Any], field: str, who: str, problems: list[str]) -> int:
    """Read minutes as whole seconds; 0 where they are none, and the problem noted."""
    value = table.get(field)
    if field not in table:
        return 0
    least = "0 or more minutes" if field == "walk" else "more than 0 minutes"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # NaN is no number
        problems.append(f"{who}{field} must be a number of minutes, like 1.5, found {_found(value)}")
    elif value < 0 or (value == 0 and field != "walk"):
        problems.append(f"{who}{field} must be {least}, found {_found(value)}")
    elif value > MAX_MAIN_SET_MIN:
        problems.append(f"{who}{field} must be at most {MAX_MAIN_SET_MIN} minutes, found {_found(value)}")
    elif value and not round(value * 60):
        problems.append(f"{who}{field} must be {least}, found {_found(value)}, which is not even a second")
    else:
        return round(value * 60)
    return 0


def _is_stage(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= MAX_STAGE  # true is no number, and nobody writes stage 3.0


def _found(value: object) -> str:
    """Write what stands in the file, short and without anything that a terminal would act on."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        short = value if len(value) <= SHOWN else value[:SHOWN] + "…"
        return '"' + "".join(c if c.isprintable() else "?" for c in short) + '"'
    if isinstance(value, (int, float)):
        return f"{value:.10g}" if abs(value) < 1e15 or value != value else "a number far too large"
    if isinstance(value, list):
        return "a list" if value else "none"
    return "a table" if isinstance(value, dict) else "a date or time"
