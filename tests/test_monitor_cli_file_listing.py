"""What came of each file can be asked at any time, and what failed once is not lost for good."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import InboxFile, InboxState, Store
from tests.command import Restride, write_run

NOW = "2026-03-04T09:00+00:00"
AT = datetime.fromisoformat(NOW)


def waiting(key: str, **changed: object) -> InboxFile:
    """Give what is known of a file in the inbox that waits."""
    known: dict[str, object] = {
        "key": key,
        "size_bytes": 3,
        "mtime_ns": 1,
        "ctime_ns": 1,
        "state": InboxState.WAITING,
        "first_seen_at": AT,
        "looked_at": AT,
        "tries": 4,
        "next_try_at": AT + timedelta(minutes=40),
        "reason_code": "arriving",
        "reason_message": f"{key.rpartition('/')[2]} is still arriving. It is looked at again.",
    }
    return InboxFile(**(known | changed))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with a file of each kind."""
    folder = tmp_path_factory.mktemp("played")
    restride = Restride(folder / "data").ready()
    exports = folder / "exports"
    run = write_run(exports, "2026-03-02T07:00+00:00").rename(exports / "run.fit")
    (exports / "second.fit").write_bytes(run.read_bytes()[:-400])
    write_run(exports, "2026-03-03T12:00+00:00", [("walk", 1200.0)], sport="walking").rename(exports / "walk.fit")
    (exports / "broken \x1b[2J.fit").write_bytes(b"not a watch file")
    assert restride("import", str(exports), now=NOW).code == 1
    (folder / "data" / "inbox" / "phone").mkdir()
    (folder / "data" / "inbox" / "phone" / "late.fit").write_bytes(b"abc")
    (folder / "data" / "inbox" / "again.fit").write_bytes(run.read_bytes())
    with Store.open(folder / "data" / "restride.db") as store:
        runner = store.runner(None)
        sha256 = next(o.sha256 for o in store.originals(runner) if o.file_name == "run.fit")
        settled = waiting("again.fit", state=InboxState.SETTLED, sha256=sha256, next_try_at=None, reason_message=None)
        store.inbox.put(runner, [waiting("phone/late.fit"), waiting("gone.fit"), settled])
    return folder / "data"


@pytest.fixture
def restride(played: Path, tmp_path: Path) -> Restride:
    return Restride(Path(shutil.copytree(played, tmp_path / "data")))


def test_every_file_is_listed_with_what_came_of_it(restride: Restride) -> None:
    """After months, she must be able to find out what became of the one export that she misses."""
    files = {file["file"]: file for file in restride("files", "--json", now=NOW).json["files"]}
    outcomes = {name: file["outcome"] for name, file in files.items()}
    assert outcomes == {
        "run.fit": "imported",
        "second.fit": "same run",
        "walk.fit": "not a run",
        "broken \N{REPLACEMENT CHARACTER}[2J.fit": "failed",
        "phone/late.fit": "waiting",
        "again.fit": "already known",
    }
    assert files["run.fit"]["sessions"] == ["2026-03-02"]
    assert files["second.fit"]["same_as"] == files["again.fit"]["same_as"] == ["run.fit"]
    assert files["phone/late.fit"]["tries"] == 4
    assert restride("show", files["run.fit"]["sessions"][0], now=NOW).code == 0


def test_the_list_fits_a_terminal_and_cannot_take_it_over(restride: Restride) -> None:
    said = restride("files", now=NOW)
    assert said.code == 0
    assert max(map(len, said.stdout.splitlines())) <= 80
    assert "\x1b" not in said.stdout
    assert "1 imported, 1 same run, 1 already known, 1 not a run, 1 failed, 1 waiting." in said.stdout
    told = " ".join(said.stdout.split())
    assert "after Wed" in told
    assert "4 tries so far" in told


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["--failed"], {"broken \N{REPLACEMENT CHARACTER}[2J.fit"}),
        (["--waiting"], {"phone/late.fit"}),
        (["--duplicates"], {"second.fit", "again.fit"}),
        (["--not-a-run", "--waiting"], {"walk.fit", "phone/late.fit"}),
    ],
)
def test_filters_show_what_is_any_of_them(restride: Restride, filters: list[str], names: set[str]) -> None:
    assert {file["file"] for file in restride("files", "--json", *filters, now=NOW).json["files"]} == names


def test_nothing_to_list_is_said(tmp_path: Path) -> None:
    """An empty screen could as well mean that it did not look."""
    restride = Restride(tmp_path / "data").ready()
    assert "Nothing has come yet." in restride("files").stdout
    assert restride("import", str(write_run(tmp_path, "2026-03-02T07:00+00:00")), now=NOW).code == 0
    assert restride("files", "--failed", "--waiting", now=NOW).stdout == "There is no file that failed or waits.\n"


