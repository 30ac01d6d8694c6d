"""Check-ins from a CSV file: what was taken, what was known, and which lines could not be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ingest.names import shown
from monitor.answers import Window
from monitor.checkin_file import MAX_BYTES, NotACheckInFile, RowTrouble, parse
from monitor.checkin_rows import Placed, place
from monitor.cli import recommendation_text
from monitor.cli.checkin_windows import words
from monitor.cli.layout import wrapped
from monitor.cli.place import Opened
from monitor.cli.printing import say, say_json
from monitor.report import wording

FILE_NAME = "checkin.csv"
"""The name by which `restride import` knows such a file in a folder."""


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


def take_in(here: Opened, path: Path) -> Reading:
    """Store the rows of a file that are new and can be read."""
    name = shown(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # more than that is refused, and need not be read
    except OSError as error:
        return Reading(name=name, refused=f"{name}: {(error.strerror or 'cannot be opened').lower()}")
    facts = here.facts()
    try:
        rows = parse(data, facts.zone_at, here.now)
    except NotACheckInFile as error:
        return Reading(name=name, refused=f"{name} {error}.")
    placing = place(rows, here.standing(), here.now)
    here.add_all([one.check_in for one in placing.placed])
    return Reading(name=name, taken=placing.placed, known=placing.known, troubles=placing.troubles)


def in_words(reading: Reading) -> Iterator[str]:
    """Say line by line what came of a file."""
    if reading.refused is not None:
        yield wrapped(reading.refused)
        return
    for one in reading.taken:
        yield wrapped(f"line {one.line}: taken {words(one.run, one.check_in.windows)}", first="  ")
    for trouble in reading.troubles:
        yield wrapped(f"{trouble}", first="  ")
    known = f", {reading.known} known already" if reading.known else ""
    failed = f", {wording.count(len(reading.troubles), 'line')} not taken" if reading.troubles else ""
    yield f"{reading.name}: {wording.count(len(reading.taken), 'new entry', 'new entries')}{known}{failed}."


def as_json(reading: Reading) -> dict[str, Any]:
    """Give what came of a file."""
    return {
        "file": reading.name,
        "error": reading.refused,
        "taken": [
            {
                "line": one.line,
                "session": None if one.run is None else one.run.id,
                "windows": [w.value for w in Window if w in one.check_in.windows],
            }
            for one in reading.taken
        ],
        "known": reading.known,
        "failed": [{"line": t.line, "column": t.column, "message": t.why} for t in reading.troubles],
    }


def read(here: Opened, path: Path, *, json: bool) -> None:
    """Read a file, say what came of it and what holds now, and fail where a line failed."""
    reading = take_in(here, path)
    if json:
        say_json({**as_json(reading), "recommendation": here.standing().recommendation.as_json()})
    else:
        say_urgent(here, [reading])
        for line in in_words(reading):
            say(line)
        if reading.taken:
            here.say_what_changed()
    if reading.failed:
        raise typer.Exit(1)


def say_urgent(here: Opened, readings: Sequence[Reading]) -> None:
    """Give the notice of an urgent sign where a file told of one."""
    if any(reading.urgent for reading in readings):
        for line in recommendation_text.notice(here.standing().recommendation.as_json()):
            say(line)
