"""Names of files: how they may be shown, which are nothing of hers, and which promise a recording.

No name decides how a file is read, and none is ever used as a path.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

JUNK_NAMES = frozenset(  # lower case; the second line is what drives and shares keep, what was deleted among it
    {"thumbs.db", "desktop.ini", "__macosx", "@eadir"}
    | {"lost+found", "system volume information", "$recycle.bin", "#recycle", "@recycle", "#snapshot"}
)
JUNK_STARTS = (".", "~$")  # .DS_Store, ._copies, .stfolder and .stversions among them
JUNK_SUFFIXES = (".part", ".crdownload", ".tmp")

PROMISES = frozenset({".fit", ".gpx", ".tcx", ".zip", ".kml"})  # KML is not read: it is said what to do instead
INSIDE = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Between an archive and what is in it: `export.zip › activities/1.fit`."""

_LONGEST = 120
_SEPARATORS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")


def shown(file_name: str) -> str:
    """Give a file's name as it can be shown and stored: without control characters and undecodable bytes."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in file_name)


def is_junk(name: str) -> bool:
    """Say whether systems, sync programs or unfinished downloads leave things of this name (one part of a path)."""
    lower = name.lower()
    return lower.startswith(JUNK_STARTS) or lower in JUNK_NAMES or lower.endswith(JUNK_SUFFIXES)


def promises(name: str) -> bool:
    """Say whether a name promises a recording or an archive: then it is a loss if there is none."""
    lower = name.lower().removesuffix(".gz")
    return PurePosixPath(lower).suffix in PROMISES


def parts_inside(name: str) -> list[str]:
    """Split the name of an archive's member; what would lead out of the archive (`..`, a root, a drive) is dropped."""
    parts = [part for part in _SEPARATORS.split(name) if part.strip() not in ("", ".", "..")]
    return parts[1:] if len(parts) > 1 and _DRIVE.fullmatch(parts[0]) else parts


def shown_inside(parts: list[str]) -> str:
    """Give a member's name to be shown and stored: one that points nowhere, and of a length that can be read."""
    name = shown("/".join(parts)) or "a file without a name"
    return name if len(name) <= _LONGEST else f"{name[:40]}…{name[41 - _LONGEST :]}"
