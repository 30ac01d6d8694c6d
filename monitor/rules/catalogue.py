"""Every rule in its own words: what `restride explain` prints and docs/rules.md holds."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from analysis.checks import dat01, inc01, rst01, spk01, stg01, stg02, stg03
from monitor.rules import car01, car02, eff01, gat01, gat02, gat03, gat04, log01, sym01, sym02, sym03, sym04
from monitor.rules.verdicts import VERDICTS

MODULES: tuple[ModuleType, ...] = (
    *(gat01, gat02, gat03, gat04),
    *(rst01, inc01, stg01, stg02, stg03, spk01, eff01, dat01),
    *(sym01, sym02, sym03, sym04, car01, car02, log01),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as a person reads it."""

    code: str
    title: str
    level: str  # what it does to the plan
    what: str
    why: str
    example: str
    source: str


def rules() -> tuple[Rule, ...]:
    """Give every rule, in the order of the plan, then the reasons of the recommendation itself."""
    return (*(_of(module) for module in MODULES), *(_verdict(code) for code in VERDICTS))


def rule(code: str) -> Rule | None:
    """Find a rule by its code, written large or small."""
    return next((one for one in rules() if one.code == code.strip().upper()), None)


def markdown() -> str:
    """Write every rule as one Markdown page."""
    return "\n".join(_page())


def _of(module: ModuleType) -> Rule:
    """Read a rule from its module: the docstring's first line, its three paragraphs, and two constants."""
    title, *rest = [" ".join(part.split()) for part in (module.__doc__ or "").strip().split("\n\n")]
    parts = {name: text for name, _, text in (part.partition(": ") for part in rest)}
    return Rule(
        code=module.CODE,
        title=title.removeprefix(f"{module.CODE}: ").rstrip("."),
        level=module.LEVEL,
        what=_sentence(parts["What"]),
        why=_sentence(parts["Why"]),
        example=_sentence(parts["Example"]),
        source=module.SOURCE,
    )


def _verdict(code: str) -> Rule:
    title, level, what, example = VERDICTS[code]
    return Rule(
        code=code,
        title=title,
        level=level,
        what=what,
        why="A reason of the recommendation itself, so that there is always one.",
        example=example,
        source="this project's own, by the order of the decision",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _page() -> Iterator[str]:
    yield "# The rules of the plan"
    yield ""
    yield from _wrapped(
        "Written from the program's own rules by `restride explain --all`; the tests fail where this page and the "
        "program differ. “The article” is the postpartum running article whose advice this plan puts into numbers. "
        "Most of the evidence behind plans of this kind is expert opinion, and each rule says what it rests on. A "
        "*limit* blocks a step up for seven days, a *caution* is shown and does not block. Nothing here is advice on "
        "treatment."
    )
    yield ""
    yield "| code | rule | what it does |"
    yield "|---|---|---|"
    yield from (f"| [{one.code}](#{one.code.lower()}) | {one.title} | {one.level} |" for one in rules())
    for one in rules():
        yield ""
        yield f"## {one.code}"
        yield ""
        yield f"**{_sentence(one.title)}.**"
        for name, text in (("", one.what), ("Why: ", one.why), ("Example: ", one.example), ("Source: ", one.source)):
            yield ""
            yield from _wrapped(name + text)
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)
