"""A check-in is the one thing only she can give: an answer put in the wrong place holds her, or lets a symptom slip."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor.answers import CheckIn, Heaviness, Leakage, Window
from monitor.store import Store
from tests.command import Restride, Said, write_run

RUN = "2026-03-02T07:00+00:00"  # to 07:29
MORNING = "2026-03-02T08:00+00:00"
EVENING = "2026-03-02T20:00+00:00"
NEXT_MORNING = "2026-03-03T08:00+00:00"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up a runner with one run of stage 1."""
    folder = tmp_path_factory.mktemp("morning")
    command = Restride(folder / "data").ready()
    assert command("import", str(write_run(folder, RUN)), now=MORNING).code == 0
    return command.data


@pytest.fixture
def restride(morning: Path, tmp_path: Path) -> Restride:
    """Begin on that morning."""
    return Restride(Path(shutil.copytree(morning, tmp_path / "data")))


def entries(restride: Restride) -> tuple[CheckIn, ...]:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None)).check_ins


def windows(restride: Restride, now: str) -> dict[str, str]:
    shown: dict[str, str] = restride("show", "2026-03-02", "--json", now=now).json["windows"]
    return shown


def test_one_word_answers_all_that_is_due_in_the_evening(restride: Restride) -> None:
    said = restride("checkin", "--none", now=EVENING)
    assert said.code == 0
    assert said.stderr == "Logged for the run of Mon 2 Mar (during, after).\n"
    assert "HOLD: the next run stays at stage 1." in said.stdout
    (entry,) = entries(restride)
    assert (entry.pain, entry.leakage, entry.heaviness) == (0, Leakage.NONE, Heaviness.NONE)
    assert (entry.bleeding, entry.soreness, entry.effort, entry.note) == (None, None, None, None)
    assert windows(restride, EVENING) == {"during": "none", "after": "none", "next_day": "not due"}


def test_the_next_morning_only_what_is_left_is_answered(restride: Restride) -> None:
    """An answer given twice would overwrite nothing, but one for the evening given next day counts as late."""
    assert restride("checkin", "--none", now=EVENING).code == 0
    said = restride("checkin", "--none", now=NEXT_MORNING)
    assert said.stderr == "Logged for the run of Mon 2 Mar (next day).\n"
    assert windows(restride, NEXT_MORNING) == dict.fromkeys(("during", "after", "next_day"), "none")


def test_a_morning_after_a_silent_evening_answers_all_three(restride: Restride) -> None:
    said = restride("checkin", "--none", now=NEXT_MORNING)
    assert said.stderr == "Logged for the run of Mon 2 Mar (during, after, next day).\n"


def test_tomorrow_cannot_be_answered_today(restride: Restride) -> None:
    """Some of what a run does shows only next morning: an answer from the evening before would be a guess."""
    said = restride("checkin", "--none", "--window", "next_day", now=EVENING)
    assert (said.code, said.stdout) == (1, "")
    assert "can be answered from Tue 3 Mar 2026, 04:00" in said.stderr
    assert entries(restride) == ()


