"""What is told unasked, in words: each thing that happened as a `Message`, for her terminal and for elsewhere.

Two texts. `text` is for her own terminal: whole sentences, reasons and numbers. `discreet` is one of the fixed
sentences below and nothing else, so that nothing of her body, her runs or her days can be in it: no symptom, number,
place or date, and no name of a file or folder either, for `waldsee-with-ana.gpx` says where and with whom. A log has
the discreet text with the message's number, under which `restride notify --told` shows the whole (`Message.log_line`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from monitor.checkins import session_zone
from monitor.due import Due, due
from monitor.facts import Issued
from monitor.import_result import ImportResult, Outcome, summary
from monitor.judged import name
from monitor.kept import kept
from monitor.message import Message, MessageKind, MessageState
from monitor.report import wording
from monitor.report.make_summary import headline, revision
from monitor.rules import car02
from monitor.standing import Standing
from monitor.symptom_reasons import SEEK_CARE_NOW
from monitor.symptom_reasons import urgent as urgent_reasons

MANY = 20
"""Of more files than this at once only the counts are told."""

REMINDED_FOR = timedelta(days=2)
"""Nobody is reminded of a run that ended longer ago; `restride next` still says what is missing."""

IMPORTED = "Restride: new exports were read. Look at them with: restride sessions"
NOT_READ = "Restride: an export could not be read. See why with: restride notify --told"
WEEKLY = "Restride: this week's recommendation is there. Read it with: restride week"
CHANGED = "Restride: the recommendation has changed. Before you run, read it with: restride week"
URGENT = "Please read what Restride says now: restride week"
DUE = "Restride: there is a question for you. Answer it with: restride checkin"
FOLDER = "Restride: the folder for exports needs a look. See why with: restride notify --told"
FOLDER_BACK = "Restride: the folder for exports is there again. Nothing is to be done."

DISCREET = frozenset({IMPORTED, NOT_READ, WEEKLY, CHANGED, URGENT, DUE, FOLDER, FOLDER_BACK})
"""All that is ever said elsewhere, unless she allows more."""


def imported(results: Sequence[ImportResult], *, key: str, now: datetime) -> Message | None:
    """Tell what came of the files of one import, failures among them; None where there is nothing to tell.

    Args:
        results: of one file or of many; what was left out of archives is not told.
        key: `file:<sha256>` of the file or archive; several together need a key that names them all.
        now: when it was imported.
    """
    told = [result for result in results if result.outcome is not Outcome.LEFT_OUT]
    if not told:
        return None
    failed = [result for result in told if result.outcome is Outcome.FAILED]
    text = "\n".join(result.message for result in told) if len(told) <= MANY else _counts(told)
    kind, discreet = (MessageKind.TROUBLE, NOT_READ) if failed else (MessageKind.IMPORTED, IMPORTED)
    return Message(key=key, kind=kind, created_at=now, text=text, discreet=discreet)


def recommended(issued: Issued, zone: tzinfo) -> Message:
    """Tell a recommendation as it was issued, with every reason; first of all what it takes back."""
    said = kept(issued)
    given = said["prescription"]
    verdict = f"{said['outcome']}: {headline(said['outcome'], said['last_stage'], said['next_stage'])}."
    takes_back = revision(said["revises"], zone)
    parts = [
        *([takes_back.text] if takes_back else []),
        f"As of {wording.moment(issued.recorded_at, zone)}, {verdict}",
        *([f"Next run: {given['text']}."] if given else []),
        *_not_before(said["earliest_next_run"], issued.recorded_at, zone),
        *(wording.sentence(reason["message"]) for reason in said["reasons"]),
        *(wording.sentence(advice) for advice in said["advice"]),
    ]
    return Message(
        key=issued_key(issued),
        kind=MessageKind.CHANGED if takes_back else MessageKind.WEEKLY,
        created_at=issued.recorded_at,
        text=" ".join(parts),
        discreet=CHANGED if takes_back else WEEKLY,
    )


def urgent_signs(standing: Standing, now: datetime) -> tuple[Message, ...]:
    """Tell each entry with an urgent sign (CAR02) that no clinician has seen yet; its key holds the entry's number."""
    facts = standing.facts
    found = car02.urgent(standing.log, facts, now, born=facts.born_at(now))
    by_entry = {symptom.check_in.id: symptom for symptom in found}
    zone = facts.zone_at(now)
    return tuple(
        Message(
            key=f"urgent:{id}",
            kind=MessageKind.URGENT,
            created_at=now,
            text=f"{SEEK_CARE_NOW} {' '.join(wording.sentence(r.message) for r in urgent_reasons([symptom], zone))}",
            discreet=URGENT,
        )
        for id, symptom in by_entry.items()
    )


