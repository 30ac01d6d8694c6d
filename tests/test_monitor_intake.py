"""From the inbox into the store: whole files only, each once, and whatever refuses is tried again."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.fit_bytes import file_id, fit_activity
from fixtures.fit_protocol import encode
from fixtures.gpx_text import gpx
from fixtures.simulate import cycles, simulate
from ingest.inbox import Entry, look
from monitor import opening
from monitor.archive import Archive
from monitor.arrivals import GRACE_S, OURS_MOST_WAIT_S
from monitor.facts import Runner
from monitor.import_result import ImportResult, Outcome
from monitor.importer import import_paths
from monitor.intake import STORE, is_check_ins, take_in
from monitor.opening import ARRIVING, CANNOT_OPEN
from monitor.store import InboxFile, InboxState, Message, MessageKind, OriginalOutcome, Store
from monitor.store.errors import StoreError
from tests.unprivileged import needs_permissions, open_folder, uid, unprivileged

RUN = datetime(2026, 3, 2, 7, tzinfo=UTC)
NOT_BEFORE = datetime.now(UTC)


def fit(day: int = 0) -> bytes:
    start = RUN + timedelta(days=day)
    return fit_activity(simulate(cycles(60, 90, 4), seed=day, start=start).samples, start=start)


def as_gpx(day: int = 0) -> bytes:
    start = RUN + timedelta(days=day)
    samples = simulate(cycles(60, 90, 4), seed=day, start=start).samples
    return gpx({name: samples[name] for name in ("t_s", "latitude_deg", "longitude_deg")}, start=start)


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return packed.getvalue()


@dataclass
class Place:
    """A data folder in use and an inbox, with a clock of its own that begins now, as files' own times do."""

    store: Store
    archive: Archive
    runner: Runner
    inbox: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def put(self, key: str, data: bytes, *, age_s: float = 0) -> Path:
        path = self.inbox / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        at = self.now.timestamp() - age_s
        os.utime(path, (at, at))
        return path

    def entries(self) -> tuple[Entry, ...]:
        return look(self.inbox).entries

    def take(self, *entries: Entry) -> dict[str, tuple[InboxFile, tuple[ImportResult, ...]]]:
        """Take in these entries, or all there are, and check that what is given is what was written."""
        given = take_in(self.store, self.archive, self.runner, entries or self.entries(), now=lambda: self.now)
        found = {row.key: (row, results) for row, results in given}
        written = self.store.inbox.all(self.runner)
        assert {key: row for key, (row, _) in found.items()} == {key: written[key] for key in found}
        return found

    def one(self) -> tuple[InboxFile, tuple[ImportResult, ...]]:
        (found,) = self.take().values()
        return found

    def outcomes(self) -> list[OriginalOutcome]:
        return [original.outcome for original in self.store.originals(self.runner)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "inbox").mkdir()
    with Store.open(tmp_path / "restride.db") as store:
        runner = store.add_runner("Ada", RUN)
        yield Place(store, Archive(tmp_path / "archive"), runner, tmp_path / "inbox")


