"""Several runners in one data folder: what one of them asks for never holds anything of another.

The commands are listed from the program itself, so that a new one cannot be forgotten: `CALLS` has to name each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from monitor import messages
from monitor.cli.app import app
from monitor.config import resolve
from monitor.facts import Facts
from monitor.message import Message, MessageKind
from monitor.store import Store
from tests.command import Restride, Said, write_run
from tests.notified import switch_on, table

NOW = "2026-03-06T20:00+00:00"
LONG_AGO = "2021-08-20T20:00+00:00"
OTHER = "Zuleika Quarz"
MARKS = ("zuleika", "quarz", "2021", "fliegenpilz", "kathmandu", "lampenfieber", "waldsee", "7.25")
"""What only the other runner's data hold: her name, her year, her zone, and words of each thing she wrote."""

CALLS: dict[str, list[tuple[str, ...]]] = {
    "init": [("--name", "Ana", "--zone", "Europe/Lisbon")],
    "gate": [(), ("--json",)],
    "gate clearance": [("--on", "2026-01-25")],
    "gate healed": [("--on", "2026-01-25")],
    "gate later-start": [("--on", "2026-04-01", "--because", "still weak")],
    "gate seen": [("--on", "2026-03-01")],
    "readiness": [("--passed",), (), ("--json",)],
    "foundation": [(), ("--json",), ("--weeks", "520")],
    "foundation log": [("--core", "--on", "2026-03-01")],
    "import": [("{mine}",), ("{shared}",), ("{shared}", "--json"), ("{folder}",)],
    "inspect": [("{mine}",), ("{mine}", "--json")],
    "checkin": [
        ("--none",),
        ("--pain", "2", "--site", "hip"),
        ("--list",),
        ("--list", "--json"),
        ("--due",),
        ("--due", "--json"),
    ],
    "next": [(), ("--json",)],
    "week": [(), ("--json",), ("--week", "2026-W01"), ("--week", "2021-W30"), ("--week", "2021-W30", "--json")],
    "sessions": [(), ("--json",)],
    "show": [("2026-03-02",), ("2026-03-02", "--json"), ("2021-07-22",)],
    "log": [("--jog", "1", "--walk", "2", "--repeats", "7", "--when", "2026-03-05T07:00"), ("--undo", "2021-07-26")],
    "correct": [
        ("2026-03-02", "--from", "07:06", "--to", "07:07", "--gait", "walk"),
        ("2021-07-22", "--from", "07:06", "--to", "07:07", "--gait", "walk"),
        ("2021-07-22", "--undo"),
    ],
    "ignore": [("2026-03-02", "--because", "not my run"), ("2021-07-22", "--because", "not hers")],
    "gate asked": [("--on", "2026-03-01")],
    "plan": [(), ("--json",)],
    "plan show": [(), ("--json",), ("--toml",)],
    "plan check": [("{plan}",), ("{plan}", "--json")],
    "plan use": [("default", "--at-stage", "1"), ("{plan}", "--at-stage", "1", "--because", "reviewed")],
    "plan rest": [(), ("--strict",), ("--json",)],
    "explain": [(), ("RST01",), ("--all",), ("--json",)],
    "same": [("2026-03-02", "2026-03-04"), ("2026-03-02", "2021-07-22")],
    "not-same": [("2026-03-02", "2026-03-04"), ("2021-07-22", "2021-07-24")],
    "stage": [(), ("--json",)],
    "stage set": [("2", "--because", "reviewed")],
    "report": [(), ("--weeks", "60"), ("--json",)],
    "rebuild": [(), ("--json",)],
    "files": [(), ("--json",), ("--failed", "--waiting", "--duplicates", "--not-a-run")],
    "retry": [("--all",), ("--all", "--json"), ("2021-07-22.fit",)],
    "doctor": [(), ("--json",), ("--deep",)],
    "watch": [("--once",)],
    "notify": [(), ("--told",), ("--json",)],
    "export": [("-o", "{export}")],
    "restore": [("{mine}",)],  # what it would put back is looked at in tests/test_monitor_portable.py
    "backup": [("{backup}",)],
    "forget": [("Ana",)],  # it asks, and nobody answers
    "demo": [],  # makes a folder of its own and looks into no other: tests/test_monitor_demo.py
}
"""For each command what it is called with; an ID of the other runner is among them where a command takes one."""


