"""Check-ins beside the runs they speak of: which windows are due, answered, or show a symptom.

No entry is not the same as no symptoms. An answer speaks of its window, whenever it was entered: one that comes late
counts from the end of its window, so that replaying the past gives the same verdict however late it was told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

from analysis.sessions import Session
from monitor.answers import CheckIn, Window
from monitor.facts import Facts
from monitor.symptoms import Symptom, what_symptoms

ZoneAt = Callable[[datetime], tzinfo]

RUN_WINDOWS = (Window.DURING, Window.AFTER, Window.NEXT_DAY)
NEEDED = (Window.AFTER, Window.NEXT_DAY)  # without these a run is never clean (rules.md §2)
SLIP = timedelta(hours=1)  # so long after an entry a slip of the finger may be corrected as if it had not been
NEXT_DAY_FROM = time(4)
NEXT_DAY_AFTER = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLog:
    """What is known of one window of one run."""

    opens: datetime  # an answer before this instant says nothing about the window
    closes: datetime  # one after it comes late
    answered_at: datetime | None  # from when pain, leakage and heaviness are all answered
    symptoms: tuple[Symptom, ...]
    late: bool  # the answer came after the window had closed

    def state(self, at: datetime) -> str:
        """Say "symptom", "none", "unanswered" or "not due" as things stood at an instant."""
        if any(s.at <= at for s in self.symptoms):
            return "symptom"
        if self.answered_at is not None and self.answered_at <= at:
            return "none"
        return "unanswered" if self.opens <= at else "not due"


def session_zone(session: Session, facts: Facts) -> tzinfo:
    """Give the zone of a run's local day: her own, or the file's offset where she was travelling."""
    return local_zone(session.started_at, session.utc_offset, facts.zone_at)


def local_zone(at: datetime, offset: timedelta | None, zone_at: ZoneAt) -> tzinfo:
    """Give the zone of an instant at which a file states an offset, or none."""
    home = zone_at(at)
    if not offset or offset == at.astimezone(home).utcoffset():
        return home  # an offset of zero is what writers put where they know none
    return timezone(offset)


def after_closes(session: Session, zone: tzinfo) -> datetime:
    """Give the local midnight that ends a run's `after` window."""
    return _at(session, zone, days=1, clock=time())


def next_day_opens(session: Session, zone: tzinfo) -> datetime:
    """Give the instant from which `next_day` can be answered: 04:00 of the next local day, ≥ 8 h after the end."""
    return max(_at(session, zone, days=1, clock=NEXT_DAY_FROM), session.ended_at + NEXT_DAY_AFTER)


def _at(session: Session, zone: tzinfo, *, days: int, clock: time) -> datetime:
    day = session.ended_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


