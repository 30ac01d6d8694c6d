"""The lives of the plan, lived: what must come of them, and the page that says in which week each stage came.

`python -m tests.all_lives > docs/lives.md` writes the page; a test compares.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from monitor.answers import Heaviness, Window
from monitor.facts import Override
from monitor.standing import Standing
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed, lives

DAY = timedelta(days=1)
HEAVY = {**NONE, "heaviness": Heaviness.MILD}
Told = list[tuple[int, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One life: who, what the plan gave her for each run, and how it stands at the end."""

    name: str
    comes_of_it: str
    told: Told  # for each run: the week, counted from 1, and the stage
    end: Standing

    def week_of(self, stage: int) -> int | None:
        """Give the week in which the plan first gave her a stage."""
        return next((week for week, told in self.told if told == stage), None)

    @property
    def highest(self) -> int:
        """Give the highest stage that the plan gave her."""
        return max(stage for _, stage in self.told if stage is not None)

    @property
    def codes(self) -> list[str]:
        """Give the codes of the last reasons."""
        return [reason.code for reason in self.end.recommendation.reasons]


def _lived(name: str, comes_of_it: str, life: Life, told: Told, weeks: int) -> Lived:
    return Lived(name=name, comes_of_it=comes_of_it, told=told, end=life.at(MONDAY + timedelta(weeks=weeks)))


def _jitter(n: int) -> timedelta:
    return timedelta(minutes=random.Random(n).uniform(-10, 10))


def _once(at: int, answers: dict[str, object]) -> Callable[[int, Life, object], None]:
    def answer(n: int, life: Life, run: object) -> None:
        life.answers_all(run, evening=answers if n == at else NONE)

    return answer


def _every_fourth_heavy(n, life, run):
    life.answers_all(run, evening=HEAVY if n % 4 == 3 else NONE)


def _one_never_answered(n, life, run):
    if n == 5:
        life.answers(run, run.ended_at + timedelta(hours=1), (Window.DURING, Window.AFTER))
    else:
        life.answers_all(run)


def _twelve_hours_later(_, life, run):
    life.answers(run, run.ended_at + timedelta(hours=12), (Window.DURING, Window.AFTER))
    life.answers(run, run.ended_at + timedelta(hours=33), (Window.NEXT_DAY,))


def _paused(n, stage):
    pieces = as_prescribed(stage)
    if n % 2 and len(pieces) > 2:
        pieces[2:2] = [("pause", 120)]
    return pieces


