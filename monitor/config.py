"""Where everything lives: a flag, then the environment, then a settings file, then the system's own place.

The data folder holds what is private about a body, so what this module makes is readable by its owner alone, whatever
the umask says. On Windows modes are best effort: a user's profile folder is already closed to other users.
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.settings_text import with_inbox

APP = "restride"
ENVIRONMENT = "RESTRIDE_DATA"
SETTINGS_FILE = "restride.toml"  # in the data folder
KEYS = frozenset({"inbox", "report", "watch", "notify"})  # what it may say; all but `inbox` are tables
LOCATION_FILE = "config.toml"  # in the user's configuration folder: where the data folder is

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


class ConfigError(Exception):
    """Settings that cannot be used, in words: what, why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where this runner's things are. Absolute paths."""

    data_dir: Path
    db_path: Path
    archive_dir: Path
    inbox_dir: Path
    reports_dir: Path


def resolve(
    data: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config_dir: Path | None = None,
) -> Settings:
    """Find the data folder and what is set in it; creates nothing.

    Args:
        data: the `--data` flag.
        environ: the environment; the process's own when left out.
        config_dir: where `config.toml` may name a data folder (`data = "…"`); the system's own place when left out.

    Raises:
        ConfigError: a settings file cannot be read, or says something that is not a setting.
    """
    data_dir = locate(data, environ=environ, config_dir=config_dir)
    inbox = _text(data_dir / SETTINGS_FILE, _read(data_dir / SETTINGS_FILE, KEYS), "inbox")
    return settings_of(data_dir, inbox=absolute(Path(inbox), data_dir) if inbox else None)


def locate(
    data: Path | None = None, *, environ: Mapping[str, str] | None = None, config_dir: Path | None = None
) -> Path:
    """Find the data folder alone, as `resolve` does."""
    environ = os.environ if environ is None else environ
    if data is not None:
        return absolute(data)
    if environ.get(ENVIRONMENT):
        return absolute(Path(environ[ENVIRONMENT]))
    return _located(config_dir) or _default_data_dir()


def settings_of(data_dir: Path, *, inbox: Path | None = None) -> Settings:
    """Give where things are in a data folder; its settings file is not read."""
    return Settings(
        data_dir=data_dir,
        db_path=data_dir / "restride.db",
        archive_dir=data_dir / "archive",
        inbox_dir=data_dir / "inbox" if inbox is None else inbox,
        reports_dir=data_dir / "reports",
    )


def write(settings: Settings, *, inbox: Path | None) -> Settings:
    """Write the inbox into the data folder's settings file, in one step, and give the settings that now hold.

    A relative inbox is relative to the data folder; None is the inbox inside it. What else she wrote there stays.
    """
    prepare_folder(settings.data_dir)
    line = None
    inbox_dir = settings.data_dir / "inbox"
    if inbox is not None:
        inbox_dir = absolute(inbox, settings.data_dir)
        line = f"inbox = {_toml_string(str(inbox.expanduser()))}"
    target = settings.data_dir / SETTINGS_FILE
    temporary = target.with_suffix(".toml.tmp")
    try:
        text = with_inbox(target.read_text(encoding="utf-8") if os.path.lexists(target) else "", line)
        if text is None:
            wanted = "take out its line “inbox = …”" if line is None else f"write this line at its top: {line}"
            raise ConfigError(f"{target} is written in a way that this cannot change without harm; {wanted}")
        temporary.unlink(missing_ok=True)  # left by a crash
        with open_private(temporary) as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ConfigError(f"{target} cannot be written: {_cause(error)}. {_ELSEWHERE}") from error
    return Settings(
        data_dir=settings.data_dir,
        db_path=settings.db_path,
        archive_dir=settings.archive_dir,
        inbox_dir=inbox_dir,
        reports_dir=settings.reports_dir,
    )


def prepare(settings: Settings) -> None:
    """Create the folders, and close them and the database to everybody else.

    An inbox outside the data folder is not touched: another program puts files there, and it may lie on a drive that
    is unplugged just now; see `prepare_inbox`.

    Raises:
        ConfigError: a folder cannot be made, or cannot be made private.
    """
    for folder in (settings.data_dir, settings.archive_dir, settings.reports_dir):
        prepare_folder(folder)
    if settings.inbox_dir.is_relative_to(settings.data_dir):
        with suppress(ConfigError):  # only what looks into the inbox needs one
            prepare_folder(settings.inbox_dir)
    for suffix in ("", "-wal", "-shm"):
        keep_private(settings.db_path.with_name(settings.db_path.name + suffix))
    keep_private(settings.data_dir / SETTINGS_FILE)


def prepare_inbox(folder: Path, data_dir: Path) -> None:
    """Make the folder where exports arrive where it is missing, else check it and leave it as it is.

    Closing a folder that another program fills would lock that program out.

    Raises:
        ConfigError: it cannot be made or looked into, or is a file.
    """
    check_inbox(folder, data_dir)
    if folder.is_relative_to(data_dir):
        prepare_folder(data_dir)
    try:
        if folder.exists():
            os.scandir(folder).close()
        else:
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
            _set(folder, _PRIVATE_FOLDER)
    except NotADirectoryError as error:
        raise ConfigError(f"{folder} cannot be the inbox: there is a file, not a folder. {_OTHER_INBOX}") from error
    except FileNotFoundError as error:
        raise ConfigError(f"{folder} cannot be the inbox: no folder can be made there. {_OTHER_INBOX}") from error
    except OSError as error:
        raise ConfigError(f"{folder} cannot be the inbox: {_cause(error)}. {_OTHER_INBOX}") from error


