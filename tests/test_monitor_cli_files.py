"""Files come in all shapes. One bad file must cost her that file, and nothing may be told twice or lost."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from fixtures.fit_bytes import fit_activity
from fixtures.simulate import cycles, simulate
from monitor.store import Store
from tests.command import Restride, process, write_run

FIRST = "2026-03-02T07:00+00:00"
AFTER = "2026-03-02T08:00+00:00"


def test_a_run_is_imported_and_told_in_one_line(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    said = restride("import", str(write_run(tmp_path, FIRST)), now=AFTER)
    assert said.code == 0
    assert said.stdout.splitlines()[0].startswith("2026-03-02-0700.fit: imported, 2026-03-02 07:00")
    assert said.stderr == "1 imported.\n"
    assert "HOLD: the next run stays at stage 1." in said.stdout


def test_a_bad_file_among_good_ones_fails_alone(tmp_path: Path) -> None:
    """The rest of a folder of hundreds must not wait for the one that is broken."""
    restride = Restride(tmp_path / "data").ready()
    folder = tmp_path / "exports"
    first, last = write_run(folder, FIRST), write_run(folder, "2026-03-04T08:00+00:00")
    (folder / "2026-03-03.fit").write_bytes(first.read_bytes()[:20])
    said = restride("import", str(first), str(folder / "missing.fit"), str(folder), now="2026-03-04T09:00+00:00")
    assert said.code == 1
    assert said.stderr == "2 imported, 2 failed.\n"
    lines = said.stdout.splitlines()
    assert "imported" in lines[0]
    assert lines[1].startswith("missing.fit is not there.")
    assert lines[2].startswith("2026-03-03.fit ")
    assert "imported" in lines[3]
    assert last.name in lines[3]
    listed = restride("sessions", now="2026-03-04T09:00+00:00").stdout
    assert "2026-03-02" in listed
    assert "2026-03-04" in listed


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    """She points it at the same folder every day; a run counted twice would be two increases."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, FIRST)
    assert restride("import", str(file), now=AFTER).code == 0
    before = restride("sessions", "--json", now=AFTER).stdout
    again = restride("import", str(file), now=AFTER)
    assert again.code == 0
    assert again.stdout.splitlines()[0] == f"{file.name}: already known"
    assert again.stderr == "Nothing new: 1 already known.\n"
    assert restride("sessions", "--json", now=AFTER).stdout == before


def test_a_file_that_failed_fails_again(tmp_path: Path) -> None:
    """An exit status of 0 would tell her script that the run has arrived."""
    restride = Restride(tmp_path / "data").ready()
    file = tmp_path / "cut.fit"
    file.write_bytes(write_run(tmp_path, FIRST).read_bytes()[:20])
    assert restride("import", str(file), now=AFTER).code == 1
    again = restride("import", str(file), now=AFTER)
    assert (again.code, again.stderr) == (1, "1 failed.\n")
    assert again.stdout.startswith("cut.fit still cannot be read: it ")


def test_an_import_as_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    folder = tmp_path / "exports"
    write_run(folder, FIRST)
    (folder / "notes.txt").write_text("buy shoes")
    said = restride("import", "--json", str(folder), now=AFTER)
    assert said.code == 1
    content = said.json
    assert content["format_version"] == 1
    assert [(f["file"], f["outcome"], f["code"]) for f in content["files"]] == [
        ("2026-03-02-0700.fit", "imported", None),
        ("notes.txt", "failed", "unknown_format"),
    ]
    assert content["summary"]["imported"] == content["summary"]["failed"] == 1
    assert content["recommendation"]["outcome"] == "HOLD"


def test_an_import_before_the_set_up_says_so_and_keeps_nothing(tmp_path: Path) -> None:
    said = Restride(tmp_path / "data")("import", str(write_run(tmp_path, FIRST)))
    assert (said.code, said.stdout) == (1, "")
    assert "restride init" in said.stderr
    assert not (tmp_path / "data").exists()


def test_import_without_a_path_is_a_matter_of_usage(tmp_path: Path) -> None:
    assert Restride(tmp_path / "data").ready()("import").code == 2


def test_a_rebuild_finds_what_was_there(tmp_path: Path) -> None:
    """Everything derived may be thrown away at any time; what she told must survive it."""
    restride = Restride(tmp_path / "data").ready()
    file = write_run(tmp_path, FIRST)
    assert restride("import", str(file), now=AFTER).code == 0
    assert restride("checkin", "--none", now="2026-03-02T20:00+00:00").code == 0
    before = restride("sessions", "--json", now="2026-03-02T21:00+00:00").json
    file.unlink()
    said = restride("rebuild", now="2026-03-02T21:00+00:00")
    assert said.code == 0
    assert said.stderr == "1 imported.\n"
    assert restride("sessions", "--json", now="2026-03-02T21:00+00:00").json == before


def test_a_rebuild_without_an_original_says_which_and_fails(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, FIRST)), now=AFTER).code == 0
    (original,) = (p for p in (tmp_path / "data" / "archive").rglob("*") if p.is_file())
    original.unlink()
    said = restride("rebuild", now=AFTER)
    assert said.code == 1
    assert "2026-03-02-0700.fit was not read again" in said.stdout
    assert "2026-03-02" in restride("sessions", now=AFTER).stdout


