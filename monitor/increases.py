"""What her body is used to, and which sessions raised it, over judged sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from analysis.checks.inc01 import ESTABLISHED_OVER, Jogging, established
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


def used_to(
    before: Sequence[Judged], at: datetime, log: CheckInLog, as_of: datetime, otherwise: Prescription
) -> Jogging:
    """Give what her body is used to at an instant (rules.md INC01).

    Sessions with STG03 or a symptom establish nothing, nor do those that cannot be judged: an overestimated one would
    hide a later increase (docs/adr/0006).
    """
    kept: list[Jogging] = []
    left_out: list[Jogging] = []
    for judged in takewhile(lambda j: j.session.started_at > at - ESTABLISHED_OVER, reversed(before)):
        done = judged.session.performed
        if done is None:
            continue
        skipped = any(f.code == "STG03" for f in judged.findings)
        symptom = log.symptomatic(judged.session, as_of) or any(s.at <= as_of for s in log.beside(judged.session))
        out = skipped or judged.unjudgeable or symptom
        (left_out if out else kept).append(jogged(done))
    return established(kept, left_out, prescribed(otherwise))
