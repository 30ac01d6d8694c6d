"""What is remembered, on SQLite through SQLAlchemy; the only package that knows either.

Importing it takes a quarter of a second: do so where a database is needed, not for `--help`.
"""

from monitor.message import Message, MessageKind, MessageState
from monitor.store.errors import (
    Busy,
    Lost,
    NewerDatabase,
    NoRunner,
    NotOurs,
    RunnerExists,
    StoreError,
    UnknownRunner,
    UnreadableRow,
)
from monitor.store.inbox_files import InboxFile, InboxState
from monitor.store.original import Original, OriginalOutcome
from monitor.store.store import Store

__all__ = [
    "Busy",
    "InboxFile",
    "InboxState",
    "Lost",
    "Message",
    "MessageKind",
    "MessageState",
    "NewerDatabase",
    "NoRunner",
    "NotOurs",
    "Original",
    "OriginalOutcome",
    "RunnerExists",
    "Store",
    "StoreError",
    "UnknownRunner",
    "UnreadableRow",
]
