"""Exports and backups: hers alone, private, whole; and what was changed on the way is refused."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from monitor.portable.manifest import ROWS
from monitor.store.fact_codec import KINDS
from monitor.store.rows import OF_A_RUNNER
from tests.command import ROOT, Restride, write_run
from tests.households import NOW, set_up_two, started


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


def test_a_note_with_a_byte_that_is_no_letter_is_exported_and_comes_back(two: Restride, tmp_path: Path) -> None:
    """An old terminal sends such a byte; with it in the log nothing of hers could be taken along any more."""
    note = ("--pain", "1", "--site", "shin", "--note", "caf\udce9", "--session", "2026-03-02")
    assert two("checkin", *note, now=NOW).code == 0
    with sqlite3.connect(two.data / "restride.db") as database:  # as it was kept before it was made a letter
        database.execute("UPDATE fact SET body = replace(body, '\\ufffd', '\\udce9')")
    database.close()
    assert two("export", "-o", str(tmp_path / "ana.zip"), now=NOW).code == 0
    elsewhere = Restride(tmp_path / "elsewhere")
    assert elsewhere("restore", str(tmp_path / "ana.zip"), now=NOW).code == 0
    assert elsewhere("week", "--json", now=NOW).json == two("week", "--json", now=NOW).json
    assert "caf\N{REPLACEMENT CHARACTER}" in elsewhere("checkin", "--list", now=NOW).stdout


def test_a_recommendation_that_lacks_parts_is_shown_with_those_it_has(two: Restride, tmp_path: Path) -> None:
    """An older version kept less of it; a report of that week must not end in a traceback."""
    with sqlite3.connect(two.data / "restride.db") as database:
        kept = json.dumps({"reasons": [{"code": "LOG01", "message": "An answer is missing"}]})
        database.execute(
            "UPDATE fact SET body = json_set(body, '$.recommendation', json(?)) WHERE kind = 'issued'", [kept]
        )
    database.close()
    assert "An answer is missing" in two("week", "--week", "2026-W09", now=NOW).stdout
    for form in ("html", "json", "csv"):
        page = tmp_path / f"week.{form}"
        said = two("report", "--week", "2026-W09", "--format", form, "-o", str(page), now=NOW)
        assert said.code == 0, said.stderr
    assert "An answer is missing" in (tmp_path / "week.html").read_text(encoding="utf-8")
    assert two("export", "-o", str(tmp_path / "ana.zip"), now=NOW).code == 0


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


def in_facts(kind: str, **changes: Any) -> Callable[[dict[str, bytes]], None]:
    """Change the body of each fact of a kind."""

    def change(members: dict[str, bytes]) -> None:
        rows = [json.loads(line) for line in members["facts.jsonl"].splitlines()]
        for row in rows:
            row["body"] |= changes if row["kind"] == kind else {}
        members["facts.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)

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
    "an infinite count": (in_manifest(counts={"facts.jsonl": float("inf")}), True),
    "a count that is no number": (in_manifest(program={"version": "1", "of": float("nan")}), True),
    "fewer than none": (in_manifest(counts={"facts.jsonl": -1}), True),
    "a name that is none": (in_manifest(runner={"name": None, "created_at": NOW}), True),
    "a runner from before all time": (in_manifest(runner={"name": "A", "created_at": "0001-01-01T00:00+14:00"}), True),
    "an entry from the end of time": (in_line("facts.jsonl", recorded_at="9999-12-31T23:59:59.000000Z"), True),
    "a day in the year 1": (in_facts("birth", on="0001-01-01"), True),
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


def test_a_database_that_was_begun_anew_is_told_beside_what_the_archive_holds(two: Restride) -> None:
    """Two files and nobody they belong to: what was lost is only seen by whom it is said to."""
    with sqlite3.connect(two.data / "restride.db") as db:
        for table in ("message", "inbox_file", "recording", "original", "fact"):
            db.execute(f"DELETE FROM {table}")
    said = two("doctor", now=NOW)
    assert "names none of 2 copies" in said.stdout
    assert said.code == 1
    assert two("import", str(two.data / "archive"), now=NOW).code == 0
    assert "names none" not in two("doctor", now=NOW).stdout


def test_a_backup_that_holds_more_is_not_replaced_by_a_night(two: Restride, tmp_path: Path) -> None:
    """What was lost by day is in last night's backup, and nowhere else."""
    file, export = tmp_path / "all.zip", tmp_path / "ana.zip"
    assert two("backup", str(file), now=NOW).code == 0
    assert two("export", "-o", str(export), now=NOW).code == 0
    kept = file.read_bytes(), export.read_bytes()
    (archived,) = [path for path in (two.data / "archive").glob("*/*") if path.name in _names(export)]
    archived.rename(tmp_path / "lost")
    for command in (("backup", str(file)), ("export", "-o", str(export))):
        said = two(*command, now=NOW)
        assert (said.code, said.stdout) == (1, "")
        assert "--replace" in said.stderr
    assert (file.read_bytes(), export.read_bytes()) == kept
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    (tmp_path / "lost").rename(archived)
    assert two("forget", "Zuleika", "--yes", now=NOW).code == 0
    assert two("backup", str(file), now=NOW).code == 1  # now it is meant
    assert two("backup", str(file), "--replace", now=NOW).code == 0
    assert two("backup", str(file), now=NOW).code == 0
    assert two("export", "-o", str(export), now=NOW).code == 0


def _names(export: Path) -> set[str]:
    with zipfile.ZipFile(export) as archive:
        return {name.rpartition("/")[2] for name in archive.namelist()}


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


def test_a_recommendation_of_another_shape_comes_back_and_is_told_as_far_as_it_goes(good: Path, tmp_path: Path) -> None:
    """One damaged copy of an old word must not keep all the rest of her log from her."""
    for number, odd in enumerate(({"reasons": 5}, {"revises": {"new": 1}})):
        elsewhere = Restride(tmp_path / str(number) / "elsewhere")
        archive = rewritten(good, in_facts("issued", recommendation=odd), seal=True)
        assert elsewhere("restore", str(archive), now=NOW).code == 0
        assert elsewhere("week", now=NOW).code == 0
