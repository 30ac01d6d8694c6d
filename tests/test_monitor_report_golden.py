"""The pages of three stories, kept whole: a change that nobody meant shows as a diff."""

from __future__ import annotations

from dataclasses import replace
from difflib import unified_diff

import pytest

from monitor.report.page import page
from monitor.rules import catalogue
from tests.golden_pages import FOLDER, pages
from tests.report_stories import STORIES, of

WRITTEN = pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_of_a_story_is_what_it_was(name: str) -> None:
    """A line that moved, a number that is rounded otherwise: whoever changes it has to have seen it."""
    kept = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    changed = "\n".join(list(unified_diff(kept, WRITTEN[name].splitlines(), "kept", "now", lineterm="", n=0))[:40])
    assert not changed, f"{changed}\n\nIf it is meant: python -m tests.golden_pages"


def test_the_same_report_is_written_the_same() -> None:
    """Two prints of one report that differ would make a clinician look for what changed."""
    assert pages() == WRITTEN


def test_another_text_of_a_limit_changes_its_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewording a rule must not move a number."""
    before = page(of(STORIES["symptoms"]())).splitlines()
    rules = [replace(r, what="Another wording.") if r.code == "RST01" else r for r in catalogue.rules()]
    monkeypatch.setattr(catalogue, "rules", lambda: tuple(rules))
    after = page(of(STORIES["symptoms"]())).splitlines()
    differ = [(was, now) for was, now in zip(before, after, strict=True) if was != now]
    assert len(differ) == 1
    assert "Another wording." in differ[0][1]
