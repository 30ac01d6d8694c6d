"""`restride stage`: the stage in force, and a physio's word over it."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.gates import said
from monitor.cli.layout import bullets, named, wrapped
from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.trouble import Refused
from monitor.facts import Override

stage = typer.Typer(rich_markup_mode=None)


def a_stage(text: str) -> int:
    """Read the number of a stage."""
    if not (text.isascii() and text.isdecimal() and len(text) < 1000):
        raise typer.BadParameter(f"{text!r} is no stage; write its number, like 2")
    return int(text)


@stage.callback(invoke_without_command=True)
@shared
def show(place: Place, json: Json = False) -> None:
    """Show the stage in force and why, or set it on a physio's word.

    \b
    Examples:
      restride stage
      restride stage set 3 --because "assessed on 2 March, jogs are easy"
    """
    from monitor.cli import as_json
    from monitor.cli.recommendation_text import because, next_run, verdict
    from monitor.report.make_summary import summary_now

    with place.opened() as here:
        standing, zone = here.standing(), here.zone()
    shown = summary_now(standing)
    if json:
        say_json({"stage": shown.next_stage, **as_json.recommended(standing)})
        return
    say(wrapped(verdict(shown)))
    for line in named(next_run(shown, zone)):
        say(line)
    say()
    say("Why")
    for line in bullets(because(reason, zone) for reason in shown.reasons):
        say(line)


@stage.command("set")
@shared
def set_stage(
    place: Place,
    number: Annotated[int, typer.Argument(metavar="N", parser=a_stage, help="The stage of the next run.")],
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, in the physio's words.")],
) -> None:
    """Set the stage of the next run, as a physio decided.

    The gates and the rest between runs still hold.

    \b
    Example:
      restride stage set 2 --because "assessed on 2 March, shorter walks are fine"
    """
    from monitor.plans import plan_at

    with place.opened() as here:
        plan = plan_at(here.facts(), here.now)
        if not plan.lowest <= number <= plan.last:
            raise Refused(f"there is no stage {number}; the plan goes from {plan.lowest} to {plan.last}")
        here.add(Override(id=0, recorded_at=here.now, at=here.now, stage=number, because=said(because)))
        tell(f"Recorded: stage {number}, {plan[number]}.")
        here.say_what_changed()
        here.say_why_not(number)
