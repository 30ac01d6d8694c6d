"""Check-ins from a CSV file into the store: each row once, however often the file comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.names import shown
from monitor.checkin_file import MAX_BYTES, NotACheckInFile, RowTrouble, parse
from monitor.checkin_rows import Placed, place
from monitor.facts import Runner
from monitor.standing import stand

if TYPE_CHECKING:
    from monitor.store import Store

FILE_NAME = "checkin.csv"
"""The name by which such a file is known among exports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one file."""

    name: str
    taken: Sequence[Placed] = ()
    known: int = 0
    troubles: Sequence[RowTrouble] = ()
    refused: str | None = None  # why the file as a whole could not be read

    @property
    def failed(self) -> bool:
        """Say whether anything in it was not taken."""
        return bool(self.troubles) or self.refused is not None

    @property
    def urgent(self) -> bool:
        """Say whether it told of an urgent sign."""
        return any(one.check_in.urgent for one in self.taken)


def is_check_ins(path: Path) -> bool:
    """Tell by its name whether a file among exports holds check-ins."""
    return path.name.lower() == FILE_NAME


def take_in(store: Store, runner: Runner, path: Path, now: datetime) -> Reading:
    """Store the rows of a file that are new and can be read."""
    name = shown(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # more than that is refused, and need not be read
    except OSError as error:
        return Reading(name=name, refused=f"{name}: {(error.strerror or 'cannot be opened').lower()}")
    return take_in_bytes(store, runner, data, name, now)


def take_in_bytes(store: Store, runner: Runner, data: bytes, name: str, now: datetime) -> Reading:
    """Store the rows of a file's bytes; two processes that read the same sheet at once store each row once.

    Nothing is issued here: what is recommended rests on the rows, too.
    """
    with store.together():
        facts = store.facts(runner)
        try:
            rows = parse(data, facts.zone_at, now)
        except NotACheckInFile as error:
            return Reading(name=name, refused=f"{name} {error}.")
        placing = place(rows, stand(facts, store.observed(runner), now, present=True), now)
        store.add_facts(runner, [one.check_in for one in placing.placed])
    return Reading(name=name, taken=placing.placed, known=placing.known, troubles=placing.troubles)
