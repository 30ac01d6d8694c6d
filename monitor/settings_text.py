"""Change one line of a settings file and leave all that she wrote herself, comments too, as it is."""

from __future__ import annotations

import re
import tomllib
from typing import Any

NEW = "# Settings of this data folder. Those that can change a verdict are facts, kept in the database.\n\n"

_INBOX = re.compile(r"""\s*(?:inbox|"inbox"|'inbox')\s*=""")


def with_inbox(text: str, line: str | None) -> str | None:
    """Give a settings file with another `inbox = …` line, or with none; None where that cannot be done safely.

    Args:
        text: the file as it is; empty where there is none.
        line: the new line, as TOML.
    """
    lines = (text or NEW).removesuffix("\n").split("\n")  # not splitlines: a folder name may hold other breaks
    tables = next((n for n, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    before = [n for n in range(tables) if _INBOX.match(lines[n])]
    kept = [one for n, one in enumerate(lines) if n not in before]
    at = before[0] if before else tables
    changed = "\n".join([*kept[:at], *([] if line is None else [line]), *kept[at:]]) + "\n"
    try:
        same = _without_inbox(changed) == (_without_inbox(text)[0], _inbox(line))
    except tomllib.TOMLDecodeError:
        return None
    return changed if same else None


def _without_inbox(text: str) -> tuple[dict[str, Any], Any]:
    found = tomllib.loads(text)
    inbox = found.pop("inbox", None)
    return found, inbox


def _inbox(line: str | None) -> Any:
    return None if line is None else tomllib.loads(line)["inbox"]
