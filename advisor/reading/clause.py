"""The clause graph as a value: tokens, labelled edges, and what marks each token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

COPULAS = frozenset({"be", "become", "remain", "stay", "seem", "appear", "prove"})
_TURNING = frozenset({"grow", "turn", "get", "fall"})
_SAME_PREPOSITION = {
    "upon": "on",
    "onto": "on",
    "toward": "towards",
    "amongst": "among",
    "til": "until",
    "till": "until",
    "amid": "amidst",
    "into": "in",
    "inside": "in",
    "within": "in",
}


@dataclass(slots=True)
class Graph:
    """One sentence: its tokens by index, the labelled edges between them, and what marks each.

    ``edges[i]`` maps a label to dependents of token i.  ``key[i]`` is the word as patterns know it
    (the lemma, but "stronger" for a comparative).  ``negated`` holds tokens with a negation of their
    own; ``modal`` maps a verb to its modal; ``governor`` maps a verb or predicate to what embeds it and how;
    ``active`` holds the verbs that have a subject of their own in the active voice, ``definite`` the nouns
    that are taken for granted ("the war"), ``existing`` those of which "there is" is said, ``excluded`` the names
    set aside ("France, not *Spain*"), ``controlling`` the verbs with an infinitive ("declined to join").
    ``neither`` holds the tokens that one "neither" denies together, ``clefts`` the verbs of cleft sentences ("it was X
    that *attacked*").  ``asks`` says that the sentence is a question.
    """

    start: int
    end: int
    asks: bool = False
    neither: set[int] = field(default_factory=set)
    clefts: set[int] = field(default_factory=set)
    key: dict[int, str] = field(default_factory=dict)
    tag: dict[int, str] = field(default_factory=dict)
    edges: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    negated: set[int] = field(default_factory=set)
    modal: dict[int, str] = field(default_factory=dict)
    mark: dict[int, str] = field(default_factory=dict)
    governor: dict[int, tuple[str, int]] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    definite: set[int] = field(default_factory=set)
    existing: set[int] = field(default_factory=set)
    excluded: set[int] = field(default_factory=set)
    controlling: set[int] = field(default_factory=set)

    def add(self, head: int, label: str, dependent: int) -> None:
        """Add an edge once."""
        if head == dependent:
            return
        found = self.edges.setdefault(head, {}).setdefault(label, [])
        if dependent not in found:
            found.append(dependent)

    def denials(self, tokens: Iterable[int]) -> int:
        """Count the negations on tokens; what one "neither" denies is denied once."""
        denied = [token for token in tokens if token in self.negated]
        together = any(token in self.neither for token in denied)
        return sum(token not in self.neither for token in denied) + together

    def out(self, head: int, label: str) -> list[int]:
        """Give the dependents of a token under a label."""
        return self.edges.get(head, {}).get(label, [])


def is_copula(token: Token) -> bool:
    """Whether a verb only joins a predicate to its subject: "is weak", "grew weak"."""
    lemma: str = token.lemma_
    return lemma in COPULAS or (lemma in _TURNING and any(child.dep_ == "acomp" for child in token.children))


def word_key(token: Token) -> str:
    """Give the form under which patterns know a token: lemma, but comparatives as they stand."""
    if token.lemma_ in _TURNING and is_copula(token):
        return "become"
    if token.lemma_ == "lack" and token.pos_ == "VERB":
        return "have"  # and the graph notes the negation
    if token.tag_ in ("JJR", "JJS", "RBR", "RBS"):
        return token.lower_
    lemma = token.lemma_.lower() if token.pos_ != "PROPN" else token.lower_
    return _SAME_PREPOSITION.get(lemma, _one_spelling(lemma))


_OUR = frozenset(
    {"neighbor", "favor", "honor", "harbor", "labor", "armor", "endeavor", "rumor", "rigor", "vigor", "ardor"}
)


def _one_spelling(word: str) -> str:
    """Give the spelling under which a word that is spelt in two ways is known: "mobilise", "neighbour", "defence"."""
    if word in _OUR or word.removesuffix("ing") in _OUR:
        return word.replace("or", "our", 1) if not word.startswith("or") else word
    for ending, other in (("ize", "ise"), ("ized", "ised"), ("ization", "isation"), ("izing", "ising"), ("yze", "yse")):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word.removesuffix(ending) + other
    return word.removesuffix("ense") + "ence" if word in ("defense", "offense", "pretense") else word


def preposition_of(token: Token) -> str:
    """Give a preposition in its usual form: "upon" is "on"."""
    return _SAME_PREPOSITION.get(token.lower_, token.lower_)
