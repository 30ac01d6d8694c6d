"""How instants, dates and lengths are written for a person: each in one way, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Protocol

from analysis import rounding
from analysis.plan import hours
from analysis.plan import length as length
from analysis.verdict import Answer

if TYPE_CHECKING:
    from analysis.plan import Plan
    from analysis.verdict import Verdict
    from monitor.facts import PlanChoice
    from monitor.judged import Difference

# Not strftime: its names follow the machine's locale, and the report is in English.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: date) -> str:
    """Write a date so that nobody misreads day and month: "Tue 3 Mar 2026"."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """Write a date whose year is clear from beside it: "Tue 3 Mar"."""
    return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def clock(local: datetime) -> str:
    """Write the time of day, 24 hours."""
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(instant: datetime, zone: tzinfo) -> str:
    """Write an instant in a zone: "Tue 3 Mar 2026, 07:02"."""
    local = instant.astimezone(zone)
    return f"{day(local.date())}, {clock(local)}"


def earliest(instant: datetime, zone: tzinfo) -> str:
    """Write an instant from which something may happen, rounded up to the minute: never a minute too early."""
    up = timedelta(minutes=1) if instant.second or instant.microsecond else timedelta()
    return moment(instant.replace(second=0, microsecond=0) + up, zone)


def offset(of: timedelta) -> str:
    """Write an offset from UTC: "UTC+9", "UTC−3:30"."""
    total = round(of.total_seconds() / 60)
    hours, minutes = divmod(abs(total), 60)
    return f"UTC{'−' if total < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


def fixed_zone(offset_s: int) -> tzinfo:
    """Give the zone of a clock that is so many seconds ahead of UTC."""
    return timezone(timedelta(seconds=offset_s))


def error(of_s: float) -> str:
    """Write the error of a length, rounded up: never better than it is."""
    return length(rounding.whole_error_s(of_s))


def rest(of_s: float) -> str:
    """Write a rest in hours and minutes, rounded down: 47 h 59 min 59 s is not 48 h."""
    return hours(timedelta(seconds=of_s))


def percent(share: float) -> str:
    """Write a share in whole percent."""
    return f"{rounding.nearest(100 * rounding.share(share)):.0f}%"


def compared(apart: Difference) -> str:
    """Write performed less prescribed: "jogging +1:00, longest jog +0:09, walk breaks −0:08, main set −0:01"."""
    named = (
        ("jogging", apart.jog_s),
        ("longest jog", apart.longest_jog_s),
        ("walk breaks", apart.walk_bout_s),
        ("main set", apart.main_set_s),
    )
    return ", ".join(f"{name} {signed(seconds)}" for name, seconds in named if seconds is not None)


def signed(seconds: float) -> str:
    """Write a difference with its sign: "+1:00", "−0:08"."""
    whole = rounding.whole_s(seconds)
    return f"{'−' if whole < 0 else '+'}{clock_of(abs(whole))}"


def clock_of(seconds: float) -> str:
    """Write a length as minutes and seconds: 7:03."""
    minutes, rest = divmod(rounding.whole_s(seconds), 60)
    return f"{minutes}:{rest:02d}"


def count(n: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{n} {one if n == 1 else many or one + 's'}"


class _Did(Protocol):
    @property
    def gait(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


def corrections(spans: Iterable[_Did], zone: tzinfo) -> str:
    """Write what she said was done: "07:12:30 to 07:14:00 walk"; empty where she corrected nothing."""
    return ", ".join(f"{to_the_second(s.start, zone)} to {to_the_second(s.end, zone)} {s.gait}" for s in spans)


def copied(verdict: Verdict) -> str:
    """Say why a recording adds nothing to the one that leads, so as to follow its name."""
    return (
        f"is of the same run ({verdict.words})" if verdict.answer is Answer.SAME else f"adds nothing: {verdict.words}"
    )


def by_hand(told: Iterable[str]) -> str:
    """Mark what no watch recorded: "logged by hand: jog 1 min, walk 2 min, 7 times"; empty where nothing is hers."""
    said = "; ".join(told)
    return f"logged by hand: {said}" if said else ""


def to_the_second(instant: datetime, zone: tzinfo) -> str:
    """Write the time of day with its seconds, those that have begun."""
    local = instant.astimezone(zone)
    return f"{local.hour:02d}:{local.minute:02d}:{local.second:02d}"


def plan_in_use(plan: Plan, choice: PlanChoice | None, zone: tzinfo) -> str:
    """Say which plan it is, since when, and why."""
    name = "The default plan" if choice is None or choice.text is None else f"The plan “{plan.name}”"
    if choice is None:
        return f"{name}; no other was ever chosen."
    why = f" ({choice.because})" if choice.because else ""
    return f"{name}, since {moment(choice.at, zone)}{why}."


def sentence(text: str) -> str:
    """Begin a rule's words with a capital and end them with a full stop, so that several can follow one another."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?', '…')) else '.'}"
