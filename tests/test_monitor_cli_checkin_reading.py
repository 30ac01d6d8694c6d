"""`restride checkin --from` and a checkin.csv among the exports: her sheet, read once and line by line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.answers import CheckIn
from monitor.store import Store
from tests.command import Restride, write_run

RUN = "2026-03-02T07:00+00:00"
LATER = "2026-03-05T12:00+00:00"
NOTE = "the dog was called Bruno"
SHEET = f"answered_at,pain,leakage,heaviness,note\n2026-03-02 20:00,0,none,none,{NOTE}\n2026-03-03 09:00,0,none,none,\n"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up a runner with one run."""
    folder = tmp_path_factory.mktemp("morning")
    command = Restride(folder / "data").ready()
    assert command("import", str(write_run(folder, RUN)), now="2026-03-02T08:00+00:00").code == 0
    return command.data


@pytest.fixture
def restride(morning: Path, tmp_path: Path) -> Restride:
    """Begin on that morning."""
    return Restride(Path(shutil.copytree(morning, tmp_path / "data")))


def entries(restride: Restride) -> tuple[CheckIn, ...]:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None)).check_ins


def test_a_sheet_is_read_once_however_often_it_is_saved(restride: Restride, tmp_path: Path) -> None:
    sheet = tmp_path / "march.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    said = restride("checkin", "--from", str(sheet), now=LATER)
    assert (said.code, said.stdout.splitlines()[:3]) == (
        0,
        [
            "  line 2: taken for the run of Mon 2 Mar (during, after)",
            "  line 3: taken for the run of Mon 2 Mar (next day)",
            "march.csv: 2 new entries.",
        ],
    )
    shown = restride("show", "2026-03-02", "--json", now=LATER).json
    assert set(shown["windows"].values()) == {"none"}
    with sheet.open("a", encoding="utf-8") as more:
        more.write("2026-03-03 21:00,2,none,none,\n")
    said = restride("checkin", "--from", str(sheet), now=LATER)
    assert said.stdout.splitlines()[:2] == [
        "  line 4: taken for now, not about a run",
        "march.csv: 1 new entry, 2 known already.",
    ]
    assert len(entries(restride)) == 3
    said = restride("checkin", "--from", str(sheet), now=LATER)
    assert (said.code, said.stdout) == (0, "march.csv: 0 new entries, 3 known already.\n")


def test_a_bad_line_fails_and_the_others_are_taken(restride: Restride, tmp_path: Path) -> None:
    """One typing error in April must not cost the evenings before it; and her note is in no message."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET + f"2026-03-04 09:00,12,none,none,{NOTE}\n", encoding="utf-8")
    said = restride("checkin", "--from", str(sheet), now=LATER)
    assert said.code == 1
    assert "  line 4, pain: expected a whole number from 0 (none) to 10\n" in said.stdout
    assert "sheet.csv: 2 new entries, 1 line not taken.\n" in said.stdout
    assert NOTE not in said.stdout + said.stderr
    assert len(entries(restride)) == 2
    said = restride("checkin", "--from", str(sheet), "--json", now=LATER)
    assert said.code == 1
    assert (said.json["taken"], said.json["known"]) == ([], 2)
    assert said.json["failed"] == [
        {"line": 4, "column": "pain", "message": "expected a whole number from 0 (none) to 10"}
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "sheet.csv: no such file or directory"),
        ("", "sheet.csv is empty"),
        ("answered_at,mood\n2026-03-02 20:00,low\n", "sheet.csv has columns that are not known: mood."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(restride: Restride, tmp_path: Path, content: str | None, why: str) -> None:
    sheet = tmp_path / "sheet.csv"
    if content is not None:
        sheet.write_text(content, encoding="utf-8")
    said = restride("checkin", "--from", str(sheet), now=LATER)
    assert said.code == 1
    assert why in " ".join(said.stdout.split())
    assert entries(restride) == ()


def test_a_sheet_among_the_exports_is_read_after_the_runs(tmp_path: Path) -> None:
    """Read before its run is known, the answers would be about nothing."""
    restride = Restride(tmp_path / "data").ready()
    write_run(tmp_path / "sync", RUN)
    (tmp_path / "sync" / "CheckIn.csv").write_text(SHEET, encoding="utf-8")
    said = restride("import", str(tmp_path / "sync"), now=LATER)
    assert said.code == 0
    assert "CheckIn.csv: 2 new entries." in said.stdout
    assert [sorted(c.windows) for c in entries(restride)] == [["after", "during"], ["next_day"]]
    again = restride("import", str(tmp_path / "sync" / "CheckIn.csv"), "--json", now=LATER)
    assert again.code == 0
    (reading,) = again.json["check_ins"]
    assert (reading["taken"], reading["known"], again.json["files"]) == ([], 2, [])
    (tmp_path / "sync" / "CheckIn.csv").write_text(SHEET + "2026-03-09 20:00,1,,,\n", encoding="utf-8")
    said = restride("import", str(tmp_path / "sync"), now=LATER)
    assert said.code == 1
    assert "line 4, answered_at: expected a time that is past" in said.stdout


def test_an_urgent_sign_in_a_sheet_is_said_at_once(restride: Restride, tmp_path: Path) -> None:
    sheet = tmp_path / "checkin.csv"
    sheet.write_text("answered_at;urgent\n2026-03-05 10:00;calf\n", encoding="utf-8-sig")
    for command in (("checkin", "--from"), ("import",)):
        said = restride(*command, str(sheet), now=LATER)
        assert said.code == 0
        assert "Seek medical care now" in " ".join(said.stdout.split())
