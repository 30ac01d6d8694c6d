"""Where a plan departs from what a careful ladder keeps to (rules.md §7). It may, but never silently."""

from __future__ import annotations

from itertools import pairwise

from analysis.plan import Plan, Prescription, default_plan, length

MOST_ADDED_S = 120.0  # of jogging, from one stage to the next
MOST_LONGER = (11, 10)  # a main set without walks grows by a tenth at most; whole numbers, so that 20 → 22 is no more
LEVERS = {"jog_s": "the jog", "walk_s": "the walk", "main_set_s": "the main set"}


def warnings(plan: Plan) -> tuple[str, ...]:
    """Say where a plan breaks an invariant, stage by stage; nothing for the default plan.

    From stage 1 on no step adds more than 2 minutes of jogging; jog total and longest jog never fall; up to the stage
    before the first one without walks exactly one of jog, walk and main set changes; the step to it removes the walk;
    from there only the main set grows, each time by a tenth at most. Stages below 1 and below where the plan starts
    exist only as a step back: the way up from them may be wide, but must be a way up.
    """
    said = [*_name(plan), *_start(plan)]
    from_stage = min(1, plan.first_stage)
    for lower, upper in pairwise(plan.stages):
        said += _falls(lower, upper)
        if lower.stage >= from_stage:
            said += [*_adds(lower, upper), *_levers(lower, upper)]
    return tuple(said)


def levers(lower: Prescription, upper: Prescription) -> tuple[str, ...]:
    """Name what changes from one stage to the next, as fields of a prescription.

    Without walks the jog is the main set: its length is then no lever of its own.
    """
    changed = [field for field in LEVERS if getattr(lower, field) != getattr(upper, field)]
    if not upper.walk_s and "jog_s" in changed:
        changed.remove("jog_s")
    return tuple(changed)


def _name(plan: Plan) -> list[str]:
    usual = default_plan()
    if plan.name.casefold() != usual.name or plan == usual:
        return []
    return ["the plan is named like the default one, but is another; give it a name of its own"]


def _start(plan: Plan) -> list[str]:
    """Compare where the plan starts with where the default one does."""
    usual = default_plan()[default_plan().first_stage]
    first = plan[plan.first_stage]
    figures = (
        ("of jogging", first.jog_total_s, usual.jog_total_s),
        ("for the longest jog", first.longest_jog_s, usual.longest_jog_s),
        ("of main set", first.main_set_s, usual.main_set_s),
    )
    more = [f"{length(mine)} {what} ({length(theirs)})" for what, mine, theirs in figures if mine > theirs]
    if not more:
        return []
    return [
        f"stage {first.stage} is where the plan starts, and asks for more than the default plan does there (in "
        f"brackets): {', '.join(more)}"
    ]


def _falls(lower: Prescription, upper: Prescription) -> list[str]:
    fallen = [
        f"{what} from {length(before_s)} to {length(after_s)}"
        for what, before_s, after_s in (
            ("jogging in all", lower.jog_total_s, upper.jog_total_s),
            ("the longest jog", lower.longest_jog_s, upper.longest_jog_s),
        )
        if after_s < before_s
    ]
    if not fallen:
        return []
    return [
        f"stage {upper.stage} asks for less than stage {lower.stage} ({', '.join(fallen)}), so a step back from stage "
        f"{upper.stage} passes over it, and where no lower stage is easier there is none"
    ]


def _adds(lower: Prescription, upper: Prescription) -> list[str]:
    added_s = upper.jog_total_s - lower.jog_total_s
    if added_s <= MOST_ADDED_S:
        return []
    return [
        f"stage {upper.stage} adds {length(added_s)} of jogging to stage {lower.stage} (from "
        f"{length(lower.jog_total_s)} to {length(upper.jog_total_s)}); a careful step adds "
        f"{length(MOST_ADDED_S)} at most"
    ]


def _levers(lower: Prescription, upper: Prescription) -> list[str]:
    """Say where a step changes more, or something else, than one thing."""
    step = f"stage {upper.stage}"
    changed = levers(lower, upper)
    names = " and ".join(LEVERS[field] for field in changed[-2:])
    names = ", ".join([LEVERS[field] for field in changed[:-2]] + [names])
    if not changed:
        return [f"{step} asks for exactly what stage {lower.stage} does"]
    if not lower.walk_s and upper.walk_s:
        return [f"{step} brings walks back, after stage {lower.stage} had none"]
    if lower.walk_s and not upper.walk_s:
        if changed == ("walk_s",):
            return []
        return [f"{step} leaves out the walk and changes the main set at once; a careful step does one of them"]
    if len(changed) > 1:
        return [f"{step} changes {names} at once; a careful step changes one of them"]
    most, of = MOST_LONGER
    if not upper.walk_s and upper.main_set_s * of > lower.main_set_s * most:
        grown = f"from {length(lower.main_set_s)} to {length(upper.main_set_s)}"
        return [f"{step} makes the main set longer by more than a tenth ({grown})"]
    return []
