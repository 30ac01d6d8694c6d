"""Options that several commands share, and how a command gets them wherever they are typed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from monitor.cli import stopping
from monitor.cli.place import Place
from monitor.cli.printing import tell, urgent
from monitor.cli.trouble import expected, sentence
from monitor.when import YEARS


def an_instant(text: str) -> datetime:
    """Read an instant with its zone: 2026-04-05T18:00+02:00."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no instant; write it like 2026-04-05T18:00+02:00") from error
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone; write it like 2026-04-05T18:00+02:00")
    if instant.year not in YEARS:
        raise typer.BadParameter(f"{text!r} is no instant that Restride can count with; check the year")
    return instant.astimezone(UTC)


def a_date(text: str) -> date:
    """Read a date: 2026-03-01."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write year-month-day, like 2026-03-01") from error
    if day.year not in YEARS:
        raise typer.BadParameter(f"{text!r} is no day that Restride can count with; check the year")
    return day


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The data folder. Otherwise RESTRIDE_DATA, or your system's usual place.",
        show_default=False,
    ),
]
RunnerName = Annotated[
    str | None,
    typer.Option("--runner", metavar="NAME", help="Whose data; otherwise the first runner's.", show_default=False),
]
Now = Annotated[datetime | None, typer.Option("--now", metavar="INSTANT", parser=an_instant, hidden=True)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with status 3 when the outcome is HOLD.")]

On = Annotated[date, typer.Option("--on", metavar="DATE", parser=a_date, help="The day, like 2026-03-01.")]

SHARED = {"data": Data, "runner": RunnerName, "now": Now}

FOR_PROGRAMS = ("json", "toml")
"""The options, by the name of their parameter, that leave stdout to a program."""


def shared(function: Callable[..., None]) -> Callable[..., None]:
    """Let a command take the shared options, hand it a `Place`, and put expected trouble into one line.

    The function's first parameter is the `Place`; the others are its own options. An option given after the command
    counts more than the same one before it.
    """
    hints = get_type_hints(function, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]

    @wraps(function)
    def command(context: typer.Context, **given: Any) -> None:
        if context.invoked_subcommand is not None:  # the subcommand looks for its shared options here
            return
        own_given = {name: value for name, value in given.items() if name not in SHARED}
        try:
            stopping.begin()
            for_a_program = any(own_given.get(name) for name in FOR_PROGRAMS)
            urgent.set(None)
            function(_place(context, for_a_program=for_a_program), **own_given)
        except (typer.Exit, typer.BadParameter):
            raise
        except typer.Abort:  # Ctrl-C or Ctrl-D at a question, and what is asked is asked before anything is stored
            tell("\nNothing was recorded.")
            raise typer.Exit(stopping.STOPPED) from None
        except KeyboardInterrupt:
            tell("\nStopped.")
            raise typer.Exit(stopping.STOPPED) from None
        except expected() as error:
            if isinstance(error, BrokenPipeError):
                raise
            tell(f"restride: {sentence(error)}")
            raise typer.Exit(1) from None

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    parameters += [p.replace(kind=keyword, annotation=hints[p.name]) for p in own]
    parameters += [inspect.Parameter(n, keyword, default=None, annotation=kind) for n, kind in SHARED.items()]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads this
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    del command.__wrapped__  # or typer would look through to the function's own
    return command


def _place(context: typer.Context, *, for_a_program: bool) -> Place:
    """Find each shared option at the command, or at one of those around it."""
    found: dict[str, Any] = {}
    here: Any = context
    while here is not None:
        for name in SHARED:
            if found.get(name) is None:
                found[name] = here.params.get(name)
        here = here.parent
    return Place(
        data=found["data"], runner=found["runner"], now=found["now"] or datetime.now(UTC), for_a_program=for_a_program
    )
