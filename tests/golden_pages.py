"""Write the golden pages: `python -m tests.golden_pages`. What changed in them is then read in the diff."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.report.model import Report
from monitor.report.page import page, sheet
from tests.report_stories import STORIES, a_week, end_of, of

FOLDER = Path(__file__).resolve().parent / "golden"


def scrubbed(html: str, report: Report) -> str:
    """Leave out which version wrote it; the stories' clock stands still, so there is no date to scrub."""
    return html.replace(report.product, "Restride VERSION")


def pages() -> dict[str, str]:
    """Write every golden page, by file name."""
    written = {}
    for name, story in STORIES.items():
        life = story()
        report = of(life)
        written[f"report-{name}.html"] = scrubbed(page(report), report)
    life = STORIES["symptoms"]()
    last = end_of(life)
    week = a_week(life.at(last), last.date() - timedelta(days=last.weekday()))
    written["sheet-symptoms.html"] = scrubbed(sheet(week), week)
    return written


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, html in pages().items():
        (FOLDER / file_name).write_text(html, encoding="utf-8", newline="\n")
