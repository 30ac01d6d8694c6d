"""Terminal, page and JSON are read side by side: one number that differs, and none of them is trusted any more."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from analysis import rounding
from monitor.cli import session_text, week_text
from monitor.cli.layout import WIDTH
from monitor.cli.legible import cells
from monitor.cli.recommendation_text import before_the_run
from monitor.cli.trace import draw
from monitor.facts import ManualSession
from monitor.report import as_data, units, wording
from monitor.report.model import Report
from monitor.report.page import page, sheet
from monitor.report.source import monday
from monitor.report.units import Units
from monitor.standing import Standing
from tests import report_stories as stories
from tests.stories import LISBON, MONDAY, Life
from tests.test_monitor_report_data import NUMBER, written


def her_word() -> Life:
    """A run by hand, one corrected, one in Tokyo with a pause, one unjudgeable: each is written in its own way."""
    life = Life.ready()
    at = MONDAY + timedelta(hours=3)
    life.tell(ManualSession(id=0, recorded_at=at, started_at=MONDAY, jog_s=60, walk_s=120, repeats=7))
    third = life.runs(MONDAY + timedelta(days=2), [("walk", 300.4), ("jog", 61.6), ("walk", 118.7), ("jog", 64.5)])
    life.corrects(third, third.ended_at + timedelta(hours=1), 310, 330, "walk")
    tokyo = timezone(timedelta(hours=9))
    away = datetime(2026, 6, 5, 7, tzinfo=tokyo)
    life.runs(away, [("jog", 90.5), ("pause", 40.2), ("walk", 99.5), ("jog", 75.25)], offset=timedelta(hours=9))
    life.runs(MONDAY + timedelta(days=6), [("jog", 1199.6)], sd_s=40.0)
    life.issue(MONDAY + timedelta(days=6, hours=11))
    return life


LIVES: dict[str, Callable[[], Life]] = {
    "clean": lambda: stories.clean(2),
    "symptoms": stories.symptoms,
    "not started": stories.not_started,
    "urgent": stories.urgent,
    "busy": lambda: stories.busy("uphill"),
    "her word": her_word,
}
EVERY = pytest.mark.parametrize("shown", list(Units))
OF = pytest.mark.parametrize("name", list(LIVES))


@cache
def lived(name: str) -> tuple[Standing, Report, Report]:
    """Give a life's end, with its whole report and the one of its last week; bouts measured, not round."""
    life = LIVES[name]()
    life.observed = [
        replace(one, bouts=tuple(replace(b, **MEASURED.get(b.gait.value, {})) for b in one.bouts))
        for one in life.observed
    ]
    standing = life.at(stories.end_of(life))
    whole = stories.whole(standing)
    return standing, whole, stories.a_week(standing, monday(whole.period_to))


MEASURED: dict[str, dict[str, Any]] = {
    "jog": {"distance_m": 151.4503, "mean_speed_mps": 2.4449, "mean_cadence_spm": 158.449, "confidence": 0.9749},
    "walk": {"distance_m": 170.9497, "mean_speed_mps": 1.4951, "mean_cadence_spm": 113.9504, "confidence": 0.8251},
    "pause": {"confidence": 1.0},
}


def content(report: Report) -> dict[str, Any]:
    """Give the report as a program reads it."""
    read: dict[str, Any] = json.loads(as_data.text(report))
    return read


def shown_lines(name: str, shown: Units) -> list[str]:
    """Give all that the four commands print of a life."""
    standing, whole, week = lived(name)
    lines = [*week_text.text(week, standing.facts, shown=shown), *before_the_run(whole.summary, LISBON)]
    lines += session_text.listed(whole.sessions, whole.as_of)
    for session in whole.sessions:
        held = whole.trace(session.id)
        drawn = draw(session, held, LISBON, plain=False) if held and held.speed_mps else []
        assert drawn or session.by_hand
        lines += session_text.in_full(session, LISBON, whole.as_of, shown=shown)
    return lines


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


