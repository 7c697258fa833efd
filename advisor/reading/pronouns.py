"""Whom a pronoun means: what was spoken of last, agrees with it and mattered most.

Every mention that could be meant is scored by its part in its sentence, by how far back it stands and by whether its
number and kind agree with the pronoun's; the best one wins.  A subject matters more than an object, what a subject is
*of* ("the neutrality of Prussia") nearly as much, and an adjective hardly at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from advisor.reading.clause import Graph

if TYPE_CHECKING:
    from spacy.tokens import Token

Number = Literal["one", "people", "group"]
Names = Mapping[int, tuple[str, ...]]

IT = frozenset({"it", "its", "itself", "she", "her", "hers", "herself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
HE = frozenset({"he", "him", "his", "himself"})
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_CLOSE = 0.4
"""A pronoun is doubtful where another state would do almost as well."""
_FAR = 4
"""Sentences after which what was spoken of is no longer meant."""


@dataclass(frozen=True, slots=True)
class Referent:
    """States spoken of in some sentence: as one state, a people ("the Athenians") or a group, or by a person."""

    names: tuple[str, ...]
    number: Number
    person: bool
    weight: float
    sentence: int


@dataclass(slots=True)
class Discourse:
    """What has been spoken of so far.

    ``order`` has the states in order of mention, ``subject`` what the last sentence was about, ``here`` all states of
    that sentence, ``described`` the nouns used of each state, ``speaker`` for whom "we" speaks, ``pair`` the last two
    states that something was said of together, in sentence ``paired``, ``told`` those of whom the
    last sentence said anything.
    """

    order: list[str] = field(default_factory=list)
    referents: list[Referent] = field(default_factory=list)
    sentence: int = 0
    subject: tuple[str, ...] = ()
    plural: bool = False
    here: tuple[str, ...] = ()
    described: dict[str, set[str]] = field(default_factory=dict)
    speaker: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    paired: int = 0
    told: set[str] = field(default_factory=set)


def referent(token: Token, graph: Graph, names: Names, persons: Callable[[int], bool], sentence: int) -> Referent:
    """Describe a mention for those pronouns that may mean it."""
    own = names[token.i]
    number: Number = "group" if len(own) > 1 else "people" if token.tag_ in ("NNS", "NNPS") else "one"
    if token.lower_ in THEY and len(own) == 1:
        number = "people"
    return Referent(own, number, persons(token.i), weight(token, graph, names), sentence)


def weight(token: Token, graph: Graph, names: Names) -> float:
    """Say how much a mention matters in its sentence."""
    first = token
    while first.dep_ == "conj" and first.head.i != first.i:
        first = first.head
    if first.dep_ in SUBJECTS:
        return 1.3 if first.head.dep_ == "ROOT" else 1.0
    if first.dep_ in ("pobj", "poss"):
        noun = first.head.head if first.dep_ == "pobj" else first.head
        if noun.dep_ in SUBJECTS and noun.i not in names and first.i in graph.out(noun.i, "of"):
            return 1.1 if noun.head.dep_ == "ROOT" else 0.9
    if first.dep_ == "pobj" and first.head.i == graph.start:
        return 0.9  # "For Pakistan, the appeal …"
    if first.dep_ in ("dobj", "attr", "dative", "appos"):
        return 0.5
    return -0.2 if first.dep_ in ("amod", "compound", "poss", "nmod") else 0.2


def antecedent(
    token: Token, graph: Graph, names: Names, persons: Callable[[int], bool], discourse: Discourse, *, like: str = ""
) -> tuple[tuple[str, ...], bool]:
    """Choose whom a pronoun, or a noun used ``like`` one, means; say also whether another would do almost as well."""
    lower = like or token.lower_
    barred = _barred(token, graph)
    taken = {name for other in barred for name in names.get(other, ())}
    scored: list[tuple[float, tuple[str, ...]]] = []
    for place in range(graph.start, token.i):
        if place not in names or place in barred or set(names[place]) & taken:
            continue
        word = token.doc[place]
        found = referent(word, graph, names, persons, discourse.sentence)
        group = conjoined(word, names)
        if len(group) > len(found.names) and lower in THEY:
            found = Referent(group, "group", False, found.weight, found.sentence)
        fit = _agreement(lower, found)
        if fit is None:
            continue
        near = (place - graph.start) / (10 * max(1, graph.end - graph.start))
        chain = 0.0
        if word.lower_ == lower:  # "is its enemy, while Z is its ally"
            alike = token.dep_ == word.dep_ == "poss" and token.head.dep_ == word.head.dep_ == "attr"
            chain = 2.4 if alike else 0.9
        own_clause = 0.5 if word.dep_ in SUBJECTS and (word.head == token.head or word.head in token.ancestors) else 0.0
        joined = token.dep_ == "poss" and token.head.dep_ == "conj" and token.head.head.i == place
        chain = 2.0 if joined else chain  # "by Arvenia and *its* ally"
        # "will support A if B attacks *it*": what is done under the condition is done to the same one.
        parallel = 1.5 if token.dep_ == word.dep_ == "dobj" and token.head.dep_ == "advcl" and not own_clause else 0.0
        scored.append((1.0 + found.weight + near + own_clause + chain + parallel + fit, found.names))
    is_subject = token.dep_ in SUBJECTS or (token.dep_ == "poss" and token.head.dep_ in SUBJECTS)
    for earlier in discourse.referents:
        age = discourse.sentence - earlier.sentence
        fit = _agreement(lower, earlier)
        if fit is None or age > _FAR or set(earlier.names) & taken:
            continue
        parallel = 0.4 if is_subject and earlier.weight >= 1 else 0.0
        scored.append((0.9 + earlier.weight - 0.5 * (age - 1) + parallel + fit, earlier.names))
    both = discourse.here
    if lower in THEY and is_subject and not discourse.plural and len(both) == 2 and not set(both) & taken:
        scored.append((2.6, both))  # "Borland borders Arvenia. They are rivals."
    if not scored:
        return (), False
    best = max(scored, key=lambda item: item[0])
    doubtful = any(best[0] - score < _CLOSE and not set(other) & set(best[1]) for score, other in scored)
    return best[1], doubtful


def _barred(token: Token, graph: Graph) -> set[int]:
    """Give the mentions that a pronoun cannot mean: the other arguments of its own verb."""
    if token.tag_ == "PRP$":
        # In "Y is its enemy" and "Y, its enemy", *its* is not Y's.
        return set(graph.out(token.head.i, "be")) if token.head.dep_ in ("attr", "appos") else set()
    if token.lower_.endswith(("self", "selves")):
        return set()
    verb = token.head
    while verb.pos_ == "ADP" and verb.head != verb:
        verb = verb.head
    return {child.i for child in verb.children} | {
        argument for arguments in graph.edges.get(verb.i, {}).values() for argument in arguments
    }


def _agreement(pronoun: str, found: Referent) -> float | None:
    """Say how well a mention agrees with a pronoun, None if it cannot be meant."""
    if pronoun in HE:
        return 0.3 if found.person else None
    if pronoun in IT:
        if found.number == "group":
            return None
        return -1.2 if found.number == "people" else -0.8 if found.person else 0.0
    return {"group": 0.5, "people": 0.4, "one": -0.3}[found.number] - (0.8 if found.person else 0.0)


def conjoined(token: Token, names: Names) -> tuple[str, ...]:
    """Give the states that a mention and those joined to it stand for: "Athens and Sparta"."""
    found: dict[str, None] = {}
    for member in sorted((token, *token.conjuncts), key=lambda each: each.i):
        found.update(dict.fromkeys(names.get(member.i, ())))
    return tuple(found)


def pair(token: Token, graph: Graph, names: Names, discourse: Discourse) -> tuple[str, ...]:
    """Give the two states that "both" and "the two" mean: a pair named here, or spoken of together, or one by one."""
    earlier = [place for place in range(graph.start, token.i) if place in names]
    for place in reversed(earlier):
        group = conjoined(token.doc[place], names)
        if len(group) == 2:
            return group
    here = list(dict.fromkeys(name for place in earlier for name in names[place]))
    if len(here) == 2:
        return tuple(here)
    near = [r for r in reversed(discourse.referents) if len(r.names) == 2 and discourse.sentence - r.sentence <= 1]
    told = [r.names for r in near if r.weight >= 1 or set(r.names) <= discourse.told]
    if discourse.sentence - discourse.paired <= _FAR:
        told.append(discourse.pair)
    for names_of_two in (*told, *(r.names for r in near)):
        if len(names_of_two) == 2:
            return names_of_two
    spoken = [name for found in discourse.referents for name in found.names]
    spoken += [name for place in earlier for name in names[place]]
    last = list(dict.fromkeys(reversed(spoken)))[:2]
    return tuple(reversed(last)) if len(last) == 2 else ()


def latter(token: Token, graph: Graph, names: Names, discourse: Discourse, *, last: bool) -> tuple[str, ...]:
    """Give the last, or the first, of the two states spoken of last: in this sentence, as a pair, or one by one."""
    here = [names[place][0] for place in range(graph.start, token.i) if len(names.get(place, ())) == 1]
    two = list(dict.fromkeys(here))[-2:]
    if len(two) < 2:
        two = next((list(found.names) for found in reversed(discourse.referents) if len(found.names) == 2), [])
    if len(two) < 2:
        single = [found.names[0] for found in discourse.referents if len(found.names) == 1]
        two = list(dict.fromkeys(reversed(single)))[:2][::-1]
    return (two[-1 if last else 0],) if len(two) == 2 else ()
