"""The report as JSON and CSV goes to a clinic's spreadsheet: it must open there, mean one thing, and run nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis import rounding
from analysis.gait import observe
from ingest.formats import read_bytes
from monitor.answers import Leakage, Window
from monitor.config import ConfigError, resolve
from monitor.facts import Override
from monitor.report import as_data, data_page, schema, units, wording
from monitor.report.make_report import report_of
from monitor.report.model import Report
from monitor.report.tables import BOM, TABLES, cell, text
from monitor.reporting import units_of
from tests.command import Restride, write_run
from tests.stories import LISBON, MONDAY, NONE, Life

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "  =1",
    "\ufeff=1",
    "שלום ‮abc",
    "👩‍🍼 tired, happy",
    'two lines\r\nwith "quotes", and; commas',
    "x" * 10_000,
    "half a pair \ud83d and \x00 nothing",
)
NOW = "2026-03-05T18:00+00:00"


def told(note: str) -> Report:
    """A report whose every free text is this one."""
    life = Life.ready()
    first = life.runs(MONDAY, 1)
    life.answers(first, MONDAY + timedelta(hours=2), (Window.AFTER,), **{**NONE, "leakage": Leakage.DROPS}, note=note)
    life.observed[0] = replace(first, file_name=note, device=note, notes=(("odd", note),))
    at = (MONDAY + timedelta(hours=5)).astimezone(UTC)
    life.tell(Override(id=0, recorded_at=at, at=at, stage=1, because=note))
    standing = life.at(MONDAY + timedelta(days=1))
    return report_of(standing, runner_name=note, zone=LISBON)


def rows(name: str, report: Report) -> list[dict[str, str]]:
    (table,) = [t for t in TABLES if t.name == name]
    whole = text(table, report)
    assert whole.startswith(BOM)
    return list(csv.DictReader(io.StringIO(whole.removeprefix(BOM), newline=""), strict=True))


def validate(content: Any) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(json.loads(schema.shipped()), format_checker=checker).validate(content)


def test_the_shipped_schema_is_the_one_of_the_values() -> None:
    """A program written to a stale schema fails on the first report. Anew: python -m monitor.report.schema."""
    assert schema.shipped() == schema.text()
    jsonschema.Draft202012Validator.check_schema(schema.schema())


def test_the_page_of_columns_is_the_one_of_the_tables() -> None:
    """A column without its meaning is a number without its unit. Anew: python -m monitor.report.data_page."""
    page = (Path(__file__).resolve().parent.parent / "docs" / "report-data.md").read_text(encoding="utf-8")
    assert page == data_page.markdown()


def test_a_report_with_a_name_too_few_or_a_word_too_many_is_not_valid() -> None:
    """A schema that takes everything would let a change break the clinic's program unseen."""
    content = as_data.content(told("fine"))
    validate(content)
    content["sessions"][0]["verdict"] = "brilliant"
    with pytest.raises(jsonschema.ValidationError, match="brilliant"):
        validate(content)
    content = as_data.content(told("fine"))
    del content["summary"]["outcome"]
    with pytest.raises(jsonschema.ValidationError, match="outcome"):
        validate(content)


