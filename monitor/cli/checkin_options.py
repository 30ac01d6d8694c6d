"""The options of `restride checkin`: one for every answer, and those for what else it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.answers import (
    SITES,
    URGENT_SIGNS,
    Bleeding,
    Heaviness,
    InBout,
    Leakage,
    LeakageOf,
    PainKind,
    Urgent,
    Window,
)
from monitor.cli.checkin_answers import a_sign, a_window, an_entry, answer

Nothing = Annotated[bool, typer.Option("--none", help="No pain, no leakage, no heaviness.")]
Pain = Annotated[int | None, typer.Option("--pain", metavar="0-10", parser=answer("pain"), help="The worst pain.")]
Site = Annotated[
    str | None, typer.Option("--site", metavar="WHERE", parser=answer("site"), help=f"Where: {', '.join(SITES)}.")
]
Kind = Annotated[
    PainKind | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        parser=answer("pain_kind"),
        help="pain, bone_focal (in one spot on a bone) or night (at night).",
    ),
]
HowMuch = Annotated[
    Leakage | None,
    typer.Option("--leakage", metavar="HOW", parser=answer("leakage"), help="none, drops, wet or soaked."),
]
Of = Annotated[
    LeakageOf | None,
    typer.Option("--leakage-of", metavar="WHAT", parser=answer("leakage_of"), help="urine or stool."),
]
Heavy = Annotated[
    Heaviness | None,
    typer.Option(
        "--heaviness",
        metavar="HOW",
        parser=answer("heaviness"),
        help="In the pelvis, or dragging: none, mild, clear, bulge (felt).",
    ),
]
Blood = Annotated[
    Bleeding | None,
    typer.Option(
        "--bleeding", metavar="HOW", parser=answer("bleeding"), help="none, same, period, or more (new or more)."
    ),
]
Bout = Annotated[
    InBout | None,
    typer.Option(
        "--in-bout",
        metavar="WHAT",
        parser=answer("in_bout"),
        help="When it came: stopped (and walked), finished (the jog), or later.",
    ),
]
Gait = Annotated[
    bool | None, typer.Option("--gait-changed/--no-gait-changed", help="Whether you limped or guarded something.")
]
Signs = Annotated[
    list[Urgent] | None,
    typer.Option(
        "--urgent",
        metavar="SIGN",
        parser=a_sign,
        help=f"Medical care comes first: {', '.join(URGENT_SIGNS)}. May be given several times.",
    ),
]
Sore = Annotated[
    bool | None, typer.Option("--soreness/--no-soreness", help="Sore muscles; these do not hold by themselves.")
]
Effort = Annotated[
    int | None, typer.Option("--effort", metavar="0-10", parser=answer("effort"), help="How hard it was.")
]
Sleep = Annotated[
    float | None, typer.Option("--sleep", metavar="HOURS", parser=answer("sleep_h"), help="How long you slept.")
]
Fatigue = Annotated[
    int | None, typer.Option("--fatigue", metavar="0-10", parser=answer("fatigue"), help="How tired you are.")
]
Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", parser=answer("note"), help="Anything else, in your words.")
]
Windows = Annotated[
    list[Window] | None,
    typer.Option(
        "--window",
        metavar="WHEN",
        parser=a_window,
        help="during, after, next_day or any; may be given several times.",
    ),
]
About = Annotated[
    str | None, typer.Option("--session", metavar="ID", help="Which run, as `restride sessions` names it.")
]
Replace = Annotated[
    int | None,
    typer.Option("--replace", metavar="ENTRY", parser=an_entry, help="Correct an entry: its number, or last."),
]
TakeBack = Annotated[
    int | None,
    typer.Option("--take-back", metavar="ENTRY", parser=an_entry, help="Take an entry back; it stays on record."),
]
Listing = Annotated[bool, typer.Option("--list", help="List your entries with their numbers, and stop.")]
Due = Annotated[bool, typer.Option("--due", help="List what is not answered yet, and stop.")]
Source = Annotated[Path | None, typer.Option("--from", metavar="FILE", help="Read entries from a CSV file.")]
