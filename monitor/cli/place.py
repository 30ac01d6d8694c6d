"""Where a command works: whose data, in which folder, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.cli.printing import say, tell
from monitor.cli.trouble import Refused
from monitor.config import Settings, prepare, resolve

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

    def say_what_is_urgent(self, *, say: Callable[[str], None]) -> None:
        """Put the notice of an urgent sign (CAR02) before anything else, until a clinician was seen."""
        if not any(entry.urgent for entry in self.facts().check_ins):
            return
        from monitor.cli.recommendation_text import notice

        for line in notice(self.standing().recommendation.as_json()):
            say(line)

    def say_what_changed(self) -> None:
        """Print the recommendation that holds after a fact was added."""
        from monitor.cli.recommendation_text import changed

        for line in changed(self.standing().recommendation.as_json()):
            say(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The three answers that every command needs."""

    data: Path | None  # None: the environment, the settings file or the system's own place decides
    runner: str | None  # None: the only one, or the first
    now: datetime  # aware UTC
    json: bool = False  # stdout is one JSON object

    def settings(self) -> Settings:
        """Find the data folder; creates nothing."""
        return resolve(self.data)

    @contextmanager
    def store(self, *, anew: bool = False) -> Iterator[Store]:
        """Open the store, making the data folder where there is none; `anew` see `Store.open`."""
        from monitor.store import Store

        settings = self.settings()
        prepare(settings)
        store = Store.open(settings.db_path, anew=anew)
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
        settings = self.settings()
        check_set_up(settings)
        with self.store() as store:
            runner = runner_named(store.runners(), self.runner) or store.runner(self.runner)
            here = Opened(settings=settings, store=store, runner=runner, now=self.now)
            here.say_what_is_urgent(say=tell if self.json else say)
            yield here


def check_set_up(settings: Settings) -> None:
    """Refuse where there is no database; where files say that there was one, say what to do about it."""
    if settings.db_path.exists():
        return
    from monitor.archive import Archive

    if next(Archive(settings.archive_dir).names(), None) is None:
        raise Refused(f"nothing is set up in {settings.data_dir} yet; begin with: restride init")
    raise Refused(
        f"restride.db is missing in {settings.data_dir}, though its archive holds files. If a restore was stopped, run "
        "it again. Else what it held is lost: restore a backup into another folder with `restride --data DIR restore "
        "FILE`, or, without one, begin anew with `restride init`, and import the archive folder"
    )


def runner_named(runners: Sequence[Runner], name: str | None) -> Runner | None:
    """Find a runner by name, written large or small where only one is meant; without a name the first."""
    if name is None:
        return next(iter(runners), None)
    meant = [r for r in runners if r.name == name] or [r for r in runners if r.name.casefold() == name.casefold()]
    return meant[0] if len(meant) == 1 else None
