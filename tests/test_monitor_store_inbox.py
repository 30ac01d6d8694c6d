"""What the store remembers of the inbox and of what was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import InboxFile, InboxState, Message, MessageKind, MessageState, Store

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
FILE = InboxFile(
    key="watch/läuft \\xff.fit",
    size_bytes=2**40,
    mtime_ns=2**62,
    ctime_ns=1,
    state=InboxState.WAITING,
    first_seen_at=NOW,
    looked_at=NOW + timedelta(microseconds=1),
    tries=2,
    next_try_at=NOW + timedelta(seconds=40),
    reason_code="arriving",
    reason_message="läuft.fit is still arriving.",
)
MESSAGE = Message(key="issued:1", kind=MessageKind.WEEKLY, created_at=NOW, text="Hold, for …", discreet="It is there.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "restride.db") as opened:
        yield opened


def test_a_file_in_the_inbox_comes_back_as_it_was_put(store: Store) -> None:
    ada, eva = store.add_runner("Ada", NOW), store.add_runner("Eva", NOW)
    store.inbox.put(ada, [FILE, replace(FILE, key="a")])
    assert store.inbox.all(ada) == {"a": replace(FILE, key="a"), FILE.key: FILE}
    assert store.inbox.all(eva) == {}


def test_what_is_known_of_a_file_is_replaced_and_can_be_dropped(store: Store) -> None:
    ada = store.add_runner("Ada", NOW)
    settled = replace(FILE, state=InboxState.SETTLED, sha256="0" * 64, next_try_at=None, reason_code=None)
    store.inbox.put(ada, [FILE])
    store.inbox.put(ada, [settled])
    assert store.inbox.all(ada) == {FILE.key: settled}
    store.inbox.drop(ada, [FILE.key, "never seen"])
    assert store.inbox.all(ada) == {}


def test_a_message_is_written_once_by_its_key(store: Store) -> None:
    """After a crash the same thing is found again; she is told once."""
    ada, eva = store.add_runner("Ada", NOW), store.add_runner("Eva", NOW)
    written = store.messages.add(ada, MESSAGE)
    assert written == replace(MESSAGE, id=1)
    assert store.messages.add(ada, replace(MESSAGE, text="another")) is None
    assert store.messages.add(eva, MESSAGE) is not None
    assert store.messages.all(ada) == (written,)


def test_how_far_a_message_has_come_is_kept(store: Store) -> None:
    ada = store.add_runner("Ada", NOW)
    written = store.messages.add(ada, MESSAGE)
    assert written is not None
    pending = replace(written, state=MessageState.PENDING, tries=1, next_try_at=NOW, trouble="no network")
    store.messages.update(ada, pending)
    assert store.messages.all(ada, MessageState.PENDING) == (pending,)
    assert store.messages.all(ada, MessageState.NEW, MessageState.SENT) == ()


def test_a_database_of_the_first_version_gets_the_new_tables_and_keeps_what_it_holds(tmp_path: Path) -> None:
    """Whoever updates the program has months of answers in her database."""
    db = tmp_path / "restride.db"
    with Store.open(db) as store:
        store.add_runner("Ada", NOW)
    connection = sqlite3.connect(db)
    connection.executescript("DROP TABLE inbox_file; DROP TABLE message; UPDATE alembic_version SET version_num='0001'")
    connection.close()
    with Store.open(db) as store:
        assert store.inbox.all(store.runner("Ada")) == {}
        assert store.messages.all(store.runner("Ada")) == ()
