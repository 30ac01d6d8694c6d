"""`restride notify`: she sees where notifications go, why one did not come, and what was told, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import resolve
from monitor.message import Message, MessageKind, MessageState
from monitor.store import Store
from tests.command import Restride
from tests.notified import Server, serving, switch_on, table

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
MESSAGE = Message(
    key="file:1", kind=MessageKind.TROUBLE, created_at=NOW, text="a.gpx is cut off.\nb.gpx too.", discreet="Restride: …"
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    return Restride(tmp_path / "data").ready()


def keep(restride: Restride, *messages: Message) -> None:
    with Store.open(restride.data / "restride.db") as store:
        for message in messages:
            assert store.messages.add(store.runner(), message) is not None


def test_without_a_table_it_says_how_to_switch_notifications_on(restride: Restride) -> None:
    said = restride("notify")
    assert said.code == 0
    assert said.stdout == (
        "No notifications are switched on for this runner, so none is sent; write a\n"
        "[[notify]] table into restride.toml in the data folder (docs/notifications.md).\n"
    )
    refused = restride("notify", "--test")
    assert (refused.code, refused.stdout) == (1, "")
    assert "[[notify]]" in refused.stderr


def test_it_says_where_to_what_waits_and_what_was_given_up_and_shows_no_secret(
    restride: Restride, server: Server
) -> None:
    switch_on(resolve(restride.data), table(server.url("phone")), table("ntfy://hunter2", runner='"Nobody"'))
    trouble = "json: the service could not be reached"
    waits = replace(
        MESSAGE, state=MessageState.PENDING, tries=1, next_try_at=NOW + timedelta(minutes=1), trouble=trouble
    )
    keep(restride, waits, replace(MESSAGE, key="2", state=MessageState.GIVEN_UP, tries=50, trouble=trouble))
    said = restride("notify").stdout
    assert said == (
        "Notifications go to\n"
        "  - json: discreet texts of every kind\n"
        "[[notify]] table 2 of restride.toml names no runner of this folder; nothing is\n"
        "sent by it.\n"
        "\n"
        "Waiting to be sent\n"
        "  - message 1 (trouble), Sun 1 Mar 2026, 18:00; tried again from Sun 1 Mar 2026,\n"
        "    18:01: json: the service could not be reached\n"
        "\n"
        "Given up\n"
        "  - message 2 (trouble), Sun 1 Mar 2026, 18:00; not sent, after 50 tries: json:\n"
        "    the service could not be reached\n"
    )
    for arguments in ((), ("--json",), ("--told",), ("--test", "--json")):
        shown = restride("notify", *arguments)
        assert "hunter2" not in shown.stdout + shown.stderr


def test_what_a_log_names_by_number_can_be_read_in_full(restride: Restride) -> None:
    """The log says that a file could not be read, and not which: a name can say where she ran."""
    keep(restride, replace(MESSAGE, state=MessageState.SAID))
    assert restride("notify", "--told").stdout == (
        "message 1 (trouble), Sun 1 Mar 2026, 18:00\n  a.gpx is cut off.\n  b.gpx too.\n"
    )
    (told,) = restride("notify", "--json").json["messages"]
    assert (told["id"], told["state"], told["text"]) == (1, "said", MESSAGE.text)


def test_a_test_arrives_and_its_failure_is_an_exit_status(restride: Restride, server: Server) -> None:
    switch_on(resolve(restride.data), table(server.url("phone"), server.url("mail")))
    said = restride("notify", "--test")
    assert (said.code, said.stdout) == (0, "json: sent; look whether it arrived\n" * 2)
    assert server.at("phone") == server.at("mail") == ["Restride: this is a test. Notifications arrive here."]
    server.status = 403
    refused = restride("notify", "--test", "--json")
    assert refused.code == 1
    assert refused.json["test"] == [{"scheme": "json", "trouble": "the service refused it (status 403)"}] * 2


def test_a_table_that_cannot_be_used_is_one_line(restride: Restride) -> None:
    switch_on(resolve(restride.data), "[[notify]]\nurls = ['hunter2']\n")
    said = restride("notify")
    assert (said.code, said.stdout) == (1, "")
    assert said.stderr.count("\n") == 1
    assert "number 1 of “urls”" in said.stderr
    assert "hunter2" not in said.stderr
    assert restride("notify", "--test", "--told").code == 2
