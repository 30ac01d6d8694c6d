"""What content is that no format claims, and what to do with it, by its first bytes."""

from __future__ import annotations

import re

from ingest.xml_root import BLANKS, marked_encoding, root_name

_EXPORT = "Export the activity as FIT, GPX or TCX."
_UNPACK = "Unpack it, and import what is inside."

_XML = {
    "kml": ("is a KML map file, which seldom holds times", "Export the activity as GPX."),
    "html": ("is a web page, often a sign-in page saved in place of the export", "Sign in and export it once more."),
    "healthdata": (
        "is the record of all of Apple Health, not one activity",
        "The routes of runs are GPX files, in the folder workout-routes of the same export: import those.",
    ),
    "clinicaldocument": ("is a medical document, not an activity", _EXPORT),
    "pwx": ("is a PWX file", _EXPORT),
    "fitnessworkbook": ("is a SportTracks logbook", _EXPORT),
    "sml": ("is Suunto's own log", _EXPORT),
}

_ARCHIVES = (b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
_TAR, _TAR_AT = b"ustar", 257
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_FILM = b"ftyp"  # of films and of a phone's pictures, after the length of this box

_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*(["{\[\]0-9-]|true|false|null))')
_TABLE = re.compile(r"[^\n]*?([,;\t])[^\n]*?\1[^\n]*\n")


def advice(head: bytes) -> tuple[str, str]:
    """Give the cause and the next step."""
    root = (root_name(head) or "").lower()
    if head.lstrip()[:14].lower() == b"<!doctype html":
        root = "html"
    if root:
        return _XML.get(root, ("is an XML file, but neither GPX nor TCX", _EXPORT))
    if not head.strip(b"\0"):
        return "begins with nothing but zeros", "The copy may not have finished: copy or export it once more."
    if head.startswith(_ARCHIVES) or head[_TAR_AT:].startswith(_TAR):
        return "is an archive of a kind that is not read", _UNPACK
    if head.startswith(_PICTURES) or head[4:8] == _FILM:
        return "is a picture or a film", _EXPORT
    if head.startswith(b"%PDF"):
        return "is a PDF document", _EXPORT
    text = head.decode(marked_encoding(head) or "utf-8", errors="replace").lstrip(BLANKS)
    if _JSON.match(text):
        return "is a JSON file", _EXPORT
    if text.lower().startswith("[params]"):
        return "is a HRM file of Polar", _EXPORT
    if "\0" not in text and _TABLE.match(text):
        return "is a table, which holds no run second by second", _EXPORT
    return "is neither FIT nor GPX nor TCX", _EXPORT
