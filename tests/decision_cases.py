"""Reads the decision table, tests/decision_table.md: what happened, in words, to facts and recordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.bouts import Observed, Span
from analysis.performed import measure
from monitor.answers import Bleeding, Heaviness, InBout, Leakage, LeakageOf, PainKind, Urgent, Window
from monitor.facts import Asked, Birth, Facts, LaterStart, Override, PlanChoice, Seen, Setting
from monitor.standing import Standing, stand
from tests.stories import BIRTH, LISBON, MONDAY, NONE, PLAN, Life, as_prescribed

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
INSTANT = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:\+(\d+))? (\d\d):(\d\d)(?::(\d\d))?"

ANSWERS: tuple[tuple[str, Callable[[str], dict[str, Any]]], ...] = (
    (r"none", lambda _: {}),
    (r"pain (\d+)", lambda n: {"pain": int(n)}),
    (r"pain (\d+) on one spot of a bone", lambda n: {"pain": int(n), "pain_kind": PainKind.BONE_FOCAL}),
    (r"pain (\d+) at night", lambda n: {"pain": int(n), "pain_kind": PainKind.NIGHT}),
    (r"(drops|wet|soaked)", lambda how: {"leakage": Leakage(how)}),
    (r"drops of stool", lambda _: {"leakage": Leakage.DROPS, "leakage_of": LeakageOf.STOOL}),
    (r"(mild|clear) heaviness", lambda how: {"heaviness": Heaviness(how)}),
    (r"a bulge", lambda _: {"heaviness": Heaviness.BULGE}),
    (r"(more|same|period) bleeding", lambda how: {"bleeding": Bleeding(how)}),
    (r"limping", lambda _: {"gait_changed": True}),
    (r"stopped the jog", lambda _: {"in_bout": InBout.STOPPED}),
    (r"finished the jog", lambda _: {"in_bout": InBout.FINISHED}),
    (r"sore", lambda _: {"soreness": True}),
    (r"effort (\d+)", lambda n: {"effort": int(n)}),
    (r"an urgent sign", lambda _: {"urgent": frozenset({Urgent.CALF})}),
)
WINDOWS = {
    "during": (Window.DURING,),
    "evening": (Window.DURING, Window.AFTER),
    "after": (Window.AFTER,),
    "morning": (Window.NEXT_DAY,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table."""

    name: str
    happened: str
    asked: str
    outcome: str
    stage: str
    reasons: tuple[str, ...]
    noted: tuple[str, ...]

    def standing(self) -> Standing:
        """Live it, and ask where she stands."""
        life = Life.ready()
        for statement in filter(None, (part.strip() for part in self.happened.split(";"))):
            _happens(life, statement)
        return stand(life.facts, life.observed, instant(self.asked), present=True)


def cases(path: Path) -> Iterator[Case]:
    """Read the rows of the table."""
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 7 and cells[0] not in ("case", "---"):
            name, happened, asked, outcome, stage, reasons, noted = cells
            yield Case(
                name=name,
                happened=happened,
                asked=asked,
                outcome=outcome,
                stage=stage,
                reasons=tuple(reasons.split()),
                noted=tuple(noted.split()),
            )


def instant(text: str) -> datetime:
    """Read "Wed+1 07:00:30": Wednesday of the second week."""
    found = re.fullmatch(INSTANT, text)
    assert found, f"no instant: {text}"
    name, week, hour, minute, second = found.groups()
    day = MONDAY.date() + timedelta(days=DAYS.index(name) + 7 * int(week or 0))
    at = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0), tzinfo=LISBON)
    return at.astimezone(UTC)


def _happens(life: Life, statement: str) -> None:
    found = re.fullmatch(rf"({INSTANT}) (.+)", statement)
    if found is None:
        _is_so(life, statement)
        return
    at, what = instant(found.group(1)), found.group(7)
    run = re.fullmatch(r"runs (.+?)(?: \((.+)\))?", what)
    if run is not None:
        _runs(life, at, run.group(1), run.group(2) or "")
    elif what.startswith("logs "):
        life.answers(None, at, **_answers(what.removeprefix("logs ")))
    else:
        _tells(life, at, what)


def _is_so(life: Life, statement: str) -> None:
    """Take what holds from the beginning on."""
    facts = life.facts
    if found := re.fullmatch(r"no (GAT01|GAT02)", statement):
        life.facts = replace(facts, gates=tuple(g for g in facts.gates if g.code != found.group(1)))
    elif statement == "nothing is told":
        life.facts = Facts()
    elif statement == "no movements":
        life.facts = replace(facts, readiness=())
    elif found := re.fullmatch(r"born (\d+) days before the first Monday", statement):
        day = MONDAY.date() - timedelta(days=int(found.group(1)))
        gates = tuple(replace(g, on=day) for g in facts.gates)
        life.facts = replace(facts, births=(replace(facts.births[0], on=day),), gates=gates)
    elif found := re.fullmatch(r"(GAT01|GAT02) is met on (\d+) June", statement):
        day = MONDAY.date().replace(day=int(found.group(2)))
        life.facts = replace(
            facts, gates=tuple(replace(g, on=day) if g.code == found.group(1) else g for g in facts.gates)
        )
    elif found := re.fullmatch(r"(GAT01|GAT02) is met on the day (of|before) the birth", statement):
        day = BIRTH - timedelta(days=found.group(2) == "before")
        life.facts = replace(
            facts, gates=tuple(replace(g, on=day) if g.code == found.group(1) else g for g in facts.gates)
        )
    elif statement == "strict rest":
        life.tell(Setting(id=0, recorded_at=MONDAY, at=MONDAY - timedelta(days=1), key="rest.strict", value="true"))
    else:
        raise AssertionError(f"not understood: {statement}")


