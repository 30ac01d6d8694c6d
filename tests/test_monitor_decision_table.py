"""The decision table (tests/decision_table.md), lived row by row; every code is somewhere the only reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.findings import Level
from monitor.rules import catalogue
from tests.decision_cases import Case, cases

CASES = list(cases(Path(__file__).with_name("decision_table.md")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_decision_table(case: Case) -> None:
    standing = case.standing()
    said = standing.recommendation
    stage = "none" if said.next_stage is None else str(said.next_stage)
    assert (said.outcome.value, stage, [r.code for r in said.reasons]) == (
        case.outcome,
        case.stage,
        list(case.reasons),
    ), [r.message for r in said.reasons]
    last = standing.judged[-1].findings if standing.judged else ()
    assert [f.code for f in last if f.level in (Level.INFO, Level.CAUTION) and f.code != "DAT01"] == list(case.noted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_reason_is_a_sentence_that_promises_nothing(case: Case) -> None:
    for reason in case.standing().recommendation.reasons:
        assert len(reason.message) > 20
        assert "safe" not in reason.message
        assert "you have a" not in reason.message


def test_no_row_has_the_name_of_another() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 80


def test_every_code_is_somewhere_the_only_reason_or_note() -> None:
    """A rule that never decides alone could be broken and nobody would see it."""
    alone = {case.reasons[0] for case in CASES if len(case.reasons) == 1}
    alone |= {case.noted[0] for case in CASES if len(case.noted) == 1}
    assert alone == {rule.code for rule in catalogue.rules()}
