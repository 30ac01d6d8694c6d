"""What works around the data: the inbox, the watcher, what is told unasked, and files that could not be read."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ingest.inbox import look
from ingest.names import is_junk
from monitor import notify_settings
from monitor.config import SETTINGS_FILE, ConfigError, Settings
from monitor.facts import Runner
from monitor.health.check import Check, ago, cause, counted, discreet, note, ok, shown_path, trouble, whoami
from monitor.health.database import before
from monitor.text import folded
from monitor.watch_state import is_running, read
from monitor.watching import watching

if TYPE_CHECKING:
    from monitor.store import InboxFile, Message, Original

LATE_S = 60.0
"""A watcher whose last look is older than this and three scans does not look any more."""


def inbox(settings: Settings, waiting: Sequence[InboxFile], runners: Collection[str] | None) -> Iterator[Check]:
    """Look into the inbox as the watcher would.

    Args:
        settings: where it is.
        waiting: what is known to wait there.
        runners: the names of all runners; None where they cannot be read.
    """
    folder = settings.inbox_dir
    where = shown_path(folder)
    try:
        with os.scandir(folder) as listed:
            entries = [(entry.name, entry.is_symlink(), entry.is_dir(follow_symlinks=False)) for entry in listed]
    except FileNotFoundError:
        told = f"The inbox {where} is not there; what came from it before stays."
        fix = "Connect the drive it lies on, make the folder, or name another: `restride init --inbox DIR`"
        yield trouble("inbox", told, fix)
        return
    except NotADirectoryError:
        yield trouble("inbox", f"The inbox {where} is a file, not a folder.", "`restride init --inbox DIR`")
        return
    except OSError as error:
        told = f"The inbox {where} cannot be looked into by {whoami()}: {cause(error)}."
        yield trouble("inbox", told, f"chmod u+rX {where}, or let the same user put files there.")
        return
    try:
        moved = watching(settings).left_out(settings)
    except ConfigError as error:
        yield trouble("watcher", discreet(str(error)), f"Correct {SETTINGS_FILE}; until then no watcher starts.")
        moved = (settings.data_dir,)
    found = look(folder, leave_out=moved)
    closed = len(found.troubles) + sum(not os.access(entry.path, os.R_OK) for entry in found.entries)
    if closed:
        told = f"{counted(closed, 'file or folder', 'files or folders')} in the inbox cannot be read by {whoami()}."
        yield trouble("inbox", told, f"chmod -R u+rX {where}")
    links = sum(is_link for _, is_link, _ in entries)
    if links:
        yield note(
            "inbox",
            f"{counted(links, 'link in the inbox is', 'links in the inbox are')} not followed.",
            "Put the files there instead.",
        )
    if runners is not None and len(runners) > 1:
        known = {folded(name) for name in runners}
        strange = sum(is_dir and not is_junk(name) and folded(name) not in known for name, _, is_dir in entries)
        if strange:
            told = (
                f"{counted(strange, 'folder in the inbox bears', 'folders in the inbox bear')} the name of no runner."
            )
            yield note("inbox", told, "Name a folder as the runner is named whose files it holds.")
    there = {entry.key for entry in found.entries}
    if late := sum(file.key in there for file in waiting):
        told = f"{counted(late, 'file waits', 'files wait')} to be read."
        yield note("inbox", told, "`restride files --waiting` says why; `restride retry --all` has them looked at now.")
    if not closed:
        yield ok("inbox", f"{where}, {counted(len(found.entries), 'file')} in it.")


def watcher(settings: Settings, now: datetime) -> Iterator[Check]:
    """Say what the watcher does, or did."""
    state = read(settings)
    try:
        runs = is_running(settings)
    except OSError as error:
        yield note("watcher", f"Whether a watcher runs cannot be told: {cause(error)}.")
        return
    if state is None:
        yield note("watcher", "A watcher is starting.") if runs else ok("watcher", "No watcher was started here.")
        return
    last = "has not looked yet" if state.last_scan_at is None else f"last looked {before(now, state.last_scan_at)}"
    if not runs:
        yield note(
            "watcher",
            f"No watcher runs; the last one {last}.",
            "`restride watch` starts one; importing by hand works, too.",
        )
        return
    since = f"runs since {before(now, state.started_at).removesuffix(' ago')}"
    work = "" if state.last_work_at is None else f", last worked {before(now, state.last_work_at)}"
    late = timedelta(seconds=3 * state.every_s + LATE_S)
    coming = "".join(f"; {name} in {ago(at - now)}" for name, at in sorted(state.next_runs.items()) if at > now)
    told = f"The watcher {since}, {last}{work}{coming}."
    if now - (state.last_scan_at or state.started_at) > late:
        yield trouble("watcher", f"{told} It should have looked since.", "Stop the watcher, and start it again.")
    elif state.trouble is not None:
        message = f"{told} It could not look into the inbox, or a folder in it."
        yield trouble("watcher", message, "The line of the inbox, or the watcher's own log, says which and why.")
    elif state.last_work_trouble is not None:
        fix = "`restride files --failed --waiting`"
        yield trouble("watcher", f"{told} Its last work failed.", f"{fix}; the watcher's own log says more.")
    else:
        yield ok("watcher", told)


def notices(
    settings: Settings, messages: Sequence[Message], runners: Sequence[Runner], now: datetime
) -> Iterator[Check]:
    """Say whether notifications are switched on and can be sent, and what could not be, and why."""
    from monitor.store import MessageState

    try:
        targets = notify_settings.read(settings)
    except ConfigError as error:
        yield trouble("notices", discreet(str(error)), f"Correct {SETTINGS_FILE} in the data folder.")
        return
    if targets and find_spec("apprise") is None:
        told = "Notifications are switched on, and what sends them is not installed."
        yield trouble("notices", told, "Install Restride with its extra: pipx install 'restride[notify]'")
    if lost := notify_settings.nobodys(targets, runners):
        told = f"Table {', '.join(map(str, lost))} of [[notify]] names no runner of this folder: nothing is sent by it."
        yield trouble(
            "notices", told, f"Write the runner's name there as `restride init --name` had it: {SETTINGS_FILE}"
        )
    stuck = [m for m in messages if m.state is MessageState.PENDING and m.trouble]
    gone = [m for m in messages if m.state is MessageState.GIVEN_UP]
    if stuck:
        told = f"{counted(len(stuck), 'notice')} could not be sent so far. {_why(stuck)}"
        yield trouble("notices", told, "Check the network, and what the settings file says under notify.")
    if gone:
        yield note(
            "notices",
            f"{counted(len(gone), 'notice was', 'notices were')} given up. {_why(gone)}",
            "`restride week` says it.",
        )
    if not (stuck or gone):
        sent = [m.sent_at for m in messages if m.sent_at is not None]
        last = f"; the last was sent {before(now, max(sent))}" if sent else ""
        yield ok("notices", f"Notifications are {'on' if targets else 'not switched on'}{last}.")


def failed(originals: Sequence[Original]) -> Check:
    """Count the files that could not be read."""
    from monitor.store import OriginalOutcome

    number = sum(original.outcome is OriginalOutcome.FAILED for original in originals)
    if number:
        told = f"{counted(number, 'file')} could not be read."
        return note("files", told, "`restride files --failed` says why; `restride retry --all` tries them again.")
    return ok("files", "Every file that came could be read.")


def _why(messages: Sequence[Message]) -> str:
    why = next((m.trouble for m in reversed(messages) if m.trouble), None)
    return "" if why is None else f"The last time: {discreet(why)}"
