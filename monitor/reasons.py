"""The sentences of a recommendation. Calm and plain; never a diagnosis, never "safe to run"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from analysis.checks import inc01
from analysis.findings import Finding
from analysis.plan import Plan
from analysis.sessions import Session
from monitor.footing import FULL_GAP, SAME_STAGE_GAP, STEP_UP_GAP, Footing, Word
from monitor.judged import Judged, name
from monitor.recommendation import Reason
from monitor.rules import log01
from monitor.rules.gate import GateState
from monitor.when import day, moment


def gate(state: GateState) -> Reason:
    """Say which gate is not met."""
    return Reason(code=state.code, message=state.message)


def long_break(stand: Footing) -> list[Reason]:
    """Say what a long break does to the stage."""
    if stand.gap is None or stand.gap <= STEP_UP_GAP:
        return []
    days = stand.gap / timedelta(days=1)
    if stand.gap > FULL_GAP:
        then = f"after more than {FULL_GAP.days} days the plan starts again, at stage {stand.stage}"
    elif stand.gap > SAME_STAGE_GAP and stand.word is None and stand.stage == stand.last_stage:
        then = f"after more than {SAME_STAGE_GAP.days} days the plan would go back, and no stage before is easier"
    elif stand.gap > SAME_STAGE_GAP:
        then = f"after more than {SAME_STAGE_GAP.days} days the plan goes one stage back"
    else:
        then = f"a step up needs a run in the last {STEP_UP_GAP.days} days; the stage stays"
    return [
        Reason(
            code="GAP01",
            message=f"{int(days)} days without a run: {then}",
            evidence={"days": round(days, 2), "stage": stand.stage},
        )
    ]


def limit(finding: Finding, session: Session, zone: ZoneInfo) -> Reason:
    """Say which limit was passed within the last seven days."""
    return Reason(
        code=finding.code,
        message=f"run of {day(session.started_at, zone)}: {finding.message}",
        evidence={**finding.evidence, "session": session.id, "counts_until": (finding.at + inc01.WINDOW).isoformat()},
    )


def raised_twice(increases: Sequence[datetime], earliest: datetime, zone: ZoneInfo) -> Reason:
    """Say that jogging time may not be raised again yet."""
    days = " and ".join(day(i, zone) for i in increases)
    return Reason(
        code=inc01.CODE,
        message=(
            f"jogging time was already raised {len(increases)} times within 7 days ({days}); "
            f"the next raise can come from {moment(earliest, zone)}"
        ),
        evidence={
            **{f"increase_{n}": i.isoformat() for n, i in enumerate(increases, 1)},
            "earliest_increase": earliest.isoformat(),
        },
    )


def answers(missing: Sequence[log01.Missing], zone: ZoneInfo) -> list[Reason]:
    """Ask for the answers that are needed, or say from when they can be given."""
    found = []
    for gap in missing:
        run = day(gap.session.started_at, zone)
        if gap.due:
            message = (
                f"run of {run}: how you felt {name(gap.window.value)} is not answered; hold until it is: "
                f"`restride checkin --session {gap.session.id}`"
            )
        else:
            message = (
                f"run of {run}: how you feel {name(gap.window.value)} can be answered from "
                f"{moment(gap.opens, zone)}; hold until then"
            )
        found.append(
            Reason(
                code=log01.CODE,
                message=message,
                evidence={"session": gap.session.id, "window": gap.window.value, "opens": gap.opens.isoformat()},
            )
        )
    return found


def unjudgeable(judged: Judged, zone: ZoneInfo) -> Reason:
    """Say that the last run's recording cannot carry a verdict."""
    finding = next(f for f in judged.findings if f.code == "DAT01")
    return Reason(
        code=finding.code,
        message=f"run of {day(judged.session.started_at, zone)}: {finding.message}",
        evidence={**finding.evidence, "session": judged.session.id},
    )


class Held(StrEnum):
    """Why the next run is below the stage that was named."""

    SYMPTOM = "while a symptom holds the next run is at stage {}, and it can be set again after that"
    OWED = "a step back for a symptom comes first, so the next run is at stage {}; it can be set again after that"
    THEN = "a symptom held when it was set, so the next run is at stage {}; it can be set again now"
    SINCE = "a step back was taken after that day, so the next run is at stage {}; it can be set again now"


