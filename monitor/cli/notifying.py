"""`restride notify`: where notifications go, what waits, what was told lately; and a test of the way there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import Json, shared
from monitor.cli.place import Opened, Place
from monitor.cli.printing import say, say_json
from monitor.cli.trouble import Refused

if TYPE_CHECKING:
    from monitor.message import Message
    from monitor.notify import Delivery
    from monitor.notify_settings import Target

TOLD = 20
"""So many of the messages are listed, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What there is to say about a runner's notifications."""

    targets: tuple[Target, ...]
    nobodys: tuple[int, ...]
    installed: bool
    messages: tuple[Message, ...]
    zone: tzinfo


@shared
def notify(
    place: Place,
    test: Annotated[bool, typer.Option("--test", help="Send a test to each address, and say what came of it.")] = False,
    told: Annotated[bool, typer.Option("--told", help="List what was told lately, each with its whole text.")] = False,
    json: Json = False,
) -> None:
    """Say where notifications go, and what could not be sent yet.

    None are sent unless restride.toml says where to (docs/notifications.md). An address is a secret, so only its kind
    is shown.

    \b
    Examples:
      restride notify
      restride notify --told
      restride notify --test
    """
    if test and told:
        raise typer.BadParameter("--test and --told are two questions; ask one at a time")
    with place.opened() as here:
        found = _find(here)
        tried = _test(found) if test else None
    if json:
        say_json(_content(found, tried))
    elif tried is not None:
        for one in tried:
            say(f"{one.scheme}: {'sent; look whether it arrived' if one.trouble is None else one.trouble}")
    else:
        for line in _told(found) if told else _text(found):
            say(line)
    if tried is not None and any(one.trouble for one in tried):
        raise typer.Exit(1)


def _find(here: Opened) -> _Found:
    from monitor import notify_settings
    from monitor.notify import is_installed

    targets = notify_settings.read(here.settings)
    runners = here.store.runners()
    return _Found(
        targets=notify_settings.of_runner(targets, here.runner, runners),
        nobodys=notify_settings.nobodys(targets, runners),
        installed=is_installed(),
        messages=here.store.messages.all(here.runner),
        zone=here.zone(),
    )


def _test(found: _Found) -> list[Delivery]:
    """Send a test to each address.

    Raises:
        Refused: there is none.
    """
    from monitor.notify import TEST, deliver

    addresses = list(dict.fromkeys(address for target in found.targets for address in target.addresses))
    if not addresses:
        raise Refused(NOWHERE)
    return [deliver(address, TEST) for address in addresses]


NOWHERE = (
    "no notifications are switched on for this runner, so none is sent; write a [[notify]] table into restride.toml in "
    "the data folder (docs/notifications.md)"
)


def _text(found: _Found) -> Iterator[str]:
    from monitor.cli.layout import bullets, wrapped
    from monitor.message import MessageState
    from monitor.notify import MISSING
    from monitor.notify_settings import shown

    if found.targets:
        yield "Notifications go to"
        yield from bullets(shown(target) for target in found.targets)
        if not found.installed:
            yield wrapped(f"But {MISSING}.")
    else:
        yield wrapped(f"{NOWHERE[0].upper()}{NOWHERE[1:]}.")
    for number in found.nobodys:
        yield wrapped(
            f"[[notify]] table {number} of restride.toml names no runner of this folder; nothing is sent by it."
        )
    for title, state in (("Waiting to be sent", MessageState.PENDING), ("Given up", MessageState.GIVEN_UP)):
        those = [m for m in found.messages if m.state is state][-TOLD:]
        if those:
            yield ""
            yield title
            yield from bullets(_state(message, found.zone) for message in those)


def _told(found: _Found) -> Iterator[str]:
    """Write the last messages, the oldest first."""
    from monitor.cli.layout import wrapped

    if not found.messages:
        yield "Nothing was told yet."
    for message in found.messages[-TOLD:]:
        yield wrapped(_state(message, found.zone))
        for line in message.text.splitlines():
            yield wrapped(line, first="  ")


def _state(message: Message, zone: tzinfo) -> str:
    from monitor.message import MessageState
    from monitor.report import wording

    parts = [f"message {message.id} ({message.kind.value}), {wording.moment(message.created_at, zone)}"]
    if message.state is MessageState.SENT and message.sent_at is not None:
        parts.append(f"sent {wording.moment(message.sent_at, zone)}")
    elif message.state is MessageState.PENDING:
        again = message.next_try_at
        parts.append("not sent yet" if again is None else f"tried again from {wording.earliest(again, zone)}")
    elif message.state is MessageState.GIVEN_UP:
        parts.append(f"not sent, after {wording.count(message.tries, 'try', 'tries')}")
    return ": ".join(["; ".join(parts), *([message.trouble] if message.trouble else [])])


def _content(found: _Found, tried: Sequence[Delivery] | None) -> dict[str, Any]:
    from monitor.message import MessageKind
    from monitor.notify_settings import ALWAYS

    return {
        "targets": [
            {
                "schemes": [address.scheme for address in target.addresses],
                "full": target.full,
                "kinds": [kind.value for kind in MessageKind if kind in target.kinds | ALWAYS],
            }
            for target in found.targets
        ],
        "tables_of_nobody": list(found.nobodys),
        "installed": found.installed,
        "messages": [
            {
                "id": message.id,
                "kind": message.kind.value,
                "state": message.state.value,
                "created_at": message.created_at.isoformat(),
                "sent_at": _iso(message.sent_at),
                "tries": message.tries,
                "next_try_at": _iso(message.next_try_at),
                "trouble": message.trouble,
                "text": message.text,
            }
            for message in found.messages[-TOLD:]
        ],
        "test": None if tried is None else [{"scheme": one.scheme, "trouble": one.trouble} for one in tried],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
