"""`restride doctor`: is everything as it should be, and what to do where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import urgent
from monitor.cli.layout import wrapped
from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import progress, say, say_json, tell
from monitor.config import ConfigError, Settings, locate, settings_of

if TYPE_CHECKING:
    from monitor.health import Check


@shared
def doctor(
    place: Place,
    deep: Annotated[bool, typer.Option("--deep", help="Read every archived copy; may take minutes.")] = False,
    json: Json = False,
) -> None:
    """Say whether everything works, and what mends it where not.

    Nothing is changed. What it prints holds no symptom, note, position or name of yours but those of two folders, so
    that it can be pasted where you ask for help. It looks at the whole data folder, for all runners.

    \b
    Examples:
      restride doctor
      restride doctor --deep
    """
    from monitor.health import State, discreet, examine

    settings, wrong = _settings(place)
    for line in urgent.found(settings, place.runner, place.now):  # on stderr: what is pasted must not tell of it
        tell(line)
    examined = partial(examine, settings, place.now, settings_trouble=None if wrong is None else discreet(wrong))
    if deep:
        with progress("Reading copies") as reading:
            found = list(examined(deep=True, on_copy=lambda copies: reading.advance(copies, "")))
    else:
        found = list(examined())
    troubles = sum(check.state is State.TROUBLE for check in found)
    if json:
        checks = [{"name": c.name, "state": c.state.value, "message": c.message, "fix": c.fix} for c in found]
        say_json({"checks": checks, "troubles": troubles})
    else:
        for line in in_words(found):
            say(line)
    if troubles:
        raise typer.Exit(1)


def in_words(found: Sequence[Check]) -> Iterator[str]:
    """Write what was found, each with its fix below, and count it."""
    from monitor.health import State

    for check in found:
        yield wrapped(check.message, first=f"{check.state.value:<7}  {check.name:<11}  ")
        if check.fix is not None:
            yield wrapped(check.fix, first=" " * 22 + "→ ", then=" " * 24)
    counts = Counter(check.state for check in found)
    troubles, notes = counts[State.TROUBLE], counts[State.NOTE]
    yield ""
    said = "Nothing is wrong" if not troubles else f"{troubles} {'thing is' if troubles == 1 else 'things are'} wrong"
    yield f"{said}{f', {notes} to know' if notes else ''}."


def _settings(place: Place) -> tuple[Settings, str | None]:
    """Find the data folder even where its settings file cannot be used."""
    try:
        return place.settings(), None
    except ConfigError as error:
        return settings_of(locate(place.data)), str(error)
