"""Every file of a runner's, with what came of it: the originals that were taken in, and what waits in the inbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analysis.sessions import Session
from ingest.names import shown
from monitor.standing import Standing
from monitor.store import InboxFile, InboxState, Original, OriginalOutcome

ID_DIGITS = 8
"""So many of a file's SHA-256 name it; `restride retry` takes them."""


class Came(StrEnum):
    """What came of a file, in the words of an import."""

    IMPORTED = "imported"
    SAME_RUN = "same run"  # as another file: kept, and counted once
    ALREADY_KNOWN = "already known"  # all in it had come before, in another file
    NOT_A_RUN = "not a run"
    FAILED = "failed"
    WAITING = "waiting"  # in the inbox, and not read yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file."""

    name: str
    came_at: datetime
    came: Came
    size_bytes: int
    sha256: str | None = None  # None: not read yet
    message: str = ""  # what there is to say beyond `came`: the reason and the next step, sentences
    code: str | None = None
    sessions: tuple[str, ...] = ()  # what it holds, as `restride show` takes it
    same_as: tuple[str, ...] = ()  # the files that are of the same run, or the same file
    next_try_at: datetime | None = None  # waiting: not before this instant; None at the next look
    tries: int = 0

    @property
    def id(self) -> str:
        """Give the short name by which it can be tried again; empty where it was not read yet."""
        return (self.sha256 or "")[:ID_DIGITS]


def listed(
    standing: Standing,
    originals: Iterable[Original],
    held: Mapping[str, tuple[str, ...]],
    inbox: Mapping[str, InboxFile],
) -> list[Listed]:
    """List files in the order they came, those in the inbox that are not read yet, or lie there twice, after them.

    Args:
        standing: where the runner stands.
        originals: her files.
        held: the recordings that were read from each, by its SHA-256.
        inbox: what is known of the files that lie in the inbox.
    """
    told = _Told(standing)
    files = list(originals)
    return [
        *(told.of(original, held.get(original.sha256, ())) for original in files),
        *_in_inbox(inbox, {key: o for o in reversed(files) for key in (o.content_sha256, o.sha256) if key is not None}),
    ]


def only(files: Iterable[Listed], wanted: Collection[Came]) -> list[Listed]:
    """Keep those of which one of these came; without any, all."""
    return [file for file in files if not wanted or file.came in wanted]


def counts(files: Iterable[Listed]) -> dict[Came, int]:
    """Count what came of them, in the order of `Came`, those without any included."""
    found = Counter(file.came for file in files)
    return {came: found[came] for came in Came}


class _Told:
    """What is known of each recording, by its identity."""

    def __init__(self, standing: Standing) -> None:
        self._session: dict[str, Session] = {}
        self._copy_of: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, str] = {}
        counted = (*standing.sessions, *standing.ahead)
        for session in (*(left.session for left in standing.ignored), *counted):
            self._session |= dict.fromkeys(session.identities, session)
            leading = tuple(recording.file_name for recording in session.recordings)
            for copy, verdict in session.copies:
                self._copy_of[copy.identity] = leading
                self._words[copy.identity] = f"Kept, and counted once: {verdict.words}."
        for left in standing.ignored:
            self._words |= dict.fromkeys(left.session.identities, "You left it out.")
        for session in standing.ahead:
            told = "It is dated in the future, so it is not counted: check the watch's clock."
            self._words |= dict.fromkeys(session.identities, told)

    def of(self, original: Original, identities: tuple[str, ...]) -> Listed:
        if original.outcome is OriginalOutcome.IMPORTED:
            came, sessions, same_as, message = self._read(identities)
            if identities and not sessions:  # dated in the future, and no run
                came, message = Came.NOT_A_RUN, "It is dated in the future: check the watch's clock."
        else:
            failed = original.outcome is OriginalOutcome.FAILED
            came, sessions, same_as = (Came.FAILED if failed else Came.NOT_A_RUN), (), ()
            message = _without_name(original.reason_message or "", original.file_name)
        return Listed(
            name=original.file_name,
            came_at=original.imported_at,
            came=came,
            size_bytes=original.size_bytes,
            sha256=original.sha256,
            message=message,
            code=original.reason_code,
            sessions=sessions,
            same_as=same_as,
        )

    def _read(self, identities: tuple[str, ...]) -> tuple[Came, tuple[str, ...], tuple[str, ...], str]:
        known = [identity for identity in identities if identity in self._session]
        sessions = {session.id: session for session in (self._session[identity] for identity in known)}
        words = tuple(dict.fromkeys(self._words[identity] for identity in known if identity in self._words))
        same_as = tuple(dict.fromkeys(name for one in known for name in self._copy_of.get(one, ())))
        if not identities:
            return Came.ALREADY_KNOWN, (), (), "All that is in it had come before, in another file."
        if known and all(identity in self._copy_of for identity in known):
            return Came.SAME_RUN, tuple(sessions), same_as, " ".join(words)
        may_run = any(session.is_running for session in sessions.values())
        return (Came.IMPORTED if may_run else Came.NOT_A_RUN), tuple(sessions), same_as, " ".join(words)


def _in_inbox(inbox: Mapping[str, InboxFile], originals: Mapping[str, Original]) -> Iterator[Listed]:
    """List what waits, and what lies there beside the same file: one of each bytes is listed as the original."""
    met = set()
    for key, file in inbox.items():
        if file.state is InboxState.WAITING:
            yield Listed(
                name=key,
                came_at=file.first_seen_at,
                came=Came.WAITING,
                size_bytes=file.size_bytes,
                message=_without_name(file.reason_message or "It has not been read yet.", key.rpartition("/")[2]),
                code=file.reason_code,
                next_try_at=file.next_try_at,
                tries=file.tries,
            )
            continue
        original = originals.get(file.sha256 or "")
        if original is None:
            continue  # an archive, whose members are listed
        is_named_so = shown(key.rpartition("/")[2]) == original.file_name
        if is_named_so and original.sha256 not in met:
            met.add(original.sha256)
        else:
            yield Listed(
                name=key,
                came_at=file.first_seen_at,
                came=Came.ALREADY_KNOWN,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                message="The same file.",
                same_as=(original.file_name,),
            )


def _without_name(message: str, name: str) -> str:
    """Begin a sentence about a file with "It": its name stands beside it."""
    return f"It {message.removeprefix(name).lstrip()}" if name and message.startswith(f"{name} ") else message
