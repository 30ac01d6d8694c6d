"""What the codes on the page stand for: each rule in its own words, so that a reader needs nothing beside the page."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.report import wording
from monitor.report.view import Line
from monitor.rules import catalogue


def key(codes: Iterable[str]) -> tuple[Line, ...]:
    """Explain these codes, in order; one of an older version of the rules is left out."""
    known = {rule.code: rule.title for rule in catalogue.rules()}
    return tuple(Line(code=code, text=wording.sentence(known[code])) for code in sorted(set(codes) & known.keys()))
