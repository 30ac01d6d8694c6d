"""The columns of the five tables: each with its unit, what it means, and where it is in the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from monitor.report.model_answers import CheckInView
from monitor.report.model_sessions import (
    BoutView,
    DifferenceView,
    FindingView,
    PerformedView,
    SessionView,
)
from monitor.report.model_summary import PrescriptionView, RecommendationView
from monitor.report.schema import described

Row = TypeVar("Row")

UNITS = {
    "_s": "seconds",
    "_h": "hours",
    "_m": "metres",
    "_mps": "metres a second",
    "_spm": "steps a minute",
    "_share": "0 to 1",
    "_on": "date",
    "_date": "date",
    "_at": "instant, UTC",
    "_utc": "instant, UTC",
}
"""By the end of a column's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """A column: its name ends with its unit."""

    name: str
    what: str
    value: Callable[[Row], Any]

    @property
    def unit(self) -> str:
        """Name its unit; empty for text and counts."""
        endings = (unit for end, unit in UNITS.items() if self.name.endswith(end))
        return next(endings, "")


def _of(kind: type, *names: str, renamed: dict[str, str] | None = None) -> tuple[Column[Any], ...]:
    """Take values of a kind as they are, with what they mean."""
    known, new = described(kind), renamed or {}
    return tuple(Column(name=new.get(n, n), what=known[n][1], value=_getter(n)) for n in names)


def _getter(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _part(kind: type, part: str, prefix: str, *names: str) -> tuple[Column[SessionView], ...]:
    """Take values of a part that may be missing."""
    known = described(kind)
    return tuple(Column(name=f"{prefix}_{n}", what=known[n][1], value=_inner(part, n)) for n in names)


def _inner(part: str, name: str) -> Callable[[Any], Any]:
    def value(row: Any) -> Any:
        of = getattr(row, part)
        return None if of is None else getattr(of, name)

    return value


def _window(name: str) -> Column[SessionView]:
    def value(row: SessionView) -> str | None:
        return next((w.state + (" (late)" if w.late else "") for w in row.windows if w.window == name), None)

    return Column(
        name=f"checkin_{name}", what="none, symptom, unanswered or not due; (late): answered late", value=value
    )


def _files(name: str, what: str) -> Column[SessionView]:
    return Column(
        name=f"files_{name}", what=what, value=lambda row: tuple(getattr(f, name) or "" for f in row.files if f.counts)
    )


def _second(value: Callable[[BoutView], Any]) -> Callable[[tuple[SessionView, BoutView]], Any]:
    return lambda row: value(row[1])


def _ratio(row: SessionView) -> str | None:
    """Write the ratio so that no spreadsheet takes 1:2.0 for a time of day."""
    ratio = row.performed.ratio if row.performed else None
    return f"jog:walk {ratio}" if ratio and ":" in ratio else ratio


RATIO: Column[SessionView] = Column(
    name="performed_ratio", what="median jog to median walk break, jog:walk 1:2.0, or continuous", value=_ratio
)

SESSIONS: tuple[Column[SessionView], ...] = (
    *_of(SessionView, "id", "kind", "counted", "ignored_because", "local_date", "local_clock", "utc_offset_s"),
    *_of(SessionView, "started_at", "ended_at", "duration_s", "distance_m"),
    *_of(SessionView, "verdict", "why_not_clean", "doubt", "unjudgeable", "plan", "stage", "issued_stage"),
    *_of(SessionView, "replayed_stage"),
    *_part(PrescriptionView, "prescribed", "prescribed", "text", "jog_s", "walk_s", "main_set_s", "repeats"),
    *_part(PrescriptionView, "prescribed", "prescribed", "jog_total_s", "longest_jog_s"),
    RATIO,
    *_part(PerformedView, "performed", "performed", "jog_s", "jog_error_s", "walk_s", "stand_s", "main_set_s"),
    *_part(PerformedView, "performed", "performed", "repeats", "jog_bout_s", "walk_bout_s", "longest_jog_s"),
    *_part(PerformedView, "performed", "performed", "regular", "uncertain_share"),
    *_part(DifferenceView, "difference", "difference", "jog_s", "longest_jog_s", "walk_bout_s", "main_set_s"),
    *_of(SessionView, "rest_before_s", "rest_before_h", "is_increase"),
    _window("during"),
    _window("after"),
    _window("next_day"),
    Column(name="findings", what="codes of the findings, in order", value=lambda s: tuple(f.code for f in s.findings)),
    Column(name="corrected", what="she corrected what was done in a part of it", value=lambda s: bool(s.corrected)),
    *_of(SessionView, "by_hand"),
    _files("file_name", "the files that count"),
    _files("sha256", "the same, by the sha256 of the innermost file"),
    _files("device", "the same, by the device that recorded them"),
    *_of(SessionView, "why"),
)

BOUTS: tuple[Column[tuple[SessionView, BoutView]], ...] = (
    Column(name="session_id", what="id of the session", value=lambda row: row[0].id),
    *(
        Column(name=c.name, what=c.what, value=_second(c.value))
        for c in _of(
            BoutView,
            *("number", "gait", "start", "end", "start_s", "length_s", "distance_m", "mean_speed_mps"),
            *("mean_cadence_spm", "confidence", "by_her_word", "recording"),
            renamed={"start": "start_utc", "end": "end_utc", "confidence": "confidence_share"},
        )
    ),
)

CHECKINS: tuple[Column[CheckInView], ...] = _of(
    CheckInView,
    *("id", "said_at", "recorded_at", "session_id", "windows", "late", "counts", "pain", "pain_site", "pain_kind"),
    *("leakage", "leakage_of", "heaviness", "bleeding", "in_bout", "gait_changed", "urgent", "soreness", "effort"),
    *("sleep_h", "fatigue", "symptoms", "replaces", "replaced_by", "takes_back", "from_file", "note"),
)

FINDINGS: tuple[Column[FindingView], ...] = (
    *_of(FindingView, "session_id", "code", "level", "at", "message", renamed={"at": "found_at"}),
    Column(
        name="evidence", what="the numbers behind it, as a JSON object", value=lambda f: json.dumps(dict(f.evidence))
    ),
    *_of(FindingView, "source"),
)


def _prescribed(name: str) -> Column[RecommendationView]:
    what = described(PrescriptionView)[name][1]
    return Column(name=f"prescribed_{name}", what=what, value=_inner("prescription", name))


RECOMMENDATIONS: tuple[Column[RecommendationView], ...] = (
    *_of(RecommendationView, "id", "issued_at", "outcome", "last_stage", "next_stage"),
    *(_prescribed(name) for name in ("text", "jog_s", "walk_s", "main_set_s")),
    *_of(
        RecommendationView,
        *("earliest_next_run", "earliest_increase"),
        renamed={"earliest_next_run": "earliest_next_run_at", "earliest_increase": "earliest_increase_at"},
    ),
    Column(name="reasons", what="codes of the reasons, in order", value=lambda r: tuple(x.code for x in r.reasons)),
    Column(name="because", what="the reasons in words", value=lambda r: " ".join(x.message for x in r.reasons)),
    Column(name="revises_at", what="when the one it takes back was issued", value=_inner("revises", "issued_at")),
    *_of(RecommendationView, "rules_version"),
)
