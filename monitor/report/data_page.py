"""docs/report-data.md, written from the tables and the values themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from monitor.report.schema import FILE, schema
from monitor.report.tables import TABLES

ABOUT_JSON = f"""
`restride report --format json` writes one object on one line, with its `format_version`. It holds all that the
page shows, and more to check it by: every session's files with their sha256, every bout to the second, every
entry. Numbers are rounded once, there; the page shows the same in fewer digits. A name says its unit (`_s`
seconds, `_m` metres, `_mps` metres a second, `_spm` steps a minute of both feet, `_h` hours, `_share` 0 to 1);
units are metric, whatever the page shows. Instants are ISO 8601 in UTC with a `Z`, dates are the runner's own.
`null` is not known or not answered, which is not the same as none. Lists are in time order. The JSON Schema
(draft 2020-12) ships with the program as `monitor/report/{FILE}`. A name that goes away or changes its meaning
raises `format_version`; a new one does not.
"""
ABOUT_CSV = """
`restride report --format csv -o DIR` writes five files into a folder: `sessions.csv`, `bouts.csv`,
`checkins.csv`, `findings.csv` and `recommendations.csv`, with the same numbers as the JSON. They are comma
separated as RFC 4180 has it, with decimal points, ISO 8601 dates, UTC instants with a `Z`, `true` and `false`,
and an empty cell where nothing is known. Several values in one cell are parted by `; `. Rows and columns keep
their order; a new column comes at the end of a later version, never in between.
"""
ABOUT_LETTERS = """
They are UTF-8 and begin with a byte order mark, for without one Excel takes them for the letters of the system.
In R, `read.csv("sessions.csv", fileEncoding = "UTF-8-BOM")`; `readr::read_csv` and `pandas.read_csv` know the
mark (pandas with `encoding="utf-8-sig"`). Where Excel expects semicolons, open them by *Data, From Text/CSV*.
What a spreadsheet would take for a formula (text that begins with `=`, `+`, `-` or `@`, also after a semicolon or at
a new line within it) has an apostrophe before it; numbers stay numbers. The ratio is written `jog:walk 1:2.0`, for
`1:2.0` alone becomes a time of day.
"""
FROM_NUMBER_TO_FILE = """
A session names its files by sha256: `sha256sum` of your own export gives the same (of a `.gz` or `.zip`, of the
file inside it), and what you imported is kept, byte for byte, in the data folder's `archive/`. Its bouts begin
and end at instants; the samples between them in that file are what the bout was read from. `restride show ID`
prints the same session.
"""


def markdown() -> str:
    """Write the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# The report as data"
    yield ""
    yield "This page is written from the program (`python -m monitor.report.data_page`); tests hold it to that."
    yield ""
    yield "<!-- at 2026-03-04T18:00+00:00 -->"
    yield "<!-- before: restride init --birth 2025-12-01 --zone Europe/Lisbon -->"
    yield "```sh"
    yield "restride report --format json -o ~/restride.json"
    yield "restride report --format csv -o ~/restride-tables"
    yield "restride report --week 2026-W10 --format json"
    yield "```"
    yield from _section("JSON", ABOUT_JSON)
    yield from _section("CSV", ABOUT_CSV, ABOUT_LETTERS)
    yield from _section("From a number to the file and the second", FROM_NUMBER_TO_FILE)
    for table in TABLES:
        yield from _section(f"{table.name}.csv", table.what)
        yield ""
        yield "| column | unit | what it is |"
        yield "|---|---|---|"
        yield from (f"| `{c.name}` | {c.unit} | {_plain(c.what)} |" for c in table.columns)
    whole = schema()
    yield from _section("The values of the JSON", "The object itself, then each kind of value in it.")
    yield from _values("Report", whole)
    for name, kind in whole["$defs"].items():
        yield from _values(name, kind)
    yield ""


def _section(title: str, *paragraphs: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    for paragraph in paragraphs:
        yield ""
        yield from textwrap.wrap(" ".join(paragraph.split()), 120, break_long_words=False, break_on_hyphens=False)


def _values(name: str, kind: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"### {name}"
    yield ""
    yield kind["description"]
    yield ""
    yield "| name | type | what it is |"
    yield "|---|---|---|"
    for key, of in kind["properties"].items():
        yield f"| `{key}` | {_type(of)} | {_plain(of['description'])} |"


def _type(of: dict[str, Any]) -> str:
    if "const" in of:
        return f"`{of['const']}`"
    if "$ref" in of:
        return str(of["$ref"]).rpartition("/")[2]
    if "anyOf" in of:
        return " or ".join(_type(one) for one in of["anyOf"])
    if of["type"] == "array":
        return f"list of {_type(of['items'])}"
    if "format" in of:
        return str(of["format"]).replace("-", " ") + (" or null" if isinstance(of["type"], list) else "")
    return " or ".join(of["type"]) if isinstance(of["type"], list) else str(of["type"])


def _plain(what: str) -> str:
    return what.replace("|", "\\|")


if __name__ == "__main__":
    print(markdown(), end="")
