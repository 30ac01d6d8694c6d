"""Check-ins written in a table and saved as CSV: each line read by itself, and those that cannot be, named.

Pure: bytes in, rows and troubles out. Which run a row is about is the matter of monitor/checkin_rows.py. No message
here repeats what stands in a cell, for it may be her note.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from monitor.answer_words import NOTHING, READERS, NotAnAnswer, several, yes_or_no
from monitor.answers import Window
from monitor.when import YEARS

COLUMNS = {
    "pain": "pain",
    "site": "site",
    "kind": "pain_kind",
    "leakage": "leakage",
    "leakage_of": "leakage_of",
    "heaviness": "heaviness",
    "bleeding": "bleeding",
    "in_bout": "in_bout",
    "gait_changed": "gait_changed",
    "urgent": "urgent",
    "soreness": "soreness",
    "effort": "effort",
    "sleep_h": "sleep_h",
    "fatigue": "fatigue",
    "note": "note",
}
"""The columns that hold an answer, each with the field of a check-in."""

WHEN, SESSION, WINDOWS, NONE = "answered_at", "session", "windows", "nothing"
KNOWN = (WHEN, SESSION, WINDOWS, NONE, *COLUMNS)
SEPARATORS = (",", ";", "\t")
INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]+(\d{1,2}:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?\s*(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=[T ]|$)", re.ASCII)
EXPECTED_INSTANT = "a day and a time, like 2026-03-02 20:15, or with an offset like 2026-03-02 20:15+01:00"
TWO_DAYS = (
    f"{EXPECTED_INSTANT}. A date like 3/2/2026 may be two days; in a spreadsheet give the column the format "
    "yyyy-mm-dd hh:mm"
)
MAX_BYTES = 5_000_000
MAX_LINES = 20_000
"""Three answers a day for eighteen years: more is another table, and every command would have to read them."""
LONGEST_NAME = 40


class NotACheckInFile(Exception):
    """The file as a whole cannot be read; the message says why, and what it should look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line with answers, read."""

    line: int
    answered_at: datetime
    session: str | None
    windows: frozenset[Window] | None
    answers: Mapping[str, Any]  # by the names of a check-in's fields
    nothing: bool
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTrouble:
    """One line that was not taken, and why."""

    line: int
    column: str | None
    why: str  # never what stands there

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.why}"


ZoneAt = Callable[[datetime], tzinfo]


def parse(data: bytes, zone_at: ZoneAt, now: datetime) -> list[Row | RowTrouble]:
    """Read a file of check-ins, in the order of its lines.

    Args:
        data: the file's bytes: UTF-8, with commas, semicolons or tabs between the columns.
        zone_at: gives her zone at an instant, for times without an offset.
        now: no answer comes from later than this.

    Raises:
        NotACheckInFile: it is no such table at all.
    """
    text = _text(data)
    first, _, rest = text.partition("\n")
    skipped = 0
    if re.fullmatch(r"sep=.\r?", first.lower()):  # which Excel writes for itself
        text, skipped = rest, 1
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise NotACheckInFile(f"has more than {MAX_LINES} lines; check that it is the table of your check-ins")
    lines = _lines(text, _separator(text), skipped)
    header = next((cells for _, cells in lines if isinstance(cells, list) and any(map(str.strip, cells))), None)
    columns = _columns(header or [])
    return [
        cells if isinstance(cells, RowTrouble) else _row(number, cells, columns, zone_at, now)
        for number, cells in lines
        # Tables put one under the other have their head in the middle again.
        if isinstance(cells, RowTrouble) or (any(cell.strip() for cell in cells) and cells != header)
    ]


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise NotACheckInFile(
            f"is larger than {MAX_BYTES // 1_000_000} MB; check that it is the table of your check-ins"
        )
    if not data.strip():
        raise NotACheckInFile("is empty; its first line names the columns, like answered_at,pain,leakage,heaviness")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACheckInFile("is not written in UTF-8; save it as “CSV UTF-8”") from None


def _separator(text: str) -> str:
    """Give what stands between the columns: whatever parts the first line with words into most known names."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(separator: str) -> int:
        return sum(_name(cell) in KNOWN for cell in first.split(separator))

    return max(SEPARATORS, key=known)


