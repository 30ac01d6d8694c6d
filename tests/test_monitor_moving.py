"""Files moved out of the inbox by her wish: never over another, never one that changed, and each somewhere whole."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
from pathlib import Path

import pytest

from monitor import moving
from monitor.moving import Moved, move

RUN = b"the bytes of a run" * 1000


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox" / "Ana").mkdir(parents=True)
    (tmp_path / "inbox" / "Ana" / "läuft.FIT").write_bytes(RUN)
    return tmp_path / "inbox"


def source(inbox: Path) -> Path:
    return inbox / "Ana" / "läuft.FIT"


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EXDEV, "cross-device link")


@pytest.fixture(params=["one mount", "another mount"])
def mount(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a move go to the same file system, or to one that cannot be linked to."""
    if request.param == "another mount":
        monkeypatch.setattr(moving.os, "link", no_links)


@pytest.mark.usefixtures("mount")
def test_a_file_is_moved_with_its_folder_and_its_time(inbox: Path, tmp_path: Path) -> None:
    os.utime(source(inbox), ns=(10**18, 10**18))
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.MOVED
    assert held(tmp_path / "done") == {"Ana/läuft.FIT": RUN}
    assert (tmp_path / "done" / "Ana" / "läuft.FIT").stat().st_mtime_ns == 10**18
    assert held(inbox) == {}


@pytest.mark.usefixtures("mount")
def test_no_file_is_ever_replaced(inbox: Path, tmp_path: Path) -> None:
    """A watch that counts its files begins again at 1: the run of last year has the same name."""
    other, third = b"another run", b"a third"
    done = tmp_path / "done"
    (done / "Ana").mkdir(parents=True)
    (done / "Ana" / "läuft.FIT").write_bytes(other)
    assert move(source(inbox), inbox, done, sha256(RUN)) is Moved.MOVED
    marked = f"Ana/läuft-{sha256(RUN)[:8]}.FIT"
    assert held(done) == {"Ana/läuft.FIT": other, marked: RUN}
    (done / marked).write_bytes(third)
    source(inbox).write_bytes(RUN)
    assert move(source(inbox), inbox, done, sha256(RUN)) is Moved.MOVED
    assert held(done) == {"Ana/läuft.FIT": other, marked: third, f"Ana/läuft-{sha256(RUN)[:8]}-2.FIT": RUN}


@pytest.mark.usefixtures("mount")
def test_a_file_that_changed_after_it_was_taken_in_stays(inbox: Path, tmp_path: Path) -> None:
    """Its new bytes are in no archive yet."""
    source(inbox).write_bytes(RUN + b"more")
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.CHANGED
    assert held(inbox) == {"Ana/läuft.FIT": RUN + b"more"}
    assert held(tmp_path / "done") == {} if (tmp_path / "done").exists() else True


@pytest.mark.usefixtures("mount")
def test_a_file_replaced_at_the_last_moment_is_put_back(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sync program renames a newer file over it between the copy and the removal."""
    newer = b"a newer run"
    put = moving._put

    def replaced_after(*arguments: object) -> tuple[Path, bool]:
        came = put(*arguments)  # type: ignore[arg-type]
        (inbox / "new").write_bytes(newer)
        (inbox / "new").replace(source(inbox))
        return came

    monkeypatch.setattr(moving, "_put", replaced_after)
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.CHANGED
    assert held(inbox) == {"Ana/läuft.FIT": newer}


@pytest.mark.usefixtures("mount")
def test_a_move_that_was_cut_off_is_completed(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = tmp_path / "done"

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(moving.Path, "rename", power_cut)
        with pytest.raises(KeyboardInterrupt):
            move(source(inbox), inbox, done, sha256(RUN))
    assert held(inbox) == {"Ana/läuft.FIT": RUN}  # in both
    assert move(source(inbox), inbox, done, sha256(RUN)) is Moved.MOVED
    assert held(done) == {"Ana/läuft.FIT": RUN}  # and there once
    assert held(inbox) == {}


def test_a_read_only_inbox_keeps_its_files_and_nothing_fails(inbox: Path, tmp_path: Path) -> None:
    if os.name == "nt" or os.getuid() == 0:
        pytest.skip("modes do not bind this user")
    source(inbox).parent.chmod(0o500)
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.REFUSED
    source(inbox).parent.chmod(0o700)
    assert held(inbox) == {"Ana/läuft.FIT": RUN}


def test_where_the_system_refuses_to_take_it_away_no_second_copy_is_left(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only file system")

    monkeypatch.setattr(moving.Path, "rename", refuses)
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.REFUSED
    assert held(inbox) == {"Ana/läuft.FIT": RUN}
    assert held(tmp_path / "done") == {}


def test_a_folder_that_cannot_be_written_to_is_refused(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "done").write_text("a file")
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.REFUSED
    assert held(inbox) == {"Ana/läuft.FIT": RUN}


@pytest.mark.usefixtures("mount")
def test_very_long_names_that_clash_still_find_a_place(tmp_path: Path) -> None:
    inbox, done = tmp_path / "inbox", tmp_path / "done"
    inbox.mkdir()
    done.mkdir()
    name = "ü" * 125 + ".fit"  # 254 bytes
    (inbox / name).write_bytes(RUN)
    (done / name).write_bytes(b"other")
    assert move(inbox / name, inbox, done, sha256(RUN)) is Moved.MOVED
    assert sorted(held(done).values()) == sorted([b"other", RUN])


def test_two_movers_at_once_lose_nothing_and_make_nothing_twice(tmp_path: Path) -> None:
    inbox, done = tmp_path / "inbox", tmp_path / "done"
    inbox.mkdir()
    files = {f"{number}.fit": os.urandom(2000) for number in range(60)}
    for name, data in files.items():
        (inbox / name).write_bytes(data)
    context = multiprocessing.get_context("spawn")
    movers = [context.Process(target=_many, args=(inbox, done, list(files))) for _ in range(2)]
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join(60)
        assert mover.exitcode == 0
    assert held(done) == files
    assert held(inbox) == {}


def _many(inbox: Path, done: Path, names: list[str]) -> None:
    for name in names:
        try:
            data = (inbox / name).read_bytes()
        except FileNotFoundError:
            continue
        move(inbox / name, inbox, done, sha256(data))
