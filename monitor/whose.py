"""Whose the files in the inbox are: by the folder that they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.inbox import Entry
from monitor.config import real
from monitor.facts import Runner
from monitor.text import folded, same_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Files by runner, and those in folders that name nobody."""

    of: dict[int, list[Entry]]  # by the runner's id
    nobodys: dict[str, list[Entry]] = field(default_factory=dict)  # by folder


def share(entries: Iterable[Entry], runners: Sequence[Runner]) -> Shares:
    """Part files among the runners, the first of whom owns what lies in no folder.

    A folder of a runner's name is hers. Where there is one runner, every folder is; where there are several, a folder
    that names none of them, or two, is nobody's: a run counted for the wrong woman could let her progress.
    """
    owners: dict[str | None, Runner | None] = {None: runners[0]}
    shares = Shares(of={runner.id: [] for runner in runners})
    for entry in entries:
        folder = entry.folder
        if folder not in owners:
            owners[folder] = owner_of(folder or "", runners)
        owner = owners[folder]
        if owner is not None:
            shares.of[owner.id].append(entry)
        else:
            shares.nobodys.setdefault(folder or "", []).append(entry)
    return shares


def hers(path: Path, files: Iterable[Path], inbox: Path, runner: Runner, runners: Sequence[Runner]) -> list[Path]:
    """Give those of the files found at a path that a runner may import: what lies in the inbox may be another's.

    A folder that names nobody is hers where she named it herself, and not where it came along with the whole inbox.

    Args:
        path: what she named.
        files: what was found there.
        inbox: the folder of exports, shared by all runners.
        runner: who imports.
        runners: all of them, the first of whom owns what lies in no folder.
    """
    files = list(files)
    if len(runners) == 1:
        return files
    arrives = real(inbox)
    is_named = arrives in real(path).parents

    def is_hers(file: Path) -> bool:
        where = real(file)
        if arrives not in where.parents:
            return True
        folder, *inside = where.relative_to(arrives).parts
        owner = owner_of(folder, runners) if inside else runners[0]
        return owner.id == runner.id if owner is not None else is_named

    return [file for file in files if is_hers(file)]


def owner_of(folder: str, runners: Sequence[Runner]) -> Runner | None:
    """Give the runner whose a folder in the inbox is, the only one of any; None where it names none, or two."""
    if len(runners) == 1:
        return runners[0]
    exact = [runner for runner in runners if same_name(runner.name, folder)]
    meant = exact or [runner for runner in runners if folded(runner.name) == folded(folder)]
    return meant[0] if len(meant) == 1 else None
