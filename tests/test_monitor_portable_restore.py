"""Exported, forgotten and restored: the same verdicts, the same page, and never half of it.

`RESTRIDE_EXAMPLES=500 pytest tests/test_monitor_portable_restore.py` draws so many lives, and kills so many restores.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.bouts import Gait
from monitor.answers import CheckIn, Window
from monitor.archive import Archive
from monitor.belongings import belongings
from monitor.config import Settings, prepare, resolve
from monitor.facts import (
    Asked,
    Birth,
    Correction,
    Gate,
    Ignored,
    ManualSession,
    Override,
    PlanChoice,
    Runner,
    SameRun,
    Setting,
    TakenBack,
)
from monitor.forgetting import finish, forget
from monitor.foundation import MOVEMENTS, Readiness
from monitor.issuing import bring_up_to_date
from monitor.portable.export import export
from monitor.portable.restore import restore
from monitor.portable.unpacking import unpacking
from monitor.report.page import render
from monitor.standing import stand
from monitor.store import Message, MessageKind, Original, OriginalOutcome, Store
from tests.command import ROOT, Restride
from tests.households import NOW, rows, set_up_two, started
from tests.stories import BIRTH, LEAK, MONDAY, NONE, PLAN, as_prescribed, run

HOUR = timedelta(hours=1)
DEFAULT = ROOT / "analysis" / "plans" / "default.toml"


def folder(path: Path) -> Settings:
    found = resolve(path, environ={})
    prepare(found)
    return found


@dataclass
class Living:
    """One runner in a store, to whom drawn things happen."""

    store: Store
    archive: Archive
    runner: Runner
    now: datetime
    seen: int = 0

    @classmethod
    def begin(cls, store: Store, place: Settings, name: str) -> Living:
        now = (MONDAY - timedelta(days=1)).astimezone(UTC)
        life = cls(store, Archive(place.archive_dir), store.add_runner(name, now), now)
        life.tell(Birth(id=0, recorded_at=now, on=BIRTH))
        life.tell(Setting(id=0, recorded_at=now, at=now, key="zone", value="Europe/Lisbon"))
        for code in ("GAT01", "GAT02"):
            life.tell(Gate(id=0, recorded_at=now, code=code, on=BIRTH + timedelta(days=60)))
        life.tell(Readiness(id=0, recorded_at=now, done_at=now, results=dict.fromkeys(MOVEMENTS, True)))
        return life

    def tell(self, fact: Any) -> Any:
        return self.store.add_fact(self.runner, fact)

    def do(self, what: str, number: int) -> None:
        """Do one drawn thing, and issue what follows."""
        self.now += (number % 60 + 1) * HOUR
        identities = [o.identity for o in self.store.observed(self.runner)]
        facts = self.store.facts(self.runner)
        identities += [m.identity for m in facts.manual_sessions]
        about = identities[number % len(identities)] if identities else None
        made: dict[str, Any] = {"id": 0, "recorded_at": self.now}
        if what == "runs":
            self.runs(number)
        elif what == "logs":
            start = self.now - HOUR
            self.tell(ManualSession(**made, started_at=start, jog_s=60, walk_s=120, repeats=number % 7 + 1))
        elif what == "answers":
            answers = LEAK if number % 5 == 0 else NONE
            windows = frozenset({Window.DURING, Window.AFTER, Window.NEXT_DAY} if about else {Window.ANY})
            self.tell(CheckIn(**made, recording=about, windows=windows, note=f"note {number}", **answers))
        elif what == "corrects an answer" and facts.check_ins:
            old = facts.check_ins[number % len(facts.check_ins)]
            if number % 2:
                self.tell(CheckIn(**made, recording=old.recording, windows=frozenset(), replaces=old.id))
            else:
                self.tell(CheckIn(**made, recording=old.recording, windows=old.windows, replaces=old.id, **NONE))
        elif what == "corrects" and about:
            start = self.now - 2 * HOUR
            self.tell(Correction(**made, recording=about, start=start, end=start + HOUR, gait=Gait.WALK))
        elif what == "ignores" and about:
            self.tell(Ignored(**made, recording=about, because="not mine" if number % 2 else None))
        elif what == "same" and len(identities) > 1:
            self.tell(SameRun(**made, one=identities[0], other=identities[-1], same=bool(number % 2)))
        elif what == "asks":
            self.tell(Asked(**made, on=self.now.date()))
            self.tell(Override(**made, at=self.now, stage=number % 5, because="she said so"))
            if number % 2:
                self.tell(TakenBack(**made, what="asked", on=self.now.date()))
        elif what == "changes the plan":
            text = DEFAULT.read_text(encoding="utf-8").replace("default", "her own", 1) if number % 3 else None
            self.tell(PlanChoice(**made, at=self.now, text=text, at_stage=number % 7 + 1, because="her physio"))
        self.now += timedelta(minutes=1)
        bring_up_to_date(self.store, self.runner, self.now)
        issued = self.store.facts(self.runner).issued[-1].id
        key = f"issued:{issued}"
        text = Message(key=key, kind=MessageKind.WEEKLY, created_at=self.now, text="told", discreet="told")
        self.store.messages.add(self.runner, text)

    def runs(self, number: int) -> None:
        self.seen += 1
        sha256 = self.archive.put(f"{self.runner.name}, run {self.seen}".encode())
        observed = run(self.now - HOUR, as_prescribed(PLAN[number % 3 + 1]), identity=f"{sha256}-0")
        original = Original(
            sha256=sha256,
            content_sha256=None,
            file_name=f"run-{self.seen}.fit",
            size_bytes=9,
            imported_at=self.now,
            outcome=OriginalOutcome.IMPORTED,
        )
        self.store.add_original(self.runner, original, [observed], reader_version="1", detector_version="1")


def shown(store: Store, name: str, at: datetime) -> tuple[Any, str, list[Any]]:
    """Give what she is told: the recommendation, the page, and the findings."""
    runner = store.runner(name)
    standing = stand(store.facts(runner), store.observed(runner), at, present=True)
    findings = [(j.session.started_at, [(f.code, f.message, f.evidence) for f in j.findings]) for j in standing.judged]
    return standing.recommendation.as_json(), render(standing, runner_name=name), findings


def exported(life: Living, target: Path) -> Path:
    export(life.store, life.archive, life.runner, target, now=life.now, derive=lambda facts, observed: {})
    return target


def put_back(file: Path, place: Settings) -> None:
    with unpacking(file) as sealed:
        restore(sealed, place, on_step=lambda of: None)


DEEDS = (
    *("runs", "runs", "logs", "answers", "answers", "corrects an answer", "corrects", "ignores", "same"),
    *("asks", "changes the plan"),
)


EXAMPLES = int(os.environ.get("RESTRIDE_EXAMPLES", "6"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 1000)), min_size=3, max_size=16))
def test_exported_forgotten_and_restored_she_is_told_the_same(deeds: list[tuple[str, int]]) -> None:
    """She changes her computer. A reference that is lost on the way could turn a hold into a step up."""
    with tempfile.TemporaryDirectory() as path:
        first, empty, others = (folder(Path(path) / name) for name in ("first", "empty", "others"))
        with Store.open(first.db_path) as store:
            other = Living.begin(store, first, "Before")
            life = Living.begin(store, first, "Ana")
            for n, (what, number) in enumerate(deeds):
                life.do(what, number)
                other.do(DEEDS[n % len(DEEDS)], n)
            before, at = shown(store, "Ana", life.now), life.now
            file = exported(life, Path(path) / "ana.zip")
            hers = store.facts(life.runner)
            forget(store, first, life.runner, belongings(store, first, life.runner), with_inbox=True)
        finish(first)
        with Store.open(others.db_path) as store:
            for number, name in enumerate(("Bea", "Caro")):
                third = Living.begin(store, others, name)
                third.do("logs", number)
                third.do("answers", 7)
        for place in (empty, others, first):
            put_back(file, place)
            with Store.open(place.db_path) as store:
                assert shown(store, "Ana", at) == before
                assert len(store.originals(store.runner("Ana"))) == life.seen
                now = store.facts(store.runner("Ana"))
                shift = now.last_id - hers.last_id
                assert (shift == 0) is (place is not others)
                assert [i.recommendation["rests_on"]["last_fact"] for i in now.issued] == [
                    i.recommendation["rests_on"]["last_fact"] + shift for i in hers.issued
                ]
                keys = {message.key for message in store.messages.all(store.runner("Ana"))}
                assert keys <= {f"issued:{issued.id}" for issued in now.issued}
                assert bring_up_to_date(store, store.runner("Ana"), at).facts == now  # nothing is news


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_killed_at_any_moment_nothing_is_half_restored(tmp_path: Path) -> None:
    """The battery ends while she restores: either she is there as she was, or not at all, and once more helps."""
    two, file = set_up_two(tmp_path), tmp_path / "ana.zip"
    with Store.open(two.data / "restride.db") as store:  # more files, so that there are more moments
        life = Living(store, Archive(two.data / "archive"), store.runner("Ana"), datetime.fromisoformat(NOW))
        for _ in range(60):
            life.runs(1)
            life.now += 2 * HOUR
    assert two("export", "-o", str(file), now=NOW).code == 0
    chance, target = random.Random(EXAMPLES), tmp_path / "target"
    began = time.monotonic()
    assert started(tmp_path / "measured", "restore", str(file)).wait() == 0
    lasts_s = time.monotonic() - began
    for _ in range(max(4, EXAMPLES - 2)):
        process = started(target, "restore", str(file))
        time.sleep(lasts_s * chance.uniform(0.3, 1.0))
        process.kill()
        process.wait()
        if (target / "restride.db").exists():
            with Store.open(target / "restride.db") as store:
                for runner in store.runners():
                    assert len(store.originals(runner)) == 61
    if not list((target / "archive").glob("*/*")) or Restride(target)("week", now=NOW).code:
        assert Restride(target)("restore", str(file), now=NOW).code == 0
    again = tmp_path / "again.zip"
    assert Restride(target)("export", "-o", str(again), now=NOW).code == 0
    assert rows(again) == rows(file)
