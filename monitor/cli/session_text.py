"""Sessions in words, from the report's values: a table of many, one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from analysis import rounding
from monitor.cli.layout import Heading, bullets, columns, named, table, wrapped
from monitor.report import units, wording
from monitor.report.model_sessions import BoutView, FindingView, GaitName, PerformedView, SessionView, WindowView
from monitor.report.numbers import raises
from monitor.report.states import state
from monitor.report.units import Units

HEAD = ("session", "stage", "done/asked", "jog/walk", "ratio", "rest", "symptoms", "verdict")
STRIP: dict[GaitName, str] = {"jog": "#", "walk": "-", "stand": ".", "pause": " ", "unknown": "?"}
LEGEND = "# jog   - walk   . stand   ? could not tell   (blank: paused)"
STATES = ("symptom", "unanswered", "not due")  # what outweighs what, in one word for a run
BY_HAND, CORRECTED = "*", "^"  # of a session that rests on her word; the trace marks by the same what she corrected
WINDOW = {"during": "during", "after": "after", "next_day": "next day"}
AHEAD = "dated later than now, by a wrong clock: what may have been a run holds until it is left out"


def listed(sessions: Iterable[SessionView], as_of: datetime) -> Iterator[str]:
    """Write sessions as a table, runs with how they count, the others as what they are; below it whose word it is."""
    of = list(sessions)
    yield from table(HEAD, [_row(session, as_of) for session in of], right={2, 3}, whole={0}, least=(4, 3, 5, 1))
    if any(session.by_hand for session in of):
        yield f"{BY_HAND} by hand: your word, no watch recorded it"
    if any(session.corrected for session in of):
        yield f"{CORRECTED} corrected by you"


def day(session: SessionView) -> str:
    """Name a session as it is typed, after its day of the week."""
    return f"{wording.DAYS[session.local_date.weekday()]} {session.id}"


def _row(session: SessionView, as_of: datetime) -> tuple[str, ...]:
    if session.verdict is None:
        return day(session), "", "", "", "", "", "", f"{session.kind}{whose_word(session)}"
    done = session.performed
    is_continuous = done is not None and done.ratio == "continuous"
    return (
        day(session),
        "" if session.stage is None else str(session.stage),
        beside(session),
        "" if done is None or done.ratio is None else "no walks" if is_continuous else each(done),
        "" if done is None or is_continuous else done.ratio or "",
        "" if session.rest_before_h is None else f"{rounding.down(session.rest_before_h):.0f} h",
        answered(session.windows),
        f"{state(session, as_of)}{whose_word(session)}",
    )


def beside(session: SessionView) -> str:
    """Write the jogging that was done beside what was asked, where anything was: "6:58/7:00"."""
    done = "?" if session.performed is None else wording.clock_of(session.performed.jog_s)
    return done if session.prescribed is None else f"{done}/{wording.clock_of(session.prescribed.jog_total_s)}"


def each(done: PerformedView) -> str:
    """Write what one jog and one walk break took: "4:01/1:00"."""
    return f"{wording.clock_of(done.jog_bout_s)}/{wording.clock_of(done.walk_bout_s)}"


def whose_word(session: SessionView) -> str:
    """Mark a session that rests on her own word, in whole or in part."""
    return BY_HAND * bool(session.by_hand) + CORRECTED * bool(session.corrected)


def copies(session: SessionView) -> Iterator[str]:
    """Name the recordings that add nothing to a session, and say why."""
    for file in session.files:
        if file.why_not_counted is not None:
            yield f"{file.file_name} {file.why_not_counted}"


def recorded_twice(sessions: Iterable[SessionView]) -> Iterator[str]:
    """Write which sessions were recorded more than once, and why those are one."""
    for session in sessions:
        for copy in copies(session):
            yield f"{day(session)}  {copy}"


def left_out(session: SessionView) -> str:
    """Write a session that does not count, and why."""
    why = AHEAD if session.counted == "ahead" else f"ignored by you: {session.ignored_because}"
    files = ", ".join(file.file_name for file in session.files)
    return f"{day(session)}, {when(session)}: {wording.length(session.duration_s)} ({files}); {why}"


def answered(windows: Sequence[WindowView]) -> str:
    """Say in a word whether symptoms were logged for a run, or which question about them is still open."""
    states = {window.state for window in windows}
    found = next((one for one in STATES if one in states), "none" if windows else "")
    return "no answer" if found == "unanswered" else found


def answers(windows: Iterable[WindowView]) -> str:
    """Say of each window how it stands."""
    return ", ".join(f"{WINDOW[w.window]}: {w.state}{' (late)' if w.late else ''}" for w in windows)


def found(finding: FindingView, zone: tzinfo) -> str:
    """Write a finding with the code of its rule."""
    return " ".join(filter(None, (finding.message, raises(finding.evidence, zone), f"[{finding.code}]")))


def in_full(
    session: SessionView,
    zone: tzinfo,
    as_of: datetime,
    *,
    drawn: Sequence[str] = (),
    logged: Sequence[str] = (),
    shown: Units = Units.METRIC,
) -> Iterator[str]:
    """Write one session: what was done, bout by bout, what was prescribed, found and answered.

    Args:
        session: any session.
        zone: hers; the clock of a run elsewhere is the one there.
        as_of: when it is looked at.
        drawn: its trace; without one its bouts are drawn on a line.
        logged: her check-ins about it.
        shown: the units of distances and paces.
    """
    there = clock_zone(session, zone)
    yield wrapped(f"{session.id}: {session.kind}, {wording.day(session.local_date)}, {when(session)}")
    yield ""
    yield from named(_facts(session, there, as_of, shown))
    if session.bouts:
        yield ""
        yield from drawn or (f"  {strip(session.bouts)}", f"  {LEGEND}")
        yield ""
        yield from bouts(session.bouts, there, shown)
    if session.findings:
        yield ""
        yield Heading("What was found")
        yield from bullets(found(f, zone) for f in session.findings)
    unsaid = why_not(session)
    if unsaid:
        yield ""
        yield Heading("Why it does not count as clean")
        yield from bullets(unsaid)
    if logged:
        yield ""
        yield Heading("What you logged")
        yield from bullets(logged)
    notes = [note.message for note in session.notes if note.code != "copy"]  # named above
    if notes:
        yield ""
        yield Heading("How the files were read")
        yield from bullets(map(wording.sentence, notes))


def clock_zone(session: SessionView, zone: tzinfo) -> tzinfo:
    """Give the zone of the clock where she ran."""
    return wording.fixed_zone(session.utc_offset_s) if session.away else zone


def when(session: SessionView) -> str:
    """Write the time of day where she ran, with the offset where that is not her own zone's."""
    away = f" ({wording.offset(timedelta(seconds=session.utc_offset_s))})" if session.away else ""
    return f"{session.local_clock}{away}"


