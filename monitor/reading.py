"""One file's bytes to what they let us say, as a function of nothing else: it can be called in another process.

Loading it loads neither the store nor a table; the first file that is read loads what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.bouts import Observed
from ingest.errors import IngestError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was observed in each recording of a file, or why nothing was."""

    observed: tuple[Observed, ...] = ()
    trouble: IngestError | None = None


def read_observed(data: bytes, name: str) -> Reading:
    """Read a file's recordings and observe each."""
    from analysis.gait import observe  # loads numpy, and reading loads pandas: only where a file is read
    from ingest.formats import read_bytes

    try:
        return Reading(observed=tuple(observe(recording) for recording in read_bytes(data, name)))
    except IngestError as error:
        return Reading(trouble=error)
    except MemoryError:
        return Reading(trouble=unreadable(name, "needs more memory to be read than there is"))
    except Exception as fault:  # noqa: BLE001 – a fault of ours in one file must not cost her all the others
        return Reading(trouble=unreadable(name, f"met a fault in Restride ({type(fault).__name__})"))


def unreadable(name: str, cause: str) -> IngestError:
    """Say that a file could not be read for a cause that lies in us or in this computer, not in what it holds."""
    return IngestError(
        name, cause, "Import it again later; if that does not help, export the activity in another format."
    )
