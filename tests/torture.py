"""Months of accidents in minutes: real processes, killed at random, on an inbox and a disk that misbehave.

A writer drops exports slowly, in pieces, out of order, under other names, in place of others and twice, while the
watcher and an import beside it are killed with SIGKILL again and again, the inbox becomes read-only, is closed or
vanishes for a while, and the disk fills. In the end the store must hold what a quiet import of the same files holds.

    python -m tests.torture --kills 100 --seed 1
    python -m tests.torture --kills 300 --seed 2 --corpus DIR

It prints what was done and what was found, and fails where anything was lost, doubled or left behind.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.inbox import look
from monitor import watch_state
from monitor.archive import Archive
from monitor.config import resolve
from monitor.store import InboxState, MessageState, Store
from tests.command import process
from tests.torture_writer import PASSING, own_corpus, real_corpus, write_all
from tests.watched import Watched

CALM_S = 240.0
"""So long everything may take to settle once nothing is disturbed any more; no wait of ours is longer than this."""

_DROP_FROM_BOUNDING_SET, _OVERRIDE, _READ_SEARCH = 24, 1, 2  # prctl; capabilities by which permissions do not hold


# What is compared


@dataclass(frozen=True)
class Contents:
    """All that a store holds of files, without what depends on the order in which they came."""

    originals: Mapping[str, str]  # by what is inside each, its outcome
    recordings: Mapping[str, str]  # by identity, all that was observed
    names: Mapping[str, str]  # of the originals, for messages: of equal files the first

    def differences(self, other: Contents) -> list[str]:
        """Say what only one of both holds, or holds otherwise."""
        found = []
        for what in ("originals", "recordings"):
            mine, others = getattr(self, what), getattr(other, what)
            found += [
                f"{what}: {key[:16]}… {self.names.get(key) or other.names.get(key)} "
                f"{str(mine.get(key))[:80]} instead of {str(others.get(key))[:80]}"
                for key in sorted(mine.keys() | others.keys())
                if mine.get(key) != others.get(key)
            ]
        return found


def contents(data: Path) -> Contents:
    """Read what a store holds."""
    with Store.open(data / "restride.db") as store:
        runner = store.runner()
        originals = store.originals(runner)
        observed = store.observed(runner)
    # What a writer puts under a name for a while counts for nothing here: it may have been read, or not.
    passing = hashlib.sha256(PASSING).hexdigest()
    kept = [original for original in originals if original.sha256 != passing]
    named = Counter(original.content_sha256 or original.sha256 for original in kept)
    assert max(named.values(), default=1) == 1, "one content is kept as two originals"
    return Contents(
        names={
            original.content_sha256 or original.sha256: f"{original.file_name} ({original.size_bytes} bytes)"
            for original in kept
        },
        originals={original.content_sha256 or original.sha256: original.outcome.value for original in kept},
        recordings={one.identity: repr(replace(one, file_name="")) for one in observed},  # of equal files the first
    )


def unsettled(data: Path, inbox: Path) -> Iterator[str]:
    """Say which files of the inbox are not known as they are now."""
    with Store.open(data / "restride.db") as store:
        rows = store.inbox.all(store.runner())
    for entry in look(inbox).entries:
        row = rows.get(entry.key)
        if row is None or row.state is not InboxState.SETTLED or row.signature != entry.signature:
            yield f"{entry.key} has not settled: {row}"


def faults(data: Path) -> Iterator[str]:
    """Say what is wrong in a data folder by itself: copies that are missing, what was left behind or never said.

    Nobody may be working on it: what is swept away here may be a file that is just being written.
    """
    archive = Archive(data / "archive")
    with Store.open(data / "restride.db") as store:
        runner = store.runner()
        for original in store.originals(runner):
            if hashlib.sha256(archive.get(original.sha256)).hexdigest() != original.sha256:
                yield f"the copy of {original.file_name} is not what was imported"
        messages = store.messages.all(runner)
    for key, count in Counter(message.key for message in messages).items():
        if count > 1:
            yield f"{count} messages about {key}"
    for message in messages:
        if message.state is MessageState.NEW:
            yield f"never said: {message.text[:80]}"
    archive.sweep(-1)
    for path in data.rglob("*.tmp"):
        yield f"left behind: {path.relative_to(data)}"


# The accidents


@dataclass
class Torture:
    """One run of it: where, and what was done so far."""

    base: Path
    data: Path
    inbox: Path
    chance: random.Random
    every_s: float
    longest_s: float  # between two accidents
    done: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def accident(self) -> None:
        """Let something happen to the folder or the disk, for a moment."""
        happens = [self.vanishes, self.is_closed, self.is_read_only]
        if (self.data / "ballast.room").exists():
            happens += [self.disk_fills, self.disk_fills]
        self.chance.choice(happens)()

    def vanishes(self) -> None:
        away = self.inbox.with_name("inbox.away")
        self.inbox.rename(away)
        self._a_while("vanished")
        while True:  # the writer may have made something in its place
            try:
                away.rename(self.inbox)
                return
            except OSError:
                shutil.rmtree(self.inbox, ignore_errors=True)

    def is_closed(self) -> None:
        self._with_mode(0o000, "closed")

    def is_read_only(self) -> None:
        self._with_mode(0o555, "read-only")

    def disk_fills(self) -> None:
        ballast = self.data / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            size = 1 << 24
            while size:
                try:
                    file.write(bytes(size))
                    file.flush()
                except OSError:
                    size //= 2
        self._a_while("disk full")
        ballast.unlink()

    def _with_mode(self, mode: int, what: str) -> None:
        self.inbox.chmod(mode)
        self._a_while(what)
        self.inbox.chmod(0o755)

    def _a_while(self, what: str) -> None:
        self.done[what] += 1
        time.sleep(self.chance.uniform(0.1, self.longest_s))

    def watcher(self) -> Watched:
        return Watched(self.data, "--every", str(self.every_s))

    def has_looked(self, watcher: Watched) -> bool:
        """Say whether a watcher has begun: before that a signal ends it as it ends any program."""
        state = watch_state.read(resolve(self.data))
        return state is not None and state.pid == watcher.process.pid

    def importer(self, folder: Path) -> subprocess.Popen[bytes]:
        """Import a folder of whole files beside the watcher."""
        environment = os.environ | {"RESTRIDE_DATA": str(self.data)}
        command = [sys.executable, "-m", "monitor.cli", "import", str(folder)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment)

    def kill(self, watcher: Watched) -> None:
        """Kill a watcher with its children, or alone; those end by themselves, a moment later."""
        if self.chance.random() < 0.3:
            with suppress(ProcessLookupError):
                os.killpg(watcher.process.pid, signal.SIGKILL)
        watcher.__exit__()
        if watcher.process.returncode != -signal.SIGKILL:
            self.done["watcher ended by itself"] += 1
            self.said.append(f"a watcher ended by itself ({watcher.process.returncode}): {watcher.said[-400:]}")
        self.done["watcher killed"] += 1

    def run(self, corpus: Mapping[str, bytes], whole: Path, kills: int, seed: int, pause_s: float) -> None:
        """Do it all, and come to rest."""
        finished = self.base / "finished"
        writer = multiprocessing.get_context("spawn").Process(
            target=write_all, args=(corpus, self.inbox, seed, pause_s, finished)
        )
        writer.start()
        watcher, importing = self.watcher(), None
        while self.done["watcher killed"] + self.done["import killed"] < kills:
            time.sleep(self.chance.uniform(0.05, self.longest_s))
            if self.chance.random() < 0.25:
                self.accident()
            if importing is not None and self.chance.random() < 0.6:
                importing.kill()
                self.done["import killed" if importing.wait() == -signal.SIGKILL else "import ended"] += 1
                importing = None
            elif importing is None and self.chance.random() < 0.3:
                importing = self.importer(whole)
            else:
                self.kill(watcher)
                watcher = self.watcher()
        if importing is not None:
            importing.wait()
        writer.join()
        assert writer.exitcode == 0
        assert finished.exists()
        until = time.monotonic() + CALM_S
        while time.monotonic() < until and watcher.process.poll() is None and any(unsettled(self.data, self.inbox)):
            time.sleep(0.5)
        while time.monotonic() < until and watcher.process.poll() is None and not self.has_looked(watcher):
            time.sleep(0.1)
        time.sleep(1)  # what came last is said by then
        watcher.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            watcher.process.wait(30)
        if watcher.process.returncode != 0:
            self.said.append(f"SIGTERM ended the watcher with {watcher.process.returncode}: {watcher.said[-400:]}")
        watcher.__exit__()


def torture(arguments: argparse.Namespace, base: Path, data: Path) -> list[str]:
    """Run it once and say what was wrong."""
    corpus = own_corpus(damaged=not arguments.short)
    if arguments.corpus is not None:
        corpus |= real_corpus(arguments.corpus)
    inbox, whole, quiet = base / "inbox", base / "whole", base / "quiet"
    inbox.mkdir()
    for key, content in corpus.items():
        path = whole / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for folder in (quiet, data):
        said = process(folder, "init", "--birth", "2025-11-17", "--zone", "Europe/Lisbon", "--inbox", str(inbox))
        assert said.returncode == 0, said.stderr
    began = time.monotonic()
    said = process(quiet, "import", str(whole))
    assert said.returncode in (0, 1), said.stderr  # 1: some are damaged
    expected = contents(quiet)
    beside = base / "beside"  # every third file is also imported by hand, again and again
    for key in sorted(corpus)[::3]:
        (beside / key).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(whole / key, beside / key)
    run = Torture(
        base=base,
        data=data,
        inbox=inbox,
        chance=random.Random(arguments.seed),
        every_s=arguments.every,
        longest_s=arguments.longest,
    )
    pause_s = arguments.pause if arguments.pause is not None else arguments.kills * arguments.longest / len(corpus) / 4
    run.run(corpus, beside, arguments.kills, arguments.seed, pause_s)
    found = [*run.said, *unsettled(data, inbox), *faults(data), *contents(data).differences(expected)]
    report = {
        "seed": arguments.seed,
        "files": len(corpus),
        "originals": len(expected.originals),
        "recordings": len(expected.recordings),
        "copies without a row": len(_unnamed(data)),
        "took_s": round(time.monotonic() - began, 1),
        **run.done,
    }
    print(json.dumps(report), flush=True)
    return found


def _unnamed(data: Path) -> set[str]:
    """Give the copies that no row names: a kill may leave them, and they do no harm."""
    with Store.open(data / "restride.db") as store:
        rows = {original.sha256 for original in store.originals(store.runner())}
    return {path.name for path in (data / "archive").glob("??/*") if path.is_file()} - rows


@contextmanager
def small_disk(data: Path, megabytes: int) -> Iterator[None]:
    """Put a small disk where the data folder will be, where that is allowed; else say why the disk cannot fill."""
    data.mkdir(mode=0o700)
    reason = "mounting needs root"
    is_mounted = False
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount"):
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(data)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        is_mounted, reason = said.returncode == 0, said.stderr.strip()
    if is_mounted:
        (data / "ballast.room").touch()
    else:
        print(f"The disk is not filled: {reason}.", flush=True)
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(data)], check=False)


def give_up_overriding() -> None:
    """Let permissions hold for root as well, from the next program on."""
    if sys.platform == "linux" and os.geteuid() == 0:
        for capability in (_OVERRIDE, _READ_SEARCH):
            ctypes.CDLL(None).prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="take the files of this folder as well")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two looks")
    parser.add_argument("--longest", type=float, default=6.0, help="seconds between two accidents, at most")
    parser.add_argument("--pause", type=float, help="seconds that the writer pauses, at most")
    parser.add_argument("--megabytes", type=int, default=150, help="size of the small disk")
    parser.add_argument("--short", action="store_true", help="without files that are waited for")
    parser.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.base is not None:
        found = torture(arguments, arguments.base, arguments.base / "data")
        print("\n".join(found) if found else "The same as a quiet import, and nothing left behind.", flush=True)
        return 1 if found else 0
    with tempfile.TemporaryDirectory(prefix="restride-torture-") as name:
        base = Path(name)
        with small_disk(base / "data", arguments.megabytes):
            command = [sys.executable, "-m", "tests.torture", *sys.argv[1:], "--base", name]
            return subprocess.run(command, preexec_fn=give_up_overriding, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
