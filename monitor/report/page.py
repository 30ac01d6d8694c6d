"""The report as HTML that needs nothing beside itself: no script, no font, no network."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING

from analysis import rounding
from monitor.facts import NAMELESS
from monitor.report import units as unit_of
from monitor.report import wording
from monitor.report.layout import Layout, lay_out
from monitor.report.make_report import report_of
from monitor.report.model import Report
from monitor.report.numbers import evidence, raises
from monitor.report.units import Units
from monitor.standing import Standing

if TYPE_CHECKING:
    import jinja2

ISO_DATE = re.compile(r"(?<![\w.-])\d{4}-\d\d-\d\d(?![\w-]|\.\w)")  # not in the name of a file
WINDOWS = {"during": "during", "after": "after", "next_day": "next day", "any": "not about a run"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How much of each a sheet of paper has room for; tests print the busiest week on the smallest paper."""

    is_dense: bool = False  # printed smaller
    reasons: int = 5
    answers: int = 4
    runs: int = 4
    told: int = 7
    findings: int = 5
    sentence: int = 300  # characters
    felt: int = 200
    note: int = 120

    def load(self, view: Layout) -> int:
        """Say about how many lines a week would take on it."""
        counts = ((view.runs, self.runs, 3), (view.told, self.told, 1), (view.findings, self.findings, 1))
        summary = view.report.summary
        lines = sum(each * min(len(of), most) for of, most, each in counts)
        return lines + 2 * min(len(summary.reasons), self.reasons) + 6 * (summary.urgent_notice is not None)


ROOMY = Sheet()
DENSE = Sheet(is_dense=True, reasons=3, findings=3, sentence=150, felt=90, note=36)
URGENT = replace(DENSE, told=4, findings=2, note=30)  # its notice takes the room
MOST_LINES = 24


def page(report: Report, *, units: Units = Units.METRIC) -> str:
    """Write the whole report as HTML."""
    return _written("report.html.jinja", lay_out(report), units)


def sheet(report: Report, *, units: Units = Units.METRIC) -> str:
    """Write the report of one week as one sheet of paper, whatever the week held."""
    view = lay_out(report)
    if ROOMY.load(view) <= MOST_LINES:
        return _written("sheet.html.jinja", view, units, sheet=ROOMY)
    return _written("sheet.html.jinja", view, units, sheet=DENSE if report.summary.urgent_notice is None else URGENT)


def render(
    standing: Standing,
    *,
    runner_name: str,
    weeks: int | None = None,
    zone: tzinfo | None = None,
    model: Report | None = None,
    units: Units = Units.METRIC,
) -> str:
    """Write a standing as HTML: the whole report, or the sheet of one week where the model is of one.

    Args:
        standing: everything derived, at an instant.
        runner_name: as she wrote it; escaped like every other text.
        weeks: how many weeks to show, the current one included; None for all.
        zone: the zone of days and weeks; None for her own.
        model: the report as values, where it has been built already (with traces, or of one week).
        units: what distances and paces are shown in.
    """
    zone = zone or standing.facts.zone_at(standing.recommendation.as_of)
    model = model or report_of(standing, runner_name=runner_name, zone=zone, weeks=weeks)
    return page(model, units=units) if model.week is None else sheet(model, units=units)


def _written(template: str, view: Layout, units: Units, **more: Sheet) -> str:
    return _environment().get_template(template).render(view=view, report=view.report, units=units, **more)


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # here, so that commands which write no report do not wait for it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.report", ""),
        autoescape=True,  # always, not by suffix: names, notes and reasons are people's own text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "pct": _percent,
        "px": lambda value: f"{value:.1f}".removesuffix(".0"),
        "day": wording.day,
        "short_day": wording.short_day,
        "moment": wording.moment,
        "earliest": wording.earliest,
        "clock": lambda instant, zone: wording.clock(instant.astimezone(zone)),
        "second": wording.to_the_second,
        "length": wording.length,
        "hours": wording.rest,
        "distance": unit_of.distance,
        "pace": unit_of.pace_clock,
        "unit": unit_of.unit,
        "sentence": wording.sentence,
        "parts": _parts,
        "plain": lambda text: wording.sentence(text.replace("`", "").replace("*", "").replace("next_day", "next day")),
        "numbers": evidence,
        "raises": raises,
        "offset": lambda seconds: wording.offset(timedelta(seconds=seconds)),
        "length_of": len,
        "error": wording.error,
        "signed": wording.signed,
        "clock_of": wording.clock_of,
        "error_of": lambda seconds: wording.clock_of(rounding.whole_error_s(seconds)),
        "speed": lambda of_mps: (unit_of.speed(of_mps) or "").removesuffix(" m/s"),
        "whole": lambda value: f"{rounding.nearest(value):.0f}",
        "certain": wording.percent,
        "share": wording.percent,
        "windows": lambda windows: ", ".join(WINDOWS[window] for window in windows),
        "runner": lambda name: (
            "No name was entered" if name == NAMELESS else name
        ),  # "me" says nothing to another reader
        "shortened": _shortened,
        "beginning": lambda text, most: text if len(text) <= most else f"{text[:most]}…",
    }
    return environment


def _parts(text: str) -> list[str]:
    """Give a sentence with its commands, between marks, as every second part: they are to be typed as they stand.

    A date in the rest of it is written as everywhere on the page; in a command it stays as it has to be typed.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one mark has no partner: the sentence was cut
        parts = ["".join(parts)]
    return [part if n % 2 else ISO_DATE.sub(_as_day, part) for n, part in enumerate(parts)]


def _as_day(found: re.Match[str]) -> str:
    try:
        return wording.day(date.fromisoformat(found.group()))
    except ValueError:  # digits that are no date
        return found.group()


def _shortened(text: str, most: int) -> str:
    """Cut a sentence that is too long, after a word where there is one."""
    if len(text) <= most:
        return text
    whole, _, rest = text[:most].rpartition(" ")
    return f"{whole if whole and len(rest) < most // 2 else text[:most]} …"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"
