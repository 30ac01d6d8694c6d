"""The ways in which a file cannot be read, each told as a person needs to hear it.

Every message names the file, the cause and the next step, and nothing that the file says about a person: no position,
no note, no path.
"""

from __future__ import annotations

from typing import ClassVar


class IngestError(Exception):
    """Say why a file was not read.

    Args:
        file_name: the name alone, never a path.
        cause: what is wrong, as the rest of a sentence that begins with the file's name, without its full stop.
        next_step: what to do about it, a sentence.
    """

    code: ClassVar[str] = "cannot_read"

    def __init__(self, file_name: str, cause: str, next_step: str) -> None:
        super().__init__(file_name, cause, next_step)
        self.file_name = file_name
        self.cause = cause
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.file_name} {self.cause}. {self.next_step}"

    @property
    def message(self) -> str:
        """Give the whole sentence, as `str` does."""
        return str(self)


class Unreadable(IngestError):
    """The path cannot be opened: missing, a folder, no permission."""

    code = "unreadable"


class Encrypted(IngestError):
    """A member of an archive that is locked with a password."""

    code = "encrypted"


class SeveralInside(IngestError):
    """An archive of several activities where one was expected."""

    code = "several_inside"


class EmptyFile(IngestError):
    """There is not one byte in it."""

    code = "empty_file"


class TooLarge(IngestError):
    """The file, or what it unpacks to, is larger than any activity."""

    code = "too_large"


class UnknownFormat(IngestError):
    """The content is of no format that can be read."""

    code = "unknown_format"


class AmbiguousFormat(IngestError):
    """The content looks like two formats at once."""

    code = "ambiguous_format"


class NotAnActivity(IngestError):
    """The format is read, but the file is settings, a course, a workout, …: no failure, only nothing to see."""

    code = "not_an_activity"


class NoSamples(IngestError):
    """An activity without one recorded sample and without totals."""

    code = "no_samples"


class NoTimes(IngestError):
    """A track without usable times: nothing can be said about bouts or rest."""

    code = "no_times"


class Damaged(IngestError):
    """The bytes are broken in a way that leaves nothing to trust."""

    code = "damaged"
