"""Files moved out of the inbox by her wish: never over another, never one that changed, and each somewhere whole."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from monitor import moving
from monitor.moving import Moved, move, put_back_all

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
        came = put(*arguments)
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
@pytest.mark.parametrize("name", ["ü" * 125 + ".fit", "a." + "y" * 253])
def test_very_long_names_that_clash_still_find_a_place(tmp_path: Path, name: str) -> None:
    inbox, done = tmp_path / "inbox", tmp_path / "done"
    inbox.mkdir()
    done.mkdir()
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


def test_a_link_to_the_inbox_is_no_place_to_move_to(inbox: Path, tmp_path: Path) -> None:
    """Her only copy would be taken for the one that was just made, and removed."""
    (tmp_path / "done").symlink_to(inbox, target_is_directory=True)
    assert move(source(inbox), inbox, tmp_path / "done", sha256(RUN)) is Moved.REFUSED
    assert held(inbox) == {"Ana/läuft.FIT": RUN}


def test_another_mover_that_is_first_at_the_last_moment_makes_no_second_copy(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, publish = tmp_path / "done", moving._publish

    def just_too_late(temporary: Path, target: Path) -> None:
        target.write_bytes(RUN)
        publish(temporary, target)

    monkeypatch.setattr(moving, "_publish", just_too_late)
    assert move(source(inbox), inbox, done, sha256(RUN)) is Moved.MOVED
    assert held(done) == {"Ana/läuft.FIT": RUN}


def test_a_copy_that_is_gone_again_keeps_the_file_where_it_is(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drive with the other folder is pulled out between the copy and the removal."""
    put = moving._put

    def pulled_out_after(*arguments: object) -> tuple[Path, bool]:
        came = put(*arguments)
        shutil.rmtree(tmp_path / "drive")
        return came

    (tmp_path / "drive").mkdir()
    monkeypatch.setattr(moving, "_put", pulled_out_after)
    assert move(source(inbox), inbox, tmp_path / "drive" / "done", sha256(RUN)) is Moved.REFUSED
    assert held(inbox) == {"Ana/läuft.FIT": RUN}
    # and no folder is made where the drive was
    assert move(source(inbox), inbox, tmp_path / "drive" / "done", sha256(RUN)) is Moved.REFUSED
    assert not (tmp_path / "drive").exists()


def test_a_drive_that_goes_while_a_copy_is_made_leaves_no_empty_file_in_its_place(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it was mounted there is an empty folder then, on another disk."""
    drive, publish = tmp_path / "drive", moving._publish
    (drive / "Ana").mkdir(parents=True)

    def goes_before(temporary: Path, target: Path) -> None:
        drive.rename(tmp_path / "away")
        (drive / "Ana").mkdir(parents=True)
        publish(temporary, target)

    monkeypatch.setattr(moving, "_publish", goes_before)
    assert move(source(inbox), inbox, drive, sha256(RUN)) is Moved.REFUSED
    assert held(inbox) == {"Ana/läuft.FIT": RUN}
    assert held(drive) == {}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied, and the copy killed")
@pytest.mark.usefixtures("mount")
def test_killed_at_any_step_of_a_move_nothing_is_lost_hidden_or_there_twice(tmp_path: Path) -> None:
    """A power cut must not leave a run under a name that nobody sees."""
    for step in range(200):
        inbox, done = tmp_path / f"inbox{step}", tmp_path / f"done{step}"
        inbox.mkdir()
        (inbox / "läuft.FIT").write_bytes(RUN)
        pid = os.fork()
        if not pid:
            _move_until(step, inbox, done)
        status = os.waitpid(pid, 0)[1]
        put_back_all(inbox, done)
        assert set(held(inbox)) <= {"läuft.FIT"}, step
        if held(inbox):
            assert move(inbox / "läuft.FIT", inbox, done, sha256(RUN)) is Moved.MOVED, step
        assert held(inbox) == {}, step
        seen = [data for name, data in held(done).items() if not name.startswith(".")]
        # Without links a name is taken by an empty file first, and a kill may leave that.
        assert [data for data in seen if data or moving.os.link is not no_links] == [RUN], step
        if os.WIFEXITED(status):
            assert step > 5
            assert os.WEXITSTATUS(status) == 0
            return
    pytest.fail("it never came to an end")


def test_bytes_that_were_put_aside_and_are_new_come_back_beside_those_that_took_their_place(tmp_path: Path) -> None:
    """Killed before a file that had changed was put back: those are bytes that nobody has a copy of."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / f".restride-{'0' * 16}-läuft.FIT").write_bytes(RUN)
    (inbox / "läuft.FIT").write_bytes(b"a newer run")
    put_back_all(inbox, None)
    assert sorted(held(inbox).values()) == sorted([RUN, b"a newer run"])
    assert not [name for name in held(inbox) if name.startswith(".")]


def _move_until(step: int, inbox: Path, done: Path) -> NoReturn:
    """Move in this process, which is killed before the so-manieth thing that it asks of the system."""
    left, came = step, None

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event == "open" or (event.startswith("os.") and event != "os.kill"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        came = move(inbox / "läuft.FIT", inbox, done, sha256(RUN))
    finally:
        os._exit(0 if came is Moved.MOVED else 1)
