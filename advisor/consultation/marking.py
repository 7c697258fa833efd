"""What of a line would be heard, as far as one can see at once: a command, names of states, words of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from advisor.consultation.lines import understood
from advisor.consultation.meant import is_word_of
from advisor.terms import Theory

Mark = Literal["", "command", "name", "word"]

_NAME = re.compile(r"\b[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*){0,3}")
_WORD = re.compile(r"[^\W\d_][\w'’]*")


def marked(theory: Theory | None, text: str, names: Collection[str]) -> tuple[tuple[tuple[Mark, str], ...], ...]:
    """Cut each line of a text where a name, or a word that phrases of the vocabulary have, begins or ends.

    ``theory`` is None while it loads.  The pieces of a line together are the line; of a command it is one piece.
    """
    if understood(text, names).kind == "command":
        return tuple((("command", line),) for line in text.split("\n"))
    known = frozenset(names)
    return tuple(tuple(_pieces(theory, line, known)) for line in text.split("\n"))


def _pieces(theory: Theory | None, line: str, names: frozenset[str]) -> Iterator[tuple[Mark, str]]:
    """Cut a line at the names in it."""
    place = 0
    for hit in _NAME.finditer(line):
        words = hit[0].removesuffix("'s").removesuffix("’s")
        while words and words not in names:
            words = words.rpartition(" ")[0]
        if words:
            yield from _words(theory, line[place : hit.start()])
            yield "name", words
            place = hit.start() + len(words)
    yield from _words(theory, line[place:])


def _words(theory: Theory | None, text: str) -> Iterator[tuple[Mark, str]]:
    """Cut what stands between names at the words that phrases have."""
    place = 0
    for hit in _WORD.finditer(text) if theory is not None else ():
        if theory is not None and is_word_of(theory.vocabulary, hit[0]):
            yield "", text[place : hit.start()]
            yield "word", hit[0]
            place = hit.end()
    yield "", text[place:]
