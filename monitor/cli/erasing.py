"""`restride forget`: erase one runner for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.asking import ask, is_asking
from monitor.cli.layout import named, wrapped
from monitor.cli.options import shared
from monitor.cli.place import Place, runner_named
from monitor.cli.printing import progress, say, tell
from monitor.cli.stopping import STOPPED
from monitor.cli.trouble import Refused

if TYPE_CHECKING:
    from monitor.belongings import Belongings
    from monitor.config import Settings
    from monitor.facts import Runner
    from monitor.store import Store


@shared
def forget(
    place: Place,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose data are erased.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    with_inbox: Annotated[
        bool, typer.Option("--with-inbox", help="Delete her files in an inbox elsewhere, too.")
    ] = False,
    keep_inbox: Annotated[
        bool, typer.Option("--keep-inbox", help="Leave her files in an inbox elsewhere where they are.")
    ] = False,
) -> None:
    """Erase one runner for good.

    Everything goes: what she told, her files and their copies, her reports. Other runners keep everything. It lists
    what will be erased, and asks for the name to be typed. Nothing brings it back but an export or a backup made
    before.

    \b
    Examples:
      restride export --runner Ana -o ~/ana.zip
      restride forget Ana
    """
    from monitor import forgetting

    if with_inbox and keep_inbox:
        raise typer.BadParameter("say one of --with-inbox and --keep-inbox", param_hint="--with-inbox")
    settings = place.settings()
    if not forgetting.is_unfinished(settings):
        place.in_use()
        place.say_what_is_urgent(say=say, runner=name)
    try:
        with forgetting.alone(settings):
            unfinished = forgetting.is_unfinished(settings)
            is_done = False
            if settings.db_path.exists() or not unfinished:  # opening one that is lost says so
                with place.store() as store:
                    runner = _meant(place, store, name, unfinished=unfinished)
                    if runner is not None:
                        is_done = _erase(store, settings, runner, yes=yes, with_inbox=with_inbox, keep_inbox=keep_inbox)
            if is_done or unfinished:
                forgetting.finish(settings)
    except KeyboardInterrupt:
        if not forgetting.is_unfinished(settings):
            raise
        tell("\nStopped half-way, and something of hers is still here. The same command finishes it.")
        raise typer.Exit(STOPPED) from None
    except typer.Abort:  # Ctrl-C or Ctrl-D at the question
        tell("\nNothing was erased.")
        raise typer.Exit(STOPPED) from None
    if is_done:
        say("Erased.")
        tell(wrapped("Exports, backups and reports that were saved elsewhere are still there."))
    elif unfinished:
        say("An erasing that was interrupted is finished.")


def _meant(place: Place, store: Store, name: str, *, unfinished: bool) -> Runner | None:
    """Find the runner; None where she may be the one whose erasing was interrupted after her rows were gone."""
    if place.runner is not None:
        asked = runner_named(store.runners(), place.runner) or store.runner(place.runner)
        if asked != runner_named(store.runners(), name):
            raise Refused("--runner and NAME name two runners; leave out --runner")
    found = runner_named(store.runners(), name)
    return found if found is not None or unfinished else store.runner(name)


def _erase(store: Store, settings: Settings, runner: Runner, *, yes: bool, with_inbox: bool, keep_inbox: bool) -> bool:
    """Show what is hers, ask, and erase it; False when she decided otherwise."""
    from monitor import forgetting
    from monitor.belongings import belongings

    found = belongings(store, settings, runner)
    is_first = store.runners()[0].id == runner.id
    forgetting.check_notifications(settings, runner, is_first=is_first, is_last=found.is_last)
    _check_saved(found, runner)
    _check_inbox(found, settings, with_inbox=with_inbox, keep_inbox=keep_inbox)
    deletes = found.inbox_is_inside or with_inbox
    _list(found, runner, deletes=deletes)
    if found.inbox and not deletes:
        tell(_warning(found, settings))
    if not yes:
        if not is_asking():
            raise Refused("nothing was erased; add --yes to erase all of this without being asked")
        tell(wrapped("To keep a copy, press Enter now, and run `restride export` first."))
        typed = ask(f"To erase all of this for good, type the name {runner.name}", str)
        if typed != runner.name:
            tell("Nothing was erased.")
            raise typer.Exit(1)
    with progress("Erasing") as going:
        forgetting.forget(store, settings, runner, found, with_inbox=deletes, on_file=lambda of: going.advance(of, ""))
    return True


def _check_saved(found: Belongings, runner: Runner) -> None:
    """Refuse while a backup or an export with her in it lies in the data folder: it may be the only one there is."""
    if found.saved:
        first, more = found.saved[0], len(found.saved) - 1
        also = f", and {_count(more, 'other file')} like it," if more else ""
        raise Refused(
            f"{first}{also} is a backup, an export or a database with {runner.name} in it. Move it out of the data "
            "folder, or delete it, and try again"
        )


def _check_inbox(found: Belongings, settings: Settings, *, with_inbox: bool, keep_inbox: bool) -> None:
    """Refuse where files of hers would stay in an inbox elsewhere and nobody said what is to become of them."""
    if keep_inbox:
        return
    if found.inbox_trouble is not None:
        raise Refused(
            f"{settings.inbox_dir} cannot be looked into ({found.inbox_trouble}), and files of hers may be there. Try "
            "again when it is back, or leave them there with --keep-inbox"
        )
    if found.inbox and not found.inbox_is_inside and not with_inbox:
        raise Refused(
            f"{_count(len(found.inbox), 'file')} of hers in {settings.inbox_dir} would be imported again. Move them "
            "away, delete them with --with-inbox, or leave them there with --keep-inbox"
        )


def _warning(found: Belongings, settings: Settings) -> str:
    left = f"{_count(len(found.inbox), 'file')} of hers in {settings.inbox_dir} will stay there. "
    if found.is_last:
        return wrapped(f"{left}A runner who uses this inbox later would take them in.")
    return wrapped(f"{left}The watcher of another runner may take them in as hers.")


def _list(found: Belongings, runner: Runner, *, deletes: bool) -> None:
    tell(f"Everything of {runner.name} will be erased:")
    what = [
        ("entries", str(found.counts["fact"])),
        ("files", f"{found.counts['original']}, and {_copies(len(found.archived))} that nobody else has"),
        ("recordings", str(found.counts["recording"])),
        ("messages", str(found.counts["message"])),
        ("reports", str(len(found.reports))),
        ("in the inbox", _count(len(found.inbox) if deletes else 0, "file")),
    ]
    if found.elsewhere:
        what.append(
            ("moved here", f"{_count(len(found.elsewhere), 'file')} of hers, moved or copied within the data folder")
        )
    if found.unnamed:
        what.append(
            (
                "left over",
                f"{_copies(found.unnamed)} of files that are in no runner's log: an import was stopped, or an older "
                "backup restored",
            )
        )
    for line in named(what):
        tell(line)
    if found.closed:
        things = "thing" if found.closed == 1 else "things"
        tell(f"{found.closed} {things} in the data folder cannot be looked into, and will stay.")


def _copies(number: int) -> str:
    return f"{number} archived {'copy' if number == 1 else 'copies'}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}" + ("" if number == 1 else "s")
