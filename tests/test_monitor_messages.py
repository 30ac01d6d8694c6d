"""What is told unasked: all of it on her own terminal, and nothing of her anywhere else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import messages
from monitor.answers import SITES, URGENT_SIGNS, CheckIn, Heaviness, Leakage, Urgent, Window
from monitor.due import due
from monitor.facts import Issued, Seen
from monitor.import_result import ImportResult, Outcome
from monitor.issuing import last_run, revision
from monitor.message import Message, MessageKind, MessageState
from monitor.standing import Standing
from monitor.symptom_reasons import SEEK_CARE_NOW
from tests.stories import LEAK, LISBON, MONDAY, NONE, Life, two_clean_runs

EVENING = (MONDAY + timedelta(hours=12)).astimezone(UTC)


def result(name: str, outcome: Outcome = Outcome.IMPORTED, message: str | None = None) -> ImportResult:
    said = message or f"{name}: imported, 2026-06-01 07:00, running, 28 min"
    return ImportResult(path=Path(name), name=name, outcome=outcome, message=said)


def issued(standing: Standing, at: datetime, *, id: int = 7, before: Issued | None = None) -> Issued:
    """Issue what a standing says, as `bring_up_to_date` does."""
    said = standing.recommendation
    kept = {**said.as_json(), "rests_on": {"last_run": last_run(standing)}, "revises": revision(before, standing)}
    return Issued(
        id=id,
        recorded_at=at,
        outcome=said.outcome.value,
        next_stage=said.next_stage,
        rules_version=said.rules_version,
        recommendation=kept,
    )


def test_one_file_is_told_in_its_own_sentence_and_named_nowhere_else() -> None:
    """The name of a file can say where she ran, and with whom."""
    told = messages.imported([result("waldsee-with-ana.gpx")], key="file:abc", now=EVENING)
    assert told is not None
    assert (told.key, told.kind) == ("file:abc", MessageKind.IMPORTED)
    assert told.text == "waldsee-with-ana.gpx: imported, 2026-06-01 07:00, running, 28 min"
    assert told.discreet == "Restride: new exports were read. Look at them with: restride sessions"


def test_many_files_are_counted_and_a_failure_among_them_is_trouble() -> None:
    """Three years of exports at once: nobody reads a thousand lines, but a run that was not read must not go under."""
    many = [result(f"{n}.fit") for n in range(30)]
    told = messages.imported([*many, result("x.fit", Outcome.FAILED)], key="many", now=EVENING)
    assert told is not None
    assert told.text == "31 files came in at once: 30 imported, 1 failed."
    assert (told.kind, told.discreet) == (MessageKind.TROUBLE, messages.NOT_READ)


def test_pictures_in_an_archive_are_not_told() -> None:
    assert messages.imported([result("a.jpg", Outcome.LEFT_OUT)], key="k", now=EVENING) is None
    assert messages.imported([], key="k", now=EVENING) is None


def test_a_recommendation_is_told_with_every_reason_and_its_day() -> None:
    """It may be read late: without its day a PROGRESS of last week would pass for one of now."""
    life = two_clean_runs()
    at = MONDAY + timedelta(days=4, hours=2)
    told = messages.recommended(issued(life.at(at), at), LISBON)
    assert (told.key, told.kind) == ("issued:7", MessageKind.WEEKLY)
    assert told.text.startswith("As of Fri 5 Jun 2026, 09:00, PROGRESS: the next run goes up to stage 2. Next run: jog")
    assert "Jun" in told.text.split("PROGRESS")[1]  # the days of the two clean runs
    assert told.discreet == "Restride: this week's recommendation is there. Read it with: restride week"


def test_what_is_taken_back_is_said_first() -> None:
    """She was told PROGRESS, and a symptom came late: reading only the beginning, she must not go by the old word."""
    life = two_clean_runs()
    at = MONDAY + timedelta(days=4, hours=2)
    before = issued(life.at(at), at)
    life.answers(None, at + timedelta(hours=1), (Window.ANY,), **LEAK)
    then = at + timedelta(hours=2)
    told = messages.recommended(issued(life.at(then), then, id=8, before=before), LISBON)
    assert (told.key, told.kind) == ("issued:8", MessageKind.CHANGED)
    assert told.text.startswith("Changed: on Fri 5 Jun 2026, 09:00 it was PROGRESS, stage 2. New since: SYM01.")
    assert "HOLD" in told.text
    assert "leakage" in told.text
    assert told.discreet == "Restride: the recommendation has changed. Before you run, read it with: restride week"


def test_an_urgent_sign_is_told_once_for_each_entry_until_a_clinician_was_seen() -> None:
    life = Life.ready()
    for hours in (1, 2):
        life.answers(None, MONDAY + timedelta(hours=hours), urgent=frozenset({Urgent.CALF}), **NONE)
    numbers = [entry.id for entry in life.facts.check_ins]
    told = messages.urgent_signs(life.at(EVENING), EVENING)
    assert [one.key for one in told] == [f"urgent:{id}" for id in numbers]
    assert told[0].kind is MessageKind.URGENT
    assert told[0].text.startswith(SEEK_CARE_NOW)
    assert "calf" in told[0].text
    assert told[0].discreet == "Please read what Restride says now: restride week"
    life.tell(Seen(id=0, recorded_at=EVENING, on=EVENING.date()))
    assert messages.urgent_signs(life.at(EVENING + timedelta(hours=1)), EVENING + timedelta(hours=1)) == ()


def test_what_is_due_is_asked_once_for_each_window_and_not_of_long_ago() -> None:
    """Asked about every run since last week, she would answer none of them."""
    life = Life.ready()
    life.runs(MONDAY, 1)
    standing = life.at(EVENING)
    told = messages.check_ins_due(due(standing, EVENING), standing, EVENING)
    session = standing.sessions[0].id
    assert [one.key for one in told] == [f"due:{session}:during", f"due:{session}:after"]
    assert told[0].text == (
        "Of the run of Mon 1 Jun 2026, 07:00, what is missing for “during the run”: pain, leakage and heaviness. "
        "Answer with: restride checkin"
    )
    assert "on time until Tue 2 Jun 2026, 00:00" in told[1].text
    later = EVENING + timedelta(days=3)
    standing = life.at(later)
    assert due(standing, later) != []
    assert messages.check_ins_due(due(standing, later), standing, later) == ()


def test_what_was_answered_or_seen_meanwhile_is_not_sent_any_more() -> None:
    """She answered at the table, and five minutes later her phone asks: that is nagging. An old alarm is worse."""
    life = Life.ready()
    run = life.runs(MONDAY, 1)
    life.answers(None, MONDAY + timedelta(hours=2), urgent=frozenset({Urgent.CALF}), **NONE)
    standing = life.at(EVENING)
    told = (
        *messages.check_ins_due(due(standing, EVENING), standing, EVENING),
        *messages.urgent_signs(standing, EVENING),
        messages.recommended(issued(standing, EVENING), LISBON),
    )
    assert len(told) == 4
    assert messages.outdated(told, standing, EVENING) == ()
    life.answers(run, EVENING, (Window.DURING,), **NONE)
    life.tell(Seen(id=0, recorded_at=EVENING, on=EVENING.date()))
    later = EVENING + timedelta(minutes=5)
    gone = messages.outdated(told, life.at(later), later)
    assert {message.key.split(":")[0] for message in gone} == {"due", "urgent"}
    assert [message.key.endswith("during") for message in gone] == [True, False]
    assert {message.state for message in gone} == {MessageState.SAID}


@pytest.mark.parametrize(
    "told",
    [
        messages.inbox_gone("/mnt/nas/runs is not there: no such file or directory.", since=EVENING),
        messages.inbox_back("/mnt/nas/runs", since=EVENING, now=EVENING + timedelta(hours=1)),
        messages.folder_of_nobody("waldsee", now=EVENING),
        messages.not_opened("waldsee.gpx:1", "waldsee.gpx cannot be opened: permission denied.", now=EVENING),
    ],
)
def test_trouble_names_what_it_is_about_on_her_terminal_alone(told: Message) -> None:
    assert told.kind is MessageKind.TROUBLE
    assert re.search(r"waldsee|/mnt/nas/runs", told.text)
    assert not re.search(r"waldsee|mnt|nas", told.discreet)


def test_an_inbox_that_comes_and_goes_is_told_each_time() -> None:
    again = EVENING + timedelta(days=1)
    keys = [messages.inbox_gone("It is gone.", since=at).key for at in (EVENING, again)]
    assert len(set(keys)) == 2


LETTERS = st.text("qxzj", min_size=6, max_size=12)
ANSWERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "pain": st.integers(0, 10),
        "site": st.sampled_from(SITES),
        "leakage": st.sampled_from(Leakage),
        "heaviness": st.sampled_from(Heaviness),
        "urgent": st.frozensets(st.sampled_from(Urgent), max_size=2),
        "note": LETTERS,
    }
)
TELLING = {
    word
    for phrase in (*SITES, *URGENT_SIGNS.values(), "pain leakage leak heaviness symptom bleeding clinician doctor care")
    for word in re.findall(r"[a-z]{4,}", phrase.lower())
} | {"progress", "hold", "stage", "urgent", "emergency", "medical", "running", "latitude", "longitude"}


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=3), file=LETTERS, stage=st.integers(1, 5))
def test_nothing_of_her_is_in_what_is_said_elsewhere(answers: list[dict[str, Any]], file: str, stage: int) -> None:
    """It stands on a locked phone, and on the server of somebody else."""
    life = Life.ready()
    run = life.runs(MONDAY, stage)
    for n, fields in enumerate(answers):
        at = (MONDAY + timedelta(hours=1 + n)).astimezone(UTC)
        windows = frozenset({Window.ANY} if n else {Window.DURING})
        about = None if n else run.identity
        life.tell(CheckIn(id=0, recorded_at=at, recording=about, windows=windows, **fields))
    standing = life.at(EVENING)
    given = issued(standing, EVENING)
    found = [
        messages.recommended(given, LISBON),
        *messages.urgent_signs(standing, EVENING),
        *messages.check_ins_due(due(standing, EVENING), standing, EVENING),
        messages.imported([result(f"{file}.gpx")], key="k", now=EVENING),
        messages.imported([result(f"{file}.gpx", Outcome.FAILED)], key="k", now=EVENING),
        messages.inbox_gone(f"{file} is gone.", since=EVENING),
        messages.folder_of_nobody(file, now=EVENING),
    ]
    for told in found:
        assert told is not None
        said = told.discreet.lower()
        assert not re.search(r"\d", said)
        assert not TELLING & set(re.findall(r"[a-z]+", said))
        assert file not in said
        assert not [one["note"] for one in answers if one["note"] in said + told.text.lower().replace(file, "")]
        assert told.log_line == f"message 0 ({told.kind.value}): {told.discreet}"


@pytest.mark.parametrize("given", sorted(messages.DISCREET))
def test_every_discreet_sentence_leads_somewhere_and_is_one_of_the_fixed_ones(given: str) -> None:
    """A sentence that is put together from what happened would one day hold a piece of it."""
    assert "restride " in given or given == messages.FOLDER_BACK
    documented = (Path(__file__).parent.parent / "docs" / "notifications.md").read_text(encoding="utf-8")
    assert given in documented
