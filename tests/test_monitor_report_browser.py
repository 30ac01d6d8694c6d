"""The report as a person meets it: on a phone, by keyboard, read aloud, in the dark, and on paper.

These run where a Chromium is; `.ci/run` gets one. Elsewhere they say why they did not run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.report.page import page, sheet
from tests.browser import A4_INCHES, LETTER_INCHES, Page, chromium, opened, pdf_pages
from tests.report_stories import LONG, STORIES, WORD, a_week, busy, end_of, full, of, urgent

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium here"),
    pytest.mark.skipif(os.name == "nt", reason="Chromium is driven over inherited pipes"),
]
NARROW = 320  # 1280 pixels at 400 %
AXE = Path(os.environ.get("RESTRIDE_AXE", f"{sys.prefix}/axe")) / "axe_playwright_python" / "axe.min.js"
"""axe-core, as .ci/run puts it beside the packages of the environment."""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
PAGES = [*STORIES, "urgent", "busy"]


@cache
def html(name: str) -> str:
    """Write a page; `busy` is of a runner whose name and notes are as long and as hostile as they can be."""
    life = {**STORIES, "urgent": urgent, "busy": busy, "full": full}[name.removeprefix("week-")]()
    runner = LONG if name.endswith("busy") else "Ana"
    if not name.startswith("week-"):
        return page(of(life, runner=runner))
    last = end_of(life)
    return sheet(a_week(life.at(last), last.date() - timedelta(days=last.weekday()), runner=runner))


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    program = chromium()
    assert program is not None
    with opened(program) as tab:
        yield tab


@pytest.fixture
def show(browser: Page, tmp_path: Path) -> Any:
    """Open a page by name, as seen through a window."""

    def showing(name: str, width: int = 1280, **how: Any) -> Page:
        file = tmp_path / f"{name}.html"
        file.write_text(html(name), encoding="utf-8")
        browser.look(width, **how)
        browser.open(file)
        return browser

    return showing


@pytest.mark.parametrize(
    ("name", "dark"),
    [
        ("clean", False),
        ("symptoms", True),
        ("not-started", True),
        ("urgent", False),
        ("urgent", True),
        ("full", False),
        ("week-busy", False),
        ("week-busy", True),
        ("week-full", False),
    ],
)
def test_axe_finds_no_barrier(show: Any, name: str, dark: bool) -> None:
    """Contrast, names, headings and tables: what keeps somebody with poor sight or a screen reader from the page."""
    if not AXE.is_file():
        pytest.skip(f"axe-core is not at {AXE}; .ci/run puts it there")
    tab = show(name, 400 if name == "clean" else 1280, dark=dark)
    tab.ask(OPEN_ALL)
    tab.ask(AXE.read_text(encoding="utf-8"))
    found = json.loads(
        tab.ask(
            "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => "
            "[v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary])))"
        )
    )
    assert found == []


@pytest.mark.parametrize("name", [*PAGES, "week-busy"])
def test_a_phone_needs_no_scrolling_sideways(show: Any, name: str) -> None:
    """WCAG 1.4.10: at 320 pixels, or 400 %, everything is in one column; only wide tables scroll, by keyboard too."""
    tab = show(name, NARROW)
    tab.ask(OPEN_ALL)
    assert tab.ask("document.scrollingElement.scrollWidth") <= NARROW
    outside = (
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.wide, .symbols, .skip, .hidden, thead')"
        f" && e.getClientRects().length && e.getBoundingClientRect().right > {NARROW} + 1)"
        ".map(e => e.tagName + ' ' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 40))"
    )
    assert tab.ask(outside) == []
    assert tab.ask("[...document.querySelectorAll('.wide')].every(e => e.tabIndex === 0)")


@pytest.mark.parametrize("width", [NARROW, 768, 1280])
@pytest.mark.parametrize("name", ["clean", "symptoms", "busy"])
def test_no_word_of_a_chart_is_cut_or_lies_on_another(show: Any, name: str, width: int) -> None:
    """A tick that lies on another or runs off the edge is a number that nobody can read."""
    tab = show(name, width)
    tab.ask(OPEN_ALL)
    troubles = tab.ask(
        """(() => { const bad = [];
        for (const svg of document.querySelectorAll('svg.drawing')) {
          const edge = svg.getBoundingClientRect();
          const words = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
          for (const [word, box] of words)
            if (box.left < edge.left - 9 || box.right > edge.right + 9 || box.top < edge.top - 3
                || box.bottom > edge.bottom + 3) bad.push(svg.id + svg.textContent.slice(0, 30) + ' cut: ' + word);
          words.forEach(([a, p], i) => words.slice(i + 1).forEach(([b, q]) => {
            const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (wide > 1.5 && high > 4.5) bad.push(svg.textContent.slice(0, 30) + ': ' + a + ' on ' + b);
          }));
        } return [...new Set(bad)]; })()"""
    )
    assert troubles == []


def test_the_keyboard_alone_reaches_and_opens_everything(show: Any) -> None:
    """Who cannot use a mouse must get to the trace of a run, and see where she is."""
    tab = show("clean")
    tab.press("Tab")
    assert tab.ask("document.activeElement.className") == "skip"
    reached, outlined = set(), set()
    for _ in range(200):
        tab.press("Tab")
        tag = tab.ask("document.activeElement.tagName")
        if tag == "BODY":
            break
        reached.add(tab.ask("document.activeElement.textContent.trim().slice(0, 60)"))
        outlined.add(tab.ask("getComputedStyle(document.activeElement).outlineStyle"))
    summaries = tab.ask(
        "[...document.querySelectorAll('summary')].filter(s => s.getClientRects().length)"
        ".map(s => s.textContent.trim().slice(0, 60))"
    )
    assert set(summaries) <= reached
    assert outlined == {"solid"}
    tab.ask("document.querySelector('details.run summary').focus()")
    tab.press("Enter")
    assert tab.ask("document.querySelector('details.run').open")


def test_targets_are_large_enough_for_a_thumb(show: Any) -> None:
    """WCAG 2.5.8: 24 pixels for what stands alone; a code within a sentence is exempt."""
    tab = show("clean", NARROW)
    small = tab.ask(
        "[...document.querySelectorAll('nav a, summary')].filter(e => e.getClientRects().length && "
        "e.getBoundingClientRect().height < 24).map(e => e.textContent)"
    )
    assert small == []


def test_headings_are_in_order_and_every_part_is_a_landmark_or_in_one(show: Any) -> None:
    """A screen reader's user goes by headings: a level left out is a part that seems to be missing."""
    tab = show("symptoms")
    tab.ask(OPEN_ALL)
    levels = tab.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tab.ask("document.querySelectorAll('main, body > header, body > footer, nav[aria-label]').length") == 4


