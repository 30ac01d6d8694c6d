"""The six questions of somebody who has two minutes, each answered in a line or two from the report's own values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.report import wording
from monitor.report.model import Report
from monitor.report.model_answers import SymptomView
from monitor.report.model_sessions import FindingView, SessionView
from monitor.report.states import Open, earned_stage, open_answers, state

RANK = ("red_flag", "limit", "caution")
BLOCKING = ("red_flag", "limit")
IN_A_WORD = {
    "DAT01": "data",
    "EFF01": "effort",
    "GAT01": "no clearance",
    "GAT02": "healing not recorded",
    "GAT03": "before the day",
    "GAT04": "readiness movements",
    "INC01": "raised too often",
    "RST01": "rest",
    "SPK01": "much more than before",
    "STG01": "the start of the plan",
    "STG02": "more than was asked",
    "STG03": "a stage skipped",
}
"""What a rule is about, so that nobody has to know its code; the code leads to its text."""

MOST_RUNS = 7
"""So many runs stand in the summary line by line; the others are in the table of runs."""

LONG_AGO = timedelta(weeks=4)
"""What was done before says little of now: after such a break the plan begins anew."""

MOST_FELT = 2
"""So many symptoms stand at the top of a sheet of paper, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One question, and its answer."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glances:
    """What is answered for one stretch of days, and which."""

    title: str
    of: tuple[Glance, ...]


def runs(report: Report) -> list[SessionView]:
    """Give the runs that count, in time order."""
    return [s for s in report.sessions if s.kind == "run" and s.counted == "counted"]


def glances(report: Report) -> Glances:
    """Answer what was asked, what was done, whether limits were kept, and how the body answered.

    They speak of the last week with a run, and of what came after it: early on a Monday the new week says nothing.
    What comes next and why is the summary itself.
    """
    all_runs = runs(report)
    since, until = _days(report, all_runs)
    shown = [s for s in all_runs if since <= s.local_date <= until]
    told = [s for s in report.symptoms if since <= s.on <= until]
    return Glances(
        title=_title(report, since),
        of=(
            Glance(question="What was asked", answers=tuple(_asked(shown, all_runs))),
            Glance(question="What was done", answers=tuple(_done(shown, all_runs, report, since))),
            Glance(question="Were the limits kept", answers=tuple(_limits(shown))),
            Glance(question="How the body answered", answers=tuple(_body(shown, told, report))),
        ),
    )


def _days(report: Report, all_runs: Sequence[SessionView]) -> tuple[date, date]:
    """Give the last week; where it holds no run yet, from the Monday of the last one that does, if not long ago."""
    if not report.weeks:
        return report.period_from, report.period_to
    week = report.weeks[-1]
    last = max((s.local_date for s in all_runs if s.local_date <= week.sunday), default=week.monday)
    if last < week.monday - LONG_AGO:
        return week.monday, week.sunday
    return min(week.monday, last - timedelta(days=last.weekday())), week.sunday


def _title(report: Report, since: date) -> str:
    if not report.weeks:
        return "This week"
    week = report.weeks[-1]
    if since < week.monday:
        return f"Since {wording.day(since)}, the week of the last run"
    return f"The week of {wording.short_day(week.monday)} to {wording.day(week.sunday)}"


def _asked(shown: Sequence[SessionView], all_runs: Sequence[SessionView]) -> Iterator[str]:
    asked = {s.prescribed.stage: s.prescribed.text for s in shown if s.prescribed is not None}
    for stage, text in asked.items():
        first = next(s.local_date for s in shown if s.prescribed is not None and s.prescribed.stage == stage)
        since = f", from {wording.short_day(first)}" if len(asked) > 1 else ""
        yield f"Stage {stage}{since}: {text}."
    for session in shown:
        earned = earned_stage(session)
        if earned is not None:
            yield f"Limits on {wording.short_day(session.local_date)}: those of stage {earned}, earned by then."
    if not asked:
        yield "Nothing: no run of the plan." if all_runs else "No run has been recorded yet."


def _done(shown: Sequence[SessionView], all_runs: Sequence[SessionView], report: Report, since: date) -> Iterator[str]:
    week = next((w for w in report.weeks if w.monday == since), None)
    if week is not None:
        jogged = f" Jogging in all: {wording.length(week.jog_total_s)}." if week.jog_total_s else ""
        yield f"{week.text}{so_far(shown, report.as_of)}{jogged}"
    if report.week is not None:  # the sheet of one week has its runs right below
        return
    yield from (_run(s, report) for s in shown[:MOST_RUNS])
    if len(shown) > MOST_RUNS:
        yield f"And {wording.count(len(shown) - MOST_RUNS, 'more run')}, below."
    if week is not None and week != report.weeks[-1]:
        yield f"No run since {wording.day(shown[-1].local_date)}."
    if all_runs and not shown:
        yield f"The last run was on {wording.day(all_runs[-1].local_date)}."


