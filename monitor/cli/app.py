"""The `restride` command, put together."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import (
    by_hand,
    checkin,
    correcting,
    doctoring,
    erasing,
    explaining,
    file_listing,
    files,
    foundation,
    gates,
    inspection,
    notifying,
    plan,
    portable,
    publishing,
    readiness,
    retrying,
    same_run,
    sessions,
    setting_up,
    stage,
    watching,
    weekly,
)
from monitor.cli.options import Data, Now, RunnerName

app = typer.Typer(
    name="restride",
    no_args_is_help=True,
    rich_markup_mode=None,  # help as plain text, the same in every terminal
    pretty_exceptions_show_locals=False,  # a crash must not print what she logged
    pretty_exceptions_enable=False,  # and a traceback is plain text too
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"restride {version('restride')}")
        raise typer.Exit


@app.callback()
def restride(
    data: Data = None,
    runner: RunnerName = None,
    now: Now = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Check what your watch recorded against your return-to-running plan: hold or progress, and why.

    A log and a planner that applies limits you entered; not a medical device. Everything stays on this computer.

    \b
    To begin:
      restride init
      restride import ~/Downloads/morning-run.fit
      restride checkin
      restride next
    """


app.command("init")(setting_up.init)
app.add_typer(gates.gate, name="gate")
app.command("readiness")(readiness.readiness)
app.add_typer(foundation.foundation, name="foundation")
app.command("import")(files.import_files)
app.command("inspect")(inspection.inspect)
app.command("checkin")(checkin.checkin)
app.command("next")(weekly.next_session)
app.command("week")(weekly.week)
app.command("sessions")(sessions.sessions)
app.command("show")(sessions.show)
app.command("log")(by_hand.log)
app.command("correct")(correcting.correct)
app.command("ignore")(correcting.ignore)
app.command("same")(same_run.same)
app.command("not-same")(same_run.not_same)
app.add_typer(stage.stage, name="stage")
app.add_typer(plan.plan, name="plan")
app.command("explain")(explaining.explain)
app.command("report")(publishing.report)
app.command("rebuild")(files.rebuild)
app.command("watch")(watching.watch)
app.command("demo")(publishing.demo)
app.command("files")(file_listing.files)
app.command("retry")(retrying.retry)
app.command("doctor")(doctoring.doctor)
app.command("notify")(notifying.notify)
app.command("export")(portable.export)
app.command("restore")(portable.restore)
app.command("backup")(portable.backup)
app.command("forget")(erasing.forget)


def _open_what_is_closed() -> None:
    """Put nothing in the place of a stream that was closed before the start, as some launchers and `<&-` do.

    Left closed, its number would go to the next file that is opened, which may be the database.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)  # by the processes that read files
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (for as long as the process)


def run() -> None:
    """Run the command line; what a console cannot write is replaced there, never a reason to stop."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="restride")
