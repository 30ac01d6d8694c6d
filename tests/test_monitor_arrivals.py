"""Between looks: no file is read while it changes, none is forgotten, and none is read twice for nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.inbox import Entry, Look
from monitor.arrivals import (
    FIRST_WAIT_S,
    GRACE_S,
    MOST_WAIT_S,
    OURS_MOST_WAIT_S,
    Arrivals,
    may_still_arrive,
    wait_s,
)
from monitor.store import InboxFile, InboxState

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SCAN = timedelta(seconds=10)


def entry(key: str = "run.fit", version: int = 1) -> Entry:
    return Entry(key=key, location=f"/inbox/{key}", size_bytes=version, mtime_ns=version, ctime_ns=version)


def row(of: Entry, state: InboxState = InboxState.SETTLED, *, until: datetime | None = None) -> InboxFile:
    return InboxFile(
        key=of.key,
        size_bytes=of.size_bytes,
        mtime_ns=of.mtime_ns,
        ctime_ns=of.ctime_ns,
        state=state,
        first_seen_at=NOW,
        looked_at=NOW,
        next_try_at=until,
    )


def look(*entries: Entry) -> Look:
    return Look(is_there=True, entries=entries)


def test_a_file_is_ready_when_two_looks_found_it_the_same() -> None:
    arrivals = Arrivals({})
    assert arrivals.seen(look(entry()), NOW) == []
    assert arrivals.soon
    assert arrivals.seen(look(entry(version=2)), NOW) == []
    assert arrivals.soon
    assert arrivals.seen(look(entry(version=2)), NOW) == [entry(version=2)]
    assert not arrivals.soon


def test_a_file_that_is_there_at_start_up_is_looked_at_twice_like_any_other() -> None:
    """It may be in the middle of being copied just then."""
    arrivals = Arrivals({"run.fit": row(entry(version=1))})
    assert arrivals.seen(look(entry(version=2), entry("other.fit")), NOW) == []
    assert len(arrivals.seen(look(entry(version=2), entry("other.fit")), NOW)) == 2


def test_a_file_is_given_once_and_what_is_not_heard_of_comes_again_later() -> None:
    """The process that was to read it may have been killed."""
    arrivals = Arrivals({})
    arrivals.seen(look(entry()), NOW)
    (given_,) = arrivals.seen(look(entry()), NOW)
    assert arrivals.seen(look(entry()), NOW) == []
    arrivals.missed([given_], NOW)
    assert arrivals.seen(look(entry()), NOW + timedelta(seconds=FIRST_WAIT_S - 1)) == []
    assert arrivals.seen(look(entry()), NOW + timedelta(seconds=FIRST_WAIT_S)) == [given_]
    arrivals.missed([given_], NOW)
    assert arrivals.seen(look(entry()), NOW + timedelta(seconds=2 * FIRST_WAIT_S - 1)) == []
    assert arrivals.seen(look(entry()), NOW + timedelta(seconds=2 * FIRST_WAIT_S)) == [given_]
    arrivals.record([row(given_)])
    arrivals.missed([given_], NOW)
    assert arrivals.seen(look(entry()), NOW + timedelta(days=1)) == []


def test_new_bytes_under_an_old_name_are_given_even_while_the_old_ones_are_being_read() -> None:
    arrivals = Arrivals({})
    arrivals.seen(look(entry()), NOW)
    assert arrivals.seen(look(entry()), NOW) == [entry()]
    arrivals.seen(look(entry(version=2)), NOW)
    arrivals.record([row(entry())])
    assert arrivals.seen(look(entry(version=2)), NOW) == [entry(version=2)]


def test_an_inbox_that_is_not_there_changes_nothing() -> None:
    """A share that is off for a night must not make a thousand files new, and what was seen once counts."""
    arrivals = Arrivals({"old.fit": row(entry("old.fit"))})
    arrivals.seen(look(entry(), entry("old.fit")), NOW)
    assert arrivals.seen(Look(is_there=False), NOW) == []
    assert not arrivals.soon
    assert arrivals.seen(look(entry(), entry("old.fit")), NOW) == [entry()]


def test_a_file_that_vanished_and_came_back_the_same_is_still_settled() -> None:
    arrivals = Arrivals({"run.fit": row(entry())})
    assert arrivals.seen(look(), NOW) == []
    for _ in range(3):
        assert arrivals.seen(look(entry()), NOW) == []
    assert not arrivals.soon


def test_a_waiting_file_is_given_at_its_time_or_when_it_changes() -> None:
    until = NOW + timedelta(seconds=40)
    arrivals = Arrivals({"run.fit": row(entry(), InboxState.WAITING, until=until)})
    for _ in range(3):
        assert arrivals.seen(look(entry()), NOW) == []
    assert arrivals.seen(look(entry()), until) == [entry()]
    arrivals.record([row(entry(), InboxState.WAITING, until=until + timedelta(minutes=1))])
    arrivals.seen(look(entry(version=2)), until)
    assert arrivals.seen(look(entry(version=2)), until) == [entry(version=2)]


def test_a_time_that_a_wrong_clock_wrote_is_not_waited_for() -> None:
    arrivals = Arrivals({"run.fit": row(entry(), InboxState.WAITING, until=NOW + timedelta(days=3650))})
    arrivals.seen(look(entry()), NOW)
    assert arrivals.seen(look(entry()), NOW) == [entry()]


def test_what_was_dropped_from_the_store_is_given_again() -> None:
    arrivals = Arrivals({"run.fit": row(entry()), "b.fit": row(entry("b.fit"))})
    arrivals.seen(look(entry(), entry("b.fit")), NOW)
    arrivals.recall({"b.fit": row(entry("b.fit"))})
    arrivals.seen(look(entry(), entry("b.fit")), NOW)
    assert arrivals.seen(look(entry(), entry("b.fit")), NOW) == [entry()]


class Folder:
    """A folder with a few files, and a reader that settles what it is given or lets it wait."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.before: dict[str, int] = {}
        self.read: dict[str, list[int]] = {}
        self.arrivals = Arrivals({})
        self.known: dict[str, InboxFile] = {}

    def entries(self) -> list[Entry]:
        return [entry(key, version) for key, version in sorted(self.versions.items())]

    def scan(self, now: datetime, *, is_there: bool = True) -> Sequence[Entry]:
        if not is_there:
            return self.arrivals.seen(Look(is_there=False), now)
        ready = self.arrivals.seen(look(*self.entries()), now)
        for one in ready:
            assert self.versions[one.key] == one.size_bytes, "not what is there now"
            assert self.before.get(one.key) == one.size_bytes, "given while it was changing"
            assert one.size_bytes not in self.read.get(one.key, []), "given again although it was settled"
        self.before = dict(self.versions)
        return ready


