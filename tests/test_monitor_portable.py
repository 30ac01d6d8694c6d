"""Everything of a runner taken along and put back: the same verdicts, the same page, and never half of it.

`RESTRIDE_EXAMPLES=500 pytest tests/test_monitor_portable.py` draws so many lives, and kills so many restores.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, fields
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
from monitor.facts import Birth, Correction, Gate, Ignored, ManualSession, Runner, SameRun, Setting
from monitor.forgetting import finish, forget
from monitor.foundation import MOVEMENTS, Readiness
from monitor.issuing import bring_up_to_date
from monitor.portable.export import export
from monitor.portable.manifest import ROWS
from monitor.portable.restore import restore
from monitor.portable.unpacking import unpacking
from monitor.report.page import render
from monitor.standing import stand
from monitor.store import Message, MessageKind, Original, OriginalOutcome, Store
from monitor.store.fact_codec import KINDS
from monitor.store.rows import OF_A_RUNNER
from tests.command import ROOT, Restride, write_run
from tests.households import NOW, set_up_two
from tests.stories import BIRTH, LEAK, MONDAY, NONE, PLAN, as_prescribed, run

HOUR = timedelta(hours=1)


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


def rows(file: Path) -> dict[str, bytes]:
    """Give the members of an export that hold rows, as they are written."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".jsonl")}


