"""The demo is the first thing a stranger runs: it must work at once, tell its story truly, and touch nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.story import OUTINGS
from monitor.config import resolve
from monitor.demo import DemoError, DemoResult, Step, run
from monitor.issuing import bring_up_to_date
from monitor.store import Store
from tests.demo_weeks import page

ROOT = Path(__file__).resolve().parent.parent

WEEKLY = (
    # (local Sunday, outcome, stage of the next run, rules that must be among the reasons)
    ("2026-03-08", "HOLD", 2, {"CLN01"}),
    ("2026-03-15", "PROGRESS", 4, {"PRG01"}),
    ("2026-03-22", "HOLD", 4, {"INC01"}),
    ("2026-03-29", "HOLD", 5, {"CLN01"}),
    ("2026-04-05", "HOLD", 5, {"RST01"}),
    ("2026-04-12", "HOLD", 6, {"SYM01"}),
    ("2026-04-19", "HOLD", 6, {"LOG01"}),
    ("2026-04-26", "HOLD", 7, {"DAT01"}),
)
NOT_CLEAN = {"2026-03-18", "2026-03-30", "2026-04-10", "2026-04-15", "2026-04-24"}


@dataclass
class Played:
    result: DemoResult
    steps: list[Step]
    seconds: float


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    steps: list[Step] = []
    began = time.monotonic()
    result = run(tmp_path_factory.mktemp("demo") / "data", on_step=steps.append)
    return Played(result, steps, time.monotonic() - began)


def test_each_week_ends_as_the_story_says(played: Played) -> None:
    """A demo that says PROGRESS after a leak would teach its reader to run on."""
    told = [
        (
            f"{week.at:%Y-%m-%d}",
            week.recommendation.outcome.value,
            week.recommendation.next_stage,
            {reason.code for reason in week.recommendation.reasons},
        )
        for week in played.result.weekly
    ]
    assert [row[:3] for row in told] == [row[:3] for row in WEEKLY]
    assert [codes & expected for (*_, codes), (*_, expected) in zip(told, WEEKLY, strict=True)] == [
        row[3] for row in WEEKLY
    ]


def test_she_runs_what_the_plan_prescribes(played: Played) -> None:
    """The story must be one of doing as told; else its breaches are not those it means to show."""
    done = {outing.start.date().isoformat(): outing.stage for outing in OUTINGS if outing.stage is not None}
    assert {judged.session.id: judged.stage for judged in played.result.standing.judged} == done


def test_only_the_five_things_meant_go_wrong(played: Played) -> None:
    """An accidental breach would be taken for what the program calls normal."""
    judged = played.result.standing.judged
    assert {j.session.id for j in judged if not j.clean} == NOT_CLEAN
    limits = {(j.session.id, f.code) for j in judged for f in j.findings if f.level == "limit"}
    assert limits == {("2026-03-18", "INC01"), ("2026-03-30", "RST01")}
    others = {(j.session.id, f.code) for j in judged for f in j.findings if f.level != "limit"}
    assert {session for session, _ in others} == {"2026-04-24"}
    assert ("2026-04-24", "DAT01") in others


def test_the_change_of_the_clocks_does_not_hide_the_short_rest(played: Played) -> None:
    """Saturday 08:00 to Monday 07:00 looks like 47 hours and was 46."""
    (run_,) = [j for j in played.result.standing.judged if j.session.id == "2026-03-30"]
    (finding,) = run_.findings
    assert finding.evidence["starts_apart_s"] == 46 * 3600 - 10


def test_the_symptom_holds_until_it_has_resolved(played: Played) -> None:
    """From the entry on, each recommendation names the leak, until a later run was answered none throughout."""
    by_week = [{reason.code for reason in week.recommendation.reasons} for week in played.result.weekly]
    assert ["SYM01" in codes for codes in by_week] == [False, False, False, False, False, True, False, False]


def test_walking_and_cycling_are_shown_and_not_counted(played: Played) -> None:
    """A bike ride at running speed must not start the 48 hours."""
    others = [s for s in played.result.standing.sessions if not s.is_running]
    assert [(s.id, s.kind) for s in others] == [("2026-03-15", "walk"), ("2026-03-22", "cross-training")]


def test_the_report_tells_the_whole_story(played: Played) -> None:
    """What the demo prints and what it writes must agree, and nothing may be left out."""
    html = played.result.report_path.read_text(encoding="utf-8")
    assert all(f">{code}<" in html for code in ("INC01", "RST01", "LOG01", "DAT01", "CLN01", "PRG01", "GAT04"))
    assert html.count('id="strip-2026-W') == 2 * 9  # the title and the words of each week's strip
    assert all(f"{outing.name}" in html for outing in OUTINGS if outing.stage is not None)
    assert "On the last jog, going downhill." in html
    assert "HOLD</span> The next run stays at stage 7." in html
    assert html.count('class="speed"') == html.count('class="run') - 1 == 24  # every run with its trace; one table


def test_the_report_explains_every_code_it_uses(played: Played) -> None:
    """Whoever is handed the page has nothing beside it."""
    html = played.result.report_path.read_text(encoding="utf-8")
    used = set(re.findall(r'<a class="code" href="#rule-(\w+)">', html))
    assert used == set(re.findall(r'<dt><span class="code">(\w+)</span> .+</dt>', html))


def test_every_step_is_told_once_and_in_order(played: Played) -> None:
    """Whoever watches must see that it moves, and when it is done."""
    assert [step.number for step in played.steps] == list(range(1, played.steps[0].of + 1))
    assert [step.at for step in played.steps] == sorted(step.at for step in played.steps)
    assert sum(step.kind == "import" for step in played.steps) == len(OUTINGS)
    assert not [step.text for step in played.steps if "failed" in step.text]


def test_the_folder_goes_on_as_any_other(played: Played) -> None:
    """She will try the commands on it: what is stored must give the same verdict again."""
    with Store.open(played.result.settings.db_path) as store:
        again = bring_up_to_date(store, store.runner(), played.result.standing.recommendation.as_of)
    assert again.recommendation == played.result.standing.recommendation


@pytest.mark.skipif(os.name == "nt", reason="modes are best effort on Windows")
def test_what_it_writes_is_private(played: Played) -> None:
    """The demo shows how her own data will be kept."""
    settings = played.result.settings
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700
    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_it_is_over_before_anyone_gives_up(played: Played) -> None:
    """A report within a minute of the install."""
    assert played.seconds < 60


def test_a_folder_in_use_is_left_alone(played: Played) -> None:
    """An invented runner among her own data would be judged as her."""
    settings = played.result.settings
    before = settings.db_path.read_bytes()
    with pytest.raises(DemoError, match="holds a runner's data already"):
        run(settings.data_dir)
    assert settings.db_path.read_bytes() == before


def test_nothing_of_her_own_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in a shell where her own folder is set must not write into it."""
    own = tmp_path / "own"
    monkeypatch.setenv("RESTRIDE_DATA", str(own))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    result = run()
    assert not own.exists()
    assert result.settings.data_dir != resolve().data_dir
    assert result.settings.data_dir.parent == tmp_path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of nothing but what is packaged."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("ingest", "analysis", "monitor", "fixtures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def editable(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Install it for editing, as pip would: build the editable wheel and unpack it."""
    site, out = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools.build_meta import build_editable; build_editable(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, str(out)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(out.glob("restride-*.whl"))) as wheel:
        wheel.extractall(site)
    return site


def found(*, site: Path | None, folder: Path) -> subprocess.CompletedProcess[str]:
    """Ask a fresh interpreter, without this one's packages, where the demo's files are."""
    add = f"import site; site.addsitedir({str(site)!r}); " if site else ""
    code = f"{add}from monitor.demo import story_files; print(story_files())"
    return subprocess.run([sys.executable, "-S", "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_an_editable_install_finds_the_demo(source: Path, editable: Path, tmp_path: Path) -> None:
    """Whoever works on the program installs it so; the package is mapped to another folder there."""
    done = found(site=editable, folder=tmp_path)
    assert done.stdout.strip() == str(source / "fixtures" / "demo"), done.stderr


def test_a_checkout_that_is_not_installed_finds_the_demo(source: Path) -> None:
    """`python -m monitor.cli demo` in a fresh clone."""
    done = found(site=None, folder=source)
    assert done.stdout.strip() == str(source / "fixtures" / "demo"), done.stderr


def test_an_installation_without_the_demo_says_so(source: Path, tmp_path: Path) -> None:
    """A package that leaves the files out must not end in a traceback about importlib."""
    shutil.copytree(source / "monitor", tmp_path / "monitor")
    shutil.copytree(source / "analysis", tmp_path / "analysis")
    done = found(site=None, folder=tmp_path)
    assert done.returncode == 1
    assert "DemoError: The demo's files are not part of this installation." in done.stderr


def test_what_she_reads_each_week_is_what_the_documents_show() -> None:
    """Write it anew: python -m tests.demo_weeks > docs/demo-weeks.md."""
    shown = (ROOT / "docs" / "demo-weeks.md").read_text(encoding="utf-8")
    assert shown == page()
    assert all(len(line) <= 80 for line in re.findall(r"```\n(.*?)```", shown, re.DOTALL)[0].splitlines())
