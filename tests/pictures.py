"""Take the pictures of the documentation: `python -m tests.pictures`. They show the demo's invented runner.

They are taken by the Chromium of this machine, so another one's letters may differ; nothing compares their bytes.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from monitor import demo
from monitor.archive import Archive
from monitor.report.make_report import report_of_week
from monitor.report.page import sheet
from monitor.report.said import said_by
from monitor.report.traces import traces_of
from monitor.store import Store
from tests.browser import chromium, opened

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WEEK = date(2026, 4, 6)  # the one with a symptom
PARTS = {
    "summary": "section.summary",
    "weeks": "section[aria-labelledby=weeks]",
    "jogging": "section[aria-labelledby=h-progression]",
    "rest": "section[aria-labelledby=h-rest]",
    "symptoms": "section[aria-labelledby=h-symptoms]",
}
SYMPTOM_RUN = "details.run:has(#trace-2026-04-10-t)"


def take(program: str, data: Path) -> None:
    """Play the demo and photograph its report, part by part, and the sheet of one week."""
    result = demo.run(data)
    zone = result.standing.facts.zone_at(result.standing.recommendation.as_of)
    with Store.open(result.settings.db_path) as store:
        archive = Archive(result.settings.archive_dir)
        traces = tuple(traces_of(result.standing, store, archive, result.runner, since=WEEK))
        observed = store.observed(result.runner)
    said = said_by(result.standing, WEEK, zone, lambda: observed)
    week = report_of_week(result.standing, WEEK, runner_name=result.runner.name, zone=zone, said=said, traces=traces)
    page = data / "sheet.html"
    page.write_text(sheet(week), encoding="utf-8")
    with opened(program) as tab:
        tab.look(940)
        tab.open(result.report_path)
        for name, selector in PARTS.items():
            (FOLDER / f"report-{name}.png").write_bytes(tab.shot_of(selector))
        tab.ask(f"document.querySelector('{SYMPTOM_RUN}').open = true")
        tab.ask(f"document.querySelector('{SYMPTOM_RUN}').closest('tbody').id = 'picture'")
        tab.look(1100)
        (FOLDER / "report-run.png").write_bytes(tab.shot_of("#picture", margin=6, most_px=560))
        tab.look(390, height=844)
        tab.open(result.report_path)
        (FOLDER / "report-phone.png").write_bytes(tab.shot(clip={"x": 0, "y": 0, "width": 390, "height": 844}))
        tab.look(740, media="print")
        tab.open(page)
        tab.ask("document.body.style.padding = '12px'")
        (FOLDER / "sheet.png").write_bytes(tab.shot())


if __name__ == "__main__":
    found = chromium()
    if found is None:
        sys.exit("There is no Chromium here; install one and run it again.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        take(found, Path(folder) / "demo")
