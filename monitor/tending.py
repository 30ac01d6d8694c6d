"""The work that a watcher has done: files and check-ins taken in, what follows from them issued, and all of it told.

It may be cut off at any instant, and is done again from the beginning: what was taken in is known, what was issued is
not issued twice, and what was to be told is a row until it was told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ingest.inbox import Entry
from monitor.config import Settings
from monitor.watch_state import InboxNews
from monitor.weekly_time import WeeklyTime

if TYPE_CHECKING:
    from monitor.facts import Runner
    from monitor.import_result import ImportResult
    from monitor.store import InboxFile, Message, Store
    from monitor.watching import Watching

MANY = 20
"""After more files than this at once, they are counted instead of told one by one."""
DUE_AT = time(19)
"""By her clock: when she is asked for the answers that are missing, once for each."""
NOBODYS_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to be said."""

    text: str  # for her eyes
    discreet: str  # for a log; nothing where there is nothing to log


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look brought that is to be worked on; nothing of it where only the time came to look at the calendar."""

    entries: tuple[Entry, ...] = ()
    news: tuple[InboxNews, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By which clock a runner is told things."""

    runner: int
    zone: str
    weekly: WeeklyTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tended:
    """What came of a round of work."""

    clocks: tuple[Clock, ...] = ()
    failed: int = 0  # files that could not be taken in
    waiting: int = 0  # files that were looked into and are still arriving
    next_send_at: datetime | None = None  # when a notification is to be tried again
    trouble: str | None = None  # why the work could not be done, in words


