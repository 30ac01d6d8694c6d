"""A slip of the finger must not hold her for weeks, and a correction must not hide what a clinician has to see."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.answers import CheckIn, Heaviness, Leakage, PainKind, Window
from monitor.entries import corrected, merged, replaced_by
from monitor.store import Store
from tests.command import Restride, write_run

RUN = "2026-03-02T07:00+00:00"  # to 07:29
EVENING = "2026-03-02T20:00+00:00"
SOON = "2026-03-02T20:30+00:00"
NEXT_DAY = "2026-03-03T08:00+00:00"
SLIP = ("checkin", "--pain", "3", "--site", "knee", "--in-bout", "stopped", "--leakage", "none", "--heaviness", "none")


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up a runner with one run, and an entry about it in the evening."""
    folder = tmp_path_factory.mktemp("evening")
    command = Restride(folder / "data").ready()
    assert command("import", str(write_run(folder, RUN)), now="2026-03-02T08:00+00:00").code == 0
    assert command(*SLIP, now=EVENING).code == 0
    return command.data


@pytest.fixture
def restride(evening: Path, tmp_path: Path) -> Restride:
    """Begin on that evening."""
    return Restride(Path(shutil.copytree(evening, tmp_path / "data")))


def entries(restride: Restride) -> tuple[CheckIn, ...]:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None)).check_ins


def windows(restride: Restride, now: str) -> dict[str, str]:
    shown: dict[str, str] = restride("show", "2026-03-02", "--json", now=now).json["windows"]
    return shown


def test_a_correction_stands_in_the_place_of_the_first(restride: Restride) -> None:
    """The first is kept, and what depended on the pain goes with it: no pain is nowhere and came in no jog."""
    (first,) = entries(restride)
    assert windows(restride, EVENING)["after"] == "symptom"
    said = restride("checkin", "--replace", str(first.id), "--pain", "0", now=NEXT_DAY)
    assert said.code == 0
    assert said.stderr == f"Logged for the run of Mon 2 Mar (during, after), in place of entry {first.id}.\n"
    kept, second = entries(restride)
    assert kept == first
    assert (second.replaces, second.recording, second.windows) == (first.id, first.recording, first.windows)
    assert (second.pain, second.site, second.in_bout, second.leakage) == (0, None, None, Leakage.NONE)
    assert second.said_at == first.said_at  # it is still about that evening
    assert windows(restride, NEXT_DAY) == {"during": "none", "after": "none", "next_day": "unanswered"}


def test_run_and_windows_can_be_corrected(restride: Restride, tmp_path: Path) -> None:
    now = "2026-03-05T20:00+00:00"
    assert restride("import", str(write_run(tmp_path, "2026-03-05T08:00+00:00")), now=now).code == 0
    assert restride("checkin", "--replace", "last", "--session", "2026-03-05", "--window", "after", now=now).code == 0
    second = entries(restride)[1]
    assert second.windows == {"after"}
    assert (second.pain, second.site, second.in_bout) == (3, "knee", None)  # it is not about the jog any more
    assert second.answered_at is None  # that run had not ended when the first was answered
    assert windows(restride, now)["after"] == "unanswered"
    assert restride("checkin", "--replace", "last", "--window", "any", now="2026-03-05T20:05+00:00").code == 0
    assert (entries(restride)[2].recording, entries(restride)[2].windows) == (None, {"any"})
    said = restride("checkin", "--replace", "last", "--window", "after", now="2026-03-05T20:10+00:00")
    assert (said.code, len(entries(restride))) == (1, 3)
    assert "name the run too" in said.stderr


def test_nothing_to_report_after_all_leaves_no_symptom(restride: Restride) -> None:
    assert restride("checkin", "--replace", "last", "--urgent", "fever", "--gait-changed", now=SOON).code == 0
    assert entries(restride)[1].urgent == {"fever"}
    assert entries(restride)[1].answered_at is None  # new and grave: of now, whoever was seen in between
    assert restride("checkin", "--replace", "last", "--none", now=SOON).code == 0
    last = entries(restride)[2]
    assert (last.pain, last.urgent, last.gait_changed, last.site) == (0, frozenset(), None, None)
    assert "no running" not in restride("next", now=SOON).stdout


def test_a_grave_sign_that_a_correction_adds_is_of_now(restride: Restride) -> None:
    """A clinician seen between the run and the correction was not told of it, and cannot have cleared it."""
    assert restride("gate", "seen", "--on", "2026-03-04", now="2026-03-04T12:00+00:00").code == 0
    said = restride("checkin", "--replace", "last", "--heaviness", "bulge", now="2026-03-05T20:00+00:00")
    assert "HOLD: no running for now." in said.stdout
    assert entries(restride)[1].windows == {"during", "after", "any"}