def test_after_cannot_be_answered_before_the_run_ended(tmp_path: Path) -> None:
    """A clock set wrong, or a file imported from a watch ahead of time, must not let an answer come before its run."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("import", str(write_run(tmp_path, RUN)), now=MORNING).code == 0
    said = restride("checkin", "--none", "--window", "after", "--session", "2026-03-02", now="2026-03-02T07:10+00:00")
    assert said.code == 1
    assert entries(restride) == ()


def test_a_symptom_holds_and_the_answer_says_so_in_plain_words(restride: Restride) -> None:
    said = restride(
        "checkin", "--pain", "2", "--site", "pelvis", "--leakage", "drops", "--heaviness", "none", now=EVENING
    )
    assert said.code == 0
    assert said.stdout.startswith("HOLD: ")
    assert "You logged pain 2 of 10 (pelvis) and leakage" in " ".join(said.stdout.split())
    (entry,) = entries(restride)
    assert (entry.pain, entry.site, entry.leakage) == (2, "pelvis", Leakage.DROPS)


def test_what_is_left_out_stays_unanswered_and_is_said(restride: Restride) -> None:
    """Silence about leakage is not dryness."""
    said = restride("checkin", "--pain", "0", now=EVENING)
    assert "Leakage and heaviness not answered: the plan holds until they are." in said.stdout
    assert windows(restride, EVENING)["after"] == "unanswered"
    said = restride("checkin", "--heaviness", "none", now=EVENING)
    assert "Leakage not answered: the plan holds until it is." in said.stdout  # pain was, a moment ago
    said = restride("checkin", "--pain", "0", "--leakage", "none", now=EVENING)
    assert "not answered" not in said.stdout
    assert windows(restride, EVENING)["after"] == "none"


def test_none_does_not_swallow_a_symptom_beside_it(restride: Restride) -> None:
    for against in (("--pain", "3"), ("--leakage", "wet"), ("--heaviness", "mild")):
        said = restride("checkin", "--none", *against, now=EVENING)
        assert said.code == 2
        assert "contradict" in said.stderr
    assert entries(restride) == ()


def test_everything_else_can_be_told_too(restride: Restride) -> None:
    told = ("--bleeding", "same", "--soreness", "--effort", "7", "--note", "hips felt fine", "--window", "during")
    assert restride("checkin", "--none", *told, now=EVENING).code == 0
    (entry,) = entries(restride)
    assert (entry.bleeding, entry.soreness, entry.effort, entry.note) == ("same", True, 7, "hips felt fine")
    assert entry.windows == {Window.DURING}
    assert restride("checkin", "--none", "--no-soreness", now=EVENING).code == 0
    assert entries(restride)[1].soreness is False


def test_a_day_without_a_run_has_its_own_window(restride: Restride) -> None:
    said = restride("checkin", "--pain", "3", "--site", "back", "--window", "any", now="2026-03-04T08:00+00:00")
    assert said.code == 0
    assert said.stderr == "Logged for now, not about a run.\n"
    (entry,) = entries(restride)
    assert (entry.recording, entry.windows, entry.site) == (None, {Window.ANY}, "low back")


def test_a_symptom_after_everything_was_answered_is_still_taken(restride: Restride) -> None:
    """She answered at seven and it began at nine: there must be no time at which a symptom cannot be logged."""
    assert restride("checkin", "--none", now=NEXT_MORNING).code == 0
    said = restride("checkin", "--heaviness", "clear", now="2026-03-03T09:00+00:00")
    assert said.code == 0
    assert "You logged heaviness" in " ".join(said.stdout.split())


def test_before_the_first_run_a_symptom_can_be_logged(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    assert restride("checkin", "--pain", "1").code == 0
    (entry,) = entries(restride)
    assert (entry.recording, entry.windows) == (None, {Window.ANY})
    said = restride("checkin", "--none", "--window", "after")
    assert said.code == 1
    assert "no run of the plan is there yet" in said.stderr


def test_an_earlier_run_is_named(restride: Restride, tmp_path: Path) -> None:
    assert (
        restride("import", str(write_run(tmp_path, "2026-03-04T08:00+00:00")), now="2026-03-04T09:00+00:00").code == 0
    )
    said = restride("checkin", "--none", "--session", "2026-03-02", now="2026-03-04T09:00+00:00")
    assert said.stderr == "Logged for the run of Mon 2 Mar (during, after, next day).\n"
    said = restride("checkin", "--none", now="2026-03-04T09:00+00:00")
    assert said.stderr == "Logged for the run of Wed 4 Mar (during, after).\n"


def test_a_word_about_an_answered_run_stays_with_it_and_asks_for_nothing(restride: Restride) -> None:
    """How hard it was belongs to the run she named, and to be asked again what she has answered is nagging."""
    assert restride("checkin", "--none", now=NEXT_MORNING).code == 0
    said = restride("checkin", "--effort", "8", "--session", "2026-03-02", now="2026-03-03T09:00+00:00")
    assert (said.code, said.stderr) == (0, "Logged for the run of Mon 2 Mar (during, after).\n")
    assert "not answered" not in said.stdout
    assert (entries(restride)[1].effort, entries(restride)[1].windows) == (8, {Window.DURING, Window.AFTER})
    said = restride("checkin", "--effort", "8", now="2026-03-03T09:05+00:00")
    assert (said.code, said.stderr) == (0, "Logged for now, not about a run.\n")
    assert "not answered" not in said.stdout


def test_three_missing_answers_are_named_in_one_sentence(restride: Restride) -> None:
    said = restride("checkin", "--effort", "3", now=EVENING)
    assert "Pain, leakage and heaviness not answered: the plan holds until they are." in said.stdout


def test_a_session_that_is_none_or_no_run_is_refused(restride: Restride, tmp_path: Path) -> None:
    walk = write_run(tmp_path, "2026-03-03T12:00+00:00", [("walk", 1800.0)], sport="walking")
    assert restride("import", str(walk), now="2026-03-03T14:00+00:00").code == 0
    for id, why in (("2026-03-09", "there is no session"), ("2026-03-03", "is no run (walk)")):
        said: Said = restride("checkin", "--none", "--session", id, now="2026-03-03T14:00+00:00")
        assert (said.code, said.stdout) == (1, "")
        assert why in said.stderr
    assert entries(restride) == ()


def test_without_a_terminal_and_without_answers_nothing_is_stored(restride: Restride) -> None:
    """A check-in started by a script must neither wait for ever nor count as an answer."""
    said = restride("checkin", now=EVENING)
    assert (said.code, said.stdout) == (1, "")
    assert "--none" in said.stderr
    assert entries(restride) == ()


@pytest.mark.parametrize(
    ("option", "word", "expected"),
    [
        ("--pain", "11", "a whole number from 0 (none) to 10"),
        ("--pain", "-1", "a whole number from 0 (none) to 10"),
        ("--effort", "hard", "a whole number from 0 (none) to 10"),
        ("--leakage", "some", "none, drops, wet, soaked"),
        ("--heaviness", "a lot", "none, mild, clear, bulge"),
        ("--bleeding", "yes", "none, same, period, more"),
        ("--site", "leg", "low back, pelvis"),
        ("--site", "", "low back, pelvis"),
        ("--window", "later", "during, after, next_day, any"),
    ],
)
def test_an_answer_that_is_none_is_told_what_is_expected(
    restride: Restride, option: str, word: str, expected: str
) -> None:
    said = restride("checkin", option, word, now=EVENING)
    assert (said.code, said.stdout) == (2, "")
    assert expected in " ".join(said.stderr.split())
    assert entries(restride) == ()


def test_a_run_from_before_the_plan_is_not_asked_about(tmp_path: Path) -> None:
    """History is not judged; her answers belong to the runs of the plan."""
    restride = Restride(tmp_path / "data").ready()
    assert restride("init", "--plan-start", "2026-03-01").code == 0
    early = write_run(tmp_path, "2026-02-27T07:00+00:00")
    assert restride("import", str(early)).code == 0
    assert restride("checkin", "--none").stderr == "Logged for now, not about a run.\n"
    listed = restride("sessions", "--json").json["sessions"]
    assert [(s["local_date"], s["history"]) for s in listed] == [(date(2026, 2, 27).isoformat(), True)]


def test_the_signs_that_matter_most_are_options_too(restride: Restride) -> None:
    told = ("--pain", "4", "--site", "shin", "--kind", "bone_focal", "--leakage", "drops", "--leakage-of", "stool")
    more = ("--in-bout", "finished", "--gait-changed", "--sleep", "6,5", "--fatigue", "7")
    assert restride("checkin", *told, *more, now=EVENING).code == 0
    (entry,) = entries(restride)
    assert (entry.pain_kind, entry.leakage_of, entry.in_bout) == ("bone_focal", "stool", "finished")
    assert (entry.gait_changed, entry.sleep_h, entry.fatigue) == (True, 6.5, 7)
    shown = " ".join(restride("show", "2026-03-02", "--no-trace", now=EVENING).stdout.split())
    assert "pain in one spot on a bone 4 of 10 (shin), leakage: drops (stool), it came while jogging: finished" in shown
    assert "limping or guarding, 6.5 h of sleep, fatigue 7 of 10" in shown


def test_an_urgent_sign_is_answered_at_once(restride: Restride) -> None:
    """Nothing may stand between chest pain and the words that say what to do."""
    said = restride("checkin", "--urgent", "chest pain", "--urgent", "calf", now=EVENING)
    assert said.code == 0
    text = " ".join(said.stdout.split())
    assert "Seek medical care now" in text
    assert text.index("Seek medical care now") < text.index("HOLD: no running for now.")
    assert "not answered" not in text
    (entry,) = entries(restride)
    assert entry.urgent == {"chest_pain", "calf"}
    assert entry.windows == {"during", "after"}


def test_an_urgent_sign_is_of_now_however_long_ago_the_run_was(restride: Restride) -> None:
    """She saw a clinician on Wednesday about something else; the calf of Thursday was not there to be seen."""
    assert restride("gate", "seen", "--on", "2026-03-04", now="2026-03-04T12:00+00:00").code == 0
    said = restride("checkin", "--pain", "2", "--leakage", "drops", "--urgent", "calf", now="2026-03-05T20:00+00:00")
    assert "HOLD: no running for now." in said.stdout
    about, sign = entries(restride)
    assert (about.windows, about.pain, about.urgent) == ({"during", "after", "next_day"}, 2, frozenset())
    assert (sign.windows, sign.recording, sign.urgent, sign.pain) == ({"any"}, None, {"calf"}, None)


@pytest.mark.parametrize(
    ("told", "option"),
    [
        (("--pain", "0", "--kind", "night"), "--kind"),
        (("--kind", "pain"), "--kind"),
        (("--site", "knee"), "--site"),
        (("--pain", "0", "--site", "knee"), "--site"),
        (("--none", "--urgent", "calf"), "--urgent"),
        (("--none", "--kind", "night"), "--kind"),
        (("--none", "--leakage-of", "stool"), "--leakage-of"),
        (("--leakage", "none", "--leakage-of", "stool"), "--leakage-of"),
        (("--leakage-of", "urine"), "--leakage-of"),
        (("--pain", "2", "--in-bout", "stopped", "--window", "after"), "--in-bout"),
        (("--none", "--in-bout", "stopped"), "--in-bout"),
    ],
)
def test_answers_that_cannot_both_be_meant_are_refused(restride: Restride, told: tuple[str, ...], option: str) -> None:
    """To pick one of the two for her is to guess which was the slip."""
    said = restride("checkin", *told, now=EVENING)
    assert (said.code, said.stdout) == (2, "")
    assert f"Invalid value for {option}" in said.stderr
    assert entries(restride) == ()


@pytest.mark.parametrize("told", [("--kind", "night"), ("--leakage-of", "stool"), ("--gait-changed",)])
def test_a_sign_alone_is_enough(restride: Restride, told: tuple[str, ...]) -> None:
    """She may not know how strong it was; what matters is that it was."""
    assert restride("checkin", *told, now=EVENING).code == 0
    assert windows(restride, EVENING)["after"] == "symptom"


def test_the_same_answer_twice_at_once_is_one_entry(restride: Restride) -> None:
    """A key pressed twice is no second symptom; ten minutes later the same words are a new answer."""
    told = ("checkin", "--pain", "2", "--leakage", "none", "--heaviness", "none")
    assert restride(*told, now="2026-03-02T20:00+00:00").code == 0
    said = restride(*told, now="2026-03-02T20:00:30+00:00")
    assert (said.code, said.stderr) == (0, "That is logged already, a moment ago; nothing was added.\n")
    assert len(entries(restride)) == 1
    assert restride(*told, now="2026-03-02T20:10+00:00").code == 0
    assert len(entries(restride)) == 2


def test_two_runs_answered_alike_in_a_minute_are_two_entries(restride: Restride, tmp_path: Path) -> None:
    now = "2026-03-04T20:00+00:00"
    assert restride("import", str(write_run(tmp_path, "2026-03-04T08:00+00:00")), now=now).code == 0
    assert restride("checkin", "--none", "--session", "2026-03-02", now=now).code == 0
    assert restride("checkin", "--none", now=now).code == 0
    assert [c.windows for c in entries(restride)] == [{"during", "after", "next_day"}, {"during", "after"}]


def test_an_earlier_run_that_waits_is_mentioned(restride: Restride, tmp_path: Path) -> None:
    now = "2026-03-04T20:00+00:00"
    assert restride("import", str(write_run(tmp_path, "2026-03-04T08:00+00:00")), now=now).code == 0
    said = restride("checkin", "--none", now=now)
    assert "Not answered yet: Mon 2 Mar. `restride checkin --due` lists them." in said.stderr


@pytest.mark.parametrize(
    "told",
    [
        ("--list", "--due"),
        ("--list", "--none"),
        ("--take-back", "1", "--pain", "2"),
        ("--from", "x.csv", "--session", "2026-03-02"),
        ("--none", "--json"),
        ("--replace", "1", "--take-back", "1"),
        ("--replace", "first"),
        ("--take-back", "0"),
    ],
)
def test_options_that_do_not_go_together_are_a_matter_of_usage(restride: Restride, told: tuple[str, ...]) -> None:
    said = restride("checkin", *told, now=EVENING)
    assert (said.code, said.stdout) == (2, "")
    assert entries(restride) == ()