def check_ins_due(dues: Iterable[Due], standing: Standing, now: datetime) -> tuple[Message, ...]:
    """Ask for what is due (`due.due`), each window once, and only of the runs of the last days."""
    recent = [one for one in dues if now - one.session.ended_at <= REMINDED_FOR]
    return tuple(
        Message(
            key=_due_key(one),
            kind=MessageKind.DUE,
            created_at=now,
            text=_question(one, session_zone(one.session, standing.facts)),
            discreet=DUE,
        )
        for one in recent
    )


def outdated(waiting: Iterable[Message], standing: Standing, now: datetime) -> tuple[Message, ...]:
    """Give what waits to be sent and no longer holds, as said: a question answered by now, a sign a clinician saw."""
    holds = {message.key for message in urgent_signs(standing, now)} | {_due_key(one) for one in due(standing, now)}
    about_now = (MessageKind.DUE, MessageKind.URGENT)
    gone = (message for message in waiting if message.kind in about_now and message.key not in holds)
    return tuple(replace(message, state=MessageState.SAID, next_try_at=None) for message in gone)


def issued_key(issued: Issued) -> str:
    """Give the key of a recommendation's message."""
    return f"issued:{issued.id}"


def inbox_gone(why: str, *, since: datetime) -> Message:
    """Tell that the inbox cannot be looked into.

    Args:
        why: a sentence that names the folder, the cause and the next step.
        since: when it was first seen gone; it is in the key, so that each time is told once.
    """
    text = f"{why} Nothing was changed; Restride looks again and goes on by itself once it is back."
    return _trouble(f"inbox-gone:{since.isoformat()}", text, FOLDER, since)


def inbox_back(folder: str, *, since: datetime, now: datetime) -> Message:
    """Tell that the inbox, gone since an instant, can be looked into again."""
    return _trouble(f"inbox-back:{since.isoformat()}", f"{folder} is there again.", FOLDER_BACK, now)


OF_A_FOLDER = "folder:"
"""How the key of a message on a folder of nobody's begins; the folder's name follows."""


def folder_of_nobody(folder: str, *, now: datetime) -> Message:
    """Tell that a folder in the inbox is named for no runner, so that its files are not read."""
    text = (
        f"The folder {folder} in the inbox is named for no runner, so its files are not read. Name it as a runner is "
        f"named, set her up with: restride init --name NAME, or move its files."
    )
    return _trouble(f"{OF_A_FOLDER}{folder}", text, FOLDER, now)


def not_opened(key: str, why: str, *, now: datetime) -> Message:
    """Tell that a file in the inbox cannot be opened.

    Args:
        key: names the file and its state, so that it is told once and again when the file was changed.
        why: a sentence that names the file, the cause and the next step.
        now: when it was found.
    """
    return _trouble(f"not-opened:{key}", why, NOT_READ, now)


def _due_key(one: Due) -> str:
    return f"due:{one.session.id}:{one.window.value}"


def _trouble(key: str, text: str, discreet: str, at: datetime) -> Message:
    return Message(key=key, kind=MessageKind.TROUBLE, created_at=at, text=text, discreet=discreet)


def _counts(results: Sequence[ImportResult]) -> str:
    counts = ", ".join(f"{n} {outcome.value}" for outcome, n in summary(results).items() if n)
    return f"{wording.count(len(results), 'file')} came in at once: {counts}."


def _not_before(instant: str | None, now: datetime, zone: tzinfo) -> list[str]:
    at = None if instant is None else datetime.fromisoformat(instant)
    return [] if at is None or at <= now else [f"Not before {wording.earliest(at, zone)}."]


def _question(one: Due, zone: tzinfo) -> str:
    run = f"the run of {wording.moment(one.session.started_at, zone)}"
    until = "" if one.until is None else f" An answer is on time until {wording.moment(one.until, zone)}."
    lacking = " and ".join([*filter(None, [", ".join(one.lacking[:-1])]), *one.lacking[-1:]])
    return f"Of {run}, what is missing for “{name(one.window.value)}”: {lacking}.{until} Answer with: restride checkin"
