"""What is dropped into the inbox in `tests.torture`, and the process that drops it, in every way but a tidy one."""

from __future__ import annotations

import gzip
import io
import os
import random
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fixtures.fit_bytes import file_id, fit_activity
from fixtures.fit_protocol import encode
from fixtures.gpx_text import gpx
from fixtures.simulate import cycles, simulate
from fixtures.tcx_text import tcx
from ingest.endings import unfinished
from ingest.names import is_junk

RUN = datetime(2026, 3, 2, 7, tzinfo=UTC)
PASSING = b"another file, and no recording\n"
"""What lies under a name for a while before the file that belongs there."""


def own_corpus(*, damaged: bool) -> dict[str, bytes]:
    """Make exports of every kind: recordings, copies of them in other wrappings, what is no run and what is broken."""

    def start(day: int) -> datetime:
        return RUN + timedelta(days=day)

    def samples(day: int) -> Mapping[str, list[float]]:
        return simulate(cycles(60, 90, 3), seed=day, start=start(day)).samples

    def track(day: int) -> Mapping[str, list[float]]:
        return {name: samples(day)[name] for name in ("t_s", "latitude_deg", "longitude_deg")}

    def fit(day: int) -> bytes:
        return fit_activity(samples(day), start=start(day))

    def zipped(members: Mapping[str, bytes]) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return packed.getvalue()

    found = {f"watch/{day:02}.fit": fit(day) for day in range(0, 16, 2)}
    found |= {f"phone/{day:02}.GPX": gpx(track(day), start=start(day)) for day in (20, 22)}
    found["tcx/24.tcx"] = tcx(track(24), start=start(24))
    found["watch/26.FIT.GZ"] = gzip.compress(fit(26), mtime=0)
    found["export.zip"] = zipped(
        {f"activities/{day}.fit": fit(day) for day in (30, 32, 34)}
        | {"activities/settings.fit": encode([file_id(RUN, file_type=2)]), "notes.txt": b"mine", ".DS_Store": b"x"}
    )
    found["läuft-🏃.fit"] = fit(36)
    walk = simulate([("walk", 400.0)], seed=38, start=start(38)).samples
    found["walk.fit"] = fit_activity(walk, start=start(38), sport="walking")
    found["settings.fit"] = encode([file_id(RUN, file_type=2)])
    found["again/00 (1).fit"] = found["watch/00.fit"]  # the same bytes under another name,
    found["again/02.fit.gz"] = gzip.compress(found["watch/02.fit"], mtime=0)  # in another wrapping,
    found["again/export of march.zip"] = found["export.zip"]
    found["again/some.zip"] = zipped({"a.fit": found["watch/04.fit"], "b.fit": fit(40)})  # and both known and new
    found["readme"] = b"not a recording\n"
    found["again/readme too"] = b"not a recording\n"
    if damaged:
        found["damaged/cut.fit"] = fit(42)[:-300]
        found["damaged/flipped.fit"] = bytes((*fit(44)[:500], fit(44)[500] ^ 4, *fit(44)[501:]))
        found["damaged/open.gpx"] = found["phone/20.GPX"][:-100]
        found["damaged/nothing.fit"] = b"<html>sign in</html>"
    return found


def real_corpus(folder: Path) -> dict[str, bytes]:
    """Take the files of a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {key: path.read_bytes() for key, path in named.items() if not any(map(is_junk, key.split("/")))}


def write_all(corpus: Mapping[str, bytes], inbox: Path, seed: int, pause_s: float, quiet: Path) -> None:
    """Drop all files, in a random order and in many ways, until each is there; in a process of its own."""
    chance = random.Random(seed)
    keys = sorted(corpus)
    chance.shuffle(keys)
    for key in keys:
        # Where half of a file looks as whole as all of it, nobody can wait for the rest.
        ways = _WAYS if unfinished(corpus[key][: len(corpus[key]) // 2], Path(key).name) else (_at_once, _renamed)
        way = chance.choice(ways)
        while True:
            try:
                way(inbox / key, corpus[key], chance, pause_s)
                break
            except OSError:  # the inbox is gone, closed or read-only
                time.sleep(0.1)
        time.sleep(pause_s * chance.random())
    quiet.touch()


def _at_once(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    _aged(path)


def _in_pieces(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for piece in _pieces(len(data), chance):
            file.write(data[piece])
            file.flush()
            time.sleep(pause_s * chance.random())
    _aged(path)


def _out_of_order(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    """As shares and parallel downloads do: the whole length at once, and the pieces as they come."""
    path.parent.mkdir(exist_ok=True)
    pieces = _pieces(len(data), chance)
    chance.shuffle(pieces)
    with path.open("wb") as file:
        file.truncate(len(data))
        for piece in pieces:
            file.seek(piece.start)
            file.write(data[piece])
            file.flush()
            time.sleep(pause_s * chance.random())
    _aged(path)


def _renamed(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    """As sync programs do: under a name that is left out, then renamed."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".syncthing.{path.name}.tmp")
    _in_pieces(temporary, data, chance, pause_s)
    temporary.replace(path)


def _in_place_of_another(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    """First something else under this name, whole and read perhaps; then these bytes."""
    _at_once(path, PASSING, chance, pause_s)
    time.sleep(pause_s * 2 * chance.random())
    _in_pieces(path, data, chance, pause_s)


def _twice(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    """Saved, and saved again over itself while it may be read."""
    _in_pieces(path, data, chance, pause_s)
    time.sleep(pause_s * chance.random())
    _out_of_order(path, data, chance, pause_s)


def _moved_about(path: Path, data: bytes, chance: random.Random, pause_s: float) -> None:
    before = path.with_name(f"before {path.name}")
    _in_pieces(before, data, chance, pause_s)
    time.sleep(pause_s * chance.random())
    before.rename(path)


_WAYS: tuple[Callable[[Path, bytes, random.Random, float], None], ...] = (
    _at_once,
    _in_pieces,
    _out_of_order,
    _renamed,
    _in_place_of_another,
    _twice,
    _moved_about,
)


def _pieces(size: int, chance: random.Random) -> list[slice]:
    cuts = sorted(chance.randrange(size) for _ in range(chance.randint(1, 4))) if size else []
    return [slice(start, stop) for start, stop in zip([0, *cuts], [*cuts, size], strict=True)]


def _aged(path: Path) -> None:
    """Give a time as copies keep it: what is damaged is then not waited for until it is ten minutes old."""
    at = time.time() - 3600
    os.utime(path, (at, at))
