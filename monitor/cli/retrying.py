"""`restride retry`: files that failed, or wait, once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import progress, say, tell

if TYPE_CHECKING:
    from monitor.store import InboxFile, Original

FEWEST_DIGITS = 4
"""Of an id: fewer would name too many files."""


@shared
def retry(
    place: Place,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE-OR-ID", help="As `restride files` names them.", show_default=False),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="All that failed, and all that wait.")] = False,
    json: Json = False,
) -> None:
    """Read again what could not be read, and what waits.

    What failed is read from the archive: the file need not be there any more. A file that waits in the inbox is read
    by whatever looks there next. Doing it again changes nothing.

    \b
    Examples:
      restride retry --all
      restride retry morning-run.fit
      restride retry 3f9a01c2
    """
    from monitor.archive import Archive
    from monitor.cli.files import conclude
    from monitor.import_result import Outcome, already_known
    from monitor.rereading import retry as read_again
    from monitor.store import OriginalOutcome

    if bool(files) == all:
        raise typer.BadParameter("name the files, or write --all; `restride files --failed` lists them")
    with place.opened() as here:
        originals, waiting, unknown = _meant(here, files)
        read_before = [o for o in originals if o.outcome is OriginalOutcome.IMPORTED]
        unread = [o for o in originals if o.outcome is not OriginalOutcome.IMPORTED]
        with progress("Reading") as reading:
            results = read_again(
                here.store,
                Archive(here.settings.archive_dir),
                here.runner,
                unread,
                now=here.now,
                on_file=lambda _: reading.advance(len(unread), ""),
            )
        results += [already_known(Path(o.file_name), o.file_name, o) for o in read_before]
        here.store.inbox.put(here.runner, [replace(file, tries=0, next_try_at=None) for file in waiting])
        for line in () if json else [result.message for result in results]:
            say(line)
        for file in waiting:
            (tell if json else say)(f"{file.key}: looked at again at the next look into the inbox")
        for name in unknown:
            tell(f"{name}: there is no such file; `restride files` lists those there are")
        if not (results or waiting or unknown or json):
            say("No file failed, and none waits.")
        elif results or json:
            conclude(here, results, json)
        if unknown or any(result.outcome is Outcome.FAILED for result in results):
            raise typer.Exit(1)


def _meant(here: Opened, names: Sequence[str] | None) -> tuple[list[Original], list[InboxFile], list[str]]:
    """Find the files that are named, or all that failed or wait; and the names of which there is none."""
    from ingest.names import shown
    from monitor.store import InboxState, OriginalOutcome

    originals = here.store.originals(here.runner)
    waiting = [f for f in here.store.inbox.all(here.runner).values() if f.state is InboxState.WAITING]
    if names is None or not names:
        return [o for o in originals if o.outcome is OriginalOutcome.FAILED], waiting, []
    found: dict[str, Original] = {}
    due: dict[str, InboxFile] = {}
    unknown = []
    for name in names:
        last = shown(Path(name).name)
        by_name = [o for o in originals if o.file_name in (name, last)]
        is_id = len(name) >= FEWEST_DIGITS and set(name.lower()) <= set("0123456789abcdef")
        by_id = [o for o in originals if is_id and o.sha256.startswith(name.lower())]
        wait = [f for f in waiting if name == f.key or last == f.key.rpartition("/")[2]]
        found |= {o.sha256: o for o in by_name or by_id}
        due |= {f.key: f for f in wait}
        if not (by_name or by_id or wait):
            unknown.append(shown(name))
    return list(found.values()), list(due.values()), unknown
