"""The first screen: six questions answered for somebody who has two minutes and has never seen the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from monitor.answers import Window
from monitor.facts import NAMELESS, ManualSession, Override
from monitor.manual import observed_by_hand
from monitor.report.glance import glances, weighty
from monitor.report.layout import lay_out
from monitor.report.model import Report
from monitor.report.page import page, sheet
from monitor.report.states import state
from tests.report_stories import DAY, HOUR, NOTE, a_week, clean, end_of, full, not_started, of, symptoms, whole
from tests.stories import MONDAY, NONE, Life


def answers(report: Report, question: str) -> tuple[str, ...]:
    return next(g.answers for g in glances(report).of if g.question == question)


def fast_week() -> Life:
    """One clean week, then four runs on four days, each longer than the one before."""
    life = clean(1)
    for n in range(4):
        start = MONDAY + (7 + n) * DAY
        life.issue(start - HOUR)
        life.answers_all(life.runs(start, [("jog", 900.0 + 300 * n), ("walk", 60.0)]))
    return life


def test_a_limit_that_was_overstepped_does_not_read_as_a_test_that_was_passed() -> None:
    """ "3 limits passed" was read as a success by the first physiotherapist who saw it."""
    (said, *_) = answers(of(symptoms()), "Were the limits kept")
    assert said.startswith("No: 3 limits overstepped: rest (RST01)")
    assert "passed" not in said
    assert answers(of(clean(1)), "Were the limits kept")[0] == "Yes: none was overstepped."


def test_on_a_monday_morning_the_summary_speaks_of_the_last_runs_and_their_symptoms() -> None:
    """The new week holds nothing yet; "no symptom" beside last week's leak would be the worst thing to read."""
    life = symptoms()
    report = whole(life.at(MONDAY + 21 * DAY))
    shown = glances(report)
    assert shown.title == "Since Mon 15 Jun 2026, the week of the last run"
    assert any("leakage" in line for line in answers(report, "How the body answered"))
    assert answers(report, "What was done")[-1] == "No run since Tue 16 Jun 2026."
    assert answers(report, "Were the limits kept")[0].startswith("No")


def test_a_run_whose_answers_are_still_to_come_is_not_shown_as_a_failure() -> None:
    """An hour after a good run nothing is wrong with it; and it is not clean either."""
    life = clean(1)
    life.issue(MONDAY + 7 * DAY - HOUR)
    ran = life.runs(MONDAY + 7 * DAY, 2)
    life.answers(ran, ran.ended_at + HOUR, (Window.DURING, Window.AFTER), **NONE)
    report = whole(life.at(ran.ended_at + 2 * HOUR))
    assert state(report.sessions[-1], report.as_of) == "clean so far"
    assert "1 clean so far" in answers(report, "What was done")[0]
    assert "1 answer not due yet." in answers(report, "How the body answered")
    assert "missing" not in page(report).split('id="weeks"')[0]
    assert "missing" not in lay_out(report).symptoms.summary
    assert "unanswered" not in {key.sign for key in lay_out(report).symptoms.key}
    assert "so-far" in {key.sign for key in lay_out(report).strip_key}
    assert state(whole(life.at(MONDAY + 10 * DAY)).sessions[-1], MONDAY + 10 * DAY) == "not clean"


def test_a_symptom_or_a_breach_is_never_clean_so_far() -> None:
    """What is wrong is wrong already, whatever else is to be answered."""
    leaked = symptoms()
    report = whole(leaked.at(MONDAY + 14 * DAY + 2 * HOUR))
    assert {state(s, report.as_of) for s in report.sessions[-1:]} == {"not clean"}
    early = fast_week()
    report = whole(early.at(MONDAY + 10 * DAY + HOUR))
    assert state(report.sessions[-1], report.as_of) == "not clean"


