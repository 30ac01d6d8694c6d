"""`restride same` and `restride not-same`: her word on two recordings decides, shows, and can be taken back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from fixtures.gpx_text import gpx
from fixtures.simulate import simulate
from monitor.facts import SameRun
from monitor.store import Store
from tests.command import STAGE_1, Restride, process, write_run
from tests.test_monitor_cli_week import live

NOW = "2026-03-05T10:00+00:00"
SECOND = "2026-03-04T07:40+00:00"  # the second of her two clean runs; `write_run` names its file 2026-03-04-0740.fit
WATCH, SITE = "2026-03-04-0740.fit", "site.gpx"


def as_gpx(folder: Path, start: str, *, name: str = SITE, seed: int = 2) -> Path:
    """Write the same run as a site exports it: positions and pulse."""
    kept = ("t_s", "latitude_deg", "longitude_deg", "heart_rate_bpm")
    run = simulate(list(STAGE_1), seed=seed)
    file = folder / name
    file.write_bytes(gpx({name: run.samples[name] for name in kept}, start=datetime.fromisoformat(start)))
    return file


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """Set up two clean runs, the second of them imported from the watch and from a site."""
    restride = live(Restride(tmp_path / "data").ready(), tmp_path / "exports")
    assert restride("import", str(as_gpx(tmp_path / "exports", SECOND)), now=NOW).code == 0
    return restride


def words(text: str) -> str:
    return " ".join(text.split())


def told(restride: Restride) -> tuple[SameRun, ...]:
    with Store.open(restride.data / "restride.db") as store:
        return store.facts(store.runner(None)).same_runs


def listed(restride: Restride, now: str = NOW) -> list[str]:
    return [s["id"] for s in restride("sessions", "--json", now=now).json["sessions"]]


def test_import_says_which_run_it_is_the_same_as_and_why(tmp_path: Path) -> None:
    restride = live(Restride(tmp_path / "data").ready(), tmp_path / "exports")
    said = words(restride("import", str(as_gpx(tmp_path / "exports", SECOND)), now=NOW).stdout)
    assert f"{SITE}: same run as {WATCH}, 2026-03-04 07:40, running, 29 min; kept, and counted once: " in said
    assert "another export of one recording (FIT and GPX): speed and pulse the same throughout, over 29 min" in said


def test_a_copy_is_shown_with_its_reason_wherever_the_run_is(restride: Restride) -> None:
    """She, and her physiotherapist, have to see what was left out of the count, and why."""
    why = "site.gpx is of the same run (another export of one recording (FIT and GPX): speed and pulse the same"
    assert f"Not added {why}" in words(restride("show", "2026-03-04", "--no-trace", now=NOW).stdout)
    listing = restride("sessions", now=NOW).stdout
    assert f"Recorded more than once, counted once Wed 2026-03-04 {why}" in words(listing)
    page = Path(restride("report", now=NOW).stdout.strip()).read_text(encoding="utf-8")
    assert why in words(page)
    content = restride("show", "2026-03-04", "--json", now=NOW).json
    assert content["same_run"] == [SITE]
    (copy,) = content["copies"]
    assert (copy["file"], copy["answer"], copy["tier"], copy["clock_s"]) == (SITE, "same", "export", 0.0)
    assert restride("next", now=NOW).stdout.startswith("PROGRESS")


def test_what_is_kept_apart_holds_until_one_is_left_out(restride: Restride) -> None:
    """Her partner's watch: while nobody knows which run is hers, neither may carry a step up."""
    said = restride("not-same", "2026-03-04", SITE, now=NOW)
    assert said.code == 0
    assert said.stderr == f"Recorded: {WATCH} and {SITE} are not of one run, by your word.\n"
    assert "one of them cannot be yours" in words(said.stdout)
    assert f"{SITE} as 2026-03-04" in words(said.stdout)
    assert "`restride ignore ID --because TEXT`" in words(said.stdout)
    assert "HOLD: the next run stays at stage 1." in said.stdout
    assert listed(restride) == ["2026-03-02", "2026-03-04", "2026-03-04-2"]
    shown = restride("show", "2026-03-04-2", "--json", now=NOW).json
    assert shown["doubt"]
    assert shown["rest_before_s"] == 0.0
    assert any(f["code"] == "RST01" and f["level"] == "limit" for f in shown["findings"])
    both = {restride("show", id, "--json", now=NOW).json["files"][0] for id in ("2026-03-04", "2026-03-04-2")}
    assert both == {WATCH, SITE}
    id = next(i for i in listed(restride) if restride("show", i, "--json", now=NOW).json["files"] == [SITE])
    assert restride("ignore", id, "--because", "not my run", now=NOW).stdout.startswith("PROGRESS")


