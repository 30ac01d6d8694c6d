"""The originals are the truth: a copy is whole, private, and never silently another one."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.archive import Archive, ArchiveError

DATA = b"the bytes of a run" * 1000


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sha256 = archive.put(DATA)
    assert sha256 == hashlib.sha256(DATA).hexdigest()
    assert archive.has(sha256)
    assert archive.get(sha256) == DATA


@given(st.binary(max_size=200))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    archive = Archive(tmp_path_factory.getbasetemp() / "any")
    assert archive.get(archive.put(data)) == data


def test_the_same_bytes_are_kept_once_and_left_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(DATA)
    (kept,) = files_in(tmp_path)
    before = kept.stat()
    assert archive.put(DATA) == kept.name
    (still,) = files_in(tmp_path)
    assert (still.stat().st_ino, still.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("damage", [DATA[:-1], b"", DATA.replace(b"run", b"RUN", 1), DATA + b"\0"])
def test_a_damaged_copy_is_said_and_never_given(tmp_path: Path, damage: bytes) -> None:
    """A rebuild from other bytes would rewrite her history."""
    archive = Archive(tmp_path)
    sha256 = archive.put(DATA)
    (kept,) = files_in(tmp_path)
    kept.write_bytes(damage)
    with pytest.raises(ArchiveError, match=r"damaged.*backup"):
        archive.get(sha256)
    assert archive.put(DATA) == sha256  # and importing the file again mends it
    assert archive.get(sha256) == DATA


def test_a_missing_copy_is_said(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(DATA).hexdigest()
    assert not Archive(tmp_path).has(sha256)
    with pytest.raises(ArchiveError, match=r"missing.*backup"):
        Archive(tmp_path).get(sha256)


def test_a_name_that_is_no_hash_reaches_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Archive(tmp_path).get("../" * 20 + "etc/passwd")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes; its profile folders are closed by themselves")
@pytest.mark.parametrize("umask", [0, 0o777])
def test_copies_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """A run says where she lives."""
    before = os.umask(umask)
    try:
        Archive(tmp_path / "archive").put(DATA)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "archive").rglob("*") if path.is_dir()} == {0o700}
    assert [stat.S_IMODE(path.stat().st_mode) for path in files_in(tmp_path)] == [0o600]


def test_a_copy_that_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file under a whole file's name would be a damaged original."""
    archive = Archive(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            archive.put(DATA)
    assert files_in(tmp_path) == []
    assert archive.get(archive.put(DATA)) == DATA


def test_what_a_killed_process_left_behind_is_swept_and_nothing_else(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    sha256 = archive.put(DATA)
    folder = tmp_path / "archive" / sha256[:2]
    old, young = folder / ".abc.tmp", folder / ".def.tmp"
    for path in (old, young):
        path.write_bytes(DATA[:100])
    for path in (old, folder / sha256):
        os.utime(path, (1, 1))
    assert archive.sweep(3600) == 1
    assert files_in(folder) == sorted([young, folder / sha256])
    assert archive.sweep(-1) == 1
    assert archive.get(sha256) == DATA
    assert Archive(tmp_path / "none").sweep(0) == 0