def why_not(session: SessionView) -> list[str]:
    """Give what kept a run from being clean, but for what its findings say already."""
    said = {finding.message for finding in session.findings}
    return [why for why in map(wording.sentence, session.why_not_clean) if why not in said]


def _facts(session: SessionView, there: tzinfo, as_of: datetime, shown: Units) -> Iterator[tuple[str, str]]:
    if session.counted == "ignored":
        yield "Ignored", f"by you: {session.ignored_because}"
    if session.counted == "ahead":
        yield "Not counted", AHEAD
    files = [f.file_name for f in session.files if f.counts and f.sha256 is not None]
    if files:
        yield "Files", ", ".join(files)
    if not_added := "; ".join(copies(session)):
        yield "Not added", not_added
    yield "What it is", session.why
    if session.prescribed is not None:
        yield "Prescribed", f"stage {session.stage}: {session.prescribed.text}"
    if session.performed is not None:
        yield "Performed", performed(session.performed, by_hand=bool(session.by_hand))
    if session.difference is not None:
        yield "Difference", f"{session.difference.text} (performed less prescribed)"
    if session.by_hand:
        yield "By hand", f"{'; '.join(session.by_hand)} (your word; no watch recorded it)"
    if session.corrected:
        yield "Corrected", f"by you: {wording.corrections(session.corrected, there)}"
    if session.doubt:
        yield "In doubt", session.doubt
    if session.distance_m is not None:
        yield "Distance", units.distance(session.distance_m, shown) or ""
    if session.rest_before_s is not None:
        yield "Rest before", wording.rest(session.rest_before_s)
    if session.windows:
        yield "Check-ins", answers(session.windows)
    if session.verdict is not None:
        yield "Verdict", state(session, as_of) or session.verdict


def performed(done: PerformedView, *, by_hand: bool = False) -> str:
    """Say what was done in the main set; what she told by hand was not measured, so it has no error to state."""
    error = "by your word" if by_hand and not done.jog_error_s else f"±{wording.error(done.jog_error_s)}"
    breaks = f" and walks of {wording.clock_of(done.walk_bout_s)}" if done.walk_bout_s else ""
    of = f" of {wording.clock_of(done.jog_bout_s)}{breaks}" if done.repeats > 1 or breaks else ""
    parts = [f"{wording.clock_of(done.jog_s)} min of jogging ({error}) in {wording.count(done.repeats, 'jog')}{of}"]
    if done.ratio is not None:
        parts.append(f"jog:walk {done.ratio}")
    parts.append(f"longest jog {wording.clock_of(done.longest_jog_s)}")
    parts.append(f"main set {wording.clock_of(done.main_set_s)}")
    return ", ".join(parts)


def bouts(of: Sequence[BoutView], zone: tzinfo, shown: Units = Units.METRIC) -> Iterator[str]:
    """Write bouts as a table."""
    rows = [
        (
            b.gait,
            wording.to_the_second(b.start, zone),
            wording.clock_of(b.length_s),
            "" if b.distance_m is None else f"{rounding.nearest(b.distance_m):.0f} m",
            units.speed(b.mean_speed_mps) or "",
            units.pace_clock(b.mean_speed_mps, shown),
            "" if b.mean_cadence_spm is None else f"{rounding.nearest(b.mean_cadence_spm):.0f}",
            "by you" if b.by_her_word else wording.percent(b.confidence),
        )
        for b in of
    ]
    head = ("gait", "from", "length", "distance", "speed", f"min/{units.unit(shown)}", "steps/min", "sure")
    yield from table(head, rows, right=range(2, 8), least=(3, 4, 6))


def strip(of: Sequence[BoutView]) -> str:
    """Draw bouts on one line."""
    return "".join(STRIP[gait] for gait in gaits(of, columns() - 4)).rstrip()


def gaits(of: Sequence[BoutView], cells: int) -> list[GaitName]:
    """Divide bouts into cells of equal time, each of the gait that fills most of it."""
    start, end = of[0].start, of[-1].end
    cell = (end - start) / cells
    return [_most(of, start + n * cell, start + (n + 1) * cell) for n in range(cells)]


def _most(of: Iterable[BoutView], start: datetime, end: datetime) -> GaitName:
    seconds: dict[GaitName, float] = dict.fromkeys(STRIP, 0.0)
    for bout in of:
        seconds[bout.gait] += max(0.0, (min(end, bout.end) - max(start, bout.start)).total_seconds())
    return max(STRIP, key=lambda gait: seconds[gait])