@pytest.mark.parametrize("note", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_comes_back_as_they_wrote_it(note: str) -> None:
    """A note that is cut, changed or run by the spreadsheet is worse than none."""
    report = told(note)
    read = json.loads(as_data.text(report).encode("utf-8"))
    validate(read)
    whole = note.replace("\ud83d", "\ufffd")
    assert read["runner"] == whole
    assert read["check_ins"][0]["note"] == whole
    assert read["sessions"][0]["files"][0]["file_name"] == whole
    for table in TABLES:
        for row in rows(table.name, report):
            assert list(row) == [column.name for column in table.columns]
            for value in row.values():
                assert not re.match(r"[\s\ufeff]*[=+@\t\r]", value), table.name
                assert not re.match(r"[\s\ufeff]*-(?!\d+(\.\d+)?$)", value), table.name
    (entry,) = rows("checkins", report)
    assert entry["note"].removeprefix("'") == whole.replace("\x00", "")


def test_numbers_stay_numbers() -> None:
    """An apostrophe before -1.5 would make a text of it, and a comma another number."""
    assert [cell(v) for v in (-1.5, 3.0, 0, True, None, 1234567.8, 0.05)] == [
        *("-1.5", "3", "0", "true", "", "1234567.8", "0.05")
    ]
    assert cell(date(2026, 3, 2)) == "2026-03-02"
    assert cell(datetime(2026, 3, 2, 8, 0, 0, 500_000, tzinfo=LISBON)) == "2026-03-02T08:00:00.500000Z"
    assert cell(("=a", "b")) == "'=a; b"


def test_the_tables_hold_the_numbers_of_the_json() -> None:
    """Two files of one report must not disagree."""
    report = told("fine")
    read = as_data.content(report)
    (row,) = rows("sessions", report)
    done = read["sessions"][0]["performed"]
    for name in ("jog_s", "jog_error_s", "longest_jog_s", "main_set_s", "walk_bout_s"):
        assert float(row[f"performed_{name}"]) == done[name]
    bouts = rows("bouts", report)
    assert [(b["gait"], b["start_utc"], float(b["length_s"])) for b in bouts] == [
        (b["gait"], b["start"], b["length_s"]) for b in read["sessions"][0]["bouts"]
    ]
    assert row["performed_ratio"] == "jog:walk 1:2.0"
    assert row["checkin_after"] == "symptom"


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """A runner with two runs, the second too early, and answers to the first."""
    app = Restride(tmp_path / "data").ready()
    for n, start in enumerate(("2026-03-02T07:00+00:00", "2026-03-03T17:00+00:00")):
        file = write_run(tmp_path / "in", start, seed=n + 1)
        assert app("import", str(file), now=NOW).code == 0
    assert app("checkin", "--none", "--window", "after", "--session", "2026-03-02", now=NOW).code == 0
    return app


def test_a_jog_in_the_json_is_found_in_the_file_at_its_second(restride: Restride, tmp_path: Path) -> None:
    """A clinician who checks a number must end at the export, and find the same jog there."""
    out = tmp_path / "report.json"
    assert restride("report", "--format", "json", "-o", str(out), now=NOW).code == 0
    read = json.loads(out.read_text(encoding="utf-8"))
    validate(read)
    exports = {hashlib.sha256(f.read_bytes()).hexdigest(): f for f in (tmp_path / "in").iterdir()}
    assert len(read["sessions"]) == 2
    for session in read["sessions"]:
        (file,) = session["files"]
        export = exports[file["sha256"]]
        assert export.name == file["file_name"]
        (recording,) = read_bytes(export.read_bytes(), export.name)
        again = observe(recording)
        assert [(b["gait"], b["start"], b["end"]) for b in session["bouts"]] == [
            (b.gait.value, as_data.instant(b.start), as_data.instant(b.end)) for b in again.bouts
        ]
        jogs = [b for b in session["bouts"] if b["gait"] == "jog"]
        assert len(jogs) == session["performed"]["repeats"] == 7
        assert session["performed"]["jog_s"] == pytest.approx(sum(b["length_s"] for b in jogs), abs=0.1)
        for jog in jogs:
            inside = recording.signal.loc[jog["start"] : jog["end"], "speed_mps"].iloc[5:-5]
            assert float(inside.mean()) > 1.8
        drawn = next(t for t in read["traces"] if t["session_id"] == session["id"])
        at = int((jogs[0]["start_s"] + jogs[0]["length_s"] / 2) / drawn["step_s"])
        assert drawn["speed_mps"][at] == pytest.approx(jogs[0]["mean_speed_mps"], rel=0.2)


def test_an_answer_in_the_json_is_the_one_she_gave(restride: Restride, tmp_path: Path) -> None:
    """A number in the report without an entry behind it would be invented."""
    out = tmp_path / "report.json"
    restride("report", "--format", "json", "-o", str(out), now=NOW)
    read = json.loads(out.read_text(encoding="utf-8"))
    listed = restride("checkin", "--list", "--json", now=NOW).json["entries"]
    assert [(c["id"], c["pain"], c["session_id"]) for c in read["check_ins"]] == [
        (e["id"], e["answers"]["pain"], e["session"]) for e in listed
    ]
    shown = restride("show", "2026-03-03", "--json", now=NOW).json
    second = next(s for s in read["sessions"] if s["id"] == "2026-03-03")
    assert second["performed"] == shown["performed"]
    assert second["rest_before_s"] == int(shown["rest_before_s"])
    said = restride("next", "--json", now=NOW).json
    assert read["summary"]["earliest_next_run"] == as_data.instant(datetime.fromisoformat(said["earliest_next_run"]))
    assert [r["code"] for r in read["summary"]["reasons"]] == [r["code"] for r in said["reasons"]]


def test_the_tables_are_written_into_a_folder_and_nothing_of_hers_is_overwritten(
    restride: Restride, tmp_path: Path
) -> None:
    """Her own sessions.csv in that folder must not be gone after a report."""
    folder = tmp_path / "tables"
    assert restride("report", "--format", "csv", "-o", str(folder), now=NOW).code == 0
    assert sorted(f.name for f in folder.iterdir()) == sorted(f"{t.name}.csv" for t in TABLES)
    assert restride("report", "--format", "csv", "-o", str(folder), now=NOW).code == 0
    (folder / "findings.csv").write_text("my own", encoding="utf-8")
    said = restride("report", "--format", "csv", "-o", str(folder), now=NOW)
    assert said.code == 1
    assert "findings.csv is there already" in said.stderr
    assert (folder / "findings.csv").read_text(encoding="utf-8") == "my own"
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert "is a file" in restride("report", "--format", "csv", "-o", str(file), now=NOW).stderr


def test_one_week_is_that_week(restride: Restride, tmp_path: Path) -> None:
    """The sheet in the physio's file must hold its own week alone."""
    out = tmp_path / "week.json"
    done = restride("report", "--week", "2026-W10", "--format", "json", "-o", str(out), now="2026-03-20T18:00+00:00")
    assert done.code == 0
    read = json.loads(out.read_text(encoding="utf-8"))
    validate(read)
    assert read["week"] == "2026-W10"
    assert [s["id"] for s in read["sessions"]] == ["2026-03-02", "2026-03-03"]
    assert read["summary"]["source"] == "issued"
    ahead = restride("report", "--week", "2026-W20", now=NOW)
    assert (ahead.code, "has not begun" in ahead.stderr) == (1, True)
    assert restride("report", "--week", "2026-W10", "--weeks", "2", now=NOW).code == 2
    (page,) = [restride("report", "--week", "2026-W10", "-o", str(tmp_path / "week.html"), now=NOW)]
    assert page.code == 0
    assert "2026-W10" in (tmp_path / "week.html").read_text(encoding="utf-8")


def test_units_are_hers_to_choose_and_a_wrong_word_is_named(restride: Restride) -> None:
    """A misspelt setting that is passed over in silence would show kilometres to a runner who asked for miles."""
    settings = resolve(restride.data)
    assert units_of(settings) is units.Units.METRIC
    file = restride.data / "restride.toml"
    file.write_text('[report]\nunits = "imperial"\n', encoding="utf-8")
    assert units_of(settings) is units.Units.IMPERIAL
    assert restride("report", "--units", "metric", now=NOW).code == 0
    assert restride("report", "--units", "leagues", now=NOW).code == 2
    for wrong in ('[report]\nunits = "miles"\n', '[report]\nunit = "imperial"\n', 'report = "imperial"\n'):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"restride\.toml"):
            units_of(settings)


