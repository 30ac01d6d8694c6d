"""Whether two recordings are of one run, and what the answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Answer(StrEnum):
    """Whether two recordings are of one run."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot tell"


class Tier(StrEnum):
    """What a verdict rests on."""

    IDENTICAL = "identical"  # the same samples at the same times
    EXPORT = "export"  # one recording in two formats
    DEVICES = "devices"  # two devices measured the same minutes
    CLOCK = "clock"  # a copy, or another device, whose clock was not set
    ZONE = "zone"  # a copy in another zone
    WORD = "word"  # hers
    TIME = "time"  # nothing but the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether two recordings are of one run, and why."""

    answer: Answer
    tier: Tier
    words: str  # for a person
    clock_s: float = 0.0  # how far the clock of the second is ahead of the first's
    numbers: Mapping[str, float] = field(default_factory=dict)


BY_HER_WORD = Verdict(answer=Answer.SAME, tier=Tier.WORD, words="by your word")
COVERED = Verdict(answer=Answer.CANNOT_TELL, tier=Tier.TIME, words="it covers the same time")
APART = Verdict(answer=Answer.DIFFERENT, tier=Tier.TIME, words="they were recorded at different times")
