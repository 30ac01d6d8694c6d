"""How a folder is watched: what the settings file and the command line say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.config import SETTINGS_FILE, ConfigError, Settings, absolute, real, section

EVERY_S = 10.0
LEAVE = "leave"
MOVE = "move:"
_KEYS = ("every_s", "after_import")
_LEAST_S, _MOST_S = 1.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How often the inbox is looked at, and what becomes of files that were taken in."""

    every_s: float = EVERY_S
    move_to: Path | None = None  # None: they stay where they are

    def left_out(self, settings: Settings) -> tuple[Path, ...]:
        """Give the folders that are not looked into: Restride's own, and what was moved somewhere is done with."""
        return (settings.data_dir,) if self.move_to is None else (settings.data_dir, self.move_to)


def an_interval(value: object) -> float:
    """Read the seconds between two looks.

    Raises:
        ValueError: it is no number, or none that makes sense.
    """
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else -1.0
    except ValueError:
        seconds = -1.0
    if not _LEAST_S <= seconds <= _MOST_S:
        raise ValueError(f"must be a number of seconds from {_LEAST_S:.0f} to {_MOST_S:.0f}")
    return seconds


def a_destination(value: object, base: Path | None = None) -> Path | None:
    """Read "leave", or "move:DIR"; a relative folder is in `base`.

    Raises:
        ValueError: it is neither.
    """
    if value == LEAVE:
        return None
    if not isinstance(value, str) or not value.startswith(MOVE) or not value.removeprefix(MOVE).strip():
        raise ValueError(f"must be “{LEAVE}”, or “{MOVE}DIR” with a folder")
    return absolute(Path(value.removeprefix(MOVE).strip()), base)


def watching(settings: Settings) -> Watching:
    """Read the table `[watch]` of the data folder's settings file.

    Raises:
        ConfigError: it holds something that is no setting, or none that can be used.
    """
    path = settings.data_dir / SETTINGS_FILE
    found = section(settings, "watch")
    if found is None:
        return Watching()
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: “watch” must be a table: write [watch], and below it every_s or after_import.")
    for key in found:
        if key not in _KEYS:
            raise ConfigError(f"{path}: [watch] has no setting “{key}”; it may say {' and '.join(_KEYS)}.")
    try:
        key = "every_s"
        every_s = an_interval(found.get(key, EVERY_S))
        key = "after_import"
        move_to = a_destination(found.get(key, LEAVE), settings.data_dir)
    except ValueError as error:
        raise ConfigError(f"{path}: [watch] {key} {error}.") from error
    if move_to is not None:
        check_destination(settings, move_to)
    return Watching(every_s=every_s, move_to=move_to)


def check_destination(settings: Settings, folder: Path) -> None:
    """Refuse a folder from which files would come back, or in which Restride keeps its own; links are followed.

    Raises:
        ConfigError: it is the inbox, holds it, or is Restride's own.
    """
    inbox, data, meant = (real(path) for path in (settings.inbox_dir, settings.data_dir, folder))
    if inbox.is_relative_to(meant):
        raise ConfigError(f"{folder} is where files arrive; choose another folder to move them to.")
    owned = [real(own) for own in (settings.archive_dir, settings.reports_dir)]
    if data.is_relative_to(meant) or any(meant.is_relative_to(own) for own in owned):
        raise ConfigError(f"{folder} is Restride's own; choose another folder to move files to.")
