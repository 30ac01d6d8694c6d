"""The report is what a runner and her physiotherapist act on: nothing in it may mislead, hide or run."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analysis.bouts import Observed, Span
from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import default_plan
from analysis.sessions import Session
from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.checkins import CheckInLog
from monitor.cli import session_text
from monitor.facts import Birth, Facts, Gate, Issued, Override, Setting
from monitor.foundation import Readiness
from monitor.judged import Judged
from monitor.recommendation import Outcome, Reason, Recommendation
from monitor.report import wording
from monitor.report.make_report import report_of
from monitor.report.model import Report
from monitor.report.model_sessions import SessionView
from monitor.report.page import render
from monitor.rules.gates import states
from monitor.standing import Standing

LISBON = ZoneInfo("Europe/Lisbon")
PLAN = default_plan()
EVIL = "<script>alert('x')</script>&\"quoted\""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LISBON).astimezone(UTC)


def observed(start: datetime, *, name: str = "run.fit", notes: tuple[tuple[str, str], ...] = ()) -> Observed:
    return Observed(
        identity=f"{name}-{start:%Y%m%d%H%M}-0",
        file_name=name,
        format="fit",
        device="a watch",
        sport="running",
        sub_sport="generic",
        started_at=start,
        ended_at=start + timedelta(minutes=30),
        utc_offset=None,
        bouts=(),
        notes=notes,
    )


PERFORMED = Performed(
    main_set_s=1199,
    jog_s=423.4,
    walk_s=776,
    stand_s=0,
    repeats=7,
    jog_bout_s=60.5,
    walk_bout_s=119,
    longest_jog_s=62,
    ratio="1:2.0",
    regular=True,
    uncertain_share=0.02,
    jog_error_s=8.2,
)


def outing(start: datetime, *, kind: str = "run", why: str = "jogging in bouts", **changes: object) -> Session:
    local = start.astimezone(LISBON)
    recording = observed(start)
    session = Session(
        id=local.date().isoformat(),
        recordings=(recording,),
        duplicates=(),
        started_at=start,
        ended_at=recording.ended_at,
        utc_offset=None,
        local_date=local.date(),
        bouts=(),
        gaps=(),
        performed=PERFORMED if kind == "run" else None,
        is_running=kind == "run",
        kind=kind,
        why=why,
        doubt=None,
        distance_m=2870.0,
    )
    return replace(session, **changes)


def judged(session: Session, **changes: object) -> Judged:
    value = Judged(
        session=session,
        history=False,
        stage=1,
        issued_stage=1,
        replayed_stage=1,
        prescription=PLAN[1],
        rest_before_s=47.99 * 3600,
        findings=(),
        windows={"during": "none", "after": "none", "next_day": "none"},
        readiness_since=None,
        is_increase=False,
        unjudgeable=False,
        beyond=False,
        completed=False,
        short=None,
        clean=True,
        why_not_clean=(),
    )
    return replace(value, **changes)


RECOMMENDATION = Recommendation(
    outcome=Outcome.HOLD,
    as_of=at("2026-03-08T18:00"),
    last_stage=1,
    next_stage=1,
    prescription=PLAN[1],
    reasons=(Reason(code="CLEAN", message="One clean run at stage 1; two are needed."),),
    advice=("Answer tomorrow morning.",),
    earliest_next_run=at("2026-03-10T07:32:30"),
    earliest_increase=None,
    gates=(),
    completed=False,
)

FACTS = Facts(
    births=(Birth(id=1, recorded_at=at("2026-03-01T09:00"), on=date(2025, 11, 24)),),
    gates=(
        Gate(id=2, recorded_at=at("2026-03-01T09:00"), code="GAT01", on=date(2026, 1, 12)),
        Gate(id=3, recorded_at=at("2026-03-01T09:00"), code="GAT02", on=date(2026, 1, 13)),
    ),
    readiness=(
        Readiness(
            id=4,
            recorded_at=at("2026-03-01T09:00"),
            done_at=at("2026-03-01T08:00"),
            results=dict.fromkeys(("walk", "balance", "squat", "jog", "heel-raise", "hop", "bound"), True),
        ),
    ),
    settings=(
        Setting(id=5, recorded_at=at("2026-03-01T09:00"), at=at("2026-03-01T09:00"), key="zone", value="Europe/Lisbon"),
    ),
)


def standing(
    *runs: Judged,
    others: tuple[Session, ...] = (),
    facts: Facts = FACTS,
    recommendation: Recommendation = RECOMMENDATION,
    readiness_since: datetime | None = None,
) -> Standing:
    sessions = tuple(sorted([*(r.session for r in runs), *others], key=lambda s: s.started_at))
    as_of = recommendation.as_of
    return Standing(
        facts=facts,
        plan=PLAN,
        sessions=sessions,
        judged=runs,
        log=CheckInLog(facts, sessions, as_of),
        recommendation=replace(recommendation, gates=states(facts, as_of, readiness_since=readiness_since)),
    )


def model_of(value: Standing) -> Report:
    return report_of(value, runner_name="Ana", zone=LISBON)


def run_of(value: Standing) -> SessionView:
    """The one run of a report."""
    (run,) = (s for s in model_of(value).sessions if s.kind == "run")
    return run


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.depth: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in self.VOID:
            self.depth.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.depth.pop() == tag, f"</{tag}> closes something else"


def parse(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    return tags


def full() -> Standing:
    """One of everything, with markup in every text that a person or a file can supply."""
    first = outing(at("2026-03-02T07:02"))
    second = outing(
        at("2026-03-04T06:30"),
        recordings=(observed(at("2026-03-04T06:30"), name=f"{EVIL}.gpx", notes=(("odd", EVIL),)),),
        duplicates=(observed(at("2026-03-04T06:31"), name=f"copy{EVIL}.fit"),),
        gaps=(Span(start=at("2026-03-04T06:40"), end=at("2026-03-04T06:42")),),
        doubt=EVIL,
    )
    walk = outing(at("2026-03-05T18:00"), kind="walk", why=EVIL)
    finding = Finding(code="RST01", level=Level.LIMIT, message=EVIL, at=second.started_at)
    about = second.recordings[0].identity
    facts = replace(
        FACTS,
        check_ins=(
            CheckIn(
                id=9,
                recorded_at=at("2026-03-04T20:15"),
                recording=about,
                windows=frozenset({Window.AFTER}),
                pain=2,
                site="pelvis",
                leakage=Leakage.DROPS,
                heaviness=Heaviness.NONE,
                note=EVIL,
            ),
            CheckIn(
                id=10,
                recorded_at=at("2026-03-06T20:15"),
                recording=None,
                windows=frozenset({Window.ANY}),
                pain=0,
                note=EVIL,
            ),
        ),
        overrides=(
            Override(id=11, recorded_at=at("2026-03-06T10:00"), at=at("2026-03-06T10:00"), stage=2, because=EVIL),
        ),
        issued=(
            Issued(
                id=12,
                recorded_at=at("2026-03-04T09:00"),
                outcome="HOLD",
                next_stage=1,
                rules_version="1",
                recommendation={"last_stage": 1, "reasons": [{"code": "RST01", "message": EVIL}]},
            ),
        ),
    )
    recommendation = replace(RECOMMENDATION, reasons=(Reason(code="RST01", message=EVIL),), advice=(EVIL,))
    return standing(
        judged(first, rest_before_s=None),
        judged(
            second,
            findings=(finding,),
            clean=False,
            why_not_clean=(EVIL,),
            windows={"during": "none", "after": "symptom", "next_day": "unanswered"},
        ),
        others=(walk,),
        facts=facts,
        recommendation=recommendation,
    )


def test_text_of_people_and_files_is_never_markup() -> None:
    """A name, a note, a reason or a file name from elsewhere must not run in the physiotherapist's browser."""
    html = render(full(), runner_name=EVIL)
    tags = parse(html)
    assert "script" not in tags.opened
    assert "<script" not in html
    # name (title, heading), file twice (notes, copy), note, doubt (twice: performed), walk, finding, why not, entries …
    assert html.count("&lt;script&gt;") >= 12


