"""`restride readiness`: the seven movements, each passed, or which side and what got worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

import typer

from monitor.cli.asking import is_asking, letter, yes_or_no
from monitor.cli.gates import last_birth, not_ahead, not_before_birth
from monitor.cli.layout import bullets, wrapped
from monitor.cli.options import Json, a_date, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, say_json, tell
from monitor.foundation import MOVEMENTS, SIDED, SIDES, WORSENED, Readiness

WORSENING = "“Passed” means: without WORSENING pain, leakage (urine or stool) or heaviness."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A movement that was not passed: on which side, and what got worse, as far as it was said."""

    movement: str
    side: str | None = None
    worsened: str | None = None


def a_movement(text: str) -> str:
    """Read the word for a readiness movement."""
    if text not in MOVEMENTS:
        raise typer.BadParameter(f"{text!r} is no movement; they are: {', '.join(MOVEMENTS)}")
    return text


def a_failure(text: str) -> Failed:
    """Read hop, hop:left, hop:leakage or hop:left:leakage."""
    first, *rest = (part.strip().lower() for part in text.split(":"))
    movement = a_movement(first)
    said: dict[str, str] = {}
    for part in rest:
        word = part.replace("-", " ")
        if word in SIDES and movement not in SIDED:
            raise typer.BadParameter(f"{movement} is not done on each side; leave {word!r} out")
        name = "side" if word in SIDES else "worsened" if word in WORSENED else None
        if name is None:
            raise typer.BadParameter(
                f"{part!r} in {text!r} is neither a side ({', '.join(SIDES)}) nor what got worse "
                f"({', '.join(what.replace(' ', '-') for what in WORSENED)})"
            )
        if name in said:
            raise typer.BadParameter(f"{text!r} says two things of one kind; for both sides say both")
        said[name] = word
    return Failed(movement=movement, side=said.get("side"), worsened=said.get("worsened"))


@shared
def readiness(
    place: Place,
    passed: Annotated[bool, typer.Option("--passed", help="All were passed.")] = False,
    failed: Annotated[
        list[Failed] | None,
        typer.Option(
            "--failed",
            metavar="MOVEMENT[:SIDE][:WHAT]",
            parser=a_failure,
            help="This one was not; the others were. SIDE: left, right, both. WHAT got worse: pain, leakage, "
            "heaviness; or not-possible.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="MOVEMENT", parser=a_movement, help="Speak of this one alone; the rest stay."),
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", parser=a_date, help="The day it was done; today if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Record the seven readiness movements.

    On a terminal and without options it asks for them one by one.
    A movement is passed when it went without WORSENING pain, leakage (urine or stool) or heaviness.

    \b
      walk         walk 30 minutes
      balance      single-leg balance, 10 seconds each side
      squat        single-leg squat without arm support, 10 each side
      jog          jog in place 1 minute
      heel-raise   single-leg heel raise, 20 each side
      hop          single-leg hop in place, 10 each side
      bound        forward bound (jump off two legs, land on one), 10 each side

    --failed and --only may be given several times. With --json it shows where they stand and asks nothing.

    \b
    Examples:
      restride readiness --passed
      restride readiness --failed hop:left:leakage --failed bound
      restride readiness --passed --only hop --only bound
    """
    results, failures = _results(passed, failed or [], only or [])
    if json and results:
        raise typer.BadParameter("shows where the movements stand; say it alone", param_hint="--json")
    with place.opened() as here:
        if not results and not json and is_asking():
            results, failures = _asked()
        if not results:
            _show(here, json)
            return
        here.add(
            Readiness(
                id=0,
                recorded_at=here.now,
                done_at=_done_at(here, on),
                results=results,
                sides={f.movement: f.side for f in failures if f.side},
                worsened={f.movement: f.worsened for f in failures if f.worsened},
            )
        )
        tell(f"Recorded: {sum(results.values())} of {len(results)} movements passed.")
        here.say_what_changed()


def _asked() -> tuple[dict[str, bool], list[Failed]]:
    """Ask for each movement, and of one that failed which side and what got worse."""
    tell(WORSENING)
    results: dict[str, bool] = {}
    failures = []
    for word, what in MOVEMENTS.items():
        results[word] = yes_or_no(f"Passed: {what}?")
        if not results[word]:
            side = letter("  Which side?", _by_letter(SIDES)) if word in SIDED else None
            worsened = letter("  What got worse?", _by_letter(WORSENED))
            failures.append(
                Failed(
                    movement=word,
                    side=None if side is None else _by_letter(SIDES)[side],
                    worsened=_by_letter(WORSENED)[worsened],
                )
            )
    return results, failures


def _by_letter(words: Sequence[str]) -> dict[str, str]:
    return {word[0]: word for word in words}


def _show(here: Opened, json: bool) -> None:
    """Say whether the gate is met, and how each movement stands."""
    from monitor.report import gates

    standing = here.standing()
    state = next(g for g in standing.recommendation.gates if g.code == "GAT04")
    tried = gates.movements_tried(standing)
    if json:
        say_json({"met": state.met, "message": state.message, "movements": gates.movements_content(tried)})
        return
    say(wrapped(state.message, first=f"{'met' if state.met else 'missing'}: "))
    if tried:
        say()
        for line in bullets(gates.movement_lines(tried)):
            say(line)
    tell("Record them with: restride readiness --passed   (or --failed MOVEMENT)")


def _results(passed: bool, failed: Sequence[Failed], only: Sequence[str]) -> tuple[dict[str, bool], Sequence[Failed]]:
    """Turn the options into what each movement did; empty when nothing was said."""
    names = [f.movement for f in failed]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise typer.BadParameter(f"{twice} is named twice; for both sides say {twice}:both", param_hint="--failed")
    if passed and failed:
        raise typer.BadParameter("say --passed or --failed, not both", param_hint="--passed")
    if only and not (passed or failed):
        raise typer.BadParameter("say with it whether it was --passed or --failed", param_hint="--only")
    if only and not set(names) <= set(only):
        raise typer.BadParameter("with --only, a movement that failed is named there too", param_hint="--failed")
    if not (passed or failed):
        return {}, ()
    return {word: word not in names for word in (only or MOVEMENTS)}, failed


def _done_at(here: Opened, on: date | None) -> datetime:
    """Give the instant of a go: now, or where a day is named its beginning, like the other gates' dates."""
    if on is None or on == here.today():
        return here.now
    not_ahead(on, here.today(), "readiness movements")
    not_before_birth(on, last_birth(here.facts(), here.today()), "readiness movements")
    return datetime.combine(on, time(), tzinfo=here.zone())
