"""What stands in a text and is no word of it: tags, pictures, invisible marks; and where a cleaned text came from.

A text is cleaned before it is cut and parsed.  Every place in the cleaned text leads back to the given one, so that
a quotation is always the given text's own.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK_TAGS = (
    "address article aside blockquote body br caption dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "head header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul"
)
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big center cite code col colgroup data del dfn em font i img input ins kbd label link "
    "mark meta q ruby s samp small span strike strong sub sup time tt u var wbr"
)
_BLOCKS, _INLINE = frozenset(_BLOCK_TAGS.split()), frozenset(_INLINE_TAGS.split())
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_HIDDEN_PARTS = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype[^>]*>|<\?xml[^>]*>|<(script|style|template|noscript)\b[^>]*>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_INVISIBLE = re.compile(
    "(?:(?:\x1b\\[|\x9b)[0-9;?]{0,20}[ -/]?[@-~]|"
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff])+"
)
_PICTURES = re.compile(
    " ?(?:[\u2600-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\u20e3\U0001f000-\U0001faff\U000e0000-\U000e007f]\u200d?)+"
)
_COMBINED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
_MARK = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20e3\u2600-\u27bf\u2b00-\u2bff"
    "\ufe00-\ufe0f\ufeff\ud800-\udfff\U0001f000-\U0001faff\U000e0000-\U000e007f<&]"
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the text and what is read in its place; ``markup`` is what no reader of the text sees."""

    start: int
    end: int
    instead: str
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text; ``runs`` are where its stretches begin, with the start and end of each in the given text.

    A stretch that was replaced has its own ``end``; of one that was kept, places count from its start.
    """

    text: str
    begins: tuple[int, ...] = (0,)
    runs: tuple[tuple[int, int], ...] = ((0, -1),)

    def start(self, place: int) -> int:
        """Give where what stands at a place of the cleaned text starts in the given one."""
        run = bisect_right(self.begins, place) - 1
        start, end = self.runs[run]
        return start if end >= 0 else start + place - self.begins[run]

    def end(self, place: int) -> int:
        """Give where what ends before a place of the cleaned text ends in the given one."""
        run = bisect_right(self.begins, place - 1) - 1
        start, end = self.runs[run]
        return end if end >= 0 else start + place - self.begins[run]


def cleaned(text: str) -> Cleaned:
    """Clean a text of what is no word of it."""
    edits = list(edits_of(text))
    if not edits:
        return Cleaned(text)
    parts: list[str] = []
    begins: list[int] = []
    runs: list[tuple[int, int]] = []
    length = place = 0
    for edit in edits:
        if edit.start > place:
            begins.append(length)
            runs.append((place, -1))
            parts.append(text[place : edit.start])
            length += edit.start - place
        if edit.instead:
            begins.append(length)
            runs.append((edit.start, edit.end))
            parts.append(edit.instead)
            length += len(edit.instead)
        place = edit.end
    begins.append(length)
    runs.append((place, -1))
    parts.append(text[place:])
    return Cleaned("".join(parts), tuple(begins), tuple(runs))


def edits_of(text: str) -> Iterator[Edit]:
    """Give what is to be read otherwise than it stands, in order and without overlap."""
    if not _MARK.search(text):
        return
    place = 0
    for edit in sorted((*_markup(text), *_marks(text)), key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= place:
            yield edit
            place = edit.end


def shown(text: str) -> str:
    """Give a text as one who looks at it sees it: without tags, its entities as the characters they stand for."""
    parts: list[str] = []
    place = 0
    for edit in edits_of(text):
        if edit.markup:
            parts += text[place : edit.start], edit.instead
            place = edit.end
    return "".join((*parts, text[place:]))


def _markup(text: str) -> Iterator[Edit]:
    """Give the tags, comments and entities of HTML; "a < b" and tags that it does not have are left alone."""
    if "<" in text:
        for hidden in _HIDDEN_PARTS.finditer(text):
            yield Edit(hidden.start(), hidden.end(), "\n\n", True)
        for tag in _TAG.finditer(text):
            name = tag[1].lower()
            if name in _BLOCKS:
                yield Edit(tag.start(), tag.end(), "\n" if name == "br" else "\n\n", True)
            elif name in _INLINE:
                yield Edit(tag.start(), tag.end(), "", True)
    if "&" in text:
        for entity in _ENTITY.finditer(text):
            meant = html.unescape(entity[0])
            if meant != entity[0]:
                yield Edit(entity.start(), entity.end(), _INVISIBLE.sub("", meant) or " ", True)


def _marks(text: str) -> Iterator[Edit]:
    """Give the invisible and control characters, pictures, and letters whose accents stand apart."""
    for marks in _INVISIBLE.finditer(text):
        yield Edit(marks.start(), marks.end(), "")
    for pictures in _PICTURES.finditer(text):
        yield Edit(pictures.start(), pictures.end(), "")
    for letter in _COMBINED.finditer(text):
        yield Edit(letter.start(), letter.end(), unicodedata.normalize("NFC", letter[0]))
