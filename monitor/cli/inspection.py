"""`restride inspect`: what was performed in a file, with nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json, tell


@shared
def inspect(
    place: Place,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="FIT, GPX or TCX files, packed or not, and archives of them."),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one a file, in order.")] = False,
) -> None:
    """Show what was performed in files; store nothing.

    \b
    Examples:
      restride inspect morning-run.fit
      restride inspect --json *.fit > runs.jsonl
    """
    from monitor.cli import inspected

    place.say_what_is_urgent(say=tell)
    failed = False
    for number, path in enumerate(files):
        if number and not json:
            say()
        found = inspected.read_files(path)
        failed = failed or inspected.is_failure(found)
        if json:
            say_json(inspected.content(path, found))
            continue
        for place_in_file, file in enumerate(one for one in found if not one.is_left_out):
            if file.error is not None:
                tell(f"restride: {file.error}")
                continue
            if place_in_file:
                say()
            for line in inspected.text(file.activities):
                say(line)
        left_out = sum(file.is_left_out for file in found)
        if left_out:
            tell(f"{left_out} other {'file' if left_out == 1 else 'files'} left out.")
    if failed:
        raise typer.Exit(1)
