"""The report as HTML that needs nothing beside itself: no script, no font, no network."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from analysis.plan import hours
from monitor.report import wording
from monitor.report.charts import strip, trace
from monitor.report.layout import lay_out
from monitor.report.model import Report

if TYPE_CHECKING:
    import jinja2


def page(report: Report) -> str:
    """Write the whole report as HTML."""
    return _environment().get_template("report.html.jinja").render(view=lay_out(report), report=report, **_KEYS)


_KEYS = {"strip_key": strip.KEY, "trace_key": trace.KEY}
WINDOWS = {"during": "during", "after": "after", "next_day": "next day", "any": "not about a run"}


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
        "hours": lambda seconds: hours(timedelta(seconds=seconds)),
        "distance": wording.distance,
        "sentence": wording.sentence,
        "offset": lambda seconds: wording.offset(timedelta(seconds=seconds)),
        "length_of": len,
        "error": lambda seconds: wording.length(ceil(seconds)),
        "signed": wording.signed,
        "speed": lambda mps: f"{mps:.2f} m/s",
        "whole": lambda value: f"{value:.0f}",
        "certain": lambda share: f"{100 * share:.0f} %",
        "share": lambda share: f"{100 * share:.0f} %",
        "window": lambda window: WINDOWS[window],
        "beginning": lambda text, most: text if len(text) <= most else f"{text[:most]}…",
    }
    return environment


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"

