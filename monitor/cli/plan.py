"""`restride plan`: the ladder in use, and a physio's own in its place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.gates import said
from monitor.cli.layout import named, wrapped
from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.stage import a_stage
from monitor.cli.trouble import Refused
from monitor.facts import PlanChoice, Setting

if TYPE_CHECKING:
    from analysis.plan import Plan
    from analysis.plan_file import PlanError
    from monitor.standing import Standing

plan = typer.Typer(rich_markup_mode=None)

DEFAULT = "default"
STRICT = "Strict: every rest of less than 48 hours is a breach, and holds the plan."
USUAL = (
    "Usual: a rest of less than 48 hours is pointed out; a breach, which holds the plan, is two starts less than "
    "47 h 30 min apart."
)
MAX_BYTES = 200_000

AsToml = Annotated[bool, typer.Option("--toml", help="Print the plan's file instead, as a start for one's own.")]


@plan.callback(invoke_without_command=True)
@shared
def show_plan(place: Place, json: Json = False) -> None:
    """Show the plan in use, or use a physio's own.

    \b
    Examples:
      restride plan show
      restride plan show --toml > slow-start.toml
      restride plan check slow-start.toml
      restride plan use slow-start.toml --at-stage 1 --because "assessed on 2 March"
      restride plan use default --at-stage 3
    """
    _show(place, json)


@plan.command("show")
@shared
def show(place: Place, json: Json = False, toml: AsToml = False) -> None:
    """Show the stages of the plan in use, and where you stand.

    \b
    Examples:
      restride plan show
      restride plan show --toml > slow-start.toml
    """
    if json and toml:
        raise typer.BadParameter("say --json or --toml, not both", param_hint="--toml")
    if toml:
        _show_file(place)
    else:
        _show(place, json)


def _show(place: Place, json: bool) -> None:
    from monitor.cli.as_json import instant
    from monitor.cli.plan_text import HERE, content, ladder
    from monitor.plans import choice_at, plan_at
    from monitor.report.wording import plan_in_use

    with place.opened() as here:
        standing = here.standing()
        zone = here.zone()
    in_use, choice = plan_at(standing.facts, place.now), choice_at(standing.facts, place.now)
    next_stage = standing.recommendation.next_stage
    at_stage = _stands(standing)
    if json:
        say_json(
            {
                **content(in_use),
                "is_default": choice is None or choice.text is None,
                "since": None if choice is None else instant(choice.at),
                "because": None if choice is None else choice.because,
                "stage": at_stage,
                "next_stage": next_stage,
            }
        )
        return
    say(wrapped(plan_in_use(in_use, choice, zone)))
    say()
    for line in ladder(in_use, at_stage=at_stage):
        say(line)
    say()
    if next_stage is None:
        say(wrapped(f"{HERE} You stand at stage {at_stage}. No running for now; `restride next` says why."))
    else:
        say(wrapped(f"{HERE} The next run is at stage {at_stage}. `restride next` says from when."))
    _warn(in_use)


def _show_file(place: Place) -> None:
    from analysis.plan import default_text
    from monitor.plans import choice_at

    with place.opened() as here:
        choice = choice_at(here.facts(), here.now)
    text = default_text() if choice is None or choice.text is None else choice.text
    say(text.rstrip("\r\n"))


@plan.command("check")
@shared
def check(
    place: Place,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A plan in TOML.")],
    json: Json = False,
) -> None:
    """Check a plan of one's own, and show how it is read. Changes nothing.

    An error means that it cannot be used, a warning that it can, but departs from a careful ladder.

    \b
    Example:
      restride plan check slow-start.toml
    """
    from analysis.plan_file import PlanError, parse
    from analysis.plan_warnings import warnings
    from monitor.cli.plan_text import content, ladder
    from monitor.report.wording import count

    place.say_what_is_urgent(say=tell)
    try:
        ladder_read = parse(_text(file))
    except PlanError as error:
        if not json:
            raise _unusable(file, error) from None
        say_json({"file": str(file), "error": {"code": "no_plan", "message": str(error)}, "errors": error.problems})
        raise typer.Exit(1) from None
    if json:
        say_json({"file": str(file), **content(ladder_read)})
        return
    found = warnings(ladder_read)
    warned = f", with {count(len(found), 'warning')}" if found else ""
    say(wrapped(f"The plan “{ladder_read.name}” can be used{warned}. It starts at stage {ladder_read.first_stage}."))
    say()
    for line in ladder(ladder_read):
        say(line)
    _warn(ladder_read)


@plan.command("use")
@shared
def use(
    place: Place,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A plan in TOML, or the word: default")],
    at_stage: Annotated[
        int, typer.Option("--at-stage", metavar="N", parser=a_stage, help="The stage of the next run on this plan.")
    ],
    because: Annotated[
        str | None, typer.Option("--because", metavar="TEXT", help="Why, in the physio's words.")
    ] = None,
) -> None:
    """Use a physio's own plan from now on, or the default one again.

    The file is kept whole in the database. Gates, rest and what follows a symptom stay as they are; earlier runs stay
    judged by the plan they were run on.

    \b
    Examples:
      restride plan use slow-start.toml --at-stage 1 --because "assessed on 2 March"
      restride plan use default --at-stage 3
    """
    from analysis.plan import default_plan
    from analysis.plan_file import PlanError, parse
    from monitor.cli.recommendation_text import changed, next_run
    from monitor.report.make_summary import summary_now
    from monitor.standing import stand

    why = None if because is None else said(because)
    text = None if file == DEFAULT else _text(Path(file))
    try:
        chosen = default_plan() if text is None else parse(text)
    except PlanError as error:
        raise _unusable(Path(file), error) from None
    if not chosen.lowest <= at_stage <= chosen.last:
        raise Refused(f"this plan has no stage {at_stage}; it has {chosen.lowest} to {chosen.last}")
    with place.opened() as here:
        before = stand(here.facts(), here.store.observed(here.runner), here.now)  # for a look; nothing is issued
        here.add(PlanChoice(id=0, recorded_at=here.now, at=here.now, text=text, at_stage=at_stage, because=why))
        what = "the default plan" if text is None else f"the plan “{chosen.name}”"
        tell(wrapped(f"Recorded: {what} from now on, at stage {at_stage}: {chosen[at_stage]}."))
        _warn(chosen)
        _warn_of_a_leap(before, chosen, at_stage)
        said_now = summary_now(here.standing())
        for line in changed(said_now):
            say(line)
        for line in named(next_run(said_now, here.zone())):
            say(line)
        here.say_why_not(at_stage)


@plan.command("rest")
@shared
def rest(
    place: Place,
    strict: Annotated[
        bool | None,
        typer.Option("--strict/--usual", help="Every rest under 48 hours is a breach, or only a clearly shorter one."),
    ] = None,
    json: Json = False,
) -> None:
    """Show or set how strictly the 48 hours between runs are taken.

    They run from the end of one run to the start of the next, and less is always pointed out. Usually it is a breach
    where the two starts lie less than 47 h 30 min apart, so that running every other day at the same hour is none. The
    setting counts for runs from now on.

    \b
    Examples:
      restride plan rest
      restride plan rest --strict
      restride plan rest --usual
    """
    with place.opened() as here:
        was = here.facts().strict_rest(here.now)
        if strict is not None and strict != was:
            value = "true" if strict else "false"
            here.add(Setting(id=0, recorded_at=here.now, at=here.now, key="rest.strict", value=value))
        holds = was if strict is None else strict
        if json:
            say_json({"strict": holds})
            return
        say(wrapped(STRICT if holds else USUAL))
        if strict is not None:
            tell("This is how it was already." if strict == was else "Recorded: for runs from now on.")
            here.say_what_changed()


def _text(file: Path) -> str:
    """Read a file of text.

    Raises:
        OSError: it cannot be opened.
        Refused: it is no plan, by its size or its letters.
    """
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(f"{file} is far too large for a plan; name the TOML file with its stages")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file} is not plain text in UTF-8; save it as such (a plan is no spreadsheet or PDF)") from None


def _unusable(file: Path, error: PlanError) -> Refused:
    """Say what is wrong with a file, every problem on a line of its own."""
    lines = [f"{file} cannot be used as a plan:", *(wrapped(p, first="  - ") for p in error.problems)]
    return Refused("\n".join([*lines, f"Put this right, then: restride plan check {file}"]))


def _warn(chosen: Plan) -> None:
    """Say where a plan departs from a careful ladder."""
    from analysis.plan_warnings import warnings

    sys.stdout.flush()  # what the warnings speak of comes first where both go to one place
    for text in warnings(chosen):
        tell(wrapped(text, first="warning: "))


def _warn_of_a_leap(before: Standing, chosen: Plan, at_stage: int) -> None:
    """Say where the stage asked for jogs much more than the one she stands at: a slip of the finger looks the same."""
    from analysis.plan import length
    from analysis.plan_warnings import MOST_ADDED_S

    stage = before.plan[_stands(before)]
    more_s = chosen[at_stage].jog_total_s - stage.jog_total_s
    if more_s > MOST_ADDED_S:
        tell(
            wrapped(
                f"stage {at_stage} asks for {length(chosen[at_stage].jog_total_s)} of jogging, {length(more_s)} more "
                f"than stage {stage.stage}, where you stood until now",
                first="warning: ",
            )
        )


def _stands(standing: Standing) -> int:
    """Give the stage of the next run, or the one she stands on while there is to be none."""
    from monitor.footing import footing

    told = standing.recommendation
    if told.next_stage is not None:
        return told.next_stage
    return footing(standing.judged, standing.facts, told.as_of, standing.plan).stage
