"""The demo: eight weeks of an invented runner, played in time order into a data folder of their own.

Every step goes through the functions that the commands use; only the files, the answers and the clock come from the
story that ships with the program.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.config import Settings, open_private, prepare, resolve
from monitor.facts import Birth, Fact, Gate, Runner, Setting
from monitor.foundation import MOVEMENTS, Readiness

if TYPE_CHECKING:
    from monitor.recommendation import Recommendation
    from monitor.standing import Standing
    from monitor.store import Store

STORY = "story.json"
CHECKOUT = Path(__file__).resolve().parent.parent / "fixtures" / "demo"


class DemoError(Exception):
    """The demo cannot be played, in words: why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened in the story, after it happened."""

    number: int  # from 1
    of: int
    kind: str  # "set up" | "import" | "check in" | "weekly"
    at: datetime
    text: str  # one line for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The recommendation at the end of a week."""

    at: datetime
    recommendation: Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo left behind."""

    settings: Settings
    runner: Runner
    standing: Standing
    weekly: tuple[Weekly, ...]
    report_path: Path


OnStep = Callable[[Step], None]


def run(data_dir: Path | None = None, *, on_step: OnStep | None = None) -> DemoResult:
    """Play the story into a new data folder, and write the report.

    Args:
        data_dir: where to; None for a new folder among the system's temporary ones. It stays there.
        on_step: told after each step.

    Raises:
        DemoError: the folder holds a runner's data already, or the demo's files are not installed.
        ConfigError: the folder cannot be made, or cannot be made private.
    """
    from monitor.store import Store

    files = story_files()
    story = json.loads((files / STORY).read_text(encoding="utf-8"))
    settings = _new_folder(data_dir)
    steps = story["steps"]
    first = datetime.fromisoformat(steps[0]["at"])
    weekly = []
    with Store.open(settings.db_path) as store:
        player = _Player(files, settings, store, store.add_runner(story["runner"], first))
        for number, step in enumerate(steps, 1):
            at = datetime.fromisoformat(step["at"])
            text, standing = player.play(step, at)
            if step["do"] == "weekly":
                weekly.append(Weekly(at=at, recommendation=standing.recommendation))
            if on_step is not None:
                on_step(Step(number=number, of=len(steps), kind=step["do"], at=at, text=text))
        page = _page(player, standing)
    report_path = settings.reports_dir / f"restride-{at.astimezone(standing.facts.zone_at(at)).date()}.html"
    with open_private(report_path) as file:
        file.write(page.encode("utf-8"))
    return DemoResult(
        settings=settings,
        runner=player.runner,
        standing=standing,
        weekly=tuple(weekly),
        report_path=report_path,
    )


def _page(player: _Player, standing: Standing) -> str:
    """Write the report of the story, with the traces of all its runs."""
    from monitor.archive import Archive
    from monitor.report.make_report import report_of
    from monitor.report.page import page
    from monitor.report.traces import traces_of

    archive, since = Archive(player.settings.archive_dir), standing.sessions[0].local_date
    traces = tuple(traces_of(standing, player.store, archive, player.runner, since=since))
    zone = standing.facts.zone_at(standing.recommendation.as_of)
    return page(report_of(standing, runner_name=player.runner.name, zone=zone, traces=traces))


def story_files() -> Traversable:
    """Find the demo's files: in the installed package, or in the checkout that this module lies in.

    Raises:
        DemoError: they are in neither.
    """
    try:
        installed = resources.files("monitor.demo_data")
    except ModuleNotFoundError:
        installed = CHECKOUT
    if not (installed / STORY).is_file():
        raise DemoError("The demo's files are not part of this installation. Install Restride again.")
    return installed


def _new_folder(data_dir: Path | None) -> Settings:
    """Make the demo's data folder; one that is in use is left alone."""
    if data_dir is None:
        data_dir = Path(tempfile.mkdtemp(prefix="restride-demo-"))
    settings = resolve(data_dir)
    if settings.db_path.exists():
        raise DemoError(f"{settings.data_dir} holds a runner's data already. Choose an empty folder for the demo.")
    prepare(settings)
    return settings


class _Player:
    """Does what the story says, step by step."""

    def __init__(self, files: Traversable, settings: Settings, store: Store, runner: Runner) -> None:
        self.files = files
        self.settings = settings
        self.store = store
        self.runner = runner
        self.identities: dict[str, str] = {}  # of the recording in each file

    def play(self, step: dict[str, Any], at: datetime) -> tuple[str, Standing]:
        """Do one step, and give a line about it and where she stands after it."""
        from monitor.issuing import bring_up_to_date

        text = self._do(step, at)
        standing = bring_up_to_date(self.store, self.runner, at)
        return text or _verdict(standing), standing

    def _do(self, step: dict[str, Any], at: datetime) -> str | None:
        """Record what a step brings, and say what it was; None where only time has passed."""
        match step["do"]:
            case "set up":
                self.store.add_facts(self.runner, list(_set_up(step, at)))
                return f"{self.runner.name}: birth {step['birth']}, clearance, healing and readiness recorded"
            case "import":
                return self._import(step["file"], at)
            case "check in":
                self.store.add_fact(self.runner, _check_in(step, self.identities[step["about"]], at))
                return f"answered: {', '.join(step['windows']).replace('_', ' ')}"
            case "weekly":
                return None
            case unknown:
                raise DemoError(f"The demo's story holds a step that this version does not know: {unknown}.")

    def _import(self, name: str, at: datetime) -> str:
        """Put a file into the inbox, as a watch's sync would, and import it."""
        from monitor.archive import Archive
        from monitor.importer import import_paths

        path = self.settings.inbox_dir / name
        with open_private(path) as file:
            file.write((self.files / name).read_bytes())
        (result,) = import_paths(self.store, Archive(self.settings.archive_dir), self.runner, [path], now=at)
        for recording in result.recordings:
            self.identities[name] = recording.identity
        return result.message


def _set_up(step: dict[str, Any], at: datetime) -> Iterator[Fact]:
    """Give what `init`, `gate` and `readiness` would record."""
    yield Birth(id=0, recorded_at=at, on=date.fromisoformat(step["birth"]))
    yield Setting(id=0, recorded_at=at, at=at, key="zone", value=step["zone"])
    yield Gate(id=0, recorded_at=at, code="GAT01", on=date.fromisoformat(step["clearance"]))
    yield Gate(id=0, recorded_at=at, code="GAT02", on=date.fromisoformat(step["healed"]))
    done_at = datetime.fromisoformat(step["readiness"])
    yield Readiness(id=0, recorded_at=at, done_at=done_at, results=dict.fromkeys(MOVEMENTS, True))


def _check_in(step: dict[str, Any], identity: str, at: datetime) -> CheckIn:
    return CheckIn(
        id=0,
        recorded_at=at,
        recording=identity,
        windows=frozenset(Window(window) for window in step["windows"]),
        pain=step["pain"],
        leakage=Leakage(step["leakage"]),
        heaviness=Heaviness(step["heaviness"]),
        soreness=step.get("soreness"),
        effort=step.get("effort"),
        note=step.get("note"),
    )


def _verdict(standing: Standing) -> str:
    """Say in a line what holds now, and by which rules."""
    from monitor.report.make_summary import headline

    said = standing.recommendation
    codes = ", ".join(dict.fromkeys(reason.code for reason in said.reasons))
    return f"{said.outcome.value}: {headline(said.outcome.value, said.last_stage, said.next_stage)} ({codes})"
