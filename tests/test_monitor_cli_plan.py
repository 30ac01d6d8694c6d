"""The ladder she is on, and a physio's own in its place: what is in force has to be what everyone reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.plan import default_plan, default_text
from monitor.plans import choice_at
from monitor.store import Store
from tests.command import READY, Restride, process, write_run

SLOW = """\
# For Ana, by her physiotherapist.
name = "slow start"
first_stage = 1
stages = [
  { stage = 0, jog = 0.5, walk = 4, main_set = 20 },
  { stage = 1, jog = 0.5, walk = 2, main_set = 20 },
  { stage = 2, jog = 0.75, walk = 2, main_set = 20 },
  { stage = 3, jog = 1, walk = 2, main_set = 20 },
]
"""
STEEP = SLOW.replace("jog = 0.75, walk = 2", "jog = 2, walk = 1").replace("slow start", "steep")
EVENING = "2026-03-02T20:00+00:00"


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    return Restride(tmp_path / "data").ready()


@pytest.fixture
def slow(tmp_path: Path) -> str:
    return write(tmp_path, SLOW, "slow.toml")


def write(folder: Path, text: str, name: str = "own.toml") -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def rows(stdout: str) -> list[str]:
    """Give the lines of the table."""
    lines = stdout.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("-----"))
    return lines[start + 1 : lines.index("", start)]


def words(text: str) -> str:
    """Give a text as if it were one line."""
    return " ".join(text.split())


def test_the_ladder_is_shown_with_a_unit_at_every_time(restride: Restride) -> None:
    """1:1.5 can be read as a minute and five seconds; a physiotherapist must not have to guess."""
    said = restride("plan", "show")
    assert said.code == 0
    assert said.stderr == ""
    stages = rows(said.stdout)
    assert len(stages) == 18
    assert [words(stages[n]) for n in (1, 2, 12)] == [
        "> 1 1 min 2 min 20 min 7 7 min the start",
        "2 1 min 1 min 30 s 20 min 8 8 min shorter walk",
        "12 20 min none 20 min 1 20 min no more walks",
    ]
    assert max(map(len, said.stdout.splitlines())) <= 80
    assert restride("plan").stdout == said.stdout


def test_where_she_stands_is_marked_also_while_there_is_to_be_no_running(tmp_path: Path) -> None:
    waiting = Restride(tmp_path / "data")
    waiting("init", "--birth", "2026-02-01", "--zone", "Europe/Lisbon")
    said = waiting("plan", "show")
    assert [row.split()[1] for row in rows(said.stdout) if ">" in row] == ["1"]
    assert "No running for now" in said.stdout
    shown = waiting("plan", "show", "--json").json
    assert (shown["stage"], shown["next_stage"]) == (1, None)


def test_the_mark_follows_her(restride: Restride) -> None:
    assert restride("stage", "set", "4", "--because", "assessed").code == 0
    assert [row.split()[1] for row in rows(restride("plan", "show").stdout) if ">" in row] == ["4"]


def test_json_holds_every_stage_in_seconds(restride: Restride) -> None:
    shown = restride("plan", "show", "--json").json
    assert (shown["format_version"], shown["name"], shown["is_default"], shown["since"]) == (1, "default", True, None)
    assert [s["jog_total_s"] for s in shown["stages"]] == [s.jog_total_s for s in default_plan().stages]
    assert shown["stages"][2] == {
        "stage": 2,
        "jog_s": 60,
        "walk_s": 90,
        "main_set_s": 1200,
        "repeats": 8,
        "jog_total_s": 480,
        "longest_jog_s": 60,
        "changes": "shorter walk",
    }
    assert shown["warnings"] == []


def test_the_file_of_the_plan_in_use_is_a_start_for_ones_own(restride: Restride, slow: str, tmp_path: Path) -> None:
    assert restride("plan", "show", "--toml").stdout.strip() == default_text().strip()
    restride("plan", "use", slow, "--at-stage", "1")
    given = restride("plan", "show", "--toml").stdout
    assert given == SLOW
    assert restride("plan", "check", write(tmp_path, given)).code == 0
    assert restride("plan", "show", "--toml", "--json").code == 2


def test_check_shows_how_a_plan_is_read_and_changes_nothing(restride: Restride, slow: str) -> None:
    said = restride("plan", "check", slow)
    assert (said.code, said.stderr) == (0, "")
    assert "“slow start” can be used. It starts at stage 1." in said.stdout
    assert words(rows(said.stdout)[2]) == "2 45 s 2 min 20 min 8 6 min longer jog"
    assert restride("plan", "show", "--json").json["is_default"] is True


def test_check_needs_no_data_folder(tmp_path: Path, slow: str) -> None:
    """A physiotherapist has none of hers."""
    said = Restride(tmp_path / "nowhere")("plan", "check", slow)
    assert said.code == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_plan_that_climbs_fast_loads_with_warnings_beside_it(restride: Restride, tmp_path: Path) -> None:
    said = restride("plan", "check", write(tmp_path, STEEP))
    assert said.code == 0
    assert "with 4 warnings" in said.stdout
    assert "warning: stage 2 adds 10 min of jogging to stage 1" in said.stderr
    assert "warning: stage 2 changes the jog and the walk at once" in said.stderr
    found = restride("plan", "check", write(tmp_path, STEEP), "--json").json["warnings"]
    assert len(found) == said.stderr.count("warning: ") == 4


def test_warnings_stay_beside_a_plan_that_is_in_use(restride: Restride, tmp_path: Path) -> None:
    """Never silently: not on the day it is chosen, nor when somebody looks at it later."""
    used = restride("plan", "use", write(tmp_path, STEEP), "--at-stage", "1")
    assert used.code == 0
    assert "warning: stage 2 adds 10 min" in used.stderr
    shown = restride("plan", "show", now=EVENING)
    assert "warning: stage 2 adds 10 min" in shown.stderr
    assert len(restride("plan", "show", "--json", now=EVENING).json["warnings"]) == 4


@pytest.mark.parametrize("command", [("plan", "check"), ("plan", "use", "--at-stage", "1")])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SLOW.replace("jog = 1, ", "jog = 0, "), "stage 3: jog must be more than 0 minutes, found 0"),
        (SLOW.replace("stage = 3", "stage = 4"), "stage 3 is missing between stage 2 and stage 4"),
        (SLOW[:-2], "the TOML cannot be read"),
        ("", "stages is missing"),
        ("\x00\x01", "the TOML cannot be read"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_file_cause_and_next_step(
    restride: Restride, tmp_path: Path, command: tuple[str, ...], content: str, said: str
) -> None:
    file = write(tmp_path, content)
    refused = restride(*command, file)
    assert (refused.code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"restride: {file} cannot be used as a plan:\n  - ")
    assert said in words(refused.stderr)
    assert refused.stderr.rstrip().endswith(f"restride plan check {file}")
    assert restride("plan", "show", "--json").json["is_default"] is True


def test_errors_are_there_for_a_script_too(restride: Restride, tmp_path: Path) -> None:
    refused = restride("plan", "check", write(tmp_path, "name = 1"), "--json")
    assert refused.code == 1
    assert refused.json["error"]["code"] == "no_plan"
    assert len(refused.json["errors"]) == 3


def test_what_is_no_file_of_text_is_refused_in_words(restride: Restride, tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"PK\x03\x04\xff\xfe" * 30)
    (tmp_path / "utf16.toml").write_bytes(SLOW.encode("utf-16"))
    (tmp_path / "big.toml").write_bytes(b"#" * 300_000)
    for name in ("plan.xlsx", "utf16.toml"):
        said = restride("plan", "check", str(tmp_path / name))
        assert (said.code, "is not plain text in UTF-8" in said.stderr) == (1, True)
    assert "far too large for a plan" in restride("plan", "check", str(tmp_path / "big.toml")).stderr
    missing = restride("plan", "check", str(tmp_path / "nix.toml"))
    assert (missing.code, missing.stderr) == (1, f"restride: {tmp_path / 'nix.toml'}: No such file or directory\n")
    assert restride("plan", "use", str(tmp_path), "--at-stage", "1").code == 1


def test_a_file_from_windows_is_read(restride: Restride, tmp_path: Path) -> None:
    """Its editor puts three bytes before the text, and ends lines in its own way."""
    file = tmp_path / "own.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SLOW.replace("\n", "\r\n").encode())
    assert restride("plan", "use", str(file), "--at-stage", "1").code == 0


def test_the_next_run_is_the_plans_stage_and_so_says_every_command(restride: Restride, slow: str) -> None:
    """Told one thing by `plan use` and another by `next`, she runs the longer one."""
    used = restride("plan", "use", slow, "--at-stage", "2", "--because", " assessed on 1 March ")
    assert used.code == 0
    assert "“slow start” from now on, at stage 2: jog 45 s" in words(used.stderr)
    assert "stage 2: jog 45 s, walk 2 min" in words(used.stdout)
    told = restride("next", "--json").json
    assert (told["outcome"], told["next_stage"], told["prescription"]["jog_s"]) == ("HOLD", 2, 45)
    shown = restride("plan", "show")
    assert shown.stdout.startswith("The plan “slow start”, since Sun 1 Mar 2026, 18:00 (assessed on 1 March).\n")
    assert [row.split()[1] for row in rows(shown.stdout) if ">" in row] == ["2"]


def test_the_text_is_kept_whole_with_what_was_said(restride: Restride, slow: str) -> None:
    """The file may be lost; her runs are judged by it for months."""
    restride("plan", "use", slow, "--at-stage", "2", "--because", "assessed")
    with Store.open(restride.data / "restride.db") as store:
        choice = store.facts(store.runners()[0]).plan_choices[0]
    assert (choice.text, choice.at_stage, choice.because) == (SLOW, 2, "assessed")
    assert choice.at == choice.recorded_at
    assert choice.at.isoformat() == "2026-03-01T18:00:00+00:00"


def test_the_same_number_on_another_plan_is_issued_anew_and_once(restride: Restride, slow: str) -> None:
    """Stage 1 of this plan is not what she was told before; what she was told has to be kept."""

    def issued() -> list[float]:
        with Store.open(restride.data / "restride.db") as store:
            kept = store.facts(store.runners()[0]).issued
        return [i.recommendation["prescription"]["jog_s"] for i in kept if i.recommendation["prescription"]]

    restride("next")
    before = issued()
    assert set(before) == {60}
    restride("plan", "use", slow, "--at-stage", "1", now=EVENING)
    restride("next", now="2026-03-02T21:00+00:00")
    assert issued() == [*before, 30]


def test_the_report_names_the_plan(restride: Restride, slow: str, tmp_path: Path) -> None:
    """Its reader knows the default ladder by heart, and would read "stage 2" as that one's."""
    page = tmp_path / "report.html"
    restride("plan", "use", slow, "--at-stage", "2", "--because", "a <careful> start")
    assert restride("report", "-o", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    assert "The plan “slow start”, since Sun 1 Mar 2026, 18:00 (a &lt;careful&gt; start)." in text


def test_back_to_the_default_plan(restride: Restride, slow: str) -> None:
    restride("plan", "use", slow, "--at-stage", "1")
    back = restride("plan", "use", "default", "--at-stage", "3", now=EVENING)
    assert back.code == 0
    assert "the default plan from now on, at stage 3" in back.stderr
    assert restride("next", "--json", now=EVENING).json["prescription"]["jog_total_s"] == 600
    assert restride("plan", "show", now=EVENING).stdout.startswith("The default plan, since Mon 2 Mar 2026, 20:00.\n")


def test_a_stage_that_the_plan_lacks_is_refused_with_those_it_has(restride: Restride, slow: str) -> None:
    refused = restride("plan", "use", slow, "--at-stage", "4")
    assert (refused.code, refused.stderr) == (1, "restride: this plan has no stage 4; it has 0 to 3\n")
    assert restride("plan", "use", slow).code == 2
    assert restride("plan", "use", slow, "--at-stage", "one").code == 2
    assert restride("plan", "use", slow, "--at-stage", "1", "--because", " ").code == 2
    assert restride("plan", "show", "--json").json["since"] is None


def test_a_leap_from_where_she_stands_is_named(restride: Restride, slow: str) -> None:
    """--at-stage 12 for 2 is a slip of a finger, and twenty minutes without a break."""
    leap = restride("plan", "use", "default", "--at-stage", "12")
    assert leap.code == 0
    assert "warning: stage 12 asks for 20 min of jogging, 13 min more than stage 1" in leap.stderr
    assert "warning" not in restride("plan", "use", slow, "--at-stage", "3", now=EVENING).stderr


def test_stage_set_knows_the_plan_in_force(restride: Restride, slow: str) -> None:
    """Stage 12 of the default plan is none of this one; stored, it would be no word at all."""
    restride("plan", "use", slow, "--at-stage", "1")
    refused = restride("stage", "set", "12", "--because", "x", now=EVENING)
    assert (refused.code, refused.stderr) == (1, "restride: there is no stage 12; the plan goes from 0 to 3\n")
    done = restride("stage", "set", "3", "--because", "x", now=EVENING)
    assert "stage 3, jog 1 min, walk 2 min" in done.stderr
    assert restride("next", "--json", now=EVENING).json["prescription"]["stage"] == 3


@pytest.mark.parametrize(
    "named", [("stage", "set", "8", "--because", "feels great"), ("plan", "use", "default", "--at-stage", "8")]
)
def test_a_stage_named_while_a_symptom_holds_is_answered_with_why_it_is_not_hers_yet(
    restride: Restride, named: tuple[str, ...]
) -> None:
    """It is recorded, and the next run stays where it was: without the reason it looks as if nothing had been heard."""
    assert restride("checkin", "--heaviness", "mild", "--window", "any", now=EVENING).code == 0
    told = restride(*named, now=EVENING)
    assert told.code == 0
    assert "HOLD" in told.stdout
    assert "while a symptom holds the next run is at stage 1, and it can be set again after that." in words(told.stderr)


def test_a_run_of_before_stays_judged_by_the_plan_it_was_run_on(restride: Restride, slow: str, tmp_path: Path) -> None:
    restride("import", str(write_run(tmp_path / "runs", "2026-03-02T07:00+00:00")), now="2026-03-02T10:00+00:00")
    before = restride("sessions", "--json", now=EVENING).json["sessions"][0]
    restride("plan", "use", slow, "--at-stage", "1", now=EVENING)
    after = restride("sessions", "--json", now="2026-03-02T21:00+00:00").json["sessions"][0]
    assert after["prescription"] == before["prescription"]
    assert after["prescription"]["jog_total_s"] == 420
    assert [f["code"] for f in after["findings"]] == [f["code"] for f in before["findings"]]


def test_no_plan_opens_a_gate(tmp_path: Path, slow: str) -> None:
    """A ladder is only a ladder: clearance, healing and readiness are not a physio's file to skip."""
    waiting = Restride(tmp_path / "data")
    waiting("init", "--birth", "2026-02-01", "--zone", "Europe/Lisbon")
    assert waiting("plan", "use", slow, "--at-stage", "3").code == 0
    told = waiting("next", "--json").json
    assert (told["outcome"], told["next_stage"]) == ("HOLD", None)


def test_strict_rest_blames_a_rest_of_47_and_a_half_hours_from_then_on(restride: Restride, tmp_path: Path) -> None:
    """A run of before the change stays judged as it was: nobody is blamed for a rule that came later."""
    starts = ("2026-03-02T07:00+00:00", "2026-03-04T07:00+00:00", "2026-03-06T07:00+00:00")
    assert restride("plan", "rest", "--json").json["strict"] is False
    for seed, start in enumerate(starts, 1):
        file = write_run(tmp_path / "runs", start, seed=seed)
        if start == starts[2]:
            done = restride("plan", "rest", "--strict", now="2026-03-05T12:00+00:00")
            assert (done.code, "Strict: every rest" in done.stdout) == (0, True)
        assert restride("import", str(file), now=start.replace("T07", "T10")).code == 0
    now = "2026-03-06T12:00+00:00"
    runs = restride("sessions", "--json", now=now).json["sessions"]
    rests = {run["id"]: [f["level"] for f in run["findings"] if f["code"] == "RST01"] for run in runs}
    assert rests == {"2026-03-02": [], "2026-03-04": ["caution"], "2026-03-06": ["limit"]}
    again = restride("plan", "rest", "--strict", now=now)
    assert "how it was already" in again.stderr
    assert restride("plan", "rest", "--usual", now=now).stdout.startswith("Usual: ")
    assert restride("plan", "rest", now="2026-03-06T13:00+00:00").stdout.startswith("Usual: ")
    with Store.open(restride.data / "restride.db") as store:
        settings = [s.value for s in store.facts(store.runners()[0]).settings if s.key == "rest.strict"]
    assert settings == ["true", "false"]


def test_two_runners_have_their_own_plans(restride: Restride, slow: str) -> None:
    restride("init", "--name", "Bea", "--birth", "2025-10-01", "--zone", "Europe/Lisbon")
    assert restride("--runner", "Bea", "plan", "use", slow, "--at-stage", "1").code == 0
    assert restride("plan", "show", "--json").json["is_default"] is True
    assert restride("plan", "show", "--json", "--runner", "Bea").json["name"] == "slow start"
    with Store.open(restride.data / "restride.db") as store:
        assert choice_at(store.facts(store.runners()[0]), store.runners()[0].created_at) is None


@pytest.mark.skipif(os.name == "nt", reason="a console of Windows has its own letters")
def test_a_real_process_shows_the_plan_without_pandas(restride: Restride) -> None:
    done = process(restride.data, "--now", READY, "plan", "show", python=("-X", "importtime"))
    assert done.returncode == 0, done.stderr
    assert " pandas" not in done.stderr
    assert " numpy" not in done.stderr