ACTIONS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from("abc"), st.integers(1, 3)),
    st.tuples(st.just("vanish"), st.sampled_from("abc"), st.just(0)),
    st.tuples(st.just("scan"), st.sampled_from(["settle", "wait", "killed"]), st.integers(0, 60)),
    st.tuples(st.just("away"), st.just(""), st.just(0)),
    st.tuples(st.just("restart"), st.just(""), st.just(0)),
)


@given(st.lists(ACTIONS, max_size=60))
def test_whatever_happens_nothing_is_read_while_it_changes_and_all_is_read_in_the_end(
    actions: list[tuple[str, str, int]],
) -> None:
    folder, now = Folder(), NOW
    for kind, which, number in actions:
        now += timedelta(seconds=number)
        if kind == "write":
            folder.versions[which] = max(folder.versions.get(which, 0), *folder.read.get(which, [0])) + number
        elif kind == "vanish":
            folder.versions.pop(which, None)
        elif kind == "away":
            assert folder.scan(now, is_there=False) == []
        elif kind == "restart":
            folder.arrivals, folder.before = Arrivals(folder.known), {}
        else:
            ready = folder.scan(now)
            done(folder, ready, which, now)
    # All is quiet now: whatever is there is settled within two looks after its wait.
    now += timedelta(seconds=MOST_WAIT_S)
    for _ in range(2):
        now += SCAN
        done(folder, folder.scan(now), "settle", now)
    for key, version in folder.versions.items():
        assert version in folder.read.get(key, []), "never given"
    assert folder.scan(now) == []
    assert not folder.arrivals.soon


def done(folder: Folder, ready: Sequence[Entry], how: str, now: datetime) -> None:
    if how == "killed":
        folder.arrivals.missed(ready, now)
        return
    if how == "settle":
        rows = [row(one) for one in ready]
        for one in ready:
            folder.read.setdefault(one.key, []).append(one.size_bytes)
    else:
        rows = [row(one, InboxState.WAITING, until=now + timedelta(seconds=20)) for one in ready]
    folder.known |= {one.key: one for one in rows}
    folder.arrivals.record(rows)


def test_waits_double_up_to_their_limit() -> None:
    assert [wait_s(tries) for tries in range(1, 5)] == [10, 20, 40, 80]
    assert wait_s(10**9) == MOST_WAIT_S
    assert wait_s(10**9, most_s=OURS_MOST_WAIT_S) == OURS_MOST_WAIT_S


@pytest.mark.parametrize(
    ("mtime_s", "seen_s", "tries", "waits"),
    [
        (-30, 0, 0, True),
        (-30, -200, 4, True),
        (-GRACE_S + 1, -200, 4, True),
        (-GRACE_S - 1, -200, 4, False),
        (-86400, 0, 0, True),  # an old time may be a wrong clock's: one more look
        (-86400, -10, 1, False),
        (86400 * 365, -200, 4, True),  # a time in the future is one,
        (86400 * 365, -GRACE_S, 7, False),  # and is not waited for
        (-30, 86400, 0, True),
    ],
)
def test_what_looks_unfinished_is_waited_for_while_it_is_young(
    mtime_s: float, seen_s: float, tries: int, waits: bool
) -> None:
    mtime_ns = int((NOW.timestamp() + mtime_s) * 1e9)
    file = replace(row(entry()), mtime_ns=mtime_ns, first_seen_at=NOW + timedelta(seconds=seen_s), tries=tries)
    assert may_still_arrive(file) is waits


def test_five_thousand_settled_files_cost_next_to_nothing() -> None:
    entries = [entry(f"{number // 500}/2026-03-{number:05}-morning-run.fit") for number in range(5000)]
    arrivals = Arrivals({one.key: row(one) for one in entries})
    took_s = []
    for _ in range(5):
        start = time.process_time()
        assert arrivals.seen(look(*entries), NOW) == []
        took_s.append(time.process_time() - start)
    assert min(took_s) < 0.02
