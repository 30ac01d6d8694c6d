"""Recordings and sessions as JSON objects: every field, UTC instants, no rounding that hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from analysis import rounding
from analysis.bouts import Bout, Observed, Span
from analysis.performed import Performed
from analysis.plan import Prescription
from analysis.sessions import Session
from analysis.verdict import Verdict
from monitor.foundation import GROUPS, FoundationDay
from monitor.judged import Judged, difference
from monitor.manual import corrections, logged_by_hand
from monitor.standing import LeftOut


def instant(at: datetime | None) -> str | None:
    """Write an instant: UTC with a Z, fractions of a second only where there are some."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: float | None, digits: int = 1) -> float | None:
    """Round a number; what is not recorded is null, for JSON has no NaN."""
    return rounding.known(value, digits)


def bouts(of: Iterable[Bout]) -> list[dict[str, Any]]:
    """Give the bouts in time order."""
    return [
        {
            "gait": b.gait.value,
            "start": instant(b.start),
            "end": instant(b.end),
            "distance_m": number(b.distance_m),
            "mean_speed_mps": number(b.mean_speed_mps, 2),
            "mean_cadence_spm": number(b.mean_cadence_spm),
            "confidence": number(b.confidence, 3),
        }
        for b in of
    ]


def spans(of: Iterable[Span]) -> list[dict[str, Any]]:
    """Give spans in time order."""
    return [{"start": instant(s.start), "end": instant(s.end)} for s in of]


def performed(done: Performed | None) -> dict[str, Any] | None:
    """Give what was done in the main set."""
    if done is None:
        return None
    return {
        "main_set_s": number(done.main_set_s),
        "jog_s": number(done.jog_s),
        "walk_s": number(done.walk_s),
        "stand_s": number(done.stand_s),
        "repeats": done.repeats,
        "jog_bout_s": number(done.jog_bout_s),
        "walk_bout_s": number(done.walk_bout_s),
        "longest_jog_s": number(done.longest_jog_s),
        "ratio": done.ratio,
        "regular": done.regular,
        "uncertain_share": number(done.uncertain_share, 3),
        "jog_error_s": rounding.error_s(done.jog_error_s),
    }


def observed(one: Observed, done: Performed | None, *, samples: int) -> dict[str, Any]:
    """Give what one recording lets us say (design.md §4, a line of `inspect --json`)."""
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
        "bouts": bouts(one.bouts),
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


def prescription(given: Prescription | None) -> dict[str, Any] | None:
    """Give what a stage asks for."""
    if given is None:
        return None
    return {
        "stage": given.stage,
        "jog_s": given.jog_s,
        "walk_s": given.walk_s,
        "main_set_s": given.main_set_s,
        "repeats": given.repeats,
        "jog_total_s": given.jog_total_s,
        "longest_jog_s": given.longest_jog_s,
    }


def session(one: Session, judged: Judged | None) -> dict[str, Any]:
    """Give a session, and where it is a run how it was judged."""
    content: dict[str, Any] = {
        "id": one.id,
        "local_date": one.local_date.isoformat(),
        "started_at": instant(one.started_at),
        "ended_at": instant(one.ended_at),
        "utc_offset_s": None if one.utc_offset is None else int(one.utc_offset.total_seconds()),
        "kind": one.kind,
        "is_running": one.is_running,
        "why": one.why,
        "doubt": one.doubt,
        "distance_m": number(one.distance_m),
        "files": [r.file_name for r in one.recordings],
        "same_run": [r.file_name for r in one.duplicates],
        "copies": [copy(r, verdict) for r, verdict in one.copies],
        "performed": performed(one.performed),
        "by_her_word": one.by_her_word,
        "by_hand": bool(logged_by_hand(one)),
    }
    if judged is None:
        return content
    return content | {
        "history": judged.history,
        "stage": judged.stage,
        "issued_stage": judged.issued_stage,
        "replayed_stage": judged.replayed_stage,
        "prescription": prescription(judged.prescription),
        "difference": None if (apart := difference(judged)) is None else asdict(apart),
        "rest_before_s": number(judged.rest_before_s),
        "is_increase": judged.is_increase,
        "windows": judged.windows,
        "findings": [
            {"code": f.code, "level": f.level.value, "message": f.message, "at": instant(f.at), "evidence": f.evidence}
            for f in judged.findings
        ],
        "clean": judged.clean,
        "why_not_clean": list(judged.why_not_clean),
    }


def foundation(days: Iterable[FoundationDay]) -> list[dict[str, Any]]:
    """Give days of foundation exercises."""
    return [
        {
            "on": day.on.isoformat(),
            "groups": [group.value for group in GROUPS if group in day.groups],
            "notes": list(day.notes),
        }
        for day in days
    ]


def left_out(ignored: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Give the sessions that she ignores, with her reason."""
    return [session(left.session, None) | {"ignored": left.because} for left in ignored]


def session_in_full(one: Session, judged: Judged | None, *, ignored: str | None = None) -> dict[str, Any]:
    """Give a session with its bouts, what of them is her own word, gaps and notes."""
    marked = zip(bouts(one.bouts), one.bouts, strict=True)
    return session(one, judged) | {
        "ignored": ignored,
        "bouts": [content | {"by_her_word": b.by_her_word} for content, b in marked],
        "corrected": [
            {"gait": b.gait.value, "start": instant(b.start), "end": instant(b.end)} for b in corrections(one)
        ],
        "gaps": spans(one.gaps),
        "notes": [{"code": code, "message": message} for r in one.recordings for code, message in r.notes],
    }
