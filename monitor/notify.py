"""Send notifications through apprise: the only module that imports it, and only in a process of its own.

The process that sends is ended when it takes too long, so a server that hangs holds up nobody; and what apprise loads
and logs (addresses and texts among it) ends with it. It gets the address by its stdin, where no other user sees it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from monitor import notify_pace as pace
from monitor.message import Message, MessageState
from monitor.notify_settings import Address, Target, of_runner, read

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.facts import Runner
    from monitor.store import Store

TITLE = "Restride"
TEST = "Restride: this is a test. Notifications arrive here."
LOCK = "notify.lock"
TIMEOUT_S = 30.0
"""So long one address may take, the start of a process included: a slow computer needs some seconds for that alone."""

UNKNOWN = "it was sent, and nobody knows whether it arrived"
MISSING = "the library for notifications is missing; install restride[notify]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What came of sending: messages with their new states, and when there is something to send again."""

    sent: tuple[Message, ...] = ()
    failed: tuple[Message, ...] = ()  # to be tried again
    given_up: tuple[Message, ...] = ()
    next_at: datetime | None = None  # call again then; None: nothing waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of one text at one address."""

    scheme: str
    trouble: str | None  # None: it was taken
    unsure: bool = False  # with a trouble: it may have arrived all the same


def send_pending(
    store: Store, runner: Runner, settings: Settings, now: datetime, *, timeout_s: float = TIMEOUT_S
) -> Sending:
    """Send what waits for a runner, as far as it is time for it; each state is written at once.

    Nothing is loaded and no network is used while nothing is switched on or nothing waits. A call ends after twice
    `timeout_s` for each of the runner's addresses at the latest.

    Raises:
        ConfigError: the settings file cannot be used.
    """
    if not store.messages.all(runner, MessageState.PENDING):
        return Sending()
    targets = of_runner(read(settings), runner, store.runners())
    lock = FileLock(settings.data_dir / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:  # another process sends just now: each message goes out once
        return Sending(next_at=now + pace.WAITS[0])
    try:
        return _send_pending(store, runner, targets, now, timeout_s)
    finally:
        lock.release()


def deliver(address: Address, text: str, *, timeout_s: float = TIMEOUT_S) -> Delivery:
    """Send a text to an address, in a process that is ended after `timeout_s`."""
    trouble, unsure = _trouble(address, text, timeout_s)
    return Delivery(scheme=address.scheme, trouble=trouble, unsure=unsure)


def is_installed() -> bool:
    """Say whether apprise is there, without loading it."""
    return find_spec("apprise") is not None


def _send_pending(store: Store, runner: Runner, targets: Sequence[Target], now: datetime, timeout_s: float) -> Sending:
    messages = store.messages.all(runner)
    waiting = []
    for message in messages:
        if message.state is not MessageState.PENDING:
            continue
        if any(target.takes(message) for target in targets):
            waiting.append(message)
        else:  # she switched it off meanwhile
            store.messages.update(runner, replace(message, state=MessageState.SAID, next_try_at=None))
    done: list[Message] = []
    later: list[datetime] = []
    for group in pace.groups(waiting):
        at = pace.ready_at(group, messages, now)
        if at is not None and at > now:
            later.append(at)
        else:
            done += _send(store, runner, group, targets, now, timeout_s)
    failed = tuple(m for m in done if m.state is MessageState.PENDING)
    return Sending(
        sent=tuple(m for m in done if m.state is MessageState.SENT),
        failed=failed,
        given_up=tuple(m for m in done if m.state is MessageState.GIVEN_UP),
        next_at=min([*later, *(m.next_try_at for m in failed if m.next_try_at is not None)], default=None),
    )


def _send(
    store: Store,
    runner: Runner,
    group: Sequence[Message],
    targets: Sequence[Target],
    now: datetime,
    timeout_s: float,
) -> list[Message]:
    """Send a group to each address that has not taken it yet, and write what came of it."""
    from monitor.issuing import last_issued
    from monitor.messages import issued_key

    last = last_issued(store.facts(runner), now)
    issued = None if last is None else issued_key(last)
    current = {message.id: message for message in group}
    troubles: dict[int, list[str]] = {message.id: [] for message in group}
    for target in targets:
        for address in target.addresses:
            mine = [m for m in current.values() if target.takes(m) and pace.is_open(m, address.mark)]
            if not mine:
                continue
            for message in mine:
                current[message.id] = pace.going_out(message, address.mark)
                store.messages.update(runner, current[message.id])
            delivery = deliver(address, pace.body(mine, target, issued=issued), timeout_s=timeout_s)
            for message in [current[m.id] for m in mine]:
                if delivery.trouble is not None:
                    troubles[message.id].append(f"{delivery.scheme}: {delivery.trouble}")
                if not delivery.unsure:
                    note = pace.taken if delivery.trouble is None else pace.not_taken
                    current[message.id] = note(message, address.mark)
                    store.messages.update(runner, current[message.id])  # at once: a crash now must not send it again
    done = []
    for message in current.values():
        marks = [address.mark for target in targets if target.takes(message) for address in target.addresses]
        said = "; ".join(dict.fromkeys(troubles[message.id])) or message.trouble
        if all(mark in (message.sent_to or "").split() for mark in marks):
            done.append(pace.after_success(message, now))
        else:
            is_over = not any(pace.is_open(message, mark) for mark in marks)
            done.append(pace.after_failure(message, now, said or UNKNOWN, is_over=is_over))
        store.messages.update(runner, done[-1])
    return done


def _trouble(address: Address, text: str, timeout_s: float) -> tuple[str | None, bool]:
    """Give why a text was not taken, and whether it may have arrived all the same."""
    if not is_installed():
        return MISSING, False
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "monitor.notify"],
            input=json.dumps({"url": address.url, "text": text}),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=environment,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {timeout_s:g} seconds", True
    except OSError:  # no memory, no more processes: its text could hold nothing that helps her
        return "this computer could not start what sends it", False
    if done.returncode != 0:
        return "what sends it ended in an unexpected way", True
    said = json.loads(done.stdout.splitlines()[-1])
    return said["trouble"], said["unsure"]


