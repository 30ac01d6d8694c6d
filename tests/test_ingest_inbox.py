"""A look at the inbox: every export is found wherever it lies, and nothing else; nothing is opened or written."""

from __future__ import annotations

import os
import socket
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from ingest.inbox import FOLDER_UNREADABLE, INBOX_MISSING, INBOX_UNREADABLE, look
from tests.unprivileged import needs_permissions, open_folder, uid, unprivileged


def put(inbox: Path, *keys: str) -> None:
    for key in keys:
        path = inbox / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def keys(inbox: Path, *leave_out: Path) -> list[str]:
    found = look(inbox, leave_out=leave_out)
    assert found.is_there
    assert not found.troubles
    return [entry.key for entry in found.entries]


def test_an_entry_is_a_file_with_what_tells_new_bytes_under_its_name(tmp_path: Path) -> None:
    put(tmp_path, "Ada/watch/run.FIT", "b.gpx")
    first, second = look(tmp_path).entries
    status = (tmp_path / "Ada/watch/run.FIT").stat()
    assert (first.key, first.path, first.folder) == ("Ada/watch/run.FIT", tmp_path / "Ada/watch/run.FIT", "Ada")
    assert first.signature == (1, status.st_mtime_ns, status.st_ctime_ns)
    assert (second.key, second.folder) == ("b.gpx", None)


def test_what_systems_sync_programs_and_downloads_leave_is_left_out(tmp_path: Path) -> None:
    junk = (
        ".DS_Store",
        "._run.fit",
        ".syncthing.run.fit.tmp",
        "~syncthing~run.fit.tmp",
        ".stfolder/run.fit",
        ".stversions/run.fit",
        "@eaDir/run.fit",
        "__MACOSX/run.fit",
        "lost+found/run.fit",
        "System Volume Information/run.fit",
        "$RECYCLE.BIN/run.fit",
        "#recycle/run.fit",
        "~$run.fit",
        "run.fit.part",
        "run.fit.crdownload",
        "run.fit.TMP",
        "Thumbs.db",
        "desktop.ini",
    )
    put(tmp_path, *junk, *(f"deep/er/{name}" for name in junk), "run.fit", "deep/er/party.fit")
    assert keys(tmp_path) == ["deep/er/party.fit", "run.fit"]