def test_taken_back_it_is_as_if_nothing_had_been_said(restride: Restride) -> None:
    (first,) = entries(restride)
    said = restride("checkin", "--take-back", str(first.id), now=SOON)
    assert (said.code, said.stderr) == (0, f"Taken back: entry {first.id}. It stays on record.\n")
    kept, second = entries(restride)
    assert (kept, second.replaces, second.windows, second.pain) == (first, first.id, frozenset(), None)
    assert windows(restride, SOON)["after"] == "unanswered"


@pytest.mark.parametrize("how", [("--replace", "last", "--none"), ("--take-back", "last")])
def test_what_a_clinician_has_to_see_stands_after_an_hour(restride: Restride, how: tuple[str, ...]) -> None:
    """Within the hour it is a slip; later a wish to run could take a bulge back."""
    assert restride("checkin", "--heaviness", "bulge", now=SOON).code == 0
    said = restride("checkin", *how, now="2026-03-02T22:00+00:00")
    text = " ".join(said.stderr.split())
    assert "told of a bulge felt, more than an hour ago. Whatever becomes of the entry, that stands until" in text
    assert "no running for now" in said.stdout
    assert restride("checkin", "--urgent", "head", "--window", "any", now="2026-03-02T23:00+00:00").code == 0
    said = restride("checkin", *how, now="2026-03-02T23:10+00:00")
    assert "more than an hour" not in said.stderr


def test_only_entries_that_stand_are_corrected(restride: Restride) -> None:
    (first,) = entries(restride)
    assert restride("checkin", "--replace", str(first.id), "--pain", "2", now=SOON).code == 0
    assert restride("checkin", "--take-back", "last", now=SOON).code == 0
    _, second, third = entries(restride)
    for id, why in (
        (second.id, "is taken back already"),
        (third.id, f"only takes back entry {second.id}"),
        (99, "there is no entry 99 of yours"),
    ):
        for how in (("--replace", str(id), "--pain", "1"), ("--take-back", str(id))):
            said = restride("checkin", *how, now=SOON)
            assert (said.code, said.stdout) == (1, "")
            assert why in said.stderr
    assert len(entries(restride)) == 3
    # The correction is taken back, so what it corrected stands again; a symptom is not lost between the two.
    assert restride("checkin", "--take-back", str(first.id), now=SOON).code == 0
    said = restride("checkin", "--replace", str(first.id), "--pain", "1", now=SOON)
    assert (said.code, "is taken back already" in said.stderr) == (1, True)
    said = restride("checkin", "--take-back", "last", now=SOON)
    assert (said.code, said.stderr) == (
        1,
        "restride: there is no entry that stands; `restride checkin --list` lists all\n",
    )


def test_another_runners_entry_is_not_hers_to_correct(restride: Restride) -> None:
    """In a clinic one number typed for another must not change somebody's symptoms."""
    (first,) = entries(restride)
    told = ("--birth", "2025-11-17", "--zone", "Europe/Lisbon", "--runner", "Ines")
    assert restride("init", *told, now=EVENING).code == 0
    said = restride("checkin", "--take-back", str(first.id), "--runner", "Ines", now=SOON)
    assert (said.code, len(entries(restride))) == (1, 1)
    assert f"there is no entry {first.id} of yours" in said.stderr


def test_a_correction_that_changes_nothing_is_said(restride: Restride) -> None:
    said = restride("checkin", "--replace", "last", "--pain", "3", now=SOON)
    assert (said.code, len(entries(restride))) == (1, 1)
    assert "there is nothing to correct" in said.stderr
    assert restride("checkin", "--replace", "last", now=SOON).code == 1  # without a terminal it cannot ask
    said = restride("checkin", "--replace", "last", "--leakage-of", "stool", now=SOON)
    assert (said.code, len(entries(restride))) == (2, 1)  # the entry says that nothing leaked


def test_the_list_shows_everything_that_was_ever_said(restride: Restride) -> None:
    assert restride("checkin", "--replace", "last", "--pain", "1", now=SOON).code == 0
    assert restride("checkin", "--take-back", "last", now="2026-03-02T20:45+00:00").code == 0
    first, second, third = entries(restride)
    said = restride("checkin", "--list", now=NEXT_DAY)
    assert said.code == 0
    assert max(map(len, said.stdout.splitlines())) <= 80
    text = " ".join(said.stdout.split())
    assert f"{first.id} run 2026-03-02, Mon 2 Mar 2026, 20:00 (during, after): pain 3 of 10 (knee)" in text
    assert "Corrected by you" not in text  # it stands again
    assert f"corrects entry {first.id}): pain 1 of 10 (knee)" in text
    assert f"{third.id} run 2026-03-02, Mon 2 Mar 2026, 20:45: takes back entry {second.id}." in text
    listed = restride("checkin", "--list", "--json", now=NEXT_DAY).json["entries"]
    assert [(e["id"], e["replaces"], e["replaced_by"], e["taken_back"]) for e in listed] == [
        (first.id, None, None, False),
        (second.id, first.id, third.id, True),
        (third.id, second.id, None, False),
    ]
    assert listed[0]["answers"] == {
        "pain": 3, "site": "knee", "in_bout": "stopped", "leakage": "none", "heaviness": "none",
    }  # fmt: skip


