"""A report as values, read from the store: for a command, and for whoever writes one unasked."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING

from monitor.config import SETTINGS_FILE, ConfigError, Settings, section
from monitor.report.units import Units

if TYPE_CHECKING:
    from monitor.facts import Runner
    from monitor.report.model import Report
    from monitor.standing import Standing
    from monitor.store import Store


def units_of(settings: Settings) -> Units:
    """Read what distances and paces are shown in: `units` under `[report]` in the data folder's settings file.

    Raises:
        ConfigError: it says something else.
    """
    said = section(settings, "report") or {}
    file = settings.data_dir / SETTINGS_FILE
    if not isinstance(said, dict) or said.keys() - {"units"}:
        raise ConfigError(f"{file}: under [report] it may say “units” and nothing else.")
    chosen = said.get("units", Units.METRIC.value)
    if chosen not in [one.value for one in Units]:
        raise ConfigError(f'{file}: “units” under [report] must be "metric" or "imperial".')
    return Units(chosen)


def compose(
    settings: Settings,
    store: Store,
    runner: Runner,
    standing: Standing,
    *,
    zone: tzinfo,
    weeks: int | None = None,
    week: date | None = None,
    traced: bool = True,
) -> Report:
    """Build the report as values, with the traces of the last weeks' runs.

    Args:
        settings, store, runner: where it is read from, and whose it is.
        standing: of now.
        zone: in which days and weeks are hers.
        weeks: how many weeks to show; None for all.
        week: the Monday of the one week to show, which has begun; None for the whole.
        traced: whether traces are wanted, each of which costs reading a file.
    """
    from monitor.archive import Archive
    from monitor.report.make_report import report_of, report_of_week
    from monitor.report.said import said_by
    from monitor.report.source import monday
    from monitor.report.traces import WEEKS, traces_of
    from monitor.standing import stand

    this_week = monday(standing.recommendation.as_of.astimezone(zone).date())
    since = week or this_week - timedelta(days=7 * (min(weeks or WEEKS, WEEKS) - 1))
    until = since + timedelta(days=6) if week else None
    archive = Archive(settings.archive_dir)
    traces = tuple(traces_of(standing, store, archive, runner, since=since, until=until)) if traced else ()
    name = runner.name
    if week is None:
        return report_of(standing, runner_name=name, zone=zone, weeks=weeks, traces=traces)
    if week == this_week:
        return report_of_week(standing, week, runner_name=name, zone=zone, traces=traces)
    observed = store.observed(runner)
    said = said_by(standing, week, zone, lambda: observed)
    then = stand(standing.facts, observed, said.end)
    return report_of_week(standing, week, runner_name=name, zone=zone, said=said, then=then, traces=traces)
