"""Where notifications go, as the data folder's settings file says: `[[notify]]` tables, and none unless she writes one.

An address holds a secret: a password, or the name of a topic that whoever knows it can read. It is in no text that this
module makes, errors and `repr` included; what is shown of an address is its scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from monitor.config import SETTINGS_FILE, ConfigError, Settings, section
from monitor.facts import Runner
from monitor.message import Message, MessageKind, MessageState
from monitor.text import folded, same_name

ALWAYS = frozenset({MessageKind.URGENT, MessageKind.CHANGED})
"""Sent whatever `kinds` says: what takes back a step up, and what asks her to look at once."""

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://\S")
_KEYS = ("runner", "urls", "full", "kinds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place that notifications are sent to."""

    url: str = field(repr=False)
    scheme: str

    @property
    def mark(self) -> str:
        """Tell it from others without naming it, so that it can be noted who was sent what."""
        return sha256(self.url.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One `[[notify]]` table: whose messages go where, which, and how much they say."""

    runner: str | None  # None: the first
    addresses: tuple[Address, ...]
    full: bool = False  # the whole text; else the discreet one
    kinds: frozenset[MessageKind] = frozenset(MessageKind)

    def takes(self, message: Message) -> bool:
        """Say whether a message of this kind goes there."""
        return message.kind in self.kinds or message.kind in ALWAYS


def read(settings: Settings) -> tuple[Target, ...]:
    """Read and check the `[[notify]]` tables; empty where there are none.

    Raises:
        ConfigError: a table says something that is not a setting, or lacks an address. It names file, table and key.
    """
    found = section(settings, "notify")
    if found is None:
        return ()
    path = settings.data_dir / SETTINGS_FILE
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise ConfigError(f"{path}: “notify” must be written as tables, each beginning with [[notify]].")
    return tuple(_target(table, f"{path}: [[notify]] table {n}") for n, table in enumerate(found, start=1))


def of_runner(targets: Sequence[Target], runner: Runner, runners: Sequence[Runner]) -> tuple[Target, ...]:
    """Give the tables that are a runner's: those that name her, and those that name nobody where she is the first."""
    return tuple(target for target in targets if _whose(target, runners) == runner)


def nobodys(targets: Sequence[Target], runners: Sequence[Runner]) -> tuple[int, ...]:
    """Number the tables, from 1, that name no runner of this folder: nothing is ever sent by them."""
    return tuple(n for n, target in enumerate(targets, start=1) if _whose(target, runners) is None)


def state_once_said(message: Message, targets: Sequence[Target]) -> MessageState:
    """Give the state of a message that was said on the terminal, by the tables of its runner (`of_runner`)."""
    return MessageState.PENDING if any(target.takes(message) for target in targets) else MessageState.SAID


def shown(target: Target) -> str:
    """Say where a table sends and what, without a secret: "ntfy, mailto: discreet texts of every kind"."""
    kinds = "of every kind"
    if target.kinds | ALWAYS != frozenset(MessageKind):
        kinds = f"({', '.join(kind.value for kind in MessageKind if kind in target.kinds | ALWAYS)})"
    text = "whole" if target.full else "discreet"
    return f"{', '.join(address.scheme for address in target.addresses)}: {text} texts {kinds}"


def _whose(target: Target, runners: Sequence[Runner]) -> Runner | None:
    """Find whom a table means; nobody where a name is not known, or could be two."""
    if target.runner is None:
        return next(iter(runners), None)
    name = target.runner
    meant = [r for r in runners if same_name(r.name, name)] or [r for r in runners if folded(r.name) == folded(name)]
    return meant[0] if len(meant) == 1 else None


def _target(table: Mapping[str, Any], where: str) -> Target:
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{where}: there is no setting of that name; it may say {', '.join(_KEYS)}.")
    runner = table.get("runner")
    if runner is not None and (not isinstance(runner, str) or not runner.strip()):
        raise ConfigError(f"{where}: “runner” must be a name in quotes. Leave it out for the first runner.")
    full = table.get("full", False)
    if not isinstance(full, bool):
        raise ConfigError(f"{where}: “full” must be true or false.")
    return Target(
        runner=None if runner is None else runner.strip(),
        addresses=_addresses(table.get("urls"), where),
        full=full,
        kinds=_kinds(table.get("kinds"), where),
    )


def _addresses(urls: Any, where: str) -> tuple[Address, ...]:
    if not isinstance(urls, list) or not urls:
        raise ConfigError(f'{where}: “urls” must be a list of addresses, like ["ntfy://…"].')
    found = []
    for number, url in enumerate(urls, start=1):
        matched = _ADDRESS.match(url.strip()) if isinstance(url, str) else None
        if matched is None:
            raise ConfigError(
                f"{where}: number {number} of “urls” is no address. It is written in quotes and begins with the "
                "service's name and ://, like ntfy://."
            )
        found.append(Address(url=url.strip(), scheme=matched[1].lower()))
    return tuple(dict.fromkeys(found))


def _kinds(kinds: Any, where: str) -> frozenset[MessageKind]:
    if kinds is None:
        return frozenset(MessageKind)
    known = {kind.value: kind for kind in MessageKind}
    if not isinstance(kinds, list) or not kinds or not all(isinstance(k, str) and k in known for k in kinds):
        raise ConfigError(f"{where}: “kinds” must be a list of some of these: {', '.join(known)}.")
    return frozenset(known[kind] for kind in kinds)