def test_her_word_can_be_taken_back(restride: Restride) -> None:
    before = restride("sessions", "--json", now=NOW).stdout
    assert restride("not-same", WATCH, SITE, now=NOW).code == 0
    assert restride("sessions", "--json", now=NOW).stdout != before
    said = restride("same", SITE, WATCH, "--undo", now=NOW)
    assert said.code == 0
    assert said.stderr == f"Taken back: what you said about {SITE} and {WATCH}. What they show decides again.\n"
    assert restride("sessions", "--json", now=NOW).stdout == before
    assert [fact.same for fact in told(restride)] == [False, None]
    again = restride("not-same", WATCH, SITE, "--undo", now=NOW)
    assert (again.code, again.stderr) == (1, f"restride: you said nothing about {WATCH} and {SITE}\n")


def test_two_sessions_become_one_by_her_word(restride: Restride, tmp_path: Path) -> None:
    """A watch whose date was wrong: nothing in the files can say it, and she can."""
    wrong = as_gpx(tmp_path / "exports", "2026-03-05T07:40+00:00", name="wrong date.gpx", seed=9)
    assert restride("import", str(wrong), now=NOW).code == 0
    assert listed(restride) == ["2026-03-02", "2026-03-04", "2026-03-05"]
    assert restride("next", now=NOW).stdout.startswith("HOLD")
    said = restride("same", "2026-03-04", "2026-03-05", now=NOW)
    assert said.code == 0
    assert "wrong date.gpx is kept and not counted; they are 2026-03-04." in said.stdout
    # Which of the two dates is right her word does not say: the run carries no verdict, and the next one does.
    assert "which time is right is not known" in words(said.stdout)
    assert listed(restride) == ["2026-03-02", "2026-03-04"]
    assert "wrong date.gpx is of the same run (by your word)" in words(restride("sessions", now=NOW).stdout)
    assert restride("rebuild", now=NOW).code == 0
    assert listed(restride) == ["2026-03-02", "2026-03-04"]


def test_her_last_word_counts(restride: Restride) -> None:
    for command, count in (("not-same", 3), ("same", 2), ("not-same", 3)):
        assert restride(command, WATCH, SITE, now=NOW).code == 0
        assert len(listed(restride)) == count
    again = restride("not-same", WATCH, SITE, now=NOW)
    assert again.code == 1
    assert "you said already" in again.stderr
    assert len(told(restride)) == 3


def test_what_was_said_later_was_not_known_before(restride: Restride) -> None:
    """An old recommendation is looked at with what was known then."""
    assert restride("not-same", WATCH, SITE, now=NOW).code == 0
    assert len(listed(restride, "2026-03-05T09:59+00:00")) == 2


