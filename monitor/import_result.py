"""What came of a file that was given to us, in one line for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from analysis.bouts import Observed
from analysis.jogging import RUNNING_S, is_damaged, on_foot, possible_jogging_s, says_running
from ingest.containers import Member
from ingest.errors import IngestError, NotAnActivity
from monitor.checkins import ZoneAt, local_zone
from monitor.reading import Reading
from monitor.store import Original, OriginalOutcome
from monitor.twins import Twin


class Outcome(StrEnum):
    """What came of a file."""

    IMPORTED = "imported"
    SAME_RUN = "same run"  # as one that is known: stored all the same
    ALREADY_KNOWN = "already known"
    NOT_A_RUN = "not a run"  # a walk, another sport, settings: stored all the same
    FAILED = "failed"
    LEFT_OUT = "left out"  # something else in an archive, a picture or a table: not even read


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of one file, with one line for a person that names it."""

    path: Path
    name: str  # as it is shown; of an archive's member: export.zip › activities/1.fit
    outcome: Outcome
    message: str
    code: str | None = None  # of what failed, now or when the file came first
    recordings: tuple[Observed, ...] = ()  # those that are new


def summary(results: Iterable[ImportResult]) -> dict[Outcome, int]:
    """Count the results of each outcome, in the order of `Outcome`, those without any included."""
    counts = Counter(result.outcome for result in results)
    return {outcome: counts[outcome] for outcome in Outcome}


def _may_run(one: Observed) -> bool:
    return on_foot(one) and (possible_jogging_s(one) >= RUNNING_S or (says_running(one) and is_damaged(one)))


def unread(path: Path, name: str, error: IngestError) -> ImportResult:
    """Say why a file was not read."""
    outcome = Outcome.NOT_A_RUN if isinstance(error, NotAnActivity) else Outcome.FAILED
    return ImportResult(path=path, name=name, outcome=outcome, message=str(error), code=error.code)


def unopened(path: Path, file: Member) -> ImportResult:
    """Say why there are no bytes of a file: it cannot be opened, or is something else in an archive."""
    assert file.error is not None  # the bytes or why there are none
    told = unread(path, file.name, file.error)
    is_other = told.outcome is Outcome.NOT_A_RUN and file.inside is not None
    return replace(told, outcome=Outcome.LEFT_OUT) if is_other else told


def already_known(path: Path, name: str, known: Original) -> ImportResult:
    """Say under which name a file came before, and what was wrong with it."""
    message = f"{name}: already known" + (f" as {known.file_name}" if known.file_name != name else "")
    if known.reason_message is not None:
        message += f". {known.reason_message}"
    return ImportResult(path=path, name=name, outcome=Outcome.ALREADY_KNOWN, message=message, code=known.reason_code)


def new(
    path: Path,
    name: str,
    found: Sequence[tuple[Observed, Twin | None]],
    *,
    zone_at: ZoneAt,
    now: datetime | None = None,
) -> ImportResult:
    """Say what a file holds, each recording beside the one that seems to be the same run, and whether it is to come.

    Args:
        path, name: the file.
        found: what is in it.
        zone_at: her zone at an instant.
        now: when it is.
    """
    outcomes, texts = [], []
    for one, twin in found:
        if twin is not None and (_may_run(one) or _may_run(twin.recording)):
            outcomes.append(Outcome.SAME_RUN)
            texts.append(f"{twin}, {_line(one, zone_at)}; kept, and counted once: {twin.verdict.words}")
        elif _may_run(one):
            outcomes.append(Outcome.IMPORTED)
            texts.append(f"imported, {_line(one, zone_at)}")
        else:
            outcomes.append(Outcome.NOT_A_RUN)
            texts.append(f"not a run, {_line(one, zone_at)}; kept, and not counted as running")
        if is_damaged(one):
            texts[-1] += "; the file is damaged or cut off, so no verdict rests on it: export it once more"
        if now is not None and one.ended_at > now:
            tense = "starts" if one.started_at > now else "ends"
            texts[-1] += f"; {tense} in the future, so it is not counted: check the watch's clock"
    return ImportResult(
        path=path,
        name=name,
        outcome=next(outcome for outcome in Outcome if outcome in outcomes),
        message=f"{name}: {'; '.join(texts)}",
        recordings=tuple(one for one, _ in found),
    )


def _line(one: Observed, zone_at: ZoneAt) -> str:
    """Say when, what and how long, by the clock that her sessions are shown by."""
    began = one.started_at.astimezone(local_zone(one.started_at, one.utc_offset, zone_at))
    minutes = round((one.ended_at - one.started_at).total_seconds() / 60)
    unset = " UTC" if began.tzname() == "UTC" else ""  # where she told no zone
    return f"{began:%Y-%m-%d %H:%M}{unset}, {one.sport}, {minutes} min"


def concluded(original: Original, reading: Reading) -> Original:
    """Give the record of a file as it stands after it was read."""
    error = reading.trouble
    if error is None:
        return replace(original, outcome=OriginalOutcome.IMPORTED, reason_code=None, reason_message=None)
    outcome = OriginalOutcome.NOT_ACTIVITY if isinstance(error, NotAnActivity) else OriginalOutcome.FAILED
    return replace(original, outcome=outcome, reason_code=error.code, reason_message=str(error))


def still_unread(path: Path, name: str, trouble: IngestError) -> ImportResult:
    """Say that a file failed again."""
    failed = unread(path, name, trouble)
    if failed.outcome is not Outcome.FAILED:
        return failed
    return replace(failed, message=f"{name} still cannot be read: it {trouble.cause}. {trouble.next_step}")