def commands(command: Any = None, path: str = "") -> Iterator[str]:
    """Name every command of the program, those inside others included."""
    command = command or get_command(app)
    inner: dict[str, Any] = getattr(command, "commands", {})
    if path and (not inner or command.invoke_without_command):
        yield path
    for name, one in inner.items():
        yield from commands(one, f"{path} {name}".strip())


def test_every_command_is_tried_with_a_second_runner_in_the_folder() -> None:
    """A new command without a line in CALLS is one of which nobody knows whether it tells on others."""
    assert set(commands()) == set(CALLS)


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """Set up Ana, the first, and beside her another runner with something of hers in every kind of data."""
    restride = Restride(tmp_path / "data")
    assert restride("init", "--name", "Ana", "--birth", "2025-12-01", "--zone", "Europe/Lisbon", now=NOW).code == 0

    def other(*arguments: str, now: str = LONG_AGO) -> None:
        said = restride("--runner", OTHER, *arguments, now=now)
        assert said.code == 0, said.stderr

    folder = tmp_path / "of-zuleika"
    dates = ("--birth", "2021-03-03", "--cleared", "2021-06-01", "--healed", "2021-06-01")
    other("init", *dates, "--zone", "Asia/Kathmandu", now="2021-07-01T20:00+00:00")
    other("readiness", "--failed", "hop:left:leakage", now="2021-07-01T20:00+00:00")
    other("readiness", "--passed", now="2021-07-02T20:00+00:00")
    other("foundation", "log", "--core", "--note", "fliegenpilz", now="2021-07-02T20:00+00:00")
    for day in (22, 24):
        file = write_run(folder, f"2021-07-{day}T07:00+00:00", seed=day)
        file = file.rename(folder / f"waldsee-{day}.fit")
        other("import", str(file))
    other("checkin", "--pain", "7", "--site", "shin", "--note", "fliegenpilz", "--session", "2021-07-24")
    plan = tmp_path / "waldsee.toml"
    default = restride("plan", "show", "--toml", now=NOW).stdout
    plan.write_text(re.sub("^name = .*", 'name = "lampenfieber"', default, flags=re.MULTILINE), encoding="utf-8")
    other("plan", "use", str(plan), "--at-stage", "2", "--because", "lampenfieber")
    other("plan", "rest", "--strict")
    other("stage", "set", "3", "--because", "lampenfieber")
    other("gate", "later-start", "--on", "2021-08-01", "--because", "lampenfieber")
    other("gate", "seen", "--on", "2021-08-02")
    other("log", "--jog", "7.25", "--walk", "1", "--repeats", "2", "--when", "2021-07-26T07:00")
    other("correct", "2021-07-24", "--from", "12:50", "--to", "12:51", "--gait", "stand")
    other("ignore", "2021-07-22", "--because", "waldsee")
    other("report")
    told = Message(
        key="k", kind=MessageKind.WEEKLY, created_at=datetime.now(UTC), text="fliegenpilz", discreet=messages.WEEKLY
    )
    with Store.open(restride.data / "restride.db") as store:
        assert store.messages.add(store.runner(OTHER), told) is not None
    switch_on(resolve(restride.data), table("waldsee://fliegenpilz", runner=f'"{OTHER}"'))
    return restride


def everything(restride: Restride, name: str) -> tuple[Facts, object, object]:
    with Store.open(restride.data / "restride.db") as store:
        runner = store.runner(name)
        return store.facts(runner), store.observed(runner), store.originals(runner)


