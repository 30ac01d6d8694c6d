"""Check-ins from a CSV file: what was taken, what was known, and which lines could not be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from monitor.answers import Window
from monitor.checkin_intake import Reading, take_in
from monitor.cli.as_json import recommended
from monitor.cli.checkin_windows import words
from monitor.cli.layout import wrapped
from monitor.cli.place import Opened
from monitor.cli.printing import say, say_json, tell
from monitor.report import wording


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
    reading = take_in(here.store, here.runner, path, here.now)
    say_urgent(here, [reading], json=json)
    if json:
        say_json({**as_json(reading), "recommendation": recommended(here.standing())})
    else:
        for line in in_words(reading):
            say(line)
        if reading.taken:
            here.say_what_changed()
    if reading.failed:
        raise typer.Exit(1)


def say_urgent(here: Opened, readings: Sequence[Reading], *, json: bool) -> None:
    """Give the notice of an urgent sign where a file told of one."""
    if any(reading.urgent for reading in readings):
        for line in here.note_what_is_urgent():
            (tell if json else say)(line)