@EVERY
@OF
def test_every_number_in_the_terminal_is_in_the_json(name: str, shown: Units) -> None:
    """A number that only the terminal knows was worked out a second time."""
    _, whole, week = lived(name)
    told = numbers("\n".join(shown_lines(name, shown)))
    known = {n for report in (whole, week) for said in every_way(content(report)) for n in NUMBER.findall(said)}
    assert told - known == set()
    assert len(told) >= 10


@EVERY
@OF
def test_every_number_on_the_page_and_the_sheet_is_in_the_json(name: str, shown: Units) -> None:
    _, whole, week = lived(name)
    for report, html in ((whole, page(whole, units=shown)), (week, sheet(week, units=shown))):
        words = Read()
        words.feed(html)
        known = {n for said in every_way(content(report)) for n in NUMBER.findall(said)}
        said = re.sub(r"\b[Aa]nd \d+ more\b", "", " ".join(words.text))  # how much a sheet had no room for
        assert numbers(said) - known == set()


class Read(HTMLParser):
    """Collects all that a page says, its charts and what is read out of them too, but for the marks on the axes."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.left_out = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.text += [found.get(name, "") for name in ("aria-label", "title", "alt")]
        if tag in ("style", "script") or (tag == "text" and "label" in found.get("class", "").split()):
            self.left_out = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.left_out:
            self.left_out = ""

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            self.text.append(data)


def every_way(value: Any) -> Iterator[str]:
    """Write the JSON's values as pages may, on the clock of every place that a run was at."""
    yield from written(value)
    for session in value["sessions"]:
        there = wording.fixed_zone(session["utc_offset_s"])
        yield wording.offset(timedelta(seconds=session["utc_offset_s"]))
        for one in (session, *session["bouts"], *session["files"], *session["corrected"], *session["gaps"]):
            for at in (one.get("start", one.get("started_at")), one.get("end", one.get("ended_at"))):
                yield wording.to_the_second(datetime.fromisoformat(at), there)
        if session["rest_before_h"] is not None:
            yield f"{rounding.down(session['rest_before_h']):.0f}"
        yield from (f"{rounding.nearest(b['distance_m']):.0f}" for b in session["bouts"] if b["distance_m"] is not None)


# Number by number


RUN = ("Prescribed", "Performed", "Jogging", "Longest jog", "Rest before")
STRETCH = ("From", "What", "Length", "Pace", "Speed", "Steps", "Sure")


class Page(HTMLParser):
    """Reads the runs of a page: what each of their cells says, and the rows of their stretches, by their places."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[tuple[dict[str, str], list[dict[str, str]]]] = []
        self.tables: list[str] = []  # the classes of those that are open, the innermost last
        self.row: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "table":
            self.tables.append(found.get("class") or "")
        elif tag == "tr" and self.tables and self.tables[-1] in ("runs", "bouts"):
            self.row = None if found.get("class") == "more" else []
        elif tag == "td" and self.row is not None:
            self.row.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables.pop()
        elif tag == "tr" and self.row:
            if self.tables[-1] == "runs":
                self.runs.append((dict(zip(RUN, self.row, strict=False)), []))
            else:
                self.runs[-1][1].append(dict(zip(STRETCH, self.row, strict=True)))
            self.row = None

    def handle_data(self, data: str) -> None:
        if self.row:
            self.row[-1] += data


def on_the_page(report: Report, shown: Units) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """Give the runs of a page, in time order."""
    read = Page()
    read.feed(page(report, units=shown))
    return list(reversed(read.runs))


def in_the_terminal(report: Report, id: str, shown: Units) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Give what `show` says of a run: by name, and stretch by stretch."""
    lines = [
        line
        for text in session_text.in_full(report.session(id), LISBON, report.as_of, shown=shown)
        for line in text.split("\n")
    ]
    named: dict[str, str] = {}
    name = ""
    for line in lines[2:]:
        if not line:
            break
        if begun := re.match(r"  (\w[\w ]*?)  +(\S.*)", line):
            name, named[begun[1]] = begun[1], begun[2]
        else:
            named[name] += f" {line.strip()}"
    top = next(n for n, line in enumerate(lines) if line.startswith("gait"))
    heads, since = lines[top].split(), lines[top].index("from")
    ends = [since, since + len("07:00:00"), *(m.end() for m in list(re.finditer(r"\S+", lines[top]))[2:])]
    table = [
        {h: line[a:b].strip() for h, a, b in zip(heads, [0, *ends], ends, strict=False)}
        for line in lines[top + 2 : next((n for n in range(top, len(lines)) if not lines[n]), len(lines))]
    ]
    return named, table


