"""The sentences of a recommendation. Calm and plain; never a diagnosis, never "safe to run"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.checks import inc01
from analysis.findings import Finding
from analysis.sessions import Session
from monitor.checkins import Symptom
from monitor.facts import Override
from monitor.footing import FULL_GAP, SAME_STAGE_GAP, STEP_UP_GAP, Footing
from monitor.judged import Judged, name, shortfall
from monitor.rules import car01, log01, sym01
from monitor.rules.gate import GateState

SEE_A_CLINICIAN = "Do not run, and see a clinician first: your doctor, midwife or pelvic-health physiotherapist."
SHOWN_SYMPTOMS = 4
ASK_A_PHYSIO = "A pelvic-health physiotherapist can help when a symptom lingers or you are unsure."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a recommendation: the code of its rule, a sentence for her, and the numbers behind it."""

    code: str
    message: str
    evidence: dict[str, str | int | float] = field(default_factory=dict)


def day(at: datetime, zone: ZoneInfo) -> str:
    """Write a local day so that no one misreads it: Tuesday 3 March."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write a local instant: Tuesday 3 March, 07:02. Rounded up to the minute, so that waiting for it is enough."""
    if at.second or at.microsecond:
        at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{day(at, zone)}, {at.astimezone(zone):%H:%M}"


def gate(state: GateState) -> Reason:
    """Say which gate is not met."""
    return Reason(code=state.code, message=state.message)


def clinician(uncleared: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say what a clinician sees before the next run."""
    if not uncleared:
        return []
    return [
        Reason(
            code=car01.CODE,
            message=(
                f"you logged {_logged([(s, s.severe) for s in uncleared], zone)}; the plan's rule is no running "
                "until a clinician has seen you and agreed: `restride gate seen --on DATE`"
            ),
            evidence={"entries": len({s.check_in.id for s in uncleared})},
        )
    ]


def symptoms(unresolved: Sequence[Symptom], zone: ZoneInfo) -> list[Reason]:
    """Say which symptoms hold the plan, the latest ones first, and what resolves them."""
    if not unresolved:
        return []
    return [
        Reason(
            code=sym01.CODE,
            message=(
                f"you logged {_logged([(s, s.what) for s in unresolved], zone)}; the plan's rule is to hold until an "
                "entry answers none and a later run has all its answers none"
            ),
            evidence={
                "entries": len({s.check_in.id for s in unresolved}),
                "logged_for": unresolved[-1].at.isoformat(),
            },
        )
    ]


def _logged(found: Sequence[tuple[Symptom, tuple[str, ...]]], zone: ZoneInfo) -> str:
    """List symptoms, the latest first, each entry once; of many only the first ones."""
    said: dict[int, str] = {}
    for symptom, what in reversed(found):
        about = f" ({name(symptom.window.value)})" if symptom.session else ""
        said.setdefault(symptom.check_in.id, f"{' and '.join(what)} on {day(symptom.at, zone)}{about}")
    listed = list(said.values())
    more = [f"{len(listed) - SHOWN_SYMPTOMS} more"] if len(listed) > SHOWN_SYMPTOMS else []
    return ", ".join([*listed[:SHOWN_SYMPTOMS], *more])


def long_break(stand: Footing) -> list[Reason]:
    """Say what a long break does to the stage."""
    if stand.gap is None or stand.gap <= STEP_UP_GAP:
        return []
    days = stand.gap / timedelta(days=1)
    if stand.gap > FULL_GAP:
        then = f"after more than {FULL_GAP.days} days the plan starts again, at stage {stand.stage}"
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


def override(word: Override, zone: ZoneInfo) -> Reason:
    """Say that a physio set the stage."""
    return Reason(
        code="OVR01",
        message=f"stage {word.stage} was set on {day(word.at, zone)}: {word.because}",
        evidence={"stage": word.stage, "at": word.at.isoformat()},
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
    because = f" (the last one was {shortfall(last)})" if last.short and last.stage == stage else ""
    return Reason(
        code="CLN01",
        message=f"{needed} needed at stage {stage}{because}",
        evidence={"clean_runs": clean, "needed": 2, "stage": stage},
    )


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
