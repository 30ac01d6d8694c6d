"""`restride watch`: the inbox, looked after."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.layout import wrapped
from monitor.cli.options import shared
from monitor.cli.place import Place, runner_named
from monitor.cli.printing import say, tell
from monitor.cli.stopping import STOPPED
from monitor.cli.trouble import Refused
from monitor.config import ConfigError, Settings, check_inbox, prepare
from monitor.watching import LEAVE, MOVE, Watching, a_destination, an_interval, check_destination, watching

if TYPE_CHECKING:
    from monitor.work import Line

NOT_NOW = timedelta(minutes=1)
"""A clock that is set further from the computer's by --now is meant."""


def _an_interval(text: str) -> float:
    try:
        return an_interval(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _a_destination(text: str) -> str:
    try:
        a_destination(text)
    except (ValueError, ConfigError) as error:
        raise typer.BadParameter(str(error)) from error
    return text


@shared
def watch(
    place: Place,
    once: Annotated[bool, typer.Option("--once", help="Look once and end, for cron or a timer.")] = False,
    every: Annotated[
        float | None,
        typer.Option("--every", metavar="SECONDS", parser=_an_interval, help="Between two looks; otherwise 10."),
    ] = None,
    after_import: Annotated[
        str | None,
        typer.Option(
            "--after-import",
            metavar=f"{LEAVE}|{MOVE}DIR",
            parser=_a_destination,
            help="What becomes of files that were taken in; otherwise they stay.",
        ),
    ] = None,
) -> None:
    """Look after the inbox: what arrives is taken in and answered.

    The weekly recommendation and its report come at their time, and answers that are missing are asked for once.

    It runs until Ctrl-C. On a terminal it says everything; anywhere else, as in a log, it says only that there is
    something to read.

    \b
    Examples:
      restride watch
      restride watch --once
      restride watch --every 30 --after-import move:~/runs/done
    """
    settings = place.in_use()
    prepare(settings)
    check_inbox(settings.inbox_dir, settings.data_dir)
    how = _how(settings, every, after_import)
    from filelock import Timeout

    from monitor import watch_state

    lock = watch_state.lock_of(settings)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Refused(_watched(settings)) from None
    try:
        if once:
            _once(settings, how, place)
        else:
            _on_and_on(settings, how, place)
    finally:
        lock.release()


def _how(settings: Settings, every: float | None, after_import: str | None) -> Watching:
    """Put the options over what the settings file says."""
    said = watching(settings)
    move_to = said.move_to if after_import is None else a_destination(after_import)
    if move_to is not None:
        check_destination(settings, move_to)
    return Watching(every_s=said.every_s if every is None else every, move_to=move_to)


def _watched(settings: Settings) -> str:
    """Say which process watches already."""
    from monitor import watch_state

    state = watch_state.read(settings)
    process = f" by process {state.pid}" if state else ""
    return f"{settings.data_dir} is watched already{process}; one watcher is enough, and stops on Ctrl-C or SIGTERM"


def _saying(place: Place) -> Callable[[Line], None]:
    """Say a line to her whose terminal it is, if it is hers; where it may be kept as a log, only that there is one."""
    from monitor.store import Lost, NewerDatabase, NoRunner, NotOurs, StoreError, UnknownRunner

    def meant() -> int:
        with place.store() as store:
            return (runner_named(store.runners(), place.runner) or store.runner(place.runner)).id

    try:
        runner: int | None = meant()
    except (Lost, NewerDatabase, NoRunner, NotOurs, UnknownRunner):
        raise
    except StoreError:  # the disk is full, or another process writes: that passes, and the work says so meanwhile
        runner = None

    shown = sys.stdout.isatty()
    first: list[str] = []
    place.say_what_is_urgent(say=say if shown else first.append)

    def say_line(line: Line) -> None:
        nonlocal runner
        text = "\n".join(wrapped(part, then="  ") for part in line.text.split("\n")) if shown else line.discreet
        if text and line.runner is not None and runner is None:
            with suppress(StoreError):
                runner = meant()
        if text and line.runner in (None, runner):
            if first:  # a log must not tell of it, and not leave it out either
                from monitor.messages import URGENT  # loads what the watcher does without otherwise

                first.clear()
                say(URGENT)
            say(text)
            sys.stdout.flush()

    return say_line


def _on_and_on(settings: Settings, how: Watching, place: Place) -> None:
    from monitor.watch import Watcher
    from monitor.watch_log import WatchLog

    ahead = place.now - datetime.now(UTC)
    log = WatchLog(settings)
    watcher = Watcher(settings, how, say=_saying(place), log=log, ahead=ahead if abs(ahead) > NOT_NOW else timedelta(0))
    tell(f"Watching {settings.inbox_dir} (process {os.getpid()}). Ctrl-C ends it.")
    try:
        asked_by = watcher.run()
    finally:
        log.close()
    if asked_by == signal.SIGINT:
        tell("Stopped.")
        raise typer.Exit(STOPPED)


def _once(settings: Settings, how: Watching, place: Place) -> None:
    from monitor.once import look_after

    came = look_after(settings, how, now=place.now, say=_saying(place))
    if came.trouble:
        tell(came.trouble)
    if came.failed or came.trouble:
        raise typer.Exit(1)