class CheckInLog:
    """A runner's check-ins up to an instant, laid beside her running sessions once, then asked many times."""

    def __init__(
        self, facts: Facts, sessions: Iterable[Session], as_of: datetime, *, gone: Mapping[int, bool] | None = None
    ) -> None:
        """Lay them out; `gone` is what `replaced` gives, where that cannot be told from these facts."""
        runs = sorted((s for s in sessions if s.is_running), key=lambda s: s.started_at)
        sessions_of: dict[str, list[Session]] = {}
        for run in runs:
            for identity in dict.fromkeys(run.identities):
                sessions_of.setdefault(identity, []).append(run)
        about: dict[str, list[CheckIn]] = {s.id: [] for s in runs}
        known = [e for e in facts.check_ins if e.recorded_at <= as_of]
        gone = replaced(known) if gone is None else gone
        loose = []
        for entry in known:
            if entry.id in gone:
                continue
            candidates = sessions_of.get(entry.recording or "", ())
            session = _meant(entry, candidates)
            if session is not None:
                about[session.id].append(entry)
            # Also an entry about a recording that is no run, or is gone: a symptom is never lost.
            if not candidates or Window.ANY in entry.windows or not entry.windows:
                loose += _now(entry)
        self._entries = about
        self._windows = {s.id: _windows(s, session_zone(s, facts), about[s.id]) for s in runs}
        # When all windows of a run were answered, and when the first symptom showed: asked of every run, many times.
        self._answered_at = {
            id: _last([w.answered_at for w in windows.values()]) for id, windows in self._windows.items()
        }
        self._shown_at = {
            id: min((s.at for w in windows.values() for s in w.symptoms), default=None)
            for id, windows in self._windows.items()
        }
        logged = [s for windows in self._windows.values() for log in windows.values() for s in log.symptoms]
        self.symptoms: tuple[Symptom, ...] = tuple(sorted((*logged, *loose), key=_in_time))
        # What a clinician has to see stands also where the entry was corrected, once the hour for slips is over.
        stands = [s for e in known if e.id in gone and not gone[e.id] for s in _now(e)]
        self.grave: tuple[Symptom, ...] = tuple(
            sorted((s for s in (*self.symptoms, *stands) if s.severe or s.urgent), key=_in_time)
        )
        self._around = _around(runs, self.symptoms)

    def entries(self, session: Session) -> Sequence[CheckIn]:
        """Give the entries about a run that stand, in the order they were told."""
        return self._entries[session.id]

    def around(self, session: Session) -> Sequence[Symptom]:
        """Give the symptoms of a run: those logged for it, and those logged for no run until the next one began."""
        return self._around.get(session.id, ())

    def beside(self, session: Session) -> Sequence[Symptom]:
        """Give the symptoms logged for no run while the windows of this one lasted: they are of this time all the same.

        They keep it from being clean and from establishing anything; whether a window was answered they do not change.
        """
        closes = self._windows[session.id][Window.NEXT_DAY].closes
        return [s for s in self.around(session) if s.session is None and s.at < closes]

    def between(self, since: datetime | None, until: datetime) -> tuple[Symptom, ...]:
        """Give the symptoms from an instant, or from the beginning, up to another, oldest first."""
        first = 0 if since is None else bisect_left(self.symptoms, since, key=lambda s: s.at)
        return self.symptoms[first : bisect_right(self.symptoms, until, key=lambda s: s.at)]

    def of(self, session: Session) -> dict[Window, WindowLog]:
        """Give the three windows of a run."""
        return self._windows[session.id]

    def state(self, session: Session, window: Window, at: datetime) -> str:
        """Say how a window of a run stood at an instant; see `WindowLog.state`."""
        return self._windows[session.id][window].state(at)

    def open_windows(self, session: Session, at: datetime) -> tuple[Window, ...]:
        """Give the windows of a run that can be answered by now and are not."""
        return tuple(w for w, log in self._windows[session.id].items() if log.state(at) == "unanswered")

    def all_none(self, session: Session, at: datetime) -> bool:
        """Say whether every window of a run was answered none."""
        answered_at = self._answered_at[session.id]
        return answered_at is not None and answered_at <= at and not self.symptomatic(session, at)

    def symptomatic(self, session: Session, at: datetime) -> bool:
        """Say whether any window of a run shows a symptom."""
        shown_at = self._shown_at[session.id]
        return shown_at is not None and shown_at <= at


def replaced(entries: Sequence[CheckIn]) -> dict[int, bool]:
    """Give the entries that another one stands in place of, by id, and whether that was a slip of the finger.

    A correction that was itself taken back replaces nothing: what it corrected stands again. It was a slip where it
    came within an hour of her first answer; a correction of a correction counts from that answer too.
    """
    of: dict[int, CheckIn] = {entry.id: entry for entry in entries}
    by: dict[int, list[CheckIn]] = {}
    for entry in entries:
        if entry.replaces is not None and entry.replaces < entry.id and entry.replaces in of:
            by.setdefault(entry.replaces, []).append(entry)
    void = taken_back_corrections(entries)

    first_said: dict[int, datetime] = {}
    for id in sorted(of):  # what a correction corrects was told before it
        before = of[id].replaces
        known = first_said.get(before) if before is not None else None
        first_said[id] = of[id].said_at if known is None else min(of[id].said_at, known)

    found: dict[int, bool] = {}
    for id, others in by.items():
        counting = [other.recorded_at - first_said[id] for other in others if other.id not in void]
        if counting:
            found[id] = any(timedelta(0) <= after <= SLIP for after in counting)
    return found | dict.fromkeys(void - found.keys(), True)


