"""A chart that is wrong at an edge shows a runner a rest, a rise or a symptom that was not there, or hides one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.report.charts import progression, rest, strip, symptoms, trace
from monitor.report.charts.axes import Days, Height, edge, mondays, number, round_top, thinned, ticks
from monitor.report.charts.shapes import Chart, Curve, Letters, Rule, Shape, Sign
from monitor.report.glance import runs
from monitor.report.layout import lay_out
from monitor.report.model import Report
from monitor.report.page import page
from tests.report_stories import busy, clean, end_of, not_started, of, years
from tests.report_stories import symptoms as felt
from tests.stories import LISBON, MONDAY, Life

DAY = timedelta(days=1)


def charts(report: Report) -> list[Chart]:
    view = lay_out(report)
    drawn = [run.trace for run in (*view.runs, *view.earlier_runs) if run.trace]
    weeks = [w.strip for w in (*view.weeks, *view.earlier_weeks) if w.strip]
    return [view.progression, view.rest, view.symptoms, *weeks, *drawn]


def inside(shape: Shape, height: float) -> bool:
    """Say whether a shape lies in its drawing."""
    match shape:
        case Rule():
            xs, ys = (shape.x1, shape.x2), (shape.y1, shape.y2)
        case Curve():
            xs, ys = (0.0,), (shape.y, shape.y + shape.height)
        case Letters() | Sign():
            xs, ys = (shape.x,), (shape.y,)
        case _:
            xs, ys = (shape.x, shape.x + shape.width), (shape.y, shape.y + shape.height)
    return all(-1e-6 <= x <= 1 + 1e-6 for x in xs) and all(-1e-6 <= y <= height + 1e-6 for y in ys)


@pytest.mark.parametrize("life", [Life, not_started, lambda: clean(1), felt, busy, lambda: years(60)])
def test_everything_drawn_lies_in_its_drawing(life: object) -> None:
    """What lies outside is cut off, and a breach that is cut off was not reported."""
    for chart in charts(of(life())):
        assert [s for s in chart.shapes if not inside(s, chart.height)] == [], chart.title


def test_no_run_is_a_sentence_and_no_empty_frame() -> None:
    """The first thing that a new runner sees must not look broken."""
    view = lay_out(of(Life()))
    assert not any((view.progression, view.rest, view.symptoms))
    assert view.progression.summary == "No run was recorded in these weeks."
    html = page(of(Life()))
    assert html.count('<svg class="drawing"') == 1  # this week's empty days
    assert "No run was recorded in these weeks." in html


def test_one_run_is_drawn_in_the_middle_of_its_day() -> None:
    life = Life.ready()
    life.answers_all(life.runs(MONDAY, 1))
    report = of(life)
    (one,) = [s for s in lay_out(report).progression.shapes if isinstance(s, Rule) and s.kind.startswith("jogged")]
    assert one.x1 == one.x2 == pytest.approx(days_of(report).on(MONDAY.date(), into=0.5))
    assert not lay_out(report).rest
    assert lay_out(report).rest.summary == "Rest is counted from the second run on."


def days_of(report: Report) -> Days:
    last = report.period_to + timedelta(days=6 - report.period_to.weekday())
    return Days(first=report.period_from, last=last, zone=LISBON)


def test_a_rest_is_as_high_as_its_hours_and_on_the_right_side_of_the_line() -> None:
    """47 h 59 min drawn on or above the 48 h line would be a breach that nobody sees."""
    report = of(felt())
    chart = lay_out(report).rest
    (line,) = [s for s in chart.shapes if isinstance(s, Rule) and s.kind == "limit"]
    tips = {s.x1: s for s in chart.shapes if isinstance(s, Rule) and s.kind.startswith("stem")}
    assert len(tips) == len(report.rest_gaps)
    for gap in report.rest_gaps:
        tip = tips[days_of(report).on(report.session(gap.before_session).local_date, into=0.5)]
        assert (tip.y2 > line.y1) == (gap.rest_s < 48 * 3600) or gap.rest_s == 48 * 3600
    signs = [s.name for s in chart.shapes if isinstance(s, Sign)]
    assert signs.count("breach") == sum(g.level == "limit" for g in report.rest_gaps) == 1
    assert signs.count("short") == sum(g.level == "caution" for g in report.rest_gaps)


def test_a_third_increase_in_seven_days_is_marked_and_a_second_is_not() -> None:
    report = of(busy("a note"))
    signs = [s.name for s in lay_out(report).progression.shapes if isinstance(s, Sign)]
    assert signs.count("increase-limit") == sum(i.level == "limit" for i in report.increases) > 0
    assert "increase-limit" not in [s.name for s in lay_out(of(clean())).progression.shapes if isinstance(s, Sign)]


def test_every_symptom_has_its_mark_in_its_window_and_its_run() -> None:
    """One mark less is a symptom that her physiotherapist does not ask about."""
    report = of(felt())
    chart = lay_out(report).symptoms
    marks = [s for s in chart.shapes if isinstance(s, Sign) and s.name in ("symptom", "severe", "urgent")]
    assert len(marks) == len(report.symptoms) == 3
    lanes = list(symptoms.LANES)
    by_lane = sorted(lanes[int((m.y - symptoms.HEAD) // symptoms.LANE)] for m in marks)
    assert by_lane == sorted(s.window for s in report.symptoms) == ["after", "during", "next_day"]
    unanswered = sum(w.state == "unanswered" for s in runs(report) for w in s.windows)
    assert sum(isinstance(s, Sign) and s.name == "unanswered" for s in chart.shapes) == unanswered == 1


def test_the_band_of_a_trace_is_its_bouts_to_the_second() -> None:
    report = of(felt())
    session = runs(report)[-1]
    held = report.trace(session.id)
    assert held is not None
    chart = trace.trace(session, held, LISBON)
    bands = [s for s in chart.shapes if getattr(s, "kind", "").startswith("band")]
    whole_s = sum(b.length_s for b in session.bouts)
    assert [b.kind.removeprefix("band ") for b in bands] == [b.gait for b in session.bouts]
    assert sum(b.width for b in bands) == pytest.approx(1)
    assert [b.width * whole_s for b in bands] == pytest.approx([b.length_s for b in session.bouts])


def test_a_trace_is_broken_where_nothing_was_recorded() -> None:
    """A line drawn across a gap would show a speed that nobody measured."""
    report = of(felt())
    session = runs(report)[-1]
    held = report.trace(session.id)
    assert held is not None
    holes = sum(a is None and b is not None for a, b in zip(held.speed_mps, held.speed_mps[1:], strict=False))
    curves = [s for s in trace.trace(session, held, LISBON).shapes if isinstance(s, Curve) and s.kind == "speed"]
    assert curves[0].path.count("M") == 1 + holes == 2
    nothing = replace(held, speed_mps=(), cadence_spm=())
    assert not trace.trace(session, nothing, LISBON)
    only_steps = trace.trace(session, replace(held, speed_mps=(None,) * len(held.speed_mps)), LISBON)
    assert "Speed, m/s: not recorded" in [s.text for s in only_steps.shapes if isinstance(s, Letters)]


def test_huge_and_broken_numbers_keep_their_axis() -> None:
    """One absurd file must not make all other bars invisible without saying so, nor stop the page."""
    for most in (0.0, 1e-9, 7, 20, 1e6, 1e300, float("inf"), float("nan")):
        top = round_top(most, least=8)
        assert 8 <= top < float("inf")
        assert 2 <= len(ticks(top)) <= 6
        height = Height(top=top, head=0, foot=100)
        assert 0 <= height.at(most) <= 100
    assert number(1234567) == "1 234 567"
    assert number(2.5) == "2.5"


@given(st.floats(0, 1e12), st.floats(0.1, 1e3))
def test_a_top_is_never_below_what_is_shown(most: float, least: float) -> None:
    top = round_top(most, least=least)
    assert top >= max(most, least) * (1 - 1e-9)
    assert top <= max(most, least) * 2.6


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_an_axis_names_at_most_so_many_mondays_and_the_last_is_one(first: date, more: int) -> None:
    days = Days(first=first, last=first + timedelta(days=more), zone=LISBON)
    named = mondays(days)
    assert len(named) <= 6
    assert all(day.weekday() == 0 and days.holds(day) for day in named)
    assert not named or days.last - named[-1] < timedelta(days=7)


def test_days_are_as_wide_as_each_other_where_the_clocks_change() -> None:
    """On the Sunday of summer time a run at noon lies at noon."""
    days = Days(first=date(2026, 3, 23), last=date(2026, 3, 29), zone=LISBON)
    assert days.at(datetime(2026, 3, 29, 12, tzinfo=LISBON)) == pytest.approx(6.5 / 7)
    assert days.at(datetime(2027, 1, 1, tzinfo=LISBON)) == 1


@given(st.lists(st.floats(0, 1), max_size=50).map(sorted), st.floats(0.01, 0.5))
def test_words_that_would_touch_are_left_out_and_the_first_stays(places: list[float], apart: float) -> None:
    kept = [x for x, named in zip(places, thinned(places, apart), strict=True) if named]
    assert kept[:1] == places[:1]
    assert all(b - a >= apart for a, b in pairwise(kept))


def test_a_word_at_an_edge_is_written_inwards() -> None:
    assert [edge(x)[0] for x in (0, 0.5, 1)] == ["start", "middle", "end"]


def test_a_rest_over_sunday_is_drawn_in_both_weeks_and_named_in_one() -> None:
    report = of(clean(2))
    weeks = {week.id: chart for week, chart in strip.strips(report)}
    lines = {id: [s for s in c.shapes if isinstance(s, Rule) and s.kind.startswith("rest")] for id, c in weeks.items()}
    first, second = sorted(weeks)[-2:]
    assert lines[first][-1].x2 == 1
    assert lines[second][0].x1 == 0
    named = [s.text for c in weeks.values() for s in c.shapes if isinstance(s, Letters) and s.kind.startswith("hours")]
    assert named.count("71 h") == 1


def test_what_a_key_explains_is_in_its_drawing_and_the_other_way_round() -> None:
    """A sign without a word is a riddle; a word without a sign is one more thing to read."""
    report = of(felt())
    for chart in (progression, rest, symptoms):
        drawn = {c.title: c for c in charts(report)}
        assert all(c.key for c in drawn.values() if c.id in ("progression", "rest", "symptoms")), chart.__name__
    view = lay_out(report)
    explained = {key.sign for key in view.strip_key}
    assert {s.name for w in view.weeks if w.strip for s in w.strip.shapes if isinstance(s, Sign)} <= (
        explained | {"days"}  # the lines between the days, shared by all strips
    )
    assert {s.name for s in view.symptoms.shapes if isinstance(s, Sign)} <= {k.sign for k in view.symptoms.key}
    assert {s.name for s in view.rest.shapes if isinstance(s, Sign)} <= {k.sign for k in view.rest.key} | {"history"}


def test_every_drawing_has_a_title_and_words_and_is_whole_xml() -> None:
    """A screen reader says these in its place."""
    html = page(of(felt()))
    drawings = re.findall(r'<svg class="drawing".*?\n</svg>', html, flags=re.S)
    assert len(drawings) == html.count('class="drawing"') > 5
    for text in drawings:
        svg = ElementTree.fromstring(text)
        title, words = svg[0], svg[1]
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
        assert title.text
        assert words.text


def test_three_years_are_drawn_within_a_second_and_a_megabyte() -> None:
    """The charts of 500 runs, without their traces: the page as a whole is measured in bench_report.py."""
    life = years(500)
    report = replace(of_without_traces(life), traces=())
    view = lay_out(report)
    assert sum(len(c.shapes) for c in (view.progression, view.rest, view.symptoms)) < 4000
    assert len(view.runs) + len(view.earlier_runs) == 500


def of_without_traces(life: Life) -> Report:
    from monitor.report.make_report import report_of

    return report_of(life.at(end_of(life)), runner_name="Ana", zone=LISBON)
