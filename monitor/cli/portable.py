"""`restride export`, `restore` and `backup`: data taken along, and put back."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import FORMAT_VERSION, progress, say, say_json, tell
from monitor.cli.trouble import Refused

if TYPE_CHECKING:
    from analysis.bouts import Observed
    from monitor.facts import Facts


Replace = Annotated[bool, typer.Option("--replace", help="Also replace an earlier one that holds more.")]


@shared
def export(
    place: Place,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; otherwise a file in this folder."),
    ] = None,
    replace: Replace = False,
    json: Json = False,
) -> None:
    """Write everything of a runner into one file.

    Your files as they came, all you told, what was recommended, and your report: a ZIP that any computer opens. It
    holds what you logged; whom you give it to is your decision. `restride restore` puts it back.

    \b
    Examples:
      restride export
      restride export -o ~/restride-export.zip
    """
    from monitor.archive import Archive
    from monitor.portable.export import export as exported
    from monitor.portable.manifest import EXPORT
    from monitor.portable.packing import checked_target

    with place.opened() as here:
        path = output or Path(f"restride-export-{here.today()}.zip")
        target = checked_target(path, here.settings.data_dir, kind=EXPORT, runner=here.runner.name)
        with progress("Exporting") as going:
            done = exported(
                here.store,
                Archive(here.settings.archive_dir),
                here.runner,
                target,
                now=here.now,
                replace_fuller=replace,
                derive=lambda facts, observed: _derived(facts, observed, here.runner.name, here.now),
                on_file=lambda of: going.advance(of, ""),
            )
    if json:
        say_json({"archive": str(done.path), "counts": dict(done.counts), "missing": list(done.missing)})
    else:
        say(str(done.path))
        entries = _count(done.counts["facts.jsonl"], "entry", "entries")
        tell(f"{entries}, {_count(done.counts['originals.jsonl'], 'file')}")
    for name in done.missing:
        tell(f"The archived copy of {name} is missing or damaged, and is not in the export.")
    if done.trouble is not None:
        tell(f"The report is not in the export. {done.trouble}")
    if done.missing or done.trouble is not None:
        raise typer.Exit(1)


@shared
def restore(
    place: Place,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `restride export` or `restride backup` wrote.")],
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Under another name, where hers is taken.")
    ] = None,
    json: Json = False,
) -> None:
    """Put an export or a backup back.

    An export comes beside the runners that are there. A backup needs a data folder without a database. Every byte is
    compared with what was written before anything changes, and nothing that is there is replaced.

    \b
    Examples:
      restride restore ~/restride-export.zip
      restride restore ~/restride-export.zip --as Ana
      restride --data ~/restored restore ~/restride-backup.zip
    """
    from monitor.config import at_home
    from monitor.portable.backup import restore_backup
    from monitor.portable.manifest import BACKUP
    from monitor.portable.restore import restore as restored
    from monitor.portable.unpacking import unpacking

    settings = place.settings()
    with unpacking(at_home(file)) as sealed, progress("Restoring") as going:
        if sealed.manifest.kind == BACKUP:
            if name is not None:
                raise Refused("a backup holds everybody under their own names; leave out --as")
            whole = restore_backup(sealed, settings, on_step=lambda of: going.advance(of, ""))
            content: dict[str, Any] = {"runners": whole.runners, "files": whole.files, "missing": len(whole.missing)}
            told = f"Restored {_count(whole.runners, 'runner')} and {_count(whole.files, 'file')}."
            missing = len(whole.missing)
        else:
            one = restored(sealed, settings, name=name, on_step=lambda of: going.advance(of, ""))
            content = {"runner": one.runner.name, "counts": dict(one.counts), "missing": one.missing}
            entries = _count(one.counts["facts.jsonl"], "entry", "entries")
            told = f"Restored {one.runner.name}: {entries}, {_count(one.counts['originals.jsonl'], 'file')}."
            missing = one.missing
    place.say_what_is_urgent(say=tell if json else say, runner=content.get("runner"))
    if json:
        say_json(content)
    else:
        say(told)
    tell(f"Data folder: {settings.data_dir}")
    if sealed.manifest.kind == BACKUP and not settings.inbox_dir.exists():
        tell("If the inbox was elsewhere, name it again with: restride init --inbox DIR")
    if missing:
        copies = _count(missing, "archived copy", "archived copies")
        tell(f"Missing, for they were missing when it was written: {copies}.")
        raise typer.Exit(1)


@shared
def backup(
    place: Place,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to: a file outside the data folder.")],
    replace: Replace = False,
    json: Json = False,
) -> None:
    """Write the whole data folder into one file.

    It may run at any time, while files are imported too. The file holds what everybody in the folder logged, the
    original files, and the settings with the addresses of notifications; only you can read it. `restride restore`
    puts it back.

    \b
    Examples:
      restride backup /media/usb/restride-backup.zip
    """
    from monitor.portable.backup import back_up
    from monitor.portable.manifest import BACKUP
    from monitor.portable.packing import checked_target

    settings = place.in_use()
    place.say_what_is_urgent(say=tell)
    target = checked_target(file, settings.data_dir, kind=BACKUP)
    with place.store() as store, progress("Backing up") as going:
        done = back_up(
            store,
            settings,
            target,
            now=place.now,
            replace_fuller=replace,
            on_file=lambda of: going.advance(of, ""),
        )
    if json:
        content = {"runners": done.runners, "files": done.files, "missing": list(done.missing)}
        say_json({"archive": str(done.path), **content, "settings": done.settings})
    else:
        say(str(done.path))
        tell(f"{_count(done.runners, 'runner')}, {_count(done.files, 'file')}")
    if done.missing:
        for sha256 in done.missing:
            tell(f"The archived copy {sha256[:12]}… is missing or damaged, and is not in the backup.")
        raise typer.Exit(1)


def _derived(facts: Facts, observed: tuple[Observed, ...], name: str, now: datetime) -> dict[str, str]:
    """Give what follows from facts and recordings: for people a page, for other programs JSON."""
    from monitor.cli import as_json
    from monitor.report.make_report import session_views
    from monitor.report.page import render
    from monitor.report.source import Source
    from monitor.standing import stand

    standing = stand(facts, observed, now, present=True)
    source = Source(standing=standing, zone=standing.facts.zone_at(now))
    return {
        "report.html": render(standing, runner_name=name),
        "sessions.json": _text(as_json.sessions(session_views(source), source)),
        "recommendation.json": _text(as_json.recommended(standing)),
    }


def _text(content: Mapping[str, Any]) -> str:
    whole = {"format_version": FORMAT_VERSION, **content}
    return json_module.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _count(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
