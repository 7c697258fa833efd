"""Clauses that only echo another: "Cadria does not", "so is Cadria", "nor has Cadria".

Such a clause has a subject and an auxiliary and nothing else.  It says of its own subject what the clause before it
said of another, or the contrary where one of the two is negated and the other is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advisor.reading.clause import Graph

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_AUXILIARIES = frozenset({"be", "do", "have", "can", "could", "will", "would", "must", "may", "might", "should"})
_CONTENT = frozenset({"attr", "acomp", "xcomp", "prep", "advcl", "agent", "oprd"})
_ECHOING = frozenset(
    {"so", "too", "also", "either", "neither", "nor", "likewise", "not", "never", "however", "now", "still"}
)
_CLAUSES = ("ROOT", "conj", "parataxis", "advcl", "ccomp")


@dataclass(frozen=True, slots=True)
class Echo:
    """A clause that repeats another: the token of its verb, its subject, and whether it is negated."""

    verb: int
    subject: int
    negated: bool


def echoes(doc: Doc, graph: Graph) -> Iterator[Echo]:
    """Give the clauses of a sentence that only echo another."""
    for token in doc[graph.start : graph.end]:
        if token.lemma_.lower() not in _AUXILIARIES or token.dep_ not in _CLAUSES:
            continue
        inverted = _before(token) in ("so", "nor", "neither")
        subject = next(
            (c for c in token.children if c.dep_ == "nsubj" and c.lower_ not in ("so", "nor", "neither")),
            next((c for c in token.children if inverted and c.dep_ in ("dobj", "attr")), None),
        )
        adverbs = {c.lower_ for c in token.children if c.dep_ == "advmod" or c.lower_ == "than"}
        if subject is None or any(c.dep_ in _CONTENT for c in token.children) or adverbs - _ECHOING:
            continue
        objects = [c for c in token.children if c.dep_ in ("dobj", "ccomp") and c != subject and c.i > token.i]
        if not objects:
            yield Echo(token.i, subject.i, token.i in graph.negated or _before(token) in ("nor", "neither"))


def _before(verb: Token) -> str:
    return verb.nbor(-1).lower_ if verb.i else ""