def test_whole_files_of_every_kind_are_taken_in_and_settled(place: Place) -> None:
    place.put("a.fit", fit(0))
    place.put("deep/B.FIT.GZ", gzip.compress(fit(2)))
    place.put("c.gpx", as_gpx(4))
    place.put("d.zip", zipped(e_fit=fit(6), f_gpx=as_gpx(8), notes_txt=b"mine"))
    found = place.take()
    assert {row.state for row, _ in found.values()} == {InboxState.SETTLED}
    assert [len(results) for _, results in found.values()] == [1, 3, 1, 1] or len(found) == 4
    assert {result.outcome for _, results in found.values() for result in results} == {
        Outcome.IMPORTED,
        Outcome.LEFT_OUT,
    }
    assert len(place.store.observed(place.runner)) == 5
    assert all(row.sha256 is not None and row.reason_code is None for row, _ in found.values())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("run.fit", fit()[:-1]),
        ("run.fit", fit()[:-500] + bytes(500)),
        ("run.gpx", as_gpx()[:-20]),
        ("run.fit.gz", gzip.compress(fit())[:-4]),
        ("run.zip", zipped(a_fit=fit())[:-10]),
        ("run.zip", zipped(a_fit=fit())[:2000] + bytes(len(zipped(a_fit=fit())) - 2000)),
        ("run.fit", b""),
        ("run.fit", bytes(4000)),
    ],
    ids=["cut", "kept first", "open root", "cut gz", "cut zip", "zip kept first", "empty", "zeros"],
)
def test_a_file_that_is_still_arriving_waits_and_nothing_of_it_is_kept(place: Place, name: str, data: bytes) -> None:
    place.put(name, data)
    for tries, wait_s in enumerate((10, 20, 40, 80), start=1):
        row, results = place.one()
        assert (row.state, row.reason_code, row.tries, results) == (InboxState.WAITING, ARRIVING, tries, ())
        assert row.next_try_at == place.now + timedelta(seconds=wait_s)
        assert row.reason_message is not None
        assert row.reason_message.startswith(name)
        assert place.outcomes() == []
        place.now = row.next_try_at
    whole = {"run.fit": fit(), "run.gpx": as_gpx(), "run.fit.gz": gzip.compress(fit()), "run.zip": zipped(a_fit=fit())}
    place.put(name, whole[name])
    row, results = place.one()
    assert (row.state, [result.outcome for result in results]) == (InboxState.SETTLED, [Outcome.IMPORTED])
    assert place.outcomes() == [OriginalOutcome.IMPORTED]


def test_what_stays_unfinished_is_read_for_what_it_is_in_the_end(place: Place) -> None:
    place.put("run.fit", fit()[:-500])
    place.put("bad.fit", b"nothing of the kind")
    began, tries = place.now, 0
    found = place.take()
    while any(row.state is InboxState.WAITING for row, _ in found.values()):
        tries += 1
        place.now = max(row.next_try_at or place.now for row, _ in found.values())
        found = place.take()
    assert GRACE_S <= (place.now - began).total_seconds() <= GRACE_S * 1.5
    assert tries < 10
    (good,), (bad,) = found["run.fit"][1], found["bad.fit"][1]
    assert good.outcome is Outcome.IMPORTED
    assert "damaged or cut off" in good.message
    assert (bad.outcome, bad.code) == (Outcome.FAILED, "unknown_format")
    assert sorted(place.outcomes()) == [OriginalOutcome.FAILED, OriginalOutcome.IMPORTED]


def test_an_old_file_that_looks_unfinished_is_looked_at_once_more_only(place: Place) -> None:
    """A folder of last year's exports must not wait for ten minutes because some are damaged."""
    place.put("run.fit", fit()[:-500], age_s=86400)
    row, _ = place.one()
    assert row.state is InboxState.WAITING
    place.now += timedelta(seconds=10)
    assert place.one()[0].state is InboxState.SETTLED


def test_a_time_in_the_future_is_not_waited_for(place: Place) -> None:
    """The clock of the share was never set."""
    place.put("run.fit", fit()[:-500], age_s=-86400 * 3650)
    assert place.one()[0].state is InboxState.WAITING
    place.now += timedelta(seconds=GRACE_S)
    assert place.one()[0].state is InboxState.SETTLED


def test_a_bad_file_under_another_name_is_known_and_new_bytes_under_its_name_are_new(place: Place) -> None:
    place.put("photo.jpg", b"no recording")
    ((_, (first,)),) = place.take().values()
    assert first.outcome is Outcome.FAILED
    (place.inbox / "photo.jpg").rename(place.inbox / "holiday.jpg")
    row, (again,) = place.one()
    assert (row.key, row.state, again.outcome) == ("holiday.jpg", InboxState.SETTLED, Outcome.ALREADY_KNOWN)
    assert "photo.jpg" in again.message
    assert again.code == "unknown_format"
    place.put("holiday.jpg", fit())
    row, (good,) = place.one()
    assert (row.key, good.outcome) == ("holiday.jpg", Outcome.IMPORTED)