def test_the_page_needs_nothing_beside_itself() -> None:
    """Opened from a mail on a train it must look the same, and tell nobody that it was opened."""
    tags = parse(render(full(), runner_name="Ana"))
    assert not {"script", "link", "img", "iframe", "object"} & set(tags.opened)
    assert not [name for name, _ in tags.attributes if name in ("src", "action") or name.startswith("on")]
    assert all(value and value.startswith("#") for name, value in tags.attributes if name == "href")  # on this page
    assert "url(" not in render(full(), runner_name="Ana").replace("url(#", "")
    assert "@import" not in render(full(), runner_name="Ana")


def test_the_page_is_well_formed_and_says_its_language() -> None:
    """A screen reader must pronounce it as English and find each part by its heading."""
    html = render(full(), runner_name="Ana")
    tags = parse(html)
    assert tags.depth == []
    assert ("lang", "en") in tags.attributes
    assert len(tags.ids) == len(set(tags.ids))
    named = {id for name, value in tags.attributes if name == "aria-labelledby" and value for id in value.split()}
    assert named <= set(tags.ids)
    assert {value for name, value in tags.attributes if name == "href" and value} <= {f"#{id}" for id in tags.ids}


def test_her_own_note_is_shown() -> None:
    """What she took the trouble to write must reach her physiotherapist."""
    value = full()
    entry = replace(value.facts.check_ins[0], note="heavy legs, fine after a rest")
    html = render(replace(value, facts=replace(value.facts, check_ins=(entry,))), runner_name="Ana")
    assert "heavy legs, fine after a rest" in html
    assert "pain 2 of 10 (pelvis), leakage: drops, no heaviness" in html


