"""Her own table of check-ins: a line that is taken for another one holds her for nothing, or lets a symptom slip."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.answers import URGENT_SIGNS, CheckIn, Heaviness, Leakage, Window
from monitor.checkin_file import COLUMNS, KNOWN, NotACheckInFile, Row, RowTrouble, parse
from monitor.checkin_rows import Placing, place
from tests.stories import BIRTH, LISBON, MONDAY, Life

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HEAD = "answered_at,pain,leakage,heaviness,note\n"
NOTE = "the dog was called Bruno"


def read(text: str | bytes, zone: ZoneInfo = BERLIN, now: datetime = NOW) -> list[Row | RowTrouble]:
    return parse(text.encode() if isinstance(text, str) else text, lambda _: zone, now)


def rows(text: str | bytes) -> list[Row]:
    found = read(text)
    assert not [str(r) for r in found if isinstance(r, RowTrouble)]
    return [r for r in found if isinstance(r, Row)]


def trouble(text: str | bytes) -> str:
    (found,) = [str(r) for r in read(text) if isinstance(r, RowTrouble)]
    return found


def test_every_column_is_read() -> None:
    (row,) = rows(
        "Note,Answered_At,SESSION,Windows,pain,site,kind,leakage,leakage of,heaviness,bleeding,in-bout,gait_changed,"
        "urgent,soreness,effort,sleep_h,fatigue\n"
        '"hill, steep",2026-03-02T20:15+01:00,2026-03-02,"during, next day",2,knee,bone focal,drops,urine,mild,same,'
        "stopped,yes,chest pain; calf,no,6,6.5,3\n"
    )
    assert (row.line, row.session, row.windows) == (2, "2026-03-02", {Window.DURING, Window.NEXT_DAY})
    assert row.answered_at == datetime(2026, 3, 2, 19, 15, tzinfo=UTC)
    assert row.answers == {
        "pain": 2,
        "site": "knee",
        "pain_kind": "bone_focal",
        "leakage": "drops",
        "leakage_of": "urine",
        "heaviness": "mild",
        "bleeding": "same",
        "in_bout": "stopped",
        "gait_changed": True,
        "urgent": {"chest_pain", "calf"},
        "soreness": False,
        "effort": 6,
        "sleep_h": 6.5,
        "fatigue": 3,
        "note": "hill, steep",
    }


def test_what_spreadsheets_write_is_read_alike() -> None:
    """The same table saved by three programs is the same table, or each save would log everything again."""
    plain = rows("answered_at,sleep_h,pain\n2026-03-02 20:15,6.5,2\n")
    german = rows("\ufeffsep=;\r\nanswered_at;sleep_h;pain\r\n2026-03-02 20:15;6,5;2\r\n")
    tabs = rows("pain\tanswered_at\tsleep_h\r2 \t 2026-03-02 20:15\t6.5\r")
    assert [r.answers for r in plain] == [r.answers for r in german] == [r.answers for r in tabs]
    assert plain[0].hash == tabs[0].hash
    assert (plain[0].line, german[0].line) == (2, 3)


def test_nothing_answers_three_questions() -> None:
    (row,) = rows("answered_at,nothing\n2026-03-02 20:15,yes\n")
    assert row.answers == {"pain": 0, "leakage": Leakage.NONE, "heaviness": Heaviness.NONE}
    assert row.nothing
    assert trouble("answered_at,nothing,pain\n2026-03-02 20:15,yes,3\n") == (
        "line 2, pain: expected none, or no entry under nothing: they contradict each other"
    )
    assert "expected an answer" in trouble("answered_at,nothing,pain\n2026-03-02 20:15,no,\n")


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("pain", "11", "a whole number from 0 (none) to 10"),
        ("pain", "2.5", "a whole number from 0 (none) to 10"),
        ("pain", "٣", "a whole number from 0 (none) to 10"),
        ("site", "leg", "one of low back, pelvis"),
        ("kind", "dull", "one of pain, bone_focal, night"),
        ("leakage", "a bit", "one of none, drops, wet, soaked"),
        ("leakage_of", "both", "one of urine, stool"),
        ("heaviness", "some", "one of none, mild, clear, bulge"),
        ("bleeding", "red", "one of none, same, period, more"),
        ("in_bout", "yes", "one of stopped, finished, later"),
        ("gait_changed", "a bit", "yes or no"),
        ("urgent", "calf and hip", "one of chest_pain"),
        ("urgent", ";", "some of chest_pain"),
        ("soreness", "7", "yes or no"),
        ("effort", "hard", "a whole number from 0 (none) to 10"),
        ("sleep_h", "25", "hours of sleep from 0 to 24"),
        ("fatigue", "-1", "a whole number from 0 (none) to 10"),
        ("windows", "evening", "one of during, after, next_day, any"),
        ("nothing", "perhaps", "yes or no"),
    ],
)
def test_a_cell_that_is_no_answer_is_named_and_not_repeated(column: str, cell: str, expected: str) -> None:
    """She finds the cell by line and column; what stands in it is health data, and belongs in no message."""
    said = trouble(f'answered_at,note,{column}\n2026-03-02 20:15,{NOTE},"{cell}"\n')
    assert said.startswith(f"line 2, {column}: expected {expected}")
    assert NOTE not in said


@pytest.mark.parametrize(
    "when",
    ["", "2026-03-02", "02.03.2026 20:15", "3/2/2026 20:15", "20:15", "2026-02-30 20:15", "2026-03-02 25:00"],
)  # fmt: skip
def test_a_time_that_could_mean_another_is_not_guessed(when: str) -> None:
    """2 March read as 3 February puts a symptom into another run."""
    assert trouble(f"answered_at,pain\n{when},1\n").startswith(
        "line 2, answered_at: expected a day and a time, like 2026"
    )


@pytest.mark.parametrize("year", ["0001", "1066", "9999"])
def test_a_year_that_nobody_means_is_no_answer(year: str) -> None:
    """The store refuses it, and the other lines of the file would be lost with it."""
    assert "check the year" in trouble(f"answered_at,pain\n{year}-03-02 20:15,1\n")


def test_an_answer_from_the_future_is_none() -> None:
    assert "still to come" in trouble("answered_at,pain\n2026-11-01 13:01,1\n")
    assert rows("answered_at,pain\n2026-11-01 12:59,1\n")


def test_the_nights_on_which_clocks_change_are_said() -> None:
    """An hour that came twice is not guessed; one that never came is a slip of the pen."""
    assert "put forward that night" in trouble("answered_at,pain\n2026-03-29 02:30,1\n")
    twice = trouble("answered_at,pain\n2026-10-25 02:30,1\n")
    assert "+02:00 or +01:00" in twice
    assert "twice that night" in twice
    (row,) = rows("answered_at,pain\n2026-10-25 02:30+01:00,1\n")
    assert row.answered_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("\ufeff \n", "has no line that names its columns"),
        (f"{NOTE},2\n", "has no line that names its columns"),
        ("answered_at,pian\n", "not known: pian."),
        (f"answered_at,{'x' * 50}\n", "x…"),
        ("answered_at,,pain\n", "column 2, without a name"),
        ("answered_at,pain,Pain\n", "names a column twice: pain"),
        ("pain,leakage\n1,none\n", "has no column answered_at"),
        (HEAD.encode("utf-16"), "is not written in UTF-8"),
        ("answered_at,note\n2026-03-02,Größe".encode("latin-1"), "is not written in UTF-8"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(text: str | bytes, why: str) -> None:
    with pytest.raises(NotACheckInFile) as refused:
        read(text)
    assert why in str(refused.value)
    assert NOTE not in str(refused.value)


def test_good_lines_are_taken_beside_bad_ones() -> None:
    found = read(
        HEAD
        + "2026-03-02 20:15,0,none,none,fine\n"
        + "\n"
        + f"2026-03-03 20:15,x,none,none,{NOTE}\n"
        + '2026-03-04 20:15,0,none,none,"over\ntwo lines"\n'
        + f"2026-03-05 20:15,0,none,none,{NOTE},more\n"
        + ",,,,\n"
        + "2026-03-06 20:15,1\n"
    )
    assert [(type(r).__name__, r.line) for r in found] == [
        ("Row", 2), ("RowTrouble", 4), ("Row", 5), ("RowTrouble", 7), ("Row", 9),
    ]  # fmt: skip
    assert "expected 5 cells" in str(found[3])
    assert isinstance(found[2], Row)
    assert found[2].answers["note"] == "over\ntwo lines"


def test_a_quote_that_is_never_closed_swallows_no_line_in_silence() -> None:
    """The lines after it would be one long note, and the symptom in them gone."""
    found = read(HEAD + f'2026-03-02 20:15,0,none,none,"{NOTE}\n2026-03-03 20:15,3,wet,mild,\n')
    assert [type(r) for r in found] == [RowTrouble]
    assert "line 2" in str(found[0])
    assert "quotes" in str(found[0])


@pytest.mark.parametrize("day", ["2026/3/2", "2026/03/02"])
def test_a_day_that_a_spreadsheet_wrote_its_own_way_is_the_same_line_as_before(day: str) -> None:
    """Opening her sheet and saving it again must not log the whole of it a second time."""
    head = "answered_at,session,pain\n"
    (plain,) = rows(head + "2026-03-02 20:15,2026-03-02,2\n")
    (saved,) = rows(head + f"{day} 20:15,{day},2\n")
    assert (saved.answered_at, saved.session, saved.hash) == (plain.answered_at, "2026-03-02", plain.hash)


@pytest.mark.parametrize(
    "day", ["3/2/2026 20:15", "3/2/2026 8:15:00 PM", "13/2/2026 20:15", "3/2/26", "02.03.2026 20:15"]
)
def test_a_day_that_may_be_two_is_not_guessed_and_she_is_told_what_to_do(day: str) -> None:
    """An answer of the wrong month would be about no run, or about another one."""
    said = trouble(f"answered_at,pain\n{day},2\n")
    assert "may be two days" in said
    assert "yyyy-mm-dd hh:mm" in said


@pytest.mark.parametrize("day", ["2026/2/30 20:15", "2026/13/1 20:15", "2026/3/2"])
def test_a_day_that_is_none_is_named(day: str) -> None:
    assert "line 2, answered_at: expected a day and a time" in trouble(f"answered_at,pain\n{day},2\n")


def test_the_head_of_a_table_in_its_middle_is_no_line_that_failed() -> None:
    """Two months put one under the other; a failure that is none would make her look for a lost answer."""
    assert [r.line for r in rows(f"{HEAD}2026-03-02 20:15,0,none,none,\n{HEAD}2026-03-03 08:00,0,none,none,\n")] == [
        2,
        4,
    ]


def test_a_table_of_something_else_is_refused_before_all_of_it_is_hers() -> None:
    """A log of a sensor has a million lines, and each would be an entry that every command has to read."""
    line = "2026-03-02 20:15,0,none,none,\n"
    with pytest.raises(NotACheckInFile, match="more than 20000 lines"):
        read(HEAD + line * 20_001)
    assert len(rows(HEAD + line * 3_000)) == 3_000


def test_a_cell_without_end_is_named_for_what_it_is() -> None:
    said = trouble(HEAD + f"2026-03-02 20:15,0,none,none,{'a' * 200_000}\n")
    assert "expected cells of at most" in said
    assert "quotes" not in said


def test_a_formula_is_only_text() -> None:
    (row,) = rows(HEAD + '2026-03-02 20:15,0,none,none,"=HYPERLINK(""http://x"")"\n')
    assert row.answers["note"] == '=HYPERLINK("http://x")'
    (row,) = rows(HEAD + "2026-03-02 20:15,0,none,none,\x1b[2Jgone\x07\n")
    assert row.answers["note"] == "[2Jgone"


CELLS = st.sampled_from(
    ["", "0", "2", "none", "drops", "yes", "no", "2026-03-02 20:15", "2026-10-25 02:30", "0001-01-01 00:00",
     "9999-12-31 23:59-12:00", "6,5", '"', '"a', "=1+1", "during;after", "calf", "\x00", "\r", "knee"]
) | st.text(max_size=12)  # fmt: skip


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    """A crash in the middle of a file leaves her without the lines that were good."""
    try:
        found = read(data)
    except NotACheckInFile:
        return
    assert all(isinstance(r, Row | RowTrouble) for r in found)


@given(
    st.lists(st.sampled_from(KNOWN), min_size=1, max_size=8, unique=True),
    st.lists(st.lists(CELLS, max_size=9), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_any_cells_give_rows_or_troubles(
    columns: list[str], table: list[list[str]], separator: str, quoted: bool
) -> None:
    if quoted:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows([["answered_at", *columns], *table])
        data = text.getvalue()
    else:
        data = "\n".join(separator.join(cells) for cells in [["answered_at", *columns], *table])
    try:
        found = read(data.encode("utf-8", "replace"))
    except NotACheckInFile:
        assert "answered_at" in columns or not quoted
        return
    for one in found:
        assert isinstance(one, Row | RowTrouble)
        if isinstance(one, Row):
            assert one.answered_at <= NOW
            assert one.answers
            assert set(one.answers) <= set(COLUMNS.values())


# Which run a row is about


def placed(life: Life, text: str, at: datetime) -> Placing:
    return place(parse(text.encode(), life.facts.zone_at, at.astimezone(UTC)), life.at(at), at.astimezone(UTC))


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


@pytest.fixture
def life() -> Life:
    """Run on Monday and on Wednesday at seven."""
    life = Life.ready()
    life.runs(MONDAY, 1)
    life.runs(MONDAY + timedelta(days=2), 1)
    return life


def identity(day: datetime) -> str:
    return f"run-{day.astimezone(UTC).isoformat()}"


WEEK_LATER = MONDAY + timedelta(days=7)


def test_each_line_finds_its_run_and_what_was_due_then(life: Life) -> None:
    found = placed(
        life,
        "answered_at,nothing,pain\n"
        "2026-06-04 08:00,yes,\n"
        "2026-06-01 20:00,yes,\n"
        "2026-06-02 08:00,,0\n"
        "2026-06-02 08:05,,0\n"
        "2026-06-03 20:00,yes,\n",
        WEEK_LATER,
    )
    assert not found.troubles
    monday, wednesday = identity(MONDAY), identity(MONDAY + timedelta(days=2))
    assert [(p.line, p.check_in.recording, set(p.check_in.windows)) for p in found.placed] == [
        (2, wednesday, {"next_day"}),
        (3, monday, {"during", "after"}),
        (4, monday, {"next_day"}),
        (5, monday, {"next_day"}),  # leakage and heaviness were still missing
        (6, wednesday, {"during", "after"}),
    ]
    assert all(p.check_in.recorded_at == WEEK_LATER.astimezone(UTC) for p in found.placed)
    assert found.placed[1].check_in.said_at == datetime(2026, 6, 1, 20, tzinfo=LISBON)


def test_late_words_count_for_no_run_that_they_do_not_name(life: Life) -> None:
    """Saturday's "nothing" may be about a run that is not imported yet: it must not clear Wednesday's."""
    found = placed(
        life, "answered_at,nothing,session\n2026-06-06 20:00,yes,\n2026-06-06 20:01,yes,2026-06-03\n", WEEK_LATER
    )
    assert [(p.run is None, set(p.check_in.windows)) for p in found.placed] == [
        (True, {"any"}),
        (False, {"during", "after", "next_day"}),
    ]
    (refused,) = placed(life, "answered_at,nothing,windows\n2026-06-06 20:00,yes,after\n", WEEK_LATER).troubles
    assert str(refused) == "line 2, session: expected the name of the run; none that is known had ended just before"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-06-01 20:00,2026-06-01,next_day,1,,,", "windows: expected windows that had begun by then"),
        ("2026-06-01 20:00,2026-06-03,,1,,,", "answered_at: expected a time after the run"),
        ("2026-06-01 20:00,2026-06-09,,1,,,", "session: expected a run"),
        (f"{BIRTH - timedelta(days=1)} 20:00,,,1,,,", "answered_at: expected a day after the birth"),
        ("2026-06-01 20:00,,,0,night,,", "kind: a kind of pain and pain 0 contradict"),
        ("2026-06-01 20:00,,,,,none,stool", "leakage_of: what leaked and no leakage contradict"),
        ("2026-06-01 20:00,,after,1,,,,stopped", "in_bout: what you did in the jog is about the run"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(life: Life, row: str, why: str) -> None:
    text = f"answered_at,session,windows,pain,kind,leakage,leakage_of,in_bout\n{row}\n"
    found = placed(life, text, WEEK_LATER)
    assert [str(t)[: len(f"line 2, {why}")] for t in found.troubles] == [f"line 2, {why}"]
    assert not found.placed


def test_a_file_that_grew_adds_what_is_new(life: Life) -> None:
    """She saves the same sheet every week: the old lines must not become a second symptom each time."""
    text = "answered_at,pain,note\n2026-06-01 20:00,2,a\n2026-06-01 20:00,2,a\n"
    first = placed(life, text, MONDAY + timedelta(days=1))
    assert (len(first.placed), first.known) == (1, 1)
    for one in first.placed:
        life.tell(one.check_in)
    again = placed(life, text + "2026-06-02 09:00,0,b\n", WEEK_LATER)
    assert ([p.line for p in again.placed], again.known) == ([4], 2)
    reordered = placed(life, "note;pain;answered_at\na;2;2026-06-01 20:00\n", WEEK_LATER)
    assert (len(reordered.placed), reordered.known) == (0, 1)


def test_a_line_that_was_taken_back_stays_taken_back(life: Life) -> None:
    text = "answered_at,pain\n2026-06-01 20:00,2\n"
    (one,) = placed(life, text, WEEK_LATER).placed
    entry = life.tell(one.check_in)
    life.tell(CheckIn(id=0, recorded_at=WEEK_LATER, recording=entry.recording, windows=frozenset(), replaces=entry.id))
    assert placed(life, text, WEEK_LATER).known == 1


def test_a_file_says_what_the_same_answers_by_hand_would_say(life: Life) -> None:
    """Answers kept on paper and typed in a week later earn what they would have earned on the day."""
    by_hand = Life(observed=list(life.observed), facts=life.facts, next_id=life.next_id)
    lines = "answered_at,nothing\n"
    for run in life.observed:
        for after, windows in ((13, ("during", "after")), (25, ("next_day",))):
            at = run.ended_at + hours(after)
            by_hand.answers(run, at, [Window(w) for w in windows])
            lines += f"{at.isoformat(timespec='minutes')},yes\n"
    for one in placed(life, lines, WEEK_LATER).placed:
        life.tell(one.check_in)
    typed, told = life.at(WEEK_LATER), by_hand.at(WEEK_LATER)
    assert [j.clean for j in typed.judged] == [j.clean for j in told.judged] == [True, True]
    assert typed.recommendation.outcome == told.recommendation.outcome


def test_an_urgent_sign_in_a_file_is_of_its_own_time(life: Life) -> None:
    """Dated back to the run, a clinician seen in between would seem to have known of it."""
    text = "answered_at,session,urgent\n2026-06-01 20:00,,{0}\n2026-06-05 20:00,2026-06-01,{0}\n"
    for sign in URGENT_SIGNS:
        evening, late = placed(life, text.format(sign), WEEK_LATER).placed
        assert evening.check_in.urgent == late.check_in.urgent == {sign}
        assert evening.check_in.windows == {"during", "after"}
        assert late.check_in.windows == {"next_day", "any"}
