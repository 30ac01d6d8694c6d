"""A running session beside what was prescribed for it, and whether it earns anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analysis.findings import Finding, Level
from analysis.performed import Performed
from analysis.plan import Prescription, minutes
from analysis.sessions import Session
from monitor.checkins import NEEDED, CheckInLog
from monitor.symptoms import Symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBack:
    """One stage less, owed for a symptom (SYM02)."""

    at: datetime  # when the symptom was there
    symptoms: tuple[Symptom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A running session beside what was prescribed for it."""

    session: Session
    history: bool  # before the plan began: counts for RST01 and INC01 only
    stage: int | None  # in force when it began; None for history
    issued_stage: int | None  # told to her before it, if anything was
    replayed_stage: int | None  # what replay gives
    prescription: Prescription | None
    rest_before_s: float | None  # end of the running session before → start of this one
    readiness_since: datetime | None  # GAT04 counts from here: runs had stopped for more than 28 days
    findings: tuple[Finding, ...]
    windows: dict[str, str]  # "during" | "after" | "next_day" → "none" | "symptom" | "unanswered" | "not due"
    is_increase: bool
    unjudgeable: bool  # DAT01
    beyond: bool  # seems to have gone beyond its stage, though its data blame nobody
    completed: bool  # the plan was completed when it began: no STG checks
    short: str | None  # what it was short of its stage, in words; no breach, earns nothing
    clean: bool
    why_not_clean: tuple[str, ...]  # sentences for a person, empty when clean
    step_back: StepBack | None = None  # what it asks for itself
    plan: str = ""  # the name of the plan in force
    owed: tuple[StepBack, ...] = ()  # of runs before it, not yet made good when it had begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """Whether a session counts towards progress, as things stood at an instant."""

    clean: bool
    only_unanswered: bool  # nothing but its answers keeps it from being clean
    left_out: bool  # only short or unjudgeable, and answered symptom-free: neither earns nor breaks anything
    why_not: tuple[str, ...]


def met(performed: Performed, prescription: Prescription) -> bool:
    """Say whether a session met its stage (rules.md §2).

    Jog total ≥ prescribed − max(45 s, 10 %), longest jog ≥ prescribed − max(15 s, 15 %).
    """
    total_s, longest_s = prescription.jog_total_s, prescription.longest_jog_s
    return performed.jog_s >= total_s - max(45.0, 0.10 * total_s) and performed.longest_jog_s >= longest_s - max(
        15.0, 0.15 * longest_s
    )


def merit(judged: Judged, log: CheckInLog, at: datetime) -> Merit:
    """Judge whether a running session of the plan is clean (rules.md §2)."""
    session = judged.session
    broken = [f.message for f in judged.findings if f.level in (Level.LIMIT, Level.RED_FLAG)]
    symptoms = [
        f"a symptom was logged ({name(window.value)})"
        for window, window_log in log.of(session).items()
        if window_log.state(at) == "symptom"
    ]
    if any(s.at <= at for s in log.beside(session)):
        symptoms.append("a symptom was logged in these days, for no run")
    unanswered = [
        f"{name(window.value)}: {'not due yet' if state == 'not due' else 'not answered'}"
        for window in NEEDED
        if (state := log.state(session, window, at)) in ("unanswered", "not due")
    ]
    lacking = [f.message for f in judged.findings if f.code == "DAT01"]
    lacking += [judged.short] if judged.short else []
    why_not = (*broken, *symptoms, *unanswered, *lacking)
    return Merit(
        clean=not why_not,
        only_unanswered=bool(unanswered) and len(why_not) == len(unanswered),
        left_out=bool(lacking) and not judged.beyond and not broken and not symptoms and not unanswered,
        why_not=why_not,
    )


def shortfall(performed: Performed, prescription: Prescription) -> str | None:
    """Say what a session that did not meet its stage is short of; None where it met it."""
    if met(performed, prescription):
        return None
    return (
        f"shorter than its stage asks: {minutes(performed.jog_s)} of {minutes(prescription.jog_total_s)} min of "
        f"jogging, longest {minutes(performed.longest_jog_s)} of {minutes(prescription.longest_jog_s)} min"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Performed less prescribed, in seconds; above zero is more than was asked."""

    jog_s: float
    longest_jog_s: float
    walk_bout_s: float | None  # of the median walk break; None where none was asked for
    main_set_s: float


def difference(judged: Judged) -> Difference | None:
    """Set what was performed against what was prescribed; None where one of them is not known."""
    done, asked = judged.session.performed, judged.prescription
    if done is None or asked is None:
        return None
    return Difference(
        jog_s=done.jog_s - asked.jog_total_s,
        longest_jog_s=done.longest_jog_s - asked.longest_jog_s,
        walk_bout_s=done.walk_bout_s - asked.walk_s if asked.walk_s else None,
        main_set_s=done.main_set_s - asked.main_set_s,
    )


def name(window: str) -> str:
    """Write a check-in window as a person would say it."""
    return {"during": "during the run", "after": "after the run", "next_day": "the next day"}.get(window, "any time")