def tells(said: Said, where: str) -> None:
    """Look for the other runner in all that a command gave: both streams, and a page that it wrote."""
    pages = [Path(line) for line in said.stdout.splitlines() if line.endswith(".html")]
    texts = [said.stdout, said.stderr, *(page.read_text(encoding="utf-8") for page in pages)]
    if said.stdout.startswith("{") and said.stdout.count("\n") == 1 and "path" in said.json:
        texts.append(Path(said.json["path"]).read_text(encoding="utf-8"))
    for text in texts:
        found = [mark for mark in MARKS if mark in text.casefold()]
        assert not found, f"{where}: {found}\n{text[:2000]}"


def test_nothing_of_one_runner_is_in_what_another_gets_to_see(restride: Restride, tmp_path: Path) -> None:
    """Two women share a computer, and later a clinic's hundred: a name or a symptom told to the wrong one is told."""
    mine = write_run(tmp_path / "exports", "2026-03-02T07:00+00:00")
    paths = {"{mine}": str(mine), "{folder}": str(mine.parent), "{shared}": str(tmp_path / "walk.fit")}
    paths["{plan}"] = str(tmp_path / "mine.toml")
    paths |= {"{export}": str(tmp_path / "export.zip"), "{backup}": str(tmp_path / "backup.zip")}
    Path(paths["{plan}"]).write_text(restride("plan", "show", "--toml", now=NOW).stdout, encoding="utf-8")
    write_run(tmp_path, "2026-03-04T07:00+00:00", [("walk", 600.0)]).rename(tmp_path / "walk.fit")
    assert restride("--runner", OTHER, "import", paths["{shared}"], now=NOW).code == 0
    hers = everything(restride, OTHER)
    called = sorted(CALLS, key=lambda name: name not in ("import", "init"))  # there has to be something to look at
    for number, name in enumerate(called):
        for arguments in CALLS[name]:
            typed = [paths.get(one, one) for one in arguments]
            at = ("--runner", "Ana")
            # Before the command, after it, or not at all: she is the first.
            words = ((*at, *name.split(), *typed), (*name.split(), *typed, *at), (*name.split(), *typed))[number % 3]
            said = restride(*words, now=NOW)
            asked = [word for word in typed if word.startswith("2021")]
            where = " ".join(words)
            if asked and not name.startswith("week"):
                assert (said.code, said.stdout) == (1, ""), where
                said = Said(stdout="", stderr=said.stderr.replace(asked[0], ""), code=1)
            elif asked:  # a week of that year is hers to ask for; it names the week, and holds nothing
                assert said.code == 0, said.stderr
                assert not [mark for mark in MARKS if mark != "2021" and mark in said.stdout.casefold()], where
                continue
            else:
                assert said.code in (0, 1), f"{where}\n{said.stderr}"
            tells(said, where)
    assert everything(restride, OTHER) == hers  # nor did anything she did reach the other


def test_the_whole_inbox_imported_for_one_takes_nothing_of_another(tmp_path: Path) -> None:
    """The other's run would start her 48 hours, and the other's "none" would answer for her."""
    restride, inbox = Restride(tmp_path / "data"), tmp_path / "inbox"
    for name in ("Ana", "Anna"):
        told = ("--birth", "2025-11-17", "--zone", "Europe/Lisbon", "--inbox", str(inbox))
        assert restride("init", "--name", name, *told, now=NOW).code == 0
    for folder, day in (("Ana", 1), ("anna", 2), ("2026", 3), (".", 4)):
        write_run(inbox / folder, f"2026-03-0{day}T07:00+00:00", seed=day)
        sheet = f"answered_at,nothing,note\n2026-03-0{day} 20:00,yes,of {folder}\n"
        (inbox / folder / "checkin.csv").write_text(sheet, encoding="utf-8")

    def has(name: str) -> tuple[list[str], list[str]]:
        runs = restride("--runner", name, "sessions", "--json", now=NOW).json["sessions"]
        entries = restride("--runner", name, "checkin", "--list", "--json", now=NOW).json["entries"]
        return [run["id"][-2:] for run in runs], [entry["answers"]["note"] for entry in entries]

    said = restride("--runner", "Anna", "import", str(inbox), now=NOW)
    assert "6 files in the inbox left, for the folder is another runner's" in said.stderr
    assert has("Anna") == (["02"], ["of anna"])
    assert restride("import", str(inbox), now=NOW).code == 0  # Ana, the first, owns what lies in no folder
    assert has("Ana") == (["01", "04"], ["of Ana", "of ."])
    (file,) = (inbox / "Ana").glob("*.fit")
    assert "There was no file to read" in restride("--runner", "Anna", "import", str(file), now=NOW).stderr
    link = tmp_path / "link"
    link.symlink_to(inbox / "Ana")
    assert "2 files in the inbox left" in restride("--runner", "Anna", "import", str(link), now=NOW).stderr
    # A folder that names nobody is hers when she names it herself.
    assert restride("--runner", "Anna", "import", str(inbox / "2026"), now=NOW).code == 0
    assert has("Anna") == (["02", "03"], ["of anna", "of 2026"])


