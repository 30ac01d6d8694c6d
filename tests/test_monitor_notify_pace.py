"""When a notification goes out: few, together, in time, and never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor import notify_pace as pace
from monitor.message import Message, MessageKind, MessageState
from monitor.notify_settings import Target

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=9)
QUIET = Target(runner=None, addresses=())
FULL = Target(runner=None, addresses=(), full=True)


def message(number: int, kind: MessageKind = MessageKind.WEEKLY, **more: object) -> Message:
    one = Message(id=number, key=str(number), kind=kind, created_at=NOW, text=f"whole {number}", discreet=kind.value)
    return replace(one, state=MessageState.PENDING, **more)


def sent(number: int, at: datetime, kind: MessageKind = MessageKind.WEEKLY) -> Message:
    return replace(message(number, kind), state=MessageState.SENT, sent_at=at)


def test_several_imports_become_one_sentence() -> None:
    found = [message(n, MessageKind.IMPORTED) for n in range(1, 21)]
    assert pace.groups(found) == [found]
    assert pace.body(found, QUIET, issued=None) == pace.body(found, FULL, issued="20") == "imported"


def test_what_is_urgent_is_alone_and_first() -> None:
    urgent, weekly = message(2, MessageKind.URGENT), message(1)
    assert pace.groups([weekly, urgent]) == [[urgent], [weekly]]


def test_of_two_recommendations_only_the_last_is_told() -> None:
    """The older says PROGRESS, the newer takes it back: she reads the first line of what arrives and goes out."""
    found = [message(1), message(2, MessageKind.DUE), message(3, MessageKind.CHANGED)]
    assert pace.body(found, FULL, issued="3") == "whole 2\nwhole 3"
    assert pace.body(found, QUIET, issued="3") == "due\nchanged"


def test_a_recommendation_that_was_followed_by_another_is_not_sent_as_it_was() -> None:
    """With the server down since Sunday, its PROGRESS must not arrive on Tuesday, after the HOLD on her terminal."""
    assert pace.body([message(1)], FULL, issued="1") == "whole 1"
    assert pace.body([message(1)], FULL, issued="2") == "weekly"


def test_no_name_of_a_file_is_sent_even_where_all_is_allowed() -> None:
    """`waldsee.gpx` is a position."""
    assert (
        pace.body([message(1, MessageKind.TROUBLE), message(2, MessageKind.URGENT)], FULL, issued=None)
        == "trouble\nwhole 2"
    )


def test_two_notifications_are_five_minutes_apart_and_an_urgent_one_waits_for_nothing() -> None:
    before = [sent(n, NOW) for n in range(1, 4)]
    assert pace.ready_at([message(9)], before, LATER) == NOW + 5 * MINUTE
    assert pace.ready_at([message(9, MessageKind.URGENT)], before, LATER) is None
    assert pace.ready_at([message(9)], [sent(1, NOW, MessageKind.URGENT)], LATER) is None


def test_no_more_than_eight_a_day() -> None:
    """A phone that rings all day is switched off, and with it the one notice that matters."""
    hourly = [sent(n, NOW + n * 60 * MINUTE) for n in range(9)]
    assert pace.ready_at([message(99)], hourly, LATER) == NOW + timedelta(hours=25)
    assert pace.ready_at([message(99)], hourly[2:], LATER) == NOW + timedelta(hours=8, minutes=5)
    together = [replace(one, sent_at=NOW) for one in hourly]  # nine messages, one notification
    assert pace.ready_at([message(99)], together, LATER) == NOW + 5 * MINUTE


def test_a_new_message_joins_those_that_are_tried_again() -> None:
    """With the server down, a hundred imports would else be a hundred tries."""
    waits = message(1, next_try_at=NOW + 15 * MINUTE, tries=3)
    assert pace.ready_at([waits, message(2)], [], NOW) == NOW + 15 * MINUTE


def test_a_clock_that_ran_ahead_silences_nothing() -> None:
    """For an hour the computer believed it was next year: an urgent notice must not wait until then."""
    next_year = NOW + timedelta(days=365)
    urgent = message(1, MessageKind.URGENT, next_try_at=next_year, tries=1)
    assert pace.ready_at([urgent], [], NOW) is None
    assert pace.ready_at([message(2)], [sent(3, next_year)], NOW) is None


@given(kind=st.sampled_from(MessageKind), late=st.timedeltas(timedelta(), timedelta(days=30)))
def test_each_failure_waits_longer_and_there_is_an_end(kind: MessageKind, late: timedelta) -> None:
    """An address that is gone for good must not be asked for ever; what was never tried is tried once, however late."""
    one, now, waits = message(1, kind), NOW + late, []
    while one.state is MessageState.PENDING:
        one = pace.after_failure(one, now, "no network")
        if one.next_try_at is not None:
            waits.append(one.next_try_at - now)
            now = one.next_try_at
    assert one.state is MessageState.GIVEN_UP
    assert (one.trouble, one.next_try_at) == ("no network", None)
    assert waits == sorted(waits)
    assert waits[:4] == list(pace.WAITS)[: len(waits)]
    assert late > timedelta(days=2) or now - NOW <= timedelta(days=2)
    assert one.tries == len(waits) + 1 <= 55