MEANINGLESS = (
    (("same", WATCH, "nothing.fit"), 1, "there is no session, file or recording nothing.fit"),
    (("same", WATCH, "2026-03-04"), 1, "are one and the same recording"),
    (("same", WATCH), 2, "B"),
    (("same",), 2, "A"),
    (("not-same", "2026-03-02", "2026-03-04"), 1, "each count already; there is nothing to keep apart"),
    (("same", WATCH, "2026-03-02", "--undo"), 1, "you said nothing about"),
    (("same", WATCH, "ride.fit"), 1, "ride.fit is cycling and counts as no run"),
    (("same", "ignored.fit", WATCH), 1, "ignored.fit is ignored; `restride ignore 2026-03-05 --undo`"),
    (("not-same", SITE, "third.gpx"), 1, f"both are copies of {WATCH}"),
)


def test_what_cannot_be_meant_is_refused_and_nothing_is_stored(restride: Restride, tmp_path: Path) -> None:
    """A slip of the finger must not take a run out of the count."""
    folder = tmp_path / "more"
    ride = write_run(folder, "2026-03-03T17:00+00:00", sport="cycling").rename(folder / "ride.fit")
    left_out = write_run(folder, "2026-03-05T07:00+00:00", seed=7).rename(folder / "ignored.fit")
    third = folder / "third.gpx"
    third.write_bytes((tmp_path / "exports" / SITE).read_bytes().replace(b"Garmin Connect", b"Elsewhere"))
    assert restride("import", str(ride), str(left_out), str(third), now=NOW).code == 0
    assert restride("ignore", "2026-03-05", "--because", "not my run", now=NOW).code == 0
    for typed, code, words_of_it in MEANINGLESS:
        said = restride(*typed, now=NOW)
        assert (said.code, said.stdout) == (code, ""), typed
        assert words_of_it in words(said.stderr), typed
    assert told(restride) == ()


def test_recordings_of_one_name_are_told_apart_by_what_the_refusal_prints(restride: Restride, tmp_path: Path) -> None:
    """Phones call every export the same."""
    other = write_run(tmp_path / "elsewhere", "2026-03-05T07:00+00:00", seed=5)
    twin = other.rename(other.with_name(WATCH))
    assert restride("import", str(twin), now=NOW).code == 0
    said = restride("same", SITE, WATCH, now=NOW)
    assert said.code == 1
    assert "is the name of several recordings; name one of them:" in words(said.stderr)
    names = [part.split()[0] for part in words(said.stderr).split("one of them: ")[1].split(", ")]
    assert len(names) == 2
    for name in names:
        assert restride("same", SITE, name, now=NOW).code == 0


def test_a_session_of_several_recordings_is_no_name_for_one(tmp_path: Path) -> None:
    restride = Restride(tmp_path / "data").ready()
    for start, seed in (("2026-03-02T07:00+00:00", 1), ("2026-03-02T07:45+00:00", 2)):
        assert restride("import", str(write_run(tmp_path, start, seed=seed)), now="2026-03-02T10:00+00:00").code == 0
    said = restride("same", "2026-03-02", "2026-03-02-1", now=NOW)
    assert said.code == 1
    assert "2026-03-02 holds several recordings; name one of them:" in words(said.stderr)


def test_neither_command_prints_a_place(restride: Restride) -> None:
    """Where she runs is nobody's business who reads over her shoulder."""
    everything = "".join(
        said.stdout + said.stderr
        for said in (
            restride("show", "2026-03-04", "--json", now=NOW),
            restride("sessions", "--json", now=NOW),
            restride("not-same", WATCH, SITE, now=NOW),
        )
    )
    assert "-45.0" not in everything
    assert "latitude" not in everything


def test_the_commands_load_no_numbers(restride: Restride) -> None:
    """A word typed on a slow machine must not wait for what reads files."""
    code = (
        "import sys; from monitor.cli.app import app\n"
        f"sys.argv = ['restride', '--now', {NOW!r}, 'same', {WATCH!r}, {SITE!r}]\n"
        "try: app()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert not {'numpy', 'pandas'} & set(sys.modules), 'loaded'"
    )
    done = process(restride.data, python=("-c", code))
    assert done.returncode == 0, done.stderr