def test_damaged_bytes_that_are_known_already_are_not_waited_for_again(place: Place) -> None:
    import_paths(place.store, place.archive, place.runner, [place.put("run.fit", fit()[:-500])], now=place.now)
    place.put("run.fit", fit()[:-500])
    row, (result,) = place.one()
    assert (row.state, result.outcome) == (InboxState.SETTLED, Outcome.ALREADY_KNOWN)


def test_an_empty_file_waits_although_another_empty_one_was_given_up(place: Place) -> None:
    """All files begin empty."""
    place.put("old.fit", b"", age_s=86400)
    place.take()
    assert place.take()["old.fit"][0].state is InboxState.SETTLED
    place.put("new.fit", b"")
    assert place.take()["new.fit"][0].state is InboxState.WAITING


def test_an_archive_under_another_name_is_not_read_again(place: Place) -> None:
    place.put("export.zip", zipped(a_fit=fit(), broken_fit=b"\x0e\x10\x64\x08"))
    assert len(place.one()[1]) == 2
    (place.inbox / "export.zip").rename(place.inbox / "copy.zip")
    row, (result,) = place.one()
    assert (row.state, result.outcome) == (InboxState.SETTLED, Outcome.ALREADY_KNOWN)
    assert result.message == "copy.zip: already known as export.zip"


def test_an_archive_with_a_member_that_is_not_filled_yet_waits_and_what_is_whole_is_kept(place: Place) -> None:
    """On a share its blocks may come in any order: the directory first, what it lists later."""
    full = zipped(a_fit=fit(0), b_fit=fit(2))
    second = full.index(b"PK\x03\x04", 4)
    place.put("export.zip", full[: second + 100] + bytes(500) + full[second + 600 :])
    row, (result,) = place.one()
    assert (row.state, row.reason_code, result.outcome) == (InboxState.WAITING, ARRIVING, Outcome.IMPORTED)
    place.put("export.zip", full)
    row, results = place.one()
    assert row.state is InboxState.SETTLED
    assert [result.outcome for result in results] == [Outcome.ALREADY_KNOWN, Outcome.IMPORTED]


def test_a_file_that_changed_since_it_was_looked_at_waits_for_the_next_look(place: Place) -> None:
    path = place.put("run.fit", fit(0))
    entries = place.entries()
    path.write_bytes(fit(2))
    ((row, results),) = place.take(*entries).values()
    assert (row.state, row.signature, row.next_try_at) == (InboxState.WAITING, entries[0].signature, None)
    assert (results, place.outcomes()) == ((), [])
    assert place.one()[0].state is InboxState.SETTLED


