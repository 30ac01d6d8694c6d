"""What follows from what came in, and telling her: each message is a row before it is said, and is said once.

A process that is killed in between leaves the row, and the next one says it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor import kept, messages, notify_settings
from monitor.config import ConfigError, Settings
from monitor.due import due
from monitor.facts import Issued, Runner
from monitor.issuing import bring_up_to_date, last_issued, weekly_instant
from monitor.message import Message, MessageKind, MessageState
from monitor.standing import Standing
from monitor.store import Store
from monitor.work import DUE_AT, Line


@dataclass(kw_only=True)
class Telling:
    """What is told to the runners of one data folder.

    Attributes:
        store, settings: whose, and where.
        now: the clock.
        tell: says a line; once it returns, the line was said.
        trouble: why notifications cannot be sent at all, in words.
    """

    store: Store
    settings: Settings
    now: Callable[[], datetime]
    tell: Callable[[Line], None]
    trouble: str | None = None

    def add(self, runner: Runner, message: Message | None) -> None:
        """Write down what is to be said, unless it was before."""
        if message is not None:
            self.store.messages.add(runner, message)

    def say_new(self, runner: Runner) -> None:
        """Say what was not said yet; it is noted only afterwards, so that it is said twice rather than never."""
        new = self.store.messages.all(runner, MessageState.NEW)
        if not new:
            return
        targets = notify_settings.of_runner(self._targets(), runner, self.store.runners())
        asked = False
        for message in new:
            if message.key.startswith("issued:"):
                self._write_report(runner, message)
            is_question = message.kind is MessageKind.DUE  # that there are questions is said once to a log
            discreet = "" if is_question and asked else message.log_line
            self.tell(Line(text=message.text, discreet=discreet, runner=runner.id))
            asked = asked or is_question
            state = notify_settings.state_once_said(message, targets)
            self.store.messages.update(runner, replace(message, state=state))

    def bring_up_to_date(self, runner: Runner) -> None:
        """Issue what is news, and write down what she is to be told of it: all of it or nothing."""
        now = self.now()
        with self.store.together():
            before = {issued.id for issued in self.store.facts(runner).issued}
            standing = bring_up_to_date(self.store, runner, now)
            zone = standing.facts.zone_at(now)
            for message in messages.urgent_signs(standing, now):
                self.add(runner, message)
            fresh = [issued for issued in standing.facts.issued if issued.id not in before]
            quiet = [issued for issued in fresh if not _is_told(issued)]
            for issued in fresh if fresh else _of_this_week(standing, now):
                if _is_told(issued):
                    self.add(runner, messages.recommended(issued, zone))
            asked_at = last_evening(standing, now)
            answers = [one for one in due(standing, now) if one.since <= asked_at]
            for message in messages.check_ins_due(answers, standing, now):
                self.add(runner, message)
            for message in messages.outdated(self.store.messages.all(runner, MessageState.PENDING), standing, now):
                self.store.messages.update(runner, message)
        for issued in quiet:  # she sees what holds after her run; nobody is called for it
            self.tell(Line(text=messages.recommended(issued, zone).text, discreet="", runner=runner.id))

    def send(self, runner: Runner) -> datetime | None:
        """Send notifications that wait, and give when to try again."""
        from monitor.notify import send_pending

        try:
            return send_pending(self.store, runner, self.settings, self.now()).next_at
        except ConfigError as error:
            self.trouble = str(error)
            return None

    def _targets(self) -> tuple[notify_settings.Target, ...]:
        try:
            return notify_settings.read(self.settings)
        except ConfigError as error:
            self.trouble = str(error)
            return ()

    def _write_report(self, runner: Runner, message: Message) -> None:
        """Write the week's report before she is told of its recommendation."""
        facts, now = self.store.facts(runner), self.now()
        issued = next((one for one in facts.issued if f"issued:{one.id}" == message.key), None)
        if issued is None or kept.weekly(issued) is None:
            return
        from monitor.report.page import render
        from monitor.report_file import NotWritten, report_name, write_private
        from monitor.reporting import compose, units_of

        zone = facts.zone_at(now)
        standing = bring_up_to_date(self.store, runner, now)
        name = report_name(runner, self.store.runners(), str(now.astimezone(zone).date()))
        try:
            report = compose(self.settings, self.store, runner, standing, zone=zone)
            units = units_of(self.settings)
            page = render(standing, runner_name=runner.name, zone=zone, model=report, units=units)
            write_private(self.settings.reports_dir / f"{name}.html", page)
        except NotWritten as error:
            self.tell(Line(text=f"The weekly report was not written: {error}.", discreet="a report was not written"))


def last_evening(standing: Standing, now: datetime) -> datetime:
    """Give the last time of asking up to an instant, by her clock."""
    zone = standing.facts.zone_at(now)
    day = now.astimezone(zone).date()
    at = datetime.combine(day, DUE_AT, tzinfo=zone).astimezone(UTC)
    if at > now:
        at = datetime.combine(day - timedelta(days=1), DUE_AT, tzinfo=zone).astimezone(UTC)
    return at


def _is_told(issued: Issued) -> bool:
    """Say whether she is called for it: the week's, and what takes back what she was told."""
    return kept.weekly(issued) is not None or kept.kept(issued)["revises"] is not None


def _of_this_week(standing: Standing, now: datetime) -> list[Issued]:
    """Give this week's recommendation where it is the last word: a command may have issued it."""
    last = last_issued(standing.facts, now)
    instant = weekly_instant(standing.facts, now).astimezone(UTC)
    return [last] if last is not None and kept.weekly(last) == instant else []
