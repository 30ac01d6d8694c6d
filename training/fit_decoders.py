"""Do both decoders of FIT tell the same of these files, value for value?

    python -m training.fit_decoders FOLDER...

looks into every FIT file below the folders, gzipped or not, and names those of which the two tell something different.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ingest import fit, fit_columns
from ingest.fit_layout import embedded_files, is_header, whole_messages
from ingest.fit_messages import Messages
from ingest.fit_profile import WANTED

SAME, DECLINED = "same", "declined"


def compare(messages: bytes) -> str:
    """Decode an embedded file's messages both ways.

    Returns:
        `SAME`, `DECLINED` where the columns leave them to fitparse, or what is different.
    """
    whole = whole_messages(messages, frozenset(WANTED))
    columns = fit_columns.decode(whole, fit.profile())
    if columns is None:
        return DECLINED
    reference, stopped, complaints = fit.by_fitparse(whole.cleaned())
    if stopped or complaints:
        return "fitparse finds fault with it"
    return next(_differences(columns, reference), SAME)


def _differences(columns: Messages, reference: Messages) -> Iterator[str]:
    if columns.others.keys() != reference.others.keys():
        yield f"kinds {sorted(columns.others)} and {sorted(reference.others)}"
    for kind, messages in columns.others.items():
        if [_typed(message) for message in messages] != [_typed(message) for message in reference[kind]]:
            yield f"messages of kind {kind}"
    ours, theirs = columns.records, reference.records
    if not np.array_equal(ours.stamp_s, theirs.stamp_s):
        yield "times of records"
    if ours.columns.keys() != theirs.columns.keys():
        yield f"columns {sorted(ours.columns)} and {sorted(theirs.columns)}"
    for name, values in ours.columns.items():
        if not np.array_equal(values, theirs.columns[name], equal_nan=True):
            yield f"column {name}"


def _typed(message: object) -> object:
    """Give a message in which 1 and 1.0 are not equal."""
    return {name: (type(value), value) for name, value in dict(message).items()}


def _fit_files(folders: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            if data[:2] == b"\x1f\x8b":
                try:
                    data = gzip.decompress(data)
                except (OSError, EOFError):
                    continue
            if is_header(data):
                yield path, data


def main() -> int:
    """Compare all files; 1 if any differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    counts: Counter[str] = Counter()
    start = time.perf_counter()
    for path, data in _fit_files(parser.parse_args().folders):
        for file in embedded_files(data)[0]:
            outcome = compare(file.messages)
            if outcome != SAME:
                print(f"{path.name}: {outcome}")
            counts[outcome if outcome in (SAME, DECLINED) else "different"] += 1
    print(
        ", ".join(f"{count} {outcome}" for outcome, count in counts.items()), f"in {time.perf_counter() - start:.0f} s"
    )
    return int(counts["different"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
