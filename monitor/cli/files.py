"""`restride import` and `restride rebuild`: files in, and everything derived from them anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import STOPPED, Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import progress, say, say_json, tell

if TYPE_CHECKING:
    from monitor.cli.checkin_reading import Reading
    from monitor.importer import ImportResult


@shared
def import_files(
    place: Place,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders with files in them.")],
    json: Json = False,
) -> None:
    """Import watch exports: files, or folders of them.

    One line a file: imported, same run, already known, not a run, or why it could not be read. A file that fails does
    not stop the others. Importing a file again changes nothing; the originals are copied and never moved. A file named
    checkin.csv holds check-ins; `restride checkin --from` reads it too.

    \b
    Examples:
      restride import ~/Downloads/morning-run.fit
      restride import ~/runs
    """
    from monitor.archive import Archive
    from monitor.cli.checkin_reading import is_check_ins, take_in
    from monitor.importer import import_paths
    from monitor.incoming import files_in

    with place.opened() as here:
        archive = Archive(here.settings.archive_dir)
        found = files_in(paths)
        files = [file for file in found if not is_check_ins(file)]
        try:
            with progress("Reading") as reading:

                def on_file(result: ImportResult) -> None:
                    if not json:
                        reading.say(result.message)
                    reading.advance(len(files))

                results = import_paths(here.store, archive, here.runner, files, now=here.now, on_file=on_file)
        except KeyboardInterrupt:
            tell("\nStopped. What was imported is kept; import again to go on.")
            raise typer.Exit(STOPPED) from None
        check_ins = [take_in(here, file) for file in found if is_check_ins(file)]  # after the runs they are about
        _conclude(here, results, json, check_ins)


@shared
def rebuild(place: Place, json: Json = False) -> None:
    """Read all original files again and work everything out anew.

    What you told and what was recommended to you stays as it is.
    """
    from monitor.archive import Archive
    from monitor.importer import Outcome
    from monitor.importer import rebuild as read_again

    with place.opened() as here:
        archive = Archive(here.settings.archive_dir)
        count = len(here.store.originals(here.runner))
        with progress("Reading") as reading:
            results = read_again(here.store, archive, here.runner, on_file=lambda _: reading.advance(count))
        if not json:
            for result in results:
                if result.outcome is Outcome.FAILED:
                    say(result.message)
        _conclude(here, results, json)


def _conclude(here: Opened, results: Sequence[ImportResult], json: bool, check_ins: Sequence[Reading] = ()) -> None:
    """Count what came of the files, say what is recommended now, and fail where a file failed."""
    from monitor.cli import checkin_reading
    from monitor.importer import Outcome, summary

    counts = {outcome.value: count for outcome, count in summary(results).items()}
    if json:
        said = here.standing().recommendation.as_json()
        content = {"files": [_content(result) for result in results], "summary": counts, "recommendation": said}
        if check_ins:
            content["check_ins"] = [checkin_reading.as_json(reading) for reading in check_ins]
        say_json(content)
    else:
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        known = counts[Outcome.ALREADY_KNOWN]
        nothing_new = "Nothing new: " if known and known + counts[Outcome.FAILED] == len(results) else ""
        for line in (line for reading in check_ins for line in checkin_reading.in_words(reading)):
            say(line)
        if told or not check_ins:
            tell(f"{nothing_new}{told}." if told else "There was no file to read.")
        checkin_reading.say_urgent(here, check_ins)
        here.say_what_changed()
    if counts[Outcome.FAILED] or any(reading.failed for reading in check_ins):
        raise typer.Exit(1)


def _content(result: ImportResult) -> dict[str, Any]:
    return {
        "file": result.path.name,
        "outcome": result.outcome.value,
        "code": result.code,
        "message": result.message,
    }
