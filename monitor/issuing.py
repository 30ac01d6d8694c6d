"""Issue a recommendation when it changes, so that she is judged by what she was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from analysis.bouts import DETECTOR_VERSION
from monitor import kept
from monitor.facts import Facts, Issued, Runner
from monitor.plans import choice_at
from monitor.recommendation import Outcome, Recommendation
from monitor.standing import Standing, stand
from monitor.weekly_time import weekly_time

if TYPE_CHECKING:
    from monitor.store import Store

HALF_A_WEEK = timedelta(days=3.5)
TOO_EARLY = timedelta(days=1)
"""By so much a clock may have run ahead that the week's recommendation it gave counts as given."""

BEHIND = timedelta(hours=1)
"""So long a command may have been at work (a long import) while another process issued; what is dated further ahead
was issued by a wrong clock."""


def last_issued(facts: Facts, at: datetime) -> Issued | None:
    """Give the last recommendation issued up to an instant."""
    return max((i for i in facts.issued if i.recorded_at <= at), key=lambda i: (i.recorded_at, i.id), default=None)


def weekly_instant(facts: Facts, at: datetime) -> datetime:
    """Give the last weekly time in her zone (Sunday 18:00 unless set), up to an instant: when one is due."""
    zone, weekly = facts.zone_at(at), weekly_time(facts, at)
    local = at.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekly.weekday) % 7)
    due = datetime.combine(day, weekly.at, tzinfo=zone)
    # In UTC: two times of one zone are compared by what the clock on the wall says, which is said twice in autumn.
    past = due.astimezone(UTC) <= at.astimezone(UTC)
    return due if past else datetime.combine(day - timedelta(days=7), weekly.at, tzinfo=zone)


def weekly_due(facts: Facts, at: datetime, *, known_until: datetime | None = None) -> datetime | None:
    """Give the weekly instant that nothing was issued for yet; None where there is none.

    A journey or another weekly time moves the instant by hours or days; what was issued for the one before it stands
    for the nearest. So does what a clock that ran ahead by hours gave too early.
    """
    due = weekly_instant(facts, at)
    known = [i for i in facts.issued if i.recorded_at <= (known_until or at)]
    if any(i.recorded_at >= due for i in known):
        return None
    given = [kept.weekly(i) for i in facts.issued if i.recorded_at <= at + TOO_EARLY]
    return None if any(one is not None and abs(due - one) < HALF_A_WEEK for one in given) else due


def is_news(facts: Facts, recommendation: Recommendation, *, known_until: datetime | None = None) -> bool:
    """Say whether a recommendation is to be issued (rules.md §6).

    It is where none was issued for the weekly instant, and where outcome or stage differ from the last one issued.
    The same number on another plan is another stage.

    Args:
        facts, recommendation: what is known, and what follows from it.
        known_until: the instant up to which she was told; that of the recommendation when left out.
    """
    until = known_until or recommendation.as_of
    last = last_issued(facts, until)
    if last is None or weekly_due(facts, recommendation.as_of, known_until=until) is not None:
        return True
    chosen = choice_at(facts, recommendation.as_of)
    if chosen is not None and (chosen.recorded_at, chosen.id) > (last.recorded_at, last.id):
        return True
    return (last.outcome, last.next_stage) != (recommendation.outcome.value, recommendation.next_stage)


def revision(last: Issued | None, standing: Standing) -> dict[str, Any] | None:
    """Name what changed where a recommendation takes back what she was told, though she has not run since.

    A step up that was held after all, another stage: a fact came late, or was changed. Holding after the run that a
    step up was for is nothing taken back, and neither is a step up once an answer is there.
    """
    said = standing.recommendation
    if last is None or kept.last_run(last) != last_run(standing):
        return None
    held = (last.outcome, said.outcome) == (Outcome.PROGRESS, Outcome.HOLD)
    moved = said.outcome is Outcome.HOLD and last.next_stage != said.next_stage
    if not (held or moved):
        return None
    before = dict.fromkeys(reason["code"] for reason in kept.kept(last)["reasons"])
    after = dict.fromkeys(reason.code for reason in said.reasons)
    return {
        "issued_at": last.recorded_at.isoformat(),
        "outcome": last.outcome,
        "next_stage": last.next_stage,
        "new": [code for code in after if code not in before],
        "gone": [code for code in before if code not in after],
    }


def last_run(standing: Standing) -> str | None:
    """Give the start of the last run, by which a recommendation is told from the one before it."""
    return standing.judged[-1].session.started_at.isoformat() if standing.judged else None


def bring_up_to_date(store: Store, runner: Runner, now: datetime) -> Standing:
    """Derive where a runner stands, and issue the recommendation if it is news.

    Called after every change of facts, and wherever a recommendation is shown: what she sees is what she was told.
    What was issued before stays as it was. With each goes what it rested on, and what it revises.
    """
    facts, observed = store.facts(runner), store.observed(runner)
    standing = stand(facts, observed, now, present=True)
    if not is_news(facts, standing.recommendation):
        return standing
    with store.together():  # nobody else writes meanwhile: of two processes that find the same news, one issues it
        known = facts, observed
        facts, observed = store.facts(runner), store.observed(runner)
        if (facts, observed) != known:
            standing = stand(facts, observed, now, present=True)
        recommendation = standing.recommendation
        # Another process that began later than this one may have issued it by now.
        later = [i.recorded_at for i in facts.issued if now < i.recorded_at <= now + BEHIND]
        at = max(later, default=now)
        if not is_news(facts, recommendation, known_until=at):
            return standing
        due = weekly_due(facts, now, known_until=at)
        rests_on = {
            "last_fact": facts.last_id,
            "recordings": len(observed),
            "last_run": last_run(standing),
            "detector_version": DETECTOR_VERSION,
        }
        more = {
            "rests_on": rests_on,
            "revises": revision(last_issued(facts, at), standing),
            "weekly": None if due is None else due.astimezone(UTC).isoformat(),  # the weekly instant it stands for
        }
        issued = store.add_fact(
            runner,
            Issued(
                id=0,
                recorded_at=at,
                outcome=recommendation.outcome.value,
                next_stage=recommendation.next_stage,
                rules_version=recommendation.rules_version,
                recommendation={**recommendation.as_json(), **more},
            ),
        )
    return replace(standing, facts=replace(facts, issued=(*facts.issued, issued)))