def _tells(life: Life, at: datetime, what: str) -> None:
    day = at.astimezone(LISBON).date()
    if what == "a clinician saw her":
        life.tell(Seen(id=0, recorded_at=at, on=day))
    elif what == "a physio was asked":
        life.tell(Asked(id=0, recorded_at=at, on=day))
    elif what == "the hop fails":
        life.move(at, hop=False)
    elif what == "all movements pass":
        life.move(at)
    elif what == "a birth":
        life.tell(Birth(id=0, recorded_at=at, on=day))
    elif found := re.fullmatch(r"the (evening|after|morning) of the last run is answered none", what):
        life.answers(life.observed[-1], at, WINDOWS[found.group(1)])
    elif what == "the recommendation is issued":
        life.issue(at)
    elif found := re.fullmatch(r"a physio sets stage (\d+)", what):
        life.tell(Override(id=0, recorded_at=at, at=at, stage=int(found.group(1)), because="reviewed"))
    elif found := re.fullmatch(r"the plan starts anew at stage (\d+)", what):
        life.tell(PlanChoice(id=0, recorded_at=at, at=at, text=None, at_stage=int(found.group(1))))
    elif found := re.fullmatch(r"a physio sets the start to (\d+) days after the birth", what):
        later = BIRTH + timedelta(days=int(found.group(1)))
        life.tell(LaterStart(id=0, recorded_at=at, not_before=later, because="scar"))
    else:
        raise AssertionError(f"not understood: {what}")


def _runs(life: Life, at: datetime, what: str, options: str) -> None:
    told: dict[str, Any] = {"evening": "none", "morning": "none"}
    more: dict[str, Any] = {}
    by_hand = False
    for option in filter(None, (part.strip() for part in options.split(","))):
        name, _, value = option.partition(": ")
        if name in WINDOWS:
            told[name] = " and ".join(part for part in (told.get(name), value) if part and part != "none") or "none"
        elif option == "by her word":
            by_hand = True
        else:
            more |= _data(at, what, option)
    run = life.runs(at, _pieces(what), **more)
    if by_hand:
        life.corrects(run, run.ended_at, 0, 60, "jog")
    _answers_a_run(life, run, told)


def _answers_a_run(life: Life, run: Observed, told: dict[str, Any]) -> None:
    morning = (run.ended_at.astimezone(LISBON) + timedelta(days=1)).replace(hour=8, minute=0, second=0)
    for name, answer in told.items():
        if answer != "unanswered":
            when = morning if name == "morning" else run.ended_at + timedelta(hours=1)
            life.answers(run, when, WINDOWS[name], **_answers(answer))


def _pieces(what: str) -> list[tuple[str, float]]:
    """Read "stage 1", "stage 1 + 4 s a jog" or "1 x 90/120 + 6 x 60/120" (seconds of jogging and walking)."""
    if found := re.fullmatch(r"stage (\d+)(?: \+ (\d+) s a jog)?", what):
        return as_prescribed(PLAN[int(found.group(1))], late_s=float(found.group(2) or 0))
    pieces: list[tuple[str, float]] = []
    for part in what.split(" + "):
        found = re.fullmatch(r"(\d+) x ([\d.]+)/([\d.]+)", part)
        assert found, f"not understood: {what}"
        pieces += [("jog", float(found.group(2))), ("walk", float(found.group(3)))] * int(found.group(1))
    return pieces


def _data(at: datetime, what: str, option: str) -> dict[str, Any]:
    """Spoil the recording: something lost, unclear, or only known roughly."""
    start = at + timedelta(seconds=180)
    if found := re.fullmatch(r"lost ([\d.]+) s", option):
        return {"gaps": (Span(start=start, end=start + timedelta(seconds=float(found.group(1)))),)}
    if found := re.fullmatch(r"unclear ([\d.]+) s", option):
        return {"uncertain": (Span(start=at, end=at + timedelta(seconds=float(found.group(1)))),)}
    if found := re.fullmatch(r"jogging known to ± ([\d.]+) s", option):
        bouts = Life().runs(at, _pieces(what)).bouts
        done = measure(bouts, uncertain=(), boundary_sd_s=0.0, bout_bias_sd_s=1.0)
        assert done is not None
        # The error grows in step with the shared bias of the bouts: what gives exactly this one.
        return {"bout_bias_sd_s": float(found.group(1)) / done.jog_error_s}
    raise AssertionError(f"not understood: {option}")


def _answers(text: str) -> dict[str, Any]:
    said = dict(NONE)
    for part in text.split(" and "):
        for pattern, fields in ANSWERS:
            if found := re.fullmatch(pattern, part):
                said |= fields(found.group(1) if found.groups() else "")
                break
        else:
            raise AssertionError(f"not understood: {part}")
    return said
