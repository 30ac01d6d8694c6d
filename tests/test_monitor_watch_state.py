"""What a watcher says of itself, and how a second one is told that there is one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.inbox import FOLDER_UNREADABLE, INBOX_MISSING, FolderTrouble, Look
from monitor.config import Settings, resolve
from monitor.watch_state import FILE, InboxNews, WatchState, is_running, lock_of, noted, read, write

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
STATE = WatchState(
    pid=7,
    started_at=NOW,
    every_s=10.0,
    inbox="inbox",
    last_scan_at=NOW,
    trouble="it is not there",
    next_runs={"weekly": NOW},
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return resolve(tmp_path)


def test_the_state_comes_back_as_it_was_written_and_is_hers_alone(settings: Settings) -> None:
    write(settings, STATE)
    assert read(settings) == STATE
    assert (settings.data_dir / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 1}', '{"next_runs": {"weekly": "soon"}}'])
def test_a_state_that_was_cut_off_or_is_none_is_no_state(settings: Settings, text: str) -> None:
    """A disk that filled up must not keep `doctor` from saying so."""
    (settings.data_dir / FILE).write_text(text)
    assert read(settings) is None


def test_a_lock_is_seen_from_another_process_and_ends_with_it(settings: Settings) -> None:
    """Two watchers would read every file twice; one that was killed must not lock the folder for good."""
    assert not is_running(settings)
    hold = (
        "import sys, time; from pathlib import Path; from monitor.config import resolve;"
        "from monitor.watch_state import lock_of;"
        "lock = lock_of(resolve(Path(sys.argv[1]))); lock.acquire(timeout=0); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(settings.data_dir)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert is_running(settings)
        other.kill()
        other.wait()
    assert not is_running(settings)
    assert lock_of(settings).acquire(timeout=0)


CLOSED = FolderTrouble(code=FOLDER_UNREADABLE, path=Path("x"), message="A folder is closed.")
GONE = FolderTrouble(code=INBOX_MISSING, path=Path(), message="The inbox is not there.")
LOOKS = {
    "fine": Look(is_there=True),
    "closed": Look(is_there=True, troubles=(CLOSED,)),
    "gone": Look(is_there=False, troubles=(GONE,)),
}


def test_a_folder_that_was_never_readable_does_not_hide_that_the_drive_is_gone() -> None:
    """She must hear that her runs do not arrive any more."""
    state, said, now = WatchState(pid=1, started_at=NOW, every_s=10, inbox="inbox"), list[InboxNews](), NOW
    for what in ("fine", "closed", "closed", "gone", "gone", "closed", "fine", "fine"):
        now += timedelta(minutes=1)
        state, news = noted(state, LOOKS[what], now)
        state = replace(state, last_scan_at=now)
        said += news
    assert [one.why for one in said] == [CLOSED.message, GONE.message, CLOSED.message, None]
    assert len({one.since for one in said[:3]}) == 3
    assert said[3].since == said[2].since


def test_what_a_killed_watcher_did_not_come_to_tell_is_given_again_under_the_same_name() -> None:
    state = WatchState(pid=1, started_at=NOW, every_s=10, inbox="inbox")
    state, first = noted(state, LOOKS["gone"], NOW)
    later = NOW + timedelta(hours=1)
    after = WatchState(
        pid=2, started_at=later, every_s=10, inbox="inbox", trouble=state.trouble, trouble_since=state.trouble_since
    )
    after, again = noted(after, LOOKS["gone"], later)
    assert again == first
    _, more = noted(replace(after, last_scan_at=later), LOOKS["gone"], later + timedelta(minutes=1))
    assert more == ()
