"""Files that were taken in, moved out of the inbox by her wish: never over another file, and never one that changed.

First there is a verified copy (or a second name) in the other folder, then the file in the inbox is put aside under a
hidden name that nobody else uses, and only if it is still the one that was copied, and the copy is still there, it is
removed. Cut off anywhere between, the file is in one of the two folders, or in both: `put_back_all` gives those that
were put aside their names again, and the next move completes them.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any

from monitor.archive import force_folder

_CHUNK = 1 << 20
_LONGEST = 200  # bytes of a name: file systems allow 255, and a mark is added
_LONGEST_SUFFIX = 20
_ASIDE = re.compile(r"\.restride-([0-9a-f]{16})-(.+)", re.DOTALL)
_LEFT_BEHIND_S = 3600.0
"""No copy takes so long: an unfinished one that is older was left by a process that was killed."""


class Moved(StrEnum):
    """What came of a file that was to be moved."""

    MOVED = "moved"
    GONE = "gone"  # somebody else moved or removed it
    CHANGED = "changed"  # it holds other bytes now, and stays: it is to be taken in first
    REFUSED = "refused"  # the inbox may not be changed, or nothing can be written to the other folder


def move(source: Path, inbox: Path, folder: Path, sha256: str) -> Moved:
    """Move a file of the inbox to a folder, under the path that it has in the inbox.

    Args:
        source: the file.
        inbox: the folder that its path is taken from.
        folder: where to.
        sha256: of the bytes that are in the archive; a file with others stays.
    """
    try:
        if not stat.S_ISREG(source.lstat().st_mode):
            return Moved.CHANGED  # a link by now
        with source.open("rb") as file:
            status = os.fstat(file.fileno())
            if _sha256(file) != sha256:
                return Moved.CHANGED
    except FileNotFoundError:
        return Moved.GONE
    except OSError:
        return Moved.REFUSED
    if not os.access(source.parent, os.W_OK):
        return Moved.REFUSED
    try:
        target, is_new = _put(source, folder, source.relative_to(inbox), sha256)
    except OSError:
        return Moved.REFUSED if os.path.lexists(source) else Moved.GONE
    aside = source.with_name(_aside_name(source.name))
    try:
        source.rename(aside)
    except FileNotFoundError:
        return Moved.GONE  # another mover has it
    except OSError:
        if is_new:
            _remove(target)
        return Moved.REFUSED
    try:
        if _is_same(aside, status):
            if not target.is_file():  # its drive went, or somebody took it away
                _put_back(aside, source)
                return Moved.REFUSED
            aside.unlink(missing_ok=True)
            return Moved.MOVED
        if is_new:
            _remove(target)
        _put_back(aside, source)
    except OSError:
        return Moved.REFUSED  # put aside, where `put_back_all` finds it
    return Moved.CHANGED


def put_back_all(inbox: Path, folder: Path | None) -> None:
    """Give back their names to files that a process which was killed had put aside, and remove its unfinished copies.

    Args:
        inbox: where files are moved from.
        folder: where to, if anywhere.
    """
    for path in _hidden(inbox):
        if found := _ASIDE.fullmatch(path.name):
            with suppress(OSError):  # the inbox may not be changed; it is tried again
                _put_back(path, path.with_name(found[2]))
    before = time.time() - _LEFT_BEHIND_S
    for path in _hidden(folder) if folder is not None else ():
        with suppress(OSError):
            if path.name.endswith(".tmp") and path.lstat().st_ctime < before:
                path.unlink()


def _hidden(folder: Path) -> Iterator[Path]:
    """Give what has a name of ours in a folder and below; links are not followed."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names if name.startswith(".restride-"))


def _aside_name(name: str) -> str:
    """Give a hidden name that nobody else uses, and that says what the file was called."""
    return f".restride-{secrets.token_hex(8)}-{''.join(_shortened(name))}"


