"""The report as five tables for a spreadsheet or R, from the same values as everything else.

Each file is UTF-8 with a byte order mark (without one Excel takes it for the system's own letters; R reads it with
`fileEncoding = "UTF-8-BOM"`, readr and pandas by themselves), comma separated as RFC 4180 has it, decimal points, dates
and instants as ISO 8601 in UTC with a Z, `true` and `false`, and nothing where nothing is known.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from monitor.report.as_data import instant
from monitor.report.model import Report
from monitor.report.model_answers import CheckInView
from monitor.report.model_sessions import BoutView, FindingView, SessionView
from monitor.report.model_summary import RecommendationView
from monitor.report.table_columns import (
    BOUTS,
    CHECKINS,
    FINDINGS,
    RECOMMENDATIONS,
    SESSIONS,
    Column,
)
from monitor.text import storable

BOM = "\ufeff"
_UNSEEN = r"[\s\"\x00-\x1f\x7f-\x9f\xad\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f]*"
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_FORMULA = re.compile(rf"{_UNSEEN}[{_SIGNS}\t\r]")
_WITHIN = re.compile(rf"([;\r\n]{_UNSEEN})([{_SIGNS}])")
"""What a spreadsheet may take for a formula: at the beginning, also behind blanks, quotes and signs that nobody sees,
and written wide or small; and after what parts cells elsewhere, for a German Excel breaks a note at its semicolons."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """A table: its name, what a row is, and its columns in order."""

    name: str
    what: str
    columns: tuple[Column[Row], ...]
    rows: Callable[[Report], Iterable[Row]]


def _bouts(report: Report) -> Iterator[tuple[SessionView, BoutView]]:
    for session in report.sessions:
        for bout in session.bouts:
            yield session, bout


def _sessions(report: Report) -> Iterable[SessionView]:
    return report.sessions


def _check_ins(report: Report) -> Iterable[CheckInView]:
    return report.check_ins


def _findings(report: Report) -> Iterable[FindingView]:
    return report.findings


def _recommendations(report: Report) -> Iterable[RecommendationView]:
    return report.recommendations


TABLES: tuple[Table[Any], ...] = (
    Table(name="sessions", what="One row a session: run, walk or other training.", columns=SESSIONS, rows=_sessions),
    Table(name="bouts", what="One row a stretch of one gait in a session.", columns=BOUTS, rows=_bouts),
    Table(name="checkins", what="One row an entry of hers, corrected ones too.", columns=CHECKINS, rows=_check_ins),
    Table(name="findings", what="One row a finding of a check.", columns=FINDINGS, rows=_findings),
    Table(
        name="recommendations",
        what="One row a recommendation as it was issued.",
        columns=RECOMMENDATIONS,
        rows=_recommendations,
    ),
)


def text(table: Table[Any], report: Report) -> str:
    """Write a table, header and rows, with its byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in table.rows(report):
        writer.writerow([cell(column.value(row)) for column in table.columns])
    return heading(table) + out.getvalue()


def heading(table: Table[Any]) -> str:
    """Write the first line of a table, by which it is known: its byte order mark and the names of its columns."""
    return f"{BOM}{','.join(column.name for column in table.columns)}\r\n"


def cell(value: object) -> str:
    """Write one value. What a spreadsheet would take for a formula gets an apostrophe before it; numbers stay.

    NUL, which no CSV reader takes, is left out.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value).removesuffix(".0")
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case tuple():
            return cell("; ".join(str(one) for one in value))
    said = storable(str(value)).replace("\x00", "")
    return ("'" if _FORMULA.match(said) else "") + _WITHIN.sub(r"\1'\2", said)
