"""The report as data is read by programs nobody here has seen: it must be strict, in one order, and run nothing."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import fields, replace
from functools import cache
from itertools import product
from typing import Any

import jsonschema
import pandas
import pytest

from monitor.report import as_data, schema
from monitor.report.make_sessions import evidence
from monitor.report.model import Report
from monitor.report.tables import BOM, TABLES, cell, text
from tests import report_stories as stories
from tests.stories import Life
from tests.test_monitor_report_terminal import LIVES, lived

NAMES = pytest.mark.parametrize("name", list(LIVES))
COUNTS = frozenset({"pain", "effort", "fatigue"})  # of ten


@cache
def strict() -> jsonschema.Draft202012Validator:
    """Give the shipped schema with no room for a name that it does not know."""
    whole = json.loads(schema.shipped())
    kinds = [whole, *whole["$defs"].values()]
    assert all(set(kind["required"]) == set(kind["properties"]) for kind in kinds)
    for kind in kinds:
        kind["additionalProperties"] = False
    return jsonschema.Draft202012Validator(whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def no_number(constant: str) -> Any:
    raise AssertionError(f"{constant} is no JSON")


@NAMES
def test_every_story_is_valid_and_holds_no_name_that_the_schema_does_not_know(name: str) -> None:
    """A value that the schema is silent about cannot be read by a program written to it."""
    _, *reports = lived(name)
    for report in reports:
        read = json.loads(as_data.text(report), parse_constant=no_number)
        strict().validate(read)
    read["runs_a_day"] = 1
    with pytest.raises(jsonschema.ValidationError, match="runs_a_day"):
        strict().validate(read)


@NAMES
def test_the_order_in_which_things_were_entered_changes_no_letter(name: str) -> None:
    """Two exports of the same weeks are compared line by line; a file that was found later must not shuffle them."""
    life = LIVES[name]()
    end = stories.end_of(life)
    facts = {f.name: getattr(life.facts, f.name) for f in fields(life.facts)}
    turned = {key: value[::-1] if isinstance(value, tuple) else value for key, value in facts.items()}
    other = Life(observed=life.observed[::-1], facts=replace(life.facts, **turned))
    one, two = stories.whole(life.at(end)), stories.whole(other.at(end))
    assert as_data.text(one) == as_data.text(two)
    for table in TABLES:
        assert text(table, one) == text(table, two)


def frame(table: Any, report: Report) -> pandas.DataFrame:
    return pandas.read_csv(io.BytesIO(text(table, report).encode()), encoding="utf-8-sig")


@NAMES
def test_a_number_in_a_table_is_a_number_with_a_unit(name: str) -> None:
    """R takes a column for text where one cell is none, and a length without its unit for anything."""
    _, report, _ = lived(name)
    for table in TABLES:
        read = frame(table, report)
        assert list(read.columns) == [column.name for column in table.columns]
        assert len(read) == len(list(table.rows(report)))
        for column in table.columns:
            values = [column.value(row) for row in table.rows(report)]
            if any(isinstance(value, float) for value in values):
                assert column.unit, f"{table.name}.{column.name}"
            if any(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
                assert pandas.api.types.is_numeric_dtype(read[column.name]), f"{table.name}.{column.name}"
                assert all(math.isfinite(v) for v in values if v is not None)
                assert column.unit or column.name in COUNTS or isinstance(next(v for v in values if v is not None), int)


FORMULAS = (
    *("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "＋1", "－1"),
    *("＠SUM(A1)", "﹦1", "﹢1", "﹣1", "﹫A"),
)
BEFORE = (
    *("", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\ufeff", "\u200b", "\u202e", "\u00ad", "\u3000", "\x00", "\x7f"),
    *('"', '" '),
)


def test_no_cell_begins_a_formula_whatever_stands_before_it() -> None:
    """A note that a spreadsheet runs can send the whole clinic's file away."""
    for formula, before in product(FORMULAS, BEFORE):
        written = cell(before + formula)
        assert written.startswith("'"), repr(before)
        assert written.replace("'", "") == (before + formula).replace("\x00", "").replace("'", "")


@pytest.mark.parametrize("parted", ["; ", ";", "\n", "\r\n", '";"', '"\n "'])
def test_no_part_of_a_cell_begins_a_formula_where_another_sign_parts_the_cells(parted: str) -> None:
    """A German Excel parts cells at semicolons: half of a note in quotes is then a cell of its own."""
    for formula in FORMULAS:
        written = cell(f"tired{parted}{formula}")
        for line in csv.reader(io.StringIO(written), delimiter=";", quoting=csv.QUOTE_NONE):
            assert not any(re.match(r"[\s\"]*[=+\-@＝＋－＠﹦﹢﹣﹫]", part) for part in line), line
        assert written.replace("'", "") == f"tired{parted}{formula}".replace("'", "")


def test_what_is_no_formula_stays_as_it_was() -> None:
    """An apostrophe before every second word would be read as hers."""
    for said in ("a bit sore; none today", "5-10 min, then home", "2 + 2", "ana@example.org", "wet - a little", "a=b"):
        assert cell(said) == said
    assert [cell(v) for v in (-1.5, -3, 0.0)] == ["-1.5", "-3", "0"]
    assert cell(("during", "after")) == "during; after"


def test_a_table_without_rows_has_its_head() -> None:
    """A script that binds tables together fails on a file without columns."""
    _, report, _ = lived("not started")
    for table in TABLES:
        assert text(table, report).startswith(BOM + table.columns[0].name)
        assert list(frame(table, report).columns)


def test_what_is_no_number_is_left_out_and_stops_no_report() -> None:
    """One division by nothing in one file must not take the whole report away."""
    assert evidence({"jog_error_s": math.inf, "share": math.nan, "gaps": 2, "longest_gap_s": 1.23456, "at": "x"}) == {
        **{"gaps": 2, "longest_gap_s": 1.235, "at": "x"},
    }