def test_the_runner_may_be_named_before_and_after_every_command(restride: Restride) -> None:
    """A name that one command overlooks would write one woman's symptom into another's log."""
    for name in CALLS:
        # These know no runner: one makes her, the others look into no data.
        if name in ("init", "inspect", "demo", "plan check", "explain", "restore", "backup"):
            continue
        for arguments in CALLS[name][:1]:
            for words in (
                ("--runner", "Eva", *name.split(), *arguments),
                (*name.split(), *arguments, "--runner", "Eva"),
            ):
                said = restride(*words, now=NOW)
                assert (said.code, said.stdout) == (1, ""), words
                assert said.stderr.startswith("restride: There is no runner named Eva here."), said.stderr
                assert "Ana" not in said.stderr
                tells(said, " ".join(words))


def test_the_same_file_is_kept_for_each(restride: Restride, tmp_path: Path) -> None:
    """Two who ran together with one watch: "already known" would lose the run of the second, and tell of the first."""
    theirs = tmp_path / "of-zuleika" / "waldsee-24.fit"
    mine = tmp_path / "together.fit"
    mine.write_bytes(theirs.read_bytes())
    said = restride("import", str(mine), now=NOW)
    assert said.stdout.startswith("together.fit: imported, 2021-07-24 08:00")
    assert "waldsee" not in said.stdout
    for name, file in (("Ana", "together.fit"), (OTHER, "waldsee-24.fit")):
        files = [s["files"] for s in restride("sessions", "--runner", name, "--json", now=NOW).json["sessions"]]
        assert [file] in files
    assert restride("rebuild", now=NOW).stdout.startswith("HOLD")


def test_a_report_of_one_does_not_replace_that_of_another(restride: Restride) -> None:
    """She opens the page she was given the path of; it must still be hers."""
    mine = Path(restride("report", now=NOW).stdout.strip())
    before = mine.read_text(encoding="utf-8")
    theirs = Path(restride("report", "--runner", OTHER, now=NOW).stdout.strip())
    assert theirs != mine
    assert mine.read_text(encoding="utf-8") == before
    assert "zuleika" not in str(theirs).casefold()


@pytest.mark.parametrize("what", ["--replace", "--take-back"])
def test_the_number_of_anothers_entry_is_no_number_of_hers(restride: Restride, what: str) -> None:
    """Corrected by the wrong woman, a symptom would vanish from the other one's plan."""
    entry = restride("--runner", OTHER, "checkin", "--list", "--json", now=NOW).json["entries"][-1]
    hers = everything(restride, OTHER)
    answers = ("--none",) if what == "--replace" else ()
    said = restride("--runner", "Ana", "checkin", what, str(entry["id"]), *answers, now=NOW)
    assert (said.code, said.stdout) == (1, "")
    tells(said, what)
    assert everything(restride, OTHER) == hers
