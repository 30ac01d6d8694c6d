"""Recordings and sessions as JSON objects: the report's values by the names that a script of hers knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from analysis import rounding
from analysis.bouts import Observed
from analysis.plan import Prescription
from analysis.sessions import Session
from analysis.verdict import Verdict
from monitor.foundation import GROUPS, FoundationDay
from monitor.report.as_data import data
from monitor.report.gates import gate_views
from monitor.report.make_summary import summary_now
from monitor.report.model_sessions import BoutView, PerformedView, SessionView
from monitor.report.model_summary import GateView, PrescriptionView, SummaryView
from monitor.report.model_weeks import FoundationView
from monitor.report.source import Source
from monitor.standing import Standing

PRESCRIBED = ("stage", "jog_s", "walk_s", "main_set_s", "repeats", "jog_total_s", "longest_jog_s")


def instant(at: datetime | None) -> str | None:
    """Write an instant: UTC with a Z, fractions of a second only where there are some."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: float | None, digits: int = 1) -> float | None:
    """Round a number; what is not recorded is null, for JSON has no NaN."""
    return rounding.known(value, digits)


def _named(value: object, *names: str) -> dict[str, Any]:
    """Give some of the values that a report has of something, under their own names."""
    return {name: data(getattr(value, name)) for name in names}


def bouts(of: Iterable[BoutView]) -> list[dict[str, Any]]:
    """Give the bouts in time order."""
    names = ("gait", "start", "end", "distance_m", "mean_speed_mps", "mean_cadence_spm", "confidence")
    return [_named(bout, *names) for bout in of]


def performed(done: PerformedView | None) -> dict[str, Any] | None:
    """Give what was done in the main set."""
    if done is None:
        return None
    return _named(
        done,
        *("main_set_s", "jog_s", "walk_s", "stand_s", "repeats", "jog_bout_s", "walk_bout_s", "longest_jog_s"),
        *("ratio", "regular", "uncertain_share", "jog_error_s"),
    )


def observed(one: Observed, of: Iterable[BoutView], done: PerformedView | None, *, samples: int) -> dict[str, Any]:
    """Give what one recording lets us say, its bouts and what was done in it: a line of `inspect --json`."""
    return {
        "file": one.file_name,
        "sha256": one.identity.partition("-")[0],
        "format": one.format,
        "device": one.device,
        "sport": one.sport,
        "sub_sport": one.sub_sport,
        "started_at": instant(one.started_at),
        "utc_offset_s": None if one.utc_offset is None else int(one.utc_offset.total_seconds()),
        "duration_s": number((one.ended_at - one.started_at).total_seconds()),
        "distance_m": number(one.distance_m),
        "samples": samples,
        "signals": list(one.signals),
        "bouts": bouts(of),
        "performed": performed(done),
        "notes": [{"code": code, "message": message} for code, message in one.notes],
    }


def copy(of: Observed, verdict: Verdict) -> dict[str, Any]:
    """Give a recording that adds nothing to a session, and why."""
    return {
        "file": of.file_name,
        "recording": of.identity,
        "answer": verdict.answer.value,
        "tier": verdict.tier.value,
        "words": verdict.words,
        "clock_s": number(verdict.clock_s),
        "numbers": {name: number(value, 3) for name, value in verdict.numbers.items()},
    }


def prescription(given: Prescription | PrescriptionView | None) -> dict[str, Any] | None:
    """Give what a stage asks for."""
    return None if given is None else _named(given, *PRESCRIBED)


def recommendation(said: SummaryView, gates: Iterable[GateView]) -> dict[str, Any]:
    """Give a recommendation."""
    return {
        **_named(said, "outcome", "as_of", "last_stage", "next_stage", "prescription", "reasons", "advice"),
        **_named(said, "earliest_next_run", "earliest_increase"),
        "gates": [{"code": gate.code, "met": gate.met, "message": gate.detail} for gate in gates],
        **_named(said, "completed", "rules_version"),
    }


def recommended(standing: Standing) -> dict[str, Any]:
    """Give the recommendation of a standing."""
    zone = standing.facts.zone_at(standing.recommendation.as_of)
    return recommendation(summary_now(standing), gate_views(standing, zone))


def sessions(views: Iterable[SessionView], source: Source) -> dict[str, Any]:
    """Give sessions: those that count, those she ignores, and those dated later than now.

    Args:
        views: as the report has them.
        source: the same sessions, for what made copies of their other recordings.
    """
    of, listed = {session.id: session for session in source.every_session()}, list(views)
    return {
        name: [session(one, of[one.id]) for one in listed if one.counted == counted]
        for name, counted in (("sessions", "counted"), ("ignored", "ignored"), ("ahead", "ahead"))
    }


def session(one: SessionView, of: Session) -> dict[str, Any]:
    """Give a session, and where it is a run how it was judged.

    Args:
        one: as the report has it.
        of: the same session, for what made copies of its other recordings.
    """
    content: dict[str, Any] = {
        **_named(one, "id", "local_date", "started_at", "ended_at", "utc_offset_s", "kind"),
        "is_running": of.is_running,
        **_named(one, "why", "doubt", "distance_m"),
        "files": [file.file_name for file in one.files if file.counts],
        "same_run": [file.file_name for file in one.files if not file.counts],
        "copies": [copy(r, verdict) for r, verdict in of.copies],
        "performed": performed(one.performed),
        "by_her_word": of.by_her_word,
        "by_hand": bool(one.by_hand),
    }
    if one.counted == "ignored":
        content["ignored"] = one.ignored_because
    if one.verdict is None:
        return content
    return content | {
        "history": one.verdict == "before the plan",
        **_named(one, "stage", "issued_stage", "replayed_stage"),
        "prescription": prescription(one.prescribed),
        "difference": None
        if one.difference is None
        else _named(one.difference, "jog_s", "longest_jog_s", "walk_bout_s", "main_set_s"),
        **_named(one, "rest_before_s", "is_increase"),
        "windows": {window.window: window.state for window in one.windows},
        "findings": [_named(found, "code", "level", "message", "at", "evidence") for found in one.findings],
        "clean": one.verdict == "clean",
        "why_not_clean": list(one.why_not_clean),
    }


def session_in_full(one: SessionView, of: Session) -> dict[str, Any]:
    """Give a session with its bouts, what of them is her own word, gaps and notes."""
    marked = zip(bouts(one.bouts), one.bouts, strict=True)
    return session(one, of) | {
        "ignored": one.ignored_because,
        "bouts": [content | {"by_her_word": b.by_her_word} for content, b in marked],
        "corrected": [_named(c, "gait", "start", "end") for c in one.corrected],
        "gaps": [_named(gap, "start", "end") for gap in one.gaps],
        "notes": [_named(note, "code", "message") for note in one.notes if note.code != "copy"],
    }


def foundation(days: Iterable[tuple[date, FoundationDay | FoundationView]]) -> list[dict[str, Any]]:
    """Give days of foundation exercises."""
    return [
        {
            "on": on.isoformat(),
            "groups": [group.value for group in GROUPS if group in day.groups],
            "notes": list(day.notes),
        }
        for on, day in days
    ]
