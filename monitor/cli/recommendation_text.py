"""A recommendation in words. Written from the report's values, so that one of last month reads like one of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Protocol

from monitor.cli.layout import Go, Heading, Stay, bullets, named, wrapped
from monitor.recommendation import Outcome
from monitor.report import wording
from monitor.report.make_summary import headline
from monitor.report.model_summary import ReasonView, SummaryView
from monitor.report.numbers import evidence, raises
from monitor.rules import car02
from monitor.symptom_reasons import SEEK_CARE_NOW

REMINDERS = (
    "feed or pump before you go",
    "a supportive sports bra that fits (or two)",
    "shoes that fit now: feet change",
)
"""Before a run (rules.md S11)."""
SHOWN = 6
"""Of the reasons, before a run; `week` has them all."""
WHEN_IT_STARTS = "When a symptom starts, stop jogging and walk."
NOT_KEPT = "The reasons given then cannot be read from what is kept of this recommendation."


class _Said(Protocol):
    """What was said, in a word and two stages."""

    @property
    def outcome(self) -> str: ...
    @property
    def last_stage(self) -> int | None: ...
    @property
    def next_stage(self) -> int | None: ...


def verdict(said: _Said) -> str:
    """Say the outcome in one line."""
    return f"{said.outcome}: {headline(said.outcome, said.last_stage, said.next_stage)}."


def _headline(said: _Said) -> Heading:
    return (Go if said.outcome == Outcome.PROGRESS else Stay)(wrapped(verdict(said)))


def notice(said: SummaryView) -> Iterator[str]:
    """Write the notice of an urgent sign where one is logged that no clinician has seen."""
    for reason in said.reasons:
        if reason.code == car02.CODE:
            yield Heading(wrapped(reason.message))
            yield Heading(wrapped(said.urgent_notice or SEEK_CARE_NOW))
            yield ""


def changed(said: SummaryView) -> Iterator[str]:
    """Say what holds now, and the first reason for it.

    Of an urgent sign its notice, above on every output, has said that; and nothing else is asked of her then.
    """
    yield _headline(said)
    if all(reason.code != car02.CODE for reason in said.reasons):
        yield wrapped(said.reasons[0].message, first="  ")


def whole(said: SummaryView, zone: tzinfo) -> Iterator[str]:
    """Write the outcome, the next run, every reason with its numbers, and the advice."""
    yield _headline(said)
    yield ""
    yield from named(next_run(said, zone))
    yield ""
    yield Heading("Why")
    for reason in said.reasons:
        yield wrapped(because(reason, zone), first="  - ")
        if reason.evidence:
            yield wrapped(evidence(reason.evidence, zone), first="      ")
    yield from bullets([NOT_KEPT] if not said.reasons else [])
    yield from _to_do(said)


def _to_do(said: SummaryView) -> Iterator[str]:
    if said.advice:
        yield ""
        yield Heading("What to do")
        yield from bullets(said.advice)


def next_run(said: SummaryView, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Name what the next run is and when it may be."""
    given = said.prescription
    yield "Next run", f"stage {given.stage}: {given.text}" if given else "no running for now"
    if said.earliest_next_run:
        yield "When", earliest(said.earliest_next_run, said.as_of, zone)
    raised = said.earliest_increase
    if raised and raised != said.earliest_next_run and not _held_longer(said, raised):
        yield "A step up", earliest(raised, said.as_of, zone)
    yield "As of", f"{wording.moment(said.as_of, zone)} ({zone})"


def _held_longer(said: SummaryView, at: datetime) -> bool:
    """Say whether what was overstepped holds longer than up to an instant; the advice then says until when."""
    until = (reason.evidence.get("counts_until") for reason in said.reasons)
    return any(isinstance(one, str) and datetime.fromisoformat(one) > at for one in until)


def before_the_run(said: SummaryView, zone: tzinfo) -> Iterator[str]:
    """Write the next session: HOLD or PROGRESS, how many minutes, from when, what is missing, what to think of."""
    yield _headline(said)
    yield ""
    yield from named(next_run(said, zone))
    yield ""
    yield Heading("Why")
    yield from bullets(because(reason, zone) for reason in said.reasons[:SHOWN])
    if len(said.reasons) > SHOWN:
        yield f"  and {wording.count(len(said.reasons) - SHOWN, 'more reason')}: restride week"
    yield from _to_do(said)
    if said.prescription:
        yield ""
        yield Heading("Before you go")
        yield from bullets(REMINDERS)
        yield ""
        yield WHEN_IT_STARTS


def because(reason: ReasonView, zone: tzinfo) -> str:
    """Write a reason as a sentence with the code of its rule."""
    return " ".join(filter(None, (reason.message, raises(reason.evidence, zone), f"[{reason.code}]")))


def earliest(at: datetime, as_of: datetime, zone: tzinfo) -> str:
    """Write the instant from which something may happen; what is past is from now on."""
    return "from now on" if at <= as_of else f"not before {wording.earliest(at, zone)}"
