"""Her check-ins, and the symptoms in them, as the report holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, cast

from analysis import rounding
from monitor.answers import CheckIn, Window
from monitor.checkins import NEEDED, session_zone, takes_back
from monitor.report.answers import in_words
from monitor.report.model_answers import CheckInView, SymptomView
from monitor.report.source import Source
from monitor.symptoms import Kind, Symptom, what_symptoms

KINDS = tuple(kind.value for kind in Kind)


def check_in_views(source: Source) -> Iterator[CheckInView]:
    """Write all of her entries, in the order she answered, corrected ones too."""
    for entry in sorted(source.standing.facts.check_ins, key=lambda c: (c.said_at, c.recorded_at, c.id)):
        yield _check_in(entry, source)


def _check_in(entry: CheckIn, source: Source) -> CheckInView:
    session, by = source.session_of.get(entry.id), source.replaced.get(entry.id)
    return CheckInView(
        id=entry.id,
        said_at=entry.said_at,
        recorded_at=entry.recorded_at,
        session_id=session.id if session else None,
        windows=tuple(w.value for w in Window if w in entry.windows),
        late=_is_late(entry, source),
        counts=by is None and not takes_back(entry),
        pain=entry.pain,
        pain_site=entry.site,
        pain_kind=entry.pain_kind.value if entry.pain_kind else None,
        leakage=entry.leakage.value if entry.leakage else None,
        leakage_of=entry.leakage_of.value if entry.leakage_of else None,
        heaviness=entry.heaviness.value if entry.heaviness else None,
        bleeding=entry.bleeding.value if entry.bleeding else None,
        in_bout=entry.in_bout.value if entry.in_bout else None,
        gait_changed=entry.gait_changed,
        urgent=tuple(sorted(sign.value for sign in entry.urgent)),
        soreness=entry.soreness,
        effort=entry.effort,
        sleep_h=rounding.known(entry.sleep_h, 2),
        fatigue=entry.fatigue,
        note=entry.note,
        symptoms=what_symptoms(entry),
        text=", ".join(in_words(entry)),
        replaces=entry.replaces,
        replaced_by=None if by is None else by.id,
        takes_back=takes_back(entry),
        from_file=entry.row is not None,
    )


def _is_late(entry: CheckIn, source: Source) -> bool:
    session = source.session_of.get(entry.id)
    if session is None or session.id not in source.judged:
        return False
    windows = source.standing.log.of(session)
    return any(entry.said_at > windows[w].closes for w in NEEDED if w in entry.windows)


def symptom_views(source: Source) -> Iterator[SymptomView]:
    """Write the symptoms of the entries that stand, and those that a correction does not take away, in time order."""
    log = source.standing.log
    known = {(s.check_in.id, s.window): s for s in (*log.symptoms, *log.grave)}
    for symptom in sorted(known.values(), key=lambda s: (s.at, s.check_in.id, s.window.value)):
        what = tuple(kind for kind in KINDS if kind in symptom.kinds)
        yield SymptomView(
            at=symptom.at,
            on=_day_of(symptom, source),
            window=symptom.window.value,
            session_id=symptom.session.id if symptom.session else None,
            check_in=symptom.check_in.id,
            kinds=cast("tuple[Literal['pain', 'leakage', 'heaviness', 'other'], ...]", what or ("other",)),
            pain=symptom.check_in.pain,
            what=symptom.what,
            severity="urgent" if symptom.urgent else "severe" if symptom.severe else "symptom",
        )


def _day_of(symptom: Symptom, source: Source) -> date:
    """Give the local day a symptom belongs to; an answer that came late belongs to the last day of its window."""
    session, at = symptom.session, symptom.at
    if session is None:
        return source.local_date(at)
    window = source.standing.log.of(session)[symptom.window]
    if at >= window.closes > window.opens:
        at = window.closes - timedelta(microseconds=1)
    return at.astimezone(session_zone(session, source.standing.facts)).date()
