"""When things were so: the year a clause stands in, whether it looks back, and whether it tells of a change.

Where a text tells a sequence, the later state of affairs is how things stand and the earlier one is history.
Without a sign of sequence nothing is decided here, and two statements that clash are left for the reader to settle.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.reading.clause import Graph

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_BEFORE_CHRIST = frozenset({"bc", "b.c.", "bce", "b.c.e."})
_AFTER_CHRIST = frozenset({"ad", "a.d.", "ce", "c.e."})
_DATING = frozenset(
    {"in", "since", "by", "until", "till", "during", "after", "before", "from", "to", "around", "about"}
)
_DATING |= {"early", "late", "mid", "spring", "summer", "autumn", "fall", "winter", "year"}
_DATING |= {month_name[month].lower() for month in range(1, 13)}


@dataclass(frozen=True, slots=True)
class Moment:
    """When a clause is: its year, negative before Christ, or that of the clauses before it.

    ``dated`` if the year is its own; ``back`` if it looks back ("had been an ally"); ``present`` if it tells how
    things stand ("is an ally"); ``turn`` if it tells what came later ("then", "now"); ``place`` is where it stands.
    """

    year: int | None
    dated: bool
    back: bool
    present: bool
    turn: bool
    place: int


def dated_before_christ(word: str, following: str) -> int | None:
    """Give the year that a number and the word after it name, negative, if they do: "431", "BC"."""
    return -int(word) if following.lower() in _BEFORE_CHRIST and re.fullmatch(r"\d{1,4}", word) else None


def year_of(words: Sequence[str], before_christ: Mapping[int, int]) -> int | None:
    """Give the last year that the words name, or None; ``before_christ`` gives those known already, by their place.

    >>> year_of("In 1914 Germany and Russia went to war with 1500 guns".split(), {})
    1914
    """
    found = None
    for place, word in enumerate(words):
        after = words[place + 1].lower() if place + 1 < len(words) else ""
        before = words[place - 1].lower() if place else ""
        if place in before_christ:
            found = before_christ[place]
        if place in before_christ or not re.fullmatch(r"\d{1,4}", word):
            continue
        likely = before in _DATING or before in (",", "(", "")
        if {after, before} & _AFTER_CHRIST or (1000 <= int(word) <= 2100 and likely):
            found = int(word)
    return found


def moment(
    doc: Doc, graph: Graph, root: int, year: int | None, dated: bool, turning: frozenset[str], place: int
) -> Moment:
    """Say when a matched clause is.

    ``year`` is that of the sentence (``dated``) or of what was told before; ``turning`` are the words that tell of a
    change; ``place`` is where the clause stands in the text.
    """
    how, verb = graph.governor.get(root, ("", -1))
    token = doc[verb] if how == "copula" else doc[root]
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return Moment(year, dated, _looks_back(token), _is_present(token), _turns(token, turning), place)


def _looks_back(verb: Token) -> bool:
    return any(child.lower_ in ("had", "'d") and child.dep_ in ("aux", "auxpass") for child in verb.children)


def _is_present(verb: Token) -> bool:
    finite = next((child for child in verb.children if child.dep_ in ("aux", "auxpass")), verb)
    return finite.tag_ in ("VBZ", "VBP")


def _turns(verb: Token, turning: frozenset[str]) -> bool:
    here = verb
    while True:
        if any(child.dep_ in ("advmod", "npadvmod", "prep") and child.lower_ in turning for child in here.children):
            return True
        if here.dep_ not in ("conj", "xcomp", "ccomp") or here.head.i == here.i:
            return False
        here = here.head


def earlier(one: Moment, other: Moment) -> bool | None:
    """Whether ``one`` was so before ``other`` (True), after it (False), or no sign says so (None)."""
    if one.dated and other.dated and one.year != other.year:
        return (one.year or 0) < (other.year or 0)
    if one.back != other.back:
        return one.back
    if one.present != other.present:
        return other.present
    first, second = sorted((one, other), key=lambda moment: moment.place)
    if second.turn or (second.dated and not first.dated and first.year != second.year):
        return first is one
    return None