def test_a_link_is_not_followed_but_the_inbox_may_be_one(tmp_path: Path) -> None:
    """A link may lead out of the folder, to files that are none of hers, or round in circles."""
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    put(inbox, "run.fit")
    put(outside, "private.fit")
    try:
        (inbox / "file.fit").symlink_to(outside / "private.fit")
    except OSError:
        pytest.skip("links may not be made here")
    (inbox / "folder").symlink_to(outside)
    (inbox / "round").symlink_to(inbox)
    (inbox / "broken.fit").symlink_to(outside / "gone.fit")
    (tmp_path / "link").symlink_to(inbox)
    assert keys(inbox) == ["run.fit"]
    assert keys(tmp_path / "link") == ["run.fit"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_what_is_no_file_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a pipe would wait for ever."""
    put(tmp_path, "run.fit")
    os.mkfifo(tmp_path / "pipe.fit")
    monkeypatch.chdir(tmp_path)  # a socket's whole path may only be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.fit")
        assert keys(tmp_path) == ["run.fit"]


def test_names_of_every_kind_are_entries_of_their_own(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "läuft-🏃.fit") for form in ("NFC", "NFD"))
    long = "r" * 251 + ".fit"
    put(tmp_path, composed, decomposed, long, "  spaces .fit")
    found = look(tmp_path).entries
    assert {entry.key for entry in found} >= {long, "  spaces .fit"}
    assert {entry.path.read_bytes() for entry in found} == {b"x"}
    if sys.platform == "linux":  # others make one of both
        assert {composed, decomposed} <= {entry.key for entry in found}


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_bytes_that_are_no_text_can_be_kept_as_a_key_and_opened(tmp_path: Path) -> None:
    """A key is stored and shown; two files never share one."""
    (tmp_path / os.fsdecode(b"l\xe4uft.fit")).write_bytes(b"1")
    (tmp_path / "l\\xe4uft.fit").write_bytes(b"2")
    found = {entry.key: entry.path.read_bytes() for entry in look(tmp_path).entries}
    assert found == {"l\\xe4uft.fit": b"1", "l\\x5cxe4uft.fit": b"2"}
    assert all(key.encode() for key in found)


def test_a_folder_that_is_left_out_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put(inbox, "run.fit", "done/run.fit", "done/deep/run.fit", "other/done/run.fit")
    assert keys(inbox, inbox / "done", tmp_path / "not there") == ["other/done/run.fit", "run.fit"]
    assert keys(inbox, inbox / "other" / ".." / "done") == ["other/done/run.fit", "run.fit"]


def test_an_empty_file_is_an_entry(tmp_path: Path) -> None:
    """It is about to be filled, or an export that failed; both are to be told of."""
    (tmp_path / "run.fit").touch()
    (entry,) = look(tmp_path).entries
    assert entry.size_bytes == 0


def test_an_inbox_that_is_not_there_says_so_and_nothing_about_files(tmp_path: Path) -> None:
    found = look(tmp_path / "share")
    assert (found.is_there, found.entries) == (False, ())
    (trouble,) = found.troubles
    assert trouble.code == INBOX_MISSING
    assert str(tmp_path / "share") in trouble.message
    assert "restride init --inbox" in trouble.message


def test_an_inbox_that_is_a_file_says_so(tmp_path: Path) -> None:
    put(tmp_path, "inbox")
    found = look(tmp_path / "inbox")
    assert not found.is_there
    assert found.troubles[0].code == INBOX_UNREADABLE
    assert "is a file" in found.troubles[0].message


@needs_permissions
@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100], ids=["closed", "listed only", "entered only"])
def test_an_inbox_that_may_not_be_read_names_the_path_the_user_and_the_fix(mode: int) -> None:
    with open_folder() as folder:
        put(folder / "inbox", "run.fit")
        (folder / "inbox").chmod(mode)
        found = unprivileged(lambda: look(folder / "inbox"))
        (trouble,) = found.troubles
        assert (found.is_there, found.entries, trouble.code) == (False, (), INBOX_UNREADABLE)
        assert f"{folder / 'inbox'} may not be read by uid {uid()}" in trouble.message
        assert f"chmod {'u' if os.geteuid() else 'o'}+rX" in trouble.message


@needs_permissions
@pytest.mark.parametrize("mode", [0o000, 0o400], ids=["closed", "listed only"])
def test_a_folder_that_may_not_be_read_does_not_hide_the_others(mode: int) -> None:
    with open_folder() as folder:
        put(folder, "a/run.fit", "b/run.fit", "c.fit")
        (folder / "a").chmod(mode)
        found = unprivileged(lambda: look(folder))
        assert [entry.key for entry in found.entries] == ["b/run.fit", "c.fit"]
        assert [(trouble.code, trouble.path) for trouble in found.troubles] == [(FOLDER_UNREADABLE, folder / "a")]
        assert found.is_there


@needs_permissions
def test_a_read_only_inbox_is_looked_at_and_left_as_it_is() -> None:
    with open_folder() as folder:
        put(folder, "run.fit")
        (folder / "run.fit").chmod(0o444)
        folder.chmod(0o555)
        before = folder.stat()
        assert [entry.key for entry in unprivileged(lambda: look(folder)).entries] == ["run.fit"]
        assert (folder.stat().st_mtime_ns, folder.stat().st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)


def test_looking_at_five_thousand_files_is_cheap_enough_to_be_done_for_ever(tmp_path: Path) -> None:
    """A hundredth of a core is 100 ms in ten seconds; the limit is for machines that are slow or busy."""
    for number in range(5000):
        if number % 1000 == 0:
            (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number // 1000 * 1000}" / f"2026-03-{number:05}-morning-run.fit").touch()
    took_s = []
    for _ in range(5):
        start = time.process_time()
        assert len(look(tmp_path).entries) == 5000
        took_s.append(time.process_time() - start)
    assert min(took_s) < 0.2
