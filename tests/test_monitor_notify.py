"""Notifications, sent by the real library to a real server: what arrives, what does not, and what is tried again."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from monitor import notify
from monitor.config import Settings, resolve
from monitor.facts import Issued, Runner
from monitor.message import Message, MessageKind, MessageState
from monitor.messages import issued_key
from monitor.notify import send_pending
from monitor.notify_settings import Address
from monitor.store import Store
from tests.command import ROOT
from tests.notified import Server, serving, switch_on, table

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEXT = "HOLD: you logged leakage (drops) on Tuesday"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return resolve(tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    settings.data_dir.mkdir()
    with Store.open(settings.db_path) as opened:
        yield opened


@pytest.fixture
def ana(store: Store) -> Runner:
    return store.add_runner("Ana", NOW)


def add(
    store: Store, runner: Runner, key: str, kind: MessageKind = MessageKind.WEEKLY, *, at: datetime = NOW
) -> Message:
    one = Message(key=key, kind=kind, created_at=at, text=f"{TEXT} {key}", discreet=f"Restride: {kind.value}")
    added = store.messages.add(runner, replace(one, state=MessageState.PENDING))
    assert added is not None
    return added


def issue(store: Store, runner: Runner, at: datetime) -> str:
    """Issue a recommendation, and give the key of its message."""
    said = Issued(id=0, recorded_at=at, outcome="PROGRESS", next_stage=2, rules_version="2", recommendation={})
    return issued_key(store.add_fact(runner, said))


def free_port() -> int:
    """Give a port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_without_a_table_nothing_is_sent_and_nothing_is_started(
    store: Store, ana: Runner, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She was promised that nothing leaves this computer unless she says so."""

    def started(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", started)
    add(store, ana, "1")
    assert send_pending(store, ana, settings, NOW).next_at is None
    assert [m.state for m in store.messages.all(ana)] == [MessageState.SAID]


def test_what_arrives_is_the_discreet_text_once(store: Store, ana: Runner, settings: Settings, server: Server) -> None:
    switch_on(settings, table(server.url("phone")))
    add(store, ana, "1")
    done = send_pending(store, ana, settings, NOW)
    assert server.got == [("/phone", "Restride", "Restride: weekly")]
    assert [m.key for m in done.sent] == ["1"]
    (kept,) = store.messages.all(ana)
    assert (kept.state, kept.sent_at, kept.trouble) == (MessageState.SENT, NOW, None)
    send_pending(store, ana, settings, NOW + timedelta(hours=1))
    assert len(server.got) == 1


def test_the_whole_text_is_sent_where_she_allows_it(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    switch_on(settings, table(server.url("whole"), full="true"), table(server.url("discreet")))
    key = issue(store, ana, NOW)
    add(store, ana, key)
    send_pending(store, ana, settings, NOW)
    assert server.at("whole") == [f"{TEXT} {key}"]
    assert server.at("discreet") == ["Restride: weekly"]


def test_a_recommendation_that_has_changed_since_is_not_sent_as_it_was(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """The PROGRESS of Sunday, sent on Tuesday after the HOLD that she read on her terminal, would send her out."""
    switch_on(settings, table(server.url("whole"), full="true"))
    add(store, ana, issue(store, ana, NOW))
    issue(store, ana, NOW + MINUTE)
    send_pending(store, ana, settings, NOW + 2 * MINUTE)
    assert server.at("whole") == ["Restride: weekly"]


def test_nothing_of_one_runner_goes_to_another_ones_address(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """A symptom on the wrong woman's phone cannot be called back."""
    eva = store.add_runner("Eva", NOW)
    switch_on(settings, table(server.url("ana"), full="true"), table(server.url("eva"), full="true", runner='"Eva"'))
    add(store, ana, "of-ana", MessageKind.DUE)
    add(store, eva, "of-eva", MessageKind.DUE)
    send_pending(store, ana, settings, NOW)
    assert server.got == [("/ana", "Restride", f"{TEXT} of-ana")]
    assert [m.state for m in store.messages.all(eva)] == [MessageState.PENDING]
    send_pending(store, eva, settings, NOW)
    assert server.at("eva") == [f"{TEXT} of-eva"]
    assert server.at("ana") == [f"{TEXT} of-ana"]


def test_a_refusal_is_tried_again_and_sent_once_when_it_is_over(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    switch_on(settings, table(server.url("phone")))
    server.status = 500
    add(store, ana, "1")
    done = send_pending(store, ana, settings, NOW)
    assert (done.sent, done.next_at) == ((), NOW + MINUTE)
    (kept,) = store.messages.all(ana)
    assert (kept.state, kept.tries, kept.trouble) == (
        MessageState.PENDING,
        1,
        "json: the service refused it (status 500)",
    )
    server.status = 200
    assert send_pending(store, ana, settings, NOW + timedelta(seconds=30)).next_at == NOW + MINUTE
    assert len(server.got) == 1  # the one that was refused
    assert [m.key for m in send_pending(store, ana, settings, NOW + MINUTE).sent] == ["1"]
    send_pending(store, ana, settings, NOW + 2 * MINUTE)
    assert len(server.got) == 2


def test_a_server_that_is_down_is_waited_for(store: Store, ana: Runner, settings: Settings) -> None:
    """The house's internet is away for an evening; the week's recommendation comes when it is back."""
    port = free_port()
    switch_on(settings, table(f"json://ana:hunter2@127.0.0.1:{port}/phone"))
    add(store, ana, "1")
    send_pending(store, ana, settings, NOW)
    again = send_pending(store, ana, settings, NOW + MINUTE)
    assert again.next_at == NOW + 6 * MINUTE
    assert [m.trouble for m in again.failed] == ["json: the service could not be reached"]
    with serving(port) as server:
        send_pending(store, ana, settings, NOW + 6 * MINUTE)
        assert server.at("phone") == ["Restride: weekly"]


def test_after_two_days_it_is_given_up(store: Store, ana: Runner, settings: Settings) -> None:
    switch_on(settings, table(f"json://ana:hunter2@127.0.0.1:{free_port()}/phone"))
    add(store, ana, "1")
    late = NOW + timedelta(days=2)
    assert [m.key for m in send_pending(store, ana, settings, late).given_up] == ["1"]
    assert send_pending(store, ana, settings, late + MINUTE).next_at is None


def test_a_server_that_never_ends_its_answer_holds_up_nobody(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """Its bytes come one by one, so that no single read takes long: only the end of the process ends it."""
    switch_on(settings, table(server.url("phone")))
    server.slow.set()
    add(store, ana, "1")
    began = time.monotonic()
    done = send_pending(store, ana, settings, NOW, timeout_s=3)
    assert time.monotonic() - began < 10
    assert server.at("phone") == ["Restride: weekly"]  # it had come that far
    assert [m.trouble for m in done.failed] == ["json: no answer within 3 seconds"]


@pytest.mark.parametrize(("status", "hangs"), [(500, False), (200, True)])
def test_a_server_that_does_not_say_whether_it_took_it_is_told_five_times(
    status: int, hangs: bool, store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """It may have rung each time: a phone that rings every hour for two days is switched off."""
    switch_on(settings, table(server.url("phone")))
    server.status = status
    if hangs:
        server.slow.set()
    add(store, ana, "1", MessageKind.URGENT)
    now, waits = NOW, []
    while True:
        next_at = send_pending(store, ana, settings, now, timeout_s=3).next_at
        if next_at is None:
            break
        waits.append(next_at - now)
        now = next_at
    assert waits == [MINUTE, 15 * MINUTE, 120 * MINUTE, 720 * MINUTE]
    assert len(server.at("phone")) == 5
    (kept,) = store.messages.all(ana)
    assert (kept.state, kept.tries) == (MessageState.GIVEN_UP, 5)
    assert kept.trouble
    server.status = 200
    server.slow.clear()
    add(store, ana, "2")  # and the next one goes its own way
    assert [m.key for m in send_pending(store, ana, settings, now + MINUTE).sent] == ["2"]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal")
def test_a_watcher_that_is_killed_while_it_sends_tells_no_more_often(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """The server took the text, and nobody was left to note it: each new start would tell it again."""
    switch_on(settings, table(server.url("phone")))
    server.slow.set()
    added = add(store, ana, "1")
    mark = Address(url=server.url("phone"), scheme="json").mark
    store.messages.update(ana, replace(added, sent_to=f"?{mark} ?{mark} ?{mark}"))  # killed three times already
    ends = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC; from monitor.config import resolve\n"
        "from monitor.store import Store; from monitor.notify import send_pending\n"
        "place = resolve(Path(sys.argv[1]), environ={}); store = Store.open(place.db_path)\n"
        "send_pending(store, store.runners()[0], place, datetime(2026, 3, 1, 8, 1, tzinfo=UTC))"
    )
    for times in range(1, 4):
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-c", ends, str(settings.data_dir)], cwd=ROOT)
        while len(server.got) < times and process.poll() is None and time.monotonic() - began < 20:
            time.sleep(0.05)
        process.kill()
        process.wait()
    assert len(server.got) == 2
    assert [m.state for m in store.messages.all(ana)] == [MessageState.GIVEN_UP]


def test_of_two_addresses_the_one_that_took_it_is_not_asked_again(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """Her mail server is down: her phone must not ring every hour because of that."""
    port = free_port()
    switch_on(settings, table(server.url("phone"), f"json://127.0.0.1:{port}/mail"))
    add(store, ana, "1")
    send_pending(store, ana, settings, NOW)
    with serving(port) as mail:
        assert [m.key for m in send_pending(store, ana, settings, NOW + MINUTE).sent] == ["1"]
        assert mail.at("mail") == ["Restride: weekly"]
    assert server.at("phone") == ["Restride: weekly"]


def test_what_comes_within_five_minutes_comes_together_and_what_is_urgent_at_once(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    switch_on(settings, table(server.url("phone")))
    for n in range(5):
        add(store, ana, f"file:{n}", MessageKind.IMPORTED)
    send_pending(store, ana, settings, NOW)
    assert server.at("phone") == ["Restride: imported"]
    add(store, ana, "issued:1", at=NOW + MINUTE)
    add(store, ana, "due:1", MessageKind.DUE, at=NOW + MINUTE)
    add(store, ana, "urgent:1", MessageKind.URGENT, at=NOW + MINUTE)
    done = send_pending(store, ana, settings, NOW + MINUTE)
    assert server.at("phone")[1:] == ["Restride: urgent"]
    assert done.next_at == NOW + 5 * MINUTE
    send_pending(store, ana, settings, NOW + 5 * MINUTE)
    assert server.at("phone")[2:] == ["Restride: weekly\nRestride: due"]


def test_what_was_switched_off_meanwhile_is_not_sent(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    switch_on(settings, table(server.url("phone"), kinds='["weekly"]'))
    add(store, ana, "file:1", MessageKind.IMPORTED)
    send_pending(store, ana, settings, NOW)
    assert server.got == []
    assert [m.state for m in store.messages.all(ana)] == [MessageState.SAID]


def test_while_another_process_sends_this_one_does_not(
    store: Store, ana: Runner, settings: Settings, server: Server
) -> None:
    """The watcher and a command at the same moment: she gets it once."""
    switch_on(settings, table(server.url("phone")))
    add(store, ana, "1")
    with FileLock(settings.data_dir / notify.LOCK):
        assert send_pending(store, ana, settings, NOW).next_at == NOW + MINUTE
    assert server.got == []
    assert [m.key for m in send_pending(store, ana, settings, NOW).sent] == ["1"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nosuch://hunter2@127.0.0.1", "no address that apprise can use here"),
        ("json://hunter2:hunter2@127.0.0.1:99999/x", "could not be reached|no address|not taken|stopped"),
        ("ntfy://", "not taken"),
    ],
)
def test_an_address_that_is_wrong_is_said_without_it(url: str, words: str) -> None:
    said = notify.deliver(Address(url=url, scheme="x"), TEXT).trouble
    assert said is not None
    assert any(word in said for word in words.split("|"))
    assert "hunter2" not in said
    assert "leakage" not in said


def test_apprise_missing_is_said_with_what_to_install(
    store: Store, ana: Runner, settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She wrote a table and hears nothing: the reason has to be one command away."""
    monkeypatch.setitem(sys.modules, "apprise", None)  # as Python marks what cannot be imported
    switch_on(settings, table(server.url("phone")))
    add(store, ana, "1")
    done = send_pending(store, ana, settings, NOW)
    assert [m.trouble for m in done.failed] == [
        "json: the library for notifications is missing; install restride[notify]"
    ]
    assert server.got == []


def test_apprise_is_loaded_by_none_of_ours(tmp_path: Path, server: Server) -> None:
    """It is 25 MB more in a watcher that runs for months, and it logs what it sends."""
    settings = resolve(tmp_path)
    switch_on(settings, table(server.url("phone")))
    script = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
import monitor.cli, monitor.cli.app, monitor.messages
from monitor.config import resolve
from monitor.message import Message, MessageKind, MessageState
from monitor.notify import send_pending
from monitor.store import Store
now = datetime(2026, 3, 1, 8, tzinfo=UTC)
settings = resolve(Path({str(tmp_path)!r}))
with Store.open(settings.db_path) as store:
    ana = store.add_runner("Ana", now)
    store.messages.add(ana, Message(key="1", kind=MessageKind.WEEKLY, created_at=now, text="t", discreet="d",
                                    state=MessageState.PENDING))
    assert len(send_pending(store, ana, settings, now).sent) == 1
print([name for name in ("apprise", "requests", "pandas", "numpy") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert server.at("phone") == ["d"]


def test_the_process_that_sends_says_nothing_of_what_it_sends(server: Server) -> None:
    """What it writes could end in a log of the system: apprise itself logs addresses and bodies at some levels."""
    asked = json.dumps({"url": server.url("phone"), "text": TEXT})
    server.status = 500
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "monitor.notify"],
        input=asked,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert server.at("phone") == [TEXT]
    assert json.loads(done.stdout) == {"trouble": "the service refused it (status 500)", "unsure": True}
    assert done.stderr == ""
