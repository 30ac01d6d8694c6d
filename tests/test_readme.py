"""The documents say what the program does: their commands are run, in order, as they are written.

A block marked `sh` is run, line by line, in a home folder of its own. Two comments that a reader does not see tell the
story around it: `<!-- at INSTANT -->` sets the clock from there on, `<!-- before: COMMAND -->` is what came earlier.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.gpx_text import gpx
from fixtures.simulate import cycles, simulate

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")))
FIRST_RUN = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)

CLOCK = re.compile(r"<!-- at (\S+) -->")
EARLIER = re.compile(r"<!-- before: (.+) -->")
ELSEWHERE = ("pipx install ", "python3 -m venv ", "~/restride-env/bin/")
"""Commands that install Restride; `.ci/run` does the same with the built wheel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line of a document that the reader is told to type."""

    document: str
    line: int
    text: str
    now: str | None
    shown: bool = False  # not typed: what the program answers


def commands(document: str) -> Iterator[Command]:
    """Yield what stands in a document's `sh` blocks."""
    block, now = "", None
    for number, line in enumerate((ROOT / document).read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            block = line.removeprefix("```")
        elif block in ("sh", "text"):
            yield Command(document=document, line=number, text=line, now=now, shown=block == "text")
        elif clock := CLOCK.fullmatch(line):
            now = clock.group(1)
        elif earlier := EARLIER.fullmatch(line):
            yield Command(document=document, line=number, text=earlier.group(1), now=now)


def is_ours(command: Command) -> bool:
    return re.match(r"([A-Z_]+=\S+ )?restride( |$)", command.text) is not None


posix = pytest.mark.skipif(os.name == "nt", reason="the documents' lines are for a POSIX shell")
WITH_COMMANDS = [name for name in DOCUMENTS if any(is_ours(command) for command in commands(name))]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home with a morning's export in it, and a `restride` that takes its clock from the environment."""
    run = simulate([("walk", 300), *cycles(60, 120, 7), ("walk", 180)], seed=1, start=FIRST_RUN)
    export = fit_activity(run.samples, start=run.start)
    for folder in ("Downloads", "runs", "bin"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Downloads" / "morning-run.fit").write_bytes(export)
    (tmp_path / "runs" / "the-same-run.fit").write_bytes(export)
    positions = {name: run.samples[name] for name in ("t_s", "latitude_deg", "longitude_deg")}
    (tmp_path / "Downloads" / "phone.gpx").write_bytes(gpx(positions, start=run.start))
    other = simulate([("walk", 300), *cycles(60, 120, 7), ("walk", 180)], seed=2)
    wrong_date = fit_activity(other.samples, start=FIRST_RUN + timedelta(days=1))
    (tmp_path / "Downloads" / "wrong-date.fit").write_bytes(wrong_date)
    with zipfile.ZipFile(tmp_path / "Downloads" / "export_12345.zip", "w") as archive:
        archive.writestr("activities.csv", "Activity ID,Activity Date")
        archive.writestr("activities/1.fit.gz", gzip.compress(export))
    sheet = re.search(r"```csv\n(.+?)```", (ROOT / "docs" / "check-ins.md").read_text(encoding="utf-8"), re.DOTALL)
    assert sheet is not None
    (tmp_path / "march.csv").write_text(sheet.group(1), encoding="utf-8")
    script = tmp_path / "bin" / "restride"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m monitor.cli --now "$STORY_NOW" "$@"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def type_in(home: Path, text: str, now: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a shell in that home would."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("RESTRIDE_", "XDG_"))}
    environment |= {"HOME": str(home), "STORY_NOW": now, "PYTHONPATH": str(ROOT)}
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["sh", "-c", text],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def play(document: str, home: Path) -> None:
    """Run a document's commands in order; what it shows as said, in a `text` block after one, must be said by it."""
    said = ""
    for command in filter(lambda c: c.shown or is_ours(c), commands(document)):
        where = f"{document}:{command.line}: {command.text}"
        if command.shown:
            assert command.text in said.splitlines(), f"{where}\nis not among\n{said}"
            continue
        assert command.now, f"{where}: no clock is set"
        done = type_in(home, command.text, command.now)
        said = done.stdout
        assert done.returncode == 0, f"{where}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, f"{where}\n{done.stderr}"
        assert said.strip(), f"{where}\nprinted nothing"


@posix
@pytest.mark.parametrize("document", [name for name in WITH_COMMANDS if name != "README.md"])
def test_the_commands_of_a_document_work_in_order(document: str, home: Path) -> None:
    """She types what she reads. A command that has changed would leave her stuck in the middle."""
    play(document, home)


@posix
def test_the_first_five_minutes_of_the_readme_work(home: Path) -> None:
    """Her export has to count as a run of stage 1 that only the leak spoils, and the leak has to hold the plan."""
    play("README.md", home)
    week = json.loads(type_in(home, "restride week --json", "2026-03-03T13:00+00:00").stdout)
    assert week["outcome"] == "HOLD"
    assert "SYM01" in {reason["code"] for reason in week["reasons"]}
    sessions = json.loads(type_in(home, "restride sessions --json", "2026-03-03T13:00+00:00").stdout)["sessions"]
    spoilt = ["a symptom was logged in these days, for no run"]
    assert [(run["stage"], run["clean"], run["why_not_clean"]) for run in sessions] == [(1, False, spoilt)]
    report = (home / "restride.html").read_text(encoding="utf-8")
    assert "leakage" in report
    assert str(home) not in report


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_other_command_is_shown(document: str) -> None:
    """A line of a new kind would go untested; whoever writes one decides here how it is tested."""
    for command in commands(document):
        if command.shown or is_ours(command):
            continue
        if command.text.startswith("make "):
            make = shutil.which("make")
            if make is not None:
                done = subprocess.run(
                    [make, "--dry-run", *command.text.split()[1:]],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == 0, done.stderr
        else:
            assert command.text.startswith(ELSEWHERE), f"{document}:{command.line}: {command.text}"


def test_every_command_is_in_the_documents_and_every_named_command_exists(home: Path) -> None:
    """A command nobody is told about cannot help her; one that is promised and missing sends her in circles."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    pieces = [*re.findall(r"`[^`\n]+`", text), *(c.text for name in DOCUMENTS for c in commands(name) if is_ours(c))]
    named = {
        word for piece in pieces for word in re.findall(r"(?<![\w/])restride (?:--data \S+ )?([a-z][a-z-]*)", piece)
    }
    listing = type_in(home, "restride --help", "2026-03-01T18:00+00:00").stdout
    exist = set(re.findall(r"^[│|\s]*([a-z][a-z-]*)\s{2,}\S", listing, flags=re.MULTILINE))
    assert named == exist


def anchors(document: Path) -> set[str]:
    """Give the anchors that a document's headings make."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", [*DOCUMENTS, "docs/adr/README.md", "CHANGELOG.md"])
def test_links_lead_somewhere(document: str) -> None:
    """A dead link in front of someone who needs the page on symptoms is a page that is not there."""
    path = ROOT / document
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{document}: {target}"
        assert not anchor or anchor in anchors(there), f"{document}: {target}"


def test_what_the_developers_page_names_is_there() -> None:
    """Who opens the code for the first time looks for a file of this page, or runs a command of it."""
    page = (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")
    named = re.findall(
        r"`(?:\.venv/bin/python -m pytest |pytest )?((?:ingest|analysis|monitor|tests|training|fixtures)/[\w./*]*)",
        page,
    )
    modules = re.findall(r"python -m ((?:tests|training|fixtures|monitor)[\w.]*)", page)
    assert len(named) > 15
    assert len(modules) > 5
    for path in [*named, *(module.replace(".", "/") + ".py" for module in modules)]:
        assert next(ROOT.glob(path), None), path
