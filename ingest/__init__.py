"""Watch files to recordings: `read(path)` is the door, `IngestError` what it raises.

Importing this package loads no reader library; the first file that is read does.
"""

from ingest.errors import IngestError
from ingest.formats import read, read_bytes
from ingest.recording import Mark, MarkKind, Note, Provenance, Recording

__all__ = ["IngestError", "Mark", "MarkKind", "Note", "Provenance", "Recording", "read", "read_bytes"]
