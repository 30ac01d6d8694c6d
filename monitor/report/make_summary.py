"""What next and why, as the report holds it: written from what is kept of a recommendation, so that one of last month
reads like one of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from monitor.facts import Issued, Override
from monitor.kept import Said, kept
from monitor.plans import choice_at, plan_at
from monitor.progression import Move, moves
from monitor.report import wording
from monitor.report.make_sessions import evidence, instant_of, prescription_view
from monitor.report.model_summary import (
    MoveView,
    PlanView,
    PrescriptionView,
    ReasonView,
    RecommendationView,
    RevisionView,
    SummaryView,
)
from monitor.report.source import Source
from monitor.rules import car02
from monitor.standing import Standing
from monitor.symptom_reasons import SEEK_CARE_NOW


def headline(outcome: str, last_stage: int | None, next_stage: int | None) -> str:
    """Say what was recommended for the next run."""
    if next_stage is None:
        return "no running for now"
    if outcome == "PROGRESS":
        return f"the next run goes up to stage {next_stage}"
    if last_stage is not None and next_stage < last_stage:
        return f"the next run goes back to stage {next_stage}"
    if last_stage is not None and next_stage == last_stage:
        return f"the next run stays at stage {next_stage}"
    return f"the next run is at stage {next_stage}"


def summary_view(said: Said, source: Literal["now", "issued", "replayed"], moved: Iterable[MoveView]) -> SummaryView:
    """Write the recommendation that a report begins with.

    Args:
        said: `Recommendation.as_json()`, or what was kept of it.
        source: where it is from.
        moved: what moved the plan in its week.
    """
    reasons = tuple(_reasons(said))
    return SummaryView(
        source=source,
        as_of=datetime.fromisoformat(said["as_of"]),
        outcome=said["outcome"],
        headline=wording.sentence(headline(said["outcome"], said["last_stage"], said["next_stage"])),
        urgent_notice=next((SEEK_CARE_NOW for r in reasons if r.code == car02.CODE), None),
        last_stage=said["last_stage"],
        next_stage=said["next_stage"],
        prescription=_prescription(said),
        reasons=reasons,
        advice=tuple(said["advice"]),
        earliest_next_run=instant_of(said["earliest_next_run"]),
        earliest_increase=instant_of(said["earliest_increase"]),
        moved_this_week=tuple(moved),
        completed=said["completed"],
        rules_version=said["rules_version"],
    )


def summary_now(standing: Standing) -> SummaryView:
    """Write the recommendation of a standing by itself."""
    return summary_view(standing.recommendation.as_json(), "now", ())


def recommendation_views(issued: Iterable[Issued], zone: tzinfo) -> Iterator[RecommendationView]:
    """Write recommendations as they were issued, from the copies kept with them, in time order."""
    for one in sorted(issued, key=lambda i: (i.recorded_at, i.id)):
        said = kept(one)
        yield RecommendationView(
            id=one.id,
            issued_at=one.recorded_at,
            outcome=said["outcome"],
            headline=wording.sentence(headline(said["outcome"], said["last_stage"], said["next_stage"])),
            last_stage=said["last_stage"],
            next_stage=said["next_stage"],
            prescription=_prescription(said),
            earliest_next_run=instant_of(said["earliest_next_run"]),
            earliest_increase=instant_of(said["earliest_increase"]),
            reasons=tuple(_reasons(said)),
            advice=tuple(said["advice"]),
            revises=revision(said["revises"], zone),
            rules_version=said["rules_version"],
        )


def _reasons(said: Mapping[str, Any]) -> Iterator[ReasonView]:
    for reason in said["reasons"]:
        yield ReasonView(
            code=reason["code"], message=wording.sentence(reason["message"]), evidence=evidence(reason["evidence"])
        )


def _prescription(said: Mapping[str, Any]) -> PrescriptionView | None:
    given = said["prescription"]
    if given is None:
        return None
    return PrescriptionView(**{field.name: given[field.name] for field in fields(PrescriptionView)})


def revision(before: Mapping[str, Any] | None, zone: tzinfo) -> RevisionView | None:
    """Say what a recommendation changed: what had been said, and which reasons are new."""
    if before is None:
        return None
    issued_at = datetime.fromisoformat(before["issued_at"])
    stage = "no running" if before["next_stage"] is None else f"stage {before['next_stage']}"
    parts = [f"Changed: on {wording.moment(issued_at, zone)} it was {before['outcome']}, {stage}."]
    parts += [f"New since: {', '.join(before['new'])}."] if before["new"] else []
    parts += [f"No longer: {', '.join(before['gone'])}."] if before["gone"] else []
    return RevisionView(
        issued_at=issued_at,
        outcome=before["outcome"],
        next_stage=before["next_stage"],
        new=tuple(before["new"]),
        gone=tuple(before["gone"]),
        text=" ".join(parts),
    )


def plan_view(standing: Standing, zone: tzinfo) -> PlanView:
    """Write the ladder in use, since when and why."""
    plan, choice = standing.plan, choice_at(standing.facts, standing.recommendation.as_of)
    return PlanView(
        name=plan.name,
        is_default=choice is None or choice.text is None,
        since=choice.at if choice else None,
        because=choice.because if choice else None,
        text=wording.plan_in_use(plan, choice, zone),
        first_stage=plan.first_stage,
        stages=tuple(view for stage in plan.stages if (view := prescription_view(stage)) is not None),
    )


def move_views(source: Source, start: date, end: date) -> Iterator[MoveView]:
    """Name the first stage, each change of stage between one run and the next, and what was set or told of the plan.

    Args:
        source: where from.
        start: the first local day.
        end: the last one.
    """
    facts = source.standing.facts

    def inside(on: date) -> bool:
        return start <= on <= end

    began = next((j for j in source.standing.judged if j.stage is not None), None)
    if began is not None and inside(began.session.local_date):
        on = began.session.local_date
        text = f"Began at stage {began.stage} on {wording.short_day(on)}."
        yield _move("began", on, text, at=began.session.started_at, to_stage=began.stage)
    for move in moves(source.standing.judged):
        if inside(on := source.local_date(move.at)):
            up, word = move.to_stage > move.from_stage, _word_behind(move, source)
            why = "" if word is None or inside(source.local_date(word.at)) else f" ({_set(word, source)})"
            text = f"{move.from_stage} → {move.to_stage}, on {wording.short_day(on)}{why}."
            yield _move(
                "up" if up else "back",
                on,
                f"Moved {'up' if up else 'back'}, {text}",
                at=move.at,
                from_stage=move.from_stage,
                to_stage=move.to_stage,
                because=word.because if word is not None and why else None,
            )
    for override in facts.overrides:
        if inside(on := source.local_date(override.at)):
            text = _set(override, source)
            yield _move(
                "set",
                on,
                f"{text[:1].upper()}{text[1:]}",
                at=override.at,
                to_stage=override.stage,
                because=override.because,
            )
    for choice in facts.plan_choices:
        if inside(on := source.local_date(choice.at)):
            name = plan_at(facts, max(choice.at, choice.recorded_at)).name
            text = f"Plan “{name}” chosen on {wording.short_day(on)}, from stage {choice.at_stage} on."
            yield _move("plan", on, text, at=choice.at, to_stage=choice.at_stage, because=choice.because)
    for seen in facts.standing_seen():
        if inside(seen.on):
            text = f"Seen by a clinician, who agreed to running, on {wording.short_day(seen.on)}."
            yield _move("seen", seen.on, text)
    for asked in facts.standing_asked():
        if inside(asked.on):
            text = f"A physiotherapist or clinician was asked on {wording.short_day(asked.on)}."
            yield _move("asked", asked.on, text)


def _word_behind(move: Move, source: Source) -> Override | None:
    """Find the word that set the stage to which a run moved: one given since the run before."""
    before = max((j.session.started_at for j in source.standing.judged if j.session.started_at < move.at), default=None)
    words = (o for o in source.standing.facts.overrides if o.stage == move.to_stage and o.at <= move.at)
    return max((o for o in words if before is None or o.at > before), key=lambda o: o.at, default=None)


def _set(word: Override, source: Source) -> str:
    return f"stage set to {word.stage} on {wording.short_day(source.local_date(word.at))}, because: {word.because}"


def _move(
    kind: Literal["began", "up", "back", "set", "plan", "seen", "asked"],
    on: date,
    text: str,
    *,
    at: datetime | None = None,
    from_stage: int | None = None,
    to_stage: int | None = None,
    because: str | None = None,
) -> MoveView:
    return MoveView(on=on, at=at, kind=kind, from_stage=from_stage, to_stage=to_stage, because=because, text=text)