# inspect


def test_inspect_gives_one_object_a_line_in_order(tmp_path: Path) -> None:
    """A script matches lines to files by their place; a line too few shifts every answer to a stranger's run."""
    first = write_run(tmp_path, FIRST)
    (tmp_path / "empty.fit").write_bytes(b"")
    walk = write_run(tmp_path, "2026-03-03T12:00+00:00", [("walk", 600.0)], sport="walking")
    said = Restride(tmp_path / "data")("inspect", "--json", str(first), str(tmp_path / "empty.fit"), str(walk))
    assert (said.code, said.stderr) == (1, "")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert [line["file"] for line in lines] == [first.name, "empty.fit", walk.name]
    assert {line["format_version"] for line in lines} == {1}
    assert set(lines[1]) == {"format_version", "file", "error"}
    assert lines[1]["error"]["code"] == "empty_file"
    assert lines[2]["performed"] is None
    assert not (tmp_path / "data").exists()


def test_inspect_gives_every_field(tmp_path: Path) -> None:
    (line,) = Restride(tmp_path / "data")("inspect", "--json", str(write_run(tmp_path, FIRST))).stdout.splitlines()
    content = json.loads(line)
    assert list(content) == [
        "format_version", "file", "sha256", "format", "device", "sport", "sub_sport", "started_at", "utc_offset_s",
        "duration_s", "distance_m", "samples", "signals", "bouts", "performed", "notes",
    ]  # fmt: skip
    assert len(content["sha256"]) == 64
    assert content["started_at"] == "2026-03-02T07:00:00Z"
    assert list(content["performed"]) == [
        "main_set_s", "jog_s", "walk_s", "stand_s", "repeats", "jog_bout_s", "walk_bout_s", "longest_jog_s", "ratio",
        "regular", "uncertain_share", "jog_error_s",
    ]  # fmt: skip
    assert content["performed"]["repeats"] == 7
    bouts = content["bouts"]
    assert list(bouts[0]) == [
        "gait", "start", "end", "distance_m", "mean_speed_mps", "mean_cadence_spm", "confidence",
    ]  # fmt: skip
    assert all(one["end"] == next_one["start"] for one, next_one in pairwise(bouts))
    length = datetime.fromisoformat(bouts[-1]["end"]) - datetime.fromisoformat(bouts[0]["start"])
    assert length.total_seconds() == content["duration_s"]


def test_several_activities_in_one_file_stay_on_one_line(tmp_path: Path) -> None:
    """Watches chain files; the second run of a file must neither vanish nor shift the lines after it."""
    parts = []
    for seed, start in ((1, FIRST), (2, "2026-03-04T07:00+00:00")):
        run = simulate(
            [("walk", 120), *cycles(60, 120, 3), ("walk", 60)], seed=seed, start=datetime.fromisoformat(start)
        )
        parts.append(fit_activity(run.samples, start=run.start))
    file = tmp_path / "chained.fit"
    file.write_bytes(b"".join(parts))
    restride = Restride(tmp_path / "data")
    (line,) = restride("inspect", "--json", str(file)).stdout.splitlines()
    content = json.loads(line)
    assert content["started_at"] == "2026-03-02T07:00:00Z"
    assert [one["started_at"] for one in content["more"]] == ["2026-03-04T07:00:00Z"]
    assert "more" not in content["more"][0]
    text = restride("inspect", str(file)).stdout
    assert "chained.fit (activity 1 of 2)" in text
    assert "chained.fit (activity 2 of 2)" in text


def test_a_file_that_cannot_be_read_is_said_on_stderr_in_text(tmp_path: Path) -> None:
    good = write_run(tmp_path, FIRST)
    said = Restride(tmp_path / "data")("inspect", str(tmp_path / "missing.fit"), str(good))
    assert said.code == 1
    assert said.stderr == "restride: missing.fit is not there. Check the name and the folder.\n"
    assert good.name in said.stdout


def test_what_inspect_prints_fits_a_terminal(tmp_path: Path) -> None:
    text = Restride(tmp_path / "data")("inspect", str(write_run(tmp_path, FIRST))).stdout
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("jog  ") >= 7