def test_a_rest_just_under_48_hours_does_not_read_as_48() -> None:
    """47.99 h rounded to 48.0 h would hide the very breach the row reports."""
    run = run_of(standing(judged(outing(at("2026-03-02T07:02")), rest_before_s=47.99 * 3600)))
    assert run.rest_before_s is not None
    assert (wording.rest(run.rest_before_s), run.rest_before_h) == ("47 h 59 min", 47.99)


def test_the_earliest_next_run_is_never_a_minute_early() -> None:
    """07:32:30 written as 07:32 would send her out inside the 48 hours."""
    assert "Tue 10 Mar 2026, 07:33" in render(standing(), runner_name="Ana")


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        ("2026-03-28T07:02", "Sat 28 Mar 2026"),
        ("2026-03-29T00:30", "Sun 29 Mar 2026"),
        ("2026-03-29T23:30", "Sun 29 Mar 2026"),
        ("2026-03-30T00:10", "Mon 30 Mar 2026"),
    ],
)
def test_days_are_hers_across_the_change_of_the_clocks(instant: str, written: str) -> None:
    """A run on Monday just after midnight in summer time must not fall into Sunday's week."""
    session = outing(at(instant))
    value = standing(judged(session), recommendation=replace(RECOMMENDATION, as_of=at("2026-04-01T12:00")))
    run = run_of(value)
    assert (wording.day(run.local_date), run.local_clock) == (written, instant[11:])
    (week,) = (week for week in model_of(value).weeks if week.runs)
    expected = "Mon 30 Mar to Sun 5 Apr 2026" if "03-30" in instant else "Mon 23 Mar to Sun 29 Mar 2026"
    assert f"{wording.short_day(week.monday)} to {wording.day(week.sunday)}" == expected


