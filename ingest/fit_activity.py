"""Tell what decoded FIT messages mean: one `Recording` for each session of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest import cadence
from ingest.errors import Damaged, NoSamples, NotAnActivity, NoTimes
from ingest.fit_marks import marks_of
from ingest.fit_messages import EPOCH_UNIX_S, Fields, Messages, Records, instant, number, stamp, word
from ingest.laps import within
from ingest.recording import Mark, Note, Provenance, Recording, make_signal
from ingest.samples import SECOND_US, Samples, growing, in_order, in_range
from ingest.span import span

DEGREES = 180 / 2**31
"""Of one semicircle, FIT's unit of positions."""

RECORD_FIELDS = {
    "distance_m": ("distance",),
    "speed_mps": ("enhanced_speed", "speed"),
    "heart_rate_bpm": ("heart_rate",),
    "altitude_m": ("enhanced_altitude", "altitude"),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
    "cadence_spm": ("cadence",),
    "fraction": ("fractional_cadence",),
}
"""The fields of a record that fill a column; the first that was recorded counts."""

ACTIVITY_TYPES = frozenset({"activity", "activity_summary"})
LONGEST_TOTAL = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FitSession:
    """What a session message says: FIT's word for one sport within a file."""

    sport: str
    sub_sport: str
    start_s: int | None
    elapsed_s: float | None

    @classmethod
    def of(cls, message: Fields) -> _FitSession:
        elapsed_s = number(message, "total_elapsed_time")
        return cls(
            sport=word(message, "sport") or "unknown",
            sub_sport=word(message, "sub_sport") or "generic",
            start_s=stamp(message, "start_time"),
            elapsed_s=number(message, "total_timer_time") if elapsed_s is None else elapsed_s,
        )

    @property
    def start(self) -> datetime | None:
        return None if self.start_s is None else instant(self.start_s)

    @property
    def end(self) -> datetime | None:
        """Start plus elapsed time; the message's own stamp may be the start, or when it was saved."""
        return None if self.start_s is None or self.elapsed_s is None else instant(self.start_s + self.elapsed_s)


def recordings_of(messages: Messages, provenance: Provenance) -> list[Recording]:
    """Build the recordings of one embedded file, with index numbers from that of `provenance` on.

    Raises:
        NotAnActivity: settings, a course, a workout, …
        NoSamples: an activity with neither samples nor totals.
        NoTimes: no date anywhere.
        Damaged: what is there contradicts itself.
    """
    name = provenance.file_name
    _refuse_other_files(messages, name)
    unordered, notes = _samples(messages.records)
    sessions = _sessions(messages)
    if not len(unordered) and all(fit_session.start_s is None for fit_session in sessions):
        if len(messages.records) or messages["session"]:
            raise NoTimes(
                name,
                "has no date in it: the watch's clock was not set",
                "Set it for the next run; this one cannot be placed in time.",
            )
        raise NoSamples(name, "is an activity without a single sample", "There is nothing to do about it.")
    samples, order_notes = in_order(unordered, name)
    notes += order_notes
    if not sessions:
        sessions = [_without_session(messages)]
        notes.append(Note(code="no_session", message="The file ends without its totals; they were not used."))
    utc_offset, offset_notes = _utc_offset(messages)
    marks = marks_of(messages)
    device = _device(messages)
    recordings = []
    for number_of_session, (fit_session, own) in enumerate(zip(sessions, _shares(samples, sessions), strict=True)):
        earlier = samples.where(samples.time_us < own.time_us[0]) if number_of_session and len(own) else None
        recording = _recording(
            fit_session,
            own,
            replace(provenance, index=provenance.index + number_of_session, device=device),
            utc_offset=utc_offset,
            marks=marks,
            distance_before_m=_last_distance_m(earlier),
        )
        recordings.append(replace(recording, notes=(*notes, *offset_notes, *recording.notes)))
    return recordings


def _recording(
    fit_session: _FitSession,
    samples: Samples,
    provenance: Provenance,
    *,
    utc_offset: timedelta | None,
    marks: Sequence[Mark],
    distance_before_m: float,
) -> Recording:
    started_at, ended_at, notes = _span(fit_session, samples, provenance.file_name)
    columns = dict(samples.columns)
    fraction = columns.pop("fraction", np.zeros(len(samples)))
    one_foot = columns.pop("cadence_spm") + np.nan_to_num(fraction)
    if fit_session.sport not in cadence.NOT_STEPS and len(samples):
        columns["cadence_spm"], cadence_notes = cadence.both_feet(one_foot, file_format=provenance.format)
        notes += cadence_notes
    ranged, range_notes = in_range(replace(samples, columns=columns))
    distance_m, distance_notes = growing(ranged.columns["distance_m"] - distance_before_m)
    if len(distance_m) and np.nanmin(distance_m, initial=0.0) < 0:  # the device began again with this session
        distance_m, distance_notes = growing(ranged.columns["distance_m"])
    signal = make_signal(ranged.time_us.astype("datetime64[us]"), {**ranged.columns, "distance_m": distance_m})
    return Recording(
        provenance=provenance,
        sport=fit_session.sport,
        sub_sport=fit_session.sub_sport,
        started_at=started_at,
        ended_at=ended_at,
        utc_offset=utc_offset,
        signal=signal,
        marks=within(marks, started_at, ended_at),
        notes=(*notes, *range_notes, *distance_notes),
    )


