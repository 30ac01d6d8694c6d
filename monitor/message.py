"""What she is told unasked: a value. `monitor.messages` writes it, the store keeps it, `monitor.notify` sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is about."""

    IMPORTED = "imported"  # what came of a file
    WEEKLY = "weekly"  # the week's recommendation
    CHANGED = "changed"  # a recommendation that takes back an earlier one
    URGENT = "urgent"  # an urgent sign was logged (CAR02)
    DUE = "due"  # a check-in is due
    TROUBLE = "trouble"  # a file or the folder needs her


class MessageState(StrEnum):
    """How far a message has come."""

    NEW = "new"  # not said yet
    SAID = "said"  # on the terminal and in the log, and nowhere else by her choice
    PENDING = "pending"  # said, and to be sent as a notification
    SENT = "sent"
    GIVEN_UP = "given_up"  # it could not be sent, and is too old now


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to tell a runner."""

    id: int = 0  # given by the store
    key: str  # says what it is about: `file:<sha256>`, `issued:<fact id>`, `due:<session>:<window>`
    kind: MessageKind
    created_at: datetime
    text: str  # for her eyes, on her terminal
    discreet: str  # without symptom, position or number: for logs, and for notifications unless she allows more
    state: MessageState = MessageState.NEW
    sent_at: datetime | None = None
    sent_to: str | None = None  # marks of the addresses that took it; with a ? those that may have, once each time
    tries: int = 0
    next_try_at: datetime | None = None
    trouble: str | None = None  # why it could not be sent the last time

    @property
    def log_line(self) -> str:
        """Write it for a log: nothing of her but the number under which `restride notify --told` has all of it."""
        return f"message {self.id} ({self.kind.value}): {self.discreet}"
