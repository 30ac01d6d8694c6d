"""Where notifications go: what a `[[notify]]` table may say, and that no error and no listing shows an address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import notify_settings
from monitor.config import ConfigError, Settings, resolve
from monitor.facts import Runner
from monitor.message import Message, MessageKind, MessageState
from monitor.notify_settings import nobodys, of_runner, read, shown, state_once_said
from tests.notified import switch_on, table

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ANA, EVA = Runner(id=1, name="Ana", created_at=NOW), Runner(id=2, name="Eva", created_at=NOW)


def settings_of(tmp_path: Path, *tables: str) -> Settings:
    settings = resolve(tmp_path)
    switch_on(settings, *tables)
    return settings


def message(kind: MessageKind) -> Message:
    return Message(key="k", kind=kind, created_at=NOW, text="whole", discreet="discreet")


def test_nothing_is_sent_unless_she_switches_it_on(tmp_path: Path) -> None:
    assert read(resolve(tmp_path)) == ()
    assert state_once_said(message(MessageKind.URGENT), ()) is MessageState.SAID


def test_a_table_with_addresses_alone_is_the_first_runners_and_discreet(tmp_path: Path) -> None:
    targets = read(settings_of(tmp_path, table("ntfys://ntfy.sh/topic", "mailtos://u:p@example.org")))
    assert [(t.runner, t.full, t.kinds) for t in targets] == [(None, False, frozenset(MessageKind))]
    assert of_runner(targets, ANA, (ANA, EVA)) == targets
    assert of_runner(targets, EVA, (ANA, EVA)) == ()
    assert shown(targets[0]) == "ntfys, mailtos: discreet texts of every kind"


def test_a_table_is_whose_name_it_gives(tmp_path: Path) -> None:
    """What goes to the wrong woman's phone cannot be called back: a name that could be two is nobody's."""
    other = Runner(id=3, name="EVA", created_at=NOW)
    targets = read(settings_of(tmp_path, table("a://b", runner='"eva"'), table("a://c", runner='"Nobody"')))
    assert of_runner(targets, EVA, (ANA, EVA)) == targets[:1]
    assert of_runner(targets, ANA, (ANA, EVA)) == ()
    assert of_runner(targets, EVA, (ANA, EVA, other)) == ()
    assert nobodys(targets, (ANA, EVA)) == (2,)


def test_of_what_is_not_wanted_only_what_matters_is_sent(tmp_path: Path) -> None:
    """A PROGRESS on her phone that was taken back since must not stand there because she asked for fewer messages."""
    targets = read(settings_of(tmp_path, table("a://b", kinds='["weekly"]')))
    sent = {kind for kind in MessageKind if state_once_said(message(kind), targets) is MessageState.PENDING}
    assert sent == {MessageKind.WEEKLY, MessageKind.CHANGED, MessageKind.URGENT}
    assert shown(targets[0]) == "a: discreet texts (weekly, changed, urgent)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("notify = 'ntfy://hunter2'", "must be written as tables"),
        ("notify = ['ntfy://hunter2']", "must be written as tables"),
        ("[[notify]]", r"table 1: “urls” must be a list"),
        ("[[notify]]\nurls = 'ntfy://hunter2'", "“urls” must be a list"),
        ("[[notify]]\nurls = ['ntfy://a', 'hunter2']", "number 2 of “urls” is no address"),
        ("[[notify]]\nurls = ['ntfy://']", "number 1 of “urls” is no address"),
        ("[[notify]]\nurls = [3]", "number 1 of “urls” is no address"),
        ("[[notify]]\nurls = ['a://b']\n[[notify]]\nurl = 'a://hunter2'", "table 2: there is no setting of that name"),
        ("[[notify]]\nurls = ['a://hunter2']\nfull = 'yes'", "“full” must be true or false"),
        ("[[notify]]\nurls = ['a://hunter2']\nrunner = ''", "“runner” must be a name"),
        ("[[notify]]\nurls = ['a://hunter2']\nkinds = ['weekly', 'pain']", "“kinds” must be a list of some of these"),
        ("[[notify]]\nurls = ['a://hunter2']\nkinds = []", "“kinds”"),
        ("[[notify]]\nurls = ['a://hunter2'", "not a readable settings file"),
    ],
)
def test_a_table_that_cannot_be_used_is_said_without_its_address(tmp_path: Path, text: str, words: str) -> None:
    """She may paste the error into a forum to ask for help."""
    settings = settings_of(tmp_path)
    switch_on(settings, text)
    with pytest.raises(ConfigError, match=words) as caught:
        read(settings)
    assert str(tmp_path / "restride.toml") in str(caught.value)
    assert "hunter2" not in str(caught.value)


@given(secret=st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=6).map(lambda s: f"secret{s}"))
def test_no_value_of_ours_shows_an_address(secret: str) -> None:
    """A traceback, a debugger or a log prints the `repr` of what it finds."""
    target = notify_settings._target({"urls": [f"ntfy://{secret}"]}, "there")
    for said in (repr(target), str(target), shown(target), repr(target.addresses[0]), target.addresses[0].mark):
        assert secret not in said
