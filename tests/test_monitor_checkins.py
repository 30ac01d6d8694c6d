"""Check-in windows: when an answer counts, and that silence is never taken for "no symptoms"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analysis.sessions import gather
from monitor.answers import Bleeding, CheckIn, Heaviness, Leakage, Window
from monitor.checkins import CheckInLog, next_day_opens, session_zone, what_symptoms
from tests.stories import LEAK, LISBON, MONDAY, NONE, Life

HOUR = timedelta(hours=1)
FAR = MONDAY + timedelta(days=30)


def lisbon(*when):
    return datetime(2026, *when, tzinfo=LISBON)


def opens(start, minutes=30, **more):
    life = Life.ready()
    life.runs(start, [("jog", minutes * 60)], **more)
    (session,) = gather(life.observed, life.facts.zone_at)
    return next_day_opens(session, session_zone(session, life.facts))


def log_of(life, as_of=FAR):
    sessions = gather(life.observed, life.facts.zone_at)
    return CheckInLog(life.facts, sessions, as_of), sessions[0]


def states(life, at):
    log, session = log_of(life)
    return {w.value: log.state(session, w, at) for w in log.of(session)}


def test_the_next_day_begins_at_four_in_the_morning_and_eight_hours_after_the_end():
    assert opens(lisbon(6, 1, 7)) == lisbon(6, 2, 4)
    assert opens(lisbon(6, 1, 19, 30)) == lisbon(6, 2, 4)  # ends 20:00
    assert opens(lisbon(6, 1, 20, 30)) == lisbon(6, 2, 5)  # ends 21:00, + 8 h


def test_a_run_over_midnight_has_its_next_day_after_the_day_it_ended_in():
    assert opens(lisbon(6, 1, 23, 45)) == lisbon(6, 3, 4)


def test_the_next_day_begins_at_four_by_the_clock_when_clocks_change():
    assert opens(lisbon(3, 28, 7)) == datetime(2026, 3, 29, 3, tzinfo=UTC)  # already summer time
    assert opens(lisbon(10, 24, 7)) == datetime(2026, 10, 25, 4, tzinfo=UTC)  # already winter time


def test_away_from_home_the_day_is_that_of_the_files_offset():
    assert opens(datetime(2026, 6, 1, 22, tzinfo=UTC), offset=9 * HOUR) == datetime(2026, 6, 2, 19, tzinfo=UTC)


def test_no_entry_is_unanswered_and_tomorrow_is_not_due():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    assert states(life, ran.ended_at) == {"during": "unanswered", "after": "unanswered", "next_day": "not due"}
    assert states(life, lisbon(6, 2, 4))["next_day"] == "unanswered"


def test_an_answer_about_tomorrow_given_today_does_not_count():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at + HOUR, (Window.AFTER, Window.NEXT_DAY))
    assert states(life, FAR) == {"during": "unanswered", "after": "none", "next_day": "unanswered"}


def test_a_symptom_about_tomorrow_given_today_does_count():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at + HOUR, (Window.NEXT_DAY,), **LEAK)
    assert states(life, FAR)["next_day"] == "symptom"


def test_an_answer_before_the_run_ended_does_not_count():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at - HOUR, (Window.DURING, Window.AFTER))
    assert states(life, FAR)["after"] == "unanswered"


def test_pain_alone_answered_leaves_the_window_open():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at + HOUR, (Window.AFTER,), pain=0)
    assert states(life, FAR)["after"] == "unanswered"
    life.answers(ran, ran.ended_at + HOUR, (Window.AFTER,), leakage=Leakage.NONE, heaviness=Heaviness.NONE)
    assert states(life, FAR)["after"] == "none"


def test_a_none_after_a_symptom_does_not_wipe_it_out():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at + HOUR, (Window.AFTER,), **LEAK)
    life.answers(ran, ran.ended_at + 2 * HOUR, (Window.AFTER,), **NONE)
    assert states(life, FAR)["after"] == "symptom"


def test_a_late_answer_counts_from_the_end_of_its_window_and_is_marked():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, MONDAY + timedelta(days=9), (Window.DURING, Window.AFTER, Window.NEXT_DAY))
    log, session = log_of(life)
    assert all(log.state(session, w, lisbon(6, 3, 0)) == "none" for w in log.of(session))
    assert [log.of(session)[w].late for w in (Window.AFTER, Window.NEXT_DAY)] == [True, True]
    # At an instant before it was entered it was not known.
    early, session = log_of(life, as_of=MONDAY + timedelta(days=8))
    assert early.state(session, Window.AFTER, FAR) == "unanswered"


def test_an_answer_reaches_the_run_through_any_of_its_recordings():
    life = Life.ready()
    life.runs(MONDAY, 1, identity="watch", richness=9)
    phone = life.runs(MONDAY, 1, identity="phone", richness=1)
    life.answers(phone, phone.ended_at + HOUR, (Window.AFTER,))
    assert states(life, FAR)["after"] == "none"


def test_a_symptom_about_a_recording_that_is_gone_is_not_lost():
    life = Life.ready()
    life.tell(CheckIn(id=0, recorded_at=MONDAY, recording="gone", windows=frozenset({Window.AFTER}), **LEAK))
    log = CheckInLog(life.facts, (), FAR)
    assert [s.what for s in log.symptoms] == [("leakage (drops)",)]


def test_now_in_an_entry_about_a_run_is_a_symptom_of_now_too():
    life = Life.ready()
    ran = life.runs(MONDAY, 1)
    life.answers(ran, ran.ended_at + 26 * HOUR, (Window.DURING, Window.ANY), **LEAK)
    log, _ = log_of(life)
    assert [s.at for s in log.symptoms] == [ran.ended_at, ran.ended_at + 26 * HOUR]


def test_soreness_is_no_symptom_and_new_bleeding_is_one():
    entry = CheckIn(id=1, recorded_at=MONDAY, recording=None, windows=frozenset({Window.ANY}), soreness=True, **NONE)
    assert what_symptoms(entry) == ()
    assert what_symptoms(replace(entry, bleeding=Bleeding.MORE)) == ("new or increased bleeding",)
    assert what_symptoms(replace(entry, bleeding=Bleeding.PERIOD)) == ()
    assert what_symptoms(replace(entry, pain=1, site="pelvis")) == ("pain 1 of 10 (pelvis)",)