def test_a_run_told_by_hand_is_marked_where_it_is_read_first() -> None:
    """Her word counts; it must not look measured."""
    life = clean(1)
    at = MONDAY + 7 * DAY
    told = ManualSession(id=0, recorded_at=at + 2 * HOUR, started_at=at, jog_s=60, walk_s=90, repeats=8)
    life.tell(told)
    life.answers_all(observed_by_hand(life.facts, at + 3 * HOUR)[0])
    report = whole(life.at(at + 2 * DAY))
    assert "logged by hand" in answers(report, "What was done")[1]
    html = page(report)
    numbers, row = (
        html.split(f'id="{part}"')[1].split("Mon 8 Jun 2026, 07:00</th>")[1] for part in ("h-progression", "runs")
    )
    numbers, row = numbers.split("</tr>")[0], row.split("</tr>")[0]
    assert "not measured: by hand" in numbers
    assert '<span class="tag plain">by hand</span>' in row
    assert "±" not in numbers + row


def test_one_entry_about_two_windows_is_read_once() -> None:
    """Two lines for one leak look like two leaks."""
    leaks = [line for line in answers(of(symptoms()), "How the body answered") if "leakage" in line]
    assert leaks == ["Mon 15 Jun (during, after): leakage (drops)."]


def test_a_third_raise_names_the_three() -> None:
    """Which runs they were is the first thing a physiotherapist asks."""
    html = page(of(fast_week()))
    assert "Raised on Fri 5 Jun, Mon 8 Jun and Tue 9 Jun." in html


def test_a_long_list_of_reasons_does_not_push_what_to_do_off_the_screen() -> None:
    """All of them are there, the first six in sight."""
    report = of(fast_week())
    assert len(report.summary.reasons) > 7
    summary = page(report).split('aria-labelledby="summary"')[1].split("</section>")[0]
    why = summary.split("<h3>Why</h3>")[1]
    assert why.split("<details>")[0].count("<li>") == 6
    assert why.split("<h3>")[0].count("<li>") == len(report.summary.reasons)


def test_a_command_stands_apart_from_its_sentence() -> None:
    """Marks for another format are noise on a page; and what is in them is still text."""
    html = page(of(not_started()))
    assert "<code>restride gate clearance --on DATE</code>" in html
    assert "`" not in html


def test_a_day_in_a_sentence_is_written_so_that_nobody_misreads_it() -> None:
    """2026-06-05 is the fifth of June to some and the sixth of May to others; a command stays as it is typed."""
    html = page(of(not_started()))
    assert "No running before Mon 15 Jun 2026 (84 days after the birth)." in html
    assert not re.search(r"2026-06-15(?![^<]*</code>)", html)
    assert "<code>restride checkin --session 2026-06-16</code>" in page(of(symptoms()))


def test_a_script_could_not_even_run_on_the_page() -> None:
    """Every text is escaped; should one ever not be, the browser has been told to run nothing and to load nothing."""
    for html in (page(of(clean(1))), sheet(a_week(clean(1).at(end_of(clean(1))), MONDAY.date()))):
        assert "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'" in html
        assert not re.search(r"<[^>]*(?<!aria-label)\s(style|on\w+)=", html)


def test_a_jump_of_stages_names_the_word_behind_it() -> None:
    """From 1 to 8 within a week: a physiotherapist's decision of the Sunday before, or a fault?"""
    life = clean(1)
    word = MONDAY + 6 * DAY
    life.tell(Override(id=0, recorded_at=word, at=word, stage=8, because="Strong, seen in clinic."))
    life.answers_all(life.runs(MONDAY + 7 * DAY, 8))
    (move,) = of(life).summary.moved_this_week
    assert move.text == (
        "Moved up, 2 → 8, on Mon 8 Jun (stage set to 8 on Sun 7 Jun, because: Strong, seen in clinic.)."
    )
    assert move.because == "Strong, seen in clinic."


def test_limits_of_an_earned_stage_are_said_to_be_so() -> None:
    """Stage 1 asked and stage 2 overstepped is a riddle, unless it is said that the higher one judges."""
    life = clean(1)
    life.issue_as_told(MONDAY + 6 * DAY, stage=1)
    life.answers_all(life.runs(MONDAY + 7 * DAY, [("jog", 900.0)]))
    report = of(life)
    assert report.sessions[-1].stage == 1
    assert "Limits on Mon 8 Jun: those of stage 2, earned by then." in answers(report, "What was asked")
    assert "(limits: those of stage 2, earned by then)" in page(report)


