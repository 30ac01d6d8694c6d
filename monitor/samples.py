"""The samples behind a session, read again from the archived originals; nothing else keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.bouts import Observed
from analysis.sessions import Session
from ingest.errors import IngestError
from monitor.archive import Archive, ArchiveError
from monitor.facts import Runner
from monitor.manual import is_by_hand

if TYPE_CHECKING:
    from monitor.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A recording's speed and cadence, second by second from an instant on; None where there is none."""

    start: datetime
    speed_mps: Sequence[float | None]
    cadence_spm: Sequence[float | None]  # both feet


def tracks(store: Store, archive: Archive, runner: Runner, session: Session) -> tuple[list[Track], list[str]]:
    """Read what the recordings of a session hold.

    Returns:
        What could be read, and in words why the rest could not.
    """
    found, troubles = [], []
    for recording in session.recordings:
        if is_by_hand(recording):
            continue  # there is no file behind it
        try:
            found.append(_track(store, archive, runner, recording))
        except (ArchiveError, IngestError) as error:
            troubles.append(str(error))
        except OSError as error:
            troubles.append(f"The archived copy of {recording.file_name} cannot be opened: {error.strerror}.")
    return found, troubles


def _track(store: Store, archive: Archive, runner: Runner, observed: Observed) -> Track:
    from analysis.speed import grid  # loads numpy, and reading loads pandas: only where a trace is drawn
    from ingest.formats import read_bytes

    original = store.original_of(runner, observed.identity)
    if original is None:
        raise ArchiveError(f"{observed.file_name} is not known any more; `restride rebuild` reads the files again.")
    recordings = read_bytes(archive.get(original.sha256), original.file_name)
    recording = next((r for r in recordings if r.provenance.identity == observed.identity), None)
    if recording is None:
        raise ArchiveError(f"{observed.file_name} reads otherwise than it did; `restride rebuild` reads it again.")
    if not len(recording.signal):
        return Track(start=recording.started_at, speed_mps=(), cadence_spm=())
    seconds = grid(recording)
    first = round(max(0.0, (observed.started_at - recording.started_at).total_seconds()))
    last = round((observed.ended_at - recording.started_at).total_seconds())
    return Track(
        start=observed.started_at,
        # The speed that changes when she does: the one that a watch shows comes late (docs/gait.md).
        speed_mps=_plain(seconds.prompt_mps[first:last].tolist()),
        cadence_spm=_plain(seconds.cadence_spm[first:last].tolist()),
    )


def _plain(values: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(None if value != value else value for value in values)  # NaN alone differs from itself
