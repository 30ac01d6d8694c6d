"""`restride files`: every file of hers, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.layout import table
from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from monitor.cli.place import Opened
    from monitor.file_list import Came, Listed
    from monitor.store import InboxFile, Original

HEAD = ("came", "id", "file", "what came of it")


@shared
def files(
    place: Place,
    failed: Annotated[bool, typer.Option("--failed", help="Those that could not be read.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Those in the inbox that are not read yet.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Those of the same run as another.")] = False,
    not_a_run: Annotated[bool, typer.Option("--not-a-run", help="Those that hold no run.")] = False,
    json: Json = False,
) -> None:
    """List every file that came, and what came of it.

    With several of the options, those of any of them. `restride retry` reads a file again that failed.

    \b
    Examples:
      restride files
      restride files --failed --waiting
    """
    from monitor.archive import Archive
    from monitor.file_list import Came, counts, listed, only

    kinds = {
        Came.FAILED: failed,
        Came.WAITING: waiting,
        Came.SAME_RUN: duplicates,
        Came.ALREADY_KNOWN: duplicates,
        Came.NOT_A_RUN: not_a_run,
    }
    wanted = [came for came, is_wanted in kinds.items() if is_wanted]
    with place.opened() as here:
        everything = listed(here.standing(), *_known(here))
        archive = Archive(here.settings.archive_dir)
        zone = here.zone()
    found = only(everything, wanted)
    lost = {f.sha256 for f in found if f.sha256 is not None and f.came is not Came.ALREADY_KNOWN}
    lost = {sha256 for sha256 in lost if not archive.has(sha256)}
    numbers = {came.value: count for came, count in counts(found).items()}
    if json:
        say_json({"files": [_content(file, file.sha256 not in lost) for file in found], "summary": numbers})
        return
    if not found:
        say(
            _nothing(wanted) if everything else "Nothing has come yet. Import a watch export with: restride import FILE"
        )
        return
    for line in rows(found, zone, here, lost):
        say(line)
    told = ", ".join(f"{count} {came}" for came, count in numbers.items() if count)
    say(f"\n{told}.")


def _known(here: Opened) -> tuple[tuple[Original, ...], dict[str, tuple[str, ...]], dict[str, InboxFile]]:
    """Give the originals, the recordings in each, and what is known of the files that lie in the inbox now.

    Where the inbox is not there, of those that lay there: a share comes back.
    """
    from ingest.inbox import look

    found = look(here.settings.inbox_dir)
    there = {entry.key for entry in found.entries}
    known = here.store.inbox.all(here.runner)
    inbox = {key: file for key, file in known.items() if key in there or not found.is_there}
    return here.store.originals(here.runner), here.store.held(here.runner), inbox


def rows(files: Sequence[Listed], zone: ZoneInfo, here: Opened, lost: Collection[str | None]) -> Iterator[str]:
    """Draw files as a table of 80 columns."""
    from ingest.names import shown

    cells = [
        (
            file.came_at.astimezone(zone).date().isoformat(),
            file.id,
            shown(file.name),
            _in_words(file, zone, here, is_lost=file.sha256 in lost),
        )
        for file in files
    ]
    yield from table(HEAD, cells, whole={0, 1})


def _in_words(file: Listed, zone: ZoneInfo, here: Opened, *, is_lost: bool) -> str:
    from monitor.file_list import Came
    from monitor.report import wording

    told = [file.came.value]
    if file.came is Came.SAME_RUN or (file.came is Came.ALREADY_KNOWN and file.same_as):
        told[0] += f" as {', '.join(file.same_as)}"
    if file.sessions:
        told[0] += f": {', '.join(file.sessions)}"
    told[0] += "."
    if file.message:
        told.append(file.message)
    if file.came is Came.WAITING:
        due = file.next_try_at
        at = "at the next look" if due is None or due <= here.now else f"after {wording.earliest(due, zone)}"
        tries = f" ({wording.count(file.tries, 'try', 'tries')} so far)" if file.tries else ""
        told.append(f"It is tried {at}{tries}.")
    if is_lost:
        told.append("Its archived copy is missing: import the file again.")
    return " ".join(told)


def _content(file: Listed, is_archived: bool) -> dict[str, Any]:
    from monitor.file_list import Came

    content: dict[str, Any] = {
        "file": file.name,
        "id": file.id or None,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "came_at": file.came_at.isoformat(),
        "outcome": file.came.value,
        "code": file.code,
        "message": file.message or None,
        "sessions": list(file.sessions),
        "same_as": list(file.same_as),
        "archived": file.sha256 is not None and is_archived,
    }
    if file.came is Came.WAITING:
        due = None if file.next_try_at is None else file.next_try_at.isoformat()
        content |= {"tries": file.tries, "next_try_at": due}
    return content


def _nothing(wanted: Sequence[Came]) -> str:
    from monitor.file_list import Came

    words = {Came.FAILED: "failed", Came.WAITING: "waits", Came.SAME_RUN: "is there twice", Came.NOT_A_RUN: "is no run"}
    return f"There is no file that {' or '.join(words[came] for came in wanted if came in words)}."
