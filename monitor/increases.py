"""What her body is used to, and which sessions raised it, over judged sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analysis.checks.inc01 import ESTABLISHED_OVER, Jogging
from analysis.performed import Performed
from analysis.plan import Prescription
from monitor.checkins import CheckInLog
from monitor.judged import Judged


def jogged(done: Performed) -> Jogging:
    """Give how much was jogged in a session."""
    return Jogging(total_s=done.jog_s, longest_s=done.longest_jog_s, repeats=done.repeats)


def prescribed(prescription: Prescription) -> Jogging:
    """Give how much a stage asks to jog."""
    return Jogging(total_s=prescription.jog_total_s, longest_s=prescription.longest_jog_s, repeats=prescription.repeats)


def used_to(before: Sequence[Judged], at: datetime, log: CheckInLog, as_of: datetime) -> list[tuple[datetime, Jogging]]:
    """Give the sessions of the 28 days before an instant that establish something, in time order.

    Those with STG03 or a symptom establish nothing (rules.md INC01), nor do those that cannot be judged: an
    overestimated one would hide a later increase (docs/adr/0006).
    """
    found = []
    for judged in reversed(before):
        start = judged.session.started_at
        if start <= at - ESTABLISHED_OVER:
            break
        done = judged.session.performed
        skipped = any(f.code == "STG03" for f in judged.findings)
        if done is None or skipped or judged.unjudgeable or log.symptomatic(judged.session, as_of):
            continue
        found.append((start, jogged(done)))
    return found[::-1]