def taken_back_corrections(entries: Iterable[CheckIn]) -> set[int]:
    """Give the corrections that were themselves taken back: they stand in nobody's place, by id."""
    corrections = {entry.id for entry in entries if entry.replaces is not None and not takes_back(entry)}
    taken = {e.replaces for e in entries if takes_back(e) and e.replaces is not None and e.replaces < e.id}
    return taken & corrections


def takes_back(entry: CheckIn) -> bool:
    """Say whether an entry only takes another one back: it speaks of no window."""
    return entry.replaces is not None and not entry.windows


def _meant(entry: CheckIn, candidates: Sequence[Session]) -> Session | None:
    """Find the run that an entry about a recording speaks of.

    A recording that was resumed after an hour or more is two runs. A symptom is of the last one that had ended when it
    was told; an answer of none counts only while there was no later one that it could have meant.
    """
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    ended = [run for run in candidates if run.ended_at <= entry.said_at] or [candidates[0]]
    if what_symptoms(entry) or ended[-1] is candidates[0]:
        return ended[-1]
    return None


def _last(instants: Sequence[datetime | None]) -> datetime | None:
    """Give the last of some instants; None where one of them is unknown."""
    known = [instant for instant in instants if instant is not None]
    return max(known) if len(known) == len(instants) else None


def _now(entry: CheckIn) -> list[Symptom]:
    """Give what an entry says of the time it was made at; of a run that is none any more it keeps the next day."""
    what = what_symptoms(entry)
    window = Window.NEXT_DAY if Window.NEXT_DAY in entry.windows else Window.ANY
    return [Symptom(at=entry.said_at, session=None, window=window, what=what, check_in=entry)] if what else []


def _in_time(symptom: Symptom) -> tuple[datetime, int]:
    return symptom.at, symptom.check_in.id


def _around(runs: Sequence[Session], symptoms: Iterable[Symptom]) -> dict[str, list[Symptom]]:
    starts = [run.started_at for run in runs]
    found: dict[str, list[Symptom]] = {}
    for symptom in symptoms:
        before = bisect_left(starts, symptom.at)  # in the very instant a run begins it is of the run before
        if symptom.session is not None:
            found.setdefault(symptom.session.id, []).append(symptom)
        elif before:
            found.setdefault(runs[before - 1].id, []).append(symptom)
    return found


def _windows(session: Session, zone: tzinfo, entries: list[CheckIn]) -> dict[Window, WindowLog]:
    midnight = after_closes(session, zone)
    opens = next_day_opens(session, zone)
    # "during" is told after the run, "after" in its evening; an early word about tomorrow says nothing.
    spans = {
        Window.DURING: (session.ended_at, session.ended_at),
        Window.AFTER: (session.ended_at, midnight),
        Window.NEXT_DAY: (opens, max(opens, _at(session, zone, days=2, clock=time()))),
    }
    return {
        window: _window(session, window, spans[window], [e for e in entries if window in e.windows])
        for window in RUN_WINDOWS
    }


def _window(session: Session, window: Window, span: tuple[datetime, datetime], entries: list[CheckIn]) -> WindowLog:
    opens, closes = span

    def about(entry: CheckIn) -> datetime:
        return max(session.ended_at, min(entry.said_at, closes))

    telling = [e for e in entries if e.said_at >= opens]
    answers = []
    for field in ("pain", "leakage", "heaviness"):
        known = [about(e) for e in telling if getattr(e, field) is not None]
        answers.append(min(known, default=None))
    answered = _last(answers)
    return WindowLog(
        opens=opens,
        closes=closes,
        answered_at=answered,
        symptoms=tuple(
            Symptom(at=about(e), session=session, window=window, what=what, check_in=e)
            for e in entries
            if (what := what_symptoms(e))
        ),
        late=answered is not None and window is not Window.DURING and all(e.said_at > closes for e in telling),
    )
