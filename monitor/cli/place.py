"""Where a command works: whose data, in which folder, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.archive import Archive
from monitor.cli.printing import say, tell, urgent
from monitor.cli.trouble import Refused
from monitor.config import ConfigError, Settings, prepare, resolve
from monitor.text import folded, same_name

if TYPE_CHECKING:
    from monitor.facts import Fact, Facts, Runner
    from monitor.standing import Standing
    from monitor.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A data folder with its store open, and the runner whose turn it is."""

    settings: Settings
    store: Store
    runner: Runner
    now: datetime

    def facts(self) -> Facts:
        """Load all that was told."""
        return self.store.facts(self.runner)

    def zone(self) -> ZoneInfo:
        """Give her zone now; UTC while none was set."""
        return self.facts().zone_at(self.now)

    def today(self) -> date:
        """Give her date."""
        return self.now.astimezone(self.zone()).date()

    def add(self, fact: Fact) -> None:
        """Store a fact; the store gives it its number."""
        self.store.add_fact(self.runner, fact)

    def add_all(self, facts: Sequence[Fact]) -> None:
        """Store several facts, all of them or none."""
        self.store.add_facts(self.runner, facts)

    def standing(self) -> Standing:
        """Work out where she stands, and issue a recommendation where it changed."""
        from monitor.issuing import bring_up_to_date

        return bring_up_to_date(self.store, self.runner, self.now)

    def note_what_is_urgent(self) -> tuple[str, ...]:
        """Give the notice of an urgent sign (CAR02), and note it for what is printed as JSON."""
        lines: tuple[str, ...] = ()
        if any(entry.urgent for entry in self.facts().check_ins):
            from monitor.cli.recommendation_text import notice
            from monitor.report.make_summary import summary_now

            lines = tuple(notice(summary_now(self.standing())))
        urgent.set(_for_a_program(lines))
        return lines

    def say_what_changed(self) -> None:
        """Print the recommendation that holds after a fact was added."""
        from monitor.cli.recommendation_text import changed
        from monitor.report.make_summary import summary_now

        for line in changed(summary_now(self.standing())):
            say(line)

    def say_why_not(self, stage: int) -> None:
        """Say why the next run is not at a stage that was just named, where a symptom holds her below it."""
        from monitor.cli.layout import wrapped
        from monitor.report import wording

        said = self.standing().recommendation
        held = [reason for reason in said.reasons if reason.code in ("OVR01", "PLN01")]
        if held and said.next_stage != stage:
            tell(wrapped(wording.sentence(held[0].message) + "."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The three answers that every command needs."""

    data: Path | None  # None: the environment, the settings file or the system's own place decides
    runner: str | None  # None: the only one, or the first
    now: datetime  # aware UTC
    for_a_program: bool = False  # what goes to stdout, so that people are told beside it

    def say_what_is_urgent(self, *, say: Callable[[str], None], runner: str | None = None) -> None:
        """Put the notice of an urgent sign first, where a command does not open her data, or asks before it does.

        Where it names whose, what is printed as JSON is about her, and has the notice too.

        Args:
            say: prints a line.
            runner: whose, where it is another than the one the options name.
        """
        from monitor.cli.urgent import found

        try:
            settings = self.settings()
        except ConfigError:  # for the commands that need the settings to say
            return
        lines = found(settings, runner or self.runner, self.now)
        if runner is not None:
            urgent.set(_for_a_program(lines))
        for line in lines:
            say(line)

    def settings(self) -> Settings:
        """Find the data folder; creates nothing."""
        return resolve(self.data)

    def in_use(self) -> Settings:
        """Find the data folder that `init` has made.

        Raises:
            Refused: nothing was set up there yet.
        """
        settings = self.settings()
        if not settings.db_path.exists() and not Archive(settings.archive_dir).holds_any():
            raise Refused(f"nothing is set up in {settings.data_dir} yet; begin with: restride init")
        return settings

    @contextmanager
    def store(self, *, makes: bool = False) -> Iterator[Store]:
        """Open the store; the folders are made where there are none.

        Args:
            makes: make a database too, where none was lost: its archive would hold what came.

        Raises:
            StoreError: it cannot be used, or is lost.
        """
        from monitor.store import Lost, Store

        settings = self.settings()
        prepare(settings)
        was_used = Archive(settings.archive_dir).holds_any()
        try:
            store = Store.open(settings.db_path, makes=makes and not was_used)
        except Lost as error:
            if was_used:
                raise Lost(f"{error}, once the folder {settings.archive_dir} is moved away.") from error
            raise
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Open what `init` has made.

        Raises:
            Refused: nothing was set up there yet.
            StoreError: there is no runner of that name.
        """
        settings = self.in_use()
        with self.store() as store:
            runner = runner_named(store.runners(), self.runner) or store.runner(self.runner)
            here = Opened(settings=settings, store=store, runner=runner, now=self.now)
            for line in here.note_what_is_urgent():  # before anything else
                (tell if self.for_a_program else say)(line)
            yield here


def _for_a_program(lines: Iterable[str]) -> tuple[str, ...]:
    """Give the lines of a notice without what lays them out."""
    return tuple(" ".join(line.split()) for line in lines if line)


def runner_named(runners: Sequence[Runner], name: str | None) -> Runner | None:
    """Find a runner by name, written large or small where only one is meant; without a name the first."""
    if name is None:
        return next(iter(runners), None)
    exact = [r for r in runners if r.name == name] or [r for r in runners if same_name(r.name, name)]
    meant = exact or [r for r in runners if folded(r.name) == folded(name)]
    return meant[0] if len(meant) == 1 else None