def test_every_run_of_every_week_is_there_newest_week_first() -> None:
    """A session left out would make a breach of the plan look like rest."""
    starts = [at(f"2026-03-{day:02d}T07:00") for day in (2, 4, 6, 9, 11, 18)]
    value = standing(
        *(judged(outing(start)) for start in starts),
        recommendation=replace(RECOMMENDATION, as_of=at("2026-03-22T18:00")),
    )
    weeks = model_of(value).weeks
    assert [week.id for week in weeks] == ["2026-W10", "2026-W11", "2026-W12"]
    assert [[id for day in week.days for id in day.runs] for week in weeks] == [
        ["2026-03-02", "2026-03-04", "2026-03-06"],
        ["2026-03-09", "2026-03-11"],
        ["2026-03-18"],
    ]
    page = render(value, runner_name="Ana")
    assert "not shown in this report" not in page
    assert [page.index(week.id) for week in weeks] == sorted((page.index(week.id) for week in weeks), reverse=True)


def test_a_shorter_report_says_that_it_is_not_all() -> None:
    """Two weeks shown alone could be taken for the whole story."""
    starts = [at(f"2026-03-{day:02d}T07:00") for day in (2, 4, 6, 9, 18)]
    value = standing(
        *(judged(outing(start)) for start in starts),
        recommendation=replace(RECOMMENDATION, as_of=at("2026-03-22T18:00")),
    )
    model = report_of(value, runner_name="Ana", zone=LISBON, weeks=2)
    assert [week.id for week in model.weeks] == ["2026-W11", "2026-W12"]
    page = render(value, runner_name="Ana", weeks=2)
    assert "3 earlier runs before Mon 9 Mar 2026 not shown in this report." in page


def test_what_was_not_answered_is_not_shown_as_none() -> None:
    """No entry is not the same as no symptoms."""
    html = render(full(), runner_name="Ana")
    assert re.search(r'>next day</span> <span class="tag warn">unanswered</span>', html)
    assert re.search(r'>after</span> <span class="tag bad">symptom</span>', html)


def test_stage_moves_are_named_once_where_they_happened() -> None:
    """ "Moved" on the wrong day would send her physiotherapist looking for the wrong run."""
    runs = [
        judged(outing(at("2026-03-02T07:00"))),
        judged(outing(at("2026-03-06T07:00")), stage=2, prescription=PLAN[2]),
        judged(outing(at("2026-03-09T07:00")), stage=2, prescription=PLAN[2]),
        judged(outing(at("2026-03-11T07:00")), stage=1),
    ]
    value = standing(*runs, recommendation=replace(RECOMMENDATION, as_of=at("2026-03-15T18:00")))
    assert [[move.text for move in week.moves] for week in model_of(value).weeks] == [
        ["Began at stage 1 on Mon 2 Mar.", "Moved up, 1 → 2, on Fri 6 Mar."],
        ["Moved back, 2 → 1, on Wed 11 Mar."],
    ]


def test_a_run_from_before_the_plan_is_not_blamed() -> None:
    """History counts for rest and increases only; calling it unclean would be a reproach without a rule."""
    row = run_of(
        standing(
            judged(
                outing(at("2026-03-02T07:00")),
                history=True,
                stage=None,
                prescription=None,
                clean=False,
                why_not_clean=("not answered",),
                windows={},
            )
        )
    )
    assert row.verdict == "before the plan"
    assert row.why_not_clean == ()
    assert row.prescribed is None


def test_an_open_gate_is_shown_as_missing() -> None:
    """A gate ticked off that the recommendation still asks for would contradict it on the same page."""
    html = render(standing(facts=replace(FACTS, gates=FACTS.gates[1:])), runner_name="Ana")
    missing = '<span class="tag bad">missing</span></td>'
    assert re.search(f"birth provider <a[^<]+</a></th><td[^<]+{missing}<td[^>]+>No clearance", html)
    assert html.count('<span class="tag good">met</span>') == 3


def test_a_gate_that_the_recommendation_asks_for_again_is_not_ticked_off() -> None:
    """After a long break the readiness test is due again; "met" beside "repeat it" would let her skip it."""
    html = render(standing(readiness_since=at("2026-03-05T07:00")), runner_name="Ana")
    assert "The seven readiness movements are to be done again, after more than 28 days" in html
    assert html.count('<span class="tag good">met</span>') == 3


