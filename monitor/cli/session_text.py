"""Sessions in words: a table of many, one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from analysis import rounding
from analysis.bouts import Bout, Gait
from analysis.performed import Performed
from analysis.plan import hours
from analysis.sessions import Session
from monitor.checkins import session_zone
from monitor.cli.layout import WIDTH, Heading, bullets, named, table, wrapped
from monitor.facts import Facts
from monitor.judged import Judged, difference
from monitor.manual import corrections, is_by_hand, logged_by_hand, whose_word
from monitor.report import units, wording
from monitor.report.answers import entries
from monitor.report.units import Units
from monitor.standing import LeftOut

HEAD = ("session", "stage", "jogged", "jog:walk", "rest", "symptoms", "verdict")
STRIP = {Gait.JOG: "#", Gait.WALK: "-", Gait.STAND: ".", Gait.PAUSE: " ", Gait.UNKNOWN: "?"}
LEGEND = "# jog   - walk   . stand   ? could not tell   (blank: paused)"
STATES = ("symptom", "unanswered", "not due")  # what outweighs what, in one word for a run
WINDOW = {"during": "during", "after": "after", "next_day": "next day"}


def listed(sessions: Iterable[Session], judged: Sequence[Judged]) -> Iterator[str]:
    """Write sessions as a table, runs with their verdict and the others as what they are."""
    of = {j.session.id: j for j in judged}
    rows = [_row(session, of.get(session.id)) for session in sessions]
    yield from table(HEAD, rows, whole={0})


def _row(session: Session, judged: Judged | None) -> tuple[str, ...]:
    day = f"{wording.DAYS[session.local_date.weekday()]} {session.id}"
    if judged is None:
        return day, "", session.kind, "", "", "", whose_word(session)
    done = session.performed
    return (
        day,
        "" if judged.stage is None else str(judged.stage),
        "?" if done is None else f"{clock(done.jog_s)} in {done.repeats}",
        "" if done is None else done.ratio or "",
        "" if judged.rest_before_s is None else hours(timedelta(seconds=judged.rest_before_s)).removesuffix(" min"),
        "" if judged.history else answered(judged.windows),
        ", ".join(filter(None, (verdict(judged), whose_word(session)))),
    )


def copies(session: Session) -> Iterator[str]:
    """Name the recordings that add nothing to a session, and say why."""
    for copy, verdict in session.copies:
        yield f"{copy.file_name} {wording.copied(verdict)}"


def recorded_twice(sessions: Iterable[Session]) -> Iterator[str]:
    """Write which sessions were recorded more than once, and why those are one."""
    for session in sessions:
        for copy in copies(session):
            day = f"{wording.DAYS[session.local_date.weekday()]} {session.id}"
            yield wrapped(f"{day}  {copy}", then="    ")


def left_out(ignored: Iterable[LeftOut], facts: Facts) -> Iterator[str]:
    """Write the sessions that she ignores."""
    for left in ignored:
        session = left.session
        local = session.started_at.astimezone(session_zone(session, facts))
        long = wording.length((session.ended_at - session.started_at).total_seconds())
        day = f"{wording.DAYS[session.local_date.weekday()]} {session.id}"
        yield wrapped(f"{day}  {wording.clock(local)}, {long}: {left.because}", then="    ")


def verdict(judged: Judged) -> str:
    """Say in a word how a run counts."""
    return "history" if judged.history else "clean" if judged.clean else "not clean"


def answered(windows: Mapping[str, str]) -> str:
    """Say in a word whether symptoms were logged for a run, or which question about them is still open."""
    states = windows.values()
    return next((state for state in STATES if state in states), "none")


def answers(windows: Mapping[str, str]) -> str:
    """Say of each window how it stands."""
    return ", ".join(f"{WINDOW[name]}: {state}" for name, state in windows.items())


def in_full(
    session: Session,
    judged: Judged | None,
    facts: Facts,
    *,
    drawn: Sequence[str] = (),
    ignored: str | None = None,
    shown: Units = Units.METRIC,
) -> Iterator[str]:
    """Write one session: what was done, bout by bout, what was prescribed, found and answered.

    Args:
        session: any session.
        judged: how it was judged, where it is a run.
        facts: for the zone of its day.
        drawn: its trace; without one its bouts are drawn on a line.
        ignored: why she left it out, if she did.
        shown: the units of distances and paces.
    """
    zone = session_zone(session, facts)
    local = session.started_at.astimezone(zone)
    yield wrapped(f"{session.id}: {session.kind}, {wording.day(session.local_date)}, {wording.clock(local)}")
    yield ""
    left_out = [("Ignored", f"by you: {ignored}")] if ignored is not None else []
    yield from named([*left_out, *_facts(session, judged, zone, shown)])
    if session.bouts:
        yield ""
        yield from drawn or (f"  {strip(session.bouts)}", f"  {LEGEND}")
        yield ""
        yield from bouts(session.bouts, zone, shown)
    if judged is not None and judged.findings:
        yield ""
        yield Heading("What was found")
        yield from bullets(f"{wording.sentence(f.message)} [{f.code}]" for f in judged.findings)
    unsaid = _unsaid(judged)
    if unsaid:
        yield ""
        yield Heading("Why it does not count as clean")
        yield from bullets(map(wording.sentence, unsaid))
    logged = [c for c in facts.check_ins if c.recording in session.identities]
    if logged:
        yield ""
        yield Heading("What you logged")
        yield from bullets(entries(logged, zone, among=facts.check_ins))
    notes = [message for r in session.recordings for _, message in r.notes]
    if notes:
        yield ""
        yield Heading("How the files were read")
        yield from bullets(map(wording.sentence, notes))


def _unsaid(judged: Judged | None) -> list[str]:
    """Give what kept a run from being clean, but for what its findings say already."""
    if judged is None:
        return []
    said = {finding.message for finding in judged.findings}
    return [why for why in judged.why_not_clean if why not in said]


def _facts(session: Session, judged: Judged | None, zone: tzinfo, shown: Units) -> Iterator[tuple[str, str]]:
    files = [r.file_name for r in session.recordings if not is_by_hand(r)]
    if files:
        yield "Files", ", ".join(files)
    if session.duplicates:
        yield "Not added", "; ".join(copies(session))
    yield "What it is", session.why
    if judged is not None and judged.prescription is not None:
        yield "Prescribed", f"stage {judged.stage}: {judged.prescription}"
    if session.performed is not None:
        yield "Performed", performed(session.performed)
    if judged is not None and (apart := difference(judged)) is not None:
        yield "Difference", f"{wording.compared(apart)} (performed less prescribed)"
    told = logged_by_hand(session)
    if told:
        yield "By hand", f"{'; '.join(told)} (your word; no watch recorded it)"
    hers = corrections(session)
    if hers:
        yield "Corrected", f"by you: {wording.corrections(hers, zone)}"
    if session.doubt:
        yield "In doubt", session.doubt
    if session.distance_m is not None:
        yield "Distance", units.distance(session.distance_m, shown) or ""
    if judged is not None:
        if judged.rest_before_s is not None:
            yield "Rest before", hours(timedelta(seconds=judged.rest_before_s))
        if not judged.history:
            yield "Check-ins", answers(judged.windows)
        yield "Verdict", verdict(judged)


def performed(done: Performed) -> str:
    """Say what was done in the main set."""
    parts = [
        f"{clock(done.jog_s)} of jogging (±{wording.error(done.jog_error_s)}) in {wording.count(done.repeats, 'jog')}"
    ]
    if done.ratio is not None:
        parts.append(f"jog:walk {done.ratio}")
    parts.append(f"longest jog {clock(done.longest_jog_s)}")
    parts.append(f"main set {clock(done.main_set_s)}")
    return ", ".join(parts)


def bouts(all_bouts: Sequence[Bout], zone: tzinfo, shown: Units = Units.METRIC) -> Iterator[str]:
    """Write bouts as a table."""
    rows = [
        (
            b.gait.value,
            f"{b.start.astimezone(zone):%H:%M:%S}",
            clock(b.seconds),
            "" if b.distance_m is None else f"{rounding.nearest(b.distance_m):.0f} m",
            "" if b.mean_speed_mps is None else f"{rounding.nearest(b.mean_speed_mps, 1)} m/s",
            units.pace_clock(b.mean_speed_mps, shown),
            "" if b.mean_cadence_spm is None else f"{rounding.nearest(b.mean_cadence_spm):.0f}",
            "by you" if b.by_her_word else wording.percent(b.confidence),
        )
        for b in all_bouts
    ]
    head = ("gait", "from", "length", "distance", "speed", f"min/{units.unit(shown)}", "steps/min", "sure")
    yield from table(head, rows, right=range(2, 8))


def strip(all_bouts: Sequence[Bout], width: int = WIDTH - 4) -> str:
    """Draw bouts on one line."""
    return "".join(STRIP[gait] for gait in gaits(all_bouts, width)).rstrip()


def gaits(all_bouts: Sequence[Bout], columns: int) -> list[Gait]:
    """Divide bouts into columns of equal time, each of the gait that fills most of it."""
    start, end = all_bouts[0].start, all_bouts[-1].end
    cell = (end - start) / columns
    return [_most(all_bouts, start + n * cell, start + (n + 1) * cell) for n in range(columns)]


def _most(all_bouts: Iterable[Bout], start: datetime, end: datetime) -> Gait:
    seconds = dict.fromkeys(Gait, 0.0)
    for bout in all_bouts:
        seconds[bout.gait] += max(0.0, (min(end, bout.end) - max(start, bout.start)).total_seconds())
    return max(Gait, key=lambda gait: seconds[gait])


def clock(seconds: float) -> str:
    """Write a length as minutes and seconds: 7:03."""
    return wording.clock_of(seconds)