def _span(fit_session: _FitSession, samples: Samples, file_name: str) -> tuple[datetime, datetime, list[Note]]:
    """Give start and end: of samples and totals together, for rest is counted from the later end."""
    start, end = fit_session.start, fit_session.end
    if end is not None and start is not None and end - start > LONGEST_TOTAL:
        end = None
    if not len(samples):
        if start is None or end is None:
            raise Damaged(
                file_name, "has totals without a usable start or duration", "There is nothing to do about it."
            )
        message = "The device stored totals only, no samples, so what was jogged cannot be told."
        return start, end, [Note(code="no_samples", message=message)]
    first, last = (_instant_us(int(samples.time_us[index])) for index in (0, -1))
    return span(first, last, start=start, end=end)


def _refuse_other_files(messages: Messages, file_name: str) -> None:
    kinds = [message.get("type") for message in messages["file_id"] if message.get("type") is not None]
    if not kinds or kinds[0] in ACTIVITY_TYPES:
        return
    kind = kinds[0].replace("_", " ") if isinstance(kinds[0], str) else f"kind {kinds[0]}"
    raise NotAnActivity(file_name, f"is a FIT file, but not an activity ({kind})", "There is nothing to do about it.")


def _samples(records: Records) -> tuple[Samples, list[Note]]:
    """Take the columns out of the records that have a time."""
    is_timed = records.stamp_s > 0
    columns: dict[str, NDArray[np.float64]] = {}
    for column, names in RECORD_FIELDS.items():
        values = np.full(len(records), np.nan)
        for name in names:
            if name in records.columns:
                values = np.where(np.isnan(values), records.columns[name], values)
        columns[column] = values[is_timed]
    for column in ("latitude_deg", "longitude_deg"):
        columns[column] = columns[column] * DEGREES
    time_us = (records.stamp_s[is_timed] + EPOCH_UNIX_S) * SECOND_US
    notes = []
    untimed = len(records) - len(time_us)
    if untimed:
        message = f"{untimed} samples without a usable time were left out."
        notes.append(Note(code="samples_without_time", message=message))
    return Samples(time_us=time_us, columns=columns), notes


def _sessions(messages: Messages) -> list[_FitSession]:
    """Give the sessions in order of time; one that was written twice counts once, as it was last."""
    found = [_FitSession.of(message) for message in messages["session"]]
    if len(found) == 1 and (found[0].start_s is not None or len(messages.records)):
        return found
    by_start = {session.start_s: session for session in found if session.start_s is not None}
    return [by_start[start] for start in sorted(by_start)]


def _without_session(messages: Messages) -> _FitSession:
    """Make do without a session message: the watch's chosen sport, if it wrote just one."""
    chosen = {(word(message, "sport"), word(message, "sub_sport")) for message in messages["sport"]}
    sport, sub_sport = chosen.pop() if len(chosen) == 1 else (None, None)
    return _FitSession(sport=sport or "unknown", sub_sport=sub_sport or "generic", start_s=None, elapsed_s=None)


def _shares(samples: Samples, sessions: Sequence[_FitSession]) -> list[Samples]:
    """Give each session its samples: from its start to the next one's; the first has what comes before, too."""
    starts = [(session.start_s or 0) + EPOCH_UNIX_S for session in sessions[1:]]
    owner = np.searchsorted(np.array(starts, dtype=np.int64) * SECOND_US, samples.time_us, side="right")
    return [samples.where(owner == index) for index in range(len(sessions))]


def _last_distance_m(samples: Samples | None) -> float:
    """Give what the device had counted so far: it goes on counting from session to session."""
    known = np.array([]) if samples is None else samples.columns["distance_m"]
    known = known[~np.isnan(known)]
    return float(known[-1]) if len(known) else 0.0


def _utc_offset(messages: Messages) -> tuple[timedelta | None, list[Note]]:
    for message in messages["activity"]:
        utc, local = stamp(message, "timestamp"), message.get("local_timestamp")
        if utc is None or not isinstance(local, int):
            continue
        quarters = round((local - utc) / 900)
        if -12 * 4 <= quarters <= 14 * 4 and abs(local - utc - quarters * 900) <= 60:
            return timedelta(minutes=15 * quarters), []
        note = Note(code="local_time_ignored", message="The local time in the file cannot be true and was not used.")
        return None, [note]
    return None, []


def _device(messages: Messages) -> str | None:
    for message in messages["file_id"]:
        maker = message.get("manufacturer")
        product = next(
            (message[name] for name in ("product_name", "garmin_product", "product") if name in message), None
        )
        words = [_printable(part) for part in (maker, product) if isinstance(part, (str, int))]
        if len(words) == 2 and words[1].lower().startswith(words[0].split("_")[0].lower()):
            words = words[1:]
        if words:
            return " ".join(words)
    return None


def _printable(value: str | int) -> str:
    return "".join(sign for sign in str(value) if sign.isprintable())[:60]


def _instant_us(time_us: int) -> datetime:
    return instant(0) + timedelta(microseconds=time_us - EPOCH_UNIX_S * SECOND_US)