def test_a_runner_without_a_single_run_gets_a_page() -> None:
    """The first thing a new runner opens must not fail."""
    html = render(standing(facts=Facts()), runner_name="Ana")
    assert "No run, walk or other training was recorded in this week." in html


def test_a_wrong_clock_does_not_make_a_thousand_weeks() -> None:
    """One file of 1989 among the recordings must not make the page unreadable."""
    old = outing(datetime(1989, 12, 31, tzinfo=UTC), kind="walk")
    model = report_of(standing(others=(old,)), runner_name="Ana", zone=LISBON)
    assert len(model.weeks) <= 520


def test_the_performed_figures_carry_their_error() -> None:
    """Seven minutes give or take a minute is another statement than seven minutes."""
    value = standing(judged(outing(at("2026-03-02T07:00"))))
    run = run_of(value)
    assert run.difference is not None
    assert run.difference.text == "jogging +0:03, longest jog +0:02, walk breaks −0:01, main set −0:01"
    assert run.performed is not None
    assert session_text.performed(run.performed) == (
        "7:03 min of jogging (±9 s) in 7 jogs of 1:01 and walks of 1:59, jog:walk 1:2.0, "
        "longest jog 1:02, main set 19:59"
    )
    assert re.search(r"7:03 <span[^>]*>± 0:09</span>", render(value, runner_name="Ana"))


def test_the_page_says_once_what_it_is_not() -> None:
    """Without these lines a planner reads like a medical opinion."""
    html = render(full(), runner_name="Ana")
    assert html.count("not a medical device") == 1
    assert html.count("expert opinion") == 1
    assert "safe to run" not in html


def test_an_answer_given_late_counts_and_is_marked() -> None:
    """Her physiotherapist reads an answer written three days later otherwise than one of the same evening."""
    session = outing(at("2026-03-02T07:02"))
    none = CheckIn(
        id=9,
        recorded_at=at("2026-03-02T20:00"),
        recording=session.recordings[0].identity,
        windows=frozenset({Window.AFTER}),
        pain=0,
        leakage=Leakage.NONE,
        heaviness=Heaviness.NONE,
    )
    late = replace(none, id=10, recorded_at=at("2026-03-07T20:00"), windows=frozenset({Window.NEXT_DAY}))
    run = run_of(standing(judged(session), facts=replace(FACTS, check_ins=(none, late))))
    assert {w.window: w.late for w in run.windows} == {"during": False, "after": False, "next_day": True}
    assert session_text.answers(run.windows).endswith(" (late)")


def test_a_time_that_has_passed_is_not_shown_as_one_to_wait_for() -> None:
    """ "Not before this morning", read in the evening, would make her wait for a time that is over."""
    early = replace(RECOMMENDATION, earliest_next_run=at("2026-03-08T09:00"), earliest_increase=at("2026-03-12T09:00"))
    page = render(standing(recommendation=early), runner_name="Ana")
    assert re.search(r"Sun 8 Mar 2026, 09:00 <span[^>]*>\(past: from now on\)", page)
    assert re.search(r"Thu 12 Mar 2026, 09:00\s*<", page)
    assert page.count("(past: from now on)") == 1


def test_knowing_the_words_of_the_report_costs_nothing() -> None:
    """`restride next` borrows them, and must not wait for templates, tables or a database."""
    code = (
        "import sys, monitor.report, monitor.report.make_summary, monitor.report.numbers; "
        "print(sorted({'jinja2', 'pandas', 'numpy', 'sqlalchemy'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_code_on_the_page_is_explained_on_it() -> None:
    """Her physiotherapist has the page alone, and "DAT01" tells her nothing."""
    html = render(full(), runner_name="Ana")
    used = set(re.findall(r'<a class="code" href="#rule-(\w+)">', html))
    explained = dict(re.findall(r'<dt><span class="code">(\w+)</span> (.+)</dt>', html))
    assert used == set(explained) == {"GAT01", "GAT02", "GAT03", "GAT04", "RST01"}
    assert explained["RST01"] == "48 hours of rest between two running sessions"
