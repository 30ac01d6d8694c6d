"""The lives of rules.md §6, lived through the pure core: what the plan makes of whole weeks and months."""

from __future__ import annotations

import random
from datetime import timedelta

from analysis.findings import Level
from monitor.answers import Window
from monitor.facts import Override
from monitor.recommendation import Outcome
from tests.stories import LEAK, MONDAY, NONE, PLAN, Life, as_prescribed, lives

DAY = timedelta(days=1)


def limits(life, at):
    return [f.code for j in life.at(at).judged for f in j.findings if f.level is Level.LIMIT]


def codes(standing):
    return [r.code for r in standing.recommendation.reasons]


def week_of(stages, stage):
    return next(week for week, reached in stages if reached == stage)


def end_of(weeks):
    return MONDAY + timedelta(days=7 * weeks)


def test_a_clean_life_reaches_stage_17_in_the_eleventh_week_with_rest_cautions_only():
    life, stages = lives(12)
    assert week_of(stages, 17) == 11
    findings = [f for j in life.at(end_of(12)).judged for f in j.findings]
    assert {(f.code, f.level) for f in findings} == {("RST01", Level.CAUTION)}
    # Two runs a stage: nothing is lost on the way.
    assert [stage for _, stage in stages][:34] == [1 + n // 2 for n in range(34)]


def test_after_two_clean_runs_at_the_last_stage_the_plan_is_completed_and_holds():
    life, stages = lives(13)
    standing = life.at(end_of(13))
    assert standing.recommendation.outcome is Outcome.HOLD
    assert codes(standing) == ["FIN01"]
    assert max(stage for _, stage in stages) == 17


def test_starting_ten_minutes_early_or_late_costs_at_most_two_weeks():
    for seed in range(5):
        chance = random.Random(seed)
        moved = [timedelta(minutes=chance.uniform(-10, 10)) for _ in range(60)]
        life, stages = lives(14, jitter=lambda n, moved=moved: moved[n])
        assert week_of(stages, 17) <= 13
        assert limits(life, end_of(14)) == []


def test_stopping_four_seconds_late_with_a_detector_three_seconds_long_costs_at_most_two_weeks():
    life, stages = lives(13, perform=lambda _, stage: as_prescribed(stage, late_s=7))
    assert week_of(stages, 17) <= 13
    assert limits(life, end_of(13)) == []


def test_jogging_seven_minutes_for_ever_never_goes_beyond_stage_2():
    _, stages = lives(20, perform=lambda *_: as_prescribed(PLAN[1]))
    assert max(stage for _, stage in stages) == 2


def test_one_leak_in_the_second_week_costs_one_to_two_weeks():
    def answer(n, life, observed):
        life.answers_all(observed, evening=LEAK if n == 4 else NONE)

    life, stages = lives(14, answer=answer)
    assert week_of(stages, 17) in (12, 13)
    held = life.at(MONDAY + 10 * DAY)
    assert "SYM01" in codes(held)
    assert "leakage" in next(r.message for r in held.recommendation.reasons if r.code == "SYM01")


def test_one_next_day_answer_never_given_costs_about_half_a_week():
    def answer(n, life, observed):
        if n == 5:
            life.answers(observed, observed.ended_at + timedelta(hours=1), (Window.DURING, Window.AFTER))
        else:
            life.answers_all(observed)

    life, stages = lives(14, answer=answer)
    assert week_of(stages, 17) in (11, 12)
    assert codes(life.at(MONDAY + 13 * DAY))[0] == "LOG01"


def test_answering_twelve_hours_later_loses_nothing():
    def answer(_, life, observed):
        life.answers(observed, observed.ended_at + timedelta(hours=12), (Window.DURING, Window.AFTER))
        life.answers(observed, observed.ended_at + timedelta(hours=33), (Window.NEXT_DAY,))

    _, stages = lives(12, answer=answer)
    assert [stage for _, stage in stages][:34] == [1 + n // 2 for n in range(34)]


def test_answering_everything_the_next_morning_in_one_entry_loses_nothing():
    def answer(_, life, observed):
        windows = (Window.DURING, Window.AFTER, Window.NEXT_DAY)
        life.answers(observed, observed.ended_at + timedelta(hours=25), windows)

    _, stages = lives(12, answer=answer)
    assert week_of(stages, 17) == 11


def test_a_two_minute_pause_every_other_run_loses_nothing():
    def perform(n, stage):
        pieces = as_prescribed(stage)
        if n % 2 and len(pieces) > 2:
            pieces[2:2] = [("pause", 120)]
        return pieces

    life, stages = lives(12, perform=perform)
    assert week_of(stages, 17) == 11
    assert limits(life, end_of(12)) == []


def test_a_detectors_honest_error_loses_nothing():
    life, stages = lives(12, sd_s=2.0)
    assert week_of(stages, 17) == 11
    assert limits(life, end_of(12)) == []


def test_thirteen_days_off_bring_no_step_up_on_return():
    life = Life.ready()
    for start in (MONDAY, MONDAY + 2 * DAY):
        life.issue(start)
        life.answers_all(life.runs(start, 1))
    told = life.issue(MONDAY + 4 * DAY).recommendation
    assert (told.outcome, told.next_stage) == (Outcome.PROGRESS, 2)
    # Told again a week later, as the weekly recommendation would be: still within ten days.
    life.issue(MONDAY + 11 * DAY)
    back = life.at(MONDAY + 15 * DAY + timedelta(hours=1))
    assert (back.recommendation.outcome, back.recommendation.next_stage) == (Outcome.HOLD, 1)
    assert codes(back) == ["GAP01"]
    # She runs what she had been told: it is judged at the stage that stands, and nobody is blamed.
    life.answers_all(life.runs(MONDAY + 15 * DAY, 2))
    judged = life.at(MONDAY + 17 * DAY).judged[-1]
    assert judged.stage == 1
    assert [f for f in judged.findings if f.level is Level.LIMIT] == []


def test_twenty_days_off_go_one_stage_back():
    life, _ = lives(2)
    before = life.at(end_of(2)).judged[-1].stage
    assert life.at(MONDAY + timedelta(days=11 + 20)).recommendation.next_stage == before - 1


def test_forty_days_off_start_again_with_readiness_and_stage_1():
    life, _ = lives(4)
    back = MONDAY + timedelta(days=25 + 40)
    standing = life.at(back)
    assert standing.recommendation.next_stage is None
    assert codes(standing)[0] == "GAT04"
    life.move(back)
    assert life.at(back + DAY).recommendation.next_stage == 1


def test_movements_repeated_during_the_break_are_repeated_again_when_it_passes_28_days():
    life, _ = lives(1)
    last_end = life.observed[-1].ended_at
    life.move(last_end + 20 * DAY)
    assert "GAT04" not in codes(life.at(last_end + 28 * DAY))
    assert "GAT04" in codes(life.at(last_end + 28 * DAY + timedelta(seconds=1)))


def test_a_hike_with_ten_second_bursts_is_no_running_session():
    life = Life.ready()
    life.runs(MONDAY, [("walk", 600), ("jog", 10)] * 12, sport="hiking")
    standing = life.at(MONDAY + DAY)
    assert standing.judged == ()
    assert standing.sessions[0].kind == "walk"


def test_a_late_file_from_week_2_found_in_week_5_blames_nobody_for_what_was_told():
    life, _ = lives(4)
    last = life.observed[-1]
    before = {j.session.id: (j.stage, j.clean) for j in life.at(end_of(4)).judged}
    # A dog walk with some jogging on the Thursday of week 2, on a phone, that the plan never knew of.
    life.runs(MONDAY + 10 * DAY, [("walk", 300), ("jog", 70), ("walk", 300)])
    after = {j.session.id: j for j in life.at(end_of(4)).judged}
    late = after.pop("2026-06-11")
    assert not late.clean
    assert {i: j.stage for i, j in after.items()} == {i: stage for i, (stage, _) in before.items()}
    assert after[f"{last.started_at:%Y-%m-%d}"].clean
    assert not any(f.code.startswith("STG") for j in after.values() for f in j.findings)


def test_a_physio_who_sets_stage_8_at_the_start_causes_no_stg01():
    life = Life.ready()
    life.tell(Override(id=0, recorded_at=MONDAY - DAY, at=MONDAY - DAY, stage=8, because="runs with me since March"))
    told = life.issue(MONDAY - timedelta(hours=1))
    assert (told.recommendation.outcome, told.recommendation.next_stage) == (Outcome.HOLD, 8)
    assert codes(told) == ["OVR01"]
    life.answers_all(life.runs(MONDAY, 8))
    life.answers_all(life.runs(MONDAY + 2 * DAY, 8))
    standing = life.at(MONDAY + 4 * DAY)
    assert [f.code for j in standing.judged for f in j.findings if f.level is Level.LIMIT] == []
    assert (standing.recommendation.outcome, standing.recommendation.next_stage) == (Outcome.PROGRESS, 9)


def test_always_one_stage_ahead_holds_at_stage_2_at_most():
    life, stages = lives(12, perform=lambda _, stage: as_prescribed(PLAN[stage.stage + 1]))
    assert max(stage for _, stage in stages) <= 2
    assert life.at(end_of(12)).recommendation.outcome is Outcome.HOLD


def test_two_stages_ahead_never_leaves_stage_1():
    _, stages = lives(8, perform=lambda _, stage: as_prescribed(PLAN[stage.stage + 2]))
    assert {stage for _, stage in stages} == {1}


def test_never_answering_never_leaves_stage_1():
    life, stages = lives(12, answer=lambda *_: None)
    assert {stage for _, stage in stages} == {1}
    assert "LOG01" in codes(life.at(end_of(12)))


def test_history_imported_at_once_is_replayed_to_the_same_stages():
    told, stages = lives(11)
    replayed, again = lives(11, issue=False)
    assert again == stages
    at = end_of(11)
    assert [j.stage for j in replayed.at(at).judged] == [j.stage for j in told.at(at).judged]