class _Heard(logging.Handler):
    """Take from apprise's log why a text was not taken: a status or a kind of trouble, never its words."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.trouble = "it was not taken; check the address in restride.toml"
        self.unsure = True

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.levelno < logging.WARNING:
            if words.startswith("Socket Exception:") and _NEVER_THERE.search(words):
                self.trouble, self.unsure = "the service could not be reached", False
        elif status := re.search(r"\berror=(\d{3})\b", words):
            self.trouble = f"the service refused it (status {status[1]})"
            self.unsure = not status[1].startswith("4")
        elif re.search(r"connection error|socket", words, re.IGNORECASE):
            self.trouble = "the service could not be reached, or did not answer"


_NEVER_THERE = re.compile(
    r"refused|establish|resolv|getaddrinfo|name or service|connecttimeout|unreachable|certificate|\bssl\b",
    re.IGNORECASE,
)
"""Of what the system says of a connection: there was none."""


def _through_apprise(url: str, text: str) -> tuple[str | None, bool]:
    """Send one text to one address; give why it was not taken, without the address, and whether that is sure."""
    import apprise

    heard = _Heard()
    log = logging.getLogger("apprise")
    log.handlers, log.propagate = [heard], False
    log.setLevel(logging.DEBUG)
    asset = apprise.AppriseAsset(async_mode=False, secure_logging=True)
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return "this is no address that apprise can use here; check it in restride.toml, and what it needs", False
    taken = service.notify(title=TITLE, body=text, body_format=apprise.NotifyFormat.TEXT)
    return (None, False) if taken else (heard.trouble, heard.unsure)


def _main() -> None:
    asked = json.load(sys.stdin)
    try:
        trouble, unsure = _through_apprise(asked["url"], asked["text"])
    except ImportError:
        trouble, unsure = MISSING, False
    except Exception as error:  # noqa: BLE001 (a hundred services behind one call; its words may hold the address)
        trouble, unsure = f"apprise stopped with an error ({type(error).__name__})", True
    sys.stdout.write("\n" + json.dumps({"trouble": trouble, "unsure": unsure}) + "\n")


if __name__ == "__main__":
    _main()
