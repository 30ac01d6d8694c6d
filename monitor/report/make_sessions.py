"""Sessions as the report holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Literal, cast

from analysis import rounding
from analysis.bouts import Bout, Gait, Observed, Span
from analysis.findings import Finding
from analysis.performed import Performed
from analysis.plan import Prescription
from analysis.sessions import Session
from analysis.verdict import Verdict
from monitor.checkins import session_zone
from monitor.judged import Judged, difference
from monitor.manual import corrections, is_by_hand, logged_by_hand
from monitor.report import wording
from monitor.report.model_sessions import (
    BoutView,
    CorrectionView,
    DifferenceView,
    FileView,
    FindingView,
    NoteView,
    PerformedView,
    SessionView,
    SpanView,
    WindowState,
    WindowView,
)
from monitor.report.model_summary import Evidence, PrescriptionView
from monitor.report.source import Source

ASSUMED = frozenset(
    {
        "cadence_always_zero",
        "cadence_both_feet",
        "cadence_one_foot",
        "distance_always_zero",
        "distance_no_total",
        "local_time_ignored",
        "times_without_zone",
    }
)
"""Notes of a reader that say what was taken to be so, where the file does not say it (ingest)."""


def session_view(
    session: Session,
    source: Source,
    *,
    counted: Literal["counted", "ignored", "ahead"] = "counted",
    ignored_because: str | None = None,
) -> SessionView:
    """Write a session beside what was prescribed, found and answered.

    Args:
        session: any session of the standing.
        source: what else is known.
        counted: whether it counts.
        ignored_because: her reason, where she left it out.
    """
    judged = source.judged.get(session.id) if counted == "counted" else None
    facts = source.standing.facts
    local = session.started_at.astimezone(session_zone(session, facts))
    there = local.utcoffset() or timedelta()
    return SessionView(
        id=session.id,
        kind=cast(Literal["run", "walk", "cross-training"], session.kind),
        why=session.why,
        counted=counted,
        ignored_because=ignored_because,
        local_date=session.local_date,
        local_clock=wording.clock(local),
        utc_offset_s=int(there.total_seconds()),
        away=there != session.started_at.astimezone(source.zone).utcoffset(),
        started_at=session.started_at,
        ended_at=session.ended_at,
        duration_s=rounding.seconds((session.ended_at - session.started_at).total_seconds()),
        distance_m=rounding.metres(session.distance_m),
        files=tuple(_files(session)),
        by_hand=logged_by_hand(session),
        corrected=tuple(CorrectionView(gait=b.gait.value, start=b.start, end=b.end) for b in corrections(session)),
        verdict=None if judged is None else verdict(judged),
        why_not_clean=() if judged is None or judged.history else judged.why_not_clean,
        doubt=session.doubt,
        unjudgeable=judged is not None and judged.unjudgeable,
        stage=judged.stage if judged else None,
        issued_stage=judged.issued_stage if judged else None,
        replayed_stage=judged.replayed_stage if judged else None,
        plan=(judged.plan or None) if judged else None,
        prescribed=prescription_view(judged.prescription) if judged else None,
        performed=performed_view(session.performed),
        difference=None if judged is None else difference_view(judged),
        is_increase=judged is not None and judged.is_increase,
        rest_before_s=None if judged is None else rest_s(judged.rest_before_s),
        rest_before_h=None if judged is None else rest_h(judged.rest_before_s),
        windows=() if judged is None else tuple(_windows(judged, source)),
        findings=() if judged is None else tuple(finding_view(f, session.id) for f in judged.findings),
        bouts=tuple(bout_views(session.bouts, session.recordings)),
        uncertain=_spans(span for recording in session.recordings for span in recording.uncertain),
        gaps=_spans(session.gaps),
        notes=tuple(_notes(session)),
    )


def verdict(judged: Judged) -> Literal["clean", "not clean", "before the plan"]:
    """Say in a word how a run counts."""
    return "before the plan" if judged.history else "clean" if judged.clean else "not clean"


def rest_s(exact_s: float | None) -> int | None:
    """Give a rest in whole seconds, rounded down."""
    return None if exact_s is None else int(rounding.down(exact_s))


def rest_h(exact_s: float | None) -> float | None:
    """Give a rest in hours, rounded down."""
    return None if exact_s is None else rounding.down(exact_s / 3600, 2)


def prescription_view(given: Prescription | None) -> PrescriptionView | None:
    """Write what a stage asks for."""
    if given is None:
        return None
    return PrescriptionView(
        stage=given.stage,
        text=str(given),
        jog_s=rounding.seconds(given.jog_s),
        walk_s=rounding.seconds(given.walk_s),
        main_set_s=rounding.seconds(given.main_set_s),
        repeats=given.repeats,
        jog_total_s=rounding.seconds(given.jog_total_s),
        longest_jog_s=rounding.seconds(given.longest_jog_s),
    )


def performed_view(done: Performed | None) -> PerformedView | None:
    """Write what was done."""
    if done is None:
        return None
    return PerformedView(
        main_set_s=rounding.seconds(done.main_set_s),
        jog_s=rounding.seconds(done.jog_s),
        jog_error_s=rounding.error_s(done.jog_error_s),
        walk_s=rounding.seconds(done.walk_s),
        stand_s=rounding.seconds(done.stand_s),
        repeats=done.repeats,
        jog_bout_s=rounding.seconds(done.jog_bout_s),
        walk_bout_s=rounding.seconds(done.walk_bout_s),
        longest_jog_s=rounding.seconds(done.longest_jog_s),
        ratio=done.ratio,
        regular=done.regular,
        uncertain_share=rounding.share(done.uncertain_share),
    )


def difference_view(judged: Judged) -> DifferenceView | None:
    """Write performed less prescribed."""
    apart = difference(judged)
    if apart is None:
        return None
    return DifferenceView(
        jog_s=rounding.seconds(apart.jog_s),
        longest_jog_s=rounding.seconds(apart.longest_jog_s),
        walk_bout_s=rounding.known(apart.walk_bout_s),
        main_set_s=rounding.seconds(apart.main_set_s),
        text=wording.compared(apart),
    )


def evidence(numbers: Evidence) -> dict[str, str | int | float]:
    """Round the numbers behind a finding or a reason to thousandths: they are given as they were compared.

    What is no number, or without end, is left out: JSON has no word for it.
    """
    return {
        name: value if isinstance(value, str | int) else rounding.nearest(value, 3)
        for name, value in numbers.items()
        if isinstance(value, str | int) or isfinite(value)
    }


def finding_view(found: Finding, session_id: str) -> FindingView:
    """Write what a check found."""
    return FindingView(
        session_id=session_id,
        code=found.code,
        level=found.level.value,
        message=wording.sentence(found.message),
        at=found.at,
        evidence=evidence(found.evidence),
        source=found.source,
    )


def bout_views(bouts: Sequence[Bout], recordings: Sequence[Observed]) -> Iterator[BoutView]:
    """Write the bouts of a session or of a file, each with the recording it was found in."""
    for number, bout in enumerate(bouts, 1):
        yield BoutView(
            number=number,
            gait=bout.gait.value,
            start=bout.start,
            end=bout.end,
            start_s=rounding.seconds((bout.start - bouts[0].start).total_seconds()),
            length_s=rounding.seconds(bout.seconds),
            distance_m=rounding.metres(bout.distance_m),
            mean_speed_mps=rounding.speed_mps(bout.mean_speed_mps),
            mean_cadence_spm=rounding.cadence_spm(bout.mean_cadence_spm),
            confidence=rounding.share(bout.confidence),
            by_her_word=bout.by_her_word,
            recording=_recording_of(bout, recordings),
        )


def _recording_of(bout: Bout, recordings: Iterable[Observed]) -> str | None:
    if bout.gait is Gait.PAUSE:
        inside = (r.identity for r in recordings if r.started_at <= bout.start and bout.end <= r.ended_at)
    else:
        inside = (r.identity for r in recordings if r.started_at <= bout.start < r.ended_at)
    return next(inside, None)


def _spans(of: Iterable[Span]) -> tuple[SpanView, ...]:
    return tuple(SpanView(start=s.start, end=s.end, length_s=rounding.seconds(s.seconds)) for s in of)


def _files(session: Session) -> Iterator[FileView]:
    for recording in session.recordings:
        yield _file(recording, None)
    for recording, why in session.copies:
        yield _file(recording, why)


def _file(recording: Observed, why: Verdict | None) -> FileView:
    return FileView(
        file_name=recording.file_name,
        sha256=None if is_by_hand(recording) else recording.identity.partition("-")[0],
        recording=recording.identity,
        format=recording.format,
        device=recording.device,
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        distance_m=rounding.metres(recording.distance_m),
        signals=recording.signals,
        counts=why is None,
        why_not_counted=None if why is None else wording.copied(why),
    )


def _windows(judged: Judged, source: Source) -> Iterator[WindowView]:
    """Say of each window how it was answered; of a run before the plan nothing was asked."""
    if judged.history:
        return
    log = source.standing.log
    entries = log.entries(judged.session)
    for window, known in log.of(judged.session).items():
        if window.value in judged.windows:
            yield WindowView(
                window=window.value,
                state=cast(WindowState, judged.windows[window.value]),
                late=known.late,
                opens=known.opens,
                closes=known.closes,
                check_ins=tuple(e.id for e in entries if window in e.windows),
            )


def _notes(session: Session) -> Iterator[NoteView]:
    """Say what was odd or assumed in the files."""
    for recording in session.recordings:
        for code, message in recording.notes:
            yield NoteView(
                code=code,
                message=message,
                assumed=code in ASSUMED,
                session_id=session.id,
                file_name=recording.file_name,
            )
    for copy, why in session.copies:
        yield NoteView(
            code="copy",
            message=f"{copy.file_name} {wording.copied(why)}; kept, not counted again.",
            assumed=False,
            session_id=session.id,
            file_name=copy.file_name,
        )


def instant_of(text: str | None) -> datetime | None:
    """Read an instant that is kept as text."""
    return None if text is None else datetime.fromisoformat(text)
