"""The database and the archive: whole, readable, and of one mind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from analysis.bouts import DETECTOR_VERSION
from ingest.recording import READER_VERSION
from monitor.archive import Archive, ArchiveError
from monitor.config import Settings
from monitor.facts import Facts, Runner
from monitor.health.check import Check, ago, cause, counted, note, ok, shown_path, trouble

if TYPE_CHECKING:
    from monitor.store import Original
    from monitor.store.looking import Looked

BACKUP = "Restore restride.db from a backup; what is only in the archive comes back by importing the files again."
SHOWN = 3
"""So many damaged things are named one by one."""

CLOCKS_S = 300.0
"""Two clocks of one house may differ by this much."""


def whole(looked: Looked) -> Iterator[Check]:
    """Look at the file itself: its pages, its links, its version."""
    from monitor.store.looking import Version

    if damage := looked.damage():
        yield trouble("database", f"It is damaged. SQLite says: {'; '.join(damage)}", BACKUP)
        return
    if orphans := looked.orphans():
        yield trouble(
            "database", f"{counted(orphans, 'row belongs', 'rows belong')} to something that is not there.", BACKUP
        )
    version = looked.version()
    if version is Version.NEWER:
        yield trouble("database", "It was written by a newer version of Restride.", "Update Restride.")
    elif version is Version.OLDER:
        told = "It was written by an older version; the next command brings it up to date. Its rows were not looked at."
        yield note("database", told, "Run `restride next`, and then `restride doctor` again.")
    elif not orphans:
        yield ok("database", "It opens, and it is whole.")


def entries(looked: Looked, runners: Sequence[Runner]) -> Iterator[Check]:
    """Read every row as any command would."""
    told, read, unread = 0, 0, 0
    lost: list[int] = []
    for runner in runners:
        facts, bad = looked.entries(runner)
        recordings, damaged = looked.recordings(runner)
        told, read, unread = told + facts, read + recordings, unread + damaged
        lost += bad
    if lost:
        named = ", ".join(map(str, lost[:SHOWN])) + (", …" if len(lost) > SHOWN else "")
        message = f"{counted(len(lost), 'entry', 'entries')} of what was told cannot be read (number {named})."
        yield trouble("entries", message, f"Update Restride. If that does not help: {BACKUP}")
    if unread:
        message = f"What was read from {counted(unread, 'recording')} cannot be used."
        yield trouble("entries", message, "`restride rebuild`")
    if not (lost or unread):
        who = counted(len(runners), "runner")
        every = f"{counted(told, 'entry', 'entries')} and {counted(read, 'recording')}"
        yield ok("entries", f"All {every} of {who} can be read.")


def versions(looked: Looked, runners: Sequence[Runner]) -> Check:
    """Say whether a newer reader or detector would read the same files differently."""
    outdated = 0
    for runner in runners:
        with looked.in_words() as store:
            outdated += store.outdated(runner, reader_version=READER_VERSION, detector_version=DETECTOR_VERSION)
    if outdated:
        told = f"{counted(outdated, 'recording was', 'recordings were')} read by another version of Restride."
        return note("versions", told, "`restride rebuild`")
    return ok("versions", "All recordings were read by this version.")


def clock(looked: Looked, runners: Sequence[Runner], now: datetime) -> Iterator[Check]:
    """Look for what is dated later than now: a clock is wrong, or was."""
    newest = [looked.ends(runner) for runner in runners]
    soon = now + timedelta(seconds=CLOCKS_S)
    found = False
    if (at := max((entered for entered, _ in newest if entered is not None), default=now)) > soon:
        found = True
        told = f"An entry is dated {ago(at - now)} in the future: this computer's clock is wrong, or was then."
        yield trouble("clock", told, "Set the date and time of this computer.")
    if (at := max((ended for _, ended in newest if ended is not None), default=now)) > soon:
        found = True
        told = f"A recording ends {ago(at - now)} in the future, so it is not counted: the clock of a watch was wrong."
        yield note("clock", told, "Check the watch's clock; `restride sessions` lists what was recorded.")
    if not found:
        yield ok("clock", "Nothing is dated in the future.")


def zone(facts: Sequence[Facts], now: datetime) -> Iterator[Check]:
    """Say whether the zones that were told are known here, and agree with this computer. None is named."""
    local = now.astimezone().utcoffset()
    for number, told in enumerate(facts, start=1):
        who = "" if len(facts) == 1 else f" of runner {number}"
        name = told.setting("zone", now) or next((s.value for s in told.settings if s.key == "zone"), None)
        if name is None:
            yield note("zone", f"No time zone{who} is set: days are those of UTC.", "`restride init --zone ZONE`")
            continue
        try:
            offset = now.astimezone(ZoneInfo(name)).utcoffset()
        except (ValueError, KeyError, OSError):
            message = f"The time zone{who} is not known on this computer: days are those of UTC."
            yield trouble("zone", message, "Install the package tzdata beside Restride, or `restride init --zone ZONE`")
            continue
        if offset != local:
            message = f"The time zone{who} and the one of this computer differ now; hers decides when a day ends."
            yield note("zone", message, "If she has moved: `restride init --zone ZONE`")
        else:
            yield ok("zone", f"The time zone{who} is known here, and agrees with this computer.")


@dataclass(slots=True, kw_only=True)
class _Copies:
    missing: int = 0
    other_size: int = 0
    damaged: int = 0
    unreadable: str | None = None


def archive(
    settings: Settings, originals: Sequence[Original], *, deep: bool, on_copy: Callable[[int], None]
) -> Iterator[Check]:
    """Hold the archive's copies against the files that were taken in; deep, by reading every one."""
    kept = Archive(settings.archive_dir)
    by_sha = {original.sha256: original for original in originals}
    found = _Copies()
    for sha256, original in by_sha.items():
        _held_against(kept, sha256, original, found, deep=deep)
        on_copy(len(by_sha))
    again = "`restride rebuild` names them; import those files again, or restore the archive folder from a backup."
    if found.missing:
        told = f"{counted(found.missing, 'copy of an original file is', 'copies of original files are')} missing."
        yield trouble("archive", told, again)
    if found.other_size:
        told = f"{counted(found.other_size, 'copy has', 'copies have')} another size than what came."
        yield trouble("archive", told, again)
    if found.damaged:
        told = f"{counted(found.damaged, 'copy is', 'copies are')} damaged: not the bytes that came."
        yield trouble("archive", told, again)
    if found.unreadable is not None:
        yield trouble("archive", f"Copies cannot be read: {found.unreadable}.", "Check the drive and its permissions.")
    unnamed = sum(name not in by_sha for name in kept.names())
    if unnamed and not by_sha:
        why = "it was emptied, begun anew, or restored from another time"
        told = f"The database names none of {counted(unnamed, 'copy', 'copies')}: {why}."
        fix = "Restore a backup into another folder; without one, `restride import` takes the archive folder in again."
        yield trouble("archive", told, fix)
    elif unnamed:
        why = "an import was stopped, or an older backup restored"
        told = f"{counted(unnamed, 'copy belongs', 'copies belong')} to no entry: {why}."
        fix = "They do no harm; importing the same files again, or the archive folder, takes them in."
        yield note("archive", told, fix)
    if found == _Copies() and not unnamed:
        size = sum(original.size_bytes for original in by_sha.values())
        how = "there, and whole" if deep else "there (`restride doctor --deep` reads them all)"
        told = f"{counted(len(by_sha), 'copy is', 'copies are')} {how}: {size / 1e6:.1f} MB."
        yield ok("archive", told if by_sha else "Nothing has been imported yet.")


def _held_against(kept: Archive, sha256: str, original: Original, found: _Copies, *, deep: bool) -> None:
    try:
        size = kept.size_bytes(sha256)
        if size is None:
            found.missing += 1
        elif size != original.size_bytes:
            found.other_size += 1
        elif deep:
            kept.get(sha256)
    except ArchiveError:
        found.damaged += 1
    except ValueError:
        found.missing += 1  # a name that is no SHA-256 is a row that was damaged
    except OSError as error:
        found.unreadable = cause(error)


def missing(settings: Settings) -> Check:
    """Say that there is no database."""
    where = shown_path(settings.data_dir)
    kept = sum(1 for _ in Archive(settings.archive_dir).names())
    if kept:
        told = f"restride.db is missing in {where}, though the archive holds {counted(kept, 'file')}."
        return trouble("database", told, BACKUP)
    return trouble("database", f"Nothing is set up in {where} yet.", "`restride init`")


def before(now: datetime, at: datetime) -> str:
    """Write how long ago something was; a clock that went back is told as it is."""
    return f"{ago(now - at)} ago" if at <= now.astimezone(UTC) else f"{ago(at - now)} ahead of this computer's clock"