@pytest.mark.parametrize("name", ["run.fit", "run.zip"])
def test_a_file_that_changes_while_it_is_read_waits(place: Place, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read may be half old and half new, however whole it looks."""
    path = place.put(name, fit(0) if name == "run.fit" else zipped(a_fit=fit(0)))
    reads = opening._Source.readinto

    def written_meanwhile(source: opening._Source, buffer: memoryview) -> int | None:
        with path.open("ab") as file:
            file.write(b"\0")
        return reads(source, buffer)

    monkeypatch.setattr(opening._Source, "readinto", written_meanwhile)
    row, _ = place.one()
    assert (row.state, row.reason_code) == (InboxState.WAITING, ARRIVING)
    assert name == "run.zip" or place.outcomes() == []


def test_a_share_that_goes_while_an_archive_is_read_makes_no_member_of_it_bad(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("export.zip", zipped(a_fit=fit(0), b_fit=os.urandom(100_000) + fit(2)))
    reads, count = opening._Source.readinto, 0

    def refused_later(source: opening._Source, buffer: memoryview) -> int | None:
        nonlocal count
        count += 1
        if count > 12:
            source.trouble = OSError(5, "Input/output error")
            raise source.trouble
        return reads(source, buffer)

    monkeypatch.setattr(opening._Source, "readinto", refused_later)
    row, results = place.one()
    assert row.state is InboxState.WAITING
    assert row.reason_code in (CANNOT_OPEN, ARRIVING)
    assert all(result.outcome is not Outcome.FAILED for result in results)


def test_a_file_that_is_gone_or_became_a_link_leaves_no_trace(place: Place) -> None:
    place.put("gone.fit", fit(0))
    place.put("link.fit", fit(2))
    place.put("run.fit", fit(4))
    entries = place.entries()
    (place.inbox / "gone.fit").unlink()
    (place.inbox / "link.fit").rename(place.inbox.parent / "outside.fit")
    try:
        (place.inbox / "link.fit").symlink_to(place.inbox.parent / "outside.fit")
    except OSError:
        pytest.skip("links may not be made here")
    assert list(place.take(*entries)) == ["run.fit"]
    assert list(place.store.inbox.all(place.runner)) == ["run.fit"]


@needs_permissions
def test_a_file_that_may_not_be_opened_is_tried_for_ever_and_says_who_may_not_and_what_to_do() -> None:
    with open_folder() as folder:
        (folder / "inbox").mkdir()
        (folder / "inbox" / "run.fit").write_bytes(fit())
        (folder / "inbox" / "run.fit").chmod(0o000)

        def tried() -> tuple[list[InboxFile], int]:
            with Store.open(folder / "restride.db") as store:
                runner = store.add_runner("Ada", RUN)
                there = Place(store, Archive(folder / "archive"), runner, folder / "inbox")
                rows = []
                for _ in range(15):
                    rows.append(there.one()[0])
                    assert rows[-1].next_try_at is not None
                    there.now = rows[-1].next_try_at
                return rows, len(there.outcomes())

        rows, kept = unprivileged(tried)
    waits = [(row.next_try_at - row.looked_at).total_seconds() for row in rows if row.next_try_at]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, *[3600] * 6]
    assert {(row.state, row.reason_code) for row in rows} == {(InboxState.WAITING, CANNOT_OPEN)}
    told = rows[0].reason_message or ""
    assert f"{folder / 'inbox' / 'run.fit'} may not be read by uid {uid()}" in told
    assert "chmod" in told
    assert kept == 0


@needs_permissions
def test_an_inbox_that_may_only_be_read_is_all_that_is_needed() -> None:
    with open_folder() as folder:
        (folder / "inbox").mkdir()
        (folder / "inbox" / "run.fit").write_bytes(fit())
        (folder / "inbox" / "run.fit").chmod(0o444)
        (folder / "inbox").chmod(0o555)

        def taken() -> InboxState:
            with Store.open(folder / "restride.db") as store:
                there = Place(store, Archive(folder / "archive"), store.add_runner("Ada", RUN), folder / "inbox")
                return there.one()[0].state

        assert unprivileged(taken) is InboxState.SETTLED


def test_where_no_copy_can_be_kept_the_file_waits_and_the_others_go_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs nothing but time."""
    place.put("a.fit", fit(0))
    place.put("b.fit", fit(2))
    full, put = fit(0), Archive.put

    def no_room(archive: Archive, data: bytes) -> str:
        if data == full:
            raise OSError(28, "No space left on device")
        return put(archive, data)

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "put", no_room)
        found = place.take()
        row, results = found["a.fit"]
        assert (row.state, row.reason_code, results) == (InboxState.WAITING, "cannot_archive", ())
        assert "no space left" in (row.reason_message or "")
        assert found["b.fit"][0].state is InboxState.SETTLED
        for _ in range(10):
            row = place.take(*place.entries()[:1])["a.fit"][0]
        assert row.next_try_at == row.looked_at + timedelta(seconds=OURS_MOST_WAIT_S)
    assert place.take()["a.fit"][1][0].outcome is Outcome.IMPORTED


