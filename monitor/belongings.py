"""What in a data folder and its inbox belongs to one runner: found before it is erased, and nothing of others."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.archive import Archive
from monitor.config import Settings
from monitor.facts import Runner
from monitor.report_file import DATA
from monitor.strays import hashes_of, strays
from monitor.text import folded
from monitor.whose import owner_of

if TYPE_CHECKING:
    from monitor.store import Store

_TITLE = re.compile(rb"<title>Return to running: ([^<]*)</title>")
_RUNNER = re.compile(rb'"runner": ("(?:[^"\\]|\\.)*")')  # of a report in JSON
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_HEAD_BYTES = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """All that is to be erased with a runner."""

    counts: Mapping[str, int]  # rows, by table
    archived: tuple[str, ...]  # copies that no other runner has, by SHA-256
    reports: tuple[Path, ...]
    inbox: tuple[Path, ...]
    elsewhere: tuple[Path, ...]  # in the data folder: files that a watcher moved there, and other copies
    saved: tuple[Path, ...]  # exports, backups and databases in the data folder that she is in
    unnamed: int  # copies that no row names, left by an import that was killed: nobody knows whose
    closed: int  # files and folders in the data folder that cannot be looked into
    inbox_is_inside: bool  # the data folder
    inbox_trouble: str | None  # why the inbox cannot be looked into
    is_last: bool  # nobody else is in this data folder


def belongings(store: Store, settings: Settings, runner: Runner) -> Belongings:
    """Find everything of a runner."""
    runners = store.runners()
    others, inside_others = store.rows.files_of_others(runner)
    originals = store.originals(runner)
    hers = {sha256 for o in originals for sha256 in (o.sha256, o.content_sha256) if sha256 is not None}
    is_inside = _is_inside(settings)
    alone = hers - others - inside_others
    beside = strays(settings, runner.name, alone, {o.size_bytes for o in originals})
    named = set(store.rows.archived())
    inbox, trouble = _Inbox(
        folder=settings.inbox_dir,
        is_inside=is_inside,
        runner=runner,
        runners=runners,
        hers=alone,
        others=others | inside_others,
        keys=set(store.inbox.all(runner)),
    ).find()
    return Belongings(
        counts=store.rows.counts(runner),
        archived=tuple(o.sha256 for o in originals if o.sha256 not in others),
        reports=tuple(_reports(settings.reports_dir, runner, runners, alone)),
        inbox=tuple(inbox),
        elsewhere=beside.hers,
        saved=beside.saved,
        unnamed=sum(sha256 not in named for sha256 in Archive(settings.archive_dir).names()),
        closed=beside.closed,
        inbox_is_inside=is_inside,
        inbox_trouble=trouble,
        is_last=all(one.id == runner.id for one in runners),
    )


def _is_inside(settings: Settings) -> bool:
    """Say whether the inbox is a folder of its own in the data folder, and not one that holds anything else."""
    inbox, ours = settings.inbox_dir, (settings.db_path, settings.archive_dir, settings.reports_dir)
    return inbox.is_relative_to(settings.data_dir) and not any(
        one.is_relative_to(inbox) or inbox.is_relative_to(one) for one in ours
    )


def own_folder(inbox: Path, runner: Runner) -> list[Path]:
    """Give the folders in an inbox that bear a runner's name."""
    return [path for path in inbox.iterdir() if path.is_dir() and folded(path.name) == folded(runner.name)]


def _reports(folder: Path, runner: Runner, runners: tuple[Runner, ...], hashes: AbstractSet[str]) -> Iterator[Path]:
    """Find her reports: by their names, which hold her number unless she is the first, by her name in a page, and by
    her recordings in tables."""
    first, alone = runners[0].id == runner.id, len(runners) == 1
    when = r"restride-\d{4}-(\d\d-\d\d|W\d\d)"  # as `monitor.report_file.report_name` writes it
    numbered = re.compile(rf"{when}-{runner.id}(-tables|\..*)?", re.IGNORECASE)
    plain = re.compile(rf"{when}(-tables|\..*)", re.IGNORECASE)
    found = list(below(folder)) if folder.is_dir() else []
    tables = {path.parent for path in found if path.name == "bouts.csv" and _names_one(path, hashes)}
    for path in found:
        if is_real_folder(path):
            continue
        owner = _owner(path, runners)
        unfinished = path.name.startswith(".") and path.name.endswith(".tmp")
        top = path.relative_to(folder).parts[0]  # a folder of tables bears the name
        named = numbered.fullmatch(top) or (first and plain.fullmatch(top))
        if (
            path.parent in tables
            or alone
            or unfinished
            or (owner is None and named)
            or (owner is not None and owner.id == runner.id)
        ):
            yield path


def _names_one(path: Path, hashes: AbstractSet[str]) -> bool:
    """Say whether a table names one of these files."""
    try:
        return not hashes.isdisjoint(_SHA256.findall(path.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False


def _owner(path: Path, runners: tuple[Runner, ...]) -> Runner | None:
    """Find whose report a file is by what it says; None where it does not say, or names nobody who is here."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    if head.startswith(DATA) and (said := _RUNNER.search(head)):
        return next((one for one in runners if json.dumps(one.name, ensure_ascii=False).encode() == said[1]), None)
    found = _TITLE.search(head)
    title = "" if found is None else html.unescape(found[1].decode("utf-8", "replace"))
    meant = [one for one in runners if title.startswith(f"{one.name},")]
    return max(meant, key=lambda one: len(one.name), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inbox:
    """The folder where exports arrive, and what tells whose they are."""

    folder: Path
    is_inside: bool
    runner: Runner
    runners: tuple[Runner, ...]
    hers: AbstractSet[str]  # SHA-256 of files that she alone has
    others: AbstractSet[str]  # SHA-256 of files that others have
    keys: AbstractSet[str]  # where the watcher found files of hers

    def find(self) -> tuple[list[Path], str | None]:
        """List her files; and why that is not possible, where it is not."""
        if self.is_inside and not self.folder.exists():
            return [], None
        try:
            return [path for path in below(self.folder) if not is_real_folder(path) and self._is_hers(path)], None
        except OSError as error:
            return [], (error.strerror or "it cannot be read").lower()

    def _is_hers(self, path: Path) -> bool:
        """Say whether a file is hers. Outside the data folder only what is surely hers is: others put files there."""
        parts = path.relative_to(self.folder).parts
        if len(self.runners) > 1 and len(parts) > 1 and (owner := owner_of(parts[0], self.runners)) is not None:
            return owner.id == self.runner.id
        if self.is_inside and len(self.runners) == 1:
            return True
        if path.is_symlink():
            return False
        hashes = hashes_of(path)
        if not self.hers.isdisjoint(hashes):
            return True
        if not self.is_inside or not self.others.isdisjoint(hashes):
            return False
        # Not read yet: what was found for her; and at the root what is the first one's, or it would be the next one's.
        at_root = len(parts) == 1 and self.runners[0].id == self.runner.id
        return at_root or "/".join(parts) in self.keys


def below(folder: Path) -> Iterator[Path]:
    """Give all that is in a folder and its folders, hidden things too; links are given, and not followed."""
    left = sorted(folder.iterdir(), reverse=True)  # no recursion: folders may be nested a thousand deep
    while left:
        path = left.pop()
        yield path
        if is_real_folder(path):
            left += sorted(path.iterdir(), reverse=True)


def is_real_folder(path: Path) -> bool:
    """Say whether a path is a folder itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()
