"""Recordings to sessions: a wrong join hides a rest breach, a wrong split invents one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analysis.bouts import Span
from analysis.checks import dat01
from analysis.sessions import gather
from tests.stories import LISBON, MONDAY, run

MINUTE = timedelta(minutes=1)
JOG = [("jog", 600)]


def sessions(*observed):
    return gather(observed, lambda _: LISBON)


def pieces_of(session):
    return [(b.gait.value, b.seconds) for b in session.bouts]


@pytest.mark.parametrize(("apart_s", "count"), [(59 * 60, 1), (3599, 1), (3600, 2), (61 * 60, 2)])
def test_less_than_an_hour_between_recordings_is_one_outing(apart_s, count):
    first = run(MONDAY, JOG)
    second = run(first.ended_at + timedelta(seconds=apart_s), JOG)
    assert len(sessions(second, first)) == count


def test_a_restart_is_a_pause_and_its_jogging_adds_up():
    first = run(MONDAY, JOG)
    (session,) = sessions(first, run(first.ended_at + 5 * MINUTE, JOG))
    assert pieces_of(session) == [("jog", 600), ("pause", 300), ("jog", 600)]
    assert session.performed is not None
    assert session.performed.jog_s == 1200
    assert session.gaps == ()


def test_a_restart_elsewhere_is_a_gap():
    """She stopped the watch and started it 1 km on, five minutes later: she may have jogged there."""
    first = run(MONDAY, JOG, last_position=(0.0, -30.0))
    second = run(first.ended_at + 5 * MINUTE, JOG, first_position=(0.009, -30.0))
    (session,) = sessions(first, second)
    assert [g.seconds for g in session.gaps] == [300]
    walked = run(first.ended_at + 5 * MINUTE, JOG, first_position=(0.0045, -30.0))
    (session,) = sessions(first, walked)
    assert session.gaps == ()


def test_a_dog_walk_afterwards_does_not_lengthen_the_run():
    first = run(MONDAY, [("walk", 300), ("jog", 600)])
    walk = run(first.ended_at + 10 * MINUTE, [("walk", 3600)], sport="walking")
    (session,) = sessions(first, walk)
    assert session.is_running
    assert (session.started_at, session.ended_at) == (first.started_at, first.ended_at)
    assert len(session.recordings) == 2


def test_a_long_walk_between_two_runs_does_not_make_one_run_of_them():
    """Joined, the two would hide a rest breach of three hours."""
    first = run(MONDAY, JOG)
    walk = run(first.ended_at + 10 * MINUTE, [("walk", 7200)], sport="walking")
    second = run(walk.ended_at + 10 * MINUTE, JOG)
    found = sessions(first, walk, second)
    assert [s.is_running for s in found] == [True, True]
    assert [s.id for s in found] == ["2026-06-01", "2026-06-01-2"]


def test_the_same_run_on_two_watches_is_counted_once_and_the_richer_leads():
    watch = run(MONDAY, JOG, identity="watch", richness=9)
    phone = run(MONDAY + 2 * timedelta(seconds=1), JOG, identity="phone", richness=3)
    for order in ((watch, phone), (phone, watch)):
        (session,) = sessions(*order)
        assert [r.identity for r in session.recordings] == ["watch"]
        assert [r.identity for r in session.duplicates] == ["phone"]
        assert session.performed is not None
        assert session.performed.jog_s == 600
        assert set(session.identities) == {"watch", "phone"}


def test_jogging_outside_the_richer_recording_is_kept_and_the_session_doubted():
    """A watch that died after five minutes must not hide the half hour that the phone recorded."""
    watch = run(MONDAY, [("jog", 300)], identity="watch", richness=9)
    phone = run(MONDAY, [("jog", 1800)], identity="phone", richness=3)
    (session,) = sessions(watch, phone)
    assert session.performed is not None
    assert session.performed.jog_s == 1800
    assert session.doubt is not None
    assert dat01.check(session) is not None


def test_walking_outside_the_richer_recording_adds_nothing():
    watch = run(MONDAY, JOG, identity="watch", richness=9)
    phone = run(MONDAY - 5 * MINUTE, [("walk", 300), *JOG, ("walk", 200)], identity="phone", richness=3)
    (session,) = sessions(watch, phone)
    assert [r.identity for r in session.recordings] == ["watch"]
    assert session.doubt is None


def test_a_run_that_only_the_poorer_recording_shows_is_a_run_in_doubt():
    watch = run(MONDAY, [("walk", 600)], identity="watch", richness=9)
    phone = run(MONDAY, JOG, identity="phone", richness=3)
    (session,) = sessions(watch, phone)
    assert session.is_running
    assert session.doubt is not None


@pytest.mark.parametrize(
    ("pieces", "is_running"),
    [
        ([("jog", 60)], True),
        ([("jog", 59.5)], False),
        ([("jog", 20), ("walk", 60)] * 3, True),
        ([("jog", 19.5), ("walk", 60)] * 9, False),  # bursts, none of 20 s
        ([("jog", 20), ("walk", 60), ("jog", 39.5)], False),
    ],
)
def test_a_running_session_holds_a_minute_of_jogging_in_bouts_of_twenty_seconds(pieces, is_running):
    (session,) = sessions(run(MONDAY, pieces, sport="walking"))
    assert session.is_running is is_running
    assert session.kind == ("run" if is_running else "walk")


@pytest.mark.parametrize("sport", ["cycling", "swimming", "training", "rowing"])
def test_other_sports_are_cross_training_however_fast(sport):
    (session,) = sessions(run(MONDAY, JOG, sport=sport))
    assert (session.kind, session.is_running, session.performed) == ("cross-training", False, None)


def test_a_treadmill_is_running_whatever_its_sport_is_called():
    (session,) = sessions(run(MONDAY, JOG, sport="fitness_equipment"))
    assert not session.is_running
    (session,) = sessions(replace(run(MONDAY, JOG, sport="fitness_equipment"), sub_sport="treadmill"))
    assert session.is_running


def test_uncertain_seconds_that_could_make_it_a_run_start_the_clock_in_doubt():
    at = MONDAY.astimezone(UTC)
    maybe = (Span(start=at + 2 * MINUTE, end=at + 3 * MINUTE),)
    (session,) = sessions(run(MONDAY, [("walk", 1200)], sport="walking", uncertain=maybe))
    assert session.is_running
    assert session.doubt is not None
    short = (Span(start=at + 2 * MINUTE, end=at + 2 * MINUTE + timedelta(seconds=59)),)
    (session,) = sessions(run(MONDAY, [("walk", 1200)], sport="walking", uncertain=short))
    assert not session.is_running


def test_a_run_that_cannot_be_judged_at_all_starts_the_clock_and_a_walk_does_not():
    (session,) = sessions(run(MONDAY, [("unknown", 1200)]))
    assert session.is_running
    assert dat01.check(session) is not None
    (session,) = sessions(run(MONDAY, [("unknown", 1200)], sport="walking"))
    assert not session.is_running


def test_minutes_without_a_signal_inside_a_run_are_a_gap():
    (session,) = sessions(run(MONDAY, [("jog", 300), ("unknown", 61), ("jog", 300)]))
    assert [g.seconds for g in session.gaps] == [61]
    (session,) = sessions(run(MONDAY, [("jog", 300), ("unknown", 60), ("jog", 300)]))
    assert session.gaps == ()


def test_the_local_day_is_that_of_the_files_offset_and_else_of_her_zone():
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # 00:30 on 2 June in Lisbon
    (session,) = sessions(run(late, JOG))
    assert session.local_date.isoformat() == "2026-06-02"
    (session,) = sessions(run(late, JOG, offset=timedelta(hours=-3)))
    assert session.local_date.isoformat() == "2026-06-01"


def test_order_of_arrival_changes_nothing():
    first, second = run(MONDAY, JOG, identity="a", richness=1), run(MONDAY + MINUTE, JOG, identity="b", richness=1)
    third = run(MONDAY + 40 * MINUTE, JOG, identity="c")
    assert sessions(first, second, third) == sessions(third, second, first)


def test_a_damaged_file_of_a_run_leaves_it_in_doubt():
    """Half an hour cut down to what stage 1 asks must never count as stage 1."""
    (session,) = sessions(run(MONDAY, JOG, notes=(("cut_off", "the file ends early"),)))
    assert session.doubt is not None
    assert dat01.check(session) is not None
    (session,) = sessions(run(MONDAY, JOG, notes=(("cadence_one_foot", "doubled"),)))
    assert session.doubt is None
    walk = run(MONDAY - 40 * MINUTE, [("walk", 600)], sport="walking", notes=(("cut_off", "the file ends early"),))
    (session,) = sessions(walk, run(MONDAY, JOG))
    assert session.doubt is None
