"""`restride explain`: a rule's own text."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Place
from monitor.cli.printing import say, say_json, tell
from monitor.cli.trouble import Refused


@shared
def explain(
    place: Place,
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="The code of a rule, like RST01.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every rule, as one Markdown page.")] = False,
    json: Json = False,
) -> None:
    """Explain a rule: what it asks, why, and what it rests on.

    With an example. Without a code it lists them all.

    \b
    Examples:
      restride explain
      restride explain RST01
    """
    place.say_what_is_urgent(say=tell)
    from dataclasses import asdict

    from monitor.cli.layout import named, wrapped
    from monitor.rules import catalogue

    if code is None:
        if json:
            say_json({"rules": [asdict(rule) for rule in catalogue.rules()]})
        elif everything:
            say(catalogue.markdown().rstrip("\n"))
        else:
            for line in named(((rule.code, rule.title) for rule in catalogue.rules()), indent=""):
                say(line)
        return
    rule = catalogue.rule(code)
    if rule is None:
        raise Refused(f"there is no rule {code}; `restride explain` lists them")
    if json:
        say_json(asdict(rule))
        return
    say(wrapped(f"{rule.code}: {rule.title} ({rule.level})"))
    for name, text in (("", rule.what), ("Why: ", rule.why), ("Example: ", rule.example), ("Source: ", rule.source)):
        say()
        say(wrapped(f"{name}{text}"))