def test_show_and_report_keep_what_was_corrected(restride: Restride, tmp_path: Path) -> None:
    """A physiotherapist who sees only the last word cannot ask about the first."""
    assert restride("checkin", "--replace", "last", "--none", "--note", "wrong day", now=SOON).code == 0
    shown = " ".join(restride("show", "2026-03-02", "--no-trace", now=NEXT_DAY).stdout.split())
    page = tmp_path / "report.html"
    assert restride("report", "-o", str(page), now=NEXT_DAY).code == 0
    for text in (shown, " ".join(page.read_text(encoding="utf-8").split())):
        assert "pain 3 of 10 (knee)" in text
        assert "Corrected by you on Mon 2 Mar 2026, 20:30." in text
        assert "corrects the entry of Mon 2 Mar 2026, 20:00): no pain, no leakage, no heaviness." in text
        assert "wrong day" in text


def test_what_is_due_is_listed_until_it_is_answered(restride: Restride, tmp_path: Path) -> None:
    now = "2026-03-04T20:00+00:00"
    assert restride("import", str(write_run(tmp_path, "2026-03-04T08:00+00:00")), now=now).code == 0
    said = restride("checkin", "--due", now=now)
    text = " ".join(said.stdout.split())
    assert said.code == 0
    assert max(map(len, said.stdout.splitlines())) <= 80
    assert "The run of Wed 4 Mar 2026 (2026-03-04) during since Wed 4 Mar 2026, 08:29; on time whenever" in text
    assert "after since Wed 4 Mar 2026, 08:29; on time until Thu 5 Mar 2026, 00:00" in text
    assert "The run of Mon 2 Mar 2026 (2026-03-02) next day since Tue 3 Mar 2026, 04:00; late" in text
    assert "Next: the run of Wed 4 Mar, next day, from Thu 5 Mar 2026, 04:00." in text
    listed = restride("checkin", "--due", "--json", now=now).json
    assert [(d["session"], d["window"], d["late"]) for d in listed["due"]] == [
        ("2026-03-04", "during", False),
        ("2026-03-04", "after", False),
        ("2026-03-02", "next_day", True),
    ]
    assert listed["due"][2]["on_time_until"] == "2026-03-04T00:00:00Z"
    assert [d["window"] for d in listed["coming"]] == ["next_day"]
    assert restride("checkin", "--pain", "0", "--session", "2026-03-02", now=now).code == 0
    assert restride("checkin", "--none", now=now).code == 0
    text = " ".join(restride("checkin", "--due", now=now).stdout.split())
    assert "next day since Tue 3 Mar 2026, 04:00; late, and counts all the same; leakage and heaviness missing" in text
    assert restride("checkin", "--none", "--session", "2026-03-02", now=now).code == 0
    assert restride("checkin", "--due", now=now).stdout.startswith(
        "Nothing is due. Next: the run of Wed 4 Mar, next day"
    )
    assert restride("checkin", "--none", now="2026-03-05T08:00+00:00").code == 0
    assert restride("checkin", "--due", now="2026-03-05T08:00+00:00").stdout == "Nothing is due.\n"


def entry(**answers: object) -> CheckIn:
    from datetime import UTC, datetime

    told: dict[str, object] = {"pain": 4, "site": "shin", "pain_kind": PainKind.NIGHT, "note": "n", **answers}
    return CheckIn(
        id=7,
        recorded_at=datetime(2026, 3, 2, 20, tzinfo=UTC),
        recording="r",
        windows=frozenset({Window.AFTER}),
        **told,
    )


def test_what_is_left_out_of_a_correction_stays() -> None:
    """She corrects a number: the night pain beside it must not vanish with the old one."""
    after = frozenset({Window.AFTER})
    assert merged(entry(), {"pain": 6}, after, nothing=False) == {
        "pain": 6, "site": "shin", "pain_kind": PainKind.NIGHT, "note": "n",
    }  # fmt: skip
    assert merged(entry(heaviness=Heaviness.BULGE), {"pain": 0}, after, nothing=False) == {
        "pain": 0, "heaviness": Heaviness.BULGE, "note": "n",
    }  # fmt: skip
    assert merged(entry(), {"site": None}, after, nothing=False) == {
        "pain": 4,
        "pain_kind": PainKind.NIGHT,
        "note": "n",
    }


def test_of_two_corrections_of_one_entry_the_first_is_named() -> None:
    """Two computers may correct at once; everywhere the same one has to be shown as the correction."""
    old = entry()
    about = {"recording": "r", "windows": old.windows, "opened": None, "reaches": True}
    new = [replace(corrected(old, {"pain": n}, now=old.recorded_at, **about), id=old.id + n) for n in (1, 2)]
    assert replaced_by([old, *new])[old.id] is new[0]
