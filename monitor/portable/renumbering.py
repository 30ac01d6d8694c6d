"""New numbers for a runner's facts, where the old ones are taken: each reference to one goes along."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from monitor.store.rows import Row

_BY_HAND = re.compile(r"\bby-hand-([0-9]{1,18})\b")
_ABOUT_A_FACT = re.compile(r"([a-z][a-z_-]*):([0-9]{1,18})")  # the key of a message: issued:17
_IDENTITIES = ("recording", "one", "other")  # fields of facts that name a recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbering:
    """Adds the same to each number, so that their order is kept."""

    shift: int
    ids: AbstractSet[int]  # of her facts, as they were

    def row(self, table: str, row: Row) -> Row:
        """Give a row with its new number, and with those it refers to."""
        if not self.shift:
            return row
        if table == "fact":
            return {**row, "id": row["id"] + self.shift, "body": self._body(row["kind"], row["body"])}
        if table == "message":
            return {**row, "key": self._key(row["key"])}
        return row

    def _body(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        changed = {name: self._identity(value) if name in _IDENTITIES else value for name, value in body.items()}
        if isinstance(body.get("replaces"), int):
            changed["replaces"] = body["replaces"] + self.shift
        if kind == "issued":
            changed["recommendation"] = said = self._everywhere(body["recommendation"])
            rests_on = said.get("rests_on")
            if isinstance(rests_on, dict) and isinstance(rests_on.get("last_fact"), int) and rests_on["last_fact"]:
                rests_on["last_fact"] += self.shift
        return changed

    def _identity(self, value: Any) -> Any:
        return _BY_HAND.sub(self._renamed, value) if isinstance(value, str) else value

    def _everywhere(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._everywhere(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._everywhere(one) for one in value]
        return self._identity(value)

    def _key(self, key: str) -> str:
        about = _ABOUT_A_FACT.fullmatch(key)
        if about is not None and int(about[2]) in self.ids:
            return f"{about[1]}:{int(about[2]) + self.shift}"
        return _BY_HAND.sub(self._renamed, key)

    def _renamed(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return f"by-hand-{number + self.shift}" if number in self.ids else found[0]
