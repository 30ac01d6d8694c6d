"""The text of a settings file, changed in one place: what somebody wrote into it otherwise stays, word for word."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_INBOX = re.compile(r"""\s*(inbox|"inbox"|'inbox')\s*=""")


class NotChanged(Exception):
    """The file is written in a way that only a person can change."""


def with_inbox(text: str, found: Mapping[str, Any], inbox: str | None) -> str:
    """Give a settings file's text with another inbox in it; None takes the setting out.

    Args:
        text: the file as it is.
        found: what it says.
        inbox: the folder.

    Raises:
        NotChanged: the setting is not written on one line of its own.
        UnicodeEncodeError: the folder's name is no text.
    """
    lines = text.removesuffix("\n").split(
        "\n"
    )  # not splitlines: a folder's name may hold what that takes for line ends
    top = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    mine = [n for n, line in enumerate(lines[:top]) if _INBOX.match(line)]
    line = [] if inbox is None else [f"inbox = {_toml_string(inbox)}"]
    if mine:
        lines[mine[0] : mine[0] + 1] = line
    else:
        lines[top:top] = [*line, ""] if line and top < len(lines) else line
    changed = "\n".join(lines) + "\n"
    meant = {key: value for key, value in found.items() if key != "inbox"} | ({} if inbox is None else {"inbox": inbox})
    try:
        is_meant = tomllib.loads(changed) == meant
    except tomllib.TOMLDecodeError:
        is_meant = False
    if not is_meant:
        raise NotChanged
    return changed


def _toml_string(text: str) -> str:
    """Quote for TOML, whose basic strings are JSON's but for DEL, and which holds Unicode text only."""
    text.encode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
