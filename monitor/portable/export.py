"""Everything of one runner as one documented file (docs/export-format.md): facts, files, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.archive import Archive
from monitor.facts import Facts, Runner
from monitor.portable.manifest import EXPORT, README, ROWS, Manifest
from monitor.portable.packing import Packing, packing
from monitor.portable.readme import OF_AN_EXPORT
from monitor.store import Store, StoreError, fact_codec, observed_codec
from monitor.store.rows import Row
from monitor.store.tables import read_instant

if TYPE_CHECKING:
    from analysis.bouts import Observed

Derive = Callable[[Facts, "tuple[Observed, ...]"], Mapping[str, str]]
"""Gives what follows from facts and recordings, as texts by the name of their file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of an export."""

    path: Path
    counts: Mapping[str, int]  # of rows, by member
    missing: tuple[str, ...]  # the names of files whose archived copy is missing or damaged
    trouble: str | None  # why nothing could be derived


def export(
    store: Store,
    archive: Archive,
    runner: Runner,
    target: Path,
    *,
    now: datetime,
    derive: Derive,
    replace_fuller: bool = False,
    on_file: Callable[[int], None] = lambda of: None,
) -> Exported:
    """Write everything of a runner into one file.

    Rows come from one state of the database, files after them: they are named by their content and never change.

    Args:
        store, archive, runner: whose.
        target: where to; see `monitor.portable.packing.checked_target`.
        now: when it is.
        derive: what to add for people and for other programs.
        replace_fuller: also replace an earlier export that holds more.
        on_file: is told how many files there are, after each.

    Raises:
        PortableError: the file cannot be written, or what is there holds more.
        StoreError: the database cannot be read.
    """
    sealed_with: list[Manifest] = []
    with packing(target, sealed_with, replace_fuller=replace_fuller) as packed:
        packed.add(README, [OF_AN_EXPORT.encode("utf-8")])
        counts, read = _add_rows(packed, store, runner)
        trouble = None
        try:
            for name, text in derive(read.facts(), read.observed()).items():
                packed.add(f"derived/{name}", [text.encode("utf-8")])
        except StoreError as error:
            trouble = str(error)
        missing = []
        for sha256, file_name in read.files.items():
            if not packed.add_archived("originals", archive, sha256):
                missing.append(file_name)
            on_file(len(read.files))
        sealed_with.append(
            Manifest(kind=EXPORT, created_at=now, runner=runner.name, runner_since=runner.created_at, counts=counts)
        )
    return Exported(path=target, counts=counts, missing=tuple(missing), trouble=trouble)


class _Read:
    """What was read on the way, and is needed again: not more than any command holds."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self._rows: dict[str, list[Row]] = {"fact": [], "recording": []}

    def noting(self, table: str, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if table == "original":
                self.files[row["sha256"]] = row["file_name"]
            elif table in self._rows:
                self._rows[table].append(row)
            yield row

    def facts(self) -> Facts:
        rows = sorted(self._rows["fact"], key=lambda row: (row["recorded_at"], row["id"]))
        return fact_codec.gather([decoded(row) for row in rows])

    def observed(self) -> tuple[Observed, ...]:
        rows = sorted(self._rows["recording"], key=lambda row: (row["started_at"], row["identity"]))
        return tuple(
            observed_codec.decode(
                row["identity"],
                row["sport"],
                read_instant(row["started_at"]),
                read_instant(row["ended_at"]),
                row["observed"],
            )
            for row in rows
        )


def decoded(row: Mapping[str, Any]) -> Any:
    """Give the fact of a row in JSON's types; UnreadableRow where this version cannot read it."""
    return fact_codec.decode(row["id"], row["kind"], read_instant(row["recorded_at"]), row["body"])


def _add_rows(packed: Packing, store: Store, runner: Runner) -> tuple[dict[str, int], _Read]:
    read, counts = _Read(), {}
    with store.rows.reading(runner) as rows:
        for table, member in ROWS.items():
            counts[member] = packed.add_lines(member, read.noting(table, rows(table)))
    return counts, read
