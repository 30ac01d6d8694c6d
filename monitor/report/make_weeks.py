"""Weeks, days, rest and increases as the report holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from analysis import rounding
from analysis.checks import inc01, rst01
from analysis.findings import Level
from monitor.foundation import FoundationDay, foundation_days
from monitor.judged import Judged
from monitor.report import wording
from monitor.report.make_sessions import rest_h, rest_s
from monitor.report.make_summary import move_views
from monitor.report.model_answers import CheckInView, SymptomView
from monitor.report.model_sessions import SessionView
from monitor.report.model_summary import RecommendationView
from monitor.report.model_weeks import DayView, FoundationView, IncreaseView, RestGapView, WeekView
from monitor.report.preparing import in_words
from monitor.report.source import Source, monday, week_id

BLOCKING = (Level.LIMIT, Level.RED_FLAG)
SEVERITIES = ("symptom", "severe", "urgent")


def week_views(
    source: Source,
    mondays: Iterable[date],
    sessions: Iterable[SessionView],
    check_ins: Iterable[CheckInView],
    symptoms: Iterable[SymptomView],
    recommendations: Iterable[RecommendationView],
) -> Iterator[WeekView]:
    """Lay what happened out by week and day."""
    at = source.standing.recommendation.as_of
    today = source.local_date(at)
    foundation = {day.on: day for day in foundation_days(source.standing.facts.foundation, at)}
    by_day = _by_day(sessions)
    answered: dict[date, list[int]] = defaultdict(list)
    for entry in check_ins:
        answered[source.local_date(entry.said_at)].append(entry.id)
    told: dict[date, list[SymptomView]] = defaultdict(list)
    for symptom in symptoms:
        told[symptom.on].append(symptom)
    issued: dict[date, list[int]] = defaultdict(list)
    for one in recommendations:
        issued[monday(source.local_date(one.issued_at))].append(one.id)
    for start in mondays:
        dates = [start + timedelta(days=n) for n in range(7)]
        of_week = [session for on in dates for session in by_day.get(on, ())]
        runs = [s for s in of_week if s.verdict is not None]
        yield WeekView(
            id=week_id(start),
            monday=start,
            sunday=dates[-1],
            runs=len(runs),
            clean=sum(s.verdict == "clean" for s in runs),
            limits=sum(f.level in BLOCKING for s in runs for f in s.findings),
            jog_total_s=rounding.seconds(sum(s.performed.jog_s for s in runs if s.performed is not None)),
            text=week_sum(of_week),
            days=tuple(
                DayView(
                    on=on,
                    is_ahead=on > today,
                    runs=_ids(by_day.get(on, ()), "run"),
                    walks=_ids(by_day.get(on, ()), "walk"),
                    cross_training=_ids(by_day.get(on, ()), "cross-training"),
                    ignored=tuple(s.id for s in by_day.get(on, ()) if s.counted == "ignored"),
                    foundation=_foundation(foundation.get(on)),
                    check_ins=tuple(answered.get(on, ())),
                    symptoms=tuple(dict.fromkeys(s.check_in for s in told.get(on, ()))),
                    worst_symptom=max((s.severity for s in told.get(on, ())), key=SEVERITIES.index, default=None),
                )
                for on in dates
            ),
            moves=tuple(move_views(source, start, dates[-1])),
            recommendations=tuple(issued.get(start, ())),
        )


def _by_day(sessions: Iterable[SessionView]) -> Mapping[date, list[SessionView]]:
    found: dict[date, list[SessionView]] = defaultdict(list)
    for session in sessions:
        found[session.local_date].append(session)
    return found


def _ids(sessions: Iterable[SessionView], kind: str) -> tuple[str, ...]:
    return tuple(s.id for s in sessions if s.kind == kind and s.counted == "counted")


def _foundation(day: FoundationDay | None) -> FoundationView | None:
    if day is None:
        return None
    return FoundationView(groups=tuple(sorted(g.value for g in day.groups)), text=in_words(day), notes=day.notes)


def week_sum(sessions: Sequence[SessionView]) -> str:
    """Count a week in a sentence."""
    runs = [s for s in sessions if s.verdict is not None]
    others = [s for s in sessions if s.verdict is None and s.counted == "counted"]
    if not runs and not others:
        counts = " that counts" if any(s.counted == "ignored" for s in sessions) else ""
        return f"No run, walk or other training{counts} was recorded in this week."
    clean = sum(s.verdict == "clean" for s in runs)
    parts = [f"{wording.count(len(runs), 'run')}, {clean} clean" if runs else "No run"]
    names = {"cross-training": "cross-training session"}
    parts += [
        wording.count(sum(s.kind == kind for s in others), names.get(kind, kind))
        for kind in sorted({s.kind for s in others})
    ]
    return "; ".join(parts) + "."


def rest_gap_views(judged: Sequence[Judged]) -> Iterator[RestGapView]:
    """Write the rest before each run but the first, against the plan's 48 hours."""
    required_s = rst01.REST.total_seconds()
    for before, after in pairwise(judged):
        exact_s = after.rest_before_s
        if exact_s is None:
            continue
        found = next((f for f in after.findings if f.code == rst01.CODE), None)
        short_s = max(0, int(required_s) - (rest_s(exact_s) or 0))
        apart_s = (after.session.started_at - before.session.started_at).total_seconds()
        yield RestGapView(
            after_session=before.session.id,
            before_session=after.session.id,
            start=before.session.ended_at,
            end=after.session.started_at,
            rest_s=rest_s(exact_s) or 0,
            rest_h=rest_h(exact_s) or 0.0,
            required_h=required_s / 3600,
            short_s=short_s,
            starts_apart_h=rounding.down(apart_s / 3600, 2),
            level="kept" if found is None else "limit" if found.level is Level.LIMIT else "caution",
        )


def increase_views(source: Source) -> Iterator[IncreaseView]:
    """Write the runs that raised the jogging, each with those of the seven times 24 hours up to it."""
    names = {j.session.started_at: j.session.id for j in source.increases}
    for judged in source.increases:
        done, at = judged.session.performed, judged.session.started_at
        if done is None:
            continue
        inside = inc01.within_window(list(names), at)
        yield IncreaseView(
            session_id=judged.session.id,
            at=at,
            jog_s=rounding.seconds(done.jog_s),
            longest_jog_s=rounding.seconds(done.longest_jog_s),
            window_from=at - inc01.WINDOW,
            in_window=tuple(names[one] for one in inside),
            allowed=inc01.ALLOWED,
            level="limit" if any(f.code == inc01.CODE for f in judged.findings) else "kept",
        )