def test_a_file_whose_copy_is_lost_says_so(restride: Restride) -> None:
    shutil.rmtree(restride.data / "archive")
    assert "Its archived copy is missing" in " ".join(restride("files", now=NOW).stdout.split())
    assert not any(file["archived"] for file in restride("files", "--json", now=NOW).json["files"])


# Once more


def make_unread(restride: Restride, name: str) -> None:
    """Make the database one of an older version that could not read a file."""
    with sqlite3.connect(restride.data / "restride.db") as connection:
        what = "(SELECT sha256 FROM original WHERE file_name = ?)"
        connection.execute(f"DELETE FROM recording WHERE original_sha256 = {what}", (name,))
        connection.execute(
            "UPDATE original SET outcome = 'failed', reason_code = 'old', reason_message = ? WHERE file_name = ?",
            (f"{name} could not be read.", name),
        )
    connection.close()


@pytest.mark.parametrize("by", ["name", "path", "id", "all"])
def test_a_file_that_can_be_read_now_is_taken_and_what_follows_is_said(restride: Restride, by: str) -> None:
    """A newer version reads her watch: the runs that it could not read must not wait to be found one by one."""
    make_unread(restride, "run.fit")
    make_unread(restride, "second.fit")
    listed = {file["file"]: file["id"] for file in restride("files", "--failed", "--json", now=NOW).json["files"]}
    name = {"name": "run.fit", "path": "~/gone/run.fit", "id": listed["run.fit"], "all": "--all"}[by]
    said = restride("retry", name, now=NOW)
    assert "run.fit: imported, 2026-03-02 07:00" in said.stdout
    assert "HOLD" in said.stdout
    assert said.code == (1 if by == "all" else 0)  # one that is broken is broken
    assert "2026-03-02" in restride("sessions", now=NOW).stdout
    again = restride("retry", "run.fit", now=NOW)
    assert (again.code, again.stdout.splitlines()) == (0, ["run.fit: already known"])


def test_a_second_recording_of_a_run_is_still_counted_once_when_it_is_read_later(restride: Restride) -> None:
    before = restride("sessions", "--json", now=NOW).json
    make_unread(restride, "second.fit")
    assert "same run as run.fit" in restride("retry", "second.fit", now=NOW).stdout
    assert restride("sessions", "--json", now=NOW).json == before


def test_what_still_fails_says_so_and_why(restride: Restride) -> None:
    for arguments in (("--all",), ("--all", "--json")):
        said = restride("retry", *arguments, now=NOW)
        assert said.code == 1
        assert "still cannot be read" in said.stdout


def test_a_file_whose_copy_is_lost_stays_as_it_is(restride: Restride) -> None:
    shutil.rmtree(restride.data / "archive")
    said = restride("retry", "--all", now=NOW)
    assert said.code == 1
    assert "was not read again" in said.stdout
    assert [f["outcome"] for f in restride("files", "--failed", "--json", now=NOW).json["files"]] == ["failed"]


@pytest.mark.parametrize("name", ["late.fit", "phone/late.fit", "--all"])
def test_a_file_that_waits_is_due_at_once(restride: Restride, name: str) -> None:
    """She has mended the permission; an hour of waiting is for nobody."""
    assert "phone/late.fit: looked at again" in restride("retry", name, now=NOW).stdout
    with Store.open(restride.data / "restride.db") as store:
        file = store.inbox.all(store.runner(None))["phone/late.fit"]
    assert (file.tries, file.next_try_at, file.state) == (0, None, InboxState.WAITING)
    told = " ".join(restride("files", "--waiting", now=NOW).stdout.split())
    assert "at the next look" in told


def test_a_name_that_nothing_bears_is_an_error_and_the_others_are_tried(restride: Restride) -> None:
    said = restride("retry", "never.fit", "late.fit", now=NOW)
    assert said.code == 1
    assert "never.fit: there is no such file" in said.stderr
    assert "late.fit: looked at again" in said.stdout


def test_retry_wants_files_or_all(restride: Restride) -> None:
    assert restride("retry", now=NOW).code == 2
    assert restride("retry", "x.fit", "--all", now=NOW).code == 2


def test_nothing_to_try_is_said(tmp_path: Path) -> None:
    said = Restride(tmp_path / "data").ready()("retry", "--all")
    assert (said.code, said.stdout) == (0, "No file failed, and none waits.\n")