def _days_off(days: int, weeks: int) -> tuple[Life, Told]:
    """Run two weeks, rest so many days after the last run, do the movements where they are asked, and run on."""
    life, told = lives(2)
    start = MONDAY + 11 * DAY + days * DAY
    while start < MONDAY + timedelta(weeks=weeks):
        said = life.issue(start).recommendation
        if said.next_stage is None:
            life.move(start)
            said = life.issue(start + timedelta(minutes=1)).recommendation
        told.append(((start - MONDAY).days // 7 + 1, said.next_stage))
        assert said.next_stage is not None
        life.answers_all(life.runs(start + timedelta(minutes=5), said.next_stage))
        start += 2 * DAY + timedelta(hours=1)
    return life, told


def _hiker() -> Life:
    life = Life.ready()
    for week in range(4):
        life.runs(MONDAY + timedelta(weeks=week), [("walk", 600), ("jog", 10)] * 12, sport="hiking")
    return life


def _set_to_eight() -> tuple[Life, Told]:
    life, told = Life.ready(), []
    life.tell(Override(id=0, recorded_at=MONDAY - DAY, at=MONDAY - DAY, stage=8, because="runs with me since March"))
    for n in range(12):
        start = MONDAY + n // 3 * 7 * DAY + (0, 2, 4)[n % 3] * DAY
        said = life.issue(start - timedelta(minutes=5)).recommendation
        told.append((n // 3 + 1, said.next_stage))
        life.answers_all(life.runs(start, said.next_stage or 0))
    return life, told


def _late_file() -> tuple[Life, Told]:
    life, told = lives(4)
    life.runs(MONDAY + 10 * DAY, [("walk", 300), ("jog", 70), ("walk", 300)])
    for n in range(12):
        start = MONDAY + 28 * DAY + n // 3 * 7 * DAY + (0, 2, 4)[n % 3] * DAY
        said = life.issue(start - timedelta(minutes=5)).recommendation
        told.append((n // 3 + 5, said.next_stage))
        life.answers_all(life.runs(start, said.next_stage or 0))
    return life, told


def all_lives() -> Iterator[Lived]:
    """Live every life."""
    clean = "Monday, Wednesday, Friday at 07:00"
    life, told = lives(12)
    yield _lived(f"{clean}, all clean", "the last stage in 10 to 11 weeks, cautions about rest only", life, told, 12)
    life, told = lives(14, jitter=_jitter)
    yield _lived("the same, ten minutes early or late", "within 13 weeks", life, told, 14)
    life, told = lives(13, perform=lambda _, stage: as_prescribed(stage, late_s=7))
    yield _lived("each jog 4 s late, seen 3 s longer", "within 13 weeks", life, told, 13)
    life, told = lives(20, perform=lambda *_: as_prescribed(PLAN[1]))
    yield _lived("seven minutes of jogging for ever", "never beyond stage 2", life, told, 20)
    life, told = lives(14, answer=_once(4, LEAK))
    yield _lived("one leak in week 2", "one to two weeks later", life, told, 14)
    life, told = lives(12, answer=_every_fourth_heavy)
    yield _lived("heaviness after every fourth run", "held until somebody was asked (SYM04)", life, told, 12)
    life, told = lives(14, answer=_one_never_answered)
    yield _lived("one next-day answer never given", "about half a week later", life, told, 14)
    life, told = lives(12, answer=_twelve_hours_later)
    yield _lived("answers always 12 hours late", "nothing lost", life, told, 12)
    life, told = lives(12, perform=_paused)
    yield _lived("a pause of 2 minutes every other run", "nothing lost", life, told, 12)
    life, told = _days_off(13, 8)
    yield _lived("13 days off after week 2", "no step up on return", life, told, 8)
    life, told = _days_off(40, 10)
    yield _lived("40 days off after week 2", "stage 1 and the movements again", life, told, 10)
    yield _lived("hikes with bursts of ten seconds", "no running session", _hiker(), [], 5)
    life, told = _late_file()
    yield _lived("a file of week 2 found in week 5", "nobody blamed for what was told", life, told, 9)
    life, told = _set_to_eight()
    yield _lived("a physiotherapist sets stage 8 at the start", "no finding about the start", life, told, 4)
    life, told = lives(12, perform=lambda _, stage: as_prescribed(PLAN[stage.stage + 1]))
    yield _lived("always one stage ahead", "held at stage 2 at most", life, told, 12)
    life, told = lives(12, answer=lambda *_: None)
    yield _lived("never answers", "never beyond stage 1", life, told, 12)


def page(lived: Iterable[Lived]) -> str:
    """Write the page of lives."""
    lines = [
        "# Lives",
        "",
        "What the plan makes of whole weeks and months, worked out by the program itself for invented runners (written",
        "by `python -m tests.all_lives`; a test compares). For each stage the week in which the plan gave it, also on",
        "a way back.",
        "",
        "| who | what comes of it | week of each stage | at the end |",
        "|---|---|---|---|",
    ]
    for one in lived:
        listed = "; ".join(f"week {week}: {_way(stages)}" for week, stages in _by_week(one.told).items())
        said = one.end.recommendation
        stage = "no running" if said.next_stage is None else f"stage {said.next_stage}"
        end = f"{said.outcome.value}, {stage} ({', '.join(dict.fromkeys(one.codes))})"
        lines.append(f"| {one.name} | {one.comes_of_it} | {listed or 'none'} | {end} |")
    return "\n".join([*lines, ""])


def _by_week(told: Told) -> dict[int, list[tuple[int, bool]]]:
    """Give, for each week in which the stage changed, the new stages and whether each was a way back."""
    weeks: dict[int, list[tuple[int, bool]]] = {}
    before: int | None = None
    for week, stage in told:
        if stage is not None and stage != before:
            weeks.setdefault(week, []).append((stage, before is not None and stage < before))
            before = stage
    return weeks


def _way(stages: list[tuple[int, bool]]) -> str:
    """Write the stages of a week: "4 to 5", "back to 1", "back to 2, 3"."""
    if len(stages) > 1 and not any(back for _, back in stages):
        return f"{stages[0][0]} to {stages[-1][0]}"
    return ", ".join(f"back to {stage}" if back else f"{stage}" for stage, back in stages)


if __name__ == "__main__":
    print(page(all_lives()), end="")
