"""SYM02: a symptom that asks for a step back.

What: a run is followed by one stage less where the same symptom (pain, leakage, heaviness) comes back at the same
stage after it had resolved; where pain is 3 of 10 or more; where pain is there the next day; or where she limps or
guards. One stage for each run that shows it, however often the plan is worked out, and never below the lowest stage. A
symptom logged for no run belongs to the run before it.

Why: the article holds the plan while there are symptoms; soreness rules for runners go a level back when pain stays or
returns. The exact limits are this project's own.

Example: at stage 4 pain 3 of 10 in the knee is logged for Wednesday. The next run is at stage 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from monitor.answers import Window
from monitor.checkins import CheckInLog, WindowLog
from monitor.judged import Judged, StepBack
from monitor.symptoms import STRONG_PAIN, Kind, Symptom

CODE = "SYM02"
LEVEL = "holds, and one stage back"
LATEST = timedelta(days=3)  # an answer about a run counts from the end of its window at the latest
SOURCE = "the article; Adams 2012 soreness rules; the limits are this project's own"


def shown(run: Judged, before: Sequence[Judged], log: CheckInLog) -> tuple[Symptom, ...]:
    """Give the symptoms of a run that ask for a step back, the first of them first.

    Args:
        run: a running session of the plan, with its stage.
        before: those before it, in time order.
        log: her check-ins.
    """
    found = log.around(run.session)
    if not found:
        return ()
    next_day = log.of(run.session)[Window.NEXT_DAY]
    return tuple(s for s in found if _strong(s, next_day) or _again(s, run, before, log))


def _strong(symptom: Symptom, next_day: WindowLog) -> bool:
    """Say whether a symptom asks for a step back by itself; pain told for no run lingers on the day after one too."""
    entry = symptom.check_in
    then = symptom.window is Window.NEXT_DAY or next_day.opens <= symptom.at < next_day.closes
    lingers = then and Kind.PAIN in symptom.kinds
    return lingers or (entry.pain or 0) >= STRONG_PAIN or entry.gait_changed is True


def _again(symptom: Symptom, run: Judged, before: Sequence[Judged], log: CheckInLog) -> bool:
    """Say whether a symptom was there before at this stage and had resolved in between."""
    if not symptom.kinds:
        return False
    resolved_from = next(
        (
            j.session.started_at
            for j in (run, *reversed(before))
            if j.session.doubt is None and log.all_none(j.session, symptom.at)
        ),
        None,
    )
    return resolved_from is not None and any(
        earlier.at < resolved_from and not earlier.kinds.isdisjoint(symptom.kinds)
        for other in (*before, run)
        if other.stage == run.stage and not other.history
        for earlier in log.around(other.session)
    )


def owed(judged: Sequence[Judged], at: datetime, *, settled: datetime | None = None) -> tuple[StepBack, ...]:
    """Give the steps back that are owed at an instant, oldest first.

    One is owed from when its symptom was there until a later run was done that much lower, or at the lowest stage. A
    physio's word on the stage that was given later than the symptom settles it.

    Args:
        judged: her running sessions before `at`, in time order.
        at: the instant asked about.
        settled: when a physio last set the stage.
    """
    if not judged or judged[-1].history:
        return ()
    last = judged[-1]
    began = last.session.started_at
    near = takewhile(lambda j: j.session.ended_at > began - LATEST, reversed(judged))
    own = [step for j in near if (step := unsettled(j.step_back, settled)) is not None and began < step.at <= at]
    owed_before = [step for one in last.owed if (step := unsettled(one, settled)) is not None]
    return (*owed_before, *sorted(own, key=lambda s: s.at))


def unsettled(step: StepBack | None, settled: datetime | None) -> StepBack | None:
    """Leave of a step back what a physio's word did not know of: what came, or was told, with it or after it."""
    if step is None or settled is None:
        return step
    left = tuple(s for s in step.symptoms if s.at >= settled or s.check_in.recorded_at >= settled)
    return StepBack(at=min(s.at for s in left), symptoms=left) if left else None