def so_far(of_week: Sequence[SessionView], as_of: datetime) -> str:
    """Name the runs that are not counted as clean only because their answers are still to come."""
    many = sum(state(s, as_of) == "clean so far" for s in of_week)
    return f" {many} clean so far, with answers still to come." if many else ""


def _run(session: SessionView, report: Report) -> str:
    """Say in a line what was done of what was asked, on whose word, and how it counts."""
    done, asked = session.performed, session.prescribed
    if done is None:
        what = "the jogging could not be told from the data"
    elif asked is None:
        what = f"{wording.clock_of(done.jog_s)} min jogging, longest {wording.clock_of(done.longest_jog_s)}"
    else:
        what = (
            f"{wording.clock_of(done.jog_s)} of {wording.clock_of(asked.jog_total_s)} min jogging, longest "
            f"{wording.clock_of(done.longest_jog_s)} of {wording.clock_of(asked.longest_jog_s)}"
        )
    marks = ["logged by hand"] * bool(session.by_hand) + ["corrected by hand"] * bool(session.corrected)
    marks += ["the data cannot carry a verdict"] * (session.unjudgeable and done is not None)
    return f"{wording.short_day(session.local_date)}: {'; '.join([what, *marks, str(state(session, report.as_of))])}."


def _limits(shown: Sequence[SessionView]) -> Iterator[str]:
    found = [f for s in shown for f in s.findings if f.level in RANK and f.code != "DAT01"]
    unjudged = sum(s.unjudgeable for s in shown)
    if not shown:
        yield "There was no run to judge."
        return
    over = [f for f in found if f.level in BLOCKING]
    if over:
        yield f"No: {wording.count(len(over), 'limit')} overstepped: {_named(over)}."
    elif unjudged:
        yield "None was overstepped in what could be judged."
    else:
        yield "Yes: none was overstepped."
    cautions = [f for f in found if f.level == "caution"]
    if cautions:
        yield f"Cautions, which block nothing: {_named(cautions)}."
    if unjudged:
        yield f"{wording.count(unjudged, 'run')} could not be judged from the data (DAT01)."


def _named(found: Sequence[FindingView]) -> str:
    """Name the rules of findings in a word each, with their codes."""
    said = []
    for code, times in Counter(f.code for f in found).items():
        word = f"{IN_A_WORD[code]} ({code})" if code in IN_A_WORD else code
        said.append(word if times == 1 else f"{word}, {times} times")
    return "; ".join(said)


def _body(shown: Sequence[SessionView], told: Sequence[SymptomView], report: Report) -> Iterator[str]:
    felt = list(felt_lines(told))
    if report.week is not None and len(felt) > MOST_FELT:  # the sheet of one week lists them below
        yield f"{len(felt)} entries tell of a symptom, listed below."
    else:
        yield from (f"{line}." for line in felt)
    lacking = sum((open_answers(s, report.as_of) for s in shown), Open())
    if not told:
        yield "No symptom was logged."
        last = max(report.symptoms, key=lambda s: s.at, default=None)
        if last is not None:
            yield f"The last one: {', '.join(last.what)}, {wording.day(last.on)}."
    if lacking.missing:
        yield f"{wording.count(lacking.missing, 'answer')} missing, which is not the same as no symptom."
    if lacking.now:
        yield f"{wording.count(lacking.now, 'answer')} can be given now."
    if lacking.later:
        yield f"{wording.count(lacking.later, 'answer')} not due yet."
    if any(s.windows for s in shown) and lacking == Open():
        yield "Every check-in about these runs was answered."


def felt_lines(told: Sequence[SymptomView]) -> Iterator[str]:
    """Write symptoms in time order, what one entry tells of several windows once."""
    same: dict[tuple[int, date, tuple[str, ...]], list[str]] = {}
    for symptom in told:
        windows = same.setdefault((symptom.check_in, symptom.on, symptom.what), [])
        windows += [symptom.window.replace("_", " ")] * (symptom.window != "any")
    for (_, on, what), windows in same.items():
        where = f" ({', '.join(windows)})" if windows else ""
        yield f"{wording.short_day(on)}{where}: {', '.join(what)}"


def weighty(findings: Sequence[FindingView]) -> list[FindingView]:
    """Give the findings that a reader has to know of, the newest first."""
    return sorted((f for f in findings if f.level in RANK), key=lambda f: f.at, reverse=True)