def check_inbox(folder: Path, data_dir: Path) -> None:
    """Refuse a folder whose files are Restride's own; one around the data folder is none, nor one of its own in it.

    Raises:
        ConfigError: it is the data folder itself, or where archive or reports are.
    """
    settings = settings_of(data_dir)
    inbox, data, *owned = map(real, (folder, data_dir, settings.archive_dir, settings.reports_dir))
    if inbox == data or any(inbox.is_relative_to(own) for own in owned):
        raise ConfigError(f"{folder} cannot be the inbox: Restride keeps its own files there. {_OTHER_INBOX}")


def prepare_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, or close one that is there to everybody else."""
    try:
        if folder.is_dir():
            _restrict(folder, _PRIVATE_FOLDER)
        else:
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
            _set(folder, _PRIVATE_FOLDER)
    except FileExistsError as error:
        if folder.is_dir():
            return  # another process was first, and closes it
        raise ConfigError(f"{folder} is a file, and a folder is needed there. {_ELSEWHERE}") from error
    except OSError as error:
        raise ConfigError(f"{folder} cannot be used: {_cause(error)}. {_ELSEWHERE}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(
            f"{folder} is read-only for you, and Restride keeps there what it tells you. "
            "Give yourself permission to write in it, and try again."
        )


def keep_private(path: Path) -> None:
    """Close an existing file to everybody but its owner; one that is not there, or is closed further, stays so."""
    try:
        _restrict(path, _PRIVATE_FILE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(f"{path} cannot be made private: {_cause(error)}. {_ELSEWHERE}") from error


def make_private(path: Path) -> None:
    """Open a file just made to its owner, and to her alone: a umask can also take from the owner."""
    _set(path, _PRIVATE_FILE)


def open_private(path: Path) -> Any:
    """Open a new file for writing bytes that only its owner can read; FileExistsError when it is already there."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), _PRIVATE_FILE)
    try:
        make_private(path)
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "wb")


_ELSEWHERE = f"Choose another folder with --data or {ENVIRONMENT}."
_OTHER_INBOX = "Name another with: restride init --inbox DIR"


def _restrict(path: Path, mode: int) -> None:
    """Take what goes beyond a mode, and give nothing: what she made read-only stays so.

    A folder in the place of a file is left alone, and fails where it is used.
    """
    is_folder, found = stat.S_ISDIR(path.stat().st_mode), stat.S_IMODE(path.stat().st_mode)
    if os.name != "nt" and found & ~mode and is_folder == (mode == _PRIVATE_FOLDER):
        path.chmod(found & mode)


def _set(path: Path, mode: int) -> None:
    if os.name != "nt":
        path.chmod(mode)


def _located(config_dir: Path | None) -> Path | None:
    """Read which data folder the user's own settings name."""
    if config_dir is None:
        from platformdirs import user_config_path  # only asked where neither flag nor environment says

        config_dir = user_config_path(APP, appauthor=False)
    data = _text(config_dir / LOCATION_FILE, _read(config_dir / LOCATION_FILE, {"data"}), "data")
    return absolute(Path(data), config_dir) if data else None


def _default_data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def section(settings: Settings, name: str) -> Any:
    """Give what the data folder's settings file says under a key, as TOML has it; None where it says nothing.

    Whoever asks checks it, and names the file and the key in a `ConfigError`.
    """
    return _read(settings.data_dir / SETTINGS_FILE, KEYS).get(name)


def _text(path: Path, found: Mapping[str, Any], key: str) -> str | None:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"{path}: “{key}” must be a path in quotes.")
    return value


def _read(path: Path, known: AbstractSet[str]) -> dict[str, Any]:
    """Read a settings file; empty where there is none."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise ConfigError(f"{path.parent} is not a folder. {_ELSEWHERE}") from error
    except PermissionError as error:
        raise ConfigError(f"{path} cannot be read: {_cause(error)}. Give yourself permission to read it.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {_cause(error)}. {_ELSEWHERE}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a readable settings file: {error}. Correct it, or delete it.") from error
    for key in found:
        if key not in known:
            raise ConfigError(f"{path}: there is no setting “{key}”; it may say {', '.join(sorted(known))}.")
    return found


def at_home(path: Path) -> Path:
    """Put the home folder in the place of a path's ~, which a shell does not do within quotes or after `--data=`."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{path}: there is no such user. Write the whole path.") from error


def absolute(path: Path, base: Path | None = None) -> Path:
    """Make a path absolute without following links: the user sees the path that she gave."""
    path = at_home(path)
    return Path(os.path.abspath(path if base is None else base / path))  # noqa: PTH100 (resolve follows links)


def real(path: Path) -> Path:
    """Follow links, as far as they lead somewhere; a round of them, which `resolve` refuses, is left as it is."""
    return Path(os.path.realpath(path))


def _toml_string(text: str) -> str:
    """Quote for TOML, whose basic strings are JSON's but for DEL, and which holds Unicode text only."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ConfigError(f"The folder name {text!a} is not readable text. Rename the folder.") from error
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cause(error: OSError) -> str:
    """Say what the system said, without its number and path."""
    return (error.strerror or type(error).__name__).lower()
