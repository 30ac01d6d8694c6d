"""The reasons of the recommendation itself, which no single rule finds: title, effect, what they say, an example."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str, str, str]] = {
    "NEW01": (
        "no run of the plan is recorded yet",
        "holds",
        "Every gate is met and nothing was run: the next run is the first one, at the plan's first stage.",
        "The evening before the first run.",
    ),
    "CLN01": (
        "a step up needs two clean runs at the stage",
        "holds",
        "A run is clean when it kept every limit, did its stage (all but 45 s or 10 % of the jogging, and all but 15 s "
        "or 15 % of the longest jog), was answered after it and on the next day, and no symptom was logged, for it or "
        "without naming a run, up to the end of that next day. Runs that were only short, or could not be judged, and "
        "were answered symptom-free neither earn nor break anything.",
        "One clean run at stage 3: one more is needed.",
    ),
    "GAP01": (
        "a break in running",
        "holds, or goes back",
        "A step up needs a run in the last 10 days. After more than 14 days without a run the next one is a stage "
        "lower; after more than 28 days the plan starts again, with the readiness movements.",
        "Back after 20 days: at stage 4 where it was stage 5.",
    ),
    "OVR01": (
        "a stage that a physiotherapist set",
        "the next run is at that stage",
        "A physiotherapist's word on the stage stands until a run has followed it. Gates, rest and symptoms still "
        "hold: while a symptom does, the word takes her down and not up; up it goes once it is given again after that.",
        '`restride stage set 3 --because "assessed on 2 March"`.',
    ),
    "PLN01": (
        "another plan is in use",
        "the next run is at the stage named with it",
        "A plan that was chosen starts at the stage named with it, while a symptom holds at one that asks no more than "
        "the last run. Two clean runs there come before its next stage.",
        "`restride plan use FILE --at-stage 2`.",
    ),
    "WRD01": (
        "two clean runs that both rest on her own word",
        "holds",
        "Of the two clean runs before a step up one at most may rest on a correction or a run logged by hand.",
        "Two runs in a row logged by hand: one more that a watch shows.",
    ),
    "CLK01": (
        "a recording dated in the future",
        "holds",
        "It is not counted, and as nobody knows when it was, it may have been a run of these days. It holds until it "
        "is left out; a run can then be logged by hand.",
        "A watch whose clock was set wrong by years.",
    ),
    "FIN01": (
        "the plan is completed",
        "holds: there is no further stage",
        "Two clean runs at the last stage complete the plan. Rest and symptoms are watched on.",
        "The second clean half hour.",
    ),
    "PRG01": (
        "what a step up rests on",
        "the next run goes one stage further",
        "Two clean runs at the stage, every gate met, nothing unresolved, no limit in seven days, every answer there.",
        "Monday and Wednesday clean at stage 1: Friday at stage 2.",
    ),
}
