"""The rules in their own words: what a physiotherapist reads is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import analysis.checks
import monitor.rules
from monitor import reasons, symptom_reasons
from monitor.rules import catalogue
from tests.command import Restride

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_of_rules_is_what_the_program_says() -> None:
    """A stale page would tell her clinician another limit. Write it anew: restride explain --all > docs/rules.md."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == catalogue.markdown()


def test_every_rule_has_a_file_of_its_own_and_is_listed() -> None:
    """A rule left out could hold her and nobody could look up why."""
    folders = [Path(package.__file__ or "").parent for package in (analysis.checks, monitor.rules)]
    files = {path.stem.upper() for folder in folders for path in folder.glob("[a-z][a-z][a-z]0[0-9].py")}
    assert files == {module.CODE for module in catalogue.MODULES}


def test_every_code_that_is_given_as_a_reason_can_be_explained() -> None:
    sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (reasons, symptom_reasons)]
    written = {code for source in sources for code in re.findall(r'code="([A-Z]{3}\d\d)"', source)}
    assert {"CLN01", "PLN01", "CLK01"} <= written
    assert written <= {rule.code for rule in catalogue.rules()}


@pytest.mark.parametrize("rule", catalogue.rules(), ids=lambda rule: rule.code)
def test_a_rule_says_what_why_and_an_example_and_what_it_rests_on(rule: catalogue.Rule) -> None:
    for text in (rule.what, rule.why, rule.example):
        assert text.endswith(".")
        assert len(text) > 20
    assert rule.title
    assert rule.level
    assert rule.source
    assert "seed" not in f"{rule.what} {rule.why} {rule.source}"


def test_explain_prints_the_rule_for_a_person_and_as_json(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "nowhere")
    said = restride("explain", "rst01")
    assert said.code == 0
    assert "47 h 30 min" in " ".join(said.stdout.split())
    assert all(len(line) <= 80 for line in said.stdout.splitlines())
    assert restride("explain", "RST01", "--json").json["code"] == "RST01"
    assert {"SYM02", "CAR02"} <= {rule["code"] for rule in restride("explain", "--json").json["rules"]}
    assert restride("explain", "--all").stdout.rstrip() == catalogue.markdown().rstrip()
    unknown = restride("explain", "XYZ99")
    assert (unknown.code, "restride explain" in unknown.stderr) == (1, True)
    assert not (tmp_path / "nowhere").exists()