def test_show_has_the_pace_in_her_units(restride: Restride) -> None:
    """Half of the report in miles and half in kilometres would be neither."""
    assert "min/km" in restride("show", "2026-03-02", now=NOW).stdout
    (restride.data / "restride.toml").write_text('[report]\nunits = "imperial"\n', encoding="utf-8")
    said = restride("show", "2026-03-02", now=NOW).stdout
    assert "min/mi" in said
    assert re.search(r"Distance +\d\.\d\d mi", said)
    assert max(map(len, said.splitlines())) <= 80


def test_a_report_replaces_a_report_and_no_other_json(restride: Restride, tmp_path: Path) -> None:
    """Another program's file under the name she chose must be there afterwards."""
    out = tmp_path / "report.json"
    for _ in range(2):
        assert restride("report", "--format", "json", "-o", str(out), now=NOW).code == 0
    out.write_text('{"mine": 1}', encoding="utf-8")
    assert restride("report", "--format", "json", "-o", str(out), now=NOW).code == 1
    assert out.read_text(encoding="utf-8") == '{"mine": 1}'


class Words(HTMLParser):
    """Collects what a person reads on a page, but for the marks on the axes of its charts."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in NO_NUMBERS

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in NO_NUMBERS

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)


NO_NUMBERS = ("style", "script", "svg")
NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[.:]\d+)*(?![A-Za-z\d])")  # not those of a name or a checksum


@pytest.mark.parametrize(("of", "shown_in"), [((), ()), ((), ("--units", "imperial")), (("--week", "2026-W10"), ())])
def test_every_number_on_the_page_is_in_the_json(
    restride: Restride, tmp_path: Path, of: tuple[str, ...], shown_in: tuple[str, ...]
) -> None:
    """A number that only the page has cannot be checked by anybody."""
    page, out = tmp_path / "report.html", tmp_path / "report.json"
    assert restride("report", *of, *shown_in, "-o", str(page), now=NOW).code == 0
    assert restride("report", *of, "--format", "json", "-o", str(out), now=NOW).code == 0
    words = Words()
    words.feed(page.read_text(encoding="utf-8"))
    shown = set(NUMBER.findall(" ".join(words.text)))
    known = {n for said in written(json.loads(out.read_text(encoding="utf-8"))) for n in NUMBER.findall(said)}
    assert len(shown) > 30
    assert shown - known == set()


def written(value: Any, name: str = "") -> Iterator[str]:
    """Write every value of the JSON in each way that a page may."""
    match value:
        case dict():
            for key, one in value.items():
                yield from written(one, key)
        case list():
            yield str(len(value))
            for one in value:
                yield from written(one, name)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", value):
            at = datetime.fromisoformat(value)
            yield from (wording.moment(at, LISBON), wording.earliest(at, LISBON), wording.to_the_second(at, LISBON))
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            yield from (wording.day(date.fromisoformat(value)), value)
        case str():
            yield value
        case bool() | None:
            return
        case _ if name.endswith("_s"):
            yield from (wording.length(abs(value)), wording.clock_of(abs(value)), wording.rest(abs(value)))
            yield from (wording.error(abs(value)), wording.clock_of(rounding.whole_error_s(abs(value))))
        case _ if name.endswith("_m"):
            yield from (units.distance(value, one) or "" for one in units.Units)
        case _ if name.endswith("_mps"):
            yield from (units.pace(value, one) or "" for one in units.Units)
            yield units.speed(value) or ""
        case _ if name in ("confidence", "uncertain_share"):
            yield wording.percent(value)
        case _:
            yield f"{value}"
            yield f"{round(value)}"
