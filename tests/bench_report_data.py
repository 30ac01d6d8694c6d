"""The report over three years must be there before she wonders whether it hangs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from monitor.report import as_data
from monitor.report.make_report import report_of
from monitor.report.model import Report
from monitor.report.tables import TABLES, text
from monitor.standing import Standing
from tests.stories import LISBON, MONDAY, Life

WEEKS = 167


@pytest.fixture(scope="module")
def three_years() -> Standing:
    """501 runs, all answered, with a recommendation a week."""
    life = Life.ready()
    for week in range(WEEKS):
        for day in (0, 2, 4):
            life.answers_all(life.runs(MONDAY + timedelta(days=7 * week + day), 3))
        life.issue_as_told(MONDAY + timedelta(days=7 * week + 6), stage=3)
    return life.at(MONDAY + timedelta(days=7 * WEEKS))


def build(standing: Standing) -> Report:
    return report_of(standing, runner_name="Ana", zone=LISBON)


def test_the_values_of_500_sessions_within_a_second(benchmark: BenchmarkFixture, three_years: Standing) -> None:
    report = benchmark(build, three_years)
    assert len(report.sessions) == 3 * WEEKS
    if benchmark.stats:
        assert benchmark.stats.stats.min < 1.0


def test_500_sessions_as_json_within_a_second(benchmark: BenchmarkFixture, three_years: Standing) -> None:
    assert len(benchmark(as_data.text, build(three_years))) > 1_000_000
    if benchmark.stats:
        assert benchmark.stats.stats.min < 1.0


def test_500_sessions_as_tables_within_a_second(benchmark: BenchmarkFixture, three_years: Standing) -> None:
    report = build(three_years)
    tables = benchmark(lambda: [text(table, report) for table in TABLES])
    assert tables[0].count("\r\n") == 3 * WEEKS + 1
    if benchmark.stats:
        assert benchmark.stats.stats.min < 1.0