def test_months_without_anything_are_one_line() -> None:
    """Forty empty weeks between the summary and the last runs are forty times nothing."""
    life = clean(2)
    report = whole(life.at(MONDAY + 300 * DAY))
    view = lay_out(report)
    assert [(w.count, w.last.sunday - w.first.monday) for w in view.weeks] == [
        (1, timedelta(days=6)),
        (40, timedelta(days=40 * 7 - 1)),
        (1, timedelta(days=6)),
        (1, timedelta(days=6)),
    ]
    assert "Nothing was recorded from Mon 15 Jun 2026 to" in page(report)
    assert not view.earlier_weeks


def test_a_completed_plan_does_not_look_held_back() -> None:
    """HOLD at the last stage is where everybody wants to arrive."""
    report = of(clean(1))
    done = replace(report, summary=replace(report.summary, completed=True))
    assert "The plan is completed." in page(done)
    assert "The plan is completed." not in page(report)


def test_who_gave_no_name_is_not_called_me() -> None:
    """A physiotherapist with ten files on her desk reads whose it is, or that it is not said."""
    html = page(of(clean(1), runner=NAMELESS))
    assert re.search(r"<h1>.*No name was entered.*</h1>", html)


def test_findings_name_their_run_by_day_and_show_their_numbers() -> None:
    """A clinician checks a number: what was compared with what."""
    html = page(of(symptoms()))
    findings = html.split('aria-labelledby="findings"')[1].split("</section>")[0]
    assert "Tue 16 Jun 2026, 17:00" in findings
    assert "rest 33 h 40 min" in findings
    assert "limit 48 h" in findings


def test_runs_of_before_a_long_break_are_not_told_as_those_of_now() -> None:
    """After another birth last year's runs are not what was asked and done; when they were is said."""
    report = whole(clean(2).at(MONDAY + 400 * DAY))
    assert glances(report).title == "The week of Mon 5 Jul to Sun 11 Jul 2027"
    assert answers(report, "What was done")[-1] == "The last run was on Fri 12 Jun 2026."
    assert answers(report, "Were the limits kept") == ("There was no run to judge.",)


def test_a_week_before_its_end_has_its_own_title() -> None:
    report = whole(clean(1).at(end_of(clean(1))))
    assert glances(report).title == "The week of Mon 1 Jun to Sun 7 Jun 2026"
    assert report.weeks[-1].monday == date(2026, 6, 1)


def test_a_full_week_on_paper_names_every_run_and_every_symptom() -> None:
    """What is left off the sheet is not in the physiotherapist's file: four runs and seven entries have their place."""
    life = full()
    html = sheet(a_week(life.at(end_of(life)), date(2026, 6, 15)))
    runs, remarks = html.split('id="runs"')[1].split('id="remarks"')
    assert runs.count('role="rowheader"') == 4
    assert remarks.count(">symptom</span>") == 7
    assert "7 entries tell of a symptom, listed below." in html


def test_a_sentence_cut_on_paper_ends_after_a_word() -> None:
    """Half a word of a rule reads like another word."""
    life = full()
    html = sheet(a_week(life.at(end_of(life)), date(2026, 6, 15)))
    cut = re.findall(r"(\S+) …", html)
    assert cut
    assert all(word.strip("“,;(") in NOTE + str(life.at(end_of(life)).recommendation.as_json()) for word in cut)


def test_findings_of_years_ago_are_folded_and_those_of_the_last_weeks_are_not() -> None:
    """Three years of short rests would push what is missing before a run out of reach."""
    life = Life.ready()
    for n in range(40):
        life.answers_all(life.runs(MONDAY + (n * 47 + n // 3 * 24) * HOUR, 1))
    view = lay_out(whole(life.at(end_of(life))))
    assert view.findings
    assert view.earlier_findings
    assert min(f.run.local_date for f in view.findings) > max(f.run.local_date for f in view.earlier_findings)
    assert len(view.findings) + len(view.earlier_findings) == len(weighty(view.report.findings))
