"""The part of the report that says what next and why: recommendation, plan and gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

Outcome = Literal["PROGRESS", "HOLD"]
Evidence = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionView:
    """What a stage asks for: jog, walk, again, until the main set is over."""

    stage: Annotated[int, "its number on the ladder"]
    text: Annotated[str, "the same in words"]
    jog_s: Annotated[float, "each jog, in seconds"]
    walk_s: Annotated[float, "each walk break, in seconds; 0 is continuous jogging"]
    main_set_s: Annotated[float, "the main set, in seconds"]
    repeats: Annotated[int, "jogs, a cut last one included"]
    jog_total_s: Annotated[float, "all jogging, in seconds"]
    longest_jog_s: Annotated[float, "the longest jog, in seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """One reason for a recommendation."""

    code: Annotated[str, "the rule it rests on"]
    message: Annotated[str, "a sentence for a person"]
    evidence: Annotated[Evidence, "the numbers and instants behind it, by name with their unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """Something that moved the plan."""

    on: Annotated[date, "the local day"]
    at: Annotated[datetime | None, "the instant, where one is known"]
    kind: Annotated[
        Literal["began", "up", "back", "set", "plan", "seen", "asked"],
        "began: the first stage; up, back: from one run to the next; set: by a physio; plan: another plan was chosen; "
        "seen: by a clinician who agreed to running; asked: a physiotherapist or clinician was asked",
    ]
    from_stage: Annotated[int | None, "the stage before"]
    to_stage: Annotated[int | None, "the stage from then on"]
    because: Annotated[str | None, "the reason that was given"]
    text: Annotated[str, "the same as a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """What a recommendation took back."""

    issued_at: Annotated[datetime, "when the one before it was issued"]
    outcome: Annotated[Outcome, "what that one said"]
    next_stage: Annotated[int | None, "the stage that one gave; null is no running"]
    new: Annotated[tuple[str, ...], "codes of the reasons that are new"]
    gone: Annotated[tuple[str, ...], "codes of the reasons that no longer hold"]
    text: Annotated[str, "the same as a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """The recommendation that the report begins with."""

    source: Annotated[
        Literal["now", "issued", "replayed"],
        "now: worked out at `as_of`; issued: what was last issued by the end of the week; replayed: nothing had been "
        "issued by then, so worked out for that instant from what is known today",
    ]
    as_of: Annotated[datetime, "the instant it was worked out for"]
    outcome: Annotated[Outcome, "PROGRESS: the next run goes one stage further; HOLD: it does not"]
    headline: Annotated[str, "the outcome in words"]
    urgent_notice: Annotated[str | None, "of an urgent sign: stands before everything else"]
    last_stage: Annotated[int | None, "of the last run; null before the first"]
    next_stage: Annotated[int | None, "of the next run; null is no running"]
    prescription: Annotated[PrescriptionView | None, "what the next run is; null is no running"]
    reasons: Annotated[
        tuple[ReasonView, ...], "why, what matters most first; empty only where what was kept of it cannot be read"
    ]
    advice: Annotated[tuple[str, ...], "what to do"]
    earliest_next_run: Annotated[datetime | None, "the next run not before this instant"]
    earliest_increase: Annotated[datetime | None, "more jogging not before this instant"]
    moved_this_week: Annotated[tuple[MoveView, ...], "what moved the plan in the week of `as_of`"]
    completed: Annotated[bool, "two clean runs at the last stage"]
    rules_version: Annotated[str, "of the rules it was worked out by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationView:
    """A recommendation as it was issued."""

    id: Annotated[int, "its number"]
    issued_at: Annotated[datetime, "when"]
    outcome: Annotated[Outcome, "what it said"]
    headline: Annotated[str, "the outcome in words"]
    last_stage: Annotated[int | None, "of the last run then"]
    next_stage: Annotated[int | None, "of the next run; null is no running"]
    prescription: Annotated[PrescriptionView | None, "what the next run was to be"]
    earliest_next_run: Annotated[datetime | None, "the next run not before this instant"]
    earliest_increase: Annotated[datetime | None, "more jogging not before this instant"]
    reasons: Annotated[tuple[ReasonView, ...], "why"]
    advice: Annotated[tuple[str, ...], "what to do"]
    revises: Annotated[RevisionView | None, "what it took back"]
    rules_version: Annotated[str, "of the rules it was worked out by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The ladder in use."""

    name: Annotated[str, "its name"]
    is_default: Annotated[bool, "the one that ships with the program"]
    since: Annotated[datetime | None, "when it was chosen; null where nobody chose"]
    because: Annotated[str | None, "why it was chosen"]
    text: Annotated[str, "the same as a sentence"]
    first_stage: Annotated[int, "where it starts; lower ones exist only as a step back"]
    stages: Annotated[tuple[PrescriptionView, ...], "its stages, lowest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementView:
    """The last word on one of the seven readiness movements."""

    movement: Annotated[str, "the word the command line uses"]
    what: Annotated[str, "what has to be done"]
    on: Annotated[date | None, "the local day; null where it was not tried since it counts"]
    passed: Annotated[bool | None, "without worsening symptoms; null where it was not tried since it counts"]
    side: Annotated[str | None, "of one that failed: left, right, both"]
    worsened: Annotated[str | None, "of one that failed: what got worse"]
    text: Annotated[str | None, "the same as a line; null where it was not tried since it counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """One thing needed before any running."""

    code: Annotated[str, "GAT01 to GAT04"]
    name: Annotated[str, "what is needed"]
    met: Annotated[bool, "whether it is met"]
    recorded_on: Annotated[date | None, "the day of the fact that meets it; of GAT03 the birth"]
    opens_on: Annotated[date | None, "the day from which it is met by itself"]
    detail: Annotated[str, "what was recorded, or what is missing"]
    movements: Annotated[tuple[MovementView, ...], "of GAT04: the seven movements"]
