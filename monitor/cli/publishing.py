"""`restride report` and `restride demo`: pages to keep or to hand on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json
from monitor.cli.private_file import write_private


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"


@shared
def report(
    place: Place,
    weeks: Annotated[
        int | None, typer.Option("--weeks", min=1, metavar="N", help="The last N weeks; otherwise all.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; otherwise the reports folder.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="html.")] = Format.HTML,
    json: Json = False,
) -> None:
    """Write the compliance report, and say where it is.

    One page that opens without a network. It holds what you logged. Whom you give it to is your decision.

    \b
    Examples:
      restride report
      restride report --weeks 4 -o ~/restride.html
    """
    from monitor.report import render

    with place.opened() as here:
        standing = here.standing()
        page = render(standing, runner_name=here.runner.name, weeks=weeks, zone=here.zone())
        path = output or here.settings.reports_dir / f"restride-{here.today()}.{format}"
        write_private(path.expanduser(), page)
    if json:
        say_json({"path": str(path.expanduser().absolute())})
    else:
        say(str(path.expanduser().absolute()))
