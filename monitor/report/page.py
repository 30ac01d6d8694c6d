"""The report as HTML that needs nothing beside itself: no script, no font, no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING

from analysis import rounding
from monitor.report import units as unit_of
from monitor.report import wording
from monitor.report.layout import lay_out
from monitor.report.make_report import report_of
from monitor.report.model import Report
from monitor.report.units import Units
from monitor.standing import Standing

if TYPE_CHECKING:
    import jinja2

WINDOWS = {"during": "during", "after": "after", "next_day": "next day", "any": "not about a run"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How much of each a sheet of paper has room for; tests print the busiest week on the smallest paper."""

    reasons: int = 3
    answers: int = 3
    runs: int = 4
    told: int = 2
    findings: int = 2
    sentence: int = 150  # characters
    note: int = 70


SHEET = Sheet()


def page(report: Report, *, units: Units = Units.METRIC) -> str:
    """Write the whole report as HTML."""
    return _written("report.html.jinja", report, units)


def sheet(report: Report, *, units: Units = Units.METRIC) -> str:
    """Write the report of one week as one sheet of paper, whatever the week held."""
    return _written("sheet.html.jinja", report, units, sheet=SHEET)


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


def _written(template: str, report: Report, units: Units, **more: Sheet) -> str:
    return _environment().get_template(template).render(view=lay_out(report), report=report, units=units, **more)


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
        "pace": unit_of.pace,
        "sentence": wording.sentence,
        "plain": lambda text: text.replace("`", "").replace("*", ""),  # a rule's text is written for Markdown too
        "offset": lambda seconds: wording.offset(timedelta(seconds=seconds)),
        "length_of": len,
        "error": wording.error,
        "signed": wording.signed,
        "clock_of": wording.clock_of,
        "error_of": lambda seconds: wording.clock_of(rounding.whole_error_s(seconds)),
        "speed": unit_of.speed,
        "whole": lambda value: f"{rounding.nearest(value):.0f}",
        "certain": wording.percent,
        "share": wording.percent,
        "window": lambda window: WINDOWS[window],
        "beginning": lambda text, most: text if len(text) <= most else f"{text[:most]}…",
    }
    return environment


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"