@pytest.mark.parametrize("paper", [A4_INCHES, LETTER_INCHES], ids=["A4", "Letter"])
@pytest.mark.parametrize(
    "name", ["week-clean", "week-symptoms", "week-not-started", "week-urgent", "week-full", "week-busy"]
)
def test_the_weekly_sheet_is_one_printed_page(show: Any, name: str, paper: tuple[float, float]) -> None:
    """It goes into a file: a second page with two lines on it is lost, and a busy week is when it is needed."""
    assert pdf_pages(show(name).pdf(paper)) == 1


@pytest.mark.parametrize("name", ["week-full", "week-busy"])
def test_a_full_sheet_leaves_room_for_wider_letters(show: Any, name: str) -> None:
    """Another machine has other fonts: a sheet that just fits here is two pages there."""
    width, height = LETTER_INCHES
    assert pdf_pages(show(name).pdf((width, height - 0.3))) == 1


def test_on_paper_the_folded_parts_are_open_and_no_row_is_cut(show: Any) -> None:
    """Nobody can click on paper: the traces of the last weeks are printed, and a row stays on its page."""
    tab = show("clean", 720, media="print")
    hidden = tab.ask("[...document.querySelectorAll('details.on-paper .plot')].filter(e => e.offsetHeight < 50).length")
    assert hidden == 0
    assert tab.ask("document.querySelectorAll('details.on-paper .plot').length") == 9
    rows = "[...document.querySelectorAll('tr')].filter(e => getComputedStyle(e).breakInside !== 'avoid').length"
    assert tab.ask(rows) == 0
    assert tab.ask("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"


def test_nothing_is_asked_of_a_network(show: Any) -> None:
    """Opened from a mail on a train it must look the same, and tell nobody that it was opened."""
    tab = show("symptoms")
    tab.ask(OPEN_ALL)
    assert all(address.startswith(("file:", "about:")) for address in tab.network)


def test_a_name_and_a_note_that_attack_are_only_text(show: Any) -> None:
    """What somebody else typed must not run, not turn the page around, and not hide what follows it."""
    tab = show("busy")
    assert tab.ask("document.scripts.length") == 0
    assert tab.ask("document.querySelector('h1 bdi').textContent") == f"{LONG[:200]}…"
    assert tab.ask("getComputedStyle(document.querySelector('main')).direction") == "ltr"
    tab.ask(OPEN_ALL)
    assert LONG.split() == tab.ask("document.querySelector('details.long > .note').textContent").split()


def test_a_word_without_end_breaks_on_a_phone(browser: Page, tmp_path: Path) -> None:
    """One long word must not push everything else out of the window."""
    file = tmp_path / "long.html"
    file.write_text(page(of(busy(WORD), runner=WORD)), encoding="utf-8")
    browser.look(NARROW)
    browser.open(file)
    browser.ask(OPEN_ALL)
    assert browser.ask("document.scrollingElement.scrollWidth") <= NARROW