def _lines(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str] | RowTrouble]]:
    """Give each line's cells with its number; a quote that is never closed takes all that follows with it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = 'expected quotes (") opened and closed around a cell; this line and those it runs into were not read'
            if "field limit" in str(error):
                why = f"expected cells of at most {csv.field_size_limit()} characters; this one was not read"
            yield number, RowTrouble(line=number, column=None, why=why)
            continue
        yield number, cells


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().strip('"').lower())


def _columns(header: Sequence[str]) -> list[str]:
    """Give the names of the columns.

    Raises:
        NotACheckInFile: none is known, one is not, or one comes twice.
    """
    names = [_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    if not set(names) & set(KNOWN):  # what stands there may be anything, so it is not repeated
        raise NotACheckInFile(f"has no line that names its columns; begin it with some of {', '.join(KNOWN)}")
    unknown = [number for number, name in enumerate(names, 1) if name not in KNOWN]
    if unknown:
        shown = ", ".join(_shown(names[number - 1], number) for number in unknown)
        raise NotACheckInFile(f"has columns that are not known: {shown}. The columns are {', '.join(KNOWN)}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NotACheckInFile(f"names a column twice: {', '.join(twice)}")
    if WHEN not in names:
        raise NotACheckInFile(f"has no column {WHEN}, which says when you answered")
    return names


def _shown(name: str, number: int) -> str:
    printable = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    short = printable if len(printable) <= LONGEST_NAME else f"{printable[:LONGEST_NAME]}…"
    return short or f"column {number}, without a name"


def _row(line: int, cells: list[str], columns: list[str], zone_at: ZoneAt, now: datetime) -> Row | RowTrouble:
    try:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise _Wrong(None, f"{len(columns)} cells; put quotes around a cell with the separator in it")
        filled = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        filled |= {name: _day_in_order(filled[name]) for name in (WHEN, SESSION) if name in filled}
        return Row(
            line=line,
            answered_at=_instant(filled.get(WHEN), zone_at, now),
            session=filled.get(SESSION),
            windows=_read(filled, WINDOWS, several(Window)),
            hash=_hash(filled),
            **_answers(filled),
        )
    except _Wrong as wrong:
        return RowTrouble(line=line, column=wrong.column, why=f"expected {wrong.expected}")


def _answers(filled: Mapping[str, str]) -> dict[str, Any]:
    nothing = bool(_read(filled, NONE, yes_or_no))
    given = {field: _read(filled, column, READERS[field]) for column, field in COLUMNS.items()}
    answers = {field: answer for field, answer in given.items() if answer not in (None, "")}
    if not answers and not nothing:
        raise _Wrong(None, "an answer in one of its columns, or yes under nothing")
    contradicted = next((n for n, none in NOTHING.items() if nothing and answers.get(n, none) != none), None)
    if contradicted is not None:
        raise _Wrong(contradicted, f"none, or no entry under {NONE}: they contradict each other")
    return {"answers": {**answers, **(NOTHING if nothing else {})}, "nothing": nothing}


def _read(filled: Mapping[str, str], column: str, read: Callable[[str], Any]) -> Any:
    if column not in filled:
        return None
    try:
        return read(filled[column])
    except NotAnAnswer as error:
        raise _Wrong(column, str(error)) from None


def _day_in_order(text: str) -> str:
    """Write 2026/3/2 as 2026-03-02, so that a line stays the same however a spreadsheet saved it."""
    found = YEAR_FIRST.match(text)
    if found is None:
        return text
    return f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}{text[found.end() :]}"


def _instant(text: str | None, zone_at: ZoneAt, now: datetime) -> datetime:
    """Read when she answered; a time without an offset is by her clock."""
    found = INSTANT.fullmatch(text or "")
    if found is None:
        raise _Wrong(WHEN, TWO_DAYS if re.match(r"\d{1,2}[./]\s?\d", text or "") else EXPECTED_INSTANT)
    day, clock, offset = found.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{clock.zfill(5) if len(clock) < 6 else clock.zfill(8)}")
        given = datetime.fromisoformat(f"{local.isoformat()}{offset.upper()}") if offset else None
        at = _of_her_clock(local, zone_at) if given is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(WHEN, EXPECTED_INSTANT) from None
    if at.year not in YEARS:
        raise _Wrong(WHEN, "a day that Restride can count with; check the year")
    if at > now:
        raise _Wrong(WHEN, "a time that is past; this one is still to come")
    return at


def _of_her_clock(local: datetime, zone_at: ZoneAt) -> datetime:
    zone = zone_at(local.replace(tzinfo=UTC))
    both = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = [at for at in both if at.astimezone(zone).replace(tzinfo=None) == local]
    if not shown:
        raise _Wrong(WHEN, "a time that your clock showed; it was put forward that night and left this one out")
    if shown[0] != shown[-1]:
        first, second = (at.astimezone(zone).strftime("%z") for at in shown)
        offsets = " or ".join(f"{of[:3]}:{of[3:]}" for of in (first, second))
        raise _Wrong(WHEN, f"the time with its offset ({offsets}): your clock showed it twice that night")
    return shown[0]


def _hash(filled: Mapping[str, str]) -> str:
    """Name a row by what she sees in it, whatever the order of the columns and the separator."""
    content = json.dumps(sorted(filled.items()), ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


class _Wrong(Exception):
    def __init__(self, column: str | None, expected: str) -> None:
        super().__init__(expected)
        self.column, self.expected = column, expected