DEEDS = ("runs", "runs", "logs", "answers", "answers", "corrects an answer", "corrects", "ignores", "same")


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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up a home with Ana and Zuleika in it, to be copied."""
    home = tmp_path_factory.mktemp("home")
    set_up_two(home)
    return home


@pytest.fixture
def two(home: Path, tmp_path: Path) -> Restride:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    return Restride(tmp_path / "data")


def test_an_export_is_hers_alone_private_and_documented(two: Restride, tmp_path: Path) -> None:
    file = tmp_path / "ana.zip"
    said = two("export", "-o", str(file), now=NOW)
    assert (said.code, said.stdout.strip()) == (0, str(file)), said.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, sealed in manifest["members"].items():
            data = archive.read(name)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (sealed["size_bytes"], sealed["sha256"]), name
            assert b"zuleika" not in data.lower(), name
        original = (tmp_path / "Ana" / "Ana-waldsee.fit").read_bytes()
        assert archive.read(f"originals/{hashlib.sha256(original).hexdigest()}") == original
        assert "fliegenpilz-Ana" in archive.read("facts.jsonl").decode()
        assert b"fliegenpilz-Ana" in archive.read("derived/report.html")
        week = two("week", "--json", now=NOW).json
        assert json.loads(archive.read("derived/recommendation.json"))["reasons"] == week["reasons"]
        assert set(archive.namelist()) == {*manifest["members"], "manifest.json"}
    again = two("export", "-o", str(file), now=NOW)
    assert again.code == 0
    assert two("--runner", "Zuleika", "export", "-o", str(file), now=NOW).code == 1  # it is Ana's


def test_nothing_else_is_overwritten_and_nothing_goes_into_the_data_folder(two: Restride, tmp_path: Path) -> None:
    """A letter that is lost because an export had its name; an export that is lost with the folder it was made of."""
    letter = tmp_path / "letter.zip"
    letter.write_bytes(b"dear")
    for command in (("export", "-o"), ("backup",)):
        said = two(*command, str(letter), now=NOW)
        assert (said.code, said.stdout, letter.read_bytes()) == (1, "", b"dear")
        said = two(*command, str(two.data / "reports" / "mine.zip"), now=NOW)
        assert said.code == 1
        assert "inside the data folder" in said.stderr
        said = two(*command, str(tmp_path / "nowhere" / "mine.zip"), now=NOW)
        assert said.code == 1
        assert "cannot be written" in said.stderr
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_lost_copy_is_named_and_the_rest_is_exported(two: Restride, tmp_path: Path) -> None:
    sha256 = hashlib.sha256((tmp_path / "Ana" / "Ana-waldsee.fit").read_bytes()).hexdigest()
    (two.data / "archive" / sha256[:2] / sha256).write_bytes(b"rotten")
    said = two("export", "-o", str(tmp_path / "ana.zip"), now=NOW)
    assert said.code == 1
    assert "Ana-waldsee.fit is missing or damaged" in said.stderr
    elsewhere = Restride(tmp_path / "elsewhere")
    back = elsewhere("restore", str(tmp_path / "ana.zip"), now=NOW)
    assert back.code == 1
    assert back.stdout.startswith("Restored Ana")
    assert elsewhere("week", "--json", now=NOW).json == two("week", "--json", now=NOW).json


def test_a_name_that_is_taken_needs_another(two: Restride, tmp_path: Path) -> None:
    """Two women of one name must not become one."""
    file = str(tmp_path / "ana.zip")
    assert two("export", "-o", file, now=NOW).code == 0
    said = two("restore", file, now=NOW)
    assert said.code == 1
    assert "--as" in said.stderr
    assert two("restore", file, "--as", "Ana 2", now=NOW).stdout.startswith("Restored Ana 2: ")
    mine, copied = (two("week", "--runner", name, "--json", now=NOW).json for name in ("Ana", "Ana 2"))
    assert mine["reasons"] == copied["reasons"]


@pytest.fixture(scope="module")
def good(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export Ana, once."""
    file = tmp_path_factory.mktemp("good") / "ana.zip"
    assert Restride(home / "data")("export", "-o", str(file), now=NOW).code == 0
    return file


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None], *, seal: bool = True) -> Path:
    """Change an export; with `seal` its table of contents is made to fit, as somebody hostile would."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if seal and "manifest.json" in members:
        manifest = json.loads(members["manifest.json"])
        manifest["members"] = {
            name: {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = json.dumps(manifest).encode()
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def in_manifest(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **changes}).encode()

    return change


def in_line(member: str, **changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        first, *others = members[member].splitlines()
        members[member] = b"\n".join([json.dumps({**json.loads(first), **changes}).encode(), *others, b""])

    return change


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], None], bool]] = {
    "a path that leads out": (lambda m: m.update({"originals/../../evil": b"x"}), True),
    "an absolute path": (lambda m: m.update({"/etc/evil": b"x"}), True),
    "something more": (lambda m: m.update({"derived/more.html": b"x"}), False),
    "something less": (lambda m: m.pop("messages.jsonl") and None, False),
    "a part missing": (lambda m: m.pop("messages.jsonl") and None, True),
    "a changed fact": (in_line("facts.jsonl", kind="birth"), False),
    "a fact of another kind": (in_line("facts.jsonl", kind="wish"), True),
    "a column more": (in_line("facts.jsonl", runner_id=1), True),
    "a number as text": (in_line("facts.jsonl", id="1"), True),
    "a huge number": (in_line("facts.jsonl", id=2**60), True),
    "an instant without a zone": (in_line("originals.jsonl", imported_at="2026-03-02T09:00:00"), True),
    "an outcome that there is not": (in_line("originals.jsonl", outcome="lost"), True),
    "a file name that moves the cursor": (in_line("originals.jsonl", file_name="a\x1b[2J.fit"), True),
    "an entry twice": (lambda m: m.update({"facts.jsonl": m["facts.jsonl"] * 2}), True),
    "half a line": (lambda m: m.update({"facts.jsonl": m["facts.jsonl"] + b'{"id"'}), True),
    "no object": (lambda m: m.update({"facts.jsonl": b"[" * 100_000 + b"\n"}), True),
    "NaN": (lambda m: m.update({"facts.jsonl": b'{"id": NaN}\n'}), True),
    "a file under another's name": (lambda m: m.update({next(n for n in m if "s/" in n): b"other"}), True),
    "a file that nobody lists": (lambda m: m.update({f"originals/{hashlib.sha256(b'x').hexdigest()}": b"x"}), True),
    "a recording of no file": (in_line("recordings.jsonl", original_sha256="0" * 64), True),
    "a newer format": (in_manifest(format_version=2), True),
    "newer tables": (in_manifest(schema="9999"), True),
    "no runner": (in_manifest(runner=None), True),
    "a name that moves the cursor": (in_manifest(runner={"name": "A\x1b[2J", "created_at": NOW}), True),
    "a bomb": (lambda m: m.update({"derived/report.html": bytes(30_000_000)}), True),
    "no table of contents": (lambda m: m.pop("manifest.json") and None, False),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_was_changed_is_refused_whole(what: str, good: Path, tmp_path: Path) -> None:
    """An archive comes from a stranger, or a disk that forgets: half a log is worse than none."""
    change, seal = HOSTILE[what]
    elsewhere = Restride(tmp_path / "outer" / "elsewhere")
    said = elsewhere("restore", str(rewritten(good, change, seal=seal)), now=NOW)
    assert (said.code, said.stdout) == (1, ""), said
    assert said.stderr.startswith("restride: ")
    assert "fliegenpilz" not in said.stderr
    assert not elsewhere.data.exists()


def test_members_twice_and_a_file_cut_off_are_refused(good: Path, tmp_path: Path) -> None:
    whole = good.read_bytes()
    twice = tmp_path / "twice.zip"
    twice.write_bytes(whole)
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("facts.jsonl", b"")
    for bad in (whole[: len(whole) // 2], whole[:-30], twice.read_bytes(), b"PK\x03\x04", b"hello"):
        changed = tmp_path / "bad.zip"
        changed.write_bytes(bad)
        elsewhere = Restride(tmp_path / "elsewhere")
        said = elsewhere("restore", str(changed), now=NOW)
        assert (said.code, said.stdout) == (1, "")
        assert not elsewhere.data.exists()


def started(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "RESTRIDE_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "--now", NOW, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_killed_at_any_moment_nothing_is_half_restored(two: Restride, tmp_path: Path) -> None:
    """The battery ends while she restores: either she is there as she was, or not at all, and once more helps."""
    file = tmp_path / "ana.zip"
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


def test_every_table_of_a_runner_is_in_her_export() -> None:
    """A new kind of data that is forgotten here would be lost with her old computer."""
    assert set(ROWS) == set(OF_A_RUNNER)


def test_every_column_and_field_is_documented(good: Path) -> None:
    """Whoever reads her export in ten years has this page, and no program."""
    page = (ROOT / "docs" / "export-format.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL))
    for table, member in ROWS.items():
        missing = [
            c.name for c in OF_A_RUNNER[table].c if c.name != "runner_id" and f"`{c.name}`" not in sections[member]
        ]
        assert not missing, f"{member}: {missing}"
    for name, kind, _ in KINDS:
        row = next(line for line in sections["facts.jsonl"].splitlines() if line.startswith(f"| `{name}` |"))
        told = {field.name for field in fields(kind)} - {"id", "recorded_at"}
        assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == told, name
    with zipfile.ZipFile(good) as archive:
        assert all(f"`{m.split('/')[0]}" in page for m in archive.namelist())
        observed = json.loads(archive.read("recordings.jsonl").splitlines()[0])["observed"]
        fields_of_manifest = json.loads(archive.read("manifest.json"))
    assert all(f"`{name}`" in sections["recordings.jsonl"] for name in observed)
    assert all(f"`{name}`" in sections["manifest.json"] for name in fields_of_manifest)


# Backups


def test_a_backup_brings_everybody_back(two: Restride, tmp_path: Path) -> None:
    (two.data / "restride.toml").write_text('inbox = "/somewhere/else"\n', encoding="utf-8")
    file = tmp_path / "all.zip"
    said = two("backup", str(file), now=NOW)
    assert (said.code, said.stdout.strip()) == (0, str(file)), said.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    back = Restride(tmp_path / "back")
    assert back("restore", str(file), "--as", "Eva", now=NOW).code == 1
    said = back("restore", str(file), now=NOW)
    assert (said.code, said.stdout) == (0, "Restored 2 runners and 2 files.\n"), said.stderr
    for name in ("Ana", "Zuleika"):
        assert (
            back("--runner", name, "week", "--json", now=NOW).json
            == two("--runner", name, "week", "--json", now=NOW).json
        )
    assert back("rebuild", now=NOW).code == 0
    assert (back.data / "restride.toml").read_bytes() == (two.data / "restride.toml").read_bytes()
    for path in back.data.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    said = two("restore", str(file), now=NOW)
    assert said.code == 1
    assert "replaces nothing" in said.stderr


def test_a_changed_backup_is_refused(two: Restride, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    assert two("backup", str(file), now=NOW).code == 0
    archived: Callable[[dict[str, bytes]], Any] = lambda m: m.pop(next(n for n in m if "archive/" in n))  # noqa: E731
    with sqlite_with_trigger(file) as trigger:
        for change in (
            lambda m: m.update({"restride.db": m["restride.db"][:5000]}),
            lambda m: m.update({"restride.db": b"no database"}),
            lambda m: m.update({"restride.db": trigger}),
            lambda m: m.update({"archive/../evil": b"x"}),
            lambda m: archived(m) and None,
        ):
            elsewhere = Restride(tmp_path / "elsewhere")
            said = elsewhere("restore", str(rewritten(file, change)), now=NOW)
            assert (said.code, said.stdout) == (1, ""), said
            assert not (elsewhere.data / "restride.db").exists()


class sqlite_with_trigger:
    """The database of a backup, with a trigger that would act when she logs something."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> bytes:
        import sqlite3

        path = self.file.with_name("trigger.db")
        with zipfile.ZipFile(self.file) as archive:
            path.write_bytes(archive.read("restride.db"))
        connection = sqlite3.connect(path)
        connection.execute("CREATE TRIGGER t AFTER INSERT ON fact BEGIN DELETE FROM fact; END")
        connection.commit()
        connection.close()
        return path.read_bytes()

    def __exit__(self, *_: object) -> None:
        pass


def test_a_backup_is_whole_while_others_import(two: Restride, tmp_path: Path) -> None:
    """A backup at night, while the phone syncs: a copy of a database in the middle of a change would be no backup."""
    for n in range(1, 7):
        write_run(tmp_path / "more", f"2026-01-{n:02}T07:00+00:00", [("walk", 60.0), ("jog", 60.0)], seed=n)
    importing = started(two.data, "import", str(tmp_path / "more"))
    made = []
    while len(made) < 3 and (importing.poll() is None or not made):
        file = tmp_path / f"{len(made)}.zip"
        process = started(two.data, "backup", str(file))
        assert process.wait() == 0
        made.append(file)
    assert importing.wait() == 0
    for number, file in enumerate(made):
        back = Restride(tmp_path / f"back-{number}")
        assert back("restore", str(file), now=NOW).code == 0
        assert back("rebuild", now=NOW).code == 0
