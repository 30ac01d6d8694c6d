"""The work that a watcher has done: files and check-ins taken in, what follows from them issued, and all of it told.

It may be cut off at any instant, and is done again from the beginning: what was taken in is known, what was issued is
not issued twice, and what was to be told is a row until it was told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ingest.inbox import Entry
from ingest.names import shown
from monitor import messages
from monitor.archive import Archive
from monitor.arrivals import wait_s
from monitor.checkin_intake import Reading, take_in_bytes
from monitor.config import Settings
from monitor.facts import Runner
from monitor.import_result import ImportResult, Outcome
from monitor.intake import is_check_ins, take_in
from monitor.message import Message, MessageKind
from monitor.moving import Moved, move, put_back_all
from monitor.opening import ARRIVING, CANNOT_OPEN, Waits, read_sheet
from monitor.report.wording import count
from monitor.store import InboxFile, InboxState, Store
from monitor.telling import Telling
from monitor.watch_state import InboxNews
from monitor.watching import Watching
from monitor.weekly_time import weekly_time
from monitor.whose import Shares, share
from monitor.work import Clock, Found, Line, Tended

MANY = 20
"""After more files than this at once, they are counted instead of told one by one."""
NOBODYS = "folder_of_nobody"
NOBODYS_WAIT = timedelta(hours=1)
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""Before this there was no Restride: a computer without a battery starts in 1970, until the network tells it the time.
What is known by now would be of the future then, and she would be told that nothing of it is recorded."""

