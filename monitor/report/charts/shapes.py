"""What a chart is drawn of. `x` is 0 to 1 of the width, `y` and all heights are CSS pixels from the top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rectangle."""

    drawn_as: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line."""

    drawn_as: ClassVar[str] = "rule"
    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A word or a number beside something; `dx` moves it in pixels."""

    drawn_as: ClassVar[str] = "letters"
    x: float
    y: float
    text: str
    kind: str = "label"
    anchor: Anchor = "middle"
    dx: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One of the page's symbols, by its name; its shape tells it apart, not its colour."""

    drawn_as: ClassVar[str] = "sign"
    x: float
    y: float
    name: str
    dx: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line through many points, in a field of its own that is stretched with the width.

    `path` is in whole units: 0 to `units` across, 0 to `height` times 10 down.
    """

    drawn_as: ClassVar[str] = "curve"
    y: float
    height: float
    units: int
    path: str
    kind: str


Shape = Box | Rule | Letters | Sign | Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a symbol or a line of a chart stands for."""

    sign: str  # a symbol's name, or "box:KIND", "rule:KIND"
    text: str


def words_last(shapes: Iterable[Shape]) -> list[Shape]:
    """Draw words above everything else: a number behind the bar of the first day could not be read."""
    return sorted(shapes, key=lambda shape: isinstance(shape, Letters))


def used(key: Sequence[Key], shapes: Iterable[Shape]) -> tuple[Key, ...]:
    """Leave out of a key what is not in the drawing: nobody has to learn a sign that is not there."""
    drawn: set[str] = set()
    for shape in shapes:
        if isinstance(shape, Sign):
            drawn.add(shape.name)
        elif isinstance(shape, Rule | Curve):
            drawn.add(f"rule:{shape.kind}")
        elif isinstance(shape, Box):
            drawn.add(f"box:{shape.kind.removeprefix('band ')}")
    return tuple(entry for entry in key if entry.sign in drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing, with what is said to those who do not see it."""

    id: str
    title: str
    summary: str  # one or two sentences: what a person is to see in it
    height: float
    shapes: Sequence[Shape]
    key: Sequence[Key] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to draw."""
        return bool(self.shapes)
