"""What was observed in a recording, to JSON and back.

A year of runs holds ten thousand bouts and every command reads them, so a bout is an array, not an object, and its
instants are whole microseconds since the recording began. Written out by hand for the same reason.
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from analysis.bouts import Bout, Gait, Observed, Shape, Span
from monitor.store.errors import UnreadableRow

Json = Any
_MICROSECOND = timedelta(microseconds=1)
_GAITS = {gait.value: gait for gait in Gait}


def encode(observed: Observed) -> dict[str, Json]:
    """Give the body of a recording's row; identity, sport and the two instants have columns of their own.

    Raises:
        ValueError: a number is not finite (what was not recorded is None), or her corrections are laid over it: they
            are facts, and what is derived is stored without them.
    """
    if observed.corrected:
        raise ValueError("what a recording shows is stored as it is, without corrections")
    began = observed.started_at
    return {
        "file_name": observed.file_name,
        "format": observed.format,
        "device": observed.device,
        "sub_sport": observed.sub_sport,
        "utc_offset_s": None if observed.utc_offset is None else observed.utc_offset.total_seconds(),
        "bouts": [
            [
                bout.gait.value,
                (bout.start - began) // _MICROSECOND,
                (bout.end - began) // _MICROSECOND,
                _number(bout.distance_m),
                _number(bout.mean_speed_mps),
                _number(bout.mean_cadence_spm),
                _number(bout.confidence),
            ]
            for bout in observed.bouts
        ],
        "uncertain": _spans(observed.uncertain, began),
        "gaps": _spans(observed.gaps, began),
        "boundary_sd_s": _number(observed.boundary_sd_s),
        "bout_bias_sd_s": _number(observed.bout_bias_sd_s),
        "first_position": _position(observed.first_position),
        "last_position": _position(observed.last_position),
        "distance_m": _number(observed.distance_m),
        "richness": int(observed.richness),
        "signals": list(observed.signals),
        "notes": [list(note) for note in observed.notes],
        "shape": None if observed.shape is None else _shape(observed.shape),
    }


def decode(identity: str, sport: str, started_at: datetime, ended_at: datetime, body: dict[str, Json]) -> Observed:
    """Give what was observed, of a row.

    Raises:
        UnreadableRow: the row is damaged.
    """
    try:
        offset_s, first, last = body["utc_offset_s"], body["first_position"], body["last_position"]
        return Observed(
            identity=_text(identity),
            file_name=_text(body["file_name"]),
            format=_text(body["format"]),
            device=None if body["device"] is None else _text(body["device"]),
            sport=_text(sport),
            sub_sport=_text(body["sub_sport"]),
            started_at=started_at,
            ended_at=ended_at,
            utc_offset=None if offset_s is None else _offset(offset_s),
            bouts=tuple(
                Bout(
                    gait=_GAITS[gait],
                    start=started_at + timedelta(0, 0, start_us),
                    end=started_at + timedelta(0, 0, end_us),
                    distance_m=_read(distance_m),
                    mean_speed_mps=_read(speed_mps),
                    mean_cadence_spm=_read(cadence_spm),
                    confidence=_sure(confidence),
                )
                for gait, start_us, end_us, distance_m, speed_mps, cadence_spm, confidence in body["bouts"]
            ),
            uncertain=_read_spans(body["uncertain"], started_at),
            gaps=_read_spans(body["gaps"], started_at),
            boundary_sd_s=_sure(body["boundary_sd_s"]),
            bout_bias_sd_s=_sure(body["bout_bias_sd_s"]),
            first_position=None if first is None else (_sure(first[0]), _sure(first[1])),
            last_position=None if last is None else (_sure(last[0]), _sure(last[1])),
            distance_m=_read(body["distance_m"]),
            richness=_whole(body["richness"]),
            signals=tuple(_text(signal) for signal in body["signals"]),
            notes=tuple((_text(code), _text(message)) for code, message in body["notes"]),
            shape=_read_shape(body.get("shape")),  # rows from before there were shapes hold none
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        # Without the cause: positions would be in it.
        raise UnreadableRow(
            f"What was read from recording {str(identity)[:12]}… cannot be used by this version. "
            "Run `restride rebuild`."
        ) from None


def _number(value: float | None) -> float | None:
    """Make a plain number of it, numpy's included."""
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number that is stored must be finite")
    return number


def _read(value: Json) -> float | None:
    """Read a number, or that there is none; TypeError or ValueError for anything else."""
    return None if value is None else _sure(value)


def _sure(value: Json) -> float:
    if type(value) not in (int, float):
        raise TypeError("not a number")
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    number: float = value
    return number


def _offset(value: Json) -> timedelta:
    offset = timedelta(seconds=_sure(value))
    timezone(offset)  # ValueError for more than a day: of no zone
    return offset


def _whole(value: Json) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode("utf-8")  # half a letter could be shown nowhere
    return value


def _position(position: tuple[float, float] | None) -> list[float | None] | None:
    return None if position is None else [_number(position[0]), _number(position[1])]


def _shape(shape: Shape) -> list[Json]:
    curves = (shape.position, shape.speed, shape.heart_rate)
    return [shape.since_s, shape.samples, *(b64encode(curve).decode("ascii") for curve in curves)]


def _read_shape(stored: list[Json] | None) -> Shape | None:
    if stored is None:
        return None
    since_s, samples, *curves = stored
    position, speed, heart_rate = (b64decode(curve, validate=True) for curve in curves)
    return Shape(
        since_s=_whole(since_s), samples=_whole(samples), position=position, speed=speed, heart_rate=heart_rate
    )


def _spans(spans: Iterable[Span], began: datetime) -> list[list[int]]:
    return [[(span.start - began) // _MICROSECOND, (span.end - began) // _MICROSECOND] for span in spans]


def _read_spans(spans: list[list[int]], began: datetime) -> tuple[Span, ...]:
    return tuple(
        Span(start=began + timedelta(0, 0, start_us), end=began + timedelta(0, 0, end_us)) for start_us, end_us in spans
    )