def seconds(text: str) -> int:
    """Read a length: "5:07", "5 min 7 s", "1 h 2 min"."""
    if clock := re.match(r"[+−]?(\d+):(\d\d)", text.strip()):
        return 60 * int(clock[1]) + int(clock[2])
    each = {"h": 3600, "min": 60, "s": 1}
    return sum(int(n) * each[unit] for n, unit in re.findall(r"(\d+) (h|min|s)\b", text))


def differences(report: Report, read: dict[str, Any], shown: Units) -> list[str]:
    """Name every number of a run that is not the same in JSON, terminal and page."""
    found = []

    def same(what: str, *values: Any) -> None:
        if len(set(values)) > 1:
            found.append(f"{what}: {values}")

    runs = [s for s in read["sessions"] if s["kind"] == "run" and s["counted"] == "counted"]
    pages = on_the_page(report, shown)
    same("runs", len(runs), len(pages))
    for session, (cell, rows) in zip(runs, pages, strict=True):
        name, (named, table) = session["id"], in_the_terminal(report, session["id"], shown)
        done, whole = session["performed"], rounding.whole_s
        if done is not None:
            told = named["Performed"]
            same(f"{name} jogged", whole(done["jog_s"]), seconds(told), seconds(cell["Jogging"]))
            errors = [part.partition(")")[0] for text in (told, cell["Jogging"]) for part in text.split("±")[1:]]
            same(f"{name} error", rounding.whole_error_s(done["jog_error_s"]), *map(seconds, errors))
            longest = seconds(told.partition("longest jog ")[2])
            same(f"{name} longest", whole(done["longest_jog_s"]), longest, seconds(cell["Longest jog"]))
            same(f"{name} main set", whole(done["main_set_s"]), seconds(told.partition("main set ")[2]))
            same(f"{name} ratio", done["ratio"], *re.findall(r"jog:walk ([\d.:]+|continuous)", told))
        if session["difference"] is not None:
            more = re.findall(r"[+−]\d+:\d\d", f"{named['Difference'].partition(',')[0]} {cell['Jogging']}")
            same(f"{name} more", wording.signed(session["difference"]["jog_s"]), *more)
            same(f"{name} both say it", len(more), 2)
        if session["rest_before_s"] is not None:
            rest = session["rest_before_s"] // 60 * 60
            same(f"{name} rest", rest, seconds(named["Rest before"]), seconds(cell["Rest before"]))
        same(f"{name} stretches", len(session["bouts"]), len(table), len(rows))
        there = wording.fixed_zone(session["utc_offset_s"])
        for bout, said, row in zip(session["bouts"], table, rows, strict=True):
            where, speed, unit = f"{name} {bout['number']}", bout["mean_speed_mps"], units.unit(shown)
            since = wording.to_the_second(datetime.fromisoformat(bout["start"]), there)
            same(f"{where} from", since, said["from"], row["From"])
            same(f"{where} length", whole(bout["length_s"]), seconds(said["length"]), seconds(row["Length"]))
            fast = "" if speed is None else f"{speed:.2f}"
            speeds = (text.replace("–", "").removesuffix(" m/s") for text in (said["speed"], row["Speed"]))
            same(f"{where} speed", fast, *speeds)
            paces = said[f"min/{unit}"], row["Pace"].removesuffix(f" min/{unit}").replace("–", "")
            same(f"{where} pace", units.pace_clock(speed, shown), *paces)
            steps = bout["mean_cadence_spm"]
            step = "" if steps is None else f"{rounding.nearest(steps):.0f}"
            same(f"{where} steps", step, said["steps/min"], row["Steps"].replace("–", ""))
            far = bout["distance_m"]
            same(f"{where} distance", "" if far is None else f"{rounding.nearest(far):.0f} m", said["distance"])
            if not bout["by_her_word"]:
                same(f"{where} sure", wording.percent(bout["confidence"]), said["sure"], row["Sure"])
    return found