def _shortened(name: str) -> tuple[str, str]:
    """Give a name's stem and suffix, short enough for a mark to be added; what is longer than any suffix is none."""
    suffix = PurePath(name).suffix
    if len(os.fsencode(suffix)) > _LONGEST_SUFFIX:
        suffix = ""
    stem = name.removesuffix(suffix)
    while len(os.fsencode(stem + suffix)) > _LONGEST:
        stem = stem[:-1]
    return stem, suffix


def _put(source: Path, folder: Path, inside: PurePath, sha256: str) -> tuple[Path, bool]:
    """Give the file a place in the other folder; say where, and whether it was not there before.

    The folder itself is made only where the one around it is there: else a drive that is unplugged would get a folder
    of its name, on another disk.
    """
    wanted = folder / inside
    folder.mkdir(mode=0o700, exist_ok=True)
    wanted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if wanted.parent.samefile(source.parent):
        raise FileExistsError(f"{folder} is the inbox by another way")
    for target in _names(wanted, sha256):
        try:
            _link_or_copy(source, target, sha256)
        except FileExistsError:
            if target.is_file() and not target.is_symlink() and _sha256_of(target) == sha256:
                return target, False  # put there before, by a process that was cut off, or by another mover
            continue
        return target, True
    raise FileExistsError(f"{wanted.name} is there under every name")


def _names(wanted: Path, sha256: str) -> Iterator[Path]:
    """Give the names under which a file may be put, the best first."""
    if len(os.fsencode(wanted.name)) <= _LONGEST + 50:
        yield wanted
    stem, suffix = _shortened(wanted.name)
    yield wanted.with_name(f"{stem}-{sha256[:8]}{suffix}")
    for number in range(2, 100):
        yield wanted.with_name(f"{stem}-{sha256[:8]}-{number}{suffix}")


def _link_or_copy(source: Path, target: Path, sha256: str) -> None:
    """Let the target be the source's bytes, whole or not at all.

    Raises:
        FileExistsError: the target is there, and was not touched.
        OSError: it cannot be written, or the source changed meanwhile.
    """
    if os.path.lexists(target):
        raise FileExistsError(f"{target.name} is there")
    temporary = target.with_name(f".restride-{secrets.token_hex(8)}.tmp")
    try:
        try:
            os.link(source, temporary, follow_symlinks=False)
        except OSError:  # another mount, or a file system without links
            _copy(source, temporary)
        if _sha256_of(temporary) != sha256:
            raise OSError(f"{PurePath(source).name} changed while it was copied")
        _publish(temporary, target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _copy(source: Path, temporary: Path) -> None:
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with source.open("rb") as file, os.fdopen(descriptor, "wb") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    status = source.stat()
    os.utime(temporary, ns=(status.st_atime_ns, status.st_mtime_ns))


def _publish(temporary: Path, target: Path) -> None:
    """Give a file its name unless another file has it."""
    try:
        os.link(temporary, target, follow_symlinks=False)
    except (FileExistsError, FileNotFoundError):  # the latter: its drive has gone
        raise
    except OSError:  # no links here: the name is taken first by an empty file, so that nobody else's is replaced
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        temporary.replace(target)
    force_folder(target.parent)


def _put_back(aside: Path, source: Path) -> None:
    """Give a file that was put aside its name again, or one beside that of the file which took its place."""
    for name in (source, source.with_name(f"{source.stem}-{secrets.token_hex(4)}{source.suffix}")):
        try:
            _publish(aside, name)
        except FileExistsError:
            if not name.exists() or not name.samefile(aside):  # cut off before, it has both names
                continue
        aside.unlink(missing_ok=True)
        return


def _remove(target: Path) -> None:
    """Take away a copy that was just made; where that is refused, there are two."""
    with suppress(OSError):
        target.unlink(missing_ok=True)


def _is_same(path: Path, status: os.stat_result) -> bool:
    now = path.stat()
    return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns) == (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
    )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return _sha256(file)


def _sha256(file: Any) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()
