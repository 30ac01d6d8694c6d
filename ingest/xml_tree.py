"""XML as a tree of what is whole in it: safely, in bounded time and memory, up to where it breaks off.

Nothing is looked up, expanded or fetched: a document type is refused before a parser sees it, and libxml2's own limits
on depth and on the length of a text stay in force.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.errors import Damaged, TooLarge
from ingest.recording import Note
from ingest.xml_root import BLANKS, declares_type, marked_encoding

if TYPE_CHECKING:
    from lxml import etree

MAX_TAGS = 4_000_000
"""Opening and closing ones: a day and a half at a sample a second, with all that a watch can write."""

MAX_POINTS = 200_000
"""With tracks and laps: more than two days at a sample a second."""

_DECLARATION = re.compile(r"<\?xml\b.*?\?>", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_TEXT_ENCODING = re.compile(
    r"(us-?)?ascii|iso[-_]?8859[-_]\d{1,2}|latin[-_]?\d|(windows|cp)-?125\d|koi8-[ru]|mac-?roman"
    r"|gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(jp|kr)",
    re.IGNORECASE,
)
"""What a file may declare besides Unicode; Python knows codecs that are no text at all."""

_NO_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_MOST_MENDED = 1000
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_CHUNK = 1 << 20
_DEEPEST = 300
"""More elements than can be inside one another by libxml2's limit."""

_SAFE: dict[str, Any] = {
    "encoding": "utf-8",  # in which the text is handed over, whatever the file was in
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}

_ONE_ACTIVITY = "Check that it is the export of one activity."
_CUT_OFF = Note(code="cut_off", message="The file is cut off; what is whole was read.")
_DAMAGED = Note(code="damaged", message="The file is damaged inside; only what comes before was read.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The elements that are all there, and what was wrong with the rest."""

    root: etree._Element
    notes: tuple[Note, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether nothing of the root is missing."""
        return _CUT_OFF not in self.notes and _DAMAGED not in self.notes


def parse(data: bytes, file_name: str, *, word: str, containers: frozenset[str], point: str) -> Document:
    """Parse XML as far as it is whole.

    Args:
        data: all bytes of the file.
        file_name: for messages.
        word: what a person calls the format.
        containers: local names of the elements that may be kept though their end is missing; of all others that were
            cut nothing is kept.
        point: local name of the elements that are a sample each.

    Raises:
        Damaged: a document type is declared, or nothing is whole.
        TooLarge: more elements than an activity can have.
    """
    from lxml import etree

    text, tail, is_odd = _text(data)
    if declares_type(text):
        raise Damaged(
            file_name, "declares entities, which no export of an activity does", "Export the activity once more."
        )
    if text.count("<") > MAX_TAGS:
        raise TooLarge(
            file_name,
            f"is {word} of more than {MAX_TAGS // 2_000_000} million elements, which no activity has",
            _ONE_ACTIVITY,
        )
    notes: list[Note] = []
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        mended = _LOOSE_AMPERSAND.sub("&amp;", text, count=_MOST_MENDED)
        is_odd |= mended != text
        found, notes = _whole_part(mended, containers)
        if found is None:
            raise broken(file_name, word) from None
        root = found
    counted = (f"{{*}}{name}" for name in (*containers, point))
    if sum(1 for _ in root.iter(*counted)) > MAX_POINTS:
        raise TooLarge(file_name, f"is {word} of more than {MAX_POINTS} points, which no activity has", _ONE_ACTIVITY)
    if tail:
        notes = [_DAMAGED if note is _CUT_OFF else note for note in notes] or [_after_end(tail)]
    if is_odd:
        notes.append(Note(code="odd_characters", message="Characters that could not be read were replaced."))
    return Document(root=root, notes=tuple(notes))


def broken(file_name: str, word: str) -> Damaged:
    """Give the error for XML in which nothing usable is whole."""
    cause = f"is broken {word}: cut off, or changed by hand"
    return Damaged(file_name, cause, "Copy it once more, or export it again.")


def local_name(element: etree._Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Give the children of these local names, in the file's order."""
    return element.iterchildren(*(f"{{*}}{name}" for name in names))


def _whole_part(text: str, containers: frozenset[str]) -> tuple[etree._Element | None, list[Note]]:
    """Parse up to the first fault, and take out the element in which it lies."""
    from lxml import etree

    parser = etree.XMLPullParser(events=("end",), **_SAFE)
    data = text.encode()
    ended: deque[tuple[str, etree._Element]] = deque(maxlen=_DEEPEST)
    fault: Note | None = None
    for start in (*range(0, len(data), _CHUNK), None):
        try:
            if start is None:
                parser.close()
            else:
                parser.feed(data[start : start + _CHUNK])
        except etree.XMLSyntaxError:
            fault = _CUT_OFF if start is None else _DAMAGED
        ended.extend(parser.read_events())
        if fault is not None:
            break
    if not ended:
        return None, []
    whole = {element for _, element in ended}
    root = ended[-1][1].getroottree().getroot()
    if fault is None:
        return root, []
    if root in whole:
        return root, [_after_end(re.split(rf"</(?:[\w.-]+:)?{re.escape(local_name(root))}\s*>", text, maxsplit=1)[-1])]
    # The fault lies in the last child of the last child …; of these, all that ended did so among the last few.
    element = root
    while local_name(element) in containers and len(element):
        element = element[-1]
    if element not in whole and local_name(element) not in containers:
        if (parent := element.getparent()) is None:
            return None, []
        parent.remove(element)
    return root, [fault]


def _after_end(rest: str) -> Note:
    """Say what follows the root's end: more elements may be a further run."""
    if re.search(r"<[A-Za-z]", rest):
        return Note(code="part_unreadable", message="A further part of the file could not be read.")
    return Note(code="bytes_after_end", message=f"{len(rest)} bytes after the end of the file were left out.")


def _text(data: bytes) -> tuple[str, str, bool]:
    """Decode.

    Returns:
        The text from its root's prologue on, as far as it is text; what follows a NUL, which none may hold (zeros at
        the very end are padding); whether characters were replaced.
    """
    declared = _ENCODING.search(data[:400])
    encoding = marked_encoding(data)
    if encoding is None and declared and _TEXT_ENCODING.fullmatch(declared[1].decode()):
        encoding = declared[1].decode()
    text = _decoded(data, encoding or "utf-8").lstrip(BLANKS)
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    text, _, tail = text.rstrip("\0").partition("\0")
    readable = _NO_TEXT.sub(_REPLACED, text)
    return readable, tail, readable.count(_REPLACED) > 0


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, errors="replace")
    except LookupError:  # it looked like one of those that Python knows
        return data.decode(errors="replace")