def test_where_the_database_cannot_be_written_all_wait_and_nothing_is_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(3):
        place.put(f"{day}.fit", fit(day))
    place.put("half.fit", fit(9)[:-7])

    def refuses(*_: object, **__: object) -> None:
        raise StoreError("The disk is full; nothing was changed. Make room, and try again.")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "add_original", refuses)
        found = place.take()
    assert {row.state for row, _ in found.values()} == {InboxState.WAITING}
    assert {row.reason_code for row, _ in found.values()} == {STORE}
    assert all(results == () for _, results in found.values())
    assert place.outcomes() == []
    found = place.take()
    assert [row.state for row, _ in found.values()].count(InboxState.SETTLED) == 3
    assert len(place.outcomes()) == 3


def test_what_is_told_is_written_with_the_file_or_not_at_all(place: Place) -> None:
    """A process that is killed in between must not leave a run in the store of which she never hears."""
    place.put("run.fit", fit())

    def told(row: InboxFile, results: tuple[ImportResult, ...]) -> None:
        message = Message(
            key=f"file:{row.sha256}", kind=MessageKind.IMPORTED, created_at=place.now, text="Came.", discreet="Came."
        )
        place.store.messages.add(place.runner, message)
        if not place.store.inbox.all(place.runner)[row.key].sha256:
            raise AssertionError("the row was not there")
        if fails:
            raise RuntimeError("killed")

    for fails in (True, False):
        given = take_in(place.store, place.archive, place.runner, place.entries(), now=lambda: place.now, on_kept=told)
        if fails:
            with pytest.raises(RuntimeError):
                list(given)
        else:
            assert len(list(given)) == 1
        counts = (len(place.outcomes()), len(place.store.inbox.all(place.runner)))
        assert counts == ((0, 0) if fails else (1, 1))
        assert len(place.store.messages.all(place.runner)) == counts[0]


def test_settings_of_a_watch_are_settled_as_no_activity(place: Place) -> None:
    place.put("settings.fit", encode([file_id(RUN, file_type=2)]))
    row, (result,) = place.one()
    assert (row.state, result.outcome) == (InboxState.SETTLED, Outcome.NOT_A_RUN)


def test_an_archive_without_a_recording_and_a_huge_file_are_settled(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("empty.zip", zipped())
    place.put("huge.bin", b"x" * 2000)
    monkeypatch.setattr(opening, "MAX_BYTES", 1000)
    found = place.take()
    assert {row.state for row, _ in found.values()} == {InboxState.SETTLED}
    assert [result.code for _, results in found.values() for result in results] == ["not_an_activity", "too_large"]


def test_a_table_of_check_ins_is_known_by_its_name(place: Place) -> None:
    place.put("Ada/CheckIn.csv", b"")
    place.put("my checkin.csv", b"")
    assert [is_check_ins(entry) for entry in place.entries()] == [True, False]


def test_where_the_archive_cannot_even_be_made_the_file_waits(place: Place) -> None:
    place.put("run.fit", fit())
    place.archive.folder.write_bytes(b"in its way")
    row, results = place.one()
    assert (row.state, row.reason_code, results, place.outcomes()) == (InboxState.WAITING, "cannot_archive", (), [])
    place.archive.folder.unlink()
    assert place.one()[0].state is InboxState.SETTLED


def test_what_a_killed_process_left_in_the_archive_goes_when_it_is_old(place: Place) -> None:
    place.put("run.fit", fit())
    folder = place.archive.folder / "ab"
    folder.mkdir(parents=True)
    old, young = folder / ".old.tmp", folder / ".young.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    place.one()
    assert (old.exists(), young.exists()) == (False, True)
