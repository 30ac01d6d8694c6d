"""An export back into a data folder: every byte verified before anything is written, and all rows or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ingest.names import shown
from monitor.archive import Archive
from monitor.bringing import bringing
from monitor.config import Settings, prepare
from monitor.facts import Runner
from monitor.portable.errors import PortableError, damaged
from monitor.portable.export import decoded
from monitor.portable.manifest import ROWS, Manifest, names
from monitor.portable.renumbering import Renumbering
from monitor.portable.unpacking import Unpacking
from monitor.store import MessageKind, MessageState, OriginalOutcome, RunnerExists, Store, UnreadableRow
from monitor.store.rows import Row, from_plain, keys
from monitor.text import a_name, same_name

LEFT_ALONE = frozenset({"inbox_file"})
"""Not put back: it tells of files in a folder of another time. What is there now is looked at, and known by content."""

_WORDS: Mapping[str, Mapping[str, type[StrEnum]]] = {
    "original": {"outcome": OriginalOutcome},
    "message": {"kind": MessageKind, "state": MessageState},
}
OnStep = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of a restore."""

    runner: Runner
    counts: Mapping[str, int]  # of rows, by member
    missing: int  # files whose copy was missing when they were exported


def restore(sealed: Unpacking, settings: Settings, *, name: str | None = None, on_step: OnStep) -> Restored:
    """Put a runner back, all of her or nothing.

    Stopped at any moment, at most copies in the archive that no row names are left, and the next restore or import
    takes them.

    Args:
        sealed: an open export.
        settings: the data folder; made where there is none.
        name: under which name; her own when left out.
        on_step: is told the number of steps, after each.

    Raises:
        PortableError: the export is not what was written.
        UnreadableRow: this version cannot read an entry in it.
        RunnerExists: there is a runner of this name.
    """
    manifest = sealed.manifest
    name = _name(sealed, name)
    files = names(manifest.members, "originals")
    steps = len(manifest.members) + len(files)
    sealed.verify(lambda of: on_step(steps))
    fact_ids, counts = _checked(sealed)
    if settings.db_path.exists():
        with Store.open(settings.db_path) as store:
            if any(same_name(known.name, name) for known in store.runners()):
                raise RunnerExists(f"There is a runner named {name} already. Choose another name with --as.")

    def rows(shift: int) -> Iterator[tuple[str, Row]]:
        numbered = Renumbering(shift=shift, ids=fact_ids)
        for table, member in ROWS.items():
            if table not in LEFT_ALONE:
                for row in sealed.lines(member):
                    yield table, numbered.row(table, row)

    assert manifest.runner_since is not None  # an export has one
    prepare(settings)
    with bringing(settings):
        archive = Archive(settings.archive_dir)
        for sha256 in files:
            archive.put(sealed.data(f"originals/{sha256}"))
            on_step(steps)
        with Store.open(settings.db_path) as store:
            runner = store.rows.put_back(name, manifest.runner_since, fact_ids, rows)
    return Restored(runner=runner, counts=counts, missing=len(manifest.missing))


def _name(sealed: Unpacking, wanted: str | None) -> str:
    """Choose her name; one that cannot be shown or typed is refused."""
    try:
        return a_name(sealed.manifest.runner or "" if wanted is None else wanted)
    except ValueError:
        raise PortableError(
            f"{sealed.name} needs a name for its runner that can be typed. Give one with --as."
        ) from None


def _checked(sealed: Unpacking) -> tuple[set[int], dict[str, int]]:
    """Look through all rows before anything is written; give the numbers of the facts, and how many rows come back.

    Raises:
        PortableError, UnreadableRow: a row cannot be hers, or cannot be read.
    """
    manifest: Manifest = sealed.manifest
    if not set(ROWS.values()) <= manifest.members.keys():
        raise damaged(sealed.name, "a part of it is missing")
    archived = {*names(manifest.members, "originals")}
    if any(manifest.members[f"originals/{sha256}"].sha256 != sha256 for sha256 in archived):
        raise damaged(sealed.name, "a file in it is not what it is called")
    seen: set[tuple[Any, ...]] = set()
    ids: set[int] = set()
    originals: set[str] = set()
    counts = {member: 0 for table, member in ROWS.items() if table not in LEFT_ALONE}
    for table, member in ROWS.items():
        for row in sealed.lines(member):
            if member in counts:
                counts[member] += 1
            try:
                from_plain(table, row)
                for column, words in _WORDS.get(table, {}).items():
                    words(row[column])
                if table == "fact":
                    decoded(row)
                    ids.add(_number(row["id"]))
            except UnreadableRow as error:
                raise UnreadableRow(f"{sealed.name} cannot be restored by this version. {error}") from None
            except ValueError:
                raise damaged(sealed.name, "an entry holds what Restride never writes") from None
            if table == "original":
                originals.add(row["sha256"])
                if shown(row["file_name"]) != row["file_name"]:
                    raise damaged(sealed.name, "the name of a file in it cannot be shown")
            if table == "recording" and row["original_sha256"] not in originals:
                raise damaged(sealed.name, "a recording belongs to no file in it")
            for key in keys(table, row):
                if (table, *key) in seen:
                    raise damaged(sealed.name, "an entry is in it twice")
                seen.add((table, *key))
    if originals != archived | set(manifest.missing):
        raise damaged(sealed.name, "its files are not those that it lists")
    return ids, counts


def _number(id: int) -> int:
    if not 0 < id < 2**53:
        raise ValueError("no number of a fact")
    return id
