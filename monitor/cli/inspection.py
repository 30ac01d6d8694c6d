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
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="FIT, GPX or TCX files, also gzipped.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one a file, in order.")] = False,
) -> None:
    """Show what was performed in files; store nothing.

    \b
    Examples:
      restride inspect morning-run.fit
      restride inspect --json *.fit > runs.jsonl
    """
    from ingest.errors import IngestError
    from monitor.cli import inspected

    failed = False
    for number, file in enumerate(files):
        if number and not json:
            say()
        try:
            activities = inspected.read_activities(file)
        except IngestError as error:
            failed = True
            if json:
                say_json({"file": error.file_name, "error": {"code": error.code, "message": str(error)}})
            else:
                tell(f"restride: {error}")
            continue
        if json:
            say_json(inspected.content(activities))
        else:
            for line in inspected.text(activities):
                say(line)
    if failed:
        raise typer.Exit(1)
