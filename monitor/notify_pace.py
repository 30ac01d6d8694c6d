"""When a notification goes out, and what is in it: several messages become one, and each failure makes the wait longer.

Pure: `monitor.notify` asks here, sends, and writes down what came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.message import Message, MessageKind, MessageState
from monitor.notify_settings import Target

APART = timedelta(minutes=5)
"""Two notifications of one runner are at least so far apart; an urgent one waits for nothing."""

A_DAY = 8
"""So many notifications in any 24 hours at most, urgent ones not counted."""

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
"""After each failure in a row; the last of them from then on."""

MOST_UNSURE = 5
"""So often a text goes to an address that does not say whether it took it: each time it may have arrived."""

UNSURE_WAITS = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))

KEPT_TRYING = timedelta(days=2)
DUE_KEPT_TRYING = timedelta(hours=12)
"""A question about a run is stale by then."""

_SUPERSEDED = frozenset({MessageKind.WEEKLY, MessageKind.CHANGED})
_FILES = frozenset({MessageKind.IMPORTED, MessageKind.TROUBLE})
"""Their text names files and folders, and a file name may say a place: it goes nowhere, whatever is allowed."""


def groups(waiting: Sequence[Message]) -> list[list[Message]]:
    """Part what waits into notifications: what is urgent first and by itself, the rest as one."""
    urgent = [m for m in waiting if m.kind is MessageKind.URGENT]
    rest = [m for m in waiting if m.kind is not MessageKind.URGENT]
    return [group for group in (urgent, rest) if group]


def ready_at(group: Sequence[Message], messages: Iterable[Message], now: datetime) -> datetime | None:
    """Give the instant from which a group may be sent; None: at once.

    Args:
        group: of `groups`.
        messages: all of the runner, those that were sent among them.
        now: what lies further ahead of it than any wait was written by a clock that ran ahead, and holds nothing up.
    """
    retries = [m.next_try_at for m in group if m.next_try_at is not None and m.next_try_at <= now + _wait(m)]
    # A new message joins those that failed: with the server down, each new import would else be a try of its own.
    instants = [min(retries)] if retries else []
    if group[0].kind is not MessageKind.URGENT:
        calm = (m for m in messages if m.kind is not MessageKind.URGENT)
        sent = sorted({m.sent_at for m in calm if m.sent_at is not None and m.sent_at <= now})
        if sent:
            instants.append(sent[-1] + APART)
        if len(sent) >= A_DAY:
            instants.append(sent[-A_DAY] + timedelta(days=1))
    return max(instants, default=None)


def body(group: Sequence[Message], target: Target, *, issued: str | None) -> str:
    """Write one notification for a group: each text once, and of several recommendations only the last.

    An older recommendation may say PROGRESS where a later one takes it back.

    Args:
        group: the messages.
        target: where it goes.
        issued: the key of the recommendation that was issued last. Of any other only the discreet text is sent.
    """
    last = max((m.id for m in group if m.kind in _SUPERSEDED), default=None)
    current = [m for m in group if m.kind not in _SUPERSEDED or m.id == last]
    whole = (target.full and m.kind not in _FILES and (m.kind not in _SUPERSEDED or m.key == issued) for m in current)
    return "\n".join(
        dict.fromkeys(m.text if all_of_it else m.discreet for m, all_of_it in zip(current, whole, strict=True))
    )


def is_open(message: Message, mark: str) -> bool:
    """Say whether a text is still to go to an address: it has not taken it, and was not asked too often."""
    marks = _marks(message)
    return mark not in marks and marks.count(f"?{mark}") < MOST_UNSURE


def going_out(message: Message, mark: str) -> Message:
    """Note, before it is sent, that an address may take it: after a crash just then nobody knows."""
    return _marked(message, [*_marks(message), f"?{mark}"])


def taken(message: Message, mark: str) -> Message:
    """Note that an address took it."""
    return _marked(message, [*(one for one in _marks(message) if one != f"?{mark}"), mark])


def not_taken(message: Message, mark: str) -> Message:
    """Note that it surely did not arrive the last time."""
    marks = _marks(message)
    marks.remove(f"?{mark}")
    return _marked(message, marks)


def _marks(message: Message) -> list[str]:
    return (message.sent_to or "").split()


def _marked(message: Message, marks: Sequence[str]) -> Message:
    return replace(message, sent_to=" ".join(marks) or None)


def after_success(message: Message, now: datetime) -> Message:
    """Note that every address took it."""
    return replace(
        message, state=MessageState.SENT, sent_at=now, tries=message.tries + 1, next_try_at=None, trouble=None
    )


def after_failure(message: Message, now: datetime, trouble: str, *, is_over: bool = False) -> Message:
    """Note why it was not sent, and when it is tried again, or that it is not.

    Args:
        message, now: what was tried, and when.
        trouble: why, in words.
        is_over: no address is left to be tried again.
    """
    tried = replace(message, tries=message.tries + 1, trouble=trouble)
    again = now + _wait(tried)
    kept = DUE_KEPT_TRYING if message.kind is MessageKind.DUE else KEPT_TRYING
    if is_over or again > message.created_at + kept:
        return replace(tried, state=MessageState.GIVEN_UP, next_try_at=None)
    return replace(tried, next_try_at=again)


def _wait(message: Message) -> timedelta:
    """Give how long a message waits after the last time it was tried."""
    wait = WAITS[min(max(message.tries, 1), len(WAITS)) - 1]
    unsure = Counter(one for one in _marks(message) if one.startswith("?"))
    times = min(max(unsure.values(), default=0), len(UNSURE_WAITS))
    return max(wait, UNSURE_WAITS[times - 1]) if times else wait