@pytest.mark.parametrize("name", ["corpus/runs", "gait/timed"])
def test_the_same_file_says_the_same_in_a_process_of_its_own(tmp_path: Path, name: str) -> None:
    """Real exports, through the command as a script calls it: every line parses, and nothing else is on stdout."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"the recordings in {name} are not here")
    files = sorted(p for p in folder.iterdir() if p.is_file())[:4]
    done = process(tmp_path / "data", "inspect", "--json", *map(str, files))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [file.name for file in files]
    assert done.stderr == ""
    assert any(line.get("bouts") for line in lines)


def test_a_private_word_in_a_name_stays_out_of_errors(tmp_path: Path) -> None:
    """The path says who she is and where she lives; the name of the file is enough to find it."""
    folder = tmp_path / "pelvic pain diary"
    folder.mkdir()
    said = Restride(tmp_path / "data")("inspect", str(folder / "run.fit"))
    assert "diary" not in said.stderr


def test_runs_are_told_from_walks(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    walk = write_run(tmp_path, "2026-03-01T12:00+00:00", [("walk", 1800.0)], sport="walking")
    said = restride("import", str(walk), now=AFTER)
    assert said.code == 0
    assert "not a run" in said.stdout
    with Store.open(tmp_path / "data" / "restride.db") as store:
        assert len(store.observed(store.runner(None))) == 1
    assert "walk" in restride("sessions", now=AFTER).stdout


def test_a_second_import_says_that_nothing_is_new_though_a_file_fails_again(tmp_path: Path) -> None:
    """Counting what is known beside what failed, she must not wonder whether something came in."""
    restride = Restride(tmp_path / "data").ready()
    write_run(tmp_path / "watch", "2026-03-02T07:00+00:00")
    (tmp_path / "watch" / "broken.fit").write_bytes(b"not a watch file")
    restride("import", str(tmp_path / "watch"), now="2026-03-02T20:00+00:00")
    again = restride("import", str(tmp_path / "watch"), now="2026-03-02T20:00+00:00")
    assert again.code == 1
    assert again.stderr.endswith("Nothing new: 1 already known, 1 failed.\n")


# Archives


def zipped(path: Path, *files: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def test_an_archive_is_imported_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """A line for each of a thousand photos would hide the one that says which run failed."""
    restride = Restride(tmp_path / "data").ready()
    run = write_run(tmp_path, FIRST).read_bytes()
    path = zipped(
        tmp_path / "export.zip", ("1.fit", run), ("2.fit", run[:20]), ("a.jpg", b"\xff\xd8"), ("b.json", b"{}")
    )
    said = restride("import", str(path), now=AFTER)
    assert said.code == 1
    assert said.stderr == "1 imported, 1 failed, 2 other files left out.\n"
    assert said.stdout.splitlines()[0].startswith("export.zip › 1.fit: imported, 2026-03-02 07:00")
    assert said.stdout.splitlines()[1].startswith("export.zip › 2.fit ")
    content = restride("import", "--json", str(path), now=AFTER).json
    assert [(f["file"], f["outcome"]) for f in content["files"]] == [
        ("export.zip › 1.fit", "already known"),
        ("export.zip › 2.fit", "failed"),
        ("export.zip › a.jpg", "left out"),
        ("export.zip › b.json", "left out"),
    ]
    assert content["summary"]["left out"] == 2
    assert "export.zip › 1.fit" in " ".join(restride("show", "2026-03-02", now=AFTER).stdout.split())


def test_after_a_long_list_failures_are_said_again_with_their_cause(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    path = zipped(tmp_path / "export.zip", *((f"{n}.fit", f"junk {n}".encode()) for n in range(21)))
    said = restride("import", str(path), now=AFTER)
    again = said.stderr.splitlines()
    assert again[0] == "These could not be read:"
    assert again[1].startswith("  - export.zip › 0.fit is neither")
    assert said.stderr.count("Export the activity") == 21
    assert again[-1] == "21 failed."
    assert max(map(len, again)) <= 80


def test_inspect_shows_an_archive_member_by_member(tmp_path: Path) -> None:
    """One line a file stays one line an archive, and no member is passed over in silence."""
    run, walk = write_run(tmp_path, FIRST), write_run(tmp_path, "2026-03-03T12:00+00:00", [("walk", 600.0)])
    path = zipped(
        tmp_path / "export.zip",
        ("photo.jpg", b"\xff\xd8"),
        ("cut.fit", run.read_bytes()[:20]),
        ("a/run.fit", run.read_bytes()),
        ("a/both.fit", run.read_bytes() + walk.read_bytes()),
    )
    restride = Restride(tmp_path / "data")
    said = restride("inspect", "--json", str(path))
    assert said.code == 1, "a member failed"
    (line,) = said.stdout.splitlines()
    content = json.loads(line)
    assert (content["file"], content["member"]) == ("export.zip", "a/run.fit")
    assert [(one["member"], one.get("error", {}).get("code")) for one in content["more"]] == [
        ("photo.jpg", "not_an_activity"),
        ("cut.fit", content["more"][1]["error"]["code"]),
        ("a/both.fit", None),
        ("a/both.fit", None),
    ]
    assert content["sha256"] == hashlib.sha256(run.read_bytes()).hexdigest()
    text = restride("inspect", str(path))
    assert "export.zip › a/run.fit" in text.stdout
    assert "restride: export.zip › cut.fit " in text.stderr
    assert "1 other file left out." in text.stderr
    assert not (tmp_path / "data").exists()


def test_an_archive_of_nothing_is_no_activity(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data")
    for files in ((), (("photo.jpg", b"\xff\xd8"),)):
        path = zipped(tmp_path / "export.zip", *files)
        said = restride("inspect", "--json", str(path))
        assert said.code == 1
        content = json.loads(said.stdout)
        assert content["error"]["code"] == "not_an_activity"
        assert len(content.get("more", [])) == len(files)