MOVED_AGAIN = timedelta(hours=1)
"""After so long a file that could not be moved is tried again: a drive comes back."""


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
    _is_refused: bool = field(default=False, init=False)
    _entries: dict[str, Entry] = field(default_factory=dict, init=False)
    _telling: Telling = field(init=False)

    def __post_init__(self) -> None:
        self._telling = Telling(store=self.store, settings=self.settings, now=self.now, tell=self.tell)

    def run(self, found: Found) -> Tended:
        """Do all there is to do."""
        runners = self.store.runners()
        if not runners:
            return Tended(trouble="There is no runner here yet. Run `restride init` first.")
        now = self.now()
        if now < EARLIEST:
            told = f"This computer's clock says {now:%Y-%m-%d}, which cannot be; until it is right nothing is taken in."
            return Tended(trouble=f"{told} Set the date and time of this computer.")
        put_back_all(self.settings.inbox_dir, self.watching.move_to)  # from a process that was killed
        self._tell_news(runners[0], found.news)
        self._entries = {entry.key: entry for entry in found.entries}
        shares = share(found.entries, runners)
        for runner in runners:
            self._leave_to_others(runner, shares)
            self._telling.say_new(runner)  # what a process that was killed did not come to say
            self._take_in(runner, shares.of[runner.id])
            if not self.stopping():
                self._telling.bring_up_to_date(runner)
                self._telling.say_new(runner)
        for folder, entries in shares.nobodys.items():
            self._nobodys(runners[0], folder, entries)
        self._telling.say_new(runners[0])
        sent = [] if self.stopping() else [self._telling.send(runner) for runner in runners]
        return Tended(
            clocks=tuple(self._clock(runner) for runner in runners),
            failed=self._failed,
            waiting=self._waiting,
            next_send_at=min((at for at in sent if at is not None), default=None),
            trouble=self._telling.trouble,
        )

    def known(self) -> dict[str, InboxFile]:
        """Give what the store knows of the files in the inbox."""
        runners = self.store.runners()
        return {key: file for runner in reversed(runners) for key, file in self.store.inbox.all(runner).items()}

    # Files

    def _take_in(self, runner: Runner, entries: Sequence[Entry]) -> None:
        fresh = self._not_known(runner, entries)
        files = [entry for entry in fresh if not is_check_ins(entry)]
        if files:
            self._take_in_files(runner, files)
        for entry in fresh:
            if is_check_ins(entry) and not self.stopping():  # after the runs they are about
                self._take_in_check_ins(runner, entry)

    def _leave_to_others(self, runner: Runner, shares: Shares) -> None:
        """Forget files that are another runner's by now: what a folder was called, or who there was, has changed."""
        others = {entry.key for id, entries in shares.of.items() if id != runner.id for entry in entries}
        stale = [key for key in self.store.inbox.all(runner) if key in others] if others else []
        if stale:
            self.store.inbox.drop(runner, stale)

    def _not_known(self, runner: Runner, entries: Sequence[Entry]) -> list[Entry]:
        """Leave out what was settled as it is, and say so to whoever remembers."""
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
        for file in settled:  # what a process that was killed did not come to move, or could not be moved
            self._move(file, again=True)
        return fresh

    def _take_in_files(self, runner: Runner, entries: Sequence[Entry]) -> None:
        few = len(entries) <= MANY
        results: list[ImportResult] = []

        def on_kept(file: InboxFile, came: tuple[ImportResult, ...]) -> None:
            failures = [result for result in came if result.outcome is Outcome.FAILED]
            told = came if few else failures  # of many only the counts are told, and each that failed
            self._telling.add(runner, messages.imported(told, key=_key(file), now=self.now()))
            if failures and file.state is InboxState.SETTLED:  # it is not moved, and can be listed
                failed = replace(file, reason_code=failures[0].code, reason_message=failures[0].message)
                self.store.inbox.put(runner, [failed])
            if file.reason_code == CANNOT_OPEN:
                why = file.reason_message or ""
                self._telling.add(runner, messages.not_opened(_key(file), why, now=self.now()))

        archive, before = Archive(self.settings.archive_dir), self.store.inbox.all(runner)
        for file, came in take_in(
            self.store, archive, runner, entries, now=self.now, executor=self.executor, on_kept=on_kept
        ):
            self.keep([file])
            self._waiting += file.state is InboxState.WAITING
            self._tell_arriving(runner, file, is_new=few and file.key not in before)
            self._failed += any(result.outcome is Outcome.FAILED for result in came)
            results += [replace(result, recordings=()) for result in came]
            self._telling.say_new(runner)
            if not any(result.outcome is Outcome.FAILED for result in came):
                self._move(file)
            if self.stopping():
                break
        if not few:
            self._telling.add(runner, messages.imported(results, key=f"files:{self.now().isoformat()}", now=self.now()))
            self._telling.say_new(runner)

    def _move(self, file: InboxFile, *, again: bool = False) -> None:
        """Move a file out of the inbox where she wishes it; one that failed, and a sheet of check-ins, stay.

        One that could not be moved is given again later, though the store knows that it is settled.
        """
        folder, entry = self.watching.move_to, self._entries.get(file.key)
        is_done = file.state is InboxState.SETTLED and file.sha256 is not None and file.reason_code is None
        if folder is None or entry is None or not is_done or is_check_ins(entry):
            return
        assert file.sha256 is not None
        came = move(entry.path, self.settings.inbox_dir, folder, file.sha256)
        if came is Moved.REFUSED:
            self.keep([replace(file, state=InboxState.WAITING, next_try_at=self.now() + MOVED_AGAIN)])
        if came is Moved.REFUSED and not (self._is_refused or again):
            self._is_refused = True
            told = (
                f"Files that were taken in stay in {self.settings.inbox_dir}: they could not be moved to {folder}. "
                "Check that the folder is there, or the one around it, and that it and the inbox may be written to."
            )
            self.tell(Line(text=told, discreet="files could not be moved out of the inbox"))

    def _take_in_check_ins(self, runner: Runner, entry: Entry) -> None:
        """Take in a sheet of check-ins; its row settles with what it brought."""
        now, is_new = self.now(), entry.key not in self.store.inbox.all(runner)
        file = self._row(runner, entry)
        came = read_sheet(entry, replace(file, tries=file.tries - 1))
        if isinstance(came, Waits):
            until = now + timedelta(seconds=wait_s(file.tries, most_s=came.most_s))
            file = replace(file, next_try_at=until, reason_code=came.code, reason_message=came.message)
            with self.store.together():
                self.store.inbox.put(runner, [file])
                if came.code != ARRIVING:
                    self._telling.add(runner, messages.not_opened(_key(file), came.message, now=now))
            self._waiting += 1
            self._tell_arriving(runner, file, is_new=is_new)
        else:
            with self.store.together():
                reading = take_in_bytes(self.store, runner, came, shown(entry.path.name), now)
                file = replace(file, state=InboxState.SETTLED, sha256=hashlib.sha256(came).hexdigest())
                self.store.inbox.put(runner, [file])
                if reading.taken or reading.failed:
                    self._telling.add(runner, _of_check_ins(reading, file))
            self._failed += reading.failed
        self.keep([file])

    def _tell_arriving(self, runner: Runner, file: InboxFile, *, is_new: bool) -> None:
        """Say once of a file that it is waited for: she may sit beside it."""
        if is_new and file.reason_code == ARRIVING and file.next_try_at is not None:
            self.tell(Line(text=file.reason_message or "", discreet="", runner=runner.id))

    def _nobodys(self, runner: Runner, folder: str, entries: Sequence[Entry]) -> None:
        """Let files wait that lie in a folder which names nobody, and say once what to do."""
        now = self.now()
        message = messages.folder_of_nobody(shown(folder), now=now)
        until, why = now + NOBODYS_WAIT, message.text
        files = [
            replace(self._row(runner, entry), next_try_at=until, reason_code=NOBODYS, reason_message=why)
            for entry in entries
        ]
        with self.store.together():
            self.store.inbox.put(runner, files)
            self._telling.add(runner, message)
        self.keep(files)
        self._waiting += len(files)

    def _row(self, runner: Runner, entry: Entry) -> InboxFile:
        """Give what is known of a file before it is opened: it waits."""
        before, now = self.store.inbox.all(runner).get(entry.key), self.now()
        is_same = before is not None and before.signature == entry.signature
        return InboxFile(
            key=entry.key,
            size_bytes=entry.size_bytes,
            mtime_ns=entry.mtime_ns,
            ctime_ns=entry.ctime_ns,
            state=InboxState.WAITING,
            first_seen_at=before.first_seen_at if before is not None and is_same else now,
            looked_at=now,
            tries=1 + (before.tries if before is not None and is_same else 0),
        )

    def _tell_news(self, runner: Runner, news: Sequence[InboxNews]) -> None:
        for one in news:
            if one.why is None:
                folder = str(self.settings.inbox_dir)
                self._telling.add(runner, messages.inbox_back(folder, since=one.since, now=self.now()))
            else:
                self._telling.add(runner, messages.inbox_gone(one.why, since=one.since))

    def _clock(self, runner: Runner) -> Clock:
        facts, now = self.store.facts(runner), self.now()
        return Clock(runner=runner.id, zone=facts.zone_at(now).key, weekly=weekly_time(facts, now))


def _key(file: InboxFile) -> str:
    """Name what came of a file: the same bytes under another name are told once more, and as known."""
    return f"file:{file.sha256 or file.signature}:{hashlib.sha256(file.key.encode()).hexdigest()[:12]}"


def _of_check_ins(reading: Reading, file: InboxFile) -> Message:
    """Tell what came of a sheet of check-ins."""
    known = f", {reading.known} known already" if reading.known else ""
    parts = [f"{reading.name}: {count(len(reading.taken), 'new entry', 'new entries')}{known}."]
    parts += [f"Not taken: {trouble}." for trouble in reading.troubles]
    return Message(
        key=_key(file),
        kind=MessageKind.TROUBLE if reading.failed else MessageKind.IMPORTED,
        created_at=file.looked_at,
        text=reading.refused or "\n".join(parts),
        discreet=messages.NOT_READ if reading.failed else messages.IMPORTED,
    )
