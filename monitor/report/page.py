"""The view as one HTML page that needs nothing beside itself: no script, no font, no network."""

from __future__ import annotations

from datetime import tzinfo

from monitor.report.build import in_strings
from monitor.report.make_report import report_of
from monitor.report.model import Report as Model
from monitor.report.units import Units
from monitor.standing import Standing


def render(
    standing: Standing,
    *,
    runner_name: str,
    weeks: int | None = None,
    zone: tzinfo | None = None,
    model: Model | None = None,
    units: Units = Units.METRIC,
) -> str:
    """Write the compliance report as HTML.

    Args:
        standing: everything derived, at an instant.
        runner_name: as she wrote it; escaped like every other text.
        weeks: how many weeks to show, the current one included; None for all.
        zone: the zone of days and weeks; None for her own.
        model: the report as values, where it has been built already (with traces, or of one week).
        units: what distances and paces are shown in.
    """
    import jinja2  # here, so that commands which write no report do not wait for it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.report", ""),
        autoescape=True,  # always, not by suffix: names, notes and reasons are people's own text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = zone or standing.facts.zone_at(standing.recommendation.as_of)
    model = model or report_of(standing, runner_name=runner_name, zone=zone, weeks=weeks)
    view = in_strings(model, standing, zone)
    return environment.get_template("report.html.jinja").render(report=view, units=units)
