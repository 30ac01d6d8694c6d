"""The table of contents of an export or a backup: what wrote it, whose it is, and the SHA-256 of everything in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

from monitor.portable.errors import PortableError, damaged
from monitor.store.schema import HEAD
from monitor.store.tables import instant_text, read_instant

FORMAT_VERSION = 1
"""Raised when an older program could no longer restore what this one writes."""

EXPORT = "restride-export"  # everything of one runner
BACKUP = "restride-backup"  # everything of a data folder

NAME = "manifest.json"
README = "README.txt"
DATABASE = "restride.db"
ROWS = {
    "fact": "facts.jsonl",
    "original": "originals.jsonl",
    "recording": "recordings.jsonl",
    "inbox_file": "inbox.jsonl",
    "message": "messages.jsonl",
}
"""The tables of a runner, and the member that holds their rows; a test holds it to the tables there are."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIXED = "|".join(re.escape(name) for name in (README, *ROWS.values()))
_MEMBERS = {
    EXPORT: re.compile(rf"{_FIXED}|originals/[0-9a-f]{{64}}|derived/[a-z]+\.[a-z]+"),
    BACKUP: re.compile(rf"{re.escape(README)}|{re.escape(DATABASE)}|restride\.toml|archive/[0-9a-f]{{64}}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One member as it was written."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in an archive."""

    kind: str  # EXPORT | BACKUP
    created_at: datetime
    program: str = ""  # its version
    schema: str = HEAD  # the version of its tables
    runner: str | None = None  # of an export: her name
    runner_since: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()  # files whose archived copy was missing or damaged, by SHA-256
    members: Mapping[str, Sealed] = field(default_factory=dict)

    def holds(self) -> dict[str, int]:
        """Count what becomes more with time, and less only where something was erased or lost."""
        if self.kind == BACKUP:  # its files are counted without those that were missing
            return {what: self.counts[what] for what in ("runners", "entries", "files") if what in self.counts}
        entries, files = (self.counts.get(ROWS[table], 0) for table in ("fact", "original"))
        return {"entries": entries, "files": files - len(self.missing)}


def program_version() -> str:
    """Give the version of the program; "unknown" where it runs without being installed."""
    try:
        return version("restride")
    except PackageNotFoundError:
        return "unknown"


def written(manifest: Manifest) -> bytes:
    """Write it as JSON."""
    runner = None
    if manifest.runner is not None and manifest.runner_since is not None:
        runner = {"name": manifest.runner, "created_at": instant_text(manifest.runner_since)}
    content = {
        "format": manifest.kind,
        "format_version": FORMAT_VERSION,
        "program": {"name": "restride", "version": manifest.program},
        "schema": manifest.schema,
        "created_at": instant_text(manifest.created_at),
        "runner": runner,
        "counts": dict(manifest.counts),
        "missing": list(manifest.missing),
        "members": {
            name: {"size_bytes": one.size_bytes, "sha256": one.sha256} for name, one in manifest.members.items()
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read(data: bytes, name: str) -> Manifest:
    """Read what `written` wrote, without believing any of it.

    Args:
        data: the bytes of the manifest.
        name: of the archive, for what is said of it.

    Raises:
        PortableError: it is none of ours, of a newer program, or damaged.
    """
    try:
        content = json.loads(data.decode("utf-8"), parse_constant=refuse)
        kind, format_version = content["format"], content["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise not_ours(name) from None
    if kind not in (EXPORT, BACKUP) or type(format_version) is not int:
        raise not_ours(name)
    newer = PortableError(f"{name} was written by a newer version of Restride. Update Restride, and restore it then.")
    if format_version > FORMAT_VERSION:
        raise newer
    try:
        manifest = _manifest(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged(name, "its table of contents cannot be read") from None
    if manifest.schema > HEAD:
        raise newer
    for member in manifest.members:
        if not _MEMBERS[kind].fullmatch(member):
            raise damaged(name, "it holds something that Restride never puts there")
    return manifest


def not_ours(name: str) -> PortableError:
    """Say that a file is something else."""
    return PortableError(
        f"{name} is no export and no backup of Restride's. Watch files are taken in with: restride import FILE"
    )


def names(members: Iterable[str], folder: str) -> list[str]:
    """Give what members of a folder are named there."""
    return [name.removeprefix(f"{folder}/") for name in members if name.startswith(f"{folder}/")]


def refuse(constant: str) -> NoReturn:
    """Refuse the numbers that Python reads and JSON does not have: Infinity and NaN."""
    raise ValueError(constant)


def _manifest(content: Mapping[str, Any]) -> Manifest:
    runner = content["runner"]
    if (runner is None) is not (content["format"] == BACKUP):
        raise ValueError("an export is of a runner, and a backup is not")
    since = None if runner is None else read_instant(runner["created_at"])
    created_at = read_instant(content["created_at"])
    if not re.fullmatch(r"\d{4}", content["schema"]):
        raise ValueError("no version of tables")
    members = {}
    for name, one in content["members"].items():
        if not _SHA256.fullmatch(one["sha256"]):
            raise ValueError("no hash")
        members[name] = Sealed(size_bytes=_size(one["size_bytes"]), sha256=one["sha256"])
    missing = tuple(content["missing"])
    if not all(_SHA256.fullmatch(sha256) for sha256 in missing):
        raise ValueError("no hash")
    return Manifest(
        kind=content["format"],
        created_at=created_at,
        program=_text(content["program"]["version"]),
        schema=content["schema"],
        runner=None if runner is None else _text(runner["name"]),
        runner_since=since,
        counts={name: _size(count) for name, count in content["counts"].items()},
        missing=missing,
        members=members,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _size(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError("no size and no count")
    return value
