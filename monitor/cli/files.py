"""`restride import` and `restride rebuild`: files in, and everything derived from them anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.layout import wrapped
from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import progress, say, say_json, tell
from monitor.cli.stopping import Stopping, stoppable

NOT_HERS = (
    "for the folder is another runner's, or nobody's. Import for her with --runner NAME, or move what is this runner's "
    "into the folder of her name."
)

if TYPE_CHECKING:
    from monitor.checkin_intake import Reading
    from monitor.importer import ImportResult


@shared
def import_files(
    place: Place,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders with files in them.")],
    json: Json = False,
) -> None:
    """Import watch exports: files, folders and archives.

    Archives are read as they are.

    One line a file: imported, same run, already known, not a run, or why it could not be read. A file that fails does
    not stop the others. Importing a file again changes nothing; the originals are copied and never moved. A file named
    checkin.csv holds check-ins; `restride checkin --from` reads it too. Ctrl-C stops it: what was told is kept, and
    the same command goes on from there.

    \b
    Examples:
      restride import ~/Downloads/morning-run.fit
      restride import ~/runs
      restride import ~/Downloads/export_12345.zip
    """
    with stoppable() as stopping:
        _import(place, paths, json, stopping)


def _import(place: Place, paths: list[Path], json: bool, stopping: Stopping) -> None:
    from monitor.archive import Archive
    from monitor.bringing import bringing
    from monitor.checkin_intake import is_check_ins, take_in
    from monitor.cli.import_telling import Telling
    from monitor.engines import Growing
    from monitor.importer import import_files as imported
    from monitor.report.wording import count

    telling = Telling(json=json)
    with telling.unless_stopped(stopping), place.opened() as here, bringing(here.settings):
        archive = Archive(here.settings.archive_dir)
        with stopping.breaks_in():
            found, left = _found(here, paths)
        if left:
            tell(wrapped(f"{count(left, 'file')} in the inbox left, {NOT_HERS}"))
        files = [file for file in found if not is_check_ins(file)]
        telling.begins(len(files))
        with progress("Reading") as reading, Growing() as engine, stopping.breaks_in():
            for result in imported(
                here.store,
                archive,
                here.runner,
                files,
                now=here.now,
                executor=engine,
                on_open=telling.opened,
            ):
                telling.tell(result, reading)
                stopping.check()
        after = [file for file in found if is_check_ins(file)]  # the runs that they are about
        check_ins = [take_in(here.store, here.runner, file, here.now) for file in after]
        telling.sums_up()
        conclude(here, telling.results, json, check_ins)


def _found(here: Opened, paths: Sequence[Path]) -> tuple[list[Path], int]:
    """Give the files at these paths that are hers, each once, and how many in the inbox are another runner's."""
    from monitor.incoming import files_in, not_kept
    from monitor.whose import hers

    runners, inbox = here.store.runners(), here.settings.inbox_dir
    everything = {path: not_kept(path, files_in([path]), here.settings) for path in paths}
    mine = {file for path, files in everything.items() for file in hers(path, files, inbox, here.runner, runners)}
    every = list(dict.fromkeys(file for files in everything.values() for file in files))
    return [file for file in every if file in mine], len(every) - len(mine)


@shared
def rebuild(place: Place, json: Json = False) -> None:
    """Read all original files again and work everything out anew.

    What you told and what was recommended to you stays as it is.
    """
    from monitor.archive import Archive
    from monitor.importer import Outcome
    from monitor.rereading import rebuild as read_again

    with place.opened() as here:
        archive = Archive(here.settings.archive_dir)
        count = len(here.store.originals(here.runner))
        with progress("Reading") as reading:
            results = read_again(here.store, archive, here.runner, on_file=lambda _: reading.advance(count, ""))
        if not json:
            for result in results:
                if result.outcome is Outcome.FAILED:
                    say(result.message)
        conclude(here, results, json)


def conclude(here: Opened, results: Sequence[ImportResult], json: bool, check_ins: Sequence[Reading] = ()) -> None:
    """Count what came of the files, say what is recommended now, and fail where a file failed."""
    from monitor.cli import as_json, checkin_reading
    from monitor.cli.import_telling import content, counted, failures
    from monitor.importer import Outcome, summary

    counts = {outcome.value: count for outcome, count in summary(results).items()}
    checkin_reading.say_urgent(here, check_ins, json=json)
    if json:
        said = as_json.recommended(here.standing())
        told_files = [content(result) for result in results]
        body: dict[str, Any] = {"files": told_files, "summary": counts, "recommendation": said}
        if check_ins:
            body["check_ins"] = [checkin_reading.as_json(reading) for reading in check_ins]
        say_json(body)
    else:
        told = counted(summary(results))
        for line in failures(results):
            tell(line)
        known = counts[Outcome.ALREADY_KNOWN]
        nothing = known + counts[Outcome.FAILED] + counts[Outcome.LEFT_OUT] == len(results)
        nothing_new = "Nothing new: " if known and nothing else ""
        for line in (line for reading in check_ins for line in checkin_reading.in_words(reading)):
            say(line)
        if told or not check_ins:
            tell(f"{nothing_new}{told}." if told else "There was no file to read.")
        if check_ins or not nothing_new:  # a folder is looked at again and again: where nothing came, nothing changed
            here.say_what_changed()
    if counts[Outcome.FAILED] or any(reading.failed for reading in check_ins):
        raise typer.Exit(1)