def word(given: Word, plan: Plan, zone: ZoneInfo, *, held_at: int | None, why: Held) -> Reason:
    """Say that a physio set the stage, or that another plan was chosen, and where a symptom holds her below it.

    Args:
        given: the word.
        plan: the ladder it speaks of.
        zone: of the runner.
        held_at: the stage of the next run all the same; None where no stage of the ladder asks as little as the last.
        why: what holds her there.
    """
    evidence: dict[str, str | int | float] = {"stage": given.stage, "at": given.at.isoformat()}
    held = ""
    if held_at is None:
        none = "none of its stages asks as little as the last run"
        held = (
            f"; a symptom held when it was chosen, and {none}: it can be chosen again now"
            if why is Held.THEN
            else f"; while a symptom holds there is no running by it, for {none}; another is chosen with "
            "`restride plan use`"
        )
    elif held_at < given.stage:
        held = f"; {why.format(held_at)}"
    if given.because is None:
        message = f"the plan “{plan.name}” is in use since {day(given.at, zone)}, from stage {given.stage} on"
        return Reason(code="PLN01", message=message + held, evidence=evidence)
    message = f"stage {given.stage} was set on {day(given.at, zone)}: {given.because}{held}"
    return Reason(code="OVR01", message=message, evidence=evidence)


def dated_ahead(session: Session, zone: ZoneInfo) -> Reason:
    """Say that a recording is dated in the future, so that nobody knows when it was."""
    return Reason(
        code="CLK01",
        message=(
            f"the recording of {day(session.started_at, zone)} {session.started_at.astimezone(zone).year} is dated in "
            "the future and not counted; it may have been a run at another time. Hold until it is left out: "
            f"`restride ignore {session.id} --because TEXT`; a run can then be logged by hand"
        ),
        evidence={"session": session.id, "start": session.started_at.isoformat()},
    )


def first_run(stage: int) -> Reason:
    """Say that nothing was run yet."""
    return Reason(code="NEW01", message=f"no run of the plan is recorded yet; it starts at stage {stage}")


def completed(stage: int) -> Reason:
    """Say that the ladder is done."""
    return Reason(
        code="FIN01",
        message=f"completed: two clean runs at the last stage ({stage}); rest and symptoms are still watched",
    )


def too_few_clean(stage: int, last: Judged, clean: int) -> Reason:
    """Say how many clean runs are still needed at the stage.

    What else kept the last one from counting is a reason of its own; being short is none.
    """
    needed = "one more clean run is" if clean == 1 else "two more clean runs are"
    because = f" (the last one was {last.short})" if last.short and last.stage == stage else ""
    return Reason(
        code="CLN01",
        message=f"{needed} needed at stage {stage}{because}",
        evidence={"clean_runs": clean, "needed": 2, "stage": stage},
    )


def also_needed(stage: int, runs: int) -> list[str]:
    """Say how many clean runs a step up needs beside what holds it now."""
    if runs <= 0:
        return []
    return [f"A step up from stage {stage} also needs {'one more clean run' if runs == 1 else f'{runs} clean runs'}."]


def limits_count(until: datetime, zone: ZoneInfo) -> str:
    """Say until when what was overstepped holds."""
    return f"What was overstepped counts for 7 days: no step up before {moment(until, zone)}."


def on_her_word(stage: int, counted: Sequence[Session], zone: ZoneInfo) -> Reason:
    """Say that her own word alone does not carry a step up."""
    days = " and ".join(day(s.started_at, zone) for s in counted)
    return Reason(
        code="WRD01",
        message=(
            f"two runs in a row ({days}) rest on your own word; one more clean run at stage {stage}, as your "
            "watch shows it, is needed"
        ),
        evidence={f"session_{n}": s.id for n, s in enumerate(counted, 1)} | {"stage": stage},
    )


def progress(stage: int, counted: Sequence[Session], zone: ZoneInfo) -> Reason:
    """Say what carries a step up."""
    days = " and ".join(day(s.started_at, zone) for s in counted)
    return Reason(
        code="PRG01",
        message=f"two clean runs at stage {stage}, {days}, answered none after the run and the next day",
        evidence={f"session_{n}": s.id for n, s in enumerate(counted, 1)},
    )


def until_readiness(at: datetime, zone: ZoneInfo) -> str:
    """Say from when the movements come before any running again."""
    return f"This stands until {moment(at, zone)}; after that the seven readiness movements come first."


def valid_until(at: datetime, stage: int, zone: ZoneInfo) -> str:
    """Say how long a step up stands."""
    return f"This stands for a run up to {moment(at, zone)}; after a longer break stage {stage} stays."