@dataclass(kw_only=True)
class Tending:
    """A round of work.

    Attributes:
        store, settings, watching: where, and how.
        now: the clock.
        tell: says a line; once it returns, the line was said.
        keep: is told what is known of files in the inbox from now on.
        stopping: whether to stop at the next safe place.
        executor: reads the files; in this process when left out.
    """

    store: Store
    settings: Settings
    watching: Watching
    now: Callable[[], datetime]
    tell: Callable[[Line], None]
    keep: Callable[[Sequence[InboxFile]], None] = lambda files: None
    stopping: Callable[[], bool] = lambda: False
    executor: Executor | None = None
    _failed: int = field(default=0, init=False)
    _waiting: int = field(default=0, init=False)

    def run(self, found: Found) -> Tended:
        """Do all there is to do."""
        from monitor.whose import share

        runners = self.store.runners()
        if not runners:
            return Tended(trouble="There is no runner here yet. Run `restride init` first.")
        shares = share(found.entries, runners)
        for runner in runners:
            self._say_new(runner)  # what a process that was killed did not come to say
            self._take_in(runner, shares.of[runner.id])
            if not self.stopping():
                self._bring_up_to_date(runner)
            self._say_new(runner)
        for folder, entries in shares.nobodys.items():
            self._nobodys(runners[0], folder, entries)
        self._say_new(runners[0])
        return Tended(
            clocks=tuple(self._clock(runner) for runner in runners), failed=self._failed, waiting=self._waiting
        )

    def known(self) -> dict[str, InboxFile]:
        """Give what the store knows of the files in the inbox."""
        runners = self.store.runners()
        return {key: file for runner in reversed(runners) for key, file in self.store.inbox.all(runner).items()}

    # Files

    def _take_in(self, runner: Runner, entries: Sequence[Entry]) -> None:
        from monitor.intake import is_check_ins

        fresh = self._not_known(runner, entries)
        files = [entry for entry in fresh if not is_check_ins(entry)]
        if files:
            self._take_in_files(runner, files)
        for entry in fresh:
            if is_check_ins(entry) and not self.stopping():  # after the runs they are about
                self._take_in_check_ins(runner, entry)
                self._say_new(runner)

    def _not_known(self, runner: Runner, entries: Sequence[Entry]) -> list[Entry]:
        """Leave out what was settled as it is, and say so to whoever remembers."""
        from monitor.store import InboxState

        if not entries:
            return []
        known = self.store.inbox.all(runner)
        fresh, settled = [], []
        for entry in entries:
            file = known.get(entry.key)
            if file is not None and file.signature == entry.signature and file.state is InboxState.SETTLED:
                settled.append(file)
            else:
                fresh.append(entry)
        self.keep(settled)
        return fresh

    def _take_in_files(self, runner: Runner, entries: Sequence[Entry]) -> None:
        from monitor.archive import Archive
        from monitor.import_result import Outcome, summary
        from monitor.intake import take_in
        from monitor.store import InboxState

        few = len(entries) <= MANY
        results: list[ImportResult] = []

        def on_kept(file: InboxFile, came: tuple[ImportResult, ...]) -> None:
            if few and came:
                self._add(runner, _message_of(file, came, self.now()))

        archive = Archive(self.settings.archive_dir)
        for file, came in take_in(
            self.store, archive, runner, entries, now=self.now, executor=self.executor, on_kept=on_kept
        ):
            self.keep([file])
            self._waiting += file.state is InboxState.WAITING
            self._failed += any(result.outcome is Outcome.FAILED for result in came)
            results += [replace(result, recordings=()) for result in came]
            self._say_new(runner)
            if self.stopping():
                break
        if results and not few:
            counts = ", ".join(f"{n} {outcome.value}" for outcome, n in summary(results).items() if n)
            for result in results:
                if result.outcome is Outcome.FAILED:
                    self.tell(Line(text=result.message, discreet=""))
            told = f"{len(results)} files: {counts}."
            self._add(runner, _message(f"files:{self.now().isoformat()}", "imported", told, told, self.now()))

    def _take_in_check_ins(self, runner: Runner, entry: Entry) -> None:
        """Take in a sheet of check-ins; its row settles with what it brought."""
        from ingest.errors import IngestError
        from ingest.files import load
        from monitor.checkin_intake import take_in_bytes
        from monitor.store import InboxFile, InboxState

        now = self.now()
        before = self.store.inbox.all(runner).get(entry.key)
        file = InboxFile(
            key=entry.key,
            size_bytes=entry.size_bytes,
            mtime_ns=entry.mtime_ns,
            ctime_ns=entry.ctime_ns,
            state=InboxState.SETTLED,
            first_seen_at=before.first_seen_at if before else now,
            looked_at=now,
        )
        name = entry.key.rpartition("/")[2]
        try:
            data = load(entry.path)
        except IngestError as error:
            tries = (before.tries if before else 0) + 1
            from monitor.arrivals import wait_s

            file = replace(
                file,
                state=InboxState.WAITING,
                tries=tries,
                next_try_at=now + timedelta(seconds=wait_s(tries)),
                reason_code=error.code,
                reason_message=str(error),
            )
            self.store.inbox.put(runner, [file])
            self.keep([file])
            self._waiting += 1
            return
        with self.store.together():
            reading = take_in_bytes(self.store, runner, data, name, now)
            sha256 = hashlib.sha256(data).hexdigest()
            file = replace(file, sha256=sha256)
            self.store.inbox.put(runner, [file])
            if reading.taken or reading.failed:
                told = reading.refused or f"{name}: {len(reading.taken)} taken, {len(reading.troubles)} not taken."
                self._add(runner, _message(f"file:{sha256}:{entry.key}", "imported", told, told, now))
        self._failed += reading.failed
        self.keep([file])

    def _nobodys(self, runner: Runner, folder: str, entries: Sequence[Entry]) -> None:
        """Let files wait that lie in a folder which names nobody, and say once what to do."""
        from monitor.store import InboxFile, InboxState

        now = self.now()
        told = (
            f"The files in the folder {folder} of the inbox wait: with several runners, a folder has the name of one "
            "of them. Rename it to the runner's name, or set her up with: restride init --name NAME"
        )
        known = self.store.inbox.all(runner)
        files = [
            InboxFile(
                key=entry.key,
                size_bytes=entry.size_bytes,
                mtime_ns=entry.mtime_ns,
                ctime_ns=entry.ctime_ns,
                state=InboxState.WAITING,
                first_seen_at=known[entry.key].first_seen_at if entry.key in known else now,
                looked_at=now,
                tries=1,
                next_try_at=now + NOBODYS_WAIT,
                reason_code="folder_of_nobody",
                reason_message=told,
            )
            for entry in entries
        ]
        self.store.inbox.put(runner, files)
        self._add(runner, _message(f"folder:{folder}", "trouble", told, "Files wait in a folder of nobody.", now))
        self.keep(files)
        self._waiting += len(files)

    # What follows, and telling it

    def _bring_up_to_date(self, runner: Runner) -> None:
        from monitor.issuing import bring_up_to_date

        now = self.now()
        with self.store.together():
            before = {issued.id for issued in self.store.facts(runner).issued}
            standing = bring_up_to_date(self.store, runner, now)
            for issued in standing.facts.issued:
                if issued.id not in before:
                    kind = "weekly" if issued.recommendation.get("weekly") else "changed"
                    told = f"{issued.outcome}: stage {issued.next_stage}."
                    self._add(runner, _message(f"issued:{issued.id}", kind, told, "A recommendation is there.", now))

    def _add(self, runner: Runner, message: Message) -> None:
        self.store.messages.add(runner, message)

    def _say_new(self, runner: Runner) -> None:
        """Say what was not said yet; it is noted only afterwards, so that it is said again rather than never."""
        from monitor.store import MessageState

        for message in self.store.messages.all(runner, MessageState.NEW):
            self.tell(Line(text=message.text, discreet=message.discreet))
            self.store.messages.update(runner, replace(message, state=MessageState.SAID))

    def _clock(self, runner: Runner) -> Clock:
        from monitor.weekly_time import weekly_time

        facts, now = self.store.facts(runner), self.now()
        return Clock(runner=runner.id, zone=facts.zone_at(now).key, weekly=weekly_time(facts, now))


def _message_of(file: InboxFile, results: Iterable[ImportResult], now: datetime) -> Message:
    told = " ".join(f"{result.message}." for result in results)
    return _message(f"file:{file.sha256}:{file.key}", "imported", told, "A file was taken in.", now)


def _message(key: str, kind: str, text: str, discreet: str, now: datetime) -> Message:
    from monitor.store import Message, MessageKind

    return Message(key=key, kind=MessageKind(kind), created_at=now.astimezone(UTC), text=text, discreet=discreet)