@EVERY
@OF
def test_each_number_of_each_run_is_the_same_in_json_terminal_and_page(name: str, shown: Units) -> None:
    """Her physiotherapist reads 7:03 from the page, she 7:02 from the terminal: which of them is wrong?"""
    _, report, _ = lived(name)
    assert differences(report, content(report), shown) == []


def test_a_number_that_is_changed_is_found() -> None:
    """A comparison that compares nothing would let all the others pass."""
    _, report, _ = lived("her word")
    for change in (
        *({"performed": {part: 1.0}} for part in ("jog_s", "jog_error_s", "longest_jog_s", "main_set_s")),
        {"rest_before_s": 60},
        *({"bouts": {part: 0.5}} for part in ("length_s", "mean_speed_mps", "mean_cadence_spm", "confidence")),
        {"bouts": {"distance_m": 0.5}},
    ):
        read = content(report)
        for session in read["sessions"]:
            for part, by in change.items():
                if isinstance(by, dict) and session[part]:
                    for one in session[part] if part == "bouts" else [session[part]]:
                        one.update({k: one[k] + 1.5 * v for k, v in by.items() if one[k] is not None})
                elif isinstance(session[part], int):
                    session[part] += by
        assert differences(report, read, Units.METRIC), change


# As it is read


@OF
def test_no_line_runs_over_the_edge(name: str) -> None:
    assert max(cells(line) for text in shown_lines(name, Units.IMPERIAL) for line in text.split("\n")) <= WIDTH


def test_what_no_watch_measured_has_no_error_beside_it() -> None:
    """ "± 0 s" behind a run that she told from memory looks like the best measurement of all."""
    _, report, _ = lived("her word")
    by_hand = next(s for s in report.sessions if s.by_hand)
    said = " ".join("\n".join(session_text.in_full(by_hand, LISBON, report.as_of)).split())
    assert "7:00 min of jogging (by your word) in 7 jogs of 1:00 and walks of 2:00" in said
    assert "±" not in said


def test_three_raises_are_named_by_their_days() -> None:
    """ "Raised 3 times within 7 days" leaves her to find out which three."""
    standing, report, week = lived("busy")
    finding = next(f for f in report.findings if f.code == "INC01")
    session = report.session(finding.session_id)
    named = r"raised \d+ times within 7 days; the plan allows 2\. Raised on \w{3} \d+ \w{3}"
    for lines in (session_text.in_full(session, LISBON, report.as_of), week_text.text(week, standing.facts)):
        assert re.search(named, " ".join(" ".join(lines).split()))


def test_what_a_jog_and_a_walk_took_stands_beside_the_ratio() -> None:
    """1:0.2 is 4:1 and 6:1; minutes say which."""
    life = stories.clean(1)
    life.runs(MONDAY + timedelta(days=6, hours=1), [("jog", 240.0), ("walk", 60.0)] * 4)
    report = stories.of(life)
    table = "\n".join(session_text.listed(report.sessions, report.as_of))
    assert re.search(r"16:00/\d+:00 +4:00/1:00 +1:0\.2 ", table)
    assert "in 4 jogs of 4:00 and walks of 1:00, jog:walk 1:0.2" in " ".join(
        "\n".join(session_text.in_full(report.sessions[-1], LISBON, report.as_of)).split()
    )
